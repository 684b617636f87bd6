"""The pages of the markets: which destinations are covered, and the guide of each from the rules of the day."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import abort, render_template, request

from landed_cost.countries import is_country
from shopkit.services import destinations, rules
from shopkit.services.markets import get_market
from shopkit.web import choices
from shopkit.web.answers import OUTCOMES, STATUSES, TRACKED
from shopkit.web.blueprint import bp
from shopkit.web.language import N_, speech
from shopkit.web.views import home, services

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

Json = dict[str, Any]
CHANNELS: Final = {"courier": N_("Courier"), "postal": N_("Post"), "freight": N_("Cargo")}
TRANSPORTS: Final = {"air": N_("by air"), "sea": N_("by sea"), "road": N_("by road")}
LEVELS: Final = {
    "law": N_("What the law asks for"),
    "trade": N_("What buyers and shops ask for in fact"),
    "signal": N_("What speaks for your quality"),
}
SEVERITIES: Final = {"prohibits": N_("Forbidden"), "requires": N_("Needed"), "advises": N_("Advice")}
BY: Final = {
    "schedule": N_("by the tariff line"),
    "origin": N_("by origin"),
    "region": N_("by state"),
    "key": N_("by list"),
}


@bp.get("/markets")
def markets() -> ResponseReturnValue:
    """Show the covered destinations, and how well each is known."""
    here, to = services(), speech()
    rows = [
        (code, name, here.rulebook.destinations[code], rules.audit_of(here.rulebook, code, here.today(code)))
        for code, name in choices.destinations(here.rulebook, to)
    ]
    return render_template("web/markets.html", rows=rows, origin=_origin(), countries=choices.countries(to))


@bp.get("/markets/<country>")
def market(country: str) -> ResponseReturnValue:
    """Show the guide of one market, for goods from the country in ``?from=``."""
    here, to = services(), speech()
    try:
        guide = get_market(here, country.upper(), to.language, _origin())
    except destinations.DestinationNotCoveredError:
        abort(HTTPStatus.NOT_FOUND)
    seen = {way for one in guide["examples"] for way in one["ways"]}
    origin = guide["from"]
    return render_template(
        "web/market.html",
        guide=guide,
        origin=origin,
        origin_name=None if origin is None else choices.country_name(origin, to),
        countries=choices.countries(to),
        # Ways that no example found open are those of other days, or of goods that the examples are not.
        ways=[_once(one) for one in guide["regimes"] if one["id"] in seen or not seen],
        agreements=[one for one in guide["agreements"] if origin is None or origin in one["members"]],
        papers=[(title, _by_severity(guide, level)) for level, title in LEVELS.items()],
        channels=CHANNELS,
        transports=TRANSPORTS,
        tracked=TRACKED,
        severities=SEVERITIES,
        statuses=STATUSES,
        outcomes=OUTCOMES,
        by=BY,
    )


def _once(regime: Json) -> Json:
    """Return a way in with each charge once: a charge has several rows where its rate hangs on conditions."""
    charges = {(one["name"], one["figure"], one["by"]): one for one in regime["charges"]}
    return regime | {"charges": list(charges.values())}


def _by_severity(guide: Json, level: str) -> list[Json]:
    order = list(SEVERITIES)
    found = [one for one in guide["restrictions"] if one["level"] == level]
    return sorted(found, key=lambda one: order.index(one["severity"]))


def _origin() -> str | None:
    """Return the country asked for, else the one the reader's browser names; what is no country counts as none."""
    asked = request.args.get("from")
    if asked is None:
        return home()
    return asked if is_country(asked) else None
