"""The rulebook as a whole: what a day's law holds, and what is wrong with a folder."""

from __future__ import annotations

import gc
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from landed_cost import RulebookError, load_rulebook
from landed_cost.money import Money
from landed_cost.rates import default_rates
from landed_cost.rulebook.agreements import FeeExemption, PreferentialRate, Waiver
from landed_cost.rulebook.book import _KEPT, Rulebook
from tests.shop import COVERED
from tests.unit.landed_cost.qz import FOLDER, MAY, RATES, book, run_of, shipment
from tests.unit.landed_cost.rulebook.small import AGREEMENTS, SMALL, changed, fault, load, spoken, write

if TYPE_CHECKING:
    from pathlib import Path

RATES_OF_QY = """\
  rates: {QY: {value: "0", status: verified}}
  waiver: {QY: {amount: "100", currency: USD, status: verified}}
"""


def test_the_shipped_rulebook_covers_its_destinations() -> None:
    """Without a folder the rules of the package are read, once; each destination of theirs has worked cases."""
    assert set(load_rulebook().destinations) == COVERED
    assert load_rulebook() is load_rulebook()


def test_a_place_in_a_territory_has_its_schedule_and_its_agreements(tmp_path: Path) -> None:
    """Puerto Rico is in the customs territory of the United States: one tariff, the same agreements, none between."""
    text = changed(SMALL, "destination: QY\n", "destination: QX\ncustoms_territory: QY\n")
    folder = write(tmp_path, agreements=AGREEMENTS + RATES_OF_QY)
    (folder / "qx.yaml").write_text(spoken(text), "utf-8")

    book = load_rulebook(folder)
    (pact,) = book.agreements

    assert {one.country: one.territory for one in book.destinations.values()} == {"QX": "QY", "QY": "QY"}
    assert pact.members == {"QY": date(2020, 1, 1), "QX": date(2020, 1, 1), "AA": date(2020, 1, 1)}
    assert pact.rates["QX"] is pact.rates["QY"]
    assert pact.waivers["QX"] is pact.waivers["QY"]
    pairs = [("AA", "QX"), ("QX", "AA"), ("QX", "QY"), ("QY", "QX")]
    assert [pact.binds(*pair, MAY) for pair in pairs] == [True, True, False, False]


def test_an_agreement_of_others_is_nothing_to_a_territory() -> None:
    """A place has what its country has, and nothing where that is no member."""
    pact = book().agreements[0]

    assert pact.in_territories({"VV": "WW"}) is pact


def test_rates_are_the_default_ones_or_those_given() -> None:
    """The shipped rules answer with any table of rates; a folder of rules too."""
    found = [load_rulebook().rates, load_rulebook(rates=RATES).rates, load_rulebook(FOLDER).rates, book().rates]

    assert found == [default_rates(), RATES, default_rates(), RATES]


def test_the_version_is_that_of_the_folder() -> None:
    """Every quote names the version of the rules it was made with."""
    assert book().version == "qz.1"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("qy.yaml", None, "no destination file here; a rulebook has <cc>.yaml files"),
        ("VERSION", None, "there is no file VERSION; write the version of the rules into it"),
        ("qx.yaml", SMALL, "qx.yaml:1: destination QY stands here; name the file qy.yaml"),
        ("qy.yaml", "[a]", "qy.yaml:1: a map of keys is expected here; write key: value"),
        ("qy.yaml", "", "qy.yaml:1: the file is empty; begin with destination: CC"),
    ],
)
def test_a_folder_that_is_no_rulebook_is_told(tmp_path: Path, name: str, text: str | None, message: str) -> None:
    """What is missing or there twice is named."""
    folder = write(tmp_path)
    if text is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(spoken(text), "utf-8")

    with pytest.raises(RulebookError) as caught:
        load_rulebook(folder)

    assert message in str(caught.value)


def test_a_destination_has_a_file_or_a_folder(tmp_path: Path) -> None:
    """Both would be two laws of one place."""
    folder = write(tmp_path)
    (folder / "qy").mkdir()
    (folder / "qy" / "law.yaml").write_text(spoken(SMALL), "utf-8")

    with pytest.raises(RulebookError, match=r"qy/: there is a file qy\.yaml too; keep one of them"):
        load_rulebook(folder)


def test_the_territory_is_read_before_the_rest(tmp_path: Path) -> None:
    """Whose customs territory a place is in is found as a plain line; written otherwise it is told."""
    folder = write(tmp_path)
    (folder / "qy.yaml").write_text(spoken(SMALL) + '\ncustoms_territory: "QX"\n', "utf-8")

    with pytest.raises(RulebookError, match=r"qy\.yaml:1: write customs_territory: QX at the beginning of a line"):
        load_rulebook(folder)


def test_a_version_of_other_signs_is_told(tmp_path: Path) -> None:
    """The byte that is no UTF-8 is named."""
    folder = write(tmp_path)
    (folder / "VERSION").write_bytes(b"2026\xe9")

    with pytest.raises(RulebookError, match="VERSION: byte 4 is not UTF-8; save the file as UTF-8"):
        load_rulebook(folder)


def test_an_empty_folder_of_two_letters_is_no_destination(tmp_path: Path) -> None:
    """Only YAML files make a destination."""
    folder = write(tmp_path)
    (folder / "zz").mkdir()

    assert set(load_rulebook(folder).destinations) == {"QY"}


def test_a_rulebook_may_have_no_agreements(tmp_path: Path) -> None:
    """The file of agreements may be missing."""
    folder = write(tmp_path)
    (folder / "agreements.yaml").unlink()

    assert load_rulebook(folder).agreements == ()


def test_the_law_of_a_day_is_compiled_once_and_not_for_ever() -> None:
    """The same day gives the same object; a great many days do not fill the memory."""
    rules = book().with_rates(RATES)
    first = rules.at("QZ", MAY)

    assert rules.at("QZ", MAY) is first
    for day in range(_KEPT):
        rules.at("QZ", date.fromordinal(MAY.toordinal() + 1 + day))
    assert rules.at("QZ", MAY) is not first


def test_a_destination_that_is_not_covered_has_no_law() -> None:
    """Asking for it is an error of the caller."""
    with pytest.raises(KeyError):
        book().at("XX", MAY)


def test_without_a_store_there_is_no_official_schedule() -> None:
    """The embedded default needs no download."""
    assert book().schedule("QZ", MAY) is None


@pytest.mark.parametrize(
    ("on", "state", "threshold"),
    [(date(2026, 6, 30), "in_force", (5000, "USD")), (date(2026, 7, 1), "none", (-1, "USD"))],
)
def test_a_limit_that_ended_is_below_every_value(on: date, state: str, threshold: tuple[int, str]) -> None:
    """Nothing is within a limit that is no longer there."""
    run = run_of(shipment(date=on))

    assert (run.law.state("qz.limit"), run.threshold("qz.limit")) == (state, threshold)


def test_a_limit_nobody_knows_is_none() -> None:
    """It is not zero."""
    assert run_of(shipment()).threshold("qz.stamp") is None


def test_exemptions_are_those_of_the_day_and_of_their_regime() -> None:
    """Two regimes may use one charge id; each keeps its own exempting rows."""
    law = book().at("QZ", MAY)
    (entry,) = (regime for regime in law.destination.regimes if regime.id == "qz.entry")
    (extra,) = (charge for charge in entry.charges if charge.id == "qz.extra")
    other = replace(extra, exempt=())

    assert "qz.extra.past" not in [row.evidence.id for row in law.exemptions(extra)]
    assert (len(law.exemptions(extra)), law.exemptions(other)) == (6, ())


@pytest.mark.parametrize(
    ("on", "change"),
    [
        (date(2026, 1, 31), date(2026, 2, 1)),
        (date(2026, 4, 1), date(2026, 5, 1)),
        (date(2026, 5, 31), date(2026, 6, 1)),
        (date(2026, 8, 1), date(2026, 9, 1)),
        (date(2026, 12, 1), None),
    ],
)
def test_the_next_change_of_law_is_known(on: date, change: date | None) -> None:
    """A fact, a list, an exemption, a restriction or a condition that begins or ends is a change."""
    assert book().at("QZ", on).next_change == change


@pytest.mark.parametrize(
    ("origin", "on", "names"),
    [
        ("AA", MAY, ["qz_pact", "qz_league"]),
        ("AA", date(2020, 6, 1), ["qz_league"]),
        ("CC", date(2026, 4, 30), []),
        ("CC", date(2026, 5, 1), ["qz_pact"]),
        ("BB", MAY, []),
        ("QZ", MAY, []),
        ("EE", date(2025, 12, 31), ["qz_past"]),
        ("EE", date(2026, 1, 1), []),
        ("ZZ", MAY, []),
        (None, MAY, []),
    ],
)
def test_agreements_bind_pairs_by_date(origin: str | None, on: date, names: list[str]) -> None:
    """Both must be members on the day, the pair not taken out, and the agreement not over."""
    law = book().at("QZ", on)

    assert [one.id for one in law.agreements_for(origin)] == names
    assert law.agreements_for(origin) == law.agreements_for(origin)


def test_an_agreement_says_rates_and_waivers() -> None:
    """A rate nobody knows has bounds, up to the general rate; the waiver has an amount."""
    pact, league, past = book().agreements

    assert pact.rates["QZ"] == PreferentialRate(Fraction(0), Fraction(0), Fraction(0), "verified")
    assert league.rates["QZ"] == PreferentialRate(None, Fraction(1), None, "reported")
    assert pact.waivers == {"QZ": Waiver(Money(10_000, "USD"), "verified")}
    assert (past.waivers, past.rates, past.self_declared) == ({}, {}, False)


def test_an_agreement_that_is_signed_only_binds_nobody(tmp_path: Path) -> None:
    """Members without days are listed, and no goods may claim it on any day."""
    text = AGREEMENTS.replace("{QY: 2020-01-01, AA: 2020-01-01}", "[QY, AA]")
    (found,) = load(tmp_path, agreements=text).agreements

    assert "members: [QY, AA]" in text
    assert (found.in_force, set(found.members), found.binds("AA", "QY", date(2090, 1, 1))) == (
        False,
        {"QY", "AA"},
        False,
    )


def test_an_agreement_says_what_fees_it_frees_from_and_whether_a_waiver_leaves_a_declaration(tmp_path: Path) -> None:
    """The charges by id, the words in three languages, how sure it is."""
    more = """sources: [Act 1]
  waiver: {QY: {amount: "10", currency: USD, status: memory, declared: true}}
  fee_exemptions: {QY: {charges: [qy.fee], text: {en: None, es: Ninguna, pt: Nenhuma}, status: reported}}"""
    (found,) = load(tmp_path, agreements=AGREEMENTS.replace("sources: [Act 1]", more)).agreements

    assert found.fee_exemptions == {
        "QY": FeeExemption(("qy.fee",), {"en": "None", "es": "Ninguna", "pt": "Nenhuma"}, "reported")
    }
    assert found.waivers == {"QY": Waiver(Money(1000, "USD"), "memory", declared=True)}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("- id: qy_pact\n", "- note: x\n", "agreements.yaml:1: id is missing; add id: ..."),
        ("QY: 2020-01-01", "QY: 2020-1-1", "agreements.yaml:3: '2020-1-1' is not a date; write YYYY-MM-DD"),
        ("status: verified", "status: sure", "agreements.yaml:6: 'sure' is not one of verified, reported, memory,"),
        ("sources: [Act 1]", "x: 1", "agreements.yaml:1: status verified needs sources"),
        ("sources: [Act 1]", "sources: [Act 1]\n  x: 1", "agreements.yaml:8: unknown key 'x'; known here:"),
        (
            "sources: [Act 1]",
            "sources: [Act 1]\n  rates: {QY: {value: 1.5, status: verified}}",
            "agreements.yaml:8: 1.5 unquoted",
        ),
        (
            "sources: [Act 1]",
            "sources: [Act 1]\n  rates: {QY: {value: 1, status: verified, y: 1}}",
            "agreements.yaml:8: unknown key 'y'",
        ),
        (
            "sources: [Act 1]",
            "sources: [Act 1]\n  waiver: {QY: {amount: 1, currency: USD, status: verified, y: 1}}",
            "unknown key 'y'",
        ),
        (
            "sources: [Act 1]",
            "sources: [Act 1]\n  waiver: {QY: {amount: 1, currency: US, status: verified}}",
            "agreements.yaml:8: 'US' is no currency",
        ),
        (
            "sources: [Act 1]",
            'sources: [Act 1]\n  waiver: {QY: {amount: "0.001", currency: USD, status: verified}}',
            "is finer than the smallest unit of USD",
        ),
        ("sources: [Act 1]", "sources: [Act 1]\n  not_between: [QY, AA]", "agreements.yaml:8: a list is expected here"),
    ],
)
def test_a_fault_in_the_agreements_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Agreements are read as strictly as the law of a country."""
    assert message in fault(tmp_path, agreements=changed(AGREEMENTS, old, new))


def test_an_agreement_stands_once(tmp_path: Path) -> None:
    """Ids of agreements are unique."""
    said = fault(tmp_path, agreements=AGREEMENTS + AGREEMENTS)

    assert said == "agreements.yaml:8: agreement qy_pact stands twice; ids are unique"


def test_a_rulebook_can_be_given_other_rates_and_keeps_its_law(tmp_path: Path) -> None:
    """Only the rates are another; the old rulebook stays as it was."""
    old = load(tmp_path)
    new = old.with_rates(default_rates())

    assert isinstance(new, Rulebook)
    assert (new.rates, new.destinations, old.rates) == (default_rates(), old.destinations, RATES)


@pytest.mark.parametrize("collecting", [True, False])
def test_the_collector_is_left_as_it_was(tmp_path: Path, *, collecting: bool) -> None:
    """Whoever switched the collector off keeps it off, whoever did not has it back: a fault of the rules included."""
    before = gc.isenabled()
    try:
        (gc.enable if collecting else gc.disable)()
        with pytest.raises(RulebookError):
            load_rulebook(tmp_path)
        found = gc.isenabled()
    finally:
        (gc.enable if before else gc.disable)()

    assert found is collecting
