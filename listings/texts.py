"""The texts of a listing that buyers read, leaf by leaf, and the listing as it is said in another language.

A leaf is named by its path: ``title``, ``description``, ``aftercare/care``, ``extra/SEO Title``. What a seller says
otherwise for one market is a leaf of its own, ``markets/US/title``, and takes the place of ``title`` for locales of
that market. Words of lists (materials, options, tags) are named by what they say, so that the same word is translated
once, and another word is another leaf.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from landed_cost.rulebook.attributes import attributes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from listings.model import Listing, Override

Role = Literal["title", "description", "text", "word"]
# Which table says a word in other languages, so that nobody has to translate it.
Table = Literal["colours", "materials"]
# Columns of a shop's file that search engines show, kept as they came.
SEO: Final[Mapping[str, Role]] = {
    "SEO Title": "title",
    "SEO Description": "text",
    "SEO title": "title",
    "SEO description": "text",
}
# What an option or an attribute is called that holds one of them.
_TABLES: Final[Mapping[str, Table]] = {
    "color": "colours",
    "colores": "colours",
    "colour": "colours",
    "cor": "colours",
    "cores": "colours",
    "material": "materials",
    "materiales": "materials",
    "materiais": "materials",
    "materials": "materials",
}
_AFTERCARE: Final = ("warranty", "returns", "care")
_OF_MARKET: Final[Mapping[str, Role]] = {
    "title": "title",
    "description": "description",
    "brand_line": "text",
    "label": "text",
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One text: where it stands, what it says, which part it plays.

    ``main`` are those without which a listing does not go out in a language: a channel shows them first. ``table`` is
    where a word is looked up that stands for a colour or a material and for nothing else.
    """

    path: str
    text: str
    role: Role
    main: bool = False
    table: Table | None = None

    @property
    def field(self) -> str:
        """The field it is, whichever market it is for: ``title`` of ``markets/US/title``."""
        return self.path.rpartition("/")[2] if self.path.startswith("markets/") else self.path


def base(tag: str) -> str:
    """Return the language of a locale.

    >>> base("pt-BR")
    'pt'
    """
    return tag.partition("-")[0]


def territory(tag: str) -> str | None:
    """Return the country of a locale, if it has one.

    >>> territory("es-MX"), territory("es-419"), territory("es")
    ('MX', None, None)
    """
    found = tag.partition("-")[2]
    return found if len(found) == 2 and found.isalpha() else None  # noqa: PLR2004  # ISO 3166


def leaves(listing: Listing, locale: str) -> tuple[Leaf, ...]:
    """Return every text of a listing that is not empty, as it is to be said in a locale; the main ones first."""
    override = _source_override(listing, locale)
    found: dict[str, Leaf] = {}
    for leaf in _all(listing, override):
        if leaf.text.strip():
            found.setdefault(leaf.path, leaf)
    return tuple(sorted(found.values(), key=lambda one: not one.main))


def own_words(listing: Listing, locale: str) -> Mapping[str, str]:
    """Return what the seller already says for the locale's market in the locale's language, by field.

    >>> from listings.model import Listing, Override
    >>> listing = Listing(key="a", title="Taza", markets=(Override(market="US", language="en", title="Mug"),))
    >>> own_words(listing, "en-US"), own_words(listing, "es-US")
    ({'title': 'Mug'}, {})
    """
    override = _override(listing, locale)
    if override is None or base(override.language or listing.language) != base(locale):
        return {}
    if base(locale) == base(listing.language):
        return {}
    return {name: text for name in _OF_MARKET if (text := getattr(override, name))}


def spoken(listing: Listing, locale: str, texts: Mapping[str, str]) -> Listing:
    """Return a listing said in another language: ``texts`` are those of its leaves, by field or path.

    Its own texts become those, and its language the locale; of what is said for markets only texts in that language
    stay, so that no two languages leave together. Words of lists that are not in ``texts`` stay as they are, any other
    text that is not there is empty.
    """
    word = _Words(texts)
    return listing.model_copy(
        update={
            "title": texts.get("title", listing.title),
            "description": texts.get("description", ""),
            "language": locale,
            "markets": tuple(_said_there(listing, one, locale, texts) for one in listing.markets),
            "tags": tuple(map(word, listing.tags)),
            "category": texts.get("category", listing.category),
            "materials": tuple(one.model_copy(update={"name": word(one.name)}) for one in listing.materials),
            "variants": tuple(
                one.model_copy(update={"options": {word(name): word(value) for name, value in one.options.items()}})
                for one in listing.variants
            ),
            "photos": tuple(
                one.model_copy(update={"alt": texts.get(f"photos/{one.id}", "")}) for one in listing.photos
            ),
            "attributes": {name: texts.get(f"attributes/{name}", one) for name, one in listing.attributes.items()},
            "personalisation": tuple(
                one.model_copy(update={"name": word(one.name), "choices": tuple(map(word, one.choices))})
                for one in listing.personalisation
            ),
            "aftercare": listing.aftercare.model_copy(
                update={name: texts.get(f"aftercare/{name}", "") for name in _AFTERCARE}
            ),
            "extra": {
                name: texts.get(f"extra/{name}", "") if name in SEO else text for name, text in listing.extra.items()
            },
        }
    )


def _said_there(listing: Listing, one: Override, locale: str, texts: Mapping[str, str]) -> Override:
    """Return what is said for a market: the locale's own market takes its texts, others keep theirs of the language."""
    if one.market == territory(locale):
        said = {name: texts.get(name) for name in ("brand_line", "label")}
        return one.model_copy(update={**said, "title": None, "description": None, "language": locale})
    if base(one.language or listing.language) == base(locale):
        return one
    return one.model_copy(update=dict.fromkeys(_OF_MARKET))


def word_path(word: str) -> str:
    """Return the path of a word of a list."""
    return "words/" + hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class _Words:
    """What a word of a list is called."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __call__(self, word: str) -> str:
        return self._texts.get(word_path(word), word)


def _override(listing: Listing, locale: str) -> Override | None:
    country = territory(locale)
    return None if country is None else listing.override(country)


def _source_override(listing: Listing, locale: str) -> Override | None:
    """Return what is said for the locale's market in the listing's own language: another source than the listing."""
    override = _override(listing, locale)
    if override is None or base(override.language or listing.language) != base(listing.language):
        return None
    return override


def _all(listing: Listing, override: Override | None) -> Iterator[Leaf]:
    for name, role in _OF_MARKET.items():
        own = None if override is None else getattr(override, name)
        main = role in {"title", "description"}
        if own and override is not None:
            yield Leaf(f"markets/{override.market}/{name}", own, role, main)
        elif main:
            yield Leaf(name, getattr(listing, name), role, main)
    for name, role in SEO.items():
        yield Leaf(f"extra/{name}", listing.extra.get(name, ""), role)
    yield Leaf("category", listing.category, "word")
    for name in _AFTERCARE:
        yield Leaf(f"aftercare/{name}", getattr(listing.aftercare, name), "text")
    for photo in listing.photos:
        yield Leaf(f"photos/{photo.id}", photo.alt, "text")
    known = attributes()
    for name, text in listing.attributes.items():
        # Answers that the law knows have their words in its own vocabulary.
        if name not in known or not known[name].values:
            yield Leaf(f"attributes/{name}", text, "word", table=_TABLES.get(name.casefold()))
    yield from _of_words(listing)


def _of_words(listing: Listing) -> Iterator[Leaf]:
    found: dict[str, set[Table | None]] = {}
    for word, table in _words(listing):
        found.setdefault(word, set()).add(table)
    for word, tables in found.items():
        # "Café" is a colour among colours; as a tag as well it may be what is in the cup, and one leaf says both.
        yield Leaf(word_path(word), word, "word", table=tables.pop() if len(tables) == 1 else None)


def _words(listing: Listing) -> Iterator[tuple[str, Table | None]]:
    yield from ((one, None) for one in listing.tags)
    yield from ((one.name, "materials") for one in listing.materials)
    for variant in listing.variants:
        for name, value in variant.options.items():
            yield name, None
            yield value, _TABLES.get(name.casefold())
    for one in listing.personalisation:
        yield one.name, None
        yield from ((choice, _TABLES.get(one.name.casefold())) for choice in one.choices)
