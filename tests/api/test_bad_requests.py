"""Everything wrong in a request is listed at once, where it stands; nothing wrong is guessed at, nothing is a 500."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from shopkit.security import MAX_BATCH_BODY, MAX_BODY
from tests.shop import shirt, shirts

if TYPE_CHECKING:
    from flask.testing import FlaskClient

QUOTES = "/api/v1/quotes"
USD = "USD"
PROBLEM = "application/problem+json"


def errors(client: FlaskClient, request: Any) -> list[tuple[str, str]]:
    """Return where and what, in the order of pointers, and see that it is a 422."""
    reply = client.post(QUOTES, json=request)
    assert (reply.status_code, reply.mimetype) == (422, PROBLEM)
    return sorted((error["pointer"], error["code"]) for error in reply.get_json()["errors"])


def item(**more: Any) -> dict[str, Any]:
    """Return the request with some fields of its item replaced."""
    return shirts(items=[shirt(**more)])


def price(amount: Any, currency: Any = USD) -> dict[str, Any]:
    """Return the request with another price."""
    return item(unit_price={"amount": amount, "currency": currency})


AMOUNT = "/items/0/unit_price/amount"
MILLIONS = shirt(quantity="999999999", unit_price={"amount": "9" * 15, "currency": USD})
CURRENCY = "/items/0/unit_price/currency"


@pytest.mark.parametrize(
    ("request_", "pointer", "code"),
    [
        (price("NaN"), AMOUNT, "amount.invalid"),
        (price("Infinity"), AMOUNT, "amount.invalid"),
        (price("1e400"), AMOUNT, "amount.invalid"),
        (price("-1.00"), AMOUNT, "amount.invalid"),
        (price("9" * 40), AMOUNT, "amount.invalid"),
        (price("1.0000001"), AMOUNT, "amount.invalid"),
        (price("1,50"), AMOUNT, "amount.invalid"),
        (price(""), AMOUNT, "amount.invalid"),
        (price("1\n"), AMOUNT, "amount.invalid"),
        (price("٢٥"), AMOUNT, "amount.invalid"),
        (price(25), AMOUNT, "type.decimal"),
        (price(25.0), AMOUNT, "type.decimal"),
        (price(None), AMOUNT, "type.decimal"),
        (price("25.00", "us$"), CURRENCY, "currency.invalid"),
        (price("25.00", "XXQ"), CURRENCY, "currency.unknown"),
        (price("0.00"), "/items/0/declared_value", "declared_value.needed"),
        (shirts(currency="ZZZ"), "/currency", "currency.unknown"),
        (shirts(date="2026-02-30"), "/date", "date.impossible"),
        (shirts(date="23/11/2026"), "/date", "date.invalid"),
        (shirts(date="2026-11-23T00:00:00Z"), "/date", "date.invalid"),
        (shirts(date="9999-12-31"), "/date", "date.range"),
        (shirts(date=20261123), "/date", "type.text"),
        (shirts(ready_on="2026-13-01"), "/ready_on", "date.impossible"),
        (shirts(exported_on="0001-01-01"), "/exported_on", "date.range"),
        (shirts(exported_on="2026-11-24"), "/exported_on", "exported.after_entry"),
        (shirts(date=None, exported_on="2026-11-24"), "/exported_on", "exported.after_entry"),
        (shirts(date="2026-02-30", exported_on="2027-01-01"), "/date", "date.impossible"),
        (shirts(destination={"country": "usa"}), "/destination/country", "country.invalid"),
        (shirts(destination={"country": "ZZ"}), "/destination/country", "country.unknown"),
        (shirts(dispatch={"country": "Mexico"}), "/dispatch/country", "country.invalid"),
        (shirts(destination={"country": "US", "region": "C-A"}), "/destination/region", "place.invalid"),
        (shirts(destination={"country": "US", "postal_code": "<script>"}), "/destination/postal_code", "place.invalid"),
        (shirts(destination={"country": "BR", "region": "QQ"}), "/destination/region", "region.unknown"),
        (shirts(channel="pigeon"), "/channel", "choice"),
        (shirts(channel="freight"), "/transport", "transport.needed"),
        (shirts(transport="air"), "/transport", "transport.not_for_parcels"),
        (shirts(terms="FOB"), "/terms", "terms.not_for_parcels"),
        (shirts(terms="FOB", channel="freight", transport="sea"), "/place", "place.needed"),
        (shirts(items=[]), "/items", "count.too_few"),
        (shirts(items=[shirt(id=str(n)) for n in range(201)]), "/items", "count.too_many"),
        (shirts(items="shirts"), "/items", "type.list"),
        (shirts(items=[shirt(), shirt()], parcel=None), "/items/1/id", "item.id_twice"),
        (shirts(items=["shirt"]), "/items/0", "type.object"),
        (item(quantity="0"), "/items/0/quantity", "measure.zero"),
        (item(quantity="2 pairs"), "/items/0/quantity", "measure.invalid"),
        (item(quantity=2), "/items/0/quantity", "type.decimal"),
        (shirts(parcel=None, items=[MILLIONS]), "/items/0/quantity", "total.too_large"),
        (item(hs_code="61A9"), "/items/0/hs_code", "hs.invalid"),
        (item(hs_code="6"), "/items/0/hs_code", "hs.invalid"),
        (item(hs_code="61091000123"), "/items/0/hs_code", "hs.invalid"),
        (item(hs_code="610"), "/items/0/hs_code", "hs.invalid"),
        (item(hs_code="999999"), "/items/0/hs_code", "hs.unknown"),
        (item(hs_code=None, description=" "), "/items/0/description", "item.nameless"),
        (item(description="a\u0000b"), "/items/0/description", "text.characters"),
        (item(description="x" * 501), "/items/0/description", "text.too_long"),
        (item(weight={"value": "0.2", "unit": "stone"}), "/items/0/weight/unit", "choice"),
        (item(weight={"value": "0.2 kg", "unit": "kg"}), "/items/0/weight/value", "measure.invalid"),
        (item(weight={"value": "0", "unit": "kg"}), "/items/0/weight/value", "measure.zero"),
        (item(weight={"value": "200", "unit": "kg"}), "/parcel/gross_weight", "weight.net_above_gross"),
        (item(measures={"volume_l": "750 ml"}), "/items/0/measures/volume_l", "measure.invalid"),
        (item(measures={"volume_l": 0.75}), "/items/0/measures/volume_l", "type.decimal"),
        (item(measures={"litres": "0.75"}), "/items/0/measures/litres", "measure.unknown"),
        (item(attributes={"colour": "red"}), "/items/0/attributes/colour", "attribute.unknown"),
        (item(origin="XX"), "/items/0/origin", "country.unknown"),
        (item(origin_evidence="sure"), "/items/0/origin_evidence", "choice"),
        (item(preference="NAFTA!"), "/items/0/preference", "name.invalid"),
        (shirts(importer={"kind": "dealer"}), "/importer/kind", "choice"),
        (shirts(importer={"prior_use": {"year_parcels": -1}}), "/importer/prior_use/year_parcels", "number.range"),
        (shirts(importer={"prior_use": {"year_parcels": "2"}}), "/importer/prior_use/year_parcels", "type.integer"),
        (shirts(importer={"prior_use": {"year_parcels": True}}), "/importer/prior_use/year_parcels", "type.integer"),
        (shirts(importer={"prior_use": {"year_parcels": 2.0}}), "/importer/prior_use/year_parcels", "type.integer"),
        (shirts(seller={"registrations": ["QQ"]}), "/seller/registrations/0", "country.unknown"),
        (shirts(price_includes=["tips"]), "/price_includes/0", "choice"),
        (shirts(save="yes"), "/save", "type.boolean"),
        (shirts(save=1), "/save", "type.boolean"),
        (shirts(freight={"amount": "12.00"}), "/freight/currency", "required"),
        (shirts(parcel={"gross_weight": None, "height": "1"}), "/parcel/height", "unknown_field"),
        (shirts(**{"a/b~c": 1}), "/a~1b~0c", "unknown_field"),
        ([], "", "type.object"),
        ("text", "", "type.object"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 60 else "",
)
def test_one_thing_wrong_is_one_error(client: FlaskClient, request_: Any, pointer: str, code: str) -> None:
    """A single fault is a single error, with a pointer to its place and a stable code."""
    assert errors(client, request_) == [(pointer, code)]


def test_everything_wrong_is_said_at_once(client: FlaskClient) -> None:
    """Faults of shape, of meaning and of the tariff come in one answer, so that one correction is enough."""
    broken = shirts(
        dat="2026-11-23",
        parcel=None,
        currency="XXQ",
        channel="pigeon",
        freight={"amount": 12, "currency": USD},
        items=[
            shirt(unit_price={"amount": "1e400", "currency": USD}),
            shirt(hs_code="999999"),
            shirt(id="3", quantity="0", attributes={"colour": "red"}),
        ],
    )

    assert errors(client, broken) == [
        ("/channel", "choice"),
        ("/currency", "currency.unknown"),
        ("/dat", "unknown_field"),
        ("/freight/amount", "type.decimal"),
        ("/items/0/unit_price/amount", "amount.invalid"),
        ("/items/1/hs_code", "hs.unknown"),
        ("/items/1/id", "item.id_twice"),
        ("/items/2/attributes/colour", "attribute.unknown"),
        ("/items/2/quantity", "measure.zero"),
    ]


def test_missing_fields_are_all_named(client: FlaskClient) -> None:
    """An empty request names every field it needs."""
    assert errors(client, {}) == [
        ("/channel", "required"),
        ("/destination", "required"),
        ("/dispatch", "required"),
        ("/items", "required"),
    ]


def test_a_misspelt_field_is_told_its_name(client: FlaskClient) -> None:
    """An unknown field near a known one is answered with the known one, in the reader's language."""
    reply = client.post(QUOTES, json=item(quantiti="2"), headers={"Accept-Language": "es"})

    assert [error["message"] for error in reply.get_json()["errors"]] == [
        "Aquí no hay ningún campo «quantiti». ¿Quisiste decir «quantity»?"
    ]


def test_a_code_that_does_not_exist_names_the_nearest(client: FlaskClient) -> None:
    """An HS code that is in no tariff is answered with codes that are, nearest first."""
    reply = client.post(QUOTES, json=item(hs_code="610911"))

    [error] = reply.get_json()["errors"]
    assert (error["pointer"], error["code"]) == ("/items/0/hs_code", "hs.unknown")
    assert "6109.10" in error["message"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"{", "line 1, column 2"),
        (b'{"a": 1,}', "column 9"),
        (b'{"a": NaN}', "NaN is not a number of JSON"),
        (b'{"a": [-Infinity]}', "-Infinity is not a number of JSON"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', 'the key "c" stands twice'),
        (b'{"a": "\xff"}', "byte 7 is not UTF-8"),
        (b'{"a": "\\ud800"}', "half a Unicode character"),
        (b'{"\\udfff": 1}', "half a Unicode character"),
        (b"\xef\xbb\xbf{}", "column 1"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "thousands of digits"),
    ],
)
def test_what_is_no_json_is_unreadable(client: FlaskClient, body: bytes, said: str) -> None:
    """A body that two readers could understand differently, or not at all, is 400 with the place."""
    reply = client.post(QUOTES, data=body, content_type="application/json")

    assert (reply.status_code, reply.mimetype) == (400, PROBLEM)
    assert said in reply.get_json()["detail"]


def test_whole_characters_beyond_the_basic_plane_are_read(client: FlaskClient) -> None:
    """A pair of surrogates is one character and is accepted."""
    body = json.dumps(item(description="gato \U0001f408")).encode("ascii")

    assert client.post(QUOTES, data=body, content_type="application/json").status_code == 200


@pytest.mark.parametrize(
    ("path", "size"), [(QUOTES, MAX_BODY), ("/api/v1/compare", MAX_BODY), (QUOTES + "/batch", MAX_BATCH_BODY)]
)
def test_a_body_too_large_is_refused_unread(client: FlaskClient, path: str, size: int) -> None:
    """One byte over the limit is 413 and told the limit; at the limit the body is read."""
    over = client.post(path, data=b" " * (size + 1), content_type="application/json")
    at = client.post(path, data=b" " * size, content_type="application/json")

    assert (over.status_code, over.mimetype) == (413, PROBLEM)
    assert over.get_json()["detail"] == f"At most {size // 1_000_000} MB are read; send less at a time."
    assert at.status_code == 400


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml"])
@pytest.mark.parametrize("path", [QUOTES, QUOTES + "/batch", "/api/v1/compare"])
def test_another_media_type_is_refused(client: FlaskClient, path: str, content_type: str) -> None:
    """What does not say that it is JSON is 415, even if it is."""
    reply = client.post(path, data=json.dumps(shirts()), content_type=content_type)

    assert (reply.status_code, reply.mimetype) == (415, PROBLEM)


def test_json_with_a_charset_is_json(client: FlaskClient) -> None:
    """A parameter behind the media type changes nothing."""
    reply = client.post(QUOTES, data=json.dumps(shirts()), content_type="application/json; charset=utf-8")

    assert reply.status_code == 200


def test_another_method_names_the_right_one(client: FlaskClient) -> None:
    """A method that a route does not take is 405 with those it takes."""
    reply = client.delete(QUOTES)

    assert (reply.status_code, reply.mimetype) == (405, PROBLEM)
    assert set(reply.headers["Allow"].replace(" ", "").split(",")) == {"POST", "OPTIONS"}


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", "/api/v2/quotes"])
def test_nothing_there_is_a_problem_too(client: FlaskClient, path: str) -> None:
    """An address of the API without anything is 404 as problem+json, in the reader's language."""
    reply = client.get(path, headers={"Accept-Language": "pt"})

    assert (reply.status_code, reply.mimetype) == (404, PROBLEM)
    assert reply.get_json() == {
        "type": "/api/docs#problem-not-found",
        "title": "Não há nada aqui",
        "status": 404,
        "instance": path,
    }


@pytest.mark.parametrize("length", ["100", "+5", "5_0", "x", "1" * 30])
def test_a_length_that_is_not_true_is_no_fault_of_ours(client: FlaskClient, length: str) -> None:
    """A body shorter than announced, or an announcement that is no number, is the client's error."""
    reply = client.post(
        QUOTES, data=b"{}", content_type="application/json", environ_overrides={"CONTENT_LENGTH": length}
    )

    assert 400 <= reply.status_code < 500


def test_an_unannounced_body_is_read_to_its_end(client: FlaskClient) -> None:
    """A body that comes in pieces, its length unknown, is read within the same limit."""

    def send(body: bytes) -> int:
        environ = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
        return client.post(
            QUOTES, input_stream=BytesIO(body), content_type="application/json", environ_overrides=environ
        ).status_code

    assert (send(json.dumps(shirts()).encode()), send(b" " * (MAX_BODY + 1))) == (200, 413)
