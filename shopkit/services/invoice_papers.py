"""Invoices, receipts and credit notes as people read them: one set of words, figures and days for PDF and HTML.

In the order's own language unless another is asked for. What nobody gave is printed as *not given*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from landed_cost.money import Money
from shopkit.invoices import fiscal
from shopkit.payments import methods
from shopkit.services.letters import N_
from translations.ui import LANGUAGES, speech

if TYPE_CHECKING:
    from decimal import Decimal

    from shopkit.invoices import Document, Line, Party
    from translations.ui import Speech

Json = dict[str, Any]
_LETTER: Final = frozenset("MX US CA CO CL VE CR GT HN NI PA PR SV DO".split())  # noqa: SIM905 - read as a line
TITLES: Final = {
    "invoice": N_("Commercial invoice"),
    "receipt": N_("Receipt"),
    "credit_note": N_("Credit note"),
}
REASONS: Final = {"sale": N_("sale"), "sample": N_("commercial sample")}
TERMS: Final = {
    "DDP": N_("DDP (Incoterms): duties and taxes of import are paid by the seller"),
    "DAP": N_("DAP (Incoterms): duties and taxes of import are paid by the buyer"),
}
CAUSES: Final = {
    "cancelled": N_("the order was cancelled"),
    "expired": N_("the order ended without payment"),
    "reduced": N_("the order costs less than was invoiced"),
    "refunded": N_("money was given back"),
    "reduced_and_refunded": N_("the order costs less than was invoiced, and money was given back"),
}
_COLUMNS: Final = (
    N_("Goods"),
    N_("HS code"),
    N_("Made in"),
    N_("Net weight"),
    N_("Pieces"),
    N_("Each"),
    N_("Value"),
)
_NOT_GIVEN: Final = N_("not given")
_LEGAL_NAME: Final = N_("Legal name")
_TAX_NUMBER: Final = N_("Tax number")
_NOT_FISCAL: Final = N_(
    "This is a commercial document. It is no fiscal one, and stands in for none that the law of a country asks for."
)
_NOT_THIS: Final = N_("It is not the %(name)s: who has to issue that, issues it apart.")
_DECLARED: Final = N_(
    "I declare that what is said here of the goods, their value and their origin is true and complete."
)
_NO_ORIGIN: Final = N_("It holds no statement of origin: a lower duty under a trade agreement is not asked for by it.")


def language_of(document: Document, asked: str | None = None) -> str:
    """Return the language a document is shown in: the one asked for if it is one of ours, else the order's own."""
    found = asked or document.locale[:2]
    return found if found in LANGUAGES else "en"


def paper(document: Document, language: str | None = None) -> bytes:
    """Print a document as PDF: the same document in the same language is the same file."""
    from shopkit.printing import pdf  # noqa: PLC0415  # 80 MB that only printing needs

    spoken = language_of(document, language)
    return pdf("invoice", said(document, spoken), on=document.issued_on, language=spoken)


def said(document: Document, language: str) -> Json:
    """Return what a document says, in words: what the templates of PDF and HTML set, and nothing else."""
    to = speech(language, [document.locale, f"{language}-{document.market}"])
    say = to.sentences.gettext
    seller = document.seller
    return {
        "title": f"{say(TITLES[document.kind])} {document.number}",
        "seller": seller.name,
        "foot": " · ".join(one for one in (seller.name, seller.phone, seller.email) if one),
        "paper": "us-letter" if seller.country in _LETTER else "a4",
        "parties": [
            [say(N_("Seller and exporter")), _party(seller, to, is_seller=True)],
            [say(N_("Buyer and consignee")), _party(document.buyer, to, is_seller=False)],
        ],
        "facts": [[say(word), text] for word, text in _facts(document, to)],
        "columns": [say(one) for one in _COLUMNS],
        "rows": [_row(one, document, to) for one in document.lines],
        "sums": _sums(document, to),
        "notes": _notes(document, to),
        "signature": say(N_("Name, date and signature")) if document.kind == "invoice" else "",
    }


def _party(party: Party, to: Speech, *, is_seller: bool) -> list[str]:
    say = to.sentences.gettext
    missing = say(_NOT_GIVEN)
    town = " ".join(part for part in (party.postal_code, party.city) if part)
    place = ", ".join(part for part in (town, party.region) if part)
    lines = [party.legal_name or party.name]
    if is_seller and not party.legal_name:
        lines.append(f"{say(_LEGAL_NAME)}: {missing}")
    for word, text in ((N_("Street"), party.street), (N_("City"), place)):
        if text:
            lines.append(text)
        elif is_seller:
            lines.append(f"{say(word)}: {missing}")
    lines.append(_country(party.country, to))
    if party.tax_id or is_seller:
        called = party.tax_name or say(_TAX_NUMBER)
        lines.append(f"{called}: {party.tax_id or missing}")
    return lines + [part for part in (party.phone, party.email) if part]


def _facts(document: Document, to: Speech) -> list[tuple[str, str]]:
    say = to.sentences.gettext
    found = [
        (N_("Date"), to.day(document.issued_on)),
        (N_("Order number"), f"#{document.order}, {to.day(document.ordered_on)}"),
        (N_("Currency"), document.currency),
    ]
    if document.refers_to:
        on = "" if document.refers_on is None else f", {to.day(document.refers_on)}"
        found.append((N_("Invoice"), f"{document.refers_to}{on}"))
    if document.cause:
        found.append((N_("Why"), say(CAUSES[document.cause])))
    if document.kind == "receipt":
        if document.moved_at is not None:
            found.append((N_("Received"), f"{to.day(document.moved_at.date())} (UTC)"))
        found.append(
            (N_("Way of payment"), ", ".join(part for part in (_way(document.way, to), document.reference) if part))
        )
    if document.kind != "invoice":
        return found
    if document.due_on is not None and document.to_pay > 0:
        found.append((N_("To be paid until"), to.day(document.due_on)))
    found.append((N_("Terms"), say(TERMS[document.terms]) if document.terms in TERMS else document.terms))
    place = ", ".join(part for part in (document.place, _country(document.market, to)) if part)
    found += [(N_("Delivered at"), place), (N_("Reason for export"), say(REASONS[document.reason]))]
    missing = say(_NOT_GIVEN)
    found += [
        (N_("Net weight of all"), _weight(document.net_kg, to) or missing),
        (N_("Gross weight"), _weight(document.gross_kg, to) or missing),
    ]
    sent = "" if document.dispatched_on is None else to.day(document.dispatched_on)
    found.append(
        (N_("Sent"), ", ".join(one for one in (sent, document.carrier, document.tracking) if one) or say(N_("not yet")))
    )
    return found


def _way(way: str, to: Speech) -> str:
    """Return by what money came, as buyers know it, and at which provider."""
    provider, _, name = way.partition("/")
    found = methods.method(provider, name)
    return f"{found.title[to.language]} ({provider})" if found is not None else way


def _row(line: Line, document: Document, to: Speech) -> list[str]:
    missing = to.sentences.gettext(_NOT_GIVEN)
    each, rest = divmod(line.minor, line.quantity)
    return [
        f"{line.title} ({line.sku})" if line.sku else line.title,
        line.hs_code or missing,
        _country(line.origin, to) if line.origin else missing,
        _weight(line.net_kg, to) or missing,
        to.number(str(line.quantity)),
        # What does not divide into whole units of the currency is said for all pieces alone.
        "—" if rest else _amount(each, document, to),
        _amount(line.minor, document, to),
    ]


def _sums(document: Document, to: Speech) -> list[list[str]]:
    say = to.sentences.gettext
    parts = [
        (N_("Value of the goods"), document.goods),
        (N_("Freight"), document.freight),
        (N_("Insurance"), document.insurance),
        (N_("Duties, taxes and fees of import, paid with the order"), document.charges),
        (N_("Taken off since the order"), -document.reduced),
    ]
    found = [[say(word), _amount(minor, document, to), ""] for word, minor in parts if minor]
    total = {"invoice": N_("Total"), "receipt": N_("Received"), "credit_note": N_("Credited")}[document.kind]
    found.append([say(total), _amount(document.total, document, to), "strong"])
    if document.kind == "invoice":
        found += [
            [say(N_("Paid by the day of this invoice")), _amount(document.paid, document, to), ""],
            [say(N_("To pay")), _amount(document.to_pay, document, to), "strong"],
        ]
    return found


def _notes(document: Document, to: Speech) -> list[str]:
    say = to.sentences.gettext
    name = fiscal.name_of(document.seller.country)
    statement = say(_NOT_FISCAL)
    if name is not None:
        statement = f"{statement} {say(_NOT_THIS) % {'name': name}}"
    found = [statement]
    if document.kind == "invoice":
        if document.at_door:
            door = _amount(document.at_door, document, to)
            text = N_("At the door the buyer pays about %(amount)s for duties and taxes; it is not in the total.")
            found.append(say(text) % {"amount": door})
        if document.charges and document.law_on is not None:
            text = N_("Charges of import are those of the quote, by the rules of %(day)s (%(rules)s).")
            found.append(say(text) % {"day": to.day(document.law_on), "rules": document.law})
        found += [say(_NO_ORIGIN), say(_DECLARED)]
    return found


def _amount(minor: int, document: Document, to: Speech) -> str:
    return to.money(Money(minor, document.currency).text, document.currency)


def _weight(kilograms: Decimal | None, to: Speech) -> str:
    return "" if kilograms is None else f"{to.number(f'{kilograms.normalize():f}')} kg"


def _country(code: str, to: Speech) -> str:
    return f"{to.locale.territories.get(code, code)} ({code})"
