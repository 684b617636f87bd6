"""Routes of listings: found, kept, changed without losing anybody's change, archived, taken back, judged."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request

from landed_cost.countries import is_country
from listings.changes import ConflictError, differences
from listings.channels import channels
from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, key_of, read_body, send, services
from shopkit.api.errors import PROBLEM_JSON, problem, problem_body
from shopkit.api.language import language
from shopkit.api.queries import Query
from shopkit.services import listings, qualities
from shopkit.services.keeping import Reply, reply_once
from shopkit.services.listing_reading import conflicts_of, problems_of, read_listing
from shopkit.services.listings import Kept, ListingNotFoundError, StaleError, TakenError, document_of
from shopkit.services.photos import PhotoNotFoundError, UnknownPhotoError
from shopkit.services.problems import RequestError, RequestProblem, sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from listings.model import Listing
    from shopkit.services.actors import Actor

READ: Final = "listings:read"
WRITE: Final = "listings:write"
MAX_PAGE: Final = 10_000
MAX_SIZE: Final = 200
MAX_WORDS: Final = 200
STATUSES: Final = ("draft", "active", "archived")
# The largest number that a column of whole numbers holds.
_LAST_CHANGE: Final = 2**31 - 1
_TAG: Final = re.compile(r'(?:W/)?"?([0-9]{1,9})"?')
# How often a change that names no version is tried on a listing that others change at the same time.
_TRIES: Final = 3


class VersionNeededError(Exception):
    """A change that would overwrite does not say what it overwrites."""


@bp.errorhandler(ListingNotFoundError)
@bp.errorhandler(PhotoNotFoundError)
def _not_found(_error: LookupError) -> Response:
    return problem(404)


@bp.errorhandler(VersionNeededError)
def _version_needed(_error: VersionNeededError) -> Response:
    return problem(428, sentence("listing.version_needed", {}, language()))


@bp.errorhandler(ConflictError)
def _conflict(error: ConflictError) -> Response:
    return problem(409, errors=conflicts_of(error))


@bp.get("/api/v1/listings")
def find_listings() -> Response:
    """List the shop's listings that hold every word, the last changed first, a page at a time."""
    actor = api_actor(READ)
    asked = _Asked("q", "status", "page", "size")
    text, status = asked.words(), asked.choice("status", STATUSES)
    page, size = asked.number("page", 1, MAX_PAGE), asked.number("size", listings.PAGE, MAX_SIZE)
    asked.done()
    found = listings.find_listings(services(), actor, text=text, status=status, page=page, size=size)
    body = {"results": [_summary(one) for one in found.listings], "total": found.total, "page": page, "size": size}
    return send(Reply(HTTPStatus.OK, dump(body), language()))


@bp.post("/api/v1/listings")
def create_listing() -> Response:
    """Keep a new listing."""
    actor, value, spoken = api_actor(WRITE), read_body(), language()

    def work() -> Reply:
        listing = read_listing(value)
        kept = _checked(listing, lambda: listings.create_listing(services(), actor, listing))
        return Reply(HTTPStatus.CREATED, dump(_read(kept)), spoken, f"/api/v1/listings/{kept.id}")

    return send(reply_once(services(), key_of("listings", value), work))


@bp.get("/api/v1/listings/<listing_id>")
def read_listing_of_shop(listing_id: str) -> Response:
    """Read a listing, with its version as ETag."""
    kept = listings.get_listing(services(), api_actor(READ), listing_id)
    if str(kept.version) in request.if_none_match:
        return _tagged(Reply(HTTPStatus.NOT_MODIFIED, b"", language()), kept.version)
    return _answer(kept)


@bp.put("/api/v1/listings/<listing_id>")
def replace_listing(listing_id: str) -> Response:
    """Replace a listing by another text of it; If-Match says which version was read."""
    actor, value = api_actor(WRITE), read_body()
    version = _version()
    if version is None:
        raise VersionNeededError
    listing = read_listing(value)
    try:
        return _answer(
            _checked(listing, lambda: listings.save_listing(services(), actor, listing_id, listing, version))
        )
    except StaleError as error:
        return _stale(error, listing)


@bp.patch("/api/v1/listings/<listing_id>")
def change_listing(listing_id: str) -> Response:
    """Change some fields (a JSON merge patch, RFC 7386); with If-Match only on the version that was read."""
    actor, value = api_actor(WRITE), read_body()
    if not isinstance(value, dict):
        raise RequestError([RequestProblem("", "type.object")])
    wanted = _version()
    tries = 1 if wanted is not None else _TRIES
    while True:
        kept = listings.get_listing(services(), actor, listing_id)
        changed = read_listing(merged(document_of(kept.listing), value))
        try:
            return _answer(_patched(actor, kept, changed, wanted))
        except StaleError as error:
            tries -= 1
            if not tries:
                return _stale(error, changed)


@bp.delete("/api/v1/listings/<listing_id>")
def archive_listing(listing_id: str) -> Response:
    """Archive a listing: it is shown nowhere, and nothing of it is lost; a PATCH of its status brings it back."""
    actor = api_actor(WRITE)
    return _answer(listings.archive_listing(services(), actor, listing_id))


@bp.get("/api/v1/listings/<listing_id>/history")
def read_history(listing_id: str) -> Response:
    """Read every change of a listing, the last first: field, before, after, when, by whom, through which door."""
    found = listings.history(services(), api_actor(READ), listing_id)
    results = [
        {
            "id": one.id,
            "version": one.version,
            "at": _moment(one.at),
            "user": one.user_id,
            "via": one.via,
            "changes": [change.to_dict() for change in one.changes],
        }
        for one in found
    ]
    return send(Reply(HTTPStatus.OK, dump({"results": results}), language()))


@bp.post("/api/v1/listings/<listing_id>/history/<change_id>/undo")
def undo_change(listing_id: str, change_id: str) -> Response:
    """Take one change back, whatever was changed after it in other fields."""
    actor = api_actor(WRITE)
    if not re.fullmatch("[0-9]{1,10}", change_id, re.ASCII) or int(change_id) > _LAST_CHANGE:
        raise ListingNotFoundError(change_id)
    return _answer(listings.undo(services(), actor, listing_id, int(change_id)))


@bp.get("/api/v1/listings/<listing_id>/quality")
def read_quality(listing_id: str) -> Response:
    """Tell how good a listing is for a market and channel: points, reasons, and what to mend next."""
    actor, asked = api_actor(READ), _Asked("market", "channel")
    market = asked.country("market")
    channel = asked.choice("channel", tuple(channels())) or qualities.OWN_PAGE
    asked.done()
    kept = listings.get_listing(services(), actor, listing_id)
    home = qualities.home_of(services(), actor)
    (found,) = qualities.judge_shown(services(), actor, [kept], home, market, channel)
    return send(Reply(HTTPStatus.OK, dump(found.read(language())), language()))


def merged(document: Any, patch: Any) -> Any:  # noqa: ANN401  # JSON
    """Return a document with a merge patch in it (RFC 7386): null takes a field away, lists are replaced whole.

    >>> merged({"a": {"b": 1, "c": 2}}, {"a": {"b": None}})
    {'a': {'c': 2}}
    """
    if not isinstance(patch, dict):
        return patch
    found = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), value)
    return found


def _patched(actor: Actor, kept: Kept, changed: Listing, wanted: int | None) -> Kept:
    version = kept.version if wanted is None else wanted
    return _checked(changed, lambda: listings.save_listing(services(), actor, kept.id, changed, version))


def _checked(listing: Listing, save: Callable[[], Kept]) -> Kept:
    try:
        return save()
    except (TakenError, UnknownPhotoError) as error:
        raise RequestError(problems_of(error, listing)) from None


def _stale(error: StaleError, listing: Listing) -> Response:
    """Answer a lost update with both texts and where they differ."""
    spoken, kept = language(), error.kept
    body = problem_body(
        HTTPStatus.PRECONDITION_FAILED,
        spoken,
        sentence("listing.stale", {"version": str(kept.version)}, spoken),
        instance=request.path,
    )
    body |= {
        "current": _read(kept),
        "yours": document_of(listing),
        "differences": [one.to_dict() for one in differences(document_of(kept.listing), document_of(listing))],
    }
    response = Response(json.dumps(body, separators=(",", ":")), HTTPStatus.PRECONDITION_FAILED, mimetype=PROBLEM_JSON)
    response.headers["Content-Language"] = spoken
    response.headers["Vary"] = "Accept-Language"
    response.set_etag(str(kept.version))
    return response


def _version() -> int | None:
    """Return the version that If-Match names, ``None`` without the header or where any will do."""
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*":
        return None
    found = _TAG.fullmatch(given.strip())
    if found is None:
        raise RequestError([RequestProblem("header:If-Match", "listing.version")])
    return int(found[1])


def _answer(kept: Kept) -> Response:
    return _tagged(Reply(HTTPStatus.OK, dump(_read(kept)), language()), kept.version)


def _tagged(reply: Reply, version: int) -> Response:
    response = send(reply)
    response.set_etag(str(version))
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _read(kept: Kept) -> dict[str, Any]:
    return _summary(kept) | {"listing": document_of(kept.listing)}


def _summary(kept: Kept) -> dict[str, Any]:
    return {
        "id": kept.id,
        "version": kept.version,
        "key": kept.listing.key,
        "title": kept.listing.title,
        "status": kept.listing.status,
        "created_at": _moment(kept.created_at),
        "updated_at": _moment(kept.updated_at),
    }


def _moment(at: Any) -> str:  # noqa: ANN401  # a datetime in UTC
    return str(at.isoformat(timespec="seconds")).replace("+00:00", "Z")


class _Asked(Query):
    """The query of a request for listings."""

    def words(self) -> str:
        text = self.text("q") or ""
        if len(text) > MAX_WORDS:
            self.complain("q", "text.too_long", limit=str(MAX_WORDS))
        elif text and not text.isprintable():
            self.complain("q", "text.characters")
        return text

    def choice(self, name: str, known: tuple[str, ...]) -> str | None:
        found = self.text(name)
        if found is not None and found not in known:
            self.complain(name, "choice", expected=", ".join(known))
        return found if found in known else None

    def country(self, name: str) -> str | None:
        found = self.code(name)
        if found is not None and not is_country(found):
            self.complain(name, "country.unknown", value=found[:64])
            return None
        return found

    def number(self, name: str, usual: int, most: int) -> int:
        text = self.text(name)
        if text is None:
            return usual
        number = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(most)) + 2 else 0
        if not 1 <= number <= most:
            self.complain(name, "number.range", limit=f"1–{most}")
            return usual
        return number
