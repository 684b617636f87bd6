"""What the pages of listings show beside the form: scores, what to mend, history, and prices at doors abroad."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from flask import url_for

from landed_cost.model import Place
from landed_cost.rulebook.attributes import attributes
from listings.changes import ABSENT
from listings.channels import Channel, channels
from listings.model import Money
from listings.quality import Names, Quality, Said, Tongue, plainly
from listings.shipment import NoPriceError, NotGoodsError, Sale, request_of
from listings.standing import standing
from shopkit.models import User
from shopkit.services import pricing, qualities, quotes
from shopkit.services.companies import get_company
from shopkit.services.problems import RequestError
from shopkit.web import choices, filling, listing_form
from shopkit.web.comparing import Row, row_of
from shopkit.web.forms import Form, read_figure
from shopkit.web.language import N_
from shopkit.web.listing_cells import CHOICES, GROUPS, Group

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from werkzeug.datastructures import MultiDict

    from landed_cost.model import Channel as Way
    from listings.changes import Change
    from listings.model import Listing
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.listings import Kept, Saved
    from translations.ui import Speech

Json = dict[str, Any]
Options = tuple[tuple[str, str], ...]
# The cell at which a fault is mended.
AT: Final = {
    "photos": "photo",
    "attributes": "law",
    "certificates": "certificates",
    "markets": "markets",
    "dimensions": "length",
    "aftercare": "returns_days",
}
FIRST_DOORS: Final = ("US", "MX", "CA", "ES", "BR", "CL")
MOST_DOORS: Final = 12
WAYS: Final = ("courier", "postal")
_VIA: Final = {
    "web": N_("on the page"),
    "api": N_("by a program"),
    "key": N_("by a program"),
    "import": N_("by an import"),
    "undo": N_("taken back"),
    "cli": N_("on the command line"),
    "demo": N_("as a sample"),
}
_LONG: Final = 160


@dataclass(frozen=True, slots=True)
class Line:
    """A listing in the table."""

    kept: Kept
    photo: str | None
    alt: str
    score: int
    next: str | None
    price: Money | None
    markets: tuple[str, ...]
    skus: int


@dataclass(frozen=True, slots=True)
class Look:
    """How good a listing is for the market and channel that was chosen, and what the law there still asks."""

    market: str | None
    market_name: str
    channel: Channel
    quality: Quality
    faults: tuple[tuple[int, str, str, str], ...]
    scores: tuple[tuple[str | None, str, int], ...]
    markets: Options
    channels: Options
    questions: tuple[tuple[str, str, Options], ...]


@dataclass(frozen=True, slots=True)
class Doors:
    """What one piece comes to at each destination that was chosen, and what each still asks."""

    rows: tuple[Row, ...]
    without: tuple[Row, ...]
    asked: tuple[tuple[str, tuple[tuple[str, str | None, str], ...]], ...]
    chosen: tuple[str, ...]
    destinations: Options
    skus: tuple[str, ...]
    sku: str | None
    way: str
    ways: Options
    trouble: str | None
    # What one piece sells for in each destination, what is left of that, and the page that reckons it through.
    prices: Mapping[str, str]
    left: Mapping[str, tuple[str, str]]
    pages: Mapping[str, str]
    form: Form
    currency: str


def say(speech: Speech) -> Any:  # noqa: ANN401  # a function for sentences
    """Return how parameters of a fault are written for this reader."""

    def said(value: Said, language: str) -> str:
        if isinstance(value, Money):
            return speech.money(value.amount, value.currency)
        if isinstance(value, Tongue):
            names = [speech.locale.languages.get(one.partition("-")[0], one) for one in value.codes]
            return ", ".join(dict.fromkeys(names))
        if isinstance(value, date):
            return speech.day(value)
        return speech.written(plainly(value, language)) if isinstance(value, Names) else plainly(value, language)

    return said


def rows(services: Services, who: Actor, kept: Iterable[Kept], speech: Speech) -> list[Line]:
    """Return the table of listings, each with its score for the own page and what to mend next."""
    home = qualities.home_of(services, who)
    found = []
    for one in kept:
        listing = one.listing
        judged = qualities.judge(services, listing, home).quality
        first = listing.photos[0] if listing.photos else None
        then = judged.next
        found.append(
            Line(
                one,
                None if first is None else first.id,
                "" if first is None else first.alt,
                judged.score,
                None if then is None else then.action(speech.language, say(speech)),
                listing.price_of(listing.variants[0] if listing.variants else None),
                tuple(
                    choices.country_name(o.market, speech) for o in listing.markets if o.included and o.market != "*"
                ),
                len(listing.variants),
            )
        )
    return found


def look(services: Services, who: Actor, kept: Kept, asked: Mapping[str, str], speech: Speech) -> Look:
    """Return how good a listing is for the market and channel in the address."""
    listing, home = kept.listing, qualities.home_of(services, who)
    rulebook, language = services.rulebook, speech.language
    market = asked.get("market", "")
    chosen = market if market in rulebook.destinations else None
    channel = asked.get("channel", "") if asked.get("channel") in channels() else qualities.OWN_PAGE
    if not channels()[channel].serves(chosen):
        channel = qualities.OWN_PAGE
    (judged,) = (one.quality for one in qualities.judge_shown(services, who, [kept], home, chosen, channel))
    own = [one.market for one in listing.markets if one.included and one.market in rulebook.destinations]
    scores = [
        (one, choices.country_name(one, speech), judged_there.quality.score)
        for one in own
        for judged_there in qualities.judge_shown(services, who, [kept], home, one)
    ]
    return Look(
        chosen,
        "" if chosen is None else rulebook.destinations[chosen].name[language],
        channels()[channel],
        judged,
        tuple(
            (one.points, one.reason(language, say(speech)), one.action(language, say(speech)), AT.get(one.at, one.at))
            for one in judged.faults
        ),
        tuple(scores),
        choices.destinations(rulebook, speech),
        tuple((name, one.label[language]) for name, one in channels().items()),
        _questions(services, listing, home, [*own, *([chosen] if chosen else [])], speech),
    )


def _questions(
    services: Services, listing: Listing, home: Place, markets: Sequence[str], speech: Speech
) -> tuple[tuple[str, str, Options], ...]:
    """Return what the law of the markets asks of the goods, and what was answered already: name, question, answers."""
    names = dict.fromkeys(one for one in listing.attributes if one in attributes())
    if listing.kind == "goods":
        for market in dict.fromkeys(markets):
            found = standing(listing, home, Place(market), services.rulebook, services.today(market))
            names |= dict.fromkeys(found.questions)
    return tuple(
        (
            name,
            attributes()[name].question[speech.language],
            tuple((value, label[speech.language]) for value, label in attributes()[name].values.items()),
        )
        for name in names
    )


def written(form: Form, name: str, known: Options) -> Options:
    """Return the languages to choose from, with the one that was said elsewhere: saving a form loses no ``es-MX``."""
    said = form.value(name)
    return known if not said or said in dict(known) else (*known, (said, said))


def cells(speech: Speech) -> dict[str, Options]:
    """Return what may be chosen in the cells of choice."""
    translate = speech.sentences.gettext
    return {name: tuple((code, translate(label)) for code, label in known.items()) for name, known in CHOICES.items()}


def groups(form: Form) -> dict[str, tuple[Group, int]]:
    """Return the groups of rows by name, each with how many rows the form has."""
    return {group.name: (group, listing_form.rows(form, group)) for group in GROUPS}


# -- history ------------------------------------------------------------------------------------------------------
def clashes(found: Iterable[Change], speech: Speech) -> list[tuple[str, str, str]]:
    """Return what two people changed to something else: field, theirs, ours."""
    return [
        (listing_form.label_of_path(one.path, speech), shown(one.before, speech), shown(one.after, speech))
        for one in found
    ]


def entries(services: Services, saved: Iterable[Saved], speech: Speech) -> list[Json]:
    """Return a listing's history for the page: when, by whom, through which door, and each field before and after."""
    found = list(saved)
    with services.database.reading() as session:
        names = {
            one: user.name
            for one in {entry.user_id for entry in found if entry.user_id}
            if (user := session.get(User, one)) is not None
        }
    translate = speech.sentences.gettext
    return [
        {
            "id": one.id,
            "version": one.version,
            "day": speech.day(one.at.date()),
            "time": one.at.strftime("%H:%M"),
            "by": names.get(one.user_id or ""),
            "via": translate(_VIA.get(one.via.partition(":")[0], _VIA["api"])),
            "changes": [
                (
                    listing_form.label_of_path(change.path, speech),
                    shown(change.before, speech),
                    shown(change.after, speech),
                )
                for change in one.changes
            ],
            "first": one.version == 1,
        }
        for one in found
    ]


def shown(value: Any, speech: Speech) -> str:  # noqa: ANN401  # JSON
    """Return a value of a listing as a reader sees it: money, weights and lists in words, long texts cut."""
    if value is ABSENT or value in (None, "", [], {}):
        return "–"
    if isinstance(value, bool):
        return speech.sentences.gettext(N_("Yes") if value else N_("No"))
    if isinstance(value, dict):
        return _mapping(value, speech)
    return _cut(", ".join(shown(one, speech) for one in value) if isinstance(value, list) else str(value))


def _mapping(value: Json, speech: Speech) -> str:
    if set(value) == {"amount", "currency"}:
        return speech.money(value["amount"], value["currency"])
    if set(value) == {"value", "unit"}:
        return f"{speech.number(value['value'])} {value['unit']}"
    if {"id", "width", "height"} <= set(value):
        # A photo is told by what it shows; its name is a hash.
        return str(value.get("alt") or f"{value['width']} × {value['height']}")
    return "; ".join(f"{name}: {shown(one, speech)}" for name, one in value.items())


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else text[: _LONG - 1].rstrip() + "…"


# -- doors --------------------------------------------------------------------------------------------------------
def doors(services: Services, who: Actor, kept: Kept, asked: MultiDict[str, str], speech: Speech) -> Doors:
    """Return what one piece of a listing comes to at the destinations in the address, cheapest first."""
    listing, home, rulebook = kept.listing, qualities.home_of(services, who), services.rulebook
    skus = tuple(one.sku for one in listing.variants)
    sku = asked.get("sku") if asked.get("sku") in skus else (skus[0] if skus else None)
    own = tuple(one.market for one in listing.markets if one.included and one.market in rulebook.destinations)
    usual = own or tuple(one for one in FIRST_DOORS if one != home.country)
    given = tuple(one for one in asked.getlist("to") if one in rulebook.destinations)
    chosen = (given or usual)[:MOST_DOORS]
    way: Way = "postal" if asked.get("way") == "postal" else "courier"
    trouble: str | None = None
    found: list[Row] = []
    prices: dict[str, str] = {}
    left: dict[str, tuple[str, str]] = {}
    pages: dict[str, str] = {}
    wants = []
    currency = get_company(services, who).currency
    form, more = _freight(asked, currency, speech)
    for country in chosen:
        sale = Sale(home, Place(country), services.today(country), sku=sku, channel=way, more=more)
        try:
            request = request_of(listing, sale) | {"save": False}
        except NoPriceError:
            trouble = speech.sentences.gettext(N_("Say the price of one first: without it nothing can be added up."))
            break
        except NotGoodsError:
            trouble = speech.sentences.gettext(
                N_("Nothing is sent, so no customs is passed: there is nothing to add up.")
            )
            break
        price = listing.price_of(None if sku is None else listing.variant(sku), country, sale.on)
        prices[country] = "" if price is None else speech.money(price.amount, price.currency)
        cost = _cost(listing, sku)
        pages[country] = _pricing_page(request, cost, currency, speech)
        entry: quotes.Answer | RequestError
        try:
            entry = quotes.answer(services, request)
        except RequestError as error:
            entry = error
        found.append(row_of(country, entry, rulebook, speech))
        if cost is not None and isinstance(entry, quotes.Answer):
            told = _left(services, request, cost, currency, speech)
            left |= {country: told} if told else {}
        if isinstance(entry, quotes.Answer):
            wants.append((found[-1].name, tuple(_wants(entry.read(speech.language), speech))))
    translate = speech.sentences.gettext
    return Doors(
        rows=tuple(one for one in found if one.outcome != "refused"),
        without=tuple(one for one in found if one.outcome == "refused"),
        asked=tuple((name, said) for name, said in wants if said),
        chosen=chosen,
        destinations=choices.destinations(rulebook, speech),
        skus=skus,
        sku=sku,
        way=way,
        ways=tuple((one, translate(choices.CHANNELS[one])) for one in WAYS),
        trouble=trouble,
        prices=prices,
        left=left,
        pages=pages,
        form=form,
        currency=currency,
    )


def _cost(listing: Listing, sku: str | None) -> Money | None:
    """Return what a piece costs the seller: the variant's own, else the listing's."""
    variant = None if sku is None else listing.variant(sku)
    return (variant and variant.cost) or listing.price.cost


def _freight(asked: MultiDict[str, str], currency: str, speech: Speech) -> tuple[Form, Json]:
    """Return the form with the freight in the address, and what a quote is told of it: nothing where none is given."""
    form = Form()
    form.put("freight", asked.get("freight", "").strip()[:40])
    text = read_figure(form, "freight", speech)
    return form, {} if text is None else {"freight": {"amount": text, "currency": currency}}


def _pricing_page(request: Json, cost: Money | None, currency: str, speech: Speech) -> str:
    """Return the address of the page that says what is left of a price, with all that the listing says filled in."""
    form = filling.fill(request, speech)
    form.put("own", currency)
    if cost is not None and cost.currency == currency:
        form.put("cost_unit", filling.typed(cost.amount, speech))
    said: Json = {name: texts for name, texts in form.values.items() if any(texts)}
    return url_for("web.ask_price", **said, do="ask")


def _left(services: Services, request: Json, cost: Money, currency: str, speech: Speech) -> tuple[str, str] | None:
    """Return what is left of one piece, in the seller's own currency and as a share; nothing where none can be told."""
    costs = [{"name": "cost", "per": "unit", "amount": cost.model_dump(mode="json")}]
    try:
        found = pricing.ask(services, {"quote": request, "currency": currency, "costs": costs}, speech.language)
    except RequestError:
        return None
    if found["in_hand"] is None or found["margin_percent"] is None:
        return None
    low, high = (speech.money(found["in_hand"][end], currency) for end in ("low", "high"))
    share = speech.percent(Decimal(found["margin_percent"]["amount"]) / 100)
    return low if low == high else f"{low} – {high}", share


def _wants(quote: Json, speech: Speech) -> Iterable[tuple[str, str | None, str]]:
    """Find what a market forbids, asks or advises: in words, what to do, and how grave."""
    for one in quote["restrictions"]:
        action = one["action"]
        yield speech.written(one["message"]), None if action is None else speech.written(action), one["severity"]
