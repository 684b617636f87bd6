"""What a seller's carriers ask for a parcel: all of them at once, and none of them may spoil the answer.

A carrier that fails, is slow or says what cannot be read is *not known*, with the reason; so is a price of a service
that we do not know, for which law applies hangs on how it goes.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from shopkit.outside import Limits
from shopkit.sending.carriers.port import known
from shopkit.sending.telling import Said
from shopkit.sending.ways import Missing, Offer
from shopkit.services import carrier_accounts
from shopkit.tracking.port import TrackingError, converse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from shopkit.sending.carriers.port import Carrier, Consignment, Rate, Rates, Refusal
    from shopkit.services.carrier_accounts import Opened
    from shopkit.services.context import Services
    from shopkit.tracking.port import Transport
    from shopkit.tracking.transport import Tokens

# Somebody waits for the page: for each answer, and for all that a carrier is asked.
_LIMITS: Final = Limits(timeout_s=4.0, deadline_s=6.0, largest_bytes=2_000_000)
_PATIENCE_S: Final = 8.0
_AT_ONCE: Final = 8
_SANDBOX: Final = "sandbox"


@dataclass(frozen=True, slots=True)
class Prices:
    """Offers of carriers, and what is not known of them."""

    offers: tuple[Offer, ...] = ()
    missing: tuple[Missing, ...] = ()


def ask(services: Services, seller_id: str, asked: Consignment, to: Callable[..., Transport] | None = None) -> Prices:
    """Return what the carriers of a seller ask for a parcel; ``to`` makes the way to one, over HTTP unless given."""
    accounts = carrier_accounts.opened(services, seller_id)
    if not accounts:
        return Prices()
    found = _answers(accounts, asked, to or _connected)
    convertible = services.rulebook.rates.currencies
    offers: list[Offer] = []
    missing: list[Missing] = []
    for account, answer in zip(accounts, found, strict=True):
        if isinstance(answer, Said):
            missing.append(Missing(account.carrier, account.carrier, answer))
            continue
        for one in _told(account.carrier, answer, convertible):
            (offers if isinstance(one, Offer) else missing).append(one)  # type: ignore[arg-type]  # each to its own
    return Prices(tuple(offers), tuple(missing))


def _answers(accounts: Sequence[Opened], asked: Consignment, to: Callable[..., Transport]) -> list[Rates | Said]:
    """Return what each carrier answered in time; one that is still at it is left to itself, and ends by its limits."""
    pool = ThreadPoolExecutor(_AT_ONCE)
    asking = [pool.submit(_answer, one, asked, to) for one in accounts]
    done, _ = wait(asking, timeout=_PATIENCE_S)
    pool.shutdown(wait=False, cancel_futures=True)
    return [one.result() if one in done else Said("carrier_unavailable") for one in asking]


def _answer(account: Opened, asked: Consignment, to: Callable[..., Transport]) -> Rates | Said:
    """Return what one carrier answered, or why nothing is known of it."""
    carrier = carrier_accounts.carriers().get(account.carrier)
    if carrier is None:
        return Said("carrier_gone")
    if account.details is None:
        return Said("carrier_sealed")
    if not carrier.takes(asked):
        return Said("carrier_elsewhere", {"country": asked.dispatch.country})
    try:
        rates: Rates = converse(carrier.rates(asked, account.details), to(carrier, account.details))  # type: ignore[arg-type]  # calls as those of tracking
    except TrackingError as error:
        wait_s = error.wait_s
        return Said("carrier_busy_for", {"wait": f"{wait_s:.0f}"}) if wait_s else Said(f"carrier_{error.reason}")
    # An adapter may be somebody else's code: whatever it raises, the other ways are told.
    except Exception as error:  # noqa: BLE001
        return Said("carrier_broken", {"error": type(error).__name__})
    return rates


def _connected(carrier: Carrier, details: Mapping[str, str]) -> Transport:
    # The clients of HTTP take their time, and few shops have a carrier.
    from shopkit.tracking.transport import connected  # noqa: PLC0415

    return connected(carrier, details, limits=_LIMITS, tokens=_tokens(carrier.name, tuple(sorted(details.items()))))


@lru_cache(maxsize=256)
def _tokens(name: str, details: tuple[tuple[str, str], ...]) -> Tokens:  # noqa: ARG001  # the account that it is of
    """Return where the token of an account is kept while the process lives."""
    from shopkit.tracking.transport import Tokens  # noqa: PLC0415  # as above

    return Tokens()


def _told(carrier: str, answer: Rates, convertible: frozenset[str]) -> Iterator[Offer | Missing]:
    for rate in answer.rates:
        yield _offer(carrier, rate, convertible)
    for refusal in answer.refusals:
        yield _refusal(carrier, refusal)


def _offer(carrier: str, rate: Rate, convertible: frozenset[str]) -> Offer | Missing:
    name = f"{rate.carrier} {rate.service}"
    found = known(rate.carrier, rate.service)
    if found is None:
        return Missing(carrier, name, Said("service_unknown", {"price": str(rate.price)}))
    if rate.price.currency not in convertible:
        return Missing(carrier, name, Said("currency_unknown", {"price": str(rate.price)}))
    return Offer(
        f"carrier:{carrier}",
        found.title or name,
        found.channel,
        found.kind,
        freight=rate.price,
        days=rate.days,
        is_illustrative=carrier == _SANDBOX,
    )


def _refusal(carrier: str, refusal: Refusal) -> Missing:
    found = known(refusal.carrier, refusal.service) if refusal.service else None
    name = found.title if found is not None and found.title else f"{refusal.carrier} {refusal.service}".strip()
    return Missing(carrier, name or carrier, Said("carrier_said", {"text": refusal.text}))
