"""Where single values of a request are checked: days that exist, countries that are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from landed_cost.countries import is_country
from landed_cost.model import Place
from shopkit.services.problems import RequestProblem

if TYPE_CHECKING:
    from shopkit.services import schemas

FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Desk:
    """What is wrong goes to ``problems``, and something harmless comes back.

    A place is given as the parts of its pointer, joined only when there is something to complain about: on nearly
    every request there is not.
    """

    problems: list[RequestProblem]

    def complain(self, where: tuple[str | int, ...], code: str, **params: str) -> None:
        """Note a problem."""
        self.problems.append(RequestProblem("/".join(map(str, where)), code, params))

    def day(self, text: str | None, where: str) -> date | None:
        """Return a day, or ``None`` for one that is absent, impossible or out of range."""
        if text is None:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.complain((where,), "date.impossible", value=text)
            return None
        if not FIRST_DAY <= day <= LAST_DAY:
            self.complain((where,), "date.range", value=text, first=str(FIRST_DAY), last=str(LAST_DAY))
            return None
        return day

    def country(self, code: str, *where: str | int) -> str:
        """Return the code of a country, known or not."""
        if not is_country(code):
            self.complain(where, "country.unknown", value=code)
        return code

    def place(self, place: schemas.Place, where: str) -> Place:
        """Return a place; its state in capitals."""
        self.country(place.country, where, "country")
        region = None if place.region is None else place.region.upper()
        return Place(place.country, region, place.postal_code)
