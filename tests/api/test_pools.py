"""Parcels pooled by shops of one place: shares to the cent, and nothing of one shop's buyers to another.

Every route of groups and pools is tried as the founder's neighbour in the group, as one who left, as a shop that was
never in it, and without any key.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from landed_cost.money import Money
from shopkit.api.pool_schemas import GroupOut, PoolOut
from shopkit.models import Base
from shopkit.services import keys, leaving, pool_groups, pools
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.problems import RequestError
from tests.ordering import BUYER, order, sell
from tests.shop import NOW, open_shop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop
    from shopkit.services.context import Services

# What is said with each route, by its endpoint; the others need nothing.
BODIES: Final[dict[str, dict[str, Any]]] = {
    "api.found_pool_group": {"name": "Otra", "country": "MX", "city": "Toluca"},
    "api.join_pool_group": {"code": "x"},
    "api.open_pool": {"name": "Sábado", "consolidator": "Otra"},
    "api.add_pool_parcel": {"grams": 100},
    "api.close_pool": {"cost": {"amount": "10.00", "currency": "MXN"}},
}
SECRET: Final = "reserva del estante tres"


class Place:
    """A founder with an order's parcel in a pool, a neighbour with one of their own, one who left, and a stranger."""

    def __init__(self, app: Shop) -> None:
        self.app = app
        self.services: Services = app.extensions["shopkit"]
        self.founder, listing_id = sell(self.services)
        self.neighbour, self.former, self.stranger = (sell(self.services)[0] for _ in range(3))
        self.group = pool_groups.create_group(self.services, self.founder, "Vecinas", "MX", "Toluca").id
        for one in (self.neighbour, self.former):
            self.join(one)
        self.order = order(self.services, self.founder, listing_id)
        self.pool = pools.open_pool(self.services, self.founder, self.group, "Viernes", "Carga del Valle").id
        made = pools.add_parcel(self.services, self.founder, self.pool, 2_500, order_id=self.order.id, note=SECRET)
        self.parcel = made.parcels[0].id
        pools.add_parcel(self.services, self.neighbour, self.pool, 500)
        pool_groups.leave(self.services, self.former, self.group)

    def join(self, who: Actor) -> None:
        """Let a shop in by an invitation of the founder's."""
        pool_groups.accept(self.services, who, pool_groups.invite(self.services, self.founder, self.group)[0])

    def routes(self) -> list[tuple[str, str, str]]:
        """Return endpoint, method and address of every route of the API about this group and pool."""
        ids = {"group_id": self.group, "pool_id": self.pool, "parcel_id": self.parcel}
        found = []
        with self.app.test_request_context():
            for rule in self.app.url_map.iter_rules():
                if rule.endpoint.startswith("api.") and "pool" in rule.endpoint:
                    address = rule.build({name: ids[name] for name in rule.arguments})
                    assert address is not None
                    methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
                    found += [(rule.endpoint, method, address[1]) for method in methods]
        return found

    def ask(self, who: Actor | None, route: tuple[str, str, str]) -> TestResponse:
        """Send a request as a program of a shop, or of nobody."""
        endpoint, method, address = route
        client: FlaskClient = self.app.test_client()
        headers = {}
        if who is not None:
            secret = keys.create_key(self.services, who, "all", keys.SCOPES, 60).secret
            headers["Authorization"] = f"Bearer {secret}"
        body = None if method in {"GET", "DELETE"} else BODIES.get(endpoint, {})
        return client.open(address, method=method, json=body, headers=headers)


@pytest.fixture
def place(tmp_path: Any) -> Iterator[Place]:
    """Return the four shops."""
    app = open_shop(tmp_path)
    yield Place(app)
    app.extensions["shopkit"].database.dispose()


@pytest.mark.parametrize("whom", ["former", "stranger"])
def test_who_is_not_in_the_group_finds_nothing(place: Place, whom: str) -> None:
    """A shop that left and one that never was in it get 404 for every id, and an empty list."""
    found = {}
    for route in place.routes():
        answer = place.ask(getattr(place, whom), route)
        found[route[0]] = answer.status_code
        assert SECRET not in answer.text
        assert place.founder.seller_id not in answer.text

    own = {"api.read_pool_groups": 200, "api.found_pool_group": 201, "api.join_pool_group": 422}
    assert found == dict.fromkeys(found, 404) | own
    assert len(found) == 12


def test_nobody_gets_in_without_a_key(place: Place) -> None:
    """Without a key every route is 401."""
    found = {place.ask(None, route).status_code for route in place.routes()}

    assert found == {401}


def test_a_member_sees_name_count_weight_and_share_alone(place: Place) -> None:
    """Nothing that a neighbour reads names an order, a buyer, a note or a parcel of the founder's."""
    reads = [route for route in place.routes() if route[1] == "GET"]

    texts = [place.ask(place.neighbour, route) for route in reads]

    assert {one.status_code for one in texts} == {200}
    private = (SECRET, place.order.id, place.parcel, BUYER.name, BUYER.email, place.founder.seller_id)
    assert not [word for word in private for one in texts if word in one.text]
    pool = PoolOut.model_validate(
        place.ask(place.neighbour, ("api.read_pool", "GET", f"/api/v1/pools/{place.pool}")).json
    )
    assert [one.model_dump() for one in pool.shares] == [
        {"name": "Tienda", "me": True, "parcels": 1, "grams": 500, "cost": None},
        {"name": "Tienda", "me": False, "parcels": 1, "grams": 2_500, "cost": None},
    ]
    assert [one.grams for one in pool.parcels] == [500]


def test_a_member_does_nothing_that_is_the_founders(place: Place) -> None:
    """A neighbour does not invite, close the group or the pool, nor take out the founder's parcel."""
    found = {
        route[0]: place.ask(place.neighbour, route)
        for route in place.routes()
        if route[0] in {"api.invite_to_pool_group", "api.close_pool_group", "api.close_pool", "api.remove_pool_parcel"}
    }

    assert {name: one.status_code for name, one in found.items()} == {
        "api.invite_to_pool_group": 422,
        "api.close_pool_group": 422,
        "api.close_pool": 422,
        "api.remove_pool_parcel": 404,
    }
    kept = pools.find_pool(place.services, place.founder, place.pool)
    assert ([one.grams for one in kept.parcels], kept.closed_at) == ([2_500], None)


def test_a_closed_pool_is_shared_to_the_cent_and_stays(place: Place) -> None:
    """120.50 MXN by 2,500 g and 500 g are 100.42 and 20.08; afterwards nothing goes in or out, and it is the same."""
    close = ("api.close_pool", "POST", f"/api/v1/pools/{place.pool}/close")
    BODIES["api.close_pool"]["cost"]["amount"] = "120.50"

    told = PoolOut.model_validate(place.ask(place.founder, close).json)
    again = [
        place.ask(place.founder, route).status_code
        for route in place.routes()
        if route[0] in {"api.close_pool", "api.add_pool_parcel", "api.remove_pool_parcel"}
    ]

    assert [(one.me, one.cost and one.cost.amount) for one in told.shares] == [(True, "100.42"), (False, "20.08")]
    assert again == [422, 422, 422]
    assert pools.find_pool(place.services, place.neighbour, place.pool).cost == Money(12_050, "MXN")


def test_an_invitation_lets_one_shop_in_once(place: Place) -> None:
    """A code is used up by the first, ends after fourteen days and with its group, and no member uses one."""
    code, _ = pool_groups.invite(place.services, place.founder, place.group)
    with pytest.raises(RequestError) as twice:
        pool_groups.accept(place.services, place.neighbour, code)
    pool_groups.accept(place.services, place.stranger, code)
    with pytest.raises(pool_groups.InvitationOverError):
        pool_groups.accept(place.services, place.former, code)
    late, until = pool_groups.invite(place.services, place.founder, place.group)
    place.services.now = lambda: until
    with pytest.raises(pool_groups.InvitationOverError):
        pool_groups.look(place.services, late)

    assert [one.code for one in twice.value.problems] == ["pool.member"]
    assert code[0].isalpha()
    assert until == NOW + timedelta(days=14)


def test_only_owners_answer_for_a_shop(place: Place) -> None:
    """An editor neither founds, invites, joins nor leaves, and does put parcels in; a viewer looks alone."""
    code, _ = pool_groups.invite(place.services, place.founder, place.group)
    editor = Actor(place.founder.seller_id, "editor")
    viewer = Actor(place.founder.seller_id, "viewer")
    newcomer = Actor(place.stranger.seller_id, "editor")

    for act in (
        lambda: pool_groups.create_group(place.services, editor, "a", "MX", "b"),
        lambda: pool_groups.invite(place.services, editor, place.group),
        lambda: pool_groups.leave(place.services, editor, place.group),
        lambda: pool_groups.accept(place.services, newcomer, code),
        lambda: pools.add_parcel(place.services, viewer, place.pool, 1),
    ):
        with pytest.raises(ForbiddenError):
            act()

    assert pools.add_parcel(place.services, editor, place.pool, 1).shares[0].parcels == 2


def test_leaving_waits_for_parcels_and_closing_for_pools(place: Place) -> None:
    """Who has a parcel in an open pool stays, who founded closes, and a group with an open pool does not close."""
    refused: list[str] = []
    acts: tuple[Callable[[], None], ...] = (
        lambda: pool_groups.leave(place.services, place.neighbour, place.group),
        lambda: pool_groups.leave(place.services, place.founder, place.group),
        lambda: pool_groups.close_group(place.services, place.founder, place.group),
    )
    for act in acts:
        with pytest.raises(RequestError) as told:
            act()
        refused += [one.code for one in told.value.problems]
    pools.close_pool(place.services, place.founder, place.pool, Money(100, "MXN"))
    pool_groups.leave(place.services, place.neighbour, place.group)
    pool_groups.close_group(place.services, place.founder, place.group)

    assert refused == ["pool.parcels_wait", "pool.founder_leaves", "pool.pools_open"]
    assert pool_groups.groups(place.services, place.neighbour) == ()
    with pytest.raises(RequestError, match=r"pool\.group_closed"):
        pools.open_pool(place.services, place.founder, place.group, "a", "b")


def test_another_shops_order_goes_in_no_parcel(place: Place) -> None:
    """A parcel is of an order of one's own: another's is not there."""
    BODIES["api.add_pool_parcel"] = {"grams": 100, "order": place.order.id}
    try:
        told = place.ask(place.neighbour, ("api.add_pool_parcel", "POST", f"/api/v1/pools/{place.pool}/parcels"))
    finally:
        BODIES["api.add_pool_parcel"] = {"grams": 100}

    assert told.status_code == 404


def test_a_founder_who_deletes_the_shop_leaves_the_group_to_another(place: Place) -> None:
    """Group and pools go to who was there first; what the others paid stays, and the rest is of shops that are gone."""
    from shopkit.services.orders import add  # noqa: PLC0415  # for this alone
    from tests.ordering import event  # noqa: PLC0415  # as above

    pools.close_pool(place.services, place.founder, place.pool, Money(12_050, "MXN"))
    add(place.services, place.order.id, event("cancelled", source="seller"))

    leaving.delete_shop(place.services, place.founder, "Tienda")

    group = pool_groups.find_group(place.services, place.neighbour, place.group)
    kept = pools.find_pool(place.services, place.neighbour, place.pool)
    assert (group.is_founder, [one.is_me for one in group.members]) == (True, [True])
    assert [(one.name, one.cost) for one in kept.shares] == [
        ("Tienda", Money(2_008, "MXN")),
        ("", Money(10_042, "MXN")),
    ]


def test_the_last_shop_of_a_group_takes_it_along(place: Place) -> None:
    """A group that nobody is in goes with its founder, and no row of it stays."""
    from shopkit.services.orders import add  # noqa: PLC0415  # for this alone
    from tests.ordering import event  # noqa: PLC0415  # as above

    pools.close_pool(place.services, place.founder, place.pool, Money(12_050, "MXN"))
    pool_groups.leave(place.services, place.neighbour, place.group)
    add(place.services, place.order.id, event("cancelled", source="seller"))

    leaving.delete_shop(place.services, place.founder, "Tienda")

    with place.services.database.reading() as session:
        left = [
            table.name
            for table in Base.metadata.sorted_tables
            if "pool" in table.name and session.execute(table.select()).first()
        ]
    assert left == []


def test_a_group_is_founded_and_joined_by_programs(place: Place) -> None:
    """Founded, invited to and joined over the API: both shops read the same members."""
    made = GroupOut.model_validate(
        place.ask(place.founder, ("api.found_pool_group", "POST", "/api/v1/pool-groups")).json
    )
    code = place.ask(place.founder, ("", "POST", f"/api/v1/pool-groups/{made.id}/invitations")).get_json()["code"]
    BODIES["api.join_pool_group"] = {"code": code}
    try:
        joined = GroupOut.model_validate(
            place.ask(place.stranger, ("api.join_pool_group", "POST", "/api/v1/pool-groups/join")).json
        )
    finally:
        BODIES["api.join_pool_group"] = {"code": "x"}

    assert (made.city, made.founder, joined.id, joined.founder) == ("Toluca", True, made.id, False)
    assert [(one.me, one.founder) for one in joined.members] == [(False, True), (True, False)]
