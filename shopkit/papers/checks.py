"""What is wrong with a declaration before it is printed: all of it at once, each with where it stands.

``block`` keeps the paper from being printed, ``warn`` is said and prints. Nothing is filled in.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from landed_cost.countries import is_country
from landed_cost.money import Money
from shopkit.papers import descriptions, filled
from shopkit.papers.findings import USPS, Finding, unprinted
from shopkit.papers.posts import weight_limit
from shopkit.tracking import s10

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from shopkit.invoices import Party
    from shopkit.papers.declaration import Declaration, Line
    from shopkit.papers.forms import Choice, Form

LETTER_KG: Final = Decimal(2)
"""What a letter with goods may weigh (reported)."""

MOST_LINES: Final = 30
"""Lines of contents that USPS takes (International Labels v3.3.7, verified)."""

_FEWEST_DIGITS: Final = 6
_MOST_DIGITS: Final = 14
# Languages that a destination reads beside English and French; of the others nothing is known here.
_SPANISH: Final = frozenset("AR BO CL CO CR CU DO EC ES GT HN MX NI PA PE PR PY SV UY VE".split())  # noqa: SIM905
_PORTUGUESE: Final = frozenset({"BR", "PT"})
_PRINTED: Final = ("name", "legal_name", "street", "city", "region")
_ADDRESS: Final = ("name", "street", "city", "country")


def check(
    of: Declaration, form: Form, choice: Choice, *, with_codes: AbstractSet[str] = frozenset()
) -> tuple[Finding, ...]:
    """Return all that is wrong with a declaration on a form; ``choice`` is the form that service and value ask for.

    ``with_codes`` are the countries whose addresses have a postal code.
    """
    found = [
        *_order(of),
        *_form(of, form, choice),
        *_party("sender", of.sender, with_codes),
        *_party("recipient", of.recipient, with_codes),
        *(one for place, line in enumerate(of.lines, 1) for one in _line(of, line, f"lines/{place}")),
        *_weights(of),
        *_totals(of),
        *_number(of),
        *_restricted(of),
        *filled.check(of, form),
    ]
    return tuple(sorted(found, key=lambda one: one.level))


def _order(of: Declaration) -> Iterator[Finding]:
    if of.is_closed:
        yield Finding("block", "order_ended")
    if of.quoted and of.recipient.country != of.quoted:
        told = {"quoted": of.quoted, "country": of.recipient.country}
        yield Finding("block", "other_destination", "recipient/country", told)
    if of.channel == "courier" and of.service != "courier":
        yield Finding("warn", "quoted_courier", "service")
    if of.dropped:
        yield Finding("block", "dropped", "", {"pieces": str(of.dropped)})
    packed, ordered = sum(one.packed for one in of.lines), sum(one.quantity for one in of.lines)
    if packed == 0:
        yield Finding("warn", "not_packed")
    elif packed != ordered:
        yield Finding("block", "packed_in_part", "", {"packed": str(packed), "ordered": str(ordered)})


def _form(of: Declaration, form: Form, choice: Choice) -> Iterator[Finding]:
    if form == "cn22" and choice.form != "cn22":
        yield Finding("block", "cn22_not_enough", "form")
    if form == "invoice":
        return
    if len(of.lines) > MOST_LINES:
        level: Literal["block", "warn"] = "block" if of.sender.country in USPS else "warn"
        yield Finding(level, "many_lines", "lines", {"lines": str(len(of.lines)), "most": str(MOST_LINES)})


def _party(who: str, party: Party, with_codes: AbstractSet[str]) -> Iterator[Finding]:
    for name in _ADDRESS:
        if not getattr(party, name):
            yield Finding("block", "party_missing", f"{who}/{name}")
    if not party.postal_code and party.country in with_codes:
        yield Finding("block", "party_missing", f"{who}/postal_code")
    if party.country and not is_country(party.country):
        yield Finding("block", "country_unknown", f"{who}/country", {"country": party.country})
    for name in _PRINTED:
        if sign := unprinted(getattr(party, name)):
            yield Finding("block", "letters_not_printed", f"{who}/{name}", {"sign": sign})
    if not (party.phone or party.email):
        yield Finding("block" if who == "recipient" else "warn", "contact_missing", f"{who}/phone")


def _line(of: Declaration, line: Line, at: str) -> Iterator[Finding]:
    yield from _described(of, line, f"{at}/description")
    yield from _classified(line, f"{at}/hs_code")
    if not line.origin:
        yield Finding("block", "origin_missing", f"{at}/origin")
    elif not is_country(line.origin):
        yield Finding("block", "country_unknown", f"{at}/origin", {"country": line.origin})
    if line.quantity < 1:
        yield Finding("block", "no_pieces", f"{at}/quantity")
    if line.minor < 1:
        yield Finding("block", "no_value", f"{at}/value")
    if line.net_kg is None or line.net_kg <= 0:
        yield Finding("block", "weight_missing", f"{at}/net_weight")


def _described(of: Declaration, line: Line, at: str) -> Iterator[Finding]:
    verdict = descriptions.check(line.description, materials=line.materials)
    proposal = descriptions.propose(line.description, line.language, materials=line.materials, use=line.use)
    told = {"text": descriptions.clean(line.description), "term": verdict.term, "source": verdict.source}
    for code in verdict.codes:
        better = {"proposal": proposal} if proposal else {}
        yield Finding("block" if verdict.level == "block" else "warn", code, at, told | better)
    if sign := unprinted(line.description):
        yield Finding("block", "letters_not_printed", at, {"sign": sign})
    if verdict.level != "block" and not descriptions.shorten(line.description, line.language, materials=line.materials):
        yield Finding("block", "description_not_short", at, told | ({"proposal": proposal} if proposal else {}))
    country = of.recipient.country
    reads = (country in _SPANISH and line.language == "es") or (country in _PORTUGUESE and line.language == "pt")
    if line.language not in {"en", "fr"} and not reads:
        yield Finding("warn", "description_language", at, {"language": line.language, "country": country})


def _classified(line: Line, at: str) -> Iterator[Finding]:
    digits = line.hs_digits
    told = {"code": line.hs_code}
    if not digits:
        yield Finding("block", "hs_missing", at)
    elif not (digits.isascii() and digits.isdigit()):
        yield Finding("block", "hs_signs", at, told)
    elif len(digits) < _FEWEST_DIGITS or len(digits) > _MOST_DIGITS:
        yield Finding("block", "hs_short", at, told)
    elif len(digits) % 2:
        yield Finding("block", "hs_zero", at, told)


def _weights(of: Declaration) -> Iterator[Finding]:
    net, gross = of.net_kg, of.gross_kg
    if gross is None or gross <= 0:
        yield Finding("block", "gross_missing", "gross_weight")
        return
    if net is not None and net > gross:
        yield Finding("block", "net_above_gross", "gross_weight", {"net": f"{net:f}", "gross": f"{gross:f}"})
    if of.service == "letter" and gross > LETTER_KG:
        yield Finding("block", "letter_too_heavy", "gross_weight", {"gross": f"{gross:f}", "most": f"{LETTER_KG}"})
    limit = weight_limit(of.sender.country, of.service)
    if limit is not None and gross > limit.most_kg:
        told = {"gross": f"{gross:f}", "most": f"{limit.most_kg}", "source": limit.source, "status": limit.status}
        yield Finding("block" if limit.status == "verified" else "warn", "parcel_too_heavy", "gross_weight", told)


def _totals(of: Declaration) -> Iterator[Finding]:
    said = Money(of.minor, of.currency)
    if of.minor != of.goods:
        other = Money(of.goods, of.currency)
        yield Finding("block", "total_not_orders", "value", {"value": str(said), "other": str(other)})
    if of.invoice_goods is not None and of.minor != of.invoice_goods:
        other = Money(of.invoice_goods, of.currency)
        yield Finding(
            "block", "total_not_invoices", "value", {"value": str(said), "other": str(other), "invoice": of.invoice}
        )
    if of.reduced:
        yield Finding("warn", "reduced", "value", {"amount": str(Money(of.reduced, of.currency))})


def _restricted(of: Declaration) -> Iterator[Finding]:
    for one in of.restrictions:
        at = "" if one.line is None else f"lines/{one.line}"
        code = "restriction" if one.is_certain else "restriction_perhaps"
        yield Finding("block" if one.is_ban and one.is_certain else "warn", code, at, one.says)


def _number(of: Declaration) -> Iterator[Finding]:
    if of.service == "courier":
        return
    if not of.number:
        yield Finding("warn", "number_missing", "number")
        return
    if of.tracking and of.tracking != of.number:
        yield Finding("block", "number_other", "number", {"number": of.number, "other": of.tracking})
    try:
        issuer = s10.parse(of.number).issuer
    except s10.InvalidCheckDigitError as error:
        yield Finding("block", "number_digit", "number", {"number": of.number, "expected": str(error.expected)})
    except s10.S10Error:
        yield Finding("block", "number_wrong", "number", {"number": of.number})
    else:
        # The islands' mail is that of the United States.
        sends = {"US", of.sender.country} if of.sender.country in USPS else {of.sender.country}
        if issuer not in sends:
            told = {"number": of.number, "issuer": issuer, "country": of.sender.country}
            yield Finding("warn", "number_elsewhere", "number", told)
