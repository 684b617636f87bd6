"""Finding terms in a text: bent, the longest first, per market, names by their capitals, a seller's own over ours."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.terms import Reading, Term, TermBase, TermHit, Wrong

ARETE = Term("earring", "arete", "es", gender="m")
ARO = Term("earring", "aro", "es-AR", gender="m")
ZARCILLO = Term("earring", "zarcillo", "es-VE", gender="m")
BRINCO = Term("earring", "brinco", "pt", gender="m")
PENDENTE = Term("earring", "pendente", "pt", "forbidden", reason="literal", replacement="brinco", bound=True)
EARRING = Term("earring", "earring", "en")
HOOP = Term("hoop", "aro", "es", gender="m")
HOOP_EN = Term("hoop", "hoop", "en")
HANDMADE = Term("handmade", "hecho a mano", "es", part="phrase")
HANDMADE_EN = Term("handmade", "handmade", "en", part="adjective")
HAND = Term("hand", "mano", "es", gender="f")
HAND_EN = Term("hand", "hand", "en")
GAP = Term("gap", "Gap", "*", "untranslatable", "name")
SHIRT = Term("t-shirt", "t-shirt", "en")
PLAYERA = Term("t-shirt", "playera", "es-MX", gender="f")
CAMISETA = Term("t-shirt", "camiseta", "es", gender="f")
COMPUTER = Term("computer", "computadora", "es", gender="f")
COMPUTER_EN = Term("computer", "computer", "en")
ORDENADOR = Term("computer", "ordenador", "es", "forbidden", reason="castilian", replacement="computadora")
BASE = TermBase(
    (
        *(ARETE, ARO, ZARCILLO, BRINCO, PENDENTE, EARRING, HOOP, HOOP_EN, HANDMADE, HANDMADE_EN, HAND, HAND_EN, GAP),
        *(SHIRT, PLAYERA, CAMISETA, COMPUTER, COMPUTER_EN, ORDENADOR),
    )
)


def found(text: str, source: str, target: str) -> list[tuple[str, str, str]]:
    """Return what was met, its concept, and the word for the target."""
    return [
        (hit.text, hit.term.concept, hit.target.text if hit.target else "") for hit in BASE.find(text, source, target)
    ]


def test_a_hit_has_its_place_its_reading_and_the_words_of_the_target() -> None:
    """The span leads into the text as it was given; forbidden words of the target come with it."""
    assert BASE.find("Dos aretes", "es-MX", "pt-BR") == (
        TermHit(4, 10, "aretes", (Reading(ARETE, (BRINCO,), (PENDENTE,)),)),
    )


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("ARETES de plata", "ARETES"),
        ("Un arete.", "arete"),
        ("bolso hecho a mano", "hecho a mano"),
        ("Bolsas hechas a mano", "hechas a mano"),
        ("manta hecha\na mano", "hecha\na mano"),
        ("manta hecha a\u00a0mano", "hecha a\u00a0mano"),
    ],
)
def test_words_are_met_as_they_bend(text: str, met: str) -> None:
    """Number, gender, capitals and kinds of space make no difference."""
    assert [hit[0] for hit in found(text, "es-MX", "en-US")] == [met]


@pytest.mark.parametrize("text", ["cabaretes", "aretero", "aret es", "aretexyz"])
def test_a_term_inside_another_word_is_no_term(text: str) -> None:
    """Words are met whole."""
    assert found(text, "es-MX", "en-US") == []


@pytest.mark.parametrize("text", ["hecho. A mano", "hecho, a mano", "hecho a\n\nmano"])
def test_a_term_does_not_reach_over_a_stop_or_a_paragraph(text: str) -> None:
    """Only the hand is met."""
    assert [hit[1] for hit in found(text, "es-MX", "en-US")] == ["hand"]


def test_the_longest_term_is_taken() -> None:
    """*Hecho a mano* is one term and leaves no *mano* over."""
    assert found("hecho a mano, con la mano", "es-MX", "en-US") == [
        ("hecho a mano", "handmade", "handmade"),
        ("mano", "hand", "hand"),
    ]


@pytest.mark.parametrize("written", ["t-shirt", "T-Shirts", "t shirt", "t\u2011shirt"])
def test_a_hyphen_may_be_a_space(written: str) -> None:
    """Compounds are met however they are joined."""
    assert found(written, "en-US", "es-MX") == [(written, "t-shirt", "playera")]


@pytest.mark.parametrize(
    ("target", "word"),
    [("es-AR", "aro"), ("es-VE", "zarcillo"), ("es-MX", "arete"), ("es-419", "arete"), ("es", "arete")],
)
def test_a_market_has_its_own_word_or_that_of_its_region(target: str, word: str) -> None:
    """The nearest locale of the chain that has a word gives it."""
    assert found("earrings", "en-US", target) == [("earrings", "earring", word)]


def test_a_word_of_another_market_is_understood() -> None:
    """A seller in Mexico may write *zarcillos*."""
    assert found("zarcillos", "es-MX", "en-US") == [("zarcillos", "earring", "earring")]


def test_a_word_with_two_senses_gives_both_and_the_nearer_first() -> None:
    """In Argentina *aro* is an earring before it is a hoop, so that the hit is not certain."""
    (hit,) = BASE.find("aros", "es-AR", "en-US")

    assert [reading.term for reading in hit.readings] == [ARO, HOOP]
    assert not hit.certain


def test_a_sense_of_another_market_does_not_count_beside_one_of_its_own() -> None:
    """In Mexico *aro* is a hoop and no earring."""
    (hit,) = BASE.find("aros", "es-MX", "en-US")

    assert [reading.term for reading in hit.readings] == [HOOP]
    assert hit.certain


@pytest.mark.parametrize(("text", "met"), [("Gap", ["Gap"]), ("GAP", ["GAP"]), ("gap", []), ("GaP", [])])
def test_a_name_is_known_by_its_capitals(text: str, met: list[str]) -> None:
    """*Gap* is a shop and a *gap* is none; a text in capitals is let pass."""
    assert [hit.text for hit in BASE.find(f"new {text} here", "en-US", "es-MX")] == met


def test_a_name_is_its_own_target() -> None:
    """What stays as it is, is what the target says."""
    assert found("Gap", "en-US", "pt-BR") == [("Gap", "gap", "Gap")]


def test_a_forbidden_word_is_understood_in_the_source() -> None:
    """Who writes *ordenador* means a computer."""
    assert found("ordenadores", "es-MX", "en-US") == [("ordenadores", "computer", "computer")]


def test_a_concept_without_a_word_in_the_target_has_none() -> None:
    """No target, and so nothing to put in place without asking."""
    (hit,) = BASE.find("mano", "es-MX", "pt-BR")

    assert (hit.target, hit.certain) == (None, False)


def test_a_forbidden_word_is_reported_with_its_place() -> None:
    """Bent or not, in a market of its language."""
    assert BASE.wrong("Dos ordenadores", "es-CL") == (Wrong(4, 15, "ordenadores", ORDENADOR),)


def test_a_word_of_spain_is_no_mistake_in_spain() -> None:
    """What is wrong in the Americas is right at home."""
    assert BASE.wrong("Dos ordenadores", "es-ES") == ()


def test_a_false_friend_is_wrong_only_where_the_source_has_its_concept() -> None:
    """*Pendente* is good Portuguese until it stands for an earring."""
    text = "um pendente"

    assert BASE.wrong(text, "pt-BR") == ()
    assert BASE.wrong(text, "pt-BR", ["earring"]) == (Wrong(3, 11, "pendente", PENDENTE),)


def test_a_forbidden_word_inside_a_longer_good_term_is_let_pass() -> None:
    """The longer term is what is meant."""
    base = BASE.with_terms([Term("bank", "ordenador de pagos", "es", gender="m", origin="seller")])

    assert base.wrong("un ordenador de pagos", "es-MX") == ()


def test_a_word_that_is_good_for_something_else_is_wrong_for_its_concept_alone() -> None:
    """In the United States *rubber* is a material, and no eraser."""
    rubber = Term("eraser", "rubber", "en", "forbidden", reason="british", replacement="eraser")
    base = TermBase((Term("rubber", "rubber", "en"), Term("eraser", "eraser", "en"), rubber))

    assert base.wrong("rubber", "en-US") == ()
    assert base.wrong("rubber", "en-US", ["eraser"]) == (Wrong(0, 6, "rubber", rubber),)


def test_an_everyday_word_is_never_put_in_place_without_asking() -> None:
    """*Sobre* is an envelope, and oftener a preposition: it is met in its own market, and not certain."""
    sobre = Term("envelope", "sobre", "es", gender="m", ambiguous=True)
    base = TermBase((sobre, Term("envelope", "envelope", "en")))
    (hit,) = base.find("sobre", "es-MX", "en-US")

    assert (hit.term, hit.certain) == (sobre, False)


def test_an_everyday_word_is_not_understood_from_another_market() -> None:
    """What only Argentina calls so says nothing in Mexico."""
    base = TermBase((Term("earring", "pendiente", "es-AR", gender="m", ambiguous=True), EARRING))

    assert base.find("monto pendiente", "es-MX", "en-US") == ()


def test_a_false_friend_beside_the_good_word_is_let_pass() -> None:
    """*Brinco* stands there, so that *pendente* says something else."""
    assert BASE.wrong("um brinco pendente", "pt-BR", ["earring"]) == ()


def test_a_good_word_inside_a_wrong_one_does_not_make_it_good() -> None:
    """*Brinco pendente*, if it is forbidden as a whole, is reported."""
    whole = Term("earring", "brinco pendente", "pt", "forbidden", reason="literal", replacement="brinco", bound=True)
    base = TermBase((BRINCO, whole))

    assert base.wrong("um brinco pendente", "pt-BR", ["earring"]) == (Wrong(3, 18, "brinco pendente", whole),)


def test_a_forbidden_plural_does_not_catch_the_good_singular() -> None:
    """Where the word at hand is a name of the concept itself, nothing is wrong."""
    calcas = Term("pants", "calças", "pt", "forbidden", reason="european", replacement="calça")
    base = TermBase((Term("pants", "calça", "pt", gender="f"), calcas))

    assert base.wrong("calça", "pt-BR", ["pants"]) == ()


def test_a_sellers_word_stands_before_ours_and_ours_stays_allowed() -> None:
    """It is preferred in every market under its locale."""
    own = Term("earring", "candonga", "es", gender="f", origin="seller")

    assert BASE.with_terms([own]).called("earring", "es-AR") == (own, ARO)


def test_a_seller_may_forbid_our_word() -> None:
    """Then it is no name of the concept any more, and a mistake in a text."""
    own = Term("earring", "aro", "es-AR", "forbidden", reason="regional", replacement="arete", origin="seller")
    base = BASE.with_terms([own])

    assert base.called("earring", "es-AR") == (ARETE,)
    assert base.wrong("aros", "es-AR") == (Wrong(0, 4, "aros", own),)


def test_a_seller_may_allow_what_we_forbid() -> None:
    """Their word on their goods is theirs."""
    own = Term("computer", "ordenador", "es-MX", origin="seller")
    base = BASE.with_terms([own])

    assert base.called("computer", "es-MX") == (own, COMPUTER)
    assert base.wrong("ordenador", "es-MX") == ()


def test_a_forbidden_term_needs_a_reason_and_a_replacement() -> None:
    """Without them nobody can act on it."""
    with pytest.raises(ValueError, match="'ordenador' is forbidden: say why, and what to write instead"):
        Term("computer", "ordenador", "es", "forbidden", reason="castilian")


def test_a_term_needs_a_letter() -> None:
    """Signs alone can be met nowhere."""
    with pytest.raises(ValueError, match="at least one letter or digit"):
        Term("nothing", "—", "es")


def test_a_language_without_a_dictionary_has_no_hits() -> None:
    """There is nothing to bend words by, so that nothing is guessed."""
    assert BASE.find("arete", "fr-HT", "en-US") == ()


@given(st.text(alphabet="aretshcomn áñ-.\n\u0301Gp ", max_size=80))
def test_hits_stand_in_order_apart_and_say_what_the_text_says(text: str) -> None:
    """Spans never overlap, never leave the text, and hold the words they claim."""
    hits = BASE.find(text, "es-MX", "en-US")

    assert [text[hit.start : hit.end] for hit in hits] == [hit.text for hit in hits]
    assert all(one.end <= other.start for one, other in pairwise(hits))
