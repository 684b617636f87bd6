"""What every channel that takes rows by calls must do: its fields, its address, its signature, its twin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from listings.channels.port import Feed
from listings.pushing.port import Call, PushError, gathered, push
from shopkit import plugins
from shopkit.outside import site
from shopkit.plugins import plugin
from tests.contracts.channels import ON, TOLD
from tests.shop import NOW
from tests.unit.listings.test_calls import record

if TYPE_CHECKING:
    from shopkit.pushing.channels import PushChannel

PUSHERS = sorted(one.name for one in plugins.plugins(plugins.PUSHERS))
# Where a row of a channel is not that of the contract for its file.
FEEDS = {"mercadolibre": Feed("MX", "es", "MXN", "jsonl", ON, settings={"listing_type_id": "gold_special"})}
# What the catalog adds to the details of an account.
CATALOG = {"market": "US", "language": "es"}


@pytest.fixture(params=PUSHERS)
def channel(request: pytest.FixtureRequest) -> PushChannel:
    """Return a channel."""
    found: PushChannel = plugin(plugins.PUSHERS, request.param)
    assert found.name == request.param
    return found


@pytest.fixture
def details(channel: PushChannel) -> dict[str, str]:
    """Return what an account of the examples says."""
    return {one.name: one.example for one in channel.fields} | CATALOG


def row(channel: PushChannel) -> Any:
    """Return a row of the channel's file, as it is pushed."""
    said = record(plugin(plugins.CHANNELS, channel.name)(), FEEDS.get(channel.name))
    details = {one.name: one.example for one in channel.fields} | CATALOG
    return gathered(channel.pusher(details), [said])[0]


def test_it_is_a_channel_with_a_file(channel: PushChannel, details: dict[str, str]) -> None:
    """Its rows are those of a catalog's channel of the same name."""
    assert (channel.name in TOLD, channel.pusher(details).channel) == (True, channel.name)


def test_its_fields_are_told_and_their_examples_pass(channel: PushChannel) -> None:
    """Each has a label in three languages, an example that is kept as it is, and refuses what would split a header."""
    names = [one.name for one in channel.fields]

    assert len(set(names)) == len(names)
    for one in channel.fields:
        assert (set(one.label), one.check(one.example)) == ({"en", "es", "pt"}, one.example)
        assert [one.check(text) for text in ("", " ", "a\r\nX-More: b", "a\x00b")] == [None] * 4


def test_its_address_is_a_public_one(channel: PushChannel, details: dict[str, str]) -> None:
    """https, a public name, no slash at the end; so is that of its token end point."""
    addresses = [channel.address(details), *([channel.renewal.address(details)] if channel.renewal else [])]

    assert addresses == [site(one) for one in addresses]


def test_its_signature_is_of_one_line_and_not_the_token_in_the_address(
    channel: PushChannel, details: dict[str, str]
) -> None:
    """What is signed by can be sent as headers; addresses are logged on the way, and hold no token."""
    call = Call("POST", "/a", b"{}", query={"b": "c"})
    signed = channel.sign(call, "a-token", details, NOW)

    assert signed.headers or signed.query
    assert all(re.fullmatch(r"[\x20-\x7e]+", value) for value in {**signed.headers, **signed.query}.values())
    assert "a-token" not in signed.query.values()


def test_its_renewal_is_asked_for_only_with_what_it_needs(channel: PushChannel) -> None:
    """Without refresh token and details nobody is asked, and nothing breaks."""
    assert channel.renewal is None or channel.renewal.call("", {}, NOW) is None


def test_its_twin_takes_a_row_and_the_same_row_again(channel: PushChannel, details: dict[str, str]) -> None:
    """A trial account works, and a second push with the ids of the first makes nothing new."""
    twin, pusher, said = channel.twin(), channel.pusher(details), row(channel)
    first = push(pusher, said, twin)
    kept = len(twin.kept)  # type: ignore[attr-defined]  # of every twin
    again = push(pusher, said, twin, first.ids)

    assert (first.ids, again.ids, len(twin.kept)) == (again.ids, first.ids, kept)  # type: ignore[attr-defined]  # the same
    assert {type(one) for one in first.ids.values()} == {str}


LOST = {"unavailable", "unknown"}


@pytest.mark.parametrize(
    ("failure", "reasons"), [("busy", {"busy"}), ("unsigned", {"unsigned"}), ("down", LOST), ("lost", LOST)]
)
def test_it_says_how_its_first_call_failed(
    channel: PushChannel, details: dict[str, str], failure: Any, reasons: set[str]
) -> None:
    """Haste, a token not taken, a server that is down and an answer that is lost are told apart."""
    twin: Any = channel.twin()
    twin.failing.append(failure)
    with pytest.raises(PushError) as caught:
        push(channel.pusher(details), row(channel), twin)

    assert (caught.value.reason in reasons, len(twin.calls)) == (True, 1)
