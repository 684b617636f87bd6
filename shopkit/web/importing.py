"""Bringing listings in: the file, what its columns mean, what it would do, and what it did."""

from __future__ import annotations

import io
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

from flask import Response, abort, redirect, render_template, request, url_for

from landed_cost.currencies import EXPONENTS
from listings.channels import channels
from listings.formats import table
from listings.formats.messages import sentence
from listings.formats.port import FileRefusedError, Options, Problem
from shopkit.services import exports, importing, imports
from shopkit.services.companies import get_company
from shopkit.services.formats import formats
from shopkit.services.imports import MAX_MEGABYTES, Choices, ImportNotFoundError
from shopkit.web import choices
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.language import N_, gettext, speech
from translations.locales import known

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from flask.typing import ResponseReturnValue

    from listings.formats.port import Blank
    from shopkit.services.actors import Actor
    from shopkit.services.imports import Import

# What the form around a file adds to its size.
_AROUND: Final = 1 << 20
# A page does not wait for the judgement of a whole catalogue; the import itself, and the command, judge all of it.
_LOOKED_AT: Final = 2_000
_LANGUAGES: Final = ("es", "pt-BR", "en")
_NAMES: Final = {
    "shopify": "Shopify",
    "shopify-2025": "Shopify (2025)",
    "woocommerce": "WooCommerce",
    "mercadolibre": "MercadoLibre (JSON)",
    "shopkit": "shopkit (CSV)",
}
_STATES: Final = {
    "previewed": N_("Not imported yet"),
    "running": N_("Being imported"),
    "done": N_("Imported"),
    "failed": N_("Failed"),
    "undoing": N_("Being taken back"),
    "undone": N_("Taken back"),
}
_BUSY: Final = N_("Another import of your shop is running. Wait until it is done.")
_OPEN: Final = N_("Another import of your shop was interrupted. Go on with it first, or take it back.")
_LATE: Final = N_("This import cannot do that any more.")
_NO_FILE: Final = N_("Choose a file.")
_NOT_KNOWN: Final = N_(
    "We do not recognise this file. If it is a list of products, say below what each column means; "
    "else choose the file that your shop exported."
)
# What our own format calls a thing, in the words of the editor; what has none keeps its code.
FIELDS: Final = {
    "key": N_("Your own name for it"),
    "title": N_("Title"),
    "kind": N_("What it is"),
    "status": N_("Status"),
    "language": N_("Written in"),
    "description": N_("Description"),
    "brand": N_("Brand"),
    "category": N_("Category"),
    "hs_code": N_("Tariff code (HS)"),
    "hs_evidence": N_("Who says so"),
    "origin": N_("Made in"),
    "origin_evidence": N_("Proof of origin"),
    "tags": N_("Tags, with commas between"),
    "pictures": N_("Addresses of pictures"),
    "photos": N_("Photos"),
    "shelf_life_days": N_("Keeps for, days"),
    "making_days": N_("Made to order: days"),
    "price": N_("Price of one"),
    "regular_price": N_("Price of one"),
    "sale_price": N_("Price for now"),
    "compare_at": N_("Price before"),
    "cost": N_("What one costs you"),
    "weight": N_("Weight of one, without its box"),
    "dimensions": N_("Measures, packed"),
    "inputs": N_("What goes in, and where that was made"),
    "materials": N_("Materials"),
    "attributes": N_("Answers about the goods"),
    "measures": N_("Other measures"),
    "certificates": N_("Certificates"),
    "lot": N_("Lot"),
    "personalisation": N_("What the buyer may choose or have written"),
    "aftercare": N_("After the sale"),
    "markets": N_("Markets"),
    "extra": N_("Anything else"),
    "sku": N_("SKU"),
    "options": N_("What sets it apart"),
    "barcode": N_("Barcode"),
    "stock": N_("In stock"),
    "variant_price": N_("Price of the variant"),
    "variant_compare_at": N_("Price before of the variant"),
    "variant_cost": N_("Cost of the variant"),
    "variant_weight": N_("Weight of the variant"),
    "variant_dimensions": N_("Measures of the variant"),
    "variant_photo": N_("Photo of the variant"),
}


@bp.get("/listings/import")
def import_listings() -> ResponseReturnValue:
    """Ask for a file, and list the imports there were."""
    return _first(actor("editor"))


@bp.post("/listings/import")
def upload_listings() -> ResponseReturnValue:
    """Keep a file, and go on to what it would do."""
    limit = (MAX_MEGABYTES << 20) + _AROUND
    if (request.content_length or 0) > limit:
        # The body is not read: the form's own mark in it neither.
        who = actor("editor", checks_form=False)
        problem = Problem("too_large", values={"limit": str(MAX_MEGABYTES)})
        return _first(who, [_said(problem)], HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    request.max_content_length = limit
    who = actor("editor")
    file = request.files.get("file")
    if file is None or not file.filename:
        return _first(who, [gettext(_NO_FILE)], HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        found = imports.keep(services(), who, cast("BinaryIO", file.stream), file.filename, _choices())
    except FileRefusedError as error:
        return _first(who, [_said(error.problem)], HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.show_import", import_id=found.id), HTTPStatus.SEE_OTHER)


@bp.get("/listings/imports/<import_id>")
def show_import(import_id: str) -> ResponseReturnValue:
    """Show an import: what it would do, how far it is, or what it did."""
    who = actor("viewer")
    return _page(who, _own(who, import_id))


@bp.post("/listings/imports/<import_id>/choices")
def choose_import(import_id: str) -> ResponseReturnValue:
    """Keep what a person says of the columns, and show what the file would do then."""
    who = actor("editor")
    found = _own(who, import_id)
    try:
        imports.choose(services(), who, found.id, _choices(found))
    except FileRefusedError as error:
        return _page(who, found, [_said(error.problem)], HTTPStatus.UNPROCESSABLE_ENTITY)
    except ImportNotFoundError:
        return _page(who, found, [gettext(_LATE)], HTTPStatus.CONFLICT)
    return redirect(url_for("web.show_import", import_id=found.id), HTTPStatus.SEE_OTHER)


@bp.post("/listings/imports/<import_id>/<act>")
def act_on_import(import_id: str, act: str) -> ResponseReturnValue:
    """Begin or go on with an import (``run``), take it back (``undo``), or let its file go (``forget``)."""
    who = actor("editor")
    found = _own(who, import_id)
    if act not in {"run", "undo", "forget"}:
        abort(HTTPStatus.NOT_FOUND)
    try:
        if act == "forget":
            imports.forget(services(), who, found.id)
            return redirect(url_for("web.import_listings"), HTTPStatus.SEE_OTHER)
        importing.start(services(), who, found.id, back=act == "undo")
    except importing.BusyError as error:
        text = gettext(_BUSY if error.is_alive else _OPEN)
        return _page(who, found, [text], HTTPStatus.CONFLICT, other=error.other)
    except (importing.StateError, ImportNotFoundError):
        return _page(who, found, [gettext(_LATE)], HTTPStatus.CONFLICT)
    return redirect(url_for("web.show_import", import_id=found.id), HTTPStatus.SEE_OTHER)


@bp.get("/listings/export/<name>")
def export_listings(name: str) -> ResponseReturnValue:
    """Send every listing as a file of a format, costs left out; with a locale those that may leave in it."""
    who = actor("viewer")
    if name not in formats():
        abort(HTTPStatus.NOT_FOUND)
    out = io.StringIO(newline="")
    locale = request.args.get("locale", "")
    if locale:
        if not known(locale):
            abort(HTTPStatus.NOT_FOUND)
        channel = request.args.get("channel", "")
        exports.export_in(services(), who, name, out, locale, channel if channel in channels() else "shop")
    else:
        exports.export(services(), who, name, out)
    ending, kind = (
        ("json", "application/json") if formats()[name].kind == "json" else ("csv", "text/csv; charset=utf-8")
    )
    # Excel reads a CSV as UTF-8 only with a mark before it; JSON must not have one.
    mark = "\ufeff" if ending == "csv" else ""
    headers = {"Content-Disposition": f'attachment; filename="shopkit-{name}.{ending}"', "Cache-Control": "no-store"}
    return Response(mark + out.getvalue(), headers=headers, content_type=kind)


@bp.get("/listings/imports/<import_id>/problems.csv")
def import_problems(import_id: str) -> ResponseReturnValue:
    """Send what is to be mended as a table, to be worked through beside the file."""
    who = actor("viewer")
    found = _own(who, import_id)
    problems = found.problems if found.state != "previewed" else _looked(who, found)[0].problems
    out = io.StringIO(newline="")
    rows = [
        [str(one.row or ""), one.column or "", "note" if one.is_note else "problem", _said(one)] for one in problems
    ]
    table.write(out, ["row", "column", "kind", "text"], rows)
    headers = {"Content-Disposition": f'attachment; filename="{found.id}.csv"'}
    return Response("\ufeff" + out.getvalue(), headers=headers, content_type="text/csv; charset=utf-8")


# -- inside -----------------------------------------------------------------------------------------------------------
def _own(who: Actor, import_id: str) -> Import:
    try:
        return imports.find_import(services(), who, import_id)
    except ImportNotFoundError:
        abort(HTTPStatus.NOT_FOUND)


def _said(problem: Problem) -> str:
    return sentence(problem, speech().language)


def _first(who: Actor, wrong: Iterable[str] = (), status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    page = render_template(
        "web/import.html",
        wrong=list(wrong),
        imports=imports.find_imports(services(), who),
        home=get_company(services(), who).currency,
        **_words(),
    )
    return page, status


def _page(
    who: Actor,
    found: Import,
    wrong: Iterable[str] = (),
    status: HTTPStatus = HTTPStatus.OK,
    other: str | None = None,
) -> ResponseReturnValue:
    report, refused = (None, "")
    if found.state == "previewed" and found.format:
        report, refused = _looked(who, found)
    elif found.state == "previewed":
        refused = gettext(_NOT_KNOWN)
    problems = report.problems if report is not None else list(found.problems)
    page = render_template(
        "web/import_one.html",
        wrong=[*wrong, *([refused] if refused else [])],
        other=other,
        found=found,
        report=report,
        counts=report.counts if report is not None else found.counts,
        problems=_told(problems),
        is_at_work=found.state in {"running", "undoing"} and importing.is_alive(services(), found),
        fields=formats()[found.format].fields if found.format else formats()["shopkit"].fields,
        markets=_markets_of(found),
        may=who.may("editor"),
        **_words(),
    )
    return page, status


def _told(problems: Iterable[Problem]) -> list[tuple[Problem, str, list[int]]]:
    """Return what is to be mended, notes last, with its sentence and its rows: what is the same of many rows once."""
    found: dict[tuple[bool, str | None, str], tuple[Problem, str, list[int]]] = {}
    for one in sorted(problems, key=lambda one: one.is_note):
        said = _said(one)
        entry = found.setdefault((one.is_note, one.column, said), (one, said, []))
        if one.row is not None and one.row not in entry[2]:
            entry[2].append(one.row)
    return list(found.values())


def _looked(who: Actor, found: Import) -> tuple[imports.Report, str]:
    """Return what a file would do; a file that breaks off further down says so, and would do nothing."""
    try:
        return imports.look_at(services(), who, found.id, _LOOKED_AT), ""
    except FileRefusedError as error:
        return imports.Report(format=found.format, problems=[error.problem]), _said(error.problem)


def _words() -> dict[str, Any]:
    return {
        "names": _NAMES,
        "states": _STATES,
        "currencies": choices.currencies(speech()),
        "languages_of": _LANGUAGES,
        "field_names": {code: gettext(name) for code, name in FIELDS.items()},
    }


def _markets_of(found: Import) -> list[tuple[str, str, str]]:
    """Return the markets that the columns name, with what is known of them."""
    names = dict.fromkeys(field.partition(" / ")[2] for field in found.columns.values() if " / " in field)
    known = found.choices.options.markets
    return [(name, known[name][0], known[name][1] or "") if name in known else (name, "", "") for name in names]


def _choices(before: Import | None = None) -> Choices:
    """Return what the form says; what it does not show stays as it was."""
    form = request.form
    options = Options() if before is None else before.choices.options
    currency, sign = form.get("currency", "").upper(), form.get("decimal", "")
    options = replace(
        options,
        currency=currency if currency in EXPONENTS else None,
        decimal="," if sign == "comma" else "." if sign == "point" else None,
        language=form["language"] if form.get("language") in _LANGUAGES else options.language,
    )
    name = form.get("format") or None
    blank: Blank = "erase" if form.get("blank") == "erase" else "keep"
    if before is None:
        return Choices(name if name in formats() else None, options, blank)
    allowed = set(formats()[name].fields) if name in formats() else set()
    said = {column: form.get(f"column-{number}", "") for number, column in enumerate(before.header)}
    # A field with a number or a market in its name is recognised, and not in the list of those to choose from.
    columns = {
        column: field
        for column, field in said.items()
        if not field or field in allowed or field == before.columns.get(column)
    }
    markets = {}
    for number, (market, _, _) in enumerate(_markets_of(before)):
        country, money = form.get(f"country-{number}", "").strip().upper(), form.get(f"money-{number}", "").upper()
        if len(country) == len("MX") and country.isalpha() and country.isascii():
            markets[market] = (country, money if money in EXPONENTS else None)
    return Choices(name if name in formats() else None, replace(options, columns=columns, markets=markets), blank)
