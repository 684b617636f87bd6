"""A twin of Mercado Pago for tests: preferences, payments, refunds, notifications as they are signed there.

README.md says what it plays and what not. Nothing in here comes from the application, and nothing in it may.
"""

from tests.twins.mercadopago.server import Twin, serving

__all__ = ["Twin", "serving"]
