"""The texts of a listing: which there are for a locale, and the listing said in another language."""

from __future__ import annotations

from typing import Any

from pydantic_core import to_json

from listings.model import Listing
from listings.outgoing import Said, outgoing
from listings.texts import leaves, own_words, spoken, word_path
from translations.states import STRICT, Allowance, State

TAZA: dict[str, Any] = {
    "key": "taza",
    "title": "Taza de peltre",
    "language": "es",
    "description": "Pintada a mano.",
    "tags": ["cocina"],
    "materials": [{"name": "Acero"}],
    "variants": [{"sku": "T-A", "options": {"Color": "Azul"}}, {"sku": "T-R", "options": {"Color": "Rojo"}}],
    "aftercare": {"care": "Lavar a mano.", "returns_days": 30},
    "extra": {"SEO Title": "Taza de peltre | Toluca", "Vendor": "Oax"},
    "markets": [
        {"market": "US", "language": "en", "title": "Enamel mug"},
        {"market": "BR", "title": "Taza mexicana", "price": {"amount": "90.00", "currency": "BRL"}},
    ],
}
GOOD, DRAFT = State("approved", "current"), State("draft", "current")


def listing(**more: Any) -> Listing:
    """Return the cup, with some fields replaced."""
    return Listing.model_validate_json(to_json(TAZA | more))


def test_every_text_that_buyers_read_is_a_leaf_once() -> None:
    """A word of two variants stands once; what is no text, or is empty, is none; the main ones come first."""
    found = {one.path: one.text for one in leaves(listing(), "en-JM")}

    assert found == {
        "title": "Taza de peltre",
        "description": "Pintada a mano.",
        "extra/SEO Title": "Taza de peltre | Toluca",
        "aftercare/care": "Lavar a mano.",
        word_path("cocina"): "cocina",
        word_path("Acero"): "Acero",
        word_path("Color"): "Color",
        word_path("Azul"): "Azul",
        word_path("Rojo"): "Rojo",
    }
    assert [one.path for one in leaves(listing(), "en-JM") if one.main] == ["title", "description"]


def test_a_word_has_a_table_where_it_can_be_nothing_else() -> None:
    """Among colours a word is a colour, among materials a material; one that is a tag as well may be another thing."""
    cup = listing(
        tags=["café", "cocina"],
        variants=[
            {"sku": "T-A", "options": {"Color": "Café"}},
            {"sku": "T-R", "options": {"COR": "café", "Talla": "M"}},
        ],
        personalisation=[
            {"name": "Color", "kind": "choice", "choices": ["Rojo"]},
            {"name": "Texto", "kind": "choice", "choices": ["Plata"]},
        ],
        attributes={"material": "barro"},
    )

    assert {one.text: one.table for one in leaves(cup, "en-US") if one.role == "word"} == {
        "barro": "materials",
        "café": None,
        "cocina": None,
        "Acero": "materials",
        "Color": None,
        "Café": "colours",
        "COR": None,
        "Talla": None,
        "M": None,
        "Rojo": "colours",
        "Texto": None,
        "Plata": None,
    }


def test_what_is_said_for_a_market_in_the_sellers_language_is_its_source() -> None:
    """Brazil's title goes into Portuguese of Brazil, and into no other."""
    found = {tag: leaves(listing(), tag)[0] for tag in ("pt-BR", "pt", "en-US")}

    assert {tag: (one.path, one.text) for tag, one in found.items()} == {
        "pt-BR": ("markets/BR/title", "Taza mexicana"),
        "pt": ("title", "Taza de peltre"),
        "en-US": ("title", "Taza de peltre"),
    }
    assert found["pt-BR"].field == "title"


def test_what_is_said_for_a_market_in_its_language_is_its_text() -> None:
    """The United States read their own title; what the seller's own language says there is no translation."""
    found = [own_words(listing(), tag) for tag in ("en-US", "en", "pt-BR", "es-US")]

    assert found == [{"title": "Enamel mug"}, {}, {}, {}]


def test_a_listing_is_said_in_one_language() -> None:
    """Texts that are not there are empty, words stay, and no market keeps a text in another language."""
    said = spoken(listing(), "pt-BR", {"title": "Caneca mexicana", word_path("Azul"): "Azul-claro"})

    assert (said.title, said.description, said.language) == ("Caneca mexicana", "", "pt-BR")
    assert [one.options for one in said.variants] == [{"Color": "Azul-claro"}, {"Color": "Rojo"}]
    assert said.aftercare.model_dump(exclude_defaults=True) == {"returns_days": 30}
    assert said.extra == {"SEO Title": "", "Vendor": "Oax"}
    assert [(one.market, one.title, one.language) for one in said.markets] == [
        ("US", None, "en"),
        ("BR", None, "pt-BR"),
    ]
    assert said.markets[1].price == listing().markets[1].price


def test_each_text_comes_from_the_nearest_locale_that_may_leave() -> None:
    """A draft for Mexico does not stand in the way of what was approved for the Americas."""
    english = listing(language="en", title="Enamel mug", description="Painted by hand.", markets=[], extra={})
    said = {
        ("es-MX", "title"): Said("Pocillo", DRAFT),
        ("es-419", "title"): Said("Taza de peltre", GOOD),
        ("es-MX", "description"): Said("Pintado a mano.", GOOD),
    }

    found = outgoing(english, "es-MX", ("es-MX", "es-419", "es"), said, STRICT)
    assert (found.texts["title"], found.supplied["title"]) == ("Taza de peltre", "es-419")
    assert (found.texts["description"], found.supplied["description"]) == ("Pintado a mano.", "es-MX")
    assert found.is_open
    loose = outgoing(english, "es-MX", ("es-MX", "es-419", "es"), said, Allowance(unapproved=True))
    assert loose.texts["title"] == "Pocillo"


def test_a_title_that_may_not_leave_holds_the_listing() -> None:
    """With the reason of the nearest text there is; a small text that is missing is left out, not waited for."""
    said = {("en", "title"): Said("Enamel mug", State("approved", "changed")), ("en", "description"): Said("x", GOOD)}

    found = outgoing(listing(markets=[]), "en", ("en",), said, STRICT)
    assert not found.is_open
    assert {leaf.path: why for leaf, why in found.held if leaf.main} == {"title": ("changed",)}
    assert "aftercare/care" not in found.texts


def test_the_sellers_own_language_serves_in_its_dialects_but_not_that_of_spain() -> None:
    """Neutral Spanish leaves for Mexico as it is; a text of Spain is held for the Americas."""
    chain = ("es-MX", "es-419", "es")

    assert outgoing(listing(), "es-MX", chain, {}, STRICT).is_open
    assert not outgoing(listing(language="es-ES"), "es-MX", chain, {}, STRICT).is_open
