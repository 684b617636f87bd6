"""The rulebook: law as dated data, loaded strictly, looked at for one destination and one day at a time."""

from landed_cost.rulebook.book import Rulebook, load_rulebook
from landed_cost.rulebook.conditions import ATTRIBUTES
from landed_cost.rulebook.facts import Evidence, Fact
from landed_cost.rulebook.law import Destination
from landed_cost.rulebook.reader import RulebookError

__all__ = ["ATTRIBUTES", "Destination", "Evidence", "Fact", "Rulebook", "RulebookError", "load_rulebook"]
