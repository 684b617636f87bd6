"""What several channels do with a row alike: whose it is, what it costs on a day, its text as HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from landed_cost.money import Money
    from listings.channels.item import CatalogItem
    from listings.channels.port import Feed, Record


def belongs(item: CatalogItem, feed: Feed) -> None:
    """Raise ``ValueError`` for a row of another market or language than the file's."""
    if (item.market, item.language.partition("-")[0]) != (feed.market, feed.language.partition("-")[0]):
        raise ValueError(f"{item.id} is for {item.market} in {item.language}, the feed for {feed}")


def sale_on(item: CatalogItem, on: date) -> Money | None:
    """Return the lower price where its days hold on a day, both included."""
    before = item.sale_from is not None and on < item.sale_from
    after = item.sale_until is not None and on > item.sale_until
    return None if before or after else item.sale


def filled(held: Any) -> Any:  # noqa: ANN401 - a value of a record
    """Return a value without the fields and values that say nothing."""
    if isinstance(held, dict):
        return {name: one for name, one in ((name, filled(one)) for name, one in held.items()) if one}
    if isinstance(held, (list, tuple)):
        return [one for one in map(filled, held) if one]
    return held


def html(text: str) -> str:
    r"""Return a plain text as HTML, paragraphs and lines where they were.

    >>> html("Sal & limón\n\nUna\nDos")
    '<p>Sal &amp; limón</p><p>Una<br>Dos</p>'
    """
    parts = (escape(part.strip("\n"), quote=False).replace("\n", "<br>") for part in text.split("\n\n"))
    return "".join(f"<p>{part}</p>" for part in parts if part)


def decimal_of(whole: int, places: int) -> str:
    """Return a whole number with its point moved: grams as kilograms, millimetres as centimetres.

    >>> decimal_of(220, 3), decimal_of(1500, 3), decimal_of(300, 1)
    ('0.22', '1.5', '30')
    """
    text = f"{whole:0{places + 1}d}"
    return f"{text[:-places]}.{text[-places:]}".rstrip("0").rstrip(".")


def together(records: Iterable[Record], field: str) -> Iterator[tuple[Record, bool]]:
    """Return each record with whether it is the first of those that stand together by a field."""
    last: object = object()
    for one in records:
        yield one, one.get(field) != last
        last = one.get(field)
