"""Checking out in two steps, an address and a look at what it comes to there; then the order's own page.

Nothing is remembered between the steps but what the form itself carries, so that the back button and a second tab show
what was typed. What was agreed to is the total that stood above the button: another total is shown first.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import abort, redirect, request, url_for

from landed_cost.money import Money
from landed_cost.serialise import localise
from shopkit.services import addresses, invoices, order_links, orders, parcel_links, paying, payments, shipments
from shopkit.services.checkouts import mark_of, order_basket, price_basket
from shopkit.services.invoice_papers import TITLES
from shopkit.services.orders import Buyer, OrderNotFoundError
from shopkit.services.payments import ProviderDownError
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.store_shelf import locale_of
from shopkit.tracking import words
from shopkit.web import forms
from shopkit.web.access import here, ours_only
from shopkit.web.choices import country_name
from shopkit.web.language import N_, gettext, speech
from shopkit.web.regions import REGIONS, region_name
from shopkit.web.store.cart import held
from shopkit.web.store.scene import at, bp, scene_of, services, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from flask import Response
    from flask.typing import ResponseReturnValue

    from shopkit.services.carts import KeptCart
    from shopkit.services.checkouts import Basket
    from shopkit.services.orders import Order
    from shopkit.services.payments import Begun
    from shopkit.web.forms import Form
    from shopkit.web.store.scene import Scene

FIELDS: Final = {
    "name": N_("Name of who receives it"),
    "email": N_("E-mail"),
    "phone": N_("Telephone"),
    "line1": N_("Street and number"),
    "line2": N_("Apartment, floor, reference"),
    "city": N_("City"),
    "region": N_("State or region"),
    "postal_code": N_("Postal code"),
    "tax_id": N_("Tax number"),
}
STATUSES: Final = {
    "awaiting_payment": N_("Waiting for your payment"),
    # What was issued may be paid already, or not yet: the shop is told later.
    "pending": N_("Waiting for your payment to arrive"),
    "underfunded": N_("Part of the payment has arrived"),
    "paid": N_("Paid"),
    "paid_late": N_("Paid after the order had ended"),
    "part_refunded": N_("Part of it was given back"),
    "refunded": N_("Given back"),
    "expired": N_("Ended without payment"),
    "cancelled": N_("Cancelled"),
}
FULFILMENTS: Final = {
    "packed": N_("Packed"),
    "shipped": N_("On its way"),
    "delivered": N_("Delivered"),
    "returned": N_("Returned"),
}
_CHANGED: Final = N_("The total is another one than before. Look at it, and order again if it is right for you.")
_SHEETS: Final = ("hosted_voucher_url", "hosted_instructions_url", "pdf")
_DOWN: Final = N_("The provider of payments does not answer now. Nothing was charged: try again in a moment.")


@bp.get("/<market>/<language>/checkout")
def checkout(slug: str, market: str, language: str) -> ResponseReturnValue:
    """Ask for the address."""
    scene = scene_of(slug, market, language)
    return _ask(scene, _cart(scene), forms.Form())


@bp.post("/<market>/<language>/checkout")
def check_out(slug: str, market: str, language: str) -> ResponseReturnValue:
    """Show what it comes to at the address, or place the order if that is what was agreed to."""
    scene = scene_of(slug, market, language)
    ours_only()
    found = _cart(scene)
    typed = addresses.tidy(request.form)
    form = forms.Form()
    for name, text in typed.items():
        form.put(name, text)
    if request.form.get("do") == "edit":
        return _ask(scene, found, form)
    wrong = list(addresses.problems(scene.market, typed))
    if wrong:
        return _wrong(scene, found, form, wrong)
    places = request.form.get("do") == "place"
    known = {name: typed[name] for name in ("region", "postal_code") if typed[name]}
    if known.get("region", "") not in REGIONS.get(scene.market, {}):
        known.pop("region", None)
    basket = price_basket(services(), scene.store, scene.opening, scene.language, found.lines, known, is_kept=places)
    unknown = [one for one in basket.problems if one.pointer.rpartition("/")[2] in FIELDS]
    if unknown:
        return _wrong(scene, found, form, unknown)
    agreed = request.form.get("agreed", "")
    if not places or basket.totals is None or agreed != mark_of(services(), basket):
        return _review(scene, found, form, basket, is_changed=places)
    buyer = buyer_of(scene, typed)
    try:
        order = order_basket(services(), scene.store, scene.opening, scene.language, found, basket, buyer)
    except RequestError as error:
        return _review(scene, found, form, basket, error.problems, status=HTTPStatus.CONFLICT)
    return redirect(order_address(scene, order.id), HTTPStatus.SEE_OTHER)


@bp.get("/<market>/<language>/orders/<name>")
def order(slug: str, market: str, language: str, name: str) -> ResponseReturnValue:
    """Show an order to who holds its link: how it stands, what was promised, what comes next."""
    scene = scene_of(slug, market, language)
    found = order_or_404(scene, name)
    if "paid" in request.args and found.state.missing:
        # Who comes back from paying is told how it stands, whether the provider's message was faster or not.
        found = paying.look(services(), found)
    return _order_page(scene, name, found)


@bp.post("/<market>/<language>/orders/<name>/pay")
def pay(slug: str, market: str, language: str, name: str) -> ResponseReturnValue:
    """Begin to pay by the way that was chosen, or go on with what was begun; the buyer goes on to the provider."""
    scene = scene_of(slug, market, language)
    ours_only()
    found = order_or_404(scene, name)
    page = order_address(scene, found.id)
    back = f"{here()}{page}"
    try:
        begun = payments.start(services(), found.id, request.form.get("method", ""), f"{back}?paid=1", cancel_url=back)
    except RequestError as error:
        told = error.problems[0].message(scene.language)
        return _order_page(scene, name, order_or_404(scene, name), told, HTTPStatus.CONFLICT)
    except ProviderDownError:
        told = gettext(_DOWN)
        return _order_page(scene, name, order_or_404(scene, name), told, HTTPStatus.SERVICE_UNAVAILABLE)
    there = at(scene, "store.onward", name=name, payment_id=begun.payment_id, utm_id=None) if begun.url else page
    return redirect(there, HTTPStatus.SEE_OTHER)


@bp.get("/<market>/<language>/orders/<name>/pay/<payment_id>")
def onward(slug: str, market: str, language: str, name: str, payment_id: str) -> ResponseReturnValue:
    """Lead to the provider's page of what was begun; where it is over, to the order's.

    A page and not a redirection: our policy, which lets forms be sent to nobody but us, holds for redirections that
    follow a form too, and browsers stop at them without a word.
    """
    scene = scene_of(slug, market, language)
    found = order_or_404(scene, name)
    begun = next((one for one in payments.see(services(), found.id) if one.payment_id == payment_id), None)
    if begun is None or begun.url is None or begun.state not in payments.UNPAID:
        return redirect(order_address(scene, found.id), HTTPStatus.SEE_OTHER)
    return show(scene, "store/onward.html", is_private=True, to=begun.url, amount=begun.amount, short="")


def _order_page(scene: Scene, name: str, found: Order, told: str = "", status: HTTPStatus = HTTPStatus.OK) -> Response:
    state = found.state
    begun = paying.begun(services(), found)
    # What came in has its receipt by the time its buyer looks.
    invoices.catch_up(services(), found.id)
    return show(
        scene,
        "store/order.html",
        status=status,
        is_private=True,
        order=found,
        told=told,
        pay_at=at(scene, "store.pay", name=name, utm_id=None),
        ways=paying.ways(services(), found, scene.language),
        begun=begun,
        steps=[(gettext(paying.TOLD[key]), text) for key, text in _told(begun) if key in paying.TOLD],
        sheet=next((text for key, text in _told(begun) if key in _SHEETS and text.startswith("https://")), ""),
        missing=Money(state.missing, found.currency),
        totals=found.totals,
        stands=gettext(STATUSES[state.status]),
        stage=gettext(FULFILMENTS[state.fulfilment]) if state.fulfilment in FULFILMENTS else "",
        ends_at=moment(state.ends_at, scene),
        pay_until=moment(None if begun is None else begun.until, scene),
        parcels=list(_parcels(scene, found)),
        papers=[
            (f"{gettext(TITLES[one.document.kind])} {one.document.number}", one.document.number)
            for one in invoices.seen_by_buyer(services(), found.id)
        ],
        name=name,
        address=address_lines(found.buyer.address, scene),
        delivery=found.quote.get("delivery"),
        short="",
    )


def _parcels(scene: Scene, found: Order) -> Iterable[tuple[str, str, str]]:
    """Yield number, headline and page of each parcel that the order goes in."""
    for shipment_id in shipments.ids_of_order(services(), found.id):
        one = shipments.see(services(), shipment_id)
        said = "" if one.status is None else words.say("status", one.status, language=scene.language)
        page = url_for("web.parcel_page", name=parcel_links.name_of(services(), one), lang=scene.language)
        yield one.number, said, page


def _told(begun: Begun | None) -> Iterable[tuple[str, str]]:
    return () if begun is None else begun.instructions.items()


def moment(at_: datetime | None, scene: Scene) -> str:
    """Return a moment as clocks show it in the market, with the name of its time; nothing for none."""
    if at_ is None:
        return ""
    local = at_.astimezone(services().zone_of(scene.market))
    return f"{scene.speech.day(local.date())}, {local:%H:%M} ({local.tzname()})"


def buyer_of(scene: Scene, typed: Mapping[str, str]) -> Buyer:
    """Return who buys, from the fields of an address."""
    parts = {name: text for name, text in typed.items() if text and name not in {"name", "email", "phone"}}
    return Buyer(typed["name"], typed["email"], parts | {"country": scene.market}, typed["phone"])


def order_address(scene: Scene, order_id: str) -> str:
    """Return the address of an order's page, which opens it without any other proof."""
    return at(scene, "store.order", name=order_links.name_of(services(), order_id), utm_id=None)


def order_or_404(scene: Scene, name: str) -> Order:
    """Return the order that a link opens, if it is one of this store's."""
    order_id = order_links.opened(services(), name)
    if order_id is None:
        abort(HTTPStatus.NOT_FOUND)
    try:
        found = orders.see(services(), order_id)
    except OrderNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    if found.seller_id != scene.store.seller_id:
        abort(HTTPStatus.NOT_FOUND)
    return found


def address_lines(address: Any, scene: Scene) -> list[str]:  # noqa: ANN401  # a mapping of texts
    """Return an address as lines to show."""
    region = region_name(scene.market, address.get("region"))
    town = " ".join(part for part in (address.get("postal_code"), address.get("city")) if part)
    parts = [address.get("line1"), address.get("line2"), town, region, country_name(scene.market, scene.speech)]
    return [part for part in parts if part]


def _cart(scene: Scene) -> KeptCart:
    """Return the browser's cart; without one lead to the empty one, and from one that was ordered to the order."""
    found = held(scene.store)
    if found is None or not found.lines:
        abort(redirect(at(scene, "store.cart"), HTTPStatus.SEE_OTHER))
    if found.order_id is not None:
        abort(redirect(order_address(scene, found.order_id), HTTPStatus.SEE_OTHER))
    return found


def _wrong(scene: Scene, found: KeptCart, form: Form, problems: Iterable[RequestProblem]) -> Response:
    for one in problems:
        form.errors.setdefault(one.pointer.rpartition("/")[2], one.message(speech().language))
    form.focus = "problems"
    return _ask(scene, found, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _ask(scene: Scene, found: KeptCart, form: Form, status: HTTPStatus = HTTPStatus.OK) -> Response:
    basket = price_basket(services(), scene.store, scene.opening, scene.language, found.lines, {})
    regions = REGIONS.get(scene.market, {})
    return show(
        scene,
        "store/checkout.html",
        status=status,
        is_private=True,
        form=form,
        basket=basket,
        regions=sorted(regions.items(), key=lambda pair: pair[1]),
        postal=addresses.POSTAL.get(scene.market, ("", ""))[1],
        needs_tax_id=scene.market in addresses.TAX_NEEDED,
        problems=[(name, gettext(label), form.errors[name]) for name, label in FIELDS.items() if name in form.errors],
        labels={name: gettext(label) for name, label in FIELDS.items()},
        short="",
    )


def _review(
    scene: Scene,
    found: KeptCart,
    form: Form,
    basket: Basket,
    problems: Iterable[RequestProblem] = (),
    *,
    is_changed: bool = False,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    language = scene.language
    before = price_basket(services(), scene.store, scene.opening, language, found.lines, {})
    told = [one.message(language) for one in (*problems, *basket.problems)]
    if is_changed and not told:
        told = [gettext(_CHANGED)]
        status = HTTPStatus.CONFLICT
    quote = None if basket.answer is None else localise(basket.answer.stored, language, scene.speech.number)
    return show(
        scene,
        "store/review.html",
        status=status,
        is_private=True,
        form=form,
        basket=basket,
        before=before.totals,
        agreed=mark_of(services(), basket) if basket.can_be_ordered else "",
        ways=[]
        if basket.totals is None
        else paying.ways_for(services(), scene.store.seller_id, scene.market, basket.totals.total, language),
        told=told,
        quote=quote,
        address=address_lines({name: form.value(name) for name in FIELDS}, scene),
        fields=FIELDS,
        locale=locale_of(scene.market, language),
        short="",
    )
