"""Facts by date: in force, unknown and not there are three states, and old evidence is told from fresh."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from landed_cost.model import Source
from landed_cost.rulebook.facts import Fact, FactBook, _title, fixed_amount, read_fact
from landed_cost.rulebook.reader import RulebookError, read_text


def fact(**changes: str) -> Fact:
    """Return a fact of a rate, with other texts for some of its keys."""
    keys = {
        "id": "r",
        "what": "{en: Rate, es: Tasa, pt: Taxa}",
        "value": '"10"',
        "unit": "percent",
        "from": "2026-01-01",
        "to": "null",
        "known_until": "2026-06-30",
        "status": "reported",
        "sources": "[Act 1]",
    }
    lines = "".join(f"{key}: {text}\n" for key, text in (keys | changes).items())
    return read_fact(read_text(lines, "f.yaml"))


@pytest.mark.parametrize(
    ("changes", "on", "state"),
    [
        ({}, date(2026, 1, 1), "in_force"),
        ({}, date(2025, 12, 31), "none"),
        ({"value": '"0"'}, date(2026, 2, 1), "in_force"),
        ({"value": "unknown"}, date(2026, 2, 1), "unknown"),
        ({"to": "2026-01-31", "then": "ended"}, date(2026, 1, 31), "in_force"),
        ({"to": "2026-01-31", "then": "ended"}, date(2026, 2, 1), "none"),
        ({"to": "2026-01-31", "then": "unknown"}, date(2026, 2, 1), "unknown"),
        ({"unit": "text", "value": "FOB"}, date(2026, 2, 1), "in_force"),
        ({"from": "null"}, date(1990, 1, 1), "in_force"),
    ],
)
def test_ended_unknown_and_zero_are_three_things(changes: dict[str, str], on: date, state: str) -> None:
    """A rule that ended is not there, one that nobody knows is unknown, and zero is in force."""
    assert FactBook([fact(**changes)]).at("r", on)[0] == state


def test_each_day_has_its_own_row() -> None:
    """On the day a new value begins the old one is over, whatever the order in the file."""
    rows = [
        fact(value='"12"', **{"from": "2026-06-01"}),
        fact(value='"10"', to="2026-05-31"),
    ]
    book = FactBook(rows)

    found = [book.at("r", on)[1].value for on in (date(2026, 5, 31), date(2026, 6, 1))]

    assert found == [Fraction(10), Fraction(12)]


def test_between_two_rows_the_gap_says_what_holds() -> None:
    """A hole with then: ended is no rule, and one with then: unknown an unknown one."""
    later = fact(**{"from": "2026-06-01"})
    states = []
    for then in ("ended", "unknown"):
        book = FactBook([fact(to="2026-01-31", then=then), later])
        states.append(book.at("r", date(2026, 3, 1))[0])

    assert states == ["none", "unknown"]


def test_before_its_first_row_a_rule_is_not_there() -> None:
    """The row that answers is then the one that will come."""
    row = fact()

    assert FactBook([row]).at("r", date(2020, 1, 1)) == ("none", row)


def test_a_group_lists_its_members_of_the_day() -> None:
    """Members that ended are not in the group, those nobody knows are."""
    rows = [
        fact(id="a", group="g", origin="[AA]"),
        fact(id="b", group="g", origin="[BB]", to="2026-01-31", then="ended"),
        fact(id="c", group="g", origin="[CC]", value="unknown"),
    ]

    found = FactBook(rows).group_at("g", date(2026, 2, 1))

    assert [(state, row.id) for state, row in found] == [("in_force", "a"), ("unknown", "c")]


@pytest.mark.parametrize(
    ("changes", "on", "stale"),
    [
        ({"volatility": "high"}, date(2026, 10, 28), False),
        ({"volatility": "high"}, date(2026, 10, 29), True),
        ({"volatility": "low"}, date(2028, 6, 30), False),
        ({"volatility": "low"}, date(2028, 7, 1), True),
        ({"known_until": "null"}, date(2026, 7, 1), True),
        ({"known_until": "null", "status": "memory"}, date(2030, 7, 1), False),
    ],
)
def test_evidence_ages(changes: dict[str, str], on: date, *, stale: bool) -> None:
    """What moves fast is trusted 120 days past what we know, statutes two years; memory has no date at all."""
    assert fact(**changes).is_stale(on) is stale


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "10%"),
        ({"unit": "per_mille", "value": '"3"'}, "3‰"),
        ({"unit": "USD", "value": '"33.58"'}, "33.58 USD"),
        ({"unit": "percent", "value": "unknown"}, "?%"),
        ({"unit": "USD", "value": "unknown", "low": "'0'", "high": "'9.35'"}, "0–9.35 USD"),
        ({"value": "unknown", "low": "'21'", "high": "'21'"}, "21%"),
    ],
)
def test_a_value_is_shown_as_people_write_it(changes: dict[str, str], shown: str) -> None:
    """Percent and per mille have their signs, money its currency."""
    assert fact(**changes).shown() == shown


def test_a_rate_is_a_plain_fraction() -> None:
    """16 percent of something is 4/25 of it, 3 per mille 3/1000."""
    found = (fact(value="16").ratio(Fraction(16)), fact(unit="per_mille").ratio(Fraction(3)))

    assert found == (Fraction(4, 25), Fraction(3, 1000))


def test_money_of_law_is_whole_in_its_smallest_unit() -> None:
    """Amounts become minor units of their own currency."""
    assert (fixed_amount(Fraction("33.58"), "USD"), fixed_amount(Fraction(41), "CLP")) == (3358, 41)


def test_sources_are_addresses_or_titles() -> None:
    """An address is shown by its host, a map by its title, a bare text by itself."""
    found = fact(sources='["https://law.example/a", {title: Act 2, url: "https://b.example"}, {title: Act 3}, Act 4]')

    assert found.sources == (
        Source("law.example: a", "https://law.example/a"),
        Source("Act 2", "https://b.example"),
        Source("Act 3", ""),
        Source("Act 4", ""),
    )


def test_what_a_fact_says_beside_its_value() -> None:
    """Headings, notes and the ids of the reference facts are kept."""
    found = fact(heading='"99.01"', note="N", fact="[x-1, x-2]", per="entry", mode="total_at_least", key='"K"')

    assert (found.heading, found.note, found.shared, found.mode, found.key) == (
        "99.01",
        "N",
        ("x-1", "x-2"),
        "total_at_least",
        "K",
    )
    assert fact(fact="x-1").shared == ("x-1",)


def test_a_fact_is_cited_with_its_days_and_its_evidence() -> None:
    """The reference of a quote carries id, sources, days, status and heading."""
    ref = fact(heading='"99.01"', source_count="3").ref

    assert (ref.id, ref.since, ref.until, ref.known_until, ref.status, ref.heading, ref.source_count) == (
        "r",
        date(2026, 1, 1),
        None,
        date(2026, 6, 30),
        "reported",
        "99.01",
        3,
    )


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("https://www.dof.gob.mx/nota_detalle.php?codigo=5", "dof.gob.mx: nota detalle"),
        ("https://github.com/laws/us/blob/0a1/us/USC-T19-S1321.md", "github.com/laws/us: USC T19 S1321"),
        ("https://hts.usitc.gov/", "hts.usitc.gov"),
    ],
)
def test_an_address_is_called_by_its_place_and_its_last_part(address: str, title: str) -> None:
    """A source that is only an address can still be told from others of the same host."""
    assert _title(address) == title


def test_a_fact_says_in_each_language_what_it_is_about() -> None:
    """One text for all is refused with its place, so that no reader meets a language that was not asked for."""
    with pytest.raises(RulebookError) as caught:
        fact(what="Rate")

    assert str(caught.value) == "f.yaml:2: a text in each language is expected; write {en: ..., es: ..., pt: ...}"


def test_what_a_fact_says_in_words_is_in_each_language() -> None:
    """A code such as CIF is the same everywhere; a phrase is not, and neither is the title of a copy."""
    phrase = "{en: customs value + duty, es: valor en aduana + arancel, pt: valor aduaneiro + imposto}"
    title = "{title: {en: Act 1 (copy), es: Act 1 (copia), pt: Act 1 (cópia)}, url: https://law.example}"

    code = fact(unit="text", value="CIF")
    words = fact(unit="text", value=phrase, sources=f"[{title}]")

    assert (code.shown("es"), words.shown(), words.shown("es")) == (
        "CIF",
        "customs value + duty",
        "valor en aduana + arancel",
    )
    assert words.sources == (
        Source({"en": "Act 1 (copy)", "es": "Act 1 (copia)", "pt": "Act 1 (cópia)"}, "https://law.example"),
    )
