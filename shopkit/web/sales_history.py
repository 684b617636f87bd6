"""The history of sales and fulfilment that a seller can hand to a bank: a page, a CSV and a PDF."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request, url_for

from shopkit.services import sales_history
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.language import speech

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor

_MONTH: Final = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)


@bp.get("/orders/history")
def sales_history_page() -> ResponseReturnValue:
    """Show what was sold, paid, given back and delivered in time, by month and market."""
    who = actor()
    since, until = _asked(who)
    found = sales_history.sales_history(services(), who, since, until)
    months = {"from": f"{since:%Y-%m}", "to": f"{until:%Y-%m}"}
    body = render_template(
        "web/sales_history.html",
        told=sales_history.as_words(services(), who, found, speech().language),
        months=months,
        files={form: _address(form, months) for form in ("pdf", "csv")},
    )
    return make_response(body)


@bp.get("/orders/history.<any(pdf, csv):form>")
def sales_history_file(form: Literal["pdf", "csv"]) -> ResponseReturnValue:
    """Download the same as PDF or CSV."""
    who = actor()
    since, until = _asked(who)
    found = sales_history.sales_history(services(), who, since, until)
    name = f"history-{since:%Y-%m}-{until:%Y-%m}.{form}"
    if form == "pdf":
        response = Response(
            sales_history.as_pdf(services(), who, found, speech().language), content_type="application/pdf"
        )
    else:
        response = Response(sales_history.as_csv(found), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _asked(who: Actor) -> tuple[date, date]:
    """Return the time that is asked for; what is no month is as if it were not there."""
    first, last = (_month(request.args.get(name, "")) for name in ("from", "to"))
    return sales_history.period(services(), who, first, last)


def _address(form: str, months: dict[str, str]) -> str:
    return f"{url_for('web.sales_history_file', form=form)}?{urlencode(months)}"


def _month(text: str) -> date | None:
    return date.fromisoformat(f"{text}-01") if _MONTH.fullmatch(text) else None
