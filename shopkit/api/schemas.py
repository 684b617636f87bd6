"""The answers as they are described: read by ``/api/openapi.json`` and by the tests, never run on the way out.

Checking an answer against its own description on every request would cost as much as making it, and would turn a
misprint here into a 500 there. The tests hold every answer against these shapes instead.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shopkit.services.schemas import Shape

DecimalText = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["25.00"])]
DayText = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"})]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"}, examples=["2026-11-23T15:04:05Z"])]


class Answer(BaseModel):
    """What all answers share."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


class MoneyOut(Answer):
    """An amount with its currency, with exactly the currency's decimals."""

    amount: DecimalText
    currency: str


class Source(Answer):
    """A text that a rule rests on."""

    title: str
    url: str


class Rule(Answer):
    """The rule behind a line: its days in force, how far the evidence reaches, and how sure it is."""

    id: str
    heading: str | None
    sources: list[Source]
    from_: Annotated[DayText | None, Field(alias="from")]
    to: DayText | None
    known_until: DayText | None
    status: Literal["verified", "reported", "memory", "conflicting", "assumed"]


class Bounds(Answer):
    """Low and high; high is null when nothing bounds it."""

    low: DecimalText
    high: DecimalText | None


class VersionsOut(Answer):
    """What the answer was made with."""

    rulebook: str
    schedule: str
    rates: str
    overlay: Annotated[str | None, Field(description="What was supposed; absent where the law answers.")] = None


class ReasonOut(Answer):
    """Why an answer is not complete, or what was taken for granted, and what would settle it."""

    code: str
    level: Literal["info", "estimated", "refused"]
    message: str
    action: str | None
    item: str | None
    rule: str | None


class Assessment(Answer):
    """How far the answer can be relied on."""

    outcome: Literal["complete", "estimated", "refused"]
    evidence: Literal["A", "B", "C"]
    reasons: list[ReasonOut]


class TotalsOut(Answer):
    """Sums of the converted charges, exactly. In a refused answer all but the goods are null."""

    goods: DecimalText
    freight: DecimalText | None
    insurance: DecimalText | None
    customs_value: DecimalText | None
    duties: DecimalText | None
    taxes: DecimalText | None
    fees: DecimalText | None
    import_charges: DecimalText | None
    landed: DecimalText | None


class Share(Answer):
    """An item's part of a charge on the whole consignment."""

    item: str
    amount: DecimalText


class ChargeOut(Answer):
    """One money line: what it is, how it came about, under which rule. ``local`` is the law's own amount."""

    id: str
    kind: Literal["duty", "tax", "fee"]
    covers: list[str]
    item: str | None
    name: str
    amount: DecimalText
    currency: str
    local: MoneyOut
    base: DecimalText | None
    rate: str | None
    formula: str
    payer: str
    collected: str
    range: Bounds | None
    allocation: list[Share]
    rule: Rule


class OptionOut(Answer):
    """One lawful way to bring the consignment in."""

    regime: str
    name: str
    lawful: bool
    chosen: bool
    import_charges: DecimalText | None
    needs: list[str]


class SavedOut(Answer):
    """A saving by kind of charge."""

    duties: DecimalText
    taxes: DecimalText
    fees: DecimalText


class DutyLeft(Answer):
    """A duty that is due all the same."""

    id: str
    name: str
    amount: DecimalText


class AdviceOut(Answer):
    """Whether to claim, and why. *weigh*: what the proof costs decides, and the request does not say it."""

    code: Literal["claim", "do_not_claim", "free_of_paperwork", "not_needed", "weigh", "ask_quota"]
    message: str


class PreferenceOut(Answer):
    """What an agreement would save on an item, and what it takes.

    ``best`` marks the one that saves most on the item. ``paper`` is what is asked for at this value. ``break_even`` is
    the value of the goods from which the saving pays the *compliance_cost* of the request.
    """

    item: str
    agreement: str
    name: str
    available: bool
    claimed: bool
    best: bool
    saving: DecimalText | None
    saved: SavedOut
    still_due: list[DutyLeft]
    exempt: str | None
    proof: str
    paper: Literal["none", "declaration", "certificate"]
    waiver: MoneyOut | None
    waived: bool
    break_even: DecimalText | None
    advice: AdviceOut
    reason: str | None


class BodyOut(Answer):
    """Who gives a paper or keeps a register; ``country`` is null for one that is international."""

    name: str
    country: str | None
    url: str


class RestrictionOut(Answer):
    """What forbids, conditions or advises."""

    id: str
    severity: Literal["prohibits", "requires", "advises"]
    item: str | None
    until: DayText | None
    message: str
    action: str | None
    kind: Annotated[str, Field(description="certificate, registration, label, prior_notice, licence, test, ban…")]
    paper: Annotated[str | None, Field(description="What the paper is called.")]
    body: BodyOut | None
    lifts: Annotated[str | None, Field(description="In words, what ends a prohibition.")]
    certain: Annotated[bool, Field(description="false: it hangs on an answer that was not given; *readiness* asks it.")]
    sources: list[Source]
    rule: Rule


class ExchangeRateOut(Answer):
    """A rate that was used, with its date and who published it."""

    from_: Annotated[str, Field(alias="from")]
    to: str
    rate: DecimalText
    date: DayText
    source: str
    kind: Literal["customs", "market"]


class Leg(Answer):
    """One stretch of the way; ``working_days`` says whether its days skip weekends and holidays."""

    name: str
    min_days: int
    max_days: int
    working_days: bool
    source: str
    status: str


class HolidayOut(Answer):
    """A holiday that the parcel meets."""

    date: DayText
    country: str
    name: str


class StandardOut(Answer):
    """What an operator publishes for a service on this way, door to door; it stands beside the legs, never in them."""

    service: str
    min_days: int
    max_days: int
    working_days: bool
    source: str
    status: str


class ObservedOut(Answer):
    """What the shop's own parcels took from the hand-over to the door: the 10th, 50th and 90th of a hundred."""

    low_days: int
    likely_days: int
    high_days: int
    parcels: int
    from_: Annotated[DayText, Field(alias="from")]
    to: DayText


class AssumedDates(Answer):
    """What the dates would be without the observed parcels."""

    earliest: DayText
    likely: DayText
    latest: DayText


class DaySpan(Answer):
    """Fewest and most calendar days."""

    min: int
    max: int


class PostalServiceOut(Answer):
    """How far an item of a postal service can be followed on this way; ``prefix`` begins its S10 number."""

    service: Literal["ems", "parcel", "ecommerce", "registered", "insured", "tracked_letter", "untracked_letter"]
    prefix: str
    tracked: Literal["none", "to_border", "end_to_end"]
    source: str
    status: str


class DeliveryOut(Answer):
    """When the parcel may come, by the calendars of both sides; ``without_calendar`` are countries ours lacks."""

    ship_by: DayText
    earliest: DayText
    likely: DayText
    latest: DayText
    tracked: str
    services: list[PostalServiceOut]
    assumed: bool
    legs: list[Leg]
    holidays: list[HolidayOut]
    without_calendar: list[str]
    transit_days: DaySpan
    published: list[StandardOut]
    observed: ObservedOut | None
    assumed_dates: AssumedDates | None


class FreightBasisOut(Answer):
    """How a rate card came to the freight: what was weighed, what is charged, price and fuel; weights in kilograms."""

    card: str
    service: str
    zone: str
    gross_kg: DecimalText
    volumetric_kg: DecimalText | None
    charged_kg: DecimalText
    price: MoneyOut
    fuel_percent: DecimalText
    fuel: MoneyOut
    total: MoneyOut
    min_days: int
    max_days: int
    illustrative: bool


class FreightOffer(Answer):
    """A service of a card for a parcel: what it asks, or what is against it."""

    card: str
    service: str
    channel: str
    illustrative: bool
    basis: FreightBasisOut | None
    problems: list[str]


class FreightOffers(Answer):
    """What each service of the shop's rate cards asks for a parcel."""

    results: list[FreightOffer]


class AdvisoryOut(Answer):
    """A remark or an amount that is no charge at import and is never summed."""

    code: str
    message: str
    amount: MoneyOut | None


class Ranges(Answer):
    """From the low to the high scenario of everything that is not known."""

    import_charges: Bounds | None = None
    landed: Bounds | None = None


class QuoteResponse(Answer):
    """The whole answer to one request; each charge with its law."""

    id: str | None
    created_at: Moment
    valid_until: DayText
    date: DayText
    versions: VersionsOut
    assessment: Assessment
    currency: str
    regime: str | None
    totals: TotalsOut
    range: Ranges
    charges: list[ChargeOut]
    rules: Annotated[list[Rule], Field(description="All the rules the answer rests on, limits and lists too.")]
    options: list[OptionOut]
    preferences: list[PreferenceOut]
    restrictions: list[RestrictionOut]
    exchange_rates: list[ExchangeRateOut]
    delivery: DeliveryOut | None
    freight_basis: FreightBasisOut | None
    advisories: list[AdvisoryOut]
    not_included: list[str]


class ProblemError(Answer):
    """One thing that is wrong and where: a JSON pointer into the body, ``query:name`` or ``header:Name``."""

    pointer: str
    code: str
    message: str


class Problem(Answer):
    """What went wrong (RFC 9457); ``errors`` lists everything wrong with a request at once."""

    type: str
    title: str
    status: int
    detail: str | None = None
    instance: str | None = None
    errors: list[ProblemError] | None = None


class BatchRequest(Shape):
    """Requests of quotes, answered each on its own. Their shape is that of a single one: see QuoteRequest."""

    requests: Annotated[list[dict[str, object]], Field(min_length=1, max_length=1_000)]


class BatchResult(Answer):
    """A quote, or what was wrong with its request; ``status`` is what it would have had alone."""

    status: Literal[200, 201, 422]
    quote: QuoteResponse | None = None
    problem: Problem | None = None


class BatchResponse(Answer):
    """One result for each request, in order."""

    results: list[BatchResult]


class CompareResult(BatchResult):
    """The result at one destination."""

    country: str


class CompareResponse(Answer):
    """One result for each destination, in the order asked."""

    results: list[CompareResult]


class DestinationSummary(Answer):
    """A covered destination and the days its evidence covers."""

    country: str
    name: str
    currency: str
    evidence_from: DayText
    evidence_until: DayText
    schedule: str | None
    needs_region: bool


class DestinationList(Answer):
    """The covered destinations."""

    rulebook: str
    destinations: list[DestinationSummary]


class Dated(Answer):
    """The evidence of a rule."""

    heading: str | None
    from_: Annotated[DayText | None, Field(alias="from")]
    to: DayText | None
    known_until: DayText | None
    status: str
    sources: list[Source]


class GuideCharge(Answer):
    """A charge that a regime may take; ``figure`` is its rate or amount, null where ``by`` says what it hangs on."""

    id: str
    kind: str
    name: str
    per: str
    figure: str | None
    by: Literal["schedule", "origin", "region", "key"] | None


class GuideRegime(Answer):
    """A lawful way in, and its charges in order."""

    id: str
    name: str
    exclusive: bool
    needs: list[str]
    charges: list[GuideCharge]


class GuideRule(Dated):
    """A dated figure in force."""

    id: str
    what: str
    value: str


class GuideNote(Dated):
    """A refusal."""

    id: str
    message: str
    action: str | None


class PaperOut(Answer):
    """A kind of paper: how it looks and how long it is good for.

    ``national``: that of one country proves nothing in another. ``per_shipment``: each parcel needs its own.
    """

    id: str
    name: str
    form: str | None
    validity: str | None
    national: bool
    per_shipment: bool


class Requirement(Answer):
    """What law forbids or asks for, what the trade asks for in fact, or what only signals quality."""

    id: str
    severity: Literal["prohibits", "requires", "advises"]
    level: Literal["law", "trade", "signal"]
    kind: Literal[
        "certificate", "registration", "label", "prior_notice", "licence", "test", "declaration", "quota", "ban",
        "formality", "condition", "advice",
    ]  # fmt: skip
    message: str
    action: str | None
    lifts: Annotated[str | None, Field(description="In words, what ends a prohibition.")]
    paper: PaperOut | None
    body: BodyOut | None
    lead_time: str | None
    cost: str | None


class GuideRequirement(Requirement, Dated):
    """A requirement with its evidence."""


class GuideAgreement(Dated):
    """An agreement the destination is party to."""

    id: str
    name: str
    in_force: bool
    members: list[str]
    proof: str


class SaidOut(Dated):
    """What a rule said on a day, and how well that is known."""

    value: str


class ChangeOut(Answer):
    """A rule that began, ended or says something else from ``day`` on."""

    id: str
    kind: Literal["fact", "exemption", "list", "refusal", "restriction", "agreement", "export fact", "export advice"]
    day: DayText | None
    what: str
    before: SaidOut | None
    after: SaidOut | None


class FigureOut(Answer):
    """What a request came to under one version of the rules; null where it was refused."""

    outcome: Literal["complete", "estimated", "refused"]
    import_charges: DecimalText | None
    rulebook: str


class RatesOut(Answer):
    """The days of the exchange rates on both sides; where they differ they make a part of the difference."""

    before: str
    after: str


class QuoteChanges(Answer):
    """What a kept quote came to and comes to now; ``difference`` may be below zero. ``rules`` make the difference."""

    id: str
    country: str
    date: DayText
    currency: str
    rates: RatesOut
    before: FigureOut
    after: FigureOut
    difference: Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")] | None
    rules: list[str]


class CountryChange(ChangeOut):
    """A change at one destination."""

    country: str


class ChangeList(Answer):
    """What changed after ``since`` up to ``until`` (null: today there), in order of time."""

    rulebook: str
    since: DayText
    until: DayText | None
    changes: list[CountryChange]


class HeldOut(Answer):
    """The best paper held for a requirement; ``fault`` says why it does not count."""

    paper: str
    number: str | None
    expires: DayText | None
    fault: Literal["expired", "expires_too_soon"] | None


class FindingOut(Requirement):
    """A requirement that holds or may hold (not ``certain``), by which ways, and how the product stands with it.

    ``depends``: only the parcel itself settles it (its value, what else is in it); a quote tells.
    """

    state: Literal["blocked", "perhaps_blocked", "lifted", "unmet", "perhaps_unmet", "met", "advice", "formality"]
    certain: bool
    depends: bool
    channels: list[Literal["postal", "courier", "freight"]]
    held: HeldOut | None
    rule: Rule


class Needs(Answer):
    """What is needed and not held, by level."""

    law: list[FindingOut]
    trade: list[FindingOut]
    signal: list[FindingOut]


class AnswerOut(Answer):
    """An answer that a question allows."""

    value: str
    label: str


class QuestionOut(Answer):
    """What must be answered first, and the gravest that the answer could bring.

    An ``attribute`` is answered under ``product.attributes`` by its ``name``.
    """

    kind: Literal["attribute", "origin", "region", "hs"]
    name: str | None
    question: str
    answers: list[AnswerOut]
    could: Literal["prohibit", "require", "advise"]
    rules: list[str]


class WayOut(Answer):
    """How the product stands by one way."""

    channel: Literal["postal", "courier", "freight"]
    status: Literal["ready", "needs", "asks", "blocked"]


class ReadinessResult(Answer):
    """How the product stands at one destination: the best of its ways.

    *ready*: nothing in law stands against it; *needs*: papers of law are missing; *asks*: an answer could forbid or
    require something; *blocked*: law forbids it until what ``lifts`` says. ``evidence`` is how the weakest law that was
    found is known; with ``none`` we know of no law at all for such goods, which is not the same as there being none.
    """

    country: str
    name: str
    as_of: DayText | None
    status: Literal["ready", "needs", "asks", "blocked", "not_covered"]
    ready: bool
    evidence: Literal["verified", "reported", "conflicting", "memory", "none"]
    ways: list[WayOut]
    blocks: list[FindingOut]
    needs: Needs
    questions: list[QuestionOut]
    held: list[FindingOut]
    advice: list[FindingOut]
    formalities: Annotated[list[FindingOut], Field(description="What is done with each parcel; it holds nothing up.")]


class ReadinessResponse(Answer):
    """One result for each destination, in the order asked."""

    results: list[ReadinessResult]


class OriginSummary(Answer):
    """A country of dispatch whose export side is known."""

    country: str
    name: str


class OriginList(Answer):
    """The countries of dispatch, by name."""

    rulebook: str
    origins: list[OriginSummary]


class ExportLimit(Answer):
    """A limit of a way out: how the parcel is compared with the rule of that id."""

    comparison: Literal["at_most", "below", "over", "at_least"]
    rule: str


class ExportWay(Answer):
    """A simplified way out; empty lists of channels or destinations mean all of them."""

    id: str
    name: str
    channels: list[str]
    destinations: list[str]
    destinations_not: list[str]
    limits: list[ExportLimit]
    files: str
    excludes: str | None


class ExportNote(Dated):
    """What is due, comes back, is forbidden or to be known at export; never part of the landed cost."""

    id: str
    kind: Literal["advice", "declaration", "fee", "prohibition", "refund", "repatriation", "tax", "vat"]
    message: str


class OriginGuide(OriginSummary):
    """The export side of one country as of today there."""

    rulebook: str
    as_of: DayText
    simplified: list[ExportWay]
    rules: list[GuideRule]
    advisories: list[ExportNote]


class HsLine(Answer):
    """A line of a destination's tariff: its code, official text and general rate."""

    hs_code: str
    name: str
    rate: str


class HsMatch(Answer):
    """A code that the words may mean.

    From our vocabulary: ``score`` (1 to 95, no probability; below 45 it may only share a word), the words that
    ``matched``, and the ``question`` that would settle the choice; ``name`` is the thing and, where others are called
    the same, what sets this code apart. From an official schedule: its title and the general ``rate``. With
    ``country``, ``official`` is the text of the code there, and ``lines`` are the nearest of ``lines_in_all``.
    """

    hs_code: str
    name: str
    score: int | None
    matched: list[str]
    question: str | None
    rate: str | None
    schedule: str | None
    official: str | None
    lines: list[HsLine]
    lines_in_all: int


class HsAnswer(Answer):
    """One answer to the question: what it is called, and the code it leads to."""

    hs_code: str
    name: str


class HsQuestion(Answer):
    """The one question that separates what was found."""

    text: str
    answers: list[HsAnswer]


class HsSearch(Answer):
    """What was found, best first, and the ``question`` that separates it; null where nothing is open.

    A guess to choose from: no answer rests on it without being *estimated*.
    """

    q: str
    question: HsQuestion | None
    results: list[HsMatch]


class Health(Answer):
    """The shop is up and its database answers."""

    status: Literal["ok"]
