"""The engines of a shop: which of those that are set can be asked, what they may cost, and what they answered before.

What cannot be opened is told with its reason and passed over: a shop without its program drafts with the next engine,
or not at all, and everything else goes on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from shopkit import plugins
from shopkit.engines.port import EngineAbsentError, EngineSettingsError
from shopkit.models import EngineAnswer, EngineMonth, SellerEngineMonth
from translations.engines.port import Translated
from translations.freshness import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.config import Settings
    from shopkit.db import Database
    from shopkit.engines.port import Machine
    from translations.engines.port import Engine

# Engines get better: what one said in the last season is asked anew.
_KEPT: Final = timedelta(days=90)
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Trouble:
    """An engine that is set and cannot be asked; ``absent``: this machine lacks what it needs, its options are fine."""

    engine: str
    message: str
    absent: bool


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines that can be asked, in order, and those that cannot."""

    machines: tuple[Machine, ...]
    troubles: tuple[Trouble, ...] = ()

    def machine(self, name: str) -> Machine | None:
        """Return the engine of this name."""
        return next((one for one in self.machines if one.engine.name == name), None)

    @property
    def counted(self) -> bool:
        """Whether one of them may cost something or has a budget, so that what it was asked is written down."""
        return any(map(is_counted, self.machines))


def is_counted(machine: Machine) -> bool:
    """Return whether an engine's characters are counted: nobody said that it costs nothing, or it has a budget."""
    has_budget = machine.budget is not None or machine.budget_each is not None
    return has_budget or machine.price is None or machine.price.amount > 0


def open_engines(settings: Settings) -> Engines:
    """Open the engines that are set; whatever is wrong with one is told and costs no other."""
    try:
        options = _options(settings.engine_options)
    except EngineSettingsError as error:
        return Engines((), (Trouble("SHOPKIT_ENGINE_OPTIONS", str(error), absent=False),))
    machines: list[Machine] = []
    troubles = [
        Trouble(name, "has options and is not in SHOPKIT_ENGINES", absent=False)
        for name in sorted(options.keys() - set(settings.engines))
    ]
    for name in dict.fromkeys(settings.engines):
        try:
            machines.append(plugins.plugin(plugins.ENGINES, name)(options.get(name, {})))
        except EngineAbsentError as error:
            troubles.append(Trouble(name, str(error), absent=True))
        except (EngineSettingsError, plugins.PluginError) as error:
            troubles.append(Trouble(name, str(error), absent=False))
    return Engines(tuple(machines), tuple(troubles))


def _options(text: str) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(text) if text else {}
    except ValueError as error:
        raise EngineSettingsError(f"not JSON: {error}") from None
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise EngineSettingsError('write an object by engine, like {"deepl": {"key": "…"}}')
    return found


class _OverError(Exception):
    """A budget ends here."""


@dataclass(slots=True)
class MonthLedger:
    """Counts what engines are asked for in a month, and stops where the shop's budget ends, or the seller's own.

    ``spent`` is what this ledger itself counted, by engine.
    """

    database: Database
    engines: Engines
    now: Callable[[], datetime]
    seller_id: str | None = None
    spent: dict[str, int] = field(default_factory=dict)

    def reserve(self, engine: Engine, characters: int) -> bool:
        """Set characters aside, so that two who ask at once stay within the budget together."""
        machine = self.engines.machine(engine.name)
        if machine is None or not is_counted(machine):
            return True
        return self._add(engine.name, characters, machine.budget, machine.budget_each)

    def settle(self, engine: Engine, reserved: int, billed: int) -> None:
        """Count what was billed instead of what was set aside."""
        self.spent[engine.name] = self.spent.get(engine.name, 0) + billed
        machine = self.engines.machine(engine.name)
        if machine is not None and is_counted(machine):
            self._add(engine.name, billed - reserved, None, None)

    def _add(self, engine: str, characters: int, budget: int | None, each: int | None) -> bool:
        """Count characters for the shop and for the seller, or for neither."""
        month = f"{self.now():%Y-%m}"
        try:
            with self.database.writing.begin() as session:
                _count(session, EngineMonth, characters, budget, engine=engine, month=month)
                if self.seller_id is not None:
                    mine = {"seller_id": self.seller_id, "engine": engine, "month": month}
                    _count(session, SellerEngineMonth, characters, each, **mine)
        except _OverError:
            return False
        return True


def _count(
    session: Session, table: type[EngineMonth | SellerEngineMonth], characters: int, budget: int | None, **key: str
) -> None:
    """Add to a month's row, which is begun if it is not there; ``_OverError`` where that is over its budget."""
    if budget is not None and characters > budget:
        raise _OverError
    try:
        with session.begin_nested():
            if session.scalars(select(table).filter_by(**key)).one_or_none() is None:
                session.add(table(**key, characters=0))
    except IntegrityError:
        # Somebody else began the month in this very moment.
        pass
    change = update(table).filter_by(**key).values(characters=table.characters + characters)
    if budget is not None:
        change = change.where(table.characters + characters <= budget)
    if not session.execute(change).rowcount:  # type: ignore[attr-defined]  # an update's result has it
        raise _OverError


@dataclass(frozen=True, slots=True)
class AnswerCache:
    """Answers of engines, each under who asked: one seller never learns from another's what was asked before."""

    database: Database
    seller_id: str | None
    now: Callable[[], datetime]

    def find(self, keys: Sequence[str]) -> Mapping[str, Translated]:
        """Return the answers that are there and not too old."""
        mine = {self._key(key): key for key in keys}
        names = list(mine)
        found: dict[str, Translated] = {}
        with self.database.reading() as session:
            for start in range(0, len(names), _AT_ONCE):
                query = select(EngineAnswer).where(
                    EngineAnswer.key.in_(names[start : start + _AT_ONCE]), EngineAnswer.at > self.now() - _KEPT
                )
                for one in session.scalars(query):
                    words = None if one.unknown is None else tuple(one.unknown)
                    found[mine[one.key]] = Translated(one.text, words)
        return found

    def keep(self, engine: Engine, answers: Mapping[str, Translated]) -> None:
        """Keep answers, and forget those that are too old."""
        if not answers:
            return
        now = self.now()
        with self.database.writing.begin() as session:
            session.execute(delete(EngineAnswer).where(EngineAnswer.at <= now - _KEPT))
            for key, one in answers.items():
                row = EngineAnswer(
                    key=self._key(key),
                    seller_id=self.seller_id,
                    engine=engine.name,
                    version=engine.version[:200],
                    text=one.text,
                    unknown=None if one.unknown is None else list(one.unknown),
                    at=now,
                )
                try:
                    with session.begin_nested():
                        session.merge(row)
                except IntegrityError:
                    # Somebody else asked the same in this very moment, and has kept it.
                    continue

    def _key(self, key: str) -> str:
        return digest(f"{self.seller_id or ''}\x1f{key}")
