"""The signature of PayPal's messages: RSA over the transmission, its moment, the endpoint and the checksum of the body.

The certificate is fetched from PayPal's own host and no other, and kept. PayPal would also check a message when asked
(``verify-webhook-signature``), but it must be sent the event again byte by byte, and anybody could make us ask.
"""

from __future__ import annotations

import base64
import binascii
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from shopkit.payments.calling import call
from shopkit.payments.port import WINDOW_S, PaymentError, SignatureError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HOSTS: Final = frozenset({"api.paypal.com", "api-m.paypal.com", "api.sandbox.paypal.com", "api-m.sandbox.paypal.com"})
PATH: Final = "/v1/notifications/certs/"
# Sent again up to 25 times within three days. Nothing says whether a repeat bears a new moment, so an old one is taken
# as long; what a kept message could do is make us read at PayPal once more.
OLDEST: Final = timedelta(days=3, hours=1)
_ALGORITHM: Final = "SHA256withRSA"
_PARTS: Final = ("transmission-id", "transmission-time", "transmission-sig", "cert-url", "auth-algo")
_MOST_KEPT: Final = 16
_CERTIFICATES: Final[dict[str, x509.Certificate]] = {}
_AT_CERTIFICATES: Final = threading.Lock()


def prove(
    body: bytes, headers: Mapping[str, str], endpoints: Sequence[str], now: datetime, *, base: str, is_test: bool
) -> None:
    """Raise ``SignatureError`` unless PayPal signed these bytes for one of our endpoints, lately.

    Raises ``PaymentError`` where the certificate cannot be had now. ``is_test``: it may come from ``base``.
    """
    ours = [one.strip() for one in endpoints if one.strip()]
    if not ours:
        raise SignatureError("no webhook id is set")
    transmission, moment, signature, address, algorithm = (headers.get(f"paypal-{one}", "") for one in _PARTS)
    if not transmission or algorithm != _ALGORITHM:
        raise SignatureError("the headers of a signature are not there, or of a way that is not known")
    _check_moment(moment, now)
    try:
        signed = base64.b64decode(signature, validate=True)
    except ValueError:
        raise SignatureError("the signature is not in base 64") from None
    key = _key(address, now, base=base, is_test=is_test)
    checksum = binascii.crc32(body)
    if not any([_is_of(key, signed, f"{transmission}|{moment}|{one}|{checksum}") for one in ours]):  # noqa: C419  # all are tried
        raise SignatureError("the signature is not of this body for one of our webhooks")


def _is_of(key: rsa.RSAPublicKey, signed: bytes, text: str) -> bool:
    try:
        key.verify(signed, text.encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def _check_moment(text: str, now: datetime) -> None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SignatureError("the moment cannot be read") from None
    if moment.tzinfo is None:
        raise SignatureError("the moment names no zone")
    if not -OLDEST <= moment.astimezone(UTC) - now <= timedelta(seconds=WINDOW_S):
        raise SignatureError("signed too long ago, or in the future")


def _key(address: str, now: datetime, *, base: str, is_test: bool) -> rsa.RSAPublicKey:
    """Return the key of a certificate that lies at PayPal and holds now."""
    parts = urlsplit(address)
    at_paypal = parts.scheme == "https" and parts.netloc in HOSTS
    at_test = is_test and address.startswith(f"{base}/")
    if not (at_paypal or at_test) or not parts.path.startswith(PATH) or ".." in parts.path or parts.query:
        raise SignatureError("the certificate does not lie at PayPal")
    found = _certificate(address)
    if not found.not_valid_before_utc <= now <= found.not_valid_after_utc:
        raise SignatureError("the certificate does not hold now")
    key = found.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise SignatureError("the certificate holds another kind of key")
    return key


def _certificate(address: str) -> x509.Certificate:
    with _AT_CERTIFICATES:
        known = _CERTIFICATES.get(address)
    if known is not None:
        return known
    said = call("GET", address, {"Accept": "*/*"}, changes=False)
    if not said.is_done:
        raise SignatureError("there is no such certificate at PayPal")
    try:
        found = x509.load_pem_x509_certificate(said.raw)
    except ValueError:
        raise PaymentError("unavailable", "the certificate cannot be read") from None
    with _AT_CERTIFICATES:
        if len(_CERTIFICATES) >= _MOST_KEPT:
            _CERTIFICATES.clear()
        _CERTIFICATES[address] = found
    return found
