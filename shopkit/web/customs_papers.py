"""Papers for customs of an order, on the seller's side: what stands against them, and the PDF once nothing does."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Literal

from flask import Response, abort, make_response, redirect, render_template, request, url_for

from shopkit.papers.sheets import SIZES
from shopkit.papers.words import tell, why
from shopkit.services import customs_papers, orders
from shopkit.services.orders import OrderNotFoundError
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.papers.declaration import Service
    from shopkit.papers.sheets import Size
    from shopkit.services.customs_papers import Looked

_Form = Literal["cn22", "cn23"]
_FORMS: Final[dict[_Form, str]] = {"cn22": "CN 22", "cn23": "CN 23"}
_SERVICES: Final[dict[Service, str]] = {"letter": N_("Letter"), "parcel": N_("Parcel"), "ems": N_("EMS")}
_SIZES: Final[dict[Size, str]] = {
    "a4": N_("A4"),
    "letter": N_("US letter"),
    "a6": N_("A6"),
    "label": N_("Label, 4 × 6 in"),
}
_USUAL: Final[dict[_Form, tuple[Service, Size]]] = {"cn22": ("letter", "a6"), "cn23": ("parcel", "a4")}
_MOST_SIGNS: Final = 40


@bp.get("/orders/<order_id>/customs")
def customs_page(order_id: str) -> ResponseReturnValue:
    """Say what stands against a form for this order, and what is to be known before it is printed."""
    who = actor()
    form, service, size, number = _asked()
    looked = _look(order_id, form, service, number)
    language = speech().language
    body = render_template(
        "web/customs_papers.html",
        order=orders.load(services(), who, order_id),
        asked={"form": form, "service": service, "size": size, "number": number},
        forms=_FORMS,
        services={one: gettext(words) for one, words in _SERVICES.items()},
        sizes={one: gettext(words) for one, words in _SIZES.items()},
        name=_FORMS[form],
        why=why(looked.choice, language),
        blocks=[tell(one, language) for one in looked.blocks],
        warnings=[tell(one, language) for one in looked.findings if one.level == "warn"],
        has_list=not customs_papers.against_packing(looked),
    )
    return make_response(body)


@bp.get("/orders/<order_id>/customs/<any(cn22, cn23, 'packing-list'):paper>.pdf")
def customs_file(order_id: str, paper: Literal["cn22", "cn23", "packing-list"]) -> ResponseReturnValue:
    """Print a paper; where something stands against it, the page that says what."""
    form, service, size, number = _asked("cn23" if paper == "packing-list" else paper)
    looked = _look(order_id, form, service, number)
    language = speech().language
    against = customs_papers.against_packing(looked) if paper == "packing-list" else looked.blocks
    if against:
        page = url_for("web.customs_page", order_id=order_id, form=form, service=service, size=size, number=number)
        return redirect(page, HTTPStatus.SEE_OTHER)
    if paper == "packing-list":
        made = customs_papers.packing_list(looked, language, "letter" if size == "letter" else "a4")
    else:
        made = customs_papers.paper(looked, language, size)
    response = Response(made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{paper}-{looked.declaration.order}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _asked(form: _Form | None = None) -> tuple[_Form, Service, Size, str]:
    """Return what the address asks for: what is none of ours is as if it had not been said."""
    given = request.args
    found: _Form = form or ("cn22" if given.get("form") == "cn22" else "cn23")
    usual_service, usual_size = _USUAL[found]
    service = next((one for one in _SERVICES if one == given.get("service")), usual_service)
    size = next((one for one in SIZES if one == given.get("size")), usual_size)
    return found, service, size, given.get("number", "").strip()[:_MOST_SIGNS]


def _look(order_id: str, form: _Form, service: Service, number: str) -> Looked:
    try:
        return customs_papers.look(services(), actor(), order_id, form, service=service, number=number)
    except OrderNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
