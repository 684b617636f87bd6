"""Goods whose origin nobody gave: they have one origin all the same, and the answer holds all that it may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from landed_cost import Amount, Item, Place, Quote, Shipment, load_rulebook, quote
from landed_cost.countries import COUNTRIES
from landed_cost.quoting import _widest

DAY = date(2026, 9, 30)


def shirt(origin: str | None) -> Item:
    """Return two T-shirts of 25 USD."""
    return Item("1", "T-shirt", Decimal(2), Amount(Decimal(25), "USD"), hs_code="610910", origin=origin)


def to_us(item: Item) -> Quote:
    """Return what they cost in California, by courier from Mexico."""
    freight = Amount(Decimal(12), "USD")
    parcel = Shipment(DAY, Place("MX"), Place("US", "CA"), "courier", "USD", (item,), freight=freight)
    return quote(parcel, load_rulebook())


def test_duties_of_different_origins_are_never_due_together() -> None:
    """The figures are those of the dearest origin, the range holds the cheapest and the dearest, and it is said."""
    # One country stands for all that the law does not name.
    origins = {*load_rulebook().at("US", DAY).origins} & COUNTRIES | {"AD"}
    known = [one for one in (to_us(shirt(origin)) for origin in origins) if one.outcome != "refused"]

    answer = to_us(shirt(None))

    dearest = max(known, key=lambda one: one.totals.import_charges or 0)
    assert (answer.outcome, answer.totals, answer.charges) == ("estimated", dearest.totals, dearest.charges)
    assert answer.ranges["import_charges"] == _widest([one.ranges["import_charges"] for one in known])
    assert answer.ranges["import_charges"][0] < (to_us(shirt("MX")).totals.duties or 0) < (dearest.totals.duties or 0)
    assert (answer.reasons[0].code, answer.reasons[0].level, answer.preferences) == ("origin.absent", "estimated", ())


def test_where_the_origin_changes_nothing_nobody_asks_for_it() -> None:
    """A parcel from China under Brazil's programme pays the same whatever it is made of and where."""
    parcel = Shipment(
        date(2026, 10, 1),
        Place("CN"),
        Place("BR", "SP"),
        "courier",
        "USD",
        (shirt(None),),
        freight=Amount(Decimal(0), "USD"),
        insurance=Amount(Decimal(0), "USD"),
    )

    answer = quote(parcel, load_rulebook())

    named = quote(replace(parcel, items=(shirt("CN"),)), load_rulebook())
    assert (answer.totals, answer.outcome) == (named.totals, named.outcome)
    assert "origin.absent" not in {reason.code for reason in answer.reasons}


def test_an_end_that_is_not_known_stays_open() -> None:
    """Of several ranges the widest is told; one without an end leaves the whole without one."""
    assert (_widest([(1, 4), (3, 9)]), _widest([(1, 4), (3, None)])) == ((1, 9), (1, None))


def test_a_claim_takes_along_the_fee_that_hangs_on_its_duty() -> None:
    """By post the door fee of 9.35 is due where duty is: claiming the origin saves 8.25 + 5.00 and that fee."""
    freight = Amount(Decimal(12), "USD")
    parcel = Shipment(DAY, Place("MX"), Place("US", "CA"), "postal", "USD", (shirt("MX"),), freight=freight)

    answer = quote(parcel, load_rulebook())

    assert [(offer.agreement, offer.saving) for offer in answer.preferences] == [("usmca", 2260)]
