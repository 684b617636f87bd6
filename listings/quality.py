"""How good a listing is for a market and a channel: points, what costs them, and what to mend first.

A hundred points are shared out over subjects (``listings/data/quality.yaml``); of each subject the first fault that is
found costs its points. Faults of a subject are looked for from the dearest down, and whether one subject is in order
never hangs on another's being wrong: so mending what is proposed never lowers the score. What cannot be judged for a
market that was not named is not held against the listing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from landed_cost.rulebook.reader import read_text
from listings.model import Money
from listings.shipment import dimensions_of, weight_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from landed_cost.rulebook.reader import Node
    from listings.channels import Channel, Market
    from listings.model import Listing, Override
    from listings.standing import Standing

FULL: Final = 100
SHORT_TITLE: Final = 15
SHORT_DESCRIPTION: Final = 80
HS_DIGITS: Final = 6
SOON: Final = timedelta(days=60)
_NAMES_SHOWN: Final = 2
_PARAMETER: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language as a parameter of a sentence, so that a page can call it by its name."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What stands in the way, in three languages each; the first two are said."""

    texts: tuple[Mapping[str, str], ...]


Said = str | int | date | Money | Tongue | Names


def plainly(value: Said, language: str) -> str:
    """Return a parameter as a program shows it: codes, days as YYYY-MM-DD."""
    if isinstance(value, Money):
        return f"{value.amount} {value.currency}"
    if isinstance(value, Tongue):
        return ", ".join(value.codes)
    if isinstance(value, Names):
        shown = [one[language].rstrip(".") for one in value.texts[:_NAMES_SHOWN]]
        return "; ".join(shown) + (" …" if len(value.texts) > _NAMES_SHOWN else "")
    return str(value)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that costs points: in which subject, how many, and the field to mend."""

    code: str
    subject: str
    points: int
    at: str
    params: Mapping[str, Said] = field(default_factory=dict)

    def reason(self, language: str, say: Callable[[Said, str], str] = plainly) -> str:
        """Return what is wrong in ``es``, ``pt`` or ``en``; ``say`` writes days, money and languages."""
        return self._filled(_book()[self.subject].faults[self.code].reason[language], language, say)

    def action(self, language: str, say: Callable[[Said, str], str] = plainly) -> str:
        """Return what to do about it."""
        return self._filled(_book()[self.subject].faults[self.code].action[language], language, say)

    def _filled(self, text: str, language: str, say: Callable[[Said, str], str]) -> str:
        return _PARAMETER.sub(lambda match: say(self.params[match[1]], language), text)


@dataclass(frozen=True, slots=True)
class Part:
    """One subject: what it is worth and what of it was got; ``asked`` is false where it is not held against it."""

    subject: str
    label: Mapping[str, str]
    worth: int
    got: int
    asked: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """The score of a listing for a market (``None``: wherever) and channel, and all that it is made of."""

    score: int
    parts: tuple[Part, ...]
    faults: tuple[Fault, ...]

    @property
    def next(self) -> Fault | None:
        """What gains most when it is mended."""
        return self.faults[0] if self.faults else None


@dataclass(frozen=True, slots=True)
class _Rule:
    points: int
    at: str
    reason: Mapping[str, str]
    action: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Subject:
    label: Mapping[str, str]
    goods: bool
    faults: Mapping[str, _Rule]

    @property
    def worth(self) -> int:
        return max(one.points for one in self.faults.values())


@dataclass(frozen=True, slots=True)
class _Case:
    """What is judged: a listing as it is shown in a market through a channel on a day."""

    listing: Listing
    channel: Channel
    market: Market | None
    on: date
    standing: Standing | None

    @property
    def override(self) -> Override | None:
        return None if self.market is None else self.listing.override(self.market.country)

    @property
    def title(self) -> str:
        own = self.override and self.override.title
        return unicodedata.normalize("NFC", own or self.listing.title)

    @property
    def description(self) -> str:
        own = self.override and self.override.description
        return unicodedata.normalize("NFC", own or self.listing.description).strip()

    def limit(self, name: str) -> int | None:
        return self.channel.limit(name, None if self.market is None else self.market.country, self.on)


Found = tuple[str, "dict[str, Said]"]


def quality(
    listing: Listing, channel: Channel, market: Market | None, on: date, standing: Standing | None = None
) -> Quality:
    """Return how good a listing is; ``standing`` is what the law of the market says of it, if that was asked."""
    case = _Case(listing, channel, market, on, standing)
    parts, faults = [], []
    for name, subject in _book().items():
        asked = listing.kind == "goods" or not subject.goods
        found = next(_JUDGES[name](case), None) if asked else None
        lost = 0
        if found is not None:
            code, params = found
            rule = subject.faults[code]
            lost = rule.points
            faults.append(Fault(code, name, lost, rule.at, params))
        parts.append(Part(name, subject.label, subject.worth, subject.worth - lost, asked))
    faults.sort(key=lambda one: -one.points)
    return Quality(sum(one.got for one in parts), tuple(parts), tuple(faults))


# -- subjects: each tells its faults from the dearest down ----------------------------------------------------------
def _photos(case: _Case) -> Iterator[Found]:
    photos = case.listing.photos
    if not photos:
        yield "photos.absent", {}
        return
    first, side, fewest = photos[0], case.limit("side"), case.limit("photos")
    if side is not None and min(first.width, first.height) < side:
        yield "photos.small", {"width": first.width, "height": first.height, "limit": side}
    if fewest is not None and len(photos) < fewest:
        yield "photos.few", {"count": len(photos), "limit": fewest}
    if not all(one.alt.strip() for one in photos):
        yield "photos.alt", {}


def _hs(case: _Case) -> Iterator[Found]:
    code, evidence = case.listing.hs_code, case.listing.hs_evidence
    if code is None:
        yield "hs.absent", {}
    elif len(code) < HS_DIGITS:
        yield "hs.short", {"length": len(code)}
    elif evidence is None or evidence.by == "import":
        yield "hs.unconfirmed", {}


def _law(case: _Case) -> Iterator[Found]:
    found = case.standing
    if found is None or found.status == "ready":
        return
    yield f"law.{found.status}", {"names": Names(found.names)}


def _price(case: _Case) -> Iterator[Found]:
    listing, override = case.listing, case.override
    country = None if case.market is None else case.market.country
    # Every piece that is sold needs one: of variants, the first without says what is missing.
    sold = listing.variants or (None,)
    prices = [listing.price_of(one, country, case.on) for one in sold]
    if any(one is None or not one.value for one in prices):
        yield "price.absent", {}
        return
    for variant, price in zip(sold, prices, strict=True):
        cost = (variant and variant.cost) or listing.price.cost
        if price is not None and cost is not None and cost.currency == price.currency and price.value < cost.value:
            yield "price.below_cost", {"price": price, "cost": cost}
    wanted = case.channel.currency
    if wanted == "market":
        wanted = None if case.market is None else case.market.currency
    strange = next((one for one in prices if one is not None and wanted not in {None, one.currency}), None)
    if strange is not None and wanted is not None:
        yield "price.currency", {"currency": strange.currency, "limit": wanted}
    first = None if override is None else override.introductory
    if first is not None and first.ends_on < case.on.isoformat():
        yield "price.introductory_over", {"day": date.fromisoformat(first.ends_on)}


def _title(case: _Case) -> Iterator[Found]:
    length, limit = len(case.title), case.limit("title")
    if limit is not None and length > limit:
        yield "title.too_long", {"length": length, "limit": limit, "over": length - limit}
    if length < SHORT_TITLE:
        yield "title.short", {"length": length}


def _description(case: _Case) -> Iterator[Found]:
    length, limit = len(case.description), case.limit("description")
    if not length:
        yield "description.absent", {}
    elif limit is not None and length > limit:
        yield "description.too_long", {"length": length, "limit": limit, "over": length - limit}
    elif length < SHORT_DESCRIPTION:
        yield "description.short", {"length": length}


def _language(case: _Case) -> Iterator[Found]:
    if case.market is None:
        return
    read = case.channel.languages or case.market.languages
    own = case.override
    # A text of the market's own is in the language it names; without a name, and without a text, it is the master's.
    written = case.listing.language
    if own is not None and own.title and (own.description or not case.listing.description):
        written = own.language or written
    if read and written.partition("-")[0] not in read:
        yield "language.other", {"language": Tongue((written,)), "limit": Tongue(read)}


def _weight(case: _Case) -> Iterator[Found]:
    sold = case.listing.variants or (None,)
    if any(weight_of(case.listing, one) is None for one in sold):
        yield "weight.absent", {}
    if any(dimensions_of(case.listing, one) is None for one in sold):
        yield "weight.size_absent", {}


def _origin(case: _Case) -> Iterator[Found]:
    if case.listing.origin is None:
        yield "origin.absent", {}
    elif case.listing.origin_evidence == "none":
        yield "origin.unproven", {}


def _returns(case: _Case) -> Iterator[Found]:
    after = case.listing.aftercare
    if not after.returns.strip() and after.returns_days is None:
        yield "returns.absent", {}
    if not after.contact.strip():
        yield "returns.contact", {}


def _certificates(case: _Case) -> Iterator[Found]:
    ending = sorted(
        (date.fromisoformat(one.expires_on), one.kind)
        for one in case.listing.certificates
        if one.expires_on is not None
    )
    if not ending:
        return
    day, name = ending[0]
    if day < case.on:
        yield "certificates.expired", {"name": name, "day": day}
    elif day <= case.on + SOON:
        yield "certificates.ending", {"name": name, "day": day}


_JUDGES: Final[Mapping[str, Callable[[_Case], Iterator[Found]]]] = {
    "photos": _photos,
    "hs": _hs,
    "law": _law,
    "price": _price,
    "title": _title,
    "description": _description,
    "language": _language,
    "weight": _weight,
    "origin": _origin,
    "returns": _returns,
    "certificates": _certificates,
}


# -- the rules as they are written ----------------------------------------------------------------------------------
@cache
def _book() -> Mapping[str, _Subject]:
    text = files("listings").joinpath("data/quality.yaml").read_text("utf-8")
    return {name: _subject(node) for name, node in read_text(text, "quality.yaml").map().items()}


def _subject(node: Node) -> _Subject:
    faults = {code: _rule(one) for code, one in node.need("faults").map().items()}
    found = _Subject(node.need("label").translated(), node.take("goods", lambda one: one.flag(), default=False), faults)
    node.done()
    return found


def _rule(node: Node) -> _Rule:
    found = _Rule(
        node.need("points").whole(),
        node.need("at").text(),
        node.need("reason").translated(),
        node.need("action").translated(),
    )
    node.done()
    return found


def codes() -> Mapping[str, int]:
    """Return every fault there is and what it costs."""
    return {code: rule.points for subject in _book().values() for code, rule in subject.faults.items()}


def worths() -> Mapping[str, int]:
    """Return every subject and what it is worth; together a hundred."""
    return {name: subject.worth for name, subject in _book().items()}
