"""What a seller settles for all texts: the locales, how buyers are addressed there, and what leaves unapproved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from listings.channels import channels
from listings.texts import base
from shopkit.models import Seller, TranslationPlan
from shopkit.services import audit
from translations.states import STRICT, Allowance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

# Where nothing was settled: one of each language that most buyers of our sellers read.
USUAL: Final = ("en-US", "pt-BR", "es-419")
MAX_LOCALES: Final = 40


class PlanChangedError(Exception):
    """Somebody settled something else meanwhile."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The locales a seller translates into, forms of address by locale, what may leave by channel."""

    locales: tuple[str, ...] = USUAL
    registers: Mapping[str, str] = field(default_factory=dict)
    allowances: Mapping[str, Allowance] = field(default_factory=dict)
    version: int = 0

    def allowance(self, channel: str) -> Allowance:
        """Return what leaves by a channel; only what is approved and current where nothing was said."""
        return self.allowances.get(channel, STRICT)

    def targets(self, language: str) -> tuple[str, ...]:
        """Return the locales that a text in a language is translated into.

        Its own is none of them, and a dialect of its own language is where the seller settled that, for its text serves
        there as it is.
        """
        return tuple(one for one in self.locales if one != language and (self.version or base(one) != base(language)))


def get_plan(services: Services, actor: Actor) -> Plan:
    """Return what the seller settled."""
    with services.database.reading() as session:
        return plan_of(session, actor)


def plan_of(session: Session, actor: Actor) -> Plan:
    """Return what the seller settled, in a transaction of the caller."""
    stored = session.get(TranslationPlan, actor.seller_id)
    if stored is None:
        return Plan()
    allowances = {
        name: Allowance(unapproved="unapproved" in said, changed="changed" in said)
        for name, said in stored.allowances.items()
    }
    return Plan(tuple(stored.locales), dict(stored.registers), allowances, stored.version)


def save_plan(services: Services, actor: Actor, plan: Plan) -> Plan:
    """Keep what was settled, for editors; ``PlanChangedError`` where ``plan.version`` is not the one there is.

    What leaves unapproved is written down with who said so.
    """
    actor.must("editor")
    said = {
        name: [word for word, yes in (("unapproved", one.unapproved), ("changed", one.changed)) if yes]
        for name, one in plan.allowances.items()
        if name in channels() and one != STRICT
    }
    with services.database.writing.begin() as session:
        session.get_one(Seller, actor.seller_id, with_for_update=True)
        stored = session.get(TranslationPlan, actor.seller_id)
        if (0 if stored is None else stored.version) != plan.version:
            raise PlanChangedError
        if stored is None:
            stored = TranslationPlan(seller_id=actor.seller_id, locales=[], registers={}, allowances={}, version=0)
            session.add(stored)
        if stored.allowances != said:
            audit.note(session, actor, services.now(), "translations.allowed", channels=said)
        stored.locales = list(dict.fromkeys(plan.locales))[:MAX_LOCALES]
        stored.registers, stored.allowances = dict(plan.registers), said
        stored.version += 1
        session.flush()
        return plan_of(session, actor)
