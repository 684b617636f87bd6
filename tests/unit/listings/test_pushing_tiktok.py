"""Products of TikTok Shop by its calls: photos first, made once, edited as the seller left it; signatures."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from listings.channels.tiktok import TikTok as Rows
from listings.pushing.port import Call, Photo, Problem, PushError, Reply, push
from listings.pushing.tiktok import TikTok
from shopkit.pushing.channels import Renewed
from shopkit.pushing.tiktok import CHANNEL, signature
from shopkit.pushing.twins.tiktok import TikTokTwin, photo_name
from tests.contracts.pushers import row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from listings.channels.port import Record

PUSHER = TikTok()
UPLOAD = "POST /product/202309/images/upload"
MAKE = "POST /product/202309/products"
ID = "1729592969712207008"
LOOK = f"GET /product/202309/products/{ID}"
EDIT = f"POST /product/202509/products/{ID}/partial_edit"
DETAILS = {"app_key": "29a39d", "app_secret": "e59af819cc", "shop_cipher": "GCP_1"}
SIGNED_AT = datetime.fromtimestamp(1623812664, UTC)


def record(**changes: Any) -> Record:
    """Return the record of a row with two photos."""
    return {**row(Rows()), **changes}


class Kept(TikTokTwin):
    """A twin that keeps the calls whole."""

    def __init__(self, **more: Any) -> None:
        """Begin with nothing."""
        super().__init__(**more)
        self.whole: list[Call] = []

    def send(self, call: Call) -> Reply:
        """Keep and answer."""
        self.whole.append(call)
        return super().send(call)


class Answer:
    """A channel that answers one thing."""

    def __init__(self, answer: Any, status: int = 200) -> None:
        """Take what is answered."""
        self.reply = Reply(status, json.dumps(answer).encode())

    def send(self, call: Call) -> Reply:  # noqa: ARG002 - the port's
        """Return the answer."""
        return self.reply


def ended(transport: Any, ids: Mapping[str, str] | None = None, said: Record | None = None) -> PushError:
    """Return the error that pushing ends with."""
    with pytest.raises(PushError) as caught:
        push(PUSHER, said or record(), transport, ids)
    return caught.value


def body(call: Call) -> Any:
    """Return the JSON of a call."""
    return json.loads(call.body)


def test_photos_are_sent_and_then_the_product_as_a_draft() -> None:
    """TikTok's names of the photos stand in the product, amounts are texts, a key says which request it is."""
    twin = Kept()
    done = push(PUSHER, record(), twin)
    said = body(twin.whole[2])
    key = said.pop("idempotency_key")

    assert (done.sku, done.ids) == ("PLA-1", {"product_id": ID, "sku_id": f"{ID}0"})
    assert twin.calls == [UPLOAD, UPLOAD, MAKE]
    assert [one.photo for one in twin.whole[:2]] == [
        Photo(f"https://taller.example/photos/1-{one}.jpg", "data", {"use_case": "MAIN_IMAGE"}) for one in (1, 2)
    ]
    assert (len(key), twin.whole[2].is_repeatable) == (64, False)
    assert said == {
        "external_product_id": "PLA-1",
        "save_mode": "AS_DRAFT",
        "title": "Playera de algodón",
        "description": "<p>Hecha a mano.</p>",
        "category_id": "601226",
        "category_version": "v2",
        "locale": "en-US",
        "main_images": [{"uri": photo_name(f"https://taller.example/photos/1-{one}.jpg")} for one in (1, 2)],
        "skus": [
            {
                "seller_sku": "PLA-1",
                "external_sku_id": "PLA-1",
                "price": {"amount": "49.90", "currency": "USD"},
                "inventory": [{"warehouse_id": "7", "quantity": 5}],
                "identifier_code": {"code": "7501031311309", "type": "GTIN"},
            }
        ],
        "package_weight": {"value": "0.22", "unit": "KILOGRAM"},
        "package_dimensions": {"length": "30", "width": "20", "height": "3", "unit": "CENTIMETER"},
    }


def test_a_product_that_is_there_is_edited_by_what_our_rows_say() -> None:
    """What the seller added in Seller Center stays, and the SKU is the one that is there."""
    twin = Kept()
    ids = push(PUSHER, record(), twin).ids
    twin.kept[ID] |= {"brand_id": "7", "product_attributes": [{"id": "1"}]}
    done = push(PUSHER, record(title="Otra"), twin, ids)
    said = body(twin.whole[-1])

    assert twin.calls[3:] == [LOOK, UPLOAD, UPLOAD, EDIT]
    assert (said["skus"][0]["id"], "category_id" in said, "idempotency_key" in said) == (f"{ID}0", False, False)
    assert (done.ids, done.warnings, twin.whole[-1].is_repeatable) == (ids, (), True)
    assert (twin.kept[ID]["title"], twin.kept[ID]["brand_id"], len(twin.kept[ID]["skus"])) == ("Otra", "7", 1)


@pytest.mark.parametrize(
    ("status", "saved", "warned"),
    [
        ("DRAFT", "AS_DRAFT", []),
        ("ACTIVATE", "LISTING", []),
        ("PENDING", "LISTING", []),
        ("SELLER_DEACTIVATED", "AS_DRAFT", ["saved_as_draft"]),
        (None, "AS_DRAFT", ["saved_as_draft"]),
    ],
)
def test_an_edit_is_saved_as_the_seller_left_the_product(status: str | None, saved: str, warned: list[str]) -> None:
    """Nothing is put on sale that the seller has not; what is on sale gets its price, and a draft would not say it."""
    twin = Kept()
    ids = push(PUSHER, record(), twin).ids
    twin.kept[ID]["status"] = status
    done = push(PUSHER, record(), twin, ids)

    assert body(twin.whole[-1])["save_mode"] == saved
    assert [one.code for one in done.warnings] == warned


@pytest.mark.parametrize("status", ["DELETED", "FREEZE"])
def test_what_takes_no_edit_is_told_before_anything_is_sent(status: str) -> None:
    """The photos are not sent for nothing."""
    twin = TikTokTwin()
    ids = push(PUSHER, record(), twin).ids
    twin.kept[ID]["status"] = status
    error = ended(twin, ids)

    assert (error.reason, error.problems[0].code, twin.calls[3:]) == ("rejected", status, [LOOK])


def test_a_category_that_changed_is_told_to_stay() -> None:
    """TikTok moves no product by an edit, and the row does not claim it."""
    twin = TikTokTwin(categories=None)
    ids = push(PUSHER, record(), twin).ids
    done = push(PUSHER, record(category_id="900"), twin, ids)

    assert [(one.code, one.fields, one.is_warning) for one in done.warnings] == [
        ("category_stays", ("category_id",), True)
    ]
    assert twin.kept[ID]["category_id"] == "601226"


def test_photos_that_were_sent_are_not_sent_again_by_the_push_that_goes_on() -> None:
    """Their names are kept as long as the row is half done."""
    twin = TikTokTwin()
    twin.failing = [None, None, "busy"]
    error = ended(twin)
    done = push(PUSHER, record(), twin, error.ids)

    assert (len(error.ids), twin.calls.count(UPLOAD), twin.calls.count(MAKE)) == (2, 2, 2)
    assert done.ids == {"product_id": ID, "sku_id": f"{ID}0"}


def test_a_product_whose_answer_is_lost_is_unknown() -> None:
    """Nobody knows whether it was made; somebody looks, and says its id."""
    twin = TikTokTwin()
    twin.failing = [None, None, "lost"]
    error = ended(twin)
    done = push(PUSHER, record(), twin, {"product_id": ID})

    assert (error.reason, len(twin.kept)) == ("unknown", 1)
    assert done.ids == {"product_id": ID, "sku_id": f"{ID}0"}


def test_a_sku_is_found_by_our_own_name_of_it_and_one_alone_by_being_so() -> None:
    """Without its id TikTok would make a new one and drop the old."""
    twin = Kept()
    ids = push(PUSHER, record(), twin).ids
    twin.kept[ID]["skus"] = [{"id": "1", "seller_sku": "OTRA"}, {"id": "2", "seller_sku": "PLA-1"}]
    push(PUSHER, record(), twin, ids)
    by_name = body(twin.whole[-1])["skus"][0]["id"]
    twin.kept[ID]["skus"] = [{"id": "3", "seller_sku": "renamed"}]
    push(PUSHER, record(), twin, ids)

    assert (by_name, body(twin.whole[-1])["skus"][0]["id"]) == ("2", "3")


@pytest.mark.parametrize(
    ("code", "text", "status", "reason"),
    [
        (36009002, "Too many requests.", 429, "busy"),
        (12052109, "Too many requests.", 200, "busy"),
        (105002, "Expired credentials.", 200, "unsigned"),
        (106001, "Invalid credentials. The 'sign' query parameter is invalid.", 401, "unsigned"),
        (36009004, "Invalid credentials. The `access_token` header is invalid.", 400, "unsigned"),
        (36009004, "Unexpected identifier. The `shop_cipher` query parameter is not required.", 400, "rejected"),
        (12052024, "Category is not final category", 200, "rejected"),
        (36009003, "Internal error.", 200, "unavailable"),
        (1, "Sorry.", 500, "unavailable"),
    ],
)
def test_the_number_says_what_the_status_does_not(code: int, text: str, status: int, reason: str) -> None:
    """A good status with a number is no success; the first call is that of a photo, which may be made twice."""
    error = ended(Answer({"code": code, "message": text, "data": None, "request_id": "1"}, status))

    assert (error.reason, error.problems[0].code, error.problems[0].text) == (reason, str(code), text)


@pytest.mark.parametrize(
    ("code", "text", "fields"),
    [
        (12052024, "Category is not final category", ("category_id",)),
        (1, "The [brand_id]:123 field is incorrect.", ("brand_id",)),
        (36009004, "Invalid parameter. `seller_sku` and `price`.", ("seller_sku", "price")),
        (1, "Something else.", ()),
    ],
)
def test_a_problem_names_the_fields_of_its_words_or_of_its_number(
    code: int, text: str, fields: tuple[str, ...]
) -> None:
    """TikTok has no other place for them."""
    assert ended(Answer({"code": code, "message": text})).problems == (Problem(str(code), text, fields),)


def test_a_server_that_is_down_while_a_product_is_made_leaves_it_unknown() -> None:
    """It may have been made."""
    twin = TikTokTwin()
    twin.failing = [None, None, "down"]

    assert ended(twin).reason == "unknown"


def test_a_fault_of_tiktoks_while_a_product_is_made_leaves_it_unknown() -> None:
    """It says so with a good status, and the product may be there."""

    class Faulty(TikTokTwin):
        def answer(self, call: Call, said: dict[str, Any]) -> tuple[int, Any]:
            status, answer = TikTokTwin.answer(self, call, said)
            made = call.path == "/product/202309/products"
            return (200, {"code": 36009003, "message": "Internal error."}) if made else (status, answer)

    assert ended(Faulty()).reason == "unknown"


@pytest.mark.parametrize(
    "answer",
    [
        *({"code": 0}, {"data": {}}, {"code": 0, "data": {"uri": ""}}, {"code": "0"}),
        *(
            {"data": {"uri": "tos-a/1", "product_id": "1"}},
            {"code": "0", "data": {"uri": "tos-a/1", "product_id": "1"}},
        ),
    ],
)
def test_what_is_no_answer_of_tiktoks_is_garbage(answer: Any) -> None:
    """No data, no number, no name of the photo."""
    assert ended(Answer(answer)).reason == "garbage"


def test_what_tiktok_warns_of_comes_with_the_product() -> None:
    """In its words, with the fields in them."""

    class Warner(TikTokTwin):
        def answer(self, call: Call, said: dict[str, Any]) -> tuple[int, Any]:
            status, answer = TikTokTwin.answer(self, call, said)
            if call.path == "/product/202309/products":
                answer["data"]["warnings"] = [{"message": "The [brand_id]:123 field is incorrect."}]
            return status, answer

    assert push(PUSHER, record(), Warner()).warnings == (
        Problem("", "The [brand_id]:123 field is incorrect.", ("brand_id",), is_warning=True),
    )


@pytest.mark.parametrize(
    ("secret", "path", "query", "said", "expected"),
    [
        # TikTok's own example, of its page on signing.
        (
            *("e59af819cc", "/authorization/202309/shops", {"app_key": "29a39d", "timestamp": "1623812664"}, b""),
            "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8",
        ),
        # What independent clients come to: DotNetCore.SKIT without a body, tiktok-shop-api 0.1.0 with one.
        (
            *("e59af819cc", "/event/202309/webhooks"),
            {"app_key": "68xu9ks5p4i8", "timestamp": "1696909648", "shop_cipher": "ROW_xkMbgAAAeVAQra0eZWebFQq5aIK"},
            *(b"", "ed58e1b5e59865c22a7b828c1cab65007441f43cc91a6cb2f2cdc638e0995a37"),
        ),
        (
            *(
                "e59af819cc",
                "/product/202309/products",
                {"app_key": "29a39d", "shop_cipher": "GCP_1", "timestamp": "1"},
            ),
            *('{"title":"Ñandú"}'.encode(), "92f68da1e56fcd97c8544c0c5149fda52507720ef31a6c73a221bcac01c21a4b"),
        ),
    ],
)
def test_a_signature_is_what_others_come_to(
    secret: str, path: str, query: Mapping[str, str], said: bytes, expected: str
) -> None:
    """Names in order with their values, path before and body behind, between the secret twice."""
    assert signature(secret, path, query, said) == expected


def test_a_call_is_signed_with_key_moment_and_shop() -> None:
    """The token goes in a header of TikTok's own and is no part of the signature."""
    call = Call("GET", "/product/202309/products/1", query={"version": "1"})
    signed = CHANNEL.sign(call, "TTP_t", DETAILS, SIGNED_AT)
    query = {"app_key": "29a39d", "timestamp": "1623812664", "shop_cipher": "GCP_1"}

    assert dict(signed.headers) == {"x-tts-access-token": "TTP_t"}
    assert dict(signed.query) == {
        **query,
        "sign": signature("e59af819cc", call.path, {**query, "version": "1"}, b""),
    }


def test_a_photo_is_signed_without_shop_and_file() -> None:
    """TikTok refuses a photo that says whose shop it is for."""
    call = Call("POST", "/product/202309/images/upload", b"x", photo=Photo("https://t.mx/1.jpg", "data"))
    signed = CHANNEL.sign(call, "TTP_t", DETAILS, SIGNED_AT)
    query = {"app_key": "29a39d", "timestamp": "1623812664"}

    assert dict(signed.query) == {**query, "sign": signature("e59af819cc", call.path, query, b"")}


def test_tokens_are_renewed_until_the_moment_that_tiktok_says() -> None:
    """Its answer has a moment where others have a while, and a number that says whether it is one."""
    assert CHANNEL.renewal is not None
    data = {"access_token": "ROW_a", "access_token_expire_in": 1623812664 + 600, "refresh_token": "NTU"}
    call = CHANNEL.renewal.call("old", DETAILS, SIGNED_AT)

    assert call == Call(
        "GET",
        "/api/v2/token/refresh",
        query={"app_key": "29a39d", "app_secret": "e59af819cc", "refresh_token": "old", "grant_type": "refresh_token"},
    )
    assert CHANNEL.renewal.read({"code": 0, "data": data}, SIGNED_AT) == Renewed("ROW_a", 600.0, "NTU")
    assert CHANNEL.renewal.read({"code": 36004004, "data": data}, SIGNED_AT) is None
    assert CHANNEL.renewal.read({"code": 0, "data": {"access_token": ""}}, SIGNED_AT) is None
    assert CHANNEL.renewal.read({"code": 0, "data": {"access_token": "a"}}, SIGNED_AT) == Renewed("a", None, None)


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        (401, b"", True),
        (200, b'{"code":105002,"message":"Expired."}', True),
        (200, b'{"code":12052024,"message":"Category."}', False),
        (200, b'{"code":0}', False),
        (500, b"<html>", False),
        (200, b"[]", False),
    ],
)
def test_a_token_that_is_over_is_known_by_its_number(status: int, said: bytes, *, expected: bool) -> None:
    """Whatever the status is."""
    assert CHANNEL.is_unsigned(Reply(status, said)) is expected
