"""The texts of a translator's job: as they go out, and as they come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Format = Literal["xliff-1.2", "xliff-2.0", "po"]
State = Literal["missing", "draft", "changed", "approved"]
FORMATS: Final[tuple[Format, ...]] = ("xliff-2.0", "xliff-1.2", "po")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text on its way out: ``target`` is what there is of it, and ``state`` what is to be thought of that."""

    id: str
    source: str
    target: str = ""
    state: State = "missing"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """A text that came back; ``is_done``: the translator's program says that nothing is left to do on it."""

    id: str
    source: str
    target: str
    is_done: bool = True


@dataclass(frozen=True, slots=True)
class Job:
    """What a file brought: its languages, of which a PO file may not say the first, and its texts."""

    source_locale: str
    target_locale: str
    texts: tuple[Returned, ...]
