"""The desk as a browser without scripts gets it: texts beside their sources, checks, conflicts, links for reviewers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from listings.model import Listing
from shopkit.services import demo, draft_runs, listings, reviewing, translations
from shopkit.services.companies import command_actor
from tests.shop import open_demo
from tests.unit.web.test_listings_pages import Browser, Fields, text_of

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from shopkit.app import Shop
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services


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
    """Return the id of a new plate."""
    found = listings.find_listings(services, actor).total
    made = Listing(key=f"plato-{found}", title="Plato de 22 cm", description="Pintado a mano.")
    return listings.create_listing(services, actor, made).id


def here(plate: str) -> str:
    """Return the address of the plate's desk."""
    return f"/listings/{plate}/texts/en-US"


def press(ana: Browser, plate: str, do: str, **typed: str) -> TestResponse:
    """Type into the desk of the plate and press a button of it."""
    return ana.send(here(plate), ana.fields(here(plate)), do=do, **typed)


def test_a_text_is_written_beside_its_source(ana: Browser, plate: str) -> None:
    """Source and target in their languages; what was typed is kept as a draft, and the desk says so."""
    answer = press(ana, plate, "save", text__0="Plate, 22 cm")
    page = ana.get(here(plate))

    assert (answer.status_code, answer.location) == (303, f"{here(plate)}?saved=1#text-0")
    assert "Title ◐ Draft By a person" in text_of(page.text)
    assert '<div class="source" lang="es">' in page.text
    assert ana.fields(here(plate))["text-0"] == "Plate, 22 cm"


def test_approving_opens_the_channels(ana: Browser, plate: str) -> None:
    """Both main texts approved: every channel that serves the market and takes the language is open."""
    press(ana, plate, "approve-0", text__0="Plate, 22 cm")
    before = text_of(ana.get(here(plate)).text)
    press(ana, plate, "approve-1", text__1="Painted by hand.")
    after = text_of(ana.get(here(plate)).text)

    assert "○ Your own page held back Description: missing" in before
    assert "● Your own page open" in after
    assert "held back" not in after


def test_every_button_keeps_what_was_typed(ana: Browser, plate: str) -> None:
    """Approving the title keeps the description that was typed as well."""
    press(ana, plate, "approve-0", text__0="Plate, 22 cm", text__1="Painted by hand.")
    page = text_of(ana.get(here(plate)).text)

    assert "Title ● Approved" in page
    assert "Description ◐ Draft" in page


def test_a_number_that_changed_is_told_and_mended(ana: Browser, plate: str) -> None:
    """It stops the approval; the button mends it."""
    answer = press(ana, plate, "approve-0", text__0="Plate, 28 cm")
    said = text_of(answer.text)
    mended = press(ana, plate, "fix-0-0")

    assert answer.status_code == 422
    assert "It says 28 cm and the source says 22 cm: they are not the same." in said
    assert "It cannot be approved:" in said
    assert mended.status_code == 303
    assert ana.fields(here(plate))["text-0"] == "Plate, 22 cm"


def test_a_finding_is_let_be_with_a_reason_alone(ana: Browser, plate: str) -> None:
    """Without one it is asked for; with one it is not told again, and who let it be is."""
    press(ana, plate, "save", text__0="Plate, 28 cm")
    asked = press(ana, plate, "dismiss-0-0")
    press(ana, plate, "dismiss-0-0", reason__0__0="the big one")
    page = text_of(ana.get(here(plate)).text)

    assert asked.status_code == 422
    assert "Say why it may stay as it is." in text_of(asked.text)
    assert "they are not the same" not in page
    assert re.search(r"Let be by .*: the big one", page)


def test_a_changed_source_is_shown_with_what_still_holds(
    ana: Browser, plate: str, services: Services, actor: Actor
) -> None:
    """The words that are gone and new, the number that is no longer said; approving makes it current."""
    press(ana, plate, "approve-0", text__0="Plate, 22 cm")
    kept = listings.get_listing(services, actor, plate)
    changed = kept.listing.model_copy(update={"title": "Plato de 28 cm"})
    listings.save_listing(services, actor, plate, changed, kept.version)
    page = ana.get(here(plate)).text
    press(ana, plate, "approve-0", text__0="Plate, 28 cm")

    assert "Title ◐ Source changed" in text_of(page)
    assert "Plato de <del>22</del><ins>28</ins> cm" in page
    assert "<del>22</del>" in page.split("What of this text still holds")[1]
    assert "Title ● Approved" in text_of(ana.get(here(plate)).text)


def test_a_text_for_an_older_source_is_refused_and_not_lost(
    ana: Browser, plate: str, services: Services, actor: Actor
) -> None:
    """Who had the page open while the source was changed is shown both: 409."""
    fields = ana.fields(here(plate))
    kept = listings.get_listing(services, actor, plate)
    changed = kept.listing.model_copy(update={"title": "Plato de 28 cm"})
    listings.save_listing(services, actor, plate, changed, kept.version)
    answer = ana.send(here(plate), fields, do="save", text__0="Plate, 22 cm")

    assert answer.status_code == 409
    assert "The source was changed meanwhile" in text_of(answer.text)
    assert Fields(answer.text).found["text-0"] == "Plate, 22 cm"
    assert translations.open_desk(services, actor, plate, "en-US").row("title").kept is None


def test_checks_are_told_while_somebody_types(ana: Browser, plate: str) -> None:
    """A part of the page for the text at hand, and nothing is kept."""
    fields = ana.fields(here(plate))
    answer = ana.send(f"{here(plate)}/check", {"csrf_token": fields["csrf_token"], "text-0": "Plate  22 cm"})

    assert "There are spaces too many." in text_of(answer.text)
    assert answer.text.lstrip().startswith('<div class="found" id="found-0"')
    assert ana.fields(here(plate))["text-0"] == ""


def test_what_was_approved_before_is_offered(ana: Browser, plate: str, services: Services, actor: Actor) -> None:
    """The same source in another listing: the wording can be taken, and is known to be from the memory."""
    press(ana, plate, "approve-1", text__1="Painted by hand.")
    twin = listings.create_listing(
        services, actor, Listing(key=f"{plate}-b", title="Otro", description="Pintado a mano.")
    ).id
    offered = text_of(ana.get(here(twin)).text)
    press(ana, twin, "take-1-0")

    assert "Painted by hand. 100 % · Pintado a mano." in offered
    assert "Description ◐ Draft From the memory, 100 % alike" in text_of(ana.get(here(twin)).text)


def test_a_change_is_taken_back(ana: Browser, plate: str) -> None:
    """From the history of the text."""
    press(ana, plate, "save", text__0="Plate, 22 cm")
    press(ana, plate, "save", text__0="Dish, 22 cm")
    address = f"{here(plate)}/history?path=title"
    page = ana.get(address).text
    found = re.search(r'action="([^"]+/undo)"', page)
    assert found is not None
    answer = ana.send(found[1], Fields(page).found)

    assert answer.status_code == 303
    assert ana.fields(here(plate))["text-0"] == "Plate, 22 cm"


@pytest.mark.parametrize("locale", ["es", "xx-YY", "english", "en-us", "es-419x"])
def test_a_locale_that_is_none_is_not_there(ana: Browser, plate: str, locale: str) -> None:
    """Nor is the listing's own language."""
    assert ana.get(f"/listings/{plate}/texts/{locale}").status_code == 404


def test_the_settings_say_what_leaves_unapproved(ana: Browser, plate: str) -> None:
    """For one channel alone; the desk says that more goes out there."""
    press(ana, plate, "save", text__0="Plate, 22 cm", text__1="Painted by hand.")
    plan = [("locale", "en-US"), ("locale", "pt-BR"), ("etsy-unapproved", "on")]
    fields = ana.fields("/translations")
    data = {"csrf_token": fields["csrf_token"], "version": fields["version"]}
    answer = ana.client.post("/translations/plan", data={**data, "locale": ["en-US", "pt-BR"], plan[2][0]: "on"})
    page = text_of(ana.get(here(plate)).text)

    assert answer.status_code == 303
    assert "● Etsy open you let more out here" in page
    assert "○ eBay held back Title: not approved; Description: not approved" in page


def test_a_drafting_shows_how_far_it_is(ana: Browser, plate: str, services: Services, actor: Actor) -> None:
    """Begun from the table, it ends, and says what was refused and why."""
    fields = ana.fields("/translations")
    answer = ana.client.post(
        "/translations/drafts", data={"csrf_token": fields["csrf_token"], "listing": plate, "into": "en-US"}
    )
    run_id = str(answer.location).rpartition("/")[2]
    draft_runs.stop(services, actor, run_id)

    assert answer.status_code == 303
    assert "of 1 listings" in text_of(ana.get(f"/translations/drafts/{run_id}").text)


def test_a_reviewer_writes_and_comments_without_an_account(
    app: Shop, plate: str, services: Services, actor: Actor
) -> None:
    """Under their own name, as a draft; they cannot approve, nor see anything else."""
    share = reviewing.share(services, actor, [plate], "en-US", "Jane of Austin", 7)
    token = reviewing.token_of(services, share.id)
    jane = app.test_client()
    address = f"/review/{token}/{plate}"
    page = jane.get(address, headers={"Accept-Language": "en"})
    fields = Fields(page.text).found
    sent = jane.post(
        address, data=fields | {"text-0": "Plate, 22 cm", "comment-0": "Plate or dish?", "do": "comment-0"}
    )
    refused = jane.post(
        address, data=Fields(jane.get(address).text).found | {"do": "approve-0"}, headers={"Accept-Language": "en"}
    )
    row = translations.open_desk(services, actor, plate, "en-US").row("title")

    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Approve" not in text_of(page.text)
    assert sent.status_code == 303
    assert refused.status_code == 403
    assert (row.text, row.review) == ("Plate, 22 cm", "draft")
    assert "Plate or dish? Jane of Austin" in text_of(jane.get(address).text)
    assert jane.get("/translations").status_code == 303


def test_a_link_that_was_ended_says_so(ana: Browser, app: Shop, plate: str, services: Services, actor: Actor) -> None:
    """410, and the page tells whom to ask."""
    share = reviewing.share(services, actor, [plate], "en-US", "Jane", 7)
    fields = ana.fields("/translations")
    ended = ana.send(f"/translations/shares/{share.id}/revoke", {"csrf_token": fields["csrf_token"]})
    answer = app.test_client().get(
        f"/review/{reviewing.token_of(services, share.id)}", headers={"Accept-Language": "en"}
    )

    assert ended.status_code == 303
    assert answer.status_code == 410
    assert "Ask the shop for another." in text_of(answer.text)


def test_what_goes_out_is_shown_with_what_is_held_back(ana: Browser, plate: str) -> None:
    """By language and channel, with the files; the file holds the texts of that language alone."""
    before = text_of(ana.get("/translations/out?locale=pt-BR&channel=etsy").text)
    address = f"/listings/{plate}/texts/pt-BR"
    ana.send(address, ana.fields(address), do="approve-0", text__0="Prato de 22 cm")
    ana.send(address, ana.fields(address), do="approve-1", text__1="Pintado à mão.")
    after = ana.get("/translations/out?locale=pt-BR&channel=etsy")
    file = ana.get("/listings/export/shopify?locale=pt-BR&channel=etsy")

    assert "One listing goes out to Etsy." in before
    assert "Plato de 22 cm : Title: missing; Description: missing" in before
    assert "2 listings go out to Etsy." in text_of(after.text)
    assert "Prato de 22 cm" in file.text
    assert "Plato" not in file.text
    assert ana.get("/listings/export/shopify?locale=xx-YY").status_code == 404
