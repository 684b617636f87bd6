"""What is worth knowing beside the charges, and never added to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from landed_cost.delivery import Handling, Order
from landed_cost.model import Amount, Place, Reason, ShelfLife
from landed_cost.money import Money
from landed_cost.quoting import quote
from landed_cost.rulebook import load_rulebook
from landed_cost.serialise import localise, to_dict
from tests.unit.landed_cost.qz import RATES, ask, item, shipment, usd


def codes(answer: dict[str, Any]) -> list[str]:
    """Return the codes of the advisories of an answer as it is written out."""
    return [one["code"] for one in answer["advisories"]]


def test_waiting_is_priced_apart() -> None:
    """A day on the way weighs 0.6 to 2.3 % of the goods: shown with its amount, and in no sum.

    The fewest days at 0.6 % of 100.00, the most at 2.3 %.
    """
    answer = ask(item(price="100"))
    assert answer.delivery is not None
    least, most = answer.delivery.transit_days

    found = to_dict(answer)["advisories"][-1]

    assert found["code"] == "time.cost"
    assert found["params"]["low"] == f"{Money(60 * least, 'USD')}"
    assert found["amount"] == {"amount": Money(230 * most, "USD").text, "currency": "USD"}
    assert answer.totals.landed == 10000 + (answer.totals.import_charges or 0)


@pytest.mark.parametrize(("freight", "is_heavy"), [("24.99", False), ("25.00", True)])
def test_weight_for_value(freight: str, *, is_heavy: bool) -> None:
    """From a quarter of the goods on, freight is said to follow weight for value and not nearness."""
    found = to_dict(ask(freight=usd(freight)))

    assert ("freight.heavy" in codes(found)) is is_heavy


def test_goods_worth_nothing() -> None:
    """Of goods without a price no share is reckoned."""
    sample = item(unit_price=usd("0"), declared_value=usd("10"))

    assert codes(to_dict(ask(sample, freight=usd("5")))) == ["terms.delivered"]


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ("EXW", "terms.buyer_collects"),
        ("FCA", "terms.to_carrier"),
        ("FOB", "terms.on_board"),
        ("CPT", "terms.carriage_paid"),
        ("CFR", "terms.carriage_paid"),
        ("CIP", "terms.carriage_insured"),
        ("CIF", "terms.carriage_insured"),
        ("DPU", "terms.delivered"),
        ("DAP", "terms.delivered"),
    ],
)
def test_who_pays_the_way_to_the_port(terms: str, code: str) -> None:
    """Each term of cargo says who pays the way to the port or airport, and up to where."""
    (found,) = ask(terms=terms, place="Veracruz").advisories

    assert (found.code, found.params) == (code, {"terms": terms, "place": "Veracruz"})


def test_no_insurance_at_sea() -> None:
    """Without insurance the custom of 110 % is told with its sum, and at sea general average: (100 + 20) × 110 %."""
    found = ask(transport="sea", insurance=None, freight=usd("20")).advisories

    assert [one.code for one in found] == ["terms.delivered", "insurance.convention", "insurance.general_average"]
    assert found[1].amount == Money(13200, "USD")


def test_freight_that_is_not_known() -> None:
    """Without freight the goods alone are insured, and nothing is said of its share."""
    answer = ask(insurance=None, freight=None)

    assert answer.advisories[1].amount == Money(11000, "USD")
    assert "freight.heavy" not in codes(to_dict(answer))


def test_parcels_have_no_terms_of_cargo() -> None:
    """Of a parcel nothing of the kind is said."""
    assert ask(channel="courier", transport=None).advisories == ()


def shelf(answer: Any) -> list[Reason]:
    """Return what an answer says of shelf life."""
    return [one for one in answer.reasons if one.code.startswith("shelf_life.")]


def test_enough_shelf_life() -> None:
    """Goods that keep long enough are not talked about."""
    assert shelf(ask(item(shelf_life=ShelfLife(400, 300)))) == []


def test_shelf_life_counts_from_the_day_they_are_ready_to_the_latest_delivery() -> None:
    """What is left at the latest delivery is life less the days until then; exactly enough is enough."""
    latest = ask().delivery
    assert latest is not None
    days = (latest.latest - date(2026, 5, 20)).days

    (short,) = shelf(ask(item(shelf_life=ShelfLife(days + 9, 10))))
    (spoiled,) = shelf(ask(item(shelf_life=ShelfLife(days, 10))))

    assert shelf(ask(item(shelf_life=ShelfLife(days + 10, 10)))) == []
    assert short == Reason(
        "shelf_life.short", "info", {"left": "9", "needed": "10", "latest": latest.latest.isoformat()}, "1"
    )
    assert (spoiled.code, spoiled.params["left"]) == ("shelf_life.spoiled", "0")


def test_shelf_life_from_the_day_of_the_order() -> None:
    """Goods made to order count from the day the order counts for."""
    order = Handling(order=Order(datetime(2026, 5, 20, 9, 0)))  # noqa: DTZ001 - by the seller's clock
    plain = ask(item(shelf_life=ShelfLife(5, 5)))

    assert shelf(ask(item(shelf_life=ShelfLife(5, 5)), ready_on=date(2026, 1, 2), handling=order)) == shelf(plain)


def test_shelf_life_where_no_date_is_known() -> None:
    """Where no road leads there are no dates, so nothing can be checked, and that is said; no waiting is priced."""
    answer = ask(item(shelf_life=ShelfLife(5, 5)), transport="road")

    assert shelf(answer) == [Reason("shelf_life.no_dates", "info", {}, "1")]
    assert codes(to_dict(answer)) == ["terms.delivered"]


def mexican(on: date, **more: Any) -> Any:
    """Quote T-shirts by post from Mexico to California."""
    shirts = replace(item(price="50"), hs_code="6109100012", origin="MX", attributes={"in_transit": "no"})
    sent = shipment(
        shirts, date=on, dispatch=Place("MX"), destination=Place("US", "CA"), channel="postal", transport=None, **more
    )
    return quote(sent, load_rulebook().with_rates(RATES))


def test_closed_lane_refuses_with_its_source() -> None:
    """A post that takes no goods refuses the answer: the goods stay, the source is named, the law is not blamed."""
    answer = mexican(date(2025, 9, 15))
    read = localise(to_dict(answer), "es")

    assert (answer.outcome, answer.totals.goods, answer.totals.landed) == ("refused", 5000, None)
    assert read["assessment"]["reasons"][0]["message"].startswith("Esta vía está cerrada ese día: Correos de México")
    (closed,) = [one for one in read["restrictions"] if one["id"] == "lane.mx_us_postal_2025"]
    assert (closed["severity"], closed["until"], closed["rule"]["from"]) == ("prohibits", None, "2025-08-27")
    assert closed["sources"][0]["url"].startswith("https://www.unotv.com/")


def test_doubtful_lane_estimates() -> None:
    """A lane of which no opening is known is a doubt later on: the figures stand and are an estimate."""
    answer = mexican(date(2026, 3, 1))

    assert (answer.outcome, answer.totals.import_charges) == ("estimated", 500)
    assert [one.code for one in answer.reasons if one.rule == "lane.mx_us_postal_2025"] == ["lane.unsure"]


def test_day_of_the_hand_over_decides() -> None:
    """What left before the closing is not stopped by it."""
    assert mexican(date(2025, 9, 1), exported_on=date(2025, 8, 26)).outcome != "refused"
    assert mexican(date(2025, 9, 1), ready_on=date(2025, 8, 27)).outcome == "refused"


def test_amounts_are_of_the_currency_of_the_answer() -> None:
    """The sum to insure is told in the currency of the answer."""
    found = ask(insurance=None, currency="MXN", freight=Amount(Decimal(0), "USD")).advisories[1]

    assert found.amount == Money(220000, "MXN")
