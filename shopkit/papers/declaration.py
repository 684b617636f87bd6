"""The declaration: what all papers of a parcel say, once. No field of a paper is typed a second time."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from shopkit.papers.details import NOTHING, Details

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from shopkit.invoices import Party
    from shopkit.papers.details import Category

Service = Literal["letter", "parcel", "ems", "courier"]


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces of one kind of goods: ``minor`` is what all of them cost, ``net_kg`` what all weigh without packing.

    ``hs_code`` is as it was given, ``origin`` the country in which the goods were made; empty where nobody said.
    ``materials`` and ``use`` are the seller's words in the description's language, for a better description.
    """

    description: str
    language: str
    quantity: int
    minor: int
    hs_code: str = ""
    origin: str = ""
    net_kg: Decimal | None = None
    sku: str = ""
    packed: int = 0
    materials: tuple[str, ...] = ()
    use: str = ""

    @property
    def hs_digits(self) -> str:
        """The HS code without its dots and blanks."""
        return self.hs_code.replace(".", "").replace(" ", "")


@dataclass(frozen=True, slots=True)
class Restriction:
    """What the destination's law says of the goods, by the frozen quote: ``says`` by language.

    ``line`` is the place of the goods it is about, from 1; ``None`` for the whole parcel. Without ``is_certain`` it
    hangs on an answer that nobody gave.
    """

    is_ban: bool
    says: Mapping[str, str]
    line: int | None = None
    is_certain: bool = True
    id: str = ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is in a parcel and who sends it to whom.

    ``number`` is the S10 number that the seller's post gave, empty without one. ``goods`` is what the order's goods
    come to, ``reduced`` what was taken off since (both in whole minor units of ``currency``); ``quoted`` the country
    and ``channel`` the way of the frozen quote. ``dropped`` counts the pieces of the order that will not be sent,
    ``tracking`` is the S10 number under which the order was sent, ``restrictions`` what the quote says of its goods.
    ``details`` are the boxes that the seller filled; ``is_sample`` is an order that was agreed to be one of samples,
    ``terms`` the term of delivery (Incoterms) on which it was made.
    """

    order: int
    posted_on: date
    service: Service
    category: Category
    currency: str
    sender: Party
    recipient: Party
    lines: tuple[Line, ...]
    goods: int
    reduced: int = 0
    gross_kg: Decimal | None = None
    number: str = ""
    invoice: str = ""
    invoice_goods: int | None = None
    quoted: str = ""
    channel: str = ""
    dropped: int = 0
    tracking: str = ""
    restrictions: tuple[Restriction, ...] = ()
    is_closed: bool = False
    is_sample: bool = False
    terms: str = ""
    details: Details = NOTHING

    @property
    def importer(self) -> str:
        """The receiver's reference: what the seller gave, else the tax number of the address."""
        return self.details.importer or self.recipient.tax_id

    @property
    def minor(self) -> int:
        """The value that is declared: that of the goods alone."""
        return sum(one.minor for one in self.lines)

    @property
    def net_kg(self) -> Decimal | None:
        """What the goods weigh; ``None`` where that of one line is not known."""
        known = [one.net_kg for one in self.lines if one.net_kg is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(self.lines) else None
