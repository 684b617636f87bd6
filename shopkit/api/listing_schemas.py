"""What the routes of listings and photos answer."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, RootModel

from listings.model import Listing, Photo
from shopkit.api.schemas import Answer, Moment, Problem

Status = Literal["draft", "active", "archived"]


class ListingSummary(Answer):
    """A listing in a list; ``version`` goes up with every change."""

    id: str
    version: int
    key: str
    title: str
    status: Status
    created_at: Moment
    updated_at: Moment


class ListingKept(ListingSummary):
    """A listing as it is kept; what is as it would be anyhow is left out of ``listing``."""

    listing: Listing


class ListingPage(Answer):
    """A page of what was found, and how many there are in all."""

    results: list[ListingSummary]
    total: int
    page: int
    size: int


class FieldChange(BaseModel):
    """One field, from the outside in, and what it held before and after; a side is absent where it was not there."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    path: list[str]
    before: Any = None
    after: Any = None


class SavedChange(Answer):
    """One saving: through which door (``web``, ``api``, ``import:…``, ``undo:…``), by whom, and what it changed."""

    id: int
    version: int
    at: Moment
    user: str | None
    via: str
    changes: list[FieldChange]


class StaleProblem(Problem):
    """A lost update that was refused: how the listing is now, what was sent, and where the two differ."""

    current: ListingKept
    yours: Listing
    differences: list[FieldChange]


class ListingHistory(Answer):
    """Every saving, the last first."""

    results: list[SavedChange]


class QualityFault(Answer):
    """What costs points, and what to do about it at which field."""

    code: str
    subject: str
    points: int
    field: str
    reason: str
    action: str


class QualityPart(Answer):
    """A subject: what it is worth, what of it was got, and whether it was asked at all."""

    subject: str
    label: str
    worth: int
    got: int
    asked: bool


class ListingQuality(Answer):
    """The score of a listing, out of a hundred, for a market (null: wherever) and channel, and how it comes about."""

    market: str | None
    channel: str
    score: int
    next: QualityFault | None
    faults: list[QualityFault]
    parts: list[QualityPart]


class ListingPatch(RootModel[dict[str, Any]]):
    """Fields to change, as a JSON merge patch (RFC 7386): null takes a field away, lists are replaced whole."""


class PhotoKept(Photo):
    """A photo as a listing names it."""

    model_config = ConfigDict(title="PhotoKept")
