"""The sentences behind the codes of pricing, in Spanish, Portuguese and English; those of a quote are the engine's."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from landed_cost import messages
from landed_cost.rulebook.reader import LANGUAGES, read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIELD: Final = re.compile(r"\{([a-z_]+)\}")


@cache
def _texts() -> dict[str, dict[str, tuple[str, str | None]]]:
    text = files("listings.pricing").joinpath("texts.yaml").read_text("utf-8")
    found: dict[str, dict[str, tuple[str, str | None]]] = {}
    for code, node in read_text(text, "texts.yaml", begin="line.price: ...").map().items():
        message = node.need("message").translated()
        action = node.take("action", lambda one: one.translated(), {})
        node.done()
        found[code] = {language: (message[language], action.get(language)) for language in LANGUAGES}
    return found


def codes() -> frozenset[str]:
    """Return every code that has a sentence here."""
    return frozenset(_texts())


def render(code: str, params: Mapping[str, str], language: str) -> tuple[str, str | None]:
    """Return what a code says in ``es``, ``pt`` or ``en``, and the action that would settle it.

    >>> render("line.price", {}, "es")
    ('Precio de la mercancía', None)
    """
    texts = _texts().get(code)
    if texts is None:
        return messages.render(code, params, language)
    message, action = texts[language]
    return _fill(message, params), None if action is None else _fill(action, params)


def _fill(sentence: str, params: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda match: params.get(match[1], match[0]), sentence)
