"""What a change of law does to what was promised: which quotes come to something else, by how much, and by which rules.

Whatever holds a seller to a figure can be looked through: it only has to give its promises one after the other (see
``Promises``). Each is reckoned twice with the same exchange rates, so that nothing but the law makes the difference.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Protocol

from sqlalchemy import select

from shopkit.models import StoredQuote
from shopkit.services.problems import RequestError
from shopkit.services.quotes import as_of, reckon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from landed_cost import Rulebook
    from shopkit.services.context import Services

Json = dict[str, Any]
_PAGE: Final = 200
# No quote is held to longer than two weeks after its day.
_LONGEST: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that was promised: what kind of thing, its id, the day and the request it was reckoned by."""

    kind: str
    id: str
    destination: str
    on: date
    request: Json


class Promises(Protocol):
    """A source of promises: quotes, and whatever else holds a seller to a figure. It streams, a page at a time."""

    def still_held(self, today: date) -> Iterator[Promise]:
        """Give those that are held to on ``today`` or later."""


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at the law: a rulebook, and the day whose law counts (``None``: the promise's own)."""

    rulebook: Rulebook
    on: date | None = None

    def price(self, promise: Promise, today: date) -> Json:
        """Return what the promise comes to."""
        return reckon(self.rulebook, as_of(promise.request, self.on or promise.on), today)


@dataclass(frozen=True, slots=True)
class Alert:
    """A promise that a change touches. Amounts are in ``currency``; ``None`` where an answer is refused."""

    promise: Promise
    currency: str
    before: str | None
    after: str | None
    outcomes: tuple[str, str]
    rules: tuple[str, ...]

    @property
    def difference(self) -> Decimal | None:
        """What it costs more (or less, below nothing); ``None`` where one side has no figure."""
        return None if self.before is None or self.after is None else Decimal(self.after) - Decimal(self.before)


@dataclass(frozen=True, slots=True)
class KeptQuotes:
    """The quotes that the shop keeps, a page at a time in order of their ids."""

    services: Services

    def still_held(self, today: date) -> Iterator[Promise]:
        """Give the quotes whose ``valid_until`` is today or later."""
        last = ""
        while True:
            chosen = (
                select(StoredQuote)
                .where(StoredQuote.id > last, StoredQuote.date >= today - _LONGEST)
                .order_by(StoredQuote.id)
                .limit(_PAGE)
            )
            with self.services.database.reading() as session:
                rows = list(session.scalars(chosen))
            for row in rows:
                if json.loads(row.response)["valid_until"] >= today.isoformat():
                    yield _promise(row)
            if len(rows) < _PAGE:
                return
            last = rows[-1].id

    def of(self, ids: Iterable[str]) -> Iterator[Promise]:
        """Give the quotes of these ids, whether they are still held to or not; unknown ids are left out."""
        for id_ in ids:
            with self.services.database.reading() as session:
                row = session.get(StoredQuote, id_)
            if row is not None:
                yield _promise(row)


def alerts(promises: Iterable[Promise], before: View, after: View, today: date) -> Iterator[Alert]:
    """Give an alert for each promise that comes to another figure or another outcome, as it is found."""
    for promise in promises:
        if _is_untouched(promise, before, after):
            continue
        try:
            old, new = before.price(promise, today), after.price(promise, today)
        except RequestError:
            # What the request names (a code, a region) is not known to one of the two: that touches it too.
            yield Alert(promise, "", None, None, ("?", "?"), ())
            continue
        if _sum(old) != _sum(new):
            yield _alert(promise, old, new)


def compared(promise: Promise, old: Json, new: Json) -> Json:
    """Return as data what makes the difference between two answers to one request."""
    found = _alert(promise, old, new)
    return {
        "currency": found.currency,
        "before": {
            "outcome": found.outcomes[0],
            "import_charges": found.before,
            "rulebook": old["versions"]["rulebook"],
        },
        "after": {"outcome": found.outcomes[1], "import_charges": found.after, "rulebook": new["versions"]["rulebook"]},
        "difference": None if found.difference is None else str(found.difference),
        "rules": list(found.rules),
    }


def _side(answer: Json) -> Json:
    return {
        "outcome": answer["assessment"]["outcome"],
        "import_charges": answer["totals"]["import_charges"],
        "rulebook": answer["versions"]["rulebook"],
    }


def _is_untouched(promise: Promise, before: View, after: View) -> bool:
    """Whether no rule of the destination begins or ends between the two days, so that nothing need be reckoned."""
    if before.rulebook is not after.rulebook:
        return False
    destination = after.rulebook.destinations.get(promise.destination)
    first, last = sorted((before.on or promise.on, after.on or promise.on))
    return destination is not None and not any(
        first < day <= last for day in destination.days | _agreed(after.rulebook)
    )


def _agreed(rulebook: Rulebook) -> frozenset[date]:
    days = {day for one in rulebook.agreements for day in one.members.values()}
    days |= {one.evidence.since for one in rulebook.agreements if one.evidence.since is not None}
    days |= {one.evidence.until + timedelta(days=1) for one in rulebook.agreements if one.evidence.until is not None}
    return frozenset(days)


def _sum(answer: Json) -> tuple[object, ...]:
    return answer["assessment"]["outcome"], answer["totals"]["import_charges"], answer["range"].get("import_charges")


def _alert(promise: Promise, old: Json, new: Json) -> Alert:
    outcomes = old["assessment"]["outcome"], new["assessment"]["outcome"]
    charges = old["totals"]["import_charges"], new["totals"]["import_charges"]
    return Alert(promise, new["currency"], *charges, outcomes, _changed(old, new))


def _changed(old: Json, new: Json) -> tuple[str, ...]:
    """Return the rules whose charges come to something else, or that only one of the two answers rests on."""
    paid = [_by_rule(answer) for answer in (old, new)]
    rests = [{(rule["id"], rule["from"], rule["to"]) for rule in answer["rules"]} for answer in (old, new)]
    ids = {id_ for id_ in paid[0].keys() | paid[1].keys() if paid[0].get(id_) != paid[1].get(id_)}
    return tuple(sorted(ids | {id_ for id_, *_ in rests[0] ^ rests[1]}))


def _by_rule(answer: Json) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for charge in answer["charges"]:
        sums[charge["rule"]["id"]] = sums.get(charge["rule"]["id"], Decimal(0)) + Decimal(charge["amount"])
    return sums


def _promise(row: StoredQuote) -> Promise:
    return Promise("quote", row.id, row.destination, row.date, json.loads(row.request))
