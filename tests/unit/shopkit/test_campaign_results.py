"""What a campaign brought: orders that bear the code of one of its links, and what the seller holds of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from landed_cost.money import Money
from shopkit import db
from shopkit.services import campaign_links, orders, quotes
from shopkit.services.campaign_results import Brought, results
from shopkit.services.context import Services, open_services
from tests.campaigns import planned
from tests.ordering import BUYER, DUE, event, paid, sell
from tests.shop import NOW, settings, shirts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.services.actors import Actor


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Return a shop of an empty database."""
    found = open_services(settings(tmp_path_factory.mktemp("shop")), lambda: NOW)
    db.upgrade(found.database)
    yield found
    found.database.dispose()


def bought(services: Services, actor: Actor, listing_id: str, key: str, code: str | None) -> str:
    """Place an order by a link and return its id."""
    found = quotes.answer(services, shirts(), save=False)
    line = orders.Line(listing_id, "PLA-M", "T-shirt", 2, Money(2_500, "USD"))
    placed = orders.place(
        *(services, actor.seller_id, [line], BUYER, found.stored, found.request),
        key=key,
        locale="es-US",
        campaign_code=code,
    )
    return placed.id


def test_orders_are_a_links_by_the_code_they_bear(services: Services) -> None:
    """Placed, paid, part of it given back; an order without a code or with another campaign's is none of its own."""
    actor, listing_id = sell(services, 20)
    one, other = planned(services, actor), planned(services, actor)
    a, b = campaign_links.make_links(services, actor, one.id, "https://t.example/", ["flyer"], ("a", "b"))
    (strange,) = campaign_links.make_links(services, actor, other.id, "https://t.example/", ["flyer"])
    for _ in range(3):
        campaign_links.follow(services, a.code, NOW.date(), counts=True)
    first = bought(services, actor, listing_id, "1", a.code)
    paid(services, first)
    second = bought(services, actor, listing_id, "2", a.code)
    paid(services, second)
    orders.add(services, second, event("refund_made", "re_1:made", 1_000, payment="pi_1", ref="re_1"))
    bought(services, actor, listing_id, "3", a.code)
    for key, code in (("4", None), ("5", strange.code)):
        paid(services, bought(services, actor, listing_id, key, code))
    found = results(services, actor, one.id)

    assert [(link.code, brought) for link, brought in found.links] == [
        (a.code, Brought(3, 3, 2, (Money(2 * DUE - 1_000, "USD"),))),
        (b.code, Brought(0, 0, 0, ())),
    ]
    assert dict(found.variants) == {"a": found.links[0][1], "b": found.links[1][1]}
    assert (found.wordings.standing, found.languages.standing, found.unread) == ("too_few", "alone", 0)


def test_languages_are_compared_apart_from_wordings(services: Services) -> None:
    """A campaign in two languages has a verdict of its own for them."""
    actor, _ = sell(services)
    found = planned(services, actor, locales=("es-US", "en-US"))
    campaign_links.make_links(services, actor, found.id, "https://t.example/", ["flyer"], ("es-US", "en-US"))
    brought = results(services, actor, found.id)

    assert (brought.wordings.standing, brought.languages.standing) == ("alone", "too_few")
    assert set(brought.variants) == {"es-US", "en-US"}


def test_a_campaign_without_links_brought_nothing(services: Services) -> None:
    """Nothing is looked for."""
    actor, _ = sell(services)
    found = results(services, actor, planned(services, actor).id)

    assert (found.links, dict(found.variants), found.wordings.standing) == ((), {}, "alone")
