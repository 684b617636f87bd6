"""Rows of catalogs pushed by calls: each once, outcomes kept, gone on with after a kill; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from listings.channels.google import Google
from listings.channels.shopify import Shopify
from listings.pushing.mercadolibre import MercadoLibreGlobal
from shopkit.models import CatalogFeed, CatalogListing, ChannelAccount, Push
from shopkit.outside import site
from shopkit.pushing.channels import Field, plain
from shopkit.pushing.twins.ebay import EbayTwin
from shopkit.pushing.twins.google import GoogleTwin
from shopkit.pushing.twins.mercadolibre import MercadoLibreTwin
from shopkit.pushing.twins.shopify import ShopifyTwin
from shopkit.sealing import unseal
from shopkit.services import catalogs, channel_accounts, pushes
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.channel_accounts import AccountNotFoundError
from shopkit.services.channel_tokens import Kept
from shopkit.services.problems import RequestError
from shopkit.services.pushes import PushBusyError, PushNotFoundError, Run
from tests.pushing import TOKEN, catalog, change, connect, later, listing, open_shop, seller
from tests.shop import NOW
from tests.unit.listings.test_calls import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from listings.pushing.port import Call, Reply
    from shopkit.pushing.sandbox import Twin
    from shopkit.services.context import Services

ITEM, OFFER = "POST /items", "POST /sell/inventory/v1/offer"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def services(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Return the services of one shop on either database; every test sells as somebody else."""
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    with open_shop(tmp_path_factory.mktemp("shop"), server) as found:
        yield found


@pytest.fixture(autouse=True)
def _morning(services: Services) -> None:
    services.now.now = NOW  # type: ignore[attr-defined]  # the clock above


def sent(services: Services, actor: Actor, feed_id: str, twin: Any) -> Run:
    """Send a catalog to a twin."""
    return pushes.run(services, actor, pushes.create(services, actor, feed_id).id, lambda *_: twin)


def told(services: Services, actor: Actor, found: Run, *states: str) -> list[tuple[str, str, str | None]]:
    """Return key, state and reason of the rows a run had the last word of."""
    rows = pushes.rows_of(services, actor, found.id, states or ("done", "refused", "unknown", "failed"))
    return [(one.key, one.state, one.reason) for one in rows]


def codes(refused: pytest.ExceptionInfo[RequestError]) -> list[tuple[str, str]]:
    """Return pointer and code of each problem."""
    return [(one.pointer, one.code) for one in refused.value.problems]


# -- accounts ------------------------------------------------------------------------------------------------------
def test_a_token_is_sealed_and_never_shown(services: Services) -> None:
    """What is kept of a token opens with the key alone; the account that is shown has none."""
    actor = seller(services)
    connect(services, actor)

    with services.database.reading() as session:
        sealed = session.scalars(select(ChannelAccount.sealed).where(ChannelAccount.seller_id == actor.seller_id)).one()
    assert (TOKEN in sealed, unseal(services.settings, sealed)) == (False, f'{{"access_token": "{TOKEN}"}}')
    assert TOKEN not in repr(channel_accounts.all_accounts(services, actor))


def test_a_new_token_keeps_the_account_and_another_name_is_another(services: Services) -> None:
    """An account connected again is the same one; one of another name takes its place."""
    actor = seller(services)
    first = connect(services, actor)
    again = connect(services, actor, expires_at=NOW)
    other = channel_accounts.connect(services, actor, "mercadolibre", "Taller CO", TOKEN)

    assert (again, other.id == first) == (first, False)
    assert channel_accounts.all_accounts(services, actor) == (other,)


@pytest.mark.parametrize(
    ("channel", "name", "secret", "problem"),
    [
        ("alibaba", "Taller", TOKEN, ("/channel", "push.no_calls")),
        ("ebay", " ", TOKEN, ("/name", "required")),
        ("ebay", "x" * 121, TOKEN, ("/name", "text.too_long")),
        ("ebay", "Taller", " ", ("/token", "push.token")),
        ("ebay", "Taller", '{"access_token": 1}', ("/token", "push.token")),
        ("ebay", "Taller", "{", ("/token", "push.token")),
        ("ebay", "Taller", "a\nX-More: b", ("/token", "push.token")),
        ("ebay", "Taller", '{"access_token": "a", "client_id": "a\\nb"}', ("/details/client_id", "push.field")),
    ],
)
def test_what_is_no_account_is_told(
    services: Services, channel: str, name: str, secret: str, problem: tuple[str, str]
) -> None:
    """A channel without calls, no name, and what holds no token are refused with their place."""
    with pytest.raises(RequestError) as refused:
        channel_accounts.connect(services, Actor("s_none", "owner"), channel, name, secret)

    assert codes(refused) == [problem]


def test_what_an_account_says_besides_is_sealed_with_its_token(services: Services) -> None:
    """Fields of the channel come with the token's JSON or by themselves; what it does not ask for is told."""
    actor = seller(services)
    secret = f'{{"access_token": "{TOKEN}", "refresh_token": "TG-1", "client_secret": "s3", "scope": "read"}}'
    made = channel_accounts.connect(services, actor, "ebay", "Taller", secret, details={"client_id": " 77 "})
    found = channel_accounts.opened(services, actor, made)
    with pytest.raises(RequestError) as refused:
        channel_accounts.connect(services, actor, "ebay", "Taller", TOKEN, details={"shop": "a"})

    assert found.kept == Kept(TOKEN, "TG-1", None, {"client_id": "77", "client_secret": "s3"})
    assert (codes(refused), "s3" in repr(found), TOKEN in repr(found)) == (
        [("/details/shop", "push.no_field")],
        False,
        False,
    )


TIENDA = replace(
    channel_accounts.channels()["ebay"],
    has_token=False,
    fields=(
        Field("site", {}, "https://taller.example", site, is_account=True),
        Field("key", {}, "ck_1", plain, is_secret=True),
    ),
)


def test_an_account_of_another_place_is_another(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where fields are all there is, each that is needed is asked for; another site is another account."""
    monkeypatch.setattr(channel_accounts, "channels", lambda: {"ebay": TIENDA})
    actor = seller(services)

    def connected(**details: str) -> str:
        return channel_accounts.connect(services, actor, "ebay", "Taller", "", details=details).id

    with pytest.raises(RequestError) as refused:
        connected(site="http://taller.example", key=" ")
    first = connected(site="taller.example", key="a")
    again, other = connected(site="https://taller.example/", key="b"), connected(site="otro.example", key="b")

    assert codes(refused) == [("/details/site", "push.field"), ("/details/key", "required")]
    assert (first == again, first == other) == (True, False)


def test_a_trial_account_needs_neither_token_nor_key(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to seal; what its channel asks for is taken from the examples."""
    monkeypatch.setattr(channel_accounts, "channels", lambda: {"ebay": TIENDA})
    actor = seller(services)
    bare = replace(services, settings=replace(services.settings, secret_keys=()))
    made = channel_accounts.connect(bare, actor, "ebay", "Prueba", "", place="sandbox")
    found = channel_accounts.opened(bare, actor, made)

    assert (found.kept.access_token, found.kept.details) == ("", {"site": "https://taller.example", "key": "ck_1"})
    assert isinstance(channel_accounts.open_transport(bare, actor, made), EbayTwin)


def test_accounts_are_the_owners_and_the_sellers_own(services: Services) -> None:
    """An editor connects none; another seller finds none, and disconnects none."""
    actor, other = seller(services), seller(services)
    connect(services, actor)

    with pytest.raises(ForbiddenError):
        connect(services, Actor(actor.seller_id, "editor"))
    with pytest.raises(AccountNotFoundError):
        channel_accounts.disconnect(services, other, "mercadolibre")
    assert channel_accounts.all_accounts(services, other) == ()
    channel_accounts.disconnect(services, actor, "mercadolibre")
    assert channel_accounts.account_of(services, actor, "mercadolibre") is None


# -- runs ----------------------------------------------------------------------------------------------------------
def test_every_row_is_sent_once(services: Services) -> None:
    """Rows are sent with what the channel warned of kept; sent again unchanged, no call is made."""
    actor, twin = seller(services), MercadoLibreTwin()
    connect(services, actor)
    feed = catalog(services, actor, "A", "B")

    first = sent(services, actor, feed, twin)
    calls = len(twin.calls)
    again = sent(services, actor, feed, twin)

    assert (first.state, first.done, first.counts) == ("done", 2, {"done": 2})
    assert (again.counts, len(twin.calls), calls) == ({"same": 2}, 4, 4)
    row = pushes.rows_of(services, actor, again.id, ("done",))[0]
    assert (row.ids, row.problems[0].code) == ({"item_id": "MLM1"}, "item.pictures.few")


def test_rows_of_a_listing_that_are_one_thing_are_sent_as_one(services: Services) -> None:
    """Two sizes are one product of Shopify: one row of the run, known by its handle, and sent once."""
    actor, twin = seller(services), ShopifyTwin()
    connect(services, actor, "shopify", details={"shop": "taller", "location": "1"})
    feed = catalog(services, actor, channel="shopify")
    sizes = [{**record(Shopify()), "sku": size, "options": [{"name": "Talla", "value": size}]} for size in ("M", "G")]
    with services.database.writing.begin() as session:
        one = listing(actor, feed, "ebay", "A")
        one.ready, one.rows = 2, sizes
        session.add(one)

    planned = pushes.plan(services, actor, feed)
    first = sent(services, actor, feed, twin)
    again = sent(services, actor, feed, twin)

    assert [(one.key, one.what) for one in planned] == [("playera-1", "make")]
    assert (first.counts, first.done, first.total, again.counts) == ({"done": 1}, 1, 1, {"same": 1})
    assert [one["sku"] for one in twin.kept["gid://shopify/Product/1"]["variants"]] == ["M", "G"]


def test_calls_know_what_a_catalog_is_for(services: Services) -> None:
    """Rows of Google say neither country nor language: the catalog does, and the product is kept under both."""
    actor, twin = seller(services), GoogleTwin()
    connect(services, actor, "google", details={"account": "123456", "data_source": "9"})
    feed = catalog(services, actor, channel="google")
    with services.database.writing.begin() as session:
        one = listing(actor, feed, "ebay", "A")
        one.rows = [record(Google())]
        session.add(one)
    found = sent(services, actor, feed, twin)

    assert (found.counts, list(twin.kept)) == ({"done": 1}, ["es~US~PLA-1"])


def test_a_dry_run_names_what_would_be_sent(services: Services) -> None:
    """New rows are made, changed ones replaced, unchanged ones stay, old prices are left out; nothing is sent."""
    actor, twin = seller(services), MercadoLibreTwin()
    connect(services, actor)
    feed = catalog(services, actor, "A", "B")
    sent(services, actor, feed, twin)
    with services.database.writing.begin() as session:
        session.add_all(listing(actor, feed, "mercadolibre", sku) for sku in ("C", "D"))
    change(services, feed, "B", "item", title="Otra playera")
    with services.database.writing.begin() as session:
        old = CatalogListing.listing_id == "l_D"
        session.execute(update(CatalogListing).where(old).values(valid_until=NOW.date() - timedelta(days=9)))
    calls = list(twin.calls)

    planned = pushes.plan(services, actor, feed)

    assert [(one.key, one.what, one.reason) for one in planned] == [
        ("A", "same", None),
        ("B", "replace", None),
        ("C", "make", None),
        ("D", "left", "stale"),
    ]
    assert twin.calls == calls


def test_a_changed_row_of_a_channel_that_replaces_nothing_is_told(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on sale stays as it was, and no run says that it is as the catalog has it."""
    fixed = replace(channel_accounts.channels()["mercadolibre"], pusher=lambda _: MercadoLibreGlobal())
    monkeypatch.setattr(channel_accounts, "channels", lambda: {"mercadolibre": fixed})
    actor, twin = seller(services), MercadoLibreTwin()
    connect(services, actor)
    feed = catalog(services, actor, "A")
    sent(services, actor, feed, twin)
    change(services, feed, "A", "item", price="59.90 MXN")
    planned = pushes.plan(services, actor, feed)
    again = sent(services, actor, feed, twin)

    assert [(one.what, one.reason) for one in planned] == [("left", "not_replaced")]
    assert (told(services, actor, again), twin.kept["MLM1"]["price"]) == ([("A", "refused", "not_replaced")], 49.9)


def test_a_changed_price_comes_through_where_a_title_does_not(services: Services) -> None:
    """An item with sales keeps its title: the row is not said to be as the catalog has it, until it is."""
    actor, twin = seller(services), MercadoLibreTwin()
    connect(services, actor)
    feed = catalog(services, actor, "A")
    sent(services, actor, feed, twin)
    twin.sold.add("MLM1")
    change(services, feed, "A", "item", title="Otra playera", price="59.90 MXN")
    refused = sent(services, actor, feed, twin)
    price = twin.kept["MLM1"]["price"]
    change(services, feed, "A", "item", title="PLAYERA de Algodón")
    done = sent(services, actor, feed, twin)

    assert (refused.counts, price, done.counts) == ({"refused": 1}, 59.9, {"done": 1})


def test_a_channel_that_replaces_is_sent_what_changed(services: Services) -> None:
    """A changed piece of eBay is sent again under its offer."""
    actor, twin = seller(services), EbayTwin()
    connect(services, actor, "ebay")
    feed = catalog(services, actor, "A", channel="ebay")
    sent(services, actor, feed, twin)
    change(services, feed, "A", "offer", availableQuantity="4")

    again = sent(services, actor, feed, twin)

    assert again.counts == {"done": 1}
    assert (twin.calls.count(OFFER), twin.calls.count("PUT /sell/inventory/v1/offer/901")) == (1, 1)


def test_an_answer_that_is_lost_is_not_sent_again_until_somebody_looked(services: Services) -> None:
    """A row whose item may be there waits; told its id, the next run goes on from it and makes no second item."""
    actor, twin = seller(services), MercadoLibreTwin(failing=["lost"])
    connect(services, actor)
    feed = catalog(services, actor, "A")
    lost = sent(services, actor, feed, twin)
    again = sent(services, actor, feed, twin)

    pushes.settle(services, actor, feed, "A", {"item_id": "MLM1"})
    last = sent(services, actor, feed, twin)

    assert [one.counts for one in (lost, again, last)] == [{"unknown": 1}, {"unknown": 1}, {"done": 1}]
    assert (twin.calls.count(ITEM), len(twin.kept), "description" in twin.kept["MLM1"]) == (1, 1, True)


def test_half_a_row_is_gone_on_with(services: Services) -> None:
    """An item whose description failed gets it in the next run, under the same id."""
    actor, twin = seller(services), MercadoLibreTwin(failing=[None, "down"])
    connect(services, actor)
    feed = catalog(services, actor, "A")
    half = sent(services, actor, feed, twin)
    rows = told(services, actor, half)

    whole = sent(services, actor, feed, twin)

    assert (rows, whole.counts, twin.calls.count(ITEM)) == ([("A", "failed", "unavailable")], {"done": 1}, 1)


def test_a_row_that_is_refused_is_kept_with_the_channels_words(services: Services) -> None:
    """What the channel does not take is told in its own words; the rows after it are sent."""
    actor, twin = seller(services), MercadoLibreTwin()
    connect(services, actor)
    feed = catalog(services, actor, "A", "B")
    change(services, feed, "A", "item", category_id="MLM0")

    found = sent(services, actor, feed, twin)

    row = pushes.rows_of(services, actor, found.id)[0]
    assert (row.key, row.state, [one.code for one in row.problems]) == ("A", "refused", ["item.category_id.invalid"])
    assert found.counts == {"refused": 1, "done": 1}


def test_a_busy_channel_is_asked_when_it_said(services: Services) -> None:
    """A run waits as long as Retry-After asks; before that it makes no call, after it it goes on."""
    actor, twin = seller(services), MercadoLibreTwin(failing=[None, None, "busy"])
    connect(services, actor)
    feed = catalog(services, actor, "A", "B")
    waits = sent(services, actor, feed, twin)
    early = sent(services, actor, feed, twin)
    calls = len(twin.calls)
    later(services, seconds=8)

    done = sent(services, actor, feed, twin)

    assert (waits.state, waits.why, waits.wait_until, waits.done) == ("waiting", "busy", NOW + timedelta(seconds=7), 1)
    assert (early, calls) == (waits, 3)
    assert (done.id, done.state, done.counts, twin.calls.count(ITEM)) == (waits.id, "done", {"done": 2}, 3)


def test_a_token_that_is_not_taken_halts_the_run(services: Services) -> None:
    """No further row is tried; with a new token the same run goes on."""
    actor, twin = seller(services), MercadoLibreTwin(failing=["unsigned"])
    account = connect(services, actor)
    feed = catalog(services, actor, "A", "B")
    halted = sent(services, actor, feed, twin)
    assert connect(services, actor) == account

    done = sent(services, actor, feed, twin)

    assert (halted.state, halted.why, halted.counts) == ("halted", "unsigned", {})
    assert (done.id, done.counts) == (halted.id, {"done": 2})


def test_a_channel_that_is_not_there_is_left_alone(services: Services) -> None:
    """After three rows in a row without an answer the run halts."""
    actor, twin = seller(services), EbayTwin(failing=["down"] * 9)
    connect(services, actor, "ebay")
    feed = catalog(services, actor, "A", "B", "C", "D", channel="ebay")

    found = sent(services, actor, feed, twin)

    assert (found.state, found.why, found.counts, len(twin.calls)) == ("halted", "unavailable", {"failed": 3}, 3)


class _Killed(BaseException):
    """The process is gone."""


class _Dying:
    """A twin before which the process dies, after a call was done."""

    def __init__(self, twin: Twin, after: int) -> None:
        self.twin, self.left = twin, after

    def send(self, call: Call) -> Reply:
        """Return the reply, or nothing ever again."""
        reply = self.twin.send(call)
        self.left -= 1
        if not self.left:
            raise _Killed
        return reply


def test_a_killed_run_is_gone_on_with_and_makes_nothing_twice(services: Services) -> None:
    """What was out when the process died is unknown, the rows before it are not sent again, those after it are."""
    actor, twin = seller(services), MercadoLibreTwin()
    connect(services, actor)
    feed = catalog(services, actor, "A", "B", "C")
    with pytest.raises(_Killed):
        sent(services, actor, feed, _Dying(twin, 3))

    found = sent(services, actor, feed, twin)

    assert told(services, actor, found) == [("A", "done", None), ("B", "unknown", "unknown"), ("C", "done", None)]
    assert (found.counts, twin.calls.count(ITEM)) == ({"done": 2, "unknown": 1}, 3)


class _Stopping:
    """A twin during whose first call somebody stops the run."""

    def __init__(self, twin: Twin, stop: Any) -> None:
        self.twin, self.stop = twin, stop

    def send(self, call: Call) -> Reply:
        """Return the reply."""
        self.stop()
        return self.twin.send(call)


def test_a_stopped_run_makes_no_further_item(services: Services) -> None:
    """What was under way is kept, the next row is not sent."""
    actor, twin = seller(services), MercadoLibreTwin()
    connect(services, actor)
    feed = catalog(services, actor, "A", "B")
    begun = pushes.create(services, actor, feed)

    found = pushes.run(
        services, actor, begun.id, lambda *_: _Stopping(twin, lambda: pushes.stop(services, actor, begun.id))
    )

    assert (found.state, found.counts, twin.calls) == ("stopped", {"done": 1}, [ITEM, "POST /items/MLM1/description"])


def test_two_do_not_send_to_one_account(services: Services) -> None:
    """While one sends, another run at the account is refused."""
    actor, twin = seller(services), MercadoLibreTwin()
    connect(services, actor)
    feed, other = catalog(services, actor, "A"), catalog(services, actor, "A")

    def busy() -> None:
        with pytest.raises(PushBusyError):
            sent(services, actor, other, twin)

    assert sent(services, actor, feed, _Stopping(twin, busy)).counts == {"done": 1}


def test_what_the_catalog_has_no_more_is_said_to_stay(services: Services) -> None:
    """Calls take nothing off a channel, and a run says how much is there still."""
    actor, twin = seller(services), MercadoLibreTwin()
    connect(services, actor)
    feed = catalog(services, actor, "A", "B")
    sent(services, actor, feed, twin)
    with services.database.writing.begin() as session:
        session.delete(session.get_one(CatalogListing, (feed, "l_A")))

    assert sent(services, actor, feed, twin).counts == {"same": 1, "stays": 1}


def test_another_seller_sees_nothing(services: Services) -> None:
    """Runs, rows and plans of a seller are not there for another; a viewer sends nothing."""
    actor, other = seller(services), seller(services)
    connect(services, actor)
    connect(services, other)
    feed = catalog(services, actor, "A")
    found = sent(services, actor, feed, MercadoLibreTwin())

    for ask in (pushes.get_run, pushes.rows_of, pushes.stop, pushes.run):
        with pytest.raises(PushNotFoundError):
            ask(services, other, found.id)
    for ask_feed in (pushes.plan, pushes.create, pushes.last_run):
        with pytest.raises(catalogs.FeedNotFoundError):
            ask_feed(services, other, feed)
    with pytest.raises(ForbiddenError):
        pushes.create(services, Actor(actor.seller_id, "viewer"), feed)


def test_what_cannot_be_sent_is_told(services: Services) -> None:
    """No account, one whose token is over, a catalog never made and a channel without calls are told apart."""
    actor = seller(services)
    feed, found = catalog(services, actor, "A"), []
    with pytest.raises(RequestError) as refused:
        pushes.create(services, actor, feed)
    found += codes(refused)
    connect(services, actor, expires_at=NOW)
    with pytest.raises(RequestError) as refused:
        pushes.create(services, actor, feed)
    found += codes(refused)
    for values in ({"run_id": None}, {"channel": "alibaba"}):
        with services.database.writing.begin() as session:
            session.execute(update(CatalogFeed).where(CatalogFeed.id == feed).values(**values))
        with pytest.raises(RequestError) as refused:
            pushes.create(services, actor, feed)
        found += codes(refused)

    assert [code for _, code in found] == ["push.no_account", "push.account_over", "push.not_made", "push.no_calls"]


def test_a_removed_catalog_takes_its_runs_along(services: Services) -> None:
    """What was sent stays at the channel; nothing of it is kept."""
    actor = seller(services)
    connect(services, actor)
    feed = catalog(services, actor, "A")
    sent(services, actor, feed, MercadoLibreTwin())

    catalogs.remove(services, actor, feed)

    with services.database.reading() as session:
        assert session.scalars(select(Push.id).where(Push.seller_id == actor.seller_id)).all() == []
