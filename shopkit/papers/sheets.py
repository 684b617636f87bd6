"""What the templates of the forms set: the fields of a declaration as strings, and nothing else.

Figures stand as customs read them everywhere: a point for decimals, no groups. Five lines stand on the first sheet, the
others on sheets behind it; none is dropped, none is joined with another.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from babel import Locale

from landed_cost.money import Money
from shopkit.papers import code128
from shopkit.papers.descriptions import MOST, clean, shorten
from shopkit.papers.details import UNDELIVERED, OriginBox
from shopkit.papers.weights import kilograms_up, pounds_up
from shopkit.papers.words import label, plain
from shopkit.tracking import s10

if TYPE_CHECKING:
    from shopkit.invoices import Party
    from shopkit.papers.declaration import Declaration, Line

Json = dict[str, Any]
Size = Literal["a4", "letter", "a6", "label"]
"""A4, US letter, A6, and the label of four by six inches that thermal printers take."""

SIZES: Final[tuple[Size, ...]] = get_args(Size)
_PAPERS: Final[dict[Size, tuple[str, str]]] = {
    "a4": ("210mm", "297mm"),
    "letter": ("8.5in", "11in"),
    "a6": ("105mm", "148mm"),
    "label": ("4in", "6in"),
}
_SMALL: Final = frozenset({"a6", "label"})
FIRST_SHEET: Final = 5
"""Lines on the first sheet, as USPS prints them (verified); the others follow."""

NEXT_SHEETS: Final = 10
LONG: Final = 64
"""Signs that a line of CN 23 on A4 has room for, which is also the limit of La Poste (reported)."""

_CATEGORIES: Final[tuple[str, ...]] = ("gift", "documents", "sale", "sample", "returned", "other")
_NAMES: Final = {"cn22": "CN 22", "cn23": "CN 23"}


def form(of: Declaration, name: Literal["cn22", "cn23"], language: str, size: Size) -> Json:
    """Return what the template ``customs`` sets: CN 22 or CN 23 in a language, with English or French beside it."""
    rows = [_row(line, of, with_all=name == "cn23" and size not in _SMALL) for line in of.lines]
    sheets = [rows[:FIRST_SHEET]]
    sheets += [rows[at : at + NEXT_SHEETS] for at in range(FIRST_SHEET, len(rows), NEXT_SHEETS)]
    columns = ["description", "quantity", "net_weight", "value", "hs_code", "origin"]
    return {
        "title": f"{_NAMES[name]} #{of.order}",
        "seller": of.sender.legal_name or of.sender.name,
        "width": _PAPERS[size][0],
        "height": _PAPERS[size][1],
        "form": _NAMES[name],
        "head": label("customs_declaration", language),
        "opened": label("may_be_opened", language),
        "is_small": size in _SMALL,
        "with_parties": name == "cn23",
        "reference": [label("order", language), f"#{of.order}"],
        "number": _barcode(of.number, language),
        "from": [label("from", language), _address(of.sender)],
        "to": [label("to", language), [*_address(replace(of.recipient, tax_id="")), *_importer(of, language)]],
        "columns": [label(one, language) for one in columns],
        "sheets": sheets,
        "sums": _sums(of, language),
        "category": [label("category", language), *_categories(of, language)],
        "boxes": _boxes(of, language, is_small=size in _SMALL) if name == "cn23" else [],
        "undelivered": _undelivered(of, language, is_small=size in _SMALL) if name == "cn23" else [],
        "certify": _certified(language),
        "signature": label("signature", language),
        "signed": _signed(of),
        "more": label("more_lines", language) if len(sheets) > 1 else "",
        "continued": label("continued", language),
        "sheet": label("page", language),
    }


def packing_list(of: Declaration, language: str, size: Size = "a4") -> Json:
    """Return what the template ``packing`` sets: what lies in the parcel, without its value."""
    missing = plain("not_given", language)
    net, gross = of.net_kg, of.gross_kg
    columns = ["goods", "hs_code", "origin", "pieces", "packed", "net_weight"]
    return {
        "title": label("packing_list", language),
        "subtitle": f"{label('order', language)} #{of.order}",
        "seller": of.sender.legal_name or of.sender.name,
        "foot": of.sender.legal_name or of.sender.name,
        "paper": "us-letter" if size == "letter" else "a4",
        "parties": [
            [label("from", language), _address(of.sender)],
            [label("to", language), _address(of.recipient)],
        ],
        "facts": [
            [label("day", language), of.posted_on.isoformat()],
            [label("number", language), s10.print_groups(of.number) if of.number else missing],
            [label("invoice", language), of.invoice or missing],
            [label("total_net", language), f"{_summed(of)} kg" if net is not None else missing],
            [label("total_gross", language), f"{_gross(of)} kg" if gross is not None else missing],
        ],
        "columns": [label(one, language) for one in columns],
        "rows": [
            [
                f"{clean(one.description)} ({one.sku})" if one.sku else clean(one.description),
                one.hs_code or missing,
                one.origin or missing,
                str(one.quantity),
                str(one.packed),
                _weight(one.net_kg) or missing,
            ]
            for one in of.lines
        ],
    }


def data(of: Declaration) -> Json:
    """Return a declaration as JSON for programs: what the papers say, weights and values as decimal strings.

    Weights are the printed ones; ``short`` is the description of at most thirty signs.
    """
    return {
        "order": of.order,
        "posted_on": of.posted_on.isoformat(),
        "number": of.number or None,
        "service": of.service,
        "category": of.category,
        "currency": of.currency,
        "sender": _plain(of.sender),
        "recipient": _plain(of.recipient),
        "lines": [
            {
                "description": clean(one.description),
                "short": _short(one),
                "language": one.language,
                "sku": one.sku or None,
                "quantity": one.quantity,
                "packed": one.packed,
                "net_weight_kg": _weight(one.net_kg) or None,
                "net_weight_lb": None if one.net_kg is None else f"{pounds_up(one.net_kg):f}",
                "value": Money(one.minor, of.currency).text,
                "hs_code": one.hs_code or None,
                "origin": one.origin or None,
            }
            for one in of.lines
        ],
        "value": Money(of.minor, of.currency).text,
        "net_weight_kg": _summed(of) or None,
        "gross_weight_kg": _gross(of) or None,
        "invoice": of.invoice or None,
        "terms": of.terms or None,
        "details": _details(of),
    }


def _details(of: Declaration) -> Json:
    """Return the boxes that the seller filled, as JSON; the importer's reference may be that of the address."""
    said = of.details
    return {
        "explanation": said.explanation or None,
        "postage": _amount(said.postage),
        "insured": _amount(said.insured),
        "licence": said.licence or None,
        "certificate": said.certificate or None,
        "inspection": said.inspection or None,
        "comment": said.comment or None,
        "importer": {"kind": said.importer_kind, "number": of.importer} if of.importer else None,
        "undelivered": said.undelivered or None,
        "redirect": None if said.undelivered != "redirect" or said.redirect is None else _plain(said.redirect),
        "aes": said.aes or None,
        "signer": said.signer or None,
        "signed_on": None if said.signed_on is None else said.signed_on.isoformat(),
        "origin": None if said.origin == OriginBox() else asdict(said.origin) | {"lines": list(said.origin.lines)},
        "food": [asdict(one) for one in said.food],
    }


def _amount(of: Money | None) -> Json | None:
    return None if of is None else {"amount": of.text, "currency": of.currency}


def _row(line: Line, of: Declaration, *, with_all: bool) -> list[str]:
    whole = clean(line.description)
    # A word that is longer than its cell would run over the next one.
    fits = with_all and len(whole) <= LONG and all(len(word) <= MOST for word in whole.split())
    text = whole if fits else _short(line)
    value = f"{Money(line.minor, of.currency).text} {of.currency}"
    return [text, str(line.quantity), _weight(line.net_kg), value, line.hs_code, line.origin]


def _short(line: Line) -> str:
    return shorten(line.description, line.language, materials=line.materials)


def _sums(of: Declaration, language: str) -> list[list[str]]:
    return [
        [label("total_net", language), f"{_summed(of)} kg"],
        [label("total_gross", language), f"{_gross(of)} kg"],
        [label("total_value", language), f"{Money(of.minor, of.currency).text} {of.currency}"],
    ]


def weight(line: Line) -> str:
    """Return what the pieces of a line weigh as printed, empty where nobody said."""
    return _weight(line.net_kg)


def _weight(kg: Decimal | None) -> str:
    return "" if kg is None else f"{kilograms_up(kg):f}"


def _net(of: Declaration) -> Decimal | None:
    """Return the sum of the lines as they are printed: each is rounded up, then they are added."""
    if of.net_kg is None:
        return None
    return sum((kilograms_up(one.net_kg or Decimal(0)) for one in of.lines), Decimal(0))


def _summed(of: Declaration) -> str:
    net = _net(of)
    return "" if net is None else f"{net:f}"


def _gross(of: Declaration) -> str:
    """Return the gross weight as printed: never under the sum of the lines by what rounding them added."""
    if of.gross_kg is None:
        return ""
    return f"{max(kilograms_up(of.gross_kg), _net(of) or kilograms_up(of.gross_kg)):f}"


def _categories(of: Declaration, language: str) -> list[list[Any]]:
    found: list[list[Any]] = [[label(one, language), one == of.category] for one in _CATEGORIES]
    if of.category == "other" and of.details.explanation:
        found[-1][0] = f"{found[-1][0]}: {of.details.explanation}"
    return found


def _boxes(of: Declaration, language: str, *, is_small: bool) -> list[list[list[str]]]:
    """Return the boxes under the goods, row by row: those of the form, filled or blank, and those that are given."""
    said = of.details
    remark = [label("comments", language), comment(of, language)]
    numbers = [
        [label("licence", language), said.licence],
        [label("certificate", language), said.certificate],
        [label("invoice", language), of.invoice],
        [label("postage", language), "" if said.postage is None else str(said.postage)],
    ]
    # Words need the width of the paper; a blank on small paper does not.
    rows = [[remark, *numbers]] if is_small and not remark[1] else [[remark], numbers]
    more = {
        "insured": "" if said.insured is None else str(said.insured),
        "terms": of.terms,
        "aes": said.aes,
    }
    given = [[label(name, language), text] for name, text in more.items() if text]
    return [*rows, given] if given else rows


def comment(of: Declaration, language: str) -> str:
    """Return what the box of comments says: what is to be inspected, and the seller's words."""
    said = of.details
    kind = label(said.inspection, language) if said.inspection and said.inspection != "other" else ""
    return ": ".join(part for part in (kind, said.comment) if part)


def _undelivered(of: Declaration, language: str, *, is_small: bool) -> list[list[Any]]:
    """Return what is done with a parcel that cannot be delivered; on small paper only where it was said."""
    chosen = of.details.undelivered
    if is_small and not chosen:
        return []
    found: list[list[Any]] = [[label("undelivered", language)]]
    for one in UNDELIVERED:
        words = label(f"undelivered_{one}", language)
        to = of.details.redirect if one == chosen == "redirect" else None
        found.append([words if to is None else f"{words}: {', '.join(_address(to))}", one == chosen])
    return found


def _importer(of: Declaration, language: str) -> list[str]:
    if not of.importer:
        return []
    return [f"{label('importer', language)} ({label(of.details.importer_kind, language)}): {of.importer}"]


def _signed(of: Declaration) -> str:
    said = of.details
    day = "" if said.signed_on is None else said.signed_on.isoformat()
    return ", ".join(part for part in (day, said.signer) if part)


def _certified(language: str) -> str:
    other = "fr" if language == "en" else "en"
    return f"{plain('certify', language)} / {plain('certify', other)}"


def _address(party: Party) -> list[str]:
    town = " ".join(part for part in (party.postal_code, party.city) if part)
    lines = [party.legal_name, party.name if party.name != party.legal_name else "", party.street]
    lines += [", ".join(part for part in (town, party.region) if part), _country(party.country)]
    lines += [f"{party.tax_name}: {party.tax_id}" if party.tax_id and party.tax_name else party.tax_id]
    return [one for one in (*lines, party.phone, party.email) if one]


def _country(code: str) -> str:
    """Return a country as an envelope says it: its English name in capitals."""
    return str(_english().territories.get(code, code)).upper()


@cache
def _english() -> Locale:
    return Locale("en")


def _barcode(number: str, language: str) -> Json | None:
    """Return the bars of a number; none where its check digit is not right."""
    if not s10.is_valid(number):
        return None
    bare = s10.compact(number)
    bars = [list(one) for one in code128.bars(bare)]
    return {
        "label": label("number", language),
        "text": s10.print_groups(bare),
        "bars": bars,
        "modules": code128.width_of(bare),
    }


def _plain(party: Party) -> Json:
    names = ("name", "legal_name", "street", "city", "region", "postal_code", "country", "phone", "email", "tax_id")
    return {name: getattr(party, name) or None for name in names}
