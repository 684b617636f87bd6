"""Asking a store, and the firm quote that answers: its page, its paper, and the order that comes of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, abort, redirect, request

from landed_cost.money import Money
from landed_cost.serialise import localise
from shopkit.services import addresses, attempts, enquiries, firm_quotes
from shopkit.services.firm_quotes import FirmQuoteNotFoundError
from shopkit.services.problems import RequestError
from shopkit.web import forms
from shopkit.web.access import ours_only
from shopkit.web.language import N_, gettext
from shopkit.web.regions import REGIONS, region_name
from shopkit.web.store.checkout import FIELDS, buyer_of, order_address
from shopkit.web.store.pages import product_or_404
from shopkit.web.store.scene import LINK, at, bp, link_code, scene_of, services, show, whole

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.firm_quotes import KeptFirmQuote
    from shopkit.web.forms import Form
    from shopkit.web.store.scene import Scene

_LABELS: Final = {
    "name": N_("Your name"),
    "email": N_("E-mail"),
    "phone": N_("Telephone"),
    "postal_code": N_("Postal code"),
    "message": N_("What would you like to know?"),
}


@bp.get("/<market>/<language>/enquiry")
def enquiry(slug: str, market: str, language: str) -> ResponseReturnValue:
    """Ask what somebody would like to know."""
    return _enquiry(scene_of(slug, market, language), request.args.get("key"), forms.Form())


@bp.post("/<market>/<language>/enquiry")
def send_enquiry(slug: str, market: str, language: str) -> ResponseReturnValue:
    """Keep what was asked, and say what happens next."""
    scene = scene_of(slug, market, language)
    ours_only()
    key = request.form.get("key") or None
    form = forms.Form()
    for name in _LABELS:
        form.put(name, request.form.get(name, ""))
    listing_id = None if key is None else product_or_404(scene, key).id
    try:
        enquiries.ask(
            services(),
            scene.store,
            (scene.market, scene.language),
            listing_id,
            {name: form.value(name) for name in _LABELS},
            request.remote_addr or "",
            request.form.get(LINK),
        )
    except RequestError as error:
        for one in error.problems:
            form.errors.setdefault(one.pointer.removeprefix("/"), one.message(scene.language))
        form.focus = "problems"
        return _enquiry(scene, key, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    except attempts.TooManyError:
        abort(HTTPStatus.TOO_MANY_REQUESTS)
    return redirect(at(scene, "store.enquiry_sent"), HTTPStatus.SEE_OTHER)


@bp.get("/<market>/<language>/enquiry/sent")
def enquiry_sent(slug: str, market: str, language: str) -> ResponseReturnValue:
    """Say that the shop has it."""
    return show(scene_of(slug, market, language), "store/enquiry_sent.html", is_private=True, short="")


@bp.get("/<market>/<language>/quotes/<firm_id>")
def firm_quote(slug: str, market: str, language: str, firm_id: str) -> ResponseReturnValue:
    """Show a firm quote to who holds its link."""
    scene = scene_of(slug, market, language)
    return _firm(scene, firm_or_404(scene, firm_id), forms.Form())


@bp.post("/<market>/<language>/quotes/<firm_id>")
def order_firm_quote(slug: str, market: str, language: str, firm_id: str) -> ResponseReturnValue:
    """Place the order that a firm quote promises."""
    scene = scene_of(slug, market, language)
    ours_only()
    found = firm_or_404(scene, firm_id)
    typed = addresses.tidy(request.form)
    form = forms.Form()
    for name, text in typed.items():
        form.put(name, text)
    wrong = list(addresses.problems(scene.market, typed))
    if not wrong:
        try:
            order = firm_quotes.accept(services(), scene.store, found, buyer_of(scene, typed))
        except RequestError as error:
            wrong = list(error.problems)
        else:
            return redirect(order_address(scene, order.id), HTTPStatus.SEE_OTHER)
    for one in wrong:
        name = one.pointer.rpartition("/")[2]
        if name in FIELDS:
            form.errors.setdefault(name, one.message(scene.language))
        else:
            form.general.append(one.message(scene.language))
    form.focus = "problems"
    return _firm(scene, found, form, HTTPStatus.UNPROCESSABLE_ENTITY)


@bp.get("/<market>/<language>/quotes/<firm_id>.pdf")
def firm_quote_paper(slug: str, market: str, language: str, firm_id: str) -> ResponseReturnValue:
    """Send a firm quote as PDF."""
    scene = scene_of(slug, market, language)
    found = firm_or_404(scene, firm_id)
    response = Response(paper_of(scene, found), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{scene.store.slug}-{found.until.isoformat()}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def firm_or_404(scene: Scene, firm_id: str) -> KeptFirmQuote:
    """Return a firm quote of this store and place."""
    try:
        found = firm_quotes.see(services(), scene.store, firm_id)
    except FirmQuoteNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    if (found.market, found.language) != (scene.market, scene.language):
        abort(HTTPStatus.NOT_FOUND)
    return found


def card_of(scene: Scene, found: KeptFirmQuote) -> str:
    """Return a firm quote as a message for a chat: what, for how much at the door, until when, and its link."""
    to, say = scene.speech, scene.speech.sentences.gettext
    asked = found.totals
    lines = [f"{one['quantity']} × {one['title']}" for one in found.lines]
    price = say(N_("%(total)s with freight")) if asked.at_door.minor else say(N_("%(total)s at your door, all in"))
    lines.append(price % {"total": to.money(asked.total.text, asked.total.currency)})
    if asked.at_door.minor:
        door = to.money(asked.at_door.text, asked.total.currency)
        lines.append(say(N_("About %(door)s more on delivery, for duties and taxes")) % {"door": door})
    lines.append(say(N_("Good until %(day)s")) % {"day": to.day(found.until)})
    return "\n".join([scene.company.name, *lines, whole(scene, "store.firm_quote", firm_id=found.id)])


def paper_of(scene: Scene, found: KeptFirmQuote) -> bytes:
    """Return a firm quote as PDF."""
    # 80 MB that only printing needs.
    from shopkit.printing import pdf  # noqa: PLC0415

    to, say = scene.speech, scene.speech.sentences.gettext
    asked, currency = found.totals, found.totals.total.currency
    rows = [
        [str(one["quantity"]), one["title"], to.money(_text(one["minor"] * one["quantity"], currency), currency)]
        for one in found.lines
    ]
    sums = [
        (say(N_("Goods")), asked.goods),
        (say(N_("Freight")), asked.freight),
        (say(N_("Duties, taxes and fees")), asked.charges),
        (say(N_("You pay the shop")), asked.total),
    ]
    if asked.at_door.minor:
        sums.append((say(N_("To be paid on delivery")), asked.at_door))
    door = found.request["destination"]
    where = ", ".join(
        part for part in (door.get("postal_code"), region_name(scene.market, door.get("region")), scene.market) if part
    )
    data: dict[str, Any] = {
        "seller": scene.company.name,
        "title": say(N_("Firm quote")),
        "subtitle": (say(N_("Good until %(day)s")) % {"day": to.day(found.until)}),
        "facts": [
            [say(N_("To")), where],
            *([label, to.money(money.text, currency)] for label, money in sums),
        ],
        "table": {
            "columns": [say(N_("Pieces")), say(N_("Product")), say(N_("Amount"))],
            "rows": rows,
            "right": [0, 2],
            "widths": [1, 5, 2],
        },
        "notes": [
            *([found.note] if found.note else []),
            whole(scene, "store.firm_quote", firm_id=found.id),
            say(N_("Duties and taxes are reckoned from dated, public rules. Customs has the last word.")),
        ],
    }
    return pdf("sheet", data, on=found.created_at.date(), language=scene.language)


def _text(minor: int, currency: str) -> str:
    return Money(minor, currency).text


def _enquiry(scene: Scene, key: str | None, form: Form, status: HTTPStatus = HTTPStatus.OK) -> Response:
    product = None if key is None else product_or_404(scene, key)
    return show(
        scene,
        "store/enquiry.html",
        status=status,
        is_private=True,
        form=form,
        product=product,
        link=link_code(),
        labels={name: gettext(label) for name, label in _LABELS.items()},
        problems=[(name, gettext(label), form.errors[name]) for name, label in _LABELS.items() if name in form.errors],
        short="",
    )


def _firm(scene: Scene, found: KeptFirmQuote, form: Form, status: HTTPStatus = HTTPStatus.OK) -> Response:
    door = found.request["destination"]
    for name in ("region", "postal_code"):
        if not form.value(name) and name not in form.errors:
            form.put(name, door.get(name))
    asked = found.totals
    return show(
        scene,
        "store/quote.html",
        status=status,
        is_private=True,
        firm=found,
        lines=[one | {"total": _text(one["minor"] * one["quantity"], asked.total.currency)} for one in found.lines],
        totals=asked,
        quote=localise(found.quote, scene.language, scene.speech.number),
        is_over=found.is_over(services()) and found.order_id is None,
        order_link=None if found.order_id is None else order_address(scene, found.order_id),
        card=card_of(scene, found),
        address=whole(scene, "store.firm_quote", firm_id=found.id),
        form=form,
        regions=sorted(REGIONS.get(scene.market, {}).items(), key=lambda pair: pair[1]),
        postal=addresses.POSTAL.get(scene.market, ("", ""))[1],
        needs_tax_id=scene.market in addresses.TAX_NEEDED,
        problems=[(name, gettext(label), form.errors[name]) for name, label in FIELDS.items() if name in form.errors],
        labels={name: gettext(label) for name, label in FIELDS.items()},
        short="",
    )
