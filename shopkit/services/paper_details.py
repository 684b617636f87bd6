"""The boxes of papers for customs that a seller fills for an order: read strictly, kept, given back.

What contradicts the order is told when its papers are looked at, not here: a box may be filled before another is.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import func, select

from landed_cost.countries import is_country
from landed_cost.currencies import is_known
from landed_cost.money import Money, to_minor
from shopkit.invoices import Party
from shopkit.models import OrderLine, PaperDetails
from shopkit.papers.details import NOTHING, Details, FoodBox, OriginBox
from shopkit.services import audit, orders, schemas
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.reading import read_day, read_shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Json = dict[str, Any]


def _line(most: int, example: str) -> Any:  # noqa: ANN401  # a pydantic field
    return Field(max_length=most, pattern=schemas.LINE, examples=[example])


class RedirectTo(schemas.Shape):
    """The address to which a parcel that cannot be delivered is sent on."""

    name: Annotated[str, _line(120, "Rosa Gómez")]
    street: Annotated[str, _line(200, "55 Elm St")]
    city: Annotated[str, _line(80, "Houston")]
    region: Annotated[str, _line(60, "TX")] = ""
    postal_code: Annotated[str, _line(16, "77001")] = ""
    country: schemas.Country
    phone: Annotated[str, _line(40, "+1 713 555 0100")] = ""


class ImporterReference(schemas.Shape):
    """The receiver's reference with its customs."""

    kind: Literal["tax_code", "vat", "importer_code"] = "tax_code"
    number: Annotated[str, Field(min_length=1, max_length=40, pattern=schemas.LINE, examples=["529.982.247-25"])]


class OriginSaid(schemas.Shape):
    """What the seller says of origin, for a proof of it: made somewhere is not yet originating there."""

    agreement: Annotated[str, Field(max_length=64, pattern=schemas.LINE, examples=["usmca"])] = ""
    criterion: Annotated[str, _line(40, "B")] = ""
    lines: Annotated[list[Annotated[int, Field(ge=1, le=200)]], Field(max_length=200)] | None = None
    number: Annotated[str, _line(40, "ES/28/0001/26")] = ""
    role: Literal["exporter", "producer"] = "exporter"


class FoodSaid(schemas.Shape):
    """What the FDA asks of the food of a line, from 1, and no order says."""

    line: Annotated[int, Field(ge=1, le=200)]
    product_code: Annotated[str, _line(10, "24FGN99")] = ""
    quantity: Annotated[str, _line(120, "1 box of 12 jars of 250 g")] = ""
    lot: Annotated[str, _line(60, "L2611")] = ""
    manufacturer: Annotated[str, _line(300, "Mole Lucero, Av. Hidalgo 12, Toluca, Mexico")] = ""
    registration: Annotated[str, _line(20, "12345678901")] = ""
    reason: Annotated[str, _line(120, "")] = ""
    grower: Annotated[str, _line(300, "")] = ""
    refused_in: Annotated[str, _line(120, "")] = ""


class PaperBoxes(schemas.Shape):
    """What the seller says for the papers of an order beside it; what is left out, or null, nobody said.

    ``category`` follows from the order unless it is given. ``postage`` is what the post charged, ``insured`` for how
    much it answers. ``invoice`` is the number of one that was issued elsewhere. ``aes`` is the ITN or the exemption of
    mail from the United States. ``signed_on`` is the day beside ``signer``; the signature itself is by hand.
    """

    category: Literal["sale", "sample", "gift", "documents", "returned", "other"] | None = None
    explanation: Annotated[str, _line(35, "repair under warranty")] = ""
    postage: schemas.Money | None = None
    insured: schemas.Money | None = None
    licence: Annotated[str, _line(32, "LIC-2026-14")] = ""
    certificate: Annotated[str, _line(32, "FITO-0042")] = ""
    invoice: Annotated[str, _line(32, "A-1207")] = ""
    inspection: Literal["quarantine", "sanitary", "phytosanitary", "other"] | None = None
    comment: Annotated[str, _line(60, "dried chillies")] = ""
    importer: ImporterReference | None = None
    undelivered: Literal["return", "redirect", "abandon"] | None = None
    redirect: RedirectTo | None = None
    aes: Annotated[str, _line(35, "NO EEI 30.37(a)")] = ""
    signer: Annotated[str, _line(50, "Rosa Gómez")] = ""
    signed_on: schemas.Day | None = None
    origin: OriginSaid | None = None
    food: Annotated[list[FoodSaid], Field(max_length=200)] | None = None


def save(services: Services, actor: Actor, order_id: str, value: Any) -> Json:  # noqa: ANN401  # what JSON holds
    """Keep the boxes of an order in place of those it had; return them as they are kept.

    ``OrderNotFoundError``, ``ForbiddenError`` below an editor; ``RequestError`` with all that is wrong.
    """
    actor.must("editor")
    given = _read(value)
    now = services.now()
    with services.database.writing.begin() as session:
        row = orders.own(session, actor, order_id, lock=True)
        if problems := list(_of_origin(services, session, row.id, given.get("origin", {}))):
            raise RequestError(problems)
        kept = PaperDetails(
            order_id=row.id, seller_id=actor.seller_id, changed_at=now, given=json.dumps(given, ensure_ascii=False)
        )
        session.merge(kept)
        audit.note(session, actor, now, "papers.filled", row.id, boxes=sorted(given))
    return given


def load(services: Services, actor: Actor, order_id: str) -> Json:
    """Return the boxes of an order as they were given, without those that are empty; ``OrderNotFoundError``."""
    with services.database.reading() as session:
        return _kept(session, orders.own(session, actor, order_id).id)


def details(services: Services, actor: Actor, order_id: str) -> Details:
    """Return the boxes of an order as the papers take them."""
    given = load(services, actor, order_id)
    if not given:
        return NOTHING
    importer, redirect = given.get("importer", {}), given.get("redirect")
    plain = ("explanation", "licence", "certificate", "invoice", "comment", "aes", "signer")
    return Details(
        **{name: given.get(name, "") for name in (*plain, "category", "inspection", "undelivered")},
        postage=_money(given.get("postage")),
        insured=_money(given.get("insured")),
        importer_kind=importer.get("kind", "tax_code"),
        importer=importer.get("number", ""),
        redirect=None if redirect is None else Party(**redirect),
        origin=_origin(given.get("origin", {})),
        food=tuple(FoodBox(**one) for one in given.get("food", ())),
        signed_on=None if "signed_on" not in given else read_day(given["signed_on"], "", []),
    )


def whole(given: Json) -> Json:
    """Return boxes with all that may be said, null where nobody did."""
    said: Json = dict.fromkeys(PaperBoxes.model_fields)
    said |= given
    if said["redirect"] is not None:
        bare = asdict(Party(**said["redirect"]))
        said["redirect"] = {name: bare[name] or None for name in RedirectTo.model_fields}
    return said


def _origin(said: Json) -> OriginBox:
    lines = tuple(said.get("lines", ()))
    return replace(OriginBox(lines=lines), **{name: value for name, value in said.items() if name != "lines"})


def _of_origin(services: Services, session: Session, order_id: str, said: Json) -> Iterator[RequestProblem]:
    """Yield what cannot be of what is said of origin: an agreement that no rule has, lines that the order has not."""
    known = sorted({one.id for one in services.law.rulebook.agreements})
    if said.get("agreement") and said["agreement"] not in known:
        yield RequestProblem("/origin/agreement", "choice", {"expected": ", ".join(known)})
    count = session.scalar(select(func.count()).where(OrderLine.order_id == order_id)) or 0
    for place, line in enumerate(said.get("lines", ())):
        if line > count:
            yield RequestProblem(f"/origin/lines/{place}", "number.range", {"limit": f"1-{count}"})


def _kept(session: Session, order_id: str) -> Json:
    row = session.get(PaperDetails, order_id)
    found: Json = {} if row is None else json.loads(row.given)
    return found


def _read(value: Any) -> Json:  # noqa: ANN401  # what JSON holds
    """Return what was given without what is empty; ``RequestError`` with all that is wrong."""
    problems: list[RequestProblem] = []
    if not isinstance(value, dict):
        raise RequestError([RequestProblem("", "type.object")])
    asked = read_shape(PaperBoxes, value, problems)
    if asked is not None:
        read_day(asked.signed_on, "/signed_on", problems)
        for name in ("postage", "insured"):
            problems += _amount(getattr(asked, name), f"/{name}")
        if asked.redirect is not None and not is_country(asked.redirect.country):
            problems.append(RequestProblem("/redirect/country", "country.unknown", {"value": asked.redirect.country}))
    if problems or asked is None:
        raise RequestError(problems)
    return _filled(asked.model_dump())


def _amount(asked: schemas.Money | None, pointer: str) -> list[RequestProblem]:
    if asked is None:
        return []
    if not is_known(asked.currency):
        return [RequestProblem(f"{pointer}/currency", "currency.unknown", {"currency": asked.currency})]
    exact = Decimal(asked.amount)
    if Decimal(Money(to_minor(exact, asked.currency), asked.currency).text) != exact:
        return [RequestProblem(f"{pointer}/amount", "papers.amount", {"currency": asked.currency})]
    return []


def _filled(said: Json) -> Json:
    found: Json = {}
    for name, value in said.items():
        kept = " ".join(value.split()) if isinstance(value, str) else value
        kept = _filled(kept) if isinstance(kept, dict) else kept
        if isinstance(kept, list):
            kept = [_filled(one) if isinstance(one, dict) else one for one in kept]
        if kept not in (None, "", {}, []):
            found[name] = kept
    return found


def _money(said: Json | None) -> Money | None:
    return None if said is None else Money(to_minor(Decimal(said["amount"]), said["currency"]), said["currency"])
