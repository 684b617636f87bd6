"""The shapes of the dashboard's answer: built for who reads the description, not at every start."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


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


class SelfAssessment(_Shape):
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
    self_assessment: SelfAssessment
