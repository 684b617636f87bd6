"""The page of a seller's own words: what things are called, what is never said, what stays as it is."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

from flask import make_response, redirect, render_template, request, url_for

from shopkit.services import own_terms, translation_plans
from shopkit.services.own_terms import Said, TermError
from shopkit.web import access
from shopkit.web.access import services
from shopkit.web.blueprint import bp
from shopkit.web.desk_view import locale_name
from shopkit.web.language import N_, gettext, speech
from translations.terms import EVERYWHERE

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor
    from shopkit.services.own_terms import Kind

_KINDS: Final = {
    "called": N_("is called"),
    "never": N_("is not said there, but"),
    "keep": N_("stays as it is everywhere"),
}
_STATUSES: Final = {
    "preferred": N_("the word to use"),
    "allowed": N_("understood"),
    "forbidden": N_("not used"),
    "untranslatable": N_("stays as it is"),
}
_WRONG: Final = {
    "word": N_("Write the word: at least one letter, 120 at most."),
    "other": N_("Write the other word: at least one letter, 120 at most."),
    "locale": N_("Choose for which language or market it holds."),
    "count": N_("A shop keeps 2,000 words of its own. Take some out first."),
}
_SOURCES: Final = ("es", "pt-BR", "en")


@bp.get("/translations/terms")
def terms_page() -> ResponseReturnValue:
    """Show the seller's own words."""
    return _page(access.actor())


@bp.post("/translations/terms")
def keep_term() -> ResponseReturnValue:
    """Keep a word."""
    who = access.actor("editor", checks_form=False)
    if access.is_stale():
        return _page(who, access.stale_text(), HTTPStatus.BAD_REQUEST)
    asked = request.form
    kind = asked.get("kind", "")
    source = asked.get("source", "")
    said = Said(
        cast("Kind", kind if kind in _KINDS else "called"),
        asked.get("word", "")[:500],
        asked.get("other", "")[:500],
        source if source in _SOURCES else _SOURCES[0],
        asked.get("locale", "")[:16],
    )
    try:
        own_terms.keep_term(services(), who, said)
    except TermError as error:
        return _page(who, gettext(_WRONG[error.field]), HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.terms_page", saved=1), HTTPStatus.SEE_OTHER)


@bp.post("/translations/terms/<term_key>/remove")
def remove_term(term_key: str) -> ResponseReturnValue:
    """Take a word out again."""
    own_terms.remove_term(services(), access.actor("editor"), term_key)
    return redirect(url_for("web.terms_page"), HTTPStatus.SEE_OTHER)


def _page(who: Actor, problem: str = "", status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    to = speech()
    plan = translation_plans.get_plan(services(), who)
    locales = dict.fromkeys((*plan.locales, *_SOURCES))
    body = render_template(
        "web/terms.html",
        terms=[
            (
                one,
                gettext(N_("in every language")) if one.term.locale == EVERYWHERE else locale_name(one.term.locale, to),
                gettext(_STATUSES[one.term.status]),
            )
            for one in own_terms.own_terms(services(), who)
        ],
        kinds=_KINDS,
        sources=[(one, locale_name(one, to)) for one in _SOURCES],
        locales=[(one, locale_name(one, to)) for one in locales],
        form=request.form,
        problem=problem,
        saved="saved" in request.args,
        may_edit=who.may("editor"),
    )
    return make_response(body, status)
