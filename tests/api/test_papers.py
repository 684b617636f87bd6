"""Papers for customs by the API: boxes filled, what stands against a paper, its PDF, and whether it is still true."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader
from sqlalchemy import update

from shopkit.api.paper_schemas import BoxesOut, DeclarationOut, PapersOut, RangeList, TakenNumber
from shopkit.models import Seller, StoredOrder
from shopkit.services import keys
from shopkit.services.actors import Actor
from tests.ordering import order, sell
from tests.shop import open_shop

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.services.context import Services

PROFILE = {"street": "Av. Hidalgo 12", "city": "Toluca", "postal_code": "50000", "email": "hola@lucero.example"}
BOXES: dict[str, Any] = {
    "postage": {"amount": "312.50", "currency": "MXN"},
    "certificate": "FITO-0042",
    "inspection": "phytosanitary",
    "importer": {"kind": "vat", "number": "X-1"},
    "undelivered": "redirect",
    "redirect": {"name": "Rosa", "street": "55 Elm St", "city": "Houston", "country": "us"},
    "signer": "  Rosa   Gómez ",
    "signed_on": "2026-11-28",
}


class Program:
    """A program of a seller with one order of two shirts to which nothing stands against CN 23."""

    def __init__(self, services: Services, app: Any) -> None:
        self.services = services
        self.actor, listing = sell(services)
        self.order = order(services, self.actor, listing)
        with services.database.writing.begin() as session:
            session.execute(update(Seller).where(Seller.id == self.actor.seller_id).values(profile=PROFILE))
        owner = Actor(self.actor.seller_id, "owner", None)
        secret = keys.create_key(services, owner, "all", keys.SCOPES, 60).secret
        self.client: FlaskClient = app.test_client()
        self.headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
        self.base = f"/api/v1/orders/{self.order.id}/papers"

    def get(self, path: str = "") -> TestResponse:
        """Read what belongs to the order's papers."""
        return self.client.get(self.base + path, headers=self.headers)

    def fill(self, body: Any) -> TestResponse:
        """Fill the boxes."""
        return self.client.put(f"{self.base}/boxes", json=body, headers=self.headers)

    def move(self, **address: str) -> None:
        """Let the order go to another address."""
        row = dict(self.order.buyer.address) | address
        with self.services.database.writing.begin() as session:
            session.execute(update(StoredOrder).where(StoredOrder.id == self.order.id).values(address=row))

    def printed(self) -> list[tuple[str, bool, list[str]]]:
        """Return what was printed, and what of it is void."""
        found = PapersOut.model_validate(self.get().get_json())
        return [(one.kind, one.void, one.changed) for one in found.printed]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Program]:
    """Return a way to make sellers with programs, all of one shop."""
    app = open_shop(tmp_path_factory.mktemp("shop"))
    return lambda: Program(app.extensions["shopkit"], app)


def words(made: TestResponse) -> str:
    """Return the words of a PDF."""
    assert made.mimetype == "application/pdf", made.get_data(as_text=True)
    found = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made.data)).pages).split())
    # Either is a hyphen that is drawn.
    return found.replace("\xad", "-")


def test_boxes_are_filled_and_read_back(program: Callable[[], Program]) -> None:
    """As they were given, blanks between words as one, countries in capitals; the rest is null."""
    asked = program()
    before, given = asked.get("/boxes").get_json(), asked.fill(BOXES)
    said = BoxesOut.model_validate(given.get_json())

    assert (given.status_code, set(before.values())) == (200, {None})
    assert given.get_json() == asked.get("/boxes").get_json()
    assert said.model_dump(mode="json", exclude_none=True) == BOXES | {
        "signer": "Rosa Gómez",
        "redirect": {
            "name": "Rosa",
            "street": "55 Elm St",
            "city": "Houston",
            "country": "US",
            "region": None,
            "postal_code": None,
            "phone": None,
        },
    }


def test_the_paper_says_what_was_filled(program: Callable[[], Program]) -> None:
    """The boxes stand on CN 23 in the language that was asked for, beside what the order says."""
    asked = program()
    asked.fill(BOXES)
    text = words(asked.get("/cn23.pdf?number=RR123456785MX&size=letter"))

    for said in (
        "Ana Pérez 1 Main St",
        "FITO-0042",
        "Postal charges / fees / Frais de port / frais 312.50 MXN",
        "(VAT No / N° de TVA): X-1",
        "X Redirect to / Réexpédier à: Rosa, 55 Elm St, Houston, UNITED STATES",
        "2026-11-28, Rosa Gómez",
        "RR 123 456 785 MX",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"colour": "red"}, "/colour"),
        ({"category": "present"}, "/category"),
        ({"postage": {"amount": "1.005", "currency": "USD"}}, "/postage/amount"),
        ({"postage": {"amount": "1", "currency": "XQX"}}, "/postage/currency"),
        ({"insured": {"amount": "5.5", "currency": "CLP"}}, "/insured/amount"),
        ({"redirect": BOXES["redirect"] | {"country": "XX"}}, "/redirect/country"),
        ({"signed_on": "2026-02-30"}, "/signed_on"),
        ({"certificate": "x" * 33}, "/certificate"),
        ({"comment": "a\nb"}, "/comment"),
        ({"origin": {"agreement": "nope"}}, "/origin/agreement"),
        ({"origin": {"agreement": "usmca", "lines": [99]}}, "/origin/lines/0"),
        ([], ""),
    ],
)
def test_boxes_that_cannot_be_read_change_nothing(program: Callable[[], Program], body: Any, pointer: str) -> None:
    """422 with the place, in all three languages; what was there stays."""
    asked = program()
    asked.fill({"signer": "Rosa"})
    found = asked.fill(body)

    assert (found.status_code, [one["pointer"] for one in found.get_json()["errors"]]) == (422, [pointer])
    assert asked.get("/boxes").get_json()["signer"] == "Rosa"


def test_what_stands_against_a_paper_is_told(program: Callable[[], Program]) -> None:
    """CN 22 of a parcel of another category: 422 with every finding at its place; nothing was printed."""
    asked = program()
    asked.fill({"category": "gift"})
    found = asked.get("/cn22.pdf")

    assert found.status_code == 422
    assert {(one["pointer"], one["message"]) for one in found.get_json()["errors"]} == {
        ("/form", "Not printed: form: CN 22 is not enough here; print CN 23."),
        ("/category", "Not printed: category: What was paid for is a sale of goods, not a gift."),
    }
    assert asked.printed() == []


def test_a_declaration_is_read_with_what_is_wrong(program: Callable[[], Program]) -> None:
    """What the papers say as JSON, the boxes among it, with the form that is needed."""
    asked = program()
    asked.fill(BOXES)
    found = DeclarationOut.model_validate(asked.get("/cn23?service=ems&on=2026-11-30").get_json())

    assert found.form is not None
    assert found.declaration is not None
    assert (found.form.needed, found.declaration["service"], found.declaration["posted_on"]) == (
        "cn23",
        "ems",
        "2026-11-30",
    )
    assert found.declaration["details"]["importer"] == {"kind": "vat", "number": "X-1"}
    assert found.declaration["terms"] == "DDP"


@pytest.mark.parametrize(
    "path", ["/cn99", "/cn99.pdf", "/cn23?service=pigeon", "/cn23.pdf?size=a0", "/packing-list.pdf?size=a6"]
)
def test_what_is_none_is_refused(program: Callable[[], Program], path: str) -> None:
    """A kind that is none is 404, a service or size that is none 422."""
    asked = program()

    assert asked.get(path).status_code == (404 if "cn99" in path else 422)


def test_a_paper_is_void_when_its_address_changes(program: Callable[[], Program]) -> None:
    """Printed twice it is one; another street makes it void and says so; the old street makes it true again."""
    asked = program()
    papers = [words(asked.get("/cn23.pdf")) for _ in range(2)]
    asked.get("/packing-list.pdf")
    fresh = asked.printed()
    asked.move(line="2 Main St")
    moved = asked.get().get_json()["printed"]
    asked.move(line="1 Main St")

    assert papers[0] == papers[1]
    assert sorted(fresh) == [("cn23", False, []), ("packing-list", False, [])]
    assert {one["message"] for one in moved} == {"Void: since it was printed this changed: recipient, street."}
    assert sorted(asked.printed()) == sorted(fresh)


def test_a_paper_is_void_when_a_box_changes(program: Callable[[], Program]) -> None:
    """The box is named, and what is printed anew is true beside it."""
    asked = program()
    asked.get("/cn23.pdf?number=RR123456785MX")
    asked.fill({"certificate": "FITO-0043"})
    asked.get("/cn23.pdf?number=RR123456785MX")

    assert sorted(asked.printed()) == [("cn23", False, []), ("cn23", True, ["certificate"])]


@pytest.mark.parametrize(
    ("market", "number", "outcome"),
    [
        ("US", "123", None),
        ("BR", "529.982.247-25", None),
        ("BR", "529.982.247-24", ("block", "tax_digits", "importer")),
        ("BR", "11222333000181", None),
        ("BR", "123", ("warn", "tax_form", "importer")),
        ("MX", "GODE561231GR9", ("warn", "tax_unusual", "importer")),
        ("AR", "20-05536168-3", ("block", "tax_digits", "importer")),
        ("CL", "12531909-3", ("block", "tax_digits", "importer")),
        ("CO", "2131234325", None),
        ("CO", "213123432-5", ("block", "tax_digits", "importer")),
        ("EC", "1714307104", ("block", "tax_digits", "importer")),
        ("PE", "20512333798", ("block", "tax_digits", "importer")),
        ("GT", "576937-1", ("block", "tax_digits", "importer")),
        ("NI", "J031", None),
    ],
)
def test_numbers_of_taxpayers_are_checked_by_their_country(
    program: Callable[[], Program], market: str, number: str, outcome: tuple[str, str, str] | None
) -> None:
    """A check digit that is wrong keeps the paper back, an unknown form is pointed at; else nothing is said."""
    asked = program()
    asked.move(country=market)
    asked.fill({"importer": {"number": number}})
    findings = asked.get("/cn23").get_json()["findings"]
    told = [(one["level"], one["code"], one["where"]) for one in findings if one["code"].startswith("tax")]

    assert told == ([] if outcome is None else [outcome])


def test_advance_data_are_read_as_json_and_xml(program: Callable[[], Program]) -> None:
    """Complete with a number, then XML is handed out; without one what is missing is told, and XML is not."""
    asked = program()
    bare = DeclarationOut.model_validate(asked.get("/advance-data").get_json())
    whole = DeclarationOut.model_validate(asked.get("/advance-data?number=RR123456785MX").get_json())
    refused, made = asked.get("/advance-data.xml"), asked.get("/advance-data.xml?number=RR123456785MX")

    assert (bare.missing, whole.missing, whole.complete_percent) == (["number"], [], 100)
    assert bare.complete_percent is not None
    assert bare.complete_percent < 100
    assert (refused.status_code, [one["pointer"] for one in refused.get_json()["errors"]]) == (422, ["/number"])
    assert (made.status_code, made.mimetype) == (200, "application/xml")
    assert b"<item>RR123456785MX</item>" in made.data
    assert asked.get("/advance-data.pdf").status_code == 404


def test_numbers_of_a_range_are_taken_by_programs(program: Callable[[], Program]) -> None:
    """Noted, taken once by the order, on its papers from then on; what overlaps is 422, another's range 404."""
    asked = program()

    def send(path: str, body: Any) -> TestResponse:
        return asked.client.post(path, json=body, headers=asked.headers)

    none = send(f"{asked.base}/number", {})
    noted = send("/api/v1/s10-ranges", {"range": "RB 12345678-12345680 MX", "warn_below": 2})
    again = send("/api/v1/s10-ranges", {"range": "RB 12345680-12345690 MX"})
    taken = [send(f"{asked.base}/number", body).get_json() for body in ({}, {"indicator": "RB"})]
    listed = RangeList.model_validate(asked.client.get("/api/v1/s10-ranges", headers=asked.headers).get_json())
    gone = program().client.delete(f"/api/v1/s10-ranges/{listed.results[0].id}", headers=program().headers)
    wrong = send(f"{asked.base}/number", {"indicator": "rb"})
    send("/api/v1/s10-ranges", {"range": "CP 12345678-12345680 MX"})
    other = send(f"{asked.base}/number", {"indicator": "CP"})

    assert (none.status_code, noted.status_code, again.status_code, gone.status_code) == (422, 200, 422, 404)
    assert [TakenNumber.model_validate(one).number for one in taken] == ["RB123456785MX"] * 2
    assert [(one.left, one.is_low) for one in listed.results] == [(2, False)]
    assert (wrong.status_code, wrong.get_json()["errors"][0]["pointer"]) == (422, "/indicator")
    assert (other.status_code, other.get_json()["errors"][0]["code"]) == (422, "s10.has_one")
    assert "RB 123 456 785 MX" in words(asked.get("/cn23.pdf"))
    both = send(f"{asked.base}/number", {"indicator": "CP", "another": True})
    assert TakenNumber.model_validate(both.get_json()).number == "CP123456785MX"
    assert "CP 123 456 785 MX" in words(asked.get("/cn23.pdf"))
    assert asked.client.delete(f"/api/v1/s10-ranges/{listed.results[0].id}", headers=asked.headers).get_json()[
        "is_closed"
    ]


def test_a_label_is_read_as_zpl(program: Callable[[], Program]) -> None:
    """At the dots an inch that were asked for; others are refused."""
    asked = program()
    made = asked.get("/cn23.zpl?dpi=300&number=RR123456785MX")

    assert (made.status_code, made.mimetype) == (200, "text/plain")
    assert made.data.startswith(b"^XA^CI28^PW1200^LL1800")
    assert b"^FDRR123456785MX^FS" in made.data
    assert [asked.get(path).status_code for path in ("/cn23.zpl?dpi=600", "/cn22.zpl")] == [422, 404]
