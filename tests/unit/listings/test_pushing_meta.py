"""Products of Meta by batches of a catalog: the form whole, the two looks that Meta takes, its numbers for faults."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest

from listings.channels.meta import COLUMNS, OVERRIDES
from listings.channels.meta import Meta as Rows
from listings.channels.port import UnwritableError
from listings.pushing.meta import Meta, product
from listings.pushing.port import Call, Problem, Pushed, PushError, Reply, push
from shopkit.pushing.meta import CHANNEL
from shopkit.pushing.twins.meta import MetaTwin
from tests.shop import NOW
from tests.unit.listings.test_calls import feed, record

if TYPE_CHECKING:
    from listings.channels.port import Record

PUSHER = Meta("77")
BATCH = "POST /v26.0/77/items_batch"
STATUS = "GET /v26.0/77/check_batch_request_status?handle=Acy1&load_ids_of_invalid_requests=true"
TAKEN = {"handles": ["h"], "validation_status": [{"retailer_id": "PLA-1", "errors": [], "warnings": []}]}


class Answers:
    """A channel that answers one thing after the other and keeps what it was asked."""

    def __init__(self, *answers: Any, status: int = 200) -> None:
        """Take what is answered."""
        self.left = [Reply(status, json.dumps(one).encode()) for one in answers]
        self.asked: list[Call] = []

    def send(self, call: Call) -> Reply:
        """Return the next answer."""
        self.asked.append(call)
        return self.left.pop(0)


def told(status: str, **more: Any) -> dict[str, Any]:
    """Return what Meta tells of a batch."""
    return {"data": [{"handle": "h", "status": status, **more}]}


def ended(*answers: Any, status: int = 200) -> PushError:
    """Return the error that answers come to."""
    with pytest.raises(PushError) as caught:
        push(PUSHER, row(), Answers(*answers, status=status))
    return caught.value


def row(kind: str = "csv") -> Record:
    """Return the record of a row."""
    return record(Rows(), feed(Rows(), kind=kind))


def test_a_row_is_a_batch_of_one_product() -> None:
    """A form as Meta's own client sends it; the way in parts, what is counted as numbers."""
    meta = Answers(TAKEN, told("finished"))
    done = push(PUSHER, row(), meta)
    call, question = meta.asked
    form = dict(parse_qsl(call.body.decode()))
    (request,) = json.loads(form.pop("requests"))

    assert done == Pushed("PLA-1", {"retailer_id": "PLA-1"})
    assert (call.method, call.path, call.headers["Content-Type"], call.is_repeatable) == (
        *("POST", "/v26.0/77/items_batch", "application/x-www-form-urlencoded", True),
    )
    assert form == {"item_type": "PRODUCT_ITEM", "allow_upsert": "true"}
    assert request == {
        "method": "UPDATE",
        "data": {
            "id": "PLA-1",
            "title": "Playera de algodón",
            "description": "Hecha a mano.",
            "availability": "in stock",
            "condition": "new",
            "price": "49.90 USD",
            "link": "https://taller.example/p/1?m=US&l=es#top",
            "image_link": "https://taller.example/a.jpg",
            "additional_image_link": [],
            "brand": "Taller Oaxaca",
            "gtin": "7501031311309",
            "product_type": "Ropa > Playeras",
            "color": "Azul",
            "size": "M",
            "material": "Algodón",
            "shipping": [
                {
                    "shipping_country": "US",
                    "shipping_service": "Correo aéreo con seguro",
                    "shipping_price_value": 12.50,
                    "shipping_price_currency": "USD",
                }
            ],
            "shipping_weight_value": 220,
            "shipping_weight_unit": "g",
            "quantity_to_sell_on_facebook": 5,
            "origin_country": "MX",
            "sale_price": "",
            "sale_price_effective_date": "",
        },
    }
    assert (question.method, question.path, question.query["handle"], question.after_s) == (
        *("GET", "/v26.0/77/check_batch_request_status", "h", 7.5),
    )


def test_a_sale_that_is_over_and_photos_that_are_gone_are_taken_back_by_name() -> None:
    """A batch leaves what it does not name: the price of the sale would stay."""
    twin = MetaTwin()
    sale = {"sale_price": "39.90 USD", "sale_price_effective_date": "2026-11-27/2026-11-28"}
    push(PUSHER, {**row(), **sale, "additional_image_link": ["https://t.mx/2.jpg"]}, twin)
    before = twin.kept["PLA-1"]
    push(PUSHER, row(), twin)

    assert (before.keys() - twin.kept["PLA-1"].keys(), twin.kept["PLA-1"]["additional_image_link"]) == (set(sale), [])


@pytest.mark.parametrize(
    ("kind", "localization", "fields"),
    [
        ("country", {"type": "COUNTRY", "value": "US"}, "country"),
        ("language", {"type": "LANGUAGE", "value": "es_XX"}, "language"),
    ],
)
def test_what_is_another_in_one_country_or_language_goes_to_its_own_place(
    kind: str, localization: dict[str, str], fields: str
) -> None:
    """It has to be there already, and is said beside it."""
    twin = MetaTwin()
    with pytest.raises(PushError) as caught:
        push(PUSHER, row(kind), twin)
    push(PUSHER, row(), twin)
    push(PUSHER, row(kind), twin)
    meta = Answers(TAKEN, told("finished"))
    push(PUSHER, row(kind), meta)
    (request,) = json.loads(dict(parse_qsl(meta.asked[0].body.decode()))["requests"])

    assert caught.value.reason == "rejected"
    assert list(twin.kept) == ["PLA-1", f"PLA-1 {localization['value']}"]
    assert (meta.asked[0].path, request["localization"]) == ("/v26.0/77/localized_items_batch", localization)
    assert request["data"].keys() <= {"id", *OVERRIDES[fields]}


def test_a_batch_is_asked_after_until_it_is_through() -> None:
    """Each time a little later, counted from the question before."""
    meta = Answers(TAKEN, told("scheduled"), told("started"), told("Finished"))

    assert push(PUSHER, row(), meta).warnings == ()
    assert [one.after_s for one in meta.asked] == [0.0, 7.5, 10.0, 20.0]


def test_what_is_not_through_after_long_is_told_as_such() -> None:
    """The row was taken; what Meta finds later is not known, and the row says so."""
    twin = MetaTwin(slow=3)
    done = push(PUSHER, row(), twin)

    assert [(one.code, one.is_warning) for one in done.warnings] == [("not_finished", True)]
    assert twin.calls == [BATCH, STATUS, STATUS, STATUS]


def test_errors_at_once_name_the_fields_in_their_sentence() -> None:
    """Meta says no field but in words; a warning beside them stays one."""
    text = "A required field is missing: Products need to have availability listed."
    status = [{"retailer_id": "PLA-1", "errors": [{"message": text}], "warnings": [{"message": "A hint."}]}]
    error = ended({"handles": [], "validation_status": status})

    assert (error.reason, error.ids, error.problems) == (
        *("rejected", {}),
        (Problem("", text, ("availability",)), Problem("", "A hint.", (), is_warning=True)),
    )


def test_errors_in_the_background_are_a_refusal_too() -> None:
    """The row is not called there because its batch was taken."""
    error = ended(TAKEN, told("finished", errors=[{"line": 1, "id": "PLA-1", "message": "Bad price."}]))

    assert (error.reason, error.problems) == ("rejected", (Problem("", "Bad price.", ("price",)),))


def test_warnings_of_both_looks_come_with_the_row() -> None:
    """In their order."""
    taken = {"handles": ["h"], "validation_status": [{"warnings": [{"message": "First."}]}]}
    done = push(PUSHER, row(), Answers(taken, told("finished", warnings=[{"message": "Then."}])))

    assert [(one.text, one.is_warning) for one in done.warnings] == [("First.", True), ("Then.", True)]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (({"handles": []},), "rejected"),
        (({"handles": "h"},), "garbage"),
        (({"validation_status": []},), "garbage"),
        ((TAKEN, {"data": []}), "garbage"),
        ((TAKEN, {"data": [{}]}), "garbage"),
        ((TAKEN, told("canceled")), "unavailable"),
        ((TAKEN, told("Error")), "unavailable"),
    ],
)
def test_other_answers_are_told_by_their_kind(answers: tuple[Any, ...], reason: str) -> None:
    """Nothing taken, no handle, no status, a batch that ended otherwise."""
    assert ended(*answers).reason == reason


@pytest.mark.parametrize(
    ("code", "more", "reason", "wait_s"),
    [
        (80014, {}, "busy", 60.0),
        (4, {}, "busy", 60.0),
        (190, {}, "unsigned", None),
        (200, {}, "unsigned", None),
        (2, {}, "unavailable", None),
        (999, {"is_transient": True}, "unavailable", None),
        (100, {}, "rejected", None),
    ],
)
def test_metas_numbers_say_more_than_the_status(code: int, more: Any, reason: str, wait_s: float | None) -> None:
    """All of them come with 400, haste too."""
    error = ended({"error": {"message": "(#1) No.", "type": "OAuthException", "code": code, **more}}, status=400)

    assert (error.reason, error.wait_s) == (reason, wait_s)


def test_an_error_keeps_metas_words_for_people() -> None:
    """Title and sentence that it means for whoever reads, after its own."""
    error = ended(
        {
            "error": {
                "message": "Invalid parameter",
                "code": 100,
                "error_user_title": "T.",
                "error_user_msg": "The price.",
            }
        },
        status=400,
    )

    assert error.problems == (Problem("100", "Invalid parameter T. The price.", ("price",)),)


def test_an_error_with_a_good_status_is_no_success() -> None:
    """Such answers have been seen."""
    assert ended({"error": {"message": "No.", "code": 100}}).reason == "rejected"


def test_every_field_of_our_rows_has_its_place() -> None:
    """The twin takes each, and knows no other."""
    said = dict.fromkeys(COLUMNS, "x") | {
        "image_link": "https://t.mx/1.jpg",
        "additional_image_link": [],
        "availability": "in stock",
        "condition": "used",
        "price": "1 USD",
        "sale_price": "1.00 USD",
        "gender": "unisex",
        "age_group": "all ages",
        "shipping": [{"country": "US", "region": "CA", "service": "Correo", "price": "0 USD"}],
        "shipping_weight": "1.5 kg",
        "quantity_to_sell_on_facebook": "0",
    }

    assert push(PUSHER, said, MetaTwin()).warnings == ()
    with pytest.raises(PushError):
        push(PUSHER, {**said, "colour": "Azul"}, MetaTwin())


@pytest.mark.parametrize("said", [{"shipping": [{"price": "12"}]}, {"shipping_weight": "? g"}])
def test_what_is_no_amount_or_number_is_not_sent(said: Any) -> None:
    """It is not guessed at."""
    with pytest.raises(UnwritableError):
        product({"id": "A", **said})


def test_amounts_are_digit_by_digit() -> None:
    """No float comes between the row and what is sent."""
    said = product({"id": "A", "shipping": [{"country": "US", "price": "12.10 USD"}]})

    assert said["shipping"][0]["shipping_price_value"] == Decimal("12.10")


def test_the_proof_of_the_secret_is_said_where_the_seller_gave_it() -> None:
    """HMAC-SHA256 of the token by the secret, as Meta's own client makes it."""
    call = Call("POST", "/a")
    plain, proven = (CHANNEL.sign(call, "a-token", one, NOW) for one in ({}, {"app_secret": "s"}))

    assert (dict(plain.headers), dict(plain.query)) == ({"Authorization": "Bearer a-token"}, {})
    assert dict(proven.query) == {"appsecret_proof": "36c32c0196caf8995a3933422a400dd5036ccfd94068182c50f040128ab38eb9"}
