"""Bank transfer by hand: the buyer is told where to and with which reference, the seller says what arrived."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shopkit.payments.port import PaymentError, SignatureError, Started

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from landed_cost.money import Money
    from shopkit.payments.port import Account, Attempt, Read, RefundRead, Trigger

DAYS: Final = 5
_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Bank:
    """The adapter: nobody to ask, so the seller records it; ``options["lines"]`` are the account's."""

    name: str = "bank"
    by_hand: bool = True
    takes: bool = False
    # A reference is made of the attempt alone, so it is the same whenever it is asked for.
    key_life: timedelta = timedelta(days=3650)

    def start(self, account: Account, attempt: Attempt) -> Started:
        """Return the account, the reference to write and until when the money is awaited."""
        reference = reference_of(attempt.id)
        lines = {str(name): str(text) for name, text in dict(account.options.get("lines", {})).items() if text}
        if not lines:
            raise PaymentError("setup", "no bank account is written down")
        days = int(account.options.get("days", DAYS))
        told = lines | {"reference": reference, "amount": str(attempt.amount)}
        return Started(reference, None, told, attempt.made_at + timedelta(days=days))

    def read(self, account: Account, ref: str, also: Sequence[str] = ()) -> Read:
        """Refuse: a bank that is not connected cannot be read."""
        raise PaymentError("refused", "recorded by hand")

    def capture(self, account: Account, ref: str) -> None:
        """Do nothing: nobody has to take what was sent."""

    def refund(self, account: Account, ref: str, amount: Money, refund_id: str) -> RefundRead:
        """Refuse: the seller sends the money and records it."""
        raise PaymentError("refused", "recorded by hand")

    def cancel(self, account: Account, ref: str) -> None:
        """Do nothing: a transfer that still comes is recorded when it does."""

    def verify(
        self, account: Account, body: bytes, headers: Mapping[str, str], query: Mapping[str, str], now: datetime
    ) -> Trigger:
        """Refuse: nobody sends messages."""
        raise SignatureError("no messages come from a bank that is not connected")

    def attempt_of(self, account: Account, ref: str) -> str | None:
        """Know nobody."""
        return None


def reference_of(attempt_id: str) -> str:
    """Return what the buyer writes on the transfer: ten signs that cannot be taken for one another, two that check.

    >>> reference_of("p_01J8ZQ4T7N00000000ABCDEFGH")
    'ABCD-EFGH-87'
    """
    text = attempt_id[-8:].upper()
    value = 0
    for sign in text:
        value = value * 32 + max(0, _SIGNS.find(sign))
    return f"{text[:4]}-{text[4:]}-{98 - value * 100 % 97:02d}"
