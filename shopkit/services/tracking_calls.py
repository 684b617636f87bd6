"""Calls to providers of tracking, paced and signed over all processes.

Two calls with the same keys are at least ``per_s / requests`` apart, so that any ``per_s`` seconds hold no more than
``requests`` of them: no burst can fall into the end of one window and the beginning of the next. Whoever wants to call
takes the next free moment in the database, then waits for it. A token is kept sealed, and got by one process for all.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shopkit import sealing
from shopkit.models import TrackingAccount, TrackingPace
from shopkit.services.holding import is_holding, new_holder
from shopkit.tracking.port import Token, Tokened, TrackingError, Transport, converse
from shopkit.tracking.transport import HttpTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from shopkit.services.context import Services
    from shopkit.services.tracking_accounts import Opened
    from shopkit.tracking.port import Call, Pace, Reply

# Longer than this nobody waits in the middle of an ask: the rest of it is asked later.
PATIENCE_S: Final = 75.0
# A call takes a little time from when it may be made to when it arrives, one less than the other.
_SLACK: Final = 1.02
_EARLY: Final = timedelta(minutes=2)
_LOOKS: Final = 150
_LOOK_S: Final = 0.2


class UsedUpError(TrackingError):
    """The next free moment is too far away to wait for: our own pace, and nothing that the provider said."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("busy", "the account's allowance is used up", wait_s=wait_s)


@dataclass(frozen=True, slots=True)
class Gate:
    """The allowance of one account's keys."""

    services: Services
    id: str
    pace: Pace
    sleep: Callable[[float], None]

    @property
    def step_s(self) -> float:
        """How far two calls are apart."""
        return self.pace.per_s / self.pace.requests * _SLACK

    def wait_s(self) -> float:
        """Return how long the next call would have to wait."""
        with self.services.database.reading() as session:
            row = session.get(TrackingPace, self.id)
            return 0.0 if row is None else max(0.0, row.free_at - self._now())

    def enter(self) -> None:
        """Take the next free moment and wait for it; *busy* where it is too far, and then none is taken."""
        with self.services.database.writing.begin() as session:
            row = self._row(session)
            now = self._now()
            at = max(row.free_at, now)
            if at - now > PATIENCE_S:
                raise UsedUpError(at - now)
            row.free_at = at + self.step_s
        if at > now:
            self.sleep(at - now)

    def shut(self, wait_s: float) -> None:
        """Let nobody call for so long."""
        with self.services.database.writing.begin() as session:
            row = self._row(session)
            row.free_at = max(row.free_at, self._now() + wait_s)

    def _row(self, session: Session) -> TrackingPace:
        insert = self.services.database.insert(TrackingPace).values(id=self.id, free_at=0.0)
        session.execute(insert.on_conflict_do_nothing(index_elements=[TrackingPace.id]))
        return session.get_one(TrackingPace, self.id, with_for_update=True, populate_existing=True)

    def _now(self) -> float:
        return self.services.now().timestamp()


@dataclass(slots=True)
class PacedTransport(HttpTransport):
    """Calls of one account, each through its gate; a provider that carries its own calls is paced like the others."""

    gate: Gate = field(kw_only=True)
    ring: Ring = field(kw_only=True)

    def carry(self, call: Call, headers: Mapping[str, str]) -> Reply:
        """Wait for the next free moment, then send a call as it is."""
        self.gate.enter()
        if isinstance(self.tracker, Transport):
            return self.tracker.send(replace(call, headers={**call.headers, **headers}))
        return HttpTransport.carry(self, call, headers)

    def _token(self, *, refused: str | None = None) -> str:
        tracker = self.tracker
        if not isinstance(tracker, Tokened):
            return ""

        def ask() -> Token:
            found: Token = converse(tracker.token(self.details), _Bare(self))
            return found

        return self.ring.token(refused, ask)


@dataclass(frozen=True, slots=True)
class _Bare:
    """The same way, for the calls that get a token: they sign themselves."""

    over: HttpTransport

    def send(self, call: Call) -> Reply:
        return self.over.carry(call, {})


@dataclass(slots=True)
class Ring:
    """The token of one account, kept sealed in its row: who finds none that is taken gets one, everybody else waits."""

    services: Services
    account_id: str
    sleep: Callable[[float], None]
    # Of a shop that can seal nothing; only providers that ask for no secret can be connected there.
    unsealed: str = field(default="", repr=False)

    def token(self, refused: str | None, ask: Callable[[], Token]) -> str:
        """Return a token that was not refused; ``TrackingError`` as ``ask`` has it, *unavailable* where others hang."""
        holder = new_holder()
        for _ in range(_LOOKS):
            found = self._kept(refused, holder)
            if found is None:
                self.sleep(_LOOK_S)
            elif found:
                return found
            else:
                break
        else:
            raise TrackingError("unavailable", "another process is getting the token")
        token = None
        try:
            token = ask()
        finally:
            self._keep(holder, token)
        return token.value

    def _kept(self, refused: str | None, holder: str) -> str | None:
        """Return the token that is kept; an empty text where it is ours to get, nothing where somebody is at it."""
        with self.services.database.reading() as session:
            row = session.get(TrackingAccount, self.account_id)
            if row is not None and (value := self._good(row, refused)):
                return value
        with self.services.database.writing.begin() as session:
            row = session.get(TrackingAccount, self.account_id, with_for_update=True)
            if row is None:
                raise TrackingError("unsigned", "the account was removed")
            if value := self._good(row, refused):
                return value
            now = self.services.now()
            if is_holding(row.renewing_by, row.renewing_at, now):
                return None
            row.renewing_by, row.renewing_at = holder, now
            return ""

    def _good(self, row: TrackingAccount, refused: str | None) -> str:
        if self.unsealed not in {"", refused}:
            return self.unsealed
        if not row.token or (row.token_until is not None and row.token_until - _EARLY <= self.services.now()):
            return ""
        try:
            value = sealing.unseal(self.services.settings, row.token)
        except sealing.SealError:
            return ""
        return "" if value == refused else value

    def _keep(self, holder: str, token: Token | None) -> None:
        with self.services.database.writing.begin() as session:
            row = session.get(TrackingAccount, self.account_id, with_for_update=True)
            if row is None or row.renewing_by != holder:
                # Connected anew meanwhile, or taken for gone: what is there is newer than what we got.
                return
            row.renewing_by = row.renewing_at = None
            if token is not None and not self.services.settings.secret_keys:
                self.unsealed = token.value
            elif token is not None:
                row.token = sealing.seal(self.services.settings, token.value)
                lasts = token.lasts_s
                row.token_until = None if lasts is None else self.services.now() + timedelta(seconds=lasts)


def way(services: Services, account: Opened, gate: Gate) -> PacedTransport:
    """Return the way to an account's provider."""
    tracker = account.tracker
    return PacedTransport(
        tracker,
        account.details,
        tracker.address(account.details),
        now=services.now,
        gate=gate,
        ring=Ring(services, account.id, gate.sleep),
    )
