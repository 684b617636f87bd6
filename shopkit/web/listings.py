"""Pages of listings: the table with its bulk edit, a new one, the editor, its history, and its photos."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from listings.changes import ConflictError
from listings.photos import MAX_BYTES, PhotoError
from shopkit.services import hs, listings, photos, translation_plans
from shopkit.services.companies import get_company
from shopkit.services.listing_reading import problems_of, read_listing
from shopkit.services.listings import (
    Kept,
    ListingNotFoundError,
    Merged,
    StaleError,
    TakenError,
    document_at,
    document_of,
    folded,
    merge,
)
from shopkit.services.photos import PhotoNotFoundError, UnknownPhotoError
from shopkit.services.problems import RequestError, sentence
from shopkit.web import access, bulk, choices, listing_form, listing_view
from shopkit.web.access import services
from shopkit.web.blueprint import bp
from shopkit.web.desk_view import locale_name
from shopkit.web.errors import show_error
from shopkit.web.forms import Form
from shopkit.web.language import N_, gettext, speech
from shopkit.web.listing_cells import PHOTOS, STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from listings.model import Listing
    from shopkit.services.actors import Actor

Json = dict[str, Any]
_MAX_UPLOAD: Final = 4 * MAX_BYTES
_MAX_PARTS: Final = 40_000
_MAX_FIELDS: Final = 4_000_000
_MAX_FILES: Final = 12
_MAX_WORDS: Final = 200
_KEY: Final = 60


@bp.errorhandler(ListingNotFoundError)
@bp.errorhandler(PhotoNotFoundError)
def _not_there(_error: LookupError) -> ResponseReturnValue:
    return show_error(NotFound())


@bp.get("/listings")
def listings_page() -> ResponseReturnValue:
    """Show the shop's listings, those that hold the words asked for."""
    return _table(access.actor())


@bp.post("/listings")
def change_many() -> ResponseReturnValue:
    """Change one thing in every listing that was ticked."""
    who = access.actor("editor", checks_form=False)
    if access.is_stale():
        return _table(who, [access.stale_text()], HTTPStatus.BAD_REQUEST)
    done = bulk.change(services(), who, request.form, speech())
    if done.problems:
        return _table(who, list(done.problems), HTTPStatus.UNPROCESSABLE_ENTITY)
    kept: Json = {name: request.form[name] for name in ("q",) if request.form.get(name)}
    return redirect(url_for("web.listings_page", **kept, changed=done.changed), HTTPStatus.SEE_OTHER)


def _table(who: Actor, problems: list[str] | None = None, status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    asked, to = request.values, speech()
    # In what changes many, the status is the one they are to have.
    given = request.args.get("status") or None
    text = asked.get("q", "")[:_MAX_WORDS].replace("\x00", "")
    wanted = given if given in STATUSES else None
    page = max(1, min(_whole(asked.get("page"), 1), 10_000))
    found = listings.find_listings(services(), who, text=text, status=wanted, page=page)
    body = render_template(
        "web/listings.html",
        rows=listing_view.rows(services(), who, found.listings, to),
        found=found,
        text=text,
        status=wanted,
        page=page,
        last=max(1, -(-found.total // listings.PAGE)),
        statuses=STATUSES,
        countries=choices.countries(to),
        may_edit=who.may("editor"),
        problems=problems or [],
        changed=_whole(asked.get("changed"), -1) if request.method == "GET" else -1,
    )
    return make_response(body, status)


@bp.get("/listings/new")
def new_listing() -> ResponseReturnValue:
    """Ask for the little that a listing needs to begin with."""
    who = access.actor("editor")
    form = Form()
    form.put("language", {"es": "es", "pt": "pt-BR"}.get(speech().language, "en"))
    return _new(who, form)


@bp.post("/listings/new")
def create_listing() -> ResponseReturnValue:
    """Keep a new listing and go on to its editor."""
    who = access.actor("editor", checks_form=False)
    form, to = listing_form.read(request.form), speech()
    if access.is_stale():
        form.general.append(access.stale_text())
        return _new(who, form, HTTPStatus.BAD_REQUEST)
    if not form.value("key").strip():
        form.put("key", _key_of(form.value("title")))
    found = listing_form.build(form, {}, to)
    kept = _tried(form, found, lambda listing: listings.create_listing(services(), who, listing))
    if kept is not None:
        return redirect(url_for("web.edit_listing", listing_id=kept.id), HTTPStatus.SEE_OTHER)
    form.focus = "problems"
    return _new(who, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _new(who: Actor, form: Form, status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    to = speech()
    body = render_template(
        "web/listing_new.html",
        form=form,
        problems=listing_form.listed(form, to),
        cells=listing_view.cells(to),
        written=listing_view.written,
        currencies=choices.currencies(to),
        home_currency=_currency(who),
    )
    return make_response(body, status)


def _currency(who: Actor) -> str:
    """Return the currency that the seller thinks in, for cells where none was typed."""
    return get_company(services(), who).currency


def _key_of(title: str) -> str:
    """Return a name for a listing out of its title.

    >>> _key_of("Playera «Oaxaca», algodón")
    'playera-oaxaca-algodon'
    """
    return re.sub(r"[^a-z0-9]+", "-", folded(title)).strip("-")[:_KEY].strip("-") or "1"


@bp.get("/listings/<listing_id>")
def edit_listing(listing_id: str) -> ResponseReturnValue:
    """Show a listing to be read or changed."""
    who = access.actor()
    kept = listings.get_listing(services(), who, listing_id)
    form = listing_form.fill(document_of(kept.listing), speech())
    return _editor(who, kept, form)


@bp.post("/listings/<listing_id>")
def save_listing(listing_id: str) -> ResponseReturnValue:
    """Save what was typed, or do what the button says and show it again with nothing lost."""
    request.max_content_length = _MAX_UPLOAD
    request.max_form_memory_size = _MAX_FIELDS
    request.max_form_parts = _MAX_PARTS
    who = access.actor("editor", checks_form=False)
    kept = listings.get_listing(services(), who, listing_id)
    form = listing_form.read(request.form)
    if access.is_stale():
        form.general.append(access.stale_text())
        return _editor(who, kept, form, HTTPStatus.BAD_REQUEST)
    _take_photos(form, who)
    do, _, what = form.value("do").partition("-")
    if do == "add":
        listing_form.add_row(form, what)
        return _editor(who, kept, form)
    if do == "find":
        form.focus = "hs_words"
        return _editor(who, kept, form)
    if do == "take":
        form.put("hs_code", what[:20])
        form.put("hs_by", "finder")
        form.put("hs_note", form.value("hs_words")[:_MAX_WORDS])
        form.focus = "hs_code"
        return _editor(who, kept, form)
    return _save(who, kept, form)


def _save(who: Actor, kept: Kept, form: Form) -> ResponseReturnValue:
    to, version = speech(), _whole(form.value("version"), 0)
    base = document_at(services(), who, kept, version) if version != kept.version else document_of(kept.listing)
    found = listing_form.build(form, base, to)
    try:
        saved = _tried(form, found, lambda listing: listings.save_listing(services(), who, kept.id, listing, version))
    except StaleError as error:
        return _clash(who, error.kept, merge(base, document_of(error.kept.listing), found.value))
    if saved is not None:
        return redirect(url_for("web.edit_listing", listing_id=kept.id, saved=1), HTTPStatus.SEE_OTHER)
    form.focus = "problems"
    return _editor(who, kept, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _tried(form: Form, found: listing_form.Read, keep: Callable[[Listing], Kept]) -> Kept | None:
    """Return the listing as it was kept, or nothing: then what is wrong stands at its cell."""
    try:
        listing = read_listing(found.value)
    except RequestError as error:
        # A figure that could not be read has its sentence already; what else is wrong is told with it.
        listing_form.place_problems(form, found, error.problems, speech())
        return None
    if form.errors:
        return None
    try:
        return keep(listing)
    except (TakenError, UnknownPhotoError) as error:
        listing_form.place_problems(form, found, problems_of(error, listing), speech())
        return None


def _clash(who: Actor, kept: Kept, merged: Merged) -> ResponseReturnValue:
    """Show both texts side by side: what was typed stands in the form, over what the other person saved."""
    form = listing_form.fill(merged.both, speech())
    form.focus = "clash"
    return _editor(who, kept, form, HTTPStatus.CONFLICT, merged)


def _take_photos(form: Form, who: Actor) -> None:
    """Keep the photos that came with the form and give each a row; what is none is told at the field."""
    files = [one for one in request.files.getlist("photo") if one.filename]
    for file in files[:_MAX_FILES]:
        try:
            photo = photos.add_photo(services(), who, file.read(MAX_BYTES + 1))
        except PhotoError as error:
            name = (file.filename or "")[:_KEY]
            form.errors["photo"] = f"{name}: {sentence(error.code, error.params, speech().language)}"
            continue
        index = listing_form.rows(form, PHOTOS)
        form.put("photos-count", str(index + 1))
        listing_form.put_photo(form, index, photo.model_dump(mode="json"))


def _editor(
    who: Actor, kept: Kept, form: Form, status: HTTPStatus = HTTPStatus.OK, merged: Merged | None = None
) -> ResponseReturnValue:
    to = speech()
    form.put("version", form.value("version") if form.value("version") and merged is None else str(kept.version))
    words = form.value("hs_words").strip()[:_MAX_WORDS]
    body = render_template(
        "web/listing.html",
        kept=kept,
        form=form,
        problems=listing_form.listed(form, to),
        clashes=[] if merged is None else listing_view.clashes(merged.clashes, to),
        stale=merged is not None,
        saved="saved" in request.args,
        found=hs.search(services(), words, to.language) if words and words.isprintable() else None,
        words=words,
        may_edit=who.may("editor"),
        view=listing_view.look(services(), who, kept, request.args, to),
        cells=listing_view.cells(to),
        written=listing_view.written,
        groups=listing_view.groups(form),
        countries=choices.countries(to),
        currencies=choices.currencies(to),
        home_currency=_currency(who),
        texts=[
            (one, locale_name(one, to))
            for one in translation_plans.get_plan(services(), who).targets(kept.listing.language)
        ],
    )
    return make_response(body, status)


@bp.get("/listings/<listing_id>/history")
def listing_history(listing_id: str) -> ResponseReturnValue:
    """Show every change of a listing, each with its undoing."""
    return _history(access.actor(), listing_id)


@bp.post("/listings/<listing_id>/history/<int:change_id>/undo")
def undo_change(listing_id: str, change_id: int) -> ResponseReturnValue:
    """Take one change back."""
    who = access.actor("editor", checks_form=False)
    if access.is_stale():
        return _history(who, listing_id, [access.stale_text()], HTTPStatus.BAD_REQUEST)
    try:
        listings.undo(services(), who, listing_id, change_id)
    except ConflictError as error:
        fields = ", ".join(listing_form.label_of_path(path, speech()) for path in error.paths)
        text = gettext(N_("This cannot be taken back, because it was changed again since: %(fields)s."))
        return _history(who, listing_id, [text % {"fields": fields}], HTTPStatus.CONFLICT)
    except (TakenError, UnknownPhotoError):
        text = gettext(N_("This cannot be taken back: another listing of the shop has its name or a SKU by now."))
        return _history(who, listing_id, [text], HTTPStatus.CONFLICT)
    return redirect(url_for("web.listing_history", listing_id=listing_id), HTTPStatus.SEE_OTHER)


def _history(
    who: Actor, listing_id: str, problems: list[str] | None = None, status: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    kept = listings.get_listing(services(), who, listing_id)
    saved = listings.history(services(), who, listing_id)
    body = render_template(
        "web/listing_history.html",
        kept=kept,
        entries=listing_view.entries(services(), saved, speech()),
        problems=problems or [],
        may_edit=who.may("editor"),
    )
    return make_response(body, status)


@bp.get("/listings/<listing_id>/doors")
def listing_doors(listing_id: str) -> ResponseReturnValue:
    """Show what one piece would cost at doors abroad, and what each market still asks."""
    who = access.actor()
    kept = listings.get_listing(services(), who, listing_id)
    found = listing_view.doors(services(), who, kept, request.args, speech())
    return make_response(render_template("web/listing_doors.html", kept=kept, doors=found))


@bp.get("/photos/<photo_id>/<size>.jpg")
def show_photo(photo_id: str, size: str) -> ResponseReturnValue:
    """Show a photo of the seller's in one of its sizes; under its name it never changes."""
    shown = photos.get_photo(services(), access.actor(), photo_id, size)
    response = Response(shown.data, content_type=shown.content_type)
    response.set_etag(shown.etag)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.make_conditional(request)
    return response


def _whole(text: str | None, usual: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else usual  # noqa: PLR2004  # digits
