"""Files of listings in and out of a shop: again without a trace, killed half-way, taken back; on both databases."""

from __future__ import annotations

import io
import signal
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from pydantic_core import to_json
from sqlalchemy import func, select

from listings.formats.port import FileRefusedError, Options
from listings.model import Listing
from shopkit import db
from shopkit.models import AuditEntry, ListingImport, Seller, StoredListing
from shopkit.services import exports, holding, importing, imports, listings
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.context import Services
from shopkit.services.imports import Choices
from tests.processes import run_program
from tests.shop import NOW, settings
from tests.unit.listings.formats.files import SHOPIFY, SHOPIFY_2025, WOOCOMMERCE_ES, document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopkit.services.context import LawInForce

ANA, EVA = (Actor(seller, "editor", user) for seller, user in (("s_1", "u_ana"), ("s_2", "u_eva")))
VIEWER = Actor("s_1", "viewer")


@pytest.fixture
def services(tmp_path: Path, database_url: str) -> Iterator[Services]:
    """Return a shop with two sellers and no law, which listings do not ask."""
    database = db.open_database(database_url)
    ticks = iter(range(1_000_000))
    law = cast("LawInForce", None)
    found = Services(settings(tmp_path), database, law, now=lambda: NOW + timedelta(milliseconds=next(ticks)))
    with database.writing.begin() as session:
        for id_ in ("s_1", "s_2"):
            session.add(Seller(id=id_, created_at=NOW, name=id_, country="MX", currency="MXN"))
    yield found
    database.dispose()


def bring(services: Services, data: str, actor: Actor = ANA, **choices: Any) -> imports.Import:
    """Import a file whole."""
    kept = imports.keep(services, actor, io.BytesIO(data.encode()), "archivo.csv", Choices(**choices))
    return importing.run(services, actor, kept.id)


def shop(services: Services, actor: Actor = ANA) -> dict[str, dict[str, Any]]:
    """Return every listing of a seller by its key."""
    return {one.listing.key: document(one.listing) for one in listings.find_listings(services, actor).listings}


def edit(services: Services, key: str, **more: Any) -> None:
    """Change a listing as a person does."""
    (kept,) = [one for one in listings.find_listings(services, ANA).listings if one.listing.key == key]
    changed = Listing.model_validate_json(to_json(document(kept.listing) | more))
    listings.save_listing(services, ANA, kept.id, changed, kept.version)


def test_a_file_makes_listings_and_the_same_file_again_changes_nothing(services: Services) -> None:
    """Counts say the same, versions stay, histories do not grow."""
    first = bring(services, SHOPIFY)
    before = listings.find_listings(services, ANA).listings

    second = bring(services, SHOPIFY)

    assert (first.state, first.counts, first.cursor, first.total) == ("done", {"created": 2}, 2, 2)
    assert (second.counts, listings.find_listings(services, ANA).listings) == ({"same": 2}, before)


def test_a_dry_run_tells_the_same_and_leaves_no_trace(services: Services) -> None:
    """What would be made, changed, left: row by row, and nothing is kept."""
    bring(services, SHOPIFY)

    report = imports.look(services, ANA, io.BytesIO(SHOPIFY.replace("Barro", "Arcilla").encode()), Choices())

    assert (report.format, report.total, report.rows) == ("shopify", 2, 4)
    assert dict(report.counts) == {"same": 1, "changed": 1}
    assert [(one.code, one.row) for one in report.problems] == [("weight_zero", 3)]
    assert shop(services)["taza"]["brand"] == "Barro"


def test_prices_are_in_the_shops_own_currency_where_nobody_names_another(services: Services) -> None:
    """And what was used is kept with the import."""
    found = bring(services, SHOPIFY)

    assert found.choices.options.currency == "MXN"
    assert shop(services)["taza"]["price"] == {"price": {"amount": "120", "currency": "MXN"}}


def test_what_is_done_leaves_no_file_and_stands_in_the_audit(services: Services, tmp_path: Path) -> None:
    """Nothing goes on with it any more; who did it stays written."""
    found = bring(services, SHOPIFY)
    importing.undo(services, ANA, found.id)

    assert list((tmp_path / "imports").iterdir()) == []
    with services.database.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(one.action, one.subject, one.user_id) for one in entries] == [
        ("import.done", found.id, "u_ana"),
        ("import.undone", found.id, "u_ana"),
    ]


def test_a_look_may_stop_early_and_says_so(services: Services) -> None:
    """A page does not judge fifty thousand products before it answers."""
    report = imports.look(services, ANA, io.BytesIO(many(250).encode()), Choices(), limit=120)

    assert (report.looked_at, report.total, dict(report.counts)) == (120, 250, {"created": 120})


def test_a_listing_with_a_problem_is_left_out_whole(services: Services) -> None:
    """Not one of its variants comes in, the others do, and the reason is kept."""
    found = bring(services, SHOPIFY.replace("M,BL-M,250,shopify,0,450.00", "M,BL-M,250,shopify,0,mucho"))

    assert found.counts == {"created": 1, "wrong": 1}
    assert list(shop(services)) == ["taza"]
    assert [(one.code, one.row, one.column) for one in found.problems if not one.is_note] == [
        ("number_bad", 4, "Variant Price")
    ]


def test_a_sku_of_another_listing_is_a_problem(services: Services) -> None:
    """The shop's SKUs are each one listing's own."""
    bring(services, SHOPIFY)

    found = bring(services, "Handle,Title,Variant SKU\notra,Otra,TA-1\nmas,Más,BL-S\nmas,,BL-M\n".replace("mas,", "m,"))

    # A listing whose SKUs are all another's is that other: it was renamed in the shop it comes from.
    assert found.counts == {"changed": 1, "wrong": 1}


def test_a_product_that_was_renamed_is_known_by_its_sku(services: Services) -> None:
    """It keeps its key here."""
    bring(services, SHOPIFY)

    found = bring(services, "Handle,Title,Variant SKU\ntaza-nueva,Taza nueva,TA-1\n")

    assert found.counts == {"changed": 1}
    assert shop(services)["taza"]["title"] == "Taza nueva"


def test_two_sellers_do_not_meet(services: Services) -> None:
    """The same file in two shops; and another's import is not there."""
    mine = bring(services, SHOPIFY)
    bring(services, SHOPIFY, EVA)

    assert shop(services) == shop(services, EVA)
    for act in (importing.run, importing.undo, imports.find_import, imports.look_at):
        with pytest.raises(imports.ImportNotFoundError):
            act(services, EVA, mine.id)
    assert imports.find_imports(services, EVA)[0].id != mine.id


def test_a_viewer_looks_and_does_not_import(services: Services) -> None:
    """A dry run is free to all of the shop."""
    assert imports.look(services, VIEWER, io.BytesIO(SHOPIFY.encode()), Choices()).total == 2
    with pytest.raises(ForbiddenError):
        imports.keep(services, VIEWER, io.BytesIO(SHOPIFY.encode()), "a.csv", Choices())
    found = bring(services, SHOPIFY)
    for act in (importing.run, importing.undo):
        with pytest.raises(ForbiddenError):
            act(services, VIEWER, found.id)
    with pytest.raises(ForbiddenError):
        exports.export(services, VIEWER, "shopkit", io.StringIO(), with_costs=True)


def test_what_a_file_s_columns_mean_is_remembered(services: Services) -> None:
    """A mapping, a currency, the markets: said once for a header, and used for the next file with it."""
    data = "Código;Producto;Precio\nA-1;Taza;12,50\n"
    columns = {"Código": "key", "Producto": "title", "Precio": "price"}
    bring(services, data, format="shopkit", options=Options(currency="COP", columns=columns))

    found = bring(services, data.replace("12,50", "13,50"))

    assert found.counts == {"changed": 1}
    assert shop(services)["A-1"]["price"] == {"price": {"amount": "13.50", "currency": "COP"}}


def test_a_file_nobody_knows_is_kept_until_a_person_explains_it(services: Services) -> None:
    """Its columns are shown, and a mapping makes it readable."""
    data = b"Codigo,Producto\nA-1,Taza\n"
    kept = imports.keep(services, ANA, io.BytesIO(data), "c:\\tmp\\mi\x00.csv", Choices())

    chosen = imports.choose(
        services, ANA, kept.id, Choices("shopkit", Options(columns={"Codigo": "key", "Producto": "title"}))
    )

    assert (kept.format, kept.header, kept.file_name) == ("", ("Codigo", "Producto"), "mi.csv")
    assert chosen.columns == {"Codigo": "key", "Producto": "title"}
    assert importing.run(services, ANA, kept.id).counts == {"created": 1}


class Endless(io.RawIOBase):
    """A file that goes on and on, as one of 200 MB would, without holding it."""

    left = 200 << 20

    def read(self, size: int = -1) -> bytes:
        """Return a piece of nothing."""
        self.left -= size
        return b"a" * size if self.left > 0 else b""


def test_a_file_of_two_hundred_megabytes_is_refused_and_not_kept(services: Services, tmp_path: Path) -> None:
    """The limit is told, and no part of the file stays."""
    with pytest.raises(FileRefusedError) as caught:
        imports.keep(services, ANA, cast("Any", Endless()), "grande.csv", Choices())

    assert (caught.value.problem.code, dict(caught.value.problem.values)) == ("too_large", {"limit": "100"})
    assert list((tmp_path / "imports").iterdir()) == []


def test_a_broken_quote_far_down_imports_nothing(services: Services) -> None:
    """The header was fine, the file is not: it failed, with the row, and no listing came in."""
    rows = "".join(f"p{number},Producto {number}\n" for number in range(300))

    found = bring(services, f'Handle,Title\n{rows}roto,"Uno" dos\n')

    assert (found.state, found.counts, shop(services)) == ("failed", {}, {})
    assert [(one.code, one.row) for one in found.problems] == [("quote", 302)]


# -- one at a time, and killed half-way -------------------------------------------------------------------------------
def many(count: int) -> str:
    """Return a file of so many products."""
    return "Handle,Title,Variant SKU\n" + "".join(f"p{n},Producto {n},S{n}\n" for n in range(count))


def counted(services: Services) -> int:
    """Return how many listings there are."""
    with services.database.reading() as session:
        return session.scalar(select(func.count()).select_from(StoredListing)) or 0


def test_a_second_import_of_a_shop_is_refused_while_one_runs(services: Services) -> None:
    """It is told which one runs; another shop is free to import meanwhile."""
    first = imports.keep(services, ANA, io.BytesIO(many(150).encode()), "a.csv", Choices())
    second = imports.keep(services, ANA, io.BytesIO(many(3).encode()), "b.csv", Choices())
    told: list[tuple[str, bool]] = []

    def meanwhile(_done: int, _total: int) -> None:
        with pytest.raises(importing.BusyError) as caught:
            importing.run(services, ANA, second.id)
        told.append((caught.value.other, caught.value.is_alive))
        bring(services, SHOPIFY, EVA)

    importing.run(services, ANA, first.id, meanwhile)

    assert told == [(first.id, True)] * 2
    assert importing.run(services, ANA, second.id).counts == {"same": 3}


def test_others_write_while_a_long_file_comes_in(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each batch the database is free for longer than a waiting writer of SQLite sleeps: a tenth of a second."""
    header, one = "Handle,Title,Variant SKU,Variant Price\n", "h{0},Producto {0},S{0},12.50\n"
    file = header + "".join(one.format(number) for number in range(250))
    rooms: list[float] = []

    def somebody_else(seconds: float) -> None:
        with services.database.writing.begin() as session:
            session.get_one(Seller, "s_2").name = f"Queseras {len(rooms)}"
        rooms.append(seconds)

    monkeypatch.setattr("shopkit.db.time.sleep", somebody_else)

    found = bring(services, file)

    batches = 3 if services.database.file else 0
    assert (found.state, len(rooms), all(room > 0.1 for room in rooms)) == ("done", batches, True)


def test_what_was_interrupted_goes_on_where_it_was(services: Services) -> None:
    """Whole batches are in, the rest comes, and nothing comes twice; until then no other import begins."""
    kept = imports.keep(services, ANA, io.BytesIO(many(250).encode()), "a.csv", Choices())
    other = imports.keep(services, ANA, io.BytesIO(many(1).encode()), "b.csv", Choices())

    def stop(done: int, _total: int) -> None:
        if done == 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.run(services, ANA, kept.id, stop)
    half = imports.find_import(services, ANA, kept.id)
    with pytest.raises(importing.BusyError) as caught:
        importing.run(services, ANA, other.id)
    found = importing.run(services, ANA, kept.id)

    assert (half.state, half.cursor, half.counts) == ("running", 200, {"created": 200})
    assert (caught.value.other, caught.value.is_alive) == (kept.id, False)
    assert (found.state, found.cursor, found.counts, counted(services)) == ("done", 250, {"created": 250}, 250)


KILLED = """
import os, signal, sys
from pathlib import Path
from typing import cast
from shopkit import db
from shopkit.config import Settings
from shopkit.services import importing
from shopkit.services.actors import Actor
from shopkit.services.context import Services
folder, address, import_id = sys.argv[1:]
services = Services(Settings(data_dir=Path(folder)), db.open_database(address), None)
def die(done, total):
    if done >= 200:
        os.kill(os.getpid(), signal.SIGKILL)
importing.run(services, Actor("s_1", "editor"), import_id, die)
"""


def test_an_import_that_is_killed_leaves_whole_batches_and_goes_on(
    services: Services, tmp_path: Path, database_url: str
) -> None:
    """SIGKILL half-way: what is in is whole, another process takes over at once, and the end is the same."""
    kept = imports.keep(services, ANA, io.BytesIO(many(450).encode()), "a.csv", Choices())
    died = run_program(KILLED, str(tmp_path), database_url, kept.id)
    half = imports.find_import(services, ANA, kept.id)

    assert died == -signal.SIGKILL
    assert (half.state, half.cursor, half.counts, counted(services)) == ("running", 200, {"created": 200}, 200)
    assert not importing.is_alive(services, half)
    found = importing.run(services, ANA, kept.id)
    assert (found.state, found.counts, counted(services)) == ("done", {"created": 450}, 450)


def test_a_process_of_another_machine_is_given_time(services: Services) -> None:
    """Whether it lives shows only in what it last said: two minutes of silence, and it is gone."""
    kept = imports.keep(services, ANA, io.BytesIO(many(1).encode()), "a.csv", Choices())
    with services.database.writing.begin() as session:
        row = session.get(ListingImport, kept.id)
        assert row is not None
        row.state, row.holder, row.beat_at = "running", "elsewhere:1:abc", services.now()

    with pytest.raises(importing.BusyError):
        importing.run(services, ANA, kept.id)
    with services.database.writing.begin() as session:
        row = session.get(ListingImport, kept.id)
        assert row is not None
        row.beat_at = services.now() - holding.SILENT
    assert importing.run(services, ANA, kept.id).state == "done"


# -- taken back -------------------------------------------------------------------------------------------------------
def test_an_import_is_taken_back_whole(services: Services) -> None:
    """What it made is gone, what it changed is as it was, and the same file can come again."""
    bring(services, SHOPIFY)
    before = shop(services)
    second = bring(services, SHOPIFY.replace("Barro", "Arcilla") + "nuevo,Nuevo,,,,,true,,,NU-1,,,,5,,,,,\n")

    found = importing.undo(services, ANA, second.id)

    assert second.counts == {"created": 1, "changed": 1, "same": 1}
    assert (found.state, found.counts) == ("undone", second.counts | {"removed": 1, "restored": 1})
    assert shop(services) == before
    assert importing.undo(services, ANA, second.id).counts == found.counts
    with pytest.raises(importing.StateError):
        importing.run(services, ANA, second.id)
    assert bring(services, "Handle,Title,Variant SKU\nnuevo,Nuevo,NU-1\n").counts == {"created": 1}


def test_what_was_changed_since_stays_and_is_named(services: Services) -> None:
    """A title that a person wrote after the import is not taken back; the brand beside it is."""
    bring(services, SHOPIFY)
    changed = bring(services, SHOPIFY.replace(",Barro,", ",Arcilla,").replace("Taza de barro", "Taza de Oaxaca"))
    edit(services, "taza", title="Taza de mi abuela")

    found = importing.undo(services, ANA, changed.id)

    assert [(one.code, dict(one.values)) for one in found.problems if one.code == "changed_since"] == [
        ("changed_since", {"key": "taza", "fields": "title"})
    ]
    assert (shop(services)["taza"]["title"], shop(services)["taza"]["brand"]) == ("Taza de mi abuela", "Barro")


def test_a_listing_it_made_that_was_changed_since_stays(services: Services) -> None:
    """Somebody worked on it."""
    found = bring(services, SHOPIFY)
    edit(services, "taza", origin="MX")

    back = importing.undo(services, ANA, found.id)

    assert back.counts == {"created": 2, "removed": 1, "left": 1}
    assert list(shop(services)) == ["taza"]
    assert [dict(one.values) for one in back.problems if one.code == "changed_since"] == [
        {"key": "taza", "fields": "origin"}
    ]


# -- out again --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("data", [SHOPIFY, SHOPIFY_2025, WOOCOMMERCE_ES])
def test_what_goes_out_and_comes_in_again_changes_nothing(services: Services, data: str) -> None:
    """In any format, whatever the listings came from."""
    bring(services, data)
    for name in ("shopify", "shopify-2025", "woocommerce", "mercadolibre", "shopkit"):
        out = io.StringIO()

        count = exports.export(services, ANA, name, out, with_costs=True)

        assert bring(services, out.getvalue()).counts == {"same": count}


def test_the_sample_of_clothes_comes_in_and_again(services: Services, shared: Path) -> None:
    """Twenty products in twenty-two rows, none of them weighed."""
    data = (shared / "data/catalogs/apparel.csv").read_text("utf-8")

    first, second = bring(services, data), bring(services, data)

    assert (first.counts, second.counts) == ({"created": 20}, {"same": 20})
    for name in ("shopify", "shopify-2025", "woocommerce", "mercadolibre", "shopkit"):
        out = io.StringIO()
        exports.export(services, ANA, name, out)
        assert bring(services, out.getvalue()).counts == {"same": 20}
    assert {one.code for one in first.problems} == {"weight_zero", "sku_made"}


def test_the_sample_of_woocommerce_goes_out_and_in(services: Services, shared: Path) -> None:
    """Variable products after and before their variations, a donation, a scarf without a price."""
    data = (shared / "data/catalogs/sample_products.csv").read_text("utf-8")
    first = bring(services, data)
    out = io.StringIO()
    exports.export(services, ANA, "woocommerce", out, with_costs=True)

    assert first.counts == {"created": 15}
    assert bring(services, out.getvalue()).counts == {"same": 15}
    assert bring(services, data).counts == {"same": 15}
