"""What can be asked about goods beyond their tariff code: a closed vocabulary, with the question and its answers.

An answer that was not given is asked for, never assumed. An attribute without values takes any text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from landed_cost.rulebook.reader import LANGUAGES, read_text

Texts = Mapping[str, str]
_YES_NO: Final[Mapping[str, Texts]] = {
    "yes": {"en": "Yes", "es": "Sí", "pt": "Sim"},
    "no": {"en": "No", "es": "No", "pt": "Não"},
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """One question about goods; ``values`` are the answers that are allowed, with what they are called."""

    name: str
    question: Texts
    values: Mapping[str, Texts]

    def allows(self, value: str) -> bool:
        """Whether ``value`` is an answer to the question."""
        return not self.values or value in self.values


@cache
def attributes() -> Mapping[str, Attribute]:
    """Return the vocabulary by name."""
    text = files("landed_cost.rulebook").joinpath("attributes.yaml").read_text("utf-8")
    found = {}
    for name, node in read_text(text, "attributes.yaml").map().items():
        question = {language: node.need(language).text() for language in LANGUAGES}
        listed = node.get("values")
        if listed is None:
            values: Mapping[str, Texts] = {}
        elif isinstance(listed.value, str):
            listed.word("yes_no")
            values = _YES_NO
        else:
            values = {value: one.translated() for value, one in listed.map().items()}
        node.done()
        found[name] = Attribute(name, question, values)
    return found


ATTRIBUTES: Final = frozenset(attributes())
