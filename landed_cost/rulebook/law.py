"""The law of one destination as its file writes it: valuation, regimes, charges, exemptions, restrictions, lists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from landed_cost.currencies import exponent, is_known
from landed_cost.model import Texts
from landed_cost.rulebook.conditions import ATTRIBUTES, Condition, read_condition
from landed_cost.rulebook.facts import Evidence, FactBook, read_evidence, read_fact
from landed_cost.rulebook.lists import ListRule, read_list
from landed_cost.rulebook.reader import Node, RulebookError

T = TypeVar("T")
PARTS = ("goods", "freight", "insurance", "customs_value")


@dataclass(frozen=True, slots=True)
class RateSource:
    """Where a charge's rate comes from: ``kind`` is fact, by_origin, by_region, by_key or schedule."""

    kind: str
    name: str
    list: str | None = None
    fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Exemption:
    """A row that frees an item from a charge; ``ask`` is the attribute that settles one that hangs on use."""

    evidence: Evidence
    when: Condition
    ask: str | None
    question: Texts | None


@dataclass(frozen=True, slots=True)
class ChargeRule:
    """One charge of a regime: when, on what base, at what rate, within which bounds, rounded how.

    ``of`` picks the items that a charge on the consignment counts in its base; none of them: no charge.
    """

    id: str
    kind: str
    covers: tuple[str, ...]
    name: Texts
    per: str
    when: Condition
    of: Condition
    base: tuple[str, ...]
    rate: RateSource | None
    amount: str | None
    deduct: str | None
    inside: bool
    at_least: str | None
    at_most: str | None
    total_with: tuple[str, ...]
    exempt: tuple[Exemption, ...]
    step: int
    mode: str
    collected: str
    payer: str
    rule: str | None

    @property
    def is_plain(self) -> bool:
        """Whether it is a bare percentage of its base, rounded half up to the smallest unit."""
        bare = not (self.inside or self.deduct or self.at_least or self.at_most)
        return bare and self.step == 1 and self.mode == "half_up"


@dataclass(frozen=True, slots=True)
class Regime:
    """A lawful way in: an ordered list of charges and the condition under which it is open."""

    id: str
    name: Texts
    exclusive: bool
    when: Condition
    needs: tuple[Texts, ...]
    charges: tuple[ChargeRule, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A condition under which no figure may be given."""

    evidence: Evidence
    when: Condition
    message: Texts
    action: Texts | None


@dataclass(frozen=True, slots=True)
class RestrictionRule:
    """What forbids, conditions or advises goods of a kind."""

    evidence: Evidence
    severity: str
    per: str
    when: Condition
    message: Texts
    action: Texts | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class NotIncluded:
    """A cost that the quote does not hold, said to the reader."""

    id: str
    when: Condition
    text: Texts


@dataclass(frozen=True, slots=True)
class Destination:
    """Everything the file of one destination says, for all dates."""

    country: str
    name: Texts
    currency: str
    timezone: str
    evidence_from: date
    evidence_until: date
    schedule: str | None
    bands: str | None
    basis: str
    valuation: str
    insurance: str | None
    deductible: tuple[str, ...]
    regions: tuple[str, ...]
    column2: frozenset[str]
    facts: FactBook
    lists: Mapping[str, ListRule]
    regimes: tuple[Regime, ...]
    refusals: tuple[Refusal, ...]
    restrictions: tuple[RestrictionRule, ...]
    not_included: tuple[NotIncluded, ...]


def read_destination(parts: list[Node], folder: Path) -> Destination:
    """Read one destination from its file, or from the files of its folder merged; every name is checked."""
    root = _merge(parts)
    root.get("include")  # the loader has added those files to the parts
    currency = root.need("currency").text()
    if not is_known(currency):
        raise root.need("currency").fail(f"{currency!r} is no currency of ISO 4217")
    valuation = root.need("valuation")
    lists = {one.evidence.id: one for one in _each(root, "lists", lambda node: read_list(node, folder / "lists"))}
    facts = FactBook(_each(root, "facts", read_fact))
    regions = root.get("regions")
    destination = Destination(
        country=root.need("destination").text(),
        name=root.need("name").translated(),
        currency=currency,
        timezone=root.need("timezone").text(),
        evidence_from=root.need("evidence_from").day(),
        evidence_until=root.need("evidence_until").day(),
        schedule=root.take("schedule", Node.text, None),
        bands=root.take("bands", Node.text, None),
        basis=valuation.need("basis").word("FOB", "CIF"),
        valuation=valuation.need("fact").text(),
        insurance=valuation.take("insurance", Node.text, None),
        deductible=valuation.take("deductible", Node.texts, ()),
        regions=regions.need("values").texts() if regions else (),
        column2=frozenset(root.take("column2", Node.texts, ())),
        facts=facts,
        lists=lists,
        regimes=tuple(_each(root, "regimes", lambda node: _regime(node, facts, lists, currency))),
        refusals=tuple(_each(root, "refusals", lambda node: _refusal(node, facts, lists))),
        restrictions=tuple(_each(root, "restrictions", lambda node: _restriction(node, facts, lists))),
        not_included=tuple(_each(root, "not_included", lambda node: _not_included(node, facts, lists))),
    )
    if regions:
        regions.get("required_by")
        regions.done()
    valuation.done()
    root.done()
    for id_ in filter(None, (destination.valuation, destination.insurance)):
        if id_ not in facts:
            raise valuation.fail(f"fact {id_!r} does not exist; add it under facts")
    if not destination.regimes:
        raise root.fail("no regime; a destination needs at least one under regimes")
    return destination


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


def _checked(
    node: Node, key: str, facts: FactBook, lists: Mapping[str, ListRule], *, items: bool = False
) -> Condition:
    """Read the condition ``key``; ``items``: whether it is asked once per item, so that it may look at one."""
    condition = read_condition(node.get(key))
    if condition.item_level and not items:
        raise node.need(key).fail("this is asked of the whole consignment; put item conditions under some_item: or every_item:")
    for id_ in condition.facts:
        if id_ not in facts:
            raise node.need(key).fail(f"fact {id_!r} does not exist; add it under facts")
    for id_ in condition.lists:
        if id_ not in lists:
            raise node.need(key).fail(f"list {id_!r} does not exist; add it under lists")
    return condition


def _regime(node: Node, facts: FactBook, lists: Mapping[str, ListRule], currency: str) -> Regime:
    charges: list[ChargeRule] = []
    listed = node.get("charges")
    for child in listed.items() if listed else ():
        charge = _charge(child, facts, lists, currency, {one.id for one in charges})
        if charge.id in {one.id for one in charges}:
            raise child.fail(f"charge {charge.id} stands twice in this regime; ids are unique")
        child.done()
        charges.append(charge)
    needs = node.get("needs")
    return Regime(
        id=node.need("id").text(),
        name=node.need("name").translated(),
        exclusive=node.take("exclusive", Node.flag, default=False),
        when=_checked(node, "when", facts, lists),
        needs=() if needs is None else (needs.translated(),),
        charges=tuple(charges),
    )


def _charge(
    node: Node, facts: FactBook, lists: Mapping[str, ListRule], currency: str, earlier: set[str]
) -> ChargeRule:
    kind = node.need("kind").word("duty", "tax", "fee")

    def fact(key: str) -> str | None:
        found = node.get(key)
        if found is not None and found.text() not in facts:
            raise found.fail(f"fact {found.text()!r} does not exist; add it under facts")
        return None if found is None else found.text()

    base = node.take("base", Node.texts, ())
    for name in base:
        if name not in PARTS and name not in earlier:
            raise node.need("base").fail(f"{name!r} is neither one of {', '.join(PARTS)} nor a charge above this one")
    total_with = node.take("total_with", Node.texts, ())
    for name in total_with:
        if name not in earlier:
            raise node.need("total_with").fail(f"{name!r} is no charge above this one")
    amount_node, rate_node = node.get("amount"), node.get("rate")
    if (amount_node is None) == (rate_node is None):
        raise node.fail("a charge has either a rate or an amount; write one of them")
    amount = None
    if amount_node is not None:
        amount = amount_node.need("fact").text()
        amount_node.done()
        if amount not in facts:
            raise amount_node.fail(f"fact {amount!r} does not exist; add it under facts")
    elif not base:
        raise node.fail("a rate needs a base; write base: [customs_value]")
    step, mode = _rounding(node.get("round"), currency)
    per = node.take("per", lambda found: found.word("item", "consignment", "hs6"), "item")
    if per != "item" and node.has("exempt"):
        raise node.need("exempt").fail("exempt rows free single items; write of: on a charge of the whole consignment")
    return ChargeRule(
        id=node.need("id").text(),
        kind=kind,
        covers=node.take("covers", Node.texts, (kind,)),
        name=node.need("name").translated(),
        per=per,
        when=_checked(node, "when", facts, lists, items=per == "item"),
        of=_checked(node, "of", facts, lists, items=True),
        base=base,
        rate=None if rate_node is None else _rate(rate_node, facts, lists),
        amount=amount,
        deduct=fact("deduct"),
        inside=node.take("inside", Node.flag, default=False),
        at_least=fact("at_least"),
        at_most=fact("at_most"),
        total_with=total_with,
        exempt=tuple(_each(node, "exempt", lambda child: _exemption(child, facts, lists))),
        step=step,
        mode=mode,
        collected=node.take("collected", lambda found: found.word("at_border", "at_sale", "at_delivery"), "at_border"),
        payer=node.take("payer", lambda found: found.word("terms", "buyer", "seller"), "terms"),
        rule=fact("rule"),
    )


def _rounding(node: Node | None, currency: str) -> tuple[int, str]:
    if node is None:
        return 1, "half_up"
    step = node.need("step").number() * 10 ** exponent(currency)
    if step.denominator != 1 or step < 1:
        raise node.need("step").fail(f"step is finer than the smallest unit of {currency}")
    mode = node.take("mode", lambda found: found.word("half_up", "down", "up"), "half_up")
    node.done()
    return int(step), mode


def _rate(node: Node, facts: FactBook, lists: Mapping[str, ListRule]) -> RateSource:
    kinds = [key for key in ("fact", "by_origin", "by_region", "by_key", "schedule") if node.has(key)]
    if len(kinds) != 1:
        raise node.fail("write exactly one of fact, by_origin, by_region, by_key, schedule")
    kind = kinds[0]
    name = node.need(kind).text()
    list_ = node.take("list", Node.text, None)
    fallback = node.take("fallback", Node.text, None)
    node.done()
    if kind == "fact" and name not in facts:
        raise node.fail(f"fact {name!r} does not exist; add it under facts")
    if kind.startswith("by_") and not facts.has_group(name):
        raise node.fail(f"no fact has group: {name}")
    if kind == "by_key" and (list_ is None or list_ not in lists):
        raise node.fail(f"by_key needs a list that exists; {list_!r} does not")
    if fallback is not None and fallback not in facts:
        raise node.fail(f"fact {fallback!r} does not exist; add it under facts")
    return RateSource(kind, name, list_, fallback)


def _exemption(node: Node, facts: FactBook, lists: Mapping[str, ListRule]) -> Exemption:
    ask = node.get("ask")
    if ask is not None and ask.text() not in ATTRIBUTES:
        raise ask.fail(f"unknown attribute {ask.text()!r}; known: {', '.join(sorted(ATTRIBUTES))}")
    question = node.get("question")
    if ask is not None and question is None:
        raise node.fail("an exemption that asks needs a question in three languages")
    node.get("fact")
    when = _checked(node, "when", facts, lists, items=True)
    # A row that only points at a list is called what the list is called.
    of_list = next((lists[name].evidence.what for name in sorted(when.lists)), node.need("id").text())
    return Exemption(
        evidence=read_evidence(node, node.take("what", Node.text, of_list)),
        when=when,
        ask=None if ask is None else ask.text(),
        question=None if question is None else question.translated(),
    )


def _refusal(node: Node, facts: FactBook, lists: Mapping[str, ListRule]) -> Refusal:
    action = node.get("action")
    node.get("fact")
    return Refusal(
        evidence=read_evidence(node, node.need("id").text()),
        when=_checked(node, "when", facts, lists),
        message=node.need("message").translated(),
        action=None if action is None else action.translated(),
    )


def _restriction(node: Node, facts: FactBook, lists: Mapping[str, ListRule]) -> RestrictionRule:
    action = node.get("action")
    node.get("fact")
    per = node.take("per", lambda found: found.word("item", "consignment"), "item")
    return RestrictionRule(
        evidence=read_evidence(node, node.need("id").text()),
        severity=node.need("severity").word("prohibits", "requires", "advises"),
        per=per,
        when=_checked(node, "when", facts, lists, items=per == "item"),
        message=node.need("message").translated(),
        action=None if action is None else action.translated(),
        ends=node.take("until", Node.day, None),
    )


def _not_included(node: Node, facts: FactBook, lists: Mapping[str, ListRule]) -> NotIncluded:
    return NotIncluded(
        node.need("id").text(), _checked(node, "when", facts, lists), node.need("text").translated()
    )


def fixed_amount(value: Fraction, currency: str) -> int:
    """Return a fixed amount of law in minor units; laws state amounts that have them exactly."""
    scaled = value * 10 ** exponent(currency)
    if scaled.denominator != 1:
        message = f"{value} {currency} is finer than its smallest unit"
        raise RulebookError("rulebook", message)
    return int(scaled)
