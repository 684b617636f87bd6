"""Routes of accounts at channels, and of pushes: what would be sent, sending it, what came of each row."""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response

from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.catalogs import MOST_PAGES, read_shape
from shopkit.api.errors import problem
from shopkit.api.language import language
from shopkit.api.listings import READ, WRITE
from shopkit.api.push_schemas import ChannelAccountToConnect, RowToSettle
from shopkit.api.queries import Query
from shopkit.sealing import SealError
from shopkit.services import catalogs, channel_accounts, pushes
from shopkit.services.keeping import Reply
from shopkit.services.problems import sentence

if TYPE_CHECKING:
    from datetime import datetime

    from shopkit.services.channel_accounts import Account
    from shopkit.services.pushes import Run

READ_ACCOUNTS: Final = "channels:read"
WRITE_ACCOUNTS: Final = "channels:write"
STATES: Final = ("done", "refused", "unknown", "failed")
_PAGE: Final = 100


@bp.errorhandler(pushes.PushBusyError)
def _busy(_error: pushes.PushBusyError) -> Response:
    return problem(409, sentence("push.busy", {}, language()))


@bp.errorhandler(SealError)
def _shut(_error: SealError) -> Response:
    return problem(409, sentence("push.shut", {}, language()))


@bp.get("/api/v1/channel-accounts")
def read_channel_accounts() -> Response:
    """List the shop's accounts at channels, and what each channel that takes calls asks for."""
    actor = api_actor(READ_ACCOUNTS)
    Query().done()
    spoken = language()
    known = [
        {
            "channel": name,
            "token": one.has_token,
            "renews": one.renewal is not None,
            "fields": [
                {
                    "name": field.name,
                    "label": field.label[spoken],
                    "example": field.example,
                    "secret": field.is_secret,
                    "required": field.is_required,
                }
                for field in one.fields
            ],
        }
        for name, one in sorted(channel_accounts.channels().items())
    ]
    found = channel_accounts.all_accounts(services(), actor)
    return _sent({"results": [_account(one) for one in found], "channels": known})


@bp.put("/api/v1/channel-accounts/<channel>")
def connect_channel_account(channel: str) -> Response:
    """Connect an account in place of the channel's former one; its secrets are never told again."""
    actor = api_actor(WRITE_ACCOUNTS)
    asked = read_shape(ChannelAccountToConnect, read_body())
    made = channel_accounts.connect(
        services(),
        actor,
        channel,
        asked.name,
        asked.token,
        details=asked.details,
        place="sandbox" if asked.sandbox else "live",
        expires_at=asked.expires_at,
    )
    return _sent(_account(made))


@bp.delete("/api/v1/channel-accounts/<channel>")
def disconnect_channel_account(channel: str) -> Response:
    """Forget the account at a channel and its secrets; what is on sale there stays."""
    channel_accounts.disconnect(services(), api_actor(WRITE_ACCOUNTS), channel)
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.get("/api/v1/catalogs/<feed_id>/push-plan")
def read_push_plan(feed_id: str) -> Response:
    """Say what a push of a catalog would make, replace, pass over and leave out; nothing is sent."""
    actor = api_actor(READ)
    page, _ = _asked()
    found = pushes.plan(services(), actor, feed_id)
    rows = [{"row": one.key, "what": one.what, "reason": one.reason} for one in _page(found, page)]
    counts = Counter(one.what for one in found)
    return _sent({"counts": counts, "results": rows, "total": len(found), "page": page})


@bp.post("/api/v1/catalogs/<feed_id>/pushes")
def push_catalog(feed_id: str) -> Response:
    """Begin to send the rows of a catalog, or go on with a push that waits; ask for it to see how far it is."""
    actor = api_actor(WRITE)
    made = pushes.create(services(), actor, feed_id)
    found = pushes.start(services(), actor, made.id)
    return _sent(_run(found), HTTPStatus.ACCEPTED, f"/api/v1/pushes/{found.id}")


@bp.post("/api/v1/catalogs/<feed_id>/settled-rows")
def settle_row(feed_id: str) -> Response:
    """Say what was found at the channel for a row whose outcome is unknown; the next push goes on from there."""
    actor = api_actor(WRITE)
    catalogs.get_feed(services(), actor, feed_id)
    asked = read_shape(RowToSettle, read_body())
    pushes.settle(services(), actor, feed_id, asked.row, asked.ids)
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.get("/api/v1/pushes/<push_id>")
def read_push(push_id: str) -> Response:
    """Read how far a push is and what came of it."""
    return _sent(_run(pushes.get_run(services(), api_actor(READ), push_id)))


@bp.get("/api/v1/pushes/<push_id>/rows")
def read_push_rows(push_id: str) -> Response:
    """List rows of a push with the channel's names and words: those that are not there, or those of a state."""
    actor = api_actor(READ)
    pushes.get_run(services(), actor, push_id)
    page, states = _asked("state")
    found = pushes.rows_of(services(), actor, push_id, *((states,) if states else ()))
    rows = [
        {
            "row": one.key,
            "state": one.state,
            "reason": one.reason,
            "ids": dict(one.ids),
            "problems": [
                {"code": said.code, "text": said.text, "fields": list(said.fields), "is_warning": said.is_warning}
                for said in one.problems
            ],
            "at": _moment(one.at),
        }
        for one in _page(found, page)
    ]
    return _sent({"results": rows, "total": len(found), "page": page})


@bp.post("/api/v1/pushes/<push_id>/stop")
def stop_push(push_id: str) -> Response:
    """Stop a push after the row it is at; what was sent stays."""
    return _sent(_run(pushes.stop(services(), api_actor(WRITE), push_id)))


def _asked(*more: str) -> tuple[int, tuple[str, ...]]:
    """Return the page that is asked for, and the state."""
    query = Query("page", *more)
    text = query.text("page") or "1"
    is_whole = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PAGES))
    if not is_whole or not 1 <= int(text) <= MOST_PAGES:
        query.complain("page", "number.range", limit=f"1-{MOST_PAGES}")
    state = query.text("state") if more else None
    if state is not None and state not in STATES:
        query.complain("state", "choice", expected=", ".join(STATES))
    query.done()
    return int(text), (state,) if state else ()


def _page(found: tuple[Any, ...], page: int) -> tuple[Any, ...]:
    return found[(page - 1) * _PAGE : page * _PAGE]


def _account(found: Account) -> dict[str, Any]:
    return {
        "id": found.id,
        "channel": found.channel,
        "name": found.name,
        "sandbox": found.place == "sandbox",
        "created_at": _moment(found.created_at),
        "expires_at": _moment(found.expires_at),
        "is_over": found.is_over(services().now()),
    }


def _run(found: Run) -> dict[str, Any]:
    return {
        "id": found.id,
        "catalog": found.feed_id,
        "account": found.account_id,
        "state": found.state,
        "why": found.why,
        "wait_until": _moment(found.wait_until),
        "done": found.done,
        "total": found.total,
        "counts": dict(found.counts),
        "created_at": _moment(found.created_at),
        "finished_at": _moment(found.finished_at),
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _sent(value: Any, status: HTTPStatus = HTTPStatus.OK, location: str | None = None) -> Response:  # noqa: ANN401  # JSON
    return send(Reply(status, dump(value), language(), location))
