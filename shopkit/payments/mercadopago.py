"""Mercado Pago: a preference for each attempt, paid on its page, and every payment of it read before it is believed.

An attempt is known there by its ``external_reference``: begun twice, it is found, and whatever is paid by it is read,
by whichever page. A notification holds nothing but the id of a payment.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from shopkit.payments.calling import Said, call
from shopkit.payments.mercadopago_messages import prove
from shopkit.payments.port import DisputeRead, GoneError, PaymentError, Read, RefundRead, Started, Trigger
from shopkit.payments.wire import AmountError, from_mercadopago, to_mercadopago

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from landed_cost.money import Money
    from shopkit.payments.port import Account, Attempt, DisputeState, RefundState, State

Json = dict[str, Any]
BASE: Final = "https://api.mercadopago.com"
# The page lives so long; what waits to be paid, so many days.
LIFE: Final = timedelta(hours=23, minutes=50)
VOUCHER_DAYS: Final = 3
_TYPES: Final = ("credit_card", "debit_card", "prepaid_card", "ticket", "bank_transfer", "atm")
# Which types of theirs a method of ours is; money in a buyer's account there cannot be left out of a page.
_METHODS: Final[Mapping[str, frozenset[str]]] = {
    "card": frozenset({"credit_card", "debit_card", "prepaid_card"}),
    "cash": frozenset({"ticket", "atm"}),
    "boleto": frozenset({"ticket"}),
    "pix": frozenset({"bank_transfer"}),
    "spei": frozenset({"bank_transfer"}),
    "pse": frozenset({"bank_transfer"}),
}
_CAME: Final = frozenset({"approved", "refunded", "in_mediation", "charged_back"})
_WAITS: Final = frozenset({"pending", "in_process", "authorized"})
_OVER: Final = frozenset({"rejected", "cancelled"})
_REFUNDS: Final[Mapping[str, RefundState]] = {"approved": "made", "rejected": "failed", "cancelled": "failed"}
_CHARGEBACKS: Final[Mapping[str, DisputeState]] = {"settled": "lost", "reimbursed": "won"}
_RENDERED: Final = {"X-Render-In-Process-Refunds": "true"}
_MISSING: Final = 404


class MercadoPago:
    """The adapter; an account's ``secrets`` are its ``access_token``, its ``signing`` the secrets of its webhooks.

    ``options["api_base"]`` is another address, for tests.
    """

    name: str = "mercadopago"
    by_hand: bool = False
    takes: bool = False
    # Nothing of theirs says how long a key is known, so it is looked for soon.
    key_life: timedelta = timedelta(hours=1)

    def start(self, account: Account, attempt: Attempt) -> Started:
        """Make a preference, unless the attempt has one already; a key of theirs does not reach so far."""
        known = _search(account, "/checkout/preferences/search", attempt.id, "elements")
        if known:
            made = _ask(account, "GET", f"/checkout/preferences/{known[0]['id']}").body
        else:
            made = _ask(account, "POST", "/checkout/preferences", body=_preference(attempt), key=attempt.key).body
        if _asked_for(made) != attempt.amount:
            raise PaymentError("setup", "an attempt stands for another amount")
        return Started(made["id"], _page(account, made), {}, _moment(made["expiration_date_to"]))

    def read(self, account: Account, ref: str, also: Sequence[str] = ()) -> Read:
        """Read a preference, and the payments that were made by it."""
        said = _ask(account, "GET", f"/checkout/preferences/{_id(ref)}")
        made, now = said.body, said.at
        attempt = made.get("external_reference")
        payments = _payments(account, str(attempt), also)
        came = [one for one in payments if one["status"] in _CAME]
        waits = [one for one in payments if one["status"] in _WAITS]
        asked = _asked_for(made)
        until = _moment(made["expiration_date_to"])
        state: State = "open" if now < until else "expired"
        received = _sum(came, asked.currency)
        if came and (not waits or received == asked):
            state = "paid"
        elif waits:
            # Some of it may be there already: two cards make two payments.
            state = "pending"
        named: Json | None = came[-1] if came else waits[-1] if waits else None
        told, ends = ({}, None) if named is None or came else _instructions(named)
        return Read(
            made["id"],
            state,
            asked,
            received,
            attempt,
            any(one["live_mode"] for one in payments) if payments else account.is_live,
            None if named is None else str(named["id"]),
            _page(account, made) if state == "open" else None,
            until if state == "open" else ends,
            told,
            tuple(refund for one in came for refund in _refunds_of(account, one)),
            tuple(found for one in came for found in _disputes(one)),
            settled=tuple(f"mediation:{one['id']}" for one in came if one["status"] != "in_mediation"),
        )

    def capture(self, account: Account, ref: str) -> None:
        """Do nothing: Mercado Pago takes what is paid."""
        del account, ref

    def refund(self, account: Account, ref: str, amount: Money, refund_id: str) -> RefundRead:
        """Refund the payment of a preference that holds enough."""
        made = _ask(account, "GET", f"/checkout/preferences/{_id(ref)}").body
        came = [one for one in _payments(account, str(made.get("external_reference")), ()) if one["status"] in _CAME]
        if not came:
            raise PaymentError("refused", "nothing was paid")
        best = max(came, key=_left)
        said = _ask(
            account,
            "POST",
            f"/v1/payments/{best['id']}/refunds",
            body={"amount": to_mercadopago(amount)},
            key=f"refund:{refund_id}",
            headers=_RENDERED,
        )
        return replace(_refund(said.body, amount.currency), ours=refund_id)

    def cancel(self, account: Account, ref: str) -> None:
        """End the page, and what waits to be paid by it."""
        said = _ask(account, "GET", f"/checkout/preferences/{_id(ref)}")
        ended = {"expires": True, "expiration_date_to": _written(said.at)}
        _ask(account, "PUT", f"/checkout/preferences/{_id(ref)}", body=ended)
        for one in _payments(account, str(said.body.get("external_reference")), ()):
            if one["status"] in _WAITS:
                try:
                    _ask(account, "PUT", f"/v1/payments/{one['id']}", body={"status": "cancelled"})
                except PaymentError as error:
                    # Paid in the meantime: what is paid is read, not cancelled.
                    if error.reason != "refused":
                        raise

    def verify(
        self, account: Account, body: bytes, headers: Mapping[str, str], query: Mapping[str, str], now: datetime
    ) -> Trigger:
        """Check the signature, which covers the id in the address and nothing of the body."""
        payment, name = prove(headers, query, account.signing, now)
        kind = query.get("type") or query.get("topic") or ""
        refs = (payment,) if kind == "payment" and payment.isdigit() else ()
        # Named by what was signed, so that nobody can speak in the name of another notification.
        return Trigger(name, f"{kind}:{_action(body)}", account.is_live, refs, None, f"{kind}/{payment}")

    def attempt_of(self, account: Account, ref: str) -> str | None:
        """Read a payment for the attempt it was made for."""
        if not ref.isdigit():
            return None
        try:
            found = _ask(account, "GET", f"/v1/payments/{ref}").body.get("external_reference")
        except GoneError:
            return None
        return found if isinstance(found, str) else None


# -- asking -----------------------------------------------------------------------------------------------------------
def _ask(
    account: Account,
    method: str,
    path: str,
    *,
    body: Json | None = None,
    key: str | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Said:
    """Return an answer that did what was asked; ``PaymentError``."""
    head = {"Authorization": f"Bearer {account.secrets['access_token']}", **(headers or {})}
    if key is not None:
        head["X-Idempotency-Key"] = key
    base = str(account.options.get("api_base") or BASE)
    # A preference takes no money, and a repeated one is found; only payments and refunds may be done and not known.
    changes = method != "GET"
    said = call(
        method, f"{base}{path}", head, body=body, query=query, changes=changes, tries=2 if key or not changes else 1
    )
    if said.is_done:
        return said
    cause = said.body.get("cause")
    first = cause[0] if isinstance(cause, list) and cause and isinstance(cause[0], dict) else {}
    # The code alone: the sentences of an error may repeat what was sent.
    code = str(first.get("code") or said.body.get("error") or "")[:80]
    if said.status == _MISSING:
        raise GoneError(code or "not there")
    raise PaymentError("setup" if said.status in {401, 403} else "refused", f"{said.status} {code}".strip())


def _search(account: Account, path: str, attempt: str, name: str) -> list[Json]:
    found = _ask(account, "GET", path, query={"external_reference": attempt}).body.get(name)
    return [one for one in found or () if isinstance(one, dict) and one.get("external_reference") == attempt]


def _payments(account: Account, attempt: str, also: Sequence[str]) -> list[Json]:
    """Return the payments of an attempt, oldest first.

    Their search comes late at times, so that payments a message named are read as well; and each is read by its id,
    but for those that are over for good.
    """
    listed = {str(one["id"]): one for one in _search(account, "/v1/payments/search", attempt, "results")}
    names = [*listed, *(one for one in also if one.isdigit() and one not in listed)]
    found = []
    for name in names:
        known = listed.get(name)
        if known is not None and known["status"] in _OVER:
            found.append(known)
            continue
        try:
            one = _ask(account, "GET", f"/v1/payments/{name}").body
        except GoneError:
            continue
        if one.get("external_reference") == attempt:
            found.append(one)
    return sorted(found, key=lambda one: int(one["id"]))


def _id(ref: str) -> str:
    if not ref.replace("-", "").isalnum() or not ref.isascii():
        raise GoneError("no name of Mercado Pago's")
    return ref


# -- writing ----------------------------------------------------------------------------------------------------------
def _preference(attempt: Attempt) -> Json:
    allowed = _METHODS.get(attempt.method, frozenset(_TYPES))
    methods: Json = {"excluded_payment_types": [{"id": one} for one in _TYPES if one not in allowed]}
    if not attempt.installments:
        methods["installments"] = 1
    item = {
        "id": attempt.order_id,
        "title": attempt.title[:250],
        "quantity": 1,
        "currency_id": attempt.amount.currency,
        "unit_price": to_mercadopago(attempt.amount),
    }
    return {
        "items": [item],
        "payer": {"email": attempt.email},
        "external_reference": attempt.id,
        "payment_methods": methods,
        "back_urls": {"success": attempt.return_url, "pending": attempt.return_url, "failure": attempt.cancel_url},
        "auto_return": "approved",
        "expires": True,
        "expiration_date_from": _written(attempt.made_at),
        "expiration_date_to": _written(attempt.made_at + LIFE),
        "date_of_expiration": _written(attempt.made_at + timedelta(days=VOUCHER_DAYS)),
    }


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


# -- reading ----------------------------------------------------------------------------------------------------------
def _asked_for(preference: Json) -> Money:
    items: list[Json] = preference.get("items") or []
    currency = str(items[0].get("currency_id")) if items else ""
    return _money(sum((_number(one["unit_price"]) * int(one["quantity"]) for one in items), Decimal(0)), currency)


def _page(account: Account, preference: Json) -> str:
    return str(preference["init_point" if account.is_live else "sandbox_init_point"])


def _sum(payments: list[Json], currency: str) -> Money:
    """Return what came in: of the currency that was asked for, or of the one it came in."""
    came = {str(one["currency_id"]) for one in payments} or {currency}
    if len(came) > 1:
        raise PaymentError("refused", "an attempt was paid in several currencies")
    return _money(sum((_number(one["transaction_amount"]) for one in payments), Decimal(0)), came.pop())


def _left(payment: Json) -> Decimal:
    return _number(payment["transaction_amount"]) - _number(payment.get("transaction_amount_refunded") or 0)


def _refunds_of(account: Account, payment: Json) -> list[RefundRead]:
    """Return the refunds of a payment, those that are in process too, which the payment itself does not tell."""
    said = _ask(account, "GET", f"/v1/payments/{payment['id']}/refunds", headers=_RENDERED)
    return [_refund(one, str(payment["currency_id"])) for one in said.rows]


def _refund(found: Json, currency: str) -> RefundRead:
    amount = _money(_number(found["amount"]), currency)
    return RefundRead(str(found["id"]), _REFUNDS.get(str(found["status"]), "started"), amount, is_marked=False)


def _disputes(payment: Json) -> list[DisputeRead]:
    """Return what a payment's status says of mediation or chargeback; how a mediation ended, its payment says."""
    amount = _money(_number(payment["transaction_amount"]), str(payment["currency_id"]))
    detail = str(payment.get("status_detail") or "")
    if payment["status"] == "in_mediation":
        return [DisputeRead(f"mediation:{payment['id']}", "open", amount, "mediation")]
    if payment["status"] == "charged_back":
        return [DisputeRead(f"chargeback:{payment['id']}", _CHARGEBACKS.get(detail, "open"), amount, "chargeback")]
    return []


def _instructions(payment: Json) -> tuple[dict[str, str], datetime | None]:
    """Return what a buyer needs to pay what waits, and the provider's own end of it."""
    details: Json = payment.get("transaction_details") or {}
    data: Json = (payment.get("point_of_interaction") or {}).get("transaction_data") or {}
    told = {
        "number": (payment.get("barcode") or {}).get("content") or details.get("verification_code"),
        "hosted_voucher_url": details.get("external_resource_url") or data.get("ticket_url"),
        "data": data.get("qr_code"),
    }
    ends = payment.get("date_of_expiration")
    return {name: str(text) for name, text in told.items() if text}, None if not ends else _moment(ends)


def _number(value: Any) -> Decimal:  # noqa: ANN401  # JSON
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise PaymentError("setup", "an amount that cannot be read")
    return Decimal(value)


def _money(amount: Decimal, currency: str) -> Money:
    try:
        return from_mercadopago(amount, currency)
    except (AmountError, KeyError, ValueError) as error:
        raise PaymentError("setup", "an amount that cannot be read") from error


def _action(body: bytes) -> str:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return str(found.get("action", ""))[:60] if isinstance(found, dict) else ""


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
