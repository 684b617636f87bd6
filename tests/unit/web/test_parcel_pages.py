"""The page of a parcel: opened by its link alone, in three languages, and nothing personal in it for strangers."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from landed_cost.money import Money
from listings.model import Listing
from shopkit.services import accounts, attempts, charged, demo, listings, order_acts, parcel_links, sessions, shipments
from shopkit.services.companies import command_actor
from shopkit.services.sessions import Where
from tests.ordering import BUYER, order, paid
from tests.parcels import fresh_number, said, sent
from tests.shop import NOW, open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop
    from shopkit.services.context import Services
    from shopkit.services.shipments import Shipment
    from shopkit.tracking.events import RawEvent

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a shop; each test sends parcels of its own."""
    found = open_demo(tmp_path_factory.mktemp("parcels"))
    yield found
    found.extensions["shopkit"].database.dispose()


@pytest.fixture
def services(app: Shop) -> Services:
    """Return its services."""
    found: Services = app.extensions["shopkit"]
    return found


@pytest.fixture
def client(app: Shop) -> FlaskClient:
    """Return a browser that was never here."""
    return app.test_client()


def link(services: Services, shipment: Shipment) -> str:
    """Return the path of a parcel's page."""
    return f"/t/{parcel_links.name_of(services, shipments.see(services, shipment.id))}"


def told(services: Services, *events: RawEvent, **more: Any) -> Shipment:
    """Return a parcel of which a post told something."""
    _, found = sent(services, **more)
    shipments.receive(services, found.id, events)
    return found


def read(answer: TestResponse) -> str:
    """Return what a page says, without its marks."""
    body = re.sub(r"(?s)<head>.*?</head>", "", answer.get_data(as_text=True))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def prove(client: FlaskClient, there: str, proof: str) -> TestResponse:
    """Send a postal code as the page's form does."""
    return client.post(f"{there}/open", data={"proof": proof})


def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(services: Services, client: FlaskClient) -> None:
    """Guessed, cut, with another parcel's mark, renewed since, and what is no name at all: one page of 404."""
    actor, found = sent(services)
    _, other = sent(services)
    old = link(services, found)
    mark = link(services, other).rpartition("-")[2]
    parcel_links.renew(services, actor, found.id)
    wrong = [
        old,
        link(services, found)[:-1],
        f"{link(services, found)}0",
        f"{link(services, found).rpartition('-')[0]}-{mark}",
        f"/t/{found.id}-2-{'0' * 24}",
        f"/t/{found.id}",
        "/t/-",
        "/t/x",
        "/t/%C3%B1-%00-%F0%9F%93%A6",
        f"/t/{'a' * 5000}",
    ]
    answers = [client.get(one) for one in wrong]

    assert client.get(link(services, found)).status_code == 200
    assert {(one.status_code, read(one)) for one in answers} == {(404, read(answers[0]))}
    assert {client.get(f"{one}.json").status_code for one in wrong} == {404}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "(time of Mexico City)"),
        ("es", "(hora de Ciudad de México)"),
        ("pt", "(hora local: Cidade do México)"),
    ],
)
def test_a_scan_says_whose_clock_it_is(services: Services, client: FlaskClient, language: str, told: str) -> None:
    """By the name of the place, in words that need no article of it."""
    parcel = told_at_home(services)
    page = read(client.get(f"{link(services, parcel)}?lang={language}"))

    assert told in page


def told_at_home(services: Services) -> Shipment:
    """Return a parcel with a scan in Mexico City, by the clock there."""
    return told(services, said("EMA", NOW - HOUR, utc=None, time="2026-11-23T08:00:00", zone="America/Mexico_City"))


def test_a_page_is_kept_nowhere_listed_nowhere_and_told_to_no_other_site(
    services: Services, client: FlaskClient
) -> None:
    """Neither caches nor search engines nor the sites that it links to learn its address."""
    answer = client.get(link(services, sent(services)[1]))

    names = ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")
    assert [answer.headers.getlist(name) for name in names] == [
        ["private, no-store"],
        ["noindex, nofollow"],
        ["no-referrer"],
    ]
    assert "Set-Cookie" not in answer.headers


def test_a_stranger_sees_where_it_is_and_not_whose(services: Services, client: FlaskClient) -> None:
    """Name, street, e-mail, order and goods show with the postal code; on this link, in this browser alone."""
    found = told(services, said("EMA", NOW - HOUR, place="Toluca"))
    there = link(services, found)
    personal = (BUYER.name, BUYER.email, "90012", "T-shirt", "76.63", "Pedido 1001")
    before = read(client.get(there))
    opened = prove(client, there, " 90012-1234 ")
    after = read(client.get(there))

    assert [one for one in personal if one in before] == []
    assert "Toluca" in before
    assert (opened.status_code, opened.headers["Location"]) == (303, f"{there}#yours")
    assert [one in after for one in (BUYER.name, "90012 Los Angeles", "2 × T-shirt", "Pedido 1001")] == [True] * 4
    assert BUYER.name not in read(client.get(link(services, sent(services)[1])))


def test_a_wrong_postal_code_opens_nothing_and_is_tried_ten_times(services: Services, client: FlaskClient) -> None:
    """The eleventh is not looked at, right or wrong, until the hour is over."""
    there = link(services, sent(services)[1])
    found = [prove(client, there, f"9001{place}") for place in (*"013456789", "")]
    last = prove(client, there, "90012")

    assert [one.status_code for one in found] == [422] * 10
    assert (last.status_code, last.headers["Retry-After"]) == (429, "3601")
    assert BUYER.name not in read(client.get(there))


def test_one_connection_tries_thirty_times_whatever_it_tries_at(services: Services) -> None:
    """Who goes from link to link is stopped too; another connection is not."""
    found = [sent(services)[1] for _ in range(4)]
    tried = [parcel_links.prove(services, found[count // 9], "1", "192.0.2.77") for count in range(30)]

    assert tried == [False] * 30
    with pytest.raises(attempts.TooManyError):
        parcel_links.prove(services, found[3], "90012", "192.0.2.77")
    assert parcel_links.prove(services, found[3], "90012", "192.0.2.78")


def test_a_renewed_link_closes_what_was_opened(services: Services, client: FlaskClient) -> None:
    """What a browser holds is of the link by which it was opened."""
    actor, found = sent(services)
    there = link(services, found)
    held = prove(client, there, "90012").headers["Set-Cookie"].split(";")[0]
    parcel_links.renew(services, actor, found.id)
    answer = client.get(link(services, found), headers={"Cookie": held})

    assert BUYER.name not in read(answer)


@pytest.mark.parametrize("cookie", ["parcel=1-x", "parcel=", "parcel=99999999999-" + "0" * 24, "parcel=ñ-ñ"])
def test_a_key_that_was_not_made_here_opens_nothing(services: Services, client: FlaskClient, cookie: str) -> None:
    """Nor does one whose end somebody moved."""
    answer = client.get(link(services, sent(services)[1]), headers={"Cookie": cookie})

    assert (answer.status_code, BUYER.name in read(answer)) == (200, False)


def test_where_there_is_no_postal_code_the_whole_e_mail_address_opens(services: Services, client: FlaskClient) -> None:
    """Its first letters would be guessed from a name."""
    actor, first = sent(services)
    number = fresh_number()
    found = shipments.create(
        services, actor, number, posted_on=NOW.date(), destination="PA", order_ids=first.order_ids, locale="en-PA"
    )
    there = link(services, found)

    assert "E-mail address of the order" in read(client.get(there))
    assert [prove(client, there, one).status_code for one in ("ana", "", " ANA@buyer.example ")] == [422, 422, 303]


def test_a_parcel_without_an_order_asks_for_nothing(services: Services, client: FlaskClient) -> None:
    """There is nothing personal to be shown, and nothing that would open it."""
    actor, _ = sent(services)
    made = shipments.create(
        services, actor, fresh_number(), posted_on=NOW.date(), destination="US", postcode="90012", locale="en"
    )
    there = link(services, made)

    assert "Postal code" not in read(client.get(there))
    assert prove(client, there, "90012").status_code == 422


def test_a_form_of_another_site_is_refused(services: Services, client: FlaskClient) -> None:
    """Browsers say where a form comes from."""
    answer = client.post(
        f"{link(services, sent(services)[1])}/open",
        data={"proof": "90012"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("locale", "asked", "tag", "headline"),
    [
        ("es-US", "", "es", "Llegó al país de destino."),
        ("pt-BR", "", "pt-BR", "Chegou ao país de destino."),
        ("en-US", "", "en", "Arrived in the country of destination."),
        ("es-US", "?lang=pt", "pt-BR", "Chegou ao país de destino."),
        ("fr-HT", "", "en", "Arrived in the country of destination."),
    ],
)
def test_the_page_speaks_as_its_order_does_until_another_language_is_chosen(
    services: Services, client: FlaskClient, locale: str, asked: str, tag: str, headline: str
) -> None:
    """Whatever the browser says: the buyer chose it in the store."""
    there = link(services, told(services, said("EMD", NOW - HOUR), locale=locale))
    answer = client.get(f"{there}{asked}", headers={"Accept-Language": "de"})

    assert f'<html lang="{tag}">' in answer.get_data(as_text=True)
    assert headline in read(answer)


def test_what_a_post_wrote_is_shown_as_text_and_never_as_the_headline(services: Services, client: FlaskClient) -> None:
    """Marks are letters, an unknown code is a step that cannot be read, and the bare words are folded away."""
    bad = '<script>alert("1")</script>'
    found = told(services, said("ZZ9", NOW - HOUR, text=bad, place=bad), locale="en-US")
    answer = client.get(link(services, found))
    body = answer.get_data(as_text=True)

    assert "<script>" not in body
    assert "<h1>Nothing was told of it yet.</h1>" in body
    assert "The carrier noted a step that we cannot read." in read(answer)
    assert "<summary>As it was written</summary>" in body


def test_what_a_post_wrote_of_the_buyer_is_for_the_buyer(services: Services, client: FlaskClient) -> None:
    """A name in a scan, and whatever is written at a delivery, where posts name who signed."""
    found = told(
        services,
        said("EMG", NOW - 2 * HOUR, text="Aviso a Ana PEREZ", place="Main St"),
        said("EMI", NOW - HOUR, text="Signed by J. Roe"),
        locale="en-US",
    )
    there = link(services, found)
    before = client.get(there).get_data(as_text=True)
    as_json = client.get(f"{there}.json").get_data(as_text=True)
    prove(client, there, "90012")
    after = client.get(there).get_data(as_text=True)

    written = ("PEREZ", "J. Roe")
    assert [one in before or one in as_json for one in written] == [False, False]
    assert [one in after for one in written] == [True, True]


def test_programs_read_the_same_without_anything_personal(services: Services, client: FlaskClient) -> None:
    """Headline, customs, what to expect and each scan, with the place's own time."""
    event = said("EMD", NOW - HOUR, utc=None, time="2026-11-23T06:00", zone="America/Los_Angeles", country="US")
    found = told(services, event, locale="en-US")
    answer = client.get(f"{link(services, found)}.json")

    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.get_json() == {
        "number": found.number,
        "carrier": "post",
        "origin": "MX",
        "destination": "US",
        "posted_on": "2026-11-23",
        "language": "en",
        "status": "arrived_destination_country",
        "text": "Arrived in the country of destination.",
        "leg": "destination",
        "since": "2026-11-23",
        "customs": {"state": "none", "text": "Nothing known of customs.", "reason": None},
        # From Monday 23: at least no day of customs and one of the last mile, at most two and two, without
        # Thursday and Friday, holidays of California, and the weekend.
        "expected": {
            "days": ["2026-11-24", "2026-12-01"],
            "basis": "legs",
            "waits": None,
            "promised": ["2026-11-30", "2026-12-04"],
            "lateness": None,
            "days_late": 0,
        },
        "silence": {"days": 0, "label": None},
        "delivered_on": None,
        "events": [
            {
                "day": "2026-11-23",
                "time": "06:00",
                "zone": "Los Angeles",
                "place": "United States",
                "text": "Arrived in the country of destination.",
                "raw": {"code": "EMD", "time": "2026-11-23T06:00"},
            }
        ],
    }


def test_a_page_of_ten_thousand_scans_shows_the_newest(services: Services, client: FlaskClient) -> None:
    """Two hundred are shown, the rest is counted."""
    events = [said("EMF", NOW - HOUR - timedelta(minutes=count), place=f"Office {count}") for count in range(230)]
    page = read(client.get(link(services, told(services, *events, locale="en-US"))))

    assert ("Office 0 " in page, "Office 199 " in page, "Office 200 " in page) == (True, True, False)
    assert "30 older scans are not shown." in page


@pytest.mark.parametrize(
    ("service", "told_of", "words"),
    [
        ("RR", (), "Nothing new for 20 days That is longer than usual."),
        ("UA", ("EMC",), "No further scans are expected Letter or small packet"),
        ("RR", ("EMI",), "What was promised"),
    ],
)
def test_silence_is_said_as_what_it_is(
    services: Services, client: FlaskClient, service: str, told_of: tuple[str, ...], words: str
) -> None:
    """Longer than usual, or what this kind of item does after the border; what has come is not silent."""
    actor, _ = sent(services)
    posted_on = NOW.date() - timedelta(days=20)
    number = fresh_number(service)
    made = shipments.create(services, actor, number, posted_on=posted_on, destination="US", locale="en-US")
    shipments.receive(services, made.id, [said(code, NOW - timedelta(days=9)) for code in told_of])
    page = read(client.get(link(services, made)))

    assert words in page
    assert ("Nothing new" in page) == (not told_of)


def test_two_parcels_of_an_order_lead_to_each_other_for_the_buyer(services: Services, client: FlaskClient) -> None:
    """A stranger who holds one link is not given the other."""
    actor, found = sent(services)
    other = shipments.create(
        services, actor, fresh_number(), posted_on=NOW.date(), destination="US", order_ids=found.order_ids
    )
    there = link(services, found)
    before = client.get(there).get_data(as_text=True)
    prove(client, there, "90012")
    after = client.get(there).get_data(as_text=True)

    assert [link(services, other) in body for body in (before, after)] == [False, True]


@dataclass(frozen=True, slots=True)
class Board:
    """A seller's browser before the page of an order, and the parcel that it went in."""

    browser: FlaskClient
    order_id: str
    parcel: Shipment

    def page(self) -> str:
        """Return what the page of the order says."""
        return self.browser.get(f"/orders/{self.order_id}?lang=en").get_data(as_text=True)

    def act(self, name: str) -> TestResponse:
        """Send a form of the parcel's."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page())
        assert token is not None
        return self.browser.post(f"/parcels/{self.parcel.id}/{name}", data={"csrf_token": token[1]})


@pytest.fixture(scope="module")
def shirt(app: Shop) -> str:
    """Return a listing of the seller of the demonstration."""
    services: Services = app.extensions["shopkit"]
    given = {"key": "pla", "title": "Playera", "variants": ({"sku": "PLA-M", "stock": 100},)}
    return listings.create_listing(services, command_actor(services, demo.SLUG), Listing.model_validate(given)).id


@pytest.fixture
def board(services: Services, app: Shop, shirt: str, request: pytest.FixtureRequest) -> Board:
    """Return the seller of the demonstration, whose order customs holds."""
    ana = command_actor(services, demo.SLUG)
    made = order(services, ana, shirt, request.node.name)
    paid(services, made.id)
    order_acts.pack_all(services, ana, made.id)
    order_acts.ship(services, ana, made.id, carrier="Correos de México", tracking=fresh_number())
    (found,) = shipments.of_order(services, ana, made.id)
    shipments.receive(services, found.id, [said("EMD", NOW - HOUR), said("EME", NOW)])
    browser = app.test_client()
    entered = accounts.sign_in(services, f"ana{sessions.DEMO_DOMAIN}", demo.PASSWORD, Where("192.0.2.1"))
    browser.set_cookie("sign_in", entered.token)
    return Board(browser, made.id, found)


def test_a_seller_gives_a_parcel_a_new_link_on_the_page_of_its_order(services: Services, board: Board) -> None:
    """The order's page shows where each parcel is and leads to what the buyer sees; the old link is dead."""
    old, page = link(services, board.parcel), board.page()
    answer = board.act("renew")

    assert "Held by import customs. Held by customs." in page
    assert f'{old}"' in page
    assert (answer.status_code, answer.location) == (303, f"/orders/{board.order_id}#parcels")
    assert [board.browser.get(one).status_code for one in (old, link(services, board.parcel))] == [404, 200]
    assert board.act("lose").status_code == 404


def test_a_seller_looks_at_a_receipt_and_counts_it_or_leaves_it_out(services: Services, board: Board) -> None:
    """What the buyer noted stands beside what was quoted; nothing is counted before the seller says so."""
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(picture, "PNG")
    early = board.act("count").status_code
    charged.note(services, board.parcel, Money(500, "USD"), picture.getvalue())
    page = board.page()
    states = []
    for act in ("count", "leave-out"):
        board.act(act)
        noted = charged.of_parcel(services, board.parcel.id)
        states.append(None if noted is None else noted.state)
    shown = board.browser.get(f"/parcels/{board.parcel.id}/receipt.jpg")

    assert early == 404
    assert "The buyer notes: charged USD\xa05.00 at the door. Quoted to be paid there: USD\xa00.00." in page
    assert states == ["counted", "left_out"]
    assert (shown.mimetype, shown.data[:3], shown.headers["Cache-Control"]) == (
        "image/jpeg",
        b"\xff\xd8\xff",
        "private, no-store",
    )
