"""Pushing rows: the calls of MercadoLibre and eBay against their twins, which fail as the real ones do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests
import responses

from listings.channels.ebay import Ebay as EbayRows
from listings.channels.mercadolibre import MercadoLibre as MercadoLibreRows
from listings.channels.mercadolibre import MercadoLibreGlobal as MercadoLibreGlobalRows
from listings.channels.port import Feed
from listings.pushing.ebay import Ebay
from listings.pushing.mercadolibre import MercadoLibre, MercadoLibreGlobal
from listings.pushing.port import Call, Photo, Problem, Pushed, PushError, Reply, push
from shopkit.pushing.channels import Signed, bearer, form
from shopkit.pushing.transport import HttpTransport
from shopkit.pushing.twins.ebay import EbayTwin
from shopkit.pushing.twins.mercadolibre import MercadoLibreTwin
from tests.contracts.channels import ON
from tests.shop import NOW
from tests.unit.listings.test_calls import record

if TYPE_CHECKING:
    from shopkit.pushing.sandbox import Failure

MX = Feed("MX", "es", "MXN", "jsonl", ON, settings={"listing_type_id": "gold_special"})
ITEM = "POST /items"
PIECE = "PUT /sell/inventory/v1/inventory_item/PLA-1"
OFFER = "POST /sell/inventory/v1/offer"
FEW = Problem("item.pictures.few", "six pictures are better", ("item.pictures",), is_warning=True)
CHANNELS: tuple[tuple[Any, Any, Any], ...] = (
    (MercadoLibre(), MercadoLibreTwin, record(MercadoLibreRows(), MX)),
    (Ebay(), EbayTwin, record(EbayRows())),
)
URL = "https://api.channel.example"


def ended(pusher: Any, said: Any, twin: Any, ids: dict[str, str] | None = None) -> PushError:
    """Return the error that pushing ends with."""
    with pytest.raises(PushError) as caught:
        push(pusher, said, twin, ids)
    return caught.value


def test_mercadolibre_makes_an_item_and_then_its_description() -> None:
    """Two calls; the item's id comes back with what the channel warned of."""
    twin = MercadoLibreTwin()

    assert push(MercadoLibre(), CHANNELS[0][2], twin) == Pushed("PLA-1", {"item_id": "MLM1"}, (FEW,))
    assert twin.calls == [ITEM, "POST /items/MLM1/description"]
    assert (twin.kept["MLM1"]["price"], twin.kept["MLM1"]["description"]) == (49.90, "Hecha a mano.")


def changed(**more: Any) -> Any:
    """Return the row of MercadoLibre with an item that changed."""
    said = CHANNELS[0][2]
    return {**said, "item": {**said["item"], **more}}


def test_an_item_that_is_there_is_changed() -> None:
    """What may be changed at any time goes in one call, the rest only where it differs; the description is replaced."""
    twin = MercadoLibreTwin()
    ids = push(MercadoLibre(), CHANNELS[0][2], twin).ids
    twin.calls.clear()
    push(MercadoLibre(), changed(price="59.90 MXN", available_quantity="0"), twin, ids)
    first = list(twin.calls)
    push(MercadoLibre(), changed(title="Otra playera"), twin, ids)

    assert first == ["GET /items/MLM1", "PUT /items/MLM1", "PUT /items/MLM1/description?api_version=2"]
    assert twin.calls[3:] == [first[0], first[1], first[1], first[2]]
    kept = twin.kept["MLM1"]
    assert (kept["title"], kept["price"], kept["available_quantity"]) == ("Otra playera", 49.9, 5)


def test_a_price_in_another_money_than_the_items_is_not_sent() -> None:
    """The amount alone would be taken: 50 dollars would be on sale for 50 pesos."""
    twin = MercadoLibreTwin()
    ids = push(MercadoLibre(), CHANNELS[0][2], twin).ids
    twin.calls.clear()
    error = ended(MercadoLibre(), changed(price="50.00 USD"), twin, dict(ids))

    assert (error.reason, error.problems, error.ids) == (
        *("not_replaced", (Problem("currency_id", "MXN", ("item.currency_id",)),), ids),
    )
    assert twin.calls == ["GET /items/MLM1"]


def test_a_title_that_is_not_taken_keeps_no_price_from_coming_through() -> None:
    """An item with sales has its title for good; the channel says so, and the rest was changed before."""
    twin = MercadoLibreTwin()
    ids = push(MercadoLibre(), CHANNELS[0][2], twin).ids
    twin.sold.add("MLM1")
    error = ended(MercadoLibre(), changed(title="Otra playera", price="59.90 MXN"), twin, dict(ids))

    assert (error.reason, [one.code for one in error.problems], error.ids) == ("rejected", ["field_not_updatable"], ids)
    assert (twin.kept["MLM1"]["title"], twin.kept["MLM1"]["price"]) == ("Playera de algodón", 59.9)


def test_an_item_that_is_gone_is_told() -> None:
    """Who removed it there is told so; nothing is made in its place."""
    error = ended(MercadoLibre(), CHANNELS[0][2], MercadoLibreTwin(), {"item_id": "MLM9"})

    assert (error.reason, error.problems) == ("rejected", (Problem("not_found", "item not found"),))


def test_an_item_without_its_description_gets_its_first_one() -> None:
    """Where there is none to replace it is made."""
    twin = MercadoLibreTwin([None, "down"])
    error = ended(MercadoLibre(), CHANNELS[0][2], twin)
    push(MercadoLibre(), CHANNELS[0][2], twin, error.ids)

    assert twin.calls[-2:] == ["PUT /items/MLM1/description?api_version=2", "POST /items/MLM1/description"]


def test_global_selling_is_told_a_description_for_each_site() -> None:
    """The first goes to the marketplace's call, the next replaces it by that of the global item; no price is sent."""
    said, twin = record(MercadoLibreGlobalRows()), MercadoLibreTwin()
    ids = push(MercadoLibreGlobal(), said, twin).ids
    push(MercadoLibreGlobal(), {**said, "description": {"plain_text": "Otra."}}, twin, ids)

    assert twin.calls == [ITEM, "POST /marketplace/items/CBT1/description", "PUT /global/items/CBT1"]
    assert (twin.kept["CBT1"]["description"], MercadoLibreGlobal().replaces) == ("Otra.", False)


def test_ebay_puts_a_piece_makes_an_offer_and_publishes_it() -> None:
    """Three calls; pushed again with its ids the offer is replaced instead of made."""
    twin = EbayTwin()
    first = push(Ebay(), CHANNELS[1][2], twin)
    again = push(Ebay(), CHANNELS[1][2], twin, first.ids)

    assert first == Pushed("PLA-1", {"offer_id": "901", "listing_id": "11901"})
    assert again == first
    assert twin.calls == [
        *(PIECE, OFFER, f"{OFFER}/901/publish"),
        *(PIECE, "PUT /sell/inventory/v1/offer/901", f"{OFFER}/901/publish"),
    ]


@pytest.mark.parametrize(("pusher", "twin", "said"), CHANNELS, ids=["mercadolibre", "ebay"])
@pytest.mark.parametrize(("failure", "reason", "wait_s"), [("busy", "busy", 7.0), ("unsigned", "unsigned", None)])
def test_a_refusal_before_anything_was_done_is_told_by_its_kind(
    pusher: Any, twin: Any, said: Any, failure: Failure, reason: str, wait_s: float | None
) -> None:
    """Haste with the wait that is asked for, and a token that is not taken."""
    error = ended(pusher, said, twin([failure]))

    assert (error.reason, error.wait_s, error.ids) == (reason, wait_s, {})


def test_an_item_whose_answer_is_lost_is_unknown_and_not_made_twice() -> None:
    """Nobody knows whether the item was made, so it is not called unavailable, which would be tried again."""
    twin = MercadoLibreTwin(["lost"])
    error = ended(MercadoLibre(), CHANNELS[0][2], twin)

    assert (error.reason, twin.calls, len(twin.kept)) == ("unknown", [ITEM], 1)
    assert ended(MercadoLibre(), CHANNELS[0][2], MercadoLibreTwin(["down"])).reason == "unknown"
    assert ended(Ebay(), CHANNELS[1][2], EbayTwin(["down"])).reason == "unavailable"


@pytest.mark.parametrize("failure", ["lost", "down", "busy", "unsigned"])
def test_a_row_half_done_goes_on_from_where_it_was(failure: Failure) -> None:
    """The item is there, its description is not: the error names the item, and the next push sends the rest alone."""
    twin = MercadoLibreTwin([None, failure])
    error = ended(MercadoLibre(), CHANNELS[0][2], twin)
    done = push(MercadoLibre(), CHANNELS[0][2], twin, error.ids)

    assert (error.ids, done.ids) == ({"item_id": "MLM1"}, {"item_id": "MLM1"})
    assert twin.calls.count(ITEM) == 1


def test_an_offer_that_was_made_is_known_when_its_publication_fails() -> None:
    """The next push replaces the offer and publishes it."""
    twin = EbayTwin([None, None, "down"])
    error = ended(Ebay(), CHANNELS[1][2], twin)

    assert (error.reason, error.ids) == ("unknown", {"offer_id": "901"})
    assert push(Ebay(), CHANNELS[1][2], twin, error.ids).ids == {"offer_id": "901", "listing_id": "11901"}


def test_a_wrong_category_is_told_in_the_channels_words() -> None:
    """What a channel says is wrong comes back by its code, its words and the fields it names."""
    item = ended(MercadoLibre(), CHANNELS[0][2], MercadoLibreTwin(categories=frozenset()))
    offer = ended(Ebay(), CHANNELS[1][2], EbayTwin(categories=frozenset()))

    assert (item.reason, item.problems) == (
        "rejected",
        (Problem("item.category_id.invalid", "category is not a leaf", ("item.category_id",)),),
    )
    assert (offer.reason, offer.problems, offer.ids) == (
        "rejected",
        (Problem("25005", "The category is not a leaf category.", ("categoryId",)),),
        {"offer_id": "901"},
    )


def test_several_faults_are_told_at_once() -> None:
    """Each cause is a problem of its own."""
    said = json.loads(json.dumps(CHANNELS[0][2]))
    del said["item"]["category_id"], said["item"]["pictures"]
    error = ended(MercadoLibre(), said, MercadoLibreTwin())

    assert [one.code for one in error.problems] == [
        *("item.category_id.required", "item.pictures.required", "item.category_id.invalid"),
    ]


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}"])
def test_an_answer_that_is_none_is_garbage(body: bytes) -> None:
    """A good status with something else than the description says is no success."""

    class Odd:
        def send(self, call: Call) -> Reply:  # noqa: ARG002 - the port's
            return Reply(201, body)

    assert ended(MercadoLibre(), CHANNELS[0][2], Odd()).reason == "garbage"


def http(**changes: Any) -> HttpTransport:
    """Return a transport that does not wait."""
    usual = {"sign": lambda call: bearer(call, "a-token", {}, NOW), "sleep": lambda _: None}
    return HttpTransport(URL, **{**usual, **changes})


@responses.activate
def test_a_call_goes_out_with_token_and_body_and_haste_is_waited_out() -> None:
    """After 429 the same call is made again when the channel says."""
    waits: list[float] = []
    responses.post(f"{URL}/items", status=429, headers={"Retry-After": "3"})
    responses.post(f"{URL}/items", json={"id": "MLM1"}, status=201)
    reply = http(sleep=waits.append).send(Call("POST", "/items", b'{"price":49.90}', {"X-Own": "1"}))
    sent = responses.calls[1].request

    assert (reply.status, waits, sent.body) == (201, [3.0], b'{"price":49.90}')
    assert (sent.headers["Authorization"], sent.headers["X-Own"]) == ("Bearer a-token", "1")


@responses.activate
def test_a_long_wait_is_the_callers_to_decide() -> None:
    """What is asked for beyond the longest wait comes back as it is."""
    responses.post(f"{URL}/items", status=429, headers={"Retry-After": "300"})

    assert http().send(Call("POST", "/items", b"")) == Reply(429, b"", 300.0)


@responses.activate
def test_a_token_that_is_not_taken_is_renewed_once() -> None:
    """The second 401 is the answer."""
    tokens = iter([True])
    responses.post(f"{URL}/items", status=401)
    reply = http(renew=lambda: next(tokens)).send(Call("POST", "/items", b""))

    assert (reply.status, list(tokens), len(responses.calls)) == (401, [], 2)


@responses.activate
def test_without_a_new_token_a_call_is_not_made_again() -> None:
    """What cannot be renewed is answered as it was."""
    responses.post(f"{URL}/items", status=401)

    assert (http(renew=lambda: False).send(Call("POST", "/items")).status, len(responses.calls)) == (401, 1)


@responses.activate
def test_what_a_signature_adds_goes_with_the_callers_query() -> None:
    """A call says its query, the signature more; a GET has neither body nor its kind."""
    responses.get(f"{URL}/items")
    signed = http(sign=lambda call: Signed({"X-Key": call.method}, {"sign": "f0"}))
    signed.send(Call("GET", "/items", query={"q": "taza & más"}))
    sent = responses.calls[0].request

    assert (sent.url, sent.headers["X-Key"], "Content-Type" in sent.headers, sent.body) == (
        *(f"{URL}/items?q=taza+%26+m%C3%A1s&sign=f0", "GET", False, None),
    )


@responses.activate
def test_a_form_goes_as_one() -> None:
    """The kind of body that a call names stands in place of JSON."""
    responses.post(f"{URL}/batch")
    http().send(form("/batch", {"a": "1 2"}))
    sent = responses.calls[0].request

    assert (sent.body, sent.headers["Content-Type"]) == (b"a=1+2", "application/x-www-form-urlencoded")


@responses.activate
def test_a_call_waits_as_long_as_its_channel_works() -> None:
    """Before a call that asks how far something is, time passes."""
    waits: list[float] = []
    responses.get(f"{URL}/batch")
    http(sleep=waits.append).send(Call("GET", "/batch", after_s=2.5))

    assert waits == [2.5]


PHOTO = "https://taller.example/fotos/taza.png"


@responses.activate
def test_a_photo_is_fetched_and_goes_as_a_file() -> None:
    """Its bytes, its name and its kind, beside the texts that go with it."""
    responses.get(PHOTO, body=b"\x89PNG")
    responses.post(f"{URL}/images", json={})
    http(photos=requests.Session()).send(Call("POST", "/images", photo=Photo(PHOTO, "image", {"rank": "1"})))
    sent: Any = responses.calls[1].request
    head, *parts = sent.body.split(b"--" + sent.headers["Content-Type"].partition("=")[2].encode())

    assert (head, [part.strip().split(b"\r\n") for part in parts]) == (
        b"",
        [
            [b'Content-Disposition: form-data; name="rank"', b"", b"1"],
            [
                b'Content-Disposition: form-data; name="image"; filename="taza.png"',
                *(b"Content-Type: image/png", b"", b"\x89PNG"),
            ],
            [b"--"],
        ],
    )


@pytest.mark.parametrize("answer", [{"status": 404}, {"body": b""}, {"body": requests.ConnectTimeout()}])
@responses.activate
def test_without_its_photo_a_call_is_not_made(answer: dict[str, Any]) -> None:
    """Nothing was done, so it may be tried again."""
    responses.get(PHOTO, **answer)
    with pytest.raises(PushError) as caught:
        http(photos=requests.Session()).send(Call("POST", "/images", photo=Photo(PHOTO, "image")))

    assert (caught.value.reason, len(responses.calls)) == ("unavailable", 1)


@pytest.mark.parametrize(
    ("error", "is_repeatable", "reason"),
    [
        (requests.ConnectTimeout(), False, "unavailable"),
        (requests.ReadTimeout(), False, "unknown"),
        (requests.ReadTimeout(), True, "unavailable"),
        (requests.ConnectionError("a-token"), False, "unknown"),
    ],
)
@responses.activate
def test_what_may_have_been_done_is_not_made_again(error: Exception, is_repeatable: bool, reason: str) -> None:  # noqa: FBT001 - a parameter
    """A call that was not answered is made once, and what was sent is not in the error."""
    responses.post(f"{URL}/items", body=error)
    with pytest.raises(PushError) as caught:
        http().send(Call("POST", "/items", b"", is_repeatable=is_repeatable))

    assert (caught.value.reason, len(responses.calls), "a-token" in str(caught.value)) == (reason, 1, False)
