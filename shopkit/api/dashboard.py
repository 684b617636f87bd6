"""Route of the dashboard: what sells where, the matrix, first markets, goals, first steps, for a seller's program."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

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
