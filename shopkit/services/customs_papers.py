"""Papers for customs of an order: its declaration, what is wrong with it, and the PDF.

The frozen quote says what the goods are, are worth and weigh; the shop says who sends, the order to whom; the listing
says what they are called in English, which every post reads, where the seller wrote that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, get_args

from landed_cost.money import Money, to_minor
from shopkit.invoices import building
from shopkit.papers import checks, forms, sheets
from shopkit.papers.declaration import Declaration, Line, Restriction, Service
from shopkit.papers.findings import Finding
from shopkit.papers.words import tell, why
from shopkit.services import invoices, listings, number_ranges, orders, paper_details, printed_papers, tax_numbers
from shopkit.services.addresses import POSTAL
from shopkit.services.listings import ListingNotFoundError
from shopkit.tracking import s10

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from landed_cost.rulebook.book import Rulebook
    from listings.model import Listing
    from shopkit.invoices import Document
    from shopkit.invoices.building import Order
    from shopkit.papers.forms import Choice, Form
    from shopkit.papers.sheets import Size
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.orders import Order as KeptOrder
    from shopkit.services.printed_papers import Printed

Json = dict[str, Any]

# By what each form goes unless the seller says otherwise.
_SERVICES: Final[Mapping[str, Service]] = {"cn22": "letter", "cn23": "parcel"}
_ENGLISH: Final = "en"
# What stands against a packing list, too: it says what was ordered and what is packed, whatever else is missing.
_OF_PACKING: Final = frozenset({"order_ended", "number_digit", "number_wrong"})


@dataclass(frozen=True, slots=True)
class Looked:
    """A declaration looked at for a form: the form that service and value ask for, and all that is wrong."""

    declaration: Declaration
    form: Form
    choice: Choice
    findings: tuple[Finding, ...]
    rulebook: Rulebook

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """What keeps the form from being printed."""
        return tuple(one for one in self.findings if one.level == "block")


def look(
    services: Services,
    actor: Actor,
    order_id: str,
    form: Form,
    *,
    service: Service | None = None,
    number: str = "",
    on: date | None = None,
) -> Looked:
    """Return the declaration of an order of the seller's and what is wrong with it; ``OrderNotFoundError``.

    ``service`` is by what it goes (CN 22 as a letter, CN 23 as a parcel), ``number`` the S10 number that the post gave
    where the order does not have it yet, ``on`` the day of posting, else today's at the seller's.
    """
    made = _declaration(services, actor, order_id, service or _SERVICES[form], number, on)
    fixed = _equivalent(services, made.sender.country)
    choice = forms.choose(made.service, made.minor, made.currency, services.law.rulebook.rates, made.posted_on, fixed)
    found = (*checks.check(made, form, choice, with_codes=frozenset(POSTAL)), *_taxpayers(made))
    return Looked(made, form, choice, tuple(sorted(found, key=lambda one: one.level)), services.law.rulebook)


def _equivalent(services: Services, origin: str) -> Money | None:
    """Return what the post of an origin takes 300 SDR for, where the settings say it."""
    for one in services.settings.sdr_equivalents:
        country, _, said = one.partition("=")
        amount, _, currency = said.partition(" ")
        if country == origin:
            return Money(to_minor(Decimal(amount), currency), currency)
    return None


def printed(services: Services, actor: Actor, order_id: str) -> tuple[Printed, ...]:
    """Return what was printed of an order, the last first, each with what changed since; ``OrderNotFoundError``."""
    return tuple(
        printed_papers.judged(
            row, _declaration(services, actor, order_id, _service(row.service), row.number, None, is_asked=False)
        )
        for row in printed_papers.rows(services, actor, order_id)
    )


def _service(name: str) -> Service:
    return next(one for one in get_args(Service) if one == name)


def _taxpayers(of: Declaration) -> Iterator[Finding]:
    """Yield which numbers of taxpayers cannot have been given, by the rules of their countries."""
    given = [("sender/tax_id", of.sender.country, of.sender.tax_id)]
    if of.details.importer_kind != "importer_code":
        given.append(("importer", of.recipient.country, of.importer))
    for where, country, number in given:
        if not number:
            continue
        checked = tax_numbers.check_buyer("US" if country == "PR" else country, number)
        told = {"number": number, "called": checked.called or ""}
        if checked.outcome in {"digits", "part"}:
            yield Finding("block", "tax_digits", where, told)
        elif checked.outcome in {"length", "format"}:
            yield Finding("warn", "tax_form", where, told)
        elif checked.outcome == "unusual":
            yield Finding("warn", "tax_unusual", where, told)


def paper(looked: Looked, language: str, size: Size) -> bytes:
    """Print CN 22 or CN 23 as PDF; ``ValueError`` where something stands against it."""
    from shopkit.printing import pdf  # noqa: PLC0415  # 80 MB that only printing needs

    if looked.blocks or looked.form == "invoice":
        raise ValueError("nothing is printed that something stands against")
    of = looked.declaration
    return pdf("customs", sheets.form(of, looked.form, language, size), on=of.posted_on, language=language)


def packing_list(looked: Looked, language: str, size: Size) -> bytes:
    """Print the packing list as PDF; ``ValueError`` where something stands against it."""
    from shopkit.printing import pdf  # noqa: PLC0415  # as above

    if against_packing(looked):
        raise ValueError("nothing is printed that something stands against")
    of = looked.declaration
    return pdf("packing", sheets.packing_list(of, language, size), on=of.posted_on, language=language)


def against_packing(looked: Looked) -> tuple[Finding, ...]:
    """Return what keeps a packing list from being printed."""
    return tuple(one for one in looked.blocks if one.code in _OF_PACKING)


def data(looked: Looked, language: str) -> Json:
    """Return a declaration as JSON for programs, with the form it needs and all that is wrong."""
    choice = looked.choice
    return {
        "form": {
            "asked": looked.form,
            "needed": choice.form,
            "reason": choice.reason,
            "message": why(choice, language),
            "rate_date": None if choice.rate is None else choice.rate.date.isoformat(),
        },
        "declaration": sheets.data(looked.declaration),
        "findings": [told(one, language) for one in looked.findings],
    }


def told(finding: Finding, language: str) -> Json:
    """Return a finding as JSON for programs."""
    return {
        "level": finding.level,
        "code": finding.code,
        "where": finding.where,
        "message": tell(finding, language),
        "proposal": finding.params.get("proposal"),
    }


def invoice_of(services: Services, actor: Actor, order_id: str) -> Document | None:
    """Return the invoice of an order that was issued last, ``None`` without one."""
    found = [one.document for one in invoices.of_order(services, actor, order_id) if one.document.kind == "invoice"]
    return found[-1] if found else None


def _declaration(  # all of it makes a declaration
    services: Services,
    actor: Actor,
    order_id: str,
    service: Service,
    number: str,
    on: date | None,
    *,
    is_asked: bool = True,
) -> Declaration:
    """Return the declaration of an order; a number that is not asked for gives way to the order's own."""
    order = orders.load(services, actor, order_id)
    basis = invoices.basis(services, actor, order_id)
    issued = invoice_of(services, actor, order_id)
    sent = s10.compact(basis.tracking) if s10.is_valid(basis.tracking) else ""
    given, own = s10.compact(number), sent or number_ranges.of_order(services, order_id)
    details = paper_details.details(services, actor, order_id)
    is_sample = basis.reason == "sample"
    return Declaration(
        order=basis.number,
        posted_on=on or services.today(basis.seller.country),
        service=service,
        category=details.category or ("sample" if is_sample else "sale"),
        currency=basis.totals.goods.currency,
        sender=basis.seller,
        recipient=replace(basis.buyer, country=_country(order)),
        lines=tuple(
            _line(basis, place, _listing(services, actor, one.listing_id)) for place, one in enumerate(order.lines)
        ),
        goods=basis.totals.goods.minor,
        reduced=basis.state.reduced,
        gross_kg=basis.gross_kg,
        number=given or own if is_asked else own or given,
        invoice=details.invoice if issued is None else issued.number,
        invoice_goods=None if issued is None else issued.goods,
        quoted=str(order.request["destination"]["country"]).upper(),
        channel=str(order.request.get("channel") or ""),
        tracking=sent,
        restrictions=tuple(_restrictions(order)),
        dropped=sum(basis.state.dropped),
        is_closed=basis.state.closed is not None,
        is_sample=is_sample,
        terms=order.terms,
        details=details,
    )


def _country(order: KeptOrder) -> str:
    """Return the country of the address; Puerto Rico is one of its own in quotes, and written as a state, too."""
    address = order.buyer.address
    country = (address.get("country") or order.market).upper()
    return "PR" if (country, address.get("region", "").upper()) == ("US", "PR") else country


def _restrictions(order: KeptOrder) -> Iterator[Restriction]:
    """Yield what the frozen quote says of its goods; what is done with each parcel by the carrier is not of them."""
    places = {str(item.get("id")): place for place, item in enumerate(order.request["items"], 1)}
    for one in order.quote.get("restrictions") or ():
        if one["severity"] in {"prohibits", "requires"} and one.get("kind") != "formality":
            is_certain = one.get("certain") is not False
            yield Restriction(
                one["severity"] == "prohibits",
                one["message"],
                places.get(str(one.get("item"))),
                is_certain,
                str(one.get("id") or ""),
            )


def _line(of: Order, place: int, listing: Listing | None) -> Line:
    sold, item = of.sold[place], of.items[place]
    text, language = _description(of, str(item.get("description") or sold.title), listing)
    is_own = listing is not None and language == listing.language[:2]
    weight = building.kilograms(item.get("weight"))
    packed = of.state.packed
    return Line(
        description=text,
        language=language,
        quantity=sold.quantity,
        minor=sold.minor,
        hs_code=str(item.get("hs_code") or ""),
        origin=str(item.get("origin") or ""),
        net_kg=None if weight is None else weight * sold.quantity,
        sku=sold.sku,
        packed=packed[place] if place < len(packed) else 0,
        materials=tuple(one.name for one in listing.materials) if listing is not None and is_own else (),
        use=listing.category if listing is not None and is_own else "",
    )


def _description(of: Order, said: str, listing: Listing | None) -> tuple[str, str]:
    """Return what goods are called, and in which language: the seller's own English before that of the order."""
    if listing is not None:
        if listing.language[:2] == _ENGLISH:
            return listing.title, _ENGLISH
        in_english = [one for one in listing.markets if (one.language or "")[:2] == _ENGLISH and one.title]
        in_english.sort(key=lambda one: one.market != of.market)
        for one in in_english:
            return str(one.title), _ENGLISH
    return said, of.locale[:2]


def _listing(services: Services, actor: Actor, listing_id: str) -> Listing | None:
    try:
        return listings.get_listing(services, actor, listing_id).listing
    except ListingNotFoundError:
        return None
