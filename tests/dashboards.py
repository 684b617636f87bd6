"""A demonstration shop with a past: products, sales in five markets, a goal, a trial, some answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from listings.model import Listing
from shopkit.services import companies, demo, goals, listings, plans, sales

if TYPE_CHECKING:
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

PRODUCTS: Final = (
    ("taza", "Taza grabada con el nombre de quien la recibe", "691200", "0.4"),
    ("tabla", "Tabla de cocina de encino", "441911", "0.9"),
    ("llavero", "Llavero de latón", "830820", None),
)
# Market, days between orders, days since the last one, how many.
ORDERS: Final = (("MX", 6, 3, 12), ("US", 11, 14, 6), ("CL", 15, 52, 5), ("CO", 20, 30, 2), ("ES", 9, 21, 5))


def furnish(services: Services) -> Actor:
    """Make the demonstration's shops, give the first a past, and return who acts for it."""
    demo.make_demo(services)
    who = companies.command_actor(services, demo.SLUG)
    today = services.today("MX")
    for key, title, code, weight in PRODUCTS:
        given: dict[str, Any] = {
            "key": key,
            "title": title,
            "hs_code": code,
            "origin": "MX",
            "price": {"price": {"amount": "480", "currency": "MXN"}, "cost": {"amount": "160", "currency": "MXN"}},
        }
        if weight is not None:
            given["weight"] = {"value": weight, "unit": "kg"}
        listings.create_listing(services, who, Listing.model_validate(given))
    listings.create_listing(services, who, Listing(key="taller", title="Taller en línea", kind="service"))
    rows = ["order,market,listing,date,quantity,value,currency"]
    for market, pause, last, count in ORDERS:
        for number in range(count):
            day = today - timedelta(days=last + pause * number)
            rows.append(f"{market}-{number},{market},{PRODUCTS[number % 2][0]},{day},1,480.00,MXN")
    sales.import_sales(services, who, "\n".join(rows), "ventas.csv")
    plans.choose_markets(services, who, ["US", "CL", "BR", "CO"])
    goals.create_goal(services, who, asked("goal", "US", today), today)
    trial = goals.create_goal(services, who, asked("trial", "CL", today), today)
    goals.spend(services, who, trial.id, 64_050)
    plans.answer_questions(services, who, {"product.proven": "yes", "costs.known": "partly", "papers.origin": "no"})
    return who


def asked(kind: str, market: str, today: date) -> goals.Asked:
    """Return a goal or trial of 10,000.00 MXN over four months of which three are gone."""
    return goals.Asked(kind, market, 1_000_000, "MXN", today - timedelta(days=90), today + timedelta(days=30))
