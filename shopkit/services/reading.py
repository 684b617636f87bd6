"""From bytes to a shipment: what cannot be read, what is not allowed, and everything that is wrong at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from landed_cost.currencies import is_known
from landed_cost.measures import VOCABULARY, check
from landed_cost.model import Amount, Importer, Item, Seller, Shipment
from shopkit.services import schemas
from shopkit.services.preparation import AskedFreight, PreparationDesk
from shopkit.services.problems import RequestProblem, UnreadableError, escaped, from_pydantic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Json = dict[str, Any]
Today = Callable[[str], date]
"""Today's date in the own time of a destination, given its country code."""

_KILOGRAMS: Final = {
    "kg": Decimal(1),
    "g": Decimal("0.001"),
    # International avoirdupois pound and ounce, exact by definition.
    "lb": Decimal("0.45359237"),
    "oz": Decimal("0.028349523125"),
}
_LARGEST_TOTAL: Final = Decimal(10) ** 18
Request = TypeVar("Request", bound=schemas.Shape)


def decode(body: bytes) -> Any:  # noqa: ANN401  # what JSON holds is known after looking
    """Return what the JSON body says, or raise ``UnreadableError``.

    Beyond the grammar, what two readers could understand differently is refused: NaN and Infinity, a key given twice,
    half a Unicode character.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"byte {error.start} is not UTF-8") from None
    if not text.strip():
        raise UnreadableError("it is empty")
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        raise UnreadableError(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except UnicodeEncodeError:
        raise UnreadableError("it holds half a Unicode character (a lone surrogate)") from None
    except RecursionError:
        raise UnreadableError("it is nested too deeply") from None
    except ValueError:
        # Python refuses whole numbers of more than 4,300 digits, which would take quadratic time.
        raise UnreadableError("it holds a number of thousands of digits") from None
    return value


def _unique(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UnreadableError(f"the key {json.dumps(twice[:64])} stands twice in one object")
    return found


def _refuse_constant(word: str) -> NoReturn:
    raise UnreadableError(f"{word} is not a number of JSON")


@dataclass(slots=True)
class Reading:
    """What was understood and what is wrong; ``shipment`` is there even if something is, as far as it can be."""

    problems: list[RequestProblem] = field(default_factory=list)
    shipment: Shipment | None = None
    saves: bool = False
    what_if: schemas.WhatIf | None = None
    freight: AskedFreight | None = None


def read_quote(value: Json, today: Today) -> Reading:
    """Read the JSON value of a quote's request."""
    reading = Reading()
    request = _shape(schemas.QuoteRequest, value, reading)
    if request is not None:
        reading.shipment = _shipment(request, request.destination, "/destination", today, reading)
        reading.saves = _saves(request, request.save, reading)
        reading.what_if = request.what_if
    return reading


def _saves(request: schemas.Consignment, asked: bool, reading: Reading) -> bool:  # noqa: FBT001  # a word of the request
    """Return whether the answer is to be kept; one that only supposes is not, and is not asked for either."""
    if request.what_if is None:
        return asked
    if asked and "save" in request.model_fields_set:
        reading.problems.append(RequestProblem("/save", "what_if.kept"))
    return False


@dataclass(slots=True)
class Comparison:
    """One basket read for several destinations, each as it was asked and with what is wrong there."""

    reading: Reading
    entries: list[tuple[Json, Reading]] = field(default_factory=list)


def read_comparison(value: Json, covered: Iterable[str], today: Today) -> Comparison:
    """Read the JSON value of a comparison; without destinations, all ``covered`` ones are meant.

    Codes are cut to the six digits that are the same everywhere, unless an item names the schedule its code is from.
    """
    whole = Reading()
    request = _shape(schemas.CompareRequest, value, whole)
    if request is None:
        return Comparison(whole)
    whole.saves = _saves(request, request.save, whole)
    whole.what_if = request.what_if
    places = request.destinations
    named = places is not None
    if places is None:
        places = [schemas.Place(country=country) for country in covered]
    comparison = Comparison(whole)
    for index, place in enumerate(places):
        reading = Reading(saves=whole.saves)
        where = f"/destinations/{index}" if named else "/destinations"
        shipment = _shipment(request, place, where, today, reading)
        reading.shipment = replace(shipment, items=tuple(map(_universal, shipment.items)))
        comparison.entries.append((place.model_dump(exclude_unset=True), reading))
        # What is wrong with the basket is wrong everywhere: it is said once.
        whole.problems += [problem for problem in reading.problems if problem not in whole.problems]
    return comparison


def _universal(item: Item) -> Item:
    if item.hs_code is None or item.hs_schedule is not None:
        return item
    return replace(item, hs_code=item.hs_code[:6])


# -- shape --------------------------------------------------------------------------------------------------------


def read_shape(model: type[Request], value: Json, problems: list[RequestProblem]) -> Request | None:
    """Return the request in the shape of ``model``, noting in ``problems`` what is wrong; ``None`` beyond repair."""
    reading = Reading(problems)
    return _shape(model, value, reading)


def read_day(text: str | None, where: str, problems: list[RequestProblem]) -> date | None:
    """Return a day of the calendar within what can be answered, noting what is wrong in ``problems``."""
    return _Check(problems).day(text, where)


def _shape(model: type[Request], value: Json, reading: Reading) -> Request | None:
    """Return the request, repaired where it is broken so that the rest can be checked too, or ``None``."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    reading.problems += [from_pydantic(detail, siblings(model, detail["loc"])) for detail in details]
    try:
        return model.model_validate(_repaired(value, [detail["loc"] for detail in details]))
    except ValidationError:
        return None


def siblings(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    """Return the names of the fields that exist where the last part of the location stands."""
    here: type[BaseModel] | None = model
    for part in location[:-1]:
        if isinstance(part, str) and here is not None:
            annotation = here.model_fields[part].annotation if part in here.model_fields else None
            here = next(_models(annotation), None)
    return [] if here is None else [found.alias or name for name, found in here.model_fields.items()]


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models(part)


# Stand-ins for what is broken, so that the rest of a request can still be checked. They never reach an answer.
_NEUTRAL: Final[Json] = {
    "amount": "1",
    "currency": "USD",
    "value": "0.000001",
    "unit": "kg",
    "country": "US",
    "channel": "courier",
    "quantity": "1",
    "unit_price": {"amount": "1", "currency": "USD"},
    "dispatch": {"country": "MX"},
    "destination": {"country": "US"},
    "description": "-",
}


def _repaired(value: Json, broken: list[tuple[str | int, ...]]) -> Json:
    """Return a copy of the request in which every broken part is left out or stands for nothing in particular."""
    copy: Json = json.loads(json.dumps(value))
    # Deeper parts first: what holds them may be replaced after.
    for location in sorted(broken, key=_depth, reverse=True):
        here: Any = copy
        for part in location[:-1]:
            here = here[part]
        last = location[-1]
        if isinstance(last, str):
            here.pop(last, None)
            if last in _NEUTRAL and not (last == "currency" and "items" in here):
                here[last] = _NEUTRAL[last]
        elif location[-2] == "items":
            here[last] = {"description": "-", "quantity": "1", "unit_price": _NEUTRAL["unit_price"]}
        else:
            del here[last]
    return copy


def _depth(location: tuple[str | int, ...]) -> tuple[int, int]:
    """Return what to sort by so that deeper places come last, and of one list the later ones."""
    last = location[-1]
    return len(location), last if isinstance(last, int) else -1


# -- meaning ------------------------------------------------------------------------------------------------------


def _shipment(
    request: schemas.Consignment, destination: schemas.Place, where: str, today: Today, reading: Reading
) -> Shipment:
    """Return the engine's shipment, noting in ``reading`` what no single field could know."""
    check = _Check(reading.problems)
    to = check.place(destination, where)
    check.consignment(request)
    seller = request.seller or _NO_SELLER
    for index, code in enumerate(seller.registrations):
        check.country(code, "/seller/registrations", index)
    items = tuple([check.item(item, index) for index, item in enumerate(request.items)])
    if len(items) > 1:
        check.items(items)
    gross = None
    if request.parcel is not None and request.parcel.gross_weight is not None:
        gross = check.weight(request.parcel.gross_weight, "/parcel/gross_weight")
        check.weights(items, gross)
    if request.freight_service is not None or (request.parcel is not None and request.parcel.dimensions is not None):
        reading.freight = check.freight(request, gross, where)
    on, exported_on = check.journey(request, today(destination.country))
    return Shipment(
        date=on,
        dispatch=check.place(request.dispatch, "/dispatch"),
        destination=to,
        channel=request.channel,
        currency=check.currency(request.currency or request.items[0].unit_price.currency, "/currency"),
        items=items,
        terms=request.terms,
        transport=request.transport,
        place=request.place,
        ready_on=check.day(request.ready_on, "/ready_on"),
        exported_on=exported_on,
        importer=check.importer(request.importer),
        seller=Seller(frozenset(seller.schemes), frozenset(seller.registrations)),
        price_includes=frozenset(request.price_includes),
        gross_weight_kg=gross,
        freight=check.money(request.freight, "/freight"),
        insurance=check.money(request.insurance, "/insurance"),
        compliance_cost=check.money(request.compliance_cost, "/compliance_cost"),
        handling=None if request.handling is None else check.handling(request.handling, request.ready_on),
    )


_MEASURES: Final = ", ".join(VOCABULARY)
_NO_SELLER: Final = schemas.Seller()
_NOBODY: Final = Importer()
_NOTHING_BEFORE: Final = schemas.PriorUse()


@dataclass(frozen=True, slots=True)
class _Check(PreparationDesk):
    """Turns fields into the engine's values; what is wrong goes to ``problems`` and something harmless comes back.

    A place is given as the parts of its pointer, joined only when there is something to complain about: on nearly
    every request there is not.
    """

    def importer(self, importer: schemas.Importer | None) -> Importer:
        if importer is None:
            return _NOBODY
        prior = importer.prior_use or _NOTHING_BEFORE
        return Importer(
            kind=importer.kind,
            tax_id=importer.tax_id,
            day_value=self.money(prior.day_value, "/importer/prior_use/day_value"),
            year_value=self.money(prior.year_value, "/importer/prior_use/year_value"),
            year_parcels=prior.year_parcels,
        )

    def currency(self, code: str, *where: str | int) -> str:
        if not is_known(code):
            self.complain(where, "currency.unknown", currency=code)
            return "USD"
        return code

    def money(self, money: schemas.Money | None, *where: str | int) -> Amount | None:
        return (
            None if money is None else Amount(Decimal(money.amount), self.currency(money.currency, *where, "currency"))
        )

    def weight(self, weight: schemas.Weight, *where: str | int) -> Decimal:
        value = Decimal(weight.value)
        if not value:
            self.complain((*where, "value"), "measure.zero")
        return value if weight.unit == "kg" else value * _KILOGRAMS[weight.unit]

    def journey(self, request: schemas.Consignment, today: date) -> tuple[date, date | None]:
        """Return the day of entry and that of leaving, which cannot come after it."""
        entry, exported = self.day(request.date, "/date"), self.day(request.exported_on, "/exported_on")
        on = entry or today
        # Of a day of entry that is no day, nothing can be said.
        if exported is not None and exported > on and (entry is not None or request.date is None):
            self.complain(("/exported_on",), "exported.after_entry", exported=str(exported), entry=str(on))
        return on, exported

    def consignment(self, request: schemas.Consignment) -> None:
        if request.channel == "freight":
            if request.transport is None:
                self.complain(("/transport",), "transport.needed")
        elif request.transport is not None:
            self.complain(("/transport",), "transport.not_for_parcels")
        if request.terms not in {"DAP", "DDP"}:
            if request.channel != "freight":
                self.complain(("/terms",), "terms.not_for_parcels", value=request.terms)
            elif request.place is None:
                self.complain(("/place",), "place.needed", value=request.terms)

    def item(self, item: schemas.Item, index: int) -> Item:
        where = ("/items", index)
        code = None if item.hs_code is None else item.hs_code.replace(".", "").replace(" ", "")
        if code is None and not item.description.strip():
            self.complain((*where, "description"), "item.nameless")
        quantity = Decimal(item.quantity)
        if not quantity:
            self.complain((*where, "quantity"), "measure.zero")
        price = Amount(
            Decimal(item.unit_price.amount), self.currency(item.unit_price.currency, *where, "unit_price", "currency")
        )
        declared = self.money(item.declared_value, *where, "declared_value")
        if not price.value and (declared is None or not declared.value):
            self.complain((*where, "declared_value"), "declared_value.needed")
        # Minor units of a batch of such lines still fit where they are kept.
        if quantity * max(price.value, declared.value if declared else price.value) >= _LARGEST_TOTAL:
            self.complain((*where, "quantity"), "total.too_large")
        weight = None if item.weight is None else self.weight(item.weight, *where, "weight")
        measures = {name: Decimal(value) for name, value in item.measures.items()}
        if measures:
            self.measures(measures, weight, price.value, *where, "measures")
        return Item(
            id=str(index + 1) if item.id is None else item.id,
            description=item.description,
            quantity=quantity,
            unit_price=price,
            hs_code=code,
            hs_schedule=item.hs_schedule,
            origin=None if item.origin is None else self.country(item.origin, *where, "origin"),
            origin_evidence=item.origin_evidence,
            preference=item.preference,
            weight_kg=weight,
            measures=measures,
            attributes=item.attributes,
            declared_value=declared,
            shelf_life=self.shelf_life(item, *where),
        )

    def measures(self, measures: dict[str, Decimal], weight: Decimal | None, price: Decimal, *where: str | int) -> None:
        for one in check(measures, weight_kg=weight, unit_price=price or None):
            code = "measure.unknown" if one.code == "unknown_measure" else f"measure.{one.code}"
            value = measures.get(one.key, weight)
            self.complain((*where, escaped(one.key)), code, value=f"{value:f}", known=_MEASURES)

    def items(self, items: tuple[Item, ...]) -> None:
        seen: set[str] = set()
        for index, item in enumerate(items):
            if item.id in seen:
                self.complain(("/items", index, "id"), "item.id_twice", value=item.id)
            seen.add(item.id)

    def weights(self, items: tuple[Item, ...], gross: Decimal) -> None:
        net = sum((item.quantity * item.weight_kg for item in items if item.weight_kg is not None), Decimal(0))
        if net > gross:
            texts = {"net": f"{net.normalize():f}", "gross": f"{gross.normalize():f}"}
            self.complain(("/parcel/gross_weight",), "weight.net_above_gross", **texts)


def merge(ours: Iterable[RequestProblem], engines: Iterable[RequestProblem]) -> tuple[RequestProblem, ...]:
    """Return all problems, those of the engine only where nothing nearer the shape was wrong."""
    first = tuple(ours)
    places = [problem.pointer for problem in first]
    return first + tuple(
        problem
        for problem in engines
        if not any(
            problem.pointer == place
            or problem.pointer.startswith(place + "/")
            or place.startswith(problem.pointer + "/")
            for place in places
        )
    )
