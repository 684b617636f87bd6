"""What buyers of a market can pay with: each way with its terms, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from landed_cost.money import Money
from shopkit.payments import methods
from shopkit.services import payment_accounts, payment_matrix
from shopkit.services.context import open_services
from shopkit.services.problems import sentence
from tests.databases import migrate
from tests.ordering import sell
from tests.shop import NOW, settings
from translations.ui import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

SEAL = "A" * 43 + "="
PROVIDERS = ("stripe", "bank", "sandbox")


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Return an empty shop that keeps secrets."""
    found = open_services(settings(tmp_path, secret_keys=(SEAL,)), now=lambda: NOW)
    migrate(found.database)
    yield found
    found.database.dispose()


@pytest.fixture
def ana(services: Services) -> Actor:
    """Return a seller with an account in the United States at Stripe."""
    actor, used = sell(services)[0], {"methods": ["card", "oxxo", "boleto"]}
    payment_accounts.create(
        services, actor, "stripe", country="US", is_live=False, secrets={"key": "sk_test_x"}, options=used
    )
    return actor


def why(services: Services, ana: Actor, market: str, money: Money) -> dict[str, str | None]:
    """Return what is offered and why the rest is not, of providers that have been here from the beginning."""
    found = payment_matrix.matrix(services, ana, market, money)
    return {
        f"{one.method.provider}/{one.method.name}": one.why_not for one in found if one.method.provider in PROVIDERS
    }


def test_a_buyer_in_mexico(services: Services, ana: Actor) -> None:
    """Pesos go by card and OXXO; SPEI wants an account in Mexico, the rest another country or an account."""
    found = why(services, ana, "MX", Money(50_000, "MXN"))

    assert list(found.items()) == [
        ("stripe/card", None),
        ("stripe/oxxo", None),
        ("stripe/customer_balance", "payment.account_country"),
        ("bank/transfer", "payment.no_account"),
        ("sandbox/card", "payment.no_account"),
        ("sandbox/voucher", "payment.no_account"),
        ("stripe/boleto", "payment.not_here"),
        ("stripe/pix", "payment.not_here"),
    ]


def test_limits_and_switches_are_told(services: Services, ana: Actor) -> None:
    """Nine pesos are too few, dollars are not for OXXO, and Pix is not used by this seller."""
    rows = {
        one.method.name: one
        for one in payment_matrix.matrix(services, ana, "MX", Money(900, "MXN"))
        if one.method.provider == "stripe"
    }

    assert (rows["card"].why_not, rows["card"].least, rows["card"].most) == (
        "payment.too_small",
        Money(1_000, "MXN"),
        None,
    )
    assert why(services, ana, "MX", Money(900, "USD"))["stripe/oxxo"] == "payment.currency"
    assert why(services, ana, "BR", Money(9_000, "BRL"))["stripe/pix"] == "payment.switched_off"
    assert why(services, ana, "BR", Money(9_000, "BRL"))["stripe/boleto"] == "payment.account_country"


def test_every_row_speaks_three_languages() -> None:
    """Title, delay, cost, exceptions and what buyers pay are there in each; the status is one of those there are."""
    for one in methods.matrix():
        texts = [one.title, one.delay, one.cost, *filter(None, (one.exception, one.buyer_cost))]
        assert [set(text) for text in texts] == [set(LANGUAGES)] * len(texts)
        assert one.evidence.split(",")[0].split(";")[0] in {"verified", "reported", "memory", "conflicting", "own"}


def test_every_provider_speaks_three_languages() -> None:
    """What it is called and what it asks for is there in each, whoever wrote it down."""
    for kind in payment_accounts.kinds():
        texts = [kind.title, *(one.label for one in kind.fields), *(one.hint for one in kind.fields if one.hint)]
        assert [set(text) for text in texts] == [set(LANGUAGES)] * len(texts)


def test_the_command_says_all_of_it(ana: Actor, run: Callable[..., Result]) -> None:
    """Every way is a line, with terms, source, and why not in the language that was asked for."""
    given = ("--seller", ana.seller_id, "--market", "mx", "--amount", "500", "--language", "es")
    found = run("payments", "methods", *given, SHOPKIT_SECRET_KEYS=SEAL)

    lines = found.output.splitlines()
    assert found.exit_code == 0
    assert lines[1].split("  ")[0] == "stripe/oxxo"
    assert sentence("payment.account_country", {}, "es") in found.output
    assert lines[-1] == f"for 500.00 MXN, as of {methods.as_of()}"
