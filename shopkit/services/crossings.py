"""What goes to customs as one, and the limits that lie between sending goods apart and sending them together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Literal

from landed_cost import origins
from landed_cost.money import Money, decimal_text, half_up, to_minor
from shopkit.papers import forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from landed_cost.freight import FreightBasis
    from shopkit.packing import Packing, Piece
    from shopkit.services.context import Services
    from shopkit.services.orders import Order

Json = dict[str, Any]
_SDR: Final = "XDR"


@dataclass(frozen=True, slots=True)
class Part:
    """Pieces of an order that go in one consignment: how many of each line, and the pieces themselves."""

    order: Order
    counts: tuple[int, ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Consignment:
    """What goes to customs as one: its parts, its boxes, its freight and its quote as it is stored (all languages).

    ``gross_grams`` is without boxes where none was chosen (``has_boxes``), ``None`` where a piece was not weighed;
    ``basis`` is the freight of each box, empty where no service of a card has a price.
    """

    parts: tuple[Part, ...]
    packing: Packing
    gross_grams: int | None
    has_boxes: bool
    basis: tuple[FreightBasis, ...]
    quote: Json

    @property
    def currency(self) -> str:
        """The currency of its quote."""
        return str(self.quote["currency"])

    def total(self, name: str) -> Money | None:
        """Return one of its totals; ``None`` where the quote does not know it."""
        text = self.quote["totals"][name]
        return None if text is None else Money(to_minor(Decimal(text), self.currency), self.currency)


@dataclass(frozen=True, slots=True)
class Crossing:
    """A limit that each consignment keeps to and all of them together pass.

    ``apart`` and ``together`` are the values that are compared, in the limit's currency. One that is not ``certain``
    hangs on whether the law counts the freight. ``evades``: staying under it by cutting a purchase is refused.
    """

    id: str
    kind: Literal["import", "export", "form"]
    what: Mapping[str, str]
    limit: str
    apart: tuple[str, ...]
    together: str
    certain: bool = True
    evades: bool = True


def items(parts: Iterable[Part]) -> Iterable[Json]:
    """Yield the items of a consignment as the orders were quoted, with the pieces that go in it."""
    for part in parts:
        for line, many in enumerate(part.counts):
            if many:
                item = part.order.request["items"][line]
                yield item | {"id": f"{part.order.number}-{line + 1}", "quantity": str(many)}


def crossings(
    services: Services, apart: Sequence[Consignment], together: Consignment, country: str, channel: str, on: date
) -> Iterable[Crossing]:
    """Yield every limit that the quotes rest on which each keeps to and all together pass."""
    law, rates = services.rulebook.at(country, on), services.rulebook.rates
    rested = {rule["id"] for one in (*apart, together) for rule in one.quote.get("rules", ())}
    for id_ in sorted(rested & law.limits.keys()):
        fact, limit = law.limits[id_]
        if fact is None or limit is None:
            continue
        most, currency = limit
        sides = {}
        for name in ("goods", "customs_value"):
            values = [
                rates.convert_minor(value.minor, value.currency, currency)
                for one in (*apart, together)
                if (value := one.total(name)) is not None
            ]
            if len(values) == len(apart) + 1:
                sides[name] = values
        passed = [name for name, values in sides.items() if max(values[:-1]) <= most < values[-1]]
        if passed:
            texts = [f"{Money(one, currency).text} {currency}" for one in sides[passed[0]]]
            shown = f"{Money(most, currency).text} {currency}"
            yield Crossing(
                id_, "import", fact.what, shown, tuple(texts[:-1]), texts[-1], certain=len(passed) == len(sides)
            )
    yield from _leaving(services, apart, together, channel, on)
    if channel == "postal":
        yield from _form(services, apart, together, on)


def _leaving(
    services: Services, apart: Sequence[Consignment], together: Consignment, channel: str, on: date
) -> Iterable[Crossing]:
    """Yield the simplified ways out that serve each consignment and do not serve all of them together."""
    verdicts = [_ways_out(services, one, channel, on) for one in (*apart, together)]
    for id_, (verdict, what) in verdicts[-1].items():
        if verdict == "no" and all(one.get(id_, ("", {}))[0] == "yes" for one in verdicts[:-1]):
            values = [_said(one) for one in (*apart, together)]
            yield Crossing(id_, "export", what, "", tuple(values[:-1]), values[-1])


def _ways_out(services: Services, one: Consignment, channel: str, on: date) -> dict[str, tuple[str, Mapping[str, str]]]:
    request = one.parts[0].order.request
    parcel = origins.Parcel(
        request["dispatch"]["country"].upper() if request.get("dispatch") else "",
        request["destination"]["country"].upper(),
        channel,
        on,
        one.total("goods"),
        None if one.gross_grams is None or not one.has_boxes else Fraction(one.gross_grams, 1000),
        tuple(str(item.get("hs_code") or "") for item in items(one.parts)),
    )
    return {
        found.regime.id: (found.verdict, found.regime.name) for found in origins.eligible(parcel, services.rulebook)
    }


def _said(one: Consignment) -> str:
    goods = one.total("goods")
    value = "?" if goods is None else f"{goods.text} {goods.currency}"
    return value if one.gross_grams is None else f"{value}, {Decimal(one.gross_grams) / 1000} kg"


def _form(services: Services, apart: Sequence[Consignment], together: Consignment, on: date) -> Iterable[Crossing]:
    """Yield the value from which a letter needs CN 23, where it lies between: a form more, and no evasion."""
    rates = services.rulebook.rates
    goods = [one.total("goods") for one in (*apart, together)]
    known = [one for one in goods if one is not None]
    if len(known) < len(goods):
        return
    chosen = [forms.choose("letter", one.minor, one.currency, rates, on) for one in known]
    if chosen[-1].reason == "form_from" and all(one.reason == "form_below" for one in chosen[:-1]):
        worth = [f"{_hundredths(rates.factor(one.currency, _SDR) * Fraction(Decimal(one.text)))} SDR" for one in known]
        what = {"en": "CN 23 instead of CN 22", "es": "CN 23 en vez de CN 22", "pt": "CN 23 em vez de CN 22"}
        yield Crossing(
            "upu.cn22", "form", what, f"{forms.THRESHOLD} SDR", tuple(worth[:-1]), worth[-1], certain=True, evades=False
        )


def _hundredths(number: Fraction) -> str:
    return decimal_text(half_up(number.numerator * 100, number.denominator), 2)
