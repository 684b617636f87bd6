"""Orders of one person sent apart or together: both ways quoted, what differs, what is refused.

Every amount is the engine's: the orders' own requests are asked again for one day, with the freight of the boxes that
the goods take. What was sent the same day to the same person is told to the quotes that come after it, so that an
allowance of a day is not counted twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from landed_cost.freight import FreightError, Parcel, price
from landed_cost.model import Place
from landed_cost.money import Money, to_minor
from shopkit.packing import MOST_PIECES, TooManyPiecesError, pack
from shopkit.packing.splits import rule_for, tie_of
from shopkit.services import boxes, freight, quotes
from shopkit.services.crossings import Consignment, Crossing, Part, crossings, items
from shopkit.services.packing import load_all, pieces_of
from shopkit.services.problems import RequestError, RequestProblem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from landed_cost.freight import FreightBasis
    from shopkit.packing import Box, Packing, Piece
    from shopkit.packing.splits import SplitRule, Tie
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.orders import Order

Json = dict[str, Any]
# What a consignment keeps of an order's request: the rest (freight, parcel, days) is another one's when it is sent.
_KEPT: Final = ("dispatch", "destination", "channel", "transport", "terms", "place", "currency", "seller")
TOTALS: Final = ("goods", "freight", "duties", "taxes", "fees", "import_charges", "landed")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both ways: ``rule`` says which parcels are one purchase, ``tie`` what these have to do with each other."""

    apart: tuple[Consignment, ...]
    together: Consignment
    crossings: tuple[Crossing, ...]
    rule: SplitRule
    tie: Tie

    @property
    def is_split_refused(self) -> bool:
        """Whether sending them apart would cut one purchase so that each part stays under a limit."""
        return self.rule.binds(self.tie) and any(one.evades and one.certain for one in self.crossings)

    @property
    def is_split_doubtful(self) -> bool:
        """Whether it may be so: it hangs on what the law counts into the value."""
        found = any(one.evades and not one.certain for one in self.crossings)
        return not self.is_split_refused and self.rule.binds(self.tie) and found

    def sums(self, name: str) -> tuple[Money | None, Money | None, Money | None]:
        """Return a total apart, together, and what going together saves; ``None`` is not known."""
        parts = [one.total(name) for one in self.apart]
        known = [one for one in parts if one is not None]
        whole = self.together.total(name)
        if len(known) < len(parts) or not known:
            return None, whole, None
        apart = Money(sum(one.minor for one in known), known[0].currency)
        saved = None if whole is None else Money(apart.minor - whole.minor, apart.currency)
        return apart, whole, saved


def compare(
    services: Services,
    actor: Actor,
    order_ids: Sequence[str],
    *,
    card: str | None = None,
    service: str | None = None,
    on: date | None = None,
) -> Comparison:
    """Compare sending orders of one person apart and together; ``OrderNotFoundError``, ``RequestError``.

    Freight is that of ``service`` of ``card``, else of the cheapest service of the seller's cards (without any, of the
    illustrative one) that takes all of it together. ``on`` is the day of entry, else today there.
    """
    found = load_all(services, actor, order_ids)
    if len(found) < 2:  # noqa: PLR2004  # two are the fewest that can go together
        raise RequestError([RequestProblem("/orders", "consolidation.two")])
    problems = _against(found)
    if problems:
        raise RequestError(problems)
    parts = [((_whole(services, actor, one),)) for one in found]
    return _compared(services, actor, parts, card, service, on)


def split(
    services: Services, actor: Actor, order_id: str, parcels: Sequence[Sequence[int]], *, on: date | None = None
) -> Comparison:
    """Judge cutting an order into consignments; ``parcels`` says how many pieces of each line go in each.

    All its pieces are in exactly one. ``OrderNotFoundError``, ``RequestError``.
    """
    (order,) = load_all(services, actor, [order_id])
    if problems := _against([order]):
        raise RequestError(problems)
    whole = _whole(services, actor, order)
    counts = [tuple(one) for one in parcels]
    right = (
        len(counts) > 1
        and all(len(one) == len(whole.counts) and sum(one) > 0 and min(one) >= 0 for one in counts)
        and tuple(map(sum, zip(*counts, strict=True))) == whole.counts
    )
    if not right:
        said = ", ".join(map(str, whole.counts))
        raise RequestError([RequestProblem("/parcels", "consolidation.pieces", {"counts": said})])
    by_line = _by_line(whole)
    parts = []
    for wanted in counts:
        taken = tuple(piece for line, many in enumerate(wanted) for piece in by_line[line][:many])
        for line, many in enumerate(wanted):
            by_line[line] = by_line[line][many:]
        parts.append((Part(order, wanted, taken),))
    return _compared(services, actor, parts, None, None, on)


def _against(found: Sequence[Order]) -> list[RequestProblem]:
    """Return why orders cannot go to one person in one consignment."""
    problems = []
    for place, one in enumerate(found):
        if one.state.closed or one.state.fulfilment not in {"placed", "packed"}:
            problems.append(RequestProblem(f"/orders/{place}", "consolidation.gone", {"number": str(one.number)}))
    first = found[0]
    for place, one in enumerate(found[1:], 1):
        if _folded(one.buyer.name) != _folded(first.buyer.name):
            code = "consolidation.person"
        elif _door(one) != _door(first):
            code = "consolidation.address"
        elif _terms(one) != _terms(first):
            code = "consolidation.terms"
        else:
            continue
        params = {"number": str(one.number), "first": str(first.number)}
        problems.append(RequestProblem(f"/orders/{place}", code, params))
    return problems


def _folded(text: str) -> str:
    return " ".join("".join(one if one.isalnum() else " " for one in text.casefold()).split())


def _door(order: Order) -> dict[str, str]:
    return {name: _folded(text) for name, text in order.buyer.address.items() if text and name != "tax_id"}


def _terms(order: Order) -> list[Any]:
    """Return what has to be the same of two requests to go under one declaration."""
    request = order.request
    importer = {name: part for name, part in (request.get("importer") or {}).items() if name != "prior_use"}
    same = [request.get(name) for name in _KEPT if name not in {"seller", "currency"}]
    return [*same, importer, sorted(request.get("price_includes") or [])]


def _whole(services: Services, actor: Actor, order: Order) -> Part:
    pieces: list[Piece] = []
    counts = [0] * len(order.lines)
    for piece, what in pieces_of(services, actor, order):
        pieces.append(piece)
        counts[what.line] += 1
    return Part(order, tuple(counts), tuple(pieces))


def _by_line(part: Part) -> list[tuple[Piece, ...]]:
    rest, found = part.pieces, []
    for many in part.counts:
        found.append(rest[:many])
        rest = rest[many:]
    return found


@dataclass(frozen=True, slots=True)
class _Laid:
    """A consignment that was packed and not quoted yet."""

    parts: tuple[Part, ...]
    packing: Packing
    parcels: tuple[Parcel, ...]

    @property
    def gross_grams(self) -> int | None:
        """What all of it weighs as far as it is known; ``None`` where a piece was left."""
        if self.packing.left and any(one.why == "weight_unknown" for one in self.packing.left):
            return None
        boxed = sum(one.net_grams if one.gross_grams is None else one.gross_grams for one in self.packing.boxes)
        return boxed + sum(one.piece.grams or 0 for one in self.packing.left)


def _compared(
    services: Services,
    actor: Actor,
    parts: Sequence[tuple[Part, ...]],
    card: str | None,
    service: str | None,
    on: date | None,
) -> Comparison:
    request = parts[0][0].order.request
    place = Place(
        request["destination"]["country"].upper(),
        request["destination"].get("region"),
        request["destination"].get("postal_code"),
    )
    day = on or services.today(place.country)
    kept = [one.it for one in boxes.all_boxes(services, actor)]
    laid = [_lay(one, kept) for one in parts]
    all_parts = tuple(part for one in parts for part in one)
    whole = _lay(_joined(all_parts), kept)
    channel = str(request.get("channel") or "courier")
    bases = _freights(services, actor, [*laid, whole], place, channel, day, (card, service))
    before: list[Consignment] = []
    for one, basis in zip(laid, bases, strict=False):
        before.append(_quoted(services, actor, one, basis, day, before))
    together = _quoted(services, actor, whole, bases[-1], day, [], before[0].currency)
    zone = services.zone_of(place.country)
    bought = [(one[0].order.id, one[0].order.created_at.astimezone(zone).date()) for one in parts]
    return Comparison(
        tuple(before),
        together,
        tuple(crossings(services, before, together, place.country, channel, day)),
        rule_for(place.country, channel, day),
        tie_of([order for order, _ in bought], [bought_on for _, bought_on in bought]),
    )


def _joined(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return parts with those of one order made one again."""
    found: dict[str, Part] = {}
    for one in parts:
        other = found.get(one.order.id)
        if other is None:
            found[one.order.id] = one
        else:
            counts = tuple(map(sum, zip(other.counts, one.counts, strict=True)))
            pieces = sorted({*other.pieces, *one.pieces}, key=lambda piece: [int(n) for n in piece.id.split("-")])
            found[one.order.id] = Part(one.order, counts, tuple(pieces))
    return tuple(found.values())


def _lay(parts: tuple[Part, ...], kept: Sequence[Box]) -> _Laid:
    pieces = [piece for part in parts for piece in part.pieces]
    try:
        packing = pack(pieces, kept)
    except TooManyPiecesError as error:
        params = {"count": str(error.count), "limit": str(MOST_PIECES)}
        raise RequestError([RequestProblem("/orders", "packing.too_many", params)]) from error
    parcels = []
    for one in packing.boxes:
        grams = one.net_grams if one.gross_grams is None else one.gross_grams
        sides = None if one.box is None else one.box.outside or one.box.inside
        length, width, height = sides or (0, 0, 0)
        measured = (Decimal(length) / 10, Decimal(width) / 10, Decimal(height) / 10)
        parcels.append(Parcel(Decimal(grams) / 1000, None if sides is None else measured))
    return _Laid(parts, packing, tuple(parcels))


def _freights(
    services: Services,
    actor: Actor,
    laid: Sequence[_Laid],
    place: Place,
    channel: str,
    on: date,
    asked: tuple[str | None, str | None],
) -> list[tuple[FreightBasis, ...]]:
    """Return the freight of each box of each consignment by one service; empty where no service has a price for all."""
    if any(one.packing.left or not one.parcels for one in laid):
        return [() for _ in laid]
    rates = services.rulebook.rates
    best: tuple[int, list[tuple[FreightBasis, ...]]] | None = None
    cards = freight.cards(services, actor.seller_id)
    own = [one for one in cards if not one.card.is_illustrative]
    for kept in cards if asked[0] else own or cards:
        for service in kept.card.services:
            named = asked in {(None, None), (kept.card.name, None), (kept.card.name, service.name)}
            if not named or service.channel != channel:
                continue
            try:
                found = [tuple(price(kept.card, service.name, box, place, on) for box in one.parcels) for one in laid]
            except FreightError:
                continue
            whole = sum(rates.convert_minor(box.total.minor, box.total.currency, "USD") for box in found[-1])
            if best is None or whole < best[0]:
                best = whole, found
    return [() for _ in laid] if best is None else best[1]


def _quoted(
    services: Services,
    actor: Actor,
    laid: _Laid,
    basis: tuple[FreightBasis, ...],
    on: date,
    before: Sequence[Consignment],
    currency: str | None = None,
) -> Consignment:
    """Ask the engine for a consignment; what went to the same person before it on that day is told."""
    first = laid.parts[0].order.request
    request = {name: first[name] for name in _KEPT if first.get(name) is not None}
    request |= {"date": on.isoformat(), "save": False, "items": list(items(laid.parts))}
    # All are told in the currency of the first, so that they can be added.
    currency = before[0].currency if before else currency
    if currency is not None:
        request["currency"] = currency
    if first.get("price_includes"):
        request["price_includes"] = first["price_includes"]
    importer = dict(first.get("importer") or {})
    if before:
        importer["prior_use"] = _prior(services, importer.get("prior_use") or {}, before)
    if importer:
        request["importer"] = importer
    grams = laid.gross_grams
    has_boxes = bool(laid.packing.boxes) and all(one.box is not None for one in laid.packing.boxes)
    if grams:
        request["parcel"] = {"gross_weight": {"value": str(grams), "unit": "g"}}
    if basis:
        total = Money(sum(one.total.minor for one in basis), basis[0].total.currency)
        request["freight"] = {"amount": total.text, "currency": total.currency}
    stored = quotes.answer(services, request, save=False, seller=actor.seller_id).stored
    return Consignment(laid.parts, laid.packing, grams, has_boxes, basis, stored)


def _prior(services: Services, given: Json, before: Sequence[Consignment]) -> Json:
    """Return what the person brought in that day and that year by then: what the buyer said, and what was just sent."""
    currency = before[0].currency
    goods = [one.total("goods") for one in before]
    sent = sum(one.minor for one in goods if one is not None)
    found = dict(given)
    for name in ("day_value", "year_value"):
        said = given.get(name)
        earlier = 0
        if said:
            minor = to_minor(Decimal(said["amount"]), said["currency"].upper())
            earlier = services.rulebook.rates.convert_minor(minor, said["currency"].upper(), currency)
        found[name] = {"amount": Money(sent + earlier, currency).text, "currency": currency}
    found["year_parcels"] = int(given.get("year_parcels") or 0) + len(before)
    return found
