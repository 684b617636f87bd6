"""The page of one's own: the name that others see, and the language of letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import redirect, request, url_for

from shopkit.services import accounts
from shopkit.web import access
from shopkit.web.access import services
from shopkit.web.blueprint import bp
from shopkit.web.entry import LABELS, MAX_NAME, fresh, read, show
from shopkit.web.forms import CHOOSE, Form
from shopkit.web.language import N_, gettext
from translations.ui import LANGUAGES

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from shopkit.services.sessions import Present

_NAMES: Final = {"es": "Español", "pt": "Português", "en": "English"}
LABELS["language"] = N_("Language of letters and pages")


@bp.get("/settings/me")
def me() -> ResponseReturnValue:
    """Show what one is called, and in which language one is written to."""
    present = access.person()
    form = Form()
    form.put("name", present.name)
    form.put("language", accounts.language_of(services(), present))
    return _page(form, present)


@bp.post("/settings/me")
def save_me() -> ResponseReturnValue:
    """Keep the name and the language; the pages follow at once."""
    present = access.person()
    form = read(("name", "language"))
    if not fresh(form):
        return _page(form, present)
    if len(form.value("name")) > MAX_NAME:
        form.errors["name"] = gettext(N_("%(count)s characters at most.")) % {"count": MAX_NAME}
    if "language" not in form.errors and form.value("language") not in LANGUAGES:
        form.errors["language"] = gettext(CHOOSE)
    if form.errors:
        return _page(form, present)
    accounts.save_person(services(), present, form.value("name"), form.value("language"))
    return redirect(url_for("web.me", lang=form.value("language"), saved=1), 303)


def _page(form: Form, present: Present) -> Response:
    entries = tuple((code, _NAMES[code]) for code in LANGUAGES)
    return show("web/me.html", form, email=present.email, entries=entries, saved="saved" in request.args)
