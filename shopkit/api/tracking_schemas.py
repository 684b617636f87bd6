"""What the routes of accounts at providers of tracking, and of who is asked about a parcel, ask and answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shopkit.api.schemas import Answer, Moment
from shopkit.services.schemas import LABEL, NAME, Shape

_Provider = Annotated[str, Field(pattern=NAME, max_length=64, examples=["usps"])]
_Field = Annotated[str, Field(pattern=NAME, max_length=64, examples=["client_id"])]
_Typed = Annotated[str, Field(min_length=1, max_length=4000, pattern=LABEL)]


class TrackingAccountToConnect(Shape):
    """An account at a provider of tracking, in place of the one there was.

    ``details`` are what the provider asks for, by its fields' names. All of it is sealed and never told again.
    """

    provider: _Provider
    details: Annotated[dict[_Field, _Typed], Field(max_length=20)] = Field(default_factory=dict)


class TrackingPreference(Shape):
    """Providers whose accounts are asked first, in this order; the others follow in the order there was."""

    providers: Annotated[list[_Provider], Field(min_length=1, max_length=100)]


class TrackingAccountOut(Answer):
    """An account: everything but what it says.

    ``stopped`` is why nobody is asked there until it is connected anew: its keys are not taken (``unsigned``), its
    calls are refused as wrong (``refused``), or the shop cannot open its seal (``sealed``). ``parcels`` are those it
    follows, ``messages_to`` is where its provider sends messages.
    """

    id: str
    provider: str
    created_at: Moment
    stopped: str | None
    parcels: int
    messages_to: str | None


class TrackingFieldOut(Answer):
    """What a provider asks of an account."""

    name: str
    label: str
    secret: bool
    required: bool


class TrackingProviderOut(Answer):
    """A provider that an account can be connected at, and whether it tells by messages."""

    provider: str
    messages: bool
    fields: list[TrackingFieldOut]


class TrackingAccountOrder(Answer):
    """The shop's accounts in the order in which they are asked."""

    results: list[TrackingAccountOut]


class TrackingAccountList(Answer):
    """The shop's accounts in the order in which they are asked, and the providers there are."""

    results: list[TrackingAccountOut]
    providers: list[TrackingProviderOut]


class ShipmentToFollow(Shape):
    """By which provider a parcel is asked about; without it by the one it had, or the first that takes its number."""

    provider: _Provider | None = None


class ShipmentFollowed(Answer):
    """Who is asked about a parcel, when that was, and when it is due next: null where nobody is asked any more.

    ``label`` is how it stands: ``nobody`` takes its number, its provider ``rejected`` it, its number is to be looked at
    (``check_number``), it is silent (``stale``, ``no_further_scans_expected``), has ``ended``, was posted so long ago
    that the number may be another parcel's (``over``), or is ``on_the_way``.
    """

    provider: str | None
    label: Literal[
        "on_the_way", "check_number", "stale", "no_further_scans_expected", "ended", "over", "rejected", "nobody"
    ]
    due_at: Moment | None
    asked_at: Moment | None
