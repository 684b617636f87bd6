"""The guide of a market: how goods get in, what examples cost, when they come, what changed, and who helps.

Everything is read off the same dated rules as the quotes, and the examples are quotes.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from landed_cost.countries import is_country
from landed_cost.delivery import estimate
from landed_cost.model import told
from landed_cost.rulebook.help import helpers
from shopkit.services import rules
from shopkit.services.changes import change_json
from shopkit.services.destinations import evidence_json, get_destination
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.quotes import answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from landed_cost.rulebook.help import Helper
    from shopkit.services.context import Services

Json = dict[str, Any]
LATELY: Final = timedelta(days=180)
SOON: Final = timedelta(days=365)
HOLIDAYS: Final = timedelta(days=60)
WEAK: Final = 12
# Worth of the goods in US dollars, below and above the limits that most countries have.
WORTHS: Final = (20, 100, 500, 2_000)
_EACH: Final = 20
_WAYS: Final = (("courier", None), ("postal", None), ("freight", "air"), ("freight", "sea"), ("freight", "road"))


def get_market(services: Services, country: str, language: str, origin: str | None = None) -> Json:
    """Return the guide of a destination for goods from ``origin`` (ISO code; ``None``: from anywhere).

    Without an origin there are neither examples nor days of delivery, and only the help that serves all. Raises
    ``DestinationNotCoveredError``, and ``RequestError`` for an origin that is no country.
    """
    if origin is not None and not is_country(origin):
        raise RequestError([RequestProblem("query:from", "country.unknown", {"value": origin})])
    found = get_destination(services, country, language)
    on = date.fromisoformat(found["as_of"])
    abroad = origin if origin != country else None
    examples = [] if abroad is None else _examples(services, country, abroad, on, language)
    return found | {
        "from": origin,
        "examples": examples,
        "delivery": [] if abroad is None else list(_deliveries(abroad, country, on)),
        "holidays": _holidays(country, on, language),
        "changed": [
            change_json(one, language) for one in rules.changes_since(services.rulebook, country, on - LATELY, on)
        ],
        "coming": [
            change_json(one, language) for one in rules.changes_since(services.rulebook, country, on, on + SOON)
        ],
        "known": _known(services, country, on, language),
        "help": [_help(one, language) for one in helpers() if one.serves(origin)],
    }


def _examples(services: Services, country: str, origin: str, on: date, language: str) -> list[Json]:
    """Return what cotton T-shirts of 20 USD come to, by worth and way, freight aside."""
    found = []
    for channel, transport in _WAYS[:3]:
        for worth in WORTHS:
            item = {
                "description": "T-shirt",
                "hs_code": "610910",
                "origin": origin,
                "quantity": str(worth // _EACH),
                "unit_price": {"amount": f"{_EACH}.00", "currency": "USD"},
                "weight": {"value": "0.2", "unit": "kg"},
                "attributes": {"fiber": "cotton"},
            }
            request = {
                "date": on.isoformat(),
                "dispatch": {"country": origin},
                "destination": {"country": country},
                "channel": channel,
                "transport": transport,
                "currency": "USD",
                "items": [item],
                "freight": {"amount": "0.00", "currency": "USD"},
                "save": False,
            }
            told = answer(services, request).read(language)
            reasons = told["assessment"]["reasons"]
            outcome = told["assessment"]["outcome"]
            found.append(
                {
                    "channel": channel,
                    "transport": transport,
                    "worth": f"{worth}.00",
                    "currency": "USD",
                    "outcome": outcome,
                    "regime": told["regime"],
                    "import_charges": told["totals"]["import_charges"],
                    "range": told["range"].get("import_charges"),
                    "why": next((one["message"] for one in reasons if one["level"] == outcome), None),
                    "ways": [one["regime"] for one in told["options"]],
                }
            )
    return found


def _deliveries(origin: str, country: str, on: date) -> Iterator[Json]:
    for channel, transport in _WAYS:
        found = estimate(on, origin, country, None, channel, transport)
        if found is not None:
            yield {
                "channel": channel,
                "transport": transport,
                "days": {"min": (found.earliest - on).days, "max": (found.latest - on).days},
                "earliest": found.earliest.isoformat(),
                "latest": found.latest.isoformat(),
                "tracked": found.tracked,
            }


def _holidays(country: str, on: date, language: str) -> list[Json]:
    """Return the public holidays of the next sixty days, in the reader's language where their names are known in it."""
    # Takes a tenth of a second to import.
    import holidays  # noqa: PLC0415

    if country not in holidays.list_supported_countries(include_aliases=False):
        return []
    calendar = holidays.country_holidays(country)
    spoken = next((tag for tag in calendar.supported_languages if tag.startswith(language)), calendar.default_language)
    last = on + HOLIDAYS
    found = holidays.country_holidays(country, years=range(on.year, last.year + 1), language=spoken)
    return [{"date": day.isoformat(), "name": found[day]} for day in sorted(found) if on <= day <= last]


def _known(services: Services, country: str, on: date, language: str) -> Json:
    """Return how well the rules in force are known, and what would better those that are known least."""
    found = rules.audit_of(services.rulebook, country, on)
    return {
        "rules": found.rules,
        "by_status": found.by_status,
        "oldest": None if found.oldest is None else found.oldest.isoformat(),
        "weak": [
            {"id": row.id, "what": row.evidence.what[language], "raises": raises[language]}
            | evidence_json(row.evidence, language)
            for row, raises in found.weak[:WEAK]
        ],
        "weak_count": len(found.weak),
    }


def _help(helper: Helper, language: str) -> Json:
    return {
        "id": helper.id,
        "kind": helper.kind,
        "countries": sorted(helper.countries),
        "name": helper.name,
        "url": helper.url,
        "text": helper.text[language],
        "note": None if helper.evidence.note is None else told(helper.evidence.note, language),
    } | evidence_json(helper.evidence, language)
