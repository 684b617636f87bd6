"""The dashboard's pages: the board, one product at every market, goals, the company's self-assessment."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import abort, make_response, redirect, render_template, request, url_for

from landed_cost.cells import TableError
from landed_cost.currencies import exponent
from landed_cost.money import to_minor
from shopkit.services import dashboard as boards_
from shopkit.services import goals as goals_
from shopkit.services import plans, sales
from shopkit.services.companies import get_company
from shopkit.services.listings import PAGE, ListingNotFoundError
from shopkit.services.self_assessment import assess, questions
from shopkit.web import boards, choices, forms
from shopkit.web.access import actor, is_stale, services, stale_text
from shopkit.web.blueprint import bp
from shopkit.web.forms import Form
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor

_MOST_PAGES: Final = 10_000
_QUARTER: Final = timedelta(days=90)
_GOAL: Final = ("kind", "market", "amount", "starts_on", "ends_on")
_WRONG: Final = {
    "kind": N_("Choose a goal or a trial."),
    "many": N_("There are fifty goals already. Remove one that is over."),
    "market": N_("Choose a market."),
    "everywhere": N_("A trial is of one market. Choose it."),
    "amount": N_("Write an amount above nothing."),
    "currency": N_("This currency is not in use."),
    "order": N_("The last day is before the first."),
    "long": N_("That is longer than five years."),
    "over": N_("The last day is over already."),
    "not_trial": N_("A goal costs nothing: only trials have spending."),
    "decimals": N_("That is more decimals than the currency has."),
    "day": N_("Write a day, like 2026-12-31."),
    "too_much": N_("That would leave less than nothing spent, or is too much to be meant."),
}

MOST_SALES_BYTES: Final = 10_000_000
# What the form around a file adds to its size.
_AROUND: Final = 1 << 16
_MOST_TOLD: Final = 20
# What is to be mended in a file of sales, by the column that it stands in.
_SALES: Final = {
    "too_large": N_("The file is larger than 10 MB. Cut it into several."),
    "not_utf8": N_("The file is not UTF-8. Save the table as “CSV UTF-8”."),
    "table": N_(
        "The table is not complete. It needs the columns order, market, listing, date, quantity, value and currency "
        "in its first row, and as many cells in each row below."
    ),
    "order": N_(
        "Write the number of the order. A line that came in before must say the same: take its import back first."
    ),
    "line": N_("Each line of an order has a number of its own."),
    "market": N_("Write the buyer’s country in two letters, such as US; an order has one market."),
    "listing": N_("Write the key or a SKU of a listing of yours; make the listing first, archived will do."),
    "date": N_("Write the day it was paid, such as 2026-09-01, not after today."),
    "quantity": N_("Write how many pieces, as a whole number."),
    "value": N_("Write what the line brought, such as 600.00, with no more decimals than its currency has."),
    "currency": N_("Write the currency in three letters, such as MXN."),
}


@bp.get("/dashboard")
def dashboard() -> ResponseReturnValue:
    """Show the board of the shop."""
    return _board(actor(), _new_goal())


@bp.get("/dashboard/products/<listing_id>")
def product_markets(listing_id: str) -> ResponseReturnValue:
    """Show one product at every market: figures, what is missing, and what each scores as a first one."""
    rulebook, to = services().rulebook, speech()
    try:
        opened = boards_.open_row(services(), actor(), listing_id, to.language)
    except ListingNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    found = boards.cells(opened.row.cells, opened.row.sold, opened.company.currency, rulebook, to)
    return render_template(
        "web/product_markets.html",
        company=opened.company,
        listing=opened.row.kept.listing,
        cells=sorted(found, key=lambda one: choices.by_name((one.cell.market, one.name))),
        first=boards.candidates(opened.first, rulebook, to),
    )


@bp.post("/dashboard/markets")
def choose_markets() -> ResponseReturnValue:
    """Keep which markets are compared."""
    who = actor("editor")
    try:
        plans.choose_markets(services(), who, request.form.getlist("market"))
    except plans.MarketsError as error:
        if error.wrong:
            abort(HTTPStatus.BAD_REQUEST)
        form = _new_goal()
        form.general.append(gettext(N_("Choose ten markets at most: a table of more is read by nobody.")))
        return _board(who, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.dashboard", _anchor="matrix"), HTTPStatus.SEE_OTHER)


@bp.post("/dashboard/first-steps")
def first_steps() -> ResponseReturnValue:
    """Put the list of first steps away, or bring it back."""
    plans.show_first_steps(services(), actor("editor"), shown=request.form.get("do") == "show")
    return redirect(url_for("web.dashboard"), HTTPStatus.SEE_OTHER)


@bp.post("/dashboard/sales")
def bring_sales() -> ResponseReturnValue:
    """Bring in past sales from a file: whole, or not at all and with what is to be mended."""
    limit = MOST_SALES_BYTES + _AROUND
    if (request.content_length or 0) > limit:
        # The body is not read: the form's own mark in it neither.
        return _sales_refused(actor("editor", checks_form=False), [_to_mend("too_large")])
    request.max_content_length = limit
    who = actor("editor")
    file = request.files.get("sales")
    data = b"" if file is None else file.read()
    try:
        found = sales.import_sales(services(), who, data.decode("utf-8"), (file and file.filename) or "ventas.csv")
    except UnicodeDecodeError:
        return _sales_refused(who, [_to_mend("not_utf8")])
    except TableError as error:
        return _sales_refused(who, _sales_wrong(error))
    return redirect(url_for("web.dashboard", brought=found.new, _anchor="sold"), HTTPStatus.SEE_OTHER)


def _to_mend(what: str) -> str:
    text = _SALES[what]
    return gettext(text)


def _sales_wrong(error: TableError) -> list[str]:
    """Return what is to be mended, by row and column, in the reader's language; the first of many."""
    place = gettext(N_("Row %(row)s, %(column)s: %(text)s"))
    told = [
        place % {"row": one.row, "column": one.column, "text": _to_mend(one.column)}
        if one.row > 1 and one.column in _SALES
        else _to_mend("table")
        for one in error.problems
    ]
    return list(dict.fromkeys(told))[:_MOST_TOLD]


def _sales_refused(who: Actor, texts: list[str]) -> ResponseReturnValue:
    form = _new_goal()
    form.general.extend(texts)
    form.focus = "problems"
    return _board(who, form, HTTPStatus.UNPROCESSABLE_ENTITY)


@bp.post("/dashboard/sales/<import_id>/undo")
def undo_sales(import_id: str) -> ResponseReturnValue:
    """Take back an import of past sales."""
    try:
        sales.undo_import(services(), actor("editor"), import_id)
    except sales.ImportNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    return redirect(url_for("web.dashboard", _anchor="sold"), HTTPStatus.SEE_OTHER)


@bp.post("/dashboard/goals")
def set_goal() -> ResponseReturnValue:
    """Keep a new goal or trial, or show again what was typed with what is wrong."""
    who = actor("editor", checks_form=False)
    form = _read_goal()
    if is_stale():
        form.general.append(stale_text())
        return _board(who, form, HTTPStatus.BAD_REQUEST)
    company = get_company(services(), who)
    amount = _amount(form, "amount", company.currency)
    starts_on, ends_on = (_day(form, name) for name in ("starts_on", "ends_on"))
    if not form.errors and amount is not None and starts_on is not None and ends_on is not None:
        asked = goals_.Asked(form.value("kind"), form.value("market"), amount, company.currency, starts_on, ends_on)
        try:
            goals_.create_goal(services(), who, asked, services().today(company.country))
        except goals_.GoalError as error:
            form.errors[error.field] = _wrong(error.code)
        else:
            return redirect(url_for("web.dashboard", _anchor="goals"), HTTPStatus.SEE_OTHER)
    form.focus = "problems"
    return _board(who, form, HTTPStatus.UNPROCESSABLE_ENTITY)


@bp.post("/dashboard/goals/<goal_id>")
def change_goal(goal_id: str) -> ResponseReturnValue:
    """Add to what a trial has cost, take a goal off, or bring it back."""
    who = actor("editor")
    do = request.form.get("do")
    if do not in {"spend", "remove", "restore"}:
        abort(HTTPStatus.BAD_REQUEST)
    removed = None
    try:
        if do == "spend":
            return _spend(who, goal_id)
        if do == "remove":
            goals_.remove_goal(services(), who, goal_id)
            removed = goal_id
        else:
            goals_.restore_goal(services(), who, goal_id)
    except goals_.GoalNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    return redirect(url_for("web.dashboard", removed=removed, _anchor="goals"), HTTPStatus.SEE_OTHER)


@bp.get("/dashboard/assessment")
def assess_company() -> ResponseReturnValue:
    """Show the questions of the self-assessment, what they come to, and the next steps."""
    who = actor()
    answers = plans.get_plan(services(), who).answers or {}
    found = assess(answers)
    return render_template(
        "web/assessment.html",
        questions=questions(),
        answers=answers,
        found=found,
        steps=[(one, boards.page_of(one)) for one in found.steps],
        themes=boards.THEMES,
        words=boards.ANSWERS,
        may_change=who.may("editor"),
        welcome="welcome" in request.args,
        brought=int(text) if (text := request.args.get("brought", "")).isascii() and text.isdigit() else None,
    )


@bp.post("/dashboard/assessment")
def keep_assessment() -> ResponseReturnValue:
    """Keep the answers and show what they come to."""
    given = {one.id: request.form[one.id] for one in questions() if one.id in request.form}
    plans.answer_questions(services(), actor("editor"), given)
    return redirect(url_for("web.assess_company", _anchor="result"), HTTPStatus.SEE_OTHER)


def _spend(who: Actor, goal_id: str) -> ResponseReturnValue:
    goal = next((one for one in goals_.goals(services(), who) if one.id == goal_id), None)
    if goal is None:
        raise goals_.GoalNotFoundError(goal_id)
    name = f"spent-{goal_id}"
    form = _new_goal()
    form.put(name, request.form.get("spent", ""))
    amount = _amount(form, name, goal.currency)
    if amount is not None:
        takes_back = request.form.get("sign") == "less"
        try:
            goals_.spend(services(), who, goal_id, -amount if takes_back else amount)
        except goals_.GoalError as error:
            form.errors[name] = _wrong("too_much" if error.code == "amount" else error.code)
        else:
            return redirect(url_for("web.dashboard", _anchor="goals"), HTTPStatus.SEE_OTHER)
    form.focus = name
    return _board(who, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _board(who: Actor, form: Form, status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    rulebook, to = services().rulebook, speech()
    text = request.args.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and 0 < int(text[:6]) < _MOST_PAGES else 1
    board = boards_.open_board(services(), who, to.language, page)
    currency = board.company.currency
    body = render_template(
        "web/dashboard.html",
        board=board,
        currency=currency,
        lines=boards.market_lines(board, rulebook, to),
        equal=None if board.concentration is None else boards.tenths(board.concentration.equal_markets, to),
        rows=[(row.kept, boards.cells(row.cells, row.sold, currency, rulebook, to)) for row in board.rows],
        markets=[(one, boards.name_of(one, rulebook, to)) for one in board.markets],
        winners=[
            (
                one,
                board.names.get(one.listing),
                boards.text_of(one.value, currency),
                [boards.name_of(market, rulebook, to) for market in one.not_yet_in],
            )
            for one in board.winners
        ],
        first=boards.candidates(board.first, rulebook, to),
        goals=boards.goals(board, rulebook, to),
        steps=boards.steps(board),
        named=lambda codes: ", ".join(boards.name_of(one, rulebook, to) for one in codes),
        destinations=choices.destinations(rulebook, to),
        form=form,
        problems=[(name, "", text) for name, text in form.errors.items()],
        last_page=-(-board.total // PAGE),
        removed=request.args.get("removed", ""),
        may_change=who.may("editor"),
        welcome="welcome" in request.args,
        brought=int(text) if (text := request.args.get("brought", "")).isascii() and text.isdigit() else None,
        most_markets=plans.MOST_MARKETS,
    )
    return make_response(body, status)


def _wrong(code: str) -> str:
    """Return what is wrong in the reader's language."""
    text = _WRONG[code]
    return gettext(text)


def _new_goal() -> Form:
    form, today = Form(), services().today("")
    form.put("kind", "goal")
    form.put("starts_on", today.isoformat())
    form.put("ends_on", (today + _QUARTER).isoformat())
    return form


def _read_goal() -> Form:
    form = Form()
    for name in _GOAL:
        form.put(name, request.form.get(name, "").strip()[:40])
    return form


def _amount(form: Form, name: str, currency: str) -> int | None:
    """Return an amount in minor units, or say at its field what is wrong with it."""
    text = forms.read_figure(form, name, speech())
    if text is None:
        form.errors.setdefault(name, _wrong("amount"))
        return None
    value = Decimal(text)
    if value != round(value, exponent(currency)):
        form.errors[name] = _wrong("decimals")
        return None
    if value <= 0:
        form.errors[name] = _wrong("amount")
        return None
    return to_minor(value, currency)


def _day(form: Form, name: str) -> date | None:
    try:
        return date.fromisoformat(form.value(name))
    except ValueError:
        form.errors[name] = _wrong("day")
        return None
