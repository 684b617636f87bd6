"""Whether a product is ready to be offered at a destination: what blocks it, what it needs, and what must be asked.

A product is *ready* by a way when no law forbids it there, every paper that law asks for is held and good until the
parcel arrives, and no question is open whose answer could forbid or require something. What the trade asks for and
what only signals quality is told beside it and holds nothing up. An answer that was not given is a question.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from landed_cost.goods import Candidate, meaning
from landed_cost.hs import HsCodeError, normalise
from landed_cost.messages import render
from landed_cost.model import Amount, Channel, Importer, Item, Place, Shipment
from landed_cost.rates import RateTable
from landed_cost.rulebook.attributes import attributes
from landed_cost.rulebook.book import Law, Rulebook
from landed_cost.rulebook.law import RestrictionRule
from landed_cost.rulebook.settled import Kind, Lane
from landed_cost.run import Doubt, Run

Status = Literal["ready", "needs", "asks", "blocked"]
State = Literal["blocked", "perhaps_blocked", "lifted", "unmet", "perhaps_unmet", "met", "advice", "formality"]
Fault = Literal["expired", "expires_too_soon"]
Could = Literal["prohibit", "require", "advise"]
CHANNELS: Final[tuple[Channel, ...]] = ("postal", "courier", "freight")
# From the best to the worst.
STATUSES: Final[tuple[Status, ...]] = ("ready", "needs", "asks", "blocked")
_GRAVITY: Final[tuple[Could, ...]] = ("prohibit", "require", "advise")
_WORST_LAST: Final = ("verified", "reported", "conflicting", "memory")
# What the reasons of a doubt are called as questions.
_SENTENCES: Final = {"hs": "question.hs", "origin": "question.origin", "region": "question.region"}
_ASKED: Final = {"attribute.absent": "attribute", "origin.absent": "origin", "region.absent": "region"}


@dataclass(frozen=True, slots=True)
class Product:
    """What is to be offered: ``origin`` is where it was made, ``attributes`` are answers of the vocabulary."""

    description: str = ""
    hs_code: str | None = None
    hs_schedule: str | None = None
    origin: str | None = None
    attributes: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A paper the seller has; ``paper`` is a kind of paper or the id of the one requirement it answers.

    ``country`` is the one it was given for or in: that of a national register counts nowhere else.
    """

    paper: str
    country: str | None = None
    number: str | None = None
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What must be answered first; ``kind`` is attribute, origin, region or hs, ``could`` the gravest it brings."""

    kind: str
    name: str
    could: Could
    rules: tuple[str, ...]

    def text(self, language: str) -> str:
        """Return the question in ``es``, ``pt`` or ``en``."""
        if self.kind == "attribute":
            return attributes()[self.name].question[language]
        return render(_SENTENCES[self.kind], {}, language)[0]

    def answers(self, language: str) -> list[tuple[str, str]]:
        """Return the answers that are allowed, each with what it is called; none where any text may be one."""
        if self.kind != "attribute":
            return []
        return [(value, label[language]) for value, label in attributes()[self.name].values.items()]


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the rulebook that holds or may hold (not ``certain``), by which ways, and how the product stands.

    ``depends`` marks what only the parcel itself settles (its value, what else is in it): a quote tells. ``held`` is
    the best paper that answers it, and ``fault`` why that one does not count.
    """

    rule: RestrictionRule
    state: State
    certain: bool
    channels: tuple[Channel, ...]
    held: Held | None = None
    fault: Fault | None = None
    depends: bool = False


@dataclass(frozen=True, slots=True)
class Readiness:
    """How a product stands at one destination; ``ways`` holds the status by each way, ``status`` the best of them.

    ``evidence`` is how the weakest law that was found is known, ``none`` where no law was found at all: then *ready*
    says no more than that we know of nothing.
    """

    country: str
    on: date
    status: Status
    ways: Mapping[Channel, Status]
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    evidence: str


@dataclass(slots=True)
class _Answer:
    """What one row answers by one way, and what it asks."""

    rule: RestrictionRule
    certain: bool
    depends: bool
    why: tuple[Doubt, ...]


def readiness(  # noqa: PLR0913  # what is held, where to, when and how are all asked
    product: Product,
    dispatch: Place,
    destination: Place,
    rulebook: Rulebook,
    on: date,
    *,
    channels: Sequence[Channel] = CHANNELS,
    importer: Importer | None = None,
    papers: Iterable[Held] = (),
    arrives_by: date | None = None,
) -> Readiness:
    """Return how ``product`` stands at ``destination`` on a day, with the ``papers`` that are held.

    A paper that ends before ``arrives_by`` (without it: before ``on``) does not count. ``KeyError`` for a destination
    that is not covered.
    """
    law = rulebook.at(destination.country, on)
    item = Item(
        "1",
        product.description,
        Decimal(1),
        Amount(Decimal(1), "USD"),
        hs_code=product.hs_code,
        hs_schedule=product.hs_schedule,
        origin=product.origin,
        attributes=product.attributes or {},
    )
    candidates, guessed = _candidates(item, law)
    desk = _Desk(law, tuple(papers), on, max(on, arrives_by or on))
    by_row: dict[tuple[str, bool], tuple[Finding, list[Channel]]] = {}
    asked: dict[tuple[str, str], tuple[Could, dict[str, None]]] = {}
    if guessed:
        asked["hs", ""] = ("prohibit", {})
    ways: dict[Channel, Status] = {}
    for channel in dict.fromkeys(channels):
        shipment = Shipment(
            on,
            dispatch,
            destination,
            channel,
            "USD",
            (item,),
            transport="air" if channel == "freight" else None,
            importer=importer or Importer(),
        )
        worst: Status = "asks" if guessed else "ready"
        for answer in _answers(shipment, law, rulebook.rates, candidates):
            finding = desk.judge(answer)
            worst = max(worst, _weight(finding), key=STATUSES.index)
            by_row.setdefault((answer.rule.evidence.id, answer.certain), (finding, []))[1].append(channel)
            if finding.state.startswith("perhaps") and not finding.depends:
                _ask(asked, answer)
        ways[channel] = worst
    findings = tuple(_by_ways(finding, tuple(by)) for finding, by in by_row.values())
    return Readiness(
        country=destination.country,
        on=on,
        status=min(ways.values(), key=STATUSES.index),
        ways=ways,
        findings=findings,
        questions=_questions(asked),
        evidence=_evidence(findings),
    )


def _candidates(item: Item, law: Law) -> tuple[tuple[Candidate, ...], bool]:
    """Return the lines that the goods may be on, one for each code, and whether a person has to settle which."""
    found = {one.code: one for one in meaning(item, law).candidates}
    if found:
        return tuple(found.values()), item.hs_code is None
    try:
        code = normalise(item.hs_code or "")
    except HsCodeError:
        code = ""
    return (Candidate(code, None, law.fact(law.destination.valuation)[1]),), True


def _answers(shipment: Shipment, law: Law, rates: RateTable, candidates: tuple[Candidate, ...]) -> list[_Answer]:
    """Ask every row that may concern the goods, once for each code that they may have."""
    run = Run(
        shipment,
        law,
        rates,
        (candidates,),
        (0,),
        ((0, "USD"),),
        Lane(law.settled),
        (Kind(),),
        pick=[0],
        claims=[None],
    )
    asked = [_asked(row, run, range(1)) for row in law.restricting(None, by_law=False)]
    goods = {row.evidence.id: row for one in candidates for row in law.restricting(one.code[:2], by_law=False)}
    asked += [_asked(row, run, range(len(candidates))) for row in goods.values()]
    return [one for one in asked if one is not None]


def _asked(row: RestrictionRule, run: Run, picks: range) -> _Answer | None:
    """Return what a row answers; ``None`` where it does not hold for any of the lines."""
    why: dict[Doubt, None] = {}
    answers = set()
    for pick in picks:
        run.pick = [pick]
        run.why.clear()
        answer = row.when.static(run, 0)
        answers.add(answer)
        if answer is None:
            why |= dict.fromkeys(run.why)
    if answers == {False}:
        return None
    if len(answers) > 1 and None not in answers:
        why["hs.short", ""] = None
    depends = row.when.dynamic is not None
    return _Answer(row, answers == {True} and not depends, depends, tuple(why))


@dataclass(frozen=True, slots=True)
class _Desk:
    """Holds the papers against what is asked for."""

    law: Law
    papers: tuple[Held, ...]
    on: date
    arrives: date

    def judge(self, answer: _Answer) -> Finding:
        """Return how the product stands with one row."""
        row = answer.rule
        held, fault = self._best(row)
        has = held is not None and fault is None
        state: State
        if row.severity == "advises":
            state = "advice"
        elif row.kind == "formality" or answer.depends:
            state = "formality"
        elif row.severity == "requires":
            state = "met" if has else "unmet" if answer.certain else "perhaps_unmet"
        elif has and row.lifts is not None:
            state = "lifted"
        else:
            state = "blocked" if answer.certain else "perhaps_blocked"
        return Finding(row, state, answer.certain, (), held, fault, answer.depends)

    def _best(self, row: RestrictionRule) -> tuple[Held | None, Fault | None]:
        """Return the paper that answers a row best (the one good longest), and why it does not count."""
        fitting = [one for one in self.papers if self._fits(one, row)]
        if not fitting:
            return None, None
        held = max(fitting, key=lambda one: one.expires or date.max)
        last = held.expires or date.max
        return held, "expired" if last < self.on else "expires_too_soon" if last < self.arrives else None

    def _fits(self, held: Held, row: RestrictionRule) -> bool:
        if held.paper == row.evidence.id:
            return True
        if row.paper is None or held.paper != row.paper.id:
            return False
        return not row.paper.national or held.country == self.law.destination.country


def _weight(finding: Finding) -> Status:
    """Return how good a product can still be with this finding."""
    if finding.rule.level != "law":
        return "ready"
    if finding.state == "blocked":
        return "blocked"
    if finding.state in ("perhaps_blocked", "perhaps_unmet"):
        return "asks"
    return "needs" if finding.state == "unmet" else "ready"


def _by_ways(finding: Finding, channels: tuple[Channel, ...]) -> Finding:
    return Finding(finding.rule, finding.state, finding.certain, channels, finding.held, finding.fault, finding.depends)


def _ask(asked: dict[tuple[str, str], tuple[Could, dict[str, None]]], answer: _Answer) -> None:
    """Remember what a row asks, and the gravest that the answer could bring."""
    row = answer.rule
    could: Could = "advise"
    if row.level == "law":
        could = "prohibit" if row.severity == "prohibits" else "require"
    for code, name in answer.why:
        kind = _ASKED.get(code, "hs")
        key = kind, str(name) if kind == "attribute" else ""
        before, rules = asked.setdefault(key, (could, {}))
        rules[row.evidence.id] = None
        asked[key] = min(before, could, key=_GRAVITY.index), rules


def _questions(asked: Mapping[tuple[str, str], tuple[Could, dict[str, None]]]) -> tuple[Question, ...]:
    found = [Question(kind, name, could, tuple(rules)) for (kind, name), (could, rules) in asked.items()]
    return tuple(sorted(found, key=lambda one: _GRAVITY.index(one.could)))


def _evidence(findings: Iterable[Finding]) -> str:
    """Return how the weakest law among the findings is known."""
    known = [one.rule.evidence.status for one in findings if one.rule.level == "law" and one.state != "formality"]
    return max(known, key=_WORST_LAST.index, default="none")
