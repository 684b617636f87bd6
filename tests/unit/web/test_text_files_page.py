"""Texts out to a translator and back through the pages, as a browser without scripts does it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from listings.model import Listing
from shopkit.services import demo, listings, translations
from shopkit.services.companies import command_actor
from shopkit.services.translations import Written
from tests.shop import open_demo
from tests.unit.web.test_listings_pages import Browser, text_of
from translations.exchange import jobs
from translations.exchange.passages import Passage

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from shopkit.app import Shop
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

PAGE = "/translations"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Return a shop with the sample sellers and their listings."""
    return open_demo(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def ana(app: Shop) -> Browser:
    """Return the owner of the workshop in Toluca."""
    return Browser(app, "ana")


@pytest.fixture
def services(app: Shop) -> Services:
    """Return the use cases of the shop."""
    found: Services = app.extensions["shopkit"]
    return found


@pytest.fixture
def actor(services: Services) -> Actor:
    """Return who acts for the workshop."""
    return command_actor(services, demo.SLUG)


@pytest.fixture
def plate(services: Services, actor: Actor) -> str:
    """Return the id of a new plate with an approved English title."""
    made = Listing(key=f"p-{listings.find_listings(services, actor).total}", title="Plato de 22 cm")
    id_ = listings.create_listing(services, actor, made).id
    row = translations.open_desk(services, actor, id_, "en-US").row("title")
    translations.write(services, actor, id_, "en-US", Written("title", "Dish, 22 cm", row.digest, approve=True))
    return id_


def bring(ana: Browser, data: bytes) -> TestResponse:
    """Bring a file."""
    fields = {"csrf_token": ana.fields(PAGE)["csrf_token"], "file": (io.BytesIO(data), "a.xlf")}
    return ana.client.post("/translations/files", data=fields, content_type="multipart/form-data")


def file(plate: str, text: str) -> bytes:
    """Return what a translator sends back for the plate."""
    passage = Passage(f"{plate}/title", "Plato de 22 cm", text, "draft")
    return jobs.write([passage], "xliff-2.0", "es", "en-US").encode()


@pytest.mark.parametrize(("name", "ending"), [("xliff-2.0", "xlf"), ("xliff-1.2", "xlf"), ("po", "po")])
def test_a_file_is_sent_of_the_ticked_listings(ana: Browser, plate: str, name: str, ending: str) -> None:
    """With what there is of them; approved texts are left out when only those that wait are asked for."""
    form = {"csrf_token": ana.fields(PAGE)["csrf_token"], "listing": plate, "format": name, "file-into": "en-US"}
    whole = ana.client.post("/translations/files/export", data=form)
    waiting = ana.client.post("/translations/files/export", data={**form, "waiting": "on"})

    assert whole.headers["Content-Disposition"] == f'attachment; filename="en-US.{ending}"'
    assert [(one.source, one.target) for one in jobs.read(whole.data).texts] == [("Plato de 22 cm", "Dish, 22 cm")]
    assert b"Plato" not in waiting.data


def test_an_approved_text_gives_way_when_both_were_seen(
    ana: Browser, services: Services, actor: Actor, plate: str
) -> None:
    """It is shown beside what the file says; ticked, the file's is a draft; a second time it was changed meanwhile."""
    shown = bring(ana, file(plate, "Plate, 22 cm"))
    form = {
        "csrf_token": ana.fields(PAGE)["csrf_token"],
        "locale": "en-US",
        "id-0": f"{plate}/title",
        "came-0": "approved",
        "now-0": "Dish, 22 cm",
        "text-0": "Plate, 22 cm",
        "give-0": "on",
        "version-0": "1",
        "digest-0": translations.open_desk(services, actor, plate, "en-US").row("title").digest,
    }
    before = translations.open_desk(services, actor, plate, "en-US").row("title").text
    taken = ana.client.post("/translations/files/replace", data=form)
    late = ana.client.post("/translations/files/replace", data=form)
    row = translations.open_desk(services, actor, plate, "en-US").row("title")

    assert 'name="give-0"' in shown.text
    assert "kept back, for an approved text stands Dish, 22 cm Plate, 22 cm" in text_of(shown.text)
    assert f'name="digest-0" value="{form["digest-0"]}"' in shown.text
    assert (before, row.text, row.review) == ("Dish, 22 cm", "Plate, 22 cm", "draft")
    assert "taken as drafts 1" in text_of(taken.text)
    assert "Some of these were changed meanwhile" in text_of(late.text)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"hola", "This file cannot be read, and nothing of it was kept"),
        (b"", "This file cannot be read, and nothing of it was kept"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><xliff/>', "This file cannot be read, and nothing of it was kept"),
    ],
)
def test_a_file_that_is_none_is_told(ana: Browser, data: bytes, said: str) -> None:
    """On the page that it came from."""
    answer = bring(ana, data)

    assert (answer.status_code, said in text_of(answer.text)) == (422, True)


def test_a_text_that_was_not_taken_is_told_with_its_reason(ana: Browser, plate: str) -> None:
    """One whose number is another is taken and stopped; one of no text here is not taken."""
    passages = [
        Passage(f"{plate}/description", "Nada", "None", "draft"),
        Passage(f"{plate}/title", "Plato de 20 cm", "Plate, 20 cm", "draft"),
    ]
    page = text_of(bring(ana, jobs.write(passages, "po", "es", "en-US").encode()).text)

    assert "of no text of your shop 1" in page
    assert "of a source that has changed. The source says now: Plato de 22 cm" in page
