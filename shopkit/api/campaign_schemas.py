"""The shapes of the answers about campaigns: built for who reads the description, not at every start."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shopkit.services.schemas import LABEL, Day, Shape

_Code = Annotated[str, Field(min_length=1, max_length=40, pattern=LABEL)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CampaignToMake(Shape):
    """What a campaign asks. ``day`` is the first day of the feast; without it, the next one that the group keeps.

    ``framing`` is that of the group where it is left out, ``locales`` Spanish. Two of these are two whole texts.
    """

    name: Annotated[str, Field(min_length=1, max_length=120, pattern=LABEL, examples=["Madres 2027"])]
    group: Annotated[_Code, Field(examples=["mx"])]
    states: Annotated[
        list[Annotated[str, Field(pattern="^US-[A-Z]{2}$", examples=["US-CA"])]], Field(min_length=1, max_length=60)
    ]
    event: Annotated[_Code, Field(examples=["mothers-day"])]
    day: Day | None = None
    way: Literal["courier", "postal"] = "courier"
    channel: Annotated[_Code, Field(examples=["shop"])] = "shop"
    locales: Annotated[list[Literal["es-US", "en-US", "pt-BR"]], Field(min_length=1, max_length=2)] | None = None
    margin_days: Annotated[int, Field(ge=0, le=60)] = 3
    framing: Literal["country_of_origin", "pan_latino"] | None = None


class CampaignChange(CampaignToMake):
    """The same for a campaign that is there; ``version`` is the one that was read."""

    version: Annotated[int, Field(ge=1, le=999_999_999)]


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
    framing: Literal["country_of_origin", "pan_latino"]
    version: int


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


class HeldMoney(_Shape):
    """What the seller holds of orders in one currency: what came, less what went back."""

    amount: str
    currency: str


class CampaignBrought(_Shape):
    """How often links were followed, orders that were placed by them, those that are paid, and their money."""

    follows: int
    orders: int
    paid: int
    money: list[HeldMoney]


class LinkBrought(CampaignBrought):
    """What came by one link; ``code`` is what its orders bear, ``partner`` whose own it is."""

    code: str
    medium: str
    variant: str
    partner: str | None


class VariantBrought(CampaignBrought):
    """What came by all links of a wording (``a``, ``b``) or a language."""

    variant: str


class VariantVerdict(_Shape):
    """Whether one of two sold more; ``missing`` are the follows that are needed at least, for what is too few."""

    standing: Literal["alone", "too_few", "odd", "even", "won"]
    winner: str | None
    missing: dict[str, int] | None


class CampaignResultsResponse(_Shape):
    """What a campaign brought until now; ``unread`` counts orders beyond those that were looked at."""

    links: list[LinkBrought]
    variants: list[VariantBrought]
    wordings: VariantVerdict
    languages: VariantVerdict
    unread: int


class CampaignResponse(CampaignHead):
    """What a campaign comes to on ``date``."""

    date: str
    audience: CampaignAudience
    deadlines: list[OrderDeadline]
    listings: list[CampaignListing]
    not_looked_at: int
