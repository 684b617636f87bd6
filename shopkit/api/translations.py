"""Routes of texts in other languages: read beside their sources, written and approved for the source that was read."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from babel import Locale, UnknownLocaleError
from flask import Response, request
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.drafts import SCOPE as WRITE
from shopkit.api.errors import PROBLEM_JSON, problem, problem_body
from shopkit.api.language import language
from shopkit.api.listings import READ
from shopkit.api.translation_schemas import TextReview, TextToWrite
from shopkit.services import translations
from shopkit.services.checking import Checker
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError, RequestProblem, from_pydantic, sentence
from shopkit.services.reading import siblings
from shopkit.services.translation_plans import plan_of
from shopkit.services.translations import (
    BlockedError,
    LeafNotFoundError,
    LockedError,
    SameLanguageError,
    SourceChangedError,
    TextChangedError,
    Written,
)
from translations.freshness import changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from listings.model import Listing
    from shopkit.services.actors import Actor
    from shopkit.services.translations import Row

_Body = TypeVar("_Body", bound=BaseModel)


@bp.errorhandler(SameLanguageError)
def _same_language(_error: SameLanguageError) -> Response:
    return problem(404)


@bp.errorhandler(LockedError)
def _locked(_error: LockedError) -> Response:
    return problem(409, sentence("translation.locked", {}, language()))


@bp.get("/api/v1/listings/<listing_id>/translations/<locale>")
def read_texts(listing_id: str, locale: str) -> Response:
    """Read a listing's texts in a locale, each with its source, its state, and what checks find in it."""
    actor = api_actor(READ)
    desk = translations.open_desk(services(), actor, listing_id, _known(locale))
    body = {
        "listing": desk.kept.id,
        "source_language": desk.kept.listing.language,
        "locale": locale,
        "results": _told(actor, desk.kept.listing, desk.rows),
    }
    return send(Reply(HTTPStatus.OK, dump(body), language()))


@bp.put("/api/v1/listings/<listing_id>/translations/<locale>")
def write_text(listing_id: str, locale: str) -> Response:
    """Write a text for the source whose digest is named; 409 where that is not the source any more."""
    actor, value = api_actor(WRITE), read_body()
    translations.open_desk(services(), actor, listing_id, _known(locale))
    asked = _read(TextToWrite, value)
    written = Written(asked.path, asked.text, asked.digest, asked.version, approve=asked.approve)

    def write() -> Row:
        return translations.write(services(), actor, listing_id, locale, written)

    return _answered(actor, listing_id, locale, write)


@bp.post("/api/v1/listings/<listing_id>/translations/<locale>/review")
def review_text(listing_id: str, locale: str) -> Response:
    """Approve a text for the source as it is now, reject it, or make it a draft again."""
    actor, value = api_actor(WRITE), read_body()
    translations.open_desk(services(), actor, listing_id, _known(locale))
    asked = _read(TextReview, value)
    at = Written(asked.path, "", asked.digest, asked.version)

    def review() -> Row:
        return translations.review(services(), actor, listing_id, locale, asked.verdict, at)

    return _answered(actor, listing_id, locale, review)


def _answered(actor: Actor, listing_id: str, locale: str, act: Callable[[], Row]) -> Response:
    """Return what came of an act on a text; a conflict with how source and text are now."""
    try:
        row = act()
    except SourceChangedError as error:
        return _conflict(actor, listing_id, locale, error.row, "translation.source_changed")
    except TextChangedError as error:
        return _conflict(actor, listing_id, locale, error.row, "translation.text_changed")
    except BlockedError as error:
        spoken = language()
        raise RequestError(
            RequestProblem("/text", "translation.blocked", {"detail": one.why(spoken)}) for one in error.findings
        ) from None
    listing = translations.open_desk(services(), actor, listing_id, locale).kept.listing
    return send(Reply(HTTPStatus.OK, dump(_told(actor, listing, [row])[0]), language()))


def _conflict(actor: Actor, listing_id: str, locale: str, row: Row, code: str) -> Response:
    spoken = language()
    listing = translations.open_desk(services(), actor, listing_id, locale).kept.listing
    body = problem_body(HTTPStatus.CONFLICT, spoken, sentence(code, {}, spoken), instance=request.path)
    body |= {"current": _told(actor, listing, [row])[0]}
    response = Response(json.dumps(body, separators=(",", ":")), HTTPStatus.CONFLICT, mimetype=PROBLEM_JSON)
    response.headers["Content-Language"] = spoken
    response.headers["Vary"] = "Accept-Language"
    return response


def _told(actor: Actor, listing: Listing, rows: Any) -> list[dict[str, Any]]:  # noqa: ANN401  # rows
    spoken = language()
    with services().database.reading() as session:
        checker = Checker.of(session, actor, plan_of(session, actor), services().now().date())
    return [_text(row, checker, listing, spoken) for row in rows]


def _text(row: Row, checker: Checker, listing: Listing, spoken: str) -> dict[str, Any]:
    kept = row.kept if row.text else None
    stale = row.kept is not None and row.freshness == "changed"
    return {
        "path": row.leaf.path,
        "role": row.leaf.role,
        "main": row.leaf.main,
        "source": row.leaf.text,
        "digest": row.digest,
        "text": row.text,
        "version": row.version,
        "said_in_listing": row.said is not None,
        "origin": None if kept is None else kept.origin.to_dict(),
        "review": row.review,
        "reviewed_by": None if kept is None else kept.reviewed_by,
        "reviewed_at": None if kept is None or kept.reviewed_at is None else _moment(kept.reviewed_at),
        "freshness": row.freshness,
        "changes": [
            {"kind": piece.kind, "text": piece.text}
            for piece in (changes(row.kept.source, row.leaf.text) if stale and row.kept is not None else ())
        ],
        "locked": row.kept is not None and row.kept.locked,
        "findings": [
            {
                "id": one.id,
                "severity": one.severity,
                "start": one.span[0],
                "end": one.span[1],
                "why": one.why(spoken),
                "how": one.how(spoken),
                "fix": one.fix,
                "channel": one.channel,
            }
            for one in checker.findings(listing, row)
        ],
    }


def _moment(at: Any) -> str:  # noqa: ANN401  # a datetime in UTC
    return str(at.isoformat(timespec="seconds")).replace("+00:00", "Z")


def _known(locale: str) -> str:
    """Return a locale that there is; ``LeafNotFoundError`` for any other."""
    language_, _, territory = locale.partition("-")
    try:
        Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        raise LeafNotFoundError(locale) from None
    if len(language_) != 2 or (territory and not territory.isupper() and territory != "419"):  # noqa: PLR2004  # ISO 639
        raise LeafNotFoundError(locale)
    return locale


def _read(shape: type[_Body], value: Any) -> _Body:  # noqa: ANN401  # JSON
    if not isinstance(value, dict):
        raise RequestError([RequestProblem("", "type.object")])
    try:
        return shape.model_validate_json(to_json(value))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise RequestError(from_pydantic(one, siblings(shape, one["loc"])) for one in details) from None
