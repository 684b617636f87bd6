"""A thousand lives of an order, two hundred steps each: messages late, repeated and out of order, people at odds.

A world knows what truly happened: which money moved at the provider, how many pieces there are. Whatever way it
reaches the ledger, nothing is counted twice or lost, nothing is sent unpaid, the sums add up, no piece is sold twice.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from landed_cost.money import Money
from shopkit.orders import KINDS, Event, Kind, Ledger, RefusedError, fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopkit.orders import OrderState

LIVES: Final = 1_000
STEPS: Final = 200
# The lives are shared out so that two processes can run them, and a failure names fewer.
SHARES: Final = 4
DUE: Final = 7_663
START: Final = datetime(2026, 11, 23, 15, tzinfo=UTC)
MONEY: Final = {
    "payment_received",
    "payment_mismatch",
    "refund_made",
    "refund_failed",
    "dispute_opened",
    "dispute_won",
    "dispute_lost",
}
PIECES: Final = {0: 2, 1: 1}


def _said(kind: Kind, at: datetime, source: str, name: str, minor: int | None = None, **more: Any) -> Event:
    return Event(kind, at, source, name, None if minor is None else Money(minor, "USD"), **more)


class World:
    """What truly happened around one order, and the messages about it that are still under way."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  # the same lives each time
        self.now = START
        self.ledger = Ledger()
        self.ledger.add(_said("placed", START, "buyer", "placed", DUE, until=START + timedelta(hours=2), pieces=PIECES))
        # One set of pieces for this buyer and everybody else.
        self.stock = 0
        self.held = 1
        self.sold = 0
        self.under_way: list[Event] = []
        self.told: list[Event] = []
        self.received: dict[str, int] = {}
        self.names = 0
        self.acts: list[Callable[[], Event | None]] = [
            self.pay, self.pay, self.voucher, self.bounce, self.refund_at_provider, self.refund_asked,
            self.settle_refund, self.dispute, self.end_dispute, self.warn, self.pack, self.pack, self.ship, self.ship,
            self.deliver, self.give_back, self.cancel, self.expire, self.accept, self.reduce, self.release,
            self.release, self.mismatch, self.take, self.answer,
        ]  # fmt: skip

    # -- what may happen ----------------------------------------------------------------------------------------
    def name(self) -> str:
        """Return a name that nothing else bears."""
        self.names += 1
        return str(self.names)

    def at_provider(self, kind: Kind, name: str, minor: int | None = None, **more: Any) -> None:
        """Let something happen at the provider: its messages come once or several times, some day."""
        event = _said(kind, self.now, "provider:p", name, minor, **more)
        self.under_way += [event] * self.chance.choice((1, 1, 2, 3))

    def pay(self) -> None:
        """Let money come, as it should, in parts, or too much."""
        minor = self.chance.choice((DUE, DUE, DUE, 4_000, 3_663, 9_000))
        name = self.name()
        self.at_provider("payment_received", f"{name}:received", minor, payment=name)
        self.received[f"{name}:received"] = minor

    def voucher(self) -> None:
        """Let a voucher be issued."""
        name = self.name()
        self.at_provider("payment_pending", f"{name}:pending", payment=name, until=self.now + timedelta(hours=9))

    def bounce(self) -> None:
        """Let some attempt fail, end or begin."""
        name = str(self.chance.randint(0, self.names))
        kind: Kind = self.chance.choice(("payment_failed", "payment_expired", "payment_started"))
        self.at_provider(kind, f"{name}:{kind}", payment=name)

    def mismatch(self) -> None:
        """Let money come that fits nothing."""
        name = self.name()
        self.at_provider("payment_mismatch", f"{name}:mismatch", 1_234, payment=name)

    def take(self) -> Event | None:
        """Ask to count as paid what did not fit, if there is any."""
        names = [name for name, one in self.ledger.state.payments.items() if one.astray]
        return self.asked("payment_accepted", minor=1_234, payment=self.chance.choice(names)) if names else None

    def answer(self) -> Event | None:
        """Answer a dispute, if there is one."""
        names = list(self.ledger.state.disputes)
        return self.asked("dispute_answered", ref=self.chance.choice(names)) if names else None

    def refund_at_provider(self) -> None:
        """Give back in the provider's own pages, of what it truly has."""
        left = sum(self.received.values()) - sum(one.minor for one in self.ledger.state.refunds.values())
        if left > 0 and self.chance.random() < 0.3:
            name = f"re{self.name()}"
            minor = self.chance.randint(1, left)
            payment = self.chance.choice((None, str(self.chance.randint(1, self.names))))
            self.at_provider("refund_made", f"{name}:made", minor, ref=name, payment=payment)

    def settle_refund(self) -> None:
        """Let a refund that was asked for arrive or fail."""
        for name, one in self.ledger.state.refunds.items():
            if one.state == "started":
                kind: Kind = self.chance.choice(("refund_made", "refund_failed"))
                self.at_provider(kind, f"{name}:{kind}", one.minor, ref=name)
                return

    def dispute(self) -> None:
        """Let a bank ask money back, now and then."""
        if self.chance.random() < 0.1:
            self.at_provider("dispute_opened", f"d{self.names}:opened", 1_000, ref=f"d{self.names}")

    def end_dispute(self) -> None:
        """Let a dispute end one way or the other."""
        kind: Kind = self.chance.choice(("dispute_won", "dispute_lost"))
        for name, one in self.ledger.state.disputes.items():
            if one.state == "open":
                self.at_provider(kind, f"{name}:end", 1_000, ref=name)
                return

    def warn(self) -> None:
        """Let the provider warn of fraud, now and then."""
        if self.chance.random() < 0.1:
            self.at_provider("fraud_warned", f"f{self.names}")

    def asked(self, kind: Kind, source: str = "seller", minor: int | None = None, **more: Any) -> Event:
        """Return what somebody asks for."""
        return _said(kind, self.now, source, f"{kind}:{self.name()}", minor, **more)

    def refund_asked(self) -> Event:
        """Ask to give money back, possible or not."""
        minor = self.chance.choice((1, 500, 2_000, DUE, 20_000))
        return self.asked("refund_started", minor=minor, ref=f"re{self.name()}")

    def pack(self) -> Event:
        """Ask to pack some or all."""
        return self.asked("packed", pieces=self.chance.choice(({0: 2, 1: 1}, {0: 1}, {1: 1})))

    def ship(self) -> Event:
        """Ask to send."""
        return self.asked("shipped")

    def deliver(self) -> Event:
        """Tell that it arrived."""
        return self.asked("delivered", "carrier")

    def give_back(self) -> Event:
        """Tell that a piece came back."""
        return self.asked("returned", pieces={0: 1})

    def cancel(self) -> Event | None:
        """Ask to cancel, as seller or buyer, now and then."""
        if self.chance.random() < 0.9:
            return None
        return self.asked("cancelled", self.chance.choice(("seller", "buyer", "buyer")))

    def expire(self) -> Event:
        """Let the clock look."""
        return self.asked("expired", "clock")

    def accept(self) -> Event | None:
        """Ask to go on after the end, where the goods are still there."""
        return self.asked("accepted") if self.stock else None

    def reduce(self) -> Event:
        """Ask less for it."""
        return self.asked("reduced", minor=self.chance.choice((100, 1_000)))

    def release(self) -> Event:
        """Say that what held it up is settled."""
        return self.asked("released")

    # -- a step ---------------------------------------------------------------------------------------------------
    def step(self) -> None:
        """Let something happen, or one of the messages arrive; somebody else may buy what is free meanwhile."""
        self.now += timedelta(minutes=self.chance.randint(0, 20))
        if self.stock and self.chance.random() < 0.02:
            self.stock, self.sold = 0, 1
        if self.under_way and self.chance.random() < 0.5:
            event = self.under_way.pop(self.chance.randrange(len(self.under_way)))
            self.told.append(event)
            self.hear(event)
            return
        asked = self.chance.choice(self.acts)()
        if asked is not None:
            self.hear(asked)
            if self.chance.random() < 0.2:
                # A double click.
                self.hear(asked)

    def hear(self, event: Event) -> None:
        """Tell the ledger, and check that it stands by what truly happened."""
        before = self.ledger.state
        try:
            self.ledger.add(event)
        except RefusedError:
            assert self.ledger.state == before
            return
        state = self.ledger.state
        if state.is_sent and not before.is_sent:
            assert before.covered >= before.due
            assert not before.is_held
            assert not before.is_disputed
            self.held, self.sold = self.held - 1, self.sold + 1
        elif before.holds_stock and not state.holds_stock:
            self.held, self.stock = self.held - 1, self.stock + 1
        elif state.holds_stock and not before.holds_stock:
            self.held, self.stock = self.held + 1, self.stock - 1
        self.check(state)

    def check(self, state: OrderState) -> None:
        """Compare what the ledger says with what was told, each thing once."""
        heard = {one.source_id for one in self.told if one.kind == "payment_received"}
        taken = [one.amount.minor for one in self.ledger.events if one.kind == "payment_accepted" and one.amount]
        assert state.received == sum(self.received[one] for one in heard) + sum(taken)
        assert state.net == state.received - state.refunded - state.charged_back
        assert (self.stock, self.held, self.sold) in {(1, 0, 0), (0, 1, 0), (0, 0, 1)}
        assert state.refundable >= 0
        assert 0 <= state.reduced <= state.total
        assert all(map(int.__le__, state.packed, state.to_send))


def live(seed: int, steps: int = STEPS) -> World:
    """Return a world after so many steps."""
    world = World(seed)
    for _ in range(steps):
        world.step()
    return world


@pytest.mark.parametrize("share", range(SHARES))
def test_whatever_comes_the_books_add_up(share: int) -> None:
    """After every step the ledger says what truly happened, and read again it says the same."""
    heard: set[str] = set()
    for seed in range(share, LIVES, SHARES):
        ledger = live(seed).ledger
        heard |= {one.kind for one in ledger.events}
        facts = [one for one in ledger.events if one.kind in MONEY]
        shuffled = random.Random(seed).sample(facts, len(facts))  # noqa: S311  # the same each time

        assert fold(ledger.events) == ledger.state
        assert sums(fold([ledger.events[0], *shuffled])) == sums(fold([ledger.events[0], *facts]))

    # A machine that refuses everything would pass as well.
    assert heard == set(KINDS) - {"held"}


def sums(state: OrderState) -> tuple[int, ...]:
    """Return what of a state must not hang on the order in which facts are heard."""
    return state.received, state.refunded, state.refunding, state.charged_back, state.astray, state.net
