"""Messages of providers: proved, kept as they came, answered; then handled once, by reading what they point to.

A message is kept before it is answered, and one that cannot be handled yet is tried again later, so that neither a
process that is killed nor a provider that is down loses one. What a message says is never believed.
"""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from shopkit.models import PaymentAccount, PaymentEvent, StoredPayment
from shopkit.payments.port import PaymentError, SignatureError
from shopkit.services import order_letters, payments, refunds
from shopkit.services import payment_accounts as accounts
from shopkit.services.tokens import hashed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from shopkit.payments.port import Account
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Answer = Literal["kept", "repeated", "unknown_account", "unproved", "too_large", "later"]
LARGEST: Final = 1_000_000
_LOG: Final = logging.getLogger(__name__)
_LEASE: Final = timedelta(minutes=2)
_FIRST: Final = timedelta(seconds=30)
_LONGEST: Final = timedelta(hours=1)
# Three days, as long as Stripe itself goes on sending.
_TRIES: Final = 80
_AT_WORK: Final = threading.Lock()


def receive(
    services: Services,
    provider: str,
    account_id: str,
    body: bytes,
    headers: Mapping[str, str],
    query: Mapping[str, str],
) -> Answer:
    """Prove and keep a message, byte by byte as it came; what is done about it comes later (:func:`work`)."""
    if len(body) > LARGEST:
        return "too_large"
    with services.database.reading() as session:
        row = session.get(PaymentAccount, account_id)
        if row is None or row.provider != provider:
            return "unknown_account"
        account = accounts.opened(services, row)
        seller_id = row.seller_id
    now = services.now()
    lower = {name.lower(): value for name, value in headers.items()}
    try:
        trigger = accounts.adapter(provider).verify(account, body, lower, query, now)
    except SignatureError as error:
        _LOG.warning("a message for %s is not proved: %s", account_id, error)
        return "unproved"
    except PaymentError as error:
        # What proves it cannot be had now: it is to be sent again.
        _LOG.warning("a message for %s cannot be proved now: %s", account_id, error)
        return "later"
    is_ours = trigger.is_live is account.is_live
    event = PaymentEvent(
        account_id=account_id,
        seller_id=seller_id,
        event_id=_clean(trigger.event_id),
        kind=_clean(trigger.kind, 80),
        said=_clean(trigger.said, 1000),
        refs=[_clean(one) for one in trigger.refs],
        attempt=None if trigger.attempt is None else _clean(trigger.attempt),
        body=body,
        received_at=now,
        state="new" if is_ours else "ignored",
        tries=0,
        due_at=now,
        payment_id=None,
        problem="" if is_ours else "of the other mode",
    )
    return _keep(services, event)


def work(services: Services, limit: int = 100) -> int:
    """Handle messages that are due, and return how many; any number of processes may do it at once."""
    done = 0
    while done < limit:
        taken = _take(services)
        if taken is None:
            break
        _handle(services, *taken)
        done += 1
    return done


def reconcile(services: Services, limit: int = 200) -> dict[str, int]:
    """Read again what may have changed without a message, and go on with what has no answer; return what was done."""
    counts = {"messages": work(services, limit), "payments": 0, "refunds": 0, "unanswered": 0}
    for refund_id in refunds.begun(services, limit):
        refunds.send(services, refund_id)
        counts["refunds"] += 1
    for payment_id in payments.unpaid(services, services.now() - timedelta(minutes=10), limit):
        try:
            payments.settle(services, payment_id)
        except PaymentError as error:
            _LOG.warning("payment %s could not be read: %s", payment_id, error)
            payments.put_off(services, payment_id)
            counts["unanswered"] += 1
        else:
            counts["payments"] += 1
    return counts


def nudge(services: Services, base: str) -> None:
    """See to what is due in a thread of this process, if none is at it, and to the letters that follow.

    ``base`` is the shop's address, which letters link to.
    """
    if _AT_WORK.acquire(blocking=False):
        threading.Thread(target=_in_thread, args=(services, base), name="payment messages", daemon=True).start()


def _in_thread(services: Services, base: str) -> None:
    try:
        work(services)
        order_letters.work(services, base)
    # There is nobody to raise it to: the message stays, and is due again after its lease.
    except Exception:  # noqa: BLE001
        _LOG.exception("messages wait")
    finally:
        _AT_WORK.release()


def _keep(services: Services, event: PaymentEvent) -> Answer:
    with services.database.reading() as session:
        known = session.scalars(_named(event.account_id, event.event_id)).one_or_none()
    if known is not None:
        if known.said == event.said:
            return "repeated"
        # The same name and another content: what came first stays, and this one is kept beside it.
        event.event_id = f"{event.event_id[:200]}#{hashed(event.said)[:12]}"
        event.state, event.problem = "conflict", "the same name said something else before"
    try:
        with services.database.writing.begin() as session:
            session.add(event)
    except IntegrityError:
        return "repeated"
    return "kept"


def _named(account_id: str, event_id: str) -> Select[PaymentEvent]:
    return select(PaymentEvent).where(PaymentEvent.account_id == account_id, PaymentEvent.event_id == event_id)


def _take(services: Services) -> tuple[PaymentEvent, Account] | None:
    """Take the message that is due longest; who is killed with it leaves it due again after the lease."""
    now = services.now()
    with services.database.writing.begin() as session:
        query = select(PaymentEvent).where(PaymentEvent.state == "new", PaymentEvent.due_at <= now)
        query = query.order_by(PaymentEvent.due_at, PaymentEvent.id).limit(1).with_for_update(skip_locked=True)
        row = session.scalars(query).one_or_none()
        if row is None:
            return None
        row.tries += 1
        row.due_at = now + _LEASE
        return row, accounts.by_id(session, services, row.account_id)


def _handle(services: Services, event: PaymentEvent, account: Account) -> None:
    try:
        payment_id = _payment_of(services, event, account)
        if payment_id is None:
            _end(services, event, "ignored", None, "nothing of this shop")
            return
        payments.settle(services, payment_id, event.refs)
    except PaymentError as error:
        _LOG.warning("message %s waits: %s", event.event_id, error)
        if error.reason in {"unavailable", "unknown"} and event.tries < _TRIES:
            wait = min(_FIRST * 2 ** min(event.tries, 10), _LONGEST)
            _end(services, event, "new", None, error.reason, wait)
        else:
            _end(services, event, "failed", None, error.reason)
        return
    _end(services, event, "handled", payment_id, "")


def _end(
    services: Services,
    event: PaymentEvent,
    state: str,
    payment_id: str | None,
    problem: str,
    wait: timedelta = timedelta(0),
) -> None:
    with services.database.writing.begin() as session:
        row = session.get_one(PaymentEvent, event.id)
        row.state, row.payment_id, row.problem, row.due_at = state, payment_id, problem, services.now() + wait


def _payment_of(services: Services, event: PaymentEvent, account: Account) -> str | None:
    """Return the payment a message points to: by its mark, by the provider's names, or by asking the provider."""
    with services.database.reading() as session:
        found = _by_attempt(session, account, event.attempt) or _by_refs(session, account, event.refs)
    if found is not None:
        return found
    for ref in event.refs:
        attempt = accounts.adapter(account.provider).attempt_of(account, ref)
        if attempt is not None:
            with services.database.reading() as session:
                return _by_attempt(session, account, attempt)
    return None


def _by_attempt(session: Session, account: Account, attempt: str | None) -> str | None:
    if attempt is None:
        return None
    query = select(StoredPayment.id).where(StoredPayment.id == attempt, StoredPayment.account_id == account.id)
    return session.scalars(query).one_or_none()


def _by_refs(session: Session, account: Account, refs: list[str]) -> str | None:
    mine = or_(StoredPayment.ref.in_(refs), StoredPayment.charge.in_(refs))
    query = select(StoredPayment.id).where(StoredPayment.account_id == account.id, mine)
    return session.scalars(query.limit(1)).one_or_none()


def _clean(text: str, longest: int = 255) -> str:
    """Return text that every database can hold."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")[:longest]


def messages(services: Services, actor: Actor, limit: int = 100) -> list[PaymentEvent]:
    """Return the last messages to the accounts of a seller, in the order they came."""
    with services.database.reading() as session:
        query = select(PaymentEvent).where(PaymentEvent.seller_id == actor.seller_id)
        return list(session.scalars(query.order_by(PaymentEvent.id.desc()).limit(limit)))[::-1]
