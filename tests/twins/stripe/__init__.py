"""A twin of Stripe for tests: it refuses what Stripe's published schema refuses, keeps state, and fails on demand.

    with serving() as twin:
        client = stripe.StripeClient("sk_test_MX_shop", base_addresses={"api": twin.url}, max_network_retries=2)
        session = client.v1.checkout.sessions.create({...})
        twin.control("pay", session=session.id)
        twin.control("deliver")

README.md says what it plays and what not. Nothing in here comes from the application, and nothing in it may: the twin
is another reading of the same pages.
"""

from tests.twins.stripe.server import Twin, serving

__all__ = ["Twin", "serving"]
