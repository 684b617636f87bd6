"""Listings as they are kept: whose they are, changed by two at once, taken back; on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from pydantic_core import to_json

from listings.changes import ABSENT, Change, ConflictError
from listings.model import Listing
from shopkit import db
from shopkit.models import Seller
from shopkit.services import listings
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.context import Services
from tests.shop import NOW, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopkit.services.context import LawInForce

ANA, EVA = (Actor(seller, "editor", user) for seller, user in (("s_1", "u_ana"), ("s_2", "u_eva")))
PLAYERA: dict[str, Any] = {
    "key": "playera",
    "title": "Playera de algodón",
    "hs_code": "610910",
    "variants": [{"sku": "P-S", "stock": 3}, {"sku": "P-M"}],
}


@pytest.fixture
def services(tmp_path: Path, database_url: str) -> Iterator[Services]:
    """Return a shop with two sellers and no law, which listings do not ask."""
    database = db.open_database(database_url)
    ticks = iter(range(1_000_000))
    law = cast("LawInForce", None)
    found = Services(settings(tmp_path), database, law, now=lambda: NOW + timedelta(seconds=next(ticks)))
    with database.writing.begin() as session:
        for id_ in ("s_1", "s_2"):
            session.add(Seller(id=id_, created_at=NOW, name=id_, country="MX", currency="MXN"))
    yield found
    database.dispose()


def listing(**more: Any) -> Listing:
    """Return the T-shirt, with some fields replaced."""
    return Listing.model_validate_json(to_json(PLAYERA | more))


def test_a_listing_comes_back_as_it_was_kept(services: Services) -> None:
    """Text, variants, stock: nothing is lost and nothing is made up."""
    kept = listings.create_listing(services, ANA, listing())

    assert (kept.version, kept.listing) == (1, listing())
    assert listings.get_listing(services, ANA, kept.id) == kept


def test_another_sellers_listing_is_not_there(services: Services) -> None:
    """Read, saved, its history or its undoing: nobody is told that it exists."""
    kept = listings.create_listing(services, ANA, listing())

    with pytest.raises(listings.ListingNotFoundError):
        listings.get_listing(services, EVA, kept.id)
    with pytest.raises(listings.ListingNotFoundError):
        listings.save_listing(services, EVA, kept.id, listing(title="Mía"), 1)
    with pytest.raises(listings.ListingNotFoundError):
        listings.history(services, EVA, kept.id)
    with pytest.raises(listings.ListingNotFoundError):
        listings.undo(services, EVA, kept.id, 1)
    assert listings.find_listings(services, EVA) == listings.Page((), 0)


def test_two_sellers_may_use_the_same_names(services: Services) -> None:
    """Key and SKU are each shop's own."""
    listings.create_listing(services, ANA, listing())
    listings.create_listing(services, EVA, listing())

    assert [listings.find_listings(services, who).total for who in (ANA, EVA)] == [1, 1]


@pytest.mark.parametrize(
    ("more", "field", "names"),
    [({"variants": []}, "key", ("playera",)), ({"key": "otra"}, "sku", ("P-M", "P-S"))],
)
def test_a_name_belongs_to_one_listing_of_a_shop(
    services: Services, more: dict[str, Any], field: str, names: tuple[str, ...]
) -> None:
    """A second listing with the key or a SKU of the first is refused, and nothing of it is kept."""
    listings.create_listing(services, ANA, listing())

    with pytest.raises(listings.TakenError) as caught:
        listings.create_listing(services, ANA, listing(**more))
    assert (caught.value.field, caught.value.names) == (field, names)
    assert listings.find_listings(services, ANA).total == 1


def test_a_viewer_changes_nothing(services: Services) -> None:
    """Looking is allowed, keeping and undoing are not."""
    kept = listings.create_listing(services, ANA, listing())
    viewer = replace(ANA, role="viewer")

    with pytest.raises(ForbiddenError):
        listings.create_listing(services, viewer, listing(key="otra", variants=[]))
    with pytest.raises(ForbiddenError):
        listings.save_listing(services, viewer, kept.id, listing(title="Otra"), 1)
    with pytest.raises(ForbiddenError):
        listings.undo(services, viewer, kept.id, 1)
    assert listings.get_listing(services, viewer, kept.id) == kept


def test_a_lost_update_is_refused_with_what_is_there_now(services: Services) -> None:
    """Who saves what was read before somebody else saved is shown the other's, and both are still there."""
    first = listings.create_listing(services, ANA, listing())
    second = listings.save_listing(services, ANA, first.id, listing(title="Playera azul"), first.version)

    with pytest.raises(listings.StaleError) as caught:
        listings.save_listing(services, ANA, first.id, listing(title="Playera roja"), first.version)
    assert caught.value.kept == second
    assert listings.get_listing(services, ANA, first.id).listing.title == "Playera azul"


def test_saving_the_same_again_changes_nothing(services: Services) -> None:
    """No version, no entry of the history."""
    kept = listings.create_listing(services, ANA, listing())

    assert listings.save_listing(services, ANA, kept.id, listing(), 1).version == 1
    assert len(listings.history(services, ANA, kept.id)) == 1


def test_every_saving_is_remembered_field_by_field(services: Services) -> None:
    """Who, by which door, and what each field held before and after; the stock too."""
    kept = listings.create_listing(services, ANA, listing())
    rows = [{"sku": "P-S", "stock": 2}, {"sku": "P-M"}]
    changed = listing(title="Playera azul", brand="Oax", hs_code=None, variants=rows)
    listings.save_listing(services, ANA, kept.id, changed, 1)

    last = listings.history(services, ANA, kept.id)[0]
    assert (last.version, last.user_id, last.via) == (2, "u_ana", "web")
    assert last.changes == (
        Change(("title",), "Playera de algodón", "Playera azul"),
        Change(("hs_code",), "610910", ABSENT),
        Change(("variants", "P-S", "stock"), 3, 2),
        Change(("brand",), ABSENT, "Oax"),
    )


def test_a_saving_is_taken_back_and_later_ones_stay(services: Services) -> None:
    """Undoing the second of three savings leaves the third; it is a saving of its own, and can be undone."""
    kept = listings.create_listing(services, ANA, listing())
    listings.save_listing(services, ANA, kept.id, listing(title="Playera azul"), 1)
    listings.save_listing(services, ANA, kept.id, listing(title="Playera azul", brand="Oax"), 2)
    change = listings.history(services, ANA, kept.id)[1]

    found = listings.undo(services, ANA, kept.id, change.id)
    assert found.listing == listing(brand="Oax")
    undone = listings.history(services, ANA, kept.id)[0]
    assert (found.version, undone.via) == (4, f"undo:{change.id}")
    assert listings.undo(services, ANA, kept.id, undone.id).listing == listing(title="Playera azul", brand="Oax")


def test_a_field_that_changed_again_is_not_taken_back(services: Services) -> None:
    """The conflict names the field, and nothing changes."""
    kept = listings.create_listing(services, ANA, listing())
    listings.save_listing(services, ANA, kept.id, listing(title="Playera azul"), 1)
    last = listings.save_listing(services, ANA, kept.id, listing(title="Playera roja"), 2)
    change = listings.history(services, ANA, kept.id)[1]

    with pytest.raises(ConflictError) as caught:
        listings.undo(services, ANA, kept.id, change.id)
    assert caught.value.paths == (("title",),)
    assert listings.get_listing(services, ANA, kept.id) == last


def test_the_first_saving_is_the_listing_itself(services: Services) -> None:
    """It cannot be undone: a listing is archived."""
    kept = listings.create_listing(services, ANA, listing())

    with pytest.raises(listings.ListingNotFoundError):
        listings.undo(services, ANA, kept.id, listings.history(services, ANA, kept.id)[0].id)


def test_a_sku_that_was_given_up_is_free(services: Services) -> None:
    """Another listing may take it."""
    kept = listings.create_listing(services, ANA, listing())
    listings.save_listing(services, ANA, kept.id, listing(variants=[{"sku": "P-S"}]), 1)

    other = listings.create_listing(services, ANA, listing(key="otra", variants=[{"sku": "P-M"}]))
    assert other.listing.variants[0].sku == "P-M"


def test_listings_are_found_by_any_of_their_words(services: Services) -> None:
    """Without accents, in any order, by SKU; a sign of the pattern is a sign like any other."""
    kept = listings.create_listing(services, ANA, listing())
    words = ("algodon PLAYERA", "p-m", "playera", "lana", "%", "_")

    found = [listings.find_listings(services, ANA, text=text).listings for text in words]
    assert found == [(kept,), (kept,), (kept,), (), (), ()]


def test_archived_listings_are_found_when_asked_for(services: Services) -> None:
    """They are out of the way and not gone."""
    kept = listings.create_listing(services, ANA, listing(status="archived"))

    assert listings.find_listings(services, ANA).total == 0
    assert listings.find_listings(services, ANA, status="archived").listings == (kept,)


def test_pages_hold_the_last_changed_first(services: Services) -> None:
    """Three listings, two on a page."""
    for name in "abc":
        listings.create_listing(services, ANA, listing(key=name, variants=[]))

    pages = [listings.find_listings(services, ANA, page=page, size=2) for page in (1, 2)]
    assert [[one.listing.key for one in page.listings] for page in pages] == [["c", "b"], ["a"]]
    assert [page.total for page in pages] == [3, 3]
