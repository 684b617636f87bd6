"""Reviewing without an account: a link shows what was shared, until it ends; what is said stays with its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest

from listings.model import Listing
from shopkit import db
from shopkit.models import Seller
from shopkit.services import commenting, listings, reviewing
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.context import Services
from shopkit.services.listings import ListingNotFoundError
from shopkit.services.translations import Written
from tests.shop import NOW, settings
from translations.freshness import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from shopkit.services.context import LawInForce

ANA, EVA = (Actor(seller, "editor", user) for seller, user in (("s_1", "u_ana"), ("s_2", "u_eva")))
TITLE = Written("title", "Blue mug", digest("Taza"))


class Clock:
    """A clock that a test sets."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.at


@pytest.fixture
def clock() -> Clock:
    """Return the shop's clock."""
    return Clock()


@pytest.fixture
def services(tmp_path: Path, database_url: str, clock: Clock) -> Iterator[Services]:
    """Return a shop with two sellers; Ana has a cup and a plate."""
    database = db.open_database(database_url)
    found = Services(settings(tmp_path), database, cast("LawInForce", None), now=clock)
    with database.writing.begin() as session:
        for id_ in ("s_1", "s_2"):
            session.add(Seller(id=id_, created_at=NOW, name=id_, country="MX", currency="MXN"))
    yield found
    database.dispose()


@pytest.fixture
def cup(services: Services) -> str:
    """Return the id of the cup."""
    return listings.create_listing(services, ANA, Listing(key="taza", title="Taza")).id


@pytest.fixture
def plate(services: Services) -> str:
    """Return the id of the plate."""
    return listings.create_listing(services, ANA, Listing(key="plato", title="Plato")).id


def opened(services: Services, cup: str, *, may_approve: bool = False) -> reviewing.Opened:
    """Return an opened link for the cup in English."""
    share = reviewing.share(services, ANA, [cup], "en-US", "Jane of Austin", 7, may_approve=may_approve)
    return reviewing.opened(services, reviewing.token_of(services, share.id))


def test_a_link_shows_what_was_shared_and_nothing_else(services: Services, cup: str, plate: str) -> None:
    """The cup in English; another listing of the same shop is not there."""
    who = opened(services, cup)

    assert reviewing.desk(services, who, cup).row("title").leaf.text == "Taza"
    with pytest.raises(ListingNotFoundError):
        reviewing.desk(services, who, plate)
    with pytest.raises(ListingNotFoundError):
        reviewing.write(services, who, plate, replace(TITLE, digest=digest("Plato")))


def test_what_a_reviewer_writes_is_a_draft_under_their_name(services: Services, cup: str) -> None:
    """Neither written nor looked at do they approve it, unless the link says that they may."""
    who = opened(services, cup)
    row = reviewing.write(services, who, cup, TITLE)
    at = Written("title", "", row.digest, row.version)

    assert (row.text, row.review) == ("Blue mug", "draft")
    with pytest.raises(ForbiddenError):
        reviewing.review(services, who, cup, "approved", at)
    with pytest.raises(ForbiddenError):
        reviewing.write(services, who, cup, replace(TITLE, version=1, approve=True))
    approved = reviewing.review(services, opened(services, cup, may_approve=True), cup, "approved", at)
    assert approved.kept is not None
    assert approved.kept.reviewed_by is not None
    assert approved.kept.reviewed_by.startswith("review:v_")


def test_a_link_ends_by_itself(services: Services, cup: str, clock: Clock) -> None:
    """It holds to the last second, and not after."""
    share = reviewing.share(services, ANA, [cup], "en-US", "Jane", 7)
    token = reviewing.token_of(services, share.id)
    clock.at = NOW + timedelta(days=7, seconds=-1)
    assert reviewing.opened(services, token).share == share
    clock.at = NOW + timedelta(days=7)

    with pytest.raises(reviewing.LinkOverError):
        reviewing.opened(services, token)


def test_a_link_is_ended_by_who_gave_it(services: Services, cup: str) -> None:
    """And by nobody of another shop, to whom it is not there."""
    share = reviewing.share(services, ANA, [cup], "en-US", "Jane", 7)

    with pytest.raises(reviewing.ShareNotFoundError):
        reviewing.revoke(services, EVA, share.id)
    ended = reviewing.revoke(services, ANA, share.id)
    assert ended.revoked_at == NOW
    assert reviewing.shares(services, ANA) == (ended,)
    assert reviewing.shares(services, EVA) == ()
    with pytest.raises(reviewing.LinkOverError):
        reviewing.opened(services, reviewing.token_of(services, share.id))


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + "_", lambda t: t.partition(".")[0], lambda _t: "", lambda t: t + "é"]
)
def test_a_link_that_the_shop_did_not_sign_opens_nothing(services: Services, cup: str, change: object) -> None:
    """Altered, without its signature, empty, or with a sign too many."""
    share = reviewing.share(services, ANA, [cup], "en-US", "Jane", 7)
    assert callable(change)

    with pytest.raises(reviewing.LinkOverError):
        reviewing.opened(services, change(reviewing.token_of(services, share.id)))


def test_only_ones_own_listings_are_shared(services: Services, cup: str) -> None:
    """Another seller's are not there, and a viewer shares nothing."""
    with pytest.raises(ListingNotFoundError):
        reviewing.share(services, EVA, [cup], "en-US", "Jane", 7)
    with pytest.raises(ForbiddenError):
        reviewing.share(services, replace(ANA, role="viewer"), [cup], "en-US", "Jane", 7)
    with pytest.raises(ValueError, match="91 days"):
        reviewing.share(services, ANA, [cup], "en-US", "Jane", 91)


def test_comments_stay_with_their_text_and_who_said_them(services: Services, cup: str) -> None:
    """A reviewer's under the name of the link; settled ones stay to be read; another shop's are not there."""
    who = opened(services, cup)
    first = commenting.comment(services, who.actor, cup, "en-US", "title", " Mug or cup?\r\n")
    commenting.comment(services, ANA, cup, "en-US", "", "Gracias")
    settled = commenting.resolve(services, ANA, first.id)

    found = commenting.comments(services, ANA, cup, "en-US")
    assert [(one.who, one.path, one.text, one.resolved_at) for one in found] == [
        ("Jane of Austin", "title", "Mug or cup?", NOW),
        ("u_ana", "", "Gracias", None),
    ]
    assert found[0] == settled
    doors: tuple[Callable[[], object], ...] = (
        lambda: commenting.comments(services, EVA, cup, "en-US"),
        lambda: commenting.comment(services, EVA, cup, "en-US", "title", "x"),
        lambda: commenting.resolve(services, EVA, first.id),
    )
    for door in doors:
        with pytest.raises(ListingNotFoundError):
            door()


@pytest.mark.parametrize("text", ["", " \n", "x" * 2_001, "a\x00b"])
def test_a_comment_says_something(services: Services, cup: str, text: str) -> None:
    """Nothing, too much, or what no database keeps is refused."""
    with pytest.raises(commenting.CommentError):
        commenting.comment(services, ANA, cup, "en-US", "title", text)
