"""What a change of rules does to what a seller offers and promised: which of it, by how much, and by which rules.

A :class:`Subject` is one piece of a listing at one market, or a quote that is held to; where they come from is in
:mod:`shopkit.services.subjects`. Each is reckoned twice with the same exchange rates and the same freight, so that
nothing but the rules makes the difference; one that no rule can have touched is not reckoned at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from landed_cost.delivery import closed_lanes
from landed_cost.messages import render
from shopkit.services.problems import RequestError
from shopkit.services.quotes import as_of, reckon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from landed_cost import Rulebook
    from shopkit.services.problems import RequestProblem

Json = dict[str, Any]
# What a change of papers weighs: a piece of advice that comes or goes touches nobody.
_BINDING: Final = frozenset({"prohibits", "requires"})


@dataclass(frozen=True, slots=True)
class Subject:
    """Something a change can touch: its kind and id, whose it is, and the day and the request it is reckoned by.

    ``name`` is what its seller calls it, ``sku`` the variant that was asked; ``seller`` is an id, or ``None`` for a
    quote of nobody's.
    """

    kind: str
    id: str
    destination: str
    on: date
    request: Json = field(repr=False)
    seller: str | None = None
    name: str = ""
    sku: str | None = None

    @property
    def pieces(self) -> Decimal:
        """How many pieces it is, of whatever kind."""
        return sum((Decimal(str(item.get("quantity", 1))) for item in self.request.get("items", ())), Decimal(0))


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at the rules: a rulebook, and the day whose law counts (``None``: the subject's own)."""

    rulebook: Rulebook
    on: date | None = None

    def price(self, subject: Subject, today: date) -> Json:
        """Return what the subject comes to."""
        return reckon(self.rulebook, as_of(subject.request, self.on or subject.on), today)


@dataclass(frozen=True, slots=True)
class Side:
    """What a subject comes to on one side of a change; decimal texts, ``None`` where there is no figure.

    ``low`` and ``high`` are the ends of the landed total; ``outcome`` is a quote's, or ``unasked`` where these rules
    cannot read the request any more.
    """

    outcome: str
    landed: str | None = None
    low: str | None = None
    high: str | None = None
    import_charges: str | None = None
    reasons: tuple[Json, ...] = ()
    problems: tuple[RequestProblem, ...] = ()

    def why(self, language: str) -> tuple[str, ...]:
        """Return what stands against a sure figure in ``es``, ``pt`` or ``en``, each once, refusals first."""
        weighty = sorted(self.reasons, key=lambda one: one["level"] != "refused")
        told = [render(one["code"], one["params"], language)[0] for one in weighty]
        return tuple(dict.fromkeys((*(one.message(language) for one in self.problems), *told)))


@dataclass(frozen=True, slots=True)
class Touched:
    """A rule that makes a difference: what its charges come to on either side (``None``: it charges nothing there).

    ``name`` is in three languages; ``None`` where neither answer says what it is called. ``paper``: what it asks for or
    forbids ``begins`` or ``ends``.
    """

    id: str
    name: Mapping[str, str] | None
    before: Decimal | None
    after: Decimal | None
    paper: Literal["begins", "ends"] | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it takes another amount or is a paper; else an answer only rests on it: a limit, an exemption."""
        return self.before != self.after or self.paper is not None


@dataclass(frozen=True, slots=True)
class Alert:
    """A subject that a change touches, on both sides; amounts are in ``currency``."""

    subject: Subject
    currency: str
    before: Side
    after: Side
    touched: tuple[Touched, ...] = ()

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that make the difference."""
        return tuple(one.id for one in self.touched)

    @property
    def difference(self) -> Decimal | None:
        """What it costs more at the door (or less, below nothing); ``None`` where one side has no figure."""
        if self.before.landed is None or self.after.landed is None:
            return None
        return Decimal(self.after.landed) - Decimal(self.before.landed)

    @property
    def per_piece(self) -> Decimal | None:
        """The difference of one piece, to the cent of its currency; ``None`` without a difference or pieces."""
        difference, pieces = self.difference, self.subject.pieces
        return None if difference is None or not pieces else (difference / pieces).quantize(difference)


def alerts(subjects: Iterable[Subject], before: View, after: View, today: date) -> Iterator[Alert]:
    """Give an alert for each subject that comes to another figure, range, outcome or paper, as it is found."""
    for subject in subjects:
        if is_untouched(subject, before, after):
            continue
        old, new = (_answer(view, subject, today) for view in (before, after))
        if isinstance(old, RequestError) or isinstance(new, RequestError):
            # What the request names (a code, a region) is not known to one of the two: that touches it too.
            currency = next((one["currency"] for one in (old, new) if not isinstance(one, RequestError)), "")
            yield Alert(subject, currency, _side(old), _side(new))
        elif _told(old) != _told(new):
            yield _alert(subject, old, new)


def compared(subject: Subject, old: Json, new: Json) -> Json:
    """Return as data what makes the difference between the import charges of two answers to one request."""
    found = _alert(subject, old, new)
    sides = {
        name: {
            "outcome": side.outcome,
            "import_charges": side.import_charges,
            "rulebook": answer["versions"]["rulebook"],
        }
        for name, side, answer in (("before", found.before, old), ("after", found.after, new))
    }
    charges = found.before.import_charges, found.after.import_charges
    difference = None if None in charges else str(Decimal(charges[1] or 0) - Decimal(charges[0] or 0))
    return {"currency": found.currency} | sides | {"difference": difference, "rules": list(found.rules)}


def is_untouched(subject: Subject, before: View, after: View) -> bool:
    """Whether no rule on the subject's way begins or ends between the two days, so that nothing need be reckoned.

    Two rulebooks are not compared rule by rule: between them everything may have been touched.
    """
    book = after.rulebook
    if before.rulebook is not book:
        return False
    first, last = sorted((before.on or subject.on, after.on or subject.on))
    destination = book.destinations.get(subject.destination)
    if destination is None:
        return False
    if any(first < day <= last for day in destination.days | _agreed(book)):
        return False
    way = _way(subject)
    return closed_lanes(first, *way) == closed_lanes(last, *way) and (
        book.schedule(subject.destination, first) is book.schedule(subject.destination, last)
    )


def _way(subject: Subject) -> tuple[str, str, str, str | None]:
    asked = subject.request
    dispatch = str(asked.get("dispatch", {}).get("country", "")).upper()
    return dispatch, subject.destination, asked.get("channel", ""), asked.get("transport")


def _agreed(rulebook: Rulebook) -> frozenset[date]:
    days = {day for one in rulebook.agreements for day in one.members.values()}
    days |= {one.evidence.since for one in rulebook.agreements if one.evidence.since is not None}
    days |= {one.evidence.until + timedelta(days=1) for one in rulebook.agreements if one.evidence.until is not None}
    return frozenset(days)


def _answer(view: View, subject: Subject, today: date) -> Json | RequestError:
    try:
        return view.price(subject, today)
    except RequestError as error:
        return error


def _told(answer: Json) -> tuple[object, ...]:
    """Return what of an answer its reader would notice."""
    totals = answer["totals"]
    return (
        answer["assessment"]["outcome"],
        totals["landed"],
        totals["import_charges"],
        answer["range"],
        frozenset(_papers(answer)),
    )


def _papers(answer: Json) -> dict[str, Mapping[str, str]]:
    """Return what an answer forbids or asks for, by the id of the rule, with its words."""
    return {one["id"]: one["message"] for one in answer["restrictions"] if one["severity"] in _BINDING}


def _alert(subject: Subject, old: Json, new: Json) -> Alert:
    return Alert(subject, new["currency"], _side(old), _side(new), _touched(old, new))


def _side(answer: Json | RequestError) -> Side:
    if isinstance(answer, RequestError):
        return Side("unasked", problems=answer.problems)
    # A refused quote has no figure, and no range of one.
    spread = answer["range"].get("landed", {"low": None, "high": None})
    return Side(
        answer["assessment"]["outcome"],
        answer["totals"]["landed"],
        spread["low"],
        spread["high"],
        answer["totals"]["import_charges"],
        tuple(one for one in answer["assessment"]["reasons"] if one["level"] in {"refused", "estimated"}),
    )


def _touched(old: Json, new: Json) -> tuple[Touched, ...]:
    """Return the rules whose charges come to something else, or that only one of the two answers rests on."""
    paid = [_by_rule(answer) for answer in (old, new)]
    rests = [{(rule["id"], rule["from"], rule["to"]) for rule in answer["rules"]} for answer in (old, new)]
    ids = {id_ for id_ in paid[0].keys() | paid[1].keys() if paid[0].get(id_) != paid[1].get(id_)}
    papers: dict[str, Literal["begins", "ends"]] = dict.fromkeys(_papers(old).keys() - _papers(new).keys(), "ends")
    papers |= dict.fromkeys(_papers(new).keys() - _papers(old).keys(), "begins")
    ids |= {id_ for id_, *_ in rests[0] ^ rests[1]} | papers.keys()
    names = {charge["rule"]["id"]: charge["name"] for answer in (old, new) for charge in answer["charges"]}
    names |= _papers(old) | _papers(new)
    return tuple(
        Touched(id_, names.get(id_), paid[0].get(id_), paid[1].get(id_), papers.get(id_)) for id_ in sorted(ids)
    )


def _by_rule(answer: Json) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for charge in answer["charges"]:
        sums[charge["rule"]["id"]] = sums.get(charge["rule"]["id"], Decimal(0)) + Decimal(charge["amount"])
    return sums
