"""What the routes of groups and pools ask and answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shopkit.api.packing_schemas import ORDER, BoxMoney
from shopkit.api.schemas import Answer, Moment
from shopkit.services.pool_groups import MAX_NAME
from shopkit.services.pools import MAX_CONSOLIDATOR, MAX_GRAMS
from shopkit.services.schemas import LABEL, TEXT, Country, Money, Shape

_Label = Annotated[str, Field(min_length=1, max_length=MAX_NAME, pattern=LABEL)]


class GroupToFound(Shape):
    """A group of sellers of one place."""

    name: _Label
    country: Country
    city: _Label


class Joining(Shape):
    """The code of an invitation."""

    code: Annotated[str, Field(min_length=1, max_length=100, pattern=LABEL)]


class PoolToOpen(Shape):
    """Parcels that go to a consolidator together."""

    name: _Label
    consolidator: Annotated[str, Field(min_length=1, max_length=MAX_CONSOLIDATOR, pattern=LABEL)]


class ParcelToAdd(Shape):
    """A parcel of the shop; which order it is of and what is noted beside it no other shop sees."""

    grams: Annotated[int, Field(ge=1, le=MAX_GRAMS)]
    order: Annotated[str, Field(pattern=ORDER)] | None = None
    note: Annotated[str, Field(max_length=MAX_NAME, pattern=TEXT)] = ""


class PoolToClose(Shape):
    """What the consolidator asks for all of it."""

    cost: Money


class MemberOut(Answer):
    """A shop in a group, by its name."""

    name: str
    me: bool
    founder: bool


class PoolBriefOut(Answer):
    """A pool of a group."""

    id: str
    name: str
    created_at: Moment
    closed_at: Moment | None


class GroupOut(Answer):
    """A group that the shop is in."""

    id: str
    name: str
    country: str
    city: str
    created_at: Moment
    closed_at: Moment | None
    founder: bool
    members: list[MemberOut]
    pools: list[PoolBriefOut]


class GroupList(Answer):
    """The groups that the shop is in."""

    results: list[GroupOut]


class InvitationOut(Answer):
    """A code that lets one shop in; it is told this once."""

    code: str
    expires_at: Moment


class ShareOut(Answer):
    """A shop's part in a pool; ``cost`` is null until it is closed. Without a name: shops that left this house."""

    name: str | None
    me: bool
    parcels: int
    grams: int
    cost: BoxMoney | None


class ParcelOut(Answer):
    """A parcel of the shop's own."""

    id: str
    grams: int
    order: str | None
    note: str
    created_at: Moment


class PoolOut(Answer):
    """A pool as a member sees it: everybody's shares, and the parcels that are the shop's own."""

    id: str
    group: str
    name: str
    consolidator: str
    created_at: Moment
    closed_at: Moment | None
    mine: bool
    cost: BoxMoney | None
    shares: list[ShareOut]
    parcels: list[ParcelOut]
