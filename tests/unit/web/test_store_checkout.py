"""Cart and checkout: what is put aside, what it comes to at an address, and one order of it, whatever is pressed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from shopkit.app import services_of
from shopkit.models import Cart, StoredOrder, StoredQuote, StoredVariant
from shopkit.orders import Event
from shopkit.services import addresses, campaign_links, campaign_results, companies, demo, orders, stores
from shopkit.services.checkouts import price_basket
from shopkit.services.store_baskets import Line
from shopkit.services.store_shelf import Shelf
from tests.campaigns import planned
from tests.shop import NOW, open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from shopkit.app import Shop
    from shopkit.services.orders import Order

AT = "/s/demo/us/es"
CUP = f"{AT}/p/taza-peltre/taza-de-peltre-personalizada-350-ml"
HOME = {
    "name": "Elena Ríos",
    "email": "elena@correo.example",
    "phone": "+1 213 555 0100",
    "line1": "742 Evergreen Terrace",
    "city": "Los Angeles",
    "region": "CA",
    "postal_code": "90012",
}


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a shop of the demonstration."""
    made = open_demo(tmp_path_factory.mktemp("shop"))
    yield made
    services_of(made).database.dispose()


def put(client: FlaskClient, sku: str = "TAZ-AZU", **more: str) -> None:
    """Put a cup aside."""
    answer = client.post(f"{AT}/cart", data={"do": "put", "key": "taza-peltre", "sku": sku} | more)
    assert answer.status_code == 303


def agreed(client: FlaskClient, **more: str) -> dict[str, str]:
    """Return the form of somebody who has seen the total at their address."""
    page = client.post(f"{AT}/checkout", data=HOME | more | {"do": "review"})
    found = re.search(r'name="agreed" value="([^"]+)"', page.text)
    assert (page.status_code, found is not None) == (200, True)
    return HOME | more | {"do": "place", "agreed": found[1] if found else ""}


def placed(shop: Shop) -> list[Order]:
    """Return every order there is."""
    with services_of(shop).database.reading() as session:
        ids = session.scalars(select(StoredOrder.id).order_by(StoredOrder.number)).all()
    return [orders.see(services_of(shop), one) for one in ids]


def test_a_buyer_orders_what_was_put_aside(shop: Shop) -> None:
    """The order holds the goods with what is written on them, the quote at the address, and what the page said."""
    client = shop.test_client()
    put(client, quantity="2", **{"written-0": "Lucía", "written-1": "Cursiva"})
    cart = client.get(f"{AT}/cart").text
    form = agreed(client)
    done = client.post(f"{AT}/checkout", data=form)
    page = client.get(done.headers["Location"])
    (order,) = placed(shop)

    assert "2 × " not in cart
    assert [(one.title, one.quantity, one.total.text) for one in order.lines] == [
        ("Taza de peltre personalizada, 350 ml · Azul · Nombre: Lucía; Tipografía: Cursiva", 2, "30.00")
    ]
    assert (order.terms, order.locale, order.state.status) == ("DDP", "es-US", "awaiting_payment")
    assert order.request["destination"] == {"country": "US", "region": "CA", "postal_code": "90012"}
    assert order.buyer.address["line1"] == "742 Evergreen Terrace"
    assert (done.status_code, page.status_code, page.headers["Cache-Control"]) == (303, 200, "private, no-store")
    assert f"USD\xa0{order.totals.total.text}" in page.text
    assert "Esperando tu pago" in page.text
    with services_of(shop).database.reading() as session:
        assert session.get(StoredQuote, order.quote_id) is not None


def test_page_and_order_ask_the_same(shop: Shop) -> None:
    """What a product's page calls the price at the door is what an order of one piece asks, in every market."""
    of = services_of(shop)
    store = stores.find_store(of, demo.SLUG)
    for opening in store.openings:
        with of.database.reading() as session:
            product = Shelf(of, session, store, opening, opening.languages[0]).by_key("taza-peltre")
        assert product is not None
        variant = product.variant("TAZ-AZU")
        basket = price_basket(of, store, opening, opening.languages[0], [Line(product.id, "TAZ-AZU", 1, {})], {})

        assert variant is not None
        assert basket.totals is not None
        assert (variant["pay"], variant["shipping"]) == (basket.totals.total.text, basket.totals.freight.text)


def test_two_presses_are_one_order(shop: Shop) -> None:
    """A double click, the back button and another tab all lead to the order there is."""
    client = shop.test_client()
    put(client)
    form = agreed(client)
    answers = [client.post(f"{AT}/checkout", data=form) for _ in range(2)]
    answers += [client.get(f"{AT}/checkout"), client.post(f"{AT}/checkout", data=HOME | {"do": "review"})]

    assert len({one.headers["Location"] for one in answers}) == 1
    assert [one.status_code for one in answers] == [303] * 4
    assert len(placed(shop)) == 1


def test_a_process_that_dies_after_the_order_leaves_one_order(shop: Shop) -> None:
    """The cart does not know of its order yet: pressing again finds it, even with another address."""
    client = shop.test_client()
    put(client)
    form = agreed(client)
    first = client.post(f"{AT}/checkout", data=form).headers["Location"]
    with services_of(shop).database.writing.begin() as session:
        session.execute(update(Cart).values(order_id=None))
    again = client.post(f"{AT}/checkout", data=form).headers["Location"]
    with services_of(shop).database.writing.begin() as session:
        session.execute(update(Cart).values(order_id=None))
    other = client.post(f"{AT}/checkout", data=agreed(client, line1="1 Other Street")).headers["Location"]

    assert {first, again, other} == {first}
    assert len(placed(shop)) == 1


def test_after_an_order_a_new_cart_begins(shop: Shop) -> None:
    """What is put aside next is another order."""
    client = shop.test_client()
    for sku in ("TAZ-AZU", "TAZ-ROJ"):
        put(client, sku)
        client.post(f"{AT}/checkout", data=agreed(client))

    assert [[one.sku for one in order.lines] for order in placed(shop)] == [["TAZ-AZU"], ["TAZ-ROJ"]]


def test_a_total_that_changed_is_shown_before_it_is_ordered(shop: Shop) -> None:
    """Another tab added a piece after the total was seen: 409 with the new one, and no order until it is agreed to."""
    client = shop.test_client()
    put(client)
    form = agreed(client)
    put(client)
    changed = client.post(f"{AT}/checkout", data=form)

    assert changed.status_code == 409
    assert "El total es otro que antes" in changed.text
    assert placed(shop) == []
    assert client.post(f"{AT}/checkout", data=agreed(client)).status_code == 303


def test_the_last_piece_is_sold_once(shop: Shop) -> None:
    """Of two buyers who agreed to the total, one gets it, the other is told."""
    of = services_of(shop)
    with of.database.writing.begin() as session:
        session.execute(update(StoredVariant).where(StoredVariant.sku == "TAZ-AZU").values(stock=1))
    buyers = [shop.test_client() for _ in range(2)]
    forms = []
    for client in buyers:
        put(client)
        forms.append(agreed(client))
    answers = [client.post(f"{AT}/checkout", data=form) for client, form in zip(buyers, forms, strict=True)]

    assert [one.status_code for one in answers] == [303, 409]
    assert len(placed(shop)) == 1


def test_the_campaign_that_brought_a_buyer_stands_in_the_order(shop: Shop) -> None:
    """The code goes from the link through the pages into the order; its campaign tells of click, order and money."""
    of = services_of(shop)
    who = companies.command_actor(of, demo.SLUG)
    campaign = planned(of, who)
    (link,) = campaign_links.make_links(of, who, campaign.id, f"http://localhost{CUP}", ["whatsapp"])
    client, stranger = shop.test_client(), shop.test_client()
    led = client.get(f"/c/{link.code}").headers["Location"].removeprefix("http://localhost")
    page = client.get(led).text
    found = re.search(r'name="utm_id" value="([^"]+)"', page)
    put(client, utm_id=found[1] if found else "")
    put(stranger, utm_id="zzzzzzzz")
    for one in (client, stranger):
        one.post(f"{AT}/checkout", data=agreed(one))

    brought, other = placed(shop)
    due = brought.totals.total
    orders.add(of, brought.id, Event("payment_received", NOW, "seller", "transfer:1", due, payment="transfer"))

    assert (brought.campaign_code, other.campaign_code) == (link.code, None)
    assert [one for _, one in campaign_results.results(of, who, campaign.id).links] == [
        campaign_results.Brought(follows=1, orders=1, paid=1, money=(due,))
    ]


def test_a_wrong_address_is_told_by_its_fields(shop: Shop) -> None:
    """Nothing that was typed is lost."""
    client = shop.test_client()
    put(client)
    wrong = HOME | {"postal_code": "9001", "email": "elena", "city": "", "do": "review"}
    page = client.post(f"{AT}/checkout", data=wrong)

    assert page.status_code == 422
    assert re.findall(r'<p class="wrong" id="([a-z_]+)-error">', page.text) == ["postal_code", "city", "email"]
    assert 'value="742 Evergreen Terrace"' in page.text


def test_an_order_is_opened_by_its_link_alone(shop: Shop) -> None:
    """Another mark, another store's address and a made up id open nothing."""
    client = shop.test_client()
    put(client)
    address = client.post(f"{AT}/checkout", data=agreed(client)).headers["Location"]
    name = address.rpartition("/")[2]
    stranger = shop.test_client()
    asked = [address, f"{AT}/orders/{name[:-1]}x", f"{AT}/orders/{name.partition('-')[0]}", f"{AT}/orders/o_1-é"]

    assert [stranger.get(one).status_code for one in asked] == [200, 404, 404, 404]


def test_a_form_of_another_site_changes_nothing(shop: Shop) -> None:
    """A browser says where a form comes from."""
    client = shop.test_client()
    answer = client.post(f"{AT}/cart", data={"do": "put"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (400, [])


def test_a_cart_is_changed_and_emptied(shop: Shop) -> None:
    """More of the same is one line; none takes it out; what is not for sale is not put in."""
    client = shop.test_client()
    put(client)
    put(client, quantity="3")
    put(client, "no-such-cup")
    line = re.search(r'name="line" value="([^"]+)"', client.get(f"{AT}/cart").text)
    assert line is not None
    with services_of(shop).database.reading() as session:
        held = session.scalars(select(Cart)).one().lines
    client.post(f"{AT}/cart", data={"line": line[1], "quantity": "0"})

    assert [(one["sku"], one["quantity"]) for one in held] == [("TAZ-AZU", 4)]
    assert "Tu carrito está vacío." in client.get(f"{AT}/cart").text
    assert client.get(f"{AT}/checkout").headers["Location"] == f"{AT}/cart"


def test_who_only_reads_leaves_no_cart(shop: Shop) -> None:
    """Looking at products and at an empty cart writes nothing."""
    client = shop.test_client()
    answers = [client.get(one) for one in (f"{AT}/", CUP, f"{AT}/cart")]
    with services_of(shop).database.reading() as session:
        count = session.scalar(select(func.count()).select_from(Cart))

    assert [one.headers.getlist("Set-Cookie") for one in answers] == [[], [], []]
    assert count == 0


FITTING: dict[str, Any] = {"name": "A", "email": "a@b.example", "line1": "x", "city": "y"}


@pytest.mark.parametrize(
    ("country", "more", "wrong"),
    [
        ("US", {"region": "CA", "postal_code": "90012-1234"}, []),
        ("US", {"region": "", "postal_code": "9001"}, [("/region", "required"), ("/postal_code", "address.postal")]),
        ("BR", {"region": "SP", "postal_code": "01310100", "tax_id": "529.982.247-25"}, []),
        (
            "BR",
            {"region": "SP", "postal_code": "01310-100", "tax_id": "529.982.247-26"},
            [("/tax_id", "address.tax_id")],
        ),
        ("CA", {"region": "ON", "postal_code": "m5v 2t6"}, []),
        ("CL", {}, []),
        ("CL", {"email": "a", "line2": "x" * 121}, [("/email", "address.email"), ("/line2", "text.too_long")]),
    ],
)
def test_an_address_is_asked_for_as_its_country_writes_it(
    country: str, more: dict[str, str], wrong: list[tuple[str, str]]
) -> None:
    """Codes by their form, regions where they settle taxes, a tax number where customs asks for one."""
    found = addresses.problems(country, addresses.tidy(FITTING | more))

    assert [(one.pointer, one.code) for one in found] == wrong


@given(
    st.dictionaries(st.sampled_from(list(addresses.LIMITS)), st.text(max_size=300)), st.sampled_from(["US", "BR", "CL"])
)
def test_whatever_is_typed_is_told_or_taken(typed: dict[str, str], country: str) -> None:
    """No text of an address is an error of ours."""
    tidy = addresses.tidy(typed)

    assert set(tidy) == set(addresses.LIMITS)
    assert all(one.pointer.removeprefix("/") in tidy for one in addresses.problems(country, tidy))
