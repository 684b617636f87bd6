"""Shapes of the answers about ways to send."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shopkit.api.schemas import Answer, Bounds, ChargeOut, DayText, DecimalText, MoneyOut, ReasonOut, Rule, Source

Channel = Literal["postal", "courier", "freight"]
Verdict = Literal["yes", "no", "unknown"]
Signed = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["-0.001"])]


class ParcelToSend(Answer):
    """The parcel, packed; ``girth_cm`` is the longest side and once around the other two."""

    gross_kg: DecimalText
    dimensions_cm: list[DecimalText] | None
    girth_cm: DecimalText | None


class PackedParcelOut(Answer):
    """A parcel as it is packed; without a chosen box what it weighs is ``null``, without a wall what it measures."""

    net_kg: DecimalText
    gross_kg: DecimalText | None
    dimensions_cm: list[DecimalText] | None


class PackedOtherwise(Answer):
    """The packing of the order that is not the quoted parcel; ``left`` is how many pieces go into no box."""

    parcels: list[PackedParcelOut]
    left: int
    message: str


class AgainstOut(Answer):
    """What is against a service; ``over`` is by how much a limit is passed, in ``unit``."""

    about: str
    code: str
    limit: DecimalText | None
    value: DecimalText | None
    over: Signed | None
    unit: str | None
    message: str


class ChargedWeight(Answer):
    """What is charged; ``divisor`` cubic centimetres count as a kilogram where volume counts."""

    charged_kg: DecimalText
    volumetric_kg: DecimalText | None
    divisor: int | None
    volume_counts: bool


class ServiceLimits(Answer):
    """The limits that a rate card gives a service; ``null`` is none."""

    max_kg: DecimalText | None
    max_length_cm: DecimalText | None
    max_girth_cm: DecimalText | None


class KindOut(Answer):
    """The kind of postal item, and how far one is usually scanned."""

    name: str
    usual: str


class TrackedOut(Answer):
    """How far the parcel is followed between these countries; ``null`` is not known."""

    reach: Literal["none", "to_border", "end_to_end"] | None
    evidence: Literal["memory"] | None
    kind: KindOut | None
    message: str


class AskedPaper(Answer):
    """What the destination asks for the goods, or that it ``bans`` them; not ``certain`` hangs on an answer."""

    message: str
    paper: str | None
    item: str | None
    certain: bool
    bans: bool
    rule: Rule


class PapersOfWay(Answer):
    """The form that goes with the parcel, and why; ``null`` is not known."""

    form: Literal["cn22", "cn23", "invoice"] | None
    message: str
    needed: list[AskedPaper]


class SaidDays(Answer):
    """Days as a card or a carrier says them."""

    min: int
    max: int


class WayDays(Answer):
    """When it comes: what the card says, and the engine's dates; ``assumed`` rests on no observed parcels."""

    by_card: SaidDays | None
    earliest: DayText | None
    likely: DayText | None
    latest: DayText | None
    assumed: bool | None


class WayCost(Answer):
    """What sending costs in all: freight, insurance and every charge of import, whoever pays; the goods stand apart."""

    currency: str
    total: Signed
    range: Bounds
    goods: DecimalText | None
    freight: DecimalText | None
    insurance: DecimalText | None
    duties: DecimalText | None
    taxes: DecimalText | None
    fees: DecimalText | None
    import_charges: DecimalText | None


class SendingWay(Answer):
    """One way to send; those that are ``open`` stand first, the cheapest of them at the top."""

    id: str
    source: str
    service: str
    channel: Channel
    kind: str | None
    illustrative: bool
    standing: Literal["open", "unsure", "unknown", "refused", "not_taken"]
    against: list[AgainstOut]
    weight: ChargedWeight | None
    limits: ServiceLimits | None
    tracked: TrackedOut
    papers: PapersOfWay
    days: WayDays
    cost: WayCost | None
    outcome: Literal["complete", "estimated", "refused"] | None
    reasons: list[ReasonOut]
    charges: list[ChargeOut]


class ExportLimitOfParcel(Answer):
    """A limit of a simplified way out, how it is known, and by how much the parcel is over it."""

    of: Literal["value", "weight"]
    comparison: Literal["at_most", "below", "over", "at_least"]
    limit: str
    unit: str
    given: DecimalText | None
    over: DecimalText | None
    rule: str
    heading: str | None
    from_: Annotated[DayText | None, Field(alias="from")]
    to: DayText | None
    known_until: DayText | None
    status: Literal["verified", "reported", "memory", "conflicting", "assumed"]
    sources: list[Source]


class ExportWayOfParcel(Answer):
    """A simplified way out; ``estimated`` rests on less than fresh evidence, which ``doubts`` say."""

    id: str
    name: str
    verdict: Verdict
    estimated: bool
    reasons: list[str]
    doubts: list[str]
    limits: list[ExportLimitOfParcel]
    files: str
    excludes: str | None


class ExportRate(Answer):
    """The rate by which the value was compared with the limits."""

    base: str
    quote: str
    rate: DecimalText
    date: DayText


class ExportOut(Answer):
    """Whether simplified export is open on a channel; ``unknown`` is no *no*."""

    channel: Channel
    verdict: Verdict
    message: str
    reasons: list[str]
    rate: ExportRate | None
    ways: list[ExportWayOfParcel]


class CarrierNotKnown(Answer):
    """A carrier of the seller whose prices are not known now, and why."""

    carrier: str
    name: str
    code: str
    message: str


class WaysOut(Answer):
    """Every way to send a parcel, side by side."""

    date: DayText
    dispatch: str
    destination: str
    parcel: ParcelToSend
    packing: Annotated[
        PackedOtherwise | None,
        Field(description="How the order is packed, where that is not the parcel that the ways are quoted for."),
    ]
    goods: MoneyOut | None
    ways: list[SendingWay]
    exports: list[ExportOut]
    not_known: list[CarrierNotKnown]
