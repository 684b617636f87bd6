"""What a seller sold: past sales brought in a file, and the one door by which everything else asks for sales.

Until orders are kept here, what was sold elsewhere is read from a CSV: strictly, whole or not at all, and the same file
again changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select, update

from landed_cost import cells
from landed_cost.cells import TableReader
from landed_cost.countries import is_country
from landed_cost.currencies import exponent, is_known
from landed_cost.money import to_minor
from landed_cost.rates import UnknownCurrencyError
from listings.sales import Sale
from shopkit.models import PastSale, SaleImport, Seller, StoredListing, StoredVariant
from shopkit.services import audit
from shopkit.services.problems import nearest
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date, datetime
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from landed_cost.rates import RateTable
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Row = dict[str, Any]
_REFERENCE: Final = re.compile(r"[^\x00-\x1f\x7f]{1,64}")
_MARKET: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_MOST_PIECES: Final = 999_999


class ImportNotFoundError(LookupError):
    """There is no such import of sales, it was undone, or it is another seller's."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: the import's id (``None``: nothing was new, or nothing was to be kept) and its lines."""

    id: str | None
    new: int
    same: int
    orders: int


@dataclass(frozen=True, slots=True)
class Told:
    """Sales in one currency, and how they came to be: converted at rates of these days, left out for want of one."""

    sales: tuple[Sale, ...]
    currency: str
    converted: tuple[tuple[str, date], ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class KeptImport:
    """An import as it is listed."""

    id: str
    created_at: datetime
    file_name: str
    lines: int


def sales_of(services: Services, actor: Actor, currency: str) -> Told:
    """Return every sale of the seller in a currency, the oldest first.

    A sale in another one is converted at the shop's rate of today, whatever the rate was then: ``converted`` says so.
    """
    query = select(PastSale).where(PastSale.seller_id == actor.seller_id)
    with services.database.reading() as session:
        rows = session.scalars(query.order_by(PastSale.sold_on, PastSale.order, PastSale.line)).all()
    rates = services.rulebook.rates
    known = {one: _rate_day(rates, one, currency) for one in {row.currency for row in rows}}
    sales = tuple(
        Sale(
            row.order,
            row.market,
            row.listing_id,
            row.sold_on,
            row.quantity,
            rates.convert_minor(row.value, row.currency, currency),
        )
        for row in rows
        if known[row.currency] is not None
    )
    left = Counter(row.currency for row in rows if known[row.currency] is None)
    converted = sorted((one, day) for one, day in known.items() if day is not None and one != currency)
    return Told(sales, currency, tuple(converted), tuple(sorted(left.items())))


def import_sales(services: Services, actor: Actor, text: str, file_name: str, *, dry_run: bool = False) -> Imported:
    """Keep the lines of a CSV that are new; ``TableError`` lists everything wrong, and nothing is then kept.

    Columns: ``order``, ``market``, ``listing`` (a key or a SKU), ``date``, ``quantity``, ``value`` (of the whole line,
    without freight, duties and taxes), ``currency``, and perhaps ``line``; without that the lines of an order are
    counted as they stand in the file. A line that is there already must say the same.
    """
    actor.must("editor")
    now = services.now()
    with services.database.writing.begin() as session:
        # Two files at once would not see each other's lines.
        seller = session.get_one(Seller, actor.seller_id, with_for_update=True)
        reader = TableReader(_NEEDED, {"line": _reference})
        rows = _read(reader, text, _names(session, actor), services.today(seller.country))
        new = list(_new(reader, rows, _there(session, actor), actor))
        reader.stop()
        orders = len({row["order"] for _, row in rows})
        if dry_run or not new:
            return Imported(None, len(new), len(rows) - len(new), orders)
        made = SaleImport(
            id=new_id("si", now),
            seller_id=actor.seller_id,
            created_at=now,
            user_id=actor.user_id,
            file_name=file_name[-250:],
            lines=len(new),
        )
        session.add(made)
        session.flush()
        session.execute(insert(PastSale), [row | {"import_id": made.id} for row in new])
        audit.note(session, actor, now, "sales.imported", made.file_name, id=made.id, lines=len(new))
        return Imported(made.id, len(new), len(rows) - len(new), orders)


def imports(services: Services, actor: Actor) -> tuple[KeptImport, ...]:
    """Return the imports of sales that stand, the last first."""
    query = select(SaleImport).where(SaleImport.seller_id == actor.seller_id, SaleImport.undone_at.is_(None))
    with services.database.reading() as session:
        rows = session.scalars(query.order_by(SaleImport.created_at.desc(), SaleImport.id.desc())).all()
    return tuple(KeptImport(row.id, row.created_at, row.file_name, row.lines) for row in rows)


def undo_import(services: Services, actor: Actor, import_id: str) -> int:
    """Forget the lines that an import brought and return how many; ``ImportNotFoundError``, ``ForbiddenError``."""
    actor.must("editor")
    now = services.now()
    mine = (SaleImport.id == import_id, SaleImport.seller_id == actor.seller_id, SaleImport.undone_at.is_(None))
    with services.database.writing.begin() as session:
        found = session.execute(update(SaleImport).where(*mine).values(undone_at=now).returning(SaleImport.lines))
        lines = found.scalar_one_or_none()
        if lines is None:
            raise ImportNotFoundError(import_id)
        session.execute(delete(PastSale).where(PastSale.import_id == import_id, PastSale.seller_id == actor.seller_id))
        audit.note(session, actor, now, "sales.undone", import_id, lines=lines)
    return lines


# -- reading ------------------------------------------------------------------------------------------------------
def _reference(cell: str) -> str:
    if not _REFERENCE.fullmatch(cell):
        raise ValueError("write 1 to 64 characters, on one line")
    return cell


def _market(cell: str) -> str:
    code = cell.upper()
    if not _MARKET.fullmatch(code) or not is_country(code):
        raise ValueError(f"{cell!r} is no country; write its two letters, like US")
    return code


def _currency(cell: str) -> str:
    code = cell.upper()
    if not is_known(code):
        raise ValueError(f"{cell!r} is no currency that is in use; write its three letters, like USD")
    return code


_NEEDED: Final[dict[str, Callable[[str], Any]]] = {
    "order": _reference,
    "market": _market,
    "listing": str,
    "date": cells.day,
    "quantity": cells.whole(1, _MOST_PIECES),
    "value": cells.number(zero=False),
    "currency": _currency,
}


def _read(reader: TableReader, text: str, names: Mapping[str, frozenset[str]], today: date) -> list[tuple[int, Row]]:
    """Return the rows that can be read, each with its number; what is wrong with the others is with the reader."""
    found: list[tuple[int, Row]] = []
    counted: Counter[str] = Counter()
    stands: dict[tuple[str, str], int] = {}
    markets: dict[str, tuple[str, int]] = {}
    for number, row in reader.rows(text):
        order = row["order"]
        counted[order] += 1
        line = row.get("line", str(counted[order]))
        first = stands.setdefault((order, line), number)
        if first != number:
            reader.complain(number, "line", f"line {line} of order {order} stands in row {first} already")
        market, where = markets.setdefault(order, (row["market"], number))
        if market != row["market"]:
            reader.complain(number, "market", f"order {order} goes to {market} in row {where}; an order has one market")
        if row["date"] > today:
            reader.complain(number, "date", f"{row['date']} is still to come")
        value = _minor(reader, number, row["value"], row["currency"])
        listing = _listing(reader, number, row["listing"], names)
        if value is not None and listing is not None:
            found.append(
                (
                    number,
                    {
                        "order": order,
                        "line": line,
                        "market": row["market"],
                        "listing_id": listing,
                        "sold_on": row["date"],
                        "quantity": row["quantity"],
                        "value": value,
                        "currency": row["currency"],
                    },
                )
            )
    return found


def _minor(reader: TableReader, number: int, value: Decimal, currency: str) -> int | None:
    digits = exponent(currency)
    if value != round(value, digits):
        reader.complain(number, "value", f"{value} has more decimals than {currency}, which has {digits}")
        return None
    return to_minor(value, currency)


def _listing(reader: TableReader, number: int, name: str, names: Mapping[str, frozenset[str]]) -> str | None:
    found = names.get(name, frozenset())
    if len(found) == 1:
        return next(iter(found))
    if found:
        reader.complain(
            number, "listing", f"{name!r} is the key of one listing and a SKU of another; write another name"
        )
        return None
    near = nearest(name, names).get("nearest")
    hint = f"; is it {near}?" if near else "; write its key or a SKU, and make the listing first (archived is enough)"
    reader.complain(number, "listing", f"there is no listing {name!r}{hint}")
    return None


def _names(session: Session, actor: Actor) -> dict[str, frozenset[str]]:
    """Return what the seller's listings are called, by key and by SKU, with the ids that each name may mean."""
    found: dict[str, set[str]] = {}
    keys = select(StoredListing.key, StoredListing.id).where(StoredListing.seller_id == actor.seller_id)
    skus = select(StoredVariant.sku, StoredVariant.listing_id).where(StoredVariant.seller_id == actor.seller_id)
    for query in (keys, skus):
        for name, id_ in session.execute(query):
            found.setdefault(name, set()).add(id_)
    return {name: frozenset(ids) for name, ids in found.items()}


def _there(session: Session, actor: Actor) -> dict[tuple[str, str], PastSale]:
    query = select(PastSale).where(PastSale.seller_id == actor.seller_id)
    return {(row.order, row.line): row for row in session.scalars(query)}


def _new(
    reader: TableReader, rows: list[tuple[int, Row]], there: Mapping[tuple[str, str], PastSale], actor: Actor
) -> Iterator[Row]:
    """Find the lines that are not kept yet; one that is kept and says something else is wrong."""
    for number, row in rows:
        kept = there.get((row["order"], row["line"]))
        if kept is None:
            yield row | {"seller_id": actor.seller_id}
            continue
        differs = [name for name, value in row.items() if getattr(kept, name) != value]
        if differs:
            names = ", ".join("listing" if one == "listing_id" else one.removeprefix("sold_") for one in differs)
            reader.complain(
                number,
                "order",
                f"line {row['line']} of order {row['order']} was imported before with another {names}; "
                f"undo that import first (shopkit sales undo {kept.import_id})",
            )


def _rate_day(rates: RateTable, of: str, to: str) -> date | None:
    """Return the day of the rate that converts a currency, ``None`` without one."""
    try:
        return rates.rate(of, to).date
    except UnknownCurrencyError:
        return None
