"""What listings come to in a catalog: their texts through the gate, their price at the door, their days, or why not.

All that is the same for every row of a run is settled once in :class:`Desk`. A listing is named by a digest of what its
rows rest on: while that stays and the days it was priced for last, nothing is reckoned again.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from landed_cost.rates import RATE_LIMIT_DAYS
from listings.channels.port import Finding, Reviews
from listings.channels.rules import rules_of
from listings.shipment import NoPriceError, Sale, shipment_of
from shopkit.models import StoredListing, StoredTerm, StoredTranslation, StoredVariant
from shopkit.services.catalog_items import Offer, item_of
from shopkit.services.catalog_prices import Pricing
from shopkit.services.catalogs import format_of, place_of
from shopkit.services.freight import find_card
from shopkit.services.gate import going_out_all
from shopkit.services.listings import all_kept
from shopkit.services.reputation import published_on, standing_of
from shopkit.services.translation_plans import plan_of
from shopkit.services.translations import texts_of
from translations.locales import chain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from listings.channels.port import Record
    from listings.model import Listing, Variant
    from listings.outgoing import Outgoing
    from shopkit.models import Seller
    from shopkit.services.actors import Actor
    from shopkit.services.catalogs import Kept
    from shopkit.services.context import Services
    from shopkit.services.listings import Kept as KeptListing
    from shopkit.services.translations import Translation

# Counts up when the same listing would make other rows than before.
FORM: Final = 1
_SHOWN: Final = 5
_STARS: Final = "store_star_rating"


@dataclass(frozen=True, slots=True)
class State:
    """How a listing stands: a digest of all that its rows rest on, and how many variants it has."""

    id: str
    digest: str
    variants: int


@dataclass(frozen=True, slots=True)
class Made:
    """What a listing comes to: records that leave, and what keeps others in or is to be known of them."""

    id: str
    key: str
    digest: str
    valid_until: date
    records: tuple[Record, ...]
    findings: tuple[Finding, ...]
    left_out: int

    @property
    def stopping(self) -> Finding | None:
        """The first thing that keeps a row in."""
        return next((one for one in self.findings if not one.is_warning), None)


@dataclass(frozen=True, slots=True)
class Priced:
    """A listing with what of it is offered; nothing where it does not leave at all."""

    kept: KeptListing
    state: State
    going: Outgoing
    offers: Sequence[Offer]


class Desk:
    """Makes the rows of one catalog on one day."""

    def __init__(self, services: Services, session: Session, actor: Actor, found: Kept, seller: Seller) -> None:
        self._services = services
        self._actor = actor
        self._found = found
        self._seller = seller
        self.on = services.today(found.market)
        self.format = format_of(found.channel)
        self.feed = dataclasses.replace(
            found.feed(seller, self.on), reviews=_reviews(services, seller.id, self.format.channel, self.on)
        )
        card = find_card(services, actor.seller_id, found.settings.card) if found.settings.card else None
        self._rulebook = services.rulebook
        self._pricing = Pricing(services, seller, found, self.feed, card)
        law = self._rulebook.at(found.market, self.on)
        rates = self._rulebook.rates
        until = law.valid_until
        if not rates.is_stale(self.on):
            until = min(until, rates.as_of + timedelta(days=RATE_LIMIT_DAYS))
        if self._pricing.until is not None:
            until = min(until, self._pricing.until)
        self._until = max(until, self.on)
        self.rests_on = {
            "on": self.on.isoformat(),
            "rulebook": self._rulebook.version,
            "schedule": law.schedule_name if isinstance(law.schedule_name, str) else law.schedule_name["en"],
            "rates": rates.as_of.isoformat(),
        }
        self._base = _digest(
            FORM,
            found.channel,
            found.market,
            found.language,
            repr(found.settings),
            *(seller.country, seller.currency, services.settings.public_url),
            self._rulebook.version,
            self.rests_on["schedule"],
            services.law.stamp,
            self._pricing.basis,
            plan_of(session, actor).version,
            _terms(session, actor),
            repr([one for one in rules_of(self.format.channel) if one.holds(found.market, self.on)]),
            repr(place_of(found.channel).words),
            repr(self.feed.reviews),
        )

    def states(self, session: Session, rows: Sequence[tuple[str, int]]) -> list[State]:
        """Return how listings stand, given as id and version; asks for nothing of what they say."""
        ids = [id_ for id_, _ in rows]
        stock: dict[str, list[str]] = {}
        left = select(StoredVariant.listing_id, StoredVariant.sku, StoredVariant.stock).where(
            StoredVariant.seller_id == self._actor.seller_id, StoredVariant.listing_id.in_(ids)
        )
        for listing_id, sku, count in session.execute(left):
            stock.setdefault(listing_id, []).append(f"{sku} {_there(count)}")
        said = (
            select(
                StoredTranslation.listing_id,
                func.count(),
                func.sum(StoredTranslation.version),
                func.max(StoredTranslation.updated_at),
            )
            .where(
                StoredTranslation.seller_id == self._actor.seller_id,
                StoredTranslation.listing_id.in_(ids),
                StoredTranslation.locale.in_(chain(self._found.language)),
            )
            .group_by(StoredTranslation.listing_id)
        )
        texts = {row[0]: (row[1], int(row[2]), str(row[3])) for row in session.execute(said)}
        return [
            State(
                id_, _digest(self._base, version, sorted(stock.get(id_, ())), texts.get(id_)), len(stock.get(id_, ()))
            )
            for id_, version in rows
        ]

    def make(self, session: Session, states: Sequence[State]) -> list[Made]:
        """Return what listings come to, in the order given; one that is gone meanwhile is left out."""
        return [self.made(one) for one in self.price(session, states)]

    def price(self, session: Session, states: Sequence[State]) -> list[Priced]:
        """Return what of listings is offered and for how much, in the order given."""
        by_id = {one.id: one for one in states}
        query = select(StoredListing).where(
            StoredListing.seller_id == self._actor.seller_id, StoredListing.id.in_(by_id)
        )
        stored = {row.id: row for row in session.scalars(query)} if states else {}
        rows = [stored[id_] for id_ in by_id if id_ in stored]
        kept = all_kept(session, rows)
        links = chain(self._found.language)
        texts = texts_of(session, self._actor, list(by_id), links)
        going = going_out_all(
            session, self._actor, kept, self._found.language, self.format.channel, self.on, texts=texts
        )
        offers = [offer for one in kept for offer in self._offers(one, going[one.id], texts)]
        self._pricing.price(offers)
        by_listing: dict[str, list[Offer]] = {one.id: [] for one in kept}
        for offer in offers:
            by_listing[offer.listing_id].append(offer)
        return [Priced(one, by_id[one.id], going[one.id], by_listing[one.id]) for one in kept]

    # -- one listing -----------------------------------------------------------------------------------------------
    def _offers(
        self, kept: KeptListing, going: Outgoing, texts: Mapping[tuple[str, str, str], Translation]
    ) -> list[Offer]:
        """Return what of a listing is to be priced: nothing where it does not leave at all."""
        listing = kept.listing
        if self._held(listing, going) is not None:
            return []
        said = going.listing(listing)
        found = []
        for variant, as_said in self._offered(listing, said):
            offer = Offer(kept.id, listing, said, variant, as_said, going, texts)
            sale = Sale(
                dispatch=self._pricing.dispatch,
                destination=self._pricing.destination,
                on=self.on,
                sku=None if variant is None else variant.sku,
                channel=self._pricing.channel,
                terms=self._pricing.terms,
                currency=self.feed.currency,
            )
            try:
                offer.shipment = shipment_of(listing, sale)
            except NoPriceError:
                offer.against = Finding(offer.id, "price", "no_price")
            found.append(offer)
        return found

    def _held(self, listing: Listing, going: Outgoing) -> Finding | None:
        """Return why nothing of a listing leaves."""
        override = listing.override(self._found.market)
        if listing.kind != "goods":
            return Finding(listing.key, "", "not_goods")
        if override is not None and not override.included:
            return Finding(listing.key, "", "not_offered", {"market": self._found.market})
        if not going.is_open:
            held = [(leaf.field, why) for leaf, why in going.held if leaf.main]
            values = {
                "fields": ", ".join(name for name, _ in held),
                "why": ", ".join(dict.fromkeys(sum((w for _, w in held), ()))),
            }
            return Finding(listing.key, held[0][0], "held", values | {"language": self._found.language})
        if listing.variants and not self._offered(listing, listing):
            return Finding(listing.key, "", "not_offered", {"market": self._found.market})
        return None

    def _offered(self, listing: Listing, said: Listing) -> list[tuple[Variant | None, Variant | None]]:
        if not listing.variants:
            return [(None, None)]
        override = listing.override(self._found.market)
        return [
            (one, other)
            for one, other in zip(listing.variants, said.variants, strict=True)
            if override is None or override.variants is None or one.sku in override.variants
        ]

    def made(self, priced: Priced) -> Made:
        """Return the records of a listing that was priced, in the channel's words, and what keeps others in."""
        kept, state, going, offers = priced.kept, priced.state, priced.going, priced.offers
        listing = kept.listing
        held = self._held(listing, going)
        records: list[Record] = []
        findings = [] if held is None else [held]
        left_out = 0 if held is None else max(1, len(listing.variants))
        for offer in offers:
            against = offer.against
            if against is not None or offer.taken is None:
                findings.append(against or Finding(offer.id, "price", "no_price"))
                left_out += 1
                continue
            record = self.format.record(item_of(self._services, self._seller, self._found, offer), self.feed)
            told = self.format.validate(record, self.feed)
            findings += told
            if any(not one.is_warning for one in told):
                left_out += 1
            else:
                records.append(record)
        return Made(
            kept.id, listing.key, state.digest, self._last_day(listing), tuple(records), tuple(findings), left_out
        )

    def _last_day(self, listing: Listing) -> date:
        """Return the last day for which a listing was priced: the law's, or the eve of another price."""
        override = listing.override(self._found.market)
        first = None if override is None else override.introductory
        if first is None:
            return self._until
        starts, ends = (type(self.on).fromisoformat(day) for day in (first.starts_on, first.ends_on))
        if self.on < starts:
            return min(self._until, starts - timedelta(days=1))
        return min(self._until, ends) if self.on <= ends else self._until


def _reviews(services: Services, seller_id: str, channel: str, on: date) -> Reviews | None:
    """Return what buyers said of the shop by the end of the month before, where the channel asks and enough did."""
    if not any(_STARS in rule.fields for rule in rules_of(channel)):
        return None
    found = standing_of(services, seller_id, published_on(on))
    return None if found.stars is None else Reviews(found.ratings, str(found.stars))


def _terms(session: Session, actor: Actor) -> list[Any]:
    query = select(func.count(), func.sum(StoredTerm.version), func.max(StoredTerm.updated_at)).where(
        StoredTerm.seller_id == actor.seller_id
    )
    return [str(one) for one in session.execute(query).one()]


def _there(stock: int | None) -> str:
    return "?" if stock is None else "1" if stock > 0 else "0"


def _digest(*parts: Any) -> str:  # noqa: ANN401  # whatever has a text
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
