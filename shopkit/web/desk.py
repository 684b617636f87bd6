"""The desk: a listing's texts beside their sources in one locale, with checks, memory, terms, comments and history.

One form holds all texts, so that nothing typed is lost: every button first keeps each text that was changed, then does
what it says to its own. What somebody else changed meanwhile is shown beside what was typed.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from babel import Locale, UnknownLocaleError
from flask import abort, make_response, redirect, render_template, request, url_for

from listings.changes import ConflictError
from listings.channels import channels
from shopkit.services import commenting, translations
from shopkit.services.checking import Checker
from shopkit.services.suggesting import helps
from shopkit.services.translation_plans import plan_of
from shopkit.services.translation_progress import Progress
from shopkit.services.translations import (
    BlockedError,
    LockedError,
    Row,
    SameLanguageError,
    SourceChangedError,
    TextChangedError,
    TooLongError,
    Written,
)
from shopkit.web import access, desk_view
from shopkit.web.access import services
from shopkit.web.blueprint import bp
from shopkit.web.desk_view import Sent
from shopkit.web.language import N_, gettext, speech
from translations.freshness import normalised
from translations.states import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask.typing import ResponseReturnValue
    from werkzeug.datastructures import MultiDict

    from shopkit.services.actors import Actor
    from shopkit.services.translations import Desk

    Writer = Callable[[Written], Row]

LOCALE: Final = re.compile(r"[a-z]{2}(?:-(?:[A-Z]{2}|419))?")
_MAX_FIELDS: Final = 4_000_000
_MAX_TEXTS: Final = 3_000
_ACT: Final = re.compile(r"([a-z]+)(?:-(\d{1,5}))?(?:-(\d{1,5}))?")
_SOURCE: Final = N_("The source was changed meanwhile: compare, correct, and save again.")
_TEXT: Final = N_(
    "Somebody else saved another text meanwhile: “%(text)s”. Yours stands in the field: save again to keep it."
)
_LOCKED: Final = N_("This text is locked. Unlock it first.")
_LONG: Final = N_("This text is too long to keep.")
_BLOCKED: Final = N_("It cannot be approved: %(why)s Mend it, or let it be with a reason.")
_REASON: Final = N_("Say why it may stay as it is.")
_COMMENT: Final = N_("A comment has at least one letter, and no more than 2,000.")


@bp.get("/listings/<listing_id>/texts/<locale>")
def desk_page(listing_id: str, locale: str) -> ResponseReturnValue:
    """Show a listing's texts in a locale beside their sources."""
    who = access.actor()
    return _page(who, _desk(who, listing_id, locale))


@bp.post("/listings/<listing_id>/texts/<locale>")
def save_texts(listing_id: str, locale: str) -> ResponseReturnValue:
    """Keep what was typed and do what the button says."""
    request.max_form_memory_size = _MAX_FIELDS
    request.max_form_parts = 8 * _MAX_TEXTS
    who = access.actor("editor", checks_form=False)
    desk = _desk(who, listing_id, locale)
    sent = read(desk, request.form)
    if access.is_stale():
        sent.problems["*"] = access.stale_text()
        return _page(who, desk, sent, HTTPStatus.BAD_REQUEST)
    keep_all(desk, sent, request.form, lambda written: translations.write(services(), who, listing_id, locale, written))
    _act(who, desk, sent, request.form)
    if sent.problems:
        return _page(who, _desk(who, listing_id, locale), sent, sent.status)
    address = url_for("web.desk_page", listing_id=listing_id, locale=locale, saved=1, channel=channel_of())
    return redirect(f"{address}#text-{sent.focus}", HTTPStatus.SEE_OTHER)


@bp.post("/listings/<listing_id>/texts/<locale>/check")
def check_text(listing_id: str, locale: str) -> ResponseReturnValue:
    """Say what is found in one text as it is being typed; nothing is kept."""
    who = access.actor()
    desk = _desk(who, listing_id, locale)
    index = next((int(name[5:]) for name in request.form if re.fullmatch(r"text-\d{1,5}", name)), 0)
    if index >= len(desk.rows):
        abort(HTTPStatus.NOT_FOUND)
    row, text = desk.rows[index], request.form.get(f"text-{index}", "")[: translations.MAX_TEXT]
    with services().database.reading() as session:
        checker = Checker.of(session, who, plan_of(session, who), services().now().date(), channel_of())
        found = desk_view.told(checker, desk.kept.listing, row, text, speech().language)
    return make_response(
        render_template("web/_findings.html", found=found, index=index, text=text, may_mend=who.may("editor"))
    )


@bp.get("/listings/<listing_id>/texts/<locale>/history")
def text_history(listing_id: str, locale: str) -> ResponseReturnValue:
    """Show every change of one text, each with its undoing."""
    return _history(access.actor(), listing_id, locale, request.args.get("path", "")[:250])


@bp.post("/listings/<listing_id>/texts/<locale>/history/<int:change_id>/undo")
def undo_text(listing_id: str, locale: str, change_id: int) -> ResponseReturnValue:
    """Take one change of a text back."""
    who = access.actor("editor")
    path = request.form.get("path", "")[:250]
    _desk(who, listing_id, locale)
    try:
        translations.undo(services(), who, listing_id, locale, path, change_id)
    except ConflictError:
        text = gettext(N_("This cannot be taken back, because the text was changed again since."))
        return _history(who, listing_id, locale, path, text, HTTPStatus.CONFLICT)
    except LockedError:
        return _history(who, listing_id, locale, path, gettext(_LOCKED), HTTPStatus.CONFLICT)
    address = url_for("web.text_history", listing_id=listing_id, locale=locale, path=path)
    return redirect(address, HTTPStatus.SEE_OTHER)


@bp.post("/translations/comments/<int:comment_id>/resolve")
def resolve_comment(comment_id: int) -> ResponseReturnValue:
    """Settle a remark, and go back to where it stands."""
    who = access.actor("editor")
    commenting.resolve(services(), who, comment_id)
    back = access.safe_next(request.form.get("next")) or url_for("web.translations_page")
    return redirect(back, HTTPStatus.SEE_OTHER)


# -- used by the reviewer's page too ------------------------------------------------------------------------------
def read(desk: Desk, form: MultiDict[str, str]) -> Sent:
    """Return the texts of a form by path."""
    sent = Sent(channel_of())
    for index, row in enumerate(desk.rows):
        typed = form.get(f"text-{index}")
        if typed is not None and form.get(f"path-{index}") == row.leaf.path:
            sent.typed[row.leaf.path] = typed[: translations.MAX_TEXT + 1]
    return sent


def keep_all(desk: Desk, sent: Sent, form: MultiDict[str, str], write: Writer) -> None:
    """Keep every text that was changed; what cannot be kept stays as it was typed, with the reason."""
    for index, row in enumerate(desk.rows):
        path = row.leaf.path
        if path not in sent.typed or normalised(sent.typed[path]) == normalised(row.text):
            continue
        tried(sent, path, write, _written(form, index, path, sent.typed[path]))


def tried(sent: Sent, path: str, act: Writer, written: Written) -> Row | None:
    """Return what came of an act on a text, or nothing: then the reason stands at it."""
    try:
        return act(written)
    except SourceChangedError:
        sent.problems[path], sent.status = gettext(_SOURCE), HTTPStatus.CONFLICT
    except TextChangedError as error:
        sent.problems[path], sent.status = gettext(_TEXT) % {"text": error.row.text}, HTTPStatus.CONFLICT
    except LockedError:
        sent.problems[path], sent.status = gettext(_LOCKED), HTTPStatus.CONFLICT
    except TooLongError:
        sent.problems[path], sent.status = gettext(_LONG), HTTPStatus.UNPROCESSABLE_ENTITY
    except BlockedError as error:
        why = error.findings[0].why(speech().language)
        sent.problems[path], sent.status = gettext(_BLOCKED) % {"why": why}, HTTPStatus.UNPROCESSABLE_ENTITY
    return None


def channel_of() -> str | None:
    """Return the channel that was chosen in the address."""
    found = request.args.get("channel", "")
    return found if found in channels() else None


def locale_or_404(locale: str) -> str:
    """Return a locale that there is."""
    if not LOCALE.fullmatch(locale):
        abort(HTTPStatus.NOT_FOUND)
    try:
        Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        abort(HTTPStatus.NOT_FOUND)
    return locale


def _written(form: MultiDict[str, str], index: int, path: str, text: str) -> Written:
    version = form.get(f"version-{index}", "")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0  # noqa: PLR2004  # digits
    return Written(path, text, form.get(f"digest-{index}", ""), number)


def _act(who: Actor, desk: Desk, sent: Sent, form: MultiDict[str, str]) -> None:
    """Do what the button says to its own text; a text that could not be kept is left alone."""
    found = _ACT.fullmatch(form.get("do", ""))
    if found is None or found[2] is None or int(found[2]) >= len(desk.rows):
        return
    do, index = found[1], int(found[2])
    row = desk.rows[index]
    path = row.leaf.path
    sent.focus = index
    if path in sent.problems:
        return
    # What was typed is kept by now: the text as it is kept is what is acted on.
    now = translations.open_desk(services(), who, desk.kept.id, desk.locale).row(path)
    at = Written(path, now.text, form.get(f"digest-{index}", ""), now.version)
    act = _ACTS.get(do)
    if act is not None:
        act(who, desk, sent, now, at, int(found[3] or 0), form)
    if do == "approve" and path not in sent.problems:
        sent.focus = min(index + 1, len(desk.rows) - 1)


def _approve(who: Actor, desk: Desk, sent: Sent, row: Row, at: Written, _which: int, _form: object) -> None:
    if row.text:
        tried(
            sent,
            at.path,
            lambda one: translations.review(services(), who, desk.kept.id, desk.locale, "approved", one),
            at,
        )


def _reject(who: Actor, desk: Desk, sent: Sent, row: Row, at: Written, _which: int, _form: object) -> None:
    if row.text:
        tried(
            sent,
            at.path,
            lambda one: translations.review(services(), who, desk.kept.id, desk.locale, "rejected", one),
            at,
        )


def _lock(who: Actor, desk: Desk, _sent: Sent, row: Row, at: Written, _which: int, _form: object) -> None:
    locked = row.kept is None or not row.kept.locked
    translations.lock(services(), who, desk.kept.id, desk.locale, at.path, locked=locked)


def _fix(who: Actor, desk: Desk, sent: Sent, row: Row, at: Written, which: int, _form: object) -> None:
    """Mend what a finding says, in the text as it is kept."""
    with services().database.reading() as session:
        checker = Checker.of(session, who, plan_of(session, who), services().now().date(), channel_of())
        found = checker.findings(desk.kept.listing, row)
    if which < len(found) and found[which].fix is not None:
        text = found[which].mended(row.text)
        written = Written(at.path, text, at.digest, at.version)
        tried(sent, at.path, lambda one: translations.write(services(), who, desk.kept.id, desk.locale, one), written)


def _let_be(who: Actor, desk: Desk, sent: Sent, row: Row, at: Written, which: int, form: MultiDict[str, str]) -> None:
    """Let a finding be, with the reason that was typed beside it."""
    with services().database.reading() as session:
        checker = Checker.of(session, who, plan_of(session, who), services().now().date(), channel_of())
        found = checker.findings(desk.kept.listing, row)
    reason = " ".join(form.get(f"reason-{sent.focus}-{which}", "").split())[:250]
    if which >= len(found):
        return
    if not reason:
        sent.problems[at.path], sent.status = gettext(_REASON), HTTPStatus.UNPROCESSABLE_ENTITY
        return
    tried(
        sent,
        at.path,
        lambda one: translations.dismiss(
            services(), who, desk.kept.id, desk.locale, one, finding=found[which].name, reason=reason
        ),
        at,
    )


def _take(who: Actor, desk: Desk, sent: Sent, row: Row, at: Written, which: int, _form: object) -> None:
    """Take a wording of the memory."""
    with services().database.reading() as session:
        found = helps(session, who, desk.kept.listing, [row], desk.locale)[at.path].matches
    if which < len(found):
        match = found[which]
        origin = Origin("memory", match=round(match.similarity * 100))
        written = Written(at.path, match.text, at.digest, at.version, origin)
        tried(sent, at.path, lambda one: translations.write(services(), who, desk.kept.id, desk.locale, one), written)


def _comment(
    who: Actor, desk: Desk, sent: Sent, _row: Row, at: Written, _which: int, form: MultiDict[str, str]
) -> None:
    try:
        text = form.get(f"comment-{sent.focus}", "")
        commenting.comment(services(), who, desk.kept.id, desk.locale, at.path, text)
    except commenting.CommentError:
        sent.problems[at.path], sent.status = gettext(_COMMENT), HTTPStatus.UNPROCESSABLE_ENTITY


_ACTS: Final = {
    "approve": _approve,
    "reject": _reject,
    "lock": _lock,
    "fix": _fix,
    "dismiss": _let_be,
    "take": _take,
    "comment": _comment,
}


def _desk(who: Actor, listing_id: str, locale: str) -> Desk:
    try:
        return translations.open_desk(services(), who, listing_id, locale_or_404(locale))
    except SameLanguageError:
        abort(HTTPStatus.NOT_FOUND)


def _page(who: Actor, desk: Desk, sent: Sent | None = None, status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    to, on = speech(), services().now().date()
    said = commenting.comments(services(), who, desk.kept.id, desk.locale)
    with services().database.reading() as session:
        plan = plan_of(session, who)
        shown = desk_view.cells(
            session,
            who,
            desk,
            on,
            to,
            sent or Sent(channel_of()),
            said,
        )
        doors = desk_view.doors(session, who, desk, on, to)
    targets = [one for one in plan.targets(desk.kept.listing.language) if one != desk.locale]
    body = render_template(
        "web/desk.html",
        kept=desk.kept,
        locale=desk.locale,
        locale_name=desk_view.locale_name(desk.locale, to),
        source_name=desk_view.locale_name(desk.kept.listing.language, to),
        others=[(one, desk_view.locale_name(one, to)) for one in targets],
        cells=shown,
        doors=doors,
        progress=Progress(desk.locale).with_rows(desk.rows),
        channel=channel_of(),
        channels=[(one.name, one.label) for one in doors],
        general=() if sent is None else [sent.problems[name] for name in ("*",) if name in sent.problems],
        focus=-1 if sent is None else sent.focus,
        saved="saved" in request.args,
        may_edit=who.may("editor"),
        here_path=request.full_path.rstrip("?") if request.method == "GET" else request.path,
    )
    return make_response(body, status)


def _history(
    who: Actor, listing_id: str, locale: str, path: str, problem: str = "", status: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    desk = _desk(who, listing_id, locale)
    row = desk.row(path)
    saved = translations.history(services(), who, listing_id, locale, path)
    with services().database.reading() as session:
        known = commenting.names(session, {one.who for one in saved if one.who})
    body = render_template(
        "web/text_history.html",
        kept=desk.kept,
        locale=locale,
        locale_name=desk_view.locale_name(locale, speech()),
        label=desk_view.label(desk.kept.listing, path, row),
        path=path,
        entries=[_entry(one, known) for one in saved],
        problem=problem,
        may_edit=who.may("editor"),
    )
    return make_response(body, status)


_CHANGED: Final = {
    "text": N_("Text"),
    "review": N_("Review"),
    "locked": N_("Locked"),
    "digest": N_("Source"),
    "dismissed": N_("Findings let be"),
}


def _entry(one: translations.Saving, known: Mapping[str, str]) -> dict[str, object]:
    """Return one saving as the page shows it: the text before and after, and in words what else changed."""
    told = [
        (gettext(_CHANGED[change.path[0]]), _value(change.before), _value(change.after))
        for change in one.changes
        if change.path[0] in {"text", "review", "locked"}
    ]
    return {
        "id": one.id,
        "version": one.version,
        "day": speech().day(one.at.date()),
        "time": one.at.strftime("%H:%M"),
        "who": known.get(one.who or "", one.who or ""),
        "via": one.via.partition(":")[0],
        "changes": told,
    }


_VALUES: Final = {
    "draft": N_("Draft"),
    "approved": N_("Approved"),
    "rejected": N_("Rejected"),
    "True": N_("yes"),
    "False": N_("no"),
}


def _value(value: object) -> str:
    if not isinstance(value, str | bool):
        return "–"
    text = str(value)
    return gettext(_VALUES[text]) if text in _VALUES else text or "–"
