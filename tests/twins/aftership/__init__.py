"""A twin of AfterShip Tracking 2026-07 for tests: trackings made once, listed fifty at a time, page by page.

    with running(AfterShip()) as twin:
        twin.lay("RB123456785GB", "delivered")

README.md says what it plays and what not. Nothing in here comes from the application, and nothing in it may.
"""

from tests.twins.aftership.server import AfterShip
from tests.twins.carriers import running

__all__ = ["AfterShip", "running"]
