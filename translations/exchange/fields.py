"""A unit of a memory as a row of texts, and back: what every format carries in its own way."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from translations.exchange.errors import ExchangeError
from translations.memory import STATUSES, Context, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTEXT: Final = ("field", "category", "market", "previous", "following")
NAMES: Final = (
    "id",
    "source",
    "target",
    "source_locale",
    "target_locale",
    *CONTEXT,
    "status",
    "origin",
    "written",
    "note",
)


def values(unit: Unit) -> dict[str, str]:
    """Return what a unit says, by name; what is empty is left out, but for its id: an empty one is told from none."""
    context = {name: getattr(unit.context, name) for name in CONTEXT}
    row = {
        "id": unit.id,
        "source": unit.source,
        "target": unit.target,
        "source_locale": unit.source_locale,
        "target_locale": unit.target_locale,
        **context,
        "status": unit.status,
        "origin": unit.origin,
        "written": unit.written.isoformat() if unit.written else "",
        "note": unit.note,
    }
    return {name: value for name, value in row.items() if value or name == "id"}


def unit(row: Mapping[str, str]) -> Unit:
    """Return the unit that a row tells of; unknown names are looked over.

    Raises ExchangeError for a status that does not exist, a date without a zone, or a text that is missing.
    """
    name = row.get("id", "")
    where = f"unit {name}" if name else ""
    said = row.get("status", "") or "draft"
    status = next((known for known in STATUSES if known == said), None)
    if status is None:
        raise ExchangeError("content", where, f"{said!r} is no status; known: {', '.join(STATUSES)}")
    written = row.get("written", "")
    try:
        return Unit(
            name,
            row.get("source", ""),
            row.get("target", ""),
            row.get("source_locale", ""),
            row.get("target_locale", ""),
            Context(*(row.get(key, "") for key in CONTEXT)),
            status,
            row.get("origin", ""),
            datetime.fromisoformat(written) if written else None,
            row.get("note", ""),
        )
    except ValueError as error:
        raise ExchangeError("content", where, str(error)) from error
