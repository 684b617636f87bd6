"""Route of the dashboard: what sells where, the matrix, first markets, goals, first steps, for a seller's program."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from landed_cost.currencies import exponent
from landed_cost.money import decimal_text
from listings.sales import Trial
from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, send, services
from shopkit.api.language import language
from shopkit.api.queries import Query
from shopkit.services.dashboard import open_board
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    from listings.first_markets import Candidate
    from shopkit.services.dashboard import Board, Row
    from shopkit.services.goals import Standing
    from shopkit.services.matrix import Cell

Json = dict[str, Any]
SCOPE = "dashboard:read"
_LAST_PAGE = 9_999


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SoldMarket(_Shape):
    """What one market bought, and how regularly: ``pause`` is the usual number of days between orders."""

    market: str
    orders: int
    value: str
    share_percent: str
    first: str
    last: str
    rhythm: Literal["new", "steady", "quiet", "cold"]
    days_since: int
    pause_days: str | None


class Converted(_Shape):
    """A currency whose sales were converted, and the day of the rate."""

    currency: str
    rate_date: str


class LeftOut(_Shape):
    """Lines that are counted nowhere, because there is no rate for their currency."""

    currency: str
    lines: int


class WinnerShape(_Shape):
    """A listing that sells best, where it sells, and the compared markets where it does not yet."""

    listing: str
    title: str | None
    value: str
    orders: int
    sold_in: list[str]
    not_yet_in: list[str]


class Sales(_Shape):
    """What was sold, in the seller's currency; ``hhi`` and ``equal_markets`` are null without sales."""

    hhi: int | None
    equal_markets: str | None
    markets: list[SoldMarket]
    winners: list[WinnerShape]
    converted: list[Converted]
    left_out: list[LeftOut]


class MissingShape(_Shape):
    """What stands against a sure figure."""

    level: str
    message: str
    action: str | None


class CellShape(_Shape):
    """One piece at one market; ``why`` says why nobody could ask where ``outcome`` is ``unasked``."""

    market: str
    outcome: Literal["complete", "estimated", "refused", "unasked"]
    why: Literal["no_price", "not_goods", "not_offered", "home", "request"] | None
    sku: str | None
    landed: str | None
    low: str | None
    high: str | None
    first_days: int | None
    last_days: int | None
    sold: int
    sold_value: str
    missing: list[MissingShape]


class RowShape(_Shape):
    """One listing over the markets."""

    listing: str
    key: str
    title: str
    cells: list[CellShape]


class Matrix(_Shape):
    """Listings by markets; ``proposed`` is true until markets are chosen."""

    markets: list[str]
    proposed: bool
    page: int
    total: int
    rows: list[RowShape]


class ScorePart(_Shape):
    """One part of a score: points of 100, weight in percent, the figure behind it."""

    part: Literal["charges", "restrictions", "nearness", "preference", "language"]
    points: int
    weight: int
    figure: str | None


class FirstMarket(_Shape):
    """A destination as a first market; without a score, ``refused`` says why."""

    market: str
    score: int | None
    parts: list[ScorePart]
    refused: list[str]


class First(_Shape):
    """First markets for one listing, the best first."""

    listing: str | None
    markets: list[FirstMarket]


class GoalShape(_Shape):
    """A goal or a trial: ``reached`` was sold; of a trial ``left`` is without what the goods cost, null if unknown."""

    id: str
    kind: Literal["goal", "trial"]
    market: str
    amount: str
    currency: str
    starts_on: str
    ends_on: str
    state: Literal["ahead", "on_pace", "behind", "reached", "missed", "open", "spent", "ended", "paid_back"]
    reached: str
    expected: str | None
    spent: str | None
    left: str | None
    days_left: int | None


class StepShape(_Shape):
    """One of the first steps; ``lacking`` listings still want it."""

    id: str
    done: bool
    lacking: int


class Assessment(_Shape):
    """The self-assessment: points of 100 from ``low`` to ``high``, what is not answered being unknown."""

    low: int
    high: int
    answered: int
    asked: int
    next_steps: list[str]


class DashboardResponse(_Shape):
    """The dashboard of the seller whose key it is. Amounts are in ``currency`` unless they name another."""

    date: str
    currency: str
    sales: Sales
    matrix: Matrix
    first: First
    goals: list[GoalShape]
    first_steps: list[StepShape]
    self_assessment: Assessment


@bp.get("/api/v1/dashboard")
def read_dashboard() -> Response:
    """Tell what sells where, what each product comes to at each market, and how goals stand."""
    actor = api_actor(SCOPE)
    query = Query("page")
    text = query.text("page") or "1"
    page = int(text[:6]) if text.isascii() and text.isdigit() else 0
    if not 1 <= page <= _LAST_PAGE:
        query.complain("page", "number.range", limit=f"1 – {_LAST_PAGE}")
    if query.problems:
        raise RequestError(query.problems)
    found = open_board(services(), actor, language(), page)
    return send(Reply(HTTPStatus.OK, dump(shown(found, language())), language()))


def shown(board: Board, to: str) -> Json:
    """Return a board as the answer of the API, in ``es``, ``pt`` or ``en``."""
    text = _texts(board.company.currency)
    return {
        "date": board.today.isoformat(),
        "currency": board.company.currency,
        "sales": _sales(board, text),
        "matrix": {
            "markets": list(board.markets),
            "proposed": board.proposed,
            "page": board.page,
            "total": board.total,
            "rows": [_row(row, text, to) for row in board.rows],
        },
        "first": {
            "listing": None if board.best is None else board.best.id,
            "markets": [_candidate(one) for one in board.first],
        },
        "goals": [_goal(one) for one in board.goals],
        "first_steps": [{"id": one.id, "done": one.done, "lacking": one.lacking} for one in board.steps],
        "self_assessment": {
            "low": board.assessed.low,
            "high": board.assessed.high,
            "answered": board.assessed.answered,
            "asked": board.assessed.asked,
            "next_steps": [one.step[to] for one in board.assessed.steps],
        },
    }


def _texts(currency: str) -> Callable[[int], str]:
    digits = exponent(currency)
    return lambda minor: decimal_text(minor, digits)


def _sales(board: Board, text: Callable[[int], str]) -> Json:
    found = board.concentration
    rhythms = {one.market: one for one in board.rhythms}
    return {
        "hhi": None if found is None else found.hhi,
        "equal_markets": None if found is None else decimal_text(found.equal_markets, 1),
        "markets": [
            {
                "market": one.market,
                "orders": one.orders,
                "value": text(one.value),
                "share_percent": decimal_text(one.share, 2),
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
                "rhythm": rhythms[one.market].state,
                "days_since": rhythms[one.market].since,
                "pause_days": _tenths(rhythms[one.market].pause),
            }
            for one in (() if found is None else found.markets)
        ],
        "winners": [
            {
                "listing": one.listing,
                "title": board.names.get(one.listing),
                "value": text(one.value),
                "orders": one.orders,
                "sold_in": list(one.sold_in),
                "not_yet_in": list(one.not_yet_in),
            }
            for one in board.winners
        ],
        "converted": [{"currency": code, "rate_date": day.isoformat()} for code, day in board.told.converted],
        "left_out": [{"currency": code, "lines": count} for code, count in board.told.left_out],
    }


def _tenths(number: int | None) -> str | None:
    return None if number is None else decimal_text(number, 1)


def _row(row: Row, text: Callable[[int], str], to: str) -> Json:
    listing = row.kept.listing
    return {
        "listing": row.kept.id,
        "key": listing.key,
        "title": listing.title,
        "cells": [_cell(one, row, text, to) for one in row.cells],
    }


def _cell(cell: Cell, row: Row, text: Callable[[int], str], to: str) -> Json:
    sold = row.sold.get(cell.market)
    names = ("market", "outcome", "why", "sku", "landed", "low", "high", "first_days", "last_days")
    return {name: getattr(cell, name) for name in names} | {
        "sold": 0 if sold is None else sold.quantity,
        "sold_value": text(0 if sold is None else sold.value),
        "missing": [{"level": one.level, "message": one.message, "action": one.action} for one in cell.missing(to)],
    }


def _candidate(one: Candidate) -> Json:
    return {
        "market": one.market,
        "score": one.score,
        "parts": [
            {"part": part.part, "points": part.points, "weight": part.weight, "figure": part.figure}
            for part in one.parts
        ],
        "refused": list(one.refused),
    }


def _goal(one: Standing) -> Json:
    goal, result, text = one.goal, one.result, _texts(one.goal.currency)
    head = {
        "id": goal.id,
        "kind": goal.kind,
        "market": goal.market,
        "amount": text(goal.amount),
        "currency": goal.currency,
        "starts_on": goal.starts_on.isoformat(),
        "ends_on": goal.ends_on.isoformat(),
        "reached": text(one.sold),
        "state": result.state,
    }
    if isinstance(result, Trial):
        return head | {
            "expected": None,
            "spent": text(goal.spent),
            "left": None if one.brought is None else text(one.brought),
            "days_left": result.days_left,
        }
    return head | {"expected": text(result.expected), "spent": None, "left": None, "days_left": None}
