"""The page of what changed: rows in the reader's words, whose they are, and what is said of days that are none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from listings.model import Listing
from shopkit.app import services_of
from shopkit.services import listings, quotes
from shopkit.services.keeping import keep
from tests.dashboards import furnish
from tests.shop import open_demo, shirts
from tests.unit.web.test_dashboard import enter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.app import Shop

PAGE = "/dashboard/changes"
# The day on which the forced-labour duty took the surcharge's place, and the day before.
DAYS = "since=2026-07-23&until=2026-07-24"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a shop with a T-shirt of Vietnam, one without a price, and a promised quote of two Mexican ones."""
    made = open_demo(tmp_path_factory.mktemp("shop"))
    of = services_of(made)
    who = furnish(of)
    shirt = {"key": "hanoi", "title": "Playera de Hanói", "hs_code": "610910", "origin": "VN"}
    price = {"price": {"price": {"amount": "400", "currency": "MXN"}}, "weight": {"value": "0.2", "unit": "kg"}}
    listings.create_listing(of, who, Listing.model_validate(shirt | price))
    listings.create_listing(of, who, Listing.model_validate(shirt | {"key": "sin", "title": "Playera sin precio"}))
    promised = quotes.answer(of, shirts(save=True))
    keep(of, [promised.row(who.seller_id)])
    yield made
    of.database.dispose()


def text_of(shop: Shop, who: str, query: str, status: int = 200) -> str:
    """Return the page without its line breaks."""
    answer = enter(shop, who).get(f"{PAGE}?{query}")
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.text)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ("Qué cambió", "Playera de Hanói", "Estados Unidos", "Productos revisados: 8", "no tiene precio")),
        ("pt", ("O que mudou", "Playera de Hanói", "Estados Unidos", "Produtos verificados: 8", "não tem preço")),
        ("en", ("What changed", "Playera de Hanói", "United States", "Products looked at: 8", "has no price")),
    ],
)
def test_what_is_touched_in_the_readers_words(shop: Shop, language: str, words: tuple[str, ...]) -> None:
    """The product, its market, what was looked at, and what nothing can be said of; every sentence is translated."""
    text = text_of(shop, "rosa", f"{DAYS}&lang={language}")

    assert [one for one in words if one not in text] == []


def test_a_difference_has_its_sign_and_its_rules(shop: Shop) -> None:
    """12.5 % instead of 10 % of 400.00 MXN is 10.00 more, and 0.09 for the cents of dollars that a value is cut to.

    Goods of Mexico pay the same by other rules and are in no row.
    """
    text = text_of(shop, "ana", f"{DAYS}&lang=en")
    names = set(re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', text))

    assert '<b class="landed-figure">+10.09</b> <small>MXN' in text
    assert 'forced labour): <span class="landed-figure">– → 50.06</span>' in text
    assert names == {"Playera de Hanói", "Memoria USB de madera con nombre grabado"}


def test_a_promised_quote_is_told_by_the_piece(shop: Shop) -> None:
    """Since February two Mexican shirts pay 7.46 USD less: 3.73 a piece; the row leads to the quote."""
    text = text_of(shop, "ana", "since=2026-02-01&until=2026-11-23&lang=en")

    assert '<b class="landed-figure">−7.46</b> <small>USD</small><small>−3.73 a piece</small>' in text
    assert re.search(r'<a href="/q/q_[0-9A-Z]{26}">Playera de algodón</a><small>Quote of', text)


def test_another_seller_sees_nothing_of_it(shop: Shop) -> None:
    """What is told is the shop's whose member looks."""
    text = text_of(shop, "martha", f"{DAYS}&lang=en")

    assert "Hanói" not in text


def test_a_closed_way_is_told(shop: Shop) -> None:
    """The Mexican post took nothing to the United States in September 2025."""
    text = text_of(shop, "ana", "since=2025-08-01&until=2025-09-10&lang=en")

    assert "<b>United States, by post</b>: nothing in the way → closed." in text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=ayer&lang=en", "Write a day, like 2026-12-31."),
        ("since=2026-07-24&until=2026-07-23&lang=en", "The last day is before the first."),
    ],
)
def test_days_that_are_none(shop: Shop, query: str, words: str) -> None:
    """What is wrong stands at its field, and nothing was looked at."""
    text = text_of(shop, "ana", query, 422)

    assert words in text
    assert "looked at" not in text


def test_a_step_that_is_none(shop: Shop) -> None:
    """An address that somebody made up leads nowhere."""
    assert "Hanói" not in text_of(shop, "ana", f"{DAYS}&after=parcel:1", 404)


def test_a_shop_without_markets_is_sent_to_choose_some(shop: Shop) -> None:
    """Nothing is compared or sold: the sentence and the way to the choice."""
    text = text_of(shop, "diego", f"{DAYS}&lang=en")

    assert "You compare no market and have sold to none" in text
