"""What a change of law is as data: the rules of destinations that began, ended or say something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shopkit.services.alerts import View, compared
from shopkit.services.destinations import evidence_json
from shopkit.services.quotes import get_quote
from shopkit.services.rules import changes_since
from shopkit.services.subjects import KeptQuotes

if TYPE_CHECKING:
    from datetime import date

    from shopkit.services.context import Services
    from shopkit.services.rules import Change, Row

Json = dict[str, Any]


def list_changes(services: Services, country: str | None, since: date, until: date | None, language: str) -> Json:
    """Return every change after ``since`` up to ``until`` (today without it), of one destination or of all."""
    rulebook = services.rulebook
    countries = sorted(rulebook.destinations) if country is None else [country]
    last = {one: until or services.today(one) for one in countries}
    return {
        "rulebook": rulebook.version,
        "since": since.isoformat(),
        "until": None if until is None else until.isoformat(),
        "changes": [
            {"country": one} | change_json(change, language)
            for one in countries
            for change in changes_since(rulebook, one, since, last[one])
        ],
    }


def quote_changes(services: Services, quote_id: str, on: date | None) -> Json:
    """Return what a kept quote came to, and what its request comes to by the rules known now, as of its day or ``on``.

    The answer that was kept is taken as it was given, so exchange rates count too: ``rates`` says which they were.
    Raises ``QuoteNotFoundError``, and ``RequestError`` where the request cannot be answered any more.
    """
    kept = get_quote(services, quote_id)
    found = next(KeptQuotes(services).of([quote_id]))
    now = View(services.rulebook, on).price(found, services.today(found.destination))
    return {
        "id": quote_id,
        "country": found.destination,
        "date": str(on or found.on),
        "rates": {"before": kept["versions"]["rates"], "after": now["versions"]["rates"]},
    } | compared(found, kept, now)


def change_json(change: Change, language: str) -> Json:
    """Return one change in the language; ``before`` and ``after`` are null where the rule did not apply."""
    return {
        "id": change.id,
        "kind": change.kind,
        "day": None if change.day is None else change.day.isoformat(),
        "what": change.what[language],
        "before": _said(change.before, language),
        "after": _said(change.after, language),
    }


def _said(row: Row | None, language: str) -> Json | None:
    return None if row is None else {"value": row.value[language]} | evidence_json(row.evidence, language)
