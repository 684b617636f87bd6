"""The form of the boxes that a seller fills for the papers of an order."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import abort, redirect, request, url_for

from shopkit.late import Late
from shopkit.papers.details import CATEGORIES, IMPORTER_KINDS, INSPECTIONS, UNDELIVERED
from shopkit.papers.words import plain
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError, sentence
from shopkit.web.access import actor, is_stale, services, stale_text
from shopkit.web.blueprint import bp
from shopkit.web.customs_papers import page
from shopkit.web.forms import Form
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services import paper_details
else:
    paper_details = Late("shopkit.services.paper_details")

Json = dict[str, Any]
# In the order of the form: name, label, most signs.
_TEXTS: Final = (
    ("postage_amount", N_("Postal charges"), 20),
    ("postage_currency", N_("Their currency"), 3),
    ("insured_amount", N_("Insured value"), 20),
    ("insured_currency", N_("Its currency"), 3),
    ("explanation", N_("What “other” is"), 35),
    ("licence", N_("Licence number"), 32),
    ("certificate", N_("Certificate number"), 32),
    ("invoice", N_("Number of an invoice issued elsewhere"), 32),
    ("comment", N_("Comments for customs"), 60),
    ("importer_number", N_("Receiver’s reference"), 40),
    ("aes", N_("ITN or exemption, for mail from the United States"), 35),
    ("signer", N_("Who signs"), 50),
    ("signed_on", N_("Day of the signature"), 10),
    ("origin_agreement", N_("Trade agreement, by its short name"), 64),
    ("origin_criterion", N_("Criterion by which the goods originate"), 40),
    ("origin_number", N_("Your number as approved or registered exporter"), 40),
    ("redirect_name", N_("Send it on to"), 120),
    ("redirect_street", N_("Street"), 200),
    ("redirect_city", N_("City"), 80),
    ("redirect_region", N_("State or region"), 60),
    ("redirect_postal_code", N_("Postal code"), 16),
    ("redirect_country", N_("Country, two letters"), 2),
)
_NESTED: Final = ("postage", "insured", "importer", "redirect", "origin")


@bp.post("/orders/<order_id>/customs/boxes")
def fill_paper_boxes(order_id: str) -> ResponseReturnValue:
    """Keep the boxes; what cannot be read is shown at its field, with what was typed."""
    who = actor("editor", checks_form=False)
    form = Form({name: [text] for name, text in request.form.items()})
    if is_stale():
        form.general.append(stale_text())
        return page(who, order_id, boxes=shown(form), status=HTTPStatus.BAD_REQUEST)
    try:
        paper_details.save(services(), who, order_id, _given(form, paper_details.load(services(), who, order_id)))
    except OrderNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    except RequestError as error:
        for one in error.problems:
            name = one.pointer.strip("/").replace("/", "_")
            said = sentence(one.code, one.params, speech().language)
            fields = {field for field, _, _ in _TEXTS}
            place = name if name in fields else f"{name}_amount" if f"{name}_amount" in fields else ""
            if place:
                form.errors[place] = said
            else:
                form.general.append(said)
        return page(who, order_id, boxes=shown(form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(f"{url_for('web.customs_page', order_id=order_id, saved=1)}#boxes", HTTPStatus.SEE_OTHER)


def kept(given: Json) -> Form:
    """Return the form of boxes as they are kept."""
    form = Form()
    for name, value in given.items():
        if isinstance(value, dict):
            for part, text in value.items():
                form.put(f"{name}_{part}", str(text))
        elif isinstance(value, str):
            form.put(name, value)
    return form


def shown(form: Form) -> Json:
    """Return what the page shows of the form: its choices and its fields, with what is wrong at each."""
    language = speech().language

    def words(names: tuple[str, ...], prefix: str = "") -> dict[str, str]:
        return {one: plain(f"{prefix}{one}", language) for one in names}

    choices = {
        "category": (gettext("Category"), {"": gettext("As the order is")} | words(CATEGORIES)),
        "inspection": (gettext("Subject to"), {"": gettext("Nothing of these")} | words(INSPECTIONS)),
        "importer_kind": (gettext("What the reference is"), words(IMPORTER_KINDS)),
        "undelivered": (
            gettext("If it cannot be delivered"),
            {"": gettext("Not said")} | words(UNDELIVERED, "undelivered_"),
        ),
    }
    return {
        "choices": choices,
        "texts": [(name, gettext(label), most) for name, label, most in _TEXTS],
        "form": form,
        "general": form.general,
    }


def _given(form: Form, kept_before: Json) -> Json:
    """Return the request that the form says; a nested box of which nothing was typed is not given."""
    # What the form has no field for stays as it is.
    found: Json = {name: value for name, value in kept_before.items() if name == "food"}
    if "lines" in kept_before.get("origin", {}) or "role" in kept_before.get("origin", {}):
        found["origin"] = {
            name: kept_before["origin"][name] for name in ("lines", "role") if name in kept_before["origin"]
        }
    for name, _, _ in _TEXTS:
        text = form.value(name).strip()
        whole, _, part = name.partition("_")
        if not text:
            continue
        if whole in _NESTED:
            found.setdefault(whole, {})[part] = text
        else:
            found[name] = text
    for name in ("category", "inspection", "undelivered"):
        if text := form.value(name).strip():
            found[name] = text
    if "importer" in found:
        found["importer"]["kind"] = form.value("importer_kind").strip() or IMPORTER_KINDS[0]
    for name in ("postage", "insured"):
        if set(found.get(name, ())) == {"currency"}:
            del found[name]
    return found
