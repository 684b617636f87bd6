"""A twin of USPS's Tracking v3 for tests: OAuth, one number a call, events newest first, errors by its inventory.

    with running(Usps()) as twin:
        twin.lay("9400109104250532908587", "delivered")

README.md says what it plays and what not. Nothing in here comes from the application, and nothing in it may.
"""

from tests.twins.carriers import running
from tests.twins.usps.server import Usps

__all__ = ["Usps", "running"]
