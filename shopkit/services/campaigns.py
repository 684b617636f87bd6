"""Campaigns of a seller: planned, kept with the figures they were planned with, taken off and brought back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from listings.campaigns.audiences import Given, audience, groups, states
from listings.campaigns.calendar import coming, events
from listings.campaigns.census import read_census
from listings.campaigns.cities import cities_in
from listings.campaigns.deadlines import MOST_MARGIN
from listings.campaigns.figures import Figure
from listings.channels import channels
from shopkit.models import AudienceFigure, Campaign
from shopkit.services import audit
from shopkit.services.listings import ListingNotFoundError
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from listings.campaigns.audiences import Audience
    from listings.campaigns.calendar import Occurrence
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Json = dict[str, Any]
# Who is abroad in these plans lives in the United States: there are no figures of other countries yet.
MARKET: Final = "US"
LOCALES: Final = ("es-US", "en-US", "pt-BR")
WAYS: Final = ("courier", "postal")
FRAMINGS: Final = ("country_of_origin", "pan_latino")
MOST: Final = 200
MOST_NAME: Final = 120
USUAL_MARGIN: Final = 3


class CampaignNotFoundError(ListingNotFoundError):
    """There is no such campaign, or it is another seller's."""


class StaleCampaignError(Exception):
    """Somebody changed the campaign since it was read."""


class CampaignError(ValueError):
    """What a campaign cannot be: ``problems`` are (field, code).

    Codes: ``group``, ``states`` (none, or one that is none), ``event``, ``not_kept`` (the group keeps no such day
    there), ``locales``, ``way``, ``channel``, ``margin``, ``name``, ``many``, ``framing``.
    """

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        super().__init__(", ".join(f"{name}: {code}" for name, code in problems))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a campaign is asked to be: whom, where, for which day, how it travels, by which channel, in which words.

    ``event`` and ``day`` name the feast and its first day; ``margin_days`` are kept between the latest arrival and it.
    ``locales`` are one, or two of a bilingual campaign: two whole texts, never mixed sentences.
    """

    group: str
    states: tuple[str, ...]
    event: str
    day: date
    way: str = "courier"
    channel: str = "shop"
    locales: tuple[str, ...] = ("es-US",)
    margin_days: int = USUAL_MARGIN
    framing: str = "country_of_origin"

    def to_dict(self) -> Json:
        """Return it as it is kept."""
        return asdict(self) | {"day": self.day.isoformat(), "states": list(self.states), "locales": list(self.locales)}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Asked:
        """Return what :meth:`to_dict` kept."""
        lists = {name: tuple(kept[name]) for name in ("states", "locales")}
        return cls(**(dict(kept) | lists | {"day": date.fromisoformat(kept["day"])}))


@dataclass(frozen=True, slots=True)
class Kept:
    """A campaign as it is kept; ``given`` are the figures that were known when it was planned."""

    id: str
    name: str
    created_at: datetime
    asked: Asked
    given: Given
    version: int
    words: Json = field(default_factory=dict)
    reviewed: Json = field(default_factory=dict)

    def audience(self) -> Audience:
        """Return whom it speaks to, by the figures it was planned with."""
        return audience(self.asked.group, self.asked.states, self.given)


def upcoming(services: Services, group: str) -> tuple[Occurrence, ...]:
    """Return the days that a group keeps in the next year; ``KeyError`` for no group of ours."""
    return coming(groups()[group], MARKET, services.today(MARKET))


def day_of(services: Services, group: str, event: str) -> date | None:
    """Return the next day of an event that a group keeps: the first, where home and market keep two."""
    if group not in groups():
        return None
    return next((one.first for one in upcoming(services, group) if one.event.id == event), None)


def create(services: Services, actor: Actor, name: str, asked: Asked) -> Kept:
    """Keep a new campaign with the figures of today; ``CampaignError`` tells all that is wrong, ``ForbiddenError``."""
    actor.must("editor")
    name = _checked(services, name, asked)
    now = services.now()
    with services.database.writing.begin() as session:
        if (session.scalar(select(func.count()).select_from(_mine(actor).subquery())) or 0) >= MOST:
            raise CampaignError([("name", "many")])
        found = audience(asked.group, asked.states, figures_of(session, actor))
        row = Campaign(
            id=new_id("cm", now),
            seller_id=actor.seller_id,
            created_at=now,
            user_id=actor.user_id,
            name=name,
            asked=asked.to_dict(),
            figures=_figures(found),
            words={},
            reviewed={},
            version=1,
        )
        session.add(row)
        audit.note(session, actor, now, "campaign.planned", row.id, group=asked.group, event=asked.event)
        session.flush()
        return kept(row)


def change(
    services: Services, actor: Actor, campaign_id: str, name: str, asked: Asked, version: int | None = None
) -> Kept:
    """Keep other wishes for a campaign, with the figures of today; those of another group or place go with them.

    Words stay for the languages and places that it still has, and with them the mark of who read them as they are.
    ``CampaignNotFoundError``, ``StaleCampaignError`` where it is no longer at ``version``, ``CampaignError``.
    """
    actor.must("editor")
    now = services.now()
    # One that is not there is not there, whatever is wrong with what was asked.
    get_campaign(services, actor, campaign_id)
    name = _checked(services, name, asked)
    with services.database.writing.begin() as session:
        row = own(session, actor, campaign_id, lock=True)
        if version is not None and row.version != version:
            raise StaleCampaignError
        if (row.name, row.asked) != (name, asked.to_dict()):
            if (row.asked["group"], row.asked["states"]) != (asked.group, list(asked.states)):
                row.figures = _figures(audience(asked.group, asked.states, figures_of(session, actor)))
            places = {"all", *asked.states, *(one.id for one in cities_in(asked.states))}
            left = {
                locale: {place: text for place, text in texts.items() if place in places}
                for locale, texts in row.words.items()
                if locale in asked.locales
            }
            row.reviewed = {one: mark for one, mark in row.reviewed.items() if left.get(one) == row.words.get(one)}
            row.words = left
            row.name, row.asked = name, asked.to_dict()
            row.version += 1
            audit.note(session, actor, now, "campaign.changed", campaign_id, group=asked.group, event=asked.event)
        session.flush()
        return kept(row)


def draft(services: Services, actor: Actor, name: str, asked: Asked) -> Kept:
    """Return a campaign that nobody keeps, with the figures of today; one that :func:`wrong` finds nothing against."""
    return Kept("", name, services.now(), asked, given_figures(services, actor), 0)


def wrong(services: Services, asked: Asked) -> list[tuple[str, str]]:
    """Return what a campaign cannot be, as (field, code)."""
    found = []
    if asked.group not in groups():
        found.append(("group", "group"))
    if not asked.states or any(one not in states() for one in asked.states):
        found.append(("states", "states"))
    if asked.event not in events():
        found.append(("event", "event"))
    elif asked.group in groups() and not any(
        (one.event.id, one.first) == (asked.event, asked.day) for one in upcoming(services, asked.group)
    ):
        found.append(("event", "not_kept"))
    if not 1 <= len(asked.locales) <= 2 or any(one not in LOCALES for one in asked.locales):  # noqa: PLR2004 - two languages
        found.append(("locales", "locales"))
    if asked.way not in WAYS:
        found.append(("way", "way"))
    if asked.channel not in channels() or not channels()[asked.channel].serves(MARKET):
        found.append(("channel", "channel"))
    if not 0 <= asked.margin_days <= MOST_MARGIN:
        found.append(("margin_days", "margin"))
    if asked.framing not in FRAMINGS:
        found.append(("framing", "framing"))
    return found


def campaigns(services: Services, actor: Actor) -> tuple[Kept, ...]:
    """Return the seller's campaigns, the newest first."""
    with services.database.reading() as session:
        rows = session.scalars(_mine(actor).order_by(Campaign.created_at.desc(), Campaign.id.desc())).all()
    return tuple(kept(row) for row in rows)


def get_campaign(services: Services, actor: Actor, campaign_id: str) -> Kept:
    """Return a campaign; ``CampaignNotFoundError``."""
    with services.database.reading() as session:
        return kept(own(session, actor, campaign_id))


def remove(services: Services, actor: Actor, campaign_id: str) -> None:
    """Take a campaign off; ``restore`` brings it back. Its links go on leading where they led."""
    _mark(services, actor, campaign_id, gone=True)


def restore(services: Services, actor: Actor, campaign_id: str) -> None:
    """Bring back a campaign that was taken off."""
    _mark(services, actor, campaign_id, gone=False)


# -- figures -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Brought:
    """What an import of figures brought: how many, of how many states, and the cells that the file leaves open."""

    id: str | None
    figures: int
    states: int
    open: tuple[tuple[str, str], ...]


def import_census(
    services: Services,
    actor: Actor,
    text: str,
    columns: Mapping[str, str],
    year: int,
    table: str,
    *,
    dry_run: bool = False,
) -> Brought:
    """Keep the figures of a Census API answer, whole or not at all; ``CensusError`` tells what is wrong by row.

    An older import stays: campaigns keep the numbers they were planned with, and of several the newest year counts.
    """
    actor.must("editor")
    found = read_census(text, columns, year, table)
    counts = len(found.people), len({state for _, state in found.people})
    if dry_run:
        return Brought(None, *counts, found.open)
    now = services.now()
    id_ = new_id("f", now)
    with services.database.writing.begin() as session:
        for (group, state), figure in found.people.items():
            row = AudienceFigure(
                seller_id=actor.seller_id, import_id=id_, group=group, state=state, year=year, imported_at=now
            )
            row.low, row.high, row.table = figure.low, figure.high, table[:120]
            session.add(row)
        audit.note(session, actor, now, "figures.imported", id_, year=year, table=table[:120], figures=counts[0])
    return Brought(id_, *counts, found.open)


def given_figures(services: Services, actor: Actor) -> Given:
    """Return the figures a seller imported: of each cell those of the newest year, then of the last import."""
    with services.database.reading() as session:
        return figures_of(session, actor)


def figures_of(session: Session, actor: Actor) -> Given:
    """Return the same in a transaction of the caller's."""
    query = select(AudienceFigure).where(AudienceFigure.seller_id == actor.seller_id)
    found: dict[tuple[str, str], Figure] = {}
    for row in session.scalars(query.order_by(AudienceFigure.year, AudienceFigure.imported_at)):
        source = dict.fromkeys(("es", "pt", "en"), f"US Census Bureau, {row.table}, {row.year}")
        found[row.group, row.state] = Figure(row.low, row.high, row.year, source, "reported")
    return Given(found)


# -- rows ----------------------------------------------------------------------------------------------------------
def own(session: Session, actor: Actor, campaign_id: str, *, lock: bool = False) -> Campaign:
    """Return the row of a campaign that is the seller's; ``CampaignNotFoundError``."""
    query = _mine(actor).where(Campaign.id == campaign_id)
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise CampaignNotFoundError(campaign_id)
    return row


def kept(row: Campaign) -> Kept:
    """Return a campaign as others take it."""
    people = {(one["group"], one["state"]): Figure(**{name: one[name] for name in _FIGURE}) for one in row.figures}
    return Kept(
        row.id, row.name, row.created_at, Asked.of(row.asked), Given(people), row.version, row.words, row.reviewed
    )


def _checked(services: Services, name: str, asked: Asked) -> str:
    """Return the name as it is kept; ``CampaignError`` tells all that is wrong."""
    problems = wrong(services, asked)
    name = " ".join(name.split())
    if not name or len(name) > MOST_NAME or not name.isprintable():
        problems.append(("name", "name"))
    if problems:
        raise CampaignError(problems)
    return name


def _figures(found: Audience) -> list[Json]:
    return [
        {"group": found.group.id, "state": cell.state.id, **asdict(cell.people)}
        for cell in found.cells
        if cell.people is not None
    ]


_FIGURE: Final = ("low", "high", "year", "source", "status")


def _mine(actor: Actor) -> Select[Campaign]:
    return select(Campaign).where(Campaign.seller_id == actor.seller_id, Campaign.removed_at.is_(None))


def _mark(services: Services, actor: Actor, campaign_id: str, *, gone: bool) -> None:
    actor.must("editor")
    now = services.now()
    query = select(Campaign).where(Campaign.seller_id == actor.seller_id, Campaign.id == campaign_id)
    with services.database.writing.begin() as session:
        row = session.scalars(query.with_for_update()).one_or_none()
        if row is None or (row.removed_at is None) is not gone:
            raise CampaignNotFoundError(campaign_id)
        row.removed_at = now if gone else None
        audit.note(session, actor, now, "campaign.removed" if gone else "campaign.restored", campaign_id)
