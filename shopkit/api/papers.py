"""Routes of papers for customs: what stands against them, the declaration, the PDF, and the boxes a seller fills."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flask import Response, abort

from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.errors import problem
from shopkit.api.language import language
from shopkit.api.orders import READ, WRITE, moment
from shopkit.api.paper_schemas import NoteRange, TakeNumber
from shopkit.api.queries import Query
from shopkit.late import Late
from shopkit.papers.words import tell, void
from shopkit.services import number_ranges, orders
from shopkit.services.keeping import Reply
from shopkit.services.number_ranges import RangeNotFoundError
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.reading import read_shape
from shopkit.services.schemas import Shape

if TYPE_CHECKING:
    from datetime import date

    from shopkit.papers import sheets, zpl
    from shopkit.papers.declaration import Service
    from shopkit.papers.findings import Finding
    from shopkit.papers.sheets import Size
    from shopkit.papers.zpl import Dpi
    from shopkit.services import customs_papers, paper_details, paper_kinds
    from shopkit.services.actors import Actor
    from shopkit.services.customs_papers import Looked
    from shopkit.services.paper_kinds import Format, Kind
else:
    sheets = Late("shopkit.papers.sheets")
    zpl = Late("shopkit.papers.zpl")
    customs_papers = Late("shopkit.services.customs_papers")
    paper_details = Late("shopkit.services.paper_details")
    paper_kinds = Late("shopkit.services.paper_kinds")

SERVICES: Final[tuple[Service, ...]] = ("letter", "parcel", "ems")
_MOST_SIGNS: Final = 40
Asked = TypeVar("Asked", bound=Shape)


@bp.errorhandler(RangeNotFoundError)
def _no_range(_error: RangeNotFoundError) -> Response:
    return problem(404)


@bp.get("/api/v1/orders/<order_id>/papers")
def read_papers(order_id: str) -> Response:
    """List the papers of an order with what stands against each, and what was printed with what changed since."""
    actor = api_actor(READ)
    asked = _Asked()
    asked.done()
    spoken = language()
    looked = {
        form: customs_papers.look(services(), actor, order_id, form)
        for form in dict.fromkeys(one.form for one in paper_kinds.KINDS.values())
    }
    papers = [
        {
            "kind": kind.name,
            "can_print": not kind.against(looked[kind.form]),
            "formats": list(kind.makes),
            "sizes": list(kind.sizes),
            "findings": [customs_papers.told(one, spoken) for one in kind.find(looked[kind.form])],
        }
        for kind in paper_kinds.KINDS.values()
    ]
    printed = [
        {
            "kind": one.kind,
            "service": one.service,
            "number": one.number or None,
            "printed_at": moment(one.printed_at),
            "digest": one.digest,
            "void": one.is_void,
            "changed": list(one.changed),
            "message": void(one.changed, spoken) if one.is_void else None,
        }
        for one in customs_papers.printed(services(), actor, order_id)
    ]
    order = next(iter(looked.values())).declaration.order
    return _sent({"order": order, "papers": papers, "printed": printed})


@bp.get("/api/v1/orders/<order_id>/papers/boxes")
def read_paper_boxes(order_id: str) -> Response:
    """Read the boxes that the seller filled for an order's papers."""
    return _sent(paper_details.whole(paper_details.load(services(), api_actor(READ), order_id)))


@bp.put("/api/v1/orders/<order_id>/papers/boxes")
def fill_paper_boxes(order_id: str) -> Response:
    """Fill the boxes of an order's papers in place of what they held; what was printed before may become void."""
    actor = api_actor(WRITE)
    orders.load(services(), actor, order_id)
    return _sent(paper_details.whole(paper_details.save(services(), actor, order_id, read_body())))


@bp.get("/api/v1/orders/<order_id>/papers/<paper>")
def read_paper(order_id: str, paper: str) -> Response:
    """Read what a paper says, what it needs, and all that is wrong, as JSON."""
    actor, found = api_actor(READ), _kind(paper)
    asked = _Asked("service", "number", "on")
    looked = asked.look(actor, order_id, found)
    return _sent(found.tell(looked, language()))


@bp.get("/api/v1/orders/<order_id>/papers/<paper>.pdf")
def print_paper(order_id: str, paper: str) -> Response:
    """Print a paper as PDF; 422 with all that stands against it. That it was printed is written down."""
    return _made(order_id, paper, "pdf")


@bp.get("/api/v1/orders/<order_id>/papers/<paper>.xml")
def read_paper_xml(order_id: str, paper: str) -> Response:
    """Read a paper that is data as XML; 422 with all that stands against it."""
    return _made(order_id, paper, "xml")


@bp.get("/api/v1/orders/<order_id>/papers/<paper>.zpl")
def read_paper_zpl(order_id: str, paper: str) -> Response:
    """Read a label as ZPL for a thermal printer of four by six inches; 422 with all that stands against it."""
    return _made(order_id, paper, "zpl")


@bp.post("/api/v1/orders/<order_id>/papers/number")
def take_number(order_id: str) -> Response:
    """Give an order an S10 number of the ranges the post gave: that which it has, else the next.

    422 where it has a number of another service than the asked one, unless ``another`` says that it needs both.
    """
    actor = api_actor(WRITE)
    orders.load(services(), actor, order_id)
    asked = read_shape_of(TakeNumber)
    found = number_ranges.hand_out(services(), actor, order_id, asked.indicator, another=asked.another)
    return _sent({"number": found.number, "range": number_ranges.told(found.range)})


@bp.get("/api/v1/s10-ranges")
def read_ranges() -> Response:
    """List the ranges of S10 numbers the post gave, with how many are left."""
    actor = api_actor(READ)
    Query().done()
    return _sent({"results": [number_ranges.told(one) for one in number_ranges.ranges(services(), actor)]})


@bp.post("/api/v1/s10-ranges")
def note_range() -> Response:
    """Note a range of S10 numbers that the post gave; 422 where it overlaps one that is noted."""
    actor = api_actor(WRITE)
    asked = read_shape_of(NoteRange)
    found = number_ranges.note(services(), actor, asked.range, warn_below=asked.warn_below, used=asked.used)
    return _sent(number_ranges.told(found))


@bp.delete("/api/v1/s10-ranges/<range_id>")
def close_range(range_id: str) -> Response:
    """Hand out nothing more of a range; what was handed out stays used."""
    return _sent(number_ranges.told(number_ranges.close(services(), api_actor(WRITE), range_id)))


def read_shape_of(shape: type[Asked]) -> Asked:
    """Return the body in its shape; ``RequestError`` with all that is wrong."""
    problems: list[RequestProblem] = []
    body = read_body()
    if not isinstance(body, dict):
        raise RequestError([RequestProblem("", "type.object")])
    found = read_shape(shape, body, problems)
    if problems or found is None:
        raise RequestError(problems)
    return found


def _made(order_id: str, paper: str, form: Format) -> Response:
    actor, found = api_actor(READ), _kind(paper)
    if form not in found.makes:
        abort(HTTPStatus.NOT_FOUND)
    asked = _Asked("service", "number", "on", *({"pdf": ("size",), "zpl": ("dpi",)}.get(form, ())))
    size, dpi = asked.size(found), asked.dpi()
    looked = asked.look(actor, order_id, found)
    spoken = language()
    try:
        made = paper_kinds.hand_out(
            services(), actor, order_id, found, looked, paper_kinds.Wish(spoken, size, dpi), form
        )
    except paper_kinds.BlockedError as error:
        raise RequestError([_problem(one, spoken) for one in error.findings]) from None
    response = Response(made, mimetype=paper_kinds.MIMETYPES[form])
    response.headers["Content-Language"] = spoken
    response.headers["Content-Disposition"] = f'inline; filename="{paper}-{looked.declaration.order}.{form}"'
    response.vary.add("Accept-Language")
    return response


class _Asked(Query):
    """The query of a paper, field by field."""

    def service(self, kind: Kind) -> Service:
        asked = self.text("service")
        found = next((one for one in SERVICES if one == asked), None)
        if asked is not None and found is None:
            self.complain("service", "choice", expected=", ".join(SERVICES))
        return found or kind.service

    def size(self, kind: Kind) -> Size:
        asked = self.text("size")
        found = next((one for one in sheets.SIZES if one == asked and one in kind.sizes), None)
        if asked is not None and found is None:
            self.complain("size", "choice", expected=", ".join(kind.sizes))
        return found or kind.size

    def dpi(self) -> Dpi:
        asked = self.text("dpi")
        found = next((one for one in zpl.DPI if str(one) == asked), None)
        if asked is not None and found is None:
            self.complain("dpi", "choice", expected=", ".join(map(str, zpl.DPI)))
        return found or zpl.DPI[0]

    def number(self) -> str:
        number = self.text("number") or ""
        if len(number) > _MOST_SIGNS:
            self.complain("number", "text.too_long", limit=str(_MOST_SIGNS))
        return number

    def look(self, actor: Actor, order_id: str, kind: Kind) -> Looked:
        service, number, on = self.service(kind), self.number(), self.posted_on()
        self.done()
        return customs_papers.look(services(), actor, order_id, kind.form, service=service, number=number, on=on)

    def posted_on(self) -> date | None:
        return self.day("on")


def _kind(name: str) -> Kind:
    found = paper_kinds.KINDS.get(name)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return found


def _problem(finding: Finding, spoken: str) -> RequestProblem:
    place = f"/{finding.where}" if finding.where else ""
    return RequestProblem(place, "papers.against", {"finding": tell(finding, spoken)})


def _sent(value: Any) -> Response:  # noqa: ANN401  # JSON
    return send(Reply(HTTPStatus.OK, dump(value), language(), None))
