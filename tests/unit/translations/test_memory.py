"""A translation memory: what is offered, in which order, with which numbers, and what never is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.memory import Context, Match, Memory, Unit

TITLE = Context("title", "shirts", "MX")
DAY = datetime(2026, 11, 1, 12, tzinfo=UTC)


def unit(name: str = "u1", source: str = "Cotton shirt", target: str = "Playera de algodón", **more: object) -> Unit:
    """Return a unit, approved, from English for Mexico."""
    return replace(Unit(name, source, target, "en-US", "es-MX", TITLE, "approved", written=DAY), **more)  # type: ignore[arg-type]


def offered(units: list[Unit], text: str = "Cotton shirt", context: Context = TITLE) -> list[str]:
    """Return the ids of the units offered for Mexico, best first."""
    return [match.unit.id for match in Memory(units).look_up(text, "en-US", "es-MX", context)]


def test_the_same_text_is_an_exact_match() -> None:
    """The translation comes as it was."""
    one = unit()

    assert Memory([one]).look_up("Cotton shirt", "en-US", "es-MX", TITLE) == (
        Match(one, "Playera de algodón", "exact", 1.0),
    )


@pytest.mark.parametrize("written", [" Cotton  shirt\n", "Cotton\u00a0shirt", "Cotton shirt"])
def test_spaces_do_not_make_another_text(written: str) -> None:
    """Exactness looks over how a text is spaced."""
    assert Memory([unit()]).look_up(written, "en-US", "es-MX")[0].kind == "exact"


def test_a_match_between_the_same_neighbours_is_one_in_context() -> None:
    """It comes before the same text elsewhere."""
    here = replace(TITLE, previous="Hello", following="Bye")
    memory = Memory([unit("u1"), unit("u2", target="Camisa de algodón", context=here)])

    assert [(match.unit.id, match.kind) for match in memory.look_up("Cotton shirt", "en-US", "es-MX", here)] == [
        ("u2", "context"),
        ("u1", "exact"),
    ]


@pytest.mark.parametrize(
    ("source", "text", "differs"),
    [
        ("Cotton shirt", "cotton Shirt", ("writing",)),
        ("Red cotton shirt", "Blue cotton shirt", ("words",)),
        ("Mug {size} of clay", "Mug {colour} of clay", ("placeholders",)),
        ("Mug of 300 ml of clay", "Mug of 300 g of clay", ("units",)),
        ("Mug of 300 ml of clay", "Mug of 250 g of clay", ("numbers", "units")),
        ("Mug of 300 ml of clay", "Mug of 300 ml of glass", ("words",)),
        ("Mug, 3 for the morning", "Mug, 3 and the morning", ("words",)),
        ("Link <b>now</b> to it", "Link <i>now</i> to it", ("placeholders",)),
    ],
)
def test_a_near_match_tells_in_what_it_differs(source: str, text: str, differs: tuple[str, ...]) -> None:
    """And is never exact, nor of full similarity."""
    (match,) = Memory([unit(source=source)]).look_up(text, "en-US", "es-MX", threshold=0.6)

    assert (match.kind, match.differs) == ("fuzzy", differs)
    assert match.similarity < 1


@pytest.mark.parametrize(
    ("source", "target", "text", "result", "replaced"),
    [
        ("Mug, 300 ml", "Taza, 300 ml", "Mug, 250 ml", "Taza, 250 ml", (("300", "250"),)),
        ("Box 12.5 cm", "Caixa 12,5 cm", "Box 14.5 cm", "Caixa 14,5 cm", (("12,5", "14,5"),)),
        ("2 mugs, 2 lids, 30 cm", "2 tazas, 2 tapas, 30 cm", "4 mugs, 4 lids, 30 cm", "4 tazas, 4 tapas, 30 cm",
         (("2", "4"),)),
        ("3 by 4", "3 por 4", "4 by 3", "4 por 3", (("3", "4"), ("4", "3"))),
        ("Ships in 1 to 3 days", "Sale en 1 a 3 días", "Ships in 2 to 3 days", "Sale en 2 a 3 días", (("1", "2"),)),
    ],
)  # fmt: skip
def test_where_only_numbers_differ_they_are_put_in(
    source: str, target: str, text: str, result: str, replaced: tuple[tuple[str, str], ...]
) -> None:
    """The match is marked as one with numbers replaced, and they are written as the translation wrote them."""
    one = unit(source=source, target=target)
    (match,) = Memory([one]).look_up(text, "en-US", "es-MX")

    assert match == Match(one, result, "numbers", match.similarity, ("numbers",), replaced)
    assert match.similarity < 1


@pytest.mark.parametrize(
    ("source", "target", "text"),
    [
        ("Pack of 2 mugs", "Par de tazas", "Pack of 6 mugs"),
        ("2 mugs, 2 lids", "2 tazas, 2 tapas", "2 mugs, 4 lids"),
        ("Mug for 1.250 now", "Taza por 1.250 ya", "Mug for 1.500 now"),
        ("Cable of 2 m long", "Cable de 2 m", "Cable of 2.5 m long"),
        ("2 mugs of 300 ml", "2 tazas de 2 dl", "4 mugs of 300 ml"),
        ("Box of 2 and 2.0 cm", "Caja de 2 y 2,0 cm", "Box of 3 and 4.0 cm"),
    ],
)
def test_a_number_whose_place_or_writing_is_not_certain_stays(source: str, target: str, text: str) -> None:
    """The old translation is offered as a near one, with its own numbers."""
    (match,) = Memory([unit(source=source, target=target)]).look_up(text, "en-US", "es-MX")

    assert (match.kind, match.text, match.differs, match.replaced) == ("fuzzy", target, ("numbers",), ())


@pytest.mark.parametrize("status", ["withdrawn", "superseded"])
def test_a_wording_taken_back_is_not_offered(status: str) -> None:
    """Nor is the same wording in another unit that is not approved later."""
    taken = unit("u1", status=status)

    assert offered([taken]) == []
    assert offered([taken, unit("u2")]) == []
    assert offered([taken, unit("u2", status="draft", written=DAY.replace(day=9))]) == []
    assert offered([unit("u2"), taken, unit("u3", target="Camisa de algodón")]) == ["u3"]


def test_a_wording_approved_again_is_offered() -> None:
    """The last word counts."""
    assert offered([unit("u1", status="withdrawn"), unit("u2", written=DAY.replace(day=2))]) == ["u2"]


def test_a_wording_taken_back_without_a_date_stays_so() -> None:
    """Nothing can be later than a day nobody knows."""
    assert offered([unit("u1", status="withdrawn", written=None), unit("u2", written=DAY.replace(day=2))]) == []


def test_a_wording_taken_back_later_on_is_not_offered_any_more() -> None:
    """A memory that is in use learns of it at once."""
    memory = Memory([unit("u1")])
    memory.add(unit("u2", status="withdrawn"))

    assert memory.look_up("Cotton shirt", "en-US", "es-MX") == ()
    assert len(memory) == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"status": "draft", "written": DAY.replace(day=9)}),
        ({}, {"context": replace(TITLE, category="mugs"), "written": DAY.replace(day=9)}),
        ({}, {"context": replace(TITLE, field="description"), "written": DAY.replace(day=9)}),
        ({}, {"context": replace(TITLE, market="AR"), "written": DAY.replace(day=9)}),
        ({}, {"target_locale": "es-419", "written": DAY.replace(day=9)}),
        ({"written": DAY.replace(day=2)}, {}),
        ({}, {"written": None}),
        ({"status": "draft"}, {"source": "Cotton shirts"}),
        ({"source": "Cotton shirts"}, {"source": "Cotton t-shirts"}),
    ],
    ids=["approved", "category", "field", "market", "locale", "later", "dated", "whole", "nearer"],
)
def test_the_more_trusted_comes_first(first: dict[str, object], second: dict[str, object]) -> None:
    """One difference decides, whichever was put in first."""
    units = [replace(unit("a", target="Camisa"), **second), replace(unit("b"), **first)]  # type: ignore[arg-type]

    assert offered(units) == ["b", "a"]
    assert offered(units[::-1]) == ["b", "a"]


def test_a_category_that_is_not_known_is_none() -> None:
    """Two empty categories are not the same category."""
    blank = Context("title")
    units = [unit("a", target="A", context=blank), unit("b", target="B", context=TITLE, written=DAY.replace(day=2))]

    assert offered(units, context=blank) == ["b", "a"]


def test_of_one_wording_the_best_unit_is_offered() -> None:
    """The same translation twice is one offer."""
    assert offered([unit("u1", status="draft"), unit("u2")]) == ["u2"]


def test_what_was_written_for_another_market_is_not_offered() -> None:
    """Mexico gets its own and its region's wording, never Argentina's."""
    units = [unit("ar", target="Remera", target_locale="es-AR"), unit("es", target="Camiseta", target_locale="es")]

    assert offered(units) == ["es"]


@pytest.mark.parametrize(("source", "target"), [("pt-BR", "es-MX"), ("en-US", "pt-BR")])
def test_another_pair_of_languages_has_nothing(source: str, target: str) -> None:
    """Units serve their own direction."""
    assert Memory([unit()]).look_up("Cotton shirt", source, target) == ()


def test_no_text_has_no_match() -> None:
    """Nor has a space."""
    assert Memory([unit()]).look_up(" ", "en-US", "es-MX") == ()


def test_no_more_than_the_limit_is_offered() -> None:
    """The best of them."""
    memory = Memory([unit(str(number), target=f"T{number}") for number in range(9)])

    assert [match.unit.id for match in memory.look_up("Cotton shirt", "en-US", "es-MX", limit=2)] == ["0", "1"]


@pytest.mark.parametrize(("source", "target"), [("", "x"), ("x", " ")])
def test_a_unit_has_text_on_both_sides(source: str, target: str) -> None:
    """Nothing translates to nothing."""
    with pytest.raises(ValueError, match="unit 'u1': source and target have text"):
        unit(source=source, target=target)


def test_a_unit_without_a_time_zone_is_refused() -> None:
    """Which of two was later must not hang on where they were written."""
    with pytest.raises(ValueError, match="has no time zone"):
        unit(written=datetime(2026, 11, 1))  # noqa: DTZ001  # this is what is refused


def plain(text: str) -> str:
    """Return a text composed, and spaced in one way."""
    return " ".join(normalize("NFC", f"{text}.").split())


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_only_the_same_text_is_exact(one: str, other: str) -> None:
    """Whatever the texts are: what differs in more than spacing is neither exact nor of full similarity."""
    for match in Memory([unit(source=f"{one}.")]).look_up(f"{other}.", "en-US", "es-MX", threshold=0.5):
        same = plain(one) == plain(other)
        assert (match.kind == "exact", match.similarity == 1, match.differs == ()) == (same, same, same)
