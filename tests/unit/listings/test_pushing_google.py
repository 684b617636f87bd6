"""Products of Google by the Merchant API: the body of the call whole, and what answers mean."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.money import Money
from listings.channels.google import COLUMNS
from listings.channels.google import Google as Rows
from listings.channels.item import Text
from listings.pushing.google import FIELDS, Google
from listings.pushing.port import Problem, Pushed, PushError, Reply, push
from shopkit.pushing.google import CHANNEL
from shopkit.pushing.twins.google import GoogleTwin
from tests.contracts.channels import ON, item_of
from tests.contracts.pushers import US
from tests.shop import NOW

if TYPE_CHECKING:
    from listings.channels.port import Record
    from listings.pushing.port import Call

PUSHER = Google("123456", "104628", "es", "US")


def record(**changes: Any) -> Record:
    """Return the record of a row with one photo and no way of shipping."""
    item = replace(item_of(US), photos=("https://taller.example/a.jpg",), shipping=(), **changes)
    return Rows().record(item, US)


def attributes(**changes: Any) -> dict[str, Any]:
    """Return what is sent of a row."""
    said: dict[str, Any] = PUSHER.product_input(record(**changes))["productAttributes"]
    return said


def ended(body: bytes, status: int) -> PushError:
    """Return the error that an answer comes to."""

    class Answer:
        def send(self, call: Call) -> Reply:  # noqa: ARG002 - the port's
            return Reply(status, body)

    with pytest.raises(PushError) as caught:
        push(PUSHER, record(), Answer())
    return caught.value


def test_a_row_is_a_product_input_of_the_merchant_api() -> None:
    """Micros and whole numbers are texts, words of lists are upper case, what has no field of its own goes by name."""
    assert PUSHER.product_input(Rows().record(replace(item_of(US), photos=("https://t.mx/a.jpg",)), US)) == {
        "offerId": "PLA-1",
        "contentLanguage": "es",
        "feedLabel": "US",
        "productAttributes": {
            "title": "Playera de algodón",
            "description": "Hecha a mano.",
            "link": "https://taller.example/p/1?m=US&l=es#top",
            "imageLink": "https://t.mx/a.jpg",
            "availability": "IN_STOCK",
            "price": {"amountMicros": "49900000", "currencyCode": "USD"},
            "condition": "NEW",
            "brand": "Taller Oaxaca",
            "gtins": ["7501031311309"],
            "productTypes": ["Ropa > Playeras"],
            "color": "Azul",
            "size": "M",
            "material": "Algodón",
            "shipping": [
                {
                    "country": "US",
                    "service": "Correo: aéreo, con seguro",
                    "price": {"amountMicros": "12500000", "currencyCode": "USD"},
                    "minHandlingTime": "1",
                    "maxHandlingTime": "2",
                    "minTransitTime": "5",
                    "maxTransitTime": "8",
                }
            ],
            "shippingWeight": {"value": Decimal(220), "unit": "g"},
        },
        "customAttributes": [{"name": "ships from country", "value": "MX"}],
    }


def test_the_twin_keeps_it_under_language_label_and_id() -> None:
    """One call with the source of data; the product's name comes back."""
    twin = GoogleTwin()

    assert push(PUSHER, record(), twin) == Pushed("PLA-1", {"product": "accounts/123456/products/es~US~PLA-1"})
    assert twin.calls == [
        "POST /products/v1/accounts/123456/productInputs:insert?dataSource=accounts%2F123456%2FdataSources%2F104628"
    ]
    assert list(twin.kept) == ["es~US~PLA-1"]


def test_an_answer_that_is_lost_may_be_asked_for_again() -> None:
    """What is made twice is one product."""
    twin = GoogleTwin()
    twin.failing = ["lost"]
    with pytest.raises(PushError) as caught:
        push(PUSHER, record(), twin)
    push(PUSHER, record(), twin)

    assert (caught.value.reason, len(twin.kept)) == ("unavailable", 1)


def test_a_machines_text_days_and_a_sale_are_said_in_googles_forms() -> None:
    """A title of a machine has its source, moments have seconds, a span is two moments."""
    said = attributes(
        title=Text("Playera", "machine"),
        availability="preorder",
        available_on=ON,
        sale=Money(3990, "USD"),
        sale_from=ON,
        sale_until=ON,
    )

    assert said["structuredTitle"] == {"digitalSourceType": "TRAINED_ALGORITHMIC_MEDIA", "content": "Playera"}
    assert (said["availability"], said["availabilityDate"]) == ("PREORDER", "2026-11-27T00:00:00Z")
    assert said["salePrice"] == {"amountMicros": "39900000", "currencyCode": "USD"}
    assert said["salePriceEffectiveDate"] == {"startTime": "2026-11-27T00:00:00Z", "endTime": "2026-11-27T23:59:00Z"}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-01", "2026-12-01T00:00:00Z"),
        ("2026-12-01T08:30Z", "2026-12-01T08:30:00Z"),
        ("2026-12-01T08:30:15Z", "2026-12-01T08:30:15Z"),
        ("2026-12-01T08:30-0600", "2026-12-01T08:30:00-06:00"),
        ("2026-12-01T08:30:15-06:00", "2026-12-01T08:30:15-06:00"),
    ],
)
def test_any_stamp_that_a_row_may_have_is_a_moment(text: str, moment: str) -> None:
    """Days, minutes and seconds, with either way to write a zone."""
    said = PUSHER.product_input({"id": "A", "expiration_date": text})

    assert said["productAttributes"] == {"expirationDate": moment}


@given(st.decimals(min_value=0, max_value=10**15 - 1, places=6))
def test_micros_are_the_amount_and_nothing_is_rounded(amount: Decimal) -> None:
    """A millionth of them is the amount again."""
    said = PUSHER.product_input({"id": "A", "price": f"{amount:f} USD"})["productAttributes"]["price"]

    assert Decimal(said["amountMicros"]) / 1_000_000 == amount


def test_every_field_of_our_rows_has_its_place() -> None:
    """Only what the messages do not know goes by its name alone."""
    assert {one.name for one in COLUMNS} - FIELDS.keys() == {"id", "ships_from_country"}


@pytest.mark.parametrize("field", [{"price": "49.90"}, {"shipping_weight": "heavy kg"}])
def test_what_is_no_amount_or_weight_is_not_sent(field: dict[str, str]) -> None:
    """It is not guessed at, and the row is refused rather than the run broken."""
    twin = GoogleTwin()
    with pytest.raises(PushError) as caught:
        push(PUSHER, {"id": "A", **field}, twin, {"product": "a"})

    assert (caught.value.reason, caught.value.ids, twin.calls) == ("rejected", {"product": "a"}, [])
    assert [one.code for one in caught.value.problems] == ["unwritable"]


def test_an_error_says_its_reason_and_field() -> None:
    """Google's own example of an error: the reason that is stable, its words, the field."""
    text = "[name] The part `account` of the resource name in field `name` must be a number, but has value: `abcd`."
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "invalid",
        "domain": "merchantapi.googleapis.com",
        "metadata": {"FIELD_LOCATION": "name", "REASON": "INVALID_NAME_PART_NOT_NUMBER"},
    }
    error = {"code": 400, "message": text, "status": "INVALID_ARGUMENT", "details": [info]}
    found = ended(json.dumps({"error": error}).encode(), 400)

    assert (found.reason, found.problems) == (
        "rejected",
        (Problem("INVALID_NAME_PART_NOT_NUMBER", text, ("name",)),),
    )


def test_an_error_without_details_is_told_by_its_status() -> None:
    """So is one in plain words of another shape."""
    error = {"error": {"code": 403, "message": "No.", "status": "PERMISSION_DENIED"}}

    assert ended(json.dumps(error).encode(), 403).problems == (Problem("PERMISSION_DENIED", "No."),)
    assert ended(b'{"error":"invalid_grant"}', 401).problems == ()


def test_a_quota_that_is_used_up_is_haste_whatever_the_status() -> None:
    """It is asked again later, and is no question of who asks."""
    error = {"error": {"code": 403, "message": "quota/daily_limit_exceeded", "status": "RESOURCE_EXHAUSTED"}}

    assert ended(json.dumps(error).encode(), 403).reason == "busy"


@pytest.mark.parametrize(
    ("pusher", "reason", "field"),
    [
        (Google("999", "104628", "es", "US"), "unsigned", ()),
        (Google("123456", "x", "es", "US"), "rejected", ("dataSource",)),
        (Google("123456", "104628", "es-MX", "US"), "rejected", ("contentLanguage",)),
        (Google("123456", "104628", "es", "us"), "rejected", ("feedLabel",)),
    ],
)
def test_the_twin_refuses_another_account_source_language_and_label(
    pusher: Google, reason: str, field: tuple[str, ...]
) -> None:
    """Each as the messages describe them."""
    with pytest.raises(PushError) as caught:
        push(pusher, record(), GoogleTwin())

    assert (caught.value.reason, caught.value.problems[0].fields) == (reason, field)


def test_the_twin_refuses_a_field_it_does_not_know() -> None:
    """As Google's reader of JSON does."""
    twin = GoogleTwin()
    said = {"offerId": "A", "contentLanguage": "es", "feedLabel": "US", "productAttributes": {"colour": "Azul"}}

    class Changed:
        def send(self, call: Call) -> Reply:
            return twin.send(replace(call, body=json.dumps(said).encode()))

    with pytest.raises(PushError) as caught:
        push(PUSHER, record(), Changed())

    assert caught.value.problems[0].fields == ("product_input.product_attributes",)
    assert "colour" in caught.value.problems[0].text


# -- service accounts ----------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """Return a key of a service account."""
    return rsa.generate_private_key(65537, 2048)


def file_of(key: Any) -> dict[str, str]:
    """Return what the file of a service account says, as an account keeps it."""
    said = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    checks = {one.name: one.check for one in CHANNEL.fields}
    kept = checks["private_key"](said)
    assert kept is not None
    return {"client_email": "shop@p.iam.gserviceaccount.com", "private_key": kept}


def renewing(refresh_token: str, details: dict[str, str]) -> Call | None:
    """Return the call that asks for a token."""
    assert CHANNEL.renewal is not None
    return CHANNEL.renewal.call(refresh_token, details, NOW)


def test_a_service_account_claims_what_it_may_and_signs_it(key: rsa.RSAPrivateKey) -> None:
    """For an hour, for catalogs alone, to Google's end point, signed so that its public key says yes."""
    details = file_of(key)
    call = renewing("", details)
    assert call is not None
    said = dict(parse_qsl(call.body.decode()))
    head, claims, signature = (base64.urlsafe_b64decode(f"{one}==") for one in said["assertion"].split("."))
    key.public_key().verify(signature, said["assertion"].rpartition(".")[0].encode(), PKCS1v15(), SHA256())

    assert (call.method, call.path, "\n" in details["private_key"]) == ("POST", "/token", False)
    assert said["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assert json.loads(head) == {"alg": "RS256", "typ": "JWT"}
    assert json.loads(claims) == {
        "iss": "shop@p.iam.gserviceaccount.com",
        "scope": "https://www.googleapis.com/auth/content",
        "aud": "https://oauth2.googleapis.com/token",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 3600,
    }


def test_a_refresh_token_is_asked_by_where_there_is_one(key: rsa.RSAPrivateKey) -> None:
    """It is whom the seller let in; the service account is asked where there is none, or no application for it."""
    application = {"client_id": "a", "client_secret": "b"}
    by_token, by_key = renewing("r", {**file_of(key), **application}), renewing("r", file_of(key))

    assert by_token is not None
    assert by_key is not None
    assert (b"assertion" in by_token.body, b"assertion" in by_key.body) == (False, True)


@pytest.mark.parametrize("text", ["", "x", "-----BEGIN PRIVATE KEY----- MIIEvQ== -----END PRIVATE KEY-----"])
def test_what_is_no_key_asks_for_nothing(text: str) -> None:
    """No key, none in its frame, and a frame with something else in it."""
    assert renewing("", {"client_email": "shop@p.example", "private_key": text}) is None


def test_a_key_of_another_kind_asks_for_nothing() -> None:
    """Google's have RSA; an elliptic curve signs in another way."""
    assert renewing("", file_of(ec.generate_private_key(ec.SECP256R1()))) is None
