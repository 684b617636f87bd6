"""A twin of 17TRACK's API v2.4 for tests: registration with a quota, forty numbers a call, errors in answers of 200.

    with running(SeventeenTrack()) as twin:
        twin.lay("RB123456785GB", "delivered")

README.md says what it plays and what not. Nothing in here comes from the application, and nothing in it may.
"""

from tests.twins.carriers import running
from tests.twins.seventeentrack.server import SeventeenTrack

__all__ = ["SeventeenTrack", "running"]
