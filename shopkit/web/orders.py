"""The seller's board of orders: what is to be done, and one order with all that was promised and that happened."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from babel.dates import format_datetime
from flask import Response, abort, make_response, redirect, render_template, request, url_for

from landed_cost.money import Money
from shopkit.services import order_acts, order_lists, order_money, orders, refunds
from shopkit.services.days import read_day
from shopkit.services.keeping import KeyConflictError
from shopkit.services.order_words import EVENTS
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError
from shopkit.web import invoices, order_till, parcel_acts
from shopkit.web.access import actor, services
from shopkit.web.amounts import exact_money
from shopkit.web.blueprint import bp
from shopkit.web.choices import country_name
from shopkit.web.language import N_, gettext, speech
from translations.numbers import NumberError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from flask.typing import ResponseReturnValue

    from shopkit.orders import Event, OrderState
    from shopkit.services.actors import Actor
    from shopkit.services.orders import Order

VIEWS: Final[dict[order_lists.View, str]] = {
    "to_send": N_("To send"),
    "unpaid": N_("Not paid"),
    "to_settle": N_("To settle"),
    "on_the_way": N_("On the way"),
    "over": N_("Over"),
    "all": N_("All"),
}
# A mark, words, and the colour of a quote's outcome.
STATUSES: Final = {
    "awaiting_payment": ("○", N_("Waits for payment"), "estimated"),
    "pending": ("◐", N_("Voucher or transfer under way"), "estimated"),
    "underfunded": ("◐", N_("Paid in part"), "estimated"),
    "paid": ("●", N_("Paid"), "complete"),
    "paid_late": ("◐", N_("Paid after its end"), "estimated"),
    "part_refunded": ("◐", N_("Given back in part"), "estimated"),
    "refunded": ("○", N_("Given back"), "refused"),
    "expired": ("○", N_("Not paid in time"), "refused"),
    "cancelled": ("○", N_("Cancelled"), "refused"),
}
FULFILMENTS: Final = {
    "placed": N_("to be packed"),
    "packed": N_("packed"),
    "shipped": N_("sent"),
    "delivered": N_("arrived"),
    "returned": N_("came back"),
    "cancelled": N_("not sent"),
}
_SOURCES: Final = {"buyer": N_("buyer"), "seller": N_("seller"), "clock": N_("clock")}
_MOST_PAGES: Final = 10_000
_SENT_BEFORE: Final = N_("This form was sent before with another amount. Look at what happened, then send it again.")
_NO_AMOUNT: Final = N_("Write an amount, like 76.63.")


@dataclass(frozen=True, slots=True)
class Told:
    """An event in words."""

    name: str
    at: str
    who: str
    amount: str
    note: str


@bp.get("/orders")
def orders_page() -> ResponseReturnValue:
    """Show the orders of a view, the newest first."""
    who = actor()
    asked = request.args.get("view", "")
    view: order_lists.View = next((one for one in VIEWS if one == asked), "all")
    text = request.args.get("q", "")[:200].replace("\x00", "")
    page = request.args.get("page", "1")
    number = min(int(page), _MOST_PAGES) if page.isascii() and page.isdigit() and page != "0" else 1
    found = order_lists.find(services(), who, view=view, text=text, page=number)
    body = render_template(
        "web/orders.html",
        found=found,
        rows=[(one, _mark(one.state), _money(one.due), country_name(one.market, speech())) for one in found.rows],
        views={one: gettext(label) for one, label in VIEWS.items()},
        view=view,
        text=text,
        page=number,
        last=-(-found.total // order_lists.PAGE),
        fulfilments=FULFILMENTS,
        any=found.counts["all"] > 0,
    )
    return make_response(body)


@bp.get("/orders/ledger.csv")
def orders_ledger() -> ResponseReturnValue:
    """Download every event of every order, or those of some days (``from``, ``to``); what is no day is left out."""
    who = actor()
    since, until = (_day(request.args.get(name, "")) for name in ("from", "to"))
    headers = {"Content-Disposition": 'attachment; filename="ledger.csv"'}
    lines = order_lists.ledger_csv(services(), who, since, until)
    return Response(lines, headers=headers, content_type="text/csv; charset=utf-8")


def _day(text: str) -> date | None:
    try:
        return read_day(text, "")
    except RequestError:
        return None


@bp.get("/orders/<order_id>")
def order_page(order_id: str) -> ResponseReturnValue:
    """Show an order: what is to be done, what was promised, what happened."""
    who = actor()
    return _one(who, _find(who, order_id))


@bp.get("/orders/<order_id>/evidence.<kind>")
def order_evidence(order_id: str, kind: str) -> ResponseReturnValue:
    """Download what is known of an order: a paper, or all of it with its data."""
    # 80 MB that only printing needs.
    from shopkit.services import evidence  # noqa: PLC0415

    who = actor()
    found, language = _find(who, order_id), speech().language
    if kind == "pdf":
        body = evidence.paper(services(), evidence.gather(services(), who, order_id), language)
    elif kind == "zip":
        body = evidence.archive(services(), who, order_id, language)
    else:
        abort(HTTPStatus.NOT_FOUND)
    name = f"order-{found.number}-evidence.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, headers=headers, content_type=f"application/{kind}")


@bp.post("/orders/<order_id>/<act>")
def act_on_order(order_id: str, act: str) -> ResponseReturnValue:
    """Do something to an order, and show it; what may not be done is said with its reason."""
    who = actor("editor")
    found = _find(who, order_id)
    if act not in _ACTS:
        abort(HTTPStatus.NOT_FOUND)
    try:
        _ACTS[act](who, found)
    except RequestError as error:
        words = [one.message(speech().language) for one in error.problems]
        return _one(who, _find(who, order_id), words, HTTPStatus.UNPROCESSABLE_ENTITY)
    except KeyConflictError:
        return _one(who, _find(who, order_id), [gettext(_SENT_BEFORE)], HTTPStatus.CONFLICT)
    except NumberError:
        return _one(who, found, [gettext(_NO_AMOUNT)], HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.order_page", order_id=order_id), HTTPStatus.SEE_OTHER)


def _find(who: Actor, order_id: str) -> Order:
    try:
        return orders.load(services(), who, order_id)
    except OrderNotFoundError:
        abort(HTTPStatus.NOT_FOUND)


def _one(who: Actor, found: Order, problems: list[str] | None = None, status: int = HTTPStatus.OK) -> Response:
    state, totals = found.state, found.totals
    money = order_money.of_order(services(), who, found.id)
    ids = {str(one.data["user"]) for one in found.events if one.data.get("user")}
    names = order_money.people(services(), who, ids) if ids else {}
    parts = [
        (gettext(N_("Goods")), totals.goods),
        (gettext(N_("Freight")), totals.freight),
        (gettext(N_("Insurance")), totals.insurance),
        (gettext(N_("Duties and taxes paid with the order")), totals.charges),
        (gettext(N_("Taken off since")), Money(-state.reduced, state.currency)),
    ]
    papers, can_invoice, asks_papers = invoices.of_order(who, found)
    sums = [
        (gettext(N_("Received")), state.received),
        (gettext(N_("Given back")), state.refunded),
        (gettext(N_("On its way back")), state.refunding),
        (gettext(N_("Lost in disputes")), state.charged_back),
        (gettext(N_("Does not fit, and is not counted")), max(0, state.astray_left)),
        (gettext(N_("Still to be paid")), state.missing),
        (gettext(N_("Owed to the buyer")), state.owed_back),
    ]
    body = render_template(
        "web/order.html",
        order=found,
        state=state,
        mark=_mark(state),
        fulfilments=FULFILMENTS,
        market=country_name(found.market, speech()),
        parts=[(label, _money(amount)) for label, amount in parts if amount.minor],
        due=_money(Money(state.due, state.currency)),
        at_door=_money(totals.at_door) if totals.at_door.minor else None,
        sums=[(label, _money(Money(minor, state.currency))) for label, minor in sums if minor],
        lines=[
            (line, place, _money(line.total), state.packed[place], state.to_send[place], state.returned[place])
            for place, line in enumerate(found.lines)
        ],
        ends=None if state.ends_at is None else _moment(state.ends_at, found.market),
        doubts=[gettext(EVENTS[one]) for one in dict.fromkeys(state.doubts)],
        events=[_told(one, found.market, names) for one in reversed(found.events)],
        till=order_till.shown(money, found.market),
        problems=problems or [],
        parcels=parcel_acts.of_order(who, found.id),
        papers=papers,
        can_invoice=can_invoice,
        asks_papers=asks_papers,
        may_edit=who.may("editor"),
        once=secrets.token_hex(8),
    )
    return make_response(body, status)


# -- what is asked for ---------------------------------------------------------------------------------------------
def _pack(who: Actor, found: Order) -> OrderState:
    if not any(name.startswith("line-") for name in request.form):
        return order_acts.pack_all(services(), who, found.id)
    return order_acts.pack(services(), who, found.id, _pieces(found), key=_once())


def _transfer(who: Actor, found: Order) -> OrderState:
    reference = request.form.get("reference", "")
    return order_acts.note_transfer(services(), who, found.id, _amount(found), key=_once(), reference=reference)


def _amount(found: Order) -> Money:
    """Return the amount that was written, exactly; ``NumberError``."""
    return exact_money(request.form.get("amount", ""), found.currency)


def _refund(who: Actor, found: Order) -> OrderState:
    reason = request.form.get("reason", "").strip()[: refunds.MAX_NOTE]
    if "whole" in request.form:
        return refunds.whole(services(), who, found.id, reason, _once())
    act = refunds.record if "by_hand" in request.form else refunds.refund
    payment = request.form.get("payment", "")[:40]
    return act(services(), who, found.id, _amount(found), reason, _once(), payment_id=payment)


def _take(who: Actor, found: Order) -> OrderState:
    payment = request.form.get("payment", "")[:40]
    return order_acts.accept_payment(services(), who, found.id, payment, is_enough="is_enough" in request.form)


def _answer(who: Actor, found: Order) -> OrderState:
    # Only who answers a dispute needs what gathers evidence.
    from shopkit.services import evidence  # noqa: PLC0415

    said = request.form.get("words", "").replace("\x00", "")[: evidence.MAX_STORY]
    submits = request.form.get("as") == "last"
    return evidence.answer(services(), who, found.id, request.form.get("dispute", "")[:255], said, submits=submits)


def _ship(who: Actor, found: Order) -> OrderState:
    carrier, tracking = request.form.get("carrier", ""), request.form.get("tracking", "")
    return order_acts.ship(services(), who, found.id, carrier=carrier, tracking=tracking)


def _take_back(who: Actor, found: Order) -> OrderState:
    return order_acts.take_back(services(), who, found.id, _pieces(found), key=_once())


def _cancel(who: Actor, found: Order) -> OrderState:
    return order_acts.cancel(services(), who, found.id, note=request.form.get("note", ""))


_ACTS: Final[dict[str, Callable[[Actor, Order], OrderState]]] = {
    "pack": _pack,
    "ship": _ship,
    "deliver": lambda who, found: order_acts.deliver(services(), who, found.id),
    "return": _take_back,
    "cancel": _cancel,
    "accept": lambda who, found: order_acts.accept(services(), who, found.id),
    "release": lambda who, found: order_acts.release(services(), who, found.id, key=_once()),
    "hold": lambda who, found: order_acts.hold(services(), who, found.id, key=_once()),
    "transfer": _transfer,
    "refund": _refund,
    "take": _take,
    "answer": _answer,
}


def _once() -> str:
    """Return the name of the form that was sent: pressed twice, it is one act."""
    return request.form.get("once", "")[:40] or secrets.token_hex(8)


def _pieces(found: Order) -> dict[int, int]:
    """Return how many pieces of which line were written; what is no number is none."""
    pieces = {}
    for place in range(len(found.lines)):
        text = request.form.get(f"line-{place}", "").strip()
        if text.isascii() and text.isdigit() and len(text) < 7 and int(text):  # noqa: PLR2004  # more is a slip
            pieces[place] = int(text)
    return pieces


# -- in words ------------------------------------------------------------------------------------------------------
def _mark(state: OrderState) -> tuple[str, str, str]:
    if state.is_disputed:
        return "○", gettext(N_("Disputed")), "refused"
    if state.is_held:
        return "◐", gettext(N_("Held: look at it")), "estimated"
    sign, words, colour = STATUSES[state.status]
    return sign, gettext(words), colour


def _told(event: Event, market: str, people: Mapping[str, str]) -> Told:
    source = event.source
    who = gettext(_SOURCES[source]) if source in _SOURCES else source.removeprefix("provider:")
    who = ", ".join(filter(None, (who, people.get(str(event.data.get("user"))))))
    names = ("carrier", "tracking", "reference", "note")
    note = ", ".join(str(event.data[name]) for name in names if event.data.get(name))
    if event.until is not None:
        note = ", ".join(
            filter(None, (note, gettext(N_("until {moment}")).format(moment=_moment(event.until, market))))
        )
    amount = "" if event.amount is None else _money(event.amount)
    return Told(gettext(EVENTS[event.kind]), _moment(event.at, market), who, amount, note)


def _money(amount: Money) -> str:
    return speech().money(amount.text, amount.currency)


def _moment(at: datetime, market: str) -> str:
    """Return a moment in the buyer's local time, with its zone."""
    zone = services().zone_of(market)
    return format_datetime(
        at.astimezone(zone), "d MMM y, HH:mm zzz", tzinfo=zone, locale=speech().tag.replace("-", "_")
    )
