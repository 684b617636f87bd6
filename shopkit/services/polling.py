"""Providers of tracking asked about parcels that are due: any number of processes, each account at its own pace.

What is asked for is taken under a lease (:mod:`shopkit.services.feeds`), calls wait for a place in the database
(:mod:`shopkit.services.tracking_calls`). A provider that asks to wait, is down or talks nonsense keeps its own account
waiting; one that does not take the account's keys ends it until its seller connects it anew: nobody burns a queue.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, select, update

from shopkit.models import ShipmentFeed, TrackingAccount
from shopkit.sealing import SealError
from shopkit.services import feeds, shipments, tracking_accounts
from shopkit.services.tracking_calls import PATIENCE_S, Gate, UsedUpError, way
from shopkit.tracking.port import TrackingError, converse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shopkit.services.context import Services
    from shopkit.services.feeds import Taken
    from shopkit.services.tracking_accounts import Opened
    from shopkit.services.tracking_calls import PacedTransport
    from shopkit.tracking.port import Told

_LOG: Final = logging.getLogger(__name__)
_FIRST_S: Final = 60.0
_LONGEST_S: Final = 3_600.0
# What a provider may ask for at most: a longer wait is a mistake in its header.
_DAY_S: Final = 86_400.0
_LOOK: Final = timedelta(minutes=1)
# So many calls in a row that it calls wrong, and the account is: asking again does not help.
_WRONG: Final = 5


@dataclass(slots=True)
class Done:
    """What came of polling: parcels that were asked about, that something new was told of, and that had no answer."""

    asked: int = 0
    new: int = 0
    unanswered: int = 0
    stopped: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Poller:
    """Asks what is due. ``sleep`` waits so many seconds; ``make`` returns the way to an account's provider."""

    services: Services
    sleep: Callable[[float], None] = time.sleep
    make: Callable[[Services, Opened, Gate], PacedTransport] = way

    def poll(self, *, for_s: float | None = None) -> Done:
        """Ask until nothing is due that may be asked, or for so long; return what came of it."""
        done = Done()
        begun = looked_at = self.services.now()
        feeds.follow_new(self.services)
        while True:
            # Looking through all open parcels costs; who opens one waits a minute at most.
            if self.services.now() - looked_at >= _LOOK:
                looked_at = self.services.now()
                feeds.follow_new(self.services)
            has_asked, soonest = self.sweep(done)
            spent = (self.services.now() - begun).total_seconds()
            if for_s is not None and spent >= for_s:
                return done
            if not has_asked:
                if soonest is None or (for_s is not None and spent + soonest > for_s):
                    return done
                # A clock counts whole microseconds: less than one would be waited for in vain.
                self.sleep(max(soonest, 0.01))

    def sweep(self, done: Done) -> tuple[bool, float | None]:
        """Ask once at each account where something is due and a call is free.

        Return whether anybody was asked, and after how many seconds the next call is free where none was.
        """
        has_asked, soonest = False, None
        for account_id in self._due():
            try:
                account = tracking_accounts.opened(self.services, account_id)
            except SealError:
                _LOG.warning("tracking account %s cannot be opened", account_id)
                self._stop(account_id, "sealed", done)
                continue
            if account is None:
                continue
            gate = Gate(self.services, account.pace, account.tracker.pace, self.sleep)
            wait_s = gate.wait_s()
            if wait_s > 0:
                if wait_s <= max(PATIENCE_S, 2 * gate.step_s):
                    soonest = wait_s if soonest is None else min(soonest, wait_s)
                continue
            taken = feeds.take(self.services, account.id, account.tracker.pace.numbers)
            if taken:
                has_asked = True
                self._ask(account, gate, taken, done)
        return has_asked, soonest

    def _due(self) -> Sequence[str]:
        mine = (ShipmentFeed.account_id == TrackingAccount.id, ShipmentFeed.due_at <= self.services.now())
        query = select(TrackingAccount.id).where(TrackingAccount.trouble == "", exists().where(*mine))
        with self.services.database.reading() as session:
            return session.scalars(query.order_by(TrackingAccount.id)).all()

    def _ask(self, account: Opened, gate: Gate, taken: Sequence[Taken], done: Done) -> None:
        try:
            told = self._told(account, gate, taken)
        except TrackingError as error:
            self._without(account, gate, taken, error, done)
            return
        new: dict[str, int] = {}
        by_number = {one.number: one for one in told}
        answers = {one.shipment_id: by_number[one.ask.number] for one in taken if one.ask.number in by_number}
        for one in taken:
            answer = answers.get(one.shipment_id)
            if answer is None or answer.outcome != "told" or feeds.digest(answer) == one.told:
                continue
            received = shipments.receive(self.services, one.shipment_id, answer.events, expected_on=answer.expected_on)
            new[one.shipment_id] = received.new
        feeds.finish(self.services, taken, answers, new)
        self._calm(account.id)
        done.asked += len(taken)
        done.new += sum(1 for count in new.values() if count)

    def _told(self, account: Opened, gate: Gate, taken: Sequence[Taken]) -> tuple[Told, ...]:
        calls = account.tracker.track([one.ask for one in taken], now=self.services.now())
        try:
            found: tuple[Told, ...] = converse(calls, self.make(self.services, account, gate))
        except TrackingError:
            raise
        # An answer that nobody thought of must not be asked for by every process for ever.
        except Exception as error:
            _LOG.exception("what %s answered could not be read", account.tracker.name)
            raise TrackingError("garbage", type(error).__name__) from error
        return found

    def _without(self, account: Opened, gate: Gate, taken: Sequence[Taken], error: TrackingError, done: Done) -> None:
        """Put parcels back that were asked about without an answer, and let the account wait or end."""
        _LOG.warning("%s at account %s: %s", account.tracker.name, account.id, error)
        done.unanswered += len(taken)
        now = self.services.now()
        if isinstance(error, UsedUpError):
            feeds.put_back(self.services, taken)
        elif error.reason == "busy":
            wait_s = self._wait(account, gate, error)
            feeds.put_back(self.services, taken, now + timedelta(seconds=wait_s))
        elif error.reason == "unsigned":
            feeds.put_back(self.services, taken)
            self._stop(account.id, "unsigned", done)
        elif error.reason == "refused":
            feeds.put_back(self.services, taken, failed=True)
            if tracking_accounts.strike(self.services, account.id) >= _WRONG:
                self._stop(account.id, "refused", done)
        elif error.reason == "garbage" and len(taken) == 1:
            # It may be this parcel's alone; the others are still asked about.
            feeds.put_back(self.services, taken, failed=True)
        else:
            self._wait(account, gate, error)
            feeds.put_back(self.services, taken, failed=True)

    def _wait(self, account: Opened, gate: Gate, error: TrackingError) -> float:
        """Let nobody call for as long as the provider says, else for a minute, doubled each time."""
        strikes = tracking_accounts.strike(self.services, account.id)
        own_s = min(_FIRST_S * 2 ** min(strikes - 1, 10), _LONGEST_S)
        wait_s = own_s if error.wait_s is None else min(max(error.wait_s, 0.0), _DAY_S)
        gate.shut(wait_s)
        return wait_s

    def _calm(self, account_id: str) -> None:
        with self.services.database.reading() as session:
            strikes = session.scalar(select(TrackingAccount.strikes).where(TrackingAccount.id == account_id))
        if strikes:
            with self.services.database.writing.begin() as session:
                session.execute(update(TrackingAccount).where(TrackingAccount.id == account_id).values(strikes=0))

    def _stop(self, account_id: str, trouble: str, done: Done) -> None:
        tracking_accounts.stop(self.services, account_id, trouble)
        done.stopped.append(account_id)
