"""Catalogs of a shop: rows by text, price and days, runs that survive a kill, files at once, on both databases."""

from __future__ import annotations

import io
import itertools
import signal
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from landed_cost import Amount, Place, quote
from landed_cost.money import Money
from listings.channels.port import Feed
from listings.model import Listing
from listings.shipment import Sale, shipment_of
from shopkit import db
from shopkit.models import CatalogListing, Seller
from shopkit.services import (
    catalog_diffs,
    catalog_files,
    catalog_runs,
    catalogs,
    freight,
    listings,
    translations,
)
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.catalogs import Said, Settings
from shopkit.services.context import LawInForce, Services
from shopkit.services.problems import RequestError
from shopkit.services.translations import Written
from tests.databases import migrate
from tests.processes import run_program
from tests.shop import NOW, settings
from translations.states import PERSON, Origin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from listings.channels.port import Record
    from shopkit.services.catalog_runs import Run
    from shopkit.services.catalogs import Kept

ANA, EVA, VIEWER = Actor("s_1", "editor", "u_ana"), Actor("s_2", "editor", "u_eva"), Actor("s_1", "viewer")
LINK = "https://taller.example/{key}?v={sku}"
ENGINE = Origin("engine", engine="neural", version="1", direction="es-en", at=NOW.isoformat())
CARD = (
    "service,channel,zone,countries,up_to_kg,price,currency,min_days,max_days\n"
    "paquete,courier,norte,US MX,2,10.00,USD,3,6\n"
)
SHIRT: dict[str, Any] = {
    "key": "playera",
    "title": "Playera de algodón bordada",
    "description": "Algodón peinado, bordada a mano.",
    "status": "active",
    "brand": "Taller",
    "hs_code": "610910",
    "origin": "MX",
    "origin_evidence": "certificate",
    "attributes": {"fiber": "cotton"},
    "weight": {"value": "190", "unit": "g"},
    "pictures": ("https://taller.example/1.jpg",),
    "price": {"price": {"amount": "25.00", "currency": "USD"}},
    "making_days": 2,
}


class Clock:
    """A clock that a test turns on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> Any:
        """Return a moment that is later each time."""
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> LawInForce:
    """Return the shipped law, read once."""
    return LawInForce(settings(tmp_path_factory.mktemp("law")))


@pytest.fixture
def clock() -> Clock:
    """Return the shop's clock."""
    return Clock()


@pytest.fixture
def services(tmp_path: Path, law: LawInForce, clock: Clock) -> Iterator[Services]:
    """Return a shop of two sellers on SQLite; Ana has a shirt and a rate card."""
    yield from shop(tmp_path, f"sqlite:///{tmp_path / 'shop.sqlite'}", law, clock)


@pytest.fixture
def both(tmp_path: Path, database_url: str, law: LawInForce, clock: Clock) -> Iterator[Services]:
    """Return the same shop, on SQLite and on PostgreSQL."""
    yield from shop(tmp_path, database_url, law, clock)


def shop(folder: Path, address: str, law: LawInForce, clock: Clock) -> Iterator[Services]:
    """Open a shop."""
    database = db.open_database(address)
    migrate(database)
    found = Services(settings(folder, secret_key="x" * 40), database, law, now=clock)
    with database.writing.begin() as session:
        for id_ in ("s_1", "s_2"):
            session.add(Seller(id=id_, created_at=NOW, name="Taller & Cía.", country="MX", currency="MXN"))
    freight.import_card(found, "s_1", "propia", CARD)
    add(found)
    yield found
    database.dispose()


def add(services: Services, **more: Any) -> listings.Kept:
    """Keep a listing like the shirt."""
    return listings.create_listing(services, ANA, Listing.model_validate(SHIRT | more))


def feed(services: Services, **more: Any) -> Kept:
    """Keep a catalog of Google's for the United States in Spanish, whose charges are in the price."""
    chosen = {"link": LINK, "estimates": "highest", "card": "propia", "service": "paquete"} | more
    language = str(chosen.pop("language", "es"))
    return catalogs.create(services, ANA, Said("google", "US", language, Settings(**chosen)))


def made(services: Services, found: Kept, **more: Any) -> Run:
    """Make a catalog."""
    return catalog_runs.run(services, ANA, catalog_runs.create(services, ANA, found.id, **more).id)


def rows(services: Services, found: Kept) -> list[Record]:
    """Return what the file that is served says."""
    now = catalogs.get_feed(services, ANA, found.id)
    path = catalog_files.path_of(services, now)
    assert path is not None
    taken = catalogs.format_of("google")
    with path.open("rb") as file:
        return list(taken.read(file, Feed("US", "es", "USD", now.kind, NOW.date())))


def data(services: Services, found: Kept) -> bytes:
    """Return the bytes that are served."""
    path = catalog_files.path_of(services, catalogs.get_feed(services, ANA, found.id))
    return b"" if path is None else path.read_bytes()


def reasons(services: Services, found: Kept) -> list[tuple[str, str]]:
    """Return key and rule of what is left out."""
    return [(one.key, each.rule) for one in catalog_diffs.left_out(services, ANA, found.id)[0] for each in one.findings]


def asked(services: Services, **more: Any) -> Any:
    """Return the engine's own answer for a shirt that Ana's card brings to the United States."""
    sale = Sale(Place("MX"), Place("US"), services.today("US"), currency="USD", terms="DDP")
    shipment = shipment_of(Listing.model_validate(SHIRT | more), sale)
    return quote(
        replace(shipment, freight=Amount(shipment.items[0].unit_price.value * 0 + 10, "USD")), services.rulebook
    )


# -- what a row says ---------------------------------------------------------------------------------------------------
def test_a_row_says_price_and_charges_of_the_engine_and_the_days_of_the_estimate(services: Services) -> None:
    """The price is the goods with what the engine says is due at most; shipping is the card's, with its days."""
    found = feed(services)
    run = made(services, found)
    answer = asked(services)

    (row,) = rows(services, found)

    assert (run.state, run.counts) == ("done", {"rows": 1, "made": 1, "added": 1})
    assert row["price"] == f"{(answer.totals.goods + answer.ranges['import_charges'][1]) / 100:.2f} USD"
    assert row["shipping"] == [
        {
            "country": "US",
            "service": "paquete",
            "price": "10.00 USD",
            "min_handling_time": "3",
            "max_handling_time": "3",
            "min_transit_time": "2",
            "max_transit_time": "9",
        }
    ]
    assert (row["id"], row["link"], row["title"]) == (
        "playera",
        "https://taller.example/playera?v=playera",
        "Playera de algodón bordada",
    )


@pytest.mark.parametrize(
    ("charges", "price", "way"),
    [("price", "26.38 USD", "10.00 USD"), ("shipping", "25.00 USD", "11.38 USD"), ("apart", "25.00 USD", "10.00 USD")],
)
def test_charges_are_where_the_seller_put_them(services: Services, charges: str, price: str, way: str) -> None:
    """Of 25.00 USD and 10.00 of freight, 1.38 are due: in the price, in the shipping, or in neither."""
    assert asked(services).totals.import_charges == 138
    found = feed(services, charges=charges)

    made(services, found)

    (row,) = rows(services, found)
    assert (row["price"], row["shipping"][0]["price"]) == (price, way)


def test_an_estimate_is_no_price_unless_the_seller_says_so(services: Services) -> None:
    """By default an estimated charge leaves the row out with the engine's reason; a single figure may be allowed."""
    strict, settled = feed(services, estimates="none"), feed(services, estimates="settled")

    made(services, strict)
    made(services, settled)

    assert (data(services, strict).count(b"<item>"), reasons(services, strict)) == (0, [("playera", "estimated")])
    assert len(rows(services, settled)) == 1
    (left,) = catalog_diffs.left_out(services, ANA, strict.id)[0]
    what, fix = catalog_diffs.told(left.findings[0], "es")
    assert "US" in what
    assert "1.38 USD" in what
    assert fix


def test_what_is_refused_has_no_code_no_weight_or_is_no_goods_is_left_out_with_its_reason(services: Services) -> None:
    """Each listing that does not leave is named with why, and the others leave."""
    add(services, key="sin-codigo", title="Algo bonito sin código", hs_code=None)
    add(services, key="sin-peso", weight=None)
    add(services, key="sin-precio", price={})
    add(services, key="archivo", kind="digital")
    add(services, key="fuera", markets=({"market": "US", "included": False},))
    add(services, key="pesada", weight={"value": "9", "unit": "kg"})
    add(services, key="borrador", status="draft")
    found = feed(services)

    run = made(services, found)

    assert [row["id"] for row in rows(services, found)] == ["playera"]
    assert (run.counts["rows"], run.counts["left_out"]) == (1, 6)
    assert sorted(reasons(services, found)) == [
        ("archivo", "not_goods"),
        ("fuera", "not_offered"),
        ("pesada", "no_freight"),
        ("sin-codigo", "refused"),
        ("sin-peso", "no_weight"),
        ("sin-precio", "no_price"),
    ]
    for language in ("es", "pt", "en"):
        for one in catalog_diffs.left_out(services, ANA, found.id)[0]:
            assert all("{" not in part for part in catalog_diffs.told(one.findings[0], language))


def test_a_row_that_cannot_leave_stops_the_run_where_the_seller_chose_that(services: Services) -> None:
    """Nothing is put in place, and what was served stays."""
    found = feed(services, stops=True)
    made(services, found)
    before = data(services, found)
    add(services, key="sin-precio", price={})

    run = made(services, found)

    assert (run.state, [(one.row, one.rule) for one in run.problems]) == ("failed", [("sin-precio", "no_price")])
    assert data(services, found) == before


def test_only_text_that_may_leave_does_and_a_machines_is_told(services: Services) -> None:
    """In English nothing leaves until it is approved; what an engine wrote is structured, a person's text is not."""
    shirt = listings.find_listings(services, ANA).listings[0]
    found = feed(services, language="en-US")
    made(services, found)
    assert reasons(services, found) == [("playera", "held")]
    desk = translations.open_desk(services, ANA, shirt.id, "en-US")
    said = {"title": ("Embroidered cotton T-shirt", ENGINE), "description": ("Combed cotton, hand made.", PERSON)}
    for row in desk.rows:
        if row.leaf.field in said:
            text, origin = said[row.leaf.field]
            written = Written(row.leaf.path, text, row.digest, row.version, origin, approve=True)
            translations.write(services, ANA, shirt.id, "en-US", written)

    made(services, found)

    (sent,) = rows(services, found)
    assert sent["structured_title"]["content"] == "Embroidered cotton T-shirt"
    assert sent["description"] == "Combed cotton, hand made."


def test_variants_are_rows_of_a_group_and_what_is_sold_out_says_so(services: Services) -> None:
    """Each variant has its SKU, its colour and size, and whether it is there; the listing names the group."""
    variants = (
        {"sku": "PLA-M", "options": {"Color": "Verde", "Talla": "M"}, "stock": 3, "barcode": "7501031311309"},
        {"sku": "PLA-G", "options": {"Color": "Verde", "Talla": "G"}, "stock": 0},
    )
    add(services, key="tallas", variants=variants)
    found = feed(services)

    made(services, found)

    names = ("id", "item_group_id", "color", "size", "availability", "gtin")
    assert [tuple(row.get(name) for name in names) for row in rows(services, found)][1:] == [
        ("PLA-M", "tallas", "Verde", "M", "in_stock", "7501031311309"),
        ("PLA-G", "tallas", "Verde", "G", "out_of_stock", None),
    ]


# -- again -------------------------------------------------------------------------------------------------------------
def test_an_unchanged_run_reckons_nothing_and_the_file_stays(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time every listing is as before: no quote is asked, and the file is not written."""
    found = feed(services)
    made(services, found)
    before = catalogs.get_feed(services, ANA, found.id)
    monkeypatch.setattr("shopkit.services.catalog_prices.Pricing._quoted", lambda *_: pytest.fail("it was reckoned"))

    run = made(services, found)

    now = catalogs.get_feed(services, ANA, found.id)
    assert run.counts == {"rows": 1, "reused": 1}
    assert (now.etag, now.file, now.changed_at) == (before.etag, before.file, before.changed_at)


def test_a_run_that_finds_all_as_it_was_waits_for_nobody(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """After rows that are made others are given way to; a batch of which nothing is made goes straight on."""
    waits = []

    def waited(database: db.Database) -> None:
        waits.append(database)

    monkeypatch.setattr(db.Database, "give_way", waited)
    found = feed(services)
    counts = []
    for _ in range(2):
        made(services, found)
        counts.append(len(waits))

    assert counts == [1, 1]


def test_what_changed_is_reckoned_again_and_told_by_field(both: Services) -> None:
    """A price, a card and a listing that goes are seen, and the history says which fields were what."""
    services = both
    found = feed(services)
    second = add(services, key="otra")
    made(services, found)
    shirt = next(one for one in listings.find_listings(services, ANA).listings if one.listing.key == "playera")
    dearer = shirt.listing.model_copy(
        update={
            "price": Listing.model_validate(SHIRT | {"price": {"price": {"amount": "30.00", "currency": "USD"}}}).price
        }
    )
    listings.save_listing(services, ANA, shirt.id, dearer, shirt.version)
    listings.archive_listing(services, ANA, second.id)
    add(services, key="nueva")

    run = made(services, found)

    changes = {(one.what, one.row): one.fields for one in catalog_diffs.changes(services, ANA, run.id)[0]}
    assert changes == {
        ("changed", "playera"): {"price": ("26.38 USD", "31.38 USD")},
        ("removed", "otra"): {},
        ("added", "nueva"): {},
    }
    freight.import_card(services, "s_1", "propia", CARD.replace("10.00", "11.00"))
    assert made(services, found).counts == {"rows": 2, "made": 2, "changed": 2}


def test_another_day_of_the_same_law_changes_nothing_and_the_end_of_a_price_does(
    services: Services, clock: Clock
) -> None:
    """Rows hold while the law they were priced by is the same; an introductory price ends on its day."""
    first = {"price": {"amount": "20.00", "currency": "USD"}, "starts_on": "2026-11-01", "ends_on": "2026-11-26"}
    add(services, key="oferta", markets=({"market": "US", "introductory": first},))
    found = feed(services)
    made(services, found)
    clock.now += timedelta(days=1)
    assert made(services, found).counts == {"rows": 2, "reused": 2}
    clock.now += timedelta(days=3)

    run = made(services, found)

    assert run.counts == {"rows": 2, "reused": 1, "made": 1, "changed": 1}
    assert [row["price"] for row in rows(services, found)] == ["26.38 USD", "26.38 USD"]


def test_a_dry_run_says_what_would_come_of_it_and_keeps_nothing(services: Services) -> None:
    """Counts and findings are told; no row and no file comes of it."""
    add(services, key="sin-precio", price={})
    found = feed(services)

    run = made(services, found, is_dry=True)

    assert (run.state, run.counts["rows"], [one.rule for one in run.problems]) == ("done", 1, ["no_price"])
    assert data(services, found) == b""
    with services.database.reading() as session:
        assert session.scalars(select(CatalogListing)).all() == []


def test_an_id_that_two_listings_have_stands_once(services: Services) -> None:
    """A key that is another's SKU would stand twice in the file: the second row is left out and told."""
    add(services, key="otra", variants=({"sku": "playera"},))
    found = feed(services)

    run = made(services, found)

    assert [row["id"] for row in rows(services, found)] == ["playera"]
    assert [(one.row, one.rule) for one in run.problems] == [("playera", "twice")]


# -- killed, stopped, two at once --------------------------------------------------------------------------------------
KILLED = """
import os, signal, sys
from pathlib import Path
from shopkit import db
from shopkit.config import Settings
from shopkit.services import catalog_files, catalog_runs
from shopkit.services.actors import Actor
from shopkit.services.context import LawInForce, Services
from datetime import datetime
folder, address, run_id, where, now = sys.argv[1:]
settings = Settings(data_dir=Path(folder), secret_key="x" * 40)
services = Services(settings, db.open_database(address), LawInForce(settings), now=lambda: datetime.fromisoformat(now))
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
catalog_runs.BATCH = 5
progress = lambda done, total: die() if where == "rows" and done >= 10 else None
written = catalog_files.write
def half(folder, suffix, pieces, mark):
    def some():
        for number, piece in enumerate(pieces):
            yield piece * (100 if number == 3 else 1)
            if number == 3:
                die()
    return written(folder, suffix, some(), mark)
if where == "file":
    catalog_runs.write = half
catalog_runs.run(services, Actor("s_1", "editor"), run_id, progress)
"""


def test_a_run_that_is_killed_ends_with_the_bytes_of_an_undisturbed_one(
    services: Services, clock: Clock, tmp_path: Path
) -> None:
    """SIGKILL after two batches, again while the file is written: nothing half is served, and the end is the same."""
    for number in range(17):
        add(services, key=f"p{number:02}", title=f"Ñandú número {number} & <otros>")
    calm, killed = feed(services), feed(services)
    made(services, calm)
    run = catalog_runs.create(services, ANA, killed.id)
    address = f"sqlite:///{tmp_path / 'shop.sqlite'}"

    for where, done in (("rows", 10), ("file", 18)):
        died = run_program(KILLED, str(tmp_path), address, run.id, where, clock.now.isoformat())
        half = catalog_runs.get_run(services, ANA, run.id)
        assert (died, half.state, half.done) == (-signal.SIGKILL, "running", done)
        assert not catalog_runs.is_alive(services, half)
        assert data(services, killed) == b""
    left = list(catalog_files.folder_of(services, killed.id).iterdir())
    assert [one.name[:6] for one in left] == [".part-"]
    found = catalog_runs.run(services, ANA, catalog_runs.create(services, ANA, killed.id).id)

    assert (found.id, found.state, found.counts) == (run.id, "done", {"rows": 18, "made": 18, "added": 18})
    assert data(services, killed) == data(services, calm)
    assert data(services, killed).count(b"<item>") == 18
    assert len(list(catalog_files.folder_of(services, killed.id).iterdir())) == 1


def test_a_run_can_be_stopped_and_one_at_a_time_is_made(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stops it ends it after its batch; a second run of the catalog meanwhile is refused."""
    monkeypatch.setattr("shopkit.services.catalog_runs.BATCH", 1)
    add(services, key="otra")
    found = feed(services)
    run = catalog_runs.create(services, ANA, found.id)
    told: list[str] = []

    def meanwhile(_done: int, _total: int) -> None:
        try:
            catalog_runs.run(services, ANA, run.id)
        except catalog_runs.RunBusyError as error:
            told.append(error.other)
        catalog_runs.stop(services, ANA, run.id)

    stopped = catalog_runs.run(services, ANA, run.id, meanwhile)

    assert (told, stopped.state, stopped.done) == ([run.id], "stopped", 1)
    assert data(services, found) == b""
    assert made(services, found).counts["rows"] == 2


def test_a_schedule_asks_again_when_its_hours_are_over(both: Services, clock: Clock) -> None:
    """A catalog of every six hours is due at once, and again six hours after it was made."""
    services = both
    found = feed(services)
    said = Said("google", "US", "es", found.settings, "rss", every_hours=6)
    catalogs.save(services, ANA, found.id, said, found.version)
    first = catalog_runs.due(services)
    made(services, found)
    after = catalog_runs.due(services)
    clock.now += timedelta(hours=6)

    assert (first, after, catalog_runs.due(services)) == ([("s_1", found.id)], [], [("s_1", found.id)])


# -- whose it is -------------------------------------------------------------------------------------------------------
def test_another_seller_has_none_of_it(both: Services) -> None:
    """Catalog, run, history and address of a seller are not there for another; a viewer changes nothing."""
    services = both
    found = feed(services)
    run = made(services, found)

    for ask in (
        lambda: catalogs.get_feed(services, EVA, found.id),
        lambda: catalogs.remove(services, EVA, found.id),
        lambda: catalogs.open_address(services, EVA, found.id),
        lambda: catalog_runs.create(services, EVA, found.id),
        lambda: catalog_runs.get_run(services, EVA, run.id),
        lambda: catalog_runs.run(services, EVA, run.id),
        lambda: catalog_diffs.left_out(services, EVA, found.id),
    ):
        with pytest.raises(catalogs.FeedNotFoundError):
            ask()
    assert (catalogs.all_feeds(services, EVA), catalog_diffs.changes(services, EVA, run.id)) == ((), ((), 0))
    with pytest.raises(ForbiddenError):
        catalog_runs.create(services, VIEWER, found.id)


def test_an_address_opens_until_it_is_taken_back_or_given_out_anew(services: Services) -> None:
    """Only the last address opens, and none after it was closed or altered."""
    found = feed(services)
    made(services, found)
    first = catalogs.token_of(services, catalogs.open_address(services, ANA, found.id))
    second = catalogs.token_of(services, catalogs.open_address(services, ANA, found.id))
    assert first
    assert second

    assert catalogs.opened(services, second).id == found.id
    for token in (first, second[:-1], second.replace(".2.", ".1."), "", "a.b.c", f"{found.id}.{'9' * 30}.x"):
        with pytest.raises(catalogs.FeedOverError):
            catalogs.opened(services, token)
    catalogs.close_address(services, ANA, found.id)
    with pytest.raises(catalogs.FeedOverError):
        catalogs.opened(services, second)


def test_a_catalog_that_is_removed_takes_rows_history_and_files_along(both: Services) -> None:
    """Nothing of it is left in the tables or on the disk."""
    services = both
    found = feed(services)
    made(services, found)

    catalogs.remove(services, ANA, found.id)

    assert (catalogs.all_feeds(services, ANA), catalog_files.folder_of(services, found.id).exists()) == ((), False)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (Said("nowhere", "US", "es", Settings(LINK)), ["/channel"]),
        (Said("google", "XX", "tlh", Settings("ftp://x")), ["/market", "/language", "/link"]),
        (Said("google", "US", "es", Settings("https://{key}.example/")), ["/link"]),
        (Said("google", "US", "es", Settings("https://taller.example/")), ["/link"]),
        (Said("google", "US", "es", Settings(LINK, charges="shipping"), "pdf", 0), ["/kind", "/every_hours", "/card"]),
        (Said("google", "US", "es", Settings(LINK, card="otra", packing_grams=-1)), ["/packing_grams", "/card"]),
        (Said("google", "US", "es", Settings(LINK, card="propia", service="avión")), ["/service"]),
        (Said("mercadolibre", "MX", "es", Settings(LINK, agreed={"listing_type": "gold_pro"})), ["/agreed"]),
        (Said("mercadolibre", "MX", "es", Settings(LINK, agreed={"listing_type_id": "g" * 501})), ["/agreed"]),
    ],
)
def test_what_makes_no_catalog_is_told_all_at_once(services: Services, said: Said, wrong: list[str]) -> None:
    """Every setting that cannot be is named."""
    with pytest.raises(RequestError) as caught:
        catalogs.create(services, ANA, said)

    assert [one.pointer for one in caught.value.problems] == wrong
    assert all(one.message("es") != one.code for one in caught.value.problems)


def test_a_file_is_put_in_place_whole_or_not_at_all(tmp_path: Path) -> None:
    """A writing that breaks off leaves what was there, and no part of itself."""
    path = tmp_path / "feed.xml"
    catalog_files.put(path, [b"one"])

    def broken() -> Iterator[bytes]:
        yield b"tw"
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        catalog_files.put(path, broken())
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"feed.xml": b"one"}
    assert io.BytesIO(path.read_bytes()).read() == b"one"


@pytest.mark.parametrize("country", ["US", "BR"])
def test_what_is_asked_together_is_what_each_quote_says(services: Services, country: str) -> None:
    """Goods of any weight that keep or spoil, made in days or at once, come to what the engine says of each alone."""
    kinds = itertools.product(("610910", "691200"), ("0.19", "0.2267"), (None, 9), (None, 3))
    for number, (code, weight, keeps, days) in enumerate(kinds):
        more = {"weight": {"value": weight, "unit": "kg"}, "shelf_life_days": keeps, "making_days": days}
        add(services, key=f"p{number}", hs_code=code, attributes={}, **more)
    said = Said("google", country, "es", Settings(LINK, estimates="likely", charges="price"))
    found = catalogs.create(services, ANA, said)
    made(services, found)
    sale = Sale(Place("MX"), Place(country), services.today(country), currency=found_currency(country), terms="DDP")
    alone = {}
    for kept in listings.find_listings(services, ANA, size=50).listings:
        answer = quote(shipment_of(kept.listing, sale), services.rulebook)
        if answer.outcome != "refused":
            total = Money(answer.totals.goods + (answer.totals.import_charges or 0), answer.currency)
            alone[kept.listing.key] = str(total)

    with services.database.reading() as session:
        together = {row["id"]: row["price"] for one in session.scalars(select(CatalogListing)) for row in one.rows}

    assert together == alone
    assert len(together) > 8


def found_currency(country: str) -> str:
    """Return the currency of a catalog of Google's."""
    return catalogs.currency_of("google", country)
