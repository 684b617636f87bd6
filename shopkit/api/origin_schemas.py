"""The answer to a question of origin as it is described; the tests hold every answer against it."""

from typing import Annotated, Literal

from pydantic import Field

from shopkit.api.schemas import Answer, DayText, Rule


class OriginNeeded(Answer):
    """Whether origin need be pursued: false only where duty, additional duties and fees are all nil without it."""

    needed: bool | None
    message: str


class OriginStep(Answer):
    """One thing that was looked at; *met* null is open. *confirm* is the name to answer for in *confirmed*."""

    code: str
    met: bool | None
    message: str
    confirm: str | None


class OriginResult(Answer):
    """What one agreement says. *rule* null: no rule of it is at hand."""

    agreement: str
    name: str
    outcome: Literal["originating", "not_originating", "cannot_be_decided"]
    criterion: Literal["wholly_obtained", "only_originating", "product_rule"] | None
    steps: list[OriginStep]
    next: str
    proof: str
    stays_of: Annotated[str | None, Field(description="The country the goods are of still, where only finished.")]
    cite: str | None
    rule: Rule | None


class OriginResponse(Answer):
    """One judgement for each agreement in force between the two countries; *not_in_force* are signed only."""

    date: DayText
    made_in: str
    destination: str
    hs_code: str
    needed: OriginNeeded
    results: list[OriginResult]
    not_in_force: list[str]
