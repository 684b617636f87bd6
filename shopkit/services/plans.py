"""What a seller set on the dashboard: which markets are compared, whether the first steps show, the self-assessment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from shopkit.models import Plan, Seller
from shopkit.services import audit
from shopkit.services.self_assessment import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

# A matrix of more is read by nobody.
MOST_MARKETS: Final = 10


class MarketsError(ValueError):
    """Markets that are not covered, or too many of them; ``wrong`` names the former."""

    def __init__(self, wrong: Iterable[str] = ()) -> None:
        self.wrong = tuple(wrong)
        super().__init__(", ".join(self.wrong) or f"more than {MOST_MARKETS}")


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """What is set; nothing is set yet where everything is empty."""

    markets: tuple[str, ...] = ()
    dismissed: bool = False
    answers: Mapping[str, str] | None = None
    answered_at: datetime | None = None


def get_plan(services: Services, actor: Actor) -> KeptPlan:
    """Return what the seller set."""
    with services.database.reading() as session:
        row = session.get(Plan, actor.seller_id)
    if row is None:
        return KeptPlan()
    return KeptPlan(tuple(row.markets), row.dismissed_at is not None, known(row.answers), row.answered_at)


def choose_markets(services: Services, actor: Actor, markets: Iterable[str]) -> tuple[str, ...]:
    """Keep which destinations are compared, in the order given, each once; none lets the dashboard propose.

    Raises ``MarketsError`` and ``ForbiddenError``.
    """
    actor.must("editor")
    chosen = tuple(dict.fromkeys(markets))
    wrong = [one for one in chosen if one not in services.rulebook.destinations]
    if wrong or len(chosen) > MOST_MARKETS:
        raise MarketsError(wrong)
    with services.database.writing.begin() as session:
        _row(session, actor).markets = list(chosen)
        audit.note(session, actor, services.now(), "markets.chosen", " ".join(chosen))
    return chosen


def show_first_steps(services: Services, actor: Actor, *, shown: bool) -> None:
    """Put the list of first steps away, or bring it back; ``ForbiddenError``."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        _row(session, actor).dismissed_at = None if shown else services.now()


def answer_questions(services: Services, actor: Actor, answers: Mapping[str, Any]) -> None:
    """Keep answers of the self-assessment; a question that is not among them keeps the answer it had.

    An answer of nothing takes one back; what is no answer to a question of ours is passed over. ``ForbiddenError``.
    """
    actor.must("editor")
    now = services.now()
    given, taken_back = known(answers), {id_ for id_, answer in answers.items() if answer == ""}
    with services.database.writing.begin() as session:
        row = _row(session, actor)
        kept = {id_: answer for id_, answer in known(row.answers).items() if id_ not in taken_back}
        row.answers = kept | given
        row.answered_at = now
        audit.note(session, actor, now, "self_assessment.answered", answered=len(row.answers))


def _row(session: Session, actor: Actor) -> Plan:
    # The seller's row is locked, so that two first savings do not meet.
    session.get_one(Seller, actor.seller_id, with_for_update=True)
    row = session.get(Plan, actor.seller_id)
    if row is None:
        row = Plan(seller_id=actor.seller_id, markets=[], answers={})
        session.add(row)
    return row
