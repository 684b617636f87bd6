"""What the twin of PayPal keeps: orders, captures and refunds, and what becomes of them."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from threading import RLock
from typing import Any, Final

from tests.twins.paypal import money
from tests.twins.paypal.schema import PayPalError, check, published, unprocessable
from tests.twins.paypal.webhooks import Webhooks

Thing = dict[str, Any]
# How long an answer is kept under its PayPal-Request-Id, and how long a token holds.
KEPT_FOR_S: Final = 6 * 3600
TOKEN_FOR_S: Final = 32_400
_NOT_PLAYED: Final = ("payer", "payment_instruction", "supplementary_data")
_FATES: Final = ("COMPLETED", "PENDING", "DECLINED", "INSTRUMENT_DECLINED")


def not_found(kind: str, name: str) -> PayPalError:
    """Return what is told of something that is not there."""
    details = {"issue": "INVALID_RESOURCE_ID", "description": f"no {kind} {name}"}
    return PayPalError(404, "RESOURCE_NOT_FOUND", "The specified resource does not exist.", details)


@dataclass
class World:
    """One account of PayPal's: where it is, and everything in it. All is done under its lock."""

    country: str = "MX"
    seed: int = 0
    start: int | None = None
    url: str = ""
    things: dict[str, Thing] = field(default_factory=dict)
    kept: dict[tuple[str, str], tuple[int, str, Thing]] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    journal: list[Thing] = field(default_factory=list)
    faults: list[Thing] = field(default_factory=list)
    planted: set[str] = field(default_factory=set)
    # What becomes of the next refunds: COMPLETED unless said otherwise.
    fates: list[str] = field(default_factory=list)
    lock: Any = field(default_factory=RLock)
    moved: int = 0
    _numbers: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.webhooks = Webhooks(self)

    def now(self) -> int:
        """Return the moment in whole seconds."""
        return (int(time.time()) if self.start is None else self.start) + self.moved

    def moment(self) -> str:
        """Return the moment as PayPal writes it."""
        return datetime.fromtimestamp(self.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def new_id(self) -> str:
        """Return an id of seventeen capital letters and digits."""
        digest = hashlib.sha256(f"{self.seed}:{next(self._numbers)}".encode()).digest()
        return base64.b32encode(digest).decode()[:17]

    def get(self, kind: str, name: str) -> Thing:
        """Return an object, or refuse."""
        found = self.things.get(name)
        if found is None or found["_kind"] != kind:
            raise not_found(kind, name)
        return found

    def link(self, path: str, rel: str, method: str = "GET") -> dict[str, str]:
        """Return a link of an answer."""
        return {"href": f"{self.url}{path}", "rel": rel, "method": method}

    # Orders.

    def order(self, body: Thing) -> Thing:
        """Make an order, its sums checked."""
        check(body, published()["request order"])
        for name in _NOT_PLAYED:
            if name in body or any(name in unit for unit in body["purchase_units"]):
                raise PayPalError(501, "NOT_MODELLED", f"The twin does not model {name}; see its README.")
        if body["intent"] != "CAPTURE":
            raise PayPalError(501, "NOT_MODELLED", "The twin does not model AUTHORIZE; see its README.")
        units = body["purchase_units"]
        names = [unit.get("reference_id", "default") for unit in units]
        if len(units) > 1 and any("reference_id" not in unit for unit in units):
            raise unprocessable("REFERENCE_ID_REQUIRED", "several units need a reference_id", "/purchase_units")
        if len(set(names)) < len(names):
            raise unprocessable("DUPLICATE_REFERENCE_ID", "reference_id must be unique", "/purchase_units")
        if len({unit["amount"]["currency_code"] for unit in units}) > 1:
            raise unprocessable("MULTI_CURRENCY_ORDER", "one currency in an order", "/purchase_units")
        for index, unit in enumerate(units):
            money.unit_total(unit, self.country, f"/purchase_units/{index}")
        made: Thing = {
            "id": self.new_id(),
            "intent": "CAPTURE",
            "status": "PAYER_ACTION_REQUIRED" if "payment_source" in body else "CREATED",
            "purchase_units": [
                {"reference_id": name, **unit, "payee": {"merchant_id": "TWXYZABCDE234"}}
                for name, unit in zip(names, units, strict=True)
            ],
            "create_time": self.moment(),
            "_kind": "order",
            "_fate": "COMPLETED",
            "_back": self._back(body),
        }
        if "payment_source" in body:
            made["payment_source"] = {"paypal": {}}
        self.things[made["id"]] = made
        return self.told(made)

    def _back(self, body: Thing) -> dict[str, str]:
        context = body.get("payment_source", {}).get("paypal", {}).get("experience_context", {})
        context = context or body.get("application_context", {})
        return {name: context[name] for name in ("return_url", "cancel_url") if name in context}

    def told(self, thing: Thing) -> Thing:
        """Return an object as it is shown, with where to go from it."""
        out = {name: value for name, value in thing.items() if not name.startswith("_")}
        name, kind = thing["id"], thing["_kind"]
        if kind == "order":
            rel = "payer-action" if "payment_source" in thing else "approve"
            links = [self.link(f"/v2/checkout/orders/{name}", "self"), self.link(f"/checkoutnow?token={name}", rel)]
            links.append(self.link(f"/v2/checkout/orders/{name}/capture", "capture", "POST"))
            out["purchase_units"] = [unit | self._payments(name, unit) for unit in thing["purchase_units"]]
        elif kind == "capture":
            links = [self.link(f"/v2/payments/captures/{name}", "self")]
            links.append(self.link(f"/v2/payments/captures/{name}/refund", "refund", "POST"))
            links.append(self.link(f"/v2/checkout/orders/{thing['_order']}", "up"))
        else:
            links = [self.link(f"/v2/payments/refunds/{name}", "self")]
            links.append(self.link(f"/v2/payments/captures/{thing['_capture']}", "up"))
        return out | {"links": links}

    def _payments(self, order: str, unit: Thing) -> Thing:
        """Return what was paid for a unit of an order, and paid back."""
        mine = [one for one in self.things.values() if one.get("_order") == order]
        captures = [one for one in mine if one["_unit"] == unit["reference_id"]]
        ids = {one["id"] for one in captures}
        refunds = [one for one in self.things.values() if one.get("_capture") in ids]
        found = {"captures": [self.told(one) for one in captures], "refunds": [self.told(one) for one in refunds]}
        return {"payments": {name: rows for name, rows in found.items() if rows}} if captures else {}

    def approve(self, name: str, fate: str = "COMPLETED", reason: str = "ECHECK") -> Thing:
        """Let the buyer approve, and settle what will come of the capture.

        ``COMPLETED``, ``PENDING``, ``DECLINED``, or ``INSTRUMENT_DECLINED``: then the capture is refused, and the buyer
        has to choose another way.
        """
        order = self.get("order", name)
        if order["status"] not in ("CREATED", "PAYER_ACTION_REQUIRED", "APPROVED") or fate not in _FATES:
            raise unprocessable("ORDER_ALREADY_CAPTURED", f"the order is {order['status']}; fates are {_FATES}")
        payer = {"email_address": "buyer@example.com", "payer_id": "TWBUYER234567"}
        order |= {"status": "APPROVED", "_fate": fate, "_reason": reason, "payer": payer}
        self.webhooks.emit("CHECKOUT.ORDER.APPROVED", "checkout-order", self.told(order))
        return self.told(order)

    def capture(self, name: str, body: Thing) -> Thing:
        """Take the money of an order that its buyer approved."""
        check(body, published()["request capture"])
        order = self.get("order", name)
        if order["status"] == "COMPLETED":
            raise unprocessable("ORDER_ALREADY_CAPTURED", "Order already captured.")
        if order["status"] != "APPROVED":
            raise unprocessable("ORDER_NOT_APPROVED", "Payer has not yet approved the Order for payment.")
        if order["_fate"] == "INSTRUMENT_DECLINED":
            order["status"] = "PAYER_ACTION_REQUIRED"
            raise unprocessable("INSTRUMENT_DECLINED", "The instrument presented was declined.")
        for unit in order["purchase_units"]:
            self._captured(order, unit)
        order |= {"status": "COMPLETED", "update_time": self.moment()}
        return self.told(order)

    def _captured(self, order: Thing, unit: Thing) -> None:
        amount = {name: unit["amount"][name] for name in ("currency_code", "value")}
        made: Thing = {
            "id": self.new_id(),
            "status": order["_fate"],
            "amount": amount,
            "final_capture": True,
            "seller_protection": {"status": "ELIGIBLE", "dispute_categories": ["ITEM_NOT_RECEIVED"]},
            "create_time": self.moment(),
            "update_time": self.moment(),
            "_kind": "capture",
            "_order": order["id"],
            "_unit": unit["reference_id"],
        }
        made |= {name: unit[name] for name in ("custom_id", "invoice_id") if name in unit}
        if order["_fate"] == "PENDING":
            made["status_details"] = {"reason": order["_reason"]}
        if order["_fate"] == "COMPLETED":
            self._earned(made)
        self.things[made["id"]] = made
        self._captured_event(made)

    def _earned(self, capture: Thing) -> None:
        gross = Decimal(capture["amount"]["value"])
        currency = capture["amount"]["currency_code"]
        # Invented: only so that what is paid and what arrives are not the same figure.
        fee = (gross * Decimal("0.04")).quantize(Decimal(1) if currency in money.WHOLE else Decimal("0.01"))
        capture["seller_receivable_breakdown"] = {
            "gross_amount": capture["amount"],
            "paypal_fee": money.shown(fee, currency),
            "net_amount": money.shown(gross - fee, currency),
        }

    def _captured_event(self, capture: Thing) -> None:
        kind = {"COMPLETED": "COMPLETED", "PENDING": "PENDING", "DECLINED": "DENIED"}[capture["status"]]
        self.webhooks.emit(f"PAYMENT.CAPTURE.{kind}", "capture", self.told(capture))

    def settle(self, name: str, status: str = "COMPLETED") -> Thing:
        """Bring a capture that is pending to its end: ``COMPLETED`` or ``DECLINED``."""
        capture = self.get("capture", name)
        if capture["status"] != "PENDING" or status not in ("COMPLETED", "DECLINED"):
            raise unprocessable("CAPTURE_STATUS_NOT_VALID", f"the capture is {capture['status']}")
        capture |= {"status": status, "update_time": self.moment()}
        capture.pop("status_details", None)
        if status == "COMPLETED":
            self._earned(capture)
        self._captured_event(capture)
        return self.told(capture)

    # Refunds.

    def remaining(self, capture: Thing) -> Decimal:
        """Return what of a capture is not refunded."""
        back = [
            one for one in self.things.values() if one.get("_capture") == capture["id"] and one["_kind"] == "refund"
        ]
        counted = [Decimal(one["amount"]["value"]) for one in back if one["status"] in ("COMPLETED", "PENDING")]
        return Decimal(capture["amount"]["value"]) - sum(counted, Decimal(0))

    def refund(self, name: str, body: Thing) -> Thing:
        """Refund a capture, or a part of it."""
        check(body, published()["request refund"])
        capture = self.get("capture", name)
        left = self.remaining(capture)
        if capture["status"] == "REFUNDED" or not left:
            raise unprocessable("CAPTURE_FULLY_REFUNDED", "The capture has already been fully refunded.")
        if capture["status"] not in ("COMPLETED", "PARTIALLY_REFUNDED"):
            raise unprocessable("REFUND_NOT_ALLOWED", f"the capture is {capture['status']}")
        currency = capture["amount"]["currency_code"]
        amount = left
        if "amount" in body:
            if body["amount"]["currency_code"] != currency:
                raise unprocessable("REFUND_CAPTURE_CURRENCY_MISMATCH", "the same currency as the capture", "/amount")
            amount = money.read(body["amount"], self.country, "/amount")
        if amount > left and "refunds_unchecked" not in self.planted:
            raise unprocessable("REFUND_AMOUNT_EXCEEDED", "more than is left of the capture", "/amount/value")
        made: Thing = {
            "id": self.new_id(),
            "status": self.fates.pop(0) if self.fates else "COMPLETED",
            "amount": money.shown(amount, currency),
            "create_time": self.moment(),
            "update_time": self.moment(),
            "_kind": "refund",
            "_capture": name,
        }
        made |= {key: body[key] for key in ("custom_id", "invoice_id", "note_to_payer") if key in body}
        self.things[made["id"]] = made
        self._refunded(made)
        return self.told(made)

    def _refunded(self, made: Thing) -> None:
        """Let a capture show what is refunded of it by now, and tell."""
        capture = self.things[made["_capture"]]
        left, whole = self.remaining(capture), Decimal(capture["amount"]["value"])
        capture["status"] = "REFUNDED" if not left else "COMPLETED" if left == whole else "PARTIALLY_REFUNDED"
        kind = {"COMPLETED": "CAPTURE.REFUNDED", "PENDING": "REFUND.PENDING"}.get(made["status"], "REFUND.FAILED")
        self.webhooks.emit(f"PAYMENT.{kind}", "refund", self.told(made))

    def settle_refund(self, name: str, status: str) -> Thing:
        """Bring a refund that is pending to its end: ``COMPLETED`` or ``FAILED``."""
        made = self.get("refund", name)
        if made["status"] != "PENDING" or status not in ("COMPLETED", "FAILED"):
            raise unprocessable("REFUND_NOT_ALLOWED", f"the refund is {made['status']}")
        made |= {"status": status, "update_time": self.moment()}
        self._refunded(made)
        return self.told(made)

    def give_back(self, capture: str, value: str | None = None) -> Thing:
        """Let the seller refund in PayPal's own pages."""
        currency = self.get("capture", capture)["amount"]["currency_code"]
        return self.refund(capture, {} if value is None else {"amount": {"currency_code": currency, "value": value}})

    def lapse(self, name: str) -> None:
        """Forget an order that nobody paid, as PayPal does after its hours."""
        if self.get("order", name)["status"] == "COMPLETED":
            raise unprocessable("ORDER_ALREADY_CAPTURED", "what is paid does not lapse")
        del self.things[name]

    def track(self, name: str, body: Thing) -> Thing:
        """Keep the number of a parcel with an order that is paid."""
        # By its schema an older endpoint's transaction_id and status are needed too; its page asks for the capture.
        check({"transaction_id": name, "status": "SHIPPED"} | body, published()["request track"])
        order = self.get("order", name)
        found = self.get("capture", body["capture_id"])
        if found["_order"] != name:
            raise unprocessable("INVALID_RESOURCE_ID", "the capture is not of this order")
        trackers = order["purchase_units"][0].setdefault("shipping", {}).setdefault("trackers", [])
        trackers.append({"id": f"{body['capture_id']}-{body.get('tracking_number', '')}", "status": "SHIPPED"})
        return self.told(order)
