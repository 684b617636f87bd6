"""Routes of invoices, receipts and credit notes: issued, listed, read as JSON, PDF or UBL."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Literal

from flask import Response, request

from landed_cost.money import Money
from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.errors import problem
from shopkit.api.language import language
from shopkit.api.orders import MOST_PAGES, READ, WRITE, moment
from shopkit.api.queries import Query
from shopkit.services import invoices, orders
from shopkit.services.invoices import KINDS, InvoiceNotFoundError
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError, RequestProblem

if TYPE_CHECKING:
    from shopkit.invoices import Party
    from shopkit.services.invoices import Kept

_FORMS: Final[dict[str, Literal["pdf", "xml"]]] = {"application/pdf": "pdf", "application/xml": "xml"}


@bp.errorhandler(InvoiceNotFoundError)
def _no_invoice(_error: InvoiceNotFoundError) -> Response:
    return problem(404)


@bp.get("/api/v1/invoices")
def find_invoices() -> Response:
    """List the shop's documents, of one kind or of all, the newest first, fifty a page."""
    actor = api_actor(READ)
    query = Query("kind", "page")
    asked = query.text("kind")
    kind = next((one for one in KINDS if one == asked), None)
    if asked is not None and kind is None:
        query.complain("kind", "choice", expected=", ".join(KINDS))
    text = query.text("page") or "1"
    is_whole = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PAGES))
    if not is_whole or not 1 <= int(text) <= MOST_PAGES:
        query.complain("page", "number.range", limit=f"1-{MOST_PAGES}")
    query.done()
    found = invoices.find(services(), actor, kind=kind, page=int(text))
    return _sent({"results": [_brief(one) for one in found.rows], "total": found.total, "page": int(text)})


@bp.get("/api/v1/orders/<order_id>/invoices")
def read_invoices(order_id: str) -> Response:
    """List the documents of an order, the oldest first."""
    return _sent({"results": [_brief(one) for one in invoices.of_order(services(), api_actor(READ), order_id)]})


@bp.post("/api/v1/orders/<order_id>/invoices")
def issue_invoices(order_id: str) -> Response:
    """Issue the invoice of an order, and the receipts and credit notes it asks for; again, nothing more is issued."""
    actor = api_actor(WRITE)
    orders.load(services(), actor, order_id)
    asked = read_body()
    if not isinstance(asked, dict):
        raise RequestError([RequestProblem("", "type.object")])
    if asked:
        name = min(asked)
        raise RequestError([RequestProblem(f"/{name[:80]}", "unknown_field", {"field": name[:80], "hint": ""})])
    invoices.issue(services(), actor, order_id)
    return _sent({"results": [_brief(one) for one in invoices.of_order(services(), actor, order_id)]})


@bp.get("/api/v1/orders/<order_id>/invoices/<number>")
def read_invoice(order_id: str, number: str) -> Response:
    """Read a document as it was issued, and how it stands; as PDF or UBL where Accept asks for one of these."""
    found = invoices.load(services(), api_actor(READ), order_id, number)
    best = request.accept_mimetypes.best_match(["application/json", *_FORMS], "application/json")
    response = _sent(_whole(found)) if best not in _FORMS else _file(found, _FORMS[best])
    response.vary.add("Accept")
    return response


@bp.get("/api/v1/orders/<order_id>/invoices/<number>.pdf")
def read_invoice_pdf(order_id: str, number: str) -> Response:
    """Read a document as PDF, in the language of the order."""
    return _file(invoices.load(services(), api_actor(READ), order_id, number), "pdf")


@bp.get("/api/v1/orders/<order_id>/invoices/<number>.xml")
def read_invoice_ubl(order_id: str, number: str) -> Response:
    """Read an invoice or a credit note as UBL 2.1."""
    return _file(invoices.load(services(), api_actor(READ), order_id, number), "xml")


def _file(found: Kept, form: Literal["pdf", "xml"]) -> Response:
    # What prints and what writes XML are loaded by who asks for it.
    from shopkit.invoices.ubl import NoUblError, ubl  # noqa: PLC0415
    from shopkit.services.invoice_papers import language_of, paper  # noqa: PLC0415

    try:
        made = paper(found.document) if form == "pdf" else ubl(found.document)
    except NoUblError:
        raise RequestError([RequestProblem("", "invoice.no_ubl")]) from None
    response = Response(made, mimetype=f"application/{form}")
    response.headers["Content-Language"] = language_of(found.document) if form == "pdf" else "en"
    response.headers["Content-Disposition"] = f'inline; filename="{found.document.number}.{form}"'
    response.vary.add("Accept-Language")
    return response


def _brief(one: Kept) -> dict[str, Any]:
    document, standing = one.document, one.standing
    return {
        "number": document.number,
        "kind": document.kind,
        "order": one.order_id,
        "order_number": document.order,
        "issued_at": moment(document.issued_at),
        "currency": document.currency,
        "total": one.total.text,
        "refers_to": document.refers_to or None,
        "due_on": None if document.due_on is None else document.due_on.isoformat(),
        "status": None if standing is None else standing.status,
        "credited": None if standing is None else Money(standing.credited, document.currency).text,
        "left": None if standing is None else Money(standing.left, document.currency).text,
        "opened_at": moment(one.opened_at),
        "digest": one.digest,
    }


def _whole(one: Kept) -> dict[str, Any]:
    document = one.document

    def text(minor: int) -> str:
        return Money(minor, document.currency).text

    return _brief(one) | {
        "locale": document.locale,
        "seller": _party(document.seller),
        "buyer": _party(document.buyer),
        "terms": document.terms,
        "place": document.place,
        "reason": document.reason,
        "cause": document.cause or None,
        "lines": [
            {
                "title": line.title,
                "sku": line.sku or None,
                "quantity": line.quantity,
                "amount": text(line.minor),
                "hs_code": line.hs_code or None,
                "origin": line.origin or None,
                "net_kg": None if line.net_kg is None else f"{line.net_kg:f}",
            }
            for line in document.lines
        ],
        "goods": text(document.goods),
        "freight": text(document.freight),
        "insurance": text(document.insurance),
        "charges": text(document.charges),
        "reduced": text(document.reduced),
        "paid": text(document.paid),
        "to_pay": text(document.to_pay),
        "at_door": text(document.at_door),
        "net_kg": None if document.net_kg is None else f"{document.net_kg:f}",
        "gross_kg": None if document.gross_kg is None else f"{document.gross_kg:f}",
        "way": document.way or None,
        "fiscal": False,
    }


def _party(said: Party) -> dict[str, Any]:
    names = ("name", "legal_name", "street", "city", "region", "postal_code", "country", "tax_id", "email", "phone")
    return {name: getattr(said, name) or None for name in names}


def _sent(value: Any) -> Response:  # noqa: ANN401  # JSON
    return send(Reply(HTTPStatus.OK, dump(value), language(), None))
