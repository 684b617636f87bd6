"""What a buyer was charged at the door: noted with a receipt, beside the quote, counted by the seller alone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from landed_cost.money import Money
from shopkit.models import ParcelCharge
from shopkit.services import charged, parcel_letters, parcel_links, shipments
from shopkit.services.actors import ForbiddenError
from shopkit.services.charged import Quoted
from shopkit.services.shipments import ShipmentNotFoundError
from tests.parcels import sent
from tests.shop import open_shop
from tests.unit.web.test_parcel_pages import link, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from shopkit.app import Shop
    from shopkit.services.context import Services
    from shopkit.services.shipments import Shipment


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a shop; each test sends parcels of its own."""
    found = open_shop(tmp_path_factory.mktemp("charges"))
    yield found
    found.extensions["shopkit"].database.dispose()


@pytest.fixture
def services(app: Shop) -> Services:
    """Return its services."""
    found: Services = app.extensions["shopkit"]
    return found


def buyer(app: Shop, found: Shipment) -> FlaskClient:
    """Return the browser of a parcel's buyer, who typed the postal code."""
    client, services = app.test_client(), app.extensions["shopkit"]
    client.set_cookie("parcel", parcel_links.key_of(services, found), path=link(services, found))
    return client


def photo(kind: str = "JPEG") -> bytes:
    """Return a photo that says where it was taken."""
    picture = Image.new("RGB", (60, 40), "white")
    exif = Image.Exif()
    exif[0x010E] = "taken at 1 Main St"
    body = io.BytesIO()
    picture.save(body, kind, exif=exif)
    return body.getvalue()


def noted(services: Services, seller: tuple[Any, Shipment], minor: int) -> Shipment:
    """Return a parcel whose buyer noted so many US cents."""
    charged.note(services, seller[1], Money(minor, "USD"))
    return seller[1]


def test_what_was_charged_stands_beside_what_was_quoted(services: Services, app: Shop) -> None:
    """The quote's own lines, what was to be paid at the door, what was, and by how much more."""
    _, found = sent(services, locale="en-US")
    client, there = buyer(app, found), link(services, found)
    before = read(client.get(there))
    answer = client.post(
        f"{there}/charged",
        data={"amount": "12.5", "currency": "usd", "receipt": (io.BytesIO(photo()), "r.jpg")},
    )
    after = read(client.get(there))

    assert "General duty USD 8.25 with the order" in before.replace("\xa0", " ")
    assert "By your quote nothing was to be paid at the door." in before
    assert (answer.status_code, answer.location) == (303, f"{there}#charged")
    told = after.replace("\xa0", " ")
    assert "You noted: USD 12.50. That is USD 12.50 more than quoted." in told
    assert "The shop has not looked at it yet." in told


@pytest.mark.parametrize(
    ("low", "high", "paid", "above"),
    [(500, 900, 700, 0), (500, 900, 1_000, 100), (500, 900, 450, -50), (600, 600, 601, 1)],
)
def test_what_lies_within_the_quoted_range_is_what_was_quoted(low: int, high: int, paid: int, above: int) -> None:
    """More is counted from the most, less from the least."""
    quote = Quoted((), Money(600, "USD"), (Money(low, "USD"), Money(high, "USD")))

    assert quote.above(Money(paid, "USD")) == Money(above, "USD")


def test_other_money_is_not_compared(services: Services) -> None:
    """No rate of the day is made up for what somebody paid at a counter."""
    assert Quoted((), Money(600, "USD"), None).above(Money(600, "BRL")) is None
    assert charged.quoted(parcel_links.personal(services, sent(services)[1])).above(Money(1, "MXN")) is None


def test_of_a_photo_the_pixels_alone_are_kept(services: Services) -> None:
    """No place, no camera: it is written anew as a JPEG, and only its seller gets it."""
    actor, found = sent(services)
    charged.note(services, found, Money(100, "USD"), photo("PNG"))
    kept = charged.receipt(services, actor, found.id)

    assert b"Main St" in photo("PNG")
    assert (kept[:3], b"Main St" in kept) == (b"\xff\xd8\xff", False)
    with pytest.raises(ShipmentNotFoundError):
        charged.receipt(services, sent(services)[0], found.id)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"amount": "x"}, 422),
        ({"amount": "0"}, 422),
        ({"amount": "1.005"}, 422),
        ({"amount": "-3"}, 422),
        ({"amount": "9" * 39}, 422),
        ({"currency": "XXX"}, 422),
        ({"receipt": (io.BytesIO(b"<svg onload=alert(1)>"), "r.jpg")}, 422),
        ({"receipt": (io.BytesIO(b""), "")}, 303),
    ],
)
def test_what_is_no_amount_or_no_photo_is_said_at_the_form(
    services: Services, app: Shop, fields: dict[str, Any], status: int
) -> None:
    """By what is in a file, whatever it is called; nothing is kept."""
    _, found = sent(services)
    answer = buyer(app, found).post(
        f"{link(services, found)}/charged", data={"amount": "3", "currency": "USD"} | fields
    )

    assert answer.status_code == status
    assert (charged.of_parcel(services, found.id) is None) == (status == 422)


def test_a_stranger_notes_and_chooses_nothing(services: Services, app: Shop) -> None:
    """Who holds the link alone is led to where the postal code is asked."""
    _, found = sent(services)
    there = link(services, found)
    answers = [
        app.test_client().post(f"{there}/charged", data={"amount": "3", "currency": "USD"}),
        app.test_client().post(f"{there}/letters", data={}),
    ]

    assert [(one.status_code, one.location) for one in answers] == [(303, f"{there}#yours")] * 2
    assert charged.of_parcel(services, found.id) is None
    assert parcel_letters.groups_of(services, found.id) == parcel_letters.DEFAULT


def test_the_buyer_chooses_letters_on_the_page(services: Services, app: Shop) -> None:
    """What is ticked is kept; a group that there is not is left out."""
    _, found = sent(services)
    buyer(app, found).post(f"{link(services, found)}/letters", data={"group": ["delivered", "posted", "news"]})

    assert parcel_letters.groups_of(services, found.id) == ("posted", "delivered")


def test_noted_again_it_takes_the_place_of_what_was_and_is_looked_at_anew(services: Services) -> None:
    """The receipt stays where no other comes."""
    actor, found = sent(services)
    charged.note(services, found, Money(100, "USD"), photo())
    charged.judge(services, actor, found.id, "counted")
    again = charged.note(services, found, Money(200, "USD"))

    assert (again.amount, again.state, again.has_receipt) == (Money(200, "USD"), "new", True)


def test_a_lane_has_figures_from_five_counted_parcels_on(services: Services) -> None:
    """Of its seller's own: what the seller has not looked at, and what another's buyers paid, is in none."""
    actor, first = sent(services)
    others = [
        shipments.create(
            services,
            actor,
            number,
            posted_on=first.posted_on,
            origin=first.origin,
            destination="US",
            service=first.service,
        )
        for number in ("RR000000005MX", "RR000000014MX", "RR000000028MX", "RR000000031MX", "RR000000045MX")
    ]
    for place, one in enumerate([first, *others]):
        charged.note(services, one, Money(100 * (place + 1), "USD"))
    found = []
    for one in (first, *others[:-1]):
        found.append(charged.lane(services, first))
        charged.judge(services, actor, one.id, "counted")
    lane = charged.lane(services, first)
    another = sent(services)[1]

    assert found == [None] * 5
    assert lane == charged.Lane(5, Money(100, "USD"), Money(300, "USD"), Money(500, "USD"))
    assert charged.lane(services, another) is None


def test_the_seller_alone_counts(services: Services) -> None:
    """Not another seller, and not who may only look."""
    actor, found = sent(services)
    charged.note(services, found, Money(100, "USD"))
    with pytest.raises(ShipmentNotFoundError):
        charged.judge(services, sent(services)[0], found.id, "counted")
    with pytest.raises(ForbiddenError):
        charged.judge(services, type(actor)(actor.seller_id, "viewer", None), found.id, "counted")
    with pytest.raises(ShipmentNotFoundError):
        charged.judge(services, actor, "sh_none", "counted")
    with services.database.reading() as session:
        row = session.get_one(ParcelCharge, found.id)

        assert row.state == "new"
