"""A kept quote laid out for the page: what comes first, who pays what, the parts of the bar, what each reason asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from landed_cost.hs import HsCodeError, dotted
from landed_cost.measures import VOCABULARY, WEIGHT
from landed_cost.serialise import localise
from shopkit.web import choices
from shopkit.web.bar import Bar, draw
from shopkit.web.filling import can_edit
from shopkit.web.language import N_
from shopkit.web.regions import region_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from landed_cost import Rulebook
    from translations.ui import Speech

Json = dict[str, Any]
# Which field of the form settles a reason; {0} is the position of the item.
_SETTLED_AT: Final = {
    "freight.absent": "freight",
    "hs.short": "items-{0}-hs_code",
    "hs.truncated": "items-{0}-hs_code",
    "hs.six_used": "items-{0}-hs_code",
    "hs.unclassified": "items-{0}-hs_code",
    "origin.absent": "items-{0}-origin",
    "prior_use.assumed_none": "prior_day_value",
    "weight.absent": "gross_weight",
    "weight.assumed_within": "gross_weight",
    "freight.presumed": "freight",
    "region.absent": "region",
    "destination.not_covered": "to",
    "date.before_evidence": "date",
    "date.too_late": "date",
    "insurance.presumed": "insurance",
    "regime.none": "channel",
    "item.prohibited": "items-{0}-description",
    "preference.evidence_missing": "items-{0}-evidence",
}
OUTCOMES: Final = {
    "complete": ("●", N_("Complete")),
    "estimated": ("◐", N_("Estimated")),
    "refused": ("○", N_("Refused")),
}
STATUSES: Final = {
    "verified": N_("official text read"),
    "reported": N_("as reported"),
    "memory": N_("without a source"),
    "conflicting": N_("sources disagree"),
    "unknown": N_("not known"),
}
LEGS: Final = {
    "handling": N_("Getting it ready"),
    "pick-up": N_("Being picked up"),
    "export clearance": N_("Leaving the country"),
    "line-haul": N_("On the way"),
    "import clearance": N_("Customs at the destination"),
    "last mile": N_("To the door"),
}
SERVICES: Final = {
    "ems": N_("Express mail (EMS)"),
    "parcel": N_("Parcel post"),
    "ecommerce": N_("E-commerce parcel"),
    "registered": N_("Registered letter or packet"),
    "insured": N_("Insured letter or packet"),
    "tracked_letter": N_("Tracked letter or packet"),
    "untracked_letter": N_("Small packet without tracking"),
}
TRACKED: Final = {
    "end_to_end": N_("tracked to the door"),
    "to_border": N_("tracked to the border"),
    "none": N_("not tracked"),
}
_PARTS: Final = (
    ("goods", N_("Goods")),
    ("freight", N_("Freight")),
    ("duties", N_("Duties")),
    ("taxes", N_("Taxes")),
    ("fees", N_("Fees")),
)


@dataclass(frozen=True, slots=True)
class Question:
    """A field that stands beside a reason and belongs to the form: yes or no, a number, or a choice of codes."""

    kind: str
    name: str
    label: str
    codes: choices.Codes | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: what is so, what would settle it, where, and what can be answered on the spot."""

    level: str
    message: str
    action: str | None
    about: str | None
    anchor: str | None
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """What a person pays, to whom or when."""

    kind: str
    amount: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything the page shows of one quote."""

    quote: Json
    request: Json
    market: str
    reasons: tuple[Reason, ...]
    assumptions: tuple[Reason, ...]
    payments: tuple[Payment, ...]
    bar: Bar | None
    landed_range: Json | None
    charges_range: Json | None
    items: dict[str, str]
    editable: bool
    offers: tuple[Json, ...] = ()
    declined: tuple[Json, ...] = ()
    outcome: tuple[str, str] = ("", "")
    basket: str = ""
    where: str = ""
    on_top: str | None = None
    positions: dict[str, int] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether there is no figure."""
        return bool(self.quote["assessment"]["outcome"] == "refused")

    def name_of(self, item: str | None) -> str | None:
        """Return what an item is called; nothing where there is only one, or where all are meant."""
        return None if item is None or len(self.items) == 1 else self.items.get(item)


def look(stored: Json, request: Json, rulebook: Rulebook, speech: Speech) -> View:
    """Return what the page shows of a kept quote."""
    quote = localise(stored, speech.language, speech.number)
    positions = {str(item.get("id") or index + 1): index for index, item in enumerate(request["items"])}
    items = {id_: _name(request["items"][index]) for id_, index in positions.items()}
    reasons = tuple(_reasons(stored, quote, request, positions, items, rulebook, speech))
    place = request["destination"]
    country = choices.country_name(place["country"], speech)
    covered = rulebook.destinations.get(place["country"])
    if covered is not None:
        country = covered.name[speech.language]
    region = region_name(place["country"], place.get("region"))
    offers = quote["preferences"]
    outcome = quote["assessment"]["outcome"]
    return View(
        quote=quote,
        request=request,
        market=f"{country} · {region}" if region else country,
        # Where no figure is given, only what stands in its way is said first.
        reasons=tuple(one for one in reasons if one.level == outcome),
        assumptions=tuple(one for one in reasons if one.level != outcome),
        payments=tuple(_payments(quote)) if outcome != "refused" else (),
        bar=draw(parts_of(quote, speech), speech) if outcome != "refused" else None,
        landed_range=_spread(quote["range"].get("landed")),
        charges_range=_spread(quote["range"].get("import_charges")),
        items=items,
        editable=can_edit(request),
        offers=tuple(one for one in offers if one["claimed"] or _pays(one)),
        declined=tuple(one for one in offers if not one["claimed"] and not _pays(one)),
        outcome=OUTCOMES[outcome],
        basket=basket_of(request, speech),
        where=f"{choices.country_name(request['dispatch']['country'], speech)} → {region or country}",
        on_top=_on_top(quote["totals"], speech),
        positions=positions,
    )


def _on_top(totals: Json, speech: Speech) -> str | None:
    """Return by how much the price at the door is above that of the goods; nothing where there is no figure."""
    if totals["landed"] is None or not Decimal(totals["goods"]):
        return None
    above = (Decimal(totals["landed"]) - Decimal(totals["goods"])) / Decimal(totals["goods"])
    return speech.percent(above) if above > 0 else None


def _pays(offer: Json) -> bool:
    return bool(offer["available"]) and offer["saving"] is not None and Decimal(offer["saving"]) > 0


def _name(item: Json) -> str:
    return item.get("description") or _dotted(item.get("hs_code") or "")


def _dotted(code: str) -> str:
    try:
        return dotted(code)
    except HsCodeError:
        return code


def basket_of(request: Json, speech: Speech) -> str:
    """Return in short what is asked about: at most two kinds of goods by name, quantity and price."""
    parts = []
    for item in request["items"]:
        price = speech.money(item["unit_price"]["amount"], item["unit_price"]["currency"])
        parts.append(f"{_name(item)}, {speech.number(item['quantity'])} × {price}")
    shown = 2
    more = f" + {len(parts) - shown}" if len(parts) > shown else ""
    return "; ".join(parts[:shown]) + more


def _spread(bounds: Json | None) -> Json | None:
    return None if bounds is None or bounds["low"] == bounds["high"] else bounds


def parts_of(quote: Json, speech: Speech) -> list[tuple[str, str, Decimal]]:
    """Return what a bar is made of: (kind, label, amount), always in the same order."""
    totals = quote["totals"]
    translate = speech.sentences.gettext
    parts = []
    for kind, label in _PARTS:
        amount = Decimal(totals[kind] or 0)
        if kind == "freight":
            insurance = Decimal(totals["insurance"] or 0)
            amount += insurance
            if insurance:
                label = N_("Freight and insurance")  # noqa: PLW2901  # the same part under its fuller name
        if amount or kind != "freight" or totals["freight"] is not None:
            parts.append((kind, translate(label), amount))
    return parts


def _payments(quote: Json) -> Iterator[Payment]:
    """Who is paid what: whatever the seller does not collect is paid on the way in, or to the carrier on delivery."""
    totals = quote["totals"]
    sums = dict.fromkeys(("border", "carrier", "sale", "seller"), Decimal(0))
    for charge in quote["charges"]:
        if charge["collected"] == "at_sale":
            sums["sale"] += Decimal(charge["amount"])
        elif charge["payer"] == "seller":
            sums["seller"] += Decimal(charge["amount"])
        else:
            sums["carrier" if charge["collected"] == "at_delivery" else "border"] += Decimal(charge["amount"])
    checkout = Decimal(totals["landed"]) - sums["border"] - sums["carrier"]
    yield Payment("checkout", str(checkout))
    for kind in ("border", "carrier"):
        if sums[kind]:
            yield Payment(kind, str(sums[kind]))
    passed_on = sums["sale"] + sums["seller"]
    if passed_on:
        yield Payment("passed_on", str(passed_on))


def _reasons(
    stored: Json,
    quote: Json,
    request: Json,
    positions: dict[str, int],
    items: dict[str, str],
    rulebook: Rulebook,
    speech: Speech,
) -> Iterator[Reason]:
    for kept, told in zip(stored["assessment"]["reasons"], quote["assessment"]["reasons"], strict=True):
        index = positions.get(kept["item"] or "", 0)
        country = request["destination"]["country"]
        questions = tuple(_questions(kept, request["items"][index], index, country, rulebook, speech))
        anchor = _SETTLED_AT.get(kept["code"])
        yield Reason(
            level=told["level"],
            message=speech.written(told["message"]),
            action=None if told["action"] is None or questions else speech.written(told["action"]),
            about=items.get(kept["item"] or "") if len(items) > 1 else None,
            anchor=None if anchor is None or questions else anchor.format(index),
            questions=questions,
        )


def _questions(
    reason: Json, item: Json, index: int, country: str, rulebook: Rulebook, speech: Speech
) -> Iterator[Question]:
    code, params = reason["code"], reason["params"]
    translate = speech.sentences.gettext
    prefix = f"items-{index}-"
    if code in {"exemption.asked", "attribute.absent"}:
        key = params.get("attribute", "")
        if key in choices.ATTRIBUTES:
            label = params.get(f"question_{speech.language}") or translate(choices.ATTRIBUTES[key])
            yield Question("yes_no", f"{prefix}attributes-{key}", label)
    elif code == "measure.missing":
        for key in params.get("measures", "").split(", "):
            if key == WEIGHT:
                yield Question("number", f"{prefix}weight", translate(N_("Weight of one piece, in grams")))
            elif key in VOCABULARY:
                yield Question("number", f"{prefix}measures-{key}", choices.measure_label(key, speech))
    elif code == "hs.classified":
        found = choices.codes_for(item.get("description", ""), country, rulebook, speech)
        if found.found:
            yield Question("codes", f"{prefix}pick", translate(N_("Which one is it?")), found)
