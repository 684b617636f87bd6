"""An engine without a network, for the demonstration and for tests: every word reversed, and every way of failing.

What it gives can be taken for no translation, yet behaves like one: words change, marks stay, and a placeholder that
nobody marked is ruined. Its failures are those of real engines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, get_args

from shopkit.engines.port import EngineSettingsError, Machine, Options, Price
from translations.engines.port import Answer, Band, EngineError, Hop, HttpRequest, Limits, Reason, Translated, language
from translations.masks import GOOGLE, Idiom

if TYPE_CHECKING:
    from collections.abc import Mapping

    from translations.engines.port import Engine, Question, Reply, Transport

_LEFT_ALONE: Final = re.compile(r"(<span translate=\"no\">.*?</span>|&[a-z]+;|&#\d+;)", re.DOTALL)
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_MARK: Final = re.compile(r"<span translate=\"no\">.*?</span>", re.DOTALL)


def babble(text: str) -> str:
    """Return a text with every run of letters reversed.

    >>> babble("Playera de {size}, 12 cm")
    'areyalP ed {ezis}, 12 mc'
    """
    return _LETTERS.sub(lambda found: found[0][::-1], text)


_LIMITS: Final = Limits(texts=100, characters=100_000)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Turns words around between any two of Spanish, Portuguese and English."""

    name: str = "sandbox"
    version: str = "1"
    idiom: Idiom = GOOGLE
    limits: Limits = _LIMITS
    signs: tuple[str, ...] = ()

    def route(self, source: str, target: str) -> tuple[Hop, ...]:
        """Return one step between two languages."""
        one, other = language(source), language(target)
        return () if one == other or not {one, other} <= {"es", "pt", "en"} else (Hop(one, other),)

    def ceiling(self, source: str, target: str) -> Band:  # noqa: ARG002  # it is the same everywhere
        """Return that nothing it says is worth much."""
        return "low"

    def request(self, question: Question) -> HttpRequest:  # noqa: ARG002  # it takes none
        """Refuse: nothing is sent anywhere."""
        raise EngineError(self.name, "none")

    def read(self, question: Question, reply: Reply) -> Answer:  # noqa: ARG002  # there is none
        """Refuse: nothing came from anywhere."""
        raise EngineError(self.name, "none")


@dataclass(frozen=True, slots=True)
class SandboxTransport:
    """Answers at once, or fails: a reason of the port, which ``marks`` plays by losing what was marked."""

    failure: Reason | None = None

    def send(self, engine: Engine, question: Question) -> Answer:
        """Return the texts turned around, or fail as chosen."""
        if self.failure is not None and self.failure != "marks":
            raise EngineError(engine.name, self.failure, "the sandbox plays this")
        texts = [_MARK.sub("", text) if self.failure == "marks" else text for text in question.texts]
        return Answer(tuple(Translated(_turned(text), ()) for text in texts))


def _turned(text: str) -> str:
    parts = _LEFT_ALONE.split(text)
    return "".join(part if index % 2 else babble(part) for index, part in enumerate(parts))


def build(options: Mapping[str, Any]) -> Machine:
    """Return the sandbox; ``failure`` names a reason to fail for."""
    given = Options("sandbox", options)
    failure = given.text("failure", "") or None
    if failure is not None and failure not in get_args(Reason):
        raise EngineSettingsError(f"sandbox: failure {failure!r}; there are {', '.join(get_args(Reason))}")
    way: Transport = SandboxTransport(failure)  # type: ignore[arg-type]  # looked at just now
    return given.machine(Sandbox(), way, Price(Decimal(0), "USD"))
