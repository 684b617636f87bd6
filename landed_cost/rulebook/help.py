"""Who helps a small seller to export: agencies and postal counters of its country, platforms, sources of information.

No figure of a quote rests on these; they are dated and sourced like law, for names and addresses move with governments.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from landed_cost.model import Texts
from landed_cost.rulebook.facts import Evidence, in_all, read_evidence
from landed_cost.rulebook.reader import Node, read

KINDS = ("agency", "counter", "platform", "information")


@dataclass(frozen=True, slots=True)
class Helper:
    """One body that helps; ``countries`` are those whose sellers it serves, none of them: all."""

    evidence: Evidence
    kind: str
    countries: frozenset[str]
    name: str
    url: str
    text: Texts

    @property
    def id(self) -> str:
        """The row's id."""
        return self.evidence.id

    def serves(self, origin: str | None) -> bool:
        """Whether a seller of ``origin`` may turn to it; of an origin not told, only what serves all."""
        return not self.countries or origin in self.countries


@cache
def helpers() -> tuple[Helper, ...]:
    """Return every body of ``help.yaml`` that ships, in its order."""
    return read_helpers(read(Path(__file__).with_name("help.yaml")))


def read_helpers(root: Node) -> tuple[Helper, ...]:
    """Read a list of bodies; every fault is a ``RulebookError`` with file and line."""
    found: dict[str, Helper] = {}
    for node in root.items():
        helper = _helper(node)
        if helper.id in found:
            raise node.fail(f"{helper.id} stands twice; ids are unique")
        found[helper.id] = helper
        node.done()
    return tuple(found.values())


def _helper(node: Node) -> Helper:
    name, url = node.need("name").text(), node.need("url")
    if not url.text().startswith("https://"):
        raise url.fail(f"{url.text()!r} is no address; write https://…")
    return Helper(
        evidence=read_evidence(node, in_all(name)),
        kind=node.need("kind").word(*KINDS),
        countries=frozenset(node.need("countries").texts()),
        name=name,
        url=url.text(),
        text=node.need("text").translated(),
    )
