"""What the routes of papers for customs answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from shopkit.api.schemas import Answer, DayText, Moment
from shopkit.services.number_ranges import WARN_BELOW
from shopkit.services.schemas import LABEL, Shape

Form = Literal["cn22", "cn23", "invoice"]


class PaperFinding(Answer):
    """Something that stands against a paper (``block``) or is only to be known (``warn``).

    ``where`` is its place, such as ``lines/2/hs_code``; ``proposal`` a better description where there is one.
    """

    level: Literal["block", "warn"]
    code: str
    where: str
    message: str
    proposal: str | None


class NeededForm(Answer):
    """The form that was asked for, the one that service and value need, and why; ``rate_date`` is that of the SDR."""

    asked: Form
    needed: Form
    reason: str
    message: str
    rate_date: DayText | None


class PaperOfOrder(Answer):
    """A kind of paper: whether it can be printed now, what stands against it, in which formats and on which sizes."""

    kind: str
    can_print: bool
    formats: list[Literal["pdf", "xml", "zpl"]]
    sizes: list[str]
    findings: list[PaperFinding]


class PrintedOut(Answer):
    """A paper that was printed; ``changed`` names what is not as it says any more, and then it is void."""

    kind: str
    service: str
    number: str | None
    printed_at: Moment
    digest: str
    void: bool
    changed: list[str]
    message: str | None


class PapersOut(Answer):
    """The papers of an order, each kind with what stands against it, and what was printed."""

    order: int
    papers: list[PaperOfOrder]
    printed: list[PrintedOut]


class BoxesOut(Answer):
    """The boxes that the seller filled, null where nobody said."""

    category: str | None
    explanation: str | None
    postage: dict[str, str] | None
    insured: dict[str, str] | None
    licence: str | None
    certificate: str | None
    invoice: str | None
    inspection: str | None
    comment: str | None
    importer: dict[str, str] | None
    undelivered: str | None
    redirect: dict[str, str | None] | None
    aes: str | None
    signer: str | None
    signed_on: DayText | None
    origin: dict[str, Any] | None
    food: list[dict[str, Any]] | None


class DeclarationOut(Answer):
    """What a paper says, and all that is wrong with it.

    Of forms and packing lists ``declaration`` is what every paper is made of, with the ``form`` that it needs. Of data
    and sheets ``data`` is what they say; ``complete_percent`` is 100 where nothing that is needed is missing,
    ``missing`` names what is, ``blank`` what is told where there is something.
    """

    findings: list[PaperFinding]
    form: NeededForm | None = None
    declaration: dict[str, Any] | None = None
    data: dict[str, Any] | None = None
    complete_percent: int | None = None
    missing: list[str] | None = None
    blank: list[str] | None = None


class NoteRange(Shape):
    """A range of S10 numbers as the post gave it; ``used`` of it are on parcels already."""

    range: Annotated[str, Field(min_length=1, max_length=80, pattern=LABEL, examples=["RB 00000000-00001000 GT"])]
    warn_below: Annotated[int, Field(ge=0, le=1_000_000)] = WARN_BELOW
    used: Annotated[int, Field(ge=0, le=100_000_000)] = 0


class TakeNumber(Shape):
    """Of which service a number is asked for, by its first two letters, where there are ranges of several.

    With ``another`` an order that has a number of one service is given one of the asked service, too.
    """

    indicator: Annotated[str, Field(pattern=r"^[A-Z]{2}$", examples=["RB"])] | None = None
    another: bool = False


class RangeOut(Answer):
    """A range of S10 numbers: how many were handed out, how many are left, whether those are few."""

    id: str
    range: str
    indicator: str
    issuer: str
    first: str
    last: str
    handed: int
    left: int
    warn_below: int
    is_low: bool
    is_closed: bool


class RangeList(Answer):
    """The shop's ranges, the oldest first."""

    results: list[RangeOut]


class TakenNumber(Answer):
    """The number of an order, and how its range stands."""

    number: str
    range: RangeOut
