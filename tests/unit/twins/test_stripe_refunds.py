"""The twin's refunds, disputes and balance: never more than is left, and books that add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.twins.stripe import checkout, refunds
from tests.twins.stripe.control import act
from tests.twins.stripe.errors import StripeError
from tests.twins.stripe.world import World
from tests.unit.twins.test_stripe_payments import REAIS

if TYPE_CHECKING:
    from tests.unit.twins.conftest import Shop


def refund(shop: Shop, session: Any, **params: Any) -> Any:
    """Refund a Session's payment."""
    made: Any = {"payment_intent": session.payment_intent.id, **params}
    return shop.client.v1.refunds.create(made)


def charge(shop: Shop, session: Any) -> Any:
    """Return the charge of a Session as it is now."""
    return shop.read(session).payment_intent.latest_charge


def test_refunds_in_parts_up_to_the_whole(shop: Shop) -> None:
    """Two parts make the whole, and a third is refused."""
    session = shop.paid()
    refund(shop, session, amount=990)
    refund(shop, session, amount=98010, reason="requested_by_customer")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refund(shop, session, amount=1)

    assert caught.value.code == "charge_already_refunded"
    assert (charge(shop, session).amount_refunded, charge(shop, session).refunded) == (99000, True)


def test_more_than_is_left_is_refused(shop: Shop) -> None:
    """The amount is named, and nothing is refunded."""
    session = shop.paid()
    refund(shop, session, amount=50000)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refund(shop, session, amount=49001)

    assert caught.value.param == "amount"
    assert charge(shop, session).amount_refunded == 50000


def test_what_is_not_paid_is_not_refunded(shop: Shop) -> None:
    """A voucher that waits has nothing to give back."""
    session = shop.session()
    shop.twin.control("pay", session=session.id, method="oxxo")
    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        refund(shop, shop.read(session))


def test_a_boleto_is_never_refunded(brazil: Shop) -> None:
    """Stripe has no way back for it."""
    session = brazil.session(line_items=[REAIS])
    brazil.twin.control("pay", session=session.id, method="boleto", tax_id="529.982.247-25")
    brazil.twin.control("pay_voucher", payment=session.id)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refund(brazil, brazil.read(session))

    assert caught.value.code == "charge_not_refundable"


def test_a_refund_that_fails_can_be_made_again(shop: Shop) -> None:
    """A refund that was on its way counts until it fails."""
    session = shop.paid()
    shop.twin.control("next_refunds", statuses=["pending"])
    first = refund(shop, session)
    shop.twin.control("settle_refund", refund=first.id, status="failed")
    second = refund(shop, session)

    assert (first.status, second.status) == ("pending", "succeeded")
    assert shop.client.v1.refunds.retrieve(first.id).failure_reason == "declined"
    assert "refund.failed" in shop.events()


def test_without_a_balance_a_cards_refund_waits_and_a_voucher_fails(shop: Shop) -> None:
    """Which of the two depends on the method."""
    card, voucher = shop.paid(), shop.session()
    shop.twin.control("pay", session=voucher.id, method="oxxo")
    shop.twin.control("pay_voucher", payment=voucher.id)
    shop.twin.control("account", key="sk_test_MX_shop", insufficient_balance=True, refundable_vouchers=True)

    assert [refund(shop, card).status, refund(shop, shop.read(voucher)).status] == ["pending", "failed"]


def test_a_refund_shows_its_share_of_what_the_buyer_saw(shop: Shop) -> None:
    """Half of the total is half of the buyer's amount."""
    session = shop.session(adaptive_pricing={"enabled": True})
    shop.twin.control("pay", session=session.id, presentment={"currency": "usd", "amount": 5321})

    assert refund(shop, shop.read(session), amount=49500).presentment_details.presentment_amount == 2661


def test_a_dispute_is_answered_once(shop: Shop) -> None:
    """Evidence is kept, sent, and cannot be sent again; won, the money is back."""
    session = shop.paid()
    opened = shop.twin.control("dispute", payment=session.id)
    evidence: Any = {"evidence": {"shipping_carrier": "Correos"}, "submit": True}
    sent = shop.client.v1.disputes.update(opened["id"], evidence)
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.disputes.update(opened["id"], evidence)
    shop.twin.control("end_dispute", dispute=opened["id"], won=True)

    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)
    assert [kind for kind in shop.events() if "dispute" in kind] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_reinstated",
    ]


def test_a_dispute_nobody_answers_is_lost(shop: Shop) -> None:
    """After its last day it is over, and a disputed charge is not refunded."""
    session = shop.paid()
    opened = shop.twin.control("dispute", payment=session.id, days=7)
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        refund(shop, session)
    shop.twin.control("advance", seconds=7 * 86_400)
    found = shop.client.v1.disputes.retrieve(opened["id"])

    assert (found.status, found.evidence_details.past_due) == ("lost", True)


def test_the_balance_has_every_movement(shop: Shop) -> None:
    """A charge less its fee, a refund, a dispute: the sum of what is booked is what is left."""
    session, other = shop.paid(), shop.paid()
    refund(shop, session, amount=1000)
    shop.twin.control("dispute", payment=other.id)
    rows = shop.client.v1.balance_transactions.list().data

    assert [(row.type, row.amount, row.fee, row.net) for row in rows[::-1]] == [
        ("charge", 99000, 3564, 95436),
        ("charge", 99000, 3564, 95436),
        ("refund", -1000, 0, -1000),
        ("adjustment", -99000, 0, -99000),
    ]


STEPS = st.lists(st.tuples(st.sampled_from(["refund", "settle", "fail"]), st.integers(1, 70_000)), max_size=12)


@given(STEPS)
@settings(max_examples=60)
def test_what_is_refunded_is_never_more_than_was_paid(steps: list[tuple[str, int]]) -> None:
    """Whatever is refunded, settled and sent back in whatever order, the charge is never below nothing."""
    world = World(start=1)
    account = world.account("sk_test_x")
    act(world, "next_refunds", {"statuses": ["pending"] * 12})
    line = {"price_data": {"currency": "mxn", "unit_amount": 99000, "product_data": {"name": "x"}}, "quantity": 1}
    params = {"mode": "payment", "success_url": "https://a.example", "line_items": [line]}
    session = checkout.create(world, account, params)
    act(world, "pay", {"session": session["id"]})
    [paid] = world.all(account, "charge")
    for what, amount in steps:
        waiting = world.all(account, "refund", status="pending")
        try:
            if what == "refund":
                refunds.create(world, account, {"charge": paid["id"], "amount": amount})
            elif waiting:
                refunds.settle(world, waiting[amount % len(waiting)], "succeeded" if what == "settle" else "failed")
        except StripeError:
            continue
    back = sum(one["amount"] for one in world.all(account, "refund") if one["status"] != "failed")

    assert 0 <= back == paid["amount_refunded"] <= paid["amount_captured"]
