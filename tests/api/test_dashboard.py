"""The dashboard by HTTP: the seller's own, for a key with its scope, and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from listings.model import Listing
from shopkit.api.dashboard_schemas import DashboardResponse
from shopkit.models import Seller
from shopkit.services import goals, keys, listings, plans, sales
from shopkit.services.actors import Actor
from tests.shop import NOW, open_shop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.app import Shop
    from shopkit.services.context import Services

ANA, EVA = Actor("s_1", "owner"), Actor("s_2", "owner")
URL = "/api/v1/dashboard"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a shop with two sellers; the first has a T-shirt, three sales, a goal and a trial."""
    made = open_shop(tmp_path_factory.mktemp("shop"))
    of = services(made)
    with of.database.writing.begin() as session:
        for id_ in ("s_1", "s_2"):
            session.add(Seller(id=id_, created_at=NOW, name=id_, country="MX", currency="MXN"))
    today = of.today("MX")
    shirt: dict[str, Any] = {
        "key": "playera",
        "title": "Playera",
        "hs_code": "610910",
        "origin": "MX",
        "weight": {"value": "0.2", "unit": "kg"},
        "price": {"price": {"amount": "300", "currency": "MXN"}, "cost": {"amount": "100", "currency": "MXN"}},
    }
    listings.create_listing(of, ANA, Listing.model_validate(shirt))
    rows = (
        "1,US,playera,2026-10-01,1,300,MXN",
        "2,US,playera,2026-10-11,1,300,MXN",
        "3,CL,playera,2026-10-11,2,600,MXN",
    )
    sales.import_sales(of, ANA, "\n".join(("order,market,listing,date,quantity,value,currency", *rows)), "v.csv")
    plans.choose_markets(of, ANA, ["US", "PE"])
    plans.answer_questions(of, ANA, {"papers.origin": "no"})
    for kind, market in (("goal", "*"), ("trial", "US")):
        goals.create_goal(
            of, ANA, goals.Asked(kind, market, 100_000, "MXN", today.replace(month=10, day=1), today), today
        )
    yield made
    of.database.dispose()


def services(app: Shop) -> Services:
    """Return the services of the shop."""
    found: Services = app.extensions["shopkit"]
    return found


def bearer(app: Shop, who: Actor, *scopes: str) -> dict[str, str]:
    """Return the header of a new key."""
    return {"Authorization": f"Bearer {keys.create_key(services(app), who, 'Tienda', scopes, 60).secret}"}


def test_a_key_reads_its_sellers_dashboard(app: Shop) -> None:
    """Sales, matrix, first markets, goals and steps are there, in the shape that is described."""
    answer = app.test_client().get(URL, headers=bearer(app, ANA, "dashboard:read") | {"Accept-Language": "es"})

    assert answer.status_code == 200
    found = answer.json
    assert found is not None
    DashboardResponse.model_validate(found)
    # 600 and 600 of 1,200: two markets of the same size.
    assert (found["sales"]["hhi"], found["sales"]["equal_markets"]) == (5000, "2.0")
    assert [(one["market"], one["value"], one["share_percent"]) for one in found["sales"]["markets"]] == [
        ("CL", "600.00", "50.00"),
        ("US", "600.00", "50.00"),
    ]
    assert found["sales"]["winners"][0]["not_yet_in"] == ["PE"]
    (row,) = found["matrix"]["rows"]
    assert [(one["market"], one["sold"], one["sold_value"]) for one in row["cells"]] == [
        ("US", 2, "600.00"),
        ("PE", 0, "0.00"),
    ]
    assert sorted((one["kind"], one["reached"], one["spent"], one["left"]) for one in found["goals"]) == [
        ("goal", "1200.00", None, None),
        ("trial", "600.00", "0.00", "400.00"),
    ]
    assert found["self_assessment"]["next_steps"] == [
        "Mira si un tratado libera tu producto y con qué papel se prueba su origen."
    ]


def test_another_seller_sees_nothing_of_it(app: Shop) -> None:
    """The same address with another seller's key shows that seller's empty dashboard."""
    found = app.test_client().get(URL, headers=bearer(app, EVA, "dashboard:read")).json

    assert found is not None
    assert (found["sales"]["markets"], found["matrix"]["rows"], found["goals"]) == ([], [], [])
    assert found["sales"]["hhi"] is None


def test_a_key_must_be_good_for_it(app: Shop) -> None:
    """Nobody is 401, a key for listings alone is 403."""
    client = app.test_client()

    assert client.get(URL).status_code == 401
    assert client.get(URL, headers=bearer(app, ANA, "listings:write")).status_code == 403


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=10000", "page=1&page=2", "pages=1"])
def test_a_page_that_is_none_is_refused(app: Shop, query: str) -> None:
    """Nought, letters, too many, twice, or under another name."""
    answer = app.test_client().get(f"{URL}?{query}", headers=bearer(app, ANA, "dashboard:read"))

    assert answer.status_code == 422
