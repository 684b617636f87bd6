"""What of a listing leaves in a language: each text from the first locale of the chain that may, or why it may not.

A dialect is a patch over its parent: where es-MX says nothing, or may not leave yet, es-419 is asked, then es. The
source text itself serves where it is in the language asked for, never the wording of Spain in the Americas. A listing
whose title or description may not leave does not leave at all; any other text that may not is left out of it, so that
no two languages leave together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from listings.texts import base, leaves, own_words, spoken, territory
from translations.states import may_leave

if TYPE_CHECKING:
    from collections.abc import Mapping

    from listings.model import Listing
    from listings.texts import Leaf
    from translations.states import Allowance, Held, State

_EUROPE: Final = frozenset({"es-ES", "pt-PT"})


@dataclass(frozen=True, slots=True)
class Said:
    """A text in one locale and its state."""

    text: str
    state: State


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What leaves: ``texts`` by field, ``supplied`` from which locale each came, ``held`` what may not and why."""

    locale: str
    texts: Mapping[str, str]
    supplied: Mapping[str, str]
    held: tuple[tuple[Leaf, tuple[Held, ...]], ...]

    @property
    def is_open(self) -> bool:
        """Whether the listing leaves: nothing of title and description is held."""
        return not any(leaf.main for leaf, _ in self.held)

    def listing(self, listing: Listing) -> Listing:
        """Return the listing as it leaves."""
        return spoken(listing, self.locale, self.texts)


def outgoing(
    listing: Listing,
    locale: str,
    chain: tuple[str, ...],
    said: Mapping[tuple[str, str], Said],
    allowance: Allowance,
) -> Outgoing:
    """Return what leaves in a locale; ``said`` holds the texts there are by locale and path, ``chain`` its parents."""
    own = own_words(listing, locale)
    texts: dict[str, str] = {}
    supplied: dict[str, str] = {}
    held: list[tuple[Leaf, tuple[Held, ...]]] = []
    for leaf in leaves(listing, locale):
        if leaf.field in own:
            texts[leaf.field], supplied[leaf.field] = own[leaf.field], locale
            continue
        reasons: tuple[Held, ...] = ()
        for link in chain:
            one = said.get((link, leaf.path))
            if one is None or not one.text:
                continue
            found = may_leave(one.state, allowance)
            if not found:
                texts[leaf.field], supplied[leaf.field] = one.text, link
                break
            reasons = reasons or found
        else:
            if serves(listing.language, locale):
                texts[leaf.field], supplied[leaf.field] = leaf.text, listing.language
            else:
                held.append((leaf, reasons or ("missing",)))
    return Outgoing(locale, texts, supplied, tuple(held))


def serves(language: str, locale: str) -> bool:
    """Return whether a text in a language may stand where a locale is asked for.

    >>> serves("es", "es-US"), serves("es-MX", "es-419"), serves("es-ES", "es-MX"), serves("es", "pt-BR")
    (True, True, False, False)
    """
    if base(language) != base(locale):
        return False
    return language not in _EUROPE or territory(locale) == territory(language)
