"""How a shop is paid, by the API: accounts without their secrets, and what buyers of a market can pay with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shopkit.api.payment_schemas import MethodList, PaymentAccountList, PaymentAccountOut, ReportOut
from shopkit.services import keys, payments
from tests.ordering import sell
from tests.paying import Sale
from tests.shop import NOW, open_shop
from tests.twins.stripe import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from werkzeug.test import TestResponse

KEY = "sk_test_MX_one"


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Callable[..., TestResponse]]:
    """Return a way to ask as a program that an owner entrusted with payments."""
    app = open_shop(tmp_path, secret_keys=("A" * 43 + "=",))
    services = app.extensions["shopkit"]
    secret = keys.create_key(services, sell(services)[0], "till", ["payments:write"], 60).secret
    client = app.test_client()

    def asked(method: str, path: str, body: Any = None) -> TestResponse:
        headers = {"Authorization": f"Bearer {secret}"}
        return client.open(f"/api/v1/payments{path}", method=method, json=body, headers=headers)

    yield asked
    services.database.dispose()


def test_an_account_comes_changes_and_goes(ask: Callable[..., TestResponse]) -> None:
    """Its key is taken and never told, messages have an address, and what is put aside can be taken up."""
    given = {"provider": "stripe", "country": "mx", "secrets": {"key": KEY}, "signing": ["whsec_one"]}
    made = ask("POST", "/accounts", given)
    one = PaymentAccountOut.model_validate(made.get_json())
    changed = ask("PATCH", f"/accounts/{one.id}", {"methods": ["oxxo"], "active": False})
    again = ask("PATCH", f"/accounts/{one.id}", {"active": True})
    listed = PaymentAccountList.model_validate(ask("GET", "/accounts").get_json())
    gone = ask("DELETE", f"/accounts/{one.id}")
    after = PaymentAccountOut.model_validate(ask("GET", f"/accounts/{one.id}").get_json())

    assert made.headers["Location"] == f"/api/v1/payments/accounts/{one.id}"
    assert (one.secrets_set, one.signing_set, one.country) == (["key"], 1, "MX")
    assert one.messages_to == f"http://localhost/webhooks/stripe/{one.id}"
    assert (changed.get_json()["active"], changed.get_json()["methods"]) == (False, ["oxxo"])
    assert listed.results == [PaymentAccountOut.model_validate(again.get_json())]
    assert (gone.status_code, after.active, after.secrets_set) == (204, False, [])
    assert KEY not in made.text + changed.text + ask("GET", "/accounts").text


def test_stripe_alone_offers_buyers_another_currency(ask: Callable[..., TestResponse]) -> None:
    """It is off until it is asked for; another provider that does not know it says so."""
    stripe = ask("POST", "/accounts", {"provider": "stripe", "country": "MX", "secrets": {"key": KEY}}).get_json()
    bank = {"provider": "bank", "country": "MX", "live": True, "lines": {"bank": "B", "holder": "T", "account": "1"}}
    other = ask("POST", "/accounts", bank).get_json()
    changed = ask("PATCH", f"/accounts/{stripe['id']}", {"adaptive": True}).get_json()
    refused = ask("PATCH", f"/accounts/{other['id']}", {"adaptive": True})

    assert (stripe["adaptive"], changed["adaptive"], refused.status_code) == (False, True, 422)
    assert [one["pointer"] for one in refused.get_json()["errors"]] == ["/adaptive"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"provider": "stripe", "country": "MX"}, "/secrets/key"),
        ({"provider": "stripe", "country": "MX", "secrets": {"key": KEY}, "live": True}, "/secrets/key"),
        ({"provider": "stripe", "country": "QQ", "secrets": {"key": KEY}}, "/country"),
        ({"provider": "stripe", "country": "MX", "secrets": {"KEY": KEY}}, "/secrets/KEY"),
        ({"provider": "piggy", "country": "MX"}, "/provider"),
        ([], ""),
    ],
)
def test_what_cannot_be_connected(ask: Callable[..., TestResponse], body: Any, where: str) -> None:
    """What is wrong is said with its place, without what was sent."""
    found = ask("POST", "/accounts", body)

    assert found.status_code == 422
    assert found.get_json()["errors"][0]["pointer"] == where
    assert KEY not in found.text


def test_the_matrix_of_a_market(ask: Callable[..., TestResponse]) -> None:
    """Every way is there with its terms; only the sandbox that was connected is offered."""
    ask("POST", "/accounts", {"provider": "sandbox", "country": "MX"})
    found = MethodList.model_validate(ask("GET", "/methods?market=mx&amount=76.63&currency=usd").get_json())
    ordinary = MethodList.model_validate(ask("GET", "/methods?market=CL").get_json())

    assert [one.name for one in found.results if one.offered] == ["sandbox/card", "sandbox/voucher"]
    assert {one.why_not for one in found.results if one.name == "stripe/oxxo"} == {"payment.no_account"}
    assert (found.market, found.amount, found.currency) == ("MX", "76.63", "USD")
    assert (ordinary.amount, ordinary.currency) == ("100000", "CLP")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "query.required"),
        ("market=ZZ", "choice"),
        ("market=MX&currency=QQQ", "currency.unknown"),
        ("market=MX&amount=-1", "amount.invalid"),
        ("market=MX&amount=1.005", "order.amount"),
    ],
)
def test_what_cannot_be_asked_of_the_matrix(ask: Callable[..., TestResponse], query: str, code: str) -> None:
    """What is wrong with the query is said."""
    found = ask("GET", f"/methods?{query}")

    assert (found.status_code, found.get_json()["errors"][0]["code"]) == (422, code)


def test_the_report_of_a_day(tmp_path: Path) -> None:
    """What Stripe booked stands beside the order's ledger; a day that is none is told."""
    app = open_shop(tmp_path, secret_keys=("A" * 43 + "=",))
    services = app.extensions["shopkit"]
    with serving(start=int(NOW.timestamp())) as twin:
        said: dict[str, Any] = {"secrets": {"key": "sk_test_US_shop"}, "options": {"api_base": twin.url}}
        sale = Sale(services, "stripe", **said)
        begun = sale.start()
        twin.control("pay", session=sale.ref(begun.payment_id))
        payments.settle(services, begun.payment_id)
        secret = keys.create_key(services, sale.actor, "till", ["payments:read"], 60).secret
        headers = {"Authorization": f"Bearer {secret}"}
        client = app.test_client()
        found = client.get("/api/v1/payments/report?day=2026-11-23", headers=headers)
        wrong = client.get("/api/v1/payments/report?day=2026-02-30", headers=headers)
    services.database.dispose()

    report = ReportOut.model_validate(found.get_json())
    assert [(one.outcome, one.here, one.there, one.fee, one.net) for one in report.lines] == [
        ("matched", "76.63", "76.63", "2.75", "73.88")
    ]
    assert (report.differences, report.accounts, wrong.status_code) == (0, 1, 422)
