"""Route of freight: what the rate cards of the key's seller, without one the illustrative one, ask for a parcel."""

from __future__ import annotations

import re
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from landed_cost.countries import is_country
from landed_cost.freight import FreightBasis, Parcel
from landed_cost.model import Place
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, seller_id, send, services
from shopkit.api.language import language
from shopkit.api.queries import Query
from shopkit.services import freight
from shopkit.services.keeping import Reply
from shopkit.services.problems import sentence
from shopkit.services.schemas import POSTAL_CODE

if TYPE_CHECKING:
    from flask import Response

WEIGHT: Final = r"^([1-9][0-9]{0,4}(\.[0-9]{1,3})?|0\.([1-9][0-9]{0,2}|0[1-9][0-9]?|00[1-9]))$"
DIMENSIONS: Final = r"^[1-9][0-9]{0,2}(\.[0-9])?(x[1-9][0-9]{0,2}(\.[0-9])?){2}$"


@bp.get("/api/v1/freight")
def read_freight() -> Response:
    """List what each service of the rate cards asks for a parcel, or what is against it."""
    asked = _Asked()
    spoken = language()
    country = asked.country()
    place = Place(country, None, asked.postal_code())
    parcel = Parcel(asked.weight(), asked.sides())
    on = asked.day("date") or services().today(country)
    card = asked.card()
    asked.done()
    found = [
        {
            "card": tariff.name,
            "service": service,
            "channel": channel,
            "illustrative": tariff.is_illustrative,
            "basis": told.to_dict() if isinstance(told, FreightBasis) else None,
            "problems": []
            if isinstance(told, FreightBasis)
            else [sentence(code, params, spoken) for _, code, params in told.problems],
        }
        for tariff, service, channel, told in freight.offers(services(), seller_id(), parcel, place, on, card)
    ]
    return send(Reply(HTTPStatus.OK, dump({"results": found}), spoken))


class _Asked(Query):
    """The query of freight, field by field."""

    def __init__(self) -> None:
        super().__init__("country", "postal_code", "weight_kg", "dimensions_cm", "date", "card")

    def country(self) -> str:
        country = self.need("country", "country=US").upper()
        if country and not is_country(country):
            self.complain("country", "country.unknown", value=country[:64])
        return country

    def postal_code(self) -> str | None:
        code = self.text("postal_code")
        if code is not None and not re.fullmatch(POSTAL_CODE, code):
            self.complain("postal_code", "place.invalid")
        return code

    def weight(self) -> Decimal:
        text = self.need("weight_kg", "weight_kg=0.5")
        if not text:
            return Decimal(1)
        if not re.fullmatch(WEIGHT, text, re.ASCII):
            self.complain("weight_kg", "query.weight")
            return Decimal(1)
        return Decimal(text)

    def sides(self) -> tuple[Decimal, Decimal, Decimal] | None:
        text = self.text("dimensions_cm")
        if text is None:
            return None
        if not re.fullmatch(DIMENSIONS, text, re.ASCII):
            self.complain("dimensions_cm", "query.dimensions")
            return None
        length, width, height = map(Decimal, text.split("x"))
        return length, width, height

    def card(self) -> str | None:
        card = self.text("card")
        if card is not None:
            known = [one.card.name for one in freight.cards(services(), seller_id())]
            if card not in known:
                self.complain("card", "freight.no_card", known=", ".join(known))
        return card
