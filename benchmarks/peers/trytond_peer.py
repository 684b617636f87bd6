"""trytond-customs' look-up of a dated duty rate, as often as told; run by an environment of its own.

Its own models on its own in-memory SQLite: a search of the tariff code by pattern, the first code that matches, the
rate in force on the day, and the amount. Codes are few, so that the search is at its fastest.
It reads ``<count>`` (a transaction around all look-ups, which keeps what was read) or ``<count> each`` (a transaction
for each, as its server does), a line each, and answers each with a line of JSON, like ours.
"""

import datetime as dt
import json
import os
import sys
import time
from decimal import Decimal
from typing import Any

os.environ["TRYTOND_DATABASE_URI"] = "sqlite://"
os.environ["DB_NAME"] = ":memory:"

from trytond.pool import Pool  # type: ignore[import-not-found]  # in the peers' environment only
from trytond.tests.test_tryton import USER, activate_module  # type: ignore[import-not-found]  # the same
from trytond.transaction import Transaction  # type: ignore[import-not-found]  # the same

DAY = dt.date(2026, 11, 23)
CODES = 20
WANTED = "6109100012"
DUTY = Decimal("8.25")
PERIODS = (
    (dt.date(2015, 1, 1), dt.date(2019, 12, 31), "7.00"),
    (dt.date(2020, 1, 1), dt.date(2024, 12, 31), "7.50"),
    (dt.date(2025, 1, 1), None, "8.25"),
)


def fill() -> tuple[int, int]:
    """Store countries, a currency and codes with three dated rates each; return the ids of country and currency."""
    pool = Pool()
    country = pool.get("country.country")(name="Mexico", code="MX")
    country.save()
    currency = pool.get("currency.currency")(name="US dollar", symbol="$", code="USD", numeric_code="840")
    currency.rounding = Decimal("0.01")
    currency.digits = 2
    currency.save()
    code_of, rate_of = pool.get("customs.tariff.code"), pool.get("customs.duty.rate")
    for number in range(CODES):
        code = code_of(code=str(int(WANTED) + number), description="T-shirts", country=country)
        code.save()
        for start, end, amount in PERIODS:
            rate_of(
                tariff_code=code,
                type="import",
                country=country,
                start_date=start,
                end_date=end,
                computation_type="amount",
                amount=Decimal(amount),
                currency=currency,
            ).save()
    return country.id, currency.id


def look_up(code: str, country: int, currency: int) -> Decimal:
    """Return the duty of a code on the day."""
    pool = Pool()
    pattern = {"country": country, "date": DAY}
    for found in pool.get("customs.tariff.code").search([("code", "=", code)]):
        if found.match(pattern):
            rate = found.get_duty_rate(pattern | {"type": "import"})
            amount: Decimal = rate.compute(pool.get("currency.currency")(currency), 1, None)
            return amount
    raise LookupError(code)


def transaction(*, readonly: bool = True) -> Any:  # noqa: ANN401  # trytond is untyped here
    """Begin a transaction on the database in memory."""
    return Transaction().start(":memory:", USER, readonly=readonly, context={})


def run(count: int, country: int, currency: int, *, each: bool) -> None:
    """Look up as often as told, in one transaction or in as many."""
    codes = [str(int(WANTED) + number) for number in range(CODES)]
    if each:
        for number in range(count):
            with transaction():
                look_up(codes[number % CODES], country, currency)
        return
    with transaction():
        for number in range(count):
            look_up(codes[number % CODES], country, currency)


def main() -> None:
    """Answer each count with the time that so many look-ups took."""
    activate_module("customs")
    with transaction(readonly=False) as begun:
        country, currency = fill()
        begun.commit()
    with transaction():
        if look_up(WANTED, country, currency) != DUTY:
            raise SystemExit("the look-up is wrong")
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        number, _, how = line.partition(" ")
        count = int(number)
        wall, cpu = time.perf_counter(), time.process_time()
        run(count, country, currency, each=bool(how.strip()))
        seconds = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
        print(json.dumps({"count": count, **seconds}), flush=True)


if __name__ == "__main__":
    main()
