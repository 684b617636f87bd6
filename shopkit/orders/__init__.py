"""Orders, without any database: what may happen to one, and what follows from all that did.

An order *is* its ledger. Events are added and never changed; every amount and every status is derived from them, so
that two of them cannot disagree. ``Ledger.add`` is the one way in, for the services as for the tests.
"""

from shopkit.orders.events import KINDS, Event, Kind
from shopkit.orders.ledger import Ledger, Outcome, RefusedError, fold
from shopkit.orders.rules import allowed
from shopkit.orders.state import OrderState, Payment

__all__ = [
    "KINDS",
    "Event",
    "Kind",
    "Ledger",
    "OrderState",
    "Outcome",
    "Payment",
    "RefusedError",
    "allowed",
    "fold",
]
