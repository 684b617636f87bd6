"""The European Central Bank's reference rates: some thirty currencies against the euro, each working day about 16 CET.

They are published for information; the bank itself says that they are not meant for transactions, so they are market
rates here. Shape of the files and addresses: from memory of the bank's pages, not read again for this project.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from landed_cost.currencies import is_known
from shopkit.fx.port import HttpRequest, Reader, utc_today

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from landed_cost.rates import RateTable
    from shopkit.fx.port import Transport

_BASE: Final = "https://www.ecb.europa.eu/stats/eurofxref/"
# The middle file reaches back ninety days; a margin keeps a day before its edge within it, holidays included.
_RECENT_DAYS: Final = 80


@dataclass(frozen=True, slots=True)
class EcbRates:
    """Rates of ``eurofxref``: the daily file, the last ninety days, or all since 1999, as the day asks."""

    transport: Transport
    today: Callable[[], date] = utc_today
    base_url: str = _BASE
    name: str = field(default="ecb", init=False)

    def fetch(self, on: date | None = None) -> RateTable:
        """Return the rates of the last publication on or before the day."""
        return self.parse_response(self.transport.get(self.name, self.build_request(on)), on)

    def build_request(self, on: date | None) -> HttpRequest:
        """Return the smallest file that holds the day."""
        if on is None or on >= self.today():
            file = "eurofxref-daily.xml"
        elif (self.today() - on).days <= _RECENT_DAYS:
            file = "eurofxref-hist-90d.xml"
        else:
            file = "eurofxref-hist.xml"
        return HttpRequest(self.base_url + file)

    def parse_response(self, body: bytes, on: date | None) -> RateTable:
        """Return the newest day of the file that is not after the day asked; codes no longer in use are passed over."""
        read = Reader("European Central Bank, euro foreign exchange reference rates", self.today)
        days = _days(body, read)
        dated = {read.day(text): text for text in days}
        usable = [day for day in dated if on is None or day <= on]
        if not usable:
            read.refuse(f"no rates on or before {on}")
        day = max(usable)
        rates = [
            read.rate("EUR", code, read.number(number), day, "market")
            for code, number in days[dated[day]]
            if is_known(code)
        ]
        return read.table(rates)


def _days(body: bytes, read: Reader) -> dict[str, list[tuple[str, str]]]:
    """Return the (currency, rate) texts of each day in a file; a broken or a cunning file is refused."""
    days: dict[str, list[tuple[str, str]]] = {}
    current: list[list[tuple[str, str]]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        """Take the two kinds of Cube that carry something; they differ by their attributes alone."""
        if tag.rpartition(":")[2] != "Cube":
            return
        if "time" in attributes:
            current[:] = [days.setdefault(attributes["time"], [])]
        elif "currency" in attributes or "rate" in attributes:
            if not current:
                read.refuse("a rate stands outside any date")
            if not {"currency", "rate"} <= attributes.keys():
                read.refuse("a rate lacks its currency or its number")
            current[0].append((attributes["currency"], attributes["rate"]))

    def doctype(*_: object) -> None:
        """Refuse entities and outside references, which this format has no use for."""
        read.refuse("the answer declares a document type, which these files never do")

    # Every known attack by XML needs a document type: it is refused before it opens, so the bare parser is safe.
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(body, True)  # noqa: FBT003 - "this is all", and expat takes it by position only
    except expat.ExpatError as error:
        read.refuse(f"the answer is not XML: {error}")
    if not days:
        read.refuse("the answer has no date")
    return days
