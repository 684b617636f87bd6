"""The page that tells whether goods originate: every answer has its address, and nothing is kept."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import make_response, redirect, render_template, request, url_for

from landed_cost.rulebook.origin_rules import OPERATIONS
from shopkit.services import origin
from shopkit.services.origin_shapes import EXAMPLE
from shopkit.services.problems import RequestError
from shopkit.web import choices, forms
from shopkit.web.answers import STATUSES
from shopkit.web.blueprint import bp
from shopkit.web.language import N_, gettext, speech
from shopkit.web.views import services
from translations.numbers import NumberError, read_number

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.problems import RequestProblem
    from shopkit.web.forms import Form

Json = dict[str, Any]
MAX_MATERIALS: Final = 12
OUTCOMES: Final = {
    "originating": ("●", N_("Originating"), "complete"),
    "not_originating": ("○", N_("Not originating"), "refused"),
    "cannot_be_decided": ("◐", N_("Cannot be decided"), "estimated"),
}
# The fields of the form beside the materials, by the pointer of what they become.
_FIELDS: Final = {
    "/date": "date",
    "/destination": "to",
    "/currency": "currency",
    "/product/description": "description",
    "/product/hs_code": "hs_code",
    "/product/made_in": "from",
    "/product/fob": "fob",
    "/product/ex_works": "ex_works",
    "/product/works_cost": "works_cost",
    "/wholly_obtained": "wholly",
}
_OF_MATERIAL: Final = ("description", "hs_code", "origin", "value")
_LABELS: Final = {
    "date": N_("Arrives at the border on"),
    "to": N_("Destination"),
    "currency": N_("Currency"),
    "description": N_("What is it?"),
    "hs_code": N_("Tariff code (HS)"),
    "from": N_("Made in"),
    "fob": N_("Price on board (FOB)"),
    "ex_works": N_("Price at the works"),
    "works_cost": N_("Cost of the work"),
    "origin": N_("Made in"),
    "value": N_("What all of it cost"),
    "wholly": N_("Of the land itself"),
}


@bp.get("/origin")
def ask_origin() -> ResponseReturnValue:
    """Show the form, or what the goods in the address are under every agreement."""
    if "example" in request.args:
        return redirect(url_for("web.ask_origin", **_example()))
    form = forms.read_form(request.args)
    if form.value("do") == "add":
        form.put("count", str(min(_count(form) + 1, MAX_MATERIALS)))
        form.focus = f"m-{_count(form) - 1}-description"
        return _page(form)
    if form.value("do") != "ask":
        if not form.value("date"):
            form.put("date", services().today("").isoformat())
        return _page(form)
    asked = _built(form)
    try:
        found = origin.ask(services(), asked, speech().language)
    except RequestError as error:
        _place(form, error.problems)
    else:
        if not form.errors:
            return _page(form, found)
    form.focus = "problems"
    return _page(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _example() -> Json:
    product, (stick,) = EXAMPLE["product"], EXAMPLE["materials"]
    return {
        "description": product["description"],
        "hs_code": product["hs_code"],
        "from": product["made_in"],
        "fob": product["fob"],
        "to": EXAMPLE["destination"],
        "currency": EXAMPLE["currency"],
        "operations": EXAMPLE["operations"],
        "transport": EXAMPLE["transport"],
        "m-0-under": "none",
        "do": "ask",
    } | {f"m-0-{key}": stick[key] for key in _OF_MATERIAL}


def _count(form: Form) -> int:
    text = form.value("count")
    return min(max(int(text), 1), MAX_MATERIALS) if text.isascii() and text.isdigit() and len(text) < 3 else 1  # noqa: PLR2004  # digits


def _built(form: Form) -> Json:
    """Return the question as the service takes it; a number that is none is noted in the form."""
    product: Json = {key: form.value(key) for key in ("description", "hs_code")} | {"made_in": form.value("from")}
    product |= {key: _number(form, key) for key in ("fob", "ex_works", "works_cost")}
    materials = []
    for index in range(_count(form)):
        prefix = f"m-{index}-"
        if any(form.value(prefix + key) for key in _OF_MATERIAL):
            materials.append(_material(form, prefix))
    return {
        "date": form.value("date") or None,
        "destination": form.value("to"),
        "currency": form.value("currency") or "USD",
        "product": {key: text for key, text in product.items() if text},
        "materials": materials,
        "wholly_obtained": form.value("wholly") == "yes" or None,
        "operations": [name for name in form.chosen("operations") if name in OPERATIONS],
        "transport": form.value("transport") or None,
        "confirmed": form.chosen("confirmed"),
    }


def _material(form: Form, prefix: str) -> Json:
    found: Json = {key: form.value(prefix + key) for key in ("description", "hs_code", "origin")}
    found["description"] = found["description"] or found["hs_code"] or "?"
    found["value"] = _number(form, f"{prefix}value")
    under = form.value(f"{prefix}under")
    known = {key: text for key, text in found.items() if text}
    if under:
        known["originating_under"] = [] if under == "none" else [under]
    return known


def _number(form: Form, name: str) -> str | None:
    text = form.value(name)
    if not text:
        return None
    try:
        return read_number(text)
    except NumberError:
        form.errors[name] = gettext(N_("Write the number with two decimals, such as 12.50."))
        return None


def _place(form: Form, problems: tuple[RequestProblem, ...]) -> None:
    """Put each problem at its field; materials that were left empty were not sent, so theirs are counted along."""
    sent = [index for index in range(_count(form)) if any(form.value(f"m-{index}-{key}") for key in _OF_MATERIAL)]
    for problem in problems:
        parts = problem.pointer.split("/")
        name = _FIELDS.get(problem.pointer)
        if name is None and parts[1:2] == ["materials"] and parts[3:4] and parts[3] in _OF_MATERIAL:
            name = f"m-{sent[int(parts[2])]}-{parts[3]}"
        text = problem.message(speech().language)
        if name is None:
            form.general.append(f"{problem.pointer}: {text}")
        else:
            form.errors.setdefault(name, text)


def _page(form: Form, found: Json | None = None, status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    to = speech()
    translate = to.sentences.gettext
    asked = {name: texts for name, texts in form.values.items() if any(texts)}
    wrong = [(name, translate(_LABELS[name.rpartition("-")[2]]), text) for name, text in form.errors.items()]
    body = render_template(
        "web/origin.html",
        form=form,
        found=found,
        asked=asked,
        wrong=wrong,
        count=_count(form),
        more=_count(form) < MAX_MATERIALS,
        countries=choices.countries(to),
        currencies=choices.currencies(to),
        agreements=tuple((one.id, one.name[to.language]) for one in services().rulebook.agreements if one.in_force),
        operations=tuple((key, name[to.language]) for key, name in OPERATIONS.items()),
        outcomes={key: (sign, translate(word), tone) for key, (sign, word, tone) in OUTCOMES.items()},
        statuses={code: gettext(name) for code, name in STATUSES.items()},
        country_name=lambda code: choices.country_name(code, to),
    )
    return make_response(body, status)
