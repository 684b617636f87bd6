"""Routes of catalogs: kept, made in the background, watched, given an address that channels fetch."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flask import Response, request
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.catalog_schemas import CatalogChange, CatalogToMake, RunToMake
from shopkit.api.errors import problem
from shopkit.api.language import language
from shopkit.api.listings import READ, WRITE
from shopkit.api.queries import Query
from shopkit.services import catalog_diffs, catalog_runs, catalogs
from shopkit.services.catalog_runs import RunBusyError
from shopkit.services.catalogs import FeedChangedError, Said, Settings
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError, RequestProblem, from_pydantic, sentence
from shopkit.services.reading import siblings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from listings.channels.port import Finding
    from shopkit.services.catalog_runs import Run
    from shopkit.services.catalogs import Kept

_Body = TypeVar("_Body", bound=BaseModel)
_PAGE: Final = 100
MOST_PAGES: Final = 10_000


@bp.errorhandler(RunBusyError)
def _busy(_error: RunBusyError) -> Response:
    return problem(409, sentence("catalog.busy", {}, language()))


@bp.errorhandler(FeedChangedError)
def _changed(_error: FeedChangedError) -> Response:
    return problem(409, sentence("catalog.stale", {}, language()))


@bp.get("/api/v1/catalogs")
def read_catalogs() -> Response:
    """List the shop's catalogs."""
    found = catalogs.all_feeds(services(), api_actor(READ))
    return _sent({"results": [_feed(one) for one in found]})


@bp.post("/api/v1/catalogs")
def create_catalog() -> Response:
    """Keep a catalog for a channel, a market and a language."""
    actor = api_actor(WRITE)
    asked = read_shape(CatalogToMake, read_body())
    said = Said(asked.channel, asked.market, asked.language, _settings(asked), asked.kind, asked.every_hours)
    made = catalogs.create(services(), actor, said)
    return _sent(_feed(made), HTTPStatus.CREATED, f"/api/v1/catalogs/{made.id}")


@bp.get("/api/v1/catalogs/<feed_id>")
def read_catalog(feed_id: str) -> Response:
    """Read a catalog."""
    return _sent(_feed(catalogs.get_feed(services(), api_actor(READ), feed_id)))


@bp.put("/api/v1/catalogs/<feed_id>")
def change_catalog(feed_id: str) -> Response:
    """Change the settings of a catalog that was read at a version; 409 where somebody else did meanwhile."""
    actor = api_actor(WRITE)
    found = catalogs.get_feed(services(), actor, feed_id)
    asked = read_shape(CatalogChange, read_body())
    said = Said(
        found.channel, found.market, found.language, _settings(asked), asked.kind or found.kind, asked.every_hours
    )
    return _sent(_feed(catalogs.save(services(), actor, feed_id, said, asked.version)))


@bp.delete("/api/v1/catalogs/<feed_id>")
def remove_catalog(feed_id: str) -> Response:
    """Remove a catalog with its history, its file and its address."""
    catalogs.remove(services(), api_actor(WRITE), feed_id)
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.post("/api/v1/catalogs/<feed_id>/address")
def open_catalog(feed_id: str) -> Response:
    """Give out a new address for a catalog; the one before opens nothing any more."""
    return _sent(_feed(catalogs.open_address(services(), api_actor(WRITE), feed_id)))


@bp.delete("/api/v1/catalogs/<feed_id>/address")
def close_catalog(feed_id: str) -> Response:
    """Take the address of a catalog back."""
    return _sent(_feed(catalogs.close_address(services(), api_actor(WRITE), feed_id)))


@bp.get("/api/v1/catalogs/<feed_id>/left-out")
def read_left_out(feed_id: str) -> Response:
    """List the listings of which rows are left out, each with why and what to do."""
    actor, page = api_actor(READ), _page()
    found, total = catalog_diffs.left_out(services(), actor, feed_id, page, _PAGE)
    results = [
        {"listing": one.listing_id, "key": one.key, "left_out": one.left_out, "findings": _findings(one.findings)}
        for one in found
    ]
    return _sent({"results": results, "total": total, "page": page})


@bp.get("/api/v1/catalogs/<feed_id>/runs")
def read_catalog_runs(feed_id: str) -> Response:
    """List the last runs of a catalog."""
    found = catalog_runs.runs_of(services(), api_actor(READ), feed_id)
    return _sent({"results": [_run(one) for one in found]})


@bp.post("/api/v1/catalogs/<feed_id>/runs")
def run_catalog(feed_id: str) -> Response:
    """Begin to make a catalog, or go on with a run that was interrupted; ask for the run to see how far it is."""
    actor = api_actor(WRITE)
    catalogs.get_feed(services(), actor, feed_id)
    asked = read_shape(RunToMake, read_body())
    made = catalog_runs.create(services(), actor, feed_id, is_dry=asked.dry_run)
    found = catalog_runs.start(services(), actor, made.id)
    return _sent(_run(found), HTTPStatus.ACCEPTED, f"/api/v1/catalog-runs/{found.id}")


@bp.get("/api/v1/catalog-runs/<catalog_run_id>")
def read_catalog_run(catalog_run_id: str) -> Response:
    """Read how far a run is and what came of it."""
    return _sent(_run(catalog_runs.get_run(services(), api_actor(READ), catalog_run_id)))


@bp.post("/api/v1/catalog-runs/<catalog_run_id>/stop")
def stop_catalog_run(catalog_run_id: str) -> Response:
    """Stop a run after the batch it is at; what is served stays what it was."""
    return _sent(_run(catalog_runs.stop(services(), api_actor(WRITE), catalog_run_id)))


@bp.get("/api/v1/catalog-runs/<catalog_run_id>/changes")
def read_catalog_changes(catalog_run_id: str) -> Response:
    """List the rows that a run added, removed or changed, with the fields before and after."""
    actor = api_actor(READ)
    catalog_runs.get_run(services(), actor, catalog_run_id)
    page = _page()
    found, total = catalog_diffs.changes(services(), actor, catalog_run_id, page, _PAGE)
    results = [
        {
            "row": one.row,
            "listing": one.listing_id,
            "what": one.what,
            "fields": {k: list(v) for k, v in one.fields.items()},
        }
        for one in found
    ]
    return _sent({"results": results, "total": total, "page": page})


def _page() -> int:
    query = Query("page")
    text = query.text("page") or "1"
    is_whole = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PAGES))
    if not is_whole or not 1 <= int(text) <= MOST_PAGES:
        query.complain("page", "number.range", limit=f"1-{MOST_PAGES}")
    query.done()
    return int(text)


def _settings(asked: CatalogToMake | CatalogChange) -> Settings:
    return Settings(**asked.settings.model_dump())


def _feed(found: Kept) -> dict[str, Any]:
    token = catalogs.token_of(services(), found)
    root = (services().settings.public_url or request.host_url).rstrip("/")
    return {
        "id": found.id,
        "channel": found.channel,
        "market": found.market,
        "language": found.language,
        "kind": found.kind,
        "every_hours": found.every_hours,
        "settings": asdict(found.settings),
        "version": found.version,
        "created_at": _moment(found.created_at),
        "changed_at": _moment(found.changed_at),
        "etag": found.etag,
        "address": None if token is None else f"{root}/feeds/{token}",
    }


def _run(found: Run) -> dict[str, Any]:
    return {
        "id": found.id,
        "catalog": found.feed_id,
        "dry_run": found.is_dry,
        "state": found.state,
        "is_alive": catalog_runs.is_alive(services(), found),
        "done": found.done,
        "total": found.total,
        "counts": dict(found.counts),
        "findings": _findings(found.problems),
        "rests_on": dict(found.rests_on),
        "digest": found.digest,
        "size": found.size,
        "created_at": _moment(found.created_at),
        "finished_at": _moment(found.finished_at),
    }


def _findings(found: Iterable[Finding]) -> list[dict[str, Any]]:
    spoken = language()
    told = [(one, *catalog_diffs.told(one, spoken)) for one in found]
    return [
        {"row": one.row, "field": one.field, "rule": one.rule, "is_warning": one.is_warning, "what": what, "fix": fix}
        for one, what, fix in told
    ]


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _sent(value: Any, status: HTTPStatus = HTTPStatus.OK, location: str | None = None) -> Response:  # noqa: ANN401  # JSON
    return send(Reply(status, dump(value), language(), location))


def read_shape(shape: type[_Body], value: Any) -> _Body:  # noqa: ANN401  # JSON
    """Return a body as what a route asks; ``RequestError`` tells everything that is wrong with it."""
    if not isinstance(value, dict):
        raise RequestError([RequestProblem("", "type.object")])
    try:
        return shape.model_validate_json(to_json(value))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise RequestError(from_pydantic(one, siblings(shape, one["loc"])) for one in details) from None
