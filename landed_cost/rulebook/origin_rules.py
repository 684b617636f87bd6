"""Rules of origin as data: per agreement what its general part says, and the rules of products that were read.

A rule is put together of a closed vocabulary: a change of tariff classification, a regional value content, a limit on
materials that do not originate, operations that must be done in the territory, and *all* or *any* of these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from landed_cost.model import Texts
from landed_cost.rulebook.facts import Evidence, read_evidence
from landed_cost.rulebook.reader import Node, read_text

Level = Literal["chapter", "heading", "subheading"]
Method = Literal["build_down", "build_up", "net_cost"]
DIGITS: Final[Mapping[str, int]] = {"chapter": 2, "heading": 4, "subheading": 6}
METHODS: Final = ("build_down", "build_up", "net_cost")
# What may be done to materials, with its name in three languages.
OPERATIONS: Final[Mapping[str, Texts]] = {
    key: node.translated()
    for key, node in read_text(
        files("landed_cost.rulebook").joinpath("operations.yaml").read_text("utf-8"), "operations.yaml"
    )
    .map()
    .items()
}


@dataclass(frozen=True, slots=True)
class Change:
    """Materials that do not originate must come from another chapter, heading or subheading than the product.

    ``outside``: materials of these codes must originate whatever their change; ``also``: of these none need change.
    """

    level: Level
    outside: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """The regional value content must reach a percentage under one of the methods the rule lets the seller choose."""

    at_least: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Foreign:
    """Materials that do not originate may be worth so many percent of the price at most.

    ``by_country`` holds another limit for goods of some members.
    """

    at_most: Fraction
    by_country: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Made:
    """Work that must be done in the territory of the members: of each group one operation."""

    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A condition that only the seller can answer for, under a name."""

    name: str
    text: Texts


@dataclass(frozen=True, slots=True)
class All:
    """Every part must be met."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One part is enough."""

    parts: tuple["Rule", ...]


Rule = Change | Content | Foreign | Made | Confirmed | All | Either


@dataclass(frozen=True, slots=True)
class ProductRule:
    """What a product under one of these codes must meet; ``cite`` says where it stands."""

    codes: tuple[str, ...]
    rule: Rule
    cite: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class OriginRules:
    """What one agreement says of origin: its general part, and the products whose rule was read."""

    evidence: Evidence
    agreement: str
    # The price that percentages are of: free on board, or at the works.
    price: Literal["fob", "ex_works"]
    tolerance: Fraction | None
    # Codes of products that the tolerance is not for, or is reckoned otherwise.
    tolerance_not: tuple[str, ...]
    insufficient: frozenset[str]
    # Countries beside the members whose originating materials count.
    cumulation: tuple[str, ...]
    transport: Texts
    # What to read where no rule of the product is here.
    read: str
    products: tuple[ProductRule, ...]

    def rule_for(self, code: str) -> ProductRule | None:
        """Return the rule of the longest code that ``code`` begins with; a shorter code than the rule's has none."""
        found = [
            (len(prefix), one) for one in self.products for prefix in one.codes if code.startswith(prefix) or not prefix
        ]
        return max(found, key=lambda pair: pair[0])[1] if found else None

    def splits(self, code: str) -> bool:
        """Whether goods under ``code`` may fall under more than one rule, so that more digits are needed."""
        return any(prefix.startswith(code) and prefix != code for one in self.products for prefix in one.codes)


@cache
def origin_rules() -> Mapping[str, OriginRules]:
    """Return the shipped rules of origin by agreement."""
    text = files("landed_cost.rulebook").joinpath("origin_rules.yaml").read_text("utf-8")
    return read_origin_rules(read_text(text, "origin_rules.yaml"))


def conditions(rules: Mapping[str, OriginRules]) -> list[str]:
    """Return the names of the conditions that only a seller can answer for, in order of the alphabet.

    >>> "usmca.61.notes" in conditions(origin_rules())
    True
    """
    found: set[str] = set()
    waiting: list[Rule] = [one.rule for each in rules.values() for one in each.products]
    for rule in waiting:
        if isinstance(rule, Confirmed):
            found.add(rule.name)
        elif isinstance(rule, All | Either):
            waiting += rule.parts
    return sorted(found)


def read_origin_rules(root: Node) -> dict[str, OriginRules]:
    """Read ``origin_rules.yaml``: one entry for each agreement; an error names file and line."""
    found: dict[str, OriginRules] = {}
    for node in root.items():
        agreement = node.need("agreement").text()
        if agreement in found:
            raise node.fail(f"the rules of {agreement} stand twice; put them together")
        found[agreement] = _rules(node, agreement)
        node.done()
    return found


def _rules(node: Node, agreement: str) -> OriginRules:
    evidence = read_evidence(node, node.need("what").translated())
    tolerance = node.get("tolerance")
    listed = node.get("products")
    return OriginRules(
        evidence=evidence,
        agreement=agreement,
        price=_price(node.need("price")),
        tolerance=None if tolerance is None else tolerance.number(),
        tolerance_not=node.take("tolerance_not", Node.texts, ()),
        insufficient=frozenset(_operations(node.need("insufficient"), node.need("insufficient").texts())),
        cumulation=node.take("cumulation", Node.texts, ()),
        transport=node.need("transport").translated(),
        read=node.need("read").text(),
        products=tuple(_product(one, evidence) for one in listed.items()) if listed else (),
    )


def _price(node: Node) -> Literal["fob", "ex_works"]:
    return "fob" if node.word("fob", "ex_works") == "fob" else "ex_works"


def _operations(node: Node, found: tuple[str, ...]) -> tuple[str, ...]:
    for name in found:
        if name not in OPERATIONS:
            raise node.fail(f"{name!r} is no operation; known are {', '.join(OPERATIONS)}")
    return found


def _product(node: Node, general: Evidence) -> ProductRule:
    found = ProductRule(node.need("codes").texts(), _rule(node.need("rule")), node.need("cite").text(), general)
    node.done()
    return found


def _rule(node: Node) -> Rule:
    parts = list(node.map())
    for key in ("all", "any"):
        if key in parts:
            each = tuple(_rule(one) for one in node.need(key).items())
            node.done()
            return All(each) if key == "all" else Either(each)
    if "change" in parts:
        level = node.need("change").word(*DIGITS)
        rule: Rule = Change(
            level,  # type: ignore[arg-type]  # one of the words asked for
            node.take("outside", Node.texts, ()),
            node.take("also", Node.texts, ()),
        )
    elif "content" in parts:
        content = node.need("content")
        rule = Content({method: one.number() for method in METHODS if (one := content.get(method)) is not None})
        content.done()
    elif "foreign" in parts:
        limits = node.get("by_country")
        rule = Foreign(
            node.need("foreign").number(),
            {} if limits is None else {country: one.number() for country, one in limits.map().items()},
        )
    elif "made" in parts:
        made = node.need("made")
        rule = Made(tuple(_operations(made, tuple(group.split(" or "))) for group in made.texts()))
    else:
        rule = Confirmed(node.need("confirmed").text(), node.need("text").translated())
    node.done()
    return rule
