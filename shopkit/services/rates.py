"""Exchange rates of the shop: which are in force, and refreshing them from a source without ever losing them."""

from __future__ import annotations

import csv
import inspect
import io
import json
import os
import sys
import tempfile
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landed_cost.rates import RateTable, default_rates, load_rates
from shopkit import plugins
from shopkit.fx.port import RateSource, Renewal, renew
from shopkit.fx.transport import RequestsTransport

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from shopkit.config import Settings


class RateOptionsError(ValueError):
    """The options of a source of exchange rates do not fit it; the message names the setting."""


def current(settings: Settings) -> tuple[RateTable, str]:
    """Return the table in force and where it is from."""
    path = settings.rates_path
    if path.is_file() or settings.rates_file:
        return load_rates(path), str(path)
    return default_rates(), "shipped"


def source(settings: Settings, name: str | None = None) -> RateSource:
    """Return the source that the settings name, built with its options."""
    chosen = name or settings.rates_source
    made = plugins.plugin(plugins.FX, chosen)
    takes = inspect.signature(made).parameters
    given = _options(settings)
    if isinstance(given.get("bank"), str):
        given["bank"] = _bank(made, given)
    if "url" in takes and takes["url"].default is inspect.Parameter.empty:
        # The commonest shape of such answers: {"base": …, "date": …, "rates": {…}}. Who has an address of its own is
        # no such source.
        given = {"base": "USD", "rates_path": "rates", "url": settings.rates_url} | given
    if "transport" in takes:
        given["transport"] = RequestsTransport()
    if unknown := sorted(given.keys() - takes.keys()):
        raise RateOptionsError(f"SHOPKIT_RATES_OPTIONS: {', '.join(unknown)}: not an option of {chosen}")
    try:
        found: RateSource = made(**given)
    except (TypeError, ValueError) as error:
        raise RateOptionsError(f"SHOPKIT_RATES_OPTIONS: {chosen}: {error}") from error
    return found


def refresh(settings: Settings, from_: RateSource, on: date | None = None) -> Renewal:
    """Ask the source and keep its rates; on trouble the table at hand stays in force and the problem comes back."""
    table, _ = current(settings)
    renewal = renew(table, from_, on)
    if renewal.problem is None:
        write(settings.rates_path, renewal.table)
    return renewal


def write(path: Path, table: RateTable) -> None:
    """Write the table beside its place and then under its name: a reader sees the old one or the new one, whole."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["base", "quote", "rate", "date", "kind", "source"])
    for rate in table.rates:
        writer.writerow([rate.base, rate.quote, f"{rate.rate:f}", rate.date, rate.kind, rate.source])
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".rates-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text.getvalue())
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files for the owner alone; rates are no secret and other workers read them.
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _options(settings: Settings) -> dict[str, Any]:
    if not settings.rates_options:
        return {}
    try:
        options = json.loads(settings.rates_options)
    except ValueError as error:
        raise RateOptionsError(f"SHOPKIT_RATES_OPTIONS: not JSON: {error}") from None
    if not isinstance(options, dict):
        raise RateOptionsError('SHOPKIT_RATES_OPTIONS: write an object, like {"base": "USD"}')
    return options


def _bank(made: Callable[..., object], given: dict[str, Any]) -> object:
    """Return the bank that ``bank`` names by its key, among those of the adapter's own module.

    Its own options (``token``, ``series``) are taken out of ``given``.
    """
    classes = [one for one in vars(sys.modules[made.__module__]).values() if is_dataclass(one)]
    keys = {field.default: one for one in classes for field in fields(one) if field.name == "key"}
    bank = keys.get(given["bank"])
    if not isinstance(bank, type):
        raise RateOptionsError(f"SHOPKIT_RATES_OPTIONS: bank {given['bank']!r}; there are {', '.join(map(str, keys))}")
    own = {option: given.pop(option) for option in inspect.signature(bank).parameters if option in given}
    try:
        return bank(**own)
    except TypeError as error:
        raise RateOptionsError(f"SHOPKIT_RATES_OPTIONS: bank {given['bank']}: {error}") from error
