"""What the twin of Mercado Pago keeps: preferences, the payments buyers make by them, and refunds."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from threading import RLock
from typing import Any, Final

from tests.twins.mercadopago import rules
from tests.twins.mercadopago.rules import MercadoPagoError, Thing, wrong
from tests.twins.mercadopago.webhooks import Webhooks

# Nothing of theirs says how long a key is known; the twin forgets after a day.
KEPT_FOR_S: Final = 24 * 3600
# Payments that wait lapse after three days unless the preference says when.
WAITS_FOR: Final = timedelta(days=3)
_COUNTED: Final = ("approved", "in_mediation", "charged_back")


@dataclass
class World:
    """One account of Mercado Pago's in a country. All is done under its lock."""

    country: str = "MX"
    live: bool = False
    start: int | None = None
    url: str = ""
    preferences: dict[str, Thing] = field(default_factory=dict)
    payments: dict[str, Thing] = field(default_factory=dict)
    kept: dict[tuple[str, str], tuple[int, int, Thing]] = field(default_factory=dict)
    journal: list[Thing] = field(default_factory=list)
    faults: list[Thing] = field(default_factory=list)
    planted: set[str] = field(default_factory=set)
    fates: list[str] = field(default_factory=list)
    lock: Any = field(default_factory=RLock)
    moved: int = 0
    numbers: Any = field(default_factory=lambda: count(1_300_000_001))

    def __post_init__(self) -> None:
        self.webhooks = Webhooks(self)

    @property
    def token(self) -> str:
        """Return the access token of the account."""
        return "APP_USR-twin" if self.live else "TEST-twin"

    def now(self) -> int:
        """Return the moment in whole seconds."""
        return (int(time.time()) if self.start is None else self.start) + self.moved

    def moment(self, more: timedelta = timedelta(0)) -> str:
        """Return a moment as Mercado Pago writes it."""
        return (datetime.fromtimestamp(self.now(), UTC) + more).isoformat(timespec="milliseconds")

    # Preferences.

    def prefer(self, body: Thing) -> Thing:
        """Make a preference."""
        total = rules.preference(body, self.country)
        name = f"88001-{next(self.numbers):08x}-0000-4000-8000-{len(self.preferences):012d}"
        made = {
            **body,
            "id": name,
            "collector_id": 88001,
            "date_created": self.moment(),
            "init_point": f"{self.url}/checkout/v1/redirect?pref_id={name}",
            "sandbox_init_point": f"{self.url}/checkout/v1/redirect?pref_id={name}",
            "_total": total,
        }
        self.preferences[name] = made
        return shown(made)

    def preference(self, name: str) -> Thing:
        """Return a preference, or refuse."""
        found = self.preferences.get(name)
        if found is None:
            raise MercadoPagoError(404, "not_found", f"preference {name} not found", "preference_not_found")
        return found

    def change(self, name: str, body: Thing) -> Thing:
        """Change when a preference ends."""
        if set(body) - {"expires", "expiration_date_from", "expiration_date_to"}:
            raise MercadoPagoError(501, "not_modelled", "The twin changes the dates of a preference alone.")
        rules.dates(body)
        found = self.preference(name)
        found |= body
        return shown(found)

    def found_preferences(self, query: dict[str, str]) -> Thing:
        """Return preferences of an external reference in short, as their search does."""
        wanted = query.get("external_reference")
        rows = [one for one in self.preferences.values() if one.get("external_reference") == wanted]
        short = [
            {name: one.get(name) for name in ("id", "external_reference", "date_created", "expiration_date_to")}
            for one in rows
        ]
        return {"elements": short, "next_offset": len(rows), "total": len(rows)}

    # The buyer.

    def pay(self, preference: str, method: str = "visa", outcome: str = "approved", value: str | None = None) -> Thing:
        """Let the buyer pay by a card (``approved``, ``rejected``, ``in_process``), or begin a payment that waits."""
        asked = self.preference(preference)
        if asked.get("expires") and datetime.fromisoformat(asked["expiration_date_to"]).timestamp() <= self.now():
            raise wrong("the preference is over", "preference_expired")
        kind = (rules.CARDS | rules.SITES[self.country][2] | {"account_money": "account_money"}).get(method)
        excluded = [one["id"] for one in asked.get("payment_methods", {}).get("excluded_payment_types", ())]
        if kind is None or kind in excluded:
            raise wrong(f"{method} cannot be chosen on this page", "payment_method_excluded")
        given = asked["_total"] if value is None else Decimal(value)
        return self.payment(given, method, kind, outcome, asked.get("external_reference"), asked)

    def payment(
        self, value: Decimal, method: str, kind: str, outcome: str, reference: str | None, asked: Thing
    ) -> Thing:
        """Make a payment, and tell of it."""
        waits = kind in ("ticket", "bank_transfer", "atm")
        number = next(self.numbers)
        made: Thing = {
            "id": number,
            "date_created": self.moment(),
            "date_last_updated": self.moment(),
            "date_approved": None,
            "date_of_expiration": asked.get("date_of_expiration", self.moment(WAITS_FOR)) if waits else None,
            "status": "pending" if waits else outcome,
            "status_detail": "pending_waiting_transfer" if kind == "bank_transfer" else "pending_waiting_payment",
            "currency_id": rules.SITES[self.country][0],
            "transaction_amount": value,
            "transaction_amount_refunded": 0,
            "payment_method_id": method,
            "payment_type_id": kind,
            "external_reference": reference,
            "live_mode": self.live,
            "captured": True,
            "refunds": [],
            "transaction_details": {"external_resource_url": f"{self.url}/ticket/{number}" if waits else None},
        }
        if kind == "ticket":
            made["barcode"] = {"content": f"{number:044d}"}
        if method == "pix":
            data = {"qr_code": f"00020126{number}", "ticket_url": f"{self.url}/ticket/{number}"}
            made["point_of_interaction"] = {"type": "PIX", "transaction_data": data}
        if not waits:
            details = {"approved": "accredited", "rejected": "cc_rejected_insufficient_amount"}
            made["status_detail"] = details.get(outcome, "pending_review_manual")
        if made["status"] == "approved":
            made["date_approved"] = self.moment()
        self.payments[str(number)] = made
        self.webhooks.emit("payment.created", str(number))
        return self.told(made)

    def get(self, name: str) -> Thing:
        """Return a payment, or refuse; what waits too long has lapsed by now."""
        found = self.payments.get(name)
        if found is None:
            raise MercadoPagoError(404, "not_found", "Payment not found", "2000")
        ends = found["date_of_expiration"]
        if found["status"] == "pending" and datetime.fromisoformat(ends).timestamp() <= self.now():
            found |= {"status": "cancelled", "status_detail": "expired"}
        return found

    def settle(self, payment: str, status: str = "approved", detail: str = "accredited") -> Thing:
        """Bring a payment to another status: paid, rejected, in mediation, charged back."""
        found = self.get(payment)
        found |= {"status": status, "status_detail": detail, "date_last_updated": self.moment()}
        if status == "approved" and found["date_approved"] is None:
            found["date_approved"] = self.moment()
        self.webhooks.emit("payment.updated", payment)
        return self.told(found)

    def create(self, body: Thing) -> Thing:
        """Make a payment by the API itself: by a card's token, or one that waits."""
        value = rules.amount(body.get("transaction_amount"), self.country, "transaction_amount")
        method = body.get("payment_method_id", "")
        kind = (rules.CARDS | rules.SITES[self.country][2]).get(method)
        if kind is None or not body.get("payer", {}).get("email"):
            raise wrong("payment_method_id and payer.email are needed", "3002")
        if method in rules.CARDS and not body.get("token"):
            raise wrong("a card needs its token", "3003")
        return self.payment(value, method, kind, "approved", body.get("external_reference"), body)

    def update(self, name: str, body: Thing) -> Thing:
        """Cancel a payment that is not paid."""
        found = self.get(name)
        if body != {"status": "cancelled"}:
            raise MercadoPagoError(501, "not_modelled", "The twin cancels payments; see its README.")
        if found["status"] not in ("pending", "in_process", "authorized"):
            raise wrong("The action requested is not valid for the current payment state", "2018")
        found |= {"status": "cancelled", "status_detail": "by_collector"}
        self.webhooks.emit("payment.updated", name)
        return self.told(found)

    def search(self, query: dict[str, str]) -> Thing:
        """Return the payments of an external reference; with ``search_lags`` none are found yet."""
        wanted = query.get("external_reference")
        rows = [one for name, one in self.payments.items() if self.get(name)["external_reference"] == wanted]
        rows = [] if "search_lags" in self.planted else rows
        return {"paging": {"total": len(rows), "limit": 30, "offset": 0}, "results": [self.told(one) for one in rows]}

    # Refunds.

    def remaining(self, found: Thing) -> Decimal:
        """Return what of a payment is not refunded, nor on its way back."""
        back = [Decimal(one["amount"]) for one in found["refunds"] if one["status"] in ("approved", "in_process")]
        return Decimal(found["transaction_amount"]) - sum(back, Decimal(0))

    def refund(self, name: str, body: Thing, *, renders: bool) -> Thing:
        """Refund a payment, or a part of it."""
        found = self.get(name)
        if set(body) - {"amount"}:
            raise wrong("amount is the one field of a refund", "2032")
        left = self.remaining(found)
        if found["status"] not in _COUNTED or not left:
            raise wrong("The action requested is not valid for the current payment state", "2063")
        value = rules.amount(body["amount"], self.country, "amount") if body.get("amount") is not None else left
        if value > left and "refunds_unchecked" not in self.planted:
            raise wrong("Amount to refund is above what is left", "2032")
        status = self.fates.pop(0) if self.fates else "approved"
        made: Thing = {
            "id": next(self.numbers),
            "payment_id": int(name),
            "amount": value,
            "date_created": self.moment(),
            "status": status,
            "unique_sequence_number": None,
            "source": {"id": "88001", "name": "Twin", "type": "collector"},
        }
        found["refunds"].append(made)
        self._refunded(found)
        if status == "in_process" and not renders:
            raise wrong("The refund could not be processed", "2024")
        return made

    def settle_refund(self, payment: str, refund: int, status: str) -> Thing:
        """Bring a refund that is in process to its end: ``approved`` or ``rejected``."""
        found = self.get(payment)
        made: Thing = next(one for one in found["refunds"] if one["id"] == refund)
        made["status"] = status
        self._refunded(found)
        return made

    def _refunded(self, found: Thing) -> None:
        back = sum((Decimal(one["amount"]) for one in found["refunds"] if one["status"] == "approved"), Decimal(0))
        found["transaction_amount_refunded"] = back
        if back == found["transaction_amount"]:
            found |= {"status": "refunded", "status_detail": "refunded"}
        elif back:
            found["status_detail"] = "partially_refunded"
        self.webhooks.emit("payment.updated", str(found["id"]))

    def told(self, found: Thing) -> Thing:
        """Return a payment as it is shown; refunds in process are told by their own list alone."""
        return {**found, "refunds": [one for one in found["refunds"] if one["status"] != "in_process"]}


def shown(preference: Thing) -> Thing:
    """Return a preference as it is shown."""
    return {name: value for name, value in preference.items() if not name.startswith("_")}
