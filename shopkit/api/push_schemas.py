"""What the routes of accounts at channels and of pushes ask and answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from shopkit.api.schemas import Answer, Moment
from shopkit.services.schemas import LABEL, NAME, TEXT, Shape

_Word = Annotated[str, Field(pattern=NAME, max_length=64, examples=["client_id"])]
_Typed = Annotated[str, Field(max_length=20_000, pattern=TEXT)]
_Id = Annotated[str, Field(min_length=1, max_length=500, pattern=LABEL, examples=["MLM1234567890"])]


class ChannelAccountToConnect(Shape):
    """An account at the channel in the address; of the same name and place it is the same one, its token new.

    ``token`` is the token alone, or the JSON object that the channel's token end point answered, as text. ``details``
    are what the channel asks for besides, by its fields' names. All of it is sealed and never told again. A ``sandbox``
    account needs neither: nothing leaves this shop.
    """

    name: Annotated[str, Field(min_length=1, max_length=120, pattern=LABEL, examples=["Taller MX"])]
    token: _Typed = ""
    details: Annotated[dict[_Word, _Typed], Field(max_length=20)] = Field(default_factory=dict)
    expires_at: AwareDatetime | None = None
    sandbox: bool = False


class ChannelAccountOut(Answer):
    """An account: everything but its secrets. ``expires_at`` is when it has to be connected again, if that is known."""

    id: str
    channel: str
    name: str
    sandbox: bool
    created_at: Moment
    expires_at: Moment | None
    is_over: bool


class ChannelFieldOut(Answer):
    """What a channel asks for besides the token."""

    name: str
    label: str
    example: str
    secret: bool
    required: bool


class PushChannelOut(Answer):
    """A channel that takes rows by calls; ``token`` false where the fields are all it is signed by."""

    channel: str
    token: bool
    renews: bool
    fields: list[ChannelFieldOut]


class ChannelAccountList(Answer):
    """The shop's accounts, and the channels there are."""

    results: list[ChannelAccountOut]
    channels: list[PushChannelOut]


class PlannedRow(Answer):
    """What would come of a row, and why it is left out."""

    row: str
    what: Literal["make", "replace", "same", "left"]
    reason: str | None


class PushPlan(Answer):
    """What a push would send now: how many rows of each kind, and a page of the rows; nothing was sent."""

    counts: dict[str, int]
    results: list[PlannedRow]
    total: int
    page: int


class PushOut(Answer):
    """A push: ``done`` of ``total`` rows have their outcome. ``why`` it waits or was halted, ``wait_until`` when."""

    id: str
    catalog: str
    account: str
    state: Literal["waiting", "running", "done", "stopped", "halted"]
    why: str | None
    wait_until: Moment | None
    done: int
    total: int
    counts: dict[str, int]
    created_at: Moment
    finished_at: Moment | None


class PushProblem(Answer):
    """What a channel says of a row: its code, its words, the fields it names."""

    code: str
    text: str
    fields: list[str]
    is_warning: bool


class PushRowOut(Answer):
    """What came of a row: the channel's own names of it, and its words."""

    row: str
    state: Literal["done", "refused", "unknown", "failed"]
    reason: str | None
    ids: dict[str, str]
    problems: list[PushProblem]
    at: Moment


class PushRowPage(Answer):
    """A page of rows of which a push had the last word."""

    results: list[PushRowOut]
    total: int
    page: int


class RowToSettle(Shape):
    """What was found at the channel for a row whose outcome is unknown: its ids there, none if it is not there."""

    row: Annotated[str, Field(min_length=1, max_length=500, pattern=LABEL, examples=["TAZA-1"])]
    ids: Annotated[dict[_Word, _Id], Field(max_length=10)] = Field(default_factory=dict)
