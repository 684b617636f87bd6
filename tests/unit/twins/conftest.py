"""A twin for each test, Stripe's own client for it, and what a shop would ask of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest
import stripe

from tests.twins.stripe import Twin, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY: Final = "sk_test_MX_shop"
SECRET: Final = "whsec_of_the_test"
START: Final = 1_795_000_000  # a Wednesday in November 2026, at 11:06:40 UTC


@dataclass
class Shop:
    """A shop before the twin: Stripe's client, and what reached its endpoint."""

    twin: Twin
    client: stripe.StripeClient
    got: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    answers: int = 200

    def order(self, **changes: Any) -> dict[str, Any]:
        """Return the parameters of a Session for one thing of 990.00 pesos, with changes."""
        line = {
            "price_data": {"currency": "mxn", "unit_amount": 99000, "product_data": {"name": "Rebozo"}},
            "quantity": 1,
        }
        params: dict[str, Any] = {
            "mode": "payment",
            "success_url": "https://shop.example/back?s={CHECKOUT_SESSION_ID}",
            "line_items": [line],
            "metadata": {"order": "1001"},
        }
        return params | changes

    def session(self, **changes: Any) -> Any:
        """Make a Session."""
        params: Any = self.order(**changes)
        return self.client.v1.checkout.sessions.create(params)

    def read(self, session: Any) -> Any:
        """Return the Session as it is now, its payment and charge with it."""
        return self.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})

    def paid(self, **changes: Any) -> Any:
        """Make a Session, pay it by card, and return it."""
        session = self.session(**changes)
        self.twin.control("pay", session=session.id)
        return self.read(session)

    def receive(self, _: str, headers: dict[str, str], body: bytes) -> int:
        """Take a webhook."""
        self.got.append((body, headers))
        return self.answers

    def events(self) -> list[str]:
        """Return the types of all events, in the order they happened."""
        return [str(event.type) for event in self.client.v1.events.list({"limit": 100}).data][::-1]


def client(twin: Twin, key: str = KEY, **options: Any) -> stripe.StripeClient:
    """Return Stripe's own client, turned to the twin."""
    return stripe.StripeClient(key, base_addresses={"api": twin.url}, **options)


@pytest.fixture
def shop() -> Iterator[Shop]:
    """Return a shop in Mexico before a twin whose clock stands."""
    with serving(start=START) as twin:
        made = Shop(twin, client(twin))
        twin.world.webhooks.transport = made.receive
        yield made


@pytest.fixture
def brazil(shop: Shop) -> Shop:
    """Return a shop in Brazil."""
    return Shop(shop.twin, client(shop.twin, "sk_test_BR_shop"))


def refusal(shop: Shop, **changes: Any) -> tuple[str | None, str | None]:
    """Return the code and the parameter by which a Session with those changes is refused."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.session(**changes)
    return caught.value.code, caught.value.param
