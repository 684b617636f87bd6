"""What stands against a declaration, and what is only to be known."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost.money import Money
from landed_cost.rates import load_rates
from shopkit.papers import forms
from shopkit.papers.checks import check
from shopkit.papers.declaration import Restriction
from shopkit.papers.findings import Finding
from shopkit.papers.words import _read, tell, why
from tests.unit.shopkit.papers.examples import MUG, PARCEL, RECIPIENT, SENDER, SHIRT

if TYPE_CHECKING:
    from shopkit.papers.declaration import Declaration, Line

PARCELS = forms.Choice("cn23", "form_parcel")
COUNTRIES = frozenset({"MX", "US"})


def found(of: Declaration) -> set[tuple[str, str, str]]:
    """Return what is wrong with a declaration on CN 23."""
    findings = check(of, "cn23", PARCELS, with_codes=COUNTRIES)
    assert all(tell(one, language) for one in findings for language in _said(one))
    return {(one.level, one.code, one.where) for one in findings}


def _said(one: Finding) -> tuple[str, ...]:
    """Return the languages a finding of these tests is said in: a rule of a destination has English alone here."""
    return ("en",) if one.code.startswith("restriction") else ("es", "pt", "en")


def with_line(**more: Any) -> Declaration:
    """Return the parcel with one line, some of it replaced."""
    line: Line = replace(SHIRT, **more)
    return replace(PARCEL, lines=(line,), goods=line.minor)


def test_a_whole_declaration_may_be_printed() -> None:
    """Nothing is wrong with it."""
    assert found(PARCEL) == set()


@pytest.mark.parametrize("who", ["sender", "recipient"])
@pytest.mark.parametrize("field", ["name", "street", "city", "postal_code"])
def test_each_part_of_an_address_that_is_missing_is_named(who: str, field: str) -> None:
    """Sender and recipient are complete, or nothing is printed."""
    blank: dict[str, Any] = {field: ""}
    party: dict[str, Any] = {who: replace(SENDER if who == "sender" else RECIPIENT, **blank)}

    assert found(replace(PARCEL, **party)) == {("block", "party_missing", f"{who}/{field}")}


def test_a_country_without_postal_codes_needs_none() -> None:
    """Of an address in Panama no code is asked for."""
    there = replace(RECIPIENT, country="PA", postal_code="")

    assert found(replace(PARCEL, recipient=there, quoted="PA")) == set()


def test_letters_of_europe_are_printed() -> None:
    """Accents, Greek and Cyrillic are drawn, so that nothing is said of them."""
    there = replace(RECIPIENT, name="Ωmega Łódź, Ñandú n.º 3", street="ул. Мира 1", city="O'Higgins")

    assert found(replace(PARCEL, recipient=there)) == set()


def test_a_recipient_can_be_reached() -> None:
    """Telephone or e-mail of the recipient is needed, of the sender asked for."""
    silent = replace(PARCEL, recipient=replace(RECIPIENT, phone=""), sender=replace(SENDER, email=""))

    assert found(silent) == {
        ("block", "contact_missing", "recipient/phone"),
        ("warn", "contact_missing", "sender/phone"),
    }


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"hs_code": ""}, "hs_missing", "hs_code"),
        ({"hs_code": "90111"}, "hs_short", "hs_code"),
        ({"hs_code": "9011100"}, "hs_zero", "hs_code"),
        ({"hs_code": "6109.1O"}, "hs_signs", "hs_code"),
        ({"origin": ""}, "origin_missing", "origin"),
        ({"origin": "XX"}, "country_unknown", "origin"),
        ({"minor": 0}, "no_value", "value"),
        ({"quantity": 0, "packed": 0}, "no_pieces", "quantity"),
        ({"net_kg": None}, "weight_missing", "net_weight"),
        ({"net_kg": Decimal(0)}, "weight_missing", "net_weight"),
        ({"description": "Gift"}, "description_forbidden", "description"),
    ],
)
def test_what_a_line_lacks_stands_against_it(more: dict[str, Any], code: str, field: str) -> None:
    """Code, origin, value, pieces, weight, words: each is named, none is filled in."""
    assert ("block", code, f"lines/1/{field}") in found(with_line(**more))


@pytest.mark.parametrize("code", ["0901.11", "6109.10.00.12", "090111", "61091000"])
def test_codes_are_counted_by_their_digits(code: str) -> None:
    """With dots or without, six, eight or ten digits."""
    assert found(with_line(hs_code=code)) == set()


@pytest.mark.parametrize(
    ("more", "code", "where"),
    [
        ({"is_closed": True}, "order_ended", ""),
        ({"category": "gift"}, "gift_is_sale", "category"),
        ({"quoted": "CA"}, "other_destination", "recipient/country"),
        ({"goods": 6_600}, "total_not_orders", "value"),
        ({"invoice": "F-000001", "invoice_goods": 1}, "total_not_invoices", "value"),
        ({"gross_kg": None}, "gross_missing", "gross_weight"),
        ({"gross_kg": Decimal("0.56")}, "net_above_gross", "gross_weight"),
        ({"service": "letter", "gross_kg": Decimal("2.001")}, "letter_too_heavy", "gross_weight"),
        ({"number": "RB123456786MX"}, "number_digit", "number"),
        ({"number": "JD014600006281230701"}, "number_wrong", "number"),
        ({"lines": (replace(SHIRT, packed=1), MUG)}, "packed_in_part", ""),
        ({"dropped": 1}, "dropped", ""),
        ({"tracking": "RR123456785MX"}, "number_other", "number"),
        ({"restrictions": (Restriction(is_ban=True, says={"en": "No"}, line=2),)}, "restriction", "lines/2"),
        ({"recipient": replace(RECIPIENT, name="東京 太郎")}, "letters_not_printed", "recipient/name"),
        (
            {"lines": (SHIRT, replace(MUG, description="Enamel mug 馬克杯"))},
            "letters_not_printed",
            "lines/2/description",
        ),
    ],
)
def test_what_would_not_be_true_is_not_printed(more: dict[str, Any], code: str, where: str) -> None:
    """Totals, weights, number, destination, category, what is packed: each fits, or nothing is printed."""
    assert found(replace(PARCEL, **more)) == {("block", code, where)}


@pytest.mark.parametrize(
    ("more", "code", "where"),
    [
        ({"number": ""}, "number_missing", "number"),
        ({"number": "RB123456785GB"}, "number_elsewhere", "number"),
        ({"reduced": 500}, "reduced", "value"),
        ({"restrictions": (Restriction(is_ban=False, says={"en": "A label"}),)}, "restriction", ""),
        (
            {"restrictions": (Restriction(is_ban=True, says={"en": "No"}, line=1, is_certain=False),)},
            "restriction_perhaps",
            "lines/1",
        ),
        ({"channel": "courier"}, "quoted_courier", "service"),
        ({"lines": (replace(SHIRT, packed=0), replace(MUG, packed=0))}, "not_packed", ""),
        (
            {"lines": (SHIRT, replace(MUG, description="Taza de peltre pintada", language="es"))},
            "description_language",
            "lines/2/description",
        ),
    ],
)
def test_what_is_to_be_known_is_said(more: dict[str, Any], code: str, where: str) -> None:
    """It does not stand against the paper."""
    assert found(replace(PARCEL, **more)) == {("warn", code, where)}


def test_a_language_of_the_destination_is_read_there() -> None:
    """Spanish goes to Chile as it is."""
    line = replace(MUG, description="Taza de peltre pintada", language="es")

    assert (
        found(replace(PARCEL, lines=(line,), goods=1_599, recipient=replace(RECIPIENT, country="CL"), quoted="CL"))
        == set()
    )


def test_goods_may_weigh_all_that_the_parcel_weighs() -> None:
    """Without packing, net and gross weight are one."""
    assert found(replace(PARCEL, gross_kg=PARCEL.net_kg)) == set()


def test_more_than_thirty_lines_stop_only_what_usps_labels() -> None:
    """USPS takes thirty; of other posts it is not known, so that it is said."""
    many = replace(PARCEL, lines=(SHIRT,) * 31, goods=31 * 5_000, gross_kg=Decimal(20))
    american = replace(many, sender=replace(SENDER, country="US"), number="")

    assert found(many) == {("warn", "many_lines", "lines")}
    assert ("block", "many_lines", "lines") in found(american)


def test_cn22_is_not_printed_where_it_is_not_enough() -> None:
    """A parcel has CN 23, whatever it is worth."""
    assert [one.code for one in check(PARCEL, "cn22", PARCELS)] == ["cn22_not_enough"]


def test_every_word_is_there_in_three_languages() -> None:
    """Each finding and each choice of form is said in Spanish, Portuguese and English."""
    said = _read("messages.yaml")
    names = (
        "agreement amount called code countries country currency expected gross insured issued issuer known "
        "language limit lines most net number ordered other packed pieces quoted sign source status term text value "
        "invoice proposal en es pt"
    )
    params = dict.fromkeys(re.findall("[a-z]+", names), "x")
    for language in ("es", "pt", "en"):
        assert all(tell(Finding("warn", code, "lines/2/value", params), language) for code in said["finding"])
        assert all(why(forms.Choice("cn23", one, None), language) for one in said["choice"])


@pytest.mark.parametrize(
    ("minor", "form", "reason"),
    [(39_999, "cn22", "form_below"), (40_000, "cn23", "form_from"), (40_001, "cn23", "form_from")],
)
def test_a_letter_has_cn22_below_300_sdr(minor: int, form: str, reason: str) -> None:
    """At 0.75 SDR for a dollar, 400.00 USD are 300 SDR: there CN 23 begins, compared unrounded."""
    rates = load_rates("base,quote,rate,date,kind,source\nUSD,XDR,0.75,2026-11-20,market,example\n")
    found = forms.choose("letter", minor, "USD", rates, PARCEL.posted_on)

    assert (found.form, found.reason) == (form, reason)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-11-23", "form_below"),
        ("2026-11-13", "form_below"),
        ("2026-11-12", "form_old_rate"),
        ("2026-11-24", "form_old_rate"),
    ],
)
def test_a_rate_counts_from_its_day_for_ten_days(day: str, reason: str) -> None:
    """Posted on the 23rd: a rate of a later day is none, nor is one of eleven days before; CN 23 then."""
    rates = load_rates(f"base,quote,rate,date,kind,source\nUSD,XDR,0.75,{day},market,example\n")

    assert forms.choose("letter", 100, "USD", rates, PARCEL.posted_on).reason == reason


def test_without_a_rate_it_is_cn23_and_why() -> None:
    """A currency without a way to the SDR: not known, so the form that is always accepted."""
    rates = load_rates("base,quote,rate,date,kind,source\nUSD,MXN,18,2026-11-20,market,example\n")

    assert forms.choose("letter", 100, "MXN", rates, PARCEL.posted_on) == forms.Choice("cn23", "form_no_rate")


def test_other_services_do_not_ask_the_rate() -> None:
    """Parcels and EMS have CN 23 at any value, a courier takes the invoice."""
    rates = load_rates("base,quote,rate,date,kind,source\nUSD,XDR,0.75,2026-11-20,market,example\n")
    found = [forms.choose(one, 1, "USD", rates, PARCEL.posted_on).form for one in ("parcel", "ems", "courier")]

    assert found == ["cn23", "cn23", "invoice"]


@pytest.mark.parametrize(
    ("minor", "form", "reason"),
    [(749_999, "cn22", "form_fixed_below"), (750_000, "cn23", "form_fixed_from"), (750_001, "cn23", "form_fixed_from")],
)
def test_a_post_may_have_an_equivalent_of_its_own(minor: int, form: str, reason: str) -> None:
    """In its currency it goes before the rate; in another the rate is asked, and without one it is CN 23."""
    rates = load_rates("base,quote,rate,date,kind,source\nUSD,XDR,0.75,2026-11-20,market,example\n")
    fixed = Money(750_000, "MXN")
    found = forms.choose("letter", minor, "MXN", rates, PARCEL.posted_on, fixed)
    other = forms.choose("letter", 39_999, "USD", rates, PARCEL.posted_on, fixed)

    assert (found.form, found.reason) == (form, reason)
    assert (other.form, other.reason) == ("cn22", "form_below")


@pytest.mark.parametrize(
    ("origin", "kilograms", "problems"),
    [
        ("BR", "30", set()),
        ("BR", "30.001", {("block", "parcel_too_heavy", "gross_weight")}),
        ("PE", "50.001", {("block", "parcel_too_heavy", "gross_weight")}),
        ("EC", "30.001", {("warn", "parcel_too_heavy", "gross_weight")}),
        ("MX", "99", set()),
    ],
)
def test_a_parcel_has_the_limit_that_a_source_says(
    origin: str, kilograms: str, problems: set[tuple[str, str, str]]
) -> None:
    """Verified it keeps the paper back, from memory it is said; where no source says one, nothing is."""
    of = replace(PARCEL, sender=replace(SENDER, country=origin), number="", gross_kg=Decimal(kilograms))

    assert {one for one in found(of) if one[2] == "gross_weight"} == problems
