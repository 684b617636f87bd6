"""A twin of PayPal's Orders v2 for tests: it refuses what PayPal's published specification refuses, and keeps state.

README.md says what it plays and what not. Nothing in here comes from the application, and nothing in it may.
"""

from tests.twins.paypal.server import Twin, serving

__all__ = ["Twin", "serving"]
