"""The signature of a webhook, by the twin's own hand: HMAC-SHA256 over moment, full stop and the body's bytes."""

from __future__ import annotations

import hashlib
import hmac


def signature(body: bytes, secret: str, moment: int) -> str:
    """Return the hexadecimal signature of a body at a moment."""
    return hmac.new(secret.encode(), str(moment).encode() + b"." + body, hashlib.sha256).hexdigest()


def header(moment: int, *signatures: tuple[str, str]) -> str:
    """Return the header ``Stripe-Signature`` of scheme and signature pairs."""
    return ",".join([f"t={moment}", *(f"{scheme}={value}" for scheme, value in signatures)])
