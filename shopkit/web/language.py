"""How to speak to whoever asks for the page at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import g, request

from translations import ui

if TYPE_CHECKING:
    from flask import Response

COOKIE: Final = "lang"
_YEAR_S: Final = 365 * 24 * 3600


def N_(text: str) -> str:  # noqa: N802  # the name that message extraction knows
    """Return the sentence as it is, marked to be translated where it is shown."""
    return text


def speech() -> ui.Speech:
    """Return how to speak to this reader: by ``?lang=``, else the cookie, else ``Accept-Language``."""
    found: ui.Speech | None = g.get("speech")
    if found is None:
        accepted = list(request.accept_languages.values())
        language = ui.choose(request.args.get("lang"), request.cookies.get(COOKIE), accepted)
        found = g.speech = ui.speech(language, accepted)
    return found


def gettext(message: str) -> str:
    """Return the sentence in the reader's language."""
    return speech().sentences.gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the sentence for this many in the reader's language."""
    return speech().sentences.ngettext(singular, plural, count)


def keep_language(response: Response) -> Response:
    """Remember a language that was asked for in the address, and say what the page depends on."""
    asked = request.args.get("lang")
    if asked in ui.LANGUAGES:
        response.set_cookie(COOKIE, asked, max_age=_YEAR_S, samesite="Lax", httponly=True, secure=request.is_secure)
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = speech().tag
        response.vary.update(("Accept-Language", "Cookie", "HX-Request"))
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
