"""Signatures of messages: what Stripe's own library signs is taken, and every edge of the facts is refused."""

from __future__ import annotations

from typing import Final

import pytest
import stripe

from shopkit.payments.port import Account, SignatureError
from shopkit.payments.signing import check_stamped, stamped
from shopkit.payments.stripe import Stripe
from tests.shop import NOW

BODY: Final = (
    '{"id": "evt_1", "object": "event", "type": "ping", "livemode": false, "data": {"object": {"id": "cs_ñ"}}}'
)
SECRET: Final = "whsec_one"
STAMP: Final = int(NOW.timestamp())
ACCOUNT: Final = Account("pa_1", "stripe", "MX", is_live=False, secrets={}, signing=("whsec_old", SECRET))


def theirs(body: str = BODY, secret: str = SECRET, stamp: int = STAMP) -> str:
    """Return a header as Stripe's own library makes it."""
    return str(stripe.WebhookSignature.generate_signature_header(body, secret, stamp))


def test_what_stripes_library_signs_is_taken_and_the_other_way_round() -> None:
    """Either verifier takes the other's signature; one secret of several is enough."""
    trigger = Stripe().verify(ACCOUNT, BODY.encode(), {"stripe-signature": theirs()}, {}, NOW)

    assert (trigger.event_id, trigger.kind, trigger.is_live, trigger.refs) == ("evt_1", "ping", False, ("cs_ñ",))
    assert stripe.WebhookSignature.verify_header(BODY, stamped(BODY.encode(), SECRET, NOW), SECRET)


V1: Final = theirs().partition(",")[2]


@pytest.mark.parametrize(
    ("header", "is_taken"),
    [
        (theirs(stamp=STAMP - 299), True),
        (theirs(stamp=STAMP - 301), False),
        (theirs(stamp=STAMP + 299), True),
        (theirs(stamp=STAMP + 3600), False),
        (f"t={STAMP},v1={'0' * 64},{V1}", True),
        (f"t={STAMP},{V1.replace('v1', 'v0')}", False),
        (f"t={STAMP}, {V1}", False),
        (f"t={STAMP},t={STAMP},{V1}", False),
        (V1, False),
        (f"t=,{V1}", False),
        (f"t={'9' * 5000},{V1}", False),
        (f"t=١٢٣,{V1}", False),
        (f"t={STAMP},v1=ñ", False),
        ("", False),
        (theirs(secret="whsec_other"), False),
        (theirs(secret="whsec_old"), True),
        (theirs(body=BODY.replace(": ", ":")), False),
    ],
)
def test_every_edge_of_a_header(header: str, *, is_taken: bool) -> None:
    """Old, of the future, unsigned, signed twice, spoilt or of another body: only what is proved is taken."""
    try:
        check_stamped(BODY.encode(), header, ACCOUNT.signing, NOW)
        taken = True
    except SignatureError:
        taken = False

    assert taken is is_taken


@pytest.mark.parametrize("secrets", [(), ("",), ("  ",)])
def test_without_a_secret_nothing_is_proved(secrets: tuple[str, ...]) -> None:
    """An empty secret is no secret, even for who signs with it."""
    with pytest.raises(SignatureError, match="no secret"):
        check_stamped(b"{}", stamped(b"{}", "", NOW), secrets, NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe",
        b"not json",
        b"[]",
        b'{"object": "v2.core.event", "id": "evt_2"}',
        b"[" * 100_000,
        b'{"object": "event"}',
    ],
)
def test_what_is_signed_and_no_event_is_refused(body: bytes) -> None:
    """A body that is not UTF-8, no JSON, no object or a thin event is answered with a refusal, not a failure."""
    with pytest.raises(SignatureError):
        Stripe().verify(ACCOUNT, body, {"stripe-signature": stamped(body, SECRET, NOW)}, {}, NOW)
