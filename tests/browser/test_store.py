"""Buying in a browser: from a store's page to the provider's and back, and what the seller may do meanwhile.

The provider is the twin of Stripe, a server of its own; its messages come to the shop over HTTP, signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import select

from landed_cost.freight import ILLUSTRATIVE
from shopkit.app import services_of
from shopkit.models import StoredOrder
from shopkit.services import companies, demo, listings, orders, payment_accounts, stores, webhooks
from shopkit.services.listing_reading import read_listing
from tests.browser.test_dashboard import enter
from tests.shop import NOW, listening, open_demo
from tests.twins.stripe import Twin, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.orders import Order

SEAL: Final = "A" * 43 + "="
SECRET: Final = "whsec_planted_secret"
# A shop outside Mexico that sells there: a book in Spanish, of a house in Brazil.
ABROAD: Final = "editoras-brasil"
BOOK: Final[dict[str, Any]] = {
    "key": "animales-del-manglar",
    "title": "Animales del manglar, libro ilustrado",
    "language": "es",
    "status": "active",
    "description": "Treinta y dos páginas con cangrejos, garzas y un caimán tímido. Para leer en compañía.",
    "hs_code": "490199",
    "origin": "BR",
    "weight": {"value": "420", "unit": "g"},
    "dimensions": {"length": "24", "width": "20", "height": "1"},
    "price": {"price": {"amount": "62.00", "currency": "BRL"}},
    "variants": [{"sku": "MAR-AM-01", "stock": 3}],
    "markets": [{"market": "MX", "price": {"amount": "249.00", "currency": "MXN"}}],
}


@dataclass(frozen=True, slots=True)
class Street:
    """A shop that listens, and the provider that its sellers are paid at."""

    services: Services
    twin: Twin
    address: str

    def orders(self, slug: str) -> list[Order]:
        """Return the orders of a seller that were placed in its store, oldest first."""
        query = select(StoredOrder.id).where(StoredOrder.seller_id == self.actor(slug).seller_id)
        with self.services.database.reading() as session:
            ids = session.scalars(query.where(StoredOrder.key.like("cart:%")).order_by(StoredOrder.number)).all()
        return [orders.see(self.services, one) for one in ids]

    def actor(self, slug: str) -> Actor:
        """Return the seller of a store."""
        return companies.command_actor(self.services, slug)

    def told(self) -> None:
        """Let the provider's messages come in and be handled."""
        self.twin.control("deliver")
        webhooks.work(self.services)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """Return a demonstration whose sellers are paid at the twin: one in the United States, one in Mexico."""
    app = open_demo(tmp_path_factory.mktemp("street"), secret_keys=(SEAL,))
    services = services_of(app)
    with serving(start=int(NOW.timestamp())) as twin, listening(app) as address:
        twin.world.webhooks.signed_at = lambda: int(NOW.timestamp())
        found = Street(services, twin, address)
        for slug, country in ((demo.SLUG, "US"), (ABROAD, "MX")):
            _is_paid_at(found, slug, country)
        _sells_in_mexico(services, found.actor(ABROAD))
        yield found


def _is_paid_at(street: Street, slug: str, country: str) -> None:
    key = f"sk_test_{country}_shop"
    account = payment_accounts.create(
        street.services,
        street.actor(slug),
        "stripe",
        country=country,
        is_live=False,
        secrets={"key": key},
        signing=[SECRET],
        options={"api_base": street.twin.url},
    )
    street.twin.control("endpoint", key=key, url=f"{street.address}/webhooks/stripe/{account.id}", secret=SECRET)


def _sells_in_mexico(services: Services, actor: Actor) -> None:
    listings.create_listing(services, actor, read_listing(BOOK))
    opening = stores.Opening("MX", ("es",), "DDP", "likely", ILLUSTRATIVE, "express", 60)
    stores.save_store(services, actor, stores.Said("editoras", is_open=True, openings=(opening,)), 0)


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], street: Street) -> dict[str, Any]:
    """Stand in that street."""
    return {**browser_context_args, "base_url": street.address}


def check_out(page: Page, **address: str) -> None:
    """Put what is shown into the cart, and order it to an address."""
    page.locator("form.put button").click()
    page.locator("a.button").click()
    for name, text in address.items():
        cell = page.locator(f"[name={name}]")
        if cell.evaluate("one => one.tagName") == "SELECT":
            cell.select_option(text)
        else:
            cell.fill(text)
    page.locator("form.ask button[type=submit]").click()
    page.locator("button[value=place]").click()


def choose(page: Page, method: str) -> None:
    """Choose a way to pay, and go to the provider's page."""
    page.locator(f"input[name=method][value='{method}']").check()
    page.locator("form:has(.ways) button").click()
    page.wait_for_url("**/c/pay/**")


@pytest.mark.parametrize("language", ["es"])
@pytest.mark.usefixtures("language")
def test_a_buyer_in_the_united_states_pays_by_card(page: Page, street: Street) -> None:
    """From the shelf in Spanish to the provider's page and back; the message makes the order paid, its page says so."""
    page.goto("/s/demo/us/es/")
    page.get_by_role("link", name="Taza de peltre").click()
    promised = page.locator(".door-figure data").get_attribute("value")
    check_out(
        page,
        name="Elena Ríos",
        email="elena@correo.example",
        line1="742 Evergreen Terrace",
        city="Los Angeles",
        region="CA",
        postal_code="90012",
    )
    link = page.url
    waiting = page.locator("h1").inner_text()
    choose(page, "stripe/card")
    asked = page.locator("h1").inner_text()
    (before,) = street.orders(demo.SLUG)
    page.get_by_role("button", name="Pay", exact=True).click()
    page.wait_for_url("**/orders/**")
    street.told()
    page.goto(link)
    (order,) = street.orders(demo.SLUG)

    assert (waiting, before.state.status) == ("Esperando tu pago", "awaiting_payment")
    assert asked == f"Pay {order.totals.total.text} USD"
    assert promised == order.totals.total.text
    assert (page.locator("h1").inner_text(), order.state.status) == ("Pagado", "paid")
    assert (order.locale, order.state.received) == ("es-US", order.totals.total.minor)
    assert [one.kind for one in order.events] == ["placed", "payment_started", "payment_received"]
    assert {one.state for one in webhooks.messages(street.services, street.actor(demo.SLUG))} == {"handled"}
    assert street.twin.requests("POST", "/v1/checkout/sessions")[0]["status"] == 200


@pytest.mark.parametrize("language", ["es"])
@pytest.mark.usefixtures("language")
def test_cash_at_oxxo_ships_once_it_is_paid(page: Page, street: Street) -> None:
    """A voucher in pesos: its number and its end in the time of Mexico; unpaid nothing can be sent, paid it is sent."""
    page.goto("/s/editoras/mx/es/")
    page.get_by_role("link", name="Animales del manglar").click()
    check_out(
        page,
        name="Ana Compradora",
        email="ana@correo.example",
        line1="Avenida Reforma 12",
        city="Puebla",
        region="PUE",
        postal_code="72000",
    )
    link = page.url
    choose(page, "stripe/oxxo")
    page.get_by_role("button", name="Pay by oxxo").click()
    page.wait_for_url("**/voucher/**")
    voucher = page.url
    intent = street.twin.world.things[voucher.rpartition("/")[2]]
    number = intent["next_action"]["oxxo_display_details"]["number"]
    page.get_by_role("link", name="Back to the shop").click()
    page.wait_for_url("**/orders/**")
    shown = page.locator("main").inner_text()
    street.told()
    (unpaid,) = street.orders(ABROAD)

    enter(page, ABROAD)
    page.goto(f"/orders/{unpaid.id}")
    board = page.locator("main").inner_text()
    buttons = page.get_by_role("button", name="Empacar").count() + page.get_by_role("button", name="Se envió").count()
    page.goto(voucher)
    page.get_by_role("button", name="Pay it").click()
    street.told()
    page.goto(f"/orders/{unpaid.id}")
    page.get_by_role("button", name="Empacar").click()
    page.get_by_role("button", name="Se envió").click()
    page.get_by_text("Pagado · enviado").wait_for()
    (sent,) = street.orders(ABROAD)
    page.goto(link)

    assert number in shown
    assert "hasta el 26 de noviembre de 2026, 23:59 (CST)" in shown
    assert (unpaid.currency, unpaid.state.status, unpaid.state.received) == ("MXN", "pending", 0)
    assert "Nada se envía antes de que esté pagado del todo." in board
    assert buttons == 0
    assert (sent.state.status, sent.state.fulfilment, sent.state.received) == (
        "paid",
        "shipped",
        sent.totals.total.minor,
    )
    assert (page.locator("h1").inner_text(), page.locator(".stage").inner_text()) == ("Pagado", "En camino")
