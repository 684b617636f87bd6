"""What the guide of a market looks like: its rules, examples, days, changes, and who helps."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shopkit.api.schemas import (
    Answer,
    Bounds,
    ChangeOut,
    Dated,
    DayText,
    DecimalText,
    DestinationSummary,
    GuideAgreement,
    GuideNote,
    GuideRegime,
    GuideRequirement,
    GuideRule,
)

Channel = Literal["courier", "postal", "freight"]
Transport = Literal["air", "sea", "road"]


class GuideExample(Answer):
    """What cotton T-shirts of 20 USD from the country asked for come to at import, freight aside."""

    channel: Channel
    transport: Transport | None
    worth: DecimalText
    currency: str
    outcome: Literal["complete", "estimated", "refused"]
    regime: str | None
    import_charges: DecimalText | None
    range: Bounds | None
    why: str | None
    ways: list[str]


class GuideDays(Answer):
    """How many days a way takes."""

    min: int
    max: int


class GuideDelivery(Answer):
    """When goods that are ready today would come."""

    channel: Channel
    transport: Transport | None
    days: GuideDays
    earliest: DayText
    latest: DayText
    tracked: Literal["none", "to_border", "end_to_end"]


class GuideHoliday(Answer):
    """A public holiday of the next sixty days, in the country's own language."""

    date: DayText
    name: str


class WeakRule(Dated):
    """A rule that is known least, and what would better it."""

    id: str
    what: str
    raises: str


class GuideKnown(Answer):
    """How well the rules in force are known."""

    rules: int
    by_status: dict[str, int]
    oldest: DayText | None
    weak: list[WeakRule]
    weak_count: int


class GuideHelp(Dated):
    """Who helps a small seller to export; no countries: whoever asks."""

    id: str
    kind: Literal["agency", "counter", "platform", "information"]
    countries: list[str]
    name: str
    url: str
    text: str
    note: str | None


class DestinationGuide(DestinationSummary):
    """The guide of one destination as of today there."""

    rulebook: str
    as_of: DayText
    timezone: str
    valuation: Literal["FOB", "CIF"]
    regions: list[str]
    regimes: list[GuideRegime]
    rules: list[GuideRule]
    restrictions: list[GuideRequirement]
    refusals: list[GuideNote]
    agreements: list[GuideAgreement]
    not_included: list[str]
    from_: Annotated[str | None, Field(alias="from")]
    examples: list[GuideExample]
    delivery: list[GuideDelivery]
    holidays: list[GuideHoliday]
    changed: list[ChangeOut]
    coming: list[ChangeOut]
    known: GuideKnown
    help: list[GuideHelp]
