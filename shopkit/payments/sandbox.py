"""A provider for trying things: it keeps its own books in a file, signs its messages, and fails as it is told.

It stands outside the shop as a real one does: what it knows survives a shop that is killed, and several processes see
the same. No money moves. ``press`` is the buyer's and the bank's hand.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from landed_cost.money import Money
from shopkit.payments.port import DisputeRead, GoneError, PaymentError, Read, RefundRead, Started, Trigger
from shopkit.payments.signing import check_stamped, read_json, stamped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shopkit.payments.port import Account, Attempt, Evidence

Json = dict[str, Any]
Button = Literal[
    "pay", "decline", "issue", "pay_voucher", "part", "expire", "dispute", "win", "lose", "warn", "give_back"
]
BUTTONS: Final[tuple[Button, ...]] = Button.__args__  # type: ignore[attr-defined]  # typing knows no such name
HEADER: Final = "sandbox-signature"
_LIFE: Final = timedelta(hours=24)
_VOUCHER: Final = timedelta(days=3)
_ANSWER: Final = timedelta(days=7)
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS payment (ref TEXT PRIMARY KEY, account TEXT, key TEXT, doc TEXT, UNIQUE (account, key));
CREATE TABLE IF NOT EXISTS fault (id INTEGER PRIMARY KEY, kind TEXT);
CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY);
"""


class Sandbox:
    """The adapter; ``options["book"]`` is the file it keeps."""

    name: str = "sandbox"
    by_hand: bool = False
    takes: bool = False
    key_life: timedelta = timedelta(hours=23)

    def start(self, account: Account, attempt: Attempt) -> Started:
        """Begin an attempt, once for each key; the same key with another amount is refused."""
        with _book(account, changes=True) as book:
            row = book.execute(
                "SELECT ref, doc FROM payment WHERE account = ? AND key = ?", (account.id, attempt.key)
            ).fetchone()
            if row is None:
                ref = f"sb_{attempt.id[-12:]}"
                doc = _new(account, attempt)
                book.execute("INSERT INTO payment VALUES (?, ?, ?, ?)", (ref, account.id, attempt.key, json.dumps(doc)))
            else:
                ref, doc = row[0], json.loads(row[1])
            if (doc["minor"], doc["currency"]) != tuple(attempt.amount):
                raise PaymentError("setup", "a key stands for another request")
        return Started(ref, f"{account.options.get('pages', '/sandbox')}/{ref}", {}, _moment(doc["until"]))

    def read(self, account: Account, ref: str, also: Sequence[str] = ()) -> Read:
        """Return what the books say."""
        del also
        with _book(account) as book:
            doc = _doc(book, account, ref)
        asked = Money(doc["minor"], doc["currency"])
        return Read(
            ref,
            doc["state"],
            asked,
            Money(doc["received"], doc["got"]),
            doc["attempt"],
            account.is_live,
            f"ch_{ref}",
            f"{account.options.get('pages', '/sandbox')}/{ref}",
            _moment(doc["until"]),
            doc["instructions"],
            tuple(
                RefundRead(one["ref"], one["state"], Money(one["minor"], doc["got"]), one["ours"])
                for one in doc["refunds"]
            ),
            tuple(
                DisputeRead(
                    one["ref"],
                    one["state"],
                    Money(one["minor"], doc["got"]),
                    "product_not_received",
                    _moment(one["due"]),
                )
                for one in doc["disputes"]
            ),
            None,
            doc["warned"],
        )

    def capture(self, account: Account, ref: str) -> None:
        """Do nothing: what is paid is taken."""
        del account, ref

    def refund(self, account: Account, ref: str, amount: Money, refund_id: str) -> RefundRead:
        """Give back no more than came; a voucher's money cannot be given back."""
        with _book(account, changes=True) as book:
            doc = _doc(book, account, ref)
            known = next((one for one in doc["refunds"] if one["ours"] == refund_id), None)
            if known is None:
                back = sum(one["minor"] for one in doc["refunds"] if one["state"] != "failed")
                if doc["method"] == "voucher":
                    raise PaymentError("refused", "vouchers are not refunded")
                if amount.minor <= 0 or amount.currency != doc["got"] or back + amount.minor > doc["received"]:
                    raise PaymentError("refused", "amount_too_large")
                known = {
                    "ref": f"re_{len(doc['refunds']) + 1}_{ref}",
                    "state": doc["next_refund"],
                    "minor": amount.minor,
                    "ours": refund_id,
                }
                doc["refunds"].append(known)
                _keep(book, ref, doc)
        return RefundRead(known["ref"], known["state"], Money(known["minor"], doc["got"]), refund_id)

    def cancel(self, account: Account, ref: str) -> None:
        """End what is not paid."""
        with _book(account, changes=True) as book:
            doc = _doc(book, account, ref)
            if doc["state"] in {"open", "pending"}:
                doc["state"] = "expired"
                _keep(book, ref, doc)

    def verify(
        self, account: Account, body: bytes, headers: Mapping[str, str], query: Mapping[str, str], now: datetime
    ) -> Trigger:
        """Check the signature."""
        del query
        check_stamped(body, headers.get(HEADER, ""), account.signing, now)
        event = read_json(body)
        return Trigger(
            str(event.get("id")),
            str(event.get("kind")),
            event.get("live") is True,
            (str(event.get("ref")),),
            said=str(event.get("said", "")),
        )

    def answer_dispute(self, account: Account, dispute: str, evidence: Evidence, *, submits: bool) -> None:
        """Keep evidence; what was handed in is not changed any more."""
        with _book(account, changes=True) as book:
            ref = dispute.split("_", 2)[2]
            doc = _doc(book, account, ref)
            one = next((one for one in doc["disputes"] if one["ref"] == dispute), None)
            if one is None or one["state"] != "open" or (one["is_sent"] and one["evidence"] != asdict(evidence)):
                raise PaymentError("refused", "dispute_not_open")
            one |= {"evidence": asdict(evidence), "is_sent": submits or one["is_sent"]}
            _keep(book, ref, doc)

    def attempt_of(self, account: Account, ref: str) -> str | None:
        """Return whose payment it is."""
        with _book(account) as book:
            row = book.execute("SELECT doc FROM payment WHERE account = ? AND ref = ?", (account.id, ref)).fetchone()
        return None if row is None else str(json.loads(row[0])["attempt"])


def press(account: Account, ref: str, button: Button, now: datetime, minor: int | None = None) -> tuple[bytes, str]:
    """Do what a buyer, a bank or a network would, and return the message about it with its signature."""
    with _book(account, changes=True) as book:
        doc = _doc(book, account, ref)
        _pressed(doc, ref, button, now, minor)
        _keep(book, ref, doc)
        number = book.execute("INSERT INTO event DEFAULT VALUES").lastrowid
    said = {"id": f"ev_{number}", "kind": button, "live": account.is_live, "ref": ref, "said": f"{doc['state']}"}
    body = json.dumps(said).encode()
    return body, stamped(body, account.signing[0], now)


def fail_next(account: Account, *kinds: Literal["down", "lost"]) -> None:
    """Let the next calls fail: ``down`` is not done, ``lost`` is done and never answered."""
    with _book(account, changes=True, is_call=False) as book:
        book.executemany("INSERT INTO fault (kind) VALUES (?)", [(one,) for one in kinds])


def next_refund(account: Account, ref: str, state: Literal["started", "made", "failed"]) -> None:
    """Say what becomes of the refunds of a payment, the one that waits among them."""
    with _book(account, changes=True, is_call=False) as book:
        doc = _doc(book, account, ref)
        doc["next_refund"] = state
        for one in doc["refunds"]:
            if one["state"] == "started":
                one["state"] = state
        _keep(book, ref, doc)


def _pressed(doc: Json, ref: str, button: Button, now: datetime, minor: int | None) -> None:
    left = doc["minor"] - doc["received"]
    if button in {"pay", "pay_voucher", "part"}:
        doc["received"] += (left if button != "part" else left // 2) if minor is None else minor
        doc["state"] = "paid" if doc["received"] >= doc["minor"] else "pending"
    elif button == "issue":
        number = f"{zlib.crc32(ref.encode()):012d}"
        doc |= {"state": "pending", "until": (now + _VOUCHER).isoformat(), "instructions": {"number": number}}
    elif button == "expire":
        doc["state"] = "expired" if not doc["received"] else doc["state"]
    elif button == "dispute":
        one = {"ref": f"dp_{len(doc['disputes'])}_{ref}", "state": "open", "minor": doc["received"]}
        doc["disputes"].append(one | {"due": (now + _ANSWER).isoformat(), "evidence": None, "is_sent": False})
    elif button in {"win", "lose"}:
        for one in doc["disputes"]:
            one["state"] = "won" if button == "win" else "lost"
    elif button == "warn":
        doc["warned"] = True
    elif button == "give_back":
        back = doc["received"] if minor is None else minor
        doc["refunds"].append({"ref": f"re_x{len(doc['refunds'])}_{ref}", "state": "made", "minor": back, "ours": None})


def _new(account: Account, attempt: Attempt) -> Json:
    return {
        "attempt": attempt.id,
        "method": attempt.method,
        "minor": attempt.amount.minor,
        "currency": attempt.amount.currency,
        "got": attempt.amount.currency,
        "received": 0,
        "state": "open",
        "until": (attempt.made_at + _LIFE).isoformat(),
        "title": attempt.title,
        "back": attempt.return_url,
        "instructions": {},
        "refunds": [],
        "disputes": [],
        "warned": False,
        "next_refund": account.options.get("next_refund", "made"),
    }


@contextmanager
def _book(account: Account, *, changes: bool = False, is_call: bool = True) -> Iterator[sqlite3.Connection]:
    """Open the books; the faults that were asked for happen to calls, ``lost`` after the work is done."""
    file = Path(str(account.options["book"]))
    file.parent.mkdir(parents=True, exist_ok=True)
    book = sqlite3.connect(file, timeout=10, isolation_level=None)
    fault = None
    try:
        book.executescript(_TABLES)
        book.execute("BEGIN IMMEDIATE")
        row = book.execute("SELECT id, kind FROM fault ORDER BY id LIMIT 1").fetchone() if is_call else None
        if row is not None:
            fault = row[1]
            book.execute("DELETE FROM fault WHERE id = ?", (row[0],))
        if fault == "down":
            book.execute("COMMIT")
            raise PaymentError("unavailable", "answered 503")
        try:
            yield book
        except BaseException:
            book.execute("ROLLBACK")
            raise
        book.execute("COMMIT")
    finally:
        book.close()
    if fault == "lost":
        raise PaymentError("unknown" if changes else "unavailable", "no answer could be read")


def _doc(book: sqlite3.Connection, account: Account, ref: str) -> Json:
    row = book.execute("SELECT doc FROM payment WHERE account = ? AND ref = ?", (account.id, ref)).fetchone()
    if row is None:
        raise GoneError("no such payment")
    found: Json = json.loads(row[0])
    return found


def _keep(book: sqlite3.Connection, ref: str, doc: Json) -> None:
    book.execute("UPDATE payment SET doc = ? WHERE ref = ?", (json.dumps(doc), ref))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
