"""The answer with drafts as it is described; the tests hold every answer against it."""

from typing import Annotated, Literal

from pydantic import Field

from shopkit.api.schemas import Answer, DecimalText

OriginOfDraft = Literal["engine", "memory", "kept"]
ReasonCode = Literal[
    "unavailable",
    "busy",
    "quota",
    "budget",
    "refused",
    "garbage",
    "count",
    "marks",
    "too_long",
    "characters",
    "pair",
    "none",
]


class DraftConfidence(Answer):
    """How many of *words* the engine did not know, as a band; null: nobody says. A known word can still be wrong."""

    band: Literal["low", "medium", "high"] | None
    words: int
    unknown: list[str]


class RefusalReason(Answer):
    """Why there is no draft, and what to do; *detail* is the engine's own word."""

    code: ReasonCode
    message: str
    action: str
    detail: str | None


class DraftSegment(Answer):
    """One sentence: its draft, null where it was refused, and the words of the termbase that were put in."""

    source: str
    draft: str | None
    origin: OriginOfDraft | None
    terms: list[str]
    reason: ReasonCode | None


class DraftFinding(Answer):
    """What a check found in the draft: where (*span* of the draft), why, what to do, and what mends it if that is safe.

    *block* keeps a text from leaving, *export* from leaving by a channel, *warn* is worth a look.
    """

    id: str
    severity: Literal["block", "export", "warn"]
    span: Annotated[list[int], Field(min_length=2, max_length=2)]
    message: str
    action: str
    fix: str | None


class DraftOut(Answer):
    """A draft for one market, with the engine, its version, the way it took and the moment; null: it was refused."""

    to: str
    draft: str | None
    origin: Annotated[OriginOfDraft | None, Field(description="kept: there was nothing to translate in it.")]
    engine: str | None
    version: str | None
    direction: Annotated[str | None, Field(examples=["eng→spa→por_BR"])]
    at: str
    digest: Annotated[str, Field(description="Of the source: who keeps the draft names it.")]
    confidence: DraftConfidence
    reasons: list[RefusalReason]
    segments: list[DraftSegment]
    findings: list[DraftFinding]


class DraftCost(Answer):
    """What so many characters cost, by what the shop says it pays."""

    amount: DecimalText
    currency: str


class EngineAsked(Answer):
    """How many characters an engine was asked for; *cost* null: nobody said what it costs."""

    engine: str
    characters: int
    cost: DraftCost | None


class DraftsResponse(Answer):
    """A draft for each market asked for, in order, and what engines were asked."""

    from_: Annotated[str, Field(alias="from")]
    source: str
    drafts: list[DraftOut]
    asked: list[EngineAsked]
