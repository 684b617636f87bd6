"""A whole file of listings priced at many doors: read and written in parts, each wrong row told by itself."""

from __future__ import annotations

import csv
import os
import re
import sys
from collections import Counter
from contextlib import contextmanager
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final

import click

from landed_cost import Amount, Place, Shipment
from landed_cost.currencies import is_known
from shopkit.cli.common import complain
from shopkit.services.bulk_parquet import SUFFIX, NoParquetError, NotParquetError, ParquetReader
from shopkit.services.bulk_parquet import write as write_parquet
from shopkit.services.bulk_prices import COLUMNS, NoColumnsError, Reader, cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from landed_cost import Rulebook
    from shopkit.services.context import Services

_NUMBER: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)


def price_file(path: str, ways: Sequence[Shipment], output: str, language: str, rulebook: Rulebook) -> bool:
    """Write what every listing of a file comes to by every way; return whether every row could be read.

    What is wrong with a row is said on stderr with its line, and the others are priced; so is the count of outcomes at
    the end. A file that is written is there whole or not at all.
    """
    counts: Counter[str] = Counter()
    try:
        with _opened(path) as reader, _whole(output) as out:
            _write(out, _priced(path, reader, ways, rulebook, language, counts), as_parquet=_is_parquet(output))
    except NoColumnsError as error:
        raise click.ClickException(f"{path}: the header lacks {error}") from error
    except NoParquetError as error:
        raise click.ClickException("Parquet is read and written by pyarrow: pip install 'shopkit[parquet]'") from error
    except NotParquetError as error:
        raise click.ClickException(f"{path}: not a Parquet file: {error}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{path}: not a CSV file in UTF-8: {error}") from error
    complain(", ".join(f"{count} {name}" for name, count in sorted(counts.items()) if count) or "no rows")
    return not counts["left out"]


def _is_parquet(path: str) -> bool:
    return path.casefold().endswith(SUFFIX)


@contextmanager
def _opened(path: str) -> Iterator[Reader]:
    """Open a file of listings: Parquet by its name, else CSV."""
    if _is_parquet(path):
        with click.open_file(path, "rb") as data:
            yield ParquetReader(data)
        return
    with click.open_file(path, encoding="utf-8-sig") as text:
        yield Reader(text)


def _priced(
    path: str, reader: Reader, ways: Sequence[Shipment], rulebook: Rulebook, language: str, counts: Counter[str]
) -> Iterator[list[str]]:
    """Yield the rows of the answer, and say what is wrong with those that are left out."""
    for part in reader.parts():
        for one in reader.faulty:
            for problem in one.problems:
                complain(f"{path}:{one.number}: {problem.pointer[1:]}: {problem.message(language)}")
        counts["left out"] += len(reader.faulty)
        yield from cells(part, ways, rulebook, counts)


def _write(out: IO[bytes], rows: Iterator[list[str]], *, as_parquet: bool) -> None:
    if as_parquet:
        write_parquet(out, rows)
        return
    text = TextIOWrapper(out, "utf-8", newline="")
    try:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    finally:
        # Not closed by being forgotten: the file under it is its opener's.
        text.detach()


@contextmanager
def _whole(output: str) -> Iterator[IO[bytes]]:
    """Open stdout for ``-``, else a file that takes its name only once everything is written."""
    if output == "-":
        yield sys.stdout.buffer
        return
    target = Path(output)
    # Beside the target, so that the name can be given in one step.
    with NamedTemporaryFile("wb", dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            Path(file.name).unlink()
            raise
    Path(file.name).replace(target)


def ways(places: str, given: Mapping[str, Any], services: Services) -> list[Shipment]:
    """Return a way to each of the places, such as ``US-CA,MX``; ``click.BadParameter`` names what is none.

    ``given`` are the options of ``shopkit price``: dispatch, on, channel, terms, freight and currency.
    """
    freight, channel = given["freight"], given["channel"]
    carried = None if freight is None else _amount(freight)
    found = []
    for place in places.upper().split(","):
        country, _, region = place.strip().partition("-")
        destination = services.rulebook.destinations.get(country)
        if destination is None:
            known = ", ".join(sorted(services.rulebook.destinations))
            raise click.BadParameter(f"{country!r} is not covered; known: {known}", param_hint="--destinations")
        if region and destination.regions and region not in destination.regions:
            known = ", ".join(destination.regions)
            raise click.BadParameter(
                f"{region!r} is no region of {country}; known: {known}", param_hint="--destinations"
            )
        found.append(
            Shipment(
                given["on"] or services.today(country),
                Place(given["dispatch"]),
                Place(country, region or None),
                channel,
                given["currency"] or destination.currency,
                (),
                terms=given["terms"],
                transport="air" if channel == "freight" else None,
                freight=carried,
            )
        )
    return found


def _amount(text: str) -> Amount:
    number, _, currency = text.partition(" ")
    if not _NUMBER.fullmatch(number) or not is_known(currency.upper()):
        raise click.BadParameter(f"{text!r} is no amount; write it like '12.00 USD'", param_hint="--freight")
    return Amount(Decimal(number), currency.upper())
