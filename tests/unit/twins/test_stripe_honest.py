"""The twin is held to what Stripe publishes, its client's types and its answers' shape; and it is nobody's echo."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import requests
import yaml

from tests.twins import stripe as package
from tests.twins.stripe import amounts, money, schema, shapes, vouchers
from tests.twins.stripe.errors import StripeError
from tests.twins.stripe.world import Account
from tests.unit.twins import sdk
from tests.unit.twins import test_stripe_payments as payments
from tests.unit.twins import test_stripe_refunds as giving_back
from tests.unit.twins import test_stripe_requests as asking
from tests.unit.twins import test_stripe_trouble as trouble
from tests.unit.twins import test_stripe_webhooks as hooks
from tests.unit.twins.conftest import Shop, client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER: Final = Path(package.__file__).parent
TYPED: Final = {
    "POST /v1/checkout/sessions": ("checkout/_session_create_params.py", "SessionCreateParams"),
    "POST /v1/customers": ("_customer_create_params.py", "CustomerCreateParams"),
    "POST /v1/disputes/{dispute}": ("_dispute_update_params.py", "DisputeUpdateParams"),
    "POST /v1/payment_intents": ("_payment_intent_create_params.py", "PaymentIntentCreateParams"),
    "POST /v1/payment_intents/{intent}": ("_payment_intent_update_params.py", "PaymentIntentUpdateParams"),
    "POST /v1/payment_intents/{intent}/cancel": ("_payment_intent_cancel_params.py", "PaymentIntentCancelParams"),
    "POST /v1/payment_intents/{intent}/capture": ("_payment_intent_capture_params.py", "PaymentIntentCaptureParams"),
    "POST /v1/payment_intents/{intent}/confirm": ("_payment_intent_confirm_params.py", "PaymentIntentConfirmParams"),
    "POST /v1/prices": ("_price_create_params.py", "PriceCreateParams"),
    "POST /v1/products": ("_product_create_params.py", "ProductCreateParams"),
    "POST /v1/refunds": ("_refund_create_params.py", "RefundCreateParams"),
    "POST /v1/shipping_rates": ("_shipping_rate_create_params.py", "ShippingRateCreateParams"),
    "POST /v1/webhook_endpoints": ("_webhook_endpoint_create_params.py", "WebhookEndpointCreateParams"),
}
# What the twin plays or an adapter of ours may send; the rest of the two schemas may drift apart.
PLAYED: Final = ("boleto", "card", "customer_balance", "oxxo", "pix", "billing_details", "type")
# The client and the older schema differ in these, and the twin takes neither or forgets neither.
KNOWN: Final = {
    "client only: evidence.appeal",
    "client only: intended_submission_method",
    "client only: product_data.tax_details",
    "client only: radar_options.referrer",
    "client only: recurring.trial_period_days",
    "client only: tax_details",
    "client only: type",
    "client only: validate",
    "client only: payment_method_data.type=paypay",
    "client only: payment_method_data.type=sequra",
    # Publishable keys send it with a confirmation; a shop does not.
    "schema only: client_secret",
}


def _of_ours(difference: str) -> bool:
    at = difference.partition(": ")[2]
    field, _, rest = at.partition(".")
    if field in ("payment_method_options", "payment_method_data"):
        return rest.partition(".")[0].partition("=")[0] in PLAYED
    # The types' client lists private methods for intents; events of other products come and go.
    ours = ("enabled_events=", "tax_id_data.", "subscription_data.", "allowed_payment_method_types=")
    return not at.startswith(ours)


@pytest.mark.parametrize("operation", TYPED)
def test_the_forms_are_those_of_stripes_client(operation: str) -> None:
    """With its overlay the older schema has the names and values that the client of today types."""
    found = sdk.differences(*TYPED[operation], schema.operations(schema.ENDIVE)[operation])

    assert {difference for difference in found if _of_ours(difference)} <= KNOWN


def test_every_name_of_the_overlay_is_in_stripes_client() -> None:
    """What it adds is typed there, and what it retires is not."""
    changes = schema.overlay()
    for row in changes["retired"]:
        for operation in row["operations"]:
            file, name = TYPED[operation]
            assert row["name"] not in sdk.classes(file)[name]
            assert row["instead"] in sdk.classes(file)[name]
    for row in changes["values"]:
        for operation in row["operations"]:
            there = set(sdk.differences(*TYPED[operation], schema.published()[operation]))
            field = row["at"].removesuffix("[]")
            new = {f"client only: {field}={value}" for value in row["add"]} | {f"client only: {field}"}
            assert new & there


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Return every object in an answer, and in its objects."""
    if isinstance(value, dict):
        if str(value.get("object")) in shapes.answers():
            yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


KINDS: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "number": (int, float),
    "expandable": (str, dict),
}


def misshapen(value: Any, shape: dict[str, Any], at: str) -> Iterator[str]:
    """Return where a value is not of the shape that Stripe's schema gives."""
    if value is None:
        if not shape.get("nullable"):
            yield f"{at} is null"
        return
    kind = shape.get("type")
    if kind is None:
        return
    if not isinstance(value, KINDS[kind]) or (kind == "integer" and isinstance(value, bool)):
        yield f"{at} is {value!r}, not {kind}"
    elif "enum" in shape and value not in shape["enum"]:
        yield f"{at} is {value!r}"
    elif isinstance(value, list) and "items" in shape:
        for index, one in enumerate(value):
            yield from misshapen(one, shape["items"], f"{at}[{index}]")
    elif isinstance(value, dict) and "properties" in shape:
        known = shape["properties"]
        yield from (f"{at}.{name} is unknown" for name in value.keys() - known.keys())
        yield from (f"{at}.{name} is missing" for name in shape.get("required", ()) if name not in value)
        for name in value.keys() & known.keys():
            yield from misshapen(value[name], known[name], f"{at}.{name}")


def story(shop: Shop) -> None:
    """Let everything happen that the twin knows."""
    rate = {"display_name": "Correo", "type": "fixed_amount", "fixed_amount": {"amount": 15000, "currency": "mxn"}}
    session = shop.session(
        adaptive_pricing={"enabled": True},
        payment_method_options={"card": {"installments": {"enabled": True}}},
        shipping_address_collection={"allowed_countries": ["MX", "US"]},
        shipping_options=[{"shipping_rate_data": rate}],
        customer_creation="always",
    )
    shop.twin.control("pay", session=session.id, outcome="generic_decline")
    shop.twin.control(
        "pay", session=session.id, installments=3, presentment={"currency": "usd", "amount": 5000}, tax_id="1"
    )
    paid = shop.read(session)
    giving_back.refund(shop, paid, amount=1000)
    shop.twin.control("next_refunds", statuses=["failed"])
    giving_back.refund(shop, paid, amount=500)
    shop.twin.control("fee", key="sk_test_MX_shop", amount=300, currency="mxn")
    shop.twin.control("payout", key="sk_test_MX_shop", currency="mxn")
    shop.twin.control("fraud_warning", payment=session.id)
    shop.twin.control("dispute", payment=session.id)
    transfer = payments.transfer(shop)
    shop.twin.control("transfer", payment=transfer.id, what="part")
    voucher = shop.session()
    shop.twin.control("pay", session=voucher.id, method="oxxo")
    asked = shop.session()
    shop.twin.control("pay", session=asked.id, outcome="3ds")
    shop.client.v1.webhook_endpoints.create({"url": "https://a.example/", "enabled_events": ["*"]})


def test_every_answer_is_of_the_shape_that_stripe_publishes(shop: Shop) -> None:
    """Names, types, what may be null and what must be there, in every object of a long story and in its events."""
    story(shop)
    head = {"Authorization": "Bearer sk_test_MX_shop"}
    plain = [name for name in schema.published() if name.startswith("GET") and "{" not in name]
    lists = [f"{name.partition(' ')[2]}?limit=100" for name in plain]
    ids = {thing["object"]: name for name, thing in shop.twin.world.things.items()}
    lists += [f"/v1/payment_methods/{ids['payment_method']}", f"/v1/shipping_rates/{ids['shipping_rate']}"]
    lists += [
        f"/v1/customers/{ids['customer']}/cash_balance",
        f"/v1/checkout/sessions/{ids['checkout.session']}/line_items",
    ]
    lists += [f"/v1/customers/{ids['customer']}/cash_balance_transactions"]
    answers = [requests.get(f"{shop.twin.url}{path}", headers=head, timeout=5).json() for path in lists]
    found = [one for answer in answers for one in objects(answer)]
    wrong = [line for one in found for line in misshapen(one, shapes.answers()[one["object"]], one["object"])]

    assert sorted(set(wrong)) == []
    assert {one["object"] for one in found} == set(shapes.answers())


def test_the_twin_imports_nothing_of_ours() -> None:
    """It is another reading of the same pages: itself, Python, and a reader of YAML."""
    for file in FOLDER.glob("**/*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                own = name == "tests.twins.stripe" or name.startswith("tests.twins.stripe.")
                assert own or name.partition(".")[0] in {*sys.stdlib_module_names, "yaml"}, f"{file.name}: {name}"


def test_localstripe_is_named_by_its_own_program_alone() -> None:
    """What is under the GPL is imported in the peers' process, and nowhere here."""
    importers = {
        file.name
        for file in FOLDER.parent.glob("**/*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if (isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] == "localstripe")
        or (isinstance(node, ast.Import) and any(alias.name == "localstripe" for alias in node.names))
    }

    assert importers == {"localstripe_peer.py"}


WIRE: Final[list[dict[str, Any]]] = yaml.safe_load((FOLDER.parent / "stripe_wire_amounts.yaml").read_text("utf-8"))[
    "amounts"
]


@pytest.mark.parametrize("row", WIRE, ids=lambda row: f"{row['currency']} {row.get('amount', row.get('sent'))}")
def test_the_twin_takes_the_amounts_written_by_hand(row: dict[str, Any]) -> None:
    """A whole number from the table is taken, and one that is refused there is refused here."""
    account = Account("sk_test_x", "acct_x", "MX")
    if "wire" in row:
        assert amounts.checked_charge(row["wire"], row["currency"].lower(), account) == row["wire"]
    elif "sent" in row:
        with pytest.raises(StripeError) as caught:
            amounts.checked_charge(row["sent"], row["currency"].lower(), account)
        assert caught.value.body["error"]["code"] == row["refused"]


def test_the_table_of_amounts_is_broad() -> None:
    """It has thirty currencies at least, and every kind of them."""
    assert len({row["currency"] for row in WIRE if "wire" in row}) >= 30


def _undated(*_: Any) -> int:
    return 1_795_400_000


MUTANTS: Final[list[tuple[str, Callable[[Any, Any], None], Callable[..., None]]]] = [
    (
        "keys are forgotten",
        lambda shop, _: shop.twin.control("plant", fault="keys_forgotten"),
        trouble.test_the_same_key_gives_the_same_answer,
    ),
    (
        "refunds are not counted",
        lambda shop, _: shop.twin.control("plant", fault="refunds_unchecked"),
        giving_back.test_more_than_is_left_is_refused,
    ),
    (
        "a boleto is refunded",
        lambda _, patch: patch.setattr("tests.twins.stripe.refunds._refundable", lambda *_: None),
        lambda shop: giving_back.test_a_boleto_is_never_refunded(_brazil(shop)),
    ),
    (
        "the day of a voucher ends elsewhere",
        lambda _, patch: patch.setattr(vouchers, "last_minute", _undated),
        payments.test_a_voucher_of_oxxo_is_complete_and_not_paid,
    ),
    (
        "a declined card pays",
        lambda _, patch: patch.setattr(money, "declined", lambda world, intent, _: money.paid(world, intent)),
        payments.test_a_declined_card_leaves_the_session_open,
    ),
    (
        "the signature leaves the moment out",
        lambda _, patch: patch.setattr("tests.twins.stripe.mangling.signature", lambda *_: "0" * 64),
        lambda shop: hooks.test_stripes_verifier_takes_what_the_twin_signed(_heard(shop)),
    ),
    (
        "quantities are forgotten",
        lambda _, patch: patch.setattr("tests.twins.stripe.catalogue.times", lambda price, _: price["unit_amount"]),
        asking.test_totals_come_from_the_whole_numbers_of_the_request,
    ),
    (
        "accounts see each other",
        lambda _, patch: patch.setattr(
            "tests.twins.stripe.world.World.get", lambda self, _, __, name, ___="": self.things[name]
        ),
        lambda shop: asking.test_what_another_account_made_is_not_there(shop, _brazil(shop)),
    ),
]


def _brazil(shop: Shop) -> Shop:
    return Shop(shop.twin, client(shop.twin, "sk_test_BR_shop"))


def _heard(shop: Shop) -> Shop:
    shop.twin.control("endpoint", key="sk_test_MX_shop", url="http://127.0.0.1:9/hook", secret="whsec_of_the_test")
    return shop


@pytest.mark.parametrize(("_name", "plant", "test"), MUTANTS, ids=[name for name, _, _ in MUTANTS])
def test_a_fault_in_the_twin_is_noticed(
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    _name: str,
    plant: Callable[[Any, Any], None],
    test: Callable[..., None],
) -> None:
    """A test of the twin that passes without a planted fault fails with it."""
    plant(shop, monkeypatch)
    with pytest.raises((Exception, pytest.fail.Exception)):
        test(shop)
