"""The twin of PayPal: what its specification refuses, what its rules refuse, and money that adds up."""

from __future__ import annotations

import ast
import base64
import binascii
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_pem_x509_certificate

from tests.twins import paypal as package
from tests.twins.paypal import Twin, serving
from tests.twins.paypal.schema import PayPalError, check, published

if TYPE_CHECKING:
    from collections.abc import Iterator


class Shop:
    """A shop before the twin, over HTTP."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        answer = requests.post(
            f"{twin.url}/v1/oauth2/token",
            {"grant_type": "client_credentials"},
            auth=("twin-client", "twin-secret"),
            timeout=5,
        )
        self.head = {"Authorization": f"Bearer {answer.json()['access_token']}", "Prefer": "return=representation"}
        self.got: list[tuple[bytes, dict[str, str]]] = []
        self.answers = 200

    def ask(self, method: str, path: str, body: Any = None, key: str | None = None, **head: str) -> tuple[int, Any]:
        """Ask something and return status and body."""
        headers = self.head | ({"PayPal-Request-Id": key} if key else {}) | head
        answer = requests.request(method, f"{self.twin.url}{path}", json=body, headers=headers, timeout=5)
        return answer.status_code, answer.json()

    def order(self, value: str = "100.00", currency: str = "USD", **unit: Any) -> tuple[int, Any]:
        """Make an order of one unit."""
        money = {"currency_code": currency, "value": value}
        return self.ask(
            "POST", "/v2/checkout/orders", {"intent": "CAPTURE", "purchase_units": [{"amount": money} | unit]}
        )

    def captured(self, fate: str = "COMPLETED") -> Any:
        """Make an order, have it approved, capture it and return the capture."""
        _, made = self.order()
        self.twin.control("approve", order=made["id"], fate=fate)
        _, paid = self.ask("POST", f"/v2/checkout/orders/{made['id']}/capture", {})
        return paid["purchase_units"][0]["payments"]["captures"][0]

    def receive(self, _: str, headers: dict[str, str], body: bytes) -> int:
        """Take a webhook."""
        self.got.append((body, headers))
        return self.answers


@pytest.fixture
def shop() -> Iterator[Shop]:
    """Return a shop in Mexico before a twin whose clock stands."""
    with serving(start=1_795_000_000) as twin:
        made = Shop(twin)
        twin.world.webhooks.transport = made.receive
        twin.control("listen", url="http://127.0.0.1:9/hook")
        yield made


def issue(answer: tuple[int, Any]) -> tuple[int, str]:
    """Return the status of a refusal and the issue it names."""
    return answer[0], answer[1]["details"][0]["issue"]


def test_an_order_is_paid_by_its_capture_alone(shop: Shop) -> None:
    """Created, approved and then captured: only the last is money."""
    _, made = shop.order()
    shop.twin.control("approve", order=made["id"])
    _, approved = shop.ask("GET", f"/v2/checkout/orders/{made['id']}")
    status, paid = shop.ask("POST", f"/v2/checkout/orders/{made['id']}/capture", {})

    assert (made["status"], approved["status"], status, paid["status"]) == ("CREATED", "APPROVED", 201, "COMPLETED")
    assert "payments" not in approved["purchase_units"][0]
    assert paid["purchase_units"][0]["payments"]["captures"][0]["amount"]["value"] == "100.00"


WRONG: list[tuple[dict[str, Any], tuple[int, str]]] = [
    ({"value": "100,00"}, (400, "INVALID_PARAMETER_SYNTAX")),
    ({"value": "-1.00"}, (422, "CANNOT_BE_ZERO_OR_NEGATIVE")),
    ({"value": "0.00"}, (422, "CANNOT_BE_ZERO_OR_NEGATIVE")),
    ({"value": "1.001"}, (422, "DECIMAL_PRECISION")),
    ({"value": "100.50", "currency": "JPY"}, (422, "DECIMAL_PRECISION")),
    ({"value": "100.50", "currency": "HUF"}, (422, "DECIMAL_PRECISION")),
    ({"value": "24990", "currency": "CLP"}, (422, "INVALID_CURRENCY_CODE")),
    ({"currency": "BRL"}, (422, "INVALID_CURRENCY_CODE")),
    ({"currency": "US"}, (400, "INVALID_STRING_LENGTH")),
    ({"referenceid": "x"}, (400, "INVALID_PARAMETER_SYNTAX")),
    ({"custom_id": "x" * 128}, (400, "INVALID_STRING_LENGTH")),
]


@pytest.mark.parametrize(("unit", "told"), WRONG)
def test_a_wrong_order_is_refused_by_its_issue(shop: Shop, unit: dict[str, Any], told: tuple[int, str]) -> None:
    """What the specification or a rule of it forbids is named."""
    assert issue(shop.order(**unit)) == told


def test_an_order_needs_an_intent_and_a_unit(shop: Shop) -> None:
    """A misspelt intent and no unit are refused."""
    one = shop.ask("POST", "/v2/checkout/orders", {"intent": "CAPTUR", "purchase_units": []})
    two = shop.ask("POST", "/v2/checkout/orders", {"intent": "CAPTURE", "purchase_units": []})

    assert (issue(one), issue(two)) == ((400, "INVALID_PARAMETER_VALUE"), (400, "INVALID_ARRAY_MIN_ITEMS"))


def usd(value: str) -> dict[str, str]:
    """Return dollars."""
    return {"currency_code": "USD", "value": value}


def test_a_breakdown_adds_up(shop: Shop) -> None:
    """The amount is the sum of its parts, and the items are theirs."""
    item = {"name": "Rebozo", "unit_amount": usd("45.00"), "quantity": "2"}
    right: Any = {"amount": usd("100.00") | {"breakdown": {"item_total": usd("90.00"), "shipping": usd("10.00")}}}
    wrong: Any = {"amount": usd("100.00") | {"breakdown": {"item_total": usd("90.00"), "shipping": usd("9.99")}}}
    other: Any = {"amount": usd("100.00") | {"breakdown": {"item_total": usd("100.00")}}}

    assert shop.order(**right, items=[item])[0] == 201
    assert issue(shop.order(**wrong)) == (422, "AMOUNT_MISMATCH")
    assert issue(shop.order(**other, items=[item])) == (422, "ITEM_TOTAL_MISMATCH")


def test_what_is_not_approved_is_not_captured(shop: Shop) -> None:
    """Nor what is captured already, nor what the buyer's bank refused."""
    _, made = shop.order()
    path = f"/v2/checkout/orders/{made['id']}/capture"
    early = shop.ask("POST", path, {})
    shop.twin.control("approve", order=made["id"], fate="INSTRUMENT_DECLINED")
    declined = shop.ask("POST", path, {})
    shop.twin.control("approve", order=made["id"])
    shop.ask("POST", path, {})

    assert [issue(one)[1] for one in (early, declined, shop.ask("POST", path, {}))] == [
        "ORDER_NOT_APPROVED",
        "INSTRUMENT_DECLINED",
        "ORDER_ALREADY_CAPTURED",
    ]


def test_a_capture_may_be_pending(shop: Shop) -> None:
    """It says why, and ends later, which the order shows too."""
    capture = shop.captured("PENDING")
    shop.twin.control("settle", capture=capture["id"])
    _, settled = shop.ask("GET", f"/v2/payments/captures/{capture['id']}")

    assert (capture["status"], capture["status_details"]) == ("PENDING", {"reason": "ECHECK"})
    assert (settled["status"], settled["seller_receivable_breakdown"]["net_amount"]["value"]) == ("COMPLETED", "96.00")


def test_refunds_up_to_what_is_left(shop: Shop) -> None:
    """In parts, never more, and the capture says how far."""
    capture = shop.captured()
    path = f"/v2/payments/captures/{capture['id']}"
    first = shop.ask("POST", f"{path}/refund", {"amount": usd("30.00")})
    above = shop.ask("POST", f"{path}/refund", {"amount": usd("70.01")})
    part = shop.ask("GET", path)[1]["status"]
    rest = shop.ask("POST", f"{path}/refund", {})
    done = shop.ask("POST", f"{path}/refund", {})

    assert (first[0], part, rest[1]["amount"]["value"]) == (201, "PARTIALLY_REFUNDED", "70.00")
    assert (issue(above), issue(done)) == ((422, "REFUND_AMOUNT_EXCEEDED"), (422, "CAPTURE_FULLY_REFUNDED"))


def test_a_request_id_is_one_request(shop: Shop) -> None:
    """The same answer for the same body with a 200, a refusal for another, and after six hours another refund."""
    capture = shop.captured()
    path = f"/v2/payments/captures/{capture['id']}/refund"
    first = shop.ask("POST", path, {"amount": usd("1.00")}, key="k")
    again = shop.ask("POST", path, {"amount": usd("1.00")}, key="k")
    other = shop.ask("POST", path, {"amount": usd("2.00")}, key="k")
    shop.twin.control("advance", seconds=6 * 3600)
    later = shop.ask("POST", path, {"amount": usd("1.00")}, key="k")

    assert (first[0], again[0], other[0], later[0]) == (201, 200, 422, 201)
    assert first[1]["id"] == again[1]["id"] != later[1]["id"]


def test_a_minimal_answer_is_what_comes_unasked(shop: Shop) -> None:
    """Without Prefer there is an id, a status and where to go."""
    body = {"intent": "CAPTURE", "purchase_units": [{"amount": usd("5.00")}]}

    assert sorted(shop.ask("POST", "/v2/checkout/orders", body, Prefer="return=minimal")[1]) == [
        "id",
        "links",
        "status",
    ]


def test_a_token_lapses(shop: Shop) -> None:
    """After nine hours it opens nothing."""
    shop.twin.control("advance", seconds=32_400)

    assert shop.order()[0] == 401


@pytest.mark.parametrize(("kind", "made"), [("500_before", 0), ("503", 0), ("429", 0), ("500_after", 1)])
def test_a_fault_before_or_after(shop: Shop, kind: str, made: int) -> None:
    """Whether something was made is another question than how it was answered."""
    shop.twin.control("fault", kind=kind)
    status, _ = shop.order()

    assert (status, len(shop.twin.world.things)) == (int(kind[:3]), made)


def holds(body: bytes, headers: dict[str, str], webhook: str = "TWINWEBHOOK") -> bool:
    """Check a webhook as PayPal's page says, with the certificate from its address."""
    pem = requests.get(headers["PAYPAL-CERT-URL"], timeout=5).content
    key = load_pem_x509_certificate(pem).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    parts = [headers["PAYPAL-TRANSMISSION-ID"], headers["PAYPAL-TRANSMISSION-TIME"], webhook, str(binascii.crc32(body))]
    try:
        signature = base64.b64decode(headers["PAYPAL-TRANSMISSION-SIG"])
        key.verify(signature, "|".join(parts).encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def asked_back(shop: Shop, body: bytes, headers: dict[str, str]) -> str:
    """Return what PayPal's own check says of a webhook."""
    fields = ("auth_algo", "cert_url", "transmission_id", "transmission_sig", "transmission_time")
    asked: dict[str, Any] = {name: headers[f"PAYPAL-{name.upper().replace('_', '-')}"] for name in fields}
    asked |= {"webhook_id": "TWINWEBHOOK", "webhook_event": json.loads(body)}
    return str(shop.ask("POST", "/v1/notifications/verify-webhook-signature", asked)[1]["verification_status"])


def test_webhooks_are_signed(shop: Shop) -> None:
    """Each holds by its certificate and by PayPal's own check."""
    shop.captured()
    shop.twin.control("deliver")

    assert [json.loads(body)["event_type"] for body, _ in shop.got] == [
        "CHECKOUT.ORDER.APPROVED",
        "PAYMENT.CAPTURE.COMPLETED",
    ]
    assert [(holds(*one), asked_back(shop, *one)) for one in shop.got] == [(True, "SUCCESS")] * 2


@pytest.mark.parametrize("mode", ["corrupt", "wrong_key", "other_endpoint"])
def test_a_bad_signature_does_not_hold(shop: Shop, mode: str) -> None:
    """Spoilt it is refused; sent again it holds."""
    _, made = shop.order()
    shop.twin.control("mode", name=mode)
    shop.twin.control("approve", order=made["id"])
    shop.answers = 400
    shop.twin.control("deliver")
    shop.answers = 200
    shop.twin.control("deliver")

    assert [holds(*one) for one in shop.got] == [False, True]


def test_webhooks_may_come_twice_or_not(shop: Shop) -> None:
    """Of two events one comes twice, the other never."""
    shop.twin.control("mode", name="duplicate")
    shop.twin.control("mode", name="lose")
    shop.captured()
    shop.twin.control("deliver")

    assert [json.loads(body)["event_type"] for body, _ in shop.got] == ["CHECKOUT.ORDER.APPROVED"] * 2


def test_the_buyers_page_leads_back(shop: Shop) -> None:
    """Pressing the button approves and returns to the shop with the order's token."""
    context = {"return_url": "https://shop.example/back", "cancel_url": "https://shop.example/basket"}
    source = {"paypal": {"experience_context": context}}
    body = {"intent": "CAPTURE", "purchase_units": [{"amount": usd("5.00")}], "payment_source": source}
    _, made = shop.ask("POST", "/v2/checkout/orders", body)
    [link] = [one["href"] for one in made["links"] if one["rel"] == "payer-action"]
    page = requests.get(link, timeout=5).text
    pressed = requests.post(link, {"fate": "COMPLETED"}, timeout=5, allow_redirects=False)

    assert "Pay 5.00 USD" in page
    assert pressed.headers["Location"] == f"https://shop.example/back?token={made['id']}&PayerID=TWBUYER234567"
    assert shop.ask("GET", f"/v2/checkout/orders/{made['id']}")[1]["status"] == "APPROVED"


def test_a_parcels_number_is_of_the_carriers_list(shop: Shop) -> None:
    """A carrier of PayPal's is taken, a slip of the pen is not."""
    capture = shop.captured()
    [order] = [name for name, thing in shop.twin.world.things.items() if thing["_kind"] == "order"]
    body = {"capture_id": capture["id"], "tracking_number": "EE1", "carrier": "CORREOS_DE_MEXICO"}

    assert shop.ask("POST", f"/v2/checkout/orders/{order}/track", body)[0] == 201
    assert shop.ask("POST", f"/v2/checkout/orders/{order}/track", body | {"carrier": "CORREOS_MX"})[0] == 400


def test_answers_are_of_the_published_shape(shop: Shop) -> None:
    """Order, capture and refund have the fields that the specification gives, and no others."""
    capture = shop.captured()
    _, back = shop.ask("POST", f"/v2/payments/captures/{capture['id']}/refund", {})
    [order] = [name for name, thing in shop.twin.world.things.items() if thing["_kind"] == "order"]
    for kind, path in (
        ("order", f"/v2/checkout/orders/{order}"),
        ("capture", f"/v2/payments/captures/{capture['id']}"),
        ("refund", f"/v2/payments/refunds/{back['id']}"),
    ):
        check(shop.ask("GET", path)[1], published()[f"answer {kind}"])


def named(node: ast.AST) -> Iterator[ast.expr]:
    """Return what stands where an issue is named."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("invalid", "unprocessable"):
        yield node.args[1 if node.func.id == "invalid" else 0]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        yield from (value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "issue")


def test_every_issue_is_one_of_paypals() -> None:
    """What the twin names stands in the specification's lists."""
    trees = [ast.parse(file.read_text("utf-8")) for file in Path(package.__file__).parent.glob("*.py")]
    found = [value for tree in trees for node in ast.walk(tree) for value in named(node)]
    issues = {value.value for value in found if isinstance(value, ast.Constant)}

    assert len(issues) > 20
    assert issues <= set(published()["issues"])


def test_a_fault_in_the_twin_is_noticed(shop: Shop) -> None:
    """Request ids forgotten and refunds not counted make its own tests fail."""
    shop.twin.control("plant", fault="keys_forgotten")
    with pytest.raises(AssertionError):
        test_a_request_id_is_one_request(shop)
    shop.twin.control("plant", fault="refunds_unchecked")
    shop.twin.world.moved = 0
    with pytest.raises((AssertionError, KeyError)):
        test_refunds_up_to_what_is_left(shop)


def test_it_imports_nothing_of_ours() -> None:
    """It is itself, Python and cryptography."""
    for file in Path(package.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                top = name.partition(".")[0]
                assert top in {*sys.stdlib_module_names, "cryptography"} or name.startswith("tests.twins.paypal"), name


def test_a_schema_that_is_all_of_others_holds_whole() -> None:
    """What a part requires is required."""
    schema = {"allOf": [{"properties": {"a": {"type": "string"}}, "required": ["a"]}, {"properties": {"b": {}}}]}
    with pytest.raises(PayPalError) as caught:
        check({"b": 1}, schema)

    assert caught.value.body["details"][0]["field"] == "/a"
