"""What a draft of a file would do in a shop: make a listing, change one, nothing, or be left out with its reasons.

A product is known by its key, else by its SKUs where one listing has them all. The dry run and the import judge alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from listings.formats.merging import finished
from listings.formats.port import Problem
from shopkit.models import StoredListing, StoredVariant
from shopkit.services.listings import all_kept, document_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from listings.formats.port import Blank, Draft
    from listings.model import Listing
    from shopkit.services.actors import Actor

What = Literal["created", "changed", "same", "wrong"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comes of a draft: ``row`` is the listing that it changes, ``listing`` is what it makes."""

    what: What
    draft: Draft
    row: StoredListing | None
    listing: Listing | None
    problems: tuple[Problem, ...]


def judged(session: Session, actor: Actor, drafts: Sequence[Draft], blank: Blank) -> list[Verdict]:
    """Return what each draft would do, in their order; asks three questions of the database for all of them."""
    skus = {sku for draft in drafts for sku in _skus(draft)}
    mine = StoredListing.seller_id == actor.seller_id
    owners = {
        row.sku: row.listing_id
        for row in session.scalars(
            select(StoredVariant).where(StoredVariant.seller_id == actor.seller_id, StoredVariant.sku.in_(skus))
        )
    }
    named = StoredListing.key.in_([draft.key for draft in drafts]) | StoredListing.id.in_(owners.values())
    rows = session.scalars(select(StoredListing).where(mine, named)).all()
    by_key, by_id = {row.key: row for row in rows}, {row.id: row for row in rows}
    kept = {row.id: document_of(one.listing) for row, one in zip(rows, all_kept(session, rows), strict=True)}
    found = []
    for draft in drafts:
        holders = {owners[sku] for sku in _skus(draft) if sku in owners}
        row = by_key.get(draft.key) or (by_id.get(next(iter(holders))) if len(holders) == 1 else None)
        found.append(_verdict(draft, row, kept, owners, blank))
    return found


def _verdict(
    draft: Draft,
    row: StoredListing | None,
    kept: dict[str, dict[str, object]],
    owners: dict[str, str],
    blank: Blank,
) -> Verdict:
    before = None if row is None else kept[row.id]
    listing, problems = finished(draft, before, blank)
    taken = tuple(
        sku_taken(draft, sku) for sku in _skus(draft) if sku in owners and (row is None or owners[sku] != row.id)
    )
    if listing is None or taken:
        return Verdict("wrong", draft, row, None, (*problems, *taken))
    what: What = "created" if before is None else "same" if document_of(listing) == before else "changed"
    return Verdict(what, draft, row, listing, problems)


def sku_taken(draft: Draft, sku: str) -> Problem:
    """Return the problem of a SKU that another listing of the shop has, at its place in the file."""
    row, column = draft.places.get(f"variants/{sku}", (draft.rows[0], None))
    return Problem("sku_taken", row, column, {"sku": sku})


def _skus(draft: Draft) -> list[str]:
    return [one["sku"] for one in draft.said.get("variants") or ()]
