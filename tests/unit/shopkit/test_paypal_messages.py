"""Messages of PayPal are proved by a certificate that lies at PayPal, for one of our endpoints, lately."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from shopkit.payments.paypal_messages import prove
from shopkit.payments.port import PaymentError, SignatureError
from tests.shop import NOW
from tests.twins.paypal import Twin, serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EVENT: dict[str, Any] = {"id": "WH-1", "event_type": "PAYMENT.CAPTURE.COMPLETED", "resource": {"id": "X"}}


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    """Return a twin whose clock is the shop's."""
    with serving(start=int(NOW.timestamp())) as found:
        yield found


def check(
    twin: Twin,
    endpoints: tuple[str, ...] = ("TWINWEBHOOK",),
    seconds: int = 0,
    changed: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Prove an event so many seconds after it was signed, with headers changed."""
    headers, body = twin.world.webhooks.signed(EVENT)
    lower = {name.lower(): value for name, value in headers.items()}
    lower |= {f"paypal-{name.replace('_', '-')}": value for name, value in changed.items()}
    prove(body, lower, endpoints, NOW + timedelta(seconds=seconds), base=twin.url, is_test=True)


@pytest.mark.parametrize("seconds", [0, 299, 3 * 86_400, -299])
def test_what_paypal_signed_is_believed(twin: Twin, seconds: int) -> None:
    """Of now, as old as a repeat may be, and of a clock that goes a little before ours."""
    check(twin, seconds=seconds)


def test_one_of_several_endpoints_is_enough(twin: Twin) -> None:
    """While an endpoint is replaced both ids hold."""
    check(twin, ("OLD", "", "TWINWEBHOOK"))


@pytest.mark.parametrize(
    "changed",
    [
        {"transmission_id": ""},
        {"transmission_id": "another"},
        {"transmission_sig": "%%%"},
        {"transmission_sig": "AAAA"},
        {"transmission_time": "yesterday"},
        {"transmission_time": "2026-11-25T12:00:00"},
        {"auth_algo": "none"},
        {"cert_url": ""},
        {"cert_url": "https://evil.example/v1/notifications/certs/CERT-1"},
        {"cert_url": "https://api.paypal.com@evil.example/v1/notifications/certs/CERT-1"},
        {"cert_url": "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1"},
        {"cert_url": "http://api.paypal.com/v1/notifications/certs/CERT-1"},
        {"cert_url": "https://api.paypal.com/v1/notifications/certs/../../evil"},
        {"cert_url": "https://api.paypal.com/v1/other/CERT-1"},
        {"cert_url": "https://api.paypal.com/v1/notifications/certs/CERT-1?to=evil"},
    ],
)
def test_a_header_that_is_not_paypals_proves_nothing(twin: Twin, changed: dict[str, str]) -> None:
    """Nothing is fetched from anywhere but PayPal."""
    with pytest.raises(SignatureError):
        check(twin, changed=changed)


@pytest.mark.parametrize("seconds", [4 * 86_400, -301])
def test_old_and_future_messages_are_refused(twin: Twin, seconds: int) -> None:
    """Older than any repeat, or of a time that is not yet."""
    with pytest.raises(SignatureError):
        check(twin, seconds=seconds)


@pytest.mark.parametrize("endpoints", [(), ("",), ("OTHER",)])
def test_without_our_endpoint_nothing_is_proved(twin: Twin, endpoints: tuple[str, ...]) -> None:
    """A signature for another endpoint, or no endpoint of ours to compare with."""
    with pytest.raises(SignatureError):
        check(twin, endpoints)


def test_a_body_that_was_written_again_is_refused(twin: Twin) -> None:
    """A space more is another checksum."""
    headers, body = twin.world.webhooks.signed(EVENT)
    lower = {name.lower(): value for name, value in headers.items()}

    with pytest.raises(SignatureError):
        prove(body.replace(b":", b": ", 1), lower, ("TWINWEBHOOK",), NOW, base=twin.url, is_test=True)


def test_the_address_of_a_test_holds_in_tests_alone(twin: Twin) -> None:
    """Without a test's address the twin's certificate is a stranger's."""
    headers, body = twin.world.webhooks.signed(EVENT)
    lower = {name.lower(): value for name, value in headers.items()}

    with pytest.raises(SignatureError):
        prove(body, lower, ("TWINWEBHOOK",), NOW, base=twin.url, is_test=False)


def test_a_certificate_that_cannot_be_had_is_no_verdict(twin: Twin) -> None:
    """PayPal is asked to send the message again."""
    address = f"{twin.url}/v1/notifications/certs/CERT-lost"
    with pytest.raises(SignatureError):
        check(twin, changed={"cert_url": address})
    with pytest.raises(PaymentError):
        prove(
            b"",
            {
                "paypal-transmission-id": "x",
                "paypal-transmission-time": NOW.isoformat(),
                "paypal-transmission-sig": "AAAA",
                "paypal-cert-url": "http://127.0.0.1:9/v1/notifications/certs/CERT-1",
                "paypal-auth-algo": "SHA256withRSA",
            },
            ("TWINWEBHOOK",),
            NOW,
            base="http://127.0.0.1:9",
            is_test=True,
        )
