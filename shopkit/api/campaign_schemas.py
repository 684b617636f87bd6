"""The shapes of the answers about campaigns: built for who reads the description, not at every start."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CampaignHead(_Shape):
    """What a campaign asks: a group of origin, states by ISO 3166-2, a feast and its day, how it travels."""

    id: str
    name: str
    group: str
    states: list[str]
    event: str
    day: str
    way: Literal["courier", "postal"]
    channel: str
    locales: list[str]
    margin_days: int


class CampaignsResponse(_Shape):
    """The seller's campaigns, the newest first."""

    campaigns: list[CampaignHead]


class PeopleFigure(_Shape):
    """At least and at most so many people, counted in ``year``; null in its place is not known, never zero."""

    low: int
    high: int
    year: int
    status: Literal["verified", "reported", "conflicting", "memory"]
    source: str


class AudienceState(_Shape):
    """A group in a state, and who of the state speaks its language at home, of any origin."""

    state: str
    people: PeopleFigure | None
    speakers: PeopleFigure | None
    limited_english_percent: int | None


class CampaignAudience(_Shape):
    """Whom the campaign speaks to; ``together`` is the sum of what is known, null for figures of several years."""

    states: list[AudienceState]
    together: PeopleFigure | None
    not_known: list[str]


class OrderDeadline(_Shape):
    """By when to order in a state, without any making; ``earliest`` and ``latest`` are of an order of today."""

    state: str
    standing: Literal["open", "soon", "at_risk", "too_late", "unknown"]
    order_by: str | None
    earliest: str | None
    latest: str | None


class MatchPart(_Shape):
    """One part of a score: points of 100, weight in percent, and why."""

    part: Literal["origin", "in_time", "language", "price", "restrictions", "category", "occasion", "stock"]
    points: int
    weight: int
    reason: str
    message: str


class MatchOut(_Shape):
    """Why a listing stays out."""

    reason: str
    message: str


class ListingThere(_Shape):
    """A listing in one state; amounts are decimal texts in ``currency``, null where there is no figure."""

    state: str
    is_in: bool
    score: int
    order_by: str | None
    outcome: Literal["complete", "estimated", "refused", "unasked"]
    landed: str | None
    low: str | None
    high: str | None
    currency: str | None
    parts: list[MatchPart]
    out: list[MatchOut]


class CampaignListing(_Shape):
    """A listing of a campaign in every state of it."""

    listing: str
    key: str
    title: str
    states: list[ListingThere]


class CampaignResponse(CampaignHead):
    """What a campaign comes to on ``date``."""

    date: str
    audience: CampaignAudience
    deadlines: list[OrderDeadline]
    listings: list[CampaignListing]
    not_looked_at: int
