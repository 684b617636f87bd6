"""What an invoice, a receipt or a credit note says: one shape, frozen as JSON under a digest when it is issued.

Amounts are whole minor units of the document's currency. A text that nobody gave is empty, and is printed as *not
given*; nothing is made up for it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

Kind = Literal["invoice", "receipt", "credit_note"]
KINDS: Final[tuple[Kind, ...]] = Kind.__args__  # type: ignore[attr-defined]  # typing knows no such name
# The letter that begins the numbers of each series: factura and fatura, recibo and receipt, credit and crédito.
SERIES: Final[dict[Kind, str]] = {"invoice": "F", "receipt": "R", "credit_note": "C"}
Cause = Literal["", "cancelled", "expired", "reduced", "refunded", "reduced_and_refunded"]
# Raised when the shape changes; a document is read by the shape it was written in.
VERSION: Final = 1
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells or buys; ``legal_name`` and ``tax_id`` as they gave it, ``tax_name`` what the number is called."""

    name: str
    country: str
    legal_name: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    tax_id: str = ""
    tax_name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces of one kind of goods: ``minor`` is what all of them cost, ``net_kg`` what all of them weigh.

    ``hs_code`` is as the quote rests on it, ``origin`` the country in which the goods were made.
    """

    title: str
    quantity: int
    minor: int
    sku: str = ""
    hs_code: str = ""
    origin: str = ""
    net_kg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice, a receipt or a credit note, as it was issued.

    ``amount`` is what a document without lines is of: a payment that came, a part that is credited. ``paid`` is what
    had been paid when it was issued, at most its total. ``at_door`` is what the buyer pays there on top, and stands in
    no total. ``refers_to`` is the invoice that a credit note or a receipt belongs to. ``way`` and ``reference`` say by
    what the money of a receipt came, ``moved_at`` when.
    """

    kind: Kind
    number: str
    issued_at: datetime
    issued_on: date
    locale: str
    currency: str
    order: int
    ordered_on: date
    seller: Party
    buyer: Party
    market: str
    terms: str
    place: str
    lines: tuple[Line, ...] = ()
    freight: int = 0
    insurance: int = 0
    charges: int = 0
    reduced: int = 0
    amount: int = 0
    paid: int = 0
    at_door: int = 0
    due_on: date | None = None
    reason: Literal["sale", "sample"] = "sale"
    gross_kg: Decimal | None = None
    dispatched_on: date | None = None
    carrier: str = ""
    tracking: str = ""
    refers_to: str = ""
    refers_on: date | None = None
    cause: Cause = ""
    way: str = ""
    reference: str = ""
    moved_at: datetime | None = None
    law: str = ""
    law_on: date | None = None

    @property
    def goods(self) -> int:
        """What the goods come to: the value that the papers for customs say, too."""
        return sum(one.minor for one in self.lines)

    @property
    def total(self) -> int:
        """What it is of."""
        return self.goods + self.freight + self.insurance + self.charges - self.reduced + self.amount

    @property
    def to_pay(self) -> int:
        """What was still to be paid of it when it was issued."""
        return self.total - self.paid

    @property
    def net_kg(self) -> Decimal | None:
        """What the goods weigh without their packing; ``None`` where that of one line is not known."""
        known = [one.net_kg for one in self.lines if one.net_kg is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(self.lines) else None


def number_of(kind: Kind, count: int) -> str:
    """Return the number of the so-manieth document of a series.

    >>> number_of("invoice", 7)
    'F-000007'
    """
    return f"{SERIES[kind]}-{count:0{_DIGITS}d}"


def write(document: Document) -> str:
    """Return a document as JSON: the same one is the same text, whoever writes it."""
    said = {"version": VERSION} | asdict(document)
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def digest_of(text: str) -> str:
    """Return the digest under which a document is kept (SHA-256)."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Document:
    """Return a document as it was written; ``ValueError`` for a shape that nobody here knows."""
    said: dict[str, Any] = json.loads(text)
    if said.pop("version", None) != VERSION:
        raise ValueError("a document of another shape")
    for name in ("seller", "buyer"):
        said[name] = Party(**said[name])
    said["lines"] = tuple(Line(**(one | {"net_kg": _kilograms(one["net_kg"])})) for one in said["lines"])
    said["gross_kg"] = _kilograms(said["gross_kg"])
    for name in _DAYS:
        said[name] = None if said[name] is None else date.fromisoformat(said[name])
    for name in _MOMENTS:
        said[name] = None if said[name] is None else datetime.fromisoformat(said[name])
    return Document(**said)


_DAYS: Final = tuple(one.name for one in fields(Document) if one.name.endswith("_on"))
_MOMENTS: Final = ("issued_at", "moved_at")


def _kilograms(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value)} stands in no document")
