"""Ratings in their tables: asked for once, given by the buyer alone, answered once; on both databases."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from shopkit.mail.sandbox import SandboxMail
from shopkit.models import Rating
from shopkit.orders.standing import Share
from shopkit.services import orders, quotes, reputation
from shopkit.services.actors import Actor
from shopkit.services.context import Services, open_services
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.posting import Postman
from shopkit.services.problems import RequestError
from tests import postgres
from tests.databases import migrate
from tests.ordering import DUE, event, order, paid, sell
from tests.shop import NOW, settings, shirts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

BASE = "https://shop.example"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.at


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def services(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Return the services of one shop on either database; every test sells as somebody else."""
    folder = tmp_path_factory.mktemp("shop")
    with contextlib.ExitStack() as stack:
        more: dict[str, Any] = {}
        if request.param == "postgresql":
            server = request.getfixturevalue("postgres_server")
            more["database_url"] = stack.enter_context(postgres.database(server))
        found = open_services(settings(folder, **more), now=Clock())
        stack.callback(found.database.dispose)
        migrate(found.database)
        yield found


@pytest.fixture
def clock(services: Services) -> Iterator[Clock]:
    """Return the shop's clock, set back to the day of the tests."""
    found = services.now
    assert isinstance(found, Clock)
    found.at = NOW
    yield found
    found.at = NOW


@pytest.fixture
def mail(services: Services) -> SandboxMail:
    """Return the letters of one test."""
    found = SandboxMail()
    services.postman = Postman(found)
    return found


@pytest.fixture
def quote(services: Services) -> quotes.Answer:
    """Return the quote of two shirts."""
    return quotes.answer(services, shirts(), save=False)


def delivered(services: Services, actor: Actor, listing: str, quote: quotes.Answer, key: str, days: int = 8) -> str:
    """Have an order placed, paid on the day and delivered so many days later; return its id."""
    made = order(services, actor, listing, key, found=quote)
    paid(services, made.id)
    at = NOW + timedelta(days=days)
    orders.add(services, made.id, event("packed", source="seller", pieces={0: 2}))
    orders.add(services, made.id, event("shipped", source="seller"))
    orders.add(services, made.id, event("delivered", source="seller", at=at))
    return made.id


def test_a_buyer_is_asked_once_two_days_after_delivery(
    services: Services, clock: Clock, mail: SandboxMail, quote: quotes.Answer
) -> None:
    """Nobody is asked before, nobody twice; the letter is in the buyer's language and its link opens the rating."""
    actor, listing = sell(services)
    # The buyers of other tests are asked first.
    clock.at = NOW + timedelta(days=14)
    reputation.invite(services, BASE)
    services.postman.drain()
    mail.sent.clear()
    mine = delivered(services, actor, listing, quote, "asked", days=13)
    order(services, actor, listing, "unpaid", found=quote)
    clock.at = NOW + timedelta(days=15) - timedelta(seconds=1)
    early = reputation.invite(services, BASE)
    clock.at = NOW + timedelta(days=15)

    counts = (early, reputation.invite(services, BASE), reputation.invite(services, BASE))
    services.postman.drain()

    assert counts == (0, 1, 0)
    (letter,) = mail.sent
    assert (letter.to, letter.subject, letter.tag) == (
        "ana@buyer.example",
        "¿Cómo te fue con tu pedido de Tienda?",
        "es",
    )
    link = next(word for word in letter.text.split() if word.startswith(BASE))
    token = urlsplit(link).path.removeprefix("/ratings/")
    assert reputation.ask(services, token) == reputation.Asked(
        mine, 1001, "Tienda", ("T-shirt",), "es-US", None, "", is_settled=False
    )


def test_nobody_is_asked_about_what_was_delivered_two_months_ago(
    services: Services, clock: Clock, quote: quotes.Answer
) -> None:
    """After sixty days a buyer is left in peace."""
    actor, listing = sell(services)
    mine = delivered(services, actor, listing, quote, "old")
    clock.at = NOW + timedelta(days=68)
    reputation.invite(services, BASE)

    with services.database.reading() as session:
        assert session.get(Rating, mine) is None


def test_a_rating_is_kept_changed_and_settled_by_its_answer(
    services: Services, clock: Clock, quote: quotes.Answer
) -> None:
    """The buyer's last word before the answer stands; after it neither side says more."""
    actor, listing = sell(services)
    mine = delivered(services, actor, listing, quote, "rated")
    token = reputation.link_token(services, mine)
    clock.at = NOW + timedelta(days=9)
    reputation.rate(services, token, 2, "Tardó.", "es-US")
    reputation.rate(services, token, 4, "Tardó, pero\x00 llegó bien.\r\nGracias.", "es-US")
    clock.at = NOW + timedelta(days=10)
    reputation.answer(services, actor, mine, " Gracias a ti. ")

    with pytest.raises(RequestError) as again:
        reputation.rate(services, token, 1, "", "es-US")
    with pytest.raises(RequestError) as twice:
        reputation.answer(services, actor, mine, "Más")

    assert reputation.ratings(services, actor.seller_id) == [
        reputation.Rated(
            mine,
            1001,
            4,
            "Tardó, pero llegó bien.\nGracias.",
            "es-US",
            NOW + timedelta(days=9),
            "Gracias a ti.",
            NOW + timedelta(days=10),
        )
    ]
    assert [error.value.problems[0].code for error in (again, twice)] == ["rating.answered"] * 2


@pytest.mark.parametrize(
    ("stars", "words", "code"), [(0, "", "rating.stars"), (6, "", "rating.stars"), (5, "x" * 2001, "text.too_long")]
)
def test_a_rating_that_cannot_be_is_refused(
    services: Services, quote: quotes.Answer, stars: int, words: str, code: str
) -> None:
    """One to five stars and two thousand characters are taken, nothing else, and nothing is kept of it."""
    actor, listing = sell(services)
    token = reputation.link_token(services, delivered(services, actor, listing, quote, "bad"))

    with pytest.raises(RequestError) as error:
        reputation.rate(services, token, stars, words, "es")

    assert ([one.code for one in error.value.problems], reputation.ratings(services, actor.seller_id)) == ([code], [])


def test_only_a_paid_and_delivered_order_is_rated(services: Services, quote: quotes.Answer) -> None:
    """A link to one that is on its way, or that nobody signed, opens nothing."""
    actor, listing = sell(services)
    made = order(services, actor, listing, "sent", found=quote)
    paid(services, made.id)
    token = reputation.link_token(services, made.id)

    for bad in (token, token[:-1] + ("A" if token[-1] != "A" else "B"), made.id, ""):
        with pytest.raises(OrderNotFoundError):
            reputation.ask(services, bad)
        with pytest.raises(OrderNotFoundError):
            reputation.rate(services, bad, 5, "", "es")


def test_another_seller_neither_answers_nor_translates(services: Services, quote: quotes.Answer) -> None:
    """To them there is no such rating."""
    actor, listing = sell(services)
    mine = delivered(services, actor, listing, quote, "theirs")
    reputation.rate(services, reputation.link_token(services, mine), 1, "Mal", "es")
    other = Actor(sell(services)[0].seller_id, "owner", None, "test")

    for attempt in (
        lambda: reputation.answer(services, other, mine, "Hola"),
        lambda: reputation.translate(services, other, mine, "en-US"),
    ):
        with pytest.raises(OrderNotFoundError):
            attempt()


def test_translated_words_are_marked_and_fall_with_what_they_translate(
    services: Services, quote: quotes.Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader of another language sees who translated and from what; a new wording takes the old translation away."""
    actor, listing = sell(services)
    mine = delivered(services, actor, listing, quote, "said")
    token = reputation.link_token(services, mine)
    reputation.rate(services, token, 5, "Muy bonita", "es-US")
    made = {"drafts": [{"draft": "Very pretty", "engine": "apertium", "origin": "engine"}]}
    monkeypatch.setattr("shopkit.services.drafts.ask", lambda *_: made)
    done = reputation.translate(services, actor, mine, "en-US")
    read = reputation.ratings(services, actor.seller_id, "en-US")
    own = reputation.ratings(services, actor.seller_id, "pt-BR")
    reputation.rate(services, token, 5, "Preciosa", "es-US")

    assert done
    assert [(one.words, one.locale, one.translated_from, one.engine) for one in (*read, *own)] == [
        ("Very pretty", "en-US", "es-US", "apertium"),
        ("Muy bonita", "es-US", None, ""),
    ]
    assert [one.words for one in reputation.ratings(services, actor.seller_id, "en-US")] == ["Preciosa"]


def test_a_standing_is_read_from_ledgers(services: Services, clock: Clock, quote: quotes.Answer) -> None:
    """Promised in eleven days: one came in eight, one in twelve, one was disputed on its way; one has two stars."""
    actor, listing = sell(services)
    promised = date.fromisoformat(quote.stored["delivery"]["latest"]) - date.fromisoformat(quote.stored["date"])
    rated = delivered(services, actor, listing, quote, "in time")
    delivered(services, actor, listing, quote, "late", days=12)
    third = order(services, actor, listing, "disputed", found=quote)
    paid(services, third.id)
    orders.add(services, third.id, event("dispute_opened", "dp_1", 100, ref="dp_1"))
    order(services, actor, listing, "unpaid", found=quote)
    clock.at = NOW + timedelta(days=9)
    reputation.rate(services, reputation.link_token(services, rated), 2, "", "es")

    found = reputation.standing_of(services, actor.seller_id, NOW.date() + timedelta(days=30))

    assert promised == timedelta(days=11)
    assert (found.delivered, found.on_time, found.undisputed, found.answered) == (
        2,
        Share(1, 3),
        Share(2, 3),
        Share(0, 1),
    )
    assert (found.ratings, found.total_stars, found.score, found.stars) == (1, 2, None, None)


def test_money_that_a_person_counted_as_paid_is_paid(services: Services, clock: Clock, quote: quotes.Answer) -> None:
    """Its buyer may rate, and the order counts in the standing."""
    actor, listing = sell(services)
    made = order(services, actor, listing, "astray", found=quote)
    orders.add(services, made.id, event("payment_mismatch", "pi_1:received", DUE, payment="pi_1"))
    orders.add(services, made.id, event("payment_accepted", "pi_1:taken", DUE, "seller", payment="pi_1"))
    orders.add(services, made.id, event("packed", source="seller", pieces={0: 2}))
    orders.add(services, made.id, event("shipped", source="seller"))
    orders.add(services, made.id, event("delivered", source="seller", at=NOW + timedelta(days=8)))
    clock.at = NOW + timedelta(days=9)
    reputation.rate(services, reputation.link_token(services, made.id), 4, "", "es")

    found = reputation.standing_of(services, actor.seller_id, NOW.date() + timedelta(days=30))

    assert (found.delivered, found.on_time, found.ratings) == (1, Share(1, 1), 1)


def test_a_catalog_tells_the_standing_of_the_month_before() -> None:
    """Within a month it does not move, and February is no trap."""
    assert [reputation.published_on(day) for day in (date(2026, 11, 28), date(2028, 3, 1))] == [
        date(2026, 10, 31),
        date(2028, 2, 29),
    ]
