"""A twin of EasyPost's trackers (API v2) for tests: made once, read by their id, told of by events.

    with running(EasyPost()) as twin:
        twin.lay("RB123456785GB", "delivered")

README.md says what it plays and what not. Nothing in here comes from the application, and nothing in it may.
"""

from tests.twins.carriers import running
from tests.twins.easypost.server import EasyPost

__all__ = ["EasyPost", "running"]
