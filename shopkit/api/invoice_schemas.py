"""What the routes of invoices ask and answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shopkit.api.order_schemas import Amount, Currency
from shopkit.api.schemas import Answer, DayText, Moment
from shopkit.services.schemas import Shape

Kind = Literal["invoice", "receipt", "credit_note"]
Status = Literal["open", "part_paid", "paid", "overdue", "disputed", "charged_back", "to_credit", "credited"]
Number = Annotated[str, Field(pattern=r"^[FRC]-[0-9]{6,}$", examples=["F-000001"])]


class Issue(Shape):
    """Nothing is asked: what is issued follows from the order and its ledger."""


class InvoiceBrief(Answer):
    """A document in a list; status, credited and left are those of invoices, read off the ledger now."""

    number: Number
    kind: Kind
    order: str
    order_number: int
    issued_at: Moment
    currency: Currency
    total: Amount
    refers_to: Number | None
    due_on: DayText | None
    status: Status | None
    credited: Amount | None
    left: Amount | None
    opened_at: Moment | None
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class InvoicesOfOrder(Answer):
    """The documents of an order, the oldest first."""

    results: list[InvoiceBrief]


class InvoiceList(Answer):
    """A page of documents, the newest first, and how many there are in all."""

    results: list[InvoiceBrief]
    total: int
    page: int


class InvoiceParty(Answer):
    """Who sells or buys, as they gave it; what was not given is null."""

    name: str | None
    legal_name: str | None
    street: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None
    tax_id: str | None
    email: str | None
    phone: str | None


class InvoiceLineOut(Answer):
    """Pieces of one kind of goods; ``amount`` and ``net_kg`` are those of all of them."""

    title: str
    sku: str | None
    quantity: int
    amount: Amount
    hs_code: str | None
    origin: str | None
    net_kg: str | None


class InvoiceOut(InvoiceBrief):
    """A document whole, as it was issued; ``fiscal`` is always false: it stands in for no fiscal document."""

    locale: str
    seller: InvoiceParty
    buyer: InvoiceParty
    terms: str
    place: str
    reason: Literal["sale", "sample"]
    cause: Literal["cancelled", "expired", "reduced", "refunded", "reduced_and_refunded"] | None
    lines: list[InvoiceLineOut]
    goods: Amount
    freight: Amount
    insurance: Amount
    charges: Amount
    reduced: Amount
    paid: Amount
    to_pay: Amount
    at_door: Amount
    net_kg: str | None
    gross_kg: str | None
    way: str | None
    fiscal: Literal[False]
