"""The pages at the door and the settings, through the test client: what they say, refuse, keep and send where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from shopkit.models import Seller
from shopkit.services import audit, demo
from shopkit.services.actors import Actor
from shopkit.web.access import safe_next
from tests import shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop
    from shopkit.services.context import Services

PASSWORD = "tinta y papel amate"
SIGN_UP = {
    "email": "ana@taller.mx",
    "name": "Ana",
    "password": PASSWORD,
    "company": "Taller de Ana",
    "country": "MX",
    "currency": "MXN",
}
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Shop]:
    """Return a shop of one's own, in a demonstration."""
    made = shop.open_shop(tmp_path / "shop", demo=True)
    yield made
    made.extensions["shopkit"].database.dispose()


@pytest.fixture
def services(app: Shop) -> Services:
    """Return its services."""
    found: Services = app.extensions["shopkit"]
    return found


@pytest.fixture
def client(app: Shop) -> FlaskClient:
    """Return a browser without cookies yet."""
    return app.test_client()


def token_of(page: str) -> str:
    """Return the token of the forms of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def send(client: FlaskClient, address: str, to: str | None = None, **fields: Any) -> TestResponse:
    """Open a page, fill its form in and send it."""
    page = client.get(address, headers=ENGLISH).get_data(as_text=True)
    return client.post(to or address, data={"csrf_token": token_of(page)} | fields, headers=ENGLISH)


def link_in_last_letter(services: Services) -> str:
    """Return the path of the link in the last letter."""
    found = re.search(r"http://localhost(/\S+)", shop.letters(services)[-1].text)
    assert found is not None
    return found[1]


def signed_up(client: FlaskClient, services: Services, **more: str) -> None:
    """Sign up and confirm in this browser."""
    send(client, "/sign-up", **(SIGN_UP | more))
    send(client, link_in_last_letter(services), password=PASSWORD)


def test_a_sign_up_leads_through_the_letter_to_the_first_steps(client: FlaskClient, services: Services) -> None:
    """The page says to look into the mail; the link asks for the password; the dashboard greets."""
    sent = send(client, "/sign-up", **SIGN_UP)
    confirmed = send(client, link_in_last_letter(services), password=PASSWORD)

    assert "Look into your mail" in sent.get_data(as_text=True)
    assert (confirmed.status_code, confirmed.headers["Location"]) == (303, "/dashboard?welcome=1")
    page = client.get("/dashboard?welcome=1", headers=ENGLISH).get_data(as_text=True)
    assert "Welcome, Ana." in page


@pytest.mark.parametrize(
    ("country", "currency", "kept"), [("MX", "", "MXN"), ("NI", "", "NIO"), ("SV", "", "USD"), ("MX", "USD", "USD")]
)
def test_who_names_no_currency_thinks_in_that_of_the_country(
    client: FlaskClient, services: Services, country: str, currency: str, kept: str
) -> None:
    """A maker in Mexico is not put down in dollars by a choice that nobody made; a choice made stands."""
    signed_up(client, services, country=country, currency=currency)

    with services.database.reading() as session:
        assert session.scalars(select(Seller.currency).where(Seller.name == "Taller de Ana")).one() == kept


def test_a_new_password_by_letter_is_told_that_it_holds(client: FlaskClient, services: Services, app: Shop) -> None:
    """Who set it lands where the other sessions are seen ended, and reads so."""
    signed_up(client, services)
    other = app.test_client()
    send(other, "/reset", email="ana@taller.mx")

    set_ = send(other, link_in_last_letter(services), password="papel nuevo y tinta")

    page = other.get(set_.headers["Location"], headers=ENGLISH).get_data(as_text=True)
    assert "The password is changed, and every other session was ended." in page


@pytest.mark.parametrize(
    ("form", "page"),
    [
        ("/settings/team/invite", "/settings/team"),
        ("/settings/data/delete", "/settings/data"),
        ("/settings/keys", "/settings/keys"),
    ],
)
def test_another_language_stays_on_the_page_of_a_form(
    client: FlaskClient, services: Services, form: str, page: str
) -> None:
    """An answer to a form that went wrong links to the page it stands on in each language, not to the front door."""
    signed_up(client, services)

    answer = send(client, page, to=form, email="x", confirm="x").get_data(as_text=True)

    links = re.findall(r'<a href="([^"]+)" hreflang="(?:es|pt-BR)" lang', answer)
    assert links == [f"{page}?lang=es", f"{page}?lang=pt"]


def test_an_address_for_buyers_is_checked(client: FlaskClient, services: Services) -> None:
    """Nobody publishes half an address of e-mail."""
    signed_up(client, services)

    answer = send(client, "/settings", company="Taller", country="MX", currency="MXN", version="1", email="hola")

    assert (answer.status_code, re.findall(r'id="([a-z]+)-error"', answer.get_data(as_text=True))) == (422, ["email"])


def test_a_person_changes_name_and_language(client: FlaskClient, services: Services) -> None:
    """The menu, the pages and the next letter follow."""
    signed_up(client, services)

    saved = send(client, "/settings/me", name="Ana María", language="pt")
    page = client.get(saved.headers["Location"]).get_data(as_text=True)
    send(client, "/settings/sessions", to="/settings/password", old=PASSWORD, password="outra senha bem longa")

    assert (saved.status_code, "<p>Ana María<small>ana@taller.mx</small></p>" in page) == (303, True)
    assert '<html lang="pt-BR">' in page
    assert "Olá, Ana María" in shop.letters(services)[-1].text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"name": "", "language": "es"}, ["name"]), ({"name": "x" * 201, "language": "xx"}, ["name", "language"])],
)
def test_a_person_without_a_name_is_not_kept(
    client: FlaskClient, services: Services, fields: dict[str, str], wrong: list[str]
) -> None:
    """What is wrong stands at its field."""
    signed_up(client, services)

    answer = send(client, "/settings/me", **fields)

    assert (answer.status_code, re.findall(r'id="([a-z]+)-error"', answer.get_data(as_text=True))) == (422, wrong)


def test_the_audit_speaks_the_readers_words(client: FlaskClient, services: Services) -> None:
    """What was changed is named as the form names it, and a file that came in by its name."""
    signed_up(client, services)
    send(client, "/settings", company="Taller", country="MX", currency="MXN", version="1", tax_id="", city="Toluca")
    with services.database.writing.begin() as session:
        seller = session.scalars(select(Seller.id).where(Seller.name == "Taller")).one()
        audit.note(session, Actor(seller, "owner"), services.now(), "import.done", "i_1", file="ropa.csv", created=2)

    page = client.get("/settings/audit", headers=ENGLISH).get_data(as_text=True)

    assert re.search(r"imported the file ropa\.csv</span>", page)
    assert "City, Name of the company or workshop" in page


def test_the_pages_are_the_same_for_known_and_unknown(client: FlaskClient, services: Services, app: Shop) -> None:
    """Signing up, signing in and resetting: but for the address itself, not a byte tells them apart."""
    signed_up(client, services)
    told = {}
    for address in ("ana@taller.mx", "eva@taller.mx"):
        answers = [
            send(app.test_client(), "/sign-up", **(SIGN_UP | {"email": address})),
            send(app.test_client(), "/sign-in", email=address, password="not the password"),
            send(app.test_client(), "/reset", email=address),
        ]
        pages = [re.sub(r'value="[^"]{40,}"', "", one.get_data(as_text=True)) for one in answers]
        names = [sorted(name for name, _ in one.headers) for one in answers]
        told[address] = [
            (one.status_code, page.replace(address, "…"), name)
            for one, page, name in zip(answers, pages, names, strict=True)
        ]

    assert told["ana@taller.mx"] == told["eva@taller.mx"]


def test_what_was_typed_is_kept_but_for_passwords(client: FlaskClient) -> None:
    """The form comes back with everything in it, each fault at its field, and no password in the page."""
    answer = send(client, "/sign-up", **(SIGN_UP | {"email": "ana", "country": "XX", "password": "too short"}))
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert 'value="Taller de Ana"' in page
    assert 'value="ana"' in page
    assert "too short" not in page
    assert re.findall(r'<p class="wrong" id="([a-z]+)-error">', page) == ["email", "password", "country"]


@pytest.mark.parametrize("address", ["/sign-up", "/sign-in", "/reset"])
def test_a_form_that_was_open_for_too_long_comes_back_as_it_was(client: FlaskClient, address: str) -> None:
    """400, with what was typed, and why."""
    answer = client.post(address, data=SIGN_UP, headers=ENGLISH)
    page = answer.get_data(as_text=True)

    assert answer.status_code == 400
    assert "Nothing is lost" in page
    assert 'value="ana@taller.mx"' in page


def test_signing_in_leads_back(client: FlaskClient, services: Services) -> None:
    """To the page that was asked for, and to no other place in the world."""
    signed_up(client, services)
    send(client, "/settings", "/sign-out")
    asked = client.get("/settings/team")
    fields = {"email": "ana@taller.mx", "password": PASSWORD}

    assert asked.headers["Location"] == "/sign-in?next=/settings/team"
    assert 'name="next" value="/settings/team"' in client.get(asked.headers["Location"]).get_data(as_text=True)
    assert send(client, "/sign-in", next="//evil.example/", **fields).headers["Location"] == "/dashboard"
    assert client.get("/sign-in?next=https://evil.example").headers["Location"] == "/dashboard"


@given(st.text(st.sampled_from("/\\:.@?#\t\n ae%"), max_size=8).map("/".__add__))
def test_an_address_to_go_on_to_never_leaves_the_shop(text: str) -> None:
    """Whatever is let through begins with one slash and holds nothing that a browser reads as another."""
    found = safe_next(text)

    assert found in {None, text}
    if found is not None:
        assert re.fullmatch(r"/([^/\\\s].*)?", found)
        assert not re.search(r"[\\\s]", found)


def test_signing_out_ends_the_session(client: FlaskClient, services: Services, app: Shop) -> None:
    """A copy of the cookie opens nothing afterwards."""
    signed_up(client, services)
    cookie = client.get_cookie("sign_in")
    assert cookie is not None
    answer = send(client, "/settings", "/sign-out")
    thief = app.test_client()
    thief.set_cookie("sign_in", cookie.value)

    assert answer.headers["Location"] == "/sign-in"
    assert thief.get("/settings").status_code == 303


def test_the_cookie_of_a_session_is_for_browsers_alone(client: FlaskClient, services: Services) -> None:
    """No script reads it, no other site sends it."""
    send(client, "/sign-up", **SIGN_UP)
    answer = send(client, link_in_last_letter(services), password=PASSWORD)
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("sign_in="))

    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_under_https_it_belongs_to_this_host(tmp_path: Path) -> None:
    """With the prefix that browsers hold a host to."""
    app = shop.open_shop(tmp_path / "shop", public_url="https://shop.example")
    services: Services = app.extensions["shopkit"]
    client = app.test_client()
    secure = {"base_url": "https://shop.example"}
    page = client.get("/sign-up", **secure).get_data(as_text=True)
    headers = {"Referer": "https://shop.example/sign-up"}
    client.post("/sign-up", data=SIGN_UP | {"csrf_token": token_of(page)}, headers=headers, **secure)
    link = re.search(r"https://shop\.example(/\S+)", shop.letters(services)[-1].text)
    assert link is not None
    page = client.get(link[1], **secure).get_data(as_text=True)
    data = {"csrf_token": token_of(page), "password": PASSWORD}
    answer = client.post(link[1], data=data, headers=headers, **secure)
    services.database.dispose()

    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if "sign_in=" in one)
    assert cookie.startswith("__Host-sign_in=")
    assert "Secure" in cookie.split("; ")


def test_no_letter_repeats_a_host_that_anybody_may_name(client: FlaskClient, services: Services) -> None:
    """A request to another name of this machine gets no link; nothing was sent."""
    page = client.get("/reset", base_url="http://evil.example").get_data(as_text=True)
    data = {"csrf_token": token_of(page), "email": "ana@taller.mx"}
    answer = client.post("/reset", data=data, base_url="http://evil.example")

    assert answer.status_code == 503
    assert shop.letters(services) == []


def test_a_used_link_says_that_it_is_over(client: FlaskClient, services: Services) -> None:
    """410, and where to get another."""
    signed_up(client, services)
    link = link_in_last_letter(services)
    answer = client.get(link, headers=ENGLISH)

    assert answer.status_code == 410
    assert "This link is over" in answer.get_data(as_text=True)


def test_too_many_tries_are_told_how_long_to_wait(client: FlaskClient) -> None:
    """429 after ten, with the way that always works."""
    answers = [send(client, "/sign-in", email="ana@taller.mx", password="a wrong guess") for _ in range(11)]

    assert [one.status_code for one in answers] == [422] * 10 + [429]
    assert "Wait 16 min" in answers[-1].get_data(as_text=True)


def test_a_sample_shop_is_entered_with_one_click(client: FlaskClient, services: Services) -> None:
    """The page offers them, and the header then names the one that was chosen."""
    demo.make_demo(services)
    page = client.get("/sign-in").get_data(as_text=True)
    answer = send(client, "/sign-in", "/sign-in/demo", shop="queso-boaco")

    assert re.findall(r'name="shop" value="([^"]+)"', page) == [one.slug for one in demo.SHOPS]
    assert answer.headers["Location"] == "/dashboard"
    assert "Cooperativa Lechera Valle de Boaco" in client.get("/compare").get_data(as_text=True)


def test_from_elsewhere_no_sample_shop_is_entered(client: FlaskClient, services: Services) -> None:
    """Another machine is not offered them and cannot enter them."""
    demo.make_demo(services)
    far = {"REMOTE_ADDR": "192.0.2.7"}
    page = client.get("/sign-in", environ_base=far).get_data(as_text=True)
    data = {"csrf_token": token_of(page), "shop": "demo"}

    assert 'name="shop"' not in page
    assert client.post("/sign-in/demo", data=data, environ_base=far).status_code == 404


@pytest.mark.parametrize(
    ("number", "status", "text"),
    [
        ("XAXX010101000", 303, ""),
        ("XAXX0101", 422, "A RFC has another length."),
        ("XAXX991301000", 422, "A part of it, such as the date"),
    ],
)
def test_a_tax_number_is_checked_where_it_is_typed(
    client: FlaskClient, services: Services, number: str, status: int, text: str
) -> None:
    """One that cannot be is refused at its field, with what does not fit; what was typed stays."""
    signed_up(client, services)
    fields = {"company": "Taller", "country": "MX", "currency": "MXN", "version": "1", "tax_id": number}
    answer = send(client, "/settings", **fields)

    assert answer.status_code == status
    assert text in answer.get_data(as_text=True)


def test_two_who_change_the_company_see_each_other(client: FlaskClient, services: Services) -> None:
    """The second is shown the first one's words beside their own, and the second time is theirs."""
    signed_up(client, services)
    fields = {"company": "Uno", "country": "MX", "currency": "MXN", "version": "1"}
    send(client, "/settings", **fields)
    late = send(client, "/settings", **(fields | {"company": "Dos"}))
    page = late.get_data(as_text=True)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None

    assert late.status_code == 409
    assert "<dd>Uno</dd>" in page
    assert 'value="Dos"' in page
    again = send(client, "/settings", **(fields | {"company": "Dos", "version": version[1]}))
    assert again.status_code == 303


def test_a_key_is_shown_once_and_kept_by_no_cache(client: FlaskClient, services: Services) -> None:
    """The page after making it shows it, no page afterwards does."""
    signed_up(client, services)
    made = send(client, "/settings/keys", key_name="Tienda", per_minute="600", scopes="account:read")
    found = re.search(r'<code id="secret">(sk_live_[\w-]+)</code>', made.get_data(as_text=True))
    assert found is not None

    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    assert found[1] not in client.get("/settings/keys").get_data(as_text=True)
    answer = client.get("/api/v1/account", headers={"Authorization": f"Bearer {found[1]}"})
    assert answer.get_json()["seller"]["name"] == "Taller de Ana"


def test_a_shop_is_deleted_by_its_name(client: FlaskClient, services: Services) -> None:
    """Another name deletes nothing; the right one, and nobody is signed in any more."""
    signed_up(client, services)
    wrong = send(client, "/settings/data", "/settings/data/delete", confirm="Taller")
    right = send(client, "/settings/data", "/settings/data/delete", confirm="Taller de Ana")

    assert (wrong.status_code, right.headers["Location"]) == (422, "/gone")
    assert client.get("/settings").status_code == 303
    assert client.get("/gone").status_code == 200


def test_what_sellers_write_is_shown_as_text(client: FlaskClient, services: Services) -> None:
    """Markup in a name or a story is no markup; a link to a script is refused."""
    signed_up(client, services, company="<script>alert(1)</script>")
    page = client.get("/settings").get_data(as_text=True)
    fields = {"company": "T", "country": "MX", "currency": "MXN", "version": "1", "links": "javascript:alert(1)"}

    assert "<script>alert" not in page
    assert send(client, "/settings", **fields).status_code == 422
