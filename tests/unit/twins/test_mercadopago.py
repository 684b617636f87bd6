"""The twin of Mercado Pago: driven by Mercado Pago's own library, whose validator checks its signatures."""

from __future__ import annotations

import ast
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mercadopago
import pytest
from mercadopago.config import Config, RequestOptions
from mercadopago.webhook import InvalidWebhookSignatureError, WebhookSignatureValidator

from tests.twins import mercadopago as package
from tests.twins.mercadopago import Twin, serving
from tests.twins.mercadopago.rules import MercadoPagoError

if TYPE_CHECKING:
    from collections.abc import Iterator

START = 1_795_000_000


class Shop:
    """A shop that asks by the official library."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        self.sdk: Any = mercadopago.SDK("TEST-twin", request_options=RequestOptions(max_retries=0))
        self.got: list[tuple[dict[str, str], dict[str, str], bytes]] = []
        self.answers = 200

    def prefer(self, price: float = 990.0, **more: Any) -> Any:
        """Make a preference of one item."""
        item = {"title": "Rebozo", "quantity": 1, "unit_price": price, "currency_id": "MXN"}
        return self.sdk.preference().create({"items": [item], "external_reference": "p_1"} | more)

    def paid(self, method: str = "visa", **how: Any) -> str:
        """Let a buyer pay, and return the payment."""
        return str(self.twin.control("pay", preference=self.prefer()["response"]["id"], method=method, **how)["id"])

    def keyed(self, key: str, **headers: str) -> Any:
        """Return options with a key."""
        return RequestOptions(
            access_token="TEST-twin", max_retries=0, custom_headers={"x-idempotency-key": key, **headers}
        )

    def receive(self, _: str, query: dict[str, str], headers: dict[str, str], body: bytes) -> int:
        """Take a notification."""
        self.got.append((query, headers, body))
        return self.answers


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Return a shop in Mexico before a twin whose clock stands."""
    with serving(start=START) as twin:
        monkeypatch.setattr(Config, "api_base_url", twin.url)
        made = Shop(twin)
        twin.world.webhooks.transport = made.receive
        twin.control("listen", url="http://127.0.0.1:9/hook")
        yield made


def told(answer: Any) -> tuple[int, str]:
    """Return the status of a refusal and the code it names."""
    return answer["status"], answer["response"]["cause"][0]["code"]


def test_a_preference_is_paid_by_card(shop: Shop) -> None:
    """The library reads what it made, and finds the payment by its reference."""
    made = shop.prefer()
    shop.twin.control("pay", preference=made["response"]["id"])
    read = shop.sdk.preference().get(made["response"]["id"])
    [found] = shop.sdk.payment().search({"external_reference": "p_1"})["response"]["results"]

    assert (made["status"], read["response"]["items"]) == (201, made["response"]["items"])
    assert (found["status"], found["transaction_amount"], found["currency_id"]) == ("approved", 990, "MXN")
    assert found["live_mode"] is False


@pytest.mark.parametrize(("method", "kind"), [("oxxo", "ticket"), ("clabe", "bank_transfer"), ("bancomer", "atm")])
def test_what_is_paid_later_waits_and_lapses(shop: Shop, method: str, kind: str) -> None:
    """Pending with its end; paid in time it is approved, else cancelled."""
    one, other = shop.paid(method), shop.paid(method)
    waiting = shop.sdk.payment().get(one)["response"]
    shop.twin.control("settle", payment=one)
    shop.twin.control("advance", seconds=4 * 86_400)
    ends = [shop.sdk.payment().get(each)["response"] for each in (one, other)]

    assert (waiting["status"], waiting["payment_type_id"]) == ("pending", kind)
    assert [(each["status"], each["status_detail"]) for each in ends] == [
        ("approved", "accredited"),
        ("cancelled", "expired"),
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"items": []}, "invalid_preference"),
        ({"item": [1]}, "invalid_preference"),
        ({"items": [{"title": "x", "quantity": 1, "unit_price": 0}]}, "unit_price_invalid"),
        ({"items": [{"title": "x", "quantity": 1, "unit_price": "9.90"}]}, "unit_price_invalid"),
        ({"items": [{"title": "x", "quantity": 1, "unit_price": 9.905}]}, "unit_price_invalid"),
        ({"items": [{"title": "x", "quantity": "1", "unit_price": 9.9}]}, "quantity_invalid"),
        ({"items": [{"title": "x", "quantity": 1, "unit_price": 9.9, "currency_id": "USD"}]}, "currency_id_invalid"),
        ({"auto_return": "approved"}, "invalid_auto_return"),
        ({"expiration_date_to": "2026-11-28T12:00:00Z"}, "expiration_date_to_invalid"),
        (
            {"payment_methods": {"excluded_payment_types": [{"id": "account_money"}]}},
            "excluded_payment_types_invalid",
        ),
    ],
)
def test_a_wrong_preference_is_refused_by_its_code(shop: Shop, change: dict[str, Any], code: str) -> None:
    """What cannot be a preference is named."""
    assert told(shop.prefer(**change)) == (400, code)


def test_colombia_has_no_cents() -> None:
    """A price with half a peso is refused there, which the currency itself would allow."""
    with serving("CO", start=START) as twin, pytest.raises(MercadoPagoError, match="0 decimals"):
        twin.world.prefer({"items": [{"title": "x", "quantity": 1, "unit_price": Decimal("0.5")}]})


def test_refunds_up_to_what_is_left(shop: Shop) -> None:
    """In parts, never more, once for a key, and the payment says how far."""
    payment = shop.paid()
    refunds = shop.sdk.refund()
    first = refunds.create(payment, {"amount": 400.0}, shop.keyed("a"))
    again = refunds.create(payment, {"amount": 400.0}, shop.keyed("a"))
    above = refunds.create(payment, {"amount": 590.01}, shop.keyed("b"))
    part = shop.sdk.payment().get(payment)["response"]
    rest = refunds.create(payment, None, shop.keyed("c"))
    done = refunds.create(payment, {"amount": 1.0}, shop.keyed("d"))
    whole = shop.sdk.payment().get(payment)["response"]

    assert (first["status"], first["response"]["id"]) == (201, again["response"]["id"])
    assert (part["status"], part["status_detail"], part["transaction_amount_refunded"]) == (
        "approved",
        "partially_refunded",
        400,
    )
    assert (rest["response"]["amount"], whole["status"]) == (590, "refunded")
    assert (told(above), told(done)) == ((400, "2032"), (400, "2063"))


def test_a_refund_in_process_is_told_to_who_asks_for_it(shop: Shop) -> None:
    """Without the header it is a 400 and stands in no list; with it a 201."""
    payment = shop.paid()
    header = {"X-Render-In-Process-Refunds": "true"}
    for _ in range(2):
        shop.twin.control("next_refund", status="in_process")
    blunt = shop.sdk.refund().create(payment, {"amount": 1.0}, shop.keyed("a"))
    shown = shop.sdk.refund().create(payment, {"amount": 2.0}, shop.keyed("b", **header))
    lists = [shop.sdk.refund().list_all(payment, options) for options in (None, shop.keyed("c", **header))]

    assert (blunt["status"], shown["status"], shown["response"]["status"]) == (400, 201, "in_process")
    assert [[one["amount"] for one in each["response"]] for each in lists] == [[], [1, 2]]


def test_what_is_paid_is_not_cancelled(shop: Shop) -> None:
    """What waits is."""
    waits, paid = shop.paid("oxxo"), shop.paid()
    done = [shop.sdk.payment().update(one, {"status": "cancelled"}) for one in (waits, paid)]

    assert [one["status"] for one in done] == [200, 400]
    assert done[0]["response"]["status"] == "cancelled"


def test_a_payment_can_be_made_directly(shop: Shop) -> None:
    """By the library with a token of a card, and by what is paid later."""
    payer = {"email": "ana@buyer.example"}
    card = {"transaction_amount": 100.0, "payment_method_id": "visa", "token": "t", "payer": payer}
    later = {"transaction_amount": 100.0, "payment_method_id": "oxxo", "payer": payer}
    made = [shop.sdk.payment().create(one)["response"]["status"] for one in (card, later)]

    assert made == ["approved", "pending"]
    assert told(shop.sdk.payment().create(card | {"token": ""})) == (400, "3003")


def test_another_token_opens_nothing(shop: Shop) -> None:
    """Each account is its own."""
    shop.sdk = mercadopago.SDK("TEST-other", request_options=RequestOptions(max_retries=0))

    assert shop.prefer()["status"] == 401


def holds(query: dict[str, str], headers: dict[str, str]) -> bool:
    """Ask the official validator."""
    given = (headers.get("x-signature"), headers.get("x-request-id"), query.get("data.id"), "twin-signing")
    try:
        WebhookSignatureValidator.validate(*given)
    except InvalidWebhookSignatureError:
        return False
    return True


@pytest.mark.parametrize(
    ("mode", "right"),
    [
        ("", True),
        ("milliseconds", True),
        ("other_body", True),
        ("corrupt", False),
        ("wrong_secret", False),
        ("unsigned", False),
        ("other_address", False),
    ],
)
def test_notifications_are_signed_as_the_library_checks(shop: Shop, mode: str, right: bool) -> None:  # noqa: FBT001  # a case
    """The address is signed and the body is not."""
    shop.paid()
    if mode:
        shop.twin.control("mode", name=mode)
    shop.twin.control("deliver")

    assert [holds(query, headers) for query, headers, _ in shop.got] == [right]


def test_notifications_come_twice_again_or_not(shop: Shop) -> None:
    """What was refused comes again, under another name; what is lost does not."""
    shop.answers = 500
    shop.paid()
    shop.twin.control("mode", name="duplicate", copies=2)
    shop.twin.control("deliver")
    shop.answers = 200
    shop.twin.control("deliver")
    shop.twin.control("deliver")

    assert [query["data.id"] for query, _, _ in shop.got] == ["1300000002"] * 3
    assert len({headers["x-request-id"] for _, headers, _ in shop.got}) == 2


@pytest.mark.parametrize(("kind", "made"), [("500_before", 0), ("503", 0), ("429", 0), ("500_after", 1)])
def test_a_fault_before_or_after(shop: Shop, kind: str, made: int) -> None:
    """Whether something was made is another question than how it was answered."""
    shop.twin.control("fault", kind=kind)

    assert (shop.prefer()["status"], len(shop.twin.world.preferences)) == (int(kind[:3]), made)


def test_a_fault_in_the_twin_is_noticed(shop: Shop) -> None:
    """Keys forgotten and refunds not counted make its own tests fail."""
    for fault in ("keys_forgotten", "refunds_unchecked"):
        shop.twin.control("plant", fault=fault)
        with pytest.raises((AssertionError, KeyError)):
            test_refunds_up_to_what_is_left(shop)
        shop.twin.world.planted.clear()


def test_it_imports_nothing_of_ours() -> None:
    """It is itself and Python."""
    for file in Path(package.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                top = name.partition(".")[0]
                assert top in sys.stdlib_module_names or name.startswith("tests.twins.mercadopago"), name
