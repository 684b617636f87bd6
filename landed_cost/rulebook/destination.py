"""Reading the files of one destination: every key, every name and every unit is checked, with file and line."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar, cast

from landed_cost.currencies import exponent, is_known
from landed_cost.measures import DRINKS
from landed_cost.rulebook.attributes import ATTRIBUTES
from landed_cost.rulebook.conditions import Condition, read_condition
from landed_cost.rulebook.facts import Evidence, FactBook, read_evidence, read_fact
from landed_cost.rulebook.holes import check_holes
from landed_cost.rulebook.law import (
    ChargeRule,
    Destination,
    Exemption,
    NotIncluded,
    RateSource,
    Refusal,
    Regime,
    RestrictionRule,
)
from landed_cost.rulebook.lists import ListRule, read_list
from landed_cost.rulebook.papers import KINDS, Paper, Vocabulary
from landed_cost.rulebook.reader import Node

if TYPE_CHECKING:
    from landed_cost.model import Kind

T = TypeVar("T")
_KINDS: Final = ("duty", "tax", "fee")
_PARTS: Final = ("goods", "freight", "insurance", "customs_value", "invoice")
_RATES: Final = ("fact", "by_origin", "by_region", "by_key", "schedule")
_UNITS_OF: Final = {"rate": ("percent", "per_mille"), "weight": ("kg",)}
# These pick a rate by what an item is; a charge on the whole consignment has no item to look at.
_OF_ITEMS: Final = frozenset({"by_origin", "by_key", "schedule"})


def read_destination(
    parts: list[Node], folder: Path, agreements: frozenset[str], vocabulary: Vocabulary
) -> Destination:
    """Read one destination from its file, or from the files of its folder merged; every name is checked."""
    root = _merge(parts)
    root.get("include")  # the loader has added those files to the parts
    currency_node = root.need("currency")
    currency = currency_node.text()
    if not is_known(currency):
        raise currency_node.fail(f"{currency!r} is no currency of ISO 4217")
    listed = _each(root, "lists", lambda node: (node, read_list(node, folder / "lists")))
    _unique((node, one.evidence.id) for node, one in listed)
    facts = FactBook(_each(root, "facts", read_fact))
    names = _Names(facts, {one.evidence.id: one for _, one in listed}, agreements, currency)
    valuation = root.need("valuation")
    regions = root.get("regions")
    regimes = _each(root, "regimes", lambda node: _regime(node, names))
    country = root.need("destination").text()
    destination = Destination(
        country=country,
        territory=root.take("customs_territory", Node.text, country),
        name=root.need("name").translated(),
        currency=currency,
        timezone=root.need("timezone").text(),
        evidence_from=root.need("evidence_from").day(),
        evidence_until=root.need("evidence_until").day(),
        schedule=root.take("schedule", Node.text, None),
        bands=root.take("bands", lambda node: _bands(node, folder), None),
        basis=valuation.need("basis").word("FOB", "CIF"),
        valuation=names.known(valuation.need("fact")),
        insurance=names.fact(valuation, "insurance", "rate"),
        freight=names.fact(valuation, "freight", "rate"),
        deductible=valuation.take("deductible", _deductible, ()),
        regions=regions.need("values").texts() if regions else (),
        column2=frozenset(root.take("column2", Node.texts, ())),
        facts=facts,
        lists=names.lists,
        regimes=_with_charges_on_every_way(root, regimes, names),
        refusals=_dated(root, "refusals", lambda node: _refusal(node, names)),
        restrictions=_dated(root, "restrictions", lambda node: _restriction(node, names, vocabulary)),
        not_included=_dated(root, "not_included", lambda node: _not_included(node, names)),
    )
    if regions:
        regions.get("required_by")
        regions.done()
    valuation.done()
    root.done()
    if not destination.regimes:
        raise root.fail("no regime; a destination needs at least one under regimes")
    _check_regions(root, destination)
    _check_charged(root, destination)
    check_holes(destination)
    return replace(destination, days=frozenset(_days_of_change(destination)))


def _bands(node: Node, folder: Path) -> str:
    name = node.text()
    if not (folder / "bands" / f"{name}.csv").is_file():
        raise node.fail(f"there is no file bands/{name}.csv")
    return name


def _days_of_change(destination: Destination) -> Iterator[date]:
    """Every day on which a rule of a destination begins, or that follows its last."""
    dated: list[Evidence] = [*destination.facts, *(rule.evidence for rule in destination.lists.values())]
    conditions = [row.when for row in destination.not_included]
    dated += [row.evidence for row in destination.refusals] + [row.evidence for row in destination.restrictions]
    conditions += [row.when for row in destination.refusals] + [row.when for row in destination.restrictions]
    for regime in destination.regimes:
        conditions.append(regime.when)
        for charge in regime.charges:
            dated += [free.evidence for free in charge.exempt]
            conditions += [charge.when, charge.of, *(free.when for free in charge.exempt)]
    for condition in conditions:
        yield from condition.days
    for one in dated:
        if one.since is not None:
            yield one.since
        if one.until is not None:
            yield one.until + timedelta(days=1)


def _merge(parts: list[Node]) -> Node:
    """One map out of the files of a folder: lists are joined, any other key may stand in one file only."""
    whole: dict[str, Node] = {}
    for part in parts:
        for key, node in part.map().items():
            if key not in whole:
                whole[key] = node
            elif isinstance(whole[key].value, list) and isinstance(node.value, list):
                old = whole[key]
                whole[key] = Node(old.value + node.value, old.file, old.line, old.tag)
            else:
                raise node.fail(f"{key} stands in {whole[key].where} already; keep one")
    first = parts[0]
    return Node(whole, first.file, first.line, first.tag)


def _each(root: Node, key: str, read: Callable[[Node], T]) -> list[T]:
    node = root.get(key)
    found = []
    for child in node.items() if node else ():
        found.append(read(child))
        child.done()
    return found


def _dated(root: Node, key: str, read: Callable[[Node], T]) -> tuple[T, ...]:
    """Read rows whose ids are unique."""
    rows = _each(root, key, lambda node: (node, read(node)))
    _unique((node, node.need("id").text()) for node, _ in rows)
    return tuple(row for _, row in rows)


def _unique(rows: Iterable[tuple[Node, str]]) -> None:
    seen: dict[str, str] = {}
    for node, id_ in rows:
        if id_ in seen:
            raise node.fail(f"{id_} stands in {seen[id_]} already; ids are unique")
        seen[id_] = node.where


def _deductible(node: Node) -> tuple[str, ...]:
    return tuple(child.word("freight", "duties", "taxes") for child in node.items())


@dataclass(frozen=True, slots=True)
class _Names:
    """Everything that a rule may name, and the law's currency."""

    facts: FactBook
    lists: Mapping[str, ListRule]
    agreements: frozenset[str]
    currency: str

    def known(self, node: Node) -> str:
        """Return the id of a fact, or an error if there is none of that id."""
        id_ = node.text()
        if id_ not in self.facts:
            raise node.fail(f"fact {id_!r} does not exist; add it under facts")
        return id_

    def fact(self, node: Node, key: str, kind: str) -> str | None:
        """Return the id of the fact under ``key``, whose values are of a ``kind``: rate, money or weight."""
        found = node.get(key)
        if found is None:
            return None
        id_ = self.known(found)
        self.of_kind(found, self.facts.rows(id_)[0].unit, kind)
        return id_

    def of_kind(self, node: Node, unit: str, kind: str) -> None:
        """Complain about a unit that is not of the kind that is needed."""
        wanted = _UNITS_OF.get(kind)
        if (unit not in wanted) if wanted else not is_known(unit):
            asked = " or ".join(wanted) if wanted else "a currency"
            raise node.fail(f"fact {node.value!r} is in {unit}; {asked} is needed here")

    def condition(self, node: Node, key: str, *, items: bool = False) -> Condition:
        """Read the condition ``key``; ``items``: whether it is asked once per item, so that it may look at one."""
        condition = read_condition(node.get(key))
        if condition.item_level and not items:
            message = "this is asked of the whole consignment; put item conditions under some_item: or every_item:"
            raise node.need(key).fail(message)
        for id_ in sorted(condition.facts):
            if id_ not in self.facts:
                raise node.need(key).fail(f"fact {id_!r} does not exist; add it under facts")
        for id_ in sorted(condition.limits):
            if not is_known(self.facts.rows(id_)[0].unit):
                raise node.need(key).fail(f"fact {id_!r} is no amount of money and cannot be a limit")
        for id_ in sorted(condition.lists):
            if id_ not in self.lists:
                raise node.need(key).fail(f"list {id_!r} does not exist; add it under lists")
        for id_ in sorted(condition.agreements - self.agreements):
            raise node.need(key).fail(f"agreement {id_!r} does not exist; add it to agreements.yaml")
        return condition


def _regime(node: Node, names: _Names) -> Regime:
    charges: list[ChargeRule] = []
    listed = node.get("charges")
    for child in listed.items() if listed else ():
        earlier = {one.id for one in charges}
        charge = _charge(child, names, earlier)
        if charge.id in earlier:
            raise child.fail(f"charge {charge.id} stands twice in this regime; ids are unique")
        child.done()
        charges.append(charge)
    needs = node.get("needs")
    return Regime(
        id=node.need("id").text(),
        name=node.need("name").translated(),
        exclusive=node.take("exclusive", Node.flag, default=False),
        when=names.condition(node, "when"),
        needs=() if needs is None else (needs.translated(),),
        charges=tuple(charges),
        fee_apart=node.take("fee_apart", Node.flag, default=False),
    )


def _with_charges_on_every_way(root: Node, regimes: list[Regime], names: _Names) -> tuple[Regime, ...]:
    """Add the charges under ``charges_on_every_way`` to each regime, after its own.

    They serve a place whose own tax follows the customs law of another. Of the charges in their base a regime has some.
    """
    added = root.get("charges_on_every_way")
    if added is None:
        return tuple(regimes)
    everywhere = {charge.id for regime in regimes for charge in regime.charges}
    found = []
    for regime in regimes:
        charges = list(regime.charges)
        for node in added.items():
            earlier = {charge.id for charge in charges}
            charge = _charge(node, names, earlier, everywhere - earlier)
            if charge.id in earlier:
                raise node.fail(f"charge {charge.id} stands in regime {regime.id} already; ids are unique")
            node.done()
            charges.append(charge)
        found.append(replace(regime, charges=tuple(charges)))
    return tuple(found)


def _charge(node: Node, names: _Names, earlier: set[str], absent: AbstractSet[str] = frozenset()) -> ChargeRule:
    """Read a charge; ``earlier`` are the charges above it, ``absent`` those it may name though they are not there."""
    kind = cast("Kind", node.need("kind").word(*_KINDS))
    per = node.take("per", lambda found: found.word("item", "consignment", "hs6"), "item")
    rate, amount, by, by_most = _rate_or_amount(node, names, per)
    step, mode = _rounding(node.get("round"), names.currency)
    when = names.condition(node, "when", items=per == "item")
    for id_ in sorted(when.charges - earlier - absent):
        raise node.need("when").fail(f"{id_!r} is no charge above this one")
    return ChargeRule(
        id=node.need("id").text(),
        kind=kind,
        covers=node.take("covers", _covers, (kind,)),
        name=node.need("name").translated(),
        per=per,
        when=when,
        of=names.condition(node, "of", items=True),
        base=_charges_above(node, "base", earlier, _PARTS, absent),
        rate=rate,
        amount=amount,
        by=by,
        by_most=by_most,
        deduct=names.fact(node, "deduct", "money"),
        inside=_inside(node, names, rate),
        at_least=names.fact(node, "at_least", "money"),
        at_most=names.fact(node, "at_most", "money"),
        total_with=_charges_above(node, "total_with", earlier, absent=absent),
        exempt=_exempt(node, names, per, rate),
        step=step,
        mode=mode,
        collected=node.take("collected", lambda found: found.word("at_border", "at_sale", "at_delivery"), "at_border"),
        payer=node.take("payer", lambda found: found.word("terms", "buyer", "seller"), "terms"),
        rule=node.take("rule", names.known, None),
    )


def _covers(node: Node) -> tuple[str, ...]:
    found = tuple(child.word(*_KINDS) for child in node.items())
    if not found:
        raise node.fail(f"covers names nothing; write some of {', '.join(_KINDS)}, or leave it out")
    return found


def _charges_above(
    node: Node,
    key: str,
    earlier: set[str],
    parts: tuple[str, ...] = (),
    absent: AbstractSet[str] = frozenset(),
) -> tuple[str, ...]:
    found = tuple(name for name in node.take(key, Node.texts, ()) if name not in absent)
    for name in found:
        if name not in parts and name not in earlier:
            others = f"one of {', '.join(parts)} nor " if parts else ""
            raise node.need(key).fail(f"{name!r} is {'neither ' if parts else ''}{others}a charge above this one")
    return found


def _rate_or_amount(
    node: Node, names: _Names, per: str
) -> tuple[RateSource | None, str | None, str | None, str | None]:
    """Read what a charge comes to: its rate, or its amount, what that is counted by, and the most kilos presumed."""
    amount_node, rate_node = node.get("amount"), node.get("rate")
    if (amount_node is None) == (rate_node is None):
        raise node.fail("a charge has either a rate or an amount; write one of them")
    if amount_node is not None:
        amount = names.fact(amount_node, "fact", "money")
        if amount is None:
            raise amount_node.fail("fact is missing; add fact: ...")
        by = amount_node.take("per", lambda found: found.word("kg", "pair", *DRINKS), None)
        by_most = names.fact(amount_node, "up_to", "weight")
        if by_most is not None and by != "kg":
            raise amount_node.need("up_to").fail("up_to is for an amount per kg; add per: kg")
        if by is not None and (per == "hs6" or (by != "kg" and per != "item")):
            raise amount_node.need("per").fail(f"an amount per {by} is not for a charge per {per}")
        amount_node.done()
        return None, amount, by, by_most
    if node.get("base") is None:
        raise node.fail("a rate needs a base; write base: [customs_value]")
    rate = _rate(node.need("rate"), names)
    if per == "hs6":
        raise node.need("rate").fail("a charge per code is a fixed sum for each; write amount: {fact: ...}")
    if per == "consignment" and rate.kind in _OF_ITEMS:
        raise node.need("rate").fail(f"{rate.kind} looks at an item; write per: item")
    return rate, None, None, None


def _inside(node: Node, names: _Names, rate: RateSource | None) -> bool:
    inside = node.take("inside", Node.flag, default=False)
    if not inside:
        return False
    if rate is None or rate.kind not in ("fact", "by_region"):
        raise node.need("inside").fail("a tax inside its own base needs a rate by fact or by_region")
    rows = names.facts.rows(rate.name) if rate.kind == "fact" else names.facts.group_rows(rate.name)
    for row in rows:
        for end in (row.value, row.high):
            if end is not None and row.ratio(end) >= 1:
                raise node.need("inside").fail(f"{row.id} at {row.where} is not below 100 %: no base could hold it")
    return True


def _exempt(node: Node, names: _Names, per: str, rate: RateSource | None) -> tuple[Exemption, ...]:
    found = _dated(node, "exempt", lambda child: _exemption(child, names))
    if found and per != "item":
        raise node.need("exempt").fail("exempt rows free single items; write of: on a charge of the whole consignment")
    if found and rate is None:
        raise node.need("exempt").fail("exempt rows free from a rate; put the condition of an amount into when:")
    return found


def _rounding(node: Node | None, currency: str) -> tuple[int, str]:
    if node is None:
        return 1, "half_up"
    step = node.need("step").number() * 10 ** exponent(currency)
    if step.denominator != 1 or step < 1:
        raise node.need("step").fail(f"step is finer than the smallest unit of {currency}")
    mode = node.take("mode", lambda found: found.word("half_up", "down", "up"), "half_up")
    node.done()
    return int(step), mode


def _rate(node: Node, names: _Names) -> RateSource:
    kinds = [key for key in _RATES if node.has(key)]
    if len(kinds) != 1:
        raise node.fail(f"write exactly one of {', '.join(_RATES)}")
    kind = kinds[0]
    name = node.need(kind).text()
    if kind == "fact":
        names.fact(node, kind, "rate")
    elif kind != "schedule":
        rows = names.facts.group_rows(name)
        if not rows:
            raise node.fail(f"no fact has group: {name}")
        for row in rows:
            if row.unit not in ("percent", "per_mille"):
                raise node.fail(f"fact {row.id!r} is in {row.unit}; percent or per_mille is needed here")
    list_ = node.take("list", Node.text, None)
    if kind == "by_key" and (list_ is None or list_ not in names.lists):
        raise node.fail(f"by_key needs a list that exists; {list_!r} does not")
    fallback = names.fact(node, "fallback", "rate")
    node.done()
    return RateSource(kind, name, list_, fallback)


def _exemption(node: Node, names: _Names) -> Exemption:
    ask = node.get("ask")
    if ask is not None and ask.text() not in ATTRIBUTES:
        raise ask.fail(f"unknown attribute {ask.text()!r}; known: {', '.join(sorted(ATTRIBUTES))}")
    question = node.get("question")
    if (ask is None) != (question is None):
        raise node.fail("ask and question belong together: the attribute, and the question in three languages")
    node.get("fact")
    when = names.condition(node, "when", items=True)
    # A row that only points at a list is called what the list is called.
    of_list = None if node.has("what") or not when.lists else names.lists[min(when.lists)].evidence.what
    return Exemption(
        evidence=read_evidence(node, of_list or node.need("what").translated()),
        when=when,
        ask=None if ask is None else ask.text(),
        question=None if question is None else question.translated(),
    )


def _refusal(node: Node, names: _Names) -> Refusal:
    action = node.get("action")
    node.get("fact")
    return Refusal(
        evidence=read_evidence(node, node.need("message").translated()),
        when=names.condition(node, "when"),
        message=node.need("message").translated(),
        action=None if action is None else action.translated(),
    )


def _restriction(node: Node, names: _Names, vocabulary: Vocabulary) -> RestrictionRule:
    node.get("fact")
    per = node.take("per", lambda found: found.word("item", "consignment"), "item")
    severity = node.need("severity").word("prohibits", "requires", "advises")
    level = node.take("level", lambda found: found.word("law", "trade", "signal"), "law")
    if severity == "prohibits" and level != "law":
        raise node.need("level").fail("only law prohibits; what the trade asks for is requires or advises")
    paper = node.take("paper", lambda found: _known(found, vocabulary.papers, "papers.yaml"), None)
    return RestrictionRule(
        evidence=read_evidence(node, node.need("message").translated()),
        severity=severity,
        per=per,
        when=names.condition(node, "when", items=per == "item"),
        message=node.need("message").translated(),
        action=node.take("action", Node.translated, None),
        ends=node.take("until", Node.day, None),
        level=level,
        kind=node.take("kind", lambda found: found.word(*KINDS), _kind(severity, paper)),
        paper=paper,
        body=node.take("body", lambda found: _known(found, vocabulary.bodies, "bodies.yaml"), None),
        lifts=node.take("lifts", Node.translated, None),
        lead_time=node.take("lead_time", Node.translated, None),
        cost=node.take("cost", Node.translated, None),
    )


def _known(node: Node, known: Mapping[str, T], file: str) -> T:
    found = known.get(node.text())
    if found is None:
        raise node.fail(f"{node.value!r} is not in {file}; add it there")
    return found


def _kind(severity: str, paper: Paper | None) -> str:
    """What a row is where it does not say: its paper's kind, or what its severity makes of it."""
    if paper is not None:
        return paper.kind
    return {"prohibits": "ban", "requires": "condition", "advises": "advice"}[severity]


def _not_included(node: Node, names: _Names) -> NotIncluded:
    return NotIncluded(
        node.need("id").text(),
        names.condition(node, "when"),
        node.need("text").translated(),
        node.take("due", Node.flag, default=False),
    )


def _check_regions(root: Node, destination: Destination) -> None:
    """A tax by region must have a rate in every region: a hole would be no tax at all."""
    for regime in destination.regimes:
        for charge in regime.charges:
            if charge.rate is not None and charge.rate.kind == "by_region":
                rows = destination.facts.group_rows(charge.rate.name)
                named = frozenset[str]().union(*(row.region for row in rows))
                if "*" in named:
                    continue
                for region in destination.regions:
                    if region not in named:
                        raise root.need("regions").fail(f"group {charge.rate.name} has no row for region {region!r}")
                for region in sorted(named - set(destination.regions)):
                    raise root.need("regions").fail(
                        f"group {charge.rate.name} names region {region!r}; add it to values"
                    )


def _check_charged(root: Node, destination: Destination) -> None:
    """Restrictions may ask for a charge of any regime, but for one that exists."""
    known = {charge.id for regime in destination.regimes for charge in regime.charges}
    for row in destination.restrictions:
        for id_ in sorted(row.when.charges - known):
            raise root.need("restrictions").fail(f"{row.evidence.id}: charge {id_!r} does not exist in any regime")
