"""Listings and photos by HTTP: kept, changed by two at once, archived, taken back, judged; each seller's own alone."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from shopkit.models import Seller
from shopkit.services import keys
from shopkit.services.actors import Actor
from tests.shop import NOW

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop

Json = dict[str, Any]
LISTINGS = "/api/v1/listings"


class Program:
    """A program of a seller's, with its key."""

    def __init__(self, app: Shop, seller: str, *scopes: str) -> None:
        services = app.extensions["shopkit"]
        owner = Actor(seller, "owner")
        with services.database.writing.begin() as session:
            if session.get(Seller, seller) is None:
                session.add(Seller(id=seller, created_at=NOW, name=seller, country="MX", currency="MXN"))
        secret = keys.create_key(services, owner, "test", scopes or ("listings:write",), 600).secret
        self.client: FlaskClient = app.test_client()
        self.headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> TestResponse:
        """Send a request; underscores in names of headers are hyphens."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, bytes):
            return self.client.open(path, method=method, data=body, headers=self.headers | more)
        return self.client.open(path, method=method, json=body, headers=self.headers | more)


@pytest.fixture(scope="module")
def ana(app: Shop) -> Program:
    """Return a program that may change the listings of a seller."""
    return Program(app, "s_ana")


@pytest.fixture(scope="module")
def eva(app: Shop) -> Program:
    """Return a program of another seller."""
    return Program(app, "s_eva")


@pytest.fixture(scope="module")
def reader(app: Shop) -> Program:
    """Return a program of the first seller that may only read."""
    return Program(app, "s_ana", "listings:read")


def cup(**more: Any) -> Json:
    """Return a listing to send."""
    return {"key": "taza", "title": "Taza de peltre"} | more


def made(program: Program, **more: Any) -> Json:
    """Return a listing that was kept."""
    response = program.ask("POST", LISTINGS, cup(**more))
    assert response.status_code == 201, response.text
    found: Json = response.get_json()
    return found


def errors(response: TestResponse) -> list[tuple[str, str]]:
    """Return where something is wrong and what."""
    assert response.content_type == "application/problem+json"
    return [(one["pointer"], one["code"]) for one in response.get_json()["errors"]]


def photo(side: int = 300) -> bytes:
    """Return a file as a camera makes it."""
    out = BytesIO()
    Image.new("RGB", (side, side), "red").save(out, "JPEG")
    return out.getvalue()


def test_a_listing_is_kept_and_read_again(ana: Program) -> None:
    """What was sent comes back, with an id, a version and an address."""
    response = ana.ask("POST", LISTINGS, cup(key="nueva", hs_code="7323.94", variants=[{"sku": "N-1", "stock": 3}]))
    again = ana.ask("GET", response.headers["Location"])

    assert (response.status_code, again.status_code) == (201, 200)
    assert again.get_json() == response.get_json()
    assert again.get_json()["listing"] == cup(key="nueva", hs_code="732394", variants=[{"sku": "N-1", "stock": 3}])
    assert (again.get_json()["version"], again.headers["ETag"], again.headers["Cache-Control"]) == (
        1,
        '"1"',
        "private, no-cache",
    )


def test_sent_twice_with_one_key_it_is_kept_once(ana: Program) -> None:
    """The second answer is the first one."""
    first, second = (ana.ask("POST", LISTINGS, cup(key="una"), Idempotency_Key="k-una") for _ in range(2))

    assert (first.status_code, second.data) == (201, first.data)


def test_what_did_not_change_is_not_sent_again(ana: Program) -> None:
    """The version is the tag."""
    kept = made(ana, key="igual")
    response = ana.ask("GET", f"{LISTINGS}/{kept['id']}", If_None_Match='"1"')

    assert (response.status_code, response.data) == (304, b"")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], [("", "type.object")]),
        ({}, [("/key", "required"), ("/title", "required")]),
        (cup(key="a b"), [("/key", "listing_key.invalid")]),
        (cup(title=""), [("/title", "text.too_short")]),
        (cup(colour="red"), [("/colour", "unknown_field")]),
        (cup(hs_code="61091"), [("/hs_code", "hs.invalid")]),
        (cup(origin="XX"), [("/origin", "country.unknown")]),
        (cup(weight={"value": 1, "unit": "kg"}), [("/weight/value", "type.decimal")]),
        (cup(price={"price": {"amount": "1,5", "currency": "XXX"}}), [
            ("/price/price/amount", "decimal.invalid"), ("/price/price/currency", "currency.unknown"),
        ]),
        (cup(attributes={"Color": "rojo"}), [("/attributes/Color", "attribute.name")]),
        (cup(pictures=["javascript:alert(1)"]), [("/pictures/0", "url.invalid")]),
        (cup(language="español"), [("/language", "language.invalid")]),
        (cup(variants=[{"sku": "A"}, {"sku": "A"}]), [("", "sku.twice")]),
        (cup(variants={}), [("/variants", "type.list")]),
        (cup(markets=[{"market": "USA"}, {"market": "ZZ"}]), [("/markets/0/market", "market.invalid")]),
        (cup(markets=[{"market": "ZZ"}]), [("/markets/0/market", "country.unknown")]),
        (cup(photos=[{"id": "0" * 64, "width": 1, "height": 1}]), [("/photos/0/id", "photo.unknown")]),
        (cup(certificates=[{"kind": "FDA", "expires_on": "2026-02-30"}]), [
            ("/certificates/0/expires_on", "date.impossible"),
        ]),
    ],
)  # fmt: skip
def test_everything_wrong_is_told_at_its_place(ana: Program, body: object, expected: list[tuple[str, str]]) -> None:
    """A pointer and a stable code for each fault, and a sentence without holes."""
    response = ana.ask("POST", LISTINGS, body)

    assert (response.status_code, errors(response)) == (422, expected)
    assert [one["message"] for one in response.get_json()["errors"] if "{" in one["message"]] == []


def test_codes_are_read_in_either_case(ana: Program) -> None:
    """As everywhere; what is kept has capitals."""
    kept = made(ana, key="minusculas", origin="mx", price={"price": {"amount": "9", "currency": "mxn"}})

    assert (kept["listing"]["origin"], kept["listing"]["price"]["price"]["currency"]) == ("MX", "MXN")


def test_a_sku_belongs_to_one_listing(ana: Program) -> None:
    """The variant that stands elsewhere is named; so is a key that is taken."""
    made(ana, key="primera", variants=[{"sku": "S-1"}])

    assert errors(ana.ask("POST", LISTINGS, cup(key="otra", variants=[{"sku": "S-2"}, {"sku": "S-1"}]))) == [
        ("/variants/1/sku", "sku.taken")
    ]
    assert errors(ana.ask("POST", LISTINGS, cup(key="primera"))) == [("/key", "listing_key.taken")]


def test_a_lost_update_is_refused_with_both_texts(ana: Program) -> None:
    """Who read version 1 does not overwrite version 2, and learns how it is now and where they differ."""
    kept = made(ana, key="dos-a-la-vez")
    here = f"{LISTINGS}/{kept['id']}"
    first = ana.ask("PUT", here, cup(key="dos-a-la-vez", title="Taza azul"), If_Match='"1"')
    second = ana.ask("PUT", here, cup(key="dos-a-la-vez", title="Taza verde"), If_Match='"1"')

    assert (first.status_code, first.get_json()["version"], first.headers["ETag"]) == (200, 2, '"2"')
    assert (second.status_code, second.headers["ETag"]) == (412, '"2"')
    assert second.get_json()["type"] == "/api/docs#problem-stale"
    assert second.get_json()["current"] == first.get_json()
    assert second.get_json()["yours"]["title"] == "Taza verde"
    assert second.get_json()["differences"] == [{"path": ["title"], "before": "Taza azul", "after": "Taza verde"}]
    assert ana.ask("GET", here).get_json()["listing"]["title"] == "Taza azul"


@pytest.mark.parametrize("given", [None, "*"])
def test_replacing_names_what_it_replaces(ana: Program, given: str | None) -> None:
    """Without a version, or with any, it is 428: somebody's change might be lost."""
    kept = made(ana, key=f"sin-{given == '*'}")
    headers = {} if given is None else {"If_Match": given}
    response = ana.ask("PUT", f"{LISTINGS}/{kept['id']}", cup(), **headers)

    assert (response.status_code, response.get_json()["title"]) == (428, "The version that was read is missing")


def test_a_version_that_is_none_is_told(ana: Program) -> None:
    """The header is named in the place of a pointer."""
    kept = made(ana, key="version-rara")

    assert errors(ana.ask("PUT", f"{LISTINGS}/{kept['id']}", cup(), If_Match='"new"')) == [
        ("header:If-Match", "listing.version")
    ]


def test_a_patch_changes_what_it_names(ana: Program) -> None:
    """A field is set, another taken away, the rest stays; a version is checked where one is given."""
    kept = made(ana, key="parche", brand="Toluca", tags=["a", "b"])
    here = f"{LISTINGS}/{kept['id']}"
    response = ana.ask("PATCH", here, {"status": "active", "brand": None, "tags": ["c"]})

    assert response.get_json()["listing"] == cup(key="parche", status="active", tags=["c"])
    assert ana.ask("PATCH", here, {"title": "Otra"}, If_Match='"1"').status_code == 412
    assert errors(ana.ask("PATCH", here, {"title": None})) == [("/title", "required")]
    assert errors(ana.ask("PATCH", here, ["title"])) == [("", "type.object")]


def test_what_is_archived_is_out_of_sight_and_comes_back(ana: Program) -> None:
    """DELETE hides and loses nothing; archived ones are listed when asked for."""
    kept = made(ana, key="vieja-y-unica")
    here = f"{LISTINGS}/{kept['id']}"
    gone = [ana.ask("DELETE", here) for _ in range(2)]
    listed = [ana.ask("GET", f"{LISTINGS}?q=vieja{more}").get_json()["total"] for more in ("", "&status=archived")]
    back = ana.ask("PATCH", here, {"status": "draft"})

    assert [(one.status_code, one.get_json()["version"], one.get_json()["status"]) for one in gone] == [
        (200, 2, "archived")
    ] * 2
    assert listed == [0, 1]
    assert (back.get_json()["listing"], back.get_json()["version"]) == (kept["listing"], 3)


def test_every_change_is_remembered_and_can_be_taken_back(ana: Program) -> None:
    """The last first, with the door it came through; what was changed again since is not taken back."""
    kept = made(ana, key="historia")
    here = f"{LISTINGS}/{kept['id']}"
    ana.ask("PATCH", here, {"title": "Segunda"})
    ana.ask("PATCH", here, {"brand": "Marca"})
    saved = ana.ask("GET", f"{here}/history").get_json()["results"]

    assert [(one["version"], one["via"][:8], one["user"]) for one in saved] == [
        (3, "key:sk_l", None),
        (2, "key:sk_l", None),
        (1, "key:sk_l", None),
    ]
    assert saved[1]["changes"] == [{"path": ["title"], "before": "Taza de peltre", "after": "Segunda"}]
    undone = ana.ask("POST", f"{here}/history/{saved[1]['id']}/undo")
    assert undone.get_json()["listing"] == cup(key="historia", brand="Marca")
    again = ana.ask("POST", f"{here}/history/{saved[1]['id']}/undo")
    assert (again.status_code, errors(again)) == (409, [("/title", "listing.changed_since")])
    assert ana.ask("POST", f"{here}/history/{saved[2]['id']}/undo").status_code == 404


def test_listings_are_found_by_their_words(ana: Program) -> None:
    """Without accents, a page at a time, the last changed first."""
    for number in range(3):
        made(ana, key=f"jarrón-{number}", title=f"Jarrón número {number}")
    found = ana.ask("GET", f"{LISTINGS}?q=jarron+numero&size=2&page=2").get_json()

    assert (found["total"], found["page"], found["size"]) == (3, 2, 2)
    assert len(found["results"]) == 1
    assert set(found["results"][0]) == {"id", "version", "key", "title", "status", "created_at", "updated_at"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("page=0", ("query:page", "number.range")),
        ("page=x", ("query:page", "number.range")),
        ("size=201", ("query:size", "number.range")),
        ("status=gone", ("query:status", "choice")),
        ("q=%00", ("query:q", "text.characters")),
        ("q=" + "x" * 201, ("query:q", "text.too_long")),
        ("quality=1", ("query:quality", "unknown_field")),
    ],
)
def test_a_query_that_cannot_be_is_told(ana: Program, query: str, expected: tuple[str, str]) -> None:
    """By the name it has in the address."""
    assert errors(ana.ask("GET", f"{LISTINGS}?{query}")) == [expected]


def test_a_listing_is_judged_for_a_market(ana: Program) -> None:
    """Points, the reasons, the next thing to mend; the parts add up to the score."""
    kept = made(ana, key="juzgada")
    found = ana.ask("GET", f"{LISTINGS}/{kept['id']}/quality?market=US&channel=google").get_json()

    assert (found["market"], found["channel"], found["score"]) == (
        "US",
        "google",
        sum(one["got"] for one in found["parts"]),
    )
    assert (
        found["next"]
        == found["faults"][0]
        == {
            "code": "photos.absent",
            "subject": "photos",
            "points": 14,
            "field": "photos",
            "reason": "There is no photo.",
            "action": "Add a photo of the product on a plain ground.",
        }
    )
    assert errors(ana.ask("GET", f"{LISTINGS}/{kept['id']}/quality?market=XX&channel=none")) == [
        ("query:market", "country.unknown"),
        ("query:channel", "choice"),
    ]


def test_a_photo_is_sent_named_and_shown(ana: Program) -> None:
    """What the answer says goes into the listing; the picture is a JPEG that may be kept for a year."""
    sent = ana.ask("POST", "/api/v1/photos", photo(), Content_Type="image/jpeg")
    kept = made(ana, key="con-foto", photos=[sent.get_json() | {"alt": "Una taza roja"}])
    shown = ana.ask("GET", f"/api/v1/photos/{sent.get_json()['id']}/thumb")
    again = ana.ask("GET", f"/api/v1/photos/{sent.get_json()['id']}/thumb", If_None_Match=shown.headers["ETag"])

    assert (sent.status_code, shown.status_code, again.status_code) == (201, 200, 304)
    assert kept["listing"]["photos"] == [
        {"id": sent.get_json()["id"], "width": 300, "height": 300, "alt": "Una taza roja"}
    ]
    assert (shown.content_type, shown.headers["Cache-Control"], shown.headers["X-Content-Type-Options"]) == (
        "image/jpeg",
        "private, max-age=31536000, immutable",
        "nosniff",
    )
    with Image.open(BytesIO(shown.data)) as image:
        assert image.size == (240, 240)


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"<svg onload='alert(1)'/>", "image/svg+xml", 422, "photo.type"),
        (b"hello", "image/jpeg", 422, "photo.type"),
        (photo()[:200], "image/jpeg", 422, "photo.broken"),
        (b"", "image/jpeg", 422, "photo.empty"),
        (photo(), "text/html", 415, None),
        (bytes(15_000_002), "image/jpeg", 413, None),
    ],
    ids=["svg", "text", "cut off", "empty", "no image", "too large"],
)
def test_what_is_no_photo_is_refused(ana: Program, body: bytes, kind: str, status: int, code: str | None) -> None:
    """Each with its reason; nothing is kept of it."""
    response = ana.ask("POST", "/api/v1/photos", body, Content_Type=kind)

    assert response.status_code == status
    assert code is None or errors(response) == [("", code)]


def test_another_sellers_listing_is_not_there(ana: Program, eva: Program) -> None:
    """Every door says 404, as for one that never was; a photo's name opens nothing either."""
    kept = made(ana, key="ajena")
    sent = ana.ask("POST", "/api/v1/photos", photo(), Content_Type="image/jpeg").get_json()
    here = f"{LISTINGS}/{kept['id']}"
    asked = [
        eva.ask("GET", here),
        eva.ask("PUT", here, cup(), If_Match='"1"'),
        eva.ask("PATCH", here, {"title": "Mía"}),
        eva.ask("DELETE", here),
        eva.ask("GET", f"{here}/history"),
        eva.ask("POST", f"{here}/history/1/undo"),
        eva.ask("GET", f"{here}/quality"),
        eva.ask("GET", f"/api/v1/photos/{sent['id']}/full"),
        eva.ask("GET", f"{LISTINGS}/l_00000000000000000000000000"),
    ]

    assert [one.status_code for one in asked] == [404] * len(asked)
    assert {json.dumps(one.get_json() | {"instance": ""}) for one in asked} == {
        json.dumps(asked[-1].get_json() | {"instance": ""})
    }
    assert errors(eva.ask("POST", LISTINGS, cup(key="copia", photos=[sent]))) == [("/photos/0/id", "photo.unknown")]


def test_a_key_that_reads_changes_nothing(ana: Program, reader: Program) -> None:
    """It sees all of its seller's and is told which scope it lacks."""
    kept = made(ana, key="solo-lectura")
    here = f"{LISTINGS}/{kept['id']}"
    refused = [
        reader.ask("POST", LISTINGS, cup(key="no")),
        reader.ask("PUT", here, cup(), If_Match='"1"'),
        reader.ask("PATCH", here, {}),
        reader.ask("DELETE", here),
        reader.ask("POST", f"{here}/history/1/undo"),
        reader.ask("POST", "/api/v1/photos", photo(), Content_Type="image/jpeg"),
    ]

    assert reader.ask("GET", here).get_json() == kept
    assert [one.status_code for one in refused] == [403] * len(refused)


def test_without_a_key_there_is_nothing(app: Shop, ana: Program) -> None:
    """401, and how to ask."""
    kept = made(ana, key="cerrada")
    response = app.test_client().get(f"{LISTINGS}/{kept['id']}")

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, 'Bearer realm="shopkit"')


def test_the_example_of_the_description_is_kept(ana: Program) -> None:
    """It can be sent as it stands, and changed as the example of a change says."""
    spec = ana.client.get("/api/openapi.json").get_json()["paths"]
    create, change = (
        spec[path][method]["requestBody"]["content"]["application/json"]["examples"]
        for path, method in ((LISTINGS, "post"), (f"{LISTINGS}/{{listing_id}}", "patch"))
    )
    kept = ana.ask("POST", LISTINGS, create["cup"]["value"])
    changed = ana.ask("PATCH", kept.headers["Location"], change["price"]["value"])

    assert (kept.status_code, changed.status_code, changed.get_json()["status"]) == (201, 200, "active")
