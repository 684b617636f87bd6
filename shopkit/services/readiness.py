"""Is a product ready to be offered? One product held against many destinations, in words that a page can show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from landed_cost.checking import unread_attributes
from landed_cost.delivery import estimate
from landed_cost.model import Importer, Place
from landed_cost.readiness import Finding, Held, Product, Question, Readiness, readiness
from landed_cost.serialise import rule_to_dict
from shopkit.services import schemas
from shopkit.services.desk import Desk
from shopkit.services.destinations import requirement
from shopkit.services.problems import RequestError, RequestProblem, from_pydantic, nearest
from shopkit.services.reading import siblings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from landed_cost import Rulebook
    from shopkit.services.context import Services

Json = dict[str, Any]
_LEVELS: Final = ("law", "trade", "signal")
_BLOCKS: Final = ("blocked", "perhaps_blocked")
_NEEDS: Final = ("unmet", "perhaps_unmet")


@dataclass(frozen=True, slots=True)
class Checked:
    """How a product stands at one destination; ``readiness`` is ``None`` where no rules are known."""

    country: str
    name: dict[str, str] = field(default_factory=dict)
    readiness: Readiness | None = None

    def read(self, language: str) -> Json:
        """Return it in ``es``, ``pt`` or ``en``."""
        found = self.readiness
        head: Json = {"country": self.country, "name": self.name.get(language, self.country)}
        if found is None:
            return head | {"as_of": None, "status": "not_covered", "ready": False, "evidence": "none"} | _empty()
        shown: dict[str, list[Json]] = {"blocks": [], "held": [], "advice": [], "formalities": []}
        needs: dict[str, list[Json]] = {level: [] for level in _LEVELS}
        for one in found.findings:
            entry = _finding(one, language)
            if one.state in _BLOCKS:
                shown["blocks"].append(entry)
            elif one.state in _NEEDS:
                needs[one.rule.level].append(entry)
            elif one.state == "advice":
                shown["advice"].append(entry)
            else:
                shown["formalities" if one.state == "formality" else "held"].append(entry)
        return (
            head
            | {
                "as_of": found.on.isoformat(),
                "status": found.status,
                "ready": found.status == "ready",
                "evidence": found.evidence,
                "ways": [{"channel": channel, "status": status} for channel, status in found.ways.items()],
                "needs": needs,
                "questions": [_question(one, language) for one in found.questions],
            }
            | shown
        )


def check(services: Services, value: object) -> list[Checked]:
    """Answer a request (its JSON value), one entry for each destination; ``RequestError`` lists everything wrong."""
    request, problems = _shape(value)
    if request is None:
        raise RequestError(problems)
    rulebook = services.rulebook
    desk = Desk(problems)
    dispatch = desk.place(request.dispatch, "/dispatch")
    on, arrives_by = desk.day(request.date, "/date"), desk.day(request.arrives_by, "/arrives_by")
    if on is not None and arrives_by is not None and arrives_by < on:
        desk.complain(("/arrives_by",), "date.before", value=str(arrives_by), first=str(on))
    asked = request.destinations
    places = [desk.place(place, f"/destinations/{index}") for index, place in enumerate(asked or ())]
    papers = [_held(paper, f"/papers/{index}", desk) for index, paper in enumerate(request.papers)]
    problems += _papers_unread(papers, rulebook)
    product = _product(request.product, desk)
    unread = unread_attributes("/product", request.product.attributes)
    problems += [RequestProblem(one.pointer, one.code, one.params) for one in unread]
    if problems:
        raise RequestError(problems)
    if asked is None:
        places = [Place(country) for country in rulebook.destinations]
    return [
        _check(services, product, dispatch, place, request, papers, on or services.today(place.country), arrives_by)
        for place in places
    ]


def _check(
    services: Services,
    product: Product,
    dispatch: Place,
    place: Place,
    request: schemas.ReadinessRequest,
    papers: list[Held],
    on: date,
    arrives_by: date | None,
) -> Checked:
    destination = services.rulebook.destinations.get(place.country)
    if destination is None:
        return Checked(place.country)
    found = readiness(
        product,
        dispatch,
        place,
        services.rulebook,
        on,
        channels=request.channels,
        importer=Importer(request.importer),
        papers=papers,
        arrives_by=arrives_by or _latest(dispatch, place, request.channels, on),
    )
    return Checked(place.country, dict(destination.name), found)


def _latest(dispatch: Place, place: Place, channels: Iterable[str], on: date) -> date:
    """Return the last day on which a parcel sent on a day may come, by the slowest of the ways."""
    latest = on
    for channel in channels:
        found = estimate(on, dispatch.country, place.country, place.region, channel, _by_air(channel))
        if found is not None:
            latest = max(latest, found.latest)
    return latest


def _by_air(channel: str) -> str | None:
    return "air" if channel == "freight" else None


# -- reading ------------------------------------------------------------------------------------------------------


def _shape(value: object) -> tuple[schemas.ReadinessRequest | None, list[RequestProblem]]:
    if not isinstance(value, dict):
        return None, [RequestProblem("", "type.object")]
    try:
        return schemas.ReadinessRequest.model_validate(value), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    return None, [from_pydantic(one, siblings(schemas.ReadinessRequest, one["loc"])) for one in details]


def _product(given: schemas.OfferedProduct, desk: Desk) -> Product:
    code = None if given.hs_code is None else given.hs_code.replace(".", "").replace(" ", "")
    if code is None and not given.description.strip():
        desk.complain(("/product", "description"), "item.nameless")
    if code is not None and given.hs_schedule is None:
        # Six digits are the same everywhere; what follows them is one country's own.
        code = code[:6]
    origin = None if given.origin is None else desk.country(given.origin, "/product", "origin")
    return Product(given.description, code, given.hs_schedule, origin, given.attributes)


def _held(given: schemas.HeldPaper, where: str, desk: Desk) -> Held:
    country = None if given.country is None else desk.country(given.country, where, "country")
    return Held(given.paper, country, given.number, desk.day(given.expires, f"{where}/expires"))


def _papers_unread(papers: list[Held], rulebook: Rulebook) -> list[RequestProblem]:
    """Name the papers that no requirement knows."""
    if not papers:
        return []
    known = set(rulebook.vocabulary.papers)
    known |= {row.evidence.id for one in rulebook.destinations.values() for row in one.restrictions}
    return [
        RequestProblem(f"/papers/{index}/paper", "paper.unknown", {"value": one.paper} | nearest(one.paper, known))
        for index, one in enumerate(papers)
        if one.paper not in known
    ]


# -- showing ------------------------------------------------------------------------------------------------------


def _empty() -> Json:
    needs: Json = {level: [] for level in _LEVELS}
    return {"ways": [], "needs": needs, "questions": [], "blocks": [], "held": [], "advice": [], "formalities": []}


def _finding(found: Finding, language: str) -> Json:
    held = found.held
    return requirement(found.rule, language) | {
        "state": found.state,
        "certain": found.certain,
        "depends": found.depends,
        "channels": list(found.channels),
        "held": None
        if held is None
        else {
            "paper": held.paper,
            "number": held.number,
            "expires": None if held.expires is None else held.expires.isoformat(),
            "fault": found.fault,
        },
        "rule": rule_to_dict(found.rule.evidence.ref),
    }


def _question(asked: Question, language: str) -> Json:
    return {
        "kind": asked.kind,
        "name": asked.name or None,
        "question": asked.text(language),
        "answers": [{"value": value, "label": label} for value, label in asked.answers(language)],
        "could": asked.could,
        "rules": list(asked.rules),
    }
