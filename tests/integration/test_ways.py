"""Ways to send an order and what a request describes: by the seller's own cards, each with the law of its channel."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner

from shopkit.cli import main
from shopkit.services import boxes, freight, orders, quotes, ways, ways_told
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError
from tests.ordering import order, sell
from tests.shop import open_shop, shirts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

# 12.00 by a courier that counts volume, 9.00 by EMS up to 1 kg, and one that goes to Chile alone.
CARD: Final = """\
service,channel,zone,countries,up_to_kg,price,currency,min_days,max_days,divisor,max_kg,max_length_cm,max_girth_cm
aereo,courier,us,US,5,12.00,USD,2,4,5000,5,,
ems,postal,us,US,1,9.00,USD,5,9,,1,60,
austral,postal,cl,CL,1,5.00,USD,5,9,,1,,
"""
PARCEL: Final = {
    "gross_weight": {"value": "0.5", "unit": "kg"},
    "dimensions": {"length": "30", "width": "20", "height": "10", "unit": "cm"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the shop of these tests is kept."""
    return tmp_path_factory.mktemp("ways")


@pytest.fixture(scope="module")
def shop(folder: Path) -> Iterator[tuple[Services, Actor, str]]:
    """Return a shop with a card of its own and one order, which these tests only read: services, owner, the order."""
    app = open_shop(folder)
    services: Services = app.extensions["shopkit"]
    actor, listing = sell(services)
    freight.import_card(services, actor.seller_id, "correo", CARD)
    placed = order(services, actor, listing, found=quotes.answer(services, shirts(parcel=PARCEL), save=False))
    yield services, actor, placed.id
    services.database.dispose()


@pytest.fixture
def services(shop: tuple[Services, Actor, str]) -> Services:
    """Return the use cases of the shop."""
    return shop[0]


@pytest.fixture
def told(shop: tuple[Services, Actor, str]) -> Callable[..., Any]:
    """Return the ways of two shirts from Mexico to California, by the card of the shop, in English."""
    services, actor, _ = shop
    return lambda **more: ways_told.data(
        ways.of_request(services, shirts(**({"parcel": PARCEL} | more)), actor.seller_id), "en"
    )


def by_id(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the ways by their names."""
    return {one["id"]: one for one in found["ways"]}


def test_each_way_costs_what_its_own_quote_says(shop: tuple[Services, Actor, str], told: Callable[..., Any]) -> None:
    """Freight by its card, charges by the law of its channel; the sum is what the door pays more than the goods."""
    services, actor, _ = shop
    found = by_id(told())
    asked = shirts(parcel=PARCEL, channel="courier", freight_service={"card": "correo", "service": "aereo"})
    del asked["freight"]
    alone = quotes.answer(services, asked, save=False, seller=actor.seller_id).read("en")
    way = found["card:correo/aereo"]

    assert (way["cost"]["freight"], way["cost"]["import_charges"]) == ("12.00", alone["totals"]["import_charges"])
    assert way["charges"] == alone["charges"]
    assert way["weight"] == {"charged_kg": "5", "volumetric_kg": "1.2", "divisor": 5000, "volume_counts": True}
    assert (way["days"]["latest"], way["days"]["by_card"]) == (alone["delivery"]["latest"], {"min": 2, "max": 4})


def test_the_ways_of_a_seller_stand_beside_the_illustrative_ones(told: Callable[..., Any]) -> None:
    """Open ones first by cost; the post to the United States is perhaps closed; what goes elsewhere is not taken."""
    found = told()

    assert [(one["id"], one["standing"]) for one in found["ways"]] == [
        ("card:correo/aereo", "open"),
        ("card:illustrative/express", "open"),
        ("card:correo/ems", "unsure"),
        ("card:illustrative/packet", "unsure"),
        ("card:correo/austral", "not_taken"),
    ]


def test_tracking_and_papers_are_those_of_the_kind(told: Callable[..., Any]) -> None:
    """EMS is followed to the door and goes with CN 23, a packet is not followed; all of that from memory."""
    found = by_id(told())
    said = {
        name: (one["kind"], one["tracked"]["reach"], one["tracked"]["evidence"], one["papers"]["form"])
        for name, one in found.items()
    }

    assert said == {
        "card:correo/aereo": ("courier", "end_to_end", "memory", "invoice"),
        "card:correo/ems": ("ems", "end_to_end", "memory", "cn23"),
        "card:correo/austral": (None, None, None, None),
        "card:illustrative/express": ("courier", "end_to_end", "memory", "invoice"),
        "card:illustrative/packet": ("untracked_letter", "none", "memory", "cn23"),
    }


def test_a_way_that_does_not_take_the_parcel_says_by_how_much(told: Callable[..., Any]) -> None:
    """At 1.001 kg the post's EMS is a gram over."""
    heavy = PARCEL | {"gross_weight": {"value": "1.001", "unit": "kg"}}
    way = by_id(told(parcel=heavy))["card:correo/ems"]

    # The limit of the service and the last step of its prices are both told.
    assert way["standing"] == "not_taken"
    assert {(one["code"], one["limit"], one["value"], one["over"]) for one in way["against"]} == {
        ("freight.over_limit", "1", "1.001", "0.001")
    }
    assert way["against"][0]["message"].endswith("That is 0.001 kg too much.")


def test_without_measures_a_way_that_needs_them_is_not_known(told: Callable[..., Any]) -> None:
    """It might take the parcel: nobody says that it does not."""
    bare = {"gross_weight": PARCEL["gross_weight"]}

    assert by_id(told(parcel=bare))["card:correo/aereo"]["standing"] == "unknown"


def test_simplified_export_stands_beside_the_ways(told: Callable[..., Any]) -> None:
    """From Mexico nobody knows; from Peru by post it is open at 50 USD, with the limit's source."""
    mexico, peru = told(), told(dispatch={"country": "PE"})
    way = peru["exports"][0]["ways"][0]

    assert [(one["channel"], one["verdict"]) for one in mexico["exports"]] == [
        ("postal", "unknown"),
        ("courier", "unknown"),
    ]
    assert [(one["channel"], one["verdict"]) for one in peru["exports"]] == [("postal", "yes"), ("courier", "yes")]
    assert [(one["rule"], one["limit"], one["status"]) for one in way["limits"]] == [
        ("pe.exporta_facil.value", "7500 USD", "verified"),
        ("pe.exporta_facil.weight", "50 kg", "verified"),
    ]


def test_what_the_mail_does_not_carry_has_no_way_by_post(told: Callable[..., Any]) -> None:
    """Lithium cells on their own: by courier alone, and the ban is named where the way is refused."""
    cell: dict[str, Any] = {"id": "1", "hs_code": "850650", "origin": "MX", "quantity": "1"}
    cell |= {"description": "Lithium cell", "unit_price": {"amount": "9.00", "currency": "USD"}}
    found = by_id(told(items=[cell]))
    post = found["card:correo/ems"]

    assert (post["standing"], post["cost"]) == ("refused", None)
    assert [one["rule"]["id"] for one in post["papers"]["needed"] if one["bans"]] == ["every.mail.lithium"]
    assert found["card:correo/aereo"]["standing"] == "open"


def test_an_order_is_asked_as_of_today_by_its_own_parcel(shop: tuple[Services, Actor, str]) -> None:
    """Its frozen quote stays what it is, whatever today's law or prices are."""
    services, actor, order_id = shop
    found = ways.of_order(services, actor, order_id)
    kept = orders.load(services, actor, order_id)

    assert (found.asked.on.isoformat(), str(found.asked.goods)) == ("2026-11-23", "50.00 USD")
    assert kept.quote["totals"]["freight"] == "12.00"


def test_another_sellers_order_has_no_ways(shop: tuple[Services, Actor, str]) -> None:
    """It is not there."""
    services, _, order_id = shop
    theirs, _ = sell(services)

    with pytest.raises(OrderNotFoundError):
        ways.of_order(services, theirs, order_id)


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ([], [("", "type.object")]),
        (shirts(parcel=None), [("/parcel/gross_weight", "freight.weight_needed")]),
        (shirts(parcel=PARCEL, channel="pigeon"), [("/channel", "choice")]),
    ],
)
def test_what_is_wrong_with_a_request_is_said_once(
    services: Services, value: Any, wrong: list[tuple[str, str]]
) -> None:
    """All of it, each at its place."""
    with pytest.raises(RequestError) as caught:
        ways.of_request(services, value, None)

    assert [(one.pointer, one.code) for one in caught.value.problems] == wrong


@pytest.mark.parametrize(
    ("inside", "bears", "wall", "told"),
    [
        # Its own 180 g and two shirts of 200 g; quoted were 30 × 20 × 10 cm and half a kilogram.
        (
            (320, 240, 120),
            5_000,
            4,
            ([("0.58", ["32.8", "24.8", "12.8"])], 0, "it is one of 0.58 kg, 32.8 × 24.8 × 12.8 cm;"),
        ),
        ((320, 240, 120), 5_000, None, ([("0.58", None)], 0, "it is one of 0.58 kg and 32 × 24 × 12 cm inside;")),
        (
            (310, 230, 40),
            300,
            4,
            ([("0.38", ["31.8", "23.8", "4.8"])] * 2, 0, "it is 2 parcels of 0.76 kg together;"),
        ),
        ((100, 100, 100), 5_000, 4, ([], 2, "your boxes do not take all of it (pieces in no box: 2),")),
    ],
)
def test_a_packing_that_is_not_the_quoted_parcel_is_told(
    tmp_path: Path,
    inside: tuple[int, int, int],
    bears: int,
    wall: int | None,
    told: tuple[list[tuple[str, list[str] | None]], int, str],
) -> None:
    """With what it weighs and measures; the figures stay those of the parcel that was quoted."""
    services: Services = open_shop(tmp_path).extensions["shopkit"]
    actor, order_id = measured(services)
    before = ways_told.data(ways.of_order(services, actor, order_id), "en")
    boxes.add_box(services, actor, boxes.SaidBox("Caja", inside, 180, bears, wall))
    after = ways_told.data(ways.of_order(services, actor, order_id), "en")
    services.database.dispose()

    packed = after["packing"]
    assert before["packing"] is None
    assert [(one["gross_kg"], one["dimensions_cm"]) for one in packed["parcels"]] == told[0]
    assert (packed["left"], told[2] in packed["message"]) == (told[1], True), packed["message"]
    assert packed["message"].startswith("These ways are quoted for one parcel of 0.5 kg, 30 × 20 × 10 cm, but ")
    assert after | {"packing": None} == before


def test_goods_without_measures_are_told_by_weight(tmp_path: Path) -> None:
    """No box is chosen for them, so they weigh more than the goods alone."""
    services: Services = open_shop(tmp_path).extensions["shopkit"]
    actor, listing = sell(services)
    placed = order(services, actor, listing, found=quotes.answer(services, shirts(parcel=PARCEL), save=False))
    boxes.add_box(services, actor, boxes.SaidBox("Caja", (320, 240, 120), 180, 300))
    told = ways_told.data(ways.of_order(services, actor, placed.id), "es")["packing"]
    services.database.dispose()

    assert [(one["net_kg"], one["gross_kg"]) for one in told["parcels"]] == [("0.2", None), ("0.2", None)]
    assert "pero empacado en tus cajas son 2 paquetes de más de 0.4 kg en total;" in told["message"]


def measured(services: Services) -> tuple[Actor, str]:
    """Return a shop without boxes, and its order of two shirts that measure 30 × 22 × 3 cm."""
    sides = {"length": "30", "width": "22", "height": "3", "unit": "cm"}
    actor, listing = sell(services, dimensions=sides)
    placed = order(services, actor, listing, found=quotes.answer(services, shirts(parcel=PARCEL), save=False))
    return actor, placed.id


def run(*words: str, given: str | None = None) -> Result:
    """Run the command as from a terminal."""
    return CliRunner().invoke(main, ["ways", *words], input=given)


@pytest.fixture
def _there(folder: Path, shop: tuple[Services, Actor, str], monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  # made first
    monkeypatch.setenv("SHOPKIT_DATA_DIR", str(folder))


@pytest.mark.usefixtures("_there")
def test_the_command_lists_the_ways_of_an_order(shop: tuple[Services, Actor, str]) -> None:
    """The cheapest open one first, with its parts; simplified export below; as JSON it is what programs get."""
    seller = shop[1].seller_id
    plain = run("--order", "1001", "--seller", seller, "--lang", "es")
    data = json.loads(run("--order", "1001", "--seller", seller, "--json").stdout)

    assert plain.exit_code == 0, plain.output
    assert plain.stdout.splitlines()[1].startswith("1. aereo (card correo, paquetería): ")
    assert "correo: Exportación simplificada: no se sabe." in plain.stdout
    assert (data["ways"][0]["id"], data["ways"][0]["cost"]["freight"]) == ("card:correo/aereo", "12.00")
    assert all(one["rule"]["status"] for one in data["ways"][0]["charges"])


@pytest.mark.parametrize(
    ("language", "dispatch", "said"),
    [
        ("es", "MX", ["1.5 kg, 30.5 x 20 x 10 cm, 50.00 USD", "kg; el paquete tiene 1.5 kg. Son 0.5 kg de más."]),
        ("es", "CL", ["1,5 kg, 30,5 x 20 x 10 cm, 50,00 USD", "kg; el paquete tiene 1,5 kg. Son 0,5 kg de más."]),
        ("pt", "MX", ["1,5 kg, 30,5 x 20 x 10 cm, 50,00 USD", "kg; o pacote tem 1,5 kg. São 0,5 kg a mais."]),
        ("en", "CL", ["1.5 kg, 30.5 x 20 x 10 cm, 50.00 USD", "kg; the parcel has 1.5 kg. That is 0.5 kg too much."]),
    ],
)
@pytest.mark.usefixtures("_there")
def test_the_command_writes_numbers_as_its_reader_does(
    shop: tuple[Services, Actor, str], language: str, dispatch: str, said: list[str]
) -> None:
    """By the language and the country of dispatch; a program gets the point of JSON."""
    parcel = {"gross_weight": {"value": "1.5", "unit": "kg"}, "dimensions": PARCEL["dimensions"] | {"length": "30.5"}}
    asked = json.dumps(shirts(parcel=parcel, dispatch={"country": dispatch}))
    words = ("-", "--seller", shop[1].seller_id, "--lang", language)
    plain, data = run(*words, given=asked).stdout, json.loads(run(*words, "--json", given=asked).stdout)
    ems = by_id(data)["card:correo/ems"]["against"][0]

    assert [one for one in said if one not in plain] == [], plain
    assert (ems["limit"], ems["over"], data["parcel"]["gross_kg"]) == ("1", "0.5", "1.5")


@pytest.mark.usefixtures("_there")
def test_the_command_reads_a_request(shop: tuple[Services, Actor, str]) -> None:
    """From stdin; what is wrong with it is said with its place, exit code 2."""
    found = run("-", "--seller", shop[1].seller_id, given=json.dumps(shirts(parcel=PARCEL)))
    wrong = run("-", given=json.dumps(shirts(parcel=None)))
    unreadable, neither = run("-", given="{"), run()

    assert "card correo, courier" in found.stdout
    assert (wrong.exit_code, "/parcel/gross_weight" in wrong.stderr) == (2, True)
    assert (unreadable.exit_code, neither.exit_code) == (2, 2)
