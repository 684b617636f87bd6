"""The seller's board of parcels: what is to be looked at, one parcel with all that was told, and lanes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from listings.model import Listing
from shopkit.models import StoredShipment
from shopkit.services import demo, listings, order_acts, shipments, tracking_accounts
from shopkit.services.companies import command_actor
from shopkit.tracking import s10
from tests.ordering import order, paid
from tests.parcels import fresh_number, journey, said
from tests.shop import NOW, open_demo
from tests.unit.web.test_listings_pages import text_of
from tests.unit.web.test_order_pages import browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from shopkit.app import Shop
    from shopkit.services.context import Services


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return the demonstration, with three parcels of its first shop: held and late, silent, delivered."""
    app = open_demo(tmp_path_factory.mktemp("parcels"))
    services: Services = app.extensions["shopkit"]
    held = post(services, fresh_number("EE"), 12, "EMA", "EMD")
    told = said("EME", NOW - timedelta(days=12), text="<i>Retenido</i>", place="Los <b>Ángeles</b>", reason="65")
    shipments.receive(services, held, [told])
    until = NOW.date() - timedelta(days=2)
    promised = {"promised_from": until - timedelta(days=3), "promised_until": until}
    with services.database.writing.begin() as session:
        session.execute(update(StoredShipment).where(StoredShipment.id == held).values(promised))
    post(services, fresh_number("EE"), 30, "EMA", "EMC")
    post(services, fresh_number("EE"), 0, "EMA", "EMI")
    yield app
    services.database.dispose()


def post(services: Services, number: str, days_ago: int, *codes: str, service: str = "ems") -> str:
    """Open a parcel that was posted some days ago, of which so much was told then, and return its id."""
    ana, posted = command_actor(services, demo.SLUG), NOW.date() - timedelta(days=days_ago)
    way = {"origin": "MX", "destination": "US", "service": service}
    made = shipments.create(services, ana, number, posted_on=posted, **way)
    shipments.receive(services, made.id, journey(codes, NOW - timedelta(days=days_ago)))
    return made.id


@pytest.fixture(scope="module")
def listing(shop: Shop) -> str:
    """Return the id of a listing that its first shop sells."""
    services = shop.extensions["shopkit"]
    given = {"key": "pla-parcels", "title": "Playera", "variants": ({"sku": "PLA-M", "stock": 9},)}
    return listings.create_listing(services, command_actor(services, demo.SLUG), Listing.model_validate(given)).id


@pytest.fixture
def client(shop: Shop) -> FlaskClient:
    """Return Ana's browser."""
    return browser(shop, shop.extensions["shopkit"], "ana")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ["Held (1)", "Late (1)", "Silent (1)", "Delivered (1)", "Held by import customs", "2 days late", "posted"],
        ),
        (
            "es",
            [
                "Retenidos (1)",
                "Entregados (1)",
                "Atrasados (1)",
                "En silencio (1)",
                "Retenido por la aduana de entrada",
                "2 días de atraso",
            ],
        ),
        (
            "pt",
            [
                "Retidos (1)",
                "Entregues (1)",
                "Atrasados (1)",
                "Em silêncio (1)",
                "Retido pela alfândega de entrada",
                "2 dias de atraso",
            ],
        ),
    ],
)
def test_the_board_says_what_is_to_be_looked_at(client: FlaskClient, language: str, words: list[str]) -> None:
    """Counts of each view, and of a parcel its headline, that it is late, and where it goes."""
    page = text_of(client.get(f"/shipments?view=held&lang={language}").get_data(as_text=True))

    assert [word for word in words if word not in page] == []


def test_a_parcel_is_shown_with_what_was_told_and_in_whose_words(client: FlaskClient) -> None:
    """Newest first, the carrier's own words as text and never as markup, the reason of customs where it is known."""
    board = client.get("/shipments?view=held&lang=en").get_data(as_text=True)
    address = board.partition('<ul class="cards" id="shipments">')[2].partition('href="')[2].partition('"')[0]
    raw = client.get(address).get_data(as_text=True)
    page = text_of(raw)

    assert "Customs asks for proof of what was paid, such as the invoice." in page
    assert "&lt;i&gt;Retenido&lt;/i&gt;" in raw
    assert "<b>Ángeles" not in raw
    assert page.index("Held by import customs.") < page.index("Arrived in the country of destination.")


def test_who_is_asked_is_said_and_can_be_asked_again(client: FlaskClient, shop: Shop) -> None:
    """Nobody, until a provider is connected; then the provider, and a button to ask now."""
    services: Services = shop.extensions["shopkit"]
    serial = "11000007"
    made = post(services, f"EE{serial}{s10.check_digit(serial)}MX", 1, service="asked")
    before = text_of(client.get(f"/shipments/{made}?lang=en").get_data(as_text=True))
    alone = press(client, made, "resume")
    tracking_accounts.connect(services, command_actor(services, demo.SLUG), "sandbox", {})
    done = press(client, made, "resume")
    after = text_of(client.get(f"/shipments/{made}?lang=en").get_data(as_text=True))

    assert "Nobody is asked about it: no account of yours follows parcels with such a number." in before
    assert (alone, done, press(client, made, "refresh"), press(client, made, "what")) == (422, 303, 303, 404)
    assert "sandbox, the next time at" in after
    assert "Ask now" in after


def press(client: FlaskClient, shipment_id: str, act: str) -> int:
    """Press a button of a parcel's page and return the status."""
    page = client.get(f"/shipments/{shipment_id}").get_data(as_text=True)
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    return client.post(f"/shipments/{shipment_id}/{act}", data={"csrf_token": token}).status_code


def test_lanes_show_what_was_promised_and_what_it_took(client: FlaskClient) -> None:
    """Of three parcels one arrived, on the day of posting; the one with a promise is overdue."""
    page = text_of(client.get("/shipments/lanes?lang=en").get_data(as_text=True))

    assert "Mexico → United States" in page
    assert "1 / 3" in page
    assert "0 of 1" in page
    assert "0 · 0 · 0" in page


@pytest.mark.parametrize(
    "address", ["/shipments?view=nothing&page=99999999", "/shipments?q=%00<script>", "/shipments?page=x"]
)
def test_an_odd_address_is_answered(client: FlaskClient, address: str) -> None:
    """What is no view, no page or no number is the board with what there is."""
    assert client.get(address).status_code == 200


def test_a_parcel_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    """Whatever its name."""
    assert client.get("/shipments/sh_00000000000000000000000000").status_code == 404


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "is noted as arrived, but the carrier does not say that this parcel was delivered."),
        ("es", "está anotado como llegado, pero el transportista no dice que este paquete se haya entregado."),
        ("pt", "está anotado como chegado, mas a transportadora não diz que este pacote foi entregue."),
    ],
)
def test_a_seller_and_a_carrier_who_disagree_are_told_on_both_pages(
    shop: Shop, listing: str, language: str, said: str
) -> None:
    """The order is noted as arrived, its parcel is on its way: in plain words beside the parcel and on the order."""
    services: Services = shop.extensions["shopkit"]
    actor = command_actor(services, demo.SLUG)
    made = order(services, actor, listing, f"arrived-{language}")
    paid(services, made.id)
    order_acts.pack_all(services, actor, made.id)
    order_acts.ship(services, actor, made.id, carrier="Correos de México", tracking=fresh_number())
    parcel = shipments.of_order(services, actor, made.id)[0]
    shipments.receive(services, parcel.id, journey(("EMA", "EMC")))
    ana = browser(shop, services, "ana")
    before = ana.get(f"/orders/{made.id}?lang={language}").text + ana.get(f"/shipments/{parcel.id}").text
    order_acts.deliver(services, actor, made.id)
    pages = [ana.get(f"{one}?lang={language}").text for one in (f"/orders/{made.id}", f"/shipments/{parcel.id}")]

    assert said not in before
    assert [f"#{made.number} {said}" in text_of(page) for page in pages] == [True, True]
