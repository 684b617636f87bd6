"""Papers for customs of an order, on the seller's side: what stands against them, and the PDF once nothing does."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, abort, make_response, redirect, render_template, request, url_for

from shopkit.late import Late
from shopkit.papers.words import tell, void, why
from shopkit.services import number_ranges, orders
from shopkit.services.orders import OrderNotFoundError
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.papers import sheets, zpl
    from shopkit.papers.declaration import Service
    from shopkit.papers.sheets import Size
    from shopkit.services import customs_papers, paper_details, paper_kinds
    from shopkit.services.actors import Actor
    from shopkit.services.customs_papers import Looked
    from shopkit.services.paper_kinds import Format, Kind
else:
    sheets = Late("shopkit.papers.sheets")
    zpl = Late("shopkit.papers.zpl")
    customs_papers = Late("shopkit.services.customs_papers")
    paper_details = Late("shopkit.services.paper_details")
    paper_kinds = Late("shopkit.services.paper_kinds")

_SERVICES: Final[dict[Service, str]] = {"letter": N_("Letter"), "parcel": N_("Parcel"), "ems": N_("EMS")}
_SIZES: Final[dict[Size, str]] = {
    "a4": N_("A4"),
    "letter": N_("US letter"),
    "a6": N_("A6"),
    "label": N_("Label, 4 × 6 in"),
}
_NAMES: Final = {
    "cn22": N_("CN 22"),
    "cn23": N_("CN 23"),
    "packing-list": N_("Packing list"),
    "advance-data": N_("Electronic advance data"),
    "pro-forma": N_("Pro-forma invoice"),
    "origin": N_("Proof of origin"),
    "exporta-facil": N_("Simplified export"),
    "prior-notice": N_("FDA prior notice"),
}
_MOST_SIGNS: Final = 40


@bp.get("/orders/<order_id>/customs")
def customs_page(order_id: str) -> ResponseReturnValue:
    """Say what stands against a paper of this order, and what is to be known before it is printed."""
    return page(actor(), order_id)


def page(
    who: Actor,
    order_id: str,
    boxes: dict[str, Any] | None = None,
    refused: str = "",
    status: int = HTTPStatus.OK,
) -> Response:
    """Return the page; ``boxes`` is the form of the seller's boxes where it is shown again with what is wrong.

    ``refused`` is why the order got no number.
    """
    from shopkit.web import paper_boxes  # noqa: PLC0415  # it shows this page

    kind, service, size, number = _asked()
    looked = _look(who, order_id, kind, service, number)
    language = speech().language
    found = kind.find(looked)
    body = render_template(
        "web/customs_papers.html",
        order=orders.load(services(), who, order_id),
        asked={"form": kind.name, "service": service, "size": size, "number": number},
        forms={one: gettext(_NAMES[one]) for one in paper_kinds.KINDS},
        services={one: gettext(words) for one, words in _SERVICES.items()},
        sizes={one: gettext(words) for one, words in _SIZES.items()},
        name=gettext(_NAMES[kind.name]),
        files=[
            (form, f"{form.upper()}, {dpi} dpi" if dpi else form.upper(), dpi)
            for form in kind.makes
            for dpi in (zpl.DPI if form == "zpl" else (None,))
        ],
        refused=refused,
        handed=number_ranges.of_order(services(), order_id),
        ranges=number_ranges.ranges(services(), who),
        why=why(looked.choice, language) if kind.name in {"cn22", "cn23"} else "",
        blocks=[tell(one, language) for one in found if one.level == "block"],
        warnings=[tell(one, language) for one in found if one.level == "warn"],
        printed=[
            (gettext(_NAMES[one.kind]), one, void(one.changed, language) if one.is_void else "")
            for one in customs_papers.printed(services(), who, order_id)
        ],
        boxes=boxes or paper_boxes.shown(paper_boxes.kept(paper_details.load(services(), who, order_id))),
        saved="saved" in request.args,
        may_edit=who.may("editor"),
    )
    return make_response(body, status)


@bp.get("/orders/<order_id>/customs/<paper>.<any(pdf, xml, zpl):form>")
def customs_file(order_id: str, paper: str, form: Format) -> ResponseReturnValue:
    """Print a paper; where something stands against it, the page that says what."""
    if paper not in paper_kinds.KINDS or form not in paper_kinds.KINDS[paper].makes:
        abort(HTTPStatus.NOT_FOUND)
    who = actor()
    kind, service, size, number = _asked(paper)
    dpi = next((one for one in zpl.DPI if str(one) == request.args.get("dpi")), zpl.DPI[0])
    looked = _look(who, order_id, kind, service, number)
    try:
        made = paper_kinds.hand_out(
            services(), who, order_id, kind, looked, paper_kinds.Wish(speech().language, size, dpi), form
        )
    except paper_kinds.BlockedError:
        page = url_for("web.customs_page", order_id=order_id, form=paper, service=service, size=size, number=number)
        return redirect(page, HTTPStatus.SEE_OTHER)
    response = Response(made, mimetype=paper_kinds.MIMETYPES[form])
    response.headers["Content-Disposition"] = f'inline; filename="{paper}-{looked.declaration.order}.{form}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _asked(name: str | None = None) -> tuple[Kind, Service, Size, str]:
    """Return what the address asks for: what is none of ours is as if it had not been said."""
    given = request.args
    kind = paper_kinds.KINDS.get(name or given.get("form", "")) or paper_kinds.KINDS["cn23"]
    service = next((one for one in _SERVICES if one == given.get("service")), kind.service)
    size = next((one for one in sheets.SIZES if one == given.get("size")), kind.size)
    return kind, service, size, given.get("number", "").strip()[:_MOST_SIGNS]


def _look(who: Actor, order_id: str, kind: Kind, service: Service, number: str) -> Looked:
    try:
        return customs_papers.look(services(), who, order_id, kind.form, service=service, number=number)
    except OrderNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
