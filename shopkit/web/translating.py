"""Translations of a shop: how far each market is, what is settled for all, drafting many, links for reviewers."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import abort, make_response, redirect, render_template, request, url_for

from listings.channels import channels
from shopkit.services import (
    draft_runs,
    exports,
    listings,
    reviewing,
    text_files,
    translation_plans,
    translation_progress,
)
from shopkit.services.translation_plans import Plan, PlanChangedError
from shopkit.services.translations import SameLanguageError
from shopkit.web import access
from shopkit.web.access import services
from shopkit.web.blueprint import bp
from shopkit.web.desk import locale_or_404
from shopkit.web.desk_view import FIELDS, HELD, WAITS, locale_name
from shopkit.web.language import N_, gettext, speech
from translations import refusals
from translations.exchange.passages import FORMATS
from translations.states import STRICT, Allowance

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor
    from shopkit.services.draft_runs import Run

# Locales that can be chosen by a tick; others are typed.
OFFERED: Final = (
    *("es-419", "es-MX", "es-US", "es-AR", "es-CL", "es-CO", "es-PE", "es-CR", "es-DO", "es-GT", "es-EC", "es-UY"),
    *("pt-BR", "en-US", "en-JM", "en-TT", "en-BB", "en-BZ"),
)
REGISTERS: Final = {"": N_("as the market does"), "tu": "tú", "usted": "usted", "vos": "vos"}
_STATES: Final = {
    "waiting": N_("Not begun"),
    "running": N_("Being drafted"),
    "done": N_("Drafted"),
    "stopped": N_("Stopped"),
    "failed": N_("Failed"),
}
_UNANSWERED: Final = N_("the engine did not answer for it")
_CHANGED: Final = N_("Somebody else changed these settings meanwhile. Look at them and save again.")
_NAME: Final = N_("Say for whom the link is.")
_CHOOSE: Final = N_("Tick at least one listing.")
_DAYS: Final = (7, 14, 30, 90)
_SHOWN: Final = 200
FILES: Final = {
    "shopify": "Shopify",
    "woocommerce": "WooCommerce",
    "mercadolibre": "MercadoLibre",
    "shopkit": "shopkit",
}


@bp.get("/translations")
def translations_page() -> ResponseReturnValue:
    """Show how far each market is, and the listings with the state of their texts."""
    return page(access.actor())


@bp.post("/translations/plan")
def save_translation_plan() -> ResponseReturnValue:
    """Keep which locales are translated into, how buyers are addressed, and what leaves unapproved."""
    who = access.actor("editor", checks_form=False)
    if access.is_stale():
        return page(who, [access.stale_text()], HTTPStatus.BAD_REQUEST)
    asked = request.form
    chosen = tuple(one for one in asked.getlist("locale") if one in OFFERED)
    allowances = {
        name: Allowance(
            unapproved=f"{name}-unapproved" in asked,
            changed=f"{name}-changed" in asked,
        )
        for name in channels()
    }
    registers = {one: text for one in chosen if (text := asked.get(f"register-{one}", "")) in REGISTERS and text}
    version = asked.get("version", "")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0  # noqa: PLR2004  # digits
    plan = Plan(chosen, registers, {name: one for name, one in allowances.items() if one != STRICT}, number)
    try:
        translation_plans.save_plan(services(), who, plan)
    except PlanChangedError:
        return page(who, [gettext(_CHANGED)], HTTPStatus.CONFLICT)
    return redirect(url_for("web.translations_page", saved=1), HTTPStatus.SEE_OTHER)


@bp.post("/translations/drafts")
def start_drafts() -> ResponseReturnValue:
    """Begin to draft what is missing: of the listings that were ticked, or of all."""
    who = access.actor("editor", checks_form=False)
    if access.is_stale():
        return page(who, [access.stale_text()], HTTPStatus.BAD_REQUEST)
    plan = translation_plans.get_plan(services(), who)
    locales = [one for one in request.form.getlist("into") if one in plan.locales] or list(plan.locales)
    ticked = request.form.getlist("listing") or None
    run = draft_runs.create(services(), who, locales, ticked)
    return _begin(who, run)


@bp.get("/translations/drafts/<run_id>")
def show_drafts(run_id: str) -> ResponseReturnValue:
    """Show how far a drafting is, and what came of it."""
    who = access.actor()
    return _run_page(who, draft_runs.get_run(services(), who, run_id))


@bp.post("/translations/drafts/<run_id>/<act>")
def act_on_drafts(run_id: str, act: str) -> ResponseReturnValue:
    """Go on with a drafting (``run``) or stop it (``stop``)."""
    who = access.actor("editor")
    found = draft_runs.get_run(services(), who, run_id)
    if act == "stop":
        draft_runs.stop(services(), who, found.id)
        return redirect(url_for("web.show_drafts", run_id=found.id), HTTPStatus.SEE_OTHER)
    if act != "run":
        abort(HTTPStatus.NOT_FOUND)
    return _begin(who, found)


@bp.post("/translations/shares")
def share_texts() -> ResponseReturnValue:
    """Make a link for a reviewer without an account."""
    who = access.actor("editor", checks_form=False)
    if access.is_stale():
        return page(who, [access.stale_text()], HTTPStatus.BAD_REQUEST)
    ticked, name = request.form.getlist("listing"), request.form.get("name", "").strip()
    locale, days = request.form.get("share-into", ""), request.form.get("days", "")
    problems = [gettext(text) for text, wrong in ((_CHOOSE, not ticked), (_NAME, not name)) if wrong]
    if problems:
        return page(who, problems, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        reviewing.share(
            services(),
            who,
            ticked[: reviewing.MAX_LISTINGS],
            locale_or_404(locale),
            name,
            int(days) if days in map(str, _DAYS) else _DAYS[0],
            may_approve="may_approve" in request.form,
        )
    except SameLanguageError:
        text = gettext(N_("One of the listings is written in that language already."))
        return page(who, [text], HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.translations_page", shared=1) + "#links", HTTPStatus.SEE_OTHER)


@bp.post("/translations/shares/<share_id>/revoke")
def revoke_share(share_id: str) -> ResponseReturnValue:
    """End a reviewer's link now."""
    reviewing.revoke(services(), access.actor("editor"), share_id)
    return redirect(url_for("web.translations_page") + "#links", HTTPStatus.SEE_OTHER)


def _begin(who: Actor, found: Run) -> ResponseReturnValue:
    # Imported here: memory, masks and engines take their time, and most processes never draft.
    from shopkit.services.drafts import ListingDrafter  # noqa: PLC0415

    try:
        draft_runs.start(services(), who, found.id, ListingDrafter(services(), who))
    except draft_runs.RunBusyError as error:
        text = gettext(N_("Another drafting of your shop is running. This one can begin when it is done."))
        return _run_page(who, found, text, error.other, HTTPStatus.CONFLICT)
    return redirect(url_for("web.show_drafts", run_id=found.id), HTTPStatus.SEE_OTHER)


def _run_page(
    who: Actor, found: Run, problem: str = "", other: str | None = None, status: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    kept = listings.get_listings(services(), who, {one["listing"] for one in found.problems})
    body = render_template(
        "web/drafts.html",
        found=found,
        problem=problem,
        other=other,
        state=gettext(_STATES[found.state]),
        locales=[(one, locale_name(one, speech())) for one in found.locales],
        is_at_work=found.state == "running" and draft_runs.is_alive(services(), found),
        problems=[
            (kept[one["listing"]].listing.title, _why(one["problem"]))
            for one in found.problems
            if one["listing"] in kept
        ],
        may_edit=who.may("editor"),
    )
    return make_response(body, status)


def _why(problem: str) -> str:
    """Return why there is no draft."""
    known = refusals.texts().get(problem)
    return gettext(_UNANSWERED) if known is None else known["why"][speech().language]


def page(who: Actor, problems: list[str] | None = None, status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    """Show the page of translations, with what was wrong with a form of it."""
    to = speech()
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1  # noqa: PLR2004  # digits
    found = listings.find_listings(services(), who, page=max(1, number))
    plan = translation_plans.get_plan(services(), who)
    links = [
        (one, access.here() + url_for("web.review_list", token=reviewing.token_of(services(), one.id)))
        for one in reviewing.shares(services(), who)
    ]
    body = render_template(
        "web/translations.html",
        progress=[(one, locale_name(one.locale, to)) for one in translation_progress.progress(services(), who)],
        states=translation_progress.states(services(), who, found.listings),
        waits={name: (shape, gettext(text)) for name, (shape, text) in WAITS.items()},
        found=found,
        page=number,
        last=max(1, -(-found.total // listings.PAGE)),
        plan=plan,
        offered=[(one, locale_name(one, to)) for one in OFFERED],
        names={one: locale_name(one, to) for one in {*OFFERED, *plan.locales, *(link.locale for link, _ in links)}},
        registers=REGISTERS,
        channels=[(name, one.label[to.language]) for name, one in channels().items()],
        runs=draft_runs.last_runs(services(), who),
        run_states=_STATES,
        links=links,
        now=services().now(),
        days=_DAYS,
        formats=[(one, one.upper().replace("-", " ")) for one in FORMATS],
        written_in=[(one, locale_name(one, to)) for one in text_files.languages(services(), who)],
        problems=problems or [],
        saved="saved" in request.args,
        shared="shared" in request.args,
        may_edit=who.may("editor"),
    )
    return make_response(body, status)


@bp.get("/translations/out")
def outgoing_page() -> ResponseReturnValue:
    """Show what leaves in a locale by a channel and what is held back and why, with the files."""
    who, to = access.actor(), speech()
    plan = translation_plans.get_plan(services(), who)
    locale = request.args.get("locale", "") or next(iter(plan.locales), "en-US")
    locale_or_404(locale)
    channel = request.args.get("channel", "")
    channel = channel if channel in channels() else next(iter(channels()))
    sent = exports.held_in(services(), who, locale, channel)
    body = render_template(
        "web/outgoing.html",
        locale=locale,
        locale_name=locale_name(locale, to),
        locales=[(one, locale_name(one, to)) for one in dict.fromkeys((*plan.locales, locale))],
        channel=channel,
        channel_name=channels()[channel].label[to.language],
        channels=[(name, one.label[to.language]) for name, one in channels().items()],
        count=sent.count,
        back=[
            (
                one,
                "; ".join(
                    f"{gettext(FIELDS.get(leaf.field, leaf.field))}: {', '.join(gettext(HELD[w]) for w in why)}"
                    for leaf, why in one.held
                    if leaf.main
                ),
            )
            for one in sent.back[:_SHOWN]
        ],
        more=max(0, len(sent.back) - _SHOWN),
        files=FILES,
    )
    return make_response(body)
