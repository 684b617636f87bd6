"""What changed for a seller by HTTP: its own listings and quotes, for a key with its scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from listings.model import Listing
from shopkit.api.alert_schemas import AlertsResponse
from shopkit.models import Seller
from shopkit.services import keys, listings, plans, quotes
from shopkit.services.actors import Actor
from shopkit.services.keeping import keep
from tests.shop import NOW, open_shop, shirts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.app import Shop
    from shopkit.services.context import Services

ANA, EVA = Actor("s_1", "owner"), Actor("s_2", "owner")
URL = "/api/v1/alerts"
DAYS = "since=2026-07-23&until=2026-07-24"
SHIRT: dict[str, Any] = {
    "key": "playera",
    "title": "Playera",
    "hs_code": "610910",
    "origin": "VN",
    "weight": {"value": "0.2", "unit": "kg"},
    "price": {"price": {"amount": "20", "currency": "USD"}},
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a shop with two sellers who reckon in dollars; the first has a T-shirt of Vietnam and a promised quote."""
    made = open_shop(tmp_path_factory.mktemp("shop"))
    of = services(made)
    with of.database.writing.begin() as session:
        for id_ in ("s_1", "s_2"):
            session.add(Seller(id=id_, created_at=NOW, name=id_, country="MX", currency="USD"))
    plans.choose_markets(of, ANA, ["US", "CL"])
    listings.create_listing(of, ANA, Listing.model_validate(SHIRT))
    listings.create_listing(of, ANA, Listing.model_validate(SHIRT | {"key": "sin", "price": {}}))
    keep(of, [quotes.answer(of, shirts(save=True)).row("s_1")])
    yield made
    of.database.dispose()


def services(app: Shop) -> Services:
    """Return the services of the shop."""
    found: Services = app.extensions["shopkit"]
    return found


def ask(app: Shop, query: str, who: Actor = ANA, language: str = "en") -> Any:
    """Return the answer to a new key of the seller."""
    key = keys.create_key(services(app), who, "Tienda", ("dashboard:read",), 60).secret
    return app.test_client().get(
        f"{URL}?{query}", headers={"Authorization": f"Bearer {key}", "Accept-Language": language}
    )


def test_what_a_change_does_to_a_listing(app: Shop) -> None:
    """The figures that tests/integration/test_touched.py works by hand, with the rules in the reader's words."""
    found = ask(app, DAYS, language="es").json

    AlertsResponse.model_validate(found)
    (one,) = found["alerts"]
    assert (one["before"]["landed"], one["after"]["landed"], one["difference"], one["currency"]) == (
        "26.64",
        "27.14",
        "0.50",
        "USD",
    )
    charged = {rule["id"]: (rule["name"], rule["before"], rule["after"]) for rule in one["rules"] if rule["name"]}
    assert charged == {
        "us.s122": ("Recargo temporal a las importaciones (Sección 122)", "2.00", None),
        "us.s301fl.rate125": ("Derecho Sección 301 (trabajo forzoso)", None, "2.50"),
    }
    assert [one["why"] for one in found["unasked"]] == ["no_price"]
    assert (found["looked_at"], found["markets"], found["next"]) == (
        {"listing": 2, "quote": 1, "order": 0},
        ["US", "CL"],
        None,
    )


def test_what_it_does_to_a_promised_quote(app: Shop) -> None:
    """Two Mexican shirts since February: 7.46 less, 3.73 a piece."""
    found = ask(app, "since=2026-02-01").json

    AlertsResponse.model_validate(found)
    assert [
        (one["pieces"], one["difference"], one["per_piece"]) for one in found["alerts"] if one["kind"] == "quote"
    ] == [("2", "-7.46", "-3.73")]


def test_a_closed_way_stands_beside(app: Shop) -> None:
    """The Mexican post, in September 2025."""
    found = ask(app, "since=2025-08-01&until=2025-09-10").json

    AlertsResponse.model_validate(found)
    assert [(one["id"], one["market"], one["before"], one["after"]) for one in found["closed_ways"]] == [
        ("lane.mx_us_postal_2025", "US", None, "closed")
    ]


def test_another_seller_has_none_of_it(app: Shop) -> None:
    """Every row is of the key's own seller."""
    found = ask(app, DAYS, EVA).json

    assert (found["alerts"], found["unasked"], found["looked_at"]) == ([], [], {"listing": 0, "quote": 0, "order": 0})


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("", "query:since", "query.required"),
        ("since=2026-07-32", "query:since", "date.impossible"),
        ("since=2026-07-24&until=2026-07-23", "query:until", "date.before"),
        ("since=2026-07-24&page=2", "query:page", "unknown_field"),
        (f"{DAYS}&after=parcel:1", "query:after", "query.cursor"),
    ],
)
def test_a_query_that_is_wrong(app: Shop, query: str, pointer: str, code: str) -> None:
    """Each with what to write instead."""
    answer = ask(app, query)

    assert answer.status_code == 422
    assert (pointer, code) in [(one["pointer"], one["code"]) for one in answer.json["errors"]]
