"""Goals of a seller, and trials of a market that may cost so much and no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast

from sqlalchemy import select, update

from landed_cost.countries import is_country
from landed_cost.currencies import is_known
from landed_cost.money import to_minor
from listings.sales import progress, trial
from shopkit.models import Goal
from shopkit.services import audit
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from sqlalchemy import Select

    from landed_cost.rates import RateTable
    from listings.model import Listing
    from listings.sales import Progress, Trial
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.sales import Told

Kind = Literal["goal", "trial"]
KINDS: Final[tuple[Kind, ...]] = ("goal", "trial")
EVERYWHERE: Final = "*"
# As many may stand at once; who needs more has none.
MOST: Final = 50
# A bigint holds more; no small seller's goal does.
MOST_AMOUNT: Final = 10**15
_LONGEST_DAYS: Final = 1_830


class GoalNotFoundError(LookupError):
    """There is no such goal, or it is another seller's."""


class GoalError(ValueError):
    """What a goal cannot be; ``field`` is the name of the wrong part, ``code`` what is wrong with it.

    Codes: ``kind``, ``market``, ``everywhere`` (a trial is of one market), ``amount``, ``currency``, ``order`` (ends
    before it starts), ``long`` (more than five years), ``over`` (ends before today), ``many``, ``not_trial``.
    """

    def __init__(self, field: str, code: str) -> None:
        self.field = field
        self.code = code
        super().__init__(f"{field}: {code}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A goal as it is set: ``amount`` in minor units, for a trial the most that it may cost."""

    kind: str
    market: str
    amount: int
    currency: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class KeptGoal:
    """A goal or trial as it is kept; amounts in minor units of ``currency``."""

    id: str
    kind: Kind
    market: str
    amount: int
    currency: str
    starts_on: date
    ends_on: date
    spent: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a goal stands; ``sold`` is what its sales came to.

    ``brought`` is the value of the trial's sales less what the goods cost the seller; ``None`` where the cost of a
    piece that was sold is not known, because then nobody can say what was left. ``unknown`` are those listings. What
    else was paid (freight, duties, fees, samples, advertising) is in ``spent``, as the seller wrote it down.
    """

    goal: KeptGoal
    result: Progress | Trial
    sold: int
    brought: int | None = None
    unknown: tuple[str, ...] = ()


def create_goal(services: Services, actor: Actor, asked: Asked, today: date) -> KeptGoal:
    """Keep a new goal or trial; ``GoalError``, ``ForbiddenError``."""
    actor.must("editor")
    _check(asked, today)
    now = services.now()
    with services.database.writing.begin() as session:
        if len(session.scalars(_mine(actor)).all()) >= MOST:
            raise GoalError("kind", "many")
        row = Goal(
            id=new_id("g", now),
            seller_id=actor.seller_id,
            kind=asked.kind,
            market=asked.market,
            amount=asked.amount,
            currency=asked.currency,
            starts_on=asked.starts_on,
            ends_on=asked.ends_on,
            spent=0,
            created_at=now,
        )
        session.add(row)
        audit.note(session, actor, now, "goal.set", row.id, kind=row.kind, market=row.market)
    return _kept(row)


def goals(services: Services, actor: Actor) -> tuple[KeptGoal, ...]:
    """Return the goals and trials that stand, the one that ends first at the head."""
    with services.database.reading() as session:
        rows = session.scalars(_mine(actor).order_by(Goal.ends_on, Goal.id)).all()
    return tuple(_kept(row) for row in rows)


def spend(services: Services, actor: Actor, goal_id: str, amount: int) -> KeptGoal:
    """Add to what a trial has cost; a negative amount takes back what was written by mistake.

    Raises ``GoalNotFoundError``, ``ForbiddenError``, and ``GoalError`` for an amount of nothing, for one that would
    leave less than nothing, and for a goal, which costs nothing.
    """
    actor.must("editor")
    if not amount or abs(amount) > MOST_AMOUNT:
        raise GoalError("spent", "amount")
    now = services.now()
    with services.database.writing.begin() as session:
        row = session.scalars(_mine(actor).where(Goal.id == goal_id).with_for_update()).one_or_none()
        if row is None:
            raise GoalNotFoundError(goal_id)
        if row.kind != "trial":
            raise GoalError("spent", "not_trial")
        if not 0 <= row.spent + amount <= MOST_AMOUNT:
            raise GoalError("spent", "amount")
        row.spent += amount
        audit.note(session, actor, now, "trial.spent", row.id, amount=amount, currency=row.currency)
    return _kept(row)


def remove_goal(services: Services, actor: Actor, goal_id: str) -> None:
    """Take a goal off the dashboard; ``restore_goal`` brings it back. ``GoalNotFoundError``, ``ForbiddenError``."""
    _mark(services, actor, goal_id, gone=True)


def restore_goal(services: Services, actor: Actor, goal_id: str) -> None:
    """Bring back a goal that was taken off; ``GoalNotFoundError``, ``ForbiddenError``."""
    _mark(services, actor, goal_id, gone=False)


def standing(goal: KeptGoal, told: Told, listings: Mapping[str, Listing], rates: RateTable, today: date) -> Standing:
    """Return how a goal stands by the sales told in its own currency; ``listings`` are by id."""
    if goal.kind == "goal":
        found = progress(told.sales, goal.market, goal.amount, goal.starts_on, goal.ends_on, today)
        return Standing(goal, found, found.reached)
    sold = [
        one for one in told.sales if one.market == goal.market and goal.starts_on <= one.on <= min(today, goal.ends_on)
    ]
    cost_of = _costs(listings, goal.currency, rates)
    costs = {one.listing: cost_of(one.listing) for one in sold}
    unknown = tuple(sorted(listing for listing, cost in costs.items() if cost is None))
    value = sum(one.value for one in sold)
    brought = None if unknown else value - sum(one.quantity * (costs[one.listing] or 0) for one in sold)
    # What is not known pays nothing back.
    return Standing(
        goal,
        trial(goal.spent, goal.amount, brought or 0, goal.ends_on, today),
        value,
        brought,
        unknown,
    )


def _costs(listings: Mapping[str, Listing], currency: str, rates: RateTable) -> Callable[[str], int | None]:
    """Return what tells the cost of one piece in minor units: the dearest variant's, nothing where one is not known."""

    def cost(listing_id: str) -> int | None:
        listing = listings.get(listing_id)
        if listing is None:
            return None
        own = [one.cost or listing.price.cost for one in listing.variants] or [listing.price.cost]
        if not all(own):
            return None
        return max(rates.convert_minor(to_minor(one.value, one.currency), one.currency, currency) for one in own if one)

    return cost


def _check(asked: Asked, today: date) -> None:
    if asked.kind not in KINDS:
        raise GoalError("kind", "kind")
    if asked.market == EVERYWHERE:
        if asked.kind == "trial":
            raise GoalError("market", "everywhere")
    elif not is_country(asked.market):
        raise GoalError("market", "market")
    if not is_known(asked.currency):
        raise GoalError("currency", "currency")
    if not 0 < asked.amount <= MOST_AMOUNT:
        raise GoalError("amount", "amount")
    if asked.ends_on < asked.starts_on:
        raise GoalError("ends_on", "order")
    if (asked.ends_on - asked.starts_on).days > _LONGEST_DAYS:
        raise GoalError("ends_on", "long")
    if asked.ends_on < today:
        raise GoalError("ends_on", "over")


def _mark(services: Services, actor: Actor, goal_id: str, *, gone: bool) -> None:
    actor.must("editor")
    now = services.now()
    mine = (Goal.id == goal_id, Goal.seller_id == actor.seller_id)
    query = update(Goal).where(*mine, Goal.removed_at.is_(None) if gone else Goal.removed_at.is_not(None))
    with services.database.writing.begin() as session:
        if session.scalar(query.values(removed_at=now if gone else None).returning(Goal.id)) is None:
            raise GoalNotFoundError(goal_id)
        audit.note(session, actor, now, "goal.removed" if gone else "goal.restored", goal_id)


def _mine(actor: Actor) -> Select[Goal]:
    return select(Goal).where(Goal.seller_id == actor.seller_id, Goal.removed_at.is_(None))


def _kept(row: Goal) -> KeptGoal:
    return KeptGoal(
        row.id, cast("Kind", row.kind), row.market, row.amount, row.currency, row.starts_on, row.ends_on, row.spent
    )
