"""Freight as a shop keeps it: cards under names, requests that name a service, parcels that it observed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import OperationalError

from landed_cost.delivery import Observed
from landed_cost.model import Amount
from shopkit.models.freight import THE_SHOP
from shopkit.services import freight, parcels, quotes
from shopkit.services.context import Services, open_services
from shopkit.services.observed import ObservedLanes
from shopkit.services.problems import RequestError
from tests.databases import migrate
from tests.shop import NOW, settings, shirts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CARD = """service,channel,zone,countries,up_to_kg,price,currency,min_days,max_days,max_kg
air,courier,west,US/9,1,18.50,USD,2,4,2
air,courier,rest,US,1,21,USD,3,5,2
slow,postal,all,*,2,9,USD,9,30,2
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Services]:
    """Return a shop with an empty database."""
    found = open_services(settings(tmp_path), lambda: NOW)
    migrate(found.database)
    yield found
    found.database.dispose()


def parcel(**more: Any) -> dict[str, Any]:
    """Return the request of two T-shirts whose freight a card is to give, with some fields replaced."""
    request = shirts(parcel={"gross_weight": {"value": "0.5", "unit": "kg"}}, **more)
    request.pop("freight", None)
    return {"freight_service": {"card": "mine", "service": "air"}} | request


def wrong(shop: Services, request: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is wrong with a request."""
    with pytest.raises(RequestError) as caught:
        quotes.answer(shop, request, save=False, seller=THE_SHOP)
    return [(one.pointer, one.code) for one in caught.value.problems]


def test_a_card_is_kept_replaced_and_removed(shop: Services) -> None:
    """A card is found under its name, replaced by another of that name, listed before the one that ships, removed."""
    freight.import_card(shop, THE_SHOP, "mine", CARD, dry_run=True)
    assert freight.find_card(shop, THE_SHOP, "mine") is None

    freight.import_card(shop, THE_SHOP, "mine", CARD.replace("18.50", "20"))
    freight.import_card(shop, THE_SHOP, "mine", CARD)
    kept = freight.cards(shop, THE_SHOP)

    assert [(one.card.name, one.imported_at) for one in kept] == [("mine", NOW), ("illustrative", None)]
    assert kept[0].card.services[0].zones[0].steps[0].price == 1850
    freight.remove_card(shop, THE_SHOP, "mine")
    assert freight.find_card(shop, THE_SHOP, "mine") is None
    with pytest.raises(freight.CardNameError, match="there is no card 'mine'"):
        freight.remove_card(shop, THE_SHOP, "mine")


@pytest.mark.parametrize("name", ["illustrative", "Mine", "", "a" * 65])
def test_names_a_card_cannot_have(shop: Services, name: str) -> None:
    """The name of the card that ships is taken, and names are plain."""
    with pytest.raises(freight.CardNameError):
        freight.import_card(shop, THE_SHOP, name, CARD)


def test_a_card_gives_the_freight(shop: Services) -> None:
    """The freight of a quote is what the card asks, and the quote says which service and zone gave it."""
    freight.import_card(shop, THE_SHOP, "mine", CARD)

    answer = quotes.answer(shop, parcel(), save=False, seller=THE_SHOP)

    assert answer.shipment.freight == Amount(answer.shipment.freight.value, "USD")  # type: ignore[union-attr]
    assert answer.stored["totals"]["freight"] == "18.50"
    assert answer.stored["freight_basis"]["zone"] == "west"


def test_the_illustrative_card_is_an_estimate(shop: Services) -> None:
    """Freight of the card that ships gives an estimate with its reason; it needs the dimensions."""
    box = {"length": "10", "width": "8", "height": "4", "unit": "in"}
    request = parcel(freight_service={"card": "illustrative", "service": "express"})
    request["parcel"]["dimensions"] = box

    stored = quotes.answer(shop, request, save=False, seller=THE_SHOP).stored

    assert "freight.illustrative" in [one["code"] for one in stored["assessment"]["reasons"]]
    # 320 cubic inches are 5,243.86 cm³, and over 5,000 that is 1.04877… kg.
    assert stored["freight_basis"]["volumetric_kg"] == "1.049"


@pytest.mark.parametrize(
    ("more", "problems"),
    [
        ({"freight_service": {"card": "other", "service": "air"}}, [("/freight_service/card", "freight.no_card")]),
        ({"freight_service": {"card": "mine", "service": "x"}}, [("/freight_service/service", "freight.no_service")]),
        (
            {"freight_service": {"card": "mine", "service": "slow"}},
            [("/freight_service/service", "freight.other_channel")],
        ),
        ({"freight": {"amount": "1", "currency": "USD"}}, [("/freight_service", "freight.twice")]),
        ({"parcel": None}, [("/parcel/gross_weight", "freight.weight_needed")]),
        (
            {"parcel": {"gross_weight": {"value": "2.1", "unit": "kg"}}},
            [("/parcel/gross_weight", "freight.over_limit"), ("/parcel/gross_weight", "freight.over_limit")],
        ),
        (
            {"parcel": {"gross_weight": {"value": "0", "unit": "kg"}}},
            [("/parcel/gross_weight/value", "measure.zero"), ("/parcel/gross_weight", "weight.net_above_gross")],
        ),
        (
            {
                "parcel": {
                    "gross_weight": {"value": "1", "unit": "kg"},
                    "dimensions": {"length": "0", "width": "1", "height": "1"},
                }
            },
            [("/parcel/dimensions/length", "measure.zero")],
        ),
        ({"destination": {"country": "US"}}, [("/destination/postal_code", "freight.postal_code_needed")]),
    ],
)
def test_what_a_card_cannot_price(shop: Services, more: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    """A parcel over the limit, of no weight, without a postal code: each is told at its place."""
    freight.import_card(shop, THE_SHOP, "mine", CARD)

    assert wrong(shop, parcel() | more) == problems


def test_each_destination_has_its_price(shop: Services) -> None:
    """In a comparison every destination is priced by its own zone, and what lacks one is told there."""
    freight.import_card(shop, THE_SHOP, "mine", CARD)
    request = parcel(destinations=[{"country": "US", "postal_code": "10001"}, {"country": "CL"}])
    del request["destination"]
    request.pop("save")

    (_, first), (_, second) = quotes.answer_everywhere(shop, request, seller=THE_SHOP).entries

    assert isinstance(first, quotes.Answer)
    assert first.stored["totals"]["freight"] == "21.00"
    assert isinstance(second, RequestError)
    assert [(one.pointer, one.code) for one in second.problems] == [("/destinations/1/country", "freight.no_zone")]


def seen(count: int, days: int = 6, service: str = "courier") -> str:
    """Return a file of parcels that took so many days."""
    rows = [
        f"{date(2026, 1, 5) + timedelta(days=index)},{date(2026, 1, 5) + timedelta(days=index + days)},MX-US,{service}"
        for index in range(count)
    ]
    return "\n".join(["dispatched,delivered,lane,service", *rows, ""])


def delivery(shop: Services, **more: Any) -> Any:
    """Return the delivery of a quote from Mexico to California."""
    return quotes.answer(shop, shirts(**more), save=False).stored["delivery"]


def test_observed_parcels_sharpen_quotes_once_there_are_enough(shop: Services) -> None:
    """Nineteen parcels change nothing; with the twentieth the dates rest on them, and the assumed ones are shown."""
    before = delivery(shop)
    parcels.import_parcels(shop, seen(19))
    few = delivery(shop)
    parcels.import_parcels(shop, seen(1, days=7))

    found = delivery(shop)

    assert few == before
    assert found["observed"]["parcels"] == 20
    assert (found["assumed"], found["assumed_dates"]["latest"]) == (False, before["latest"])
    assert found["transit_days"] == {"min": 6, "max": 6}
    assert delivery(shop, dispatch={"country": "GT"})["observed"] is None


def test_the_same_file_counts_once(shop: Services) -> None:
    """A file imported twice is refused the second time; a rehearsal keeps nothing."""
    parcels.import_parcels(shop, seen(3), dry_run=True)
    assert parcels.ranges(shop) == []

    parcels.import_parcels(shop, seen(3))
    with pytest.raises(parcels.SameFileError):
        parcels.import_parcels(shop, seen(3))

    assert parcels.ranges(shop) == [(("MX", "US", "courier"), 3, None)]
    assert parcels.remove_parcels(shop) == 3
    assert parcels.ranges(shop) == []


def test_the_service_of_a_card_goes_before_its_channel(shop: Services) -> None:
    """Parcels by the very service are nearer the truth than those of the channel."""
    freight.import_card(shop, THE_SHOP, "mine", CARD)
    parcels.import_parcels(shop, seen(20, days=9))
    parcels.import_parcels(shop, seen(20, days=4, service="air"))

    by_card = quotes.answer(shop, parcel(), save=False, seller=THE_SHOP).stored["delivery"]

    assert by_card["observed"]["likely_days"] == 4
    assert delivery(shop)["observed"]["likely_days"] == 9


def test_looked_up_now_and_then(shop: Services) -> None:
    """What another process imported is found after ten seconds; a shop without its tables goes on without."""
    ticks = [0.0]
    lanes = ObservedLanes(shop.database, lambda: ticks[0])
    assert lanes.find("MX", "US", "courier") is None

    parcels.import_parcels(shop, seen(20))
    assert lanes.find("MX", "US", "courier") is None
    ticks[0] = 10.0

    assert lanes.find("MX", "US", "air", "courier") == Observed(6, 6, 6, 20, date(2026, 1, 5), date(2026, 1, 24))


def test_a_shop_without_a_database(tmp_path: Path) -> None:
    """Neither a missing file nor a database without tables stops a quote, and no file is made by asking."""
    found = open_services(settings(tmp_path / "new"), lambda: datetime(2026, 11, 23, tzinfo=UTC))
    assert delivery(found)["observed"] is None
    assert found.database.file is not None
    assert not found.database.file.exists()

    found.database.file.touch()
    found.observed.refresh()

    assert delivery(found)["observed"] is None
    with pytest.raises(OperationalError):
        parcels.ranges(found)
    found.database.dispose()
