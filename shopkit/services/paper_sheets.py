"""Sheets of data of an order: what stands against each, its data, and its PDF."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from landed_cost.currencies import UnknownCurrencyError, units
from landed_cost.money import Money
from landed_cost.origins import Parcel
from landed_cost.rates import RATE_LIMIT_DAYS
from shopkit.papers import datasheets
from shopkit.papers.findings import Finding
from shopkit.papers.statements import proof_of
from shopkit.sending import exporting
from shopkit.services import customs_papers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from landed_cost.rulebook.agreements import Agreement
    from shopkit.papers.sheets import Size
    from shopkit.papers.statements import Proof
    from shopkit.services.customs_papers import Looked

Json = dict[str, Any]
# What stands against a sheet, too: who, to whom, that the order stands, and the goods' values.
_OF_SHEETS: Final = frozenset(
    {
        "order_ended",
        "party_missing",
        "letters_not_printed",
        "no_value",
        "number_digit",
        "number_wrong",
        "other_destination",
    }
)
_NOTICE: Final = "us.fda.prior_notice"
_UNITED_STATES: Final = frozenset({"US", "PR"})


def _base(looked: Looked) -> Iterator[Finding]:
    return (one for one in looked.blocks if one.code in _OF_SHEETS)


def _made(title: str, looked: Looked, said: Json, language: str, size: Size, **more: Sequence[str]) -> bytes:
    from shopkit.printing import pdf  # noqa: PLC0415  # 80 MB that only printing needs

    of = looked.declaration
    sheet = datasheets.printed(datasheets.word(title, language), of, said, language, size, **more)
    return pdf("datasheet", sheet, on=of.posted_on, language=language)


def _told(said: Json, findings: Sequence[Finding], language: str) -> Json:
    return {"data": said, "findings": [customs_papers.told(one, language) for one in findings]}


# -- pro forma -----------------------------------------------------------------------------------------------------
def of_pro_forma(looked: Looked) -> tuple[Finding, ...]:
    """Return what is wrong: a sale has its commercial invoice, of which a pro forma is none."""
    found = list(_base(looked))
    if looked.declaration.category == "sale":
        found.append(Finding("block", "pro_forma_sale", "category"))
    return tuple(found)


def print_pro_forma(looked: Looked, language: str, size: Size) -> bytes:
    """Print a pro-forma invoice."""
    said = datasheets.pro_forma(looked.declaration)
    return _made("pro_forma", looked, said, language, size, notes=[datasheets.sentence("values_only", language)])


def tell_pro_forma(looked: Looked, language: str) -> Json:
    """Return a pro-forma invoice as JSON."""
    return _told(datasheets.pro_forma(looked.declaration), of_pro_forma(looked), language)


# -- proof of origin -----------------------------------------------------------------------------------------------
def of_origin(looked: Looked) -> tuple[Finding, ...]:
    """Return what is wrong with a proof of origin: that goods were made somewhere is not yet that they originate."""
    of, box = looked.declaration, looked.declaration.details.origin
    found = [*_base(looked)]
    binding = _binding(looked)
    if not binding:
        return (*found, Finding("block", "origin_no_agreement", "origin"))
    agreement = _chosen(looked)
    if agreement is None:
        known = ", ".join(dict.fromkeys(one.id for ones in binding.values() for one in ones))
        return (*found, Finding("block", "origin_not_chosen", "origin", {"known": known}))
    covered = _covered(looked, agreement)
    countries = {of.lines[place - 1].origin for place in covered}
    if not covered:
        found.append(Finding("block", "origin_no_lines", "origin"))
    if len(countries) > 1:
        found.append(Finding("block", "origin_countries", "origin", {"countries": ", ".join(sorted(countries))}))
    if not box.criterion and proof_of(agreement.id).kind != "statement":
        found.append(Finding("block", "origin_criterion", "criterion"))
    found += [
        Finding("warn", "origin_not_covered", f"lines/{place}")
        for place in range(1, len(of.lines) + 1)
        if place not in covered
    ]
    if not any(one.code == "description_missing" for one in found):
        found += _words(looked, agreement, covered)
    return tuple(found)


def _words(looked: Looked, agreement: Agreement, covered: Sequence[int]) -> Iterator[Finding]:
    proof, box = proof_of(agreement.id), looked.declaration.details.origin
    if proof.kind == "form":
        yield Finding("warn", "origin_form", "origin", {"agreement": agreement.name["en"]})
        return
    if proof.status != "verified":
        yield Finding("warn", "origin_words", "origin", {"source": proof.source, "status": proof.status})
    if box.number:
        return
    origins = {looked.declaration.lines[place - 1].origin for place in covered}
    if origins & set(proof.numbered):
        yield Finding("block", "origin_number", "exporter_number")
    elif proof.limit is not None and proof.kind == "statement":
        worth = _in_euros(looked, covered)
        told = {"limit": str(proof.limit)}
        if worth is None:
            yield Finding("block", "origin_limit_unknown", "exporter_number", told)
        elif worth > proof.limit:
            yield Finding("block", "origin_limit", "exporter_number", told)


def _in_euros(looked: Looked, covered: Sequence[int]) -> Fraction | None:
    """Return what the covered goods are worth in euros; ``None`` without a rate of these days."""
    of, rates = looked.declaration, looked.rulebook.rates
    worth = Fraction(sum(of.lines[place - 1].minor for place in covered), units(of.currency))
    if of.currency == "EUR":
        return worth
    try:
        rate = rates.rate(of.currency, "EUR")
        factor = rates.factor(of.currency, "EUR")
    except UnknownCurrencyError:
        return None
    return worth * factor if 0 <= (of.posted_on - rate.date).days <= RATE_LIMIT_DAYS else None


def _binding(looked: Looked) -> dict[int, list[Agreement]]:
    """Return the agreements that bind between where each line was made and where it goes, by line."""
    of = looked.declaration
    found: dict[int, list[Agreement]] = {}
    for place, line in enumerate(of.lines, 1):
        ones = [
            one
            for one in looked.rulebook.agreements
            if one.in_force and one.binds(line.origin, of.recipient.country, of.posted_on)
        ]
        if ones:
            found[place] = ones
    return found


def _chosen(looked: Looked) -> Agreement | None:
    """Return the agreement that the seller named, or the only one there is."""
    known = {one.id: one for ones in _binding(looked).values() for one in ones}
    named = looked.declaration.details.origin.agreement
    if named:
        return known.get(named)
    return next(iter(known.values())) if len(known) == 1 else None


def _covered(looked: Looked, agreement: Agreement) -> list[int]:
    """Return the lines that the proof is of: those the seller named, else all that the agreement binds."""
    bound = [place for place, ones in _binding(looked).items() if any(one.id == agreement.id for one in ones)]
    named = looked.declaration.details.origin.lines
    return [place for place in bound if not named or place in named]


def _origin(looked: Looked) -> tuple[Json, Proof | None]:
    agreement = _chosen(looked)
    covered = [] if agreement is None else _covered(looked, agreement)
    if agreement is None or not covered:
        return {}, None
    of, proof = looked.declaration, proof_of(agreement.id)
    country = of.lines[covered[0] - 1].origin
    return datasheets.origin(of, proof, agreement.name["en"], covered, country), proof


def print_origin(looked: Looked, language: str, size: Size) -> bytes:
    """Print a proof of origin, or the data for a form of others."""
    said, proof = _origin(looked)
    notes = [datasheets.sentence("by_form", language)]
    if proof is not None and proof.kind != "form":
        told = {"source": proof.source, "status": proof.status, "day": proof.as_of}
        notes = [datasheets.sentence("words_of", language, **told)]
    return _made("proof", looked, said, language, size, quotes=said["words"], notes=notes)


def tell_origin(looked: Looked, language: str) -> Json:
    """Return a proof of origin as JSON; empty where none can be made."""
    return _told(_origin(looked)[0], of_origin(looked), language)


# -- simplified export ---------------------------------------------------------------------------------------------
def of_export(looked: Looked) -> tuple[Finding, ...]:
    """Return what is wrong: that the country's simplified export does not take the parcel, or nobody knows."""
    found = [*_base(looked)]
    verdict = _export(looked).verdict
    if verdict == "no":
        found.append(Finding("block", "export_no", "service"))
    elif verdict == "unknown":
        found.append(Finding("warn", "export_unknown", "service"))
    return tuple(found)


def _export(looked: Looked) -> exporting.Export:
    of = looked.declaration
    parcel = Parcel(
        of.sender.country,
        of.recipient.country,
        "postal",
        of.posted_on,
        Money(of.minor, of.currency),
        None if of.gross_kg is None else Fraction(of.gross_kg),
        tuple(one.hs_digits for one in of.lines if one.hs_digits),
    )
    return exporting.judge(parcel, looked.rulebook)


def _data(looked: Looked, language: str) -> Json:
    ways = [
        {"id": one.id, "name": one.name[language], "verdict": one.verdict, "files": one.files[language]}
        for one in _export(looked).ways
    ]
    return datasheets.export(looked.declaration, ways)


def print_export(looked: Looked, language: str, size: Size) -> bytes:
    """Print the data of a simplified export."""
    return _made("simplified", looked, _data(looked, language), language, size)


def tell_export(looked: Looked, language: str) -> Json:
    """Return the data of a simplified export as JSON."""
    return _told(_data(looked, language), of_export(looked), language)


# -- prior notice --------------------------------------------------------------------------------------------------
def _food(looked: Looked) -> list[int]:
    """Return the lines of which the quote says that they need a prior notice."""
    of = looked.declaration
    asked = {one.line for one in of.restrictions if one.id == _NOTICE}
    return list(range(1, len(of.lines) + 1)) if None in asked else sorted(one for one in asked if one is not None)


def of_notice(looked: Looked) -> tuple[Finding, ...]:
    """Return what is wrong with a prior notice: no food, another destination, what the FDA asks and nobody said."""
    found, food = [*_base(looked)], _food(looked)
    if looked.declaration.recipient.country not in _UNITED_STATES or not food:
        return (*found, Finding("block", "notice_none", ""))
    for one in datasheets.prior_notice(looked.declaration, food)["articles"]:
        at = f"lines/{one['line']}"
        if not one["product_code"]:
            found.append(Finding("warn", "notice_code", at))
        if not one["quantity"]:
            found.append(Finding("warn", "notice_quantity", at))
        if not (one["grower"] or (one["manufacturer"] and (one["registration"] or one["no_registration_reason"]))):
            found.append(Finding("warn", "notice_maker", at))
    return tuple(found)


def print_notice(looked: Looked, language: str, size: Size) -> bytes:
    """Print the data of a prior notice."""
    said = datasheets.prior_notice(looked.declaration, _food(looked))
    return _made("notice", looked, said, language, size, notes=[datasheets.sentence("to_fda", language)])


def tell_notice(looked: Looked, language: str) -> Json:
    """Return the data of a prior notice as JSON."""
    return _told(datasheets.prior_notice(looked.declaration, _food(looked)), of_notice(looked), language)
