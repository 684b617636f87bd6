"""What the routes of translations ask and answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from listings.model import TEXT
from shopkit.api.schemas import Answer, Moment, Problem
from shopkit.services.schemas import DIGEST, Shape
from shopkit.services.translations import MAX_TEXT

Freshness = Literal["current", "changed", "missing"]
ReviewState = Literal["draft", "approved", "rejected"]
Path = Annotated[str, Field(min_length=1, max_length=200, pattern=TEXT, examples=["title"])]
Digest = Annotated[str, Field(pattern=DIGEST, examples=["0" * 32])]
Version = Annotated[int, Field(ge=0, le=999_999_999)]


class TextToWrite(Shape):
    """A text, the digest of the source that it is for, and the version that was read (0: there was none yet)."""

    path: Path
    text: Annotated[str, Field(max_length=MAX_TEXT, pattern=TEXT)]
    digest: Digest
    version: Version = 0
    approve: bool = False


class TextReview(Shape):
    """A verdict on a text as it was looked at."""

    path: Path
    digest: Digest
    version: Version
    verdict: ReviewState


class TextFinding(Answer):
    """What a check found: the span in the text, why, how to mend it, and what the span becomes where that is safe."""

    id: str
    severity: Literal["block", "export", "warn"]
    start: int
    end: int
    why: str
    how: str
    fix: str | None
    channel: str


class TextOrigin(Answer):
    """Where a text is from; ``after`` is what a person changed."""

    kind: Literal["person", "memory", "table", "engine", "import"]
    engine: str = ""
    version: str = ""
    direction: str = ""
    at: str = ""
    match: int | None = None
    name: str = ""
    after: dict[str, Any] | None = None


class TextPiece(Answer):
    """A run of words of the source: the same, gone, or new since the text was written."""

    kind: Literal["same", "gone", "new"]
    text: str


class ListingText(Answer):
    """One text of a listing in a locale, beside its source; what there is none of is null."""

    path: str
    role: Literal["title", "description", "text", "word"]
    main: bool
    source: str
    digest: str
    text: str
    version: int
    said_in_listing: bool
    origin: TextOrigin | None
    review: ReviewState | None
    reviewed_by: str | None
    reviewed_at: Moment | None
    freshness: Freshness
    changes: list[TextPiece]
    locked: bool
    findings: list[TextFinding]


class ListingTexts(Answer):
    """The texts of a listing in a locale, titles and descriptions first."""

    listing: str
    source_language: str
    locale: str
    results: list[ListingText]


class TextConflict(Problem):
    """A text that was refused because its source, or it, is not what was read: how both are now."""

    current: ListingText | None = None
