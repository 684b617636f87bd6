"""A twin of Correios' API Rastro for tests: a token by postage card, fifty numbers a call, events newest first.

README.md says what it plays and what not. Nothing in here comes from the application, and nothing in it may.
"""

from tests.twins.carriers import running
from tests.twins.correios.server import Correios

__all__ = ["Correios", "running"]
