"""Messages of providers of tracking: proved by their bytes, kept, and told to that seller's parcels alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from shopkit.models import TrackingMessage
from shopkit.services import shipments, tracking_accounts, tracking_messages
from shopkit.services.tracking_messages import Answer
from shopkit.tracking import signing
from tests.polling import Clock, parcel, seller, shop
from tests.shop import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

SECRET = "papel amate"


@pytest.fixture
def services(database_url: str, tmp_path: Path) -> Iterator[Services]:
    """Return a shop on either database."""
    found = shop(tmp_path, database_url, Clock())
    yield found
    found.database.dispose()


def account(services: Services, actor: Actor) -> str:
    """Return the id of the seller's account for messages."""
    return tracking_accounts.every(services, actor)[-1].id


def send(services: Services, to: str, number: str, secret: str = SECRET, **more: Any) -> Answer:
    """Send a message that a parcel was delivered."""
    event = {"code": "delivered", "time": NOW.isoformat()}
    body = json.dumps({"version": 1, "parcels": [{"number": number, "events": [event]}], **more}).encode()
    return tracking_messages.receive(
        services, to, body, {"Shopkit-Signature": signing.stamped(body, secret, services.now())}
    )


def test_a_message_is_kept_and_told_once(services: Services) -> None:
    """Proved, kept until it is worked through, and sent again it changes nothing."""
    actor = seller(services, "webhook", {"webhook_secret": SECRET})
    made = parcel(services, actor, "11")
    to = account(services, actor)
    answers = [send(services, to, made.number).kind, send(services, to, made.number).kind]
    worked = tracking_messages.work(services)
    again = send(services, to, made.number).kind
    tracking_messages.work(services)
    with services.database.reading() as session:
        left = session.scalar(select(func.count()).select_from(TrackingMessage))

    assert answers == ["kept", "repeated"]
    assert (worked, again, left) == (1, "kept", 0)
    assert shipments.load(services, actor, made.id).status == "delivered"
    assert len(shipments.timeline(services, made.id).entries) == 1


def test_another_sellers_parcel_is_not_touched(services: Services) -> None:
    """A right signature for a number that another follows is answered alike and changes nothing."""
    actor = seller(services, "webhook", {"webhook_secret": SECRET})
    other = seller(services)
    theirs = parcel(services, other, "11")
    found = send(services, account(services, actor), theirs.number)
    tracking_messages.work(services)

    assert found == Answer("kept")
    assert shipments.load(services, other, theirs.id).status is None


def test_what_is_not_proved_is_refused(services: Services) -> None:
    """A wrong secret, no account, a provider that sends none, what cannot be read, and too much of it."""
    actor = seller(services, "webhook", {"webhook_secret": SECRET})
    to, silent = account(services, actor), account(services, seller(services))
    found = [
        send(services, to, "RB123456785GB", "another"),
        send(services, "ta_none", "RB123456785GB"),
        send(services, silent, "RB123456785GB"),
        send(services, to, "RB123456785GB", colour="red"),
        tracking_messages.receive(services, to, b" " * (tracking_messages.LARGEST + 1), {}),
    ]

    assert [one.kind for one in found] == ["unproved", "unknown_account", "unknown_account", "unreadable", "too_large"]
    assert found[3].detail.startswith("colour")


def test_a_message_whose_worker_is_gone_is_worked_through_later(services: Services) -> None:
    """Taken and not told, it is due again after its lease."""
    actor = seller(services, "webhook", {"webhook_secret": SECRET})
    made = parcel(services, actor, "11")
    send(services, account(services, actor), made.number)
    tracking_messages._take(services)
    at_once = tracking_messages.work(services)
    services.now.sleep(121)  # type: ignore[attr-defined]  # the clock of the test

    assert (at_once, tracking_messages.work(services)) == (0, 1)
    assert shipments.load(services, actor, made.id).status == "delivered"
