"""The form of a quote that is already there: the example, and a kept request to be changed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from babel.numbers import get_decimal_symbol

from shopkit.web.forms import MAX_ITEMS, Form
from shopkit.web.preparing import fill_handling, fits

if TYPE_CHECKING:
    from translations.ui import Speech

Json = dict[str, Any]
EXAMPLE: Final[Json] = {
    "dispatch": {"country": "MX", "postal_code": "50000"},
    "destination": {"country": "US", "region": "CA", "postal_code": "90012"},
    "channel": "courier",
    "terms": "DAP",
    "items": [
        {
            "description": "playera de algodón",
            "hs_code": "6109100012",
            "origin": "MX",
            "quantity": "2",
            "unit_price": {"amount": "25.00", "currency": "USD"},
            "weight": {"value": "200", "unit": "g"},
        }
    ],
    "freight": {"amount": "12.00", "currency": "USD"},
}


def fill(request: Json, speech: Speech) -> Form:
    """Return the form that says a kept request, numbers written as the reader writes them."""
    form = Form()

    def number(name: str, text: str | None) -> None:
        form.put(name, None if text is None else typed(text, speech))

    dispatch, destination = request["dispatch"], request["destination"]
    form.put("from", dispatch["country"])
    form.put("from_postal", dispatch.get("postal_code"))
    form.put("to", destination["country"])
    if destination.get("region"):
        form.put("region", f"{destination['country']}-{destination['region'].upper()}")
    form.put("to_postal", destination.get("postal_code"))
    for name in ("date", "ready_on", "exported_on", "channel", "transport", "place"):
        form.put(name, request.get(name))
    terms = request.get("terms", "DAP")
    form.put("terms" if terms in {"DAP", "DDP"} else "incoterm", terms)
    form.put("answer_currency", request.get("currency"))
    importer, seller = request.get("importer") or {}, request.get("seller") or {}
    form.put("importer", importer.get("kind"))
    form.put("tax_id", importer.get("tax_id"))
    prior = importer.get("prior_use") or {}
    for key in ("day_value", "year_value"):
        number(f"prior_{key}", (prior.get(key) or {}).get("amount"))
    if prior.get("year_parcels") is not None:
        form.put("prior_year_parcels", str(prior["year_parcels"]))
    form.values["schemes"] = list(seller.get("schemes", ()))
    form.values["registrations"] = list(seller.get("registrations", ()))
    form.values["price_includes"] = list(request.get("price_includes", ()))
    for name in ("freight", "insurance", "compliance_cost"):
        number(name, (request.get(name) or {}).get("amount"))
    _fill_parcel(form, request, speech)
    fill_handling(form, request.get("handling") or {})
    items = request["items"][:MAX_ITEMS]
    form.put("count", str(len(items)))
    form.put("currency", items[0]["unit_price"]["currency"])
    for index, item in enumerate(items):
        _fill_item(form, f"items-{index}-", item, speech)
    return form


def _fill_parcel(form: Form, request: Json, speech: Speech) -> None:
    parcel = request.get("parcel") or {}
    gross, sides = parcel.get("gross_weight"), parcel.get("dimensions")
    if gross:
        form.put("gross_weight", typed(gross["value"], speech))
        form.put("gross_weight_unit", gross["unit"])
    if sides:
        for name in ("length", "width", "height"):
            form.put(name, typed(_in_cm(sides[name], sides.get("unit", "cm")), speech))
    service = request.get("freight_service")
    if service:
        form.put("freight_service", f"{service['card']}/{service['service']}")


def _in_cm(text: str, unit: str) -> str:
    """Return a side in centimetres; an inch is 2.54 of them by definition.

    >>> _in_cm("12", "cm"), _in_cm("10.0", "in")
    ('12', '25.4')
    """
    return text if unit == "cm" else f"{(Decimal(text) * Decimal('2.54')).normalize():f}"


def _fill_item(form: Form, prefix: str, item: Json, speech: Speech) -> None:
    for name, key in (
        ("description", "description"),
        ("hs_code", "hs_code"),
        ("origin", "origin"),
        ("evidence", "origin_evidence"),
        ("preference", "preference"),
    ):
        form.put(prefix + name, item.get(key))
    form.put(prefix + "quantity", typed(item["quantity"], speech))
    form.put(prefix + "price", typed(item["unit_price"]["amount"], speech))
    if item.get("declared_value"):
        form.put(prefix + "declared_value", typed(item["declared_value"]["amount"], speech))
    if item.get("weight"):
        form.put(prefix + "weight", typed(item["weight"]["value"], speech))
        form.put(prefix + "weight_unit", item["weight"]["unit"])
    for name, key in (("shelf_life", "shelf_life_days"), ("min_remaining", "min_remaining_days")):
        form.put(prefix + name, None if item.get(key) is None else str(item[key]))
    for key, text in item.get("measures", {}).items():
        form.put(f"{prefix}measures-{key}", typed(text, speech))
    for key, text in item.get("attributes", {}).items():
        form.put(f"{prefix}attributes-{key}", text)


def typed(text: str, speech: Speech) -> str:
    """Return a decimal as the reader would type it, never in a way that could be read twice.

    >>> from translations.ui import speech
    >>> typed("1.250", speech("pt", [])), typed("25.00", speech("en", []))
    ('1,2500', '25.00')
    """
    whole, point, fraction = text.partition(".")
    if not point:
        return whole
    three = 3
    if len(fraction) == three and whole.lstrip("0"):
        fraction += "0"
    return f"{whole}{get_decimal_symbol(speech.locale)}{fraction}"


def can_edit(request: Json) -> bool:
    """Return whether the form can say all of a request: few enough items, all in one currency.

    A request made through another door may hold more than the page has fields for; it is then shown, not edited.
    """
    money = [item["unit_price"] for item in request["items"]]
    money += [item["declared_value"] for item in request["items"] if item.get("declared_value")]
    money += [request[name] for name in ("freight", "insurance", "compliance_cost") if request.get(name)]
    prior = (request.get("importer") or {}).get("prior_use") or {}
    money += [prior[key] for key in ("day_value", "year_value") if prior.get(key)]
    if not fits(request.get("handling") or {}):
        return False
    if any(item.get("hs_schedule") for item in request["items"]):
        return False
    return len(request["items"]) <= MAX_ITEMS and len({one["currency"] for one in money}) == 1
