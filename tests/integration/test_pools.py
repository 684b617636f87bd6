"""Boxes and pools with a real database, SQLite and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landed_cost.money import Money
from shopkit.services import boxes, leaving, pool_groups, pools
from shopkit.services.context import open_services
from tests.ordering import sell
from tests.shop import NOW, settings

if TYPE_CHECKING:
    from pathlib import Path


def test_a_pool_from_its_group_to_the_end_of_its_founder(tmp_path: Path, database_url: str) -> None:
    """A box comes and goes; a pool is filled, shared and outlives the shop that opened it."""
    services = open_services(settings(tmp_path, database_url=database_url), lambda: NOW)
    founder, neighbour = (sell(services)[0] for _ in range(2))
    box = boxes.add_box(services, founder, boxes.SaidBox("Mediana", (320, 240, 120), 180, 10_000))
    boxes.remove_box(services, founder, box.it.id)
    group = pool_groups.create_group(services, founder, "Vecinas", "MX", "Toluca").id
    pool_groups.accept(services, neighbour, pool_groups.invite(services, founder, group)[0])
    pool = pools.open_pool(services, founder, group, "Viernes", "Carga del Valle").id
    pools.add_parcel(services, founder, pool, 500)
    wrong = pools.add_parcel(services, neighbour, pool, 7).parcels[0].id
    pools.remove_parcel(services, neighbour, pool, wrong)
    pools.add_parcel(services, neighbour, pool, 700)

    shared = pools.close_pool(services, founder, pool, Money(100, "MXN")).shares
    leaving.delete_shop(services, founder, "Tienda")
    pool_groups.close_group(services, neighbour, group)
    kept = pool_groups.find_group(services, neighbour, group)
    services.database.dispose()

    assert [one.cost for one in shared] == [Money(42, "MXN"), Money(58, "MXN")]
    assert (kept.is_founder, kept.closed_at, [one.is_me for one in kept.members]) == (True, NOW, [True])
