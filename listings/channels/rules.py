"""What a channel asks of the fields of a record, as dated data: what must be there, how long, which words, which form.

Lengths of titles and descriptions are those of ``channels.yaml``, which quality and length counters read as well; all
else stands in a file per channel under ``fields``, with source and evidence of every line. Nothing is cut or mended
here: it is told, so that the seller says which words go.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal, cast, get_args

from landed_cost.rulebook.reader import read_text
from listings.channels.forms import FORMS, PRICE
from listings.channels.limits import STATUSES, channels
from listings.channels.port import Finding
from listings.channels.text import FORBIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from landed_cost.rulebook.reader import Node
    from listings.channels.port import Feed, Record

# required  one of the fields (``brand|gtin|mpn``) is there
# max       characters of Unicode after NFC     max_bytes  bytes of UTF-8
# most      how many values a field has         one_of     the values it may have
# form      what it has to look like, one of ``forms.FORMS``
Check = Literal["required", "max", "max_bytes", "most", "one_of", "form"]
CHECKS: Final[tuple[Check, ...]] = get_args(Check)
_MOST_SHOWN: Final = 60
# Fields whose currency is that of the market, wherever they stand.
_MONEY: Final = frozenset({"price", "sale_price", "regular_price", "compare_at", "shippingRate"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a channel's rules; of its fields ``shipping.price`` is a part of each value of ``shipping``."""

    fields: tuple[str, ...]
    check: Check
    value: tuple[str, ...]
    since: date
    until: date | None
    markets: tuple[str, ...]
    status: str
    source: str
    is_warning: bool = False

    def holds(self, market: str, on: date) -> bool:
        """Whether it holds in a market on a day."""
        in_time = self.since <= on and (self.until is None or on <= self.until)
        return in_time and (not self.markets or market in self.markets)

    @property
    def number(self) -> int:
        """The value of a length or a count."""
        return int(self.value[0])


@cache
def rules_of(channel: str) -> tuple[Rule, ...]:
    """Return a channel's rules: the limits of ``channels.yaml``, then the lines of its own file."""
    text = files(__package__).joinpath(f"fields/{channel}.yaml").read_text("utf-8")
    return rules_from(channel, text, f"fields/{channel}.yaml")


def rules_from(channel: str, text: str, name: str) -> tuple[Rule, ...]:
    """Return the rules that a file says; ``texts`` in it tells which fields hold title and description."""
    top = read_text(text, name, begin="texts: {title: [title], description: [description]}").map()
    texts = {field: node.texts() for field, node in top["texts"].map().items()}
    limits = (
        # What is our own advice and nobody's rule holds nothing back.
        Rule(
            *((path,), "max", (str(one.value),), one.since, one.until, one.markets, one.status, one.source),
            is_warning=one.status == "own",
        )
        for one in channels()[channel].limits
        for path in texts.get(one.field, ())
        if not one.least
    )
    return (*limits, *(_rule(node) for node in top["fields"].items()))


def check(
    rules: Iterable[Rule], record: Record, feed: Feed, number: int | None = None, *, key: str = "id"
) -> list[Finding]:
    """Return what is wrong with a record, in the order of the rules; a field is told once for each rule.

    ``key`` is the field with the id.
    """
    id_ = next((text for _, text in _values(record, key)), "") or next((text for _, text in texts_of(record)), "")
    found: list[Finding] = []

    def wrong(field: str, rule: str, *, is_warning: bool = False, **values: str) -> None:
        found.append(Finding(id_[:_MOST_SHOWN], field, rule, values, number, is_warning))

    texts = tuple(texts_of(record))
    unclean = {path for path, text in texts if FORBIDDEN.search(text)}
    for path in sorted(unclean):
        wrong(path, "forbidden", sign=_first(path, record))
    for rule in rules:
        if not rule.holds(feed.market, feed.on):
            continue
        said = _broken(rule, record)
        if said is not None and said[0] not in unclean:
            wrong(said[0], rule.check if rule.check != "form" else rule.value[0], is_warning=rule.is_warning, **said[1])
    for path, text in texts:
        money = PRICE.fullmatch(text) if path.rpartition(".")[2] in _MONEY else None
        if money is not None and money[2] != feed.currency:
            wrong(path, "currency", currency=money[2], wanted=feed.currency, market=feed.market)
    return found


def texts_of(record: Record) -> Iterator[tuple[str, str]]:
    """Return every text of a record with its path."""
    for name in record:
        yield from _values(record, name, deep=True)


def _broken(rule: Rule, record: Record) -> tuple[str, Mapping[str, str]] | None:
    """Return the first field that breaks a rule, with the words of its sentence."""
    if rule.check == "required":
        return _missing(rule, record)
    for path in rule.fields:
        if path.partition(".")[0] not in record:
            # Most rules are about fields that most rows do not have.
            continue
        values = [text for _, text in _values(record, path)]
        if rule.check == "most":
            if len(values) > rule.number:
                return path, {"limit": rule.value[0], "count": str(len(values))}
            continue
        for text in values:
            said = _of_text(rule, text)
            if said is not None:
                return path, said
    return None


def _missing(rule: Rule, record: Record) -> tuple[str, Mapping[str, str]] | None:
    names = {"names": ", ".join(rule.fields)}
    for path in rule.fields:
        parent, _, part = path.rpartition(".")
        if not parent:
            held = record.get(path)
            if isinstance(held, str) and held.strip():
                return None
            if any(text.strip() for _, text in _values(record, path, deep=True)):
                return None
            continue
        # A part is asked of every value that is there, not of a field that is not.
        if all(isinstance(one, dict) and _said(one.get(part)) for one in _held(record, parent)):
            return None
    return rule.fields[0], names


def _said(held: Any) -> bool:  # noqa: ANN401 - a part of a record
    return bool(held.strip() if isinstance(held, str) else held)


def _of_text(rule: Rule, text: str) -> Mapping[str, str] | None:
    if rule.check == "max" and len(unicodedata.normalize("NFC", text)) > rule.number:
        return {"limit": rule.value[0], "count": str(len(unicodedata.normalize("NFC", text)))}
    if rule.check == "max_bytes" and len(text.encode("utf-8", "surrogatepass")) > rule.number:
        return {"limit": rule.value[0], "count": str(len(text.encode("utf-8", "surrogatepass")))}
    if rule.check == "one_of" and text not in rule.value:
        return {"value": text[:_MOST_SHOWN], "known": ", ".join(rule.value)}
    if rule.check == "form" and not FORMS[rule.value[0]](text):
        return {"value": text[:_MOST_SHOWN]}
    return None


def _values(record: Record, path: str, *, deep: bool = False) -> Iterator[tuple[str, str]]:
    """Return the texts of a field or of a part of it; ``deep`` goes into all parts."""
    for one in _held(record, path):
        if isinstance(one, str):
            yield path, one
        elif deep:
            for key in cast("dict[str, Any]", one):
                yield from ((f"{path}.{where}", text) for where, text in _values(one, key, deep=True))
        else:
            # As many values as there are, for counting; what is in them has rules of its own.
            yield path, ""


def _held(record: Record, path: str) -> list[Any]:
    """Return what stands at a path, one value for each of the values that it is a part of."""
    held: list[Any] = [record]
    for name in path.split("."):
        parts = [one[name] for one in held if isinstance(one, dict) and one.get(name) is not None]
        held = [one for part in parts for one in (part if isinstance(part, list) else (part,))]
    return held


def _first(path: str, record: Record) -> str:
    text = next(text for where, text in texts_of(record) if where == path and FORBIDDEN.search(text))
    found = FORBIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def _rule(node: Node) -> Rule:
    check_ = cast("Check", node.need("rule").word(*CHECKS))
    given = node.get("value")
    value: tuple[str, ...] = ()
    if check_ in {"max", "max_bytes", "most"}:
        value = (str(node.need("value").whole()),)
    elif check_ == "form":
        value = (node.need("value").word(*FORMS),)
    elif check_ == "one_of":
        value = node.need("value").texts()
    elif given is not None:
        raise given.fail("a field that is required has no value to compare with")
    found = Rule(
        tuple(node.need("field").text().split("|")),
        check_,
        value,
        node.need("since").day(),
        node.take("until", lambda one: one.day(), None),
        node.take("markets", lambda one: one.texts(), ()),
        node.need("status").word(*STATUSES),
        node.need("source").text(),
        node.take("warning", lambda one: one.flag(), default=False),
    )
    node.done()
    return found
