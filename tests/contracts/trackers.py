"""The providers of tracking that the contract runs, each with what it needs to know of them: a world of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.twins.aftership import AfterShip
from tests.twins.carriers import running
from tests.twins.correios import Correios
from tests.twins.easypost import EasyPost
from tests.twins.seventeentrack import SeventeenTrack
from tests.twins.upu import Upu
from tests.twins.usps import Usps

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager


@dataclass(frozen=True, slots=True)
class World:
    """A provider's twin, and numbers that it takes.

    The twin has ``url``, ``details`` (what an account says), ``journal`` (what it was asked), ``fail(*faults)`` and
    ``refuse_tokens()`` (see ``tests/twins/carriers.py``), and ``lay(number, story)`` for the stories *posted* and
    *delivered*. ``numbers`` are at least three; ``strange`` is one that it does not know; ``secrets`` are texts that no
    message may repeat. ``has_token`` says that it takes tokens, ``is_signed`` that it takes a key at all. ``first`` is
    how many calls its first ask for a number takes, which it makes known to the provider; ``posted`` the status of a
    parcel that was posted, where the provider has a word for that.
    """

    twin: Callable[[], AbstractContextManager[Any]]
    numbers: tuple[str, ...]
    strange: str
    secrets: tuple[str, ...]
    has_token: bool = True
    is_signed: bool = True
    first: int = 1
    posted: str = "picked_up"


POSTAL = ("RB123456785GB", "RB123456799GB", "CP000000005US")
WORLDS = {
    "correios": World(
        lambda: running(Correios()),
        ("AA123456785BR", "RB123456785GB", "LX987654321CN"),
        "AA000000005BR",
        ("codigo-1", "correios-token", "bG9qYTpjb2RpZ28tMQ=="),
    ),
    "upu": World(
        lambda: running(Upu()),
        ("RB123456785GT", "CP123456785GT", "EE123456785GT"),
        "RB000000005GT",
        ("upu-key-1",),
        has_token=False,
    ),
    "17track": World(lambda: running(SeventeenTrack()), POSTAL, "LX000000005GT", ("key-17",), has_token=False, first=3),
    "aftership": World(lambda: running(AfterShip()), POSTAL, "LX000000005GT", ("asat-1",), has_token=False, first=2),
    "easypost": World(
        lambda: running(EasyPost()), POSTAL, "LX000000005GT", ("EZAKtest-1",), has_token=False, posted="in_transit"
    ),
    "usps": World(
        lambda: running(Usps()),
        ("9400109104250532908587", "9400109104250532908594", "RB123456785GB"),
        "9400109104250532908600",
        ("secret-1", "usps-token"),
    ),
}
# Those that make no calls over a network: a file, a hand, a message from outside, the sandbox.
WITHOUT_CALLS = frozenset({"csv", "sandbox", "webhook"})
