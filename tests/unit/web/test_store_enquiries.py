"""Enquiries and firm quotes: asked without an account, answered with a price that is stood by, ordered by its link."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from shopkit.app import services_of
from shopkit.models import Enquiry, FirmQuote, StoredOrder
from shopkit.services import companies, demo, enquiries, firm_quotes, listings, orders
from tests.shop import open_demo
from tests.unit.web.test_dashboard import enter, token
from tests.unit.web.test_store_checkout import AT, HOME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.app import Shop
    from shopkit.services.actors import Actor

ASKED = {
    "name": "Elena",
    "email": "elena@correo.example",
    "message": "¿Cuarenta tazas para una boda?",
    "key": "taza-peltre",
}


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a shop of the demonstration."""
    made = open_demo(tmp_path_factory.mktemp("shop"))
    yield made
    services_of(made).database.dispose()


@pytest.fixture
def who(shop: Shop) -> Actor:
    """Return who acts for the shop of Toluca."""
    return companies.command_actor(services_of(shop), demo.SLUG)


def ask(shop: Shop, who: Actor) -> str:
    """Ask for forty cups and return the enquiry's id."""
    assert shop.test_client().post(f"{AT}/enquiry", data=ASKED).status_code == 303
    return enquiries.enquiries(services_of(shop), who)[0].id


def answer(shop: Shop, who: Actor, enquiry_id: str, **more: str) -> tuple[int, str]:
    """Answer with six cups for twelve dollars each, and return the status and the page."""
    with services_of(shop).database.reading() as session:
        kept = listings.by_key(session, who, "taza-peltre")
    assert kept is not None
    client = enter(shop, "luis")
    address = f"/enquiries/{enquiry_id}"
    fields = {
        "csrf_token": token(client, address),
        "do": "offer",
        "0-goods": f"{kept.id}/TAZ-AZU",
        "0-quantity": "6",
        "0-price": "12,00",
        "region": "CA",
        "postal_code": "90012",
        "until": "2026-12-05",
        "note": "Con el nombre de cada invitado.",
    }
    done = client.post(address, data=fields | more)
    return done.status_code, done.text if done.status_code != 303 else client.get(f"{address}?lang=es").text


def test_an_enquiry_becomes_a_firm_quote_and_the_quote_an_order(shop: Shop, who: Actor) -> None:
    """Asked without an account, answered once, ordered once by its link; the message says price, day and link."""
    of = services_of(shop)
    enquiry_id = ask(shop, who)
    status, page = answer(shop, who, enquiry_id)
    (firm,) = firm_quotes.of_enquiry(of, who, enquiry_id)
    link = f"{AT}/quotes/{firm.id}"
    buyer = shop.test_client()
    shown = buyer.get(link).text
    first, again = (buyer.post(link, data=HOME) for _ in range(2))
    with of.database.reading() as session:
        (order_id,) = session.scalars(select(StoredOrder.id))
    order = orders.see(of, order_id)

    assert status == 303
    total = f"USD\xa0{firm.totals.total.text}"
    assert f"6 × Taza de peltre personalizada, 350 ml\n{total} en tu puerta, todo incluido\n" in page
    assert f"http://localhost{link}</textarea>" in page
    assert '<meta property="og:title" content="Regalos Xinantécatl: Taza de peltre personalizada, 350 ml" />' in shown
    assert "Vale hasta el 5 de diciembre de 2026" in shown
    assert (first.status_code, first.headers["Location"]) == (303, again.headers["Location"])
    assert [(one.quantity, one.total.text) for one in order.lines] == [(6, "72.00")]
    assert order.totals == firm.totals
    assert enquiries.get_enquiry(of, who, enquiry_id).state == "answered"


def test_a_firm_quote_is_a_paper_too(shop: Shop, who: Actor, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The PDF says the total, the last day and the link."""
    enquiry_id = ask(shop, who)
    answer(shop, who, enquiry_id)
    (firm,) = firm_quotes.of_enquiry(services_of(shop), who, enquiry_id)
    file = tmp_path_factory.mktemp("paper") / "quote.pdf"
    file.write_bytes(shop.test_client().get(f"{AT}/quotes/{firm.id}.pdf").data)
    text = re.sub(r"\s+", " ", PdfReader(file).pages[0].extract_text())

    assert "Cotización en firme" in text
    assert f"USD {firm.totals.total.text}" in text
    assert "5 de diciembre de 2026" in text


def test_a_firm_quote_holds_for_its_door_and_its_days(shop: Shop, who: Actor) -> None:
    """Another postal code is told at its field; one that was withdrawn is not there, nor under another store."""
    of = services_of(shop)
    enquiry_id = ask(shop, who)
    answer(shop, who, enquiry_id)
    (firm,) = firm_quotes.of_enquiry(of, who, enquiry_id)
    buyer = shop.test_client()
    other = buyer.post(f"{AT}/quotes/{firm.id}", data=HOME | {"postal_code": "90013"})
    elsewhere = buyer.get(f"/s/demo/us/en/quotes/{firm.id}").status_code
    firm_quotes.withdraw(of, who, firm.id)

    assert (other.status_code, "postal_code-error" in other.text) == (422, True)
    assert (elsewhere, buyer.get(f"{AT}/quotes/{firm.id}").status_code) == (404, 404)


def test_a_firm_quote_that_is_over_is_shown_and_not_ordered(shop: Shop, who: Actor) -> None:
    """Its page says so, and a form that is sent all the same is refused."""
    of = services_of(shop)
    enquiry_id = ask(shop, who)
    answer(shop, who, enquiry_id)
    with of.database.writing.begin() as session:
        row = session.scalars(select(FirmQuote)).one()
        row.expires_at = row.expires_at.replace(month=11, day=22)
        firm_id = row.id
    buyer = shop.test_client()
    page, sent = buyer.get(f"{AT}/quotes/{firm_id}"), buyer.post(f"{AT}/quotes/{firm_id}", data=HOME)

    assert (page.status_code, sent.status_code) == (200, 422)
    assert "Valía hasta el 22 de noviembre de 2026" in page.text
    assert "Pedir por" not in page.text


@pytest.mark.parametrize(
    "more",
    [
        {"0-price": "0"},
        {"0-price": "1.250"},
        {"0-quantity": "0"},
        {"0-goods": ""},
        {"0-goods": "l_nothing/TAZ-AZU"},
        {"until": "2026-11-01"},
        {"until": "2027-12-01"},
        {"until": "soon"},
    ],
)
def test_what_cannot_be_offered_is_told(shop: Shop, who: Actor, more: dict[str, str]) -> None:
    """No price, no pieces, nothing of the shop's, a day that is over or too far: 422, and no quote is kept."""
    enquiry_id = ask(shop, who)
    status, page = answer(shop, who, enquiry_id, **more)

    assert (status, 'id="problems"' in page) == (422, True)
    assert firm_quotes.of_enquiry(services_of(shop), who, enquiry_id) == ()


def test_a_wrong_enquiry_is_told_by_its_fields_and_many_are_refused(shop: Shop) -> None:
    """A way back is needed; nothing is kept of a wrong one; after ten from one connection a pause."""
    client = shop.test_client()
    wrong = client.post(f"{AT}/enquiry", data={"name": "", "message": "x" * 2001})
    found = [client.post(f"{AT}/enquiry", data=ASKED).status_code for _ in range(11)]
    with services_of(shop).database.reading() as session:
        kept = len(session.scalars(select(Enquiry.id)).all())

    assert wrong.status_code == 422
    assert re.findall(r'id="([a-z_]+)-error"', wrong.text) == ["message", "name", "email"]
    assert found == [303] * 10 + [429]
    assert kept == 10
