"""The pages of how a shop is paid: accounts connected and changed, secrets never shown, what buyers can pay with."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest

from landed_cost.money import Money
from shopkit.services import accounts, demo, payment_accounts, payment_report, sessions
from shopkit.services.companies import command_actor
from shopkit.services.sessions import Where
from shopkit.web.payment_report import OUTCOMES
from tests.shop import NOW, open_demo
from tests.unit.web.test_listings_pages import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

KEY, SIGNING = "sk_test_MX_one", "whsec_one"
HERE = "/settings/payments"


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return the demonstration, which keeps secrets."""
    app = open_demo(tmp_path_factory.mktemp("till"), secret_keys=("A" * 43 + "=",))
    yield app
    app.extensions["shopkit"].database.dispose()


@pytest.fixture
def client(shop: Shop) -> FlaskClient:
    """Return the browser of the shop's owner."""
    found = shop.test_client()
    entered = accounts.sign_in(
        shop.extensions["shopkit"], f"ana{sessions.DEMO_DOMAIN}", demo.PASSWORD, Where("192.0.2.1")
    )
    found.set_cookie("sign_in", entered.token)
    return found


def send(client: FlaskClient, path: str = "", **fields: str | list[str]) -> TestResponse:
    """Send a form of the page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"{HERE}?lang=en").text)
    assert token is not None
    return client.post(f"{HERE}{path}", data={"csrf_token": token[1], **fields})


def kept(shop: Shop, provider: str = "stripe") -> payment_accounts.Shown:
    """Return the account in use at a provider."""
    services = shop.extensions["shopkit"]
    found = payment_accounts.every(services, command_actor(services, demo.SLUG))
    return next(one for one in found if one.provider == provider and one.is_active)


def test_an_account_is_connected_and_no_secret_comes_back(shop: Shop, client: FlaskClient) -> None:
    """The page says that the key is kept and where messages go; a wrong mode is told at its field, without the key."""
    wrong = send(client, provider="stripe", country="MX", mode="live", key=KEY, signing=SIGNING)
    done = send(client, provider="stripe", country="MX", mode="test", key=KEY, signing=SIGNING)
    page = client.get(f"{HERE}?lang=en").text

    assert (wrong.status_code, done.status_code) == (422, 303)
    assert "This key is of the other mode" in unescape(wrong.text)
    assert f"http://localhost{kept(shop).path}" in page
    assert "Secret or restricted API key: kept" in text_of(page)
    assert [one for one in (KEY, SIGNING) if one in wrong.text + done.text + page] == []


def test_a_bank_account_is_shown_to_be_copied_right(shop: Shop, client: FlaskClient) -> None:
    """What buyers read stands on the page and in the form that changes it, and what was typed is not lost."""
    short = send(client, provider="bank", country="MX", bank="Banco del Bajío", holder="Ana")
    send(client, provider="bank", country="MX", bank="Banco del Bajío", account="030180900012345671", holder="Ana")
    typed = {"bank": "Banorte", "account": "0301", "holder": "Ana"}
    changed = send(client, f"/{kept(shop, 'bank').id}", **typed, methods="transfer")

    assert short.status_code == 422
    assert 'value="Banco del Bajío"' in unescape(short.text)
    assert changed.status_code == 303
    assert kept(shop, "bank").lines == typed


def test_buyers_are_offered_their_own_currency_where_stripe_does(shop: Shop, client: FlaskClient) -> None:
    """A box on Stripe's account alone, which stays as it was set until it is set otherwise."""
    send(client, provider="bank", country="MX", bank="Banco del Bajío", account="0301", holder="Ana")
    send(client, provider="stripe", country="MX", mode="test", key=KEY)
    states, pages = [], []
    for said in ({"adaptive": "1"}, {}):
        send(client, f"/{kept(shop).id}", **said)
        states.append(kept(shop).is_adaptive)
        pages.append(client.get(HERE).text)

    assert states == [True, False]
    assert [page.count('name="adaptive" value="1" checked') for page in pages] == [1, 0]
    assert [page.count('name="adaptive"') for page in pages] == [1, 1]


def test_keys_go_only_when_it_was_meant(shop: Shop, client: FlaskClient) -> None:
    """Disconnected first, then with a tick; without it nothing is lost."""
    send(client, provider="stripe", country="MX", mode="test", key=KEY)
    name = kept(shop).id
    send(client, f"/{name}", do="disconnect")
    unsure = send(client, f"/{name}", do="forget")
    services = shop.extensions["shopkit"]
    before = payment_accounts.find(services, command_actor(services, demo.SLUG), name)
    send(client, f"/{name}", do="forget", sure="1")
    after = payment_accounts.find(services, command_actor(services, demo.SLUG), name)

    assert (unsure.status_code, before.set, after.set) == (422, ("key",), ())


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_the_matrix_speaks(client: FlaskClient, language: str) -> None:
    """What is offered stands first, with its terms; what is not has its reason, and sources are linked."""
    page = client.get(f"{HERE}/methods?market=mx&amount=1.250,50&currency=MXN&lang={language}").text
    offered, others = page.split('id="cannot"')

    titles = {"es": ("Tarjeta de prueba", "Efectivo en OXXO"), "pt": ("Cartão de teste", "Dinheiro na OXXO")}
    mine, theirs = titles.get(language, ("Test card", "Cash at OXXO"))
    assert mine in offered
    assert theirs in others
    assert "1.250,50" in page.replace("1,250.50", "1.250,50")
    assert "https://docs.stripe.com/payments/oxxo" in others


def test_the_settings_of_the_store_say_who_can_pay(shop: Shop, client: FlaskClient) -> None:
    """Each market names its ways to pay before it is opened, and says so where nobody can."""
    with_one = text_of(client.get("/settings/store?lang=en").text)
    send(client, f"/{kept(shop, 'sandbox').id}", do="disconnect")
    with_none = text_of(client.get("/settings/store?lang=en").text)

    assert "Buyers here can pay by: Test card, Test voucher." in with_one
    assert "Nobody can pay here yet." in with_none


def line(outcome: str, kind: str, here: int | None, there: int | None) -> payment_report.Line:
    """Return a line of a report, in US cents."""
    mine, theirs = (None if minor is None else Money(minor, "USD") for minor in (here, there))
    fee = None if theirs is None else Money(10, "USD")
    net = None if theirs is None else Money(theirs.minor - 10, "USD")
    return payment_report.Line(
        outcome, kind, NOW, "pa_1", "stripe", "txn_1", "ch_1", 1001, "o_1", mine, theirs, theirs, fee, net  # type: ignore[arg-type]  # words of its own
    )  # fmt: skip


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_the_day_is_told(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    """Every outcome and kind has words, differences are counted, and an account that could not be read is said."""
    kinds = ("payment", "refund", "dispute", "fee", "payout", "other")
    lines = tuple(map(line, OUTCOMES, kinds, (1, 2, None, 4, None, None), (1, 3, 3, None, 5, 6)))
    total = payment_report.Total("USD", *(Money(minor, "USD") for minor in (18, 50, -32, 5)))
    planted = payment_report.Report(NOW.date(), lines, (total,), 1, (("pa_2", "unavailable"),))
    asked: list[date] = []

    def report(_services: Services, _who: Actor, day: date) -> payment_report.Report:
        asked.append(day)
        return planted

    monkeypatch.setattr(payment_report, "report", report)
    page = client.get(f"{HERE}/report?day=2026-11-23&lang={language}")
    yesterday = client.get(f"{HERE}/report?day=x")
    file = client.get(f"{HERE}/report.csv?day=2026-11-23")

    assert (page.status_code, yesterday.status_code) == (200, 200)
    assert page.text.count('class="outcome') == len(OUTCOMES) + 1
    assert "pa_2" in page.text
    assert asked == [NOW.date(), NOW.date() - timedelta(days=1), NOW.date()]
    assert len(file.text.splitlines()) == 1 + len(lines)


def test_a_shop_whose_provider_tells_nothing_is_told_so(client: FlaskClient) -> None:
    """The sandbox has no bookings to read, which is no day that agrees."""
    page = text_of(client.get(f"{HERE}/report?lang=en").text)

    assert "None of your accounts is at a provider whose bookings can be read here." in page
    assert "All of it agrees" not in page
