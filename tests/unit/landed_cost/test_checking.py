"""What is wrong in a shipment is named where it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from landed_cost import Place, Shipment, ShipmentError, load_rulebook, quote, quote_many
from landed_cost.checking import Problem, unread_attributes
from landed_cost.rulebook.attributes import attributes
from tests.unit.landed_cost.qz import ask, item, shipment


def shirts_to_california(origin: str | None = "MX", **more: Any) -> Shipment:
    """Return Mexican T-shirts by courier from Mexico, or what ``more`` makes of the parcel."""
    plain = {
        "date": date(2026, 11, 23),
        "dispatch": Place("MX"),
        "destination": Place("US", "CA"),
        "channel": "courier",
        "transport": None,
    }
    return shipment(item(origin=origin), **(plain | more))


def test_attributes_and_their_answers_come_from_the_vocabulary() -> None:
    """A name that is not in it lists all names, an answer that is none of the name's lists its answers."""
    found = list(unread_attributes("/items/0", {"alcohol": "yes", "fibre": "cotton", "battery": "perhaps"}))

    assert found == [
        Problem("/items/0/attributes/fibre", "attribute.unknown", {"known": ", ".join(sorted(attributes()))}),
        Problem("/items/0/attributes/battery", "attribute.value", {"known": ", ".join(attributes()["battery"].values)}),
    ]


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        (shirts_to_california("mx"), Problem("/items/0/origin", "country.invalid", {"value": "mx"})),
        (shirts_to_california("Mexico"), Problem("/items/0/origin", "country.invalid", {"value": "Mexico"})),
        (shirts_to_california(""), Problem("/items/0/origin", "country.invalid", {"value": ""})),
        (shirts_to_california("UK"), Problem("/items/0/origin", "country.unknown", {"value": "UK"})),
        (
            shirts_to_california(None, dispatch=Place("Mx")),
            Problem("/dispatch/country", "country.invalid", {"value": "Mx"}),
        ),
        (
            shirts_to_california(destination=Place("ÚS")),
            Problem("/destination/country", "country.invalid", {"value": "ÚS"}),
        ),
    ],
)
def test_a_code_that_names_no_country_is_wrong(sent: Shipment, wrong: Problem) -> None:
    """It is not taken for a country that no duty names, which would be cheaper: one by one and in columns alike."""
    with pytest.raises(ShipmentError) as raised:
        quote(sent, load_rulebook())

    assert raised.value.problems == (wrong,)
    assert quote_many([sent], load_rulebook()).row(0)["reasons"] == (wrong.code,)


def test_a_made_up_country_speaks_of_others() -> None:
    """Law for trying things out may name countries that no list has, but not write them in small letters."""
    with pytest.raises(ShipmentError) as raised:
        ask(item(origin="aa"))

    assert [one.code for one in raised.value.problems] == ["country.invalid"]
    assert ask(item(origin="AA")).outcome == "complete"


def test_a_parcel_of_nothing_is_wrong() -> None:
    """Without goods there is nothing to answer, one by one and in columns alike."""
    empty = replace(shirts_to_california(), items=())

    with pytest.raises(ShipmentError) as raised:
        quote(empty, load_rulebook())

    assert raised.value.problems == (Problem("/items", "count.too_few", {"limit": "1"}),)
    assert quote_many([empty], load_rulebook()).row(0)["reasons"] == ("count.too_few",)
