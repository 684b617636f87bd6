"""The dashboard's pages: what they show, who may change what, and what is said of a wrong form."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest

from shopkit.app import services_of
from shopkit.services import companies, goals, plans, sales
from shopkit.services import listings as listings_
from shopkit.services.demo import PASSWORD
from tests.dashboards import furnish
from tests.shop import open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop
    from shopkit.services.actors import Actor

OWN = ("ana", "luis", "rosa")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a shop of the demonstration that has a past."""
    made = open_demo(tmp_path_factory.mktemp("shop"))
    furnish(services_of(made))
    yield made
    services_of(made).database.dispose()


@pytest.fixture
def who(shop: Shop) -> Actor:
    """Return who acts for the shop with the past."""
    return companies.command_actor(services_of(shop), "demo")


def enter(shop: Shop, name: str) -> FlaskClient:
    """Return the browser of somebody who is signed in."""
    client = shop.test_client()
    fields = {"csrf_token": token(client, "/sign-in"), "email": f"{name}@demo.example", "password": PASSWORD}
    answer = client.post("/sign-in", data=fields)
    assert answer.headers["Location"] == "/dashboard"
    return client


def token(client: FlaskClient, address: str) -> str:
    """Return the token of the forms on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)
    assert found is not None, address
    return found[1]


def send(client: FlaskClient, address: str, **fields: str) -> int:
    """Send a form with the token of the page and return the status."""
    given = {"csrf_token": token(client, "/dashboard")} | fields
    return client.post(address, data=given).status_code


def forms(shop: Shop, who: Actor) -> dict[str, dict[str, str]]:
    """Return every form of the dashboard with fields that would be taken."""
    of = services_of(shop)
    goal = next(one for one in goals.goals(of, who) if one.kind == "trial")
    (made,) = sales.imports(of, who)
    days = {"starts_on": "2026-11-01", "ends_on": "2026-12-31"}
    return {
        "/dashboard/markets": {"market": "US"},
        "/dashboard/first-steps": {"do": "dismiss"},
        "/dashboard/goals": {"kind": "goal", "market": "US", "amount": "10"} | days,
        f"/dashboard/goals/{goal.id}": {"do": "remove"},
        f"/dashboard/sales/{made.id}/undo": {},
        "/dashboard/sales": {},
        "/dashboard/assessment": {"product.proven": "no"},
    }


def pages(shop: Shop, who: Actor) -> tuple[str, ...]:
    """Return every page of the dashboard."""
    (kept, *_) = listings_.find_listings(services_of(shop), who).listings
    return "/dashboard", f"/dashboard/products/{kept.id}", "/dashboard/assessment"


def kept(shop: Shop, who: Actor) -> object:
    """Return everything that the forms could change."""
    of = services_of(shop)
    return plans.get_plan(of, who), goals.goals(of, who), sales.sales_of(of, who, "MXN")


def test_nobody_is_sent_to_sign_in(shop: Shop, who: Actor) -> None:
    """A page leads to the sign-in page and back; a form of nobody's is 401."""
    client = shop.test_client()

    for page in pages(shop, who):
        answer = client.get(page)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in?next={page}")
    assert {client.post(address, data=fields).status_code for address, fields in forms(shop, who).items()} == {401}


def test_a_viewer_looks_and_changes_nothing(shop: Shop, who: Actor) -> None:
    """Every page is there without its forms, every form is 403, and all is as it was."""
    client, before = enter(shop, "rosa"), kept(shop, who)

    for page in pages(shop, who):
        answer = client.get(page)
        assert answer.status_code == 200
        assert 'action="/dashboard' not in answer.text or page.endswith("assessment")
    for address, fields in forms(shop, who).items():
        assert send(client, address, **fields) == 403, address
    assert kept(shop, who) == before


def test_another_seller_finds_nothing(shop: Shop, who: Actor) -> None:
    """The ids of another's listing, goal and import are not there, and nothing of it is shown or changed."""
    client, before = enter(shop, "martha"), kept(shop, who)
    board, product, _ = pages(shop, who)

    assert client.get(product).status_code == 404
    assert "Taza" not in client.get(board).text
    for address, fields in forms(shop, who).items():
        if "goals/" in address or address.endswith("/undo"):
            assert send(client, address, **fields) == 404, address
    assert kept(shop, who) == before


def test_a_form_from_elsewhere_is_refused(shop: Shop, who: Actor) -> None:
    """Without the token of our page nothing is changed, whoever is signed in."""
    client, before = enter(shop, "ana"), kept(shop, who)

    for address, fields in forms(shop, who).items():
        assert client.post(address, data=fields).status_code == 400, address
    assert kept(shop, who) == before


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ("Qué se vende y dónde", "se enfrió", "más callado que de costumbre", "Prueba: Chile")),
        ("pt", ("O que vende e onde", "esfriou", "mais calado que o costume", "Teste: Chile")),
        ("en", ("What sells where", "gone cold", "quieter than usual", "Trial: Chile")),
    ],
)
def test_the_board_speaks_the_readers_language(shop: Shop, language: str, words: tuple[str, ...]) -> None:
    """Markets, rhythms and trials in words; every sentence of ours is translated."""
    text = enter(shop, "luis").get(f"/dashboard?lang={language}").text

    assert [one for one in words if one not in text] == []


def test_a_fresh_shop_is_told_that_nothing_was_sold(shop: Shop) -> None:
    """No bar, no figure: the sentence, and the form that brings past sales in."""
    text = enter(shop, "diego").get("/dashboard?lang=en").text

    assert "Nothing was sold yet, as far as this shop knows" in text
    assert "File of past sales" in text
    assert "HHI" not in text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "trial", "market": "*"}, "A trial is of one market"),
        ({"amount": ""}, "Write an amount above nothing."),
        ({"amount": "-5"}, "is not a number"),
        ({"amount": "1.250"}, "can be read in two ways"),
        ({"amount": "0"}, "Write an amount above nothing."),
        ({"amount": "10.00001"}, "more decimals than the currency has"),
        ({"amount": "99999999999999"}, "Write an amount above nothing."),
        ({"market": "XX"}, "Choose a market."),
        ({"ends_on": "31/12/2026"}, "Write a day, like 2026-12-31."),
        ({"ends_on": "2026-10-01"}, "The last day is before the first."),
        ({"kind": "<b>"}, "Choose a goal or a trial."),
    ],
)
def test_a_wrong_goal_is_shown_again(shop: Shop, who: Actor, fields: dict[str, str], wrong: str) -> None:
    """What was typed stays, what is wrong is said, nothing is kept."""
    client, before = enter(shop, "ana"), kept(shop, who)
    client.get("/dashboard?lang=en")
    given = {"kind": "goal", "market": "US", "amount": "10", "starts_on": "2026-11-01", "ends_on": "2026-12-31"}

    answer = client.post("/dashboard/goals", data={"csrf_token": token(client, "/dashboard")} | given | fields)

    assert answer.status_code == 422
    assert wrong in answer.text
    assert kept(shop, who) == before


def test_a_goal_is_set_removed_and_brought_back(shop: Shop, who: Actor) -> None:
    """An editor sets one, spends on a trial, removes it, and undoes that."""
    client, of = enter(shop, "luis"), services_of(shop)
    days = {"starts_on": "2026-11-01", "ends_on": "2026-12-31"}

    assert send(client, "/dashboard/goals", kind="trial", market="PE", amount="1500,50", **days) == 303
    (made,) = [one for one in goals.goals(of, who) if one.market == "PE"]
    assert (made.kind, made.amount, made.currency) == ("trial", 150_050, "MXN")
    address = f"/dashboard/goals/{made.id}"
    assert send(client, address, do="spend", spent="200", sign="more") == 303
    assert send(client, address, do="spend", spent="50", sign="less") == 303
    assert send(client, address, do="spend", spent="151", sign="less") == 422
    assert send(client, address, do="nothing") == 400
    assert [one.spent for one in goals.goals(of, who) if one.id == made.id] == [15_000]
    assert send(client, address, do="remove") == 303
    assert made.id not in {one.id for one in goals.goals(of, who)}
    assert send(client, address, do="restore") == 303
    assert made.id in {one.id for one in goals.goals(of, who)}
    assert send(client, address, do="remove") == 303


def test_more_than_ten_markets_are_refused(shop: Shop, who: Actor) -> None:
    """Eleven are told, and one that is not covered is no form of ours."""
    client, before = enter(shop, "ana"), plans.get_plan(services_of(shop), who)
    sent = token(client, "/dashboard")
    many = sorted(services_of(shop).rulebook.destinations)[:11]

    assert client.post("/dashboard/markets", data={"csrf_token": sent, "market": many}).status_code == 422
    assert client.post("/dashboard/markets", data={"csrf_token": sent, "market": "JP"}).status_code == 400
    assert plans.get_plan(services_of(shop), who) == before


def test_a_product_opens_its_reasons(shop: Shop, who: Actor) -> None:
    """Every covered destination but home, what is missing in words, and the parts of its score."""
    client = enter(shop, "rosa")
    found = listings_.find_listings(services_of(shop), who, text="taza").listings[0]

    text = client.get(f"/dashboard/products/{found.id}?lang=en").text

    assert text.count("<h3>") >= len(services_of(shop).rulebook.destinations) - 1
    assert "What is missing" in text
    assert "of the price on top" in text


def bring(client: FlaskClient, data: bytes) -> TestResponse:
    """Send a file of past sales by the form of the dashboard."""
    given = {"csrf_token": token(client, "/dashboard"), "sales": (io.BytesIO(data), "por-la-pagina.csv")}
    return client.post("/dashboard/sales", data=given, headers={"Accept-Language": "es"})


def test_past_sales_come_in_by_the_page(shop: Shop, who: Actor) -> None:
    """The maker sends the file, and the board counts it; the same again brings nothing."""
    client = enter(shop, "ana")
    data = b"order,market,listing,date,quantity,value,currency\n9901,PE,taza-peltre,2026-11-01,2,498.00,MXN\n"

    first, again = bring(client, data), bring(client, data)

    assert [one.headers["Location"] for one in (first, again)] == [
        "/dashboard?brought=1#sold",
        "/dashboard?brought=0#sold",
    ]
    assert "One line was brought in." in client.get("/dashboard?brought=1&lang=en").text
    made = next(one for one in sales.imports(services_of(shop), who) if one.file_name == "por-la-pagina.csv")
    assert sales.undo_import(services_of(shop), who, made.id) == 1


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "La tabla no está completa."),
        (b"order,market\n1,US\n", "La tabla no está completa."),
        (
            b"order,market,listing,date,quantity,value,currency\n1,US,nada,ayer,2,9.00,MXN\n",
            "Fila 2, date: Escribe el día en que se pagó",
        ),
        ("order,market,listing,date\n1,US,ñ,2026-01-01\n".encode("latin-1"), "El archivo no es UTF-8."),
    ],
    ids=["empty", "columns", "cells", "latin-1"],
)
def test_a_file_of_sales_that_does_not_fit_says_what_to_mend(shop: Shop, data: bytes, text: str) -> None:
    """By row and column, in the language of the page, and nothing is kept."""
    answer = bring(enter(shop, "ana"), data)

    assert answer.status_code == 422
    assert text in answer.text


def test_a_file_of_sales_that_is_too_large_is_not_read(shop: Shop) -> None:
    """It is told by what it claims to weigh."""
    client = enter(shop, "ana")
    large = {"CONTENT_LENGTH": str(200 << 20)}

    answer = client.post("/dashboard/sales", environ_overrides=large, headers={"Accept-Language": "es"})

    assert (answer.status_code, "El archivo pasa de 10 MB." in answer.text) == (422, True)
