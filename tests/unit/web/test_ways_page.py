"""The page of an order that lays its ways to send side by side, in three languages and without scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from listings.model import Listing
from shopkit.services import demo, freight, listings, quotes
from shopkit.services.companies import command_actor
from tests.ordering import order
from tests.shop import open_demo, shirts
from tests.unit.web.test_order_pages import browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from shopkit.app import Shop

CARD = """\
service,channel,zone,countries,up_to_kg,price,currency,min_days,max_days,divisor,max_kg
aereo,courier,us,US,5,12.00,USD,2,4,5000,5
ems,postal,us,US,0.4,9.00,USD,5,9,,0.4
"""
PARCEL = {
    "gross_weight": {"value": "0.5", "unit": "kg"},
    "dimensions": {"length": "30", "width": "20", "height": "10", "unit": "cm"},
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return the demonstration, whose first shop has a card of its own."""
    app = open_demo(tmp_path_factory.mktemp("ways"))
    services = app.extensions["shopkit"]
    freight.import_card(services, command_actor(services, demo.SLUG).seller_id, "correo", CARD)
    yield app
    services.database.dispose()


@pytest.fixture(scope="module")
def addresses(shop: Shop) -> tuple[str, str]:
    """Return the orders of a parcel with weight and measures, and of one without."""
    services = shop.extensions["shopkit"]
    actor = command_actor(services, demo.SLUG)
    sides = {"length": "28", "width": "22", "height": "4", "unit": "cm"}
    given = {
        "key": "pla-ways",
        "title": "Playera",
        "dimensions": sides,
        "variants": ({"sku": "PLA-M", "stock": 9},),
    }
    listing = listings.create_listing(services, actor, Listing.model_validate(given)).id
    found = (quotes.answer(services, shirts(parcel=parcel), save=False) for parcel in (PARCEL, None))
    first, second = (order(services, actor, listing, f"w{place}", found=one) for place, one in enumerate(found))
    return f"/orders/{first.id}", f"/orders/{second.id}"


@pytest.fixture
def client(shop: Shop) -> FlaskClient:
    """Return Rosa's browser, who may look and not change."""
    return browser(shop, shop.extensions["shopkit"], "rosa")


def test_an_order_leads_to_its_ways(client: FlaskClient, addresses: tuple[str, str]) -> None:
    """From the order's page, by a link."""
    page = client.get(addresses[0]).text

    assert f'href="{addresses[0]}/ways"' in page


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", ["Formas de envío", "abierta", "no acepta este paquete", "Son 0.1 kg de más.", "no se sabe"]),
        ("pt", ["Formas de envio", "aberta", "não aceita esta remessa", "São 0,1 kg a mais.", "não se sabe"]),
        ("en", ["Ways to send", "open", "does not take this parcel", "That is 0.1 kg too much.", "not known"]),
    ],
)
def test_ways_are_told_in_the_readers_language(
    client: FlaskClient, addresses: tuple[str, str], language: str, said: list[str]
) -> None:
    """The cheapest open way first, what is over a limit with by how much, and simplified export."""
    page = client.get(f"{addresses[0]}/ways?lang={language}").text
    names = re.findall(r'id="way-\d+-title">(.*?) <small>', page)

    assert all(words in page for words in said)
    assert names == ["aereo", "express", "packet", "ems"]


def test_weights_are_written_as_the_reader_writes_them(client: FlaskClient, addresses: tuple[str, str]) -> None:
    """A comma in Portuguese: with a point five kilos would read as five thousand."""
    page = client.get(f"{addresses[0]}/ways?lang=pt").text

    told = re.search(r"→ [^<]*? · ([0-9.,]+) kg", page)
    assert told is not None
    assert re.fullmatch(r"[0-9]+(,[0-9]+)?", told[1])


def test_what_is_over_a_limit_is_written_as_the_readers_country_does(
    client: FlaskClient, addresses: tuple[str, str]
) -> None:
    """In Chile with a comma, where Mexico writes a point."""
    chile, mexico = (
        client.get(f"{addresses[0]}/ways", headers={"Accept-Language": one}).text for one in ("es-CL", "es-MX")
    )

    assert "acepta hasta 0,4 kg; el paquete tiene 0,5 kg. Son 0,1 kg de más." in chile
    assert "acepta hasta 0.4 kg; el paquete tiene 0.5 kg. Son 0.1 kg de más." in mexico


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "de 0.5 kg, 30 × 20 × 10 cm, pero empacado en tus cajas es uno de 0.58 kg, 32.8 × 24.8 × 12.8 cm;"),
        ("pt", "de 0,5 kg, 30 × 20 × 10 cm, mas embalada nas suas caixas é uma de 0,58 kg, 32,8 × 24,8 × 12,8 cm;"),
        ("en", "of 0.5 kg, 30 × 20 × 10 cm, but packed into your boxes it is one of 0.58 kg, 32.8 × 24.8 × 12.8 cm;"),
    ],
)
def test_a_packing_that_is_another_parcel_is_told(
    client: FlaskClient, addresses: tuple[str, str], language: str, said: str
) -> None:
    """In one sentence, with the way to the boxes."""
    page = client.get(f"{addresses[0]}/ways?lang={language}").text

    assert said in page
    assert f'href="{addresses[0]}/packing"' in page


def test_the_law_stands_behind_each_amount(client: FlaskClient, addresses: tuple[str, str]) -> None:
    """It opens without scripts, and names the sources."""
    page = client.get(f"{addresses[0]}/ways?lang=en").text
    law = page.split("<details>")[1].split("</details>")[0]

    assert "<summary>The law behind each amount</summary>" in law
    assert 'href="https://' in law


def test_an_order_that_does_not_say_what_it_weighs_is_told_so(client: FlaskClient, addresses: tuple[str, str]) -> None:
    """In place of the ways, what is missing."""
    page = client.get(f"{addresses[1]}/ways?lang=es").text

    assert "El pedido no dice lo suficiente" in page
    assert 'id="way-1"' not in page


def test_an_order_that_is_none_has_no_ways(client: FlaskClient) -> None:
    """The page is not there."""
    found = client.get("/orders/o_none/ways")

    assert found.status_code == 404
