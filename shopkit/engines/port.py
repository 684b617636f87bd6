"""What an adapter of an engine is made from and what it is: an engine, the way to it, what it costs and may cost.

An adapter is a function that takes the options of its engine from the settings and returns a ``Machine``. What is wrong
with the options is an ``EngineSettingsError``; what this machine lacks is an ``EngineAbsentError``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from landed_cost.currencies import is_known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from translations.engines.port import Engine, Transport

MILLION: Final = 1_000_000


class EngineSettingsError(ValueError):
    """Options that an engine cannot be used with; the message says which and what to write instead."""


class EngineAbsentError(LookupError):
    """What the engine needs is not on this machine; the message says what."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a million characters cost, as the shop pays it."""

    amount: Decimal
    currency: str

    def of(self, characters: int) -> Decimal:
        """Return what so many characters cost, exactly.

        >>> Price(Decimal("25"), "USD").of(1_234)
        Decimal('0.03085')
        """
        return self.amount * characters / MILLION


@dataclass(frozen=True, slots=True)
class Machine:
    """An engine and the way to it.

    ``price`` ``None``: nobody said what it costs, which is not nothing. ``budget`` is of characters in a month, of all
    sellers together, ``budget_each`` of each of them.
    """

    engine: Engine
    transport: Transport
    price: Price | None = None
    budget: int | None = None
    budget_each: int | None = None


class Options:
    """The options of one engine: each is asked for once, and one that nobody asked for is refused."""

    def __init__(self, engine: str, given: Mapping[str, Any]) -> None:
        self.engine = engine
        self._given = dict(given)

    def text(self, name: str, default: str | None = None) -> str:
        """Return an option that is a text; without a default it has to be there."""
        value = self._given.pop(name, default)
        if value is None:
            raise EngineSettingsError(f"{self.engine}: {name} is missing")
        if not isinstance(value, str) or not value.isprintable() or (default is None and not value):
            raise EngineSettingsError(f"{self.engine}: {name} must be a text")
        return value

    def address(self, name: str, default: str | None = None) -> str:
        """Return an option that is an address of HTTP."""
        value = self.text(name, default)
        if value and not value.startswith(("http://", "https://")):
            raise EngineSettingsError(f"{self.engine}: {name} must begin with https:// or http://")
        return value

    def names(self, name: str) -> dict[str, str]:
        """Return an option that maps languages (``es>pt``) to names."""
        value = self._given.pop(name, {})
        if not isinstance(value, dict) or not all(isinstance(one, str) and one for one in value.values()):
            raise EngineSettingsError(f'{self.engine}: {name} must be like {{"es>pt": "…"}}')
        return value

    def seconds(self, name: str, default: float) -> float:
        """Return an option that is a number of seconds."""
        value = self._given.pop(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 3600:  # noqa: PLR2004
            raise EngineSettingsError(f"{self.engine}: {name} must be seconds")
        return float(value)

    def machine(self, engine: Engine, transport: Transport, price: Price | None = None) -> Machine:
        """Return the machine with what it costs and may cost; ``price`` is that of an engine that always costs it."""
        price = self._price() or price
        budget, each = map(self._count, ("characters_per_month", "characters_per_month_per_seller"))
        if self._given:
            raise EngineSettingsError(f"{self.engine}: {', '.join(sorted(self._given))}: not an option of it")
        return Machine(engine, transport, price, budget, each)

    def _count(self, name: str) -> int | None:
        value = self._given.pop(name, None)
        if value is not None and (type(value) is not int or value < 0):
            raise EngineSettingsError(f"{self.engine}: {name} must be a whole number")
        return value

    def _price(self) -> Price | None:
        value = self._given.pop("price_per_million", None)
        if value is None:
            return None
        amount, _, currency = value.partition(" ") if isinstance(value, str) else ("", "", "")
        try:
            price = Decimal(amount)
        except InvalidOperation:
            price = Decimal("NaN")
        if not price.is_finite() or price < 0 or not is_known(currency):
            raise EngineSettingsError(f'{self.engine}: price_per_million must be like "25.00 USD"')
        return Price(price, currency)
