"""The page that carries a campaign out: its words by language and state, when to speak, links that are counted."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, abort, make_response, redirect, render_template, request, url_for

from listings.campaigns.audiences import groups, states
from listings.campaigns.cities import cities
from listings.campaigns.links import AddressError, slug
from listings.campaigns.media import MEDIA, speaking
from shopkit.services import campaign_links, campaign_words
from shopkit.services.campaign_plans import newsletter, plan
from shopkit.services.campaign_results import results
from shopkit.services.partners import partners as all_partners
from shopkit.services.qr import qr_svg
from shopkit.web import forms
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.campaigns import CLAIMS, LOCALE_NAMES, found_or_404
from shopkit.web.forms import Form
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from listings.campaigns.comparing import Verdict
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

_MEDIA: Final = {
    "whatsapp": N_("WhatsApp"),
    "facebook": N_("Facebook"),
    "instagram": N_("Instagram"),
    "newsletter": N_("Newsletter"),
    "flyer": N_("Printed sheet"),
    "neighbourhood": N_("Neighbourhood shops"),
    "partner": N_("Partner"),
}
_STEPS: Final = {
    "announce": N_("Announce it"),
    "remind": N_("Remind"),
    "last_call": N_("Last call"),
}
_VERDICTS: Final = {
    "too_few": N_("Too few yet to name a winner: each needs a hundred follows and some paid orders."),
    "odd": N_("More paid orders than follows: the two cannot be compared."),
    "even": N_("No difference so far that could not be chance."),
    "won": N_("%(name)s sold more, and hardly by chance: less than one time in twenty."),
}
_WRONG: Final = {
    "medium": N_("Choose at least one place to stand."),
    "variant": N_("Choose at least one place to stand."),
    "long": N_("That is too long."),
    "many": N_("A campaign has sixty links at most."),
    "address": N_("Write the address of your page, beginning with https://."),
    "stale": N_("Somebody changed the campaign meanwhile. What you wrote is still here: look and keep it again."),
    "nothing": N_("Write and keep the words first."),
    "reader": N_("Write the name of who read it."),
    "place": N_("Choose at least one state."),
    "locale": N_("Choose one language, or two."),
    "partner": N_("Choose partners that there are."),
}
_PREFETCH: Final = ("Purpose", "Sec-Purpose", "X-Moz")


@bp.get("/campaigns/<campaign_id>/spread")
def campaign_spread(campaign_id: str) -> ResponseReturnValue:
    """Show words, days and links of a campaign."""
    return _page(actor(), campaign_id, Form())


@bp.post("/campaigns/<campaign_id>/words")
def save_campaign_words(campaign_id: str) -> ResponseReturnValue:
    """Keep the words of one language, or mark them as read by a native reader."""
    who = actor("editor")
    found_or_404(who, campaign_id)
    locale, text = request.form.get("locale", ""), request.form.get("version", "")
    version = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1  # noqa: PLR2004 - digits
    try:
        if request.form.get("do") == "read":
            reader = request.form.get("reader", "")
            campaign_words.mark_read(services(), who, campaign_id, locale, reader, version)
        else:
            prefix = f"{locale}-"
            texts = {name.removeprefix(prefix): said for name, said in request.form.items() if name.startswith(prefix)}
            campaign_words.save_words(services(), who, campaign_id, locale, texts, version)
    except (campaign_words.WordsError, campaign_words.StaleWordsError) as error:
        form = forms.read_form(request.form)
        form.general.append(_wrong(getattr(error, "code", "stale")))
        form.focus = "problems"
        return _page(who, campaign_id, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.campaign_spread", campaign_id=campaign_id), HTTPStatus.SEE_OTHER)


@bp.post("/campaigns/<campaign_id>/links")
def make_campaign_links(campaign_id: str) -> ResponseReturnValue:
    """Make links for the media chosen."""
    who = actor("editor")
    found_or_404(who, campaign_id)
    form = forms.read_form(request.form)
    variants = {
        "wordings": campaign_links.VARIANTS,
        "languages": found_or_404(who, campaign_id).asked.locales,
    }.get(form.value("ab"), campaign_links.VARIANTS[:1])
    address, media = form.value("address").strip(), form.chosen("media")
    try:
        campaign_links.make_links(services(), who, campaign_id, address, media, variants, form.chosen("partners"))
    except (campaign_links.LinkError, AddressError) as error:
        form.general.append(_wrong(getattr(error, "code", "address")))
        form.focus = "problems"
        return _page(who, campaign_id, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.campaign_spread", campaign_id=campaign_id, _anchor="links"), HTTPStatus.SEE_OTHER)


@bp.get("/campaigns/<campaign_id>/newsletter")
def campaign_newsletter(campaign_id: str) -> ResponseReturnValue:
    """Send the words with the products as plain text, if nothing stands against them."""
    who = actor()
    kept = found_or_404(who, campaign_id)
    locale = request.args.get("language", kept.asked.locales[0])
    if locale not in kept.asked.locales:
        abort(HTTPStatus.NOT_FOUND)
    found = plan(services(), who, kept)
    if not campaign_words.check(found, locale, found.today).may_leave:
        abort(HTTPStatus.CONFLICT)
    answer = Response(newsletter(found, locale), mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug(kept.name) or "campaign"}-{locale}.txt"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/campaigns/<campaign_id>/links/<code>.svg")
def link_code(campaign_id: str, code: str) -> ResponseReturnValue:
    """Send a link as a QR code to print."""
    who = actor()
    found_or_404(who, campaign_id)
    if campaign_links.find_link(services(), who, campaign_id, code) is None:
        abort(HTTPStatus.NOT_FOUND)
    answer = Response(qr_svg(url_for("web.follow_link", code=code, _external=True)), mimetype="image/svg+xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}.svg"'
    return answer


@bp.get("/c/<code>")
def follow_link(code: str) -> ResponseReturnValue:
    """Lead where a short link leads; what a browser only fetches ahead is not counted, and nobody is remembered."""
    ahead = any("prefetch" in request.headers.get(name, "").lower() for name in _PREFETCH)
    counts = request.method == "GET" and not ahead
    target = campaign_links.follow(services(), code, services().now().date(), counts=counts)
    if target is None:
        abort(HTTPStatus.NOT_FOUND)
    answer = make_response("", HTTPStatus.FOUND)
    answer.headers["Location"] = target
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(who: Actor, campaign_id: str, form: Form, status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    kept = found_or_404(who, campaign_id)
    found = plan(services(), who, kept)
    to = speech().language
    days = [until.order_by for _, until in found.deadlines if until.order_by is not None]
    group_names = {one.id: one.name[to] for one in groups().values()}
    body = render_template(
        "web/campaign_spread.html",
        campaign=kept,
        form=form,
        languages_of=[_language(found, locale, form, group_names) for locale in kept.asked.locales],
        umbrella=campaign_words.UMBRELLA,
        most=campaign_words.MOST,
        steps=[
            (_text(_STEPS, one.step), one, [_text(_MEDIA, name) for name in one.media])
            for one in (speaking(min(days), found.today) if days else ())
        ],
        media=[(name, _text(_MEDIA, name)) for name in MEDIA],
        medium_names={name: _text(_MEDIA, name) for name in _MEDIA},
        variant_names={name: _text(LOCALE_NAMES, name) for name in LOCALE_NAMES},
        partners=[(one.id, one.said.name) for one in all_partners(services(), who)],
        comparisons=_comparisons(kept.asked.locales),
        brought=_brought(services(), who, campaign_id),
        may_change=who.may("editor"),
    )
    return make_response(body, status)


def _language(found: Any, locale: str, form: Form, group_names: dict[str, str]) -> dict[str, Any]:  # noqa: ANN401 - a plan
    """Return what the page shows of one language: fields with their texts, and what stands against them."""
    kept = found.campaign
    texts = kept.words.get(locale, {})
    fields = [(campaign_words.UMBRELLA, gettext(N_("For everybody")))]
    to = speech().language
    named = {one.id: one.name for one in cities().values()} | {one.id: one.name[to] for one in states().values()}
    fields += [(place, named[place]) for place in campaign_words.places_of(kept.asked.states)]
    stands = campaign_words.check(found, locale, found.today)
    return {
        "locale": locale,
        "name": _text(LOCALE_NAMES, locale),
        "fields": [
            (f"{locale}-{place}", label, form.value(f"{locale}-{place}") or texts.get(place, ""))
            for place, label in fields
        ],
        "check": stands,
        "named": [(one.words, group_names[one.group]) for one in stands.named],
        "unproved": [(_text(CLAIMS, one.claim), one.words, ", ".join(one.listings)) for one in stands.unproved],
    }


def _comparisons(locales: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Return what a link each may compare: nothing, two wordings, or the languages of a campaign that has two."""
    found = [
        ("", gettext(N_("Nothing: one link each")), ""),
        ("wordings", gettext(N_("Wordings A and B")), ""),
    ]
    return [*found, ("languages", gettext(N_("Its two languages")), "")] if len(locales) > 1 else found


def _brought(of: Services, who: Actor, campaign_id: str) -> dict[str, Any]:
    """Return what the page shows of results: by link, by variant where there are two, and what is said of a winner."""
    found = results(of, who, campaign_id)
    several = found.variants if len(found.variants) > 1 else {}
    return {
        "links": found.links,
        "variants": [(_variant(name), one) for name, one in several.items()],
        "says": [_verdict(verdict) for verdict in (found.wordings, found.languages) if verdict.standing != "alone"],
        "unread": found.unread,
    }


def _variant(name: str) -> str:
    return _text(LOCALE_NAMES, name) if name in LOCALE_NAMES else name.upper()


def _verdict(verdict: Verdict) -> str:
    text = _text(_VERDICTS, verdict.standing)
    return text % {"name": "" if verdict.winner is None else _variant(verdict.winner)}


def _wrong(code: str) -> str:
    return _text(_WRONG, code)


def _text(of: dict[str, str], name: str) -> str:
    text = of[name]
    return gettext(text)
