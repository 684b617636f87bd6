"""Campaigns by a program: kept, changed, taken off and brought back; what is wrong is told with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from landed_cost.money import Money
from shopkit.app import services_of
from shopkit.services import campaign_links, campaign_words, campaigns, companies, demo, keys, listings, orders, quotes
from shopkit.services.actors import Actor
from tests.ordering import BUYER, DUE, paid
from tests.shop import NOW, open_demo, shirts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from shopkit.app import Shop

PATH = "/api/v1/campaigns"
MOTHERS: dict[str, Any] = {"name": "Madres", "group": "mx", "states": ["US-CA", "US-TX"], "event": "mothers-day"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a shop of the demonstration."""
    made = open_demo(tmp_path_factory.mktemp("shop"))
    yield made
    services_of(made).database.dispose()


@pytest.fixture(scope="module")
def owner(shop: Shop) -> Actor:
    """Return who owns the shop of Toluca."""
    found = companies.command_actor(services_of(shop), demo.SLUG)
    return Actor(found.seller_id, "owner")


@pytest.fixture(scope="module")
def client(shop: Shop, owner: Actor) -> FlaskClient:
    """Return a program with a key that may write."""
    secret = keys.create_key(services_of(shop), owner, "all", keys.SCOPES, 600).secret
    found = shop.test_client()
    found.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return found


def test_a_campaign_is_made_changed_archived_and_brought_back(client: FlaskClient) -> None:
    """Without a day it is for the next one; a change is told by its version."""
    made = client.post(PATH, json=MOTHERS)
    home = made.headers["Location"]
    wish = MOTHERS | {"version": 1, "locales": ["es-US", "en-US"], "margin_days": 5, "states": ["US-IL"]}
    changed = client.put(home, json=wish)
    gone = client.delete(home).status_code, client.get(home).status_code, client.delete(home).status_code
    back = client.post(f"{home}/restore"), client.post(f"{home}/restore").status_code

    head = {"id": home.rpartition("/")[2], "day": "2027-05-09", "way": "courier", "channel": "shop"}
    first = MOTHERS | head | {"locales": ["es-US"], "margin_days": 3, "framing": "country_of_origin", "version": 1}
    second = first | wish | {"version": 2}
    assert (made.status_code, made.json) == (201, first)
    assert (changed.status_code, changed.json) == (200, second)
    assert (gone, back[0].json, back[1]) == ((204, 404, 404), second, 404)


def test_what_a_campaign_brought_is_told_by_link_and_by_variant(shop: Shop, owner: Actor, client: FlaskClient) -> None:
    """A follow is counted, an order paid by its link is money held, and of two wordings too little is known yet."""
    of = services_of(shop)
    home = client.post(PATH, json=MOTHERS).headers["Location"]
    page = "https://t.example/"
    first, second = campaign_links.make_links(of, owner, home.rpartition("/")[2], page, ["flyer"], ("a", "b"))
    campaign_links.follow(of, first.code, NOW.date(), counts=True)
    actor = Actor(owner.seller_id, "owner")
    listing = listings.find_listings(of, actor, text="playera").listings[0]
    answer = quotes.answer(of, shirts(), save=False)
    line = orders.Line(listing.id, None, "T-shirt", 2, Money(2_500, "USD"))
    placed = orders.place(
        *(of, owner.seller_id, [line], BUYER, answer.stored, answer.request),
        key="campaign",
        locale="es-US",
        campaign_code=first.code,
    )
    paid(of, placed.id)
    told = client.get(f"{home}/results").get_json()

    none = {"follows": 0, "orders": 0, "paid": 0, "money": []}
    some = {"follows": 1, "orders": 1, "paid": 1, "money": [{"amount": Money(DUE, "USD").text, "currency": "USD"}]}
    link = {"medium": "flyer", "partner": None}
    assert told == {
        "links": [
            {"code": first.code, "variant": "a"} | link | some,
            {"code": second.code, "variant": "b"} | link | none,
        ],
        "variants": [{"variant": "a"} | some, {"variant": "b"} | none],
        "wordings": {"standing": "too_few", "winner": None, "missing": {"a": 99, "b": 100}},
        "languages": {"standing": "alone", "winner": None, "missing": None},
        "unread": 0,
    }


def test_a_change_of_what_somebody_changed_meanwhile_is_refused(client: FlaskClient) -> None:
    """409; the same again changes nothing."""
    home = client.post(PATH, json=MOTHERS).headers["Location"]
    same = client.put(home, json=MOTHERS | {"version": 1})
    later = client.put(home, json=MOTHERS | {"version": 2})

    assert (same.status_code, same.get_json()["version"], later.status_code) == (200, 1, 409)
    assert later.mimetype == "application/problem+json"


def test_words_stay_for_what_is_left(shop: Shop, owner: Actor, client: FlaskClient) -> None:
    """Those of a place or language that is gone go; the mark stays where the text did."""
    of = services_of(shop)
    made = client.post(PATH, json=MOTHERS | {"locales": ["es-US", "en-US"]}).get_json()
    for locale, texts in (("es-US", {"all": "Hola", "TX": "Texas"}), ("en-US", {"all": "Hello"})):
        now = campaigns.get_campaign(of, owner, made["id"]).version
        campaign_words.save_words(of, owner, made["id"], locale, texts, now)
        campaign_words.mark_read(of, owner, made["id"], locale, "Inés Robles", now + 1)
    now = campaigns.get_campaign(of, owner, made["id"]).version
    wish = MOTHERS | {"version": now, "locales": ["es-US", "en-US"], "states": ["US-CA", "US-IL"]}
    client.put(f"{PATH}/{made['id']}", json=wish)
    found = campaigns.get_campaign(of, owner, made["id"])

    assert found.words == {"es-US": {"all": "Hola"}, "en-US": {"all": "Hello"}}
    assert set(found.reviewed) == {"en-US"}
    assert {state for _, state in found.given.people} == {"CA", "IL"}


@pytest.mark.parametrize(
    ("more", "pointer", "said"),
    [
        ({"group": "zz"}, "/group", "There is no such group of origin"),
        ({"states": ["US-ZZ"]}, "/states", "Give states of the United States"),
        ({"event": "christmas"}, "/event", "There is no such feast"),
        ({"event": "carnival"}, "/event", "keeps no such feast"),
        ({"day": "2027-05-11"}, "/event", "keeps no such feast"),
        ({"channel": "mercadolibre"}, "/channel", "no such place to sell"),
    ],
)
def test_what_a_campaign_cannot_be_is_told_with_its_place(
    client: FlaskClient, more: dict[str, Any], pointer: str, said: str
) -> None:
    """422, and nothing is kept."""
    before = client.get(PATH).json
    told = client.post(PATH, json=MOTHERS | more, headers={"Accept-Language": "en"})

    assert told.status_code == 422
    assert [(one["pointer"], said in one["message"]) for one in told.get_json()["errors"]] == [(pointer, True)]
    assert client.get(PATH).json == before


@pytest.mark.parametrize("more", [{"name": ""}, {"margin_days": 61}, {"day": "2027-02-30"}, {"x": 1}, {"states": []}])
def test_a_body_of_another_shape_is_refused(client: FlaskClient, more: dict[str, Any]) -> None:
    """422 with the place."""
    told = client.post(PATH, json=MOTHERS | more)

    assert (told.status_code, [one["pointer"] for one in told.get_json()["errors"]]) == (422, [f"/{next(iter(more))}"])


def test_what_is_not_there_is_not_there_whatever_is_asked(client: FlaskClient) -> None:
    """An id that is none is 404, whatever the body says."""
    assert client.put(f"{PATH}/cm_00000000000000000000000000", json={}).status_code == 404
