"""What changed in a catalog: rows that came, went or say something else, and what keeps rows out of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from landed_cost.messages import render
from listings.channels import messages
from listings.channels.port import Finding
from shopkit.models import CatalogChange, CatalogListing
from shopkit.services.catalogs import own
from shopkit.services.problems import RequestProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from listings.channels.port import Record
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Change = tuple[str, str, dict[str, Any]]
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Differs:
    """A row that a run added, removed or changed; ``fields`` have before and after, as short texts."""

    listing_id: str
    row: str
    what: str
    fields: dict[str, tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A listing of which something does not leave, or is to be known: what is said of its rows."""

    listing_id: str
    key: str
    left_out: int
    findings: tuple[Finding, ...]


def changes_of(before: Sequence[Record], after: Sequence[Record], key: str = "id") -> list[Change]:
    """Return how the rows of a listing differ, row by row; ``key`` is the field with a row's id.

    >>> changes_of([{"id": "a", "price": "1.00 USD"}], [{"id": "a", "price": "2.00 USD"}, {"id": "b"}])
    [('changed', 'a', {'price': ['1.00 USD', '2.00 USD']}), ('added', 'b', {})]
    """
    old = {str(one.get(key)): one for one in before}
    new = {str(one.get(key)): one for one in after}
    found: list[Change] = [("removed", name, {}) for name in old if name not in new]
    for name, one in new.items():
        if name not in old:
            found.append(("added", name, {}))
        elif old[name] != one:
            fields = {
                field: [_short(old[name].get(field)), _short(one.get(field))]
                for field in dict.fromkeys((*old[name], *one))
                if old[name].get(field) != one.get(field)
            }
            found.append(("changed", name, fields))
    return found


def changes(
    services: Services, actor: Actor, run_id: str, page: int = 1, size: int = 100
) -> tuple[tuple[Differs, ...], int]:
    """Return what a run changed, a page of it, and how many rows in all; none of another's run."""
    mine = (CatalogChange.run_id == run_id, CatalogChange.seller_id == actor.seller_id)
    with services.database.reading() as session:
        total = session.scalar(select(func.count()).select_from(CatalogChange).where(*mine)) or 0
        query = select(CatalogChange).where(*mine).order_by(CatalogChange.id)
        rows = session.scalars(query.offset((page - 1) * size).limit(size))
        return tuple(
            Differs(one.listing_id, one.row, one.what, {name: (a, b) for name, (a, b) in one.fields.items()})
            for one in rows
        ), total


def left_out(
    services: Services, actor: Actor, feed_id: str, page: int = 1, size: int = 100
) -> tuple[tuple[LeftOut, ...], int]:
    """Return the listings of which rows are left out of a catalog, or of which there is something to know, and why."""
    with services.database.reading() as session:
        own(session, actor, feed_id)
        mine = (CatalogListing.feed_id == feed_id, CatalogListing.left_out > 0)
        total = session.scalar(select(func.count()).select_from(CatalogListing).where(*mine)) or 0
        query = select(CatalogListing).where(*mine).order_by(CatalogListing.listing_id)
        rows = session.scalars(query.offset((page - 1) * size).limit(size))
        return tuple(
            LeftOut(one.listing_id, one.key, one.left_out, tuple(Finding.of(each) for each in one.findings))
            for one in rows
        ), total


def told(finding: Finding, language: str) -> tuple[str, str]:
    """Return what is wrong and what to do, in the engine's or the card's own words where they are the reason."""
    values = dict(finding.values)
    sentences = messages.sentences()[finding.rule]
    what, fix = sentences["what"][language], sentences["fix"][language]
    if "code" in values:
        params = json.loads(values["params"])
        if finding.rule == "no_freight":
            values["reason"], action = RequestProblem("", values["code"], params).message(language), None
        else:
            values["reason"], action = render(values["code"], params, language) if values["code"] else ("…", None)
        fix = action or fix
    return what.format_map(values), fix if "code" in values else fix.format_map(values)


def _short(value: Any) -> str | None:  # noqa: ANN401  # a field of a record
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
