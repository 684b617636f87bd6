"""Calls to providers that have no library worth leaning on: JSON over HTTPS, amounts exact, silence told apart.

A call that bears a key, or only reads, is repeated once at once where no answer could be read: nothing is done twice by
it. What the answer means is the adapter's affair.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec
import requests
import urllib3

from shopkit.outside import LargeBodyError, SlowBodyError, asked_wait, read_body
from shopkit.payments.port import PaymentError

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
TIMEOUT_S: Final = 10.0
DEADLINE_S: Final = 25.0
LARGEST_BYTES: Final = 4_000_000
_BUSY: Final = 429
_AT_WORK: Final = 409
_FROM_SERVER: Final = 500
# Decimals are written as numbers, as they stand: no float ever holds an amount.
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class Said:
    """An answer that came: ``body`` is the object in it (empty for none), ``rows`` those of a list.

    ``at`` is the provider's own clock.
    """

    status: int
    body: Json
    at: datetime
    raw: bytes = field(repr=False, default=b"")
    rows: tuple[Json, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether what was asked was done."""
        return self.status < 300  # noqa: PLR2004  # the successes of HTTP


def call(  # the parts of a request
    method: str,
    url: str,
    headers: Mapping[str, str],
    *,
    body: Json | bytes | None = None,
    query: Mapping[str, str] | None = None,
    changes: bool = True,
    tries: int = 2,
) -> Said:
    """Ask and return what was answered below 500, but for 429 and 409; numbers with a point come as ``Decimal``.

    Raises ``PaymentError``: ``unavailable`` where nothing was done, ``unknown`` where it may have been.
    """
    sent = _ENCODER.encode(body) if isinstance(body, dict) else body
    kind = {"Content-Type": "application/json"} if isinstance(body, dict) else {}
    while True:
        tries -= 1
        try:
            return _once(method, url, {"Accept": "application/json", **kind, **headers}, sent, query, changes=changes)
        except PaymentError as error:
            if tries <= 0 or error.retry_after_s is not None:
                raise


def _once(
    method: str,
    url: str,
    headers: Mapping[str, str],
    sent: bytes | None,
    query: Mapping[str, str] | None,
    *,
    changes: bool,
) -> Said:
    lost = "unknown" if changes else "unavailable"
    end = time.monotonic() + DEADLINE_S
    try:
        with requests.request(
            method,
            url,
            params=query,
            data=sent,
            headers=dict(headers),
            timeout=TIMEOUT_S,
            stream=True,
            allow_redirects=False,
        ) as response:
            raw = read_body(response, end, LARGEST_BYTES)
            now = _clock(response)
            status, wait_s = response.status_code, asked_wait(response, now)
    except requests.ConnectTimeout:
        raise PaymentError("unavailable", "could not be reached in time") from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, SlowBodyError, LargeBodyError) as error:
        # The class alone: the text of these errors may repeat what was sent.
        raise PaymentError(lost, f"no answer could be read: {type(error).__name__}") from None  # type: ignore[arg-type]  # one of two reasons
    if status == _BUSY:
        raise PaymentError("unavailable", "asked too often", retry_after_s=wait_s or 0.0)
    if status >= _FROM_SERVER or status == _AT_WORK:
        raise PaymentError(lost, f"answered {status}")  # type: ignore[arg-type]  # one of two reasons
    found = _read(raw)
    rows = tuple(one for one in found if isinstance(one, dict)) if isinstance(found, list) else ()
    return Said(status, found if isinstance(found, dict) else {}, now, raw, rows)


def _read(raw: bytes) -> Any:  # noqa: ANN401  # JSON
    try:
        return json.loads(raw, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def _clock(response: requests.Response) -> datetime:
    """Return the moment the provider says it is: what lapses there lapses by its clock."""
    try:
        return parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return datetime.now(UTC)
