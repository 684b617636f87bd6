"""The export side of a parcel: what serves it at the limits, what is due and comes back, and that nothing is summed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost import Amount, Item, Money, Place, Rulebook, Shipment, load_rulebook, quote
from landed_cost.origins import Parcel, advise, eligible
from landed_cost.rates import load_rates
from landed_cost.rulebook.origins import read_origins
from landed_cost.rulebook.reader import read_text
from tests.unit.landed_cost.rulebook.small import spoken

if TYPE_CHECKING:
    from landed_cost import Quote
    from landed_cost.rulebook.origins import Origin

JUNE = date(2026, 6, 1)
# Every word of the export side once, in a country that does not exist.
QY = spoken("""\
- country: QY
  name: {en: Y, es: Y, pt: Y}
  facts:
  - {id: qy.value, what: Limit, value: "100", unit: USD, from: null, to: null, known_until: null, status: memory}
  - {id: qy.fee, what: Fee, value: "2.50", unit: USD, from: null, to: null, known_until: null, status: memory}
  - {id: qy.ended, what: Old limit, value: "10", unit: USD, from: null, to: 2025-12-31, then: ended, known_until: null, status: memory}
  - {id: qy.open, what: Limit nobody knows, value: unknown, unit: USD, from: null, to: null, known_until: null, status: memory}
  - {id: qy.weight, what: Weight, value: unknown, low: "10", high: "20", unit: kg, from: null, to: null, known_until: null, status: memory}
  - {id: qy.refund, what: Refund, value: "3", unit: percent, from: 2026-01-01, to: null, known_until: null, status: memory}
  simplified:
  - {id: qy.easy, name: {en: Easy, es: Fácil, pt: Fácil}, when: {channel: [postal], goods: {at_most: qy.value}, hs_not: ["71", "610910"]}, files: {en: F, es: F, pt: F}, excludes: {en: X, es: X, pt: X}, cost: qy.fee}
  - {id: qy.heavy, name: {en: Heavy, es: Pesado, pt: Pesado}, when: {channel: [courier], weight: {at_most: qy.weight}}, files: {en: F, es: F, pt: F}}
  - {id: qy.odd, name: {en: Odd, es: Raro, pt: Raro}, when: {channel: [freight], goods: {below: qy.open}}, files: {en: F, es: F, pt: F}}
  - {id: qy.past, name: {en: Past, es: Pasado, pt: Passado}, when: {channel: [freight], goods: {at_most: qy.ended}}, files: {en: F, es: F, pt: F}, cost: qy.open}
  advisories:
  - {id: qy.books, kind: vat, when: {hs: ["4901"]}, message: {en: Books, es: Libros, pt: Livros}, from: null, to: null, known_until: null, status: memory}
  - {id: qy.back, kind: refund, rate: qy.refund, message: {en: Back, es: Vuelve, pt: Volta}, from: null, to: null, known_until: null, status: memory}
  - {id: qy.due, kind: fee, when: {goods: {at_least: qy.value}}, amount: qy.fee, message: {en: Due, es: Se debe, pt: É devido}, from: null, to: null, known_until: null, status: memory}
  - {id: qy.once, kind: fee, when: {goods: {over: qy.ended}}, message: {en: Once, es: Antes, pt: Antes}, from: null, to: null, known_until: null, status: memory}
  - {id: qy.aa, kind: advice, when: {destination: [AA]}, message: {en: A, es: A, pt: A}, from: 2026-03-01, to: 2026-08-31, known_until: null, status: memory}
  - {id: qy.not_bb, kind: advice, when: {destination_not: [BB]}, amount: qy.open, message: {en: B, es: B, pt: B}, from: null, to: null, known_until: null, status: memory}
- country: "*"
  name: {en: All, es: Todos, pt: Todos}
  advisories:
  - {id: all.antiques, kind: prohibition, when: {hs: ["9706"]}, message: {en: N, es: N, pt: N}, from: null, to: null, known_until: null, status: memory}
""")  # noqa: E501  # a rule to a line


def book() -> Rulebook:
    """Return the shipped rulebook with the export side of QY alone."""
    shipped = load_rulebook()
    return replace(shipped, tables=replace(shipped.tables, origins=read_origins(read_text(QY, "origins.yaml"))))


def parcel(dispatch: str, channel: str = "postal", usd: str | None = "50", kg: str | None = "1", **more: Any) -> Parcel:
    """Return a parcel of cotton T-shirts to the United States in June 2026."""
    goods = None if usd is None else Money(int(Decimal(usd) * 100), more.pop("currency", "USD"))
    weight = None if kg is None else Fraction(kg)
    plain: dict[str, Any] = {"destination": "US", "on": JUNE, "hs": ("610910",)}
    return Parcel(dispatch, channel=channel, goods=goods, gross_kg=weight, **(plain | more))


def verdicts(asked: Parcel, rules: Rulebook | None = None) -> dict[str, tuple[str, list[str]]]:
    """Return what is said of each simplified way out."""
    found = eligible(asked, rules or load_rulebook())
    return {one.regime.id: (one.verdict, [reason.code for reason in one.reasons]) for one in found}


@pytest.mark.parametrize(
    ("asked", "way", "verdict", "reasons"),
    [
        # Peru: 7,500 USD and 50 kg by post since 2018-06-21, 5,000 the day before; 5,000 by courier.
        (parcel("PE", usd="7500", kg="50"), "pe.exporta_facil", "yes", []),
        (parcel("PE", usd="7500.01", kg="50"), "pe.exporta_facil", "no", ["export.value"]),
        (parcel("PE", usd="7500", kg="50.001"), "pe.exporta_facil", "no", ["export.weight"]),
        (parcel("PE", usd="7500.01", kg="50.001"), "pe.exporta_facil", "no", ["export.value", "export.weight"]),
        (parcel("PE", usd="5000.01", on=date(2018, 6, 20)), "pe.exporta_facil", "no", ["export.value"]),
        (parcel("PE", usd="5000.01", on=date(2018, 6, 21)), "pe.exporta_facil", "yes", []),
        (parcel("PE", kg=None), "pe.exporta_facil", "unknown", ["export.weight_absent"]),
        (parcel("PE", usd=None), "pe.exporta_facil", "unknown", ["export.value_absent"]),
        (parcel("PE", "courier", usd="5000"), "pe.courier", "yes", []),
        (parcel("PE", "courier", usd="5000.01"), "pe.courier", "no", ["export.value"]),
        # Brazil and Ecuador: 30 kg by post.
        (parcel("BR", kg="29.999"), "br.exporta_facil.due", "yes", []),
        (parcel("BR", kg="30"), "br.exporta_facil.due", "yes", []),
        (parcel("BR", kg="30.001"), "br.exporta_facil.due", "no", ["export.weight"]),
        (parcel("BR", usd="1000"), "br.exporta_facil.list", "yes", []),
        (parcel("BR", usd="1000.01"), "br.exporta_facil.list", "no", ["export.value"]),
        (parcel("BR", "courier", usd="1000.01"), "br.courier", "no", ["export.value"]),
        (parcel("EC", usd="5000", kg="30"), "ec.exporta_facil", "yes", []),
        (parcel("EC", usd="5000", kg="30.001"), "ec.exporta_facil", "no", ["export.weight"]),
        # Uruguay: up to 200 USD and below 20 kg.
        (parcel("UY", usd="200", kg="19.999"), "uy.ahiva", "yes", []),
        (parcel("UY", usd="200", kg="20"), "uy.ahiva", "no", ["export.weight"]),
        (parcel("UY", usd="200.01"), "uy.ahiva", "no", ["export.value"]),
        # and 2,000 USD of a micro or small enterprise, by any way.
        (parcel("UY", "freight", usd="2000"), "uy.mype", "yes", []),
        (parcel("UY", "freight", usd="2000.01"), "uy.mype", "no", ["export.value"]),
        # Argentina: 3,000 USD and 50 kg by courier, 15,000 by Exporta Simple.
        (parcel("AR", "courier", usd="3000", kg="50"), "ar.courier", "yes", []),
        (parcel("AR", "courier", usd="3000.01", kg="50"), "ar.courier", "no", ["export.value"]),
        (parcel("AR", "courier", usd="15000", kg="300"), "ar.exporta_simple", "yes", []),
        (parcel("AR", "courier", usd="15000.01"), "ar.exporta_simple", "no", ["export.value"]),
        (parcel("CL", "freight", usd="2000"), "cl.dussi", "yes", []),
        (parcel("CL", "freight", usd="2000.01"), "cl.dussi", "no", ["export.value"]),
        # Canada: below 2,000 CAD, and nothing is asked towards the United States.
        (parcel("CA", usd="1999.99", currency="CAD", destination="MX"), "ca.ndr", "yes", []),
        (parcel("CA", usd="2000", currency="CAD", destination="MX"), "ca.ndr", "no", ["export.value"]),
        (parcel("CA", usd="9000", currency="CAD", destination="PR"), "ca.ndr.us", "yes", []),
        (parcel("US", usd="2500", destination="MX"), "us.noeei", "yes", []),
        (parcel("US", usd="2500.01", destination="MX"), "us.noeei", "no", ["export.value"]),
        (parcel("PR", usd="2500", destination="DO"), "us.noeei", "yes", []),
        (parcel("ES", usd="1000", currency="EUR"), "es.other_act", "yes", []),
        (parcel("ES", usd="1000.01", currency="EUR"), "es.other_act", "no", ["export.value"]),
        (parcel("SV", "courier", usd="999.99"), "sv.simple", "yes", []),
        (parcel("SV", "courier", usd="1000"), "sv.simple", "no", ["export.value"]),
        # Colombia: sources say 1,000 and 5,000 USD, 30 and 50 kg.
        (parcel("CO", usd="1000", kg="30"), "co.exportafacil", "yes", []),
        (parcel("CO", usd="1000.01", kg="30"), "co.exportafacil", "unknown", ["export.limit_unknown"]),
        (parcel("CO", usd="5000", kg="30.001"), "co.exportafacil", "unknown", ["export.limit_unknown"] * 2),
        (parcel("CO", usd="5000.01", kg="30"), "co.exportafacil", "no", ["export.value"]),
    ],
)
def test_a_way_out_is_open_up_to_its_limits(asked: Parcel, way: str, verdict: str, reasons: list[str]) -> None:
    """At the limit itself and just above it, on the first day of a limit and the eve, and where sources differ."""
    assert verdicts(asked)[way] == (verdict, reasons)


@pytest.mark.parametrize(
    ("pesos", "verdict"),
    # At 20 MXN for a dollar 150,000.00 MXN is the limit of 7,500 USD; 150,000.09 is 7,500.0045, which rounds to it.
    [("150000", "yes"), ("150000.09", "no"), ("150000.10", "no")],
)
def test_a_converted_value_is_compared_unrounded(pesos: str, verdict: str) -> None:
    """A hair beyond the limit in another currency is beyond it."""
    rates = load_rates("base,quote,rate,date,kind,source\nUSD,MXN,20,2026-06-01,market,example\n")
    rules = load_rulebook().with_rates(rates)

    assert verdicts(parcel("PE", usd=pesos, currency="MXN"), rules)["pe.exporta_facil"][0] == verdict


@pytest.mark.parametrize("asked", [parcel("XX"), parcel("CA", destination="XX", channel="none")])
def test_a_country_or_a_way_without_rules_has_none(asked: Parcel) -> None:
    """Nothing is said where nothing is written."""
    assert "ca.ndr.us" not in verdicts(asked)
    assert advise(parcel("XX"), load_rulebook()) == ()


@pytest.mark.parametrize(
    ("codes", "verdict", "reasons"),
    [
        (("620520",), "yes", []),
        (("620520", "711319"), "no", ["export.goods"]),
        (("6109",), "unknown", ["export.goods_perhaps"]),
        ((), "unknown", ["export.goods_perhaps"]),
    ],
)
def test_goods_may_be_left_out(codes: tuple[str, ...], verdict: str, reasons: list[str]) -> None:
    """One such item is enough; a code too short to tell, or none, leaves it open."""
    assert verdicts(parcel("QY", hs=codes), book())["qy.easy"] == (verdict, reasons)


def test_what_nobody_knows_is_said_so() -> None:
    """A limit without a value is unknown; one that ended binds nobody; between two sources it is unknown."""
    assert verdicts(parcel("QY", "freight"), book()) == {
        "qy.odd": ("unknown", ["export.limit_unknown"]),
        "qy.past": ("yes", []),
    }
    assert verdicts(parcel("QY", "courier", kg="15"), book()) == {"qy.heavy": ("unknown", ["export.limit_unknown"])}


def said(asked: Parcel) -> list[tuple[str, str | None]]:
    """Return code and amount of what is said of a parcel from QY."""
    found = advise(asked, book())
    return [(one.code, None if one.amount is None else f"{one.amount.text} {one.amount.currency}") for one in found]


def test_advice_comes_with_its_amounts() -> None:
    """A refund is a share of the value, halves up; a fee is its fixed sum; what is unknown has no amount."""
    assert said(parcel("QY", usd="100.50", hs=("620520",), destination="BB")) == [
        ("export.serves_not", "2.50 USD"),
        ("export.ordinary", None),
        ("qy.back", "3.02 USD"),
        ("qy.due", "2.50 USD"),
    ]


def test_a_refund_that_has_not_begun_has_no_amount() -> None:
    """The advice stands; its figure is not made up."""
    assert said(parcel("QY", hs=("620520",), on=date(2025, 6, 1), destination="BB")) == [
        ("export.serves", "2.50 USD"),
        ("qy.back", None),
        ("qy.once", None),
    ]


def test_advice_looks_at_goods_destination_and_day() -> None:
    """Books by their code, a destination by name or by exception, between the first and the last day."""
    books = parcel("QY", "freight", hs=("490199",), destination="AA")

    assert said(books) == [
        ("export.serves_perhaps", None),
        ("export.serves", None),
        ("qy.books", None),
        ("qy.back", "1.50 USD"),
        ("qy.aa", None),
        ("qy.not_bb", None),
    ]
    assert "qy.aa" not in dict(said(replace(books, on=date(2026, 9, 1))))


def test_what_perhaps_concerns_a_parcel_is_said_without_an_amount() -> None:
    """A code too short, or a value not given, leaves the advice and takes the figure."""
    found = dict(said(parcel("QY", usd=None, hs=("97",), destination="BB")))

    assert found["all.antiques"] is None
    assert (found["qy.back"], found["qy.due"]) == (None, None)


def answer(rules: Rulebook, freight: int = 10) -> Quote:
    """Return the quote of two T-shirts from Peru to Chile."""
    shirts = Item("1", "T-shirt", Decimal(2), Amount(Decimal(30), "USD"), hs_code="610910", origin="PE")
    shipment = Shipment(date(2026, 10, 1), Place("PE"), Place("CL"), "courier", "USD", (shirts,))
    return quote(replace(shipment, freight=Amount(Decimal(freight), "USD"), insurance=Amount(Decimal(0), "USD")), rules)


def shop_with(origins: dict[str, Origin]) -> Rulebook:
    """Return the shipped rulebook with another export side and nothing settled yet."""
    shipped = load_rulebook()
    return replace(shipped, tables=replace(shipped.tables, origins=origins), _laws={})


def test_a_quote_shows_the_export_side_and_sums_none_of_it() -> None:
    """A refund at home lowers no landed cost: the totals are those of the same goods without an export side."""
    shown, plain = answer(load_rulebook()), answer(shop_with({}))

    assert [one.code for one in shown.advisories] == ["export.serves", "pe.export.drawback", "pe.export.vat"]
    assert shown.advisories[1].amount == Money(180, "USD")
    assert (plain.advisories, plain.totals) == ((), shown.totals)


def test_a_way_out_that_serves_is_said_once_for_all_parcels() -> None:
    """Two parcels of a lane that one way serves are told so by the same advisory."""
    first, second = answer(load_rulebook()), answer(load_rulebook(), freight=11)

    assert first.advisories[0].code == "export.serves"
    assert first.advisories[0] is second.advisories[0]


def test_what_is_said_of_every_parcel_is_made_once() -> None:
    """Where the export side asks nothing of the parcel but its way, the same advisories are handed out again."""
    text = """\
- country: PE
  name: {en: P, es: P, pt: P}
  advisories:
  - {id: pe.said, kind: advice, when: {channel: [courier]}, message: {en: S, es: S, pt: S}, from: null, to: null, known_until: null, status: memory}
"""  # noqa: E501  # a rule to a line
    rules = shop_with(dict(read_origins(read_text(text, "origins.yaml"))))

    first, second = answer(rules), answer(rules, freight=11)

    assert [one.code for one in first.advisories] == ["pe.said"]
    assert first.advisories is second.advisories
