"""The whole answer: what is forbidden, what is refused, and that its figures hold together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from landed_cost import Amount, Importer, Item, Place, Quote, Seller, Shipment, ShipmentError, quote
from landed_cost.messages import codes as known_codes
from tests.unit.landed_cost.qz import MAY, RATES, ask, book, codes, item, line, shipment, usd


def test_what_needs_a_paper_says_so() -> None:
    """Plants need one; the surcharge that was charged brings a remark; the season is the parcel's."""
    answer = ask(item("1", hs_code="060210"), item("2", origin="AA"))

    assert [(one.id, one.severity, one.item, one.until) for one in answer.restrictions] == [
        ("qz.season", "advises", None, None),
        ("qz.plants", "requires", "1", None),
        ("qz.charged", "advises", "2", date(2026, 12, 31)),
    ]


def test_what_is_perhaps_forbidden_is_settled_first() -> None:
    """Whether it is on the list of arms is not known: shown as a condition, and the answer is an estimate."""
    answer = ask(item(hs_code="930100"))

    assert [(one.id, one.severity, one.certain) for one in answer.restrictions] == [
        ("qz.season", "advises", True),
        ("qz.arms", "requires", False),
    ]
    assert (answer.outcome, "restriction.perhaps" in codes(answer, "estimated")) == ("estimated", True)


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({"terms": "DDP"}, "refused"),
        ({"terms": "DDP", "seller": Seller(registrations=frozenset({"QZ"}))}, "complete"),
        ({"terms": "DDP", "date": date(2026, 1, 31)}, "complete"),
        ({"terms": "DAP"}, "complete"),
    ],
)
def test_a_seller_who_cannot_import_is_refused(more: dict[str, Any], outcome: str) -> None:
    """DDP freight needs a registration, while that rule is in force; the reason brings its own sentence."""
    answer = ask(**more)

    assert answer.outcome == outcome
    if outcome == "refused":
        assert (answer.reasons[0].code, answer.reasons[0].params["message_en"]) == ("qz.ddp", "No importer.")


def test_the_payer_follows_the_terms() -> None:
    """DDP: the seller; else the buyer."""
    ddp = ask(terms="DDP", seller=Seller(registrations=frozenset({"QZ"})))

    assert [line(one, "qz.duty").payer for one in (ddp, ask())] == ["seller", "buyer"]


def test_a_country_we_do_not_cover_is_refused() -> None:
    """The goods stay, converted with a rate that is named."""
    answer = ask(item(unit_price=Amount(Decimal(2000), "MXN")), destination=Place("XX"))

    assert (answer.outcome, codes(answer), answer.totals.goods) == ("refused", ["destination.not_covered"], 10000)
    assert ([(rate.base, rate.quote) for rate in answer.exchange_rates], answer.versions.schedule) == (
        [("MXN", "USD")],
        "none",
    )


def test_a_day_before_our_evidence_is_refused() -> None:
    """We do not answer for law that nobody looked up."""
    answer = ask(date=date(2025, 12, 31))

    assert (answer.outcome, codes(answer)) == ("refused", ["date.before_evidence"])


def test_a_quote_is_good_until_the_law_changes() -> None:
    """Fourteen days, or the day before a known change."""
    found = [ask(date=on).valid_until for on in (date(2026, 3, 1), date(2026, 5, 20))]

    assert found == [date(2026, 3, 15), date(2026, 5, 31)]


def test_costs_outside_the_quote_are_named() -> None:
    """Storage always, port charges by sea."""
    found = [[id_ for id_, _ in ask(transport=way).not_included] for way in ("air", "sea")]

    assert found == [["qz.storage"], ["qz.storage", "qz.sea"]]


def test_everything_wrong_is_told_at_once() -> None:
    """Each fault with the place it stands in."""
    wrong = item(
        "1",
        unit_price=Amount(Decimal("NaN"), "USD"),
        quantity=Decimal(0),
        attributes={"colour": "red"},
        measures={"volume_l": Decimal(-1), "depth": Decimal(1)},
        preference="qz_none",
        hs_code="000000",
    )
    gift = item("2", unit_price=usd("0"), quantity=Decimal("Infinity"), weight_kg=Decimal(-1))
    huge = item("3", price="1e18", quantity=Decimal(2))
    many = item("4", price="1e17", quantity=Decimal(100), unit_price=Amount(Decimal("1e17"), "XXX"))
    sent = shipment(
        wrong,
        gift,
        huge,
        many,
        date=date(2100, 1, 1),
        freight=Amount(Decimal(-1), "JPY"),
        insurance=Amount(Decimal(1), "XXX"),
        importer=Importer(day_value=Amount(Decimal(1), "YYY"), year_value=usd("-1")),
        destination=Place("QZ", "ZZ"),
    )

    with pytest.raises(ShipmentError) as caught:
        quote(sent, book())

    assert [(one.pointer, one.code) for one in caught.value.problems] == [
        ("/date", "date.range"),
        ("/destination/region", "region.unknown"),
        ("/freight/amount", "amount.invalid"),
        ("/importer/prior_use/year_value/amount", "amount.invalid"),
        ("/items/0/unit_price/amount", "amount.invalid"),
        ("/items/2/unit_price/amount", "total.too_large"),
        ("/freight/currency", "currency.unknown"),
        ("/insurance/currency", "currency.unknown"),
        ("/importer/prior_use/day_value/currency", "currency.unknown"),
        ("/items/3/unit_price/currency", "currency.unknown"),
        ("/items/0/quantity", "measure.zero"),
        ("/items/0/attributes/colour", "attribute.unknown"),
        ("/items/0/measures/volume_l", "measure.invalid"),
        ("/items/0/measures/depth", "measure.unknown"),
        ("/items/0/preference", "choice"),
        ("/items/1/declared_value", "declared_value.needed"),
        ("/items/1/quantity", "measure.invalid"),
        ("/items/1/weight", "measure.invalid"),
        ("/items/2/quantity", "total.too_large"),
        ("/items/3/quantity", "total.too_large"),
        ("/items/0/hs_code", "hs.invalid"),
    ]
    assert "/date: date.range" in str(caught.value)


def test_a_code_that_does_not_exist_names_its_neighbours() -> None:
    """The tariff goes down to six digits, so a code outside it is a fault of the request."""
    with pytest.raises(ShipmentError) as caught:
        ask(item(hs_code="610999"))

    (problem,) = caught.value.problems
    assert (problem.pointer, problem.code, problem.params) == (
        "/items/0/hs_code",
        "hs.unknown",
        {"code": "610999", "nearest": "6109.10; 6109.90"},
    )


CODES = ["610910", "6109", "61", "620342", "6203", "620419", "490199", "300490", "220421", "220820", "731815", "7615"]
CODES += ["852349", "170199", "930100", "060210", "6109100012"]
ORIGINS = [None, "AA", "BB", "CC", "DD", "EE", "GG", "HH", "JJ", "XX", "ZZ"]
MONEY = st.decimals(Decimal("0.01"), Decimal(10) ** 9, places=2, allow_nan=False)
CURRENCIES = st.sampled_from(["USD", "MXN", "CLP", "KWD", "EUR"])
AMOUNT = st.builds(Amount, MONEY, CURRENCIES)


@st.composite
def goods(draw: st.DrawFn, index: int) -> Item:
    """An item of any kind that QZ knows."""
    return Item(
        str(index),
        "",
        draw(st.decimals(Decimal("0.001"), Decimal(10) ** 6, places=3)),
        draw(AMOUNT),
        hs_code=draw(st.sampled_from(CODES)),
        origin=draw(st.sampled_from(ORIGINS)),
        origin_evidence=draw(st.sampled_from(["none", "declared", "certificate"])),
        preference=draw(st.sampled_from(["auto", "none", "qz_pact", "qz_league"])),
        weight_kg=draw(st.none() | st.just(Decimal(0)) | st.just(Decimal("0.2"))),
        attributes=draw(
            st.dictionaries(
                st.sampled_from(["fiber", "pharmaceutical_use", "alcohol"]), st.sampled_from(["yes", "no", "wool"])
            )
        ),
    )


@st.composite
def shipments(draw: st.DrawFn, held: frozenset[str]) -> Shipment:
    """Any parcel to QZ whose price may hold some of the parts."""
    count = draw(st.integers(1, 3))
    channel = draw(st.sampled_from(["postal", "courier", "freight"]))
    return shipment(
        *(draw(goods(index)) for index in range(count)),
        date=draw(st.dates(date(2026, 1, 1), date(2099, 12, 31))),
        destination=Place("QZ", draw(st.sampled_from([None, "NO", "SO", "UN"]))),
        channel=channel,
        transport="sea" if channel == "freight" else None,
        currency=draw(CURRENCIES),
        freight=draw(st.none() | AMOUNT),
        insurance=draw(st.none() | AMOUNT),
        price_includes=draw(st.frozensets(st.sampled_from(sorted(held)))),
        importer=Importer(draw(st.sampled_from(["consumer", "business"])), day_value=draw(st.none() | AMOUNT)),
        seller=Seller(draw(st.frozensets(st.just("qz.green"))), draw(st.frozensets(st.sampled_from(["AA", "QZ"])))),
        terms=draw(st.sampled_from(["DAP", "DDP"])),
    )


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(shipments(frozenset({"freight"})))
@example(shipment(date=date(2096, 2, 29)))
@example(shipment(*(item(str(index)) for index in range(200))))
def test_every_answer_holds_together(sent: Shipment) -> None:
    """Totals are sums, ranges hold what is shown, a refusal has a reason, and estimated never comes without one."""
    holds_together(sent)


# Each of them is reckoned some hundred times over, until the value without duties and taxes is found.
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(shipments(frozenset({"freight", "duties", "taxes"})))
def test_so_does_that_to_a_price_which_holds_duties(sent: Shipment) -> None:
    """Whatever parts of the price are to be told from the value."""
    holds_together(sent)


def holds_together(sent: Shipment) -> None:
    """Check the answer to a request, and that it comes again."""
    answer = quote(sent, book())

    assert answer == quote(sent, book())
    assert set(codes(answer)) <= known_codes() | {"qz.ddp"}
    levels = {reason.level for reason in answer.reasons}
    assert answer.outcome == (
        "refused" if "refused" in levels else "estimated" if "estimated" in levels else "complete"
    )
    if answer.outcome != "refused":
        check(answer)


def check(answer: Quote) -> None:
    """Check sums, ranges and allocations of an answer with figures."""
    totals = answer.totals
    assert totals.import_charges == sum(charge.amount for charge in answer.charges)
    assert totals.import_charges == (totals.duties or 0) + (totals.taxes or 0) + (totals.fees or 0)
    for name, amount in (("import_charges", totals.import_charges), ("landed", totals.landed)):
        low, high = answer.ranges[name]
        assert amount is not None
        assert high is not None
        assert low <= amount <= high
        assert answer.outcome == "estimated" or low == high
    for charge in answer.charges:
        assert charge.amount >= 0
        assert not charge.allocation or sum(part for _, part in charge.allocation) == charge.amount
        if charge.range is not None and charge.range[1] is not None:
            assert charge.range[0] <= charge.amount <= charge.range[1]
    assert [one.import_charges for one in answer.options if one.chosen] == [totals.import_charges]


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_more_goods_are_never_cheaper(few: int, more: int) -> None:
    """Where every charge grows with the value, so does the landed cost."""
    business = Importer("business")
    less, whole = (
        ask(item(quantity=Decimal(count), price="1"), importer=business).totals.landed for count in (few, few + more)
    )

    assert (less or 0) <= (whole or 0)


def test_a_day_without_a_later_change_is_no_error() -> None:
    """The last change of law lies behind."""
    assert ask(date=date(2099, 12, 31)).valid_until == date(2100, 1, 14)
    assert MAY.year == RATES.as_of.year


def test_a_parcel_that_crosses_no_border_is_told_so() -> None:
    """Sent from QZ to QZ, wherever it was made: nothing is imported, so nothing is reckoned."""
    answer = ask(item(origin="AA"), dispatch=Place("QZ"))

    assert [(one.code, one.level, dict(one.params)) for one in answer.reasons] == [
        ("dispatch.domestic", "refused", {"country": "QZ"})
    ]
    assert (answer.outcome, answer.totals.goods, answer.totals.landed, answer.charges) == ("refused", 10000, None, ())


def test_goods_that_are_paid_for_have_no_second_value() -> None:
    """A declared value beside a price is a fault of the request."""
    with pytest.raises(ShipmentError) as caught:
        ask(item(price="100", declared_value=usd("40")))

    assert [(one.pointer, one.code, dict(one.params)) for one in caught.value.problems] == [
        ("/items/0/declared_value", "declared_value.unexpected", {})
    ]


def test_a_currency_that_nobody_knows_is_told_where_it_stands_and_nowhere_else() -> None:
    """The answer is wanted in XXX; the pesos of the price can be read and are no fault."""
    with pytest.raises(ShipmentError) as caught:
        ask(item(unit_price=Amount(Decimal(2000), "MXN")), currency="XXX")

    assert [(one.pointer, one.code, dict(one.params)) for one in caught.value.problems] == [
        ("/currency", "currency.unknown", {"currency": "XXX"})
    ]
