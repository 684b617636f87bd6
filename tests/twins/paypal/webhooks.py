"""PayPal's webhooks: RSA-SHA256 over id, time, endpoint and checksum, with a certificate that the twin serves."""

from __future__ import annotations

import base64
import binascii
import functools
import http.client
import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.twins.paypal.schema import check, published

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.twins.paypal.world import World

CERTIFICATE: Final = "/v1/notifications/certs/CERT-twin"
MODES: Final = ("duplicate", "reorder", "lose", "corrupt", "wrong_key", "other_endpoint", "old", "unsigned")


@functools.cache
def key(name: str) -> rsa.RSAPrivateKey:
    """Return a key; there is the twin's own, and that of somebody else."""
    del name
    return rsa.generate_private_key(65537, 2048)


@functools.cache
def certificate() -> bytes:
    """Return the certificate of the twin's own key, signed by itself."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "messageverificationcerts.paypal.com")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key("twin").public_key())
    builder = builder.serial_number(1).not_valid_before(begin).not_valid_after(begin + timedelta(days=3650))
    return builder.sign(key("twin"), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def signed_text(transmission: str, moment: str, webhook: str, body: bytes) -> bytes:
    """Return what is signed: the checksum of the body's bytes is written as a decimal number."""
    return f"{transmission}|{moment}|{webhook}|{binascii.crc32(body)}".encode()


@dataclass
class Webhooks:
    """The sender: what waits, whom it goes to, and how broken the next ones are."""

    world: World
    endpoint: str = ""
    webhook_id: str = "TWINWEBHOOK"
    waiting: list[dict[str, Any]] = field(default_factory=list)
    modes: list[dict[str, Any]] = field(default_factory=list)
    automatic: bool = False
    transport: Callable[[str, dict[str, str], bytes], int] = field(default_factory=lambda: post)
    _numbers: Any = field(default_factory=lambda: count(1))

    def emit(self, kind: str, resource_type: str, resource: dict[str, Any]) -> None:
        """Queue an event for the endpoint, with the resource as it is now."""
        number = next(self._numbers)
        event = {
            "id": f"WH-{number:017}-TWIN",
            "event_version": "1.0",
            "create_time": self.world.moment(),
            "resource_type": resource_type,
            "resource_version": "2.0",
            "event_type": kind,
            "summary": kind,
            "resource": json.loads(json.dumps(resource)),
            "links": [],
        }
        self.waiting.append(event)

    def arm(self, name: str, *, times: int = 1, seed: int = 0, copies: int = 2) -> None:
        """Let the next deliveries go wrong in a way."""
        if name not in MODES:
            raise ValueError(f"mode {name!r}: one of {', '.join(MODES)}")
        self.modes.append({"name": name, "times": times, "seed": seed, "copies": copies})

    def deliver(self) -> list[dict[str, Any]]:
        """Send what waits, and what was refused before once more; return what was sent, with the statuses."""
        with self.world.lock:
            due, self.waiting = self.waiting, []
            if not self.endpoint:
                return []
            if self._take("reorder"):
                random.Random(self.modes[0]["seed"]).shuffle(due)  # noqa: S311  # the same seed, the same order
        out = []
        for event in due:
            with self.world.lock:
                name = next(
                    (one["name"] for one in self.modes if one["name"] != "reorder" and self._take(one["name"])), ""
                )
                copies = self.modes[-1]["copies"] if name == "duplicate" else int(name != "lose")
            for _ in range(copies):
                headers, body = self.signed(event, name)
                status = self.transport(self.endpoint, headers, body)
                row = {
                    "kind": "delivery",
                    "event": event["id"],
                    "type": event["event_type"],
                    "mode": name,
                    "status": status,
                }
                out.append(row)
                if not 200 <= status < 300 and event not in self.waiting:
                    self.waiting.append(event)
        self.world.journal += out
        return out

    def _take(self, name: str) -> bool:
        for mode in self.modes:
            if mode["name"] == name and mode["times"]:
                mode["times"] -= 1
                return True
        return False

    def signed(self, event: dict[str, Any], mode: str = "") -> tuple[dict[str, str], bytes]:
        """Return headers and bytes of an event, spoilt as the mode says."""
        body = json.dumps(event, separators=(",", ":")).encode()
        transmission = f"twin-{event['id']}"
        now = datetime.fromtimestamp(self.world.now(), UTC) - timedelta(days=30 if mode == "old" else 0)
        moment = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        webhook = "SOMEBODYELSES" if mode == "other_endpoint" else self.webhook_id
        text = signed_text(transmission, moment, webhook, body)
        owner = key("other" if mode == "wrong_key" else "twin")
        signature = base64.b64encode(owner.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()
        if mode == "corrupt":
            body = body[:-2] + bytes([body[-2] ^ 1]) + body[-1:]
        headers = {"Content-Type": "application/json"}
        if mode != "unsigned":
            headers |= {
                "PAYPAL-TRANSMISSION-ID": transmission,
                "PAYPAL-TRANSMISSION-TIME": moment,
                "PAYPAL-TRANSMISSION-SIG": signature,
                "PAYPAL-CERT-URL": f"{self.world.url}{CERTIFICATE}",
                "PAYPAL-AUTH-ALGO": "SHA256withRSA",
            }
        return headers, body

    def verify(self, asked: dict[str, Any]) -> dict[str, str]:
        """Answer PayPal's own check: does this event bear this signature? The event is written anew to be hashed."""
        check(asked, published()["request verify"], strict=False)
        body = json.dumps(asked["webhook_event"], separators=(",", ":")).encode()
        text = signed_text(asked["transmission_id"], asked["transmission_time"], asked["webhook_id"], body)
        try:
            given = base64.b64decode(asked["transmission_sig"])
            key("twin").public_key().verify(given, text, padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return {"verification_status": "FAILURE"}
        ours = asked["webhook_id"] == self.webhook_id
        return {"verification_status": "SUCCESS" if ours else "FAILURE"}


def post(url: str, headers: dict[str, str], body: bytes) -> int:
    """Send a body to an address and return the status, 0 when nobody answers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("POST", parts.path or "/", body, headers)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        return 0
    else:
        return response.status
    finally:
        connection.close()
