"""Route of freight: what the services of the shop's rate cards ask for a parcel."""

from __future__ import annotations

import re
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request

from landed_cost.freight import FreightBasis, Parcel
from landed_cost.model import Place
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, send, services
from shopkit.api.language import language
from shopkit.services import freight
from shopkit.services.countries import is_country
from shopkit.services.days import read_day
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError, RequestProblem, sentence
from shopkit.services.schemas import POSTAL_CODE

if TYPE_CHECKING:
    from datetime import date

_KNOWN: Final = frozenset({"country", "postal_code", "weight_kg", "dimensions_cm", "date", "card"})
WEIGHT: Final = r"^([1-9][0-9]{0,4}(\.[0-9]{1,3})?|0\.([1-9][0-9]{0,2}|0[1-9][0-9]?|00[1-9]))$"
DIMENSIONS: Final = r"^[1-9][0-9]{0,2}(\.[0-9])?(x[1-9][0-9]{0,2}(\.[0-9])?){2}$"


@bp.get("/api/v1/freight")
def read_freight() -> Response:
    """List what each service of the rate cards asks for a parcel, or what is against it."""
    asked = _Asked(request.args.to_dict())
    spoken = language()
    country = asked.country()
    place = Place(country, None, asked.postal_code())
    parcel = Parcel(asked.weight(), asked.sides())
    on = asked.day() or services().today(country)
    if asked.problems:
        raise RequestError(asked.problems)
    found = [
        {
            "card": card.name,
            "service": service,
            "channel": channel,
            "illustrative": card.is_illustrative,
            "basis": told.to_dict() if isinstance(told, FreightBasis) else None,
            "problems": []
            if isinstance(told, FreightBasis)
            else [sentence(code, params, spoken) for _, code, params in told.problems],
        }
        for card, service, channel, told in freight.offers(services(), parcel, place, on, request.args.get("card"))
    ]
    return send(Reply(HTTPStatus.OK, dump({"results": found}), spoken))


class _Asked:
    """The query, and everything that is wrong with it."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given
        self.problems = [
            RequestProblem(f"query:{name}", "unknown_field", {"field": name}) for name in given.keys() - _KNOWN
        ]

    def complain(self, name: str, code: str, **params: str) -> None:
        self.problems.append(RequestProblem(f"query:{name}", code, params))

    def country(self) -> str:
        country: str = self.given.get("country", "")
        if not country:
            self.complain("country", "query.required")
        elif not is_country(country):
            self.complain("country", "country.unknown", value=country[:64])
        return country

    def postal_code(self) -> str | None:
        code: str | None = self.given.get("postal_code")
        if code is not None and not re.fullmatch(POSTAL_CODE, code):
            self.complain("postal_code", "place.invalid")
        return code

    def weight(self) -> Decimal:
        text: str | None = self.given.get("weight_kg")
        if text is None:
            self.complain("weight_kg", "query.required")
        elif not re.fullmatch(WEIGHT, text, re.ASCII):
            self.complain("weight_kg", "query.weight")
        else:
            return Decimal(text)
        return Decimal(1)

    def sides(self) -> tuple[Decimal, Decimal, Decimal] | None:
        text: str | None = self.given.get("dimensions_cm")
        if text is None:
            return None
        if not re.fullmatch(DIMENSIONS, text, re.ASCII):
            self.complain("dimensions_cm", "query.dimensions")
            return None
        length, width, height = map(Decimal, text.split("x"))
        return length, width, height

    def day(self) -> date | None:
        try:
            return None if "date" not in self.given else read_day(self.given["date"], "query:date")
        except RequestError as error:
            self.problems += error.problems
            return None
