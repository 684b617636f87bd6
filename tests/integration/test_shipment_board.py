"""The seller's board of parcels: what is held, late, silent or on its way back, and promise beside what it took."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select, update

from shopkit.models import ObservedParcel, StoredShipment
from shopkit.services import evidence, evidence_paper, shipment_board, shipments
from shopkit.services.shipment_board import VIEWS, Lane
from tests.integration.test_orders import services
from tests.ordering import sell
from tests.parcels import fresh_number, journey, said, sent
from tests.shop import NOW

if TYPE_CHECKING:
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.shipments import Shipment

__all__ = ["services"]
TODAY = NOW.date()


def parcel(services: Services, actor: Actor, *codes: str, days_ago: int = 0, **more: Any) -> Shipment:
    """Return a parcel that was posted some days ago, of which a post said so much on the day of posting."""
    given: dict[str, Any] = {"service": "ems", "origin": "MX", "destination": "US"} | more
    posted = TODAY - timedelta(days=days_ago)
    made = shipments.create(services, actor, given.pop("number", fresh_number("EE")), posted_on=posted, **given)
    shipments.receive(services, made.id, journey(codes, NOW - timedelta(days=days_ago)))
    return shipments.load(services, actor, made.id)


def promise(services: Services, made: Shipment, until: date) -> None:
    """Note the last day that was promised of a parcel."""
    with services.database.writing.begin() as session:
        session.execute(
            update(StoredShipment)
            .where(StoredShipment.id == made.id)
            .values(promised_from=made.posted_on, promised_until=until)
        )


def shown(services: Services, actor: Actor, view: shipment_board.View) -> list[str]:
    """Return the ids of the parcels of a view."""
    return [row.shipment.id for row in shipment_board.find(services, actor, view=view).rows]


def test_each_parcel_stands_where_it_is_to_be_looked_at(services: Services) -> None:
    """Held by customs, late, silent, on its way back, in trouble, under way and delivered: counted and listed."""
    actor, _ = sell(services)
    held = parcel(services, actor, "EMA", "EMD", "EME")
    late = parcel(services, actor, "EMA", days_ago=5)
    promise(services, late, TODAY - timedelta(days=1))
    silent = parcel(services, actor, "EMA", "EMC", days_ago=14)
    failed = parcel(services, actor, "EMA", "EMD", "EMH")
    back = parcel(services, actor, "EMA", "EMD")
    shipments.receive(services, back.id, [said(None, text="Detener envío al remitente")])
    done = parcel(services, actor, "EMA", "EMI")
    found = shipment_board.find(services, actor)

    assert found.counts == {
        "held": 1,
        "late": 1,
        "silent": 1,
        "returned": 1,
        "troubled": 1,
        "on_the_way": 5,
        "delivered": 1,
        "all": 6,
    }
    assert [shown(services, actor, view) for view in ("held", "late", "silent", "returned", "troubled")] == [
        [held.id],
        [late.id],
        [silent.id],
        [back.id],
        [failed.id],
    ]
    assert shown(services, actor, "delivered") == [done.id]


@pytest.mark.parametrize(
    ("codes", "tells"),
    [(("EMD",), False), (("EMD", "EDB"), False), (("EMD", "EME"), False), (("EMD", "EDB", "EMG"), True)],
)
def test_customs_is_told_where_the_status_does_not_say_it(
    services: Services, codes: tuple[str, ...], *, tells: bool
) -> None:
    """Presented to customs and with customs are one thing; at a delivery office and not released are two."""
    actor, _ = sell(services)
    row = shipment_board.one(services, actor, parcel(services, actor, *codes))

    assert row.tells_of_customs is tells


def test_the_promise_is_kept_until_its_last_day_is_over(services: Services) -> None:
    """On the last day that was promised a parcel is in time, on the next it is one day late."""
    actor, _ = sell(services)
    made = parcel(services, actor, "EMA")
    late = []
    for until in (TODAY, TODAY - timedelta(days=1)):
        promise(services, made, until)
        late.append((shipment_board.one(services, actor, made).late_days, shown(services, actor, "late")))

    assert late == [(0, []), (1, [made.id])]


def test_what_gives_no_more_scans_is_not_silent(services: Services) -> None:
    """A small packet that is scanned for customs alone is no alarm once it is abroad, however long ago."""
    actor, _ = sell(services)
    made = parcel(services, actor, "EMA", "EMC", days_ago=60, number=fresh_number("UA"))
    row = shipment_board.one(services, actor, made)

    assert shown(services, actor, "silent") == []
    assert (row.silence.days, row.silence.label) == (60, "no_further_scans_expected")


def test_a_parcel_is_found_by_its_number_and_by_that_of_its_order(services: Services) -> None:
    """As people type either; another's number finds nothing."""
    actor, made = sent(services, "RR000012345MX")
    other = parcel(services, actor, "EMA")
    texts = (f"{made.number[:2].lower()} {made.number[2:]}", "#1001", "1001", other.number, "hello")
    found = [[row.shipment.id for row in shipment_board.find(services, actor, text=text).rows] for text in texts]

    assert found == [[made.id], [made.id], [made.id], [other.id], []]


def test_another_sellers_parcels_are_not_there(services: Services) -> None:
    """Neither in a list, nor in a count, nor in the lanes."""
    sent(services)
    other, _ = sell(services)
    found = shipment_board.find(services, other)

    assert (found.rows, found.counts) == ((), dict.fromkeys(VIEWS, 0))
    assert shipment_board.lanes(services, other) == []


def test_a_lane_says_what_was_promised_and_what_it_took(services: Services) -> None:
    """Three arrived after 2, 4 and 9 days; two of them and one that is overdue were promised in 5; one is under way."""
    actor, _ = sell(services)
    for days, until in ((2, 5), (4, None), (9, 5)):
        made = parcel(services, actor, days_ago=days)
        shipments.receive(services, made.id, journey(("EMA", "EMI")))
        if until is not None:
            promise(services, made, made.posted_on + timedelta(days=until))
    for days in (6, 1):
        made = parcel(services, actor, "EMA", days_ago=days)
        promise(services, made, made.posted_on + timedelta(days=5))
    parcel(services, actor, "EMA", destination="CL", service="")

    assert shipment_board.lanes(services, actor) == [
        Lane("MX", "US", "ems", 5, 3, 3, 1, (2, 4, 9), 5),
        Lane("MX", "CL", "", 1, 0, 0, 0, None, None),
    ]
    assert [lane.sent for lane in shipment_board.lanes(services, actor, TODAY - timedelta(days=4))] == [3, 1]


def test_arrivals_make_the_delivery_ranges_of_quotes(services: Services) -> None:
    """Twenty parcels of a service that arrived are what quotes on their lane rest on from then on."""
    actor, _ = sell(services)
    for place in range(20):
        made = parcel(services, actor, days_ago=3 + place % 3, service="of-this-test")
        shipments.receive(services, made.id, journey(("EMA", "EMI")))
    services.observed.refresh()
    found = services.observed.find("MX", "US", "of-this-test")

    assert found is not None
    assert (found.low_days, found.likely_days, found.high_days, found.parcels) == (3, 4, 5, 20)
    assert shipment_board.lanes(services, actor)[0].is_enough


def test_a_delivery_that_is_taken_back_is_observed_no_more(services: Services) -> None:
    """The post withdraws it: the parcel took no such days."""
    actor, _ = sell(services)
    made = parcel(services, actor, service="withdrawn")
    given = {"provider": "a-post", "family": "X"}
    delivered = said("EMI", NOW - timedelta(hours=5), **given)
    shipments.receive(services, made.id, [delivered])
    query = select(func.count()).where(ObservedParcel.service == "withdrawn")
    with services.database.reading() as session:
        before = session.scalar(query)
    shipments.receive(services, made.id, [said("EMH", NOW - timedelta(hours=1), **given)])
    with services.database.reading() as session:
        after = session.scalar(query)

    assert (before, after) == (1, 0)
    assert shown(services, actor, "troubled") == [made.id]


def test_evidence_says_where_the_parcel_was(services: Services) -> None:
    """In the data as it was told, on the paper in the reader's language, and line by line for a bank."""
    actor, made = sent(services, "RR000054325MX")
    told = said("EMI", NOW - timedelta(hours=2), place="Los Angeles", country="US", text="Deliver item (Inb)")
    shipments.receive(services, made.id, [told])
    bundle = evidence.gather(services, actor, made.order_ids[0])
    paper = PdfReader(io.BytesIO(evidence.paper(services, bundle, "es")))
    text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())

    assert bundle.data["parcels"] == [
        {
            "number": "RR000054325MX",
            "carrier": "post",
            "service": "courier",
            "posted_on": "2026-11-23",
            "promised": ["2026-11-30", "2026-12-04"],
            "status": "delivered",
            "customs": "none",
            "delivered_on": "2026-11-23",
            "scans": [
                {
                    "status": "delivered",
                    "counted": "headline",
                    "at": "2026-11-23T13:04:05Z",
                    "local": None,
                    "place": "Los Angeles",
                    "country": "US",
                    "code": "EMI",
                    "words": "Deliver item (Inb)",
                    "told_by": "upu",
                    "first_received": "2026-11-23T15:04:05Z",
                }
            ],
        }
    ]
    assert "Dónde estuvo el paquete" in text
    assert "EMI Deliver item (Inb)" in text
    assert bundle.data["parcels"][0]["number"] in text
    assert evidence_paper.story(bundle).endswith(
        "\n\nParcel RR000054325MX, posted 2026-11-23, as its carrier told:\n"
        "2026-11-23T13:04:05Z: Delivered. [Los Angeles, US, EMI, Deliver item (Inb)]"
    )
