"""Drafts: what comes from the memory, what from an engine, what is refused, and that no source is ever lost."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.colours import COLOURS, MATERIALS
from translations.drafting import Confidence, Desk, Text, draft, draft_all
from translations.engines.none import NoEngine
from translations.engines.port import Answer, Band, EngineError, Hop, Limits, Reason, Translated, language
from translations.masks import GOOGLE, Mark
from translations.memory import Memory, Unit
from translations.terms import Term, TermBase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from translations.colours import Words
    from translations.engines.port import Engine, Question, Reply, Request
    from translations.masks import Idiom

_LEFT_ALONE: Final = re.compile(r"(<span translate=\"no\">.*?</span>|&\w+;)", re.DOTALL)
NOW: Final = datetime(2026, 11, 23, 15, 4, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Shouter:
    """An engine that puts everything in capitals, placeholders and tags of its idiom aside."""

    name: str = "shouter"
    version: str = "1"
    top: Band | None = "medium"
    languages: frozenset[str] = frozenset({"es", "pt", "en"})
    idiom: Idiom = GOOGLE
    limits: Limits = field(default_factory=lambda: Limits(texts=10))
    signs: tuple[str, ...] = ()

    def route(self, source: str, target: str) -> tuple[Hop, ...]:
        """Return one step between two languages that it has."""
        one, other = language(source), language(target)
        return (Hop(one, other),) if one != other and {one, other} <= self.languages else ()

    def ceiling(self, source: str, target: str) -> Band | None:  # noqa: ARG002  # the same everywhere
        """Return the most that is said of its drafts."""
        return self.top

    def request(self, question: Question) -> Request:
        """Not asked in these tests."""
        raise NotImplementedError

    def read(self, question: Question, reply: Reply) -> Answer:
        """Not asked in these tests."""
        raise NotImplementedError


@dataclass
class Way:
    """A transport that answers from a table, else in capitals, or fails; it keeps what it was asked."""

    answers: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] | None = ()
    failure: Reason | None = None
    asked: list[str] = field(default_factory=list)

    def send(self, engine: Engine, question: Question) -> Answer:
        """Answer."""
        self.asked += question.texts
        if self.failure is not None:
            raise EngineError(engine.name, self.failure, "as it was told to")
        return Answer(tuple(Translated(self._said(text), self.unknown) for text in question.texts))

    def _said(self, text: str) -> str:
        parts = _LEFT_ALONE.split(text)
        shouted = "".join(part if at % 2 else part.upper() for at, part in enumerate(parts))
        return self.answers.get(text, shouted)


def desk(*ways: Way, **more: Any) -> Desk:
    """Return a desk with an engine for each way, named a, b, …, at a standing clock."""
    engines = tuple((Shouter(name), way) for name, way in zip("abc", ways, strict=False))
    return Desk(engines, now=lambda: NOW, **more)


def test_a_draft_says_what_it_is() -> None:
    """It is marked with its engine, version, direction and moment, and keeps the digest of its source."""
    way = Way(unknown=("playera",))
    found = draft(desk(way), Text("Playera {size} de Oaxaca"), "es-MX", "en-US")

    assert found.text == "PLAYERA {size} DE OAXACA"
    assert (found.engine, found.version, found.direction, found.at) == ("a", "1", "es→en", NOW)
    assert (found.origin, found.unknown) == ("engine", ("playera",))
    assert found.confidence == Confidence("low", 3, 1)
    assert len(found.digest) == 32


@pytest.mark.parametrize(
    ("top", "unknown", "words", "band"),
    [
        ("high", (), 3, "high"),
        ("high", ("uno",), 12, "medium"),
        ("high", ("uno",), 3, "low"),
        ("medium", (), 3, "medium"),
        ("low", (), 3, "low"),
        (None, None, 3, None),
    ],
)
def test_confidence(top: Band | None, unknown: tuple[str, ...] | None, words: int, band: Band | None) -> None:
    """The share of unknown words gives the band, never above what the engine is worth; without a share, none."""
    made = Desk(((Shouter(top=top), Way(unknown=unknown)),))

    assert draft(made, Text("uno " * words), "es", "en").confidence == Confidence(band, words, len(unknown or ()))


def test_the_memory_comes_first() -> None:
    """What a person wrote for the very same words is taken; the engine is asked for the rest alone."""
    way = Way()
    memory = Memory([Unit("1", "Lavar a mano.", "Hand wash.", "es", "en", status="approved", origin="a")])
    found = draft(desk(way, memory=memory), Text("Hecha en Oaxaca. Lavar a mano."), "es-MX", "en-US")

    assert found.text == "HECHA EN OAXACA. Hand wash."
    assert way.asked == ["Hecha en Oaxaca."]
    assert [piece.origin for piece in found.pieces] == ["engine", "memory"]


@pytest.mark.parametrize(
    ("text", "table", "target", "said", "origin"),
    [
        ("Café", COLOURS, "en-US", "Brown", "table"),
        ("café", COLOURS, "es-AR", "marrón", "table"),
        ("Piel", MATERIALS, "pt-BR", "Couro", "table"),
        ("Café", None, "en-US", "CAFÉ", "engine"),
        ("Azul con lunares", COLOURS, "en-US", "AZUL CON LUNARES", "engine"),
    ],
)
def test_a_colour_by_itself_is_said_by_its_table(
    text: str, table: Words | None, target: str, said: str, origin: str
) -> None:
    """In the market's own word and the source's capitals; what the table does not hold goes to the engine."""
    found = draft(desk(Way()), Text(text, role="word", table=table), "es-MX", target)

    assert (found.text, found.origin) == (said, origin)


def test_the_memory_of_a_shop_stands_over_the_table() -> None:
    """What a person of the shop says for a colour is their word."""
    memory = Memory([Unit("1", "Café", "Coffee brown", "es", "en", status="approved")])

    assert draft(desk(Way(), memory=memory), Text("Café", table=COLOURS), "es-MX", "en-US").text == "Coffee brown"


def test_a_memory_of_machines_is_no_memory() -> None:
    """What an engine drafted and nobody approved is not taken for a person's word."""
    memory = Memory([Unit("1", "Lavar a mano", "Washing to hand", "es", "en", status="draft", origin="apertium")])

    assert draft(desk(Way(), memory=memory), Text("Lavar a mano"), "es-MX", "en-US").text == "LAVAR A MANO"


def test_all_from_memory_has_no_engine() -> None:
    """Where the memory has everything no engine is asked or named."""
    way = Way()
    memory = Memory([Unit("1", "Lavar a mano", "Hand wash", "es", "en", status="approved")])
    found = draft(desk(way, memory=memory), Text("Lavar a mano"), "es-MX", "en-US")

    assert (found.text, found.engine, found.direction, found.origin) == ("Hand wash", "", "", "memory")
    assert found.confidence.band == "high"
    assert way.asked == []


def test_terms_stand_as_the_termbase_has_them() -> None:
    """A certain noun in its dictionary form is put in before the engine sees it, with the capitals of the source."""
    terms = TermBase(
        (
            Term("earring", "arete", "es"),
            Term("earring", "earring", "en"),
            Term("new", "nuevo", "es", part="adjective"),
            Term("new", "new", "en", part="adjective"),
        )
    )
    way = Way()
    found = draft(desk(way, terms=terms), Text("Arete nuevo; dos aretes"), "es-MX", "en-US")

    assert way.asked == ['<span translate="no">Earring</span> nuevo; dos aretes']
    assert found.text == "Earring NUEVO; DOS ARETES"
    assert found.pieces[0].terms == ("Earring",)


def test_where_neighbours_bend_only_what_is_unknown_is_put_in() -> None:
    """In Portuguese the engine is asked first, and again with our words for those that it did not know."""
    terms = TermBase(
        (
            Term("earring", "arete", "es"),
            Term("earring", "brinco", "pt"),
            Term("box", "caja", "es"),
            Term("box", "caixa", "pt"),
        )
    )
    way = Way(unknown=("Arete",))
    found = draft(desk(way, terms=terms), Text("Arete en caja"), "es-MX", "pt-BR")

    assert way.asked == ["Arete en caja", '<span translate="no">Brinco</span> en caja']
    assert (found.text, found.pieces[0].terms) == ("Brinco EN CAJA", ("Brinco",))


def test_a_sellers_own_words_stand_everywhere() -> None:
    """What a seller wrote into the termbase is put in whatever the engine knows."""
    terms = TermBase((Term("box", "caja", "es", origin="own"), Term("box", "caixinha", "pt", origin="own")))
    way = Way()

    assert draft(desk(way, terms=terms), Text("Una caja"), "es-MX", "pt-BR").text == "UNA caixinha"


def test_the_unit_of_a_quantity_is_no_term() -> None:
    """What is a quantity by its shape stays one, even where the termbase knows the word in it."""
    terms = TermBase(
        (
            Term("inch", "in", "en"),
            Term("inch", "pulgada", "es"),
            Term("belt", "belt", "en"),
            Term("belt", "cinto", "es"),
        )
    )
    way = Way(unknown=("belt", "in"))
    draft(desk(way, terms=terms), Text("Belt, 7 in, blue"), "en-US", "es-AR")

    assert way.asked[-1] == '<span translate="no">Cinto</span>, <span translate="no">7 in</span>, blue'


def test_numbers_are_written_for_the_target() -> None:
    """A number or unit is written by table, before the engine, and stands in the draft as that wrote it."""

    def localise(mark: Mark, source: str, target: str) -> str:
        return f"[{mark.source} {source} {target}]"

    found = draft(desk(Way(), localise=localise), Text("Mide 12,5 cm {size}"), "es-AR", "en-US")

    assert found.text == "MIDE [12,5 cm es-AR en-US] {size}"


def test_what_has_no_words_needs_no_engine() -> None:
    """Numbers, placeholders and addresses alone are kept, and whatever stands between segments is."""
    way = Way()
    found = draft(desk(way), Text(" 12 cm\n\n{size} https://a.mx \n"), "es-MX", "en-US")

    assert found.text == " 12 cm\n\n{size} https://a.mx \n"
    assert (way.asked, found.origin) == ([], "kept")


def test_a_blank_text_stays_as_it_is() -> None:
    """There is nothing to draft in it."""
    assert draft(desk(Way()), Text(" \n "), "es-MX", "en-US").text == " \n "


@pytest.mark.parametrize("reason", ["unavailable", "busy", "quota", "refused", "garbage", "count"])
def test_a_failure_loses_nothing(reason: Reason) -> None:
    """The draft is refused with the reason, its source untouched, and nothing says that it is done."""
    found = draft(desk(Way(failure=reason)), Text("Taza azul"), "es-MX", "en-US")

    assert (found.text, found.source, found.reasons, found.engine) == (None, "Taza azul", (reason,), "")
    assert found.confidence.band is None
    assert found.pieces[0].detail == "as it was told to"


def test_broken_marks_are_refused() -> None:
    """An answer that lost a placeholder gives no text, and the reason names what was lost."""
    way = Way({'Talla <span translate="no">{size}</span>.': "Size."})
    found = draft(desk(way), Text("Talla {size}. Hecha a mano."), "es-MX", "en-US")

    assert (found.text, found.reasons) == (None, ("marks",))
    assert [(piece.text, piece.detail) for piece in found.pieces] == [
        (None, "lost: '{size}'"),
        ("HECHA A MANO.", ""),
    ]


def test_the_next_engine_gets_the_whole_text() -> None:
    """Where the first fails on one sentence the second drafts the text: one voice, not two."""
    first = Way({"Dos.": " <b>broken</b> "})
    second = Way({"Uno.": "One.", "Dos.": "Two."})
    found = draft(desk(first, second), Text("Uno. Dos."), "es-MX", "en-US")

    assert (found.text, found.engine) == ("One. Two.", "b")


def test_the_better_attempt_is_told() -> None:
    """Where every engine fails, the one that came furthest is shown, piece by piece."""
    first, second = Way({"Dos.": "<b>broken</b>"}), Way(failure="quota")
    found = draft(desk(first, second), Text("Uno. Dos."), "es-MX", "en-US")

    assert (found.text, found.engine) == (None, "a")
    assert [piece.text for piece in found.pieces] == ["UNO.", None]


def test_engines_without_the_pair_are_passed_over() -> None:
    """An engine that does not have the languages is not asked; with none left the draft is refused for that."""
    made = Desk(((Shouter(languages=frozenset({"es", "en"})), Way()), (Shouter("b"), Way())))

    assert draft(made, Text("Taza"), "es-MX", "pt-BR").engine == "b"
    assert draft(made, Text("Taza"), "es-MX", "es-AR").reasons == ("pair",)
    assert draft(Desk(((NoEngine(), Way()),)), Text("Taza"), "es-MX", "en-US").reasons == ("none",)
    assert draft(Desk(()), Text("Taza"), "es-MX", "en-US").reasons == ("none",)


def test_control_characters_are_refused() -> None:
    """A zero byte ends the input of some engines: its sentence is refused, and the engine is asked for the others."""
    way = Way()
    found = draft(desk(way), Text("Taza\x00azul. Hecha a mano."), "es-MX", "en-US")

    assert (found.text, found.reasons, way.asked) == (None, ("characters",), ["Hecha a mano."])


def test_capitals_at_the_beginning_come_back() -> None:
    """An engine that forgets the capital of a title is put right, and one that writes a name is left alone."""
    way = Way({"Taza azul": "blue cup", "taza": "Cup", "¿Cuánto?": "how much?"})
    found = draft_all(desk(way), [Text("Taza azul"), Text("taza"), Text("¿Cuánto?")], "es-MX", "en-US")

    assert [one.text for one in found] == ["Blue cup", "Cup", "How much?"]


def test_small_faults_of_an_engine_are_mended() -> None:
    """Lost opening marks, doubled spaces and a wrong *y* are put right in what an engine said, and in nobody else's."""
    way = Way({"How much?": "Cuánto  cuesta?", "Blue and indigo.": "Azul y índigo."})
    memory = Memory([Unit("1", "How much?", "Cuánto  cuesta?", "en", "es", status="approved")])
    found = draft(desk(way), Text("How much? Blue and indigo."), "en-US", "es-MX")

    assert found.text == "¿Cuánto cuesta? Azul e índigo."
    assert draft(desk(way, memory=memory), Text("How much?"), "en-US", "es-MX").text == "Cuánto  cuesta?"


def test_findings_are_told_where_they_are_asked_for() -> None:
    """A draft is checked beside its source: what is found in it stands with it."""
    way = Way({"Blue cup": "Taza  azul con asa vuestra"})
    found = draft(desk(way, checks=True), Text("Blue cup"), "en-US", "es-MX")

    assert found.text == "Taza azul con asa vuestra"
    assert "vosotros" in {one.id for one in found.findings}
    assert draft(desk(way), Text("Blue cup"), "en-US", "es-MX").findings == ()


@dataclass
class Books:
    """A ledger with so many characters left, and a cache."""

    left: int = 1_000_000
    spent: int = 0
    kept: dict[str, Translated] = field(default_factory=dict)

    def reserve(self, engine: Engine, characters: int) -> bool:  # noqa: ARG002  # one engine here
        """Set aside."""
        if characters > self.left:
            return False
        self.left -= characters
        return True

    def settle(self, engine: Engine, reserved: int, billed: int) -> None:  # noqa: ARG002  # one engine here
        """Count what was billed."""
        self.left += reserved - billed
        self.spent += billed

    def find(self, keys: Sequence[str]) -> Mapping[str, Translated]:
        """Return what is kept."""
        return {key: self.kept[key] for key in keys if key in self.kept}

    def keep(self, engine: Engine, answers: Mapping[str, Translated]) -> None:  # noqa: ARG002  # one engine here
        """Keep."""
        self.kept |= answers


def test_nothing_is_asked_twice() -> None:
    """Equal sentences go once, and what was answered before is not asked or paid for again."""
    books, way = Books(), Way()
    made = desk(way, cache=books, ledger=books)
    first = draft_all(made, [Text("Lavar a mano. Lavar a mano."), Text("Lavar a mano.")], "es-MX", "en-US")
    again = draft_all(made, [Text("Lavar a mano.")], "es-MX", "en-US")

    assert way.asked == ["Lavar a mano."]
    assert [one.text for one in (*first, *again)] == ["LAVAR A MANO. LAVAR A MANO.", "LAVAR A MANO.", "LAVAR A MANO."]
    assert books.spent == len("Lavar a mano.")


@pytest.mark.parametrize(
    "other",
    [
        lambda made: replace(made, formality="formal"),
        lambda made: replace(made, engines=((Shouter("a", version="2"), made.engines[0][1]),)),
        lambda made: replace(made, terms=TermBase((Term("t", "taza", "es"), Term("t", "mug", "en")))),
    ],
)
def test_another_question_is_asked_anew(other: Callable[[Desk], Desk]) -> None:
    """Another form of address, version of the engine or word of the termbase makes another question."""
    books, way = Books(), Way()
    made = desk(way, cache=books)
    draft(made, Text("Una taza azul"), "es-MX", "en-US")
    draft(other(made), Text("Una taza azul"), "es-MX", "en-US")

    assert len(way.asked) == 2


def test_a_failure_is_not_kept() -> None:
    """What an engine failed on is asked again the next time."""
    books, way = Books(), Way(failure="unavailable")
    made = desk(way, cache=books)
    draft(made, Text("Taza"), "es-MX", "en-US")
    way.failure = None

    assert draft(made, Text("Taza"), "es-MX", "en-US").text == "TAZA"


def test_a_budget_ends_where_it_ends() -> None:
    """What is more than the shop allows is not asked: the draft is refused, or the next engine makes it."""
    books, way = Books(left=5), Way()

    assert draft(desk(way, ledger=books), Text("Taza azul"), "es-MX", "en-US").reasons == ("budget",)
    assert (way.asked, books.left) == ([], 5)


LONG: Final = "Hecha a mano en Oaxaca con algodón orgánico. " * 2_300


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        "a" * 100_000,
        "תיק עבודת יד {size} 12,5 cm",
        "Bolsa hecha a mano, handmade bag, feita à mão",
        "<p>Taza <b>azul<p>de & 5 < 6 {size} <a href='x",
        "⟦1⟧ Taza ⟦2⟧",
        '</span> Taza <span translate="no">',
    ],
    ids=["100 kB", "one word", "right to left", "mixed", "broken HTML", "our own marks", "the idiom's marks"],
)
@pytest.mark.parametrize("markup", [False, True])
def test_bad_input(text: str, markup: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """Whatever the text is, it is drafted with its marks or refused with a reason; its source stays as it is."""
    found = draft(desk(Way()), Text(text, markup=markup), "es-MX", "en-US")

    assert found.source == text
    assert (found.text is None) == bool(found.reasons)
    assert found.text is None or found.text.count("{size}") == text.count("{size}")


@given(st.text(max_size=60), st.sampled_from(["", "<b>", "</span>", "⟦1⟧", "&amp;", "{x}"]))
def test_any_text(text: str, more: str) -> None:
    """No text breaks the desk, and no refusal is without a reason."""
    found = draft(desk(Way()), Text(text + more + text), "es", "en")

    assert (found.text is None) == bool(found.reasons)
