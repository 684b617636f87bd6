"""The rulebook: law as dated data, loaded strictly, looked at for one destination and one day at a time."""

from landed_cost.rulebook.attributes import ATTRIBUTES, Attribute, attributes
from landed_cost.rulebook.book import Rulebook, load_rulebook
from landed_cost.rulebook.facts import Evidence, Fact
from landed_cost.rulebook.law import Destination
from landed_cost.rulebook.overlay import Overlay, OverlayError, Supposed
from landed_cost.rulebook.reader import RulebookError

__all__ = [
    "ATTRIBUTES",
    "Attribute",
    "Destination",
    "Evidence",
    "Fact",
    "Overlay",
    "OverlayError",
    "Rulebook",
    "RulebookError",
    "Supposed",
    "attributes",
    "load_rulebook",
]
