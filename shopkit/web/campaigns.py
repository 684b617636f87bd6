"""The pages of campaigns: planned from whom, where, when and in which words; then days, matches with reasons, files."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Response, abort, make_response, redirect, render_template, request, url_for

from listings.campaigns.audiences import PAN_LATINO, groups, states
from listings.campaigns.calendar import events
from listings.campaigns.cities import cities_in
from listings.campaigns.figures import OLD_YEARS
from listings.campaigns.links import slug
from listings.campaigns.matching import said
from listings.channels import channels
from shopkit.services import campaigns as campaigns_
from shopkit.services.campaign_catalogs import file_of, fitting
from shopkit.services.campaign_plans import catalog_csv, plan
from shopkit.services.catalogs import place_of
from shopkit.web import forms
from shopkit.web.access import actor, is_stale, services, stale_text
from shopkit.web.blueprint import bp
from shopkit.web.choices import country_name
from shopkit.web.forms import Form
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from listings.campaigns.audiences import State
    from listings.campaigns.calendar import Occurrence
    from listings.campaigns.figures import Figure
    from listings.campaigns.matching import Scored
    from shopkit.services.actors import Actor
    from shopkit.services.campaign_plans import Planned
    from shopkit.services.campaigns import Kept

_WRONG: Final = {
    "group": N_("Choose whom the campaign is for."),
    "states": N_("Choose at least one state."),
    "event": N_("Choose a day."),
    "not_kept": N_("These people keep no such day there, as far as we know. Choose another day."),
    "locales": N_("Choose one language, or two."),
    "way": N_("Choose how it travels."),
    "channel": N_("Choose where it is sold."),
    "margin": N_("Write a number of days from 0 to 60."),
    "name": N_("Give the campaign a name of up to 120 characters."),
    "many": N_("There are two hundred campaigns already. Remove one that is over."),
    "framing": N_("Choose how people are spoken to."),
}
_LABELS: Final = {
    "name": N_("Name"),
    "group": N_("Whom it is for"),
    "states": N_("Where they live"),
    "event": N_("For which day"),
    "locales": N_("In which words"),
    "way": N_("How it travels"),
    "channel": N_("Where it is sold"),
    "margin_days": N_("Days to spare"),
}
LOCALE_NAMES: Final = {
    "es-US": N_("Spanish of the United States"),
    "en-US": N_("English"),
    "pt-BR": N_("Portuguese of Brazil"),
}
_WAYS: Final = {"courier": N_("by courier"), "postal": N_("by post")}
_STATES: Final = {
    "open": ("●", N_("There is time"), "complete"),
    "soon": ("◐", N_("A week or less is left"), "estimated"),
    "at_risk": ("◐", N_("At risk: the last day to order is past"), "estimated"),
    "too_late": ("○", N_("Too late: nothing ordered today arrives"), "refused"),
    "unknown": ("○", N_("Not known: there is no estimate for this way"), "refused"),
}
_PARTS: Final = {
    "origin": N_("Origin"),
    "in_time": N_("In time"),
    "language": N_("Language"),
    "price": N_("Price at the door"),
    "restrictions": N_("Papers"),
    "category": N_("Kind of goods"),
    "occasion": N_("The day"),
    "stock": N_("Stock"),
}
STATUSES: Final = {
    "verified": N_("verified"),
    "reported": N_("reported"),
    "conflicting": N_("sources differ"),
    "memory": N_("from memory, confirm it"),
}
CLAIMS: Final = {
    "organic": N_("organic"),
    "medicinal": N_("medicinal"),
    "handmade": N_("handmade"),
    "origin": N_("where it was made"),
}
_LONGEST: Final = 200
_MOST_DIGITS: Final = 2


@bp.get("/campaigns")
def campaigns_page() -> ResponseReturnValue:
    """Show the campaigns there are, and the form of a new one."""
    return _page(actor(), _new())


@bp.post("/campaigns")
def plan_campaign() -> ResponseReturnValue:
    """Keep a new campaign and show it, or show again what was chosen with what is wrong."""
    who = actor("editor", checks_form=False)
    form = forms.read_form(request.form)
    if is_stale():
        form.general.append(stale_text())
        return _page(who, form, HTTPStatus.BAD_REQUEST)
    asked = _asked(form)
    name = form.value("name").strip() or _name(asked)
    try:
        found = campaigns_.create(services(), who, name, asked)
    except campaigns_.CampaignError as error:
        for field, code in error.problems:
            form.errors.setdefault(field, _wrong(code))
        form.focus = "problems"
        return _page(who, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.campaign_page", campaign_id=found.id), HTTPStatus.SEE_OTHER)


@bp.get("/campaigns/<campaign_id>")
def campaign_page(campaign_id: str) -> ResponseReturnValue:
    """Show what a campaign comes to today."""
    who = actor()
    found = plan(services(), who, found_or_404(who, campaign_id))
    to = speech().language
    return render_template(
        "web/campaign.html",
        found=found,
        campaign=found.campaign,
        asked=found.campaign.asked,
        event=events()[found.campaign.asked.event].name[to],
        to=to,
        people=people,
        old=_old(found),
        sectors=[
            (one.name[to], one.advice[to], [_text(CLAIMS, claim) for claim in one.claims], count)
            for one, count in found.sectors
        ],
        cities=lambda state: cities_in([state]),
        deadlines=[(state, until, *_state(until.state)) for state, until in found.deadlines],
        near=[(one, _whose(one)) for one in found.near],
        others=[(_text(_WAYS, name), day) for name, day in found.others],
        ways={name: _text(_WAYS, name) for name in _WAYS},
        locales={name: _text(LOCALE_NAMES, name) for name in LOCALE_NAMES},
        statuses={name: _text(STATUSES, name) for name in STATUSES},
        reasons=lambda parts: [(_text(_PARTS, one.part), one, _said(one)) for one in parts],
        out=lambda names: [said(one, {}, to) for one in names],
        widths=_widths(found),
        channel=channels()[found.campaign.asked.channel].label[to],
        feeds=[(one, place_of(one.channel).label[to]) for one in fitting(services(), who, found)],
        may_change=who.may("editor"),
    )


@bp.get("/campaigns/<campaign_id>/catalog")
def campaign_catalog(campaign_id: str) -> ResponseReturnValue:
    """Send the catalog of a campaign in one of its languages as a table."""
    who = actor()
    kept = found_or_404(who, campaign_id)
    locale = request.args.get("language", kept.asked.locales[0])
    if locale not in kept.asked.locales:
        abort(HTTPStatus.NOT_FOUND)
    text = catalog_csv(plan(services(), who, kept), locale, speech().language)
    name = f"{slug(kept.name) or 'campaign'}-{locale}.csv"
    # With the mark of UTF-8 a spreadsheet reads accents as they are.
    answer = Response("\ufeff" + text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/campaigns/<campaign_id>/catalogs/<feed_id>")
def campaign_feed(campaign_id: str, feed_id: str) -> ResponseReturnValue:
    """Send the campaign's products in the file of a channel, by a catalog of the seller's."""
    who = actor()
    found = plan(services(), who, found_or_404(who, campaign_id))
    feed = next((one for one in fitting(services(), who, found) if one.id == feed_id), None)
    if feed is None:
        abort(HTTPStatus.NOT_FOUND)
    file = file_of(services(), who, found, feed)
    name = f"{slug(found.campaign.name) or 'campaign'}-{feed.channel}-{feed.language}{file.suffix}"
    answer = Response(file.data, mimetype=file.media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/campaigns/<campaign_id>")
def change_campaign(campaign_id: str) -> ResponseReturnValue:
    """Take a campaign off, or bring it back."""
    who = actor("editor")
    do = request.form.get("do")
    if do not in {"remove", "restore"}:
        abort(HTTPStatus.BAD_REQUEST)
    try:
        if do == "remove":
            campaigns_.remove(services(), who, campaign_id)
            return redirect(url_for("web.campaigns_page", removed=campaign_id), HTTPStatus.SEE_OTHER)
        campaigns_.restore(services(), who, campaign_id)
    except campaigns_.CampaignNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    return redirect(url_for("web.campaign_page", campaign_id=campaign_id), HTTPStatus.SEE_OTHER)


def people(figure: Figure | None) -> str:
    """Return how many people a figure says, in the reader's language; a figure that is not there is *not known*."""
    if figure is None:
        return gettext(N_("not known"))
    low, high = (speech().number(str(one)) for one in figure.bounds())
    if figure.is_exact:
        return low
    return gettext(N_("%(low)s to %(high)s")) % {"low": low, "high": high}


def found_or_404(who: Actor, campaign_id: str) -> Kept:
    """Return a campaign of the seller's, or the page of status 404."""
    try:
        return campaigns_.get_campaign(services(), who, campaign_id)
    except campaigns_.CampaignNotFoundError:
        abort(HTTPStatus.NOT_FOUND)


def _page(who: Actor, form: Form, status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    to = speech().language
    group = form.value("group")
    body = render_template(
        "web/campaigns.html",
        campaigns=campaigns_.campaigns(services(), who),
        form=form,
        problems=[(name, _text(_LABELS, name), text) for name, text in form.errors.items() if name in _LABELS],
        groups=_groups(to),
        states=[_option(one) for one in sorted(states().values(), key=lambda one: (not one.groups, one.name[to]))],
        events=_events(group, to),
        locales=[(name, _text(LOCALE_NAMES, name)) for name in campaigns_.LOCALES],
        ways=[(name, _text(_WAYS, name), "") for name in campaigns_.WAYS],
        channels=[(one.name, one.label[to]) for one in channels().values() if one.serves(campaigns_.MARKET)],
        group_names={one.id: one.name[to] for one in groups().values()},
        event_names={one.id: one.name[to] for one in events().values()},
        state_names={one.id: one.name[to] for one in states().values()},
        removed=request.args.get("removed", ""),
        may_change=who.may("editor"),
    )
    return make_response(body, status)


def _groups(to: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the groups to choose from with their number in the nation, origins and ancestries apart."""
    kinds = {"origin": gettext(N_("Hispanic or Latino origin")), "ancestry": gettext(N_("Other ancestry"))}
    found: dict[str, list[tuple[str, str]]] = {}
    for one in groups().values():
        year = "" if one.figure is None else f", {one.figure.year}"
        found.setdefault(kinds[one.kind], []).append((one.id, f"{one.name[to]} · {people(one.figure)}{year}"))
    return list(found.items())


def _option(state: State) -> tuple[str, str]:
    return state.id, state.name[speech().language]


def _events(group: str, to: str) -> list[tuple[str, str]]:
    """Return the days to choose from: those of the group chosen with their date, else all by name."""
    if group in groups():
        days: dict[str, str] = {}
        for one in campaigns_.upcoming(services(), group):
            label = f"{one.event.name[to]} · {speech().day(one.first.isoformat())}"
            days.setdefault(one.event.id, label)
        rest = [(one.id, one.name[to]) for one in events().values() if one.id not in days]
        return [*days.items(), *sorted(rest, key=lambda entry: entry[1])]
    return sorted(((one.id, one.name[to]) for one in events().values()), key=lambda entry: entry[1])


def _new() -> Form:
    form = Form()
    group = request.args.get("group", "mx")
    form.put("group", group if group in groups() else "mx")
    form.put("event", request.args.get("event"))
    form.put("way", "courier")
    form.put("channel", "shop")
    form.put("margin_days", str(campaigns_.USUAL_MARGIN))
    form.values["locales"] = [campaigns_.LOCALES[0]]
    return form


def _asked(form: Form) -> campaigns_.Asked:
    group, event = form.value("group"), form.value("event")
    margin = form.value("margin_days").strip()
    day = campaigns_.day_of(services(), group, event)
    return campaigns_.Asked(
        group=group,
        states=tuple(dict.fromkeys(form.chosen("states"))),
        event=event,
        # Without a day of that name the check says so; today stands in until then.
        day=day or services().today(campaigns_.MARKET),
        way=form.value("way"),
        channel=form.value("channel"),
        locales=tuple(dict.fromkeys(form.chosen("locales"))),
        margin_days=int(margin) if margin.isascii() and margin.isdigit() and len(margin) <= _MOST_DIGITS else -1,
        framing="pan_latino" if group == PAN_LATINO else "country_of_origin",
    )


def _name(asked: campaigns_.Asked) -> str:
    """Return a name for a campaign that was given none: the day, its year, and whom it is for."""
    if asked.event not in events() or asked.group not in groups():
        return "-"
    to = speech().language
    return f"{events()[asked.event].name[to]} {asked.day.year} · {groups()[asked.group].name[to]}"


def _wrong(code: str) -> str:
    return _text(_WRONG, code)


def _text(of: dict[str, str], name: str) -> str:
    text = of[name]
    return gettext(text)


def _state(name: str) -> tuple[str, str, str]:
    sign, word, tone = _STATES[name]
    return sign, gettext(word), tone


def _said(one: Scored) -> str:
    values = dict(one.values)
    if values.get("day"):
        values["day"] = speech().day(values["day"])
    return said(one.reason, values, speech().language)


def _whose(one: Occurrence) -> str:
    if one.rule.residents or one.rule.hispanic:
        return gettext(N_("where they live"))
    return country_name(one.country, speech())


def _old(found: Planned) -> int | None:
    """Return the year of the oldest figure where it is old enough to be warned of."""
    years = [cell.people.year for cell in found.audience.cells if cell.people is not None]
    return min(years) if years and found.today.year - min(years) >= OLD_YEARS else None


def _widths(found: Planned) -> dict[str, int]:
    """Return the length of each state's bar of 640, by the most it may be."""
    known = {cell.state.id: cell.people.high for cell in found.audience.cells if cell.people is not None}
    most = max(known.values(), default=1)
    return {state: max(2, 640 * count // most) for state, count in known.items()}
