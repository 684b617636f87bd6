"""The seller's page of enquiries: what was asked, and answering it with a firm quote to be sent by chat or e-mail."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import abort, make_response, redirect, render_template, request, url_for

from shopkit.services import enquiries, firm_quotes, stores
from shopkit.services.catalogs import currency_of
from shopkit.services.companies import get_company
from shopkit.services.firm_quotes import Offered, Piece
from shopkit.services.listings import ListingNotFoundError, find_listings, get_listings
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.choices import country_name
from shopkit.web.language import N_, gettext, speech
from shopkit.web.regions import REGIONS
from shopkit.web.store.enquiry import card_of
from shopkit.web.store.scene import Scene
from translations.numbers import NumberError, read_number

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor
    from shopkit.services.enquiries import KeptEnquiry

STATES: Final = {"open": N_("To be answered"), "answered": N_("Answered"), "closed": N_("Put away")}
_DAYS: Final = 14
_ROWS: Final = 3
_DIGITS: Final = 6
# The last changed are offered to choose from.
_MOST_GOODS: Final = 200


@bp.get("/enquiries")
def enquiries_page() -> ResponseReturnValue:
    """Show what was asked, what is to be answered first."""
    who = actor()
    found = enquiries.enquiries(services(), who)
    named = get_listings(services(), who, [one.listing_id for one in found if one.listing_id])
    to = speech()
    return render_template(
        "web/enquiries.html",
        found=[
            (
                one,
                gettext(STATES[one.state]),
                country_name(one.market, to),
                named[one.listing_id].listing.title if one.listing_id in named else "",
            )
            for one in found
        ],
        store=stores.get_store(services(), who),
    )


@bp.get("/enquiries/<enquiry_id>")
def enquiry_page(enquiry_id: str) -> ResponseReturnValue:
    """Show one enquiry with the quotes that answered it, and the form of another."""
    who = actor()
    return _page(who, _found(who, enquiry_id))


@bp.post("/enquiries/<enquiry_id>")
def answer_enquiry(enquiry_id: str) -> ResponseReturnValue:
    """Answer with a firm quote, take one back, or put the enquiry away."""
    who = actor("editor")
    found = _found(who, enquiry_id)
    do = request.form.get("do")
    if do == "close":
        enquiries.close(services(), who, found.id)
        return redirect(url_for("web.enquiries_page"), HTTPStatus.SEE_OTHER)
    if do == "withdraw":
        try:
            firm_quotes.withdraw(services(), who, request.form.get("firm", ""))
        except ListingNotFoundError:
            abort(HTTPStatus.NOT_FOUND)
        return redirect(url_for("web.enquiry_page", enquiry_id=found.id), HTTPStatus.SEE_OTHER)
    try:
        store = stores.get_store(services(), who)
        firm_quotes.offer(services(), who, store, _offered(who, found), found.id)
    except RequestError as error:
        told = [one.message(speech().language) for one in error.problems]
        return _page(who, found, told, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.enquiry_page", enquiry_id=found.id, _anchor="quotes"), HTTPStatus.SEE_OTHER)


def _found(who: Actor, enquiry_id: str) -> KeptEnquiry:
    return enquiries.get_enquiry(services(), who, enquiry_id)


def _offered(who: Actor, found: KeptEnquiry) -> Offered:
    form = request.form
    pieces = []
    for number in range(_ROWS):
        goods, price = form.get(f"{number}-goods", ""), form.get(f"{number}-price", "").strip()
        if not goods:
            continue
        listing_id, _, sku = goods.partition("/")
        count = form.get(f"{number}-quantity", "1").strip()
        try:
            amount = read_number(price)
        except NumberError:
            raise RequestError([RequestProblem(f"/{number}/price", "firm.price")]) from None
        quantity = int(count) if count.isascii() and count.isdigit() and len(count) < _DIGITS else 0
        pieces.append(Piece(listing_id, sku or None, quantity, Decimal(amount)))
    try:
        until = date.fromisoformat(form.get("until", ""))
    except ValueError:
        until = date.min
    named = get_listings(services(), who, [one.listing_id for one in pieces])
    if len(named) < len({one.listing_id for one in pieces}):
        raise RequestError([RequestProblem("/pieces", "store.gone")])
    return Offered(
        found.market,
        found.language,
        pieces,
        until,
        form.get("region", ""),
        form.get("postal_code", "").strip().upper(),
        form.get("note", "").replace("\r\n", "\n").replace("\x00", "")[:2000],
        "is_sample" in form,
    )


def _page(
    who: Actor, found: KeptEnquiry, told: list[str] | None = None, status: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    store = stores.get_store(services(), who)
    opening = store.opening(found.market)
    quotes = firm_quotes.of_enquiry(services(), who, found.id)
    company = get_company(services(), who)
    today = services().today(found.market)
    goods = []
    for kept in find_listings(services(), who, status="active", size=_MOST_GOODS).listings:
        listing = kept.listing
        names = [
            (f"{kept.id}/{one.sku}", " · ".join((listing.title, *one.options.values()))) for one in listing.variants
        ]
        goods += names or [(f"{kept.id}/", listing.title)]
    body = render_template(
        "web/enquiry.html",
        found=found,
        state=gettext(STATES[found.state]),
        market=country_name(found.market, speech()),
        may_edit=who.may("editor"),
        told=told or [],
        can_answer=opening is not None and found.language in opening.languages,
        quotes=[
            (one, None if opening is None else card_of(Scene(store, company, opening, one.language), one))
            for one in quotes
        ],
        goods=goods,
        rows=range(_ROWS),
        form=request.form,
        regions=sorted(REGIONS.get(found.market, {}).items(), key=lambda pair: pair[1]),
        until=request.form.get("until") or (today + timedelta(days=_DAYS)).isoformat(),
        currency=currency_of("shop", found.market),
    )
    return make_response(body, status)
