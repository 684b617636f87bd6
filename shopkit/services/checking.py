"""What checks find in a shop's texts, with what the shop knows: its brand, its channels, its words, what it let be."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import select

from listings.channels import channels
from listings.texts import base, territory
from shopkit.models import StoredTerm
from translations.colours import COLOURS, MATERIALS
from translations.findings import ordered
from translations.freshness import digest
from translations.locales import known, of
from translations.termfiles import shipped
from translations.terms import Term, TermBase

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from listings.model import Listing
    from shopkit.services.actors import Actor
    from shopkit.services.translation_plans import Plan
    from shopkit.services.translations import Row
    from translations.checks import Context, Limit
    from translations.checks.case import Register
    from translations.findings import Finding

# Chapters of the tariff whose goods are sold by size: knitted and woven clothing, footwear.
_SIZED: Final = ("61", "62", "64")
_TAGS: Final = frozenset(("b", "br", "em", "h2", "h3", "i", "li", "ol", "p", "strong", "ul"))
_DATES: Final = ("written",)
_FORMS: Final = {"tú": "tu", "usted": "usted", "vos": "vos", "você": "voce"}


class Checker:
    """Checks texts of one shop; ``channel`` is where they go, ``None`` wherever."""

    def __init__(self, terms: TermBase, plan: Plan, on: date, channel: str | None = None) -> None:
        self._terms = terms
        self._plan = plan
        self._on = on
        self._channel = channel
        # What is found whatever the channel: asked once for all of them.
        self._found: dict[tuple[str, ...], tuple[Finding, ...]] = {}

    @classmethod
    def of(cls, session: Session, actor: Actor, plan: Plan, on: date, channel: str | None = None) -> Checker:
        """Return the checks of a shop, its own words among them."""
        return cls(terms_of(session, actor), plan, on, channel)

    def at(self, channel: str | None) -> Checker:
        """Return the same for a channel; what is found whatever the channel is not looked for again."""
        other = Checker(self._terms, self._plan, self._on, channel)
        other._found = self._found  # its own kind
        return other

    def context(self, listing: Listing, row: Row) -> Context:
        """Return what is known of a text."""
        # Here and below: the checks bring numbers and measures of all languages, and most processes check nothing.
        from translations.checks import Context  # noqa: PLC0415

        return Context(
            listing.language,
            row.locale,
            role=row.leaf.role,
            keep=tuple(one for one in (listing.brand,) if one),
            currency=self._currency(listing, row.locale),
            tags=_TAGS if row.leaf.role == "description" else frozenset(),
            register=self._register(row.locale),
            sized=(listing.hs_code or "").startswith(_SIZED),
            names=_called(row, listing.language) if row.leaf.role == "word" else {},
            terms=self._terms,
        )

    def findings(self, listing: Listing, row: Row, text: str | None = None) -> tuple[Finding, ...]:
        """Return what is wrong with a row's text, or with another in its place; what was let be is not told.

        What the seller says for a market is not judged: there is no source that it translates.
        """
        if row.said is not None:
            return ()
        from translations import checks  # noqa: PLC0415  # as above

        said = row.text if text is None else text
        key = (listing.key, row.locale, row.leaf.path, row.digest, said)
        if key not in self._found:
            self._found[key] = checks.check(row.leaf.text, said, self.context(listing, row))
        found = self._found[key]
        limits, banned = self._limits(row), self._banned(row)
        if limits or banned:
            context = checks.Context(listing.language, row.locale, limits=limits, banned=banned)
            found = ordered((*found, *checks.of_channel(row.leaf.text, said, context)))
        let_be = {
            one["finding"]
            for one in (row.kept.dismissed if row.kept is not None else ())
            if one["source"] == row.digest and one["text"] == digest(said)
        }
        return tuple(one for one in found if one.name not in let_be)

    def blocks(self, listing: Listing, row: Row) -> bool:
        """Return whether a text may not leave for what is found in it."""
        return any(one.stops for one in self.findings(listing, row))

    def _limits(self, row: Row) -> tuple[Limit, ...]:
        if self._channel is None or row.leaf.role not in {"title", "description"}:
            return ()
        from translations.checks import Limit  # noqa: PLC0415  # as above

        most = channels()[self._channel].limit(row.leaf.role, territory(row.locale), self._on)
        return () if most is None else (Limit(self._channel, most),)

    def _banned(self, row: Row) -> dict[str, tuple[str, ...]]:
        if self._channel is None or row.leaf.role != "title":
            return {}
        words = channels()[self._channel].words.get(base(row.locale), ())
        return {self._channel: words} if words else {}

    def _register(self, locale: str) -> Register:
        """Return how buyers are addressed there: as the seller settled it, else as the market does."""
        chosen = self._plan.registers.get(locale)
        if chosen is None and known(locale):
            chosen = _FORMS.get(of(locale).address or "")
        return cast("Register", chosen or "")

    def _currency(self, listing: Listing, locale: str) -> str:
        found = listing.price_of(None, territory(locale), self._on)
        return "" if found is None else found.currency


def _called(row: Row, language: str) -> dict[str, str]:
    """Return what a colour or material is called in the row's locale, where a table has it."""
    if not known(row.locale) or not known(language):
        return {}
    word = row.leaf.text
    found = next(
        (said for table in (COLOURS, MATERIALS) if (said := table.translated(word, language, row.locale))), None
    )
    return {} if found is None else {word.strip().casefold(): found}


def terms_of(session: Session, actor: Actor) -> TermBase:
    """Return our termbase with a seller's own words over it."""
    query = select(StoredTerm).where(StoredTerm.seller_id == actor.seller_id).order_by(StoredTerm.key)
    return _with(tuple(term_of(one.document) for one in session.scalars(query)))


@lru_cache(maxsize=32)
def _with(own: tuple[Term, ...]) -> TermBase:
    # What a termbase is searched by costs time to lay out: it is kept while nobody changes a word.
    return shipped().with_terms(own) if own else shipped()


def term_of(document: dict[str, Any]) -> Term:
    """Return a term that is kept as JSON."""
    known = {one.name for one in fields(Term)}
    value = {name: one for name, one in document.items() if name in known and name not in _DATES}
    return Term(**value | {"means": tuple(tuple(one) for one in document.get("means", ())), "origin": "own"})
