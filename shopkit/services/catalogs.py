"""Catalogs of a seller: what each is to hold, kept with its address; the rows and runs are in the modules beside."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, get_args
from urllib.parse import quote as percent

from sqlalchemy import delete, select

from listings.channels import Market, channels
from listings.channels.port import Feed
from shopkit.models import CatalogChange, CatalogFeed, CatalogListing, CatalogRun, Push, PushRow, Seller
from shopkit.plugins import CHANNELS, PluginError, plugin, plugins
from shopkit.services import audit
from shopkit.services.freight import find_card
from shopkit.services.listings import ListingNotFoundError
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id
from translations.locales import known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from listings.channels import Channel
    from listings.channels.item import Charges
    from listings.channels.port import CatalogFormat
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

# What is taken of an estimate for a price with the charges inside: none of it; one whose range is a single figure, so
# that what is weak is its evidence; the likely figure; the top of its range, so that the seller never pays in.
Estimates = Literal["none", "settled", "likely", "highest"]
ESTIMATES: Final[tuple[Estimates, ...]] = get_args(Estimates)
MAX_FEEDS: Final = 200
MAX_HOURS: Final = 24 * 14
_LINK: Final = ("key", "sku", "id", "market", "language")
_LONGEST_LINK: Final = 1_000
_MOST_PACKING: Final = 30_000
_LONGEST_AGREED: Final = 500
_SHOWN: Final = 200


class FeedNotFoundError(ListingNotFoundError):
    """There is no such catalog, or it is another seller's."""


class FeedChangedError(Exception):
    """Somebody changed the catalog since it was read."""


class FeedOverError(LookupError):
    """An address that opens nothing: it was never given out, or it was taken back."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a seller chose for a catalog.

    ``link``       where a product's page is, with ``{key}``, ``{sku}``, ``{id}``, ``{market}``, ``{language}`` in it
    ``charges``    where the charges of import are
    ``estimates``  what of an estimate counts, where charges are inside what the buyer pays
    ``stops``      a row that cannot leave stops the run; else it is left out with its reason
    ``card``, ``service``  the rate card that prices the freight; ``packing_grams`` come on top of the goods' weight
    ``rule_based`` what an engine without training wrote counts as a machine's text as well
    ``agreed``     what the seller settled with the channel for all rows, in the channel's own words
    """

    link: str
    charges: Charges = "price"
    estimates: Estimates = "none"
    stops: bool = False
    card: str = ""
    service: str = ""
    packing_grams: int = 0
    rule_based: bool = False
    agreed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """A catalog as it is kept."""

    id: str
    channel: str
    market: str
    language: str
    kind: str
    settings: Settings
    version: int
    created_at: datetime
    is_open: bool
    serial: int
    every_hours: int | None
    next_at: datetime | None
    run_id: str | None
    file: str | None
    etag: str | None
    changed_at: datetime | None

    def feed(self, seller: Seller, on: date) -> Feed:
        """Return what its rows share on a day."""
        return Feed(
            self.market,
            self.language,
            currency_of(self.channel, self.market),
            self.kind,
            on,
            seller.name,
            _site(self),
            self.settings.agreed,
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be kept of a catalog."""

    channel: str
    market: str
    language: str
    settings: Settings
    kind: str = ""
    every_hours: int | None = None
    problems: list[RequestProblem] = field(default_factory=list, compare=False)


def formats() -> dict[str, CatalogFormat]:
    """Return the channels that take a file, by name; those that cannot be loaded are left out (see the doctor)."""
    return _formats()


@cache
def _formats() -> dict[str, CatalogFormat]:
    return {one.name: one.found() for one in plugins(CHANNELS) if one.problem is None}


def format_of(channel: str) -> CatalogFormat:
    """Return a channel's format; ``PluginError``."""
    return formats().get(channel) or plugin(CHANNELS, channel)()


def place_of(name: str) -> Channel:
    """Return the place to sell that a format of files is of: a place may take several."""
    return channels()[format_of(name).channel]


def currency_of(channel: str, market: str) -> str:
    """Return the currency of a catalog: the channel's one, else the market's."""
    settled = place_of(channel).currency
    if settled not in {None, "market"}:
        return str(settled)
    return Market.of(market).currency or "USD"


def read_agreed(text: str) -> dict[str, str]:
    r"""Return what was settled with a channel, written as a line ``name=value`` each; a line without ``=`` is a name.

    >>> read_agreed("listing_type_id = gold_pro\n\nleast")
    {'listing_type_id': 'gold_pro', 'least': ''}
    """
    pairs = (line.partition("=") for line in text.splitlines() if line.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def create(services: Services, actor: Actor, said: Said) -> Kept:
    """Keep a new catalog; ``RequestError`` lists everything wrong with it."""
    actor.must("editor")
    return keep(services, actor, checked(services, actor, said))


def keep(services: Services, actor: Actor, said: Said) -> Kept:
    """Keep a new catalog that was checked."""
    now = services.now()
    with services.database.writing.begin() as session:
        session.get_one(Seller, actor.seller_id, with_for_update=True)
        mine = select(CatalogFeed.id).where(CatalogFeed.seller_id == actor.seller_id)
        if len(session.scalars(mine).all()) >= MAX_FEEDS:
            raise RequestError([RequestProblem("", "catalog.many", {"limit": str(MAX_FEEDS)})])
        stored = CatalogFeed(
            id=new_id("c", now),
            seller_id=actor.seller_id,
            created_at=now,
            user_id=actor.user_id,
            channel=said.channel,
            market=said.market,
            language=said.language,
            kind=said.kind,
            settings=asdict(said.settings),
            version=1,
            serial=0,
            is_open=False,
            every_hours=said.every_hours,
            next_at=now if said.every_hours else None,
            is_dirty=True,
        )
        session.add(stored)
        audit.note(session, actor, now, "catalog.created", stored.id, channel=said.channel, market=said.market)
        session.flush()
        return kept(stored)


def save(services: Services, actor: Actor, feed_id: str, said: Said, version: int) -> Kept:
    """Change the settings of a catalog that was read at ``version``; channel, market and language stay what they are.

    Raises ``FeedChangedError``, ``FeedNotFoundError``, ``RequestError``.
    """
    actor.must("editor")
    with services.database.reading() as session:
        found = kept(own(session, actor, feed_id))
    said = checked(services, actor, replace(said, channel=found.channel, market=found.market, language=found.language))
    with services.database.writing.begin() as session:
        stored = own(session, actor, feed_id, lock=True)
        if stored.version != version:
            raise FeedChangedError
        if stored.kind != said.kind:
            stored.is_dirty = True
        stored.settings, stored.kind, stored.every_hours = asdict(said.settings), said.kind, said.every_hours
        stored.next_at = (stored.next_at or services.now()) if said.every_hours else None
        stored.version += 1
        return kept(stored)


def get_feed(services: Services, actor: Actor, feed_id: str) -> Kept:
    """Return a catalog of the seller's; ``FeedNotFoundError``."""
    with services.database.reading() as session:
        return kept(own(session, actor, feed_id))


def all_feeds(services: Services, actor: Actor) -> tuple[Kept, ...]:
    """Return the seller's catalogs, the oldest first."""
    query = select(CatalogFeed).where(CatalogFeed.seller_id == actor.seller_id)
    with services.database.reading() as session:
        return tuple(kept(one) for one in session.scalars(query.order_by(CatalogFeed.created_at, CatalogFeed.id)))


def find(services: Services, actor: Actor, channel: str, market: str, language: str, kind: str = "") -> Kept | None:
    """Return the first catalog of the seller's for a channel, market and language."""
    for one in all_feeds(services, actor):
        if (one.channel, one.market, one.language) == (channel, market, language) and kind in {"", one.kind}:
            return one
    return None


def remove(services: Services, actor: Actor, feed_id: str) -> None:
    """Delete a catalog with its rows, its history and its address; the files go with it."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        stored = own(session, actor, feed_id, lock=True)
        runs = select(CatalogRun.id).where(CatalogRun.feed_id == feed_id)
        session.execute(delete(CatalogChange).where(CatalogChange.run_id.in_(runs)))
        session.execute(delete(CatalogListing).where(CatalogListing.feed_id == feed_id))
        session.execute(delete(PushRow).where(PushRow.feed_id == feed_id))
        session.execute(delete(Push).where(Push.feed_id == feed_id))
        session.execute(delete(CatalogRun).where(CatalogRun.feed_id == feed_id))
        session.delete(stored)
        audit.note(session, actor, services.now(), "catalog.removed", feed_id)
    folder = services.settings.data_dir / "catalogs" / feed_id
    if folder.is_dir():
        for file in folder.iterdir():
            file.unlink(missing_ok=True)
        folder.rmdir()


# -- the address ---------------------------------------------------------------------------------------------------
def open_address(services: Services, actor: Actor, feed_id: str) -> Kept:
    """Give out a new address for a catalog; one that was given out before opens nothing any more."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        stored = own(session, actor, feed_id, lock=True)
        stored.serial, stored.is_open = stored.serial + 1, True
        audit.note(session, actor, services.now(), "catalog.opened", feed_id, serial=stored.serial)
        return kept(stored)


def close_address(services: Services, actor: Actor, feed_id: str) -> Kept:
    """Take the address of a catalog back."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        stored = own(session, actor, feed_id, lock=True)
        stored.is_open = False
        audit.note(session, actor, services.now(), "catalog.closed", feed_id, serial=stored.serial)
        return kept(stored)


def token_of(services: Services, found: Kept) -> str | None:
    """Return what stands in the address of a catalog: its id and the count of addresses, signed by the shop."""
    return _token(services, found.id, found.serial) if found.is_open else None


def opened(services: Services, token: str) -> Kept:
    """Return the catalog that an address opens; ``FeedOverError``."""
    feed_id, _, rest = token.partition(".")
    serial = rest.partition(".")[0]
    if not serial.isascii() or not serial.isdigit() or len(serial) > len(str(2**31)):
        raise FeedOverError(token)
    if not hmac.compare_digest(token.encode("utf-8", "replace"), _token(services, feed_id, int(serial)).encode()):
        raise FeedOverError(token)
    with services.database.reading() as session:
        stored = session.get(CatalogFeed, feed_id)
        if stored is None or not stored.is_open or stored.serial != int(serial) or stored.file is None:
            raise FeedOverError(token)
        return kept(stored)


def _token(services: Services, feed_id: str, serial: int) -> str:
    said = f"catalog:{feed_id}:{serial}".encode("utf-8", "replace")
    mac = hmac.new(services.settings.secret().encode(), said, hashlib.sha256).digest()
    return f"{feed_id}.{serial}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


# -- what may be kept ----------------------------------------------------------------------------------------------
def checked(services: Services, actor: Actor, said: Said) -> Said:
    """Return what may be kept, with the usual kind of file where none was said; ``RequestError``."""
    try:
        taken = format_of(said.channel)
    except PluginError:
        problem = RequestProblem("/channel", "catalog.channel", {"known": ", ".join(sorted(formats()))})
        raise RequestError([*said.problems, problem]) from None
    said = replace(said, kind=said.kind or next(iter(taken.kinds)))
    found = [*said.problems, *_of_place(services, said, taken), *_of_choices(services, actor, said, taken)]
    found += _of_agreed(said.settings.agreed, taken)
    if found:
        raise RequestError(found)
    return said


def _of_place(services: Services, said: Said, taken: CatalogFormat) -> Iterator[RequestProblem]:
    channel = channels()[taken.channel]
    if said.market not in services.rulebook.destinations or not channel.serves(said.market):
        yield RequestProblem("/market", "catalog.market", {"market": said.market[:8], "channel": said.channel})
    if not known(said.language):
        yield RequestProblem("/language", "catalog.language", {"language": said.language[:20]})
    elif channel.languages and said.language.partition("-")[0] not in channel.languages:
        yield RequestProblem("/language", "catalog.language_of", {"known": ", ".join(channel.languages)})


def _of_agreed(agreed: Mapping[str, str], taken: CatalogFormat) -> Iterator[RequestProblem]:
    if unknown := sorted(agreed.keys() - set(taken.settled)):
        names = {"names": ", ".join(unknown)[:_SHOWN], "known": ", ".join(taken.settled) or "—"}
        yield RequestProblem("/agreed", "catalog.agreed", names)
    if any(len(value) > _LONGEST_AGREED for value in agreed.values()):
        yield RequestProblem("/agreed", "text.too_long", {"limit": str(_LONGEST_AGREED)})


def _of_choices(services: Services, actor: Actor, said: Said, taken: CatalogFormat) -> Iterator[RequestProblem]:
    settings = said.settings
    for pointer, value, words in (
        ("/kind", said.kind, tuple(taken.kinds)),
        ("/charges", settings.charges, taken.charges),
        ("/estimates", settings.estimates, ESTIMATES),
    ):
        if value not in words:
            yield RequestProblem(pointer, "catalog.word", {"known": ", ".join(words)})
    if not _is_link(settings.link):
        yield RequestProblem("/link", "catalog.link")
    if not 0 <= settings.packing_grams <= _MOST_PACKING:
        yield RequestProblem("/packing_grams", "number.range", {"limit": f"0-{_MOST_PACKING}"})
    if said.every_hours is not None and not 1 <= said.every_hours <= MAX_HOURS:
        yield RequestProblem("/every_hours", "number.range", {"limit": f"1-{MAX_HOURS}"})
    if not settings.card:
        if settings.charges == "shipping":
            yield RequestProblem("/card", "catalog.needs_card")
        return
    card = find_card(services, actor.seller_id, settings.card)
    if card is None:
        yield RequestProblem("/card", "catalog.card")
    elif card.service(settings.service) is None:
        yield RequestProblem("/service", "catalog.service", {"known": ", ".join(one.name for one in card.services)})


def link_of(template: str, *, key: str, sku: str, id_: str, market: str, language: str) -> str:
    """Return the address of a product's page.

    >>> link_of(
    ...     "https://t.example/{key}?v={sku}&l={language}", key="té rojo", sku="T/1", id_="", market="", language="es"
    ... )
    'https://t.example/t%C3%A9%20rojo?v=T%2F1&l=es'
    """
    said = {"key": key, "sku": sku, "id": id_, "market": market, "language": language}
    for name, text in said.items():
        template = template.replace(f"{{{name}}}", percent(text, safe=""))
    return template


def _is_link(link: str) -> bool:
    if (
        not link.startswith(("https://", "http://"))
        or len(link) > _LONGEST_LINK
        or not {"{key}", "{sku}", "{id}"} & {f"{{{name}}}" for name in _LINK if f"{{{name}}}" in link}
    ):
        return False
    host, _, path = link.partition("://")[2].partition("/")
    for name in _LINK:
        path = path.replace(f"{{{name}}}", "x")
    is_plain = not any(sign in f"{host}{path}" for sign in '{}<>"\\^`| \t\r\n')
    return bool(host) and is_plain and any(f"{{{name}}}" in link for name in ("key", "sku", "id"))


def _site(found: Kept) -> str:
    scheme, _, rest = found.settings.link.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


# -- inside a transaction of the caller ----------------------------------------------------------------------------
def own(session: Session, actor: Actor, feed_id: str, *, lock: bool = False) -> CatalogFeed:
    """Return a row of the seller's own; another's is not there."""
    query = select(CatalogFeed).where(CatalogFeed.id == feed_id, CatalogFeed.seller_id == actor.seller_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise FeedNotFoundError(feed_id)
    return found


def kept(stored: CatalogFeed) -> Kept:
    """Return a catalog as it is kept."""
    names = Settings.__dataclass_fields__
    settings: dict[str, Any] = {name: value for name, value in stored.settings.items() if name in names}
    return Kept(
        stored.id,
        stored.channel,
        stored.market,
        stored.language,
        stored.kind,
        Settings(**settings),
        stored.version,
        stored.created_at,
        stored.is_open,
        stored.serial,
        stored.every_hours,
        stored.next_at,
        stored.run_id,
        stored.file,
        stored.etag,
        stored.changed_at,
    )
