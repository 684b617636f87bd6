"""The export side as dated data: what a country of dispatch asks of a parcel that leaves it, and what it gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from landed_cost.currencies import is_known
from landed_cost.model import Texts
from landed_cost.rulebook.facts import Evidence, FactBook, read_evidence, read_fact
from landed_cost.rulebook.reader import Node
from landed_cost.rulebook.table import is_prefix

T = TypeVar("T")
EVERYWHERE: Final = "*"
CHANNELS: Final = ("postal", "courier", "freight")
KINDS: Final = ("advice", "declaration", "fee", "prohibition", "refund", "repatriation", "tax", "vat")
_COMPARISONS: Final = ("at_most", "below", "over", "at_least")


@dataclass(frozen=True, slots=True)
class Limit:
    """A comparison with a fact: at the limit ``at_most`` and ``at_least`` hold, ``below`` and ``over`` do not."""

    comparison: str
    fact: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Which parcels a rule concerns; an empty field asks nothing."""

    channels: frozenset[str] = frozenset()
    destinations: frozenset[str] = frozenset()
    destinations_not: frozenset[str] = frozenset()
    hs: tuple[str, ...] = ()
    hs_not: tuple[str, ...] = ()
    goods: Limit | None = None
    weight: Limit | None = None


@dataclass(frozen=True, slots=True)
class ExportRegime:
    """A simplified way out: for which parcels, who files what, what it leaves out, and what it costs."""

    id: str
    name: Texts
    scope: Scope
    files: Texts
    excludes: Texts | None
    cost: str | None


@dataclass(frozen=True, slots=True)
class ExportAdvice:
    """A duty, a refund or a remark at export; ``rate`` is a fact in percent of the value, ``amount`` one of money."""

    evidence: Evidence
    kind: str
    scope: Scope
    message: Texts
    rate: str | None
    amount: str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Everything that is known of the export side of one country, for all dates."""

    country: str
    name: Texts
    facts: FactBook
    simplified: tuple[ExportRegime, ...]
    advisories: tuple[ExportAdvice, ...]


@dataclass(slots=True)
class _Reading:
    """What the rows of one country may name."""

    facts: FactBook
    ids: dict[str, str] = field(default_factory=dict)

    def unique(self, node: Node) -> str:
        """Return the id of a row, or an error if another has it."""
        id_ = node.need("id").text()
        if id_ in self.ids:
            raise node.fail(f"{id_} stands in {self.ids[id_]} already; ids are unique")
        self.ids[id_] = node.where
        return id_

    def fact(self, node: Node, wanted: Callable[[str], bool], what: str) -> str:
        """Return the id of a fact whose unit is as wanted."""
        id_ = node.text()
        if id_ not in self.facts:
            raise node.fail(f"fact {id_!r} does not exist; add it under facts")
        unit = self.facts.rows(id_)[0].unit
        if not wanted(unit):
            raise node.fail(f"fact {id_!r} is in {unit}; {what} is needed here")
        return id_


def read_origins(root: Node) -> Mapping[str, Origin]:
    """Read ``origins.yaml``: a list of countries of dispatch, each once; what ``*`` says holds in all of them."""
    found: dict[str, Origin] = {}
    for node in root.items():
        origin = _origin(node)
        if origin.country in found:
            raise node.fail(f"country {origin.country} stands twice; keep one")
        found[origin.country] = origin
        node.done()
    everywhere = found.pop(EVERYWHERE, None)
    if everywhere is None:
        return found
    return {
        country: replace(one, advisories=(*one.advisories, *everywhere.advisories)) for country, one in found.items()
    }


def _origin(node: Node) -> Origin:
    facts, listed = [], node.get("facts")
    for child in listed.items() if listed else ():
        facts.append(read_fact(child))
        child.done()
    reading = _Reading(FactBook(facts))
    return Origin(
        country=node.need("country").text(),
        name=node.need("name").translated(),
        facts=reading.facts,
        simplified=tuple(_rows(node, "simplified", lambda child: _regime(child, reading))),
        advisories=tuple(_rows(node, "advisories", lambda child: _advice(child, reading))),
    )


def _rows(node: Node, key: str, read: Callable[[Node], T]) -> list[T]:
    listed = node.get(key)
    found = []
    for child in listed.items() if listed else ():
        found.append(read(child))
        child.done()
    return found


def _regime(node: Node, reading: _Reading) -> ExportRegime:
    excludes = node.get("excludes")
    return ExportRegime(
        id=reading.unique(node),
        name=node.need("name").translated(),
        scope=_scope(node.need("when"), reading),
        files=node.need("files").translated(),
        excludes=None if excludes is None else excludes.translated(),
        cost=node.take("cost", lambda found: reading.fact(found, is_known, "a currency"), None),
    )


def _advice(node: Node, reading: _Reading) -> ExportAdvice:
    reading.unique(node)
    rate, amount, message = node.get("rate"), node.get("amount"), node.need("message").translated()
    if rate is not None and amount is not None:
        raise node.fail("an advice has a rate or an amount; keep one")
    when = node.get("when")
    return ExportAdvice(
        evidence=read_evidence(node, message),
        kind=node.need("kind").word(*KINDS),
        scope=Scope() if when is None else _scope(when, reading),
        message=message,
        rate=None if rate is None else reading.fact(rate, lambda unit: unit == "percent", "percent"),
        amount=None if amount is None else reading.fact(amount, is_known, "a currency"),
    )


def _scope(node: Node, reading: _Reading) -> Scope:
    scope = Scope(
        channels=frozenset(node.take("channel", _channels, ())),
        destinations=frozenset(node.take("destination", Node.texts, ())),
        destinations_not=frozenset(node.take("destination_not", Node.texts, ())),
        hs=node.take("hs", _prefixes, ()),
        hs_not=node.take("hs_not", _prefixes, ()),
        goods=node.take("goods", lambda found: _limit(found, reading, is_known, "a currency"), None),
        weight=node.take("weight", lambda found: _limit(found, reading, lambda unit: unit == "kg", "kg"), None),
    )
    node.done()
    return scope


def _channels(node: Node) -> tuple[str, ...]:
    return tuple(child.word(*CHANNELS) for child in node.items())


def _prefixes(node: Node) -> tuple[str, ...]:
    for child in node.items():
        if not is_prefix(child.text()):
            raise child.fail(f"{child.value!r} is not an HS prefix; write digits only, in quotes")
    return node.texts()


def _limit(node: Node, reading: _Reading, wanted: Callable[[str], bool], what: str) -> Limit:
    written = [key for key in _COMPARISONS if node.has(key)]
    if len(written) != 1:
        raise node.fail(f"write exactly one of {', '.join(_COMPARISONS)}")
    fact = reading.fact(node.need(written[0]), wanted, what)
    node.done()
    return Limit(written[0], fact)
