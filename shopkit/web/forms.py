"""The form of a quote: from what a person typed to the request that every door reads.

What was typed is kept as it was typed. What is wrong stands at its field; the rest of the program speaks in JSON
pointers, so the builder remembers which field each pointer came from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from landed_cost.measures import VOCABULARY
from shopkit.web.choices import ATTRIBUTES, COMMON_MEASURES, attribute_label, measure_label
from shopkit.web.language import N_
from shopkit.web.preparing import read_handling
from translations.numbers import AmbiguousNumberError, NumberError, read_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from werkzeug.datastructures import MultiDict

    from shopkit.services.problems import RequestProblem
    from shopkit.web.choices import Codes
    from translations.ui import Speech

Json = dict[str, Any]
MAX_ITEMS: Final = 5
FREIGHT: Final = "freight"
# What the fields are called where what is wrong is listed, in the order of the form.
LABELS: Final = {
    "description": N_("What is it?"),
    "hs_code": N_("Tariff code (HS), if you know it"),
    "origin": N_("Made in"),
    "price": N_("Price of one"),
    "currency": N_("Currency"),
    "quantity": N_("How many"),
    "weight": N_("Weight of one"),
    "from": N_("Shipped from"),
    "from_postal": N_("Postal code there"),
    "to": N_("Destination"),
    "region": N_("State or region"),
    "to_postal": N_("Buyer’s postal code"),
    "date": N_("Arrives at the border on"),
    "channel": N_("How it travels"),
    "transport": N_("Cargo travels by"),
    "incoterm": N_("Other term of delivery"),
    "place": N_("Named place"),
    "terms": N_("Who pays duties and taxes"),
    "freight": N_("Freight, in the same currency"),
    "evidence": N_("Proof of origin"),
    "preference": N_("Trade agreement"),
    "declared_value": N_("Value of one, if the price is zero"),
    "insurance": N_("Insurance, in the same currency"),
    "gross_weight": N_("Weight of the whole parcel, packed"),
    "length": N_("Length of the box, cm"),
    "width": N_("Width, cm"),
    "height": N_("Height, cm"),
    "freight_service": N_("Freight by a rate card"),
    "shelf_life": N_("Keeps for, days"),
    "min_remaining": N_("Days to be left at the door"),
    "ordered_at": N_("The order came in at"),
    "cut_off": N_("An order counts for the same day until"),
    "making_min": N_("Made to order: days at least"),
    "making_max": N_("Days at most"),
    "days_min": N_("Days to pack and hand over, at least"),
    "days_max": N_("Packing days at most"),
    "weekdays": N_("You work on"),
    "works_holidays": N_("Public holidays"),
    "closed_first": N_("You are closed from"),
    "closed_last": N_("Closed until"),
    "closed_again_first": N_("Closed again from"),
    "closed_again_last": N_("Closed again until"),
    "compliance_cost": N_("What proving origin costs you"),
    "ready_on": N_("Ready to leave on"),
    "exported_on": N_("Left the country on"),
    "answer_currency": N_("Show the answer in"),
    "price_includes": N_("The price already includes"),
    "schemes": N_("Takes part in"),
    "registrations": N_("Is registered for tax in"),
    "importer": N_("The buyer is"),
    "tax_id": N_("Buyer’s tax number"),
    "prior_day_value": N_("Value already received that day"),
    "prior_year_value": N_("Value already received that year"),
    "prior_year_parcels": N_("Parcels already received that year"),
    "cost": N_("What all the goods cost you"),
}
NEEDED: Final = N_("This is needed.")
CHOOSE: Final = N_("Choose one of those offered.")
# What other doors say in the words of JSON, said in those of the form.
_IN_OUR_WORDS: Final = {
    "transport.needed": N_("Choose how the cargo travels."),
    "type.integer": N_("Write a whole number."),
    "required": NEEDED,
    "shelf_life.needed": N_("Say how many days it keeps, and no fewer than have to be left."),
    "cut_off.without_order": N_("Say when the order came in."),
    "order.with_ready_on": N_("Say when it is ready to leave, or when the order came in; not both."),
    "freight.twice": N_("Give the freight, or a service of a rate card; not both."),
    "choice": CHOOSE,
}
_ORDER: Final = tuple(LABELS)
# items-0-measures-volume_l: an answer about one product.
_PARTS_OF_AN_ANSWER: Final = 4


@dataclass(slots=True)
class Form:
    """What stands in the fields, what is wrong with it, and the codes offered for an item."""

    values: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)
    codes: dict[int, Codes] = field(default_factory=dict)
    focus: str | None = None
    wants_advanced: bool = False

    def value(self, name: str) -> str:
        """Return the text in a field, ``""`` when it is empty or not there."""
        return (self.values.get(name) or [""])[0]

    def chosen(self, name: str) -> list[str]:
        """Return every value of a field that may have several."""
        return self.values.get(name, [])

    def put(self, name: str, text: str | None) -> None:
        """Set a field; ``None`` and ``""`` leave it empty."""
        self.values[name] = [text] if text else []

    @property
    def count(self) -> int:
        """How many items the form has room for, at least one."""
        text = self.value("count")
        return min(max(int(text), 1), MAX_ITEMS) if text.isascii() and text.isdigit() and len(text) < MAX_ITEMS else 1

    def asked(self, index: int, kind: str, common: Iterable[str] = ()) -> list[str]:
        """Return the ``measures`` or ``attributes`` of an item: the common ones and those already answered."""
        prefix = f"items-{index}-{kind}-"
        vocabulary = VOCABULARY if kind == "measures" else ATTRIBUTES
        given = [
            name.removeprefix(prefix) for name, texts in self.values.items() if name.startswith(prefix) and any(texts)
        ]
        return list(dict.fromkeys([*common, *(key for key in given if key in vocabulary)]))

    def measures(self, index: int) -> list[str]:
        """Return the measures an item has fields for."""
        return self.asked(index, "measures", COMMON_MEASURES)

    def attributes(self, index: int) -> list[str]:
        """Return the questions an item has answers to."""
        return self.asked(index, "attributes")

    def listed(self, speech: Speech) -> list[tuple[str, str, str]]:
        """Return what is wrong as (field, its label, what to do), in the order of the form."""
        found = []
        for name, text in self.errors.items():
            parts = name.split("-")
            item = int(parts[1]) if parts[0] == "items" else 0
            key = parts[-1] if len(parts) != _PARTS_OF_AN_ANSWER else "declared_value"
            label = _label(parts, speech)
            if self.count > 1 and parts[0] == "items":
                label = f"{item + 1}. {label}"
            of_way = parts[0] != "items" and key != "currency"
            place = _ORDER.index(key) if key in _ORDER else len(_ORDER)
            found.append(((of_way, item, place), (name, label, text)))
        return [entry for _, entry in sorted(found, key=lambda one: one[0])]

    @property
    def is_advanced(self) -> bool:
        """Whether the further part holds something a person should see, so that it stands open."""
        return self.wants_advanced or any(not _is_plain(name) for name in self.errors)


# The further part begins after the freight.
_PLAIN_FIELDS: Final = frozenset(_ORDER[: _ORDER.index("freight") + 1])


def _label(parts: list[str], speech: Speech) -> str:
    if len(parts) == _PARTS_OF_AN_ANSWER:
        return measure_label(parts[3], speech) if parts[2] == "measures" else attribute_label(parts[3], speech)
    return speech.sentences.gettext(LABELS[parts[-1]]) if parts[-1] in LABELS else parts[-1]


def _is_plain(name: str) -> bool:
    return name.rpartition("-")[2] in _PLAIN_FIELDS


def read_form(sent: MultiDict[str, str]) -> Form:
    """Return the form as it was sent."""
    return Form({name: [text for text in sent.getlist(name) if text] for name in sent if name != "csrf_token"})


def new_form(today: date, home: str | None) -> Form:
    """Return an empty form with what most people leave as it is; ``home`` is the country the reader seems to be in."""
    form = Form()
    for name, text in (
        ("items-0-quantity", "1"),
        ("items-0-weight_unit", "g"),
        ("currency", "USD"),
        ("from", home),
        ("channel", "courier"),
        ("terms", "DAP"),
        ("date", today.isoformat()),
    ):
        form.put(name, text)
    return form


@dataclass(slots=True)
class Built:
    """The request, and the field each of its pointers came from."""

    request: Json = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)


def build(form: Form, speech: Speech) -> Built:
    """Return the request that the form says; a number that cannot be read is an error at its field."""
    return _Builder(form, speech).build()


def read_figure(form: Form, name: str, speech: Speech) -> str | None:
    """Return a decimal that is for the page alone and stands in no request, such as what the goods cost the seller."""
    return _Builder(form, speech).number(name, "")


def read_supposed(form: Form, speech: Speech) -> str | None:
    """Return the figure that a limit is supposed to have, as a decimal; it is in no request for a quote."""
    return _Builder(form, speech).number("suppose_value", "")


def place_problems(form: Form, built: Built, problems: Iterable[RequestProblem], speech: Speech) -> None:
    """Write what is wrong at its field, the first thing only; what belongs to no field goes to the head of the form."""
    for problem in problems:
        name = _field_of(problem.pointer, built.fields)
        ours = _IN_OUR_WORDS.get(problem.code)
        message = speech.sentences.gettext(ours) if ours else speech.written(problem.message(speech.language))
        if name is None:
            form.general.append(message)
        else:
            form.errors.setdefault(name, message)


def _field_of(pointer: str, fields: Mapping[str, str]) -> str | None:
    """Return the field of the pointer itself, of what it stands in, or of the first thing that stands in it."""
    where = pointer
    while where:
        if where in fields:
            return fields[where]
        where = where.rpartition("/")[0]
    return next((name for place, name in fields.items() if pointer and place.startswith(pointer + "/")), None)


class _Builder:
    def __init__(self, form: Form, speech: Speech) -> None:
        self.form = form
        self.gettext = speech.sentences.gettext
        self.built = Built()

    def build(self) -> Built:
        form, request = self.form, self.built.request
        request["dispatch"] = self.place("from", None, "from_postal", "/dispatch")
        request["destination"] = self.place("to", "region", "to_postal", "/destination")
        self.word(request, "date", "date", "/date")
        self.word(request, "ready_on", "ready_on", "/ready_on")
        self.word(request, "exported_on", "exported_on", "/exported_on")
        self.word(request, "channel", "channel", "/channel")
        self.note("/channel", "channel")
        self.terms(request)
        self.word(request, "answer_currency", "currency", "/currency")
        request["importer"] = self.importer()
        request["seller"] = {
            "schemes": form.chosen("schemes"),
            "registrations": form.chosen("registrations"),
        }
        self.note("/seller/schemes", "schemes")
        self.note("/seller/registrations", "registrations")
        request["price_includes"] = form.chosen("price_includes")
        self.note("/price_includes", "price_includes")
        request["items"] = [self.item(index) for index in range(form.count)]
        gross = self.weight("gross_weight", "gross_weight_unit", "/parcel/gross_weight")
        sides = self.several("/parcel/dimensions", ("length", "width", "height"))
        if gross is not None or sides:
            request["parcel"] = ({"gross_weight": gross} if gross is not None else {}) | (
                {"dimensions": sides | {"unit": "cm"}} if sides else {}
            )
        handling = read_handling(self)
        if handling:
            request["handling"] = handling
        self.note("/freight_service", "freight_service")
        card, _, service = form.value("freight_service").partition("/")
        if card:
            request["freight_service"] = {"card": card, "service": service}
        for name in ("freight", "insurance", "compliance_cost"):
            money = self.money(name, f"/{name}")
            if money is not None:
                request[name] = money
        request["save"] = True
        return self.built

    def note(self, pointer: str, name: str) -> None:
        self.built.fields[pointer] = name

    def word(self, into: Json, name: str, key: str, pointer: str) -> None:
        self.note(pointer, name)
        text = self.form.value(name).strip()
        if text:
            into[key] = text

    def number(self, name: str, pointer: str) -> str | None:
        """Return the number in a field; ``None`` when it is empty or cannot be read, which is then an error there."""
        self.note(pointer, name)
        text = self.form.value(name).strip()
        if not text:
            return None
        try:
            return read_number(text)
        except AmbiguousNumberError:
            plain = text.replace(".", "").replace(",", "")
            sentence = self.gettext(N_("“%(text)s” can be read in two ways. Write %(whole)s, or %(part)s."))
            part = text.replace(",", ".") + "0"
            self.form.errors[name] = sentence % {"text": text, "whole": plain, "part": part}
        except NumberError:
            sentence = self.gettext(N_("“%(text)s” is not a number. Write digits only, like 25 or 25.50."))
            self.form.errors[name] = sentence % {"text": text[:40]}
        return None

    def money(self, name: str, pointer: str, currency: str = "currency") -> Json | None:
        amount = self.number(name, f"{pointer}/amount")
        self.note(pointer, name)
        self.built.fields.setdefault(f"{pointer}/currency", currency)
        return None if amount is None else {"amount": amount, "currency": self.form.value(currency)}

    def weight(self, name: str, unit: str, pointer: str) -> Json | None:
        value = self.number(name, f"{pointer}/value")
        self.note(pointer, name)
        self.note(f"{pointer}/unit", unit)
        return None if value is None else {"value": value, "unit": self.form.value(unit) or "kg"}

    def whole(self, name: str, pointer: str) -> int | str | None:
        """Return a whole number; what is none is left for the request's reader to complain about."""
        number = self.number(name, pointer)
        return int(number) if number is not None and number.isdigit() else number

    def several(self, pointer: str, names: tuple[str, ...]) -> Json:
        """Return numbers that belong together; a missing one is left for the request's reader to ask for."""
        found = {name: self.number(name, f"{pointer}/{name}") for name in names}
        return {name: number for name, number in found.items() if number is not None}

    def place(self, country: str, region: str | None, postal: str, pointer: str) -> Json:
        place: Json = {}
        self.note(pointer, country)
        self.word(place, country, "country", f"{pointer}/country")
        self.word(place, postal, "postal_code", f"{pointer}/postal_code")
        if region is not None:
            self.note(f"{pointer}/region", region)
            home, _, code = self.form.value(region).partition("-")
            if code and home == place.get("country"):
                place["region"] = code
            elif code and place.get("country"):
                self.form.errors[region] = self.gettext(
                    N_("This state is in another country than the destination. Choose one of the destination, or none.")
                )
        return place

    def terms(self, request: Json) -> None:
        is_freight = self.form.value("channel") == FREIGHT
        self.note("/transport", "transport")
        self.note("/terms", "terms")
        self.note("/place", "place")
        terms = self.form.value("terms")
        if is_freight:
            # Parcels have neither: the fields are not shown for them, and what stands there is of no account.
            self.word(request, "transport", "transport", "/transport")
            self.word(request, "place", "place", "/place")
            terms = self.form.value("incoterm") or terms
        if terms:
            request["terms"] = terms

    def importer(self) -> Json:
        importer: Json = {"kind": self.form.value("importer") or "consumer"}
        self.note("/importer", "importer")
        self.word(importer, "tax_id", "tax_id", "/importer/tax_id")
        prior: Json = {}
        for key in ("day_value", "year_value"):
            money = self.money(f"prior_{key}", f"/importer/prior_use/{key}")
            if money is not None:
                prior[key] = money
        parcels = self.whole("prior_year_parcels", "/importer/prior_use/year_parcels")
        if parcels is not None:
            prior["year_parcels"] = parcels
        if prior:
            importer["prior_use"] = prior
        return importer

    def keeping(self, prefix: str, pointer: str) -> Json:
        """Return how long the goods keep, nothing where nothing is said."""
        names = (("shelf_life", "shelf_life_days"), ("min_remaining", "min_remaining_days"))
        found = {key: self.whole(prefix + name, f"{pointer}/{key}") for name, key in names}
        return {key: days for key, days in found.items() if days is not None}

    def item(self, index: int) -> Json:
        prefix, pointer = f"items-{index}-", f"/items/{index}"
        item: Json = {}
        self.note(pointer, prefix + "description")
        self.word(item, prefix + "description", "description", f"{pointer}/description")
        self.note(f"{pointer}/hs_code", prefix + "hs_code")
        code = self.form.value(prefix + "hs_code").strip() or self.form.value(prefix + "pick")
        if code:
            item["hs_code"] = code
        self.word(item, prefix + "origin", "origin", f"{pointer}/origin")
        self.word(item, prefix + "evidence", "origin_evidence", f"{pointer}/origin_evidence")
        self.word(item, prefix + "preference", "preference", f"{pointer}/preference")
        quantity = self.number(prefix + "quantity", f"{pointer}/quantity")
        if quantity is not None:
            item["quantity"] = quantity
        for name, key in (("price", "unit_price"), ("declared_value", "declared_value")):
            money = self.money(prefix + name, f"{pointer}/{key}")
            if money is not None:
                item[key] = money
        weight = self.weight(prefix + "weight", prefix + "weight_unit", f"{pointer}/weight")
        if weight is not None:
            item["weight"] = weight
        item |= self.keeping(prefix, pointer)
        measures = {
            key: value
            for key in self.form.measures(index)
            if (value := self.number(f"{prefix}measures-{key}", f"{pointer}/measures/{key}")) is not None
        }
        if measures:
            item["measures"] = measures
        attributes: Json = {}
        for key in self.form.attributes(index):
            self.word(attributes, f"{prefix}attributes-{key}", key, f"{pointer}/attributes/{key}")
        if attributes:
            item["attributes"] = attributes
        return item
