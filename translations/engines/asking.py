"""Asking an engine for any number of texts: in calls as large as it takes, step by step; a failure keeps its texts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from translations.engines.port import EngineError, Question, Translated, batches
from translations.engines.wire import size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translations.engines.port import Engine, Formality, Hop, Transport

# After these the rest of the texts would fare no better.
_OVER: Final = frozenset({"quota", "budget", "refused"})


@dataclass(frozen=True, slots=True)
class Told:
    """What became of each text, in order, and the characters that were paid for."""

    texts: tuple[Translated | EngineError, ...]
    billed: int


def direction(route: Sequence[Hop]) -> str:
    """Return the way a text takes.

    >>> from translations.engines.port import Hop
    >>> direction([Hop("eng", "spa"), Hop("spa", "por_BR")])
    'eng→spa→por_BR'
    """
    return "→".join([hop.source for hop in route[:1]] + [hop.target for hop in route])


def ask(
    engine: Engine,
    transport: Transport,
    texts: Sequence[str],
    route: Sequence[Hop],
    *,
    formality: Formality | None = None,
    context: str = "",
) -> Told:
    """Return what became of each text, in the engine's idiom; a call that fails takes its own texts with it alone.

    Once an engine says that nothing more is to be had of it (its quota, our key), it is not asked again for the rest.
    """
    told: list[Translated | EngineError] = [Translated(text) for text in texts]
    unknown: list[tuple[str, ...] | None] = [None] * len(texts)
    billed = 0
    for step, hop in enumerate(route):
        going = [index for index, one in enumerate(told) if isinstance(one, Translated)]
        sent = [_text(told[index]) for index in going]
        done: set[int] = set()
        over: EngineError | None = None
        for start, end in batches(sent, engine.limits, size):
            batch = going[start:end]
            done.update(batch)
            question = Question(tuple(sent[start:end]), hop, formality if step == len(route) - 1 else None, context)
            if over is not None:
                came: list[Translated | EngineError] = [over] * len(batch)
            else:
                came, paid = _send(engine, transport, question)
                billed += paid
            for index, one in zip(batch, came, strict=True):
                told[index] = one
                if isinstance(one, EngineError):
                    over = one if one.reason in _OVER else over
                elif one.unknown is not None:
                    unknown[index] = (unknown[index] or ()) + one.unknown
        for index in set(going) - done:
            told[index] = EngineError(engine.name, "too_long")
    return Told(
        tuple(
            Translated(one.text, words) if isinstance(one, Translated) else one
            for one, words in zip(told, unknown, strict=True)
        ),
        billed,
    )


def _send(engine: Engine, transport: Transport, question: Question) -> tuple[list[Translated | EngineError], int]:
    """Return what became of the texts of one call, and what it cost.

    Where the count is wrong nobody knows which answer belongs to which text: the call is asked again in two halves, so
    that one text that confuses the engine takes no others with it.
    """
    texts = question.texts
    try:
        answer = transport.send(engine, question)
    except EngineError as error:
        if error.reason != "count" or len(texts) == 1:
            return [error] * len(texts), 0
        half = len(texts) // 2
        first, cost = _send(engine, transport, replace(question, texts=texts[:half]))
        second, more = _send(engine, transport, replace(question, texts=texts[half:]))
        return first + second, cost + more
    came = [one if one.text.strip() else EngineError(engine.name, "garbage", "an empty text") for one in answer.texts]
    return came, sum(map(len, texts)) if answer.billed is None else answer.billed


def _text(one: Translated | EngineError) -> str:
    return one.text if isinstance(one, Translated) else ""
