"""Taking everything along, and leaving: all that is kept of a shop as a file, and its deletion.

Both go by the tables themselves: what names a seller is the seller's, so a table that is added is taken along and
deleted without anybody's remembering it.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import tempfile
import zipfile
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any, Final

from sqlalchemy import Table, delete, func, or_, select, update

from shopkit.models import (
    AuditEntry,
    Base,
    IdempotencyKey,
    Membership,
    OneTimeLink,
    Seller,
    ShopLeaving,
    SignIn,
    StoredOrder,
    StoredQuote,
    User,
)
from shopkit.services import audit, pool_groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

# Nobody needs these to take the shop elsewhere, and who finds the file may not have them.
_SECRET: Final = frozenset(
    {
        ("api_key", "hash"),
        ("one_time_link", "id"),
        ("one_time_link", "detail"),
        ("channel_account", "sealed"),
        ("pool_invitation", "id"),
    }
)
# Sessions are the person's, not the shop's.
_NOT_OURS: Final = frozenset({"sign_in"})
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_IN_MEMORY: Final = 8_000_000
_ROWS_AT_ONCE: Final = 500


class OpenOrdersError(ValueError):
    """Orders of the shop are open: somebody waits for goods or money; ``count`` says how many."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(str(count))


class NotTheNameError(ValueError):
    """What was typed to confirm is not the shop's name."""


def export(services: Services, actor: Actor) -> IO[bytes]:
    """Return a zip of everything that is kept of the shop, each table as JSON and as CSV; for owners.

    A cell of the CSV that a spreadsheet would take for a formula begins with an apostrophe; the JSON is as it is kept.
    """
    actor.must("owner")
    now = services.now()
    found: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # whoever sends it closes it
    with services.database.writing.begin() as session:
        audit.note(session, actor, now, "data.exported")
    with services.database.reading() as session, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _README)
        for table, query in _everything(actor.seller_id):
            names = [column.name for column in table.columns if (table.name, column.name) not in _SECRET]
            with archive.open(f"{table.name}.json", "w") as raw, io.TextIOWrapper(raw, "utf-8") as file:
                _write_json(file, _rows(session, query, names))
            with archive.open(f"{table.name}.csv", "w") as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as file:
                _write_csv(file, names, _rows(session, query, names))
    found.seek(0)
    return found


def delete_shop(services: Services, actor: Actor, name: str) -> None:
    """Delete the shop and all that is its, if ``name`` is what it is called; and who works for no other shop.

    Quotes stay under their addresses, which others may hold, and name nobody any more. ``NotTheNameError``,
    ``OpenOrdersError``, ``ForbiddenError``.
    """
    actor.must("owner")
    now, seller_id = services.now(), actor.seller_id
    with services.database.writing.begin() as session:
        row = session.get_one(Seller, seller_id, with_for_update=True)
        if " ".join(name.split()).casefold() != " ".join(row.name.split()).casefold():
            raise NotTheNameError(name)
        ours = (StoredOrder.seller_id == seller_id, StoredOrder.is_open.is_(True))
        count = session.scalar(select(func.count()).select_from(StoredOrder).where(*ours))
        if count:
            raise OpenOrdersError(count)
        pool_groups.hand_over(session, seller_id)
        session.add(ShopLeaving(shop=seller_id))
        session.flush()
        people = list(session.scalars(select(Membership.user_id).where(Membership.seller_id == seller_id)))
        session.execute(update(SignIn).where(SignIn.seller_id == seller_id).values(seller_id=None))
        for table in reversed(Base.metadata.sorted_tables):
            if "seller_id" in table.columns and table.name not in _NOT_OURS:
                session.execute(delete(table).where(table.c.seller_id == seller_id))
        session.execute(update(StoredQuote).where(StoredQuote.principal == seller_id).values(principal=""))
        session.execute(delete(IdempotencyKey).where(IdempotencyKey.principal == seller_id))
        session.execute(delete(ShopLeaving).where(ShopLeaving.shop == seller_id))
        session.execute(delete(Seller).where(Seller.id == seller_id))
        _delete_people(session, people)
        # That a shop was deleted is written down, not whose it was.
        session.add(AuditEntry(at=now, action="shop.deleted", subject="", detail={}, via=actor.via))


def _delete_people(session: Session, people: Iterable[str]) -> None:
    for user_id in people:
        if session.scalar(select(Membership.seller_id).where(Membership.user_id == user_id).limit(1)) is not None:
            continue
        email = session.get_one(User, user_id).email
        session.execute(delete(SignIn).where(SignIn.user_id == user_id))
        session.execute(delete(OneTimeLink).where(or_(OneTimeLink.user_id == user_id, OneTimeLink.email == email)))
        session.execute(delete(User).where(User.id == user_id))


def _everything(seller_id: str) -> Iterator[tuple[Table, Select[Any]]]:
    for table in Base.metadata.sorted_tables:
        ours: ColumnElement[bool] | None = None
        if table.name == "seller":
            ours = table.c.id == seller_id
        elif table.name == "quote":
            ours = table.c.principal == seller_id
        elif "seller_id" in table.columns and table.name not in _NOT_OURS:
            ours = table.c.seller_id == seller_id
        if ours is not None:
            yield table, select(table).where(ours).order_by(*table.primary_key.columns)
    people = User.__table__
    assert isinstance(people, Table)  # noqa: S101  # a mapped class has one
    members = select(Membership.user_id).where(Membership.seller_id == seller_id)
    wanted = [people.c[name] for name in ("id", "name", "email", "language")]
    team = Table("team", Base.metadata.__class__(), *(column._copy() for column in wanted))  # noqa: SLF001  # SQLAlchemy's own
    yield team, select(*wanted).where(people.c.id.in_(members)).order_by(people.c.email)


def _rows(session: Session, query: Select[Any], names: list[str]) -> Iterator[dict[str, Any]]:
    for row in session.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)).mappings():
        yield {name: row[name] for name in names}


def _write_json(file: IO[str], rows: Iterator[dict[str, Any]]) -> None:
    file.write("[")
    for index, row in enumerate(rows):
        file.write(",\n" if index else "\n")
        json.dump(row, file, ensure_ascii=False, default=_plain)
    file.write("\n]\n")


def _write_csv(file: IO[str], names: list[str], rows: Iterator[dict[str, Any]]) -> None:
    writer = csv.writer(file)
    writer.writerow(names)
    for row in rows:
        writer.writerow([cell(row[name]) for name in names])


def cell(value: object) -> str:
    """Return a value as a cell of CSV, and what a spreadsheet would calculate as the text that it is.

    >>> cell("=1+1"), cell(None), cell(12), cell({"a": 1})
    ("'=1+1", '', '12', '{"a": 1}')
    """
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    text = value if isinstance(value, str) else str(_plain(value))
    return "'" + text if text.startswith(_FORMULA) and isinstance(value, str) else text


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value


_README: Final = """Everything shopkit keeps of this shop, a table in each file, as JSON and as CSV (UTF-8).
Photos are in photo.json and photo.csv, base64. Times are UTC. Keys and links are without what would open anything.

Todo lo que shopkit guarda de esta tienda, una tabla en cada archivo, en JSON y en CSV (UTF-8).
Tudo o que o shopkit guarda desta loja, uma tabela em cada arquivo, em JSON e em CSV (UTF-8).
"""
