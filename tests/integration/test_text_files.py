"""Texts out to a translator and back: as drafts, over nothing unseen, each told; on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from listings.model import Listing
from shopkit import db
from shopkit.models import Seller
from shopkit.services import listings, text_files, translations
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.context import Services
from shopkit.services.text_files import SeveralLanguagesError
from shopkit.services.translations import Written
from tests.shop import NOW, settings
from translations.exchange import jobs
from translations.exchange.errors import ExchangeError
from translations.exchange.passages import FORMATS, Passage
from translations.states import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopkit.services.context import LawInForce
    from shopkit.services.translations import Row
    from translations.exchange.passages import Format

ANA, EVA = (Actor(seller, "editor", user) for seller, user in (("s_1", "u_ana"), ("s_2", "u_eva")))
ENGINE = Origin("engine", engine="upper", version="1", direction="es-en", at=NOW.isoformat())


@pytest.fixture
def services(tmp_path: Path, database_url: str) -> Iterator[Services]:
    """Return a shop with two sellers; Ana sells a mug and a plate."""
    database = db.open_database(database_url)
    found = Services(settings(tmp_path), database, cast("LawInForce", None), now=lambda: NOW)
    with database.writing.begin() as session:
        for id_ in ("s_1", "s_2"):
            session.add(Seller(id=id_, created_at=NOW, name=id_, country="MX", currency="MXN"))
    for title in ("Taza {color}", "Plato"):
        listings.create_listing(found, ANA, Listing(key=title[:4], title=title))
    yield found
    database.dispose()


def row(services: Services, title: str) -> Row:
    """Return the English title of a listing."""
    kept = next(one for one in listings.find_listings(services, ANA).listings if one.listing.title == title)
    return translations.open_desk(services, ANA, kept.id, "en-US").row("title")


def put(services: Services, title: str, text: str, *, approve: bool = False, origin: Origin | None = None) -> None:
    """Write an English title."""
    kept = next(one for one in listings.find_listings(services, ANA).listings if one.listing.title == title)
    now = row(services, title)
    written = Written("title", text, now.digest, now.version, origin, approve=approve)
    translations.write(services, ANA, kept.id, "en-US", written)


def job(services: Services, *texts: tuple[str, str]) -> bytes:
    """Return a file with titles and their translations, as a translator sends it."""
    ids = {one.listing.title: one.id for one in listings.find_listings(services, ANA).listings}
    passages = [Passage(f"{ids.get(title, 'l_none')}/title", title, text, "draft") for title, text in texts]
    return jobs.write(passages, "xliff-2.0", "es", "en-US").encode()


@pytest.mark.parametrize("name", FORMATS)
def test_texts_go_out_and_come_back_as_drafts(services: Services, name: Format) -> None:
    """By a person; and a second time nothing is new."""
    text, count = text_files.write(services, ANA, name, "en-US")
    places = jobs.read(text.encode()).texts
    english = {"Taza {color}": "Mug {color}", "Plato": "Plate"}
    back = [Passage(one.id, one.source, english[one.source], "draft") for one in places]
    file = jobs.write(back, name, "es", "en-US").encode()
    first = text_files.read(services, ANA, file)
    again = text_files.read(services, ANA, file)

    assert count == 2
    assert [one.came for one in first.outcomes] == ["taken", "taken"]
    assert [one.came for one in again.outcomes] == ["same", "same"]
    mug = row(services, "Taza {color}")
    assert mug.kept is not None
    assert (mug.text, mug.review, mug.freshness, mug.kept.origin) == (
        "Mug {color}",
        "draft",
        "current",
        Origin("person"),
    )


def test_a_draft_of_an_engine_that_a_translator_mended_stays_known_as_one(services: Services) -> None:
    """It is a person's text after an engine's; untouched it is the engine's still."""
    for title in ("Taza {color}", "Plato"):
        put(services, title, title.upper(), origin=ENGINE)
    found = text_files.read(services, ANA, job(services, ("Taza {color}", "Mug {color}"), ("Plato", "PLATO")))
    kept = [row(services, title).kept for title in ("Taza {color}", "Plato")]

    assert [one.came for one in found.outcomes] == ["taken", "same"]
    assert [one.origin if one else None for one in kept] == [ENGINE.edited(), ENGINE]


def test_what_people_wrote_here_is_not_written_over_unseen(services: Services) -> None:
    """Approved or not it stands, with both wordings told; who has seen them lets one give way."""
    put(services, "Plato", "Dish", approve=True)
    put(services, "Taza {color}", "Cup {color}")
    file = job(services, ("Plato", "Plate"), ("Taza {color}", "Mug {color}"))
    found = text_files.read(services, ANA, file)
    standing = [row(services, title).text for title in ("Plato", "Taza {color}")]
    done = text_files.give_way(services, ANA, "en-US", found.outcomes[:1])

    assert [(one.came, one.now, one.text) for one in found.outcomes] == [
        ("approved", "Dish", "Plate"),
        ("written", "Cup {color}", "Mug {color}"),
    ]
    assert standing == ["Dish", "Cup {color}"]
    assert done == found.outcomes[:1]
    assert (row(services, "Plato").text, row(services, "Plato").review) == ("Plate", "draft")
    assert text_files.give_way(services, ANA, "en-US", found.outcomes[:1]) == ()
    assert [one.came for one in text_files.read(services, ANA, file, replace=True).outcomes] == ["same", "taken"]


def test_a_text_of_another_source_is_told_and_not_taken(services: Services) -> None:
    """With the source as it is now."""
    file = job(services, ("Plato", "Plate"))
    kept = next(one for one in listings.find_listings(services, ANA).listings if one.listing.title == "Plato")
    listings.save_listing(
        services, ANA, kept.id, kept.listing.model_copy(update={"title": "Plato hondo"}), kept.version
    )
    (found,) = text_files.read(services, ANA, file).outcomes

    assert (found.came, found.source) == ("stale", "Plato hondo")
    assert row(services, "Plato hondo").freshness == "missing"


def test_a_stale_text_is_confirmed_by_marking_it_as_done(services: Services) -> None:
    """Left as it was it stays stale; marked, it is a draft of the source as it is now."""
    put(services, "Plato", "Plate", origin=ENGINE)
    kept = next(one for one in listings.find_listings(services, ANA).listings if one.listing.title == "Plato")
    listings.save_listing(services, ANA, kept.id, kept.listing.model_copy(update={"title": "Plato."}), kept.version)
    text, _ = text_files.write(services, ANA, "xliff-2.0", "en-US", [kept.id], waiting=True)
    left = text_files.read(services, ANA, text.encode())
    before = row(services, "Plato.").freshness
    done = text_files.read(services, ANA, text.replace('state="initial"', 'state="translated"').encode())

    assert ([one.came for one in left.outcomes], before) == (["same"], "changed")
    assert ([one.came for one in done.outcomes], row(services, "Plato.").freshness) == (["taken"], "current")


def test_every_other_text_is_told_with_its_reason(services: Services) -> None:
    """Nothing translated, of no text here, twice, too long, locked; and a lost placeholder stops the approval."""
    ids = {one.listing.title: one.id for one in listings.find_listings(services, ANA).listings}
    translations.lock(services, ANA, ids["Plato"], "en-US", "title", locked=True)
    long = "x" * (translations.MAX_TEXT + 1)
    first = text_files.read(services, ANA, job(services, ("Plato", "Plate"), ("Nada", "None"), ("Taza {color}", long)))
    second = text_files.read(services, ANA, job(services, ("Taza {color}", ""), ("Plato", "A"), ("Plato", "B")))
    (third,) = text_files.read(services, ANA, job(services, ("Taza {color}", "Mug"))).outcomes

    assert [one.came for one in first.outcomes] == ["locked", "gone", "long"]
    assert [one.came for one in second.outcomes] == ["empty", "twice"]
    assert (third.came, [one.id for one in third.stops]) == ("taken", ["placeholder_set"])


def test_a_file_holds_one_source_language(services: Services) -> None:
    """Where listings are written in several, one is named; those of others are left out."""
    listings.create_listing(services, ANA, Listing(key="caneca", title="Caneca", language="pt-BR"))
    with pytest.raises(SeveralLanguagesError) as caught:
        text_files.write(services, ANA, "po", "en-US")
    text, count = text_files.write(services, ANA, "po", "en-US", source="pt-BR")

    assert caught.value.languages == ("es", "pt-BR")
    assert (count, 'msgid "Caneca"' in text) == (1, True)


def test_another_seller_has_none_of_it(services: Services) -> None:
    """Nothing goes out to them, and their file finds no text; a viewer takes nothing in."""
    file = job(services, ("Plato", "Plate"))

    assert text_files.write(services, EVA, "po", "en-US")[1] == 0
    assert [one.came for one in text_files.read(services, EVA, file).outcomes] == ["gone"]
    assert row(services, "Plato").freshness == "missing"
    with pytest.raises(ForbiddenError):
        text_files.read(services, replace(ANA, role="viewer"), file)


def test_a_language_that_is_none_of_ours_is_refused(services: Services) -> None:
    """The whole file, before anything is kept."""
    file = job(services, ("Plato", "Teller")).replace(b"en-US", b"de-DE")

    with pytest.raises(ExchangeError, match="'de-DE' is no language that we write"):
        text_files.read(services, ANA, file)
