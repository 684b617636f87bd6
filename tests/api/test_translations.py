"""Texts in other languages by HTTP: written for the source that was read, refused for another, approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shopkit.api.translation_schemas import ListingText, ListingTexts, TextConflict
from tests.api.test_listings import LISTINGS, Program

if TYPE_CHECKING:
    from shopkit.app import Shop

Json = dict[str, Any]
SCOPES = ("listings:write", "translations:write")


@pytest.fixture(scope="module")
def ana(app: Shop) -> Program:
    """Return a program that may change the listings of a seller."""
    return Program(app, "s_ana_texts", *SCOPES)


@pytest.fixture
def texts(ana: Program) -> str:
    """Return the address of a new cup's texts in English."""
    number = ana.ask("GET", LISTINGS).get_json()["total"]
    made = ana.ask("POST", LISTINGS, {"key": f"taza-{number}", "title": "Taza de 350 ml", "description": "A mano."})
    return f"{LISTINGS}/{made.get_json()['id']}/translations/en-US"


def title(ana: Program, texts: str) -> Json:
    """Return the title as it is now."""
    found: Json = ana.ask("GET", texts).get_json()["results"][0]
    return found


def write(ana: Program, texts: str, text: str, **more: Any) -> Any:
    """Write the title for the source there is."""
    there = title(ana, texts)
    body = {"path": "title", "text": text, "digest": there["digest"], "version": there["version"]}
    return ana.ask("PUT", texts, body | more)


def test_texts_are_read_beside_their_sources(ana: Program, texts: str) -> None:
    """Every text with its digest, also where there is none yet."""
    body = ana.ask("GET", texts).get_json()

    ListingTexts.model_validate(body)
    assert [(one["path"], one["source"], one["freshness"]) for one in body["results"]] == [
        ("title", "Taza de 350 ml", "missing"),
        ("description", "A mano.", "missing"),
    ]


def test_a_text_is_written_and_approved(ana: Program, texts: str) -> None:
    """A draft first; the review names what was looked at."""
    draft = write(ana, texts, "Mug, 12 fl oz").get_json()
    at = {"path": "title", "digest": draft["digest"], "version": draft["version"], "verdict": "approved"}
    approved = ana.ask("POST", f"{texts}/review", at).get_json()

    ListingText.model_validate(approved)
    assert (draft["review"], draft["origin"]["kind"], draft["findings"]) == ("draft", "person", [])
    assert (approved["review"], approved["freshness"]) == ("approved", "current")


def test_a_text_for_a_source_that_changed_is_refused_and_shown(ana: Program, texts: str) -> None:
    """409 with both as they are now, and the difference of the source; nothing is written."""
    write(ana, texts, "Mug, 350 ml", approve=True)
    old = title(ana, texts)
    ana.ask("PATCH", texts.partition("/translations")[0], {"title": "Taza de 450 ml"})
    body = {"path": "title", "text": "Mug", "digest": old["digest"], "version": old["version"]}
    answer = ana.ask("PUT", texts, body)

    conflict = TextConflict.model_validate(answer.get_json())
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert conflict.current is not None
    assert (conflict.current.source, conflict.current.text, conflict.current.freshness) == (
        "Taza de 450 ml",
        "Mug, 350 ml",
        "changed",
    )
    assert [(one.kind, one.text) for one in conflict.current.changes if one.kind != "same"] == [
        ("gone", "350"),
        ("new", "450"),
    ]


def test_a_text_over_another_that_was_not_read_is_refused(ana: Program, texts: str) -> None:
    """409 with the text there is."""
    write(ana, texts, "Mug, 350 ml")
    answer = write(ana, texts, "Cup, 350 ml", version=0)

    assert answer.status_code == 409
    assert answer.get_json()["current"]["text"] == "Mug, 350 ml"


def test_what_a_check_stops_is_not_approved(ana: Program, texts: str) -> None:
    """422 with the reason; as a draft it is kept, with the finding and its fix."""
    refused = write(ana, texts, "Mug, 250 ml", approve=True)
    kept = write(ana, texts, "Mug, 250 ml").get_json()

    assert (refused.status_code, refused.get_json()["errors"][0]["code"]) == (422, "translation.blocked")
    assert [(one["id"], one["fix"]) for one in kept["findings"]] == [("number_unit_equal", "350")]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ([], {"type.object"}),
        ({"path": "title"}, {"required"}),
        ({"path": "title", "text": "Mug", "digest": "x", "version": -1}, {"digest.invalid", "number.range"}),
    ],
)
def test_everything_wrong_is_told_at_once(ana: Program, texts: str, body: object, codes: set[str]) -> None:
    """422 with each place."""
    answer = ana.ask("PUT", texts, body)

    assert answer.status_code == 422
    assert codes <= {one["code"] for one in answer.get_json()["errors"]}


@pytest.mark.parametrize("locale", ["es", "xx-YY", "en-us", "english", "e"])
def test_a_locale_that_is_none_is_not_there(ana: Program, texts: str, locale: str) -> None:
    """404, also for the listing's own language."""
    assert ana.ask("GET", texts.replace("en-US", locale)).status_code == 404


def test_another_sellers_texts_are_not_there(app: Shop, ana: Program, texts: str) -> None:
    """Read, written or approved: 404."""
    there = title(ana, texts)
    eva = Program(app, "s_eva_texts", *SCOPES)
    at = {"path": "title", "digest": there["digest"], "version": 0}

    assert [
        eva.ask("GET", texts).status_code,
        eva.ask("PUT", texts, at | {"text": "Mug"}).status_code,
        eva.ask("POST", f"{texts}/review", at | {"verdict": "approved"}).status_code,
    ] == [404, 404, 404]
