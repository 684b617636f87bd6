"""Sellers' accounts at providers: typed once and sealed, changed, put aside, taken up again; and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from shopkit.payments.port import PaymentError
from shopkit.services import audit, payment_accounts, payments, webhooks
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.context import open_services
from shopkit.services.payment_accounts import AccountNotFoundError
from shopkit.services.problems import RequestError
from tests.databases import migrate
from tests.ordering import sell
from tests.paying import Sale
from tests.shop import NOW, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

    from shopkit.services.context import Services

SEAL = "A" * 43 + "="
KEY, SIGNING = "sk_test_MX_one", "whsec_one"
TWO = {"bank": "Banco", "account": "1"}


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Return an empty shop that keeps secrets."""
    found = open_services(settings(tmp_path, secret_keys=(SEAL,)), now=lambda: NOW)
    migrate(found.database)
    yield found
    found.database.dispose()


@pytest.fixture
def ana(services: Services) -> Actor:
    """Return the owner of a shop."""
    return sell(services)[0]


def connect(services: Services, ana: Actor, provider: str = "stripe", **more: Any) -> payment_accounts.Shown:
    """Connect an account in test mode."""
    given: dict[str, Any] = {"country": "MX", "is_live": False, "secrets": {"key": KEY}, "signing": [SIGNING]} | more
    return payment_accounts.create(services, ana, provider, **given)


def opened(services: Services, account_id: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what an account holds for a call."""
    with services.database.reading() as session:
        found = payment_accounts.by_id(session, services, account_id)
    return dict(found.secrets), found.signing


def test_what_is_secret_is_sealed_and_not_told(services: Services, ana: Actor) -> None:
    """A seller sees that a key is set; neither what is shown nor any table says it."""
    made = connect(services, ana)
    with services.database.reading() as session:
        held = [session.execute(text(f"SELECT * FROM {name}")).all() for name in ("payment_account", "audit_entry")]  # noqa: S608  # names of ours

    assert (made.set, made.signing, made.path) == (("key",), 1, f"/webhooks/stripe/{made.id}")
    assert [one for one in (KEY, SIGNING) if one in repr((made, held))] == []


def test_what_is_left_empty_stays(services: Services, ana: Actor) -> None:
    """A new secret of signing is taken beside the two before it, a new key instead of the old one."""
    made = connect(services, ana)
    for number in range(3):
        payment_accounts.change(services, ana, made.id, signing=[f"whsec_{number}"])
    kept = opened(services, made.id)
    payment_accounts.change(services, ana, made.id, secrets={"key": "sk_test_MX_two"}, names=["oxxo", "card"])
    shown = payment_accounts.find(services, ana, made.id)

    assert kept == ({"key": KEY}, ("whsec_2", "whsec_1", "whsec_0"))
    assert opened(services, made.id) == ({"key": "sk_test_MX_two"}, kept[1])
    assert shown.methods == ("card", "oxxo")


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"secrets": {}}, [("/secrets/key", "payment.secret_missing")]),
        ({"secrets": {"key": "sk_live_x"}}, [("/secrets/key", "payment.key_mode")]),
        ({"secrets": {"key": "sk_test_\x00"}}, [("/secrets/key", "text.characters")]),
        ({"signing": ["whsec_\n1"]}, [("/signing", "text.characters")]),
        ({"country": "QQ"}, [("/country", "country.unknown")]),
        ({"provider": "bank", "options": {"lines": TWO}}, [("/options/lines/holder", "payment.secret_missing")]),
        ({"provider": "piggy"}, [("/provider", "payment.provider")]),
    ],
)  # fmt: skip
def test_what_no_account_can_be(
    services: Services, ana: Actor, given: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    """What is missing or does not fit is told with its field, and nothing is kept."""
    with pytest.raises(RequestError) as caught:
        connect(services, ana, **given)

    assert [(one.pointer, one.code) for one in caught.value.problems] == problems
    assert payment_accounts.every(services, ana) == []


def test_an_account_put_aside_still_reads_what_was_paid(services: Services) -> None:
    """Nothing begins at it any more, its payment is followed to its end, and it can be taken up again."""
    sale = Sale(services)
    begun = sale.start()
    payment_accounts.disconnect(services, sale.actor, sale.account_id)
    offered = payments.methods(services, sale.actor.seller_id, "US", begun.amount)
    paid = sale.pressed(begun.payment_id, "pay")
    payment_accounts.reconnect(services, sale.actor, sale.account_id)

    assert (offered, paid.status) == ([], "paid")
    assert payments.methods(services, sale.actor.seller_id, "US", begun.amount) != []


def test_keys_that_are_taken_away_are_gone(services: Services, ana: Actor) -> None:
    """No call is made with them, messages are not believed, and the account cannot be taken up without new ones."""
    made = connect(services, ana)
    forgotten = payment_accounts.disconnect(services, ana, made.id, forgets=True)
    with services.database.reading() as session:
        account = payment_accounts.by_id(session, services, made.id)
    with pytest.raises(PaymentError, match="setup"):
        payment_accounts.adapter("stripe").read(account, "cs_1")
    with pytest.raises(RequestError):
        payment_accounts.reconnect(services, ana, made.id)

    assert (forgotten.is_active, forgotten.set, forgotten.signing, forgotten.has_keys) == (False, (), 0, False)
    assert webhooks.receive(services, "stripe", made.id, b"{}", {"Stripe-Signature": "t=1,v1=a"}, {}) == "unproved"
    assert [one.action for one in audit.entries(services, ana)] == [
        "payment_account.forgotten",
        "payment_account.created",
    ]


def test_another_sellers_account_is_not_there(services: Services, ana: Actor) -> None:
    """Whatever is asked of it; and an editor of the same shop changes nothing."""
    made, eva = connect(services, ana), sell(services)[0]
    editor = Actor(ana.seller_id, "editor")
    asks: list[Callable[[Actor], object]] = [
        lambda who: payment_accounts.change(services, who, made.id, names=[]),
        lambda who: payment_accounts.disconnect(services, who, made.id),
        lambda who: payment_accounts.reconnect(services, who, made.id),
    ]
    for ask in asks:
        with pytest.raises(AccountNotFoundError):
            ask(eva)
        with pytest.raises(ForbiddenError):
            ask(editor)

    assert payment_accounts.every(services, eva) == []
    assert payment_accounts.find(services, ana, made.id) == made


def test_the_key_of_the_shop_is_lost(tmp_path: Path, services: Services, ana: Actor) -> None:
    """What cannot be opened is said, and typed again it is sealed by the new key."""
    made = connect(services, ana)
    later = open_services(settings(tmp_path, secret_keys=("B" * 43 + "=",)), now=lambda: NOW)
    (shut,) = payment_accounts.every(later, ana)
    again = payment_accounts.change(later, ana, made.id, secrets={"key": KEY})
    later.database.dispose()

    assert (shut.is_shut, shut.set, shut.has_keys) == (True, (), False)
    assert (again.is_shut, again.set) == (False, ("key",))


def test_commands_take_secrets_by_stdin_and_tell_none(ana: Actor, run: Callable[..., Result]) -> None:
    """An account is connected, changed, put aside; nothing that is printed holds its key."""
    who, keys = ("--seller", ana.seller_id), {"SHOPKIT_SECRET_KEYS": SEAL}
    accounts = ("payments", "accounts")
    added = run(
        *accounts, "connect", "stripe", *who, "--country", "MX", stdin=f"key={KEY}\nsigning={SIGNING}\n", **keys
    )
    name = added.output.split()[0]
    wrong = run(*accounts, "connect", "stripe", *who, "--country", "MX", stdin=KEY, **keys)
    changed = run(*accounts, "change", name, *who, "--method", "oxxo", stdin="", **keys)
    ended = run(*accounts, "disconnect", name, *who, **keys)
    listed = run(*accounts, "list", *who, **keys)
    nobody = run(*accounts, "disconnect", "pa_x", *who, **keys)

    said = "".join(one.output for one in (added, wrong, changed, ended, listed, nobody))
    assert [one.exit_code for one in (added, wrong, changed, ended, listed, nobody)] == [0, 2, 0, 0, 0, 1]
    assert listed.output == (
        f"{name}  stripe  MX  test  disconnected  set: key  signing: 1  messages to /webhooks/stripe/{name}\n"
    )
    assert [one for one in (KEY, SIGNING) if one in said] == []
