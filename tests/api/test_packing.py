"""Boxes by the API: added, listed, packed into, removed; what is wrong is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from listings.model import Dimensions, Weight
from shopkit.api.packing_schemas import BoxOut, ComparisonOut, PackingOut
from shopkit.services import keys, listings
from tests.ordering import order, sell
from tests.shop import open_shop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from werkzeug.test import TestResponse

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

BOX: dict[str, Any] = {
    "name": "Mediana",
    "inside_mm": {"length": 320, "width": 240, "height": 100},
    "own_grams": 150,
    "bears_grams": 10_000,
    "wall_mm": 4,
    "cost": {"amount": "14.50", "currency": "MXN"},
}


@pytest.fixture
def services(tmp_path: Path) -> Services:
    """Return the services of an empty shop."""
    found: Services = open_shop(tmp_path).extensions["shopkit"]
    return found


def asking(services: Services, tmp_path: Path, actor: Actor) -> Callable[..., TestResponse]:
    """Return a way to ask as a program of a seller."""
    client = open_shop(tmp_path).test_client()
    headers = {"Authorization": f"Bearer {keys.create_key(services, actor, 'all', keys.SCOPES, 60).secret}"}

    def ask(method: str, path: str, body: Any = None) -> TestResponse:
        return client.open(f"/api/v1/{path}", method=method, json=body, headers=headers)

    return ask


def measured(services: Services, actor: Actor, listing_id: str) -> None:
    """Say what a shirt of the listing measures."""
    kept = listings.get_listing(services, actor, listing_id)
    sides = Dimensions(length="30", width="22.04", height="3")
    weight = Weight(value="190", unit="g")
    listing = kept.listing.model_copy(update={"dimensions": sides, "weight": weight})
    listings.save_listing(services, actor, listing_id, listing, kept.version)


def test_an_order_is_packed_into_the_boxes_of_the_shop(services: Services, tmp_path: Path) -> None:
    """Two shirts, as they were quoted to weigh and as the listing measures them, lie in the box that was added."""
    actor, listing_id = sell(services)
    measured(services, actor, listing_id)
    made = order(services, actor, listing_id)
    ask = asking(services, tmp_path, actor)
    box = ask("POST", "boxes", BOX).get_json()

    found = PackingOut.model_validate(ask("POST", "packings", {"orders": [made.id]}).get_json())

    assert BoxOut.model_validate(box).model_dump(exclude={"id"}) == BOX
    assert (found.by, found.left, found.unmeasured, len(found.boxes)) == ("measures", [], [], 1)
    packed = found.boxes[0]
    assert packed.box is not None
    assert (packed.box.name, packed.net_grams, packed.gross_grams, packed.outside_mm) == (
        "Mediana",
        400,
        550,
        [328, 248, 108],
    )
    assert [(one.id, one.sku, one.at_mm, one.sides_mm) for one in packed.pieces] == [
        ("1001-1-1", "PLA-M", [0, 0, 0], [300, 221, 30]),
        ("1001-1-2", "PLA-M", [0, 0, 30], [300, 221, 30]),
    ]


def test_an_order_without_measures_is_packed_by_weight(services: Services, tmp_path: Path) -> None:
    """What nobody measured is told, and no box is made up for it."""
    actor, listing_id = sell(services)
    made = order(services, actor, listing_id)
    ask = asking(services, tmp_path, actor)
    ask("POST", "boxes", BOX)

    found = PackingOut.model_validate(ask("POST", "packings", {"orders": [made.id]}).get_json())

    assert (found.by, found.unmeasured) == ("weight", ["1001-1-1", "1001-1-2"])
    assert [(one.box, one.net_grams, one.gross_grams) for one in found.boxes] == [(None, 400, None)]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"own_grams": 0}, "/own_grams", "number.range"),
        ({"inside_mm": {"length": 3_001, "width": 1, "height": 1}}, "/inside_mm/length", "number.range"),
        ({"inside_mm": {"length": 30.5, "width": 1, "height": 1}}, "/inside_mm/length", "type.integer"),
        ({"cost": {"amount": "1.005", "currency": "MXN"}}, "/cost/amount", "money.decimals"),
        ({"cost": {"amount": "1", "currency": "XXX"}}, "/cost/currency", "currency.unknown"),
        ({"name": "\x00"}, "/name", "text.characters"),
    ],
)
def test_what_is_wrong_with_a_box_is_told(
    services: Services, tmp_path: Path, change: dict[str, Any], pointer: str, code: str
) -> None:
    """Numbers out of range, half millimetres and money finer than it is are refused where they stand."""
    ask = asking(services, tmp_path, sell(services)[0])

    told = ask("POST", "boxes", BOX | change)

    assert told.status_code == 422
    assert [(one["pointer"], one["code"]) for one in told.get_json()["errors"]] == [(pointer, code)]


def test_boxes_are_a_shops_own(services: Services, tmp_path: Path) -> None:
    """A name stands once in a shop and again in another; another's box is not there to be removed."""
    one, other = asking(services, tmp_path, sell(services)[0]), asking(services, tmp_path, sell(services)[0])
    made = one("POST", "boxes", BOX).get_json()

    twice = one("POST", "boxes", BOX)
    theirs = other("POST", "boxes", BOX)
    stolen = other("DELETE", f"boxes/{made['id']}")
    gone = [one("DELETE", f"boxes/{made['id']}").status_code for _ in range(2)]

    assert [problem["code"] for problem in twice.get_json()["errors"]] == ["box.taken"]
    assert (theirs.status_code, stolen.status_code, gone) == (201, 404, [204, 404])
    assert [found["name"] for found in other("GET", "boxes").get_json()["results"]] == ["Mediana"]


def test_orders_are_compared_and_a_split_is_judged(services: Services, tmp_path: Path) -> None:
    """Two orders of one buyer are told apart and together; an order cut in two comes with the rule it is judged by."""
    actor, listing_id = sell(services)
    first, second = (order(services, actor, listing_id, key=key) for key in ("k1", "k2"))
    ask = asking(services, tmp_path, actor)

    both = ask("POST", "consolidations", {"orders": [first.id, second.id], "date": "2026-11-23"})
    cut = ask("POST", f"orders/{first.id}/split", {"parcels": [[1], [1]]})
    wrong = ask("POST", f"orders/{first.id}/split", {"parcels": [[1], [2]]})

    found, judged = (ComparisonOut.model_validate(one.get_json()) for one in (both, cut))
    assert found.totals["goods"].model_dump() == {"apart": "100.00", "together": "100.00", "saving": "0.00"}
    assert (found.tie, judged.tie, found.split, judged.split) == ("one_day", "one_order", "allowed", "allowed")
    assert found.rule.id == "us.141.51"
    assert [one["code"] for one in wrong.get_json()["errors"]] == ["consolidation.pieces"]
