"""What the routes of payments ask and answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shopkit.api.order_schemas import Amount, Currency
from shopkit.api.schemas import Answer, Moment
from shopkit.services.schemas import LABEL, NAME, TEXT, Country, Shape

_Typed = Annotated[str, Field(min_length=1, max_length=4096, pattern=LABEL)]
_Word = Annotated[str, Field(pattern=NAME, max_length=32, examples=["card"])]
_Fields = Annotated[dict[_Word, _Typed], Field(max_length=20)]
_Signing = Annotated[list[_Typed], Field(max_length=3)]


class AccountToConnect(Shape):
    """An account at a provider; ``secrets``, ``signing`` and ``lines`` are named as its fields are.

    ``secrets`` are for calling the provider and ``signing`` proves its messages: both are sealed and never told again.
    ``lines`` are what buyers read of a bank account. It takes the place of the account used with this provider.
    """

    provider: _Word
    country: Country
    live: bool = False
    secrets: _Fields = Field(default_factory=dict)
    signing: _Signing = Field(default_factory=list)
    lines: _Fields = Field(default_factory=dict)


class AccountChange(Shape):
    """What changes of an account; what is left out stays. ``methods`` are the ways to pay that are used.

    ``active`` false begins no more payments there, true takes it up again. A secret of signing stands beside those
    before it. With ``adaptive`` Stripe may offer buyers their own currency by card, at its rate; the order stays in
    its own.
    """

    secrets: _Fields = Field(default_factory=dict)
    signing: _Signing = Field(default_factory=list)
    lines: _Fields | None = None
    methods: Annotated[list[_Word], Field(max_length=50)] | None = None
    adaptive: bool | None = None
    active: bool | None = None


class PaymentAccountOut(Answer):
    """An account: which secrets are set, and none of them; ``messages_to`` is where its provider sends messages."""

    id: str
    provider: str
    country: str
    live: bool
    active: bool
    secrets_set: list[str]
    signing_set: int
    lines: dict[str, str]
    methods: list[str] | None
    adaptive: bool
    messages_to: str | None
    created_at: Moment


class FieldOut(Answer):
    """One thing to type: its name, where it goes, and what it is, in the language of the request."""

    name: str
    place: Literal["secrets", "signing", "lines"]
    label: str
    hint: str | None
    optional: bool


class ProviderOut(Answer):
    """A provider that can be connected, with what it asks for."""

    provider: str
    title: str
    fields: list[FieldOut]


class PaymentAccountList(Answer):
    """The shop's accounts, the newest first, and the providers there are."""

    results: list[PaymentAccountOut]
    providers: list[ProviderOut]


class MethodOut(Answer):
    """A way to pay for a market and an amount; ``why_not`` is a stable code, ``reason`` the same as a sentence.

    ``refunds`` and ``partial`` are null where no sentence of the provider was found, which counts as no. ``currencies``
    is null for any. ``exception`` is what of the row is less sure than ``evidence``.
    """

    name: str
    title: str
    offered: bool
    live: bool
    why_not: str | None
    reason: str | None
    later: bool
    delay: str
    cost: str
    refunds: bool | None
    partial: bool | None
    disputes: bool | None
    currencies: list[str] | None
    least: Amount | None
    most: Amount | None
    needs_tax_id: bool
    evidence: str
    exception: str | None
    source: str


class MethodList(Answer):
    """Every way to pay that is known, those that can be offered first, as read on ``as_of``."""

    market: str
    amount: Amount
    currency: Currency
    as_of: str
    results: list[MethodOut]


_Ref = Annotated[str, Field(max_length=255, pattern=LABEL)]


class RefundToMake(Shape):
    """Money to give back, in the order's currency; ``key`` names it, so that a repeat is one refund.

    Without an amount it is all that can go back by the way it came, payment by payment. ``payment`` says of which one.
    ``by_hand`` notes what was sent by another way.
    """

    key: Annotated[str, Field(min_length=1, max_length=120, pattern=LABEL)]
    amount: Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,3})?$", examples=["10.00"])] | None = None
    payment: _Ref | None = None
    reason: Annotated[str, Field(max_length=500, pattern=TEXT)] = ""
    by_hand: bool = False


class EvidenceToSend(Shape):
    """Evidence for a dispute: ``words`` are the seller's own. Without ``submit`` it is a draft at the provider."""

    words: Annotated[str, Field(max_length=5_000, pattern=TEXT)] = ""
    submit: bool = False


class PaidOut(Answer):
    """An attempt to pay: ``received`` counts as paid, ``astray`` came and did not fit, ``left`` can still go back."""

    id: str
    number: int
    method: str
    state: str
    asked: Amount
    received: Amount
    astray: Amount
    left: Amount
    may_refund: bool
    provider_name: str | None
    began_at: Moment
    until: Moment | None


class RefundOut(Answer):
    """Money that goes back; ``made_here`` is false for what was given back in the provider's own pages."""

    id: str
    payment: str | None
    amount: Amount
    state: Literal["started", "made", "failed"]
    reason: str
    made_here: bool
    at: Moment


class DisputeOut(Answer):
    """A dispute, with until when it can be answered and when it was."""

    id: str
    payment: str | None
    amount: Amount
    state: Literal["open", "won", "lost"]
    reason: str
    opened_at: Moment
    answer_until: Moment | None
    answered_at: Moment | None
    may_answer: bool


class OrderMoneyOut(Answer):
    """The money of an order, in its currency; ``refundable`` is the most that can still be given back."""

    order: str
    currency: Currency
    refundable: Amount
    payments: list[PaidOut]
    refunds: list[RefundOut]
    disputes: list[DisputeOut]


class ReportLineOut(Answer):
    """A booking of the day, or what we heard and nobody booked (``missing_there``).

    ``here`` is our ledger's amount and ``there`` the provider's, in ``currency``; ``gross``, ``fee`` and ``net`` are in
    the currency of the balance. What goes out is below zero. ``foreign`` is of another program on the same account.
    """

    outcome: Literal["matched", "differs", "missing_here", "missing_there", "foreign", "unpaired"]
    kind: Literal["payment", "refund", "dispute", "fee", "payout", "other"]
    at: Moment
    account: str
    booking: str | None
    name: str | None
    order: str | None
    here: Amount | None
    there: Amount | None
    currency: Currency | None
    gross: Amount | None
    fee: Amount | None
    net: Amount | None
    balance_currency: Currency | None
    said: str


class ReportTotalOut(Answer):
    """What was booked in one currency; ``net`` is ``gross`` less ``fees``, payouts apart."""

    currency: Currency
    gross: Amount
    fees: Amount
    net: Amount
    paid_out: Amount


class UnreadOut(Answer):
    """An account that could not be read: nothing is known of its day."""

    account: str
    reason: str


class ReportOut(Answer):
    """A day of universal time at the providers that tell their bookings, beside the ledgers."""

    day: str
    differences: int
    accounts: int
    unread: list[UnreadOut]
    totals: list[ReportTotalOut]
    lines: list[ReportLineOut]
