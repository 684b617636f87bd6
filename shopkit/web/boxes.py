"""The boxes of a shop, and the boxes that an order takes."""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import abort, make_response, redirect, render_template, request, url_for

from landed_cost.currencies import EXPONENTS
from landed_cost.money import Money, to_minor
from shopkit.services import boxes, orders
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError
from shopkit.web import access
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.entry import clean
from shopkit.web.forms import NEEDED, Form
from shopkit.web.language import N_, gettext, speech
from translations.numbers import NumberError, read_number

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from shopkit.packing.model import Sides
    from shopkit.services.actors import Actor

LABELS: Final = {
    "name": N_("What you call the box"),
    "length": N_("Length inside, cm"),
    "width": N_("Width inside, cm"),
    "height": N_("Height inside, cm"),
    "wall": N_("How thick its wall is, mm"),
    "own": N_("What the box weighs, g"),
    "bears": N_("What it bears, kg"),
    "cost": N_("What one costs"),
    "cost_currency": N_("Currency"),
}
# What the services call a field, and what the form does.
_NAMES: Final = {
    "name": "name",
    "length": "length",
    "width": "width",
    "height": "height",
    "wall_mm": "wall",
    "own_grams": "own",
    "bears_grams": "bears",
}
_NUMBER: Final = N_("Write a number above zero, such as %(example)s.")
_WHOLE: Final = N_("Write it to the millimetre, such as 30.5.")
_GRAM: Final = N_("Write it to the gram, such as %(example)s.")
_CENTS: Final = N_("Write what one costs as it is paid, such as 14.50.")
_LONGEST: Final = 40
_MOST_DIGITS: Final = 12
# With an order itself as many as are laid together.
_MOST_OTHERS: Final = 19
_TOTALS: Final = {
    "goods": N_("Goods"),
    "freight": N_("Freight"),
    "duties": N_("Duties"),
    "taxes": N_("Taxes"),
    "fees": N_("Fees"),
    "landed": N_("At the door"),
}
WHY: Final = {
    "weight_unknown": N_("nobody said what it weighs"),
    "too_large": N_("no box is large enough"),
    "too_heavy": N_("no box that is large enough bears it"),
    "no_box": N_("the shop has no boxes yet"),
}


@bp.get("/settings/boxes")
def boxes_page() -> ResponseReturnValue:
    """Show the shop's boxes and the form of another."""
    who = actor()
    form = Form()
    form.put("cost_currency", "")
    return _page(who, form, saved="saved" in request.args)


@bp.post("/settings/boxes")
def add_box() -> ResponseReturnValue:
    """Keep a box; what is wrong stands at its field."""
    who = actor("editor", checks_form=False)
    form = Form()
    for name in LABELS:
        form.put(name, clean(request.form.get(name, ""))[: boxes.MAX_NAME + 1])
    if access.is_stale():
        form.general.append(access.stale_text())
        return _page(who, form, status=HTTPStatus.BAD_REQUEST)
    said = _said(form)
    if said is not None:
        try:
            boxes.add_box(services(), who, said)
        except RequestError as error:
            _place(form, error)
        else:
            return redirect(url_for("web.boxes_page", saved=1), HTTPStatus.SEE_OTHER)
    return _page(who, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@bp.post("/settings/boxes/<box_id>/remove")
def remove_box(box_id: str) -> ResponseReturnValue:
    """Remove a box."""
    boxes.remove_box(services(), actor("editor"), box_id)
    return redirect(url_for("web.boxes_page", saved=1), HTTPStatus.SEE_OTHER)


@bp.get("/orders/<order_id>/packing")
def packing_page(order_id: str) -> ResponseReturnValue:
    """Show into which boxes an order goes, and what is missing to know it."""
    from shopkit.services import packing  # noqa: PLC0415  # only this page packs

    who = actor()
    try:
        found = packing.pack_orders(services(), who, [order_id])
    except OrderNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    except RequestError as error:
        texts = [one.message(speech().language) for one in error.problems]
        body = render_template("web/packing.html", order_id=order_id, problems=texts, found=None)
        return make_response(body, HTTPStatus.UNPROCESSABLE_ENTITY)
    body = render_template(
        "web/packing.html",
        order_id=order_id,
        order=found.orders[0],
        problems=(),
        found=found,
        parcels=[
            {
                "it": one,
                "lines": _lines([found.goods[piece.id].title for piece in one.pieces]),
                "outside": None if one.box is None or one.box.outside is None else centimetres(one.box.outside),
                "inside": None if one.box is None else centimetres(one.box.inside),
            }
            for one in found.packing.boxes
        ],
        left=[(found.goods[one.piece.id].title, gettext(WHY[one.why])) for one in found.packing.left],
        unmeasured=list(dict.fromkeys(found.goods[one].title for one in found.packing.unmeasured)),
    )
    return make_response(body)


@bp.get("/orders/<order_id>/together")
def together_page(order_id: str) -> ResponseReturnValue:
    """Show an order and others of the same person apart and together: what each way costs, and what lies between."""
    from shopkit.services import consolidation, consolidation_told  # noqa: PLC0415  # only this page compares

    who = actor()
    ids = [order_id, *request.args.getlist("with")[:_MOST_OTHERS]]
    problems: list[str] = []
    told = None
    try:
        order = orders.load(services(), who, order_id)
    except OrderNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    try:
        if len(set(ids)) > 1:
            told = consolidation_told.data(consolidation.compare(services(), who, ids), speech().language)
    except OrderNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    except RequestError as error:
        problems = [one.message(speech().language) for one in error.problems]
    body = render_template(
        "web/together.html",
        order=order,
        chosen=set(ids),
        others=consolidation_told.companions(services(), who, order),
        problems=problems,
        told=told,
        names={name: gettext(text) for name, text in _TOTALS.items()},
        saving=None if told is None else told["totals"]["landed"]["saving"],
    )
    return make_response(body, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK)


def centimetres(sides: Sides) -> str:
    """Return three sides in centimetres as the reader writes them."""
    return " × ".join(speech().number(f"{Decimal(one) / 10:f}") for one in sides) + " cm"


def _lines(titles: list[str]) -> list[tuple[int, str]]:
    return [(titles.count(title), title) for title in dict.fromkeys(titles)]


def _said(form: Form) -> boxes.SaidBox | None:
    """Return the box that the form says; ``None`` with what is wrong at its fields."""
    if not form.value("name"):
        form.errors["name"] = gettext(NEEDED)
    sides = [_whole(form, name, 10, _WHOLE, "30.5") for name in ("length", "width", "height")]
    wall = _whole(form, "wall", 1, _WHOLE, "4") if form.value("wall") else None
    own = _whole(form, "own", 1, _GRAM, "150")
    bears = _whole(form, "bears", 1000, _GRAM, "10")
    cost = _cost(form)
    if form.errors or None in sides or own is None or bears is None:
        return None
    length, width, height = (one or 0 for one in sides)
    return boxes.SaidBox(form.value("name"), (length, width, height), own, bears, wall, cost)


def _whole(form: Form, name: str, times: int, finer: str, example: str) -> int | None:
    """Return a number of the form in whole millimetres or grams; what is wrong stands at its field."""
    found = _number(form, name, example)
    if found is None:
        return None
    exact = found * times
    if exact != int(exact):
        form.errors[name] = gettext(finer) % {"example": example}
        return None
    return int(exact)


def _number(form: Form, name: str, example: str) -> Decimal | None:
    try:
        found = Decimal(read_number(form.value(name)[:_LONGEST]))
    except NumberError:
        found = Decimal(0)
    if found <= 0 or found.adjusted() > _MOST_DIGITS:
        form.errors[name] = gettext(_NUMBER) % {"example": example}
        return None
    return found


def _cost(form: Form) -> Money | None:
    if not form.value("cost"):
        return None
    currency = form.value("cost_currency")
    found = _number(form, "cost", "14.50")
    if currency not in EXPONENTS:
        form.errors["cost_currency"] = gettext(NEEDED)
        return None
    if found is None:
        return None
    made = Money(to_minor(found, currency), currency)
    if Decimal(made.text) != found:
        form.errors["cost"] = gettext(_CENTS)
        return None
    return made


def _place(form: Form, error: RequestError) -> None:
    for one in error.problems:
        name = _NAMES.get(one.pointer.rpartition("/")[2])
        if name is None:
            form.general.append(one.message(speech().language))
        else:
            form.errors.setdefault(name, one.message(speech().language))


def _page(who: Actor, form: Form, *, status: HTTPStatus = HTTPStatus.OK, saved: bool = False) -> Response:
    if form.errors or form.general:
        form.focus = "problems"
    labels = {name: gettext(text) for name, text in LABELS.items()}
    body = render_template(
        "web/boxes.html",
        form=form,
        labels=labels,
        problems=[(name, labels[name], text) for name, text in form.errors.items()],
        boxes=[
            {
                "it": one.it,
                "cost": one.cost,
                "inside": centimetres(one.it.inside),
                "outside": None if one.it.outside is None else centimetres(one.it.outside),
                "bears": speech().number(f"{Decimal(one.it.bears) / 1000:f}"),
            }
            for one in boxes.all_boxes(services(), who)
        ],
        currencies=[(code, code) for code in sorted(EXPONENTS)],
        may_edit=who.may("editor"),
        saved=saved,
    )
    return make_response(body, status)
