"""The seller's board of parcels: what is held, late, silent or coming back; one parcel whole; what lanes took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from babel.dates import format_datetime
from flask import abort, make_response, redirect, render_template, request, url_for

from landed_cost.delivery.observed import ENOUGH
from shopkit.late import Late
from shopkit.services import shipment_board, shipments
from shopkit.services.problems import RequestError
from shopkit.services.shipments import ShipmentNotFoundError
from shopkit.tracking import s10
from shopkit.tracking.statuses import Leg, Status
from shopkit.tracking.timeline import Part
from shopkit.tracking.words import say
from shopkit.web import parcel_acts, tracking_accounts
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.choices import country_name
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask import Response
    from flask.typing import ResponseReturnValue

    from shopkit.services import feeds
    from shopkit.services.actors import Actor
    from shopkit.services.shipment_board import Lane, Row
    from shopkit.services.shipments import Shipment
    from shopkit.tracking.events import Event
    from shopkit.tracking.timeline import Entry
    from translations.ui import Speech

else:
    feeds = Late("shopkit.services.feeds")

VIEWS: Final[dict[shipment_board.View, str]] = {
    # Many, where a parcel that is, or an event, is one: languages tell them apart.
    "held": N_("Held parcels"),
    "late": N_("Late"),
    "silent": N_("Silent"),
    "returned": N_("Coming back"),
    "troubled": N_("In trouble"),
    "on_the_way": N_("On the way"),
    "delivered": N_("Delivered parcels"),
    "all": N_("All"),
}
FLAGS: Final = {
    "withdrawn": N_("The carrier took its delivery back"),
    "delivered_on_return": N_("Delivered while it was coming back: to whom?"),
    "damaged": N_("The carrier reports damage"),
    "exception": N_("The carrier reports a problem without saying which"),
}
_PARTS: Final = {
    "late": N_("of a leg that it had left"),
    "after_end": N_("after its way had ended"),
    "on_return": N_("on the way back"),
    "bag": N_("of its bag"),
    "future": N_("its time has not come"),
    "undated": N_("without a time that can be read"),
    "other_authority": N_("another carrier speaks for this leg"),
}
_MOST_PAGES: Final = 10_000
_RECENT: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Card:
    """A parcel in words: mark, headline, what stands beside it, and what is to be looked at."""

    row: Row
    number: str
    way: str
    mark: tuple[str, str, str]
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A scan in words: ours, where and when it was, the carrier's own, and why it did not count."""

    what: str
    when: str
    where: str
    own: str
    who: str
    why: str
    takes_back: bool


@bp.get("/shipments")
def shipments_page() -> Response:
    """Show the parcels of a view; what waits the longest first where something is wrong."""
    who = actor()
    asked = request.args.get("view", "")
    view: shipment_board.View = next((one for one in VIEWS if one == asked), "on_the_way")
    text = request.args.get("q", "")[:100].replace("\x00", "")
    page = request.args.get("page", "1")
    number = min(int(page), _MOST_PAGES) if page.isascii() and page.isdigit() and page != "0" else 1
    if text and not asked:
        view = "all"
    found = shipment_board.find(services(), who, view=view, text=text, page=number)
    return make_response(
        render_template(
            "web/shipments.html",
            found=found,
            cards=[_card(one, speech()) for one in found.rows],
            views={one: gettext(label) for one, label in VIEWS.items()},
            view=view,
            text=text,
            page=number,
            last=-(-found.total // shipment_board.PAGE),
            any=found.counts["all"] > 0,
            stopped=tracking_accounts.stopped(who),
        )
    )


@bp.get("/shipments/lanes")
def lanes_page() -> Response:
    """Show what parcels of the last year took beside what was promised."""
    who, to = actor(), speech()
    since = services().now().date() - _RECENT
    found = [
        (one, _way(one.origin, one.destination, to), _share(one, to))
        for one in shipment_board.lanes(services(), who, since)
    ]
    return make_response(render_template("web/lanes.html", lanes=found, enough=ENOUGH))


@bp.get("/shipments/<shipment_id>")
def shipment_page(shipment_id: str) -> ResponseReturnValue:
    """Show a parcel: where it is, what was promised, and all that was told of it."""
    who = actor()
    try:
        found = shipments.load(services(), who, shipment_id)
    except ShipmentNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    return _one(who, found)


@bp.post("/shipments/<shipment_id>/<act>")
def act_on_shipment(shipment_id: str, act: str) -> ResponseReturnValue:
    """Let the carrier be asked about a parcel now, or again after that was over."""
    who = actor("editor")
    try:
        found = shipments.load(services(), who, shipment_id)
    except ShipmentNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    if act == "refresh":
        feeds.refresh(services(), shipment_id)
    elif act == "resume":
        try:
            feeds.resume(services(), who, shipment_id)
        except RequestError as error:
            words = [one.message(speech().language) for one in error.problems]
            return _one(who, found, words, HTTPStatus.UNPROCESSABLE_ENTITY)
    else:
        abort(HTTPStatus.NOT_FOUND)
    return redirect(url_for("web.shipment_page", shipment_id=shipment_id), HTTPStatus.SEE_OTHER)


def _one(
    who: Actor, found: Shipment, problems: Sequence[str] = (), status: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    to, shipment_id = speech(), found.id
    history = shipments.timeline(services(), shipment_id)
    feed = feeds.of_shipment(services(), who, shipment_id)
    row = shipment_board.one(services(), who, found)
    reason = history.customs.reason
    return make_response(
        render_template(
            "web/shipment.html",
            it=found,
            card=_card(row, to),
            against=parcel_acts.against(shipment_id),
            reason=None if reason is None else say("reason", reason, language=to.language),
            raw_reason=history.customs.raw_reason,
            flags=[gettext(FLAGS[one]) for one in history.flags],
            scans=[_told(one, to) for one in reversed(history.entries)],
            other=len(history.other_parcel),
            feed=feed,
            asked=None if feed.asked_at is None else _local(feed.asked_at, to),
            due=None if feed.due_at is None else _local(max(feed.due_at, services().now()), to),
            problems=problems,
            may_edit=who.may("editor"),
        ),
        status,
    )


def _card(row: Row, to: Speech) -> Card:
    one = row.shipment
    beside = []
    if row.tells_of_customs:
        beside.append(say("customs", one.customs, language=to.language))
    if one.is_open and row.followed == feeds.NOBODY:
        beside.append(gettext(N_("Nobody is asked about it")))
    elif row.followed == "check_number":
        beside.append(gettext(N_("The carrier does not know the number: look at it again")))
    if one.status is None and row.followed == feeds.NOBODY:
        pass
    elif row.silence.label is Status.STALE:
        days = row.silence.days
        beside.append(to.sentences.ngettext("Silent for one day", "Silent for %(days)s days", days) % {"days": days})
    elif row.silence.label is not None:
        beside.append(say("status", row.silence.label.value, language=to.language))
    if row.late_days:
        late = row.late_days
        beside.append(to.sentences.ngettext("One day late", "%(late)s days late", late) % {"late": late})
    grouped = s10.print_groups(one.number) if s10.is_valid(one.number) else one.number
    return Card(row, grouped, _way(one.origin, one.destination, to), _mark(row, to), tuple(beside))


def _mark(row: Row, to: Speech) -> tuple[str, str, str]:
    """Return sign, words and colour of a headline: what is well, what to look at, what went wrong."""
    one = row.shipment
    if one.status is None:
        return "○", gettext(N_("Nothing was told yet")), "estimated"
    words = say("status", one.status, language=to.language).rstrip(".")
    if one.status == Status.DELIVERED:
        return "●", words, "complete"
    if one.leg == Leg.RETURN or not one.is_open:
        return "○", words, "refused"
    wrong = row.late_days or row.silence.label is Status.STALE or one.customs in {"held", "payment_due"} or one.flags
    return ("◐", words, "estimated") if wrong else ("●", words, "complete")


def _way(origin: str, destination: str, to: Speech) -> str:
    start = country_name(origin, to) if origin else gettext(N_("not known"))
    return f"{start} → {country_name(destination, to)}"


def _share(lane: Lane, to: Speech) -> str:
    if not lane.judged:
        return gettext(N_("not known yet"))
    said = gettext(N_("%(kept)s of %(judged)s")) % {"kept": lane.kept, "judged": lane.judged}
    if lane.judged < ENOUGH:
        return said
    return f"{said} ({to.number(str(round(100 * lane.kept / lane.judged)))} %)"


def _told(entry: Entry, to: Speech) -> Told:
    event, raw = entry.event, entry.event.raw
    return Told(
        say("status", event.status.value, language=to.language),
        _when(event, to),
        ", ".join(filter(None, (raw.place, raw.country))),
        " ".join(filter(None, (raw.code, raw.text))),
        raw.provider,
        gettext(_PARTS[entry.part]) if entry.part in _PARTS else "",
        entry.part is Part.WITHDRAWS,
    )


def _local(at: datetime, to: Speech) -> str:
    return f"{format_datetime(at, 'd MMM y, HH:mm', locale=to.locale)} UTC"


def _when(event: Event, to: Speech) -> str:
    """Return when it was: the clock of the place, with what is known of its zone."""
    if event.local is not None:
        said = format_datetime(event.local, "d MMM y, HH:mm", locale=to.locale)
        return said if event.utc is not None else f"{said} ({gettext(N_('no zone known'))})"
    if event.utc is not None:
        return f"{format_datetime(event.utc, 'd MMM y, HH:mm', locale=to.locale)} UTC"
    return gettext(N_("no time told"))
