"""What a buyer is given of an order on paper: its invoice, receipts and credit notes, behind the order's own link."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Literal

from flask import abort

from shopkit.services import invoices
from shopkit.services.invoices import InvoiceNotFoundError
from shopkit.web.invoices import file_of, forms_of, page_of
from shopkit.web.store.checkout import order_or_404
from shopkit.web.store.scene import at, bp, scene_of, services

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.invoices import Kept
    from shopkit.web.store.scene import Scene


@bp.get("/<market>/<language>/orders/<name>/papers/<number>")
def invoice(slug: str, market: str, language: str, name: str, number: str) -> ResponseReturnValue:
    """Show a document of an order to who holds the order's link; that it was opened is noted."""
    scene = scene_of(slug, market, language)
    found = _opened(scene, name, number)
    files = {form: at(scene, "store.invoice_file", name=name, number=number, form=form) for form in forms_of(found)}
    return page_of(found, files, scene.language)


@bp.get("/<market>/<language>/orders/<name>/papers/<number>.<any(pdf, xml):form>")
def invoice_file(  # the parts of the address
    slug: str, market: str, language: str, name: str, number: str, form: Literal["pdf", "xml"]
) -> ResponseReturnValue:
    """Send a document of an order as PDF or UBL."""
    scene = scene_of(slug, market, language)
    return file_of(_opened(scene, name, number), form, scene.language)


def _opened(scene: Scene, name: str, number: str) -> Kept:
    try:
        return invoices.open_as_buyer(services(), order_or_404(scene, name).id, number)
    except InvoiceNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
