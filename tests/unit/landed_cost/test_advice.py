"""Claim or not: the best offer, what is saved and what stays due, advice, and the value from which a proof pays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landed_cost import Amount, Item, Place, load_rulebook, quote
from landed_cost.advice import Advised, advise, is_needless, weigh
from landed_cost.messages import codes
from landed_cost.model import Weighed
from tests.unit.landed_cost.qz import ask, book, item, shipment, usd

if TYPE_CHECKING:
    from landed_cost import Quote
    from landed_cost.model import PreferenceOffer

AUTUMN = date(2026, 11, 23)


def offer(answer: Quote, agreement: str, item_: str = "1") -> PreferenceOffer:
    """Return the offer of an agreement on an item."""
    return next(one for one in answer.preferences if (one.agreement, one.item) == (agreement, item_))


def told(answer: Quote, agreement: str, item_: str = "1") -> Advised:
    """Return what is advised about it."""
    return advise(offer(answer, agreement, item_), answer.preferences, answer.charges, answer.currency)


def weighed(cost: str, *items: Item, currency: str = "USD") -> Quote:
    """Return the answer of QZ where proving origin costs so much."""
    sent = shipment(*(items or (item(origin="AA"),)), compliance_cost=Amount(Decimal(cost), currency))
    return quote(sent, book())


def to_us(*items: Item, **more: object) -> Quote:
    """Return the answer for goods of Mexico by air freight to California."""
    plain = {"date": AUTUMN, "dispatch": Place("MX"), "destination": Place("US", "CA"), "transport": "air"}
    return quote(shipment(*items, **(plain | more)), load_rulebook())


# -- the best, what it saves, what stays ----------------------------------------------------------------------------


def test_of_overlapping_agreements_the_one_that_saves_most_is_marked() -> None:
    """The pact frees from duty and surcharge, the league from nothing that is sure."""
    answer = ask(item(origin="AA"))

    assert [(one.agreement, one.best, one.saving) for one in answer.preferences] == [
        ("qz_pact", True, 3000),
        ("qz_league", False, 0),
    ]


def test_where_nothing_is_saved_none_is_the_best() -> None:
    """Goods of JJ have the league alone, whose typical rate is the general one."""
    assert [(one.agreement, one.best) for one in ask(item(origin="JJ")).preferences] == [("qz_league", False)]


def test_of_equal_savings_the_one_with_the_least_paper_is_the_best() -> None:
    """Mexican goods of 1,500 USD are free in Chile under three agreements, of 6 % and its VAT of 19 %: 107.10."""
    sent = shipment(
        item(hs_code="610910", origin="MX", price="1500"),
        date=AUTUMN,
        dispatch=Place("MX"),
        destination=Place("CL"),
        importer=replace(shipment().importer, kind="business"),
    )

    answer = quote(sent, load_rulebook())

    assert [(one.agreement, one.saving, one.best, one.paper) for one in answer.preferences] == [
        ("pacific_alliance", 10710, False, "certificate"),
        ("cptpp", 10710, True, "declaration"),
        ("mexico_chile", 10710, False, "certificate"),
        ("aladi_par4", 0, False, "certificate"),
    ]
    assert offer(answer, "cptpp").saved == (9000, 1710, 0)


def test_a_saving_is_told_by_kind_and_the_fee_falls_when_the_claim_is_made() -> None:
    """3,000 USD of toys: free of duty either way; a claim saves 10 % of additional duty and the fee at its least."""
    toys = item(hs_code="950300", origin="MX", quantity=Decimal(100), price="30")

    answer, claimed = to_us(toys), to_us(replace(toys, origin_evidence="certificate"))

    # 3000.00 × 10 % = 300.00; 3000.00 × 0.3464 % = 10.39, at least 34.58 in the fiscal year 2027.
    assert [(one.agreement, one.saving, one.saved) for one in answer.preferences] == [
        ("usmca", 33458, (30000, 0, 3458))
    ]
    assert [(one.claimed, one.saving, one.saved) for one in claimed.preferences] == [(True, 33458, (30000, 0, 3458))]
    assert "us.mpf.formal" not in {charge.id for charge in claimed.charges if charge.amount}


def test_a_duty_that_stays_due_under_a_claim_is_named() -> None:
    """Goods of Chile are free of column 1 duty by agreement and pay the forced-labour duty of 12.5 % all the same."""
    shirt = item(hs_code="610910", origin="CL")

    answer = to_us(shirt, dispatch=Place("CL"))

    found = offer(answer, "us_chile")
    assert [(id_, amount) for id_, _, amount in found.still_due] == [("us.s301fl", 1250)]
    assert found.exempt is not None
    assert found.exempt["en"].startswith("Originating goods do not pay the merchandise processing fee")


# -- advice ---------------------------------------------------------------------------------------------------------


def test_without_a_cost_the_saving_is_named_and_nothing_is_advised_for_the_seller() -> None:
    """Whether 60.00 pays is for the one to say who knows what the paper costs."""
    found = told(ask(item(origin="AA", price="200")), "qz_pact")

    assert (found.code, found.reason.code, found.reason.params) == ("weigh", "advice.weigh", {"saving": "60.00 USD"})


def test_below_the_waiver_a_claim_is_free_of_paperwork() -> None:
    """The pact asks for nothing up to 100.00."""
    assert told(ask(item(origin="AA")), "qz_pact").code == "free_of_paperwork"


def test_a_quota_is_to_be_asked_about() -> None:
    """Nobody knows whether it is open."""
    answer = ask(item(origin="AA"))
    shut = offer(answer, "qz_pact")._replace(saving=None)

    assert advise(shut, (shut,), answer.charges, "USD").code == "ask_quota"


def test_what_saves_nothing_is_not_to_be_claimed() -> None:
    """The duty is there all the same, so origin is not without meaning."""
    found = told(ask(item(origin="AA")), "qz_league")

    assert (found.code, found.reason.code) == ("do_not_claim", "advice.nothing_saved")


@pytest.mark.parametrize(
    ("cost", "code", "reason", "params"),
    [
        ("60.00", "claim", "advice.claim", {"saving": "60.00 USD", "cost": "60.00 USD"}),
        (
            "90.00",
            "do_not_claim",
            "advice.below_break_even",
            {"saving": "60.00 USD", "cost": "90.00 USD", "value": "300.00 USD"},
        ),
    ],
)
def test_a_claim_is_advised_where_it_pays(cost: str, code: str, reason: str, params: dict[str, str]) -> None:
    """On 200.00 the pact saves 30 %: 60.00. A proof of 90.00 pays from 300.00 of goods."""
    found = told(weighed(cost, item(origin="AA", price="200")), "qz_pact")

    assert (found.code, found.reason.code, found.reason.params) == (code, reason, params)


def test_a_cost_beyond_every_saving_is_told_as_such() -> None:
    """No value within a thousand times that of the goods pays it."""
    answer = weighed("90000000", item(origin="AA", price="200"))

    assert offer(answer, "qz_pact").weighed == Weighed(9_000_000_000, 6000, None)
    assert told(answer, "qz_pact").reason.code == "advice.never_pays"


def test_every_advice_has_its_sentence() -> None:
    """All in three languages, as every message."""
    wanted = {"claim", "below_break_even", "never_pays", "nothing_saved", "free_of_paperwork", "weigh", "quota"}

    assert {f"advice.{code}" for code in wanted} | {"advice.origin_not_needed"} <= codes()


# -- when origin need not be pursued --------------------------------------------------------------------------------


def test_a_free_general_rate_does_not_make_origin_pointless() -> None:
    """A toy of heading 9503 is free of column 1 duty and pays an additional duty that USMCA lifts."""
    toy = item(hs_code="950300", origin="MX")

    assert told(to_us(toy), "usmca").code != "not_needed"


def test_origin_need_not_be_pursued_when_duty_additional_duties_and_fees_are_nil() -> None:
    """Books are free in the common tariff and bear no fee in the European Union."""
    book_ = item(hs_code="490199", origin="CO", price="500")

    answer = quote(
        shipment(book_, date=AUTUMN, dispatch=Place("CO"), destination=Place("ES"), currency="EUR"), load_rulebook()
    )

    assert [one.code for one in (told(answer, one.agreement) for one in answer.preferences)] == ["not_needed"]


def test_what_may_be_due_in_the_worst_case_is_not_nil() -> None:
    """A charge from nothing to something, or to nobody knows what, leaves origin worth pursuing."""
    answer = ask(item(origin="AA"))
    nil = answer.charges[0]._replace(amount=0, range=None)
    free = offer(answer, "qz_league")

    assert is_needless([free], [nil, nil._replace(kind="tax", amount=5)])
    assert is_needless([free], [nil._replace(range=(0, 0))])
    assert not is_needless([free], [nil._replace(range=(0, 1))])
    assert not is_needless([free], [nil._replace(range=(0, None))])
    assert not is_needless([free], [nil._replace(amount=1)])
    assert not is_needless([free._replace(saving=None)], [nil])
    assert not is_needless([free._replace(saving=1)], [nil])


# -- the value from which a proof pays ------------------------------------------------------------------------------


def test_a_cost_in_another_currency_is_converted_into_that_of_the_answer() -> None:
    """48 EUR at 0.80 for the dollar are 60.00 USD."""
    found = offer(weighed("48", item(origin="AA", price="200"), currency="EUR"), "qz_pact").weighed

    assert found is not None
    assert (found.cost, found.saving) == (6000, 6000)


def test_one_paper_serves_all_items_so_their_savings_count_together() -> None:
    """Two items of 100.00 and 200.00 save 90.00 under one proof; each alone saves less than its cost of 80.00."""
    answer = weighed("80", item("1", "100", origin="AA"), item("2", "200", origin="AA"), item("3", "50"))

    assert [
        (one.item, one.weighed and one.weighed.saving) for one in answer.preferences if one.agreement == "qz_pact"
    ] == [
        ("1", 9000),
        ("2", 9000),
    ]
    assert told(answer, "qz_pact", "2").code == "claim"


def test_a_fee_that_falls_when_every_item_claims_is_counted_once() -> None:
    """Two Mexican items by freight over 2,500 USD: duties of 530.00 and 100.00, and one fee of 34.58."""
    shirts = item("1", "20", hs_code="610910", origin="MX", quantity=Decimal(100))
    toys = item("2", "100", hs_code="950300", origin="MX", quantity=Decimal(10))

    answer = to_us(shirts, toys, compliance_cost=usd("900"))

    # 2000.00 × (16.5 % + 10 %) = 530.00; 1000.00 × 10 % = 100.00; the fee at its least in the fiscal year 2027.
    found = offer(answer, "usmca").weighed
    assert found is not None
    assert (found.cost, found.saving) == (90000, 66458)


def test_an_answer_that_cannot_be_given_is_not_weighed() -> None:
    """Where the goods would be refused with or without the claim there is nothing to hold against the cost."""
    answer = ask(item(origin="AA"))
    refused = answer._replace(totals=answer.totals._replace(import_charges=None))

    sent = shipment(item(origin="AA"), compliance_cost=usd("1"))
    found = weigh(answer, sent, book().rates, lambda _: refused)

    assert [one.weighed for one in found] == [None, None]
    assert weigh(answer, replace(sent, compliance_cost=None), book().rates, lambda _: refused) == answer.preferences


def test_below_a_limit_that_frees_all_goods_no_value_pays() -> None:
    """Up to 50.00 QZ asks for nothing, so a proof of 1.00 pays from 50.01 (told as 50.10) and not from 3.34."""
    found = offer(weighed("1", item(origin="AA", price="200")), "qz_pact").weighed

    assert found is not None
    assert found.break_even is not None
    assert found.break_even == 5010


def test_prices_finer_than_can_be_written_end_the_search() -> None:
    """A million pieces at 0.0002 come in steps of a whole dollar: a proof of 45.00 pays from 150.00."""
    found = offer(weighed("45", item(origin="AA", price="0.0002", quantity=Decimal(10**6))), "qz_pact").weighed

    assert found == Weighed(4500, 6000, 15000)


def test_a_gift_is_weighed_by_what_it_is_worth() -> None:
    """Nothing is paid for it; a proof of 90.00 pays from a worth of 300.00."""
    found = offer(weighed("90", item(origin="AA", price="0", declared_value=usd("200"))), "qz_pact").weighed

    assert found == Weighed(9000, 6000, 30000)


@settings(max_examples=25, deadline=None)
@given(cost=st.integers(2_000, 100_000), price=st.integers(60, 5_000))
def test_the_value_found_pays_and_is_close_to_the_least(cost: int, price: int) -> None:
    """At 30 % of ad valorem the least value is the cost over 0.3; what is told is at most a hundredth above it."""
    made = item(origin="AA", price=str(price))
    answer = weighed(f"{cost / 100:.2f}", made)

    found = offer(answer, "qz_pact").weighed

    assert found is not None
    assert found.break_even is not None
    least = Decimal(cost) / Decimal("0.3")
    assert least - 4 <= found.break_even <= least * Decimal("1.01")
