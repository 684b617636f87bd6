"""Sellers who are paid: accounts at the sandbox and at the twin of Stripe, and orders on their way to be paid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from landed_cost.money import Money
from shopkit.payments import sandbox
from shopkit.services import orders, payment_accounts, payments, webhooks
from tests.ordering import order, priced, sell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopkit.orders import Event, OrderState
    from shopkit.payments.port import Account
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

BACK: Final = "https://shop.example/back"


class Sale:
    """A seller with an account, and one order: of 76.63 USD to California, or of another total to another market."""

    def __init__(
        self,
        services: Services,
        provider: str = "sandbox",
        *,
        total: Money | None = None,
        market: str = "US",
        locale: str = "es-US",
        **given: Any,
    ) -> None:
        self.services = services
        self.provider = provider
        actor, self.listing = sell(services)
        self.actor: Actor = actor
        said: dict[str, Any] = {"country": "US", "is_live": False, "secrets": {}, "signing": ()} | given
        self.account_id = payment_accounts.create(services, actor, provider, **said).id
        found = None if total is None else priced(total, market)
        self.order = order(services, actor, self.listing, found=found, locale=locale)

    @property
    def account(self) -> Account:
        """The account, opened."""
        with self.services.database.reading() as session:
            return payment_accounts.by_id(session, self.services, self.account_id)

    def start(self, method: str = "card") -> payments.Begun:
        """Begin to pay."""
        return payments.start(self.services, self.order.id, f"{self.provider}/{method}", BACK)

    def ref(self, payment_id: str) -> str:
        """Return the provider's name of a payment."""
        with self.services.database.reading() as session:
            found = payments.get(session, payment_id).ref
        assert found is not None
        return found

    def press(self, payment_id: str, button: sandbox.Button, minor: int | None = None) -> tuple[bytes, dict[str, str]]:
        """Press a button at the sandbox, and return the message it would send."""
        body, header = sandbox.press(self.account, self.ref(payment_id), button, self.services.now(), minor)
        return body, {"Sandbox-Signature": header}

    def tell(self, body: bytes, headers: dict[str, str], query: dict[str, str] | None = None) -> webhooks.Answer:
        """Let a message come in."""
        return webhooks.receive(self.services, self.provider, self.account_id, body, headers, query or {})

    def pressed(self, payment_id: str, button: sandbox.Button, minor: int | None = None) -> OrderState:
        """Press a button, let its message come in, handle it, and return how the order stands."""
        self.tell(*self.press(payment_id, button, minor))
        webhooks.work(self.services)
        return self.state

    @property
    def state(self) -> OrderState:
        """How the order stands."""
        return orders.see(self.services, self.order.id).state

    @property
    def events(self) -> Sequence[Event]:
        """What the ledger holds."""
        return orders.see(self.services, self.order.id).events

    @property
    def kinds(self) -> Sequence[str]:
        """What happened after the placing."""
        return [one.kind for one in self.events][1:]


def usd(minor: int) -> Money:
    """Return US cents."""
    return Money(minor, "USD")
