"""One kept quote, made again on five days of American law: each time the layers of that day, worked by hand.

Goods of Mexico, general duty 16.5 %, by courier. Free up to 800 USD until 2025-08-28. Emergency duty on Mexico (IEEPA)
25 % from 2025-03-04 to 2026-02-23; Section 122, 10 %, from 2026-02-24 to 2026-07-23; Section 301 (forced labour), 10 %,
from 2026-07-24. The fee of express carriers is 1.31 to 2025-09-30, then 1.34.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.shop import shirt, shirts

if TYPE_CHECKING:
    from flask.testing import FlaskClient

QUOTES = "/api/v1/quotes"
MFN = "us.band.610910"
IEEPA, S122, S301, FEE = "us.ieepa.country.mx", "us.s122", "us.s301fl.mx", "us.mpf.express"
# 50.00 × 16.5 % = 8.25; × 25 % = 12.50; × 10 % = 5.00. 1000.00 × 16.5 % = 165.00; × 25 % = 250.00; × 10 % = 100.00.
LAYERS = [
    ("2", "2025-04-01", {}, "0.00"),
    ("2", "2025-08-29", {MFN: "8.25", IEEPA: "12.50", FEE: "1.31"}, "22.06"),
    ("2", "2025-10-01", {MFN: "8.25", IEEPA: "12.50", FEE: "1.34"}, "22.09"),
    ("2", "2026-03-01", {MFN: "8.25", S122: "5.00", FEE: "1.34"}, "14.59"),
    ("2", "2026-08-01", {MFN: "8.25", S301: "5.00", FEE: "1.34"}, "14.59"),
    ("40", "2025-04-01", {MFN: "165.00", IEEPA: "250.00", FEE: "1.31"}, "416.31"),
    ("40", "2026-08-01", {MFN: "165.00", S301: "100.00", FEE: "1.34"}, "266.34"),
]


@pytest.mark.parametrize(("quantity", "day", "layers", "charges"), LAYERS)
def test_the_layers_of_the_day(
    client: FlaskClient, quantity: str, day: str, layers: dict[str, str], charges: str
) -> None:
    """A requote as of a day has the charges of that day's law, each by its own rule, and adds up to them."""
    parcel = {"gross_weight": {"value": "10", "unit": "kg"}}
    kept = client.post(QUOTES, json=shirts(save=True, items=[shirt(quantity=quantity)], parcel=parcel)).get_json()
    again = client.post(f"{QUOTES}/{kept['id']}/requote?date={day}").get_json()

    due = {one["rule"]["id"]: one["amount"] for one in again["charges"] if one["amount"] != "0.00"}
    assert (again["date"], due, again["totals"]["import_charges"]) == (day, layers, charges)


@pytest.mark.parametrize(
    ("day", "charges"),
    # Left on 2026-07-20: entered on 2026-07-23 under Section 122; on 2026-07-25 under Section 301, unless in transit;
    # what enters on 2026-04-01 cannot have left in July, and pays Section 122 like the first.
    [("2026-07-20", "14.59"), ("2026-04-01", "14.59"), ("2026-08-01", "14.59")],
)
def test_a_requote_before_the_parcel_left(client: FlaskClient, day: str, charges: str) -> None:
    """As of a day before the parcel left, and after it, a kept request is answered all the same."""
    kept = client.post(QUOTES, json=shirts(save=True, date="2026-07-22", exported_on="2026-07-20")).get_json()
    again = client.post(f"{QUOTES}/{kept['id']}/requote?date={day}")

    assert (again.status_code, again.get_json()["date"], again.get_json()["totals"]["import_charges"]) == (
        201,
        day,
        charges,
    )


def test_a_quote_of_days_to_come_is_asked_of_today(client: FlaskClient) -> None:
    """A requote without a day is of today, and a parcel that is to leave later does not stand in its way."""
    kept = client.post(QUOTES, json=shirts(save=True, date="2026-12-20", exported_on="2026-12-10")).get_json()
    again = client.post(f"{QUOTES}/{kept['id']}/requote")

    assert (again.status_code, again.get_json()["date"]) == (201, "2026-11-23")
