"""A twin of the UPU's item tracking for tests: one number a call, its key in the address, JSON or XML, ``1`` for none.

README.md says what it plays and what not. Nothing in here comes from the application, and nothing in it may.
"""

from tests.twins.carriers import running
from tests.twins.upu.server import Upu

__all__ = ["Upu", "running"]
