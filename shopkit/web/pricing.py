"""The page of prices: what is left in the seller's own currency, which price reaches a target, whether to enter.

Everything that was asked stands in the address, so that an answer can be kept and changed without scripts.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import make_response, redirect, render_template, request, url_for

from shopkit.services import pricing
from shopkit.services.problems import RequestError
from shopkit.web import choices, forms, pricing_form
from shopkit.web.access import seller_id
from shopkit.web.answers import OUTCOMES, STATUSES
from shopkit.web.blueprint import bp
from shopkit.web.language import N_, gettext, speech
from shopkit.web.views import home, rearrange, services

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.web.forms import Form

Json = dict[str, Any]
# What an address may hold beside the fields of the form.
_OWN: Final = frozenset({"do", "lang", "example"})
GOALS: Final = {
    "margin": N_("Margin to reach"),
    "in_hand": N_("To be left of the order"),
    "landed": N_("At most at the buyer’s door"),
    "shelf": N_("At most on the shelf, for one"),
}
VERDICTS: Final = {
    "yes": ("●", N_("Yes"), "complete"),
    "depends": ("◐", N_("In some cases"), "estimated"),
    "no": ("○", N_("No"), "refused"),
}
CASES: Final = {"low": N_("Few orders"), "likely": N_("Most likely"), "high": N_("Many orders")}


@bp.get("/pricing")
def ask_price() -> ResponseReturnValue:
    """Show the form, or what is left of the price in the address."""
    to = speech()
    if "example" in request.args:
        form = pricing_form.example(to, services().today("US"))
        return redirect(url_for("web.ask_price", **_asked(form), do="ask"))
    form = forms.read_form(request.args)
    action, _, number = form.value("do").partition("-")
    if action == "codes":
        rearrange(form, action, int(number) if number.isascii() and number.isdigit() else 0)
        return _page(form)
    if not form.values.keys() - _OWN:
        return _page(pricing_form.new_form(services().today(""), home()))
    asked = pricing_form.build(form, to)
    try:
        found = pricing.ask(services(), asked.request, to.language, seller_id())
    except RequestError as error:
        pricing_form.place_problems(form, asked, error.problems, to)
    else:
        if not form.errors:
            return _page(form, found)
    form.focus = "problems"
    return _page(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _asked(form: Form) -> Json:
    """Return the fields with something in them, as they stand in an address."""
    return {name: texts for name, texts in form.values.items() if any(texts) and name not in _OWN}


def _unseen(form: Form) -> list[tuple[str, str]]:
    """Return what the address says beyond the fields of this page, as a quote's answers about the goods; it is kept."""
    return [
        (name, text)
        for name, texts in form.values.items()
        if name not in pricing_form.FIELDS and name not in _OWN
        for text in texts
        if text
    ]


def _page(form: Form, found: Json | None = None, status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    rulebook, to = services().rulebook, speech()
    translate = to.sentences.gettext
    outcome = None if found is None else found["outcome"]
    mark = ("", "") if outcome is None else (OUTCOMES[outcome][0], translate(OUTCOMES[outcome][1]))
    body = render_template(
        "web/pricing.html",
        form=form,
        found=found,
        mark=mark,
        unseen=_unseen(form),
        wrong=pricing_form.listed(form, to),
        labels={name: translate(label) for name, label in pricing_form.LABELS.items()},
        goals={name: translate(title) for name, title in GOALS.items()},
        verdicts={name: (sign, translate(word), tone) for name, (sign, word, tone) in VERDICTS.items()},
        cases={name: translate(word) for name, word in CASES.items()},
        statuses={code: gettext(name) for code, name in STATUSES.items()},
        where=f"{choices.country_name(form.value('from'), to)} → {choices.country_name(form.value('to'), to)}",
        destinations=choices.destinations(rulebook, to),
        regions=choices.regions(rulebook, to),
        countries=choices.countries(to),
        currencies=choices.currencies(to),
        choices=choices,
    )
    return make_response(body, status)
