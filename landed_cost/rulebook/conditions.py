"""When a rule applies: conditions of three values, *yes* (True), *no* (False) and *perhaps* (None).

*Perhaps* is an answer that was not given: a list that is not at hand, a use nobody declared. It is never taken for no:
the engine reckons both ways and shows the range.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from landed_cost.rulebook.attributes import ATTRIBUTES, attributes
from landed_cost.rulebook.comparisons import VALUES, gross_weight, money_value, parcels_this_year, pieces
from landed_cost.rulebook.logic import Answer, Mentions, Test, all_hold, any_holds, negate
from landed_cost.rulebook.reader import Node
from landed_cost.rulebook.table import is_prefix, shorter_codes

if TYPE_CHECKING:
    from landed_cost.run import Run

T = TypeVar("T")
_NONE: Final = frozenset[Any]()
_TERMS: Final = ("DAP", "DDP", "EXW", "FCA", "FOB", "CPT", "CIP", "CFR", "CIF", "DPU")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_DYNAMIC: Final = frozenset(
    {
        *VALUES,
        "exported",
        "gross_weight",
        "parcels_this_year",
        "pieces",
        "postal_code",
        "charged",
        "some_item",
        "every_item",
    }
)
_OF_ITEMS: Final = frozenset(
    {"origin", "origin_not", "hs", "hs_not", "list", "claimed", "attribute", "charged", "pieces"}
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A test and what it mentions, so that the loader can check every name.

    ``static`` is the part whose answer holds for every consignment of such goods by such a way on such a day,
    ``dynamic`` the part that looks at amounts or at other items (``None``: there is no such part). ``limits`` are the
    facts compared with an amount, ``days`` those on which an answer may change by date alone.
    """

    test: Test
    static: Test
    dynamic: Test | None = None
    facts: frozenset[str] = frozenset()
    limits: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    charges: frozenset[str] = frozenset()
    agreements: frozenset[str] = frozenset()
    days: frozenset[date] = frozenset()
    item_level: bool = False
    # Whether it asks what is claimed for, or falls on, other items of the consignment.
    crosses: bool = False
    # Whether it asks anything at all of other items.
    asks_others: bool = False
    # Charges of which one must fall for it to hold, whatever else it asks.
    must: frozenset[str] = frozenset()
    # Chapters outside which it never holds (``None``: it may hold anywhere), so that few rows are asked of an item.
    chapters: frozenset[str] | None = None


def _always(_run: "Run", _index: int) -> Answer:
    return True


ALWAYS: Final = Condition(_always, _always)


def read_condition(node: Node | None) -> Condition:
    """Return the condition that a map of ``when`` writes; an absent or empty map always holds."""
    if node is None or not node.map():
        return ALWAYS
    seen = Mentions()
    static: list[Test] = []
    dynamic: list[Test] = []
    for key, value in node.map().items():
        node.taken.add(key)
        seen.is_dynamic = False
        test = _key_test(key, value, seen)
        (dynamic if seen.is_dynamic else static).append(test)
    return Condition(
        all_hold(static + dynamic),
        all_hold(static) if static else _always,
        all_hold(dynamic) if dynamic else None,
        _kept(seen.facts),
        _kept(seen.limits),
        _kept(seen.lists),
        _kept(seen.charges),
        _kept(seen.agreements),
        _kept(seen.days),
        seen.item_level,
        seen.crosses,
        seen.asks_others,
        frozenset(node.need("charged").texts()) if "charged" in node.map() else _NONE,
        frozenset(prefix[:2] for prefix in node.need("hs").texts()) if "hs" in node.map() else None,
    )


def _kept(found: set[T]) -> frozenset[T]:
    """Return what is mentioned; thousands of conditions mention nothing of a sort, and share that."""
    return frozenset(found) if found else _NONE


def _map_test(node: Node, seen: Mentions) -> Test:
    tests = []
    for key, value in node.map().items():
        node.taken.add(key)
        tests.append(_key_test(key, value, seen))
    return all_hold(tests)


def _key_test(key: str, value: Node, seen: Mentions) -> Test:
    reader = _READERS.get(key)
    if reader is None:
        raise value.fail(f"unknown condition {key!r}; known: {', '.join(sorted(_READERS))}")
    seen.item_level |= key in _OF_ITEMS
    seen.is_dynamic |= key in _DYNAMIC
    seen.asks_claims |= key in ("claimed", "charged")
    return reader(value, seen)


def _one_of(get: Callable[["Run"], str | None], *known: str) -> Callable[[Node, Mentions], Test]:
    """The value is in a list; ``known`` are the only ones it can have, none for codes of countries."""

    def read(node: Node, _seen: Mentions) -> Test:
        if known:
            allowed = frozenset(child.word(*known) for child in node.items())
        else:
            allowed = frozenset(_country(child) for child in node.items())
        return lambda run, _index: get(run) in allowed

    return read


def _country(node: Node) -> str:
    text = node.text()
    if not _COUNTRY.fullmatch(text):
        raise node.fail(f"{text!r} is no code of a country; write two capitals, in quotes")
    return text


def _none_of(get: Callable[["Run"], str | None]) -> Callable[[Node, Mentions], Test]:
    def read(node: Node, seen: Mentions) -> Test:
        return negate(_one_of(get)(node, seen))

    return read


def _region(node: Node, _seen: Mentions) -> Test:
    allowed = frozenset(node.texts())

    def test(run: "Run", _index: int) -> Answer:
        region = run.shipment.destination.region
        if region is None:
            run.why.append(("region.absent", ""))
            return None
        return region in allowed

    return test


def _postal_code(node: Node, _seen: Mentions) -> Test:
    """Read how postal codes begin. One that was not given begins like none: the place is then the usual one."""
    prefixes = node.texts()

    def test(run: "Run", _index: int) -> Answer:
        code = run.shipment.destination.postal_code
        return code is not None and code.strip().upper().startswith(prefixes)

    return test


def _origin(node: Node, _seen: Mentions) -> Test:
    allowed = frozenset(_country(child) for child in node.items())

    def test(run: "Run", index: int) -> Answer:
        origin = run.items[index].origin
        if origin is None:
            run.why.append(("origin.absent", ""))
            return None
        return origin in allowed

    return test


def _origin_not(node: Node, seen: Mentions) -> Test:
    return negate(_origin(node, seen))


def _hs(node: Node, _seen: Mentions) -> Test:
    prefixes = node.texts()
    for child, prefix in zip(node.items(), prefixes, strict=True):
        if not is_prefix(prefix):
            raise child.fail(f"{prefix!r} is not an HS prefix; write digits only, in quotes")
    shorter = shorter_codes(prefixes)

    def test(run: "Run", index: int) -> Answer:
        code = run.code(index)
        if code.startswith(prefixes):
            return True
        if code in shorter:
            run.why.append(("list.not_loaded", prefixes[0]))
            return None
        return False

    return test


def _hs_not(node: Node, seen: Mentions) -> Test:
    return negate(_hs(node, seen))


def _list(node: Node, seen: Mentions) -> Test:
    name = node.text()
    seen.lists.add(name)
    return lambda run, index: run.on_list(name, index)


def _claimed(node: Node, seen: Mentions) -> Test:
    if node.value == "any":
        return lambda run, index: run.claims[index] is not None
    allowed = frozenset(node.texts())
    seen.agreements |= allowed
    return lambda run, index: run.claims[index] in allowed


def _attribute(node: Node, _seen: Mentions) -> Test:
    tests = []
    for name, value in node.map().items():
        node.taken.add(name)
        if name not in ATTRIBUTES:
            raise value.fail(f"unknown attribute {name!r}; known: {', '.join(sorted(ATTRIBUTES))}")
        wanted = value.texts() if isinstance(value.value, list) else (value.text(),)
        for one in wanted:
            if not attributes()[name].allows(one):
                known = ", ".join(attributes()[name].values)
                raise value.fail(f"{one!r} is no answer to {name}; known: {known}")
        tests.append(_attribute_is(name, frozenset(wanted)))
    return all_hold(tests)


def _attribute_is(name: str, wanted: frozenset[str]) -> Test:
    def test(run: "Run", index: int) -> Answer:
        given = run.items[index].attributes.get(name)
        if given is None:
            run.why.append(("attribute.absent", name))
            return None
        return given in wanted

    return test


def _charged(node: Node, seen: Mentions) -> Test:
    ids = frozenset(node.texts())
    seen.charges |= ids
    return lambda run, index: run.was_charged(ids, index)


def _scheme(node: Node, _seen: Mentions) -> Test:
    name = node.text()
    return lambda run, _index: name in run.shipment.seller.schemes


def _registered(node: Node, _seen: Mentions) -> Test:
    country = node.text()
    return lambda run, _index: country in run.shipment.seller.registrations


def _date(node: Node, seen: Mentions) -> Test:
    first, last = node.take("from", Node.day, date.min), node.take("to", Node.day, date.max)
    node.done()
    if last < first:
        raise node.fail(f"the last day {last} is before the first {first}")
    seen.days.add(first)
    if last < date.max:
        seen.days.add(last + timedelta(days=1))
    return lambda run, _index: first <= run.shipment.date <= last


def _exported(node: Node, _seen: Mentions) -> Test:
    """Read days of export. A day that was not given lies in none: whoever needs it to be asked asks."""
    first, last = node.take("from", Node.day, date.min), node.take("to", Node.day, date.max)
    node.done()
    if last < first:
        raise node.fail(f"the last day {last} is before the first {first}")

    def test(run: "Run", _index: int) -> Answer:
        given = run.shipment.exported_on
        return given is not None and first <= given <= last

    return test


def _in_force(node: Node, seen: Mentions) -> Test:
    id_ = node.text()
    seen.facts.add(id_)
    return lambda run, _index: run.law.state(id_) != "none"


def _of_items(node: Node, seen: Mentions) -> Test:
    outside = seen.item_level, seen.asks_claims
    seen.asks_claims, seen.asks_others = False, True
    test = _map_test(node, seen)
    seen.crosses |= seen.asks_claims
    seen.item_level, seen.asks_claims = outside
    return test


def _some_item(node: Node, seen: Mentions) -> Test:
    test = _of_items(node, seen)

    def some(run: "Run", _index: int) -> Answer:
        answers = [test(run, index) for index in range(len(run.items))]
        return True if True in answers else None if None in answers else False

    return some


def _every_item(node: Node, seen: Mentions) -> Test:
    test = _of_items(node, seen)

    def every(run: "Run", _index: int) -> Answer:
        answers = [test(run, index) for index in range(len(run.items))]
        return False if False in answers else None if None in answers else True

    return every


def _many(combine: Callable[[list[Test]], Test]) -> Callable[[Node, Mentions], Test]:
    def read(node: Node, seen: Mentions) -> Test:
        return combine([_map_test(child, seen) for child in node.items()])

    return read


def _not(node: Node, seen: Mentions) -> Test:
    return negate(_map_test(node, seen))


_READERS: Final[dict[str, Callable[[Node, Mentions], Test]]] = {
    "channel": _one_of(lambda run: run.shipment.channel, "postal", "courier", "freight"),
    "transport": _one_of(lambda run: run.shipment.transport, "air", "sea", "road"),
    "terms": _one_of(lambda run: run.shipment.terms, *_TERMS),
    "importer": _one_of(lambda run: run.shipment.importer.kind, "consumer", "business"),
    "region": _region,
    # A region that was not given is none of these: for places that nobody means who does not name them.
    "named_region": _one_of(lambda run: run.shipment.destination.region),
    "postal_code": _postal_code,
    "dispatch": _one_of(lambda run: run.shipment.dispatch.country),
    "dispatch_not": _none_of(lambda run: run.shipment.dispatch.country),
    "scheme": _scheme,
    "registered": _registered,
    "date": _date,
    "exported": _exported,
    "in_force": _in_force,
    "some_item": _some_item,
    "every_item": _every_item,
    "origin": _origin,
    "origin_not": _origin_not,
    "hs": _hs,
    "hs_not": _hs_not,
    "list": _list,
    "claimed": _claimed,
    "attribute": _attribute,
    "charged": _charged,
    "any": _many(any_holds),
    "all": _many(all_hold),
    "not": _not,
    "gross_weight": gross_weight,
    "parcels_this_year": parcels_this_year,
    "pieces": pieces,
    **{name: money_value(name) for name in VALUES},
}
