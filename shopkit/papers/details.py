"""What a seller says of one parcel beside its order: the boxes of a form that no quote and no address can fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from datetime import date

    from landed_cost.money import Money
    from shopkit.invoices import Party

Category = Literal["sale", "sample", "gift", "documents", "returned", "other"]
Inspection = Literal["quarantine", "sanitary", "phytosanitary", "other"]
ImporterKind = Literal["tax_code", "vat", "importer_code"]
Undelivered = Literal["return", "redirect", "abandon"]

CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)
INSPECTIONS: Final[tuple[Inspection, ...]] = get_args(Inspection)
IMPORTER_KINDS: Final[tuple[ImporterKind, ...]] = get_args(ImporterKind)
UNDELIVERED: Final[tuple[Undelivered, ...]] = get_args(Undelivered)


@dataclass(frozen=True, slots=True)
class OriginBox:
    """What the seller says of origin: ``agreement`` by its id, the ``criterion`` by which goods originate.

    ``lines`` are those it is said of, from 1; none are all that were made there. ``number`` is that of an approved or
    registered exporter.
    """

    agreement: str = ""
    criterion: str = ""
    lines: tuple[int, ...] = ()
    number: str = ""
    role: Literal["exporter", "producer"] = "exporter"


@dataclass(frozen=True, slots=True)
class FoodBox:
    """What the FDA asks of the food of a line; ``quantity`` from the largest container to the smallest package."""

    line: int
    product_code: str = ""
    quantity: str = ""
    lot: str = ""
    manufacturer: str = ""
    registration: str = ""
    reason: str = ""
    grower: str = ""
    refused_in: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """Boxes that the seller filled; what is empty nobody said.

    ``category`` is empty where it follows from the order, ``explanation`` says what *other* is. ``comment`` is what the
    box of comments says, ``inspection`` of which kind it is. ``invoice`` is the number of an invoice that was issued
    elsewhere. ``importer`` is the receiver's reference, ``importer_kind`` what it is. ``redirect`` is the address for
    what is to be sent on. ``aes`` is the ITN or the exemption that mail from the United States bears. ``postage`` is
    what the post charged, ``insured`` for how much it answers.
    """

    category: Category | Literal[""] = ""
    explanation: str = ""
    postage: Money | None = None
    insured: Money | None = None
    licence: str = ""
    certificate: str = ""
    invoice: str = ""
    inspection: Inspection | Literal[""] = ""
    comment: str = ""
    importer_kind: ImporterKind = "tax_code"
    importer: str = ""
    undelivered: Undelivered | Literal[""] = ""
    redirect: Party | None = None
    aes: str = ""
    signer: str = ""
    signed_on: date | None = None
    origin: OriginBox = OriginBox()  # frozen
    food: tuple[FoodBox, ...] = ()


NOTHING: Final = Details()
