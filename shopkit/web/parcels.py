"""The page of a parcel for its buyer: opened by its link alone; what is personal in it, by the postal code on top.

No search engine lists it and no other site is told its address. Whatever is wrong with a link, the answer is the same.
"""

from __future__ import annotations

from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from flask import Response, abort, g, jsonify, make_response, redirect, render_template, request, url_for

from landed_cost.currencies import UnknownCurrencyError
from listings.photos import MAX_BYTES, PhotoError
from shopkit.late import Late
from shopkit.services import attempts, parcel_links, shipments
from shopkit.services.problems import sentence
from shopkit.services.shipments import ShipmentNotFoundError
from shopkit.tracking import words
from shopkit.web.access import ours_only, services
from shopkit.web.amounts import exact_money
from shopkit.web.blueprint import addresses, bp
from shopkit.web.choices import country_name
from shopkit.web.language import N_, gettext, speech
from shopkit.web.regions import region_name
from translations import ui
from translations.numbers import NumberError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from flask.typing import ResponseReturnValue

    from shopkit.services import charged, feeds, parcel_letters, parcel_pages, parcel_words
    from shopkit.services.orders import Order
    from shopkit.services.parcel_pages import Tracked
    from shopkit.services.shipments import Shipment
    from shopkit.tracking.expecting import Days
else:
    charged = Late("shopkit.services.charged")
    feeds = Late("shopkit.services.feeds")
    parcel_letters = Late("shopkit.services.parcel_letters")
    parcel_pages = Late("shopkit.services.parcel_pages")
    parcel_words = Late("shopkit.services.parcel_words")

COOKIE: Final = "parcel"
_WRONG: Final = N_("That is not what this parcel goes to. Look at your order, and try again.")
_TOO_OFTEN: Final = N_("That was tried too often. Try again in an hour.")
_NO_AMOUNT: Final = N_("Write an amount, like 76.63.")
# Beside the photo the form holds next to nothing.
_MAX_UPLOAD: Final = MAX_BYTES + 100_000
LETTERS: Final = {
    "posted": N_("when the post has it"),
    "customs": N_("when customs holds it, asks for money or releases it"),
    "at_hand": N_("when it is out for delivery or ready to be picked up"),
    "delivered": N_("when it was delivered"),
    "problems": N_("when something goes wrong"),
}
PRIVATE: Final = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}


@bp.get("/t/<name>")
def parcel_page(name: str) -> ResponseReturnValue:
    """Show where a parcel is to who holds its link, in the language of its order until another is chosen."""
    found = _opened(name)
    feeds.refresh(services(), found.id)
    return _page(name, found)


@bp.get("/t/<name>.json")
def parcel_json(name: str) -> ResponseReturnValue:
    """Send what the page tells of a parcel, without anything personal."""
    response = jsonify(_told(parcel_pages.track(services(), _opened(name))))
    response.headers.update(PRIVATE)
    return response


@bp.post("/t/<name>/open")
def open_parcel(name: str) -> ResponseReturnValue:
    """Open the personal part to who knows the postal code."""
    found = _opened(name)
    ours_only()
    try:
        is_right = parcel_links.prove(services(), found, request.form.get("proof", ""), request.remote_addr or "")
    except attempts.TooManyError as error:
        response = _page(name, found, gettext(_TOO_OFTEN), HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(error.retry_after_s)
        return response
    if not is_right:
        return _page(name, found, gettext(_WRONG), HTTPStatus.UNPROCESSABLE_ENTITY)
    onward = back(name, "yours")
    onward.set_cookie(
        COOKIE,
        parcel_links.key_of(services(), found),
        max_age=int(parcel_links.OPEN_FOR.total_seconds()),
        path=url_for("web.parcel_page", name=name),
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return onward


@bp.post("/t/<name>/charged")
def note_charge(name: str) -> ResponseReturnValue:
    """Keep what the buyer was charged at the door, with a photo of the receipt."""
    request.max_content_length = _MAX_UPLOAD
    found = _opened(name)
    ours_only()
    if not _is_open(found):
        return back(name, "yours")
    currency = request.form.get("currency", "").strip().upper()
    try:
        amount = exact_money(request.form.get("amount", ""), currency)
        photo = request.files.get("receipt")
        charged.note(services(), found, amount, b"" if photo is None else photo.read(MAX_BYTES + 1))
    except (NumberError, UnknownCurrencyError):
        return _page(name, found, charge_problem=gettext(_NO_AMOUNT), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except PhotoError as error:
        told = sentence(error.code, error.params, speech().language)
        return _page(name, found, charge_problem=told, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except attempts.TooManyError:
        return _page(name, found, charge_problem=gettext(_TOO_OFTEN), status=HTTPStatus.TOO_MANY_REQUESTS)
    return back(name, "charged")


@bp.post("/t/<name>/letters")
def choose_letters(name: str) -> ResponseReturnValue:
    """Keep on which events the buyer is written to."""
    found = _opened(name)
    ours_only()
    if not _is_open(found):
        return back(name, "yours")
    parcel_letters.choose(services(), found, request.form.getlist("group"))
    return back(name, "letters")


@bp.get("/letters/<name>")
def letters_page(name: str) -> ResponseReturnValue:
    """Ask which letters are to end; nothing ends by looking, for mailboxes look at links by themselves."""
    return _letters(name, "")


@bp.post("/letters/<name>")
def end_letters(name: str) -> ResponseReturnValue:
    """End the letters on a parcel, as mailboxes ask by themselves too (RFC 8058), or on all to this address.

    It comes from anywhere, for the mailbox's provider sends it: the name of the link is what it proves itself by.
    """
    found = parcel_letters.opened(services(), name)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    everywhere = request.form.get("what") == "all"
    parcel_letters.stop(services(), *found, everywhere=everywhere)
    return _letters(name, "all" if everywhere else "parcel")


def _letters(name: str, done: str) -> Response:
    found = parcel_letters.opened(services(), name)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    shipment = shipments.see(services(), found[0])
    _speak(shipment)
    body = render_template(
        "web/parcel_letters.html",
        name=name,
        done=done,
        shipment=shipment,
        shop=parcel_pages.shop_of(services(), shipment),
        switch=addresses("web.letters_page", name=name),
        parcel=parcel_links.name_of(services(), shipment),
    )
    return make_response(body, HTTPStatus.OK, PRIVATE)


def back(name: str, part: str) -> Response:
    """Return the way back to a part of a parcel's page, in the language that it was read in."""
    there = url_for("web.parcel_page", name=name, lang=request.args.get("lang"), _anchor=part)
    response = make_response(redirect(there, HTTPStatus.SEE_OTHER))
    response.headers.update(PRIVATE)
    return response


def _opened(name: str) -> Shipment:
    """Return the parcel of a link, and speak as its order does; 404 for whatever is wrong with it."""
    try:
        found = parcel_links.opened(services(), name)
    except ShipmentNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    _speak(found)
    return found


def _speak(shipment: Shipment) -> None:
    language = ui.choose(request.args.get("lang"), None, [shipment.locale])
    g.speech = ui.speech(language, [f"{language}-{shipment.destination}"])


def _is_open(shipment: Shipment) -> bool:
    return parcel_links.is_open(services(), shipment, request.cookies.get(COOKIE, ""))


def _page(
    name: str,
    shipment: Shipment,
    problem: str = "",
    status: HTTPStatus = HTTPStatus.OK,
    *,
    charge_problem: str = "",
) -> Response:
    found, to = parcel_pages.track(services(), shipment), speech()
    is_open = _is_open(shipment)
    scans = parcel_words.scans(found.entries, to, None if is_open else _hidden(shipment))
    customs = found.timeline.customs
    body = render_template(
        "web/parcel.html",
        name=name,
        lang=request.args.get("lang"),
        found=found,
        shipment=shipment,
        expected=found.expected,
        headline=parcel_words.headline(found.timeline, to.language),
        customs=words.say("customs", customs.state, language=to.language),
        reason=None if customs.reason is None else words.say("reason", customs.reason, language=to.language),
        kind=None if found.service is None else found.service.name[to.language],
        days=[(day, list(of_day)) for day, of_day in groupby(scans, key=lambda one: one.day)],
        carrier=_carrier(shipment),
        way=[country_name(one, to) for one in (shipment.origin, shipment.destination) if one],
        switch=addresses("web.parcel_page", name=name),
        is_open=is_open,
        asks=None if is_open else parcel_links.proof_asked(shipment),
        problem=problem,
        charge_problem=charge_problem,
        **(_personal(found) if is_open else {}),
    )
    return make_response(body, status, PRIVATE)


def _personal(found: Tracked) -> dict[str, Any]:
    """Return what only who proved to be the buyer is shown."""
    orders = parcel_links.personal(services(), found.shipment)
    return {
        "orders": orders,
        "is_paid_before": any(one.terms == "DDP" for one in orders),
        "to": _address(orders[0]),
        "quoted": charged.quoted(orders),
        "noted": charged.of_parcel(services(), found.shipment.id),
        "lane": charged.lane(services(), found.shipment),
        "currencies": _currencies(found.shipment, orders[0]),
        "letters": [(one, gettext(title)) for one, title in LETTERS.items()],
        "chosen": parcel_letters.groups_of(services(), found.shipment.id),
        "is_stopped": parcel_letters.is_stopped(services(), orders[0].buyer.email),
        "siblings": [(one, parcel_links.name_of(services(), one)) for one in found.siblings],
    }


def _currencies(shipment: Shipment, order: Order) -> list[str]:
    """Return the currencies that somebody may be charged in: first that of the country."""
    place = services().rulebook.destinations.get(shipment.destination)
    return list(dict.fromkeys([*([] if place is None else [place.currency]), order.currency, "USD"]))


def _hidden(shipment: Shipment) -> frozenset[str]:
    """Return the words that no stranger is shown."""
    return parcel_words.personal_words(parcel_links.buyers(services(), shipment))


def _address(order: Order) -> list[str]:
    parts: Mapping[str, str] = order.buyer.address
    town = " ".join(part for part in (parts.get("postal_code"), parts.get("city")) if part)
    region = region_name(order.market, parts.get("region"))
    lines = (parts.get("line1"), parts.get("line2"), town, region, country_name(order.market, speech()))
    return [order.buyer.name, *(line for line in lines if line)]


def _carrier(shipment: Shipment) -> str:
    known = {"post": gettext(N_("the post")), "usps": "USPS", "ups": "UPS", "dhl": "DHL", "fedex": "FedEx"}
    return known.get(shipment.carrier, shipment.carrier)


def _told(found: Tracked) -> dict[str, Any]:
    shipment, timeline, expected, language = found.shipment, found.timeline, found.expected, speech().language
    customs = timeline.customs
    return {
        "number": shipment.number,
        "carrier": shipment.carrier,
        "origin": shipment.origin,
        "destination": shipment.destination,
        "posted_on": shipment.posted_on.isoformat(),
        "language": language,
        "status": None if timeline.headline is None else timeline.headline.value,
        "text": parcel_words.headline(timeline, language),
        "leg": None if timeline.leg is None else timeline.leg.value,
        "since": None if timeline.since is None else _iso(timeline.since.day),
        "customs": {
            "state": customs.state,
            "text": words.say("customs", customs.state, language=language),
            "reason": customs.reason,
        },
        "expected": {
            "days": _range(expected.window),
            "basis": expected.basis,
            "waits": expected.waits,
            "promised": _range(expected.promised),
            "lateness": expected.lateness,
            "days_late": expected.days,
        },
        "silence": {
            "days": found.silence.days,
            "label": None if found.silence.label is None else found.silence.label.value,
        },
        "delivered_on": None if timeline.delivered is None else _iso(timeline.delivered.day),
        "events": [
            {
                "day": _iso(one.day),
                "time": one.clock or None,
                "zone": one.zone or None,
                "place": one.place or None,
                "text": one.said,
                "raw": dict(one.raw),
            }
            for one in parcel_words.scans(found.entries, speech(), _hidden(shipment))
        ],
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _range(days: Days | None) -> list[str] | None:
    return None if days is None else [day.isoformat() for day in days]
