"""Drafts of a shop: budgets and kept answers on both databases, the shop's own memory, and a listing's texts."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import select

from listings.model import Listing
from shopkit.config import Settings
from shopkit.engines.port import Machine, Price
from shopkit.models import EngineAnswer, EngineMonth, Seller, SellerEngineMonth
from shopkit.services import draft_runs, drafts, listings, translations
from shopkit.services.actors import Actor
from shopkit.services.context import Services, open_services
from shopkit.services.drafts import ListingDrafter
from shopkit.services.engines import Engines, MonthLedger, open_engines
from shopkit.services.problems import RequestError
from shopkit.services.translations import Written
from translations.engines.port import Answer, Translated
from translations.freshness import digest
from translations.states import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from translations.engines.port import Engine, Question

NOW: Final = datetime(2026, 11, 23, 15, 4, 5, tzinfo=UTC)
ANA: Final = Actor("s_1", "owner", "u_ana")
EVA: Final = Actor("s_2", "owner", "u_eva")
ASKED: Final[dict[str, Any]] = {"text": "Taza azul", "from": "es-MX", "to": ["en-US"]}


@dataclass
class Shouting:
    """A way that answers in capitals and keeps what it was asked."""

    asked: list[str] = field(default_factory=list)

    def send(self, engine: Engine, question: Question) -> Answer:  # noqa: ARG002  # whoever it is
        """Answer."""
        self.asked += question.texts
        return Answer(tuple(Translated(text.upper(), ("azul",)) for text in question.texts))


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Services]:
    """Return a shop with two sellers on a database of its own, whose one engine turns words around."""
    services = open_services(Settings(tmp_path, database_url, engines=("sandbox",)), now=lambda: NOW)
    with services.database.writing.begin() as session:
        for seller in ("s_1", "s_2"):
            session.add(Seller(id=seller, created_at=NOW, name=seller, country="MX", currency="MXN"))
    yield services
    services.database.dispose()


def with_way(services: Services, **more: Any) -> Shouting:
    """Let the shop's engine answer in capitals, at a price or within a budget."""
    way = Shouting()
    machine = services.engines.machines[0]
    services.engines = Engines((replace(machine, transport=way, **more),))
    return way


def test_what_was_answered_is_not_asked_again(shop: Services) -> None:
    """A second draft of the same text comes from what is kept, with its unknown words, and costs nothing."""
    way = with_way(shop, price=Price(Decimal(25), "USD"))
    first = drafts.ask(shop, ANA, ASKED, "en")
    again = drafts.ask(shop, ANA, ASKED, "en")

    assert way.asked == ["Taza azul"]
    assert (first["drafts"][0]["draft"], again["drafts"]) == ("TAZA AZUL", first["drafts"])
    assert first["asked"] == [{"engine": "sandbox", "characters": 9, "cost": {"amount": "0.000225", "currency": "USD"}}]
    assert again["asked"] == []


def test_a_seller_does_not_meet_anothers_answers(shop: Services) -> None:
    """What one seller asked tells no other anything, not even by being quick."""
    way = with_way(shop)
    drafts.ask(shop, ANA, ASKED, "en")
    drafts.ask(shop, EVA, ASKED, "en")

    assert way.asked == ["Taza azul", "Taza azul"]


def test_old_answers_are_forgotten(shop: Services) -> None:
    """After a season an engine is asked anew, and what it said is gone."""
    way = with_way(shop)
    drafts.ask(shop, ANA, ASKED, "en")
    shop.now = lambda: NOW + timedelta(days=91)
    drafts.ask(shop, ANA, ASKED | {"text": "Otra"}, "en")
    drafts.ask(shop, ANA, ASKED, "en")

    assert way.asked == ["Taza azul", "Otra", "Taza azul"]
    with shop.database.reading() as session:
        assert len(session.scalars(select(EngineAnswer)).all()) == 2


def test_a_budget_holds_for_the_month(shop: Services) -> None:
    """What is over it is refused with the reason and not asked; the next month begins anew."""
    way = with_way(shop, budget=12)
    found = [drafts.ask(shop, ANA, ASKED | {"text": text}, "es")["drafts"][0] for text in ("Taza azul", "Taza roja")]
    shop.now = lambda: NOW + timedelta(days=10)
    later = drafts.ask(shop, ANA, ASKED | {"text": "Taza roja"}, "es")["drafts"][0]

    assert way.asked == ["Taza azul", "Taza roja"]
    assert found[1]["draft"] is None
    assert found[1]["reasons"] == [
        {
            "code": "budget",
            "message": "Se agotó el presupuesto del mes para el motor.",
            "action": "Sube characters_per_month o espera al mes próximo.",
            "detail": None,
        }
    ]
    assert later["draft"] == "TAZA ROJA"


def test_two_at_once_stay_within_the_budget(shop: Services) -> None:
    """Twenty who ask in the same moment get together no more than there is."""
    with_way(shop, budget=50)
    ledger = MonthLedger(shop.database, shop.engines, shop.now)
    engine = shop.engines.machines[0].engine
    got: list[bool] = []
    threads = [threading.Thread(target=lambda: got.append(ledger.reserve(engine, 10))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(got), sum(got)) == (20, 5)
    with shop.database.reading() as session:
        assert [(one.month, one.characters) for one in session.scalars(select(EngineMonth))] == [("2026-11", 50)]


def test_a_seller_has_a_budget_within_the_shops(shop: Services) -> None:
    """Who has used up theirs is refused and nothing is counted; another goes on until the shop's is used up."""
    with_way(shop, budget=50, budget_each=30)
    engine = shop.engines.machines[0].engine
    ana, eva = (MonthLedger(shop.database, shop.engines, shop.now, actor.seller_id) for actor in (ANA, EVA))
    got = [ana.reserve(engine, 31), ana.reserve(engine, 30), ana.reserve(engine, 1), eva.reserve(engine, 21)]
    got.append(eva.reserve(engine, 20))

    assert got == [False, True, False, False, True]
    with shop.database.reading() as session:
        assert [one.characters for one in session.scalars(select(EngineMonth))] == [50]
        mine = session.scalars(select(SellerEngineMonth).order_by(SellerEngineMonth.seller_id))
        assert [(one.seller_id, one.characters) for one in mine] == [("s_1", 30), ("s_2", 20)]


def test_what_is_settled_is_what_was_billed(shop: Services) -> None:
    """What was set aside and not billed is there again."""
    with_way(shop, budget=50)
    ledger = MonthLedger(shop.database, shop.engines, shop.now)
    engine = shop.engines.machines[0].engine
    ledger.reserve(engine, 50)
    ledger.settle(engine, 50, 20)

    assert (ledger.reserve(engine, 31), ledger.reserve(engine, 30)) == (False, True)
    assert ledger.spent == {"sandbox": 20}


def test_an_unknown_price_is_not_nothing(shop: Services) -> None:
    """Where nobody said what an engine costs, its characters are counted and no cost is told."""
    with_way(shop, price=None)

    assert drafts.ask(shop, ANA, ASKED, "en")["asked"] == [{"engine": "sandbox", "characters": 9, "cost": None}]


@pytest.fixture
def cup(shop: Services) -> str:
    """Return the id of a listing."""
    made = Listing(
        key="taza", title="Taza azul {n}", description="<p>Hecha a mano.</p><p>Casa Ola, 12,5 cm</p>", brand="Casa Ola"
    )
    return listings.create_listing(shop, ANA, made).id


def test_a_listing_is_drafted(shop: Services, cup: str) -> None:
    """Each text of it gets a draft with where it is from; brands, placeholders and tags stand in it."""
    found = draft_runs.create(shop, ANA, ["en-US"], [cup])
    done = draft_runs.run(shop, ANA, found.id, ListingDrafter(shop, ANA))
    rows = {row.leaf.path: row for row in translations.open_desk(shop, ANA, cup, "en-US").rows}

    assert (done.state, done.counts) == ("done", {"drafted": 2})
    assert rows["title"].text == "AzaT luza {n}"
    assert rows["description"].text == "<p>AhceH a onam.</p><p>Casa Ola, 4.9 in (12.5 cm)</p>"
    kept = rows["title"].kept
    assert kept is not None
    assert (kept.review, kept.origin) == ("draft", Origin("engine", "sandbox", "1", "es→en", NOW.isoformat()))


def test_what_the_shop_approved_comes_back(shop: Services, cup: str) -> None:
    """An approved wording is remembered: the same text of another listing is drafted from it, word for word."""
    source = "Taza azul {n}"
    written = Written("title", "Blue cup {n}", digest(source), approve=True)
    translations.write(shop, ANA, cup, "en-US", written)
    other = listings.create_listing(shop, ANA, Listing(key="otra", title=source)).id
    run = draft_runs.create(shop, ANA, ["en-US"], [other])
    draft_runs.run(shop, ANA, run.id, ListingDrafter(shop, ANA))
    (row,) = translations.open_desk(shop, ANA, other, "en-US").rows

    assert row.text == "Blue cup {n}"
    assert row.kept is not None
    assert (row.kept.origin.kind, row.kept.origin.match) == ("memory", 100)


def test_without_an_engine_nothing_is_marked_done(shop: Services, cup: str) -> None:
    """A run without an engine refuses each text with the reason; no text is there afterwards."""
    shop.engines = Engines(())
    run = draft_runs.create(shop, ANA, ["en-US"], [cup])
    done = draft_runs.run(shop, ANA, run.id, ListingDrafter(shop, ANA))

    assert done.counts == {"refused": 2}
    assert {one["problem"] for one in done.problems} == {"none"}
    assert [row.text for row in translations.open_desk(shop, ANA, cup, "en-US").rows] == ["", ""]


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"text": ""}, [("/text", "text.too_short")]),
        ({"text": "a" * 100_001}, [("/text", "text.too_long")]),
        ({"text": "a\x00b"}, [("/text", "text.characters")]),
        ({"to": []}, [("/to", "count.too_few")]),
        ({"to": ["en-US", "es-MX", "en-US"]}, [("/to/1", "draft.same"), ("/to/2", "draft.twice")]),
        ({"from": "spanish", "to": ["english"]}, [("/from", "language.invalid"), ("/to/0", "language.invalid")]),
        ({"from": "xx-XX", "to": ["fr"]}, [("/from", "draft.locale"), ("/to/0", "draft.locale")]),
        ({"form": 1}, [("/form", "unknown_field")]),
    ],
)
def test_a_wrong_request(tmp_path: Path, more: dict[str, Any], wrong: list[tuple[str, str]]) -> None:
    """Everything wrong is told at once, at its place."""
    services = open_services(Settings(tmp_path, engines=("sandbox",)))
    with pytest.raises(RequestError) as caught:
        drafts.ask(services, None, ASKED | more, "en")

    assert [(one.pointer, one.code) for one in caught.value.problems] == wrong


def test_settings_of_engines() -> None:
    """Order and options are read; what is wrong with one engine is told and costs no other."""
    options = {
        "deepl": {"key": "k:fx", "price_per_million": "25.00 USD", "characters_per_month": 500_000},
        "amazon": {"region": "us-east-1"},
        "apertium": {"program": "apertium-that-is-nowhere"},
        "google": {},
    }
    found = open_engines(
        Settings(engines=("deepl", "amazon", "apertium", "babel", "none"), engine_options=json.dumps(options))
    )

    assert [one.engine.name for one in found.machines] == ["deepl", "none"]
    assert (found.machines[0].price, found.machines[0].budget) == (Price(Decimal("25.00"), "USD"), 500_000)
    assert [(one.engine, one.absent) for one in found.troubles] == [
        ("google", False),
        ("amazon", False),
        ("apertium", True),
        ("babel", False),
    ]
    assert found.troubles[1].message == "amazon: access_key is missing"
    assert "k:fx" not in repr(found)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("{", "not JSON"),
        ("[]", 'write an object by engine, like {"deepl": {"key": "…"}}'),
        ('{"sandbox": {"key": "x"}}', "sandbox: key: not an option of it"),
        ('{"sandbox": {"failure": "x"}}', "sandbox: failure 'x'; there are unavailable"),
        ('{"sandbox": {"price_per_million": "25"}}', 'sandbox: price_per_million must be like "25.00 USD"'),
        ('{"sandbox": {"price_per_million": "-1 USD"}}', 'sandbox: price_per_million must be like "25.00 USD"'),
        ('{"sandbox": {"characters_per_month": true}}', "sandbox: characters_per_month must be a whole number"),
    ],
)
def test_wrong_options(options: str, message: str) -> None:
    """Each says what is wrong and what to write."""
    found = open_engines(Settings(engines=("sandbox",), engine_options=options))

    assert found.machines == ()
    assert [one.message[: len(message)] for one in found.troubles] == [message]


def test_a_machine_is_printed_without_its_key(tmp_path: Path) -> None:
    """Whoever prints the engines of a shop sees no key."""
    services = open_services(Settings(tmp_path, engines=("deepl",), engine_options='{"deepl": {"key": "s3cr3t"}}'))
    (machine,) = services.engines.machines

    assert isinstance(machine, Machine)
    assert "s3cr3t" not in repr(machine)
    assert "s3cr3t" not in repr(services.settings.shown())
