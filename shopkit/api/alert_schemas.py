"""The shapes of the answer about alerts: built for who reads the description, not at every start."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

State = Literal["closed", "narrowed", "unsure"]
Signed = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class LookedAt(_Shape):
    """How many of each kind this step looked at."""

    listing: int
    quote: int
    order: int


class SideShape(_Shape):
    """One side of a change: the landed total with its range, and what of it are import charges.

    ``unasked``: the rules of this side cannot read what was asked; ``reasons`` say why a figure is unsure or missing.
    """

    outcome: Literal["complete", "estimated", "refused", "unasked"]
    landed: str | None
    low: str | None
    high: str | None
    import_charges: str | None
    reasons: list[str]


class RuleShape(_Shape):
    """A rule that makes a difference, and what it charges on either side; null: nothing there.

    ``paper``: what it asks for or forbids begins or ends; null where it does neither.
    """

    id: str
    name: str | None
    before: str | None
    after: str | None
    paper: Literal["begins", "ends"] | None


class AlertShape(_Shape):
    """A piece of a listing at one market, a quote still held to or an open order that comes to something else.

    What an order promised to its buyer stays; its sides are what the seller would pay.

    ``difference`` is null where one side has no figure; ``per_piece`` is the difference of one piece.
    """

    kind: Literal["listing", "quote", "order"]
    id: str
    name: str
    sku: str | None
    market: str
    pieces: str
    currency: str | None
    before: SideShape
    after: SideShape
    difference: Signed | None
    per_piece: Signed | None
    rules: list[RuleShape]


class UnaskedShape(_Shape):
    """A listing of which nothing can be said: it has no price, or something that no quote can read."""

    kind: Literal["listing", "quote"]
    id: str
    name: str
    why: Literal["no_price", "request"]


class SourceShape(_Shape):
    """Where a fact was read."""

    title: str
    url: str


class WayShape(_Shape):
    """A way to one of the markets that is closed or narrowed on one of the two days; a null state is an open way."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, defer_build=True)

    id: str
    market: str
    channel: Literal["postal", "courier", "freight"]
    before: State | None
    after: State | None
    first: Annotated[str, Field(alias="from")]
    to: str | None
    known_until: str
    message: str
    action: str
    source: SourceShape


class AlertsResponse(_Shape):
    """What the law of ``until`` does beside that of ``since`` to the next fifty listings and quotes of the seller.

    ``markets`` are compared or were sold to; a listing may name more of its own. ``next`` goes into ``after`` of the
    next request; null: that was all.
    """

    rulebook: str
    since: str
    until: str
    markets: list[str]
    looked_at: LookedAt
    alerts: list[AlertShape]
    unasked: list[UnaskedShape]
    closed_ways: list[WayShape]
    next: str | None
