"""Listings and their prices as Parquet: read and written in parts, money as decimals, never as floats.

The columns are those of the CSV files. Where the types of a file could have lost something (a price as a float, a
tariff code as a number) the file is refused as a whole, for each of its rows might be wrong. pyarrow, 150 MB, is loaded
here and nowhere else: it is the extra ``parquet``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from shopkit.services.bulk_prices import COLUMNS, PART, NoColumnsError, Reader, must_have

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import IO

SUFFIX: Final = ".parquet"
_AMOUNTS: Final = frozenset(COLUMNS[COLUMNS.index("goods") : COLUMNS.index("regime")])
# Whole units in 64 bits, and four decimals: as many as any currency has. The currency says how many count.
_DIGITS, _SCALE = 23, 4
_TEXTS: Final = (
    *("key", "sku", "title", "hs_code", "origin", "origin_evidence", "attributes", "measures", "currency", "weight"),
)
_PRICES: Final = ("price", "variant_price")
_GRAMS: Final = {"weight_grams": "weight", "variant_weight_grams": "variant_weight"}
# What is read at once of a column; a file of one giant row group is not taken whole.
_BUFFER: Final = 1 << 20


class NoParquetError(RuntimeError):
    """pyarrow is not installed."""


class NotParquetError(ValueError):
    """A file that is no Parquet, or is damaged; the message is pyarrow's."""


@dataclass(slots=True)
class ParquetReader(Reader):
    """Reads listings from Parquet; ``file`` is open in bytes. Rows are counted from 1."""

    def given(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield each row as the text of its cells; ``NoColumnsError``, ``NotParquetError``, ``NoParquetError``."""
        pyarrow, parquet = _pyarrow()
        number = 0
        try:
            file = parquet.ParquetFile(self.file, pre_buffer=False, buffer_size=_BUFFER)
            kinds = _kinds(pyarrow, file.schema_arrow)
            names = {_GRAMS.get(name, name) for name in kinds}
            must_have(names)
            columns = [one for one in file.schema_arrow.names if one.strip().casefold() in kinds]
            for batch in file.iter_batches(batch_size=PART, columns=columns, use_threads=False):
                for cells in batch.to_pylist():
                    number += 1
                    yield number, _texts({name.strip().casefold(): value for name, value in cells.items()}, names)
        except (pyarrow.ArrowException, OSError) as error:
            raise NotParquetError(str(error)) from error


def write(file: IO[bytes], rows: Iterable[Sequence[str]]) -> None:
    """Write rows under :data:`COLUMNS`, in groups that are held one at a time; what is empty is null.

    Amounts are ``decimal128(23, 4)``, ``date`` is ``date32``, ``reasons`` a list of codes, the rest is text.
    """
    pyarrow, parquet = _pyarrow()
    schema = pyarrow.schema([(name, _type(pyarrow, name)) for name in COLUMNS])
    left = iter(rows)
    with parquet.ParquetWriter(file, schema) as writer:
        while part := list(islice(left, PART)):
            columns = [
                pyarrow.array([_value(name, text) for text in column], kind.type)
                for name, kind, column in zip(COLUMNS, schema, zip(*part, strict=True), strict=True)
            ]
            writer.write_table(pyarrow.table(columns, schema=schema))


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa  # noqa: PLC0415 - 150 MB that only these files need
        from pyarrow import parquet  # noqa: PLC0415 - as above
    except ImportError as error:
        raise NoParquetError from error
    return pa, parquet


def _kinds(pyarrow: Any, schema: Any) -> dict[str, str]:  # noqa: ANN401 - pyarrow has no types
    """Return the columns that are taken, small, with their type; ``NoColumnsError`` for a type that loses something."""
    types = pyarrow.types
    found = {}
    for field in schema:
        name, kind = field.name.strip().casefold(), field.type
        if types.is_dictionary(kind):
            kind = kind.value_type
        is_text = types.is_string(kind) or types.is_large_string(kind) or types.is_null(kind)
        if name in found:
            raise NoColumnsError(f"a single column {name!r}: it stands twice")
        if name in _TEXTS or name == "variant_weight":
            fits, wanted = is_text, "text"
        elif name in _PRICES:
            fits, wanted = is_text or types.is_decimal(kind), "a decimal beside 'currency', or text as '12.50 MXN'"
        elif name in _GRAMS:
            fits, wanted = types.is_integer(kind) or types.is_decimal(kind), "whole numbers or decimals"
        elif name == "quantity":
            fits, wanted = types.is_integer(kind) or is_text, "whole numbers"
        else:
            continue
        if not fits:
            raise NoColumnsError(f"a column {name!r} without loss: {kind} has to be {wanted}")
        found[name] = str(kind)
    if any(found.get(one, "").startswith("decimal") for one in _PRICES) and "currency" not in found:
        raise NoColumnsError("'currency', which a decimal price needs")
    return found


def _texts(cells: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    """Return a row as a CSV file would have it; what is null is empty."""
    found = dict.fromkeys(names, "")
    currency = (cells.get("currency") or "").strip()
    for name, value in cells.items():
        if value is None:
            continue
        if name in _GRAMS:
            found[_GRAMS[name]] = f"{_plain(Decimal(value))} g"
        elif isinstance(value, Decimal):
            found[name] = f"{_plain(value)} {currency}"
        else:
            found[name] = str(value).strip()
    return found


def _plain(value: Decimal) -> str:
    """Return a decimal without the zeros that its column only adds."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _type(pyarrow: Any, name: str) -> Any:  # noqa: ANN401 - pyarrow has no types
    if name in _AMOUNTS:
        return pyarrow.decimal128(_DIGITS, _SCALE)
    return {"date": pyarrow.date32(), "reasons": pyarrow.list_(pyarrow.string())}.get(name, pyarrow.string())


def _value(name: str, text: str) -> Any:  # noqa: ANN401 - what the column holds
    if name == "reasons":
        return text.split()
    if not text:
        return None
    if name in _AMOUNTS:
        return Decimal(text)
    return date.fromisoformat(text) if name == "date" else text
