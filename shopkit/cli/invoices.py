"""Invoices on the command line: issued, listed, written to a file; the history of sales; what is due, by a timer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shopkit.cli.common import acting_for, counted, migrate, open_shop, seller_option, stop, table
from shopkit.cli.orders import id_of
from shopkit.services import invoices
from shopkit.services.invoices import KINDS
from shopkit.services.problems import RequestError

if TYPE_CHECKING:
    from datetime import date, datetime

    from shopkit.invoices import Kind
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.invoices import Kept

_WRONG = 1
_order = click.argument("order")
_month = click.DateTime(["%Y-%m"])


@click.group("invoices")
def group() -> None:
    """Invoices, receipts and credit notes of a shop: see docs/invoices.md."""


@group.command("list")
@seller_option
@click.option("--kind", type=click.Choice(KINDS), help="Only these.")
@click.option("--page", type=click.IntRange(min=1), default=1, help="Which fifty of them.")
def list_invoices(seller: str, kind: Kind | None, page: int) -> None:
    """List a shop's documents, the newest first."""
    services, actor = _enter(seller)
    found = invoices.find(services, actor, kind=kind, page=page)
    table(_told(one) for one in found.rows)
    click.echo(counted(found.total, "document"), err=True)


@group.command("issue")
@_order
@seller_option
def issue(order: str, seller: str) -> None:
    """Issue the invoice of ORDER (such as 1001), and what else its ledger asks for; again, the same one."""
    services, actor = _enter(seller)
    try:
        made = invoices.issue(services, actor, id_of(services, actor, order))
    except RequestError as error:
        stop("; ".join(one.message("en") for one in error.problems), _WRONG)
    table([_told(made)])


@group.command("due")
@click.option("--invoices", "with_invoices", is_flag=True, help="Invoices of orders that are paid, too.")
def due(*, with_invoices: bool) -> None:
    """Issue the receipts and credit notes that are due in all shops; for a timer of the system."""
    services = open_shop()
    migrate(services)
    click.echo(counted(invoices.issue_due(services, with_invoices=with_invoices), "document"))


@group.command("write")
@_order
@click.argument("number")
@seller_option
@click.option("--as", "form", type=click.Choice(["pdf", "ubl", "json"]), default="pdf", show_default=True)
@click.option("--lang", type=click.Choice(["es", "pt", "en"]), help="Another language than the order's.")
@click.option("-o", "--output", type=click.File("wb"), default="-", help="Where to: by default the terminal.")
def write(order: str, number: str, seller: str, form: str, lang: str | None, output: click.File) -> None:
    """Write the document NUMBER of ORDER, such as F-000001, as PDF, UBL 2.1 or its frozen JSON."""
    from shopkit.invoices import write as as_json  # noqa: PLC0415  # few commands need these
    from shopkit.invoices.ubl import NoUblError, ubl  # noqa: PLC0415
    from shopkit.services.invoice_papers import paper  # noqa: PLC0415

    services, actor = _enter(seller)
    try:
        document = invoices.load(services, actor, id_of(services, actor, order), number).document
        made = (
            paper(document, lang) if form == "pdf" else as_json(document).encode() if form == "json" else ubl(document)
        )
    except invoices.InvoiceNotFoundError:
        stop(f"order {order} has no document {number}; see shopkit invoices list", _WRONG)
    except NoUblError:
        stop("a receipt has no UBL form; ask for pdf or json", _WRONG)
    output.write(made)  # type: ignore[attr-defined]  # click opened it


@group.command("history")
@seller_option
@click.option("--from", "first", type=_month, help="The first month, like 2026-01; by default the last twelve.")
@click.option("--to", "last", type=_month, help="The last month.")
@click.option("--as", "form", type=click.Choice(["csv", "pdf"]), default="csv", show_default=True)
@click.option("--lang", type=click.Choice(["es", "pt", "en"]), default="en", show_default=True, help="Of the PDF.")
@click.option("-o", "--output", type=click.File("wb"), default="-", help="Where to: by default the terminal.")
def history(  # what can be asked
    seller: str, first: datetime | None, last: datetime | None, form: str, lang: str, output: click.File
) -> None:
    """Write what was sold, paid, given back and delivered in time, by month and market."""
    from shopkit.services import sales_history  # noqa: PLC0415  # few commands need it

    services, actor = _enter(seller)
    since, until = sales_history.period(services, actor, _day(first), _day(last))
    found = sales_history.sales_history(services, actor, since, until)
    made = (
        sales_history.as_pdf(services, actor, found, lang)
        if form == "pdf"
        else "".join(sales_history.as_csv(found)).encode()
    )
    output.write(made)  # type: ignore[attr-defined]  # click opened it


def _day(month: datetime | None) -> date | None:
    return None if month is None else month.date()


def _enter(seller: str) -> tuple[Services, Actor]:
    services = open_shop()
    migrate(services)
    return services, acting_for(services, seller)


def _told(one: Kept) -> tuple[object, ...]:
    document, standing = one.document, one.standing
    seen = "" if standing is None else "seen" if standing.is_seen else "not seen"
    status = f"of {document.refers_to}" if standing is None and document.refers_to else ""
    return (
        document.number,
        document.issued_on,
        f"#{document.order}",
        one.total,
        status if standing is None else standing.status,
        seen,
        document.buyer.name,
    )
