"""Invoices, receipts and credit notes on the seller's side: listed, issued from an order's page, read, taken along."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Literal

from flask import Response, abort, make_response, redirect, render_template, request, url_for

from shopkit.services import invoices, orders
from shopkit.services.invoice_papers import TITLES, language_of, paper, said
from shopkit.services.invoices import InvoiceNotFoundError
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.language import N_, gettext, speech
from translations.ui import TAGS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor
    from shopkit.services.invoices import Kept

# A mark, words, and the colour of a quote's outcome.
STATUSES: Final = {
    "open": ("○", N_("Waits for payment"), "estimated"),
    "part_paid": ("◐", N_("Paid in part"), "estimated"),
    "paid": ("●", N_("Paid"), "complete"),
    "overdue": ("○", N_("Overdue"), "refused"),
    "disputed": ("○", N_("Disputed"), "refused"),
    "charged_back": ("○", N_("Taken back by the buyer’s bank"), "refused"),
    "to_credit": ("◐", N_("To be credited"), "estimated"),
    "credited": ("○", N_("Credited"), "refused"),
}
_MOST_PAGES: Final = 10_000


@bp.get("/invoices")
def invoices_page() -> ResponseReturnValue:
    """List the shop's documents, the newest first."""
    who = actor()
    kind = next((one for one in invoices.KINDS if one == request.args.get("kind", "")), None)
    page = request.args.get("page", "1")
    number = min(int(page), _MOST_PAGES) if page.isascii() and page.isdigit() and page != "0" else 1
    found = invoices.find(services(), who, kind=kind, page=number)
    body = render_template(
        "web/invoices.html",
        rows=[row_of(one) for one in found.rows],
        total=found.total,
        kinds={one: gettext(TITLES[one]) for one in invoices.KINDS},
        kind=kind or "",
        page=number,
        last=-(-found.total // invoices.PAGE),
    )
    return make_response(body)


@bp.post("/orders/<order_id>/invoices")
def issue_invoice(order_id: str) -> ResponseReturnValue:
    """Issue the invoice of an order, and what else its ledger asks for; pressed twice, once."""
    who = actor("editor")
    try:
        if invoices.can_issue(services(), who, order_id):
            invoices.issue(services(), who, order_id)
        else:
            invoices.catch_up(services(), order_id)
    except OrderNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    except RequestError:
        # Somebody was faster: the page shows how it stands.
        pass
    return redirect(f"{url_for('web.order_page', order_id=order_id)}#papers", HTTPStatus.SEE_OTHER)


@bp.get("/orders/<order_id>/invoices/<number>")
def invoice_page(order_id: str, number: str) -> ResponseReturnValue:
    """Show a document as its buyer sees it."""
    found = _find(actor(), order_id, number)
    files = {form: url_for("web.invoice_file", order_id=order_id, number=number, form=form) for form in forms_of(found)}
    return page_of(found, files, request.args.get("lang"))


@bp.get("/orders/<order_id>/invoices/<number>.<any(pdf, xml):form>")
def invoice_file(order_id: str, number: str, form: Literal["pdf", "xml"]) -> ResponseReturnValue:
    """Download a document: PDF, or UBL where there is one."""
    return file_of(_find(actor(), order_id, number), form, request.args.get("lang"))


def row_of(kept: Kept) -> tuple[Kept, str, str, tuple[str, str, str] | None]:
    """Return a document as it stands in a list: what it is called, of how much, and how it stands."""
    document, standing = kept.document, kept.standing
    amount = speech().money(kept.total.text, kept.total.currency)
    mark = None
    if standing is not None:
        sign, words, colour = STATUSES[standing.status]
        mark = sign, gettext(words), colour
    return kept, f"{gettext(TITLES[document.kind])} {document.number}", amount, mark


def forms_of(kept: Kept) -> tuple[str, ...]:
    """Return the files that a document can be had as."""
    return ("pdf",) if kept.document.kind == "receipt" else ("pdf", "xml")


def page_of(kept: Kept, files: dict[str, str], language: str | None) -> Response:
    """Return a document as a page for itself, to be read and printed; no cache keeps it."""
    spoken = language_of(kept.document, language)
    body = render_template(
        "web/invoice.html", paper=said(kept.document, spoken), tag=TAGS[spoken], kept=kept, files=files
    )
    return _private(Response(body, mimetype="text/html"))


def file_of(kept: Kept, form: Literal["pdf", "xml"], language: str | None) -> Response:
    """Return a document as a file; 404 for a form that it does not have."""
    if form not in forms_of(kept):
        abort(HTTPStatus.NOT_FOUND)
    if form == "pdf":
        response = Response(paper(kept.document, language), mimetype="application/pdf")
    else:
        from shopkit.invoices.ubl import ubl  # noqa: PLC0415  # only who asks for it needs XML

        response = Response(ubl(kept.document), mimetype="application/xml")
    response.headers["Content-Disposition"] = f'inline; filename="{kept.document.number}.{form}"'
    return _private(response)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _find(who: Actor, order_id: str, number: str) -> Kept:
    try:
        return invoices.load(services(), who, order_id, number)
    except (OrderNotFoundError, InvoiceNotFoundError):
        abort(HTTPStatus.NOT_FOUND)


def of_order(
    who: Actor, order: orders.Order
) -> tuple[list[tuple[Kept, str, str, tuple[str, str, str] | None]], bool, bool]:
    """Return the documents of an order as rows, whether it can be invoiced, and whether others are to be issued."""
    rows = [row_of(one) for one in invoices.of_order(services(), who, order.id)]
    return rows, invoices.can_issue(services(), who, order.id), invoices.is_asked(services(), who, order.id)
