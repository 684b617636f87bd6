"""The termbase that comes with us: complete, findable, right on the words that machines get wrong, and fast."""

from __future__ import annotations

from time import thread_time

import pytest

from translations.termfiles import LANGUAGES, reasons, shipped
from translations.terms import EVERYWHERE, Term

BASE = shipped()
GOOD = [term for term in BASE.terms if term.status != "forbidden"]
FORBIDDEN = [term for term in BASE.terms if term.status == "forbidden"]
MARKET = {"es": "es-419", "pt": "pt-BR", "en": "en-US", EVERYWHERE: "en-US"}


def market(term: Term) -> str:
    """Return a market whose words the term is among."""
    return MARKET.get(term.locale, term.locale)


def test_there_are_as_many_concepts_as_promised() -> None:
    """At least 800, each with a word in every language or one for all."""
    concepts = {term.concept for term in BASE.terms}

    assert len(concepts) >= 800
    for concept in concepts:
        assert all(BASE.called(concept, MARKET[language]) for language in LANGUAGES), concept


def test_every_word_is_found_as_what_it_is() -> None:
    """Written by itself, in its own market, each term leads to its concept."""
    lost = [
        (term.text, term.locale)
        for term in GOOD
        if not any(
            (hit.start, hit.end) == (0, len(term.text.rstrip(".")))
            and term.concept in {one.concept for one in hit.readings}
            for hit in BASE.find(term.text, market(term), "en-US")
        )
    ]

    assert lost == []


def test_every_forbidden_word_is_reported() -> None:
    """Where the source speaks of its concept, each is found in a market it is forbidden in."""
    lost = [
        (term.concept, term.text, term.locale)
        for term in FORBIDDEN
        if term not in {wrong.term for wrong in BASE.wrong(term.text, market(term), [term.concept])}
    ]

    assert lost == []


def test_what_to_write_instead_is_no_forbidden_word() -> None:
    """A replacement is never itself wrong for the concept in that market."""
    lost = [
        (term.text, term.replacement)
        for term in FORBIDDEN
        if term.replacement in {other.text for other in BASE.barred(term.concept, market(term))}
    ]

    assert lost == []


def test_no_good_word_is_called_wrong_in_its_market() -> None:
    """Each term, alone and without a source, passes where it belongs."""
    lost = [
        (term.concept, term.text, term.locale, [wrong.term.concept for wrong in found])
        for term in GOOD
        if (found := BASE.wrong(term.text, market(term)))
    ]

    assert lost == []


def test_reasons_can_be_told_in_every_language() -> None:
    """Each has its word and its remedy in it."""
    for reason in reasons().values():
        for sentence in reason.words.values():
            said = sentence.format(text="A", say="B", means="C")
            assert "A" in said
            assert "B" in said


@pytest.mark.parametrize(
    ("concept", "words"),
    [
        ("earring", {"es-MX": "arete", "es-CO": "arete", "es-VE": "zarcillo", "es-AR": "aro", "es-CL": "aro",
                     "es-UY": "aro", "pt-BR": "brinco", "en-US": "earring"}),
        ("t-shirt", {"es-MX": "playera", "es-AR": "remera", "es-CL": "polera", "es-VE": "franela", "es-CO": "camiseta",
                     "es-US": "camiseta", "pt-BR": "camiseta"}),
        ("beans", {"es-MX": "frijoles", "es-AR": "porotos", "es-VE": "caraotas", "es-PR": "habichuelas",
                   "es-DO": "habichuelas", "pt-BR": "feijão"}),
        ("handbag", {"es-MX": "bolsa", "es-AR": "cartera", "es-CO": "bolso", "pt-BR": "bolsa", "en-US": "handbag"}),
        ("avocado", {"es-MX": "aguacate", "es-PE": "palta", "pt-BR": "abacate"}),
        ("size-of-clothes", {"es-MX": "talla", "es-AR": "talle", "pt-BR": "tamanho", "en-US": "size"}),
        ("computer", {"es-MX": "computadora", "es-CO": "computador", "pt-BR": "computador"}),
        ("drinking-straw", {"es-MX": "popote", "es-CO": "pitillo", "es-AR": "sorbete", "pt-BR": "canudo"}),
        ("brown", {"es-MX": "café", "es-AR": "marrón", "pt-BR": "marrom"}),
        ("free-shipping", {"es-MX": "envío gratis", "pt-BR": "frete grátis", "en-US": "free shipping"}),
    ],
)  # fmt: skip
def test_a_thing_is_called_what_its_market_calls_it(concept: str, words: dict[str, str]) -> None:
    """The first word of each market."""
    assert {locale: BASE.called(concept, locale)[0].text for locale in words} == words


@pytest.mark.parametrize(
    ("source", "text", "target", "translated", "wrong"),
    [
        ("es-MX", "Aretes hechos en Ecuador", "pt-BR", "Brincos fato em Equador", {"fato em": "feito em"}),
        ("es-MX", "Talla 42", "en-US", "Cut 42", {"Cut": "size"}),
        ("es-MX", "5 días hábiles", "en-US", "5 deft days", {"deft days": "business day"}),
        ("pt-BR", "Bolsa de couro", "en-US", "Stock exchange, skin", {"Stock exchange": "handbag", "skin": "leather"}),
        ("pt-BR", "Rede de algodão", "es-MX", "Red de algodón", {"Red": "hamaca"}),
        ("en-US", "medium roast coffee", "es-MX", "café medio asa", {"medio asa": "tueste medio"}),
        ("en-US", "Free shipping", "es-MX", "Navío libre", {"Navío libre": "envío gratis"}),
        ("es-MX", "Manta larga", "pt-BR", "Manta larga", {"larga": "comprido"}),
        ("es-MX", "Vaso de vidrio", "pt-BR", "Vaso de vidro", {"Vaso": "copo"}),
        ("es-MX", "Cacao en polvo", "pt-BR", "Cacau em polvo", {"Cacau em polvo": "cacau em pó"}),
        ("es-MX", "Sin conservadores", "en-US", "Without condoms", {"Without condoms": "preservative-free"}),
        ("es-MX", "Queso exquisito", "pt-BR", "Queijo esquisito", {"esquisito": "delicioso"}),
        ("es-MX", "Computadora", "es-AR", "Ordenador", {"Ordenador": "computadora"}),
        ("es-MX", "Cinturón de piel", "pt-BR", "Cinto de pele", {"pele": "couro"}),
    ],
)  # fmt: skip
def test_what_a_machine_makes_of_a_text_is_caught(
    source: str, text: str, target: str, translated: str, wrong: dict[str, str]
) -> None:
    """Real slips of engines, each with the word to write instead."""
    concepts = {reading.concept for hit in BASE.find(text, source, target) for reading in hit.readings}

    assert {found.text: found.term.replacement for found in BASE.wrong(translated, target, concepts)} == wrong


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("pt-BR", "Vaso de barro para flores, com alça e pano de prato"),
        ("es-AR", "Remera de algodón con vuelo largo y cartera de cuero"),
        ("en-US", "Rubber boots in a basket, with lead-free glaze and a vest"),
        ("es-MX", "Ante todo, la nata de la leche y las joyas judías del belén"),
    ],
)
def test_good_texts_are_let_pass(locale: str, text: str) -> None:
    """Homographs of forbidden words are not reported without their source."""
    assert BASE.wrong(text, locale) == ()


@pytest.mark.parametrize(
    ("locale", "word"),
    [
        ("es-AR", "concha"), ("es-UY", "concha"), ("es-PY", "concha"), ("es-AR", "cajeta"), ("es-UY", "cajeta"),
        ("es-AR", "cachucha"), ("es-UY", "cachucha"), ("es-AR", "cogeollas"), ("es-MX", "cogeollas"),
        ("es-MX", "chaqueta"), ("es-MX", "pinche"), ("es-CL", "pico"), ("es-PR", "bicho"), ("es-CU", "papaya"),
        ("pt-BR", "rapariga"), ("en-GB", "fanny"),
    ],
)  # fmt: skip
def test_nothing_is_called_by_a_word_that_is_vulgar_in_its_market(locale: str, word: str) -> None:
    """Neither in the market's own words nor in those it has of its region."""
    called = {term.text for concept in {term.concept for term in BASE.terms} for term in BASE.called(concept, locale)}

    assert {text for text in called if word in text.casefold().split(" ")} == set()


@pytest.mark.parametrize(
    ("locale", "text", "concept", "say"),
    [
        ("es-MX", "judías verdes", "green-beans", "ejotes"),
        ("es-CL", "judías verdes", "green-beans", "porotos verdes"),
        ("es-AR", "zapatillas de deporte", "sneakers", "zapatillas"),
        ("es-CO", "ordenador", "computer", "computador"),
        ("es-AR", "sujetador", "bra", "corpiño"),
        ("pt-BR", "pano húmido", "wipe-clean", "pano úmido"),
        ("es-PR", "bicho", "stuffed-animal", "animal"),
    ],
)
def test_what_to_write_instead_is_the_word_of_the_market(locale: str, text: str, concept: str, say: str) -> None:
    """A word of Spain gives way to what this market says and not to its neighbour's; what a ban says itself stays."""
    assert [wrong.term.replacement for wrong in BASE.wrong(text, locale, [concept])] == [say]


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("es-UY", "Vaqueros de algodón"), ("es-CR", "Mermelada de melocotón"), ("es-MX", "Gastos de envío incluidos"),
        ("es-MX", "Collar chapado en oro"), ("pt-BR", "T-shirt feminina"), ("pt-BR", "Banco talhado à mão"),
    ],
)  # fmt: skip
def test_words_of_the_americas_are_not_called_european(locale: str, text: str) -> None:
    """What Spain or Portugal says too may be good on this side."""
    assert BASE.wrong(text, locale, {term.concept for term in BASE.terms}) == ()


def test_a_long_description_is_read_in_milliseconds() -> None:
    """5,000 signs, all of them words that may be terms, in less than a tenth of a second on a slow machine."""
    words = [term.text for term in GOOD if term.locale in {"es", "es-MX"}]
    text = ", ".join(words)[:5_000]
    BASE.find(text, "es-MX", "pt-BR")
    begun = thread_time()

    assert len(BASE.find(text, "es-MX", "pt-BR")) > 200
    assert thread_time() - begun < 0.1
