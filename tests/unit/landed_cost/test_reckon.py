"""Ways in, the value for customs, what a price holds, currencies, and the claims that pay."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from landed_cost import Amount, Importer, Place
from tests.unit.landed_cost.qz import amounts, ask, codes, item, line, usd


def test_an_ordinary_entry_is_complete() -> None:
    """100 USD of T-shirts: 20 % duty, and the least processing fee; the band of the duty is our own summary."""
    answer = ask()

    assert (answer.outcome, answer.evidence, answer.regime) == ("complete", "C", "qz.entry")
    assert amounts(answer) == [("qz.duty", "1", 2000), ("qz.fee", None, 200)]
    assert (line(answer, "qz.duty").formula, line(answer, "qz.fee").formula) == ("100.00 × 20%", "100.00 × 3‰ → 2.00")
    assert (answer.totals.import_charges, answer.totals.landed) == (2200, 12200)
    assert answer.ranges == {"import_charges": (2200, 2200), "landed": (12200, 12200)}


def test_a_free_parcel_rests_on_its_limit() -> None:
    """Up to 50 USD a consumer's parcel is free; the limit and the assumption about the day are said."""
    answer = ask(item(price="50"))

    assert (answer.regime, answer.charges, answer.outcome) == ("qz.free", (), "complete")
    assert codes(answer) == ["prior_use.assumed_none"]
    assert {rule.id for rule in answer.rules} == {"qz.limit", "qz.barred", "qz.valuation"}


@pytest.mark.parametrize(("day_value", "regime"), [("0.01", "qz.entry"), ("0", "qz.free")])
def test_an_allowance_adds_up_over_the_day(day_value: str, regime: str) -> None:
    """What the buyer brought in already that day counts towards the limit, and then nothing is assumed."""
    answer = ask(item(price="50"), importer=Importer(day_value=usd(day_value)))

    assert (answer.regime, codes(answer)) == (regime, [])


def test_an_ended_limit_frees_nothing() -> None:
    """The day after its last day the limit is not there."""
    assert ask(item(price="50"), date=date(2026, 7, 1)).regime == "qz.entry"


def test_the_cheapest_lawful_way_is_chosen_and_the_others_are_shown() -> None:
    """100 USD by courier: 40 % less 5 USD is 35, an entry 22; both are options."""
    answer = ask(channel="courier", transport=None)

    assert [(one.regime, one.chosen, one.import_charges) for one in answer.options] == [
        ("qz.flat", False, 3500),
        ("qz.entry", True, 2200),
    ]


def test_an_exclusive_way_leaves_no_choice() -> None:
    """A parcel that is free by law has one way only."""
    answer = ask(item(price="50"), channel="courier", transport=None)

    assert [(one.regime, one.chosen) for one in answer.options] == [("qz.free", True)]


def test_a_flat_charge_is_one_line_for_all_it_stands_for() -> None:
    """The flat rate is taken on goods and freight, less a fixed relief, collected at sale whatever the terms."""
    dear = item(hs_code="610990", origin="AA", price="60")
    answer = ask(dear, channel="courier", transport=None, freight=usd("10"), destination=Place("QZ", "NO"))

    flat = line(answer, "qz.flat")
    assert (flat.amount, flat.kind, flat.covers) == (2300, "duty", ("duty", "tax", "fee"))
    assert (flat.formula, flat.payer, flat.collected) == ("70.00 × 40% − 5.00", "seller", "at_sale")


def test_without_an_origin_the_flat_rate_holds_from_above() -> None:
    """The flat rate does not look at the origin, but some origins come in otherwise: an estimate with a range."""
    answer = ask(item(hs_code="6203", origin=None, price="60"), channel="courier", transport=None)

    reasons = [reason.code for reason in answer.reasons if reason.level == "estimated"]
    assert (answer.regime, answer.outcome, reasons[0]) == ("qz.flat", "estimated", "origin.absent")
    assert (answer.totals.import_charges, answer.ranges["import_charges"][1]) == (1900, 2120)


def test_mail_is_cleared_for_a_fixed_sum() -> None:
    """Under 100 USD by post: 7 USD, paid by the buyer at the door."""
    answer = ask(item(price="99.99"), channel="postal", transport=None)

    post = line(answer, "qz.post")
    assert (answer.regime, post.amount, post.payer, post.collected, post.base) == (
        "qz.post",
        700,
        "buyer",
        "at_delivery",
        None,
    )


def test_absent_freight_makes_an_estimate_and_zero_does_not() -> None:
    """The landed cost may be higher by half of the goods."""
    answer = ask(freight=None)

    assert (answer.outcome, codes(answer, "estimated"), answer.totals.freight) == (
        "estimated",
        ["freight.absent"],
        None,
    )
    assert answer.ranges == {"import_charges": (2200, 2200), "landed": (12200, 17200)}


def test_freight_inside_the_price_is_taken_out_where_law_lets_it() -> None:
    """100 USD with 20 of freight in it: duty on 80; the landed cost does not add the freight again."""
    answer = ask(price_includes=frozenset({"freight"}), freight=usd("20"))

    assert (answer.totals.customs_value, line(answer, "qz.duty").amount) == (8000, 1600)
    assert answer.totals.landed == 10000 + 1600 + 200


def test_duties_inside_the_price_are_worked_out() -> None:
    """122 USD hold 100 of value, 20 of duty and 2 of fee: nothing is added to the price."""
    answer = ask(item(price="122"), price_includes=frozenset({"duties"}))

    assert (answer.totals.customs_value, answer.totals.import_charges, answer.totals.landed) == (10000, 2200, 12200)
    assert answer.ranges["landed"] == (12200, 12200)


def test_a_price_about_a_limit_has_no_value_and_is_refused() -> None:
    """Free at 50 and dutiable above: a price of 52 with duties inside fits neither."""
    answer = ask(item(price="52"), price_includes=frozenset({"duties"}), importer=Importer(day_value=usd("0")))

    assert (answer.outcome, codes(answer, "refused")) == ("refused", ["price_includes.unsolved"])


def test_only_what_the_price_holds_is_left_out_of_the_landed_cost() -> None:
    """Taxes inside, duties not: the landed cost adds duty and fee, and ranges move with them alone."""
    answer = ask(
        item(hs_code="620342", price="130"), destination=Place("QZ", "SO"), price_includes=frozenset({"taxes"})
    )

    totals = answer.totals
    assert totals.landed == totals.goods + (totals.duties or 0) + (totals.fees or 0)
    low, high = answer.ranges["landed"]
    assert low < totals.landed < (high or 0)


def test_a_gift_is_worth_something_to_customs_and_nothing_to_the_buyer() -> None:
    """Price zero, declared value 100: duty on 100, and the landed cost is the charges alone."""
    answer = ask(item(unit_price=usd("0"), declared_value=usd("100")))

    assert (answer.totals.goods, answer.totals.customs_value, answer.totals.landed) == (0, 10000, 2200)


@pytest.mark.parametrize(
    ("currency", "duty", "landed"),
    [("MXN", 40000, 244000), ("CLP", 20000, 122000), ("KWD", 5000, 30500), ("EUR", 1600, 9760)],
)
def test_each_charge_is_converted_by_itself(currency: str, duty: int, landed: int) -> None:
    """Amounts are in the buyer's currency, with its own decimals; the law's amount is kept beside."""
    answer = ask(currency=currency)

    charge = line(answer, "qz.duty")
    assert (charge.amount, charge.currency, charge.local.text, answer.totals.landed) == (
        duty,
        currency,
        "20.00",
        landed,
    )
    assert [(rate.base, rate.quote) for rate in answer.exchange_rates] == [("USD", currency)]


def test_options_come_to_the_same_as_the_totals() -> None:
    """Both are sums of converted charges."""
    answer = ask(
        item("1", "33.33"), item("2", "33.33"), item("3", "33.34"), currency="CLP", channel="courier", transport=None
    )

    (chosen,) = (one for one in answer.options if one.chosen)
    assert chosen.import_charges == answer.totals.import_charges


def test_goods_priced_in_another_currency_are_converted_for_customs_and_said() -> None:
    """2,000 MXN are 100 USD; the market rate is not that of customs."""
    answer = ask(item(unit_price=Amount(Decimal(2000), "MXN")), currency="MXN")

    assert (answer.totals.goods, line(answer, "qz.duty").local.text) == (200000, "20.00")
    assert codes(answer, "info") == ["prior_use.assumed_none", "fx.market_rate"] or "fx.market_rate" in codes(answer)


def test_old_rates_make_an_estimate() -> None:
    """More than ten days from the date of the quote."""
    answer = ask(currency="MXN", date=date(2026, 6, 15))

    assert codes(answer, "estimated") == ["fx.stale"]


def test_an_agreement_is_shown_and_not_claimed_without_evidence() -> None:
    """Made in AA is not yet originating: the general rate is charged, the saving shown."""
    answer = ask(item(origin="AA"))

    assert [(one.agreement, one.claimed, one.saving, one.reason and one.reason.code) for one in answer.preferences] == [
        ("qz_pact", False, 3000, "preference.evidence_missing"),
        ("qz_league", False, 0, "preference.no_saving"),
    ]
    assert answer.totals.duties == 3000


def test_under_the_waiver_a_declaration_is_enough() -> None:
    """Up to 100 USD the pact asks for no certificate; the claim frees from the surcharge as well."""
    answer = ask(item(origin="AA", origin_evidence="declared"))

    pact, league = answer.preferences
    assert (pact.claimed, pact.waived, pact.saving, league.claimed) == (True, True, 3000, False)
    assert league.reason is not None
    assert league.reason.code == "preference.other_claimed"
    assert (answer.totals.duties, answer.outcome) == (0, "complete")


def test_over_the_waiver_a_certificate_is_needed() -> None:
    """At 101 USD a declaration is not enough for the pact; the league takes it, and what it gives is not sure."""
    declared = ask(item(origin="AA", price="101", origin_evidence="declared", preference="qz_pact"))
    certified = ask(item(origin="AA", price="101", origin_evidence="certificate", preference="qz_pact"))

    assert [one.claimed for one in declared.preferences] == [False, False]
    assert [one.reason and one.reason.code for one in declared.preferences] == [
        "preference.certificate_needed",
        "preference.other_claimed",
    ]
    assert certified.preferences[0].claimed


def test_a_preference_that_is_not_wanted_is_not_claimed() -> None:
    """The seller said none."""
    answer = ask(item(origin="AA", origin_evidence="certificate", preference="none"))

    assert {one.reason.code for one in answer.preferences if one.reason} == {"preference.not_wanted"}


def test_a_claim_that_saves_nothing_is_not_made() -> None:
    """A free line of JJ gains nothing by the league."""
    answer = ask(item(origin="JJ", hs_code="490199", origin_evidence="declared"))

    assert [(one.claimed, one.reason and one.reason.code) for one in answer.preferences] == [
        (False, "preference.no_saving")
    ]


def test_a_preference_nobody_read_in_full_is_a_range() -> None:
    """The league gives from 1 % to the general rate."""
    answer = ask(item(origin="JJ", origin_evidence="declared", preference="qz_league"))

    assert (line(answer, "qz.duty").range, codes(answer, "estimated")) == ((100, 2000), ["preference.line_unknown"])
