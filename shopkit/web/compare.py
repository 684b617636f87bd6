"""The page that lays destinations side by side: one basket, every market, and what is in the way of each.

Everything that was asked stands in the address, so that an answer can be shared, kept and sorted without scripts.
"""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import make_response, redirect, render_template, request, url_for

from landed_cost.currencies import exponent
from landed_cost.money import decimal_text, to_minor
from shopkit.services import quotes
from shopkit.services.days import read_day
from shopkit.services.problems import RequestError
from shopkit.web import choices, comparing, filling, forms, supposing
from shopkit.web.access import seller_id
from shopkit.web.blueprint import bp
from shopkit.web.language import speech
from shopkit.web.views import changed_form, freight_services, home, rearrange, services

if TYPE_CHECKING:
    from datetime import date

    from flask.typing import ResponseReturnValue

    from shopkit.web.comparing import Table
    from shopkit.web.forms import Form
    from shopkit.web.supposing import Supposition

Json = dict[str, Any]
# What an address may hold beside the fields of the form.
_OWN = frozenset({"do", "sort", "lang", "quote", "example", *supposing.FIELDS})


@bp.get("/compare")
def compare() -> ResponseReturnValue:
    """Show the form, or what the basket in the address comes to at every destination."""
    kept, do = request.args.get("quote"), request.args.get("do", "")
    if kept is not None:
        return redirect(_address(changed_form(kept)))
    if "example" in request.args:
        return redirect(_address(_example()))
    form = forms.read_form(request.args)
    if do == "quote":
        return redirect(_address(form, request.args.get("sort")))
    action, _, number = do.partition("-")
    if action in {"add", "remove", "codes", "change"}:
        rearrange(form, action, int(number) if number.isascii() and number.isdigit() else 0)
        return _page(form)
    if not form.values.keys() - _OWN:
        return _page(forms.new_form(services().today(""), home()))
    table, supposed = _compared(form)
    # A supposition that is wrong takes nothing from what the law says.
    wrong = table is None or bool(form.errors)
    return _page(form, table, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK, supposed)


def _example() -> Form:
    form = filling.fill(filling.EXAMPLE, speech())
    form.put("date", services().today("").isoformat())
    return form


def _address(form: Form, sort: str | None = None) -> str:
    """Return the address of what was asked: the fields with something in them, and nothing of one destination."""
    fields: dict[str, Any] = {
        name: texts
        for name, texts in form.values.items()
        if any(texts) and name not in _OWN and name not in {"to", "region", "to_postal"}
    }
    return url_for("web.compare", **(fields | ({"sort": [sort]} if sort else {})))


def _compared(form: Form) -> tuple[Table | None, Supposition | None]:
    """Return the table, or nothing when something is wrong, which then stands at its field; and what is supposed."""
    to, rulebook = speech(), services().rulebook
    built = forms.build(form, to)
    cost = forms.read_figure(form, "cost", to)
    basket = {name: part for name, part in built.request.items() if name != "destination"} | {"save": False}
    try:
        found = quotes.answer_everywhere(services(), basket, seller=seller_id())
    except RequestError as error:
        forms.place_problems(form, built, error.problems, to)
        found = None
    if form.errors or form.general or found is None:
        form.focus = "problems"
        return None, None
    shown = found.answers[0].stored["currency"]
    own = None if cost is None else _converted(cost, form.value("currency"), shown)
    table = comparing.lay_out(found, rulebook, to, request.args.get("sort", ""), own)
    return table, supposing.suppose(services(), form, basket, found, _day(form), to, seller_id())


def _day(form: Form) -> date:
    """Return the day whose law is shown, which can be read where there is a table."""
    text = form.value("date")
    return read_day(text, "/date") if text else services().today("")


def _converted(cost: str, of: str, shown: str) -> Decimal:
    minor = services().rulebook.rates.convert_minor(to_minor(Decimal(cost), of), of, shown)
    return Decimal(decimal_text(minor, exponent(shown)))


def _page(
    form: Form, table: Table | None = None, status: HTTPStatus = HTTPStatus.OK, supposed: Supposition | None = None
) -> ResponseReturnValue:
    rulebook, to = services().rulebook, speech()
    asked = {name: texts for name, texts in form.values.items() if any(texts) and name not in _OWN}
    body = render_template(
        "web/compare.html",
        form=form,
        table=table,
        asked=asked,
        supposed=supposed,
        limits=[] if table is None else supposing.offered(rulebook, _day(form), to),
        # The order keeps what is supposed, and the supposition the order.
        kept={name: form.value(name) for name in supposing.FIELDS if form.value(name)},
        sorts={name: title for name, (title, _) in comparing.SORTS.items()},
        everywhere=True,
        countries=choices.countries(to),
        currencies=choices.currencies(to),
        agreements=tuple((one.id, one.name[to.language]) for one in rulebook.agreements),
        freight_services=freight_services(form),
        choices=choices,
        max_items=forms.MAX_ITEMS,
        origin=choices.country_name(form.value("from"), to),
        version=rulebook.version,
    )
    return make_response(body, status)
