"""Ways side by side: kinds of services, limits and by how much they are passed, how a way stands, and the order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from landed_cost.freight import FreightError, Parcel, load_card, price
from landed_cost.model import Place
from landed_cost.money import Money
from landed_cost.rulebook.reader import RulebookError, read_text
from shopkit.sending.kinds import form_of, kind_of, prefix_of, read_kinds
from shopkit.sending.telling import Said
from shopkit.sending.ways import (
    Against,
    Offer,
    Way,
    against,
    cost_of,
    ordered,
    standing_of,
    without_price,
)

CARD = load_card(
    "service,channel,zone,countries,up_to_kg,price,currency,min_days,max_days,divisor,max_kg,max_length_cm,max_girth_cm\n"
    "ems,postal,us,US,30,40.00,USD,3,8,,30,105,300\n",
    "correo",
)


@pytest.mark.parametrize(
    ("channel", "name", "kind", "prefix", "form"),
    [
        ("postal", "EMS", "ems", "E", "ems"),
        ("postal", "Pequeño paquete CERTIFICADO", "registered", "R", "letter"),
        ("postal", "pequeño paquete", "untracked_letter", "U", "letter"),
        ("postal", "Encomienda internacional", "parcel", "C", "parcel"),
        ("postal", "packet", "untracked_letter", "U", "letter"),
        ("postal", "Mediapacket", None, None, None),
        ("courier", "EMS", "courier", None, "courier"),
        ("freight", "air", "freight", None, None),
    ],
)
def test_a_service_is_of_the_kind_that_its_name_says(
    channel: str, name: str, kind: str | None, prefix: str | None, form: str | None
) -> None:
    """By whole words, without accents; a name without one of them is of no known kind."""
    found = kind_of(channel, name)

    assert (found, prefix_of(found), form_of(found)) == (kind, prefix, form)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "as_of: 2026-11-28\nkinds:\n- {id: a, prefix: A, form: box, words: [a]}\n",
            "kinds.yaml:3: 'box' is not one of",
        ),
        (
            "as_of: 2026-11-28\nkinds:\n- &a {id: a, prefix: A, form: ems, words: [a]}\n- *a\n",
            "kinds.yaml:3: an anchor",
        ),
        (
            (
                "as_of: 2026-11-28\nkinds:\n- {id: a, prefix: A, form: ems, words: [a]}\n"
                "- {id: a, prefix: B, form: ems, words: [b]}\n"
            ),
            "kinds.yaml:4: kind a stands twice",
        ),
    ],
)
def test_a_wrong_table_of_kinds_is_told_with_its_line(text: str, told: str) -> None:
    """Nothing is guessed of a file that is not right."""
    with pytest.raises(RulebookError, match=told):
        read_kinds(read_text(text, "kinds.yaml"))


@pytest.mark.parametrize(
    ("kg", "sides", "told"),
    [
        ("30", (105, 48, 49), []),
        ("30.001", (105, 48, 49), [("weight", "0.001", "kg")]),
        ("30.001", (106, 49, 49), [("weight", "0.001", "kg"), ("dimensions", "1", "cm"), ("dimensions", "2", "cm")]),
    ],
)
def test_a_service_says_by_how_much_a_limit_is_passed(
    kg: str, sides: tuple[int, int, int], told: list[tuple[str, str, str]]
) -> None:
    """At the limit it takes the parcel; beyond, each limit is told: weight, length, and girth (106 + 2 x 98 = 302)."""
    length, width, height = map(Decimal, sides)
    try:
        price(CARD, "ems", Parcel(Decimal(kg), (length, width, height)), Place("US"), date(2026, 11, 28))
        found: list[Against] = []
    except FreightError as error:
        found = list(against(error))

    assert [(one.about, str(one.over), one.unit) for one in found if one.over is not None] == told


def test_a_service_that_only_asks_for_more_is_not_known() -> None:
    """What misses a measure may take the parcel; what has no price for the country does not."""
    missing, none = (Against("x", Said(code)) for code in ("freight.dimensions_needed", "freight.no_zone"))

    assert without_price([missing]) == "unknown"
    assert without_price([missing, none]) == "not_taken"


def quoted(landed: str | None, outcome: str = "complete", **more: Any) -> dict[str, Any]:
    """Return as much of a quote as is looked at."""
    plain: dict[str, Any] = {
        "currency": "USD",
        "totals": {"goods": "50.00", "freight": "10.00", "landed": landed},
        "assessment": {"outcome": outcome, "reasons": [{"code": code} for code in more.pop("reasons", ())]},
        "restrictions": [],
        "delivery": {"likely": "2026-12-01"},
    }
    return plain | more


@pytest.mark.parametrize(
    ("quote", "standing"),
    [
        (quoted("70.00"), "open"),
        (quoted("70.00", "estimated", reasons=["freight.illustrative"]), "open"),
        (quoted("70.00", "estimated", reasons=["lane.unsure"]), "unsure"),
        (quoted("70.00", "estimated", reasons=["lane.narrowed"]), "unsure"),
        (quoted(None, "refused", reasons=["lane.closed"]), "refused"),
        (quoted("70.00", restrictions=[{"severity": "prohibits", "certain": True}]), "refused"),
        (quoted("70.00", restrictions=[{"severity": "prohibits", "certain": False}]), "open"),
        (quoted("70.00", restrictions=[{"severity": "requires", "certain": True}]), "open"),
    ],
)
def test_a_way_stands_as_its_quote_says(quote: dict[str, Any], standing: str) -> None:
    """A ban that is certain is no way; one that hangs on an answer, and a paper that is asked, leave it open."""
    assert standing_of(quote) == standing


def test_what_sending_costs_is_all_but_the_goods() -> None:
    """Freight, insurance and charges of import; without the freight or the total it is not known."""
    found = cost_of(quoted("76.63", range={"landed": {"low": "70.00", "high": "80.00"}}))

    assert found is not None
    assert [str(one) for one in (found.total, found.low, found.high)] == ["26.63 USD", "20.00 USD", "30.00 USD"]
    assert cost_of(quoted(None)) is None
    assert cost_of(quoted("60.00", totals={"goods": "50.00", "freight": None, "landed": "60.00"})) is None


def way(name: str, landed: str, standing: Any = "open", likely: str = "2026-12-01") -> Way:
    """Return a way of so much at the door."""
    quote = quoted(landed, delivery={"likely": likely})
    return Way(Offer("card:c", name, "postal", None, Money(0, "USD")), standing, quote, None, cost_of(quote))


def test_the_cheapest_lawful_way_stands_first() -> None:
    """Then the sooner; what may be closed after all that are open, then what is not known, refused or not taken."""
    ways = [
        way("cheap-not-taken", "51.00", "not_taken"),
        way("cheap-refused", "51.00", "refused"),
        way("cheap-unsure", "51.00", "unsure"),
        way("cheap-unknown", "51.00", "unknown"),
        way("dear", "90.00"),
        way("later", "80.00", likely="2026-12-09"),
        way("sooner", "80.00", likely="2026-12-02"),
    ]
    names = ["sooner", "later", "dear", "cheap-unsure", "cheap-unknown", "cheap-refused", "cheap-not-taken"]

    assert [one.offer.service for one in ordered(ways)] == names
    assert [one.offer.service for one in ordered(reversed(ways))] == names
