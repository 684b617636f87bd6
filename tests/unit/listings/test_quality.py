"""The score of a listing: each rule by itself, its points, and that mending what is proposed never lowers it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from landed_cost import load_rulebook
from landed_cost.model import Place
from listings.channels import STATUSES, Market, channels
from listings.model import Listing
from listings.quality import FULL, Quality, codes, quality, worths
from listings.standing import Standing, standing

ON = date(2026, 11, 27)
MERCADOLIBRE = channels()["mercadolibre_global"]
BRAZIL = Market.of("BR")
READY = Standing("ready")
Json = dict[str, Any]


def usd(amount: str) -> Json:
    """Return an amount in dollars."""
    return {"amount": amount, "currency": "USD"}


def photos(count: int, side: int = 900, alt: str = "A cup") -> list[Json]:
    """Return some photos that were kept."""
    return [{"id": f"{number:064x}", "width": side, "height": side, "alt": alt} for number in range(count)]


# Nothing to mend: six photos, a code that a broker looked at, a price above the cost, English as the channel asks.
FLAWLESS: Json = {
    "key": "cup",
    "title": "Personalised enamel cup, 350 ml",
    "description": "An enamelled steel cup of 350 ml with a name of up to twelve letters, painted by hand. " * 2,
    "language": "en",
    "photos": photos(6),
    "hs_code": "732394",
    "hs_evidence": {"by": "broker"},
    "origin": "MX",
    "origin_evidence": "declared",
    "weight": {"value": "180", "unit": "g"},
    "dimensions": {"length": "12", "width": "10", "height": "9"},
    "price": {"price": usd("18"), "cost": usd("7")},
    "aftercare": {"returns_days": 30, "contact": "hola@example.mx"},
}
PAPER = {"kind": "br.anvisa", "expires_on": "2026-11-26"}
INTRODUCTORY = {"price": usd("12"), "starts_on": "2026-11-01", "ends_on": "2026-11-26"}
FAULTS: dict[str, tuple[Json, Standing]] = {
    "photos.absent": ({"photos": []}, READY),
    "photos.few": ({"photos": photos(5)}, READY),
    "photos.alt": ({"photos": photos(6, alt=" ")}, READY),
    "hs.absent": ({"hs_code": None}, READY),
    "hs.short": ({"hs_code": "7323"}, READY),
    "hs.unconfirmed": ({"hs_evidence": {"by": "import"}}, READY),
    "law.unknown": ({}, Standing("unknown")),
    "law.blocked": ({}, Standing("blocked", ({"en": "Not let in.", "es": "", "pt": ""},))),
    "law.asks": ({}, Standing("asks")),
    "law.needs": ({}, Standing("needs")),
    "price.absent": ({"price": {}}, READY),
    "price.below_cost": ({"price": {"price": usd("6.99"), "cost": usd("7")}}, READY),
    "price.currency": ({"price": {"price": {"amount": "99", "currency": "BRL"}}}, READY),
    "price.introductory_over": ({"markets": [{"market": "BR", "introductory": INTRODUCTORY}]}, READY),
    "title.too_long": ({"title": "x" * 61}, READY),
    "title.short": ({"title": "x" * 14}, READY),
    "description.absent": ({"description": "  "}, READY),
    "description.short": ({"description": "x" * 79}, READY),
    "language.other": ({"language": "es"}, READY),
    "weight.absent": ({"weight": None}, READY),
    "weight.size_absent": ({"dimensions": None}, READY),
    "origin.absent": ({"origin": None}, READY),
    "origin.unproven": ({"origin_evidence": "none"}, READY),
    "returns.absent": ({"aftercare": {"contact": "hola@example.mx"}}, READY),
    "returns.contact": ({"aftercare": {"returns": "30 days"}}, READY),
    "certificates.expired": ({"certificates": [PAPER]}, READY),
    "certificates.ending": ({"certificates": [PAPER | {"expires_on": "2026-12-31"}]}, READY),
}
# What this channel has no limit for.
ELSEWHERE: dict[str, tuple[str, str, Json]] = {
    "photos.small": ("meta", "US", {"photos": photos(6, side=499)}),
    "description.too_long": ("meta", "US", {"description": "x" * 5001}),
}


def listing(**more: Any) -> Listing:
    """Return the flawless listing, with some fields replaced."""
    return Listing.model_validate_json(to_json(FLAWLESS | more))


def judged(found: Listing, law: Standing = READY) -> Quality:
    """Return its quality for selling to Brazil from abroad."""
    return quality(found, MERCADOLIBRE, BRAZIL, ON, law)


def test_a_listing_without_a_fault_has_a_hundred() -> None:
    """Every subject gives all it is worth, and there is nothing to mend."""
    found = judged(listing())

    assert (found.score, found.faults, found.next) == (100, (), None)
    assert sum(worths().values()) == FULL


@pytest.mark.parametrize("code", FAULTS)
def test_each_fault_is_told_alone_and_costs_its_points(code: str) -> None:
    """One thing wrong: one reason, its points, and sentences without holes in the three languages."""
    more, law = FAULTS[code]
    found = judged(listing(**more), law)

    assert [(one.code, one.points) for one in found.faults] == [(code, codes()[code])]
    assert found.score == FULL - codes()[code]
    for language in ("es", "pt", "en"):
        assert "{" not in found.faults[0].reason(language) + found.faults[0].action(language)


@pytest.mark.parametrize("code", ELSEWHERE)
def test_each_limit_of_other_channels_is_told(code: str) -> None:
    """A photo of 499 pixels and a text of 5001 characters are one too few and one too many for Meta."""
    channel, market, more = ELSEWHERE[code]
    found = quality(listing(**more), channels()[channel], Market.of(market), ON, READY)

    assert [one.code for one in found.faults] == [code]


def test_every_fault_there_is_has_its_case() -> None:
    """A rule without a behaviour would be a sentence that nobody ever reads."""
    assert set(codes()) == {*FAULTS, *ELSEWHERE}


@pytest.mark.parametrize("count", [60, 61])
def test_a_limit_is_the_last_that_fits(count: int) -> None:
    """Sixty characters fit, sixty-one do not; a letter and its accent are one."""
    found = judged(listing(title="é" * count))

    assert [one.reason("en") for one in found.faults] == (
        [] if count == 60 else ["The title has 61 characters; 60 fit here."]
    )


def test_an_introductory_price_counts_to_its_last_day() -> None:
    """On its last day it is the price; the day after, it is over."""
    last = [{"market": "BR", "introductory": INTRODUCTORY | {"ends_on": "2026-11-27"}}]

    assert judged(listing(markets=last)).faults == ()


def test_a_text_of_the_markets_own_speaks_its_language() -> None:
    """A master text in Spanish is no fault where the market has title and text of its own."""
    own: list[Json] = [{"market": "BR", "language": "en", "title": "A cup for you alone", "description": "x" * 100}]

    assert judged(listing(language="es", markets=own)).faults == ()
    assert [one.code for one in judged(listing(language="es", markets=[own[0] | {"description": None}])).faults] == [
        "language.other"
    ]


def test_each_variant_is_sold_and_weighed() -> None:
    """One variant without a price, another without a weight: both are missing, though the rest have them."""
    two = listing(
        price={},
        weight=None,
        variants=[
            {"sku": "S", "price": usd("9"), "weight": {"value": "1", "unit": "kg"}},
            {"sku": "M", "price": usd("0"), "weight": {"value": "0", "unit": "kg"}},
        ],
    )

    assert [one.code for one in judged(two).faults] == ["price.absent", "weight.absent"]


@pytest.mark.parametrize("kind", ["digital", "service"])
def test_what_crosses_no_border_is_not_asked_for_a_code(kind: str) -> None:
    """Code, law, weight and origin are not asked, and are shown as such."""
    found = judged(listing(kind=kind, hs_code=None, origin=None, weight=None, dimensions=None), Standing("unknown"))

    assert found.score == FULL
    assert [one.subject for one in found.parts if not one.asked] == ["hs", "law", "weight", "origin"]


def test_without_a_market_nothing_of_a_market_is_held_against_it() -> None:
    """Which language or currency is wrong cannot be said of everywhere."""
    found = quality(
        listing(language="es", price={"price": {"amount": "9", "currency": "MXN"}}), channels()["google"], None, ON
    )

    assert found.faults == ()


# Which fields mend a subject.
MENDS = {
    "photos": ("photos",),
    "hs": ("hs_code", "hs_evidence"),
    "price": ("price", "markets"),
    "title": ("title",),
    "description": ("description",),
    "language": ("language",),
    "weight": ("weight", "dimensions"),
    "origin": ("origin", "origin_evidence"),
    "returns": ("aftercare",),
    "certificates": ("certificates",),
}


@given(st.lists(st.sampled_from([code for code in FAULTS if not code.startswith("law.")]), unique=True))
def test_mending_what_is_proposed_never_lowers_the_score(wrong: list[str]) -> None:
    """From any mixture of faults, step by step up to a hundred, the law asked anew each time."""
    broken: Json = dict(FLAWLESS)
    for code in wrong:
        broken |= FAULTS[code][0]
    rulebook, scores, found = load_rulebook(), [], judged(listing())
    for _ in range(len(wrong) + 1):
        now = Listing.model_validate_json(to_json(broken))
        found = judged(now, standing(now, Place("MX"), Place("BR"), rulebook, ON))
        scores.append(found.score)
        mendable = [one for one in found.faults if one.subject in MENDS]
        if not mendable:
            break
        for name in MENDS[mendable[0].subject]:
            broken.pop(name, None)
            if name in FLAWLESS:
                broken[name] = FLAWLESS[name]

    assert scores == sorted(scores)
    assert [one for one in found.faults if one.subject in MENDS] == []


def test_the_law_of_a_market_is_asked_for_goods_that_are_known() -> None:
    """Cheese of Nicaragua to the United States: papers or answers are missing; without a code nothing can be said."""
    cheese = listing(title="Queso morolique duro", hs_code="040690", origin="NI")
    rulebook = load_rulebook()

    asked = [
        standing(one, Place("NI"), Place("US"), rulebook, ON).status
        for one in (cheese, listing(hs_code=None), listing(hs_code="0406"), listing(origin=None))
    ]

    assert asked == ["asks", "unknown", "unknown", "unknown"]


def test_every_limit_has_a_source_and_a_day() -> None:
    """A limit that nobody can look up is nobody's."""
    limits = [one for channel in channels().values() for one in channel.limits]

    assert {one.status for one in limits} <= set(STATUSES)
    assert [one for one in limits if not one.source or one.since > ON] == []


def test_a_limit_holds_from_its_first_day_in_its_markets() -> None:
    """Three hundred characters in Brazil, 255 in the United States, and none before anybody read it."""
    tiktok = channels()["tiktok"]

    assert [
        tiktok.limit("title", "BR", ON),
        tiktok.limit("title", "US", ON),
        tiktok.limit("title", "AR", ON),
        tiktok.limit("title", "BR", date(2026, 11, 22)),
        channels()["amazon"].limit("title", "MX", date(2025, 1, 21)),
        channels()["amazon"].limit("title", "MX", date(2025, 1, 20)),
    ] == [300, 255, None, None, 200, None]
    assert [tiktok.serves("BR"), tiktok.serves("AR"), tiktok.serves(None), channels()["google"].serves("AR")] == [
        True,
        False,
        True,
        True,
    ]


def test_of_a_country_where_nobody_trades_nothing_is_asked() -> None:
    """Antarctica has neither currency nor official language: neither is held against a listing."""
    assert Market.of("AQ") == Market("AQ", None, ())
    assert quality(listing(language="es"), channels()["google"], Market.of("AQ"), ON).faults == ()
