"""Ways to send as JSON for programs and for the page, in one language; words beside every code."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from landed_cost.serialise import localise
from shopkit.papers.words import why
from shopkit.sending.kinds import prefix_of
from shopkit.sending.telling import Said, say, word
from shopkit.services.destinations import evidence_json, pick
from shopkit.services.problems import sentence
from shopkit.tracking import services as tracking
from shopkit.tracking.words import say as say_of_tracking

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from landed_cost.freight import Parcel
    from landed_cost.money import Money
    from shopkit.sending.exporting import Export, Limit, WayOut
    from shopkit.sending.packed import Otherwise, PackedParcel
    from shopkit.sending.ways import Against, Offer, Way
    from shopkit.services.ways import Found

Json = dict[str, Any]
Write = Callable[[str], str]
"""How the reader of a sentence writes the decimals in it."""

_MEMORY: Final = "memory"
# What the sentence of a limit that is passed says in numbers.
_MEASURED: Final = ("limit", "value")
_AMOUNTS: Final = ("goods", "freight", "insurance", "duties", "taxes", "fees", "import_charges")


def data(found: Found, language: str, write: Write = str) -> Json:
    """Return ways, simplified export and carriers without an answer; ``write`` is for numbers in sentences alone."""
    asked = found.asked
    sides = asked.parcel.dimensions_cm
    return {
        "date": asked.on.isoformat(),
        "dispatch": asked.dispatch,
        "destination": asked.destination,
        "parcel": {
            "gross_kg": _number(asked.parcel.gross_kg),
            "dimensions_cm": None if sides is None else [_number(one) for one in sides],
            "girth_cm": None if asked.parcel.girth_cm is None else _number(asked.parcel.girth_cm),
        },
        "packing": None if found.packed is None else _packing(found.packed, asked.parcel, language, write),
        "goods": None if asked.goods is None else _money(asked.goods),
        "ways": [_way(one, language, write) for one in found.ways],
        "exports": [_export(one, language) for one in found.exports],
        "not_known": [
            {"carrier": one.carrier, "name": one.name, "code": one.reason.code, "message": say(one.reason, language)}
            for one in found.missing
        ],
    }


def _packing(packed: Otherwise, quoted: Parcel, language: str, write: Write) -> Json:
    """Return the parcels of a packing that is not the quoted one, and the sentence that says so."""
    asked = _written(quoted.gross_kg, quoted.dimensions_cm, write)
    if packed.left:
        message = word("packed_left", language).format(quoted=asked, count=packed.left)
    elif len(packed.parcels) == 1:
        message = word("packed_other", language).format(
            quoted=asked, packed=_parcel(packed.parcels[0], language, write)
        )
    else:
        message = word("packed_several", language).format(
            quoted=asked, count=len(packed.parcels), packed=_together(packed.parcels, language, write)
        )
    return {
        "parcels": [
            {
                "net_kg": _number(one.net_kg),
                "gross_kg": None if one.gross_kg is None else _number(one.gross_kg),
                "dimensions_cm": None if one.dimensions_cm is None else list(map(_number, one.dimensions_cm)),
            }
            for one in packed.parcels
        ],
        "left": packed.left,
        "message": message,
    }


def _parcel(one: PackedParcel, language: str, write: Write) -> str:
    if one.gross_kg is None:
        return _together((one,), language, write)
    told = _written(one.gross_kg, one.dimensions_cm, write)
    if one.dimensions_cm is None and one.inside_cm is not None:
        return word("packed_inside", language).format(parcel=told, size=_size(one.inside_cm, write))
    return told


def _together(parcels: Sequence[PackedParcel], language: str, write: Write) -> str:
    """Return what parcels weigh all in all; more than the goods where a box was not chosen."""
    gross = [one.gross_kg for one in parcels if one.gross_kg is not None]
    if len(gross) == len(parcels):
        return _written(sum(gross, Decimal()), None, write)
    net = sum((one.net_kg for one in parcels), Decimal())
    return word("packed_over", language).format(weight=_written(net, None, write))


def _written(kg: Decimal, sides: Sequence[Decimal] | None, write: Write) -> str:
    weight = f"{write(_number(kg))} kg"
    return weight if sides is None else f"{weight}, {_size(sides, write)}"


def _size(sides: Sequence[Decimal], write: Write) -> str:
    return f"{' × '.join(write(_number(one)) for one in sides)} cm"


def _way(way: Way, language: str, write: Write) -> Json:
    offer = way.offer
    quote = None if way.quote is None else localise(way.quote, language)
    return {
        "id": offer.id,
        "source": offer.source,
        "service": offer.service,
        "channel": offer.channel,
        "kind": offer.kind,
        "illustrative": offer.is_illustrative,
        "standing": way.standing,
        "against": [_against(one, language, write) for one in offer.against],
        "weight": _weight(offer),
        "limits": _limits(offer),
        "tracked": _tracked(offer, quote, language),
        "papers": _papers(way, quote, language),
        "days": _days(offer, quote),
        "cost": _cost(way, quote),
        "outcome": None if quote is None else quote["assessment"]["outcome"],
        "reasons": [] if quote is None else quote["assessment"]["reasons"],
        "charges": [] if quote is None else quote["charges"],
    }


def _against(one: Against, language: str, write: Write) -> Json:
    over, said = one.over, one.said
    if over is not None:
        said = Said(said.code, {**said.params, **{name: write(said.params[name]) for name in _MEASURED}})
    # The doors know a code too where the engine does not; ours have no dot.
    message = sentence(said.code, said.params, language) if "." in said.code else say(said, language)
    if over is not None:
        message = f"{message} {word('over', language).format(over=write(_number(over)), unit=one.unit)}"
    return {
        "about": one.about,
        "code": one.said.code,
        "limit": None if one.limit is None else _number(one.limit),
        "value": None if one.given is None else _number(one.given),
        "over": None if over is None else _number(over),
        "unit": one.unit or None,
        "message": message,
    }


def _weight(offer: Offer) -> Json | None:
    """Say what is charged, and whether weight or volume decided; ``None`` where no card says it."""
    basis, service = offer.basis, offer.of_card
    if basis is None or service is None:
        return None
    volumetric = basis.volumetric_kg
    return {
        "charged_kg": _number(basis.charged_kg),
        "volumetric_kg": None if volumetric is None else _number(volumetric),
        "divisor": service.divisor,
        "volume_counts": volumetric is not None and volumetric > basis.gross_kg,
    }


def _limits(offer: Offer) -> Json | None:
    of = offer.of_card
    if of is None:
        return None
    return {
        name: None if limit is None else _number(limit)
        for name, limit in (
            ("max_kg", of.max_kg),
            ("max_length_cm", of.max_length_cm),
            ("max_girth_cm", of.max_girth_cm),
        )
    }


def _tracked(offer: Offer, quote: Json | None, language: str) -> Json:
    """Say how far the parcel is scanned between these two countries: by the kind of service where that is known."""
    delivery = (quote or {}).get("delivery")
    reach: str | None = None
    kind = None
    prefix = prefix_of(offer.kind)
    if delivery is not None and offer.channel != "postal":
        reach = delivery["tracked"]
    elif delivery is not None:
        reach = next((one["tracked"] for one in delivery["services"] if one["prefix"] == prefix), None)
    of_prefix = None if prefix is None else tracking.service_of(f"{prefix}A")
    if of_prefix is not None:
        kind = {
            "name": of_prefix.name[language],
            "usual": say_of_tracking("tracked", of_prefix.tracked, language=language),
        }
    code = f"tracked_{reach or 'unknown'}"
    return {
        "reach": reach,
        "evidence": None if reach is None else _MEMORY,
        "kind": kind,
        "message": say(Said(code), language),
    }


def _papers(way: Way, quote: Json | None, language: str) -> Json:
    """Return the form that goes with the parcel, and the papers that the destination asks for the goods."""
    choice = way.form
    asked = (quote or {}).get("restrictions") or ()
    return {
        "form": None if choice is None else choice.form,
        "message": say(Said("form_unknown"), language) if choice is None else why(choice, language),
        "needed": [
            {"message": one["message"], "paper": one["paper"], "item": one["item"], "certain": one["certain"]}
            | {"bans": one["severity"] == "prohibits", "rule": one["rule"]}
            for one in asked
            if one["severity"] in {"requires", "prohibits"} and not _is_of_the_way(one)
        ],
    }


def _is_of_the_way(restriction: Json) -> bool:
    """Return whether a restriction is what the carrier does with every parcel, or is about the way itself."""
    return restriction["kind"] == "formality" or str(restriction["id"]).startswith("lane.")


def _days(offer: Offer, quote: Json | None) -> Json:
    delivery = (quote or {}).get("delivery")
    named = ("earliest", "likely", "latest", "assumed")
    return {
        "by_card": None if offer.days is None else {"min": offer.days[0], "max": offer.days[1]},
        **{name: None if delivery is None else delivery[name] for name in named},
    }


def _cost(way: Way, quote: Json | None) -> Json | None:
    """Return what sending costs, part by part; ``None`` where the law does not say it."""
    if way.cost is None or quote is None:
        return None
    cost = way.cost
    return {
        "currency": cost.total.currency,
        "total": cost.total.text,
        "range": {"low": cost.low.text, "high": cost.high.text},
        **{name: quote["totals"][name] for name in _AMOUNTS},
    }


def _export(export: Export, language: str) -> Json:
    rate = export.rate
    return {
        "channel": export.channel,
        "verdict": export.verdict,
        "message": say(Said(f"export_{export.verdict}"), language),
        "reasons": [say(one, language) for one in export.reasons],
        "rate": None
        if rate is None
        else {"base": rate.base, "quote": rate.quote, "rate": _number(rate.rate), "date": rate.date.isoformat()},
        "ways": [_way_out(one, language) for one in export.ways],
    }


def _way_out(one: WayOut, language: str) -> Json:
    return {
        "id": one.id,
        "name": one.name[language],
        "verdict": one.verdict,
        "estimated": one.is_estimated,
        "reasons": list(dict.fromkeys(say(reason, language) for reason in one.reasons)),
        "doubts": [say(doubt, language) for doubt in one.doubts],
        "limits": [_limit(limit, language) for limit in one.limits],
        "files": one.files[language],
        "excludes": pick(one.excludes, language),
    }


def _limit(one: Limit, language: str) -> Json:
    return {
        "of": one.of,
        "comparison": one.comparison,
        "limit": one.fact.shown(language),
        "unit": one.fact.unit,
        "given": None if one.given is None else _rounded(one.given),
        "over": None if one.over is None or one.over <= 0 else _rounded(one.over),
        "rule": one.fact.id,
    } | evidence_json(one.fact, language)


def _rounded(number: Fraction) -> str:
    """Return an exact number to six digits behind the point, rounded away from zero: what is over a limit stays so."""
    sign = "-" if number < 0 else ""
    scaled = -(-abs(number.numerator) * 1_000_000 // number.denominator)
    return f"{sign}{_number(Decimal(scaled) / 1_000_000)}"


def _number(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _money(money: Money) -> Json:
    return {"amount": money.text, "currency": money.currency}
