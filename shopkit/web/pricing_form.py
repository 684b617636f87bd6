"""The form of a price: the fields of a quote, and beside them what only its seller knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from shopkit.services.pricing_shapes import EXAMPLE
from shopkit.web import filling, forms
from shopkit.web.language import N_

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from shopkit.services.problems import RequestProblem
    from shopkit.web.forms import Form
    from translations.ui import Speech

Json = dict[str, Any]
# What only the seller knows, in the order of the form.
LABELS: Final = {
    "own": N_("Your own currency"),
    "cost_unit": N_("What one costs you"),
    "cost_order": N_("Packing of one order"),
    "fee_price": N_("Commission on the price, %"),
    "fee_charged": N_("Payment fee on all charged, %"),
    "fee_fixed": N_("Payment fee for each order"),
    "spread": N_("The bank keeps on exchange, %"),
    "buffer": N_("Set aside for exchange, %"),
    "days": N_("Days until the money comes"),
    "yearly": N_("Money costs you a year, %"),
    "goal_margin": N_("Margin to reach, %"),
    "goal_hand": N_("To be left of the order"),
    "goal_landed": N_("At most at the buyer’s door"),
    "goal_shelf": N_("At most on the shelf, for one"),
    "distributor": N_("Distributor’s margin, %"),
    "retailer": N_("Shop’s margin, %"),
    "sales_tax": N_("Tax on top at the shop, %"),
    "recovers": N_("Taxes at import"),
    "m_start": N_("First month"),
    "m_months": N_("Months to look at"),
    "m_once": N_("What it takes once"),
    "m_monthly": N_("What it takes every month"),
    "m_from": N_("Orders begin in month"),
    "m_low": N_("Orders a month, at least"),
    "m_likely": N_("Orders a month, most likely"),
    "m_high": N_("Orders a month, at most"),
    "m_wait": N_("Months until the money comes"),
    "m_budget": N_("What you can put in"),
    "m_spent": N_("Already spent"),
    "m_other_name": N_("Another use of the money"),
    "m_other_takes": N_("What that takes"),
    "m_other_gain": N_("What that brings beyond"),
}
# Every field of the page.
FIELDS: Final = frozenset(LABELS) | {
    "count", "from", "to", "region", "date", "channel", "transport", "terms", "freight", "price_includes", "currency",
    *(f"items-0-{name}" for name in (
        "description", "hs_code", "origin", "pick", "price", "quantity", "weight", "weight_unit",
    )),
}  # fmt: skip
# The costs that have a field: its name, by what it counts, whether in the currency of the price, and what it is called.
_COSTS: Final = (
    ("cost_unit", "unit", False, N_("What the goods cost you")),
    ("cost_order", "order", False, N_("Packing of one order")),
    ("fee_price", "price", False, N_("Commission on the price")),
    ("fee_charged", "charged", False, N_("Payment fee on all charged")),
    ("fee_fixed", "order", True, N_("Payment fee for each order")),
)
_GOALS: Final = {
    "goal_margin": "margin_percent",
    "goal_hand": "in_hand",
    "goal_landed": "landed",
    "goal_shelf": "shelf",
}
_OF_SELLER: Final = frozenset({"goal_hand"})
_MARKET: Final = tuple(name for name in LABELS if name.startswith("m_"))


@dataclass(slots=True)
class Asked:
    """The request that the form says, and the field that each of its pointers came from."""

    request: Json = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    quote: forms.Built = field(default_factory=forms.Built)


def new_form(today: date, home: str | None) -> Form:
    """Return an empty form with what most people leave as it is."""
    form = forms.new_form(today, home)
    form.put("own", _OWN.get(home or "", "USD"))
    return form


# The currency that a seller of a country counts in, where it is not the dollar.
_OWN: Final = {
    "MX": "MXN", "BR": "BRL", "CL": "CLP", "CO": "COP", "PE": "PEN", "AR": "ARS", "UY": "UYU", "PY": "PYG", "BO": "BOB",
    "CR": "CRC", "GT": "GTQ", "HN": "HNL", "NI": "NIO", "DO": "DOP", "JM": "JMD", "TT": "TTD",
}  # fmt: skip


def example(speech: Speech, today: date) -> Form:
    """Return the form that says the example, as of today."""
    form = filling.fill(EXAMPLE["quote"], speech)
    form.put("date", today.isoformat())
    costs = {cost["per"]: cost for cost in EXAMPLE["costs"]}
    market, (margin, landed) = EXAMPLE["market"], EXAMPLE["targets"]
    once, monthly = market["outlays"]
    sales, (other,) = market["sales"][0], market["other_uses"]
    numbers = {
        "cost_unit": costs["unit"]["amount"]["amount"],
        "cost_order": costs["order"]["amount"]["amount"],
        "fee_price": costs["price"]["percent"],
        "fee_charged": costs["charged"]["percent"],
        "spread": EXAMPLE["exchange"]["spread_percent"],
        "buffer": EXAMPLE["exchange"]["buffer_percent"],
        "yearly": EXAMPLE["payment"]["yearly_percent"],
        "goal_margin": margin["margin_percent"],
        "goal_landed": landed["landed"]["amount"],
        "m_once": once["amount"]["amount"],
        "m_monthly": monthly["amount"]["amount"],
        "m_budget": market["budget"]["amount"],
        "m_other_takes": other["takes"]["amount"],
        "m_other_gain": other["gain"]["amount"],
    }
    for name, text in numbers.items():
        form.put(name, filling.typed(text, speech))
    plain = {
        "own": EXAMPLE["currency"],
        "days": EXAMPLE["payment"]["days"],
        "m_start": market["start"],
        "m_months": market["months"],
        "m_from": sales["month"],
        "m_wait": market["wait_months"],
        "m_other_name": other["name"],
    } | {f"m_{name}": count for name, count in sales["orders"].items()}
    for name, value in plain.items():
        form.put(name, str(value))
    return form


def build(form: Form, speech: Speech) -> Asked:
    """Return the request that the form says; a number that cannot be read is an error at its field."""
    return _Builder(form, speech).build()


def place_problems(form: Form, asked: Asked, problems: Iterable[RequestProblem], speech: Speech) -> None:
    """Write what is wrong at its field, that of the consignment as on the page of a quote."""
    ours, theirs = [], []
    for problem in problems:
        if problem.pointer.startswith("/quote/"):
            theirs.append(type(problem)(problem.pointer.removeprefix("/quote"), problem.code, problem.params))
        else:
            ours.append(problem)
    forms.place_problems(form, asked.quote, theirs, speech)
    own = forms.Built(asked.request, asked.fields)
    forms.place_problems(form, own, ours, speech)


def listed(form: Form, speech: Speech) -> list[tuple[str, str, str]]:
    """Return what is wrong as (field, its label, what to do): the consignment first, then what is the seller's."""
    ours = [name for name in LABELS if name in form.errors]
    theirs = [one for one in form.listed(speech) if one[0] not in LABELS]
    return theirs + [(name, speech.sentences.gettext(LABELS[name]), form.errors[name]) for name in ours]


class _Builder:
    def __init__(self, form: Form, speech: Speech) -> None:
        self.form = form
        self.speech = speech
        self.gettext = speech.sentences.gettext
        self.asked = Asked()
        self.own = form.value("own") or "USD"
        self.priced = form.value("currency") or "USD"

    def build(self) -> Asked:
        asked = self.asked
        asked.quote = forms.build(self.form, self.speech)
        quote = {name: part for name, part in asked.quote.request.items() if name != "save"}
        asked.request |= {"quote": quote, "currency": self.own}
        self.note("/currency", "own")
        asked.request["costs"] = self.costs()
        asked.request["exchange"] = self.group("/exchange", {"spread_percent": "spread", "buffer_percent": "buffer"})
        days = self.whole("days", "/payment/days")
        asked.request["payment"] = self.group("/payment", {"yearly_percent": "yearly"}) | (
            {} if days is None else {"days": days}
        )
        asked.request["targets"] = self.targets()
        wholesale = self.wholesale()
        if wholesale:
            asked.request["wholesale"] = wholesale
        asked.request["order_sizes"] = {"freight": "same", "up_to": 20}
        if any(self.form.value(name) for name in _MARKET):
            asked.request["market"] = self.market()
        return asked

    def note(self, pointer: str, name: str) -> None:
        self.asked.fields[pointer] = name

    def number(self, name: str, pointer: str) -> str | None:
        self.note(pointer, name)
        return forms.read_figure(self.form, name, self.speech)

    def whole(self, name: str, pointer: str) -> int | str | None:
        """Return a whole number; what is none is left for the request's reader to complain about."""
        number = self.number(name, pointer)
        return int(number) if number is not None and number.isdigit() else number

    def money(self, name: str, pointer: str, currency: str) -> Json | None:
        amount = self.number(name, f"{pointer}/amount")
        self.note(pointer, name)
        return None if amount is None else {"amount": amount, "currency": currency}

    def group(self, pointer: str, names: dict[str, str]) -> Json:
        found = {key: self.number(name, f"{pointer}/{key}") for key, name in names.items()}
        return {key: number for key, number in found.items() if number is not None}

    def costs(self) -> list[Json]:
        found: list[Json] = []
        for name, per, is_priced, title in _COSTS:
            pointer, cost = f"/costs/{len(found)}", {"name": self.gettext(title), "per": per}
            key = "percent" if per in {"price", "charged"} else "amount"
            if key == "percent":
                value: Any = self.number(name, f"{pointer}/percent")
            else:
                value = self.money(name, f"{pointer}/amount", self.priced if is_priced else self.own)
            if value is not None:
                found.append(cost | {key: value})
        return found

    def targets(self) -> list[Json]:
        found: list[Json] = []
        for name, goal in _GOALS.items():
            pointer = f"/targets/{len(found)}/{goal}"
            value: Any
            if goal == "margin_percent":
                value = self.number(name, pointer)
            else:
                value = self.money(name, pointer, self.own if name in _OF_SELLER else self.priced)
            if value is not None:
                found.append({goal: value})
        return found

    def wholesale(self) -> Json:
        steps: list[Json] = []
        for name, title in (("distributor", N_("Distributor")), ("retailer", N_("Shop"))):
            share = self.number(name, f"/wholesale/steps/{len(steps)}/percent")
            if share is not None:
                steps.append({"name": self.gettext(title), "percent": share})
        found: Json = {"steps": steps} if steps else {}
        tax = self.number("sales_tax", "/wholesale/sales_tax_percent")
        if tax is not None:
            found["sales_tax_percent"] = tax
        if self.form.value("recovers") == "yes":
            found["recovers_taxes"] = True
        return found

    def market(self) -> Json:
        self.note("/market/start", "m_start")
        found: Json = {}
        if self.form.value("m_start"):
            found["start"] = self.form.value("m_start")
        for name, key in (("m_months", "months"), ("m_wait", "wait_months")):
            number = self.whole(name, f"/market/{key}")
            if number is not None:
                found[key] = number
        outlays: list[Json] = []
        for name, monthly in (("m_once", False), ("m_monthly", True)):
            money = self.money(name, f"/market/outlays/{len(outlays)}/amount", self.own)
            if money is not None:
                title = self.gettext(LABELS[name])
                outlays.append({"name": title, "amount": money, "every_month": monthly})
        found["outlays"] = outlays
        orders = {end: self.whole(f"m_{end}", f"/market/sales/0/orders/{end}") for end in ("low", "likely", "high")}
        entry: Json = {"orders": {end: number for end, number in orders.items() if number is not None}}
        begins = self.whole("m_from", "/market/sales/0/month")
        if begins is not None:
            entry["month"] = begins
        self.note("/market/sales/0/orders", "m_likely")
        found["sales"] = [entry]
        yearly = forms.read_figure(self.form, "yearly", self.speech)
        if yearly is not None:
            found["yearly_percent"] = yearly
        for name, key in (("m_budget", "budget"), ("m_spent", "spent")):
            money = self.money(name, f"/market/{key}", self.own)
            if money is not None:
                found[key] = money
        found["other_uses"] = self.other_uses()
        return found

    def other_uses(self) -> list[Json]:
        pointer = "/market/other_uses/0"
        self.note(f"{pointer}/name", "m_other_name")
        use: Json = {}
        for name, key in (("m_other_takes", "takes"), ("m_other_gain", "gain")):
            money = self.money(name, f"{pointer}/{key}", self.own)
            if money is not None:
                use[key] = money
        title = self.form.value("m_other_name").strip()
        if title:
            use["name"] = title
        return [use] if use else []
