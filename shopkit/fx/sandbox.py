"""Exchange rates without a network: the table that ships, under the day asked for, and every way a source can fail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from landed_cost.rates import RateTable, default_rates
from shopkit.fx.port import RateSourceRefusedError, RateSourceUnavailableError, utc_today

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

SandboxFailure = Literal["unavailable", "garbage", "half", "negative", "zero", "nan", "no_date", "future"]

_REASONS: Final[dict[SandboxFailure, str]] = {
    "unavailable": "the sandbox plays a source that does not answer",
    "garbage": "the answer is not JSON: the sandbox plays a page of HTML",
    "half": "the answer is not JSON: the sandbox plays one cut off in the middle",
    "negative": "USD to MXN: -18 is not a possible exchange rate",
    "zero": "USD to MXN: 0 is not a possible exchange rate",
    "nan": "USD to MXN: NaN is not a possible exchange rate",
    "no_date": "the answer has no date",
    "future": "the rates are dated in the future",
}


@dataclass(frozen=True, slots=True)
class SandboxRates:
    """A source for demonstration and tests. Its figures are old ones under a new date, and its source says so."""

    failure: SandboxFailure | None = None
    today: Callable[[], date] = utc_today
    name: str = "sandbox"

    def fetch(self, on: date | None = None) -> RateTable:
        """Return the shipped rates dated on the day, or fail in the way chosen."""
        if self.failure is not None:
            refused = RateSourceUnavailableError if self.failure == "unavailable" else RateSourceRefusedError
            raise refused(self.name, _REASONS[self.failure])
        day = self.today() if on is None else min(on, self.today())
        source = "sandbox, not a rate of this day"
        return RateTable(tuple(replace(rate, date=day, source=source) for rate in default_rates().rates))
