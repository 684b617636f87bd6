"""What is said beside the figures: why they are not sure or refused, what forbids or conditions the goods."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final, Literal

from landed_cost.assess import Line
from landed_cost.model import Reason, Restriction, Texts, by_language
from landed_cost.rates import ExchangeRate
from landed_cost.reckon import ASSUMED_FREIGHT, explained, presumed_freight
from landed_cost.rulebook.facts import Evidence
from landed_cost.rulebook.law import Refusal, RestrictionRule
from landed_cost.rulebook.logic import Answer
from landed_cost.rulebook.settled import Basis, Restrictions, Row, Said
from landed_cost.run import Run
from landed_cost.scenarios import Scenarios

_ENOUGH_SOURCES: Final = 2
_new: Final = tuple.__new__
_ITEM: Final = Restriction._fields.index("item")
_ORDER: Final = {"refused": 0, "estimated": 1, "info": 2}


def reasons(scenarios: Scenarios, found: tuple[Restriction, ...]) -> list[Reason]:
    """Return everything that is to be said, what refuses first; without a reason nothing is *estimated*."""
    run = scenarios.run
    _refuse(scenarios, found)
    if run.shipment.freight is None and "freight" not in run.shipment.price_includes:
        presumed = presumed_freight(run)
        if presumed is None:
            run.note("freight.absent", "estimated", {"percent": str(int(ASSUMED_FREIGHT * 100))})
        else:
            run.rest_on(presumed)
            run.note("freight.presumed", "estimated", {"rate": presumed.shown()})
    basis = run.shipment.freight_basis
    if basis is not None and basis.is_illustrative:
        run.note("freight.illustrative", "estimated", {"card": basis.card, "amount": str(basis.total)})
    for reason in basis_of(run).weak:
        run.notes.setdefault((reason.code, None, reason.rule or ""), reason)
    if run.uncertain and not scenarios.all_agree and not any(one.level != "info" for one in run.notes.values()):
        # The lines under a code carry one general rate and differ all the same: by a list, an excise, an agreement.
        for index, candidates in enumerate(run.candidates):
            if len(candidates) > 1:
                params = {"code": run.items[index].hs_code or "", "lines": str(len(candidates))}
                run.note("hs.short", "estimated", params, index)
    if not run.notes:
        return []
    # Few reasons name a rule: only of its lines it is asked what they are called.
    ruled = {reason.rule for reason in run.notes.values() if reason.rule is not None}
    lines = [line for line in scenarios.typical.lines if line.evidence.id in ruled] if ruled else []
    names = {line.evidence.id: line.rule.name for line in lines if not _has_own_name(run, line)}
    return sorted([_named(reason, names) for reason in run.notes.values()], key=lambda reason: _ORDER[reason.level])


def _has_own_name(run: Run, line: Line) -> bool:
    """Whether a charge rests on an exemption or an agreement: that is what is weak then, and not the charge."""
    id_ = line.evidence.id
    return id_ in run.claims or any(row.evidence.id == id_ for row in line.rule.exempt)


def _named(reason: Reason, names: Mapping[str, Texts]) -> Reason:
    """Call a rule what its charge is called in each language, where it gave a charge of the answer."""
    name = names.get(reason.rule or "")
    if name is None or "what_en" not in reason.params:
        return reason
    return Reason(reason.code, reason.level, {**reason.params, **by_language("what", name)}, reason.item, reason.rule)


def _refusals(run: Run) -> tuple[Refusal, ...]:
    """Return the refusals that may concern this way of coming in; settled for the lane."""
    found = run.lane.refusals
    if found is None:
        found = run.lane.refusals = tuple(row for row in run.law.refusals if row.when.static(run, 0) is not False)
    return found


def _refuse(scenarios: Scenarios, found: tuple[Restriction, ...]) -> None:
    """Note why no figure may be given: law that forbids it, no way in, or a figure without an upper end."""
    run = scenarios.run
    for row in _refusals(run):
        run.why.clear()
        answer = row.when.test(run, 0)
        if answer is None:
            run.say(run.why, None)
        elif answer:
            params = by_language("message", row.message) | by_language("action", row.action or {})
            run.note(row.evidence.id, "refused", params, rule=row.evidence.id)
    for restriction in found:
        if restriction.severity == "prohibits":
            params = by_language("what", restriction.message)
            key = ("item.prohibited", restriction.item, restriction.id)
            run.notes[key] = Reason("item.prohibited", "refused", params, restriction.item, restriction.id)
    if scenarios.typical.regime is None:
        run.note("regime.none", "refused")
    other, high = scenarios.high
    if (high.unbounded or not high.solved) and other is not run:
        # Without an upper end any total would be a guess told with confidence.
        explained(other, high)
        run.notes |= {key: reason for key, reason in other.notes.items() if reason.level == "refused"}


def say_rates(run: Run, used: tuple[ExchangeRate, ...]) -> None:
    """Say what is weak about the exchange rates that the answer rests on."""
    on, rates = run.shipment.date, run.rates
    if used and rates.is_stale(on):
        run.note("fx.stale", "estimated", {"date": rates.as_of.isoformat(), "days": str(abs(rates.age(on)))})
    if any(rate.kind == "market" and rate.quote == run.currency for rate in used):
        run.note("fx.market_rate", "info")


def _weaknesses(evidence: Evidence, on: date) -> Iterator[Reason]:
    """Yield what is weak about a rule that an answer rests on."""
    params = {**evidence.said, "known_until": evidence.known_until.isoformat() if evidence.known_until else "?"}
    if evidence.status in ("memory", "conflicting"):
        yield Reason(f"rule.{evidence.status}", "estimated", params, rule=evidence.id)
    if evidence.is_stale(on):
        yield Reason("rule.stale", "estimated", params, rule=evidence.id)


def basis_of(run: Run) -> Basis:
    """Return what follows from the rules that the answer rests on by now; settled for the rules together."""
    lane = run.lane
    key = tuple(map(id, run.used.values()))
    found = lane.bases.get(key)
    if found is None:
        used, on = tuple(run.used.values()), run.law.on
        weak = tuple(reason for evidence in used if on > evidence.sure_until for reason in _weaknesses(evidence, on))
        found = Basis(used, tuple(evidence.ref for evidence in used), weak, _grade(used))
        lane.keep(lane.bases, key, found)
    return found


def _grade(used: Iterable[Evidence]) -> Literal["A", "B", "C"]:
    """A: the law itself was read for every rule; B: at least two sources for each; C: one source alone somewhere."""
    unread = [rule.source_count for rule in used if rule.status != "verified"]
    if not unread:
        return "A"
    return "B" if min(unread) >= _ENOUGH_SOURCES else "C"


def restrictions(run: Run) -> tuple[Restriction, ...]:
    """Return what forbids, conditions or advises; no figure rests on it, so its evidence is kept apart."""
    found: list[Restriction] = []
    doubts: list[tuple[RestrictionRule, int | None]] = []
    run.explain = False
    for index in range(-1, len(run.items)):
        possible, id_ = _possible(run, index), None if index < 0 else run.items[index].id
        answers = tuple([ask(run, max(index, 0)) for ask in possible.asks]) if possible.asks else ()
        said = possible.said.get(answers) or _said(run, possible, answers)
        # Written out as _replace would, but for its detours: a quote says a dozen of these.
        found += said.told if id_ is None else [_new(Restriction, (*head, id_, *tail)) for head, tail in said.halves]
        if said.doubts:
            doubts += [(row, None if index < 0 else index) for row in said.doubts]
    run.explain = True
    for row, place in doubts:
        run.note("restriction.perhaps", "estimated", row.evidence.said, place, row.evidence.id)
    return tuple(found)


def _said(run: Run, possible: Restrictions, answers: tuple[Answer, ...]) -> Said:
    """Return what is said, of no item yet, for the ``answers`` that the amounts gave; kept with what is settled."""
    told: list[Restriction] = []
    doubts: list[RestrictionRule] = []
    given = iter(answers)
    for row, ask, one in possible.rows:
        answer = True if ask is None else next(given)
        if answer is False:
            continue
        said = one if answer else _unsure(one)
        if not said.certain and row.severity == "prohibits":
            doubts.append(row)
        told.append(said)
    halves = tuple((tuple(one[:_ITEM]), tuple(one[_ITEM + 1 :])) for one in told)
    kept = possible.said[answers] = Said(tuple(told), halves, tuple(doubts))
    run.lane.settled.count()
    return kept


def _possible(run: Run, index: int) -> Restrictions:
    """Return the restrictions that may concern an item (the consignment for -1); settled for the lane or such goods.

    With each stand its rule and what is left to be asked of it.
    """
    if index < 0:
        found = run.lane.restrictions
        if found is None:
            found = run.lane.restrictions = _applying(run, index)
        return found
    kind, key = run.kinds[index], (run.pick[index], run.claims[index])
    found = kind.restrictions.get(key)
    if found is None:
        found = kind.restrictions[key] = _applying(run, index)
    return found


def _applying(run: Run, index: int) -> Restrictions:
    found: list[Row] = []
    for row in run.law.restricting(None if index < 0 else run.code(index)[:2]):
        answer, evidence = row.when.static(run, max(index, 0)), row.evidence
        if answer is not False:
            one = Restriction(
                evidence.id,
                row.severity,
                None,
                row.ends,
                row.message,
                row.action,
                evidence.ref,
                row.kind,
                None if row.paper is None else row.paper.name,
                row.body,
                row.lifts,
            )
            found.append((row, row.when.dynamic, one if answer else _unsure(one)))
    return Restrictions(tuple(found), tuple(ask for _, ask, _ in found if ask is not None))


def _unsure(one: Restriction) -> Restriction:
    """Perhaps forbidden is shown as something to settle, never as nothing."""
    return one._replace(severity="requires" if one.severity == "prohibits" else one.severity, certain=False)
