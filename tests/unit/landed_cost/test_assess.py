"""Charges: when they fall, on what, at what rate, within which bounds, and what is not known of them."""

from __future__ import annotations

from datetime import date

import pytest

from landed_cost import Importer, Place, Seller
from tests.unit.landed_cost.qz import amounts, ask, codes, item, line, usd


@pytest.mark.parametrize(
    ("of", "amount"),
    [("AA", 1000), ("BB", 0), ("EE", 0), ("ZZ", None), ("FF", None)],
)
def test_a_surcharge_is_picked_by_origin(of: str, amount: int | None) -> None:
    """10 % of AA; BB tops up to 15 % and the duty of 20 % is over it; EE is zero; ZZ and an ended rule have no line."""
    found = [one.amount for one in ask(item(origin=of)).charges if one.id == "qz.extra"]

    assert found == ([] if amount is None else [amount])


def test_a_total_at_least_tops_up() -> None:
    """BB: together with a duty of 5 % the total is at least 15 %, so 10 % is added."""
    answer = ask(item(origin="BB", hs_code="490199"), item("2", origin="BB", hs_code="060210"))

    assert amounts(answer, "qz.extra") == [("qz.extra", "1", 0), ("qz.extra", "2", 1500)]
    assert line(answer._replace(charges=tuple(c for c in answer.charges if c.item == "2")), "qz.extra").formula == (
        "100.00 × 15% − 0.00"
    )


def test_an_exemption_that_surely_holds_is_cited() -> None:
    """Books of AA are free of the surcharge, by heading 99.02, and the line says so."""
    extra = line(ask(item(origin="AA", hs_code="490199")), "qz.extra")

    assert (extra.amount, extra.rule.id, extra.rule.heading, extra.formula) == (0, "qz.extra.books", "99.02", "99.02")


@pytest.mark.parametrize(
    ("given_", "outcome", "amount", "bounds"),
    [(None, "estimated", 1000, (0, 1000)), ("yes", "complete", 0, None), ("no", "complete", 1000, None)],
)
def test_an_exemption_on_use_is_asked(
    given_: str | None, outcome: str, amount: int, bounds: tuple[int, int] | None
) -> None:
    """Until it is answered the result is a range from exempt to not exempt."""
    attributes = {} if given_ is None else {"pharmaceutical_use": given_}
    answer = ask(item(origin="AA", hs_code="300490", attributes=attributes))

    extra = line(answer, "qz.extra")
    assert (answer.outcome, extra.amount, extra.range) == (outcome, amount, bounds)
    assert ("exemption.asked" in codes(answer)) is (given_ is None)


def test_an_absent_attribute_makes_a_range() -> None:
    """Whether clothing is of wool was not said."""
    answer = ask(item(origin="AA", hs_code="620419"))

    assert (answer.outcome, line(answer, "qz.extra").range) == ("estimated", (0, 1000))
    assert [(one.code, one.params, one.item) for one in answer.reasons if one.level == "estimated"] == [
        ("attribute.absent", {"attribute": "fiber"}, "1")
    ]


@pytest.mark.parametrize(("price", "amount"), [("59.99", 0), ("60", 900)])
def test_an_exemption_may_look_at_the_value(price: str, amount: int) -> None:
    """Plants of BB under 60 USD are exempt."""
    assert line(ask(item(origin="BB", hs_code="060210", price=price)), "qz.extra").amount == amount


def test_unknown_with_bounds_is_a_range() -> None:
    """CC: somewhere from 5 to 25 %; the higher one is shown, one weak source makes it C."""
    answer = ask(item(origin="CC"))

    extra = line(answer, "qz.extra")
    assert (answer.outcome, answer.evidence, extra.amount, extra.range, extra.rate) == (
        "estimated",
        "C",
        2500,
        (500, 2500),
        "5–25%",
    )
    assert answer.ranges["landed"] == (12700, 14700)
    assert codes(answer, "estimated") == ["rule.unknown"]


def test_unknown_without_bounds_is_refused() -> None:
    """DD: nothing bounds it, so no total is shown, and the reason names the rule."""
    answer = ask(item(origin="DD"))

    assert (answer.outcome, answer.totals.goods, answer.totals.landed, answer.charges) == ("refused", 10000, None, ())
    assert [(one.code, one.rule) for one in answer.reasons if one.level == "refused"] == [
        ("rule.unknown", "qz.extra.dd")
    ]


def test_a_rule_that_ended_in_the_unknown_is_a_range() -> None:
    """GG: since April nobody knows whether the 8 % go on."""
    assert line(ask(item(origin="GG")), "qz.extra").range == (0, 800)


def test_sources_that_disagree_are_a_range() -> None:
    """HH: 10 % is held for right, others say 12."""
    answer = ask(item(origin="HH"))

    assert (line(answer, "qz.extra").amount, line(answer, "qz.extra").range) == (1000, (1000, 1200))
    assert codes(answer, "estimated") == ["rule.conflicting"]


def test_an_unknown_origin_ranges_over_all_of_them() -> None:
    """One of the origins has no upper end, so without an origin there is no answer."""
    answer = ask(item(origin=None))

    assert (answer.outcome, sorted(codes(answer, "refused", "estimated"))) == (
        "refused",
        ["origin.absent", "rule.unknown"],
    )


def test_metal_pays_by_the_annex_of_its_longest_prefix_and_not_twice() -> None:
    """7318 is annex I, 731815 annex II; the surcharge is not due where the metal duty is."""
    answer = ask(item("1", hs_code="731800", origin="AA"), item("2", hs_code="731815", origin="AA"))

    assert amounts(answer, "qz.metal", "qz.extra") == [("qz.metal", "1", 5000), ("qz.metal", "2", 2500)]


def test_a_short_code_is_perhaps_on_a_list() -> None:
    """7615 may be 761510: from nothing to the highest rate of the annexes."""
    answer = ask(item(hs_code="7615"))

    assert (line(answer, "qz.metal").range, codes(answer, "estimated")) == ((0, 5000), ["list.not_loaded"])


def test_a_tax_inside_its_own_base() -> None:
    """North: (100 goods + 20 duty + 8 freight + 0) / (1 - 20 %) × 20 % = 32.00."""
    answer = ask(destination=Place("QZ", "NO"), freight=usd("8"))

    vat = line(answer, "qz.vat")
    assert (vat.amount, vat.kind, vat.formula) == (3200, "tax", "128.00 ÷ (1 − 20%) × 20%")


def test_an_unknown_region_ranges_over_all_of_them() -> None:
    """Without a state the tax is between the lowest and the highest of the country."""
    answer = ask(destination=Place("QZ"))

    assert line(answer, "qz.vat").range == (0, 3000)
    assert codes(answer, "estimated") == ["region.absent"]


@pytest.mark.parametrize(("price", "fee"), [("100", 200), ("1000", 300), ("6666.66", 2000), ("9999", 2000)])
def test_a_fee_has_a_least_and_a_most(price: str, fee: int) -> None:
    """3 per mille, at least 2 and at most 20 USD."""
    assert line(ask(item(price=price)), "qz.fee").amount == fee


def test_a_fee_on_the_consignment_counts_only_its_goods_and_is_shared_by_value() -> None:
    """Books are left out of the base and bear nothing of the fee."""
    answer = ask(item("1", "1000"), item("2", "2000"), item("3", "500", hs_code="490199"))

    fee = line(answer, "qz.fee")
    assert (fee.amount, fee.item, fee.base and fee.base.minor) == (900, None, 300000)
    assert fee.allocation == (("1", 300), ("2", 600), ("3", 0))


def test_a_charge_without_goods_to_count_is_not_due() -> None:
    """A parcel of books pays no processing fee."""
    assert amounts(ask(item(hs_code="490199")), "qz.fee") == []


def test_a_fee_per_code_counts_distinct_codes() -> None:
    """Three items of two codes: twice 1.50."""
    business = Importer("business")
    answer = ask(item("1"), item("2"), item("3", hs_code="610990"), importer=business)

    assert (line(answer, "qz.codes").amount, line(answer, "qz.codes").formula) == (300, "2 × 1.50 USD")


def test_a_column_of_the_tariff_beside_the_duty() -> None:
    """Excise: named by the code (12 %), by a band (5 to 20 %), or by the rule for all others (3 %)."""
    gin = line(ask(item(hs_code="220820")), "qz.excise")
    wine = line(ask(item(hs_code="220421")), "qz.excise")
    beer = line(ask(item(hs_code="220300")), "qz.excise")

    assert [(one.amount, one.range) for one in (gin, wine, beer)] == [(1320, None), (1100, (550, 2200)), (300, None)]


def test_a_stamp_nobody_knows_any_more_has_bounds_in_another_currency() -> None:
    """6 to 12 MXN at 20 for a dollar: 0.30 to 0.60; whether it holds alcohol decides whether it is due at all."""
    drink = item(hs_code="220820", attributes={"alcohol": "yes"})
    known = ask(drink, date=date(2026, 4, 1))
    unknown = ask(drink)

    assert [(line(one, "qz.stamp").amount, line(one, "qz.stamp").range) for one in (known, unknown)] == [
        (30, None),
        (60, (30, 60)),
    ]
    assert [(rate.base, rate.quote) for rate in known.exchange_rates] == [("MXN", "USD")]


def test_rounding_follows_the_rule() -> None:
    """1 % of 109.99 in steps of 5 cents, downwards: 1.05."""
    green = Seller(frozenset({"qz.green"}))
    answer = ask(item(price="109.99", hs_code="852349", origin="EE"), seller=green)

    assert line(answer, "qz.green").amount == 105


def test_law_from_memory_makes_an_estimate() -> None:
    """A fee without a source is charged and said."""
    answer = ask(seller=Seller(registrations=frozenset({"AA"})))

    assert (line(answer, "qz.memory").amount, codes(answer, "estimated"), answer.evidence) == (
        100,
        ["rule.memory"],
        "C",
    )


def test_old_evidence_makes_an_estimate() -> None:
    """The surcharge of AA moves fast: 120 days past the last look it is not trusted."""
    fresh, stale = (ask(item(origin="AA"), date=on) for on in (date(2026, 10, 28), date(2026, 10, 29)))

    assert [("rule.stale" in codes(one)) for one in (fresh, stale)] == [False, True]
    assert stale.outcome == "estimated"
