"""Texts out to a translator as a file, and what came back: each text that was not taken beside the one that stands."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

from flask import Response, make_response, render_template, request

from shopkit.services import text_files
from shopkit.services.text_files import Outcome, SeveralLanguagesError
from shopkit.web import access
from shopkit.web.access import services
from shopkit.web.blueprint import bp
from shopkit.web.desk import locale_or_404
from shopkit.web.desk_view import locale_name
from shopkit.web.language import N_, gettext, speech
from shopkit.web.translating import page
from translations.exchange.errors import ExchangeError
from translations.exchange.passages import FORMATS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor
    from shopkit.services.text_files import Came
    from translations.exchange.passages import Format

MAX_MEGABYTES: Final = 20
_AROUND: Final = 1 << 20
_MAX_FIELDS: Final = 40_000_000
_SHOWN: Final = 200
_CAME: Final[dict[Came, str]] = {
    "taken": N_("taken as drafts"),
    "same": N_("there already"),
    "empty": N_("not translated"),
    "stale": N_("of a source that has changed"),
    "approved": N_("kept back, for an approved text stands"),
    "written": N_("kept back, for somebody wrote another"),
    "locked": N_("locked"),
    "said": N_("said by you for the market"),
    "gone": N_("of no text of your shop"),
    "long": N_("too long"),
    "twice": N_("twice in the file"),
}
_NO_FILE: Final = N_("Choose a file.")
_LARGE: Final = N_("The file is larger than 20 MB. Split it.")
_LANGUAGES: Final = N_("Your listings are written in several languages. Choose which of them the file is to hold.")
_UNREADABLE: Final = N_("This file cannot be read, and nothing of it was kept: %(why)s")
_WHY: Final = {
    "dtd": N_("it declares a type of document of its own, which is never read."),
    "entity": N_("it declares entities of its own, which are never read."),
    "encoding": N_("it is not in the encoding that it says. Save it as UTF-8."),
    "size": N_("it is too large. Split it."),
    "depth": N_("its parts lie too deep in one another."),
    "syntax": N_("it is no XLIFF or PO file, or a damaged one."),
    "content": N_("it holds no texts, or not in a language that we write."),
    "unwritable": N_("a text holds a sign that this format cannot hold."),
}
_TYPES: Final = {"po": "text/x-gettext-translation; charset=utf-8"}


@bp.post("/translations/files/export")
def export_texts() -> ResponseReturnValue:
    """Send the texts of the ticked listings, or of all, as a file for a translator."""
    who = access.actor("editor", checks_form=False)
    if access.is_stale():
        return page(who, [access.stale_text()], HTTPStatus.BAD_REQUEST)
    asked = request.form
    name = cast("Format", asked["format"] if asked.get("format") in FORMATS else FORMATS[0])
    locale = locale_or_404(asked.get("file-into", ""))
    try:
        text, _ = text_files.write(
            services(),
            who,
            name,
            locale,
            asked.getlist("listing") or None,
            source=asked.get("file-from") or None,
            waiting="waiting" in asked,
        )
    except SeveralLanguagesError:
        return page(who, [gettext(_LANGUAGES)], HTTPStatus.UNPROCESSABLE_ENTITY)
    except ExchangeError as error:
        return page(who, [_why(error)], HTTPStatus.UNPROCESSABLE_ENTITY)
    ending = "po" if name == "po" else "xlf"
    answer = Response(text, content_type=_TYPES.get(name, "application/xliff+xml; charset=utf-8"))
    answer.headers["Content-Disposition"] = f'attachment; filename="{locale}.{ending}"'
    return answer


@bp.post("/translations/files")
def take_texts() -> ResponseReturnValue:
    """Take a translator's file in and show what came of it."""
    request.max_content_length = (MAX_MEGABYTES << 20) + _AROUND
    if (request.content_length or 0) > request.max_content_length:
        # The body is not read: the form's own mark in it neither.
        who = access.actor("editor", checks_form=False)
        return page(who, [gettext(_LARGE)], HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    who = access.actor("editor")
    file = request.files.get("file")
    if file is None or not file.filename:
        return page(who, [gettext(_NO_FILE)], HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        found = text_files.read(services(), who, file.read())
    except ExchangeError as error:
        return page(who, [gettext(_UNREADABLE) % {"why": _why(error)}], HTTPStatus.UNPROCESSABLE_ENTITY)
    return _told(who, found.locale, found.outcomes)


@bp.post("/translations/files/replace")
def replace_texts() -> ResponseReturnValue:
    """Put the ticked texts of a file in the place of those that stood, and show the others again."""
    request.max_form_memory_size = _MAX_FIELDS
    who = access.actor("editor")
    asked = request.form
    locale = locale_or_404(asked.get("locale", ""))
    shown = [_sent(number) for number in range(_SHOWN) if asked.get(f"id-{number}")]
    seen = [one for number, one in enumerate(shown) if f"give-{number}" in asked]
    done = text_files.give_way(services(), who, locale, seen)
    ids = {one.id for one in done}
    taken = tuple(Outcome("taken", one.id, one.title, one.text) for one in done)
    late = {one.id for one in seen} - ids
    return _told(who, locale, taken + tuple(one for one in shown if one.id not in ids), late)


def _why(error: ExchangeError) -> str:
    """Return what is wrong with a file, with the place where that is known."""
    why = gettext(_WHY[error.reason])
    return f"{error.where}: {why}" if error.where else why


def _sent(number: int) -> Outcome:
    """Return a text that the page showed as standing back."""

    def field(name: str) -> str:
        return request.form.get(f"{name}-{number}", "")

    version = field("version")
    count = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0  # noqa: PLR2004  # digits
    came: Came = "approved" if field("came") == "approved" else "written"
    return Outcome(came, field("id"), field("title"), field("text"), field("now"), "", field("digest"), count)


def _told(who: Actor, locale: str, outcomes: tuple[Outcome, ...], late: set[str] | None = None) -> ResponseReturnValue:
    counts = text_files.Taken(locale, outcomes).counts
    language = speech().language
    body = render_template(
        "web/texts_taken.html",
        locale=locale,
        locale_name=locale_name(locale, speech()),
        counts=[(counts[came], gettext(text)) for came, text in _CAME.items() if counts[came]],
        back=[one for one in outcomes if one.came in {"approved", "written"}][:_SHOWN],
        more=max(0, counts["approved"] + counts["written"] - _SHOWN),
        stopped=[(one, "; ".join(each.why(language) for each in one.stops)) for one in outcomes if one.stops][:_SHOWN],
        others=[
            (one, gettext(_CAME[one.came]))
            for one in outcomes
            if one.came in {"stale", "locked", "said", "gone", "long", "twice"}
        ][:_SHOWN],
        words={came: gettext(text) for came, text in _CAME.items()},
        late=late or set(),
        may_edit=who.may("editor"),
    )
    return make_response(body)
