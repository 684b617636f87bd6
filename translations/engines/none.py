"""No engine: what is not in the memory is left to people, and nothing is made up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

from translations.engines.port import Band, EngineError, Hop, Limits
from translations.masks import OPAQUE, Idiom

if TYPE_CHECKING:
    from translations.engines.port import Question, Reply
_LIMITS: Final = Limits(texts=1)


@dataclass(frozen=True, slots=True)
class NoEngine:
    """Translates nothing between any two languages."""

    name: str = "none"
    version: str = ""
    idiom: Idiom = OPAQUE
    limits: Limits = _LIMITS
    signs: tuple[str, ...] = ()

    def route(self, source: str, target: str) -> tuple[Hop, ...]:  # noqa: ARG002  # there is none for any
        """Return nothing."""
        return ()

    def ceiling(self, source: str, target: str) -> Band | None:  # noqa: ARG002  # there is nothing to say
        """Return nothing."""
        return None

    def request(self, question: Question) -> NoReturn:  # noqa: ARG002  # it takes none
        """Refuse."""
        raise EngineError(self.name, "none")

    def read(self, question: Question, reply: Reply) -> NoReturn:  # noqa: ARG002  # there is none
        """Refuse."""
        raise EngineError(self.name, "none")
