"""The sentences behind the codes of a quote, in Spanish, Portuguese and English, read from ``messages.yaml``."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from landed_cost.rulebook.reader import LANGUAGES, read_text

# Writes a decimal, given with a point, as a reader does: with a comma in Brazil.
Number = Callable[[str], str]
_FIELD = re.compile(r"\{([a-z_]+)\}")
# What stands before a currency; a tariff code does not.
_AMOUNT = re.compile(r"(?<![\d.,])\d+\.\d+(?= [A-Z]{3}\b)", re.ASCII)


@cache
def _sentences() -> dict[str, dict[str, tuple[str, str | None]]]:
    text = files("landed_cost").joinpath("messages.yaml").read_text("utf-8")
    sentences: dict[str, dict[str, tuple[str, str | None]]] = {}
    for code, node in read_text(text, "messages.yaml").map().items():
        message = node.need("message").translated()
        action = node.take("action", lambda found: found.translated(), {})
        node.done()
        sentences[code] = {language: (message[language], action.get(language)) for language in LANGUAGES}
    return sentences


def codes() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(_sentences())


def render(code: str, params: Mapping[str, str], language: str, number: Number | None = None) -> tuple[str, str | None]:
    """Return what ``code`` says in ``language`` and the action that would settle it.

    A parameter stands in braces; one given per language carries its tag (``question_es`` fills ``{question}``). The
    codes of the rulebook's own refusals bring their sentences along, as ``message_es`` and ``action_es``. A parameter
    that is absent stays as written, and an unknown code (of a quote stored by a newer version) returns itself, so that
    an old program never fails on a stored answer. Amounts of money among the parameters have a decimal point, or are
    as ``number`` writes them.
    """
    if number is not None:
        params = {name: _AMOUNT.sub(lambda found: number(found[0]), text) for name, text in params.items()}
    found = _sentences().get(code)
    if found is None:
        return params.get(f"message_{language}", code), params.get(f"action_{language}")
    message, action = found[language]
    return _fill(message, params, language), None if action is None else _fill(action, params, language)


def _fill(sentence: str, params: Mapping[str, str], language: str) -> str:
    # Split at its fields, every second part is the name of one.
    parts = _parts(sentence)
    if len(parts) == 1:
        return sentence
    filled = list(parts)
    for place in range(1, len(parts), 2):
        name = parts[place]
        found = params.get(name)
        filled[place] = params.get(f"{name}_{language}", f"{{{name}}}") if found is None else found
    return "".join(filled)


@cache
def _parts(sentence: str) -> tuple[str, ...]:
    return tuple(_FIELD.split(sentence))
