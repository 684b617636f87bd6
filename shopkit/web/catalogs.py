"""Catalogs of a shop for channels: made, watched, served under addresses of their own; what was left out, and why."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Response, abort, make_response, redirect, render_template, request, send_file, url_for

from listings.channels import channels
from listings.photos import FULL
from shopkit.services import catalog_diffs, catalog_files, catalog_items, catalog_runs, catalogs, freight, photos
from shopkit.services.actors import Actor
from shopkit.services.catalogs import FeedChangedError, FeedOverError, Said, Settings
from shopkit.services.photos import PhotoNotFoundError
from shopkit.services.problems import RequestError
from shopkit.web import access, pushing
from shopkit.web.access import services
from shopkit.web.blueprint import bp
from shopkit.web.choices import country_name
from shopkit.web.desk_view import locale_name
from shopkit.web.language import N_, gettext, speech
from translations.locales import tags

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.catalog_runs import Run
    from shopkit.services.catalogs import Kept

CHARGES: Final = {
    "price": N_("inside the price: the buyer pays nothing at the door"),
    "shipping": N_("inside what the shipping costs"),
    "apart": N_("apart: the buyer pays them at the door"),
}
ESTIMATES: Final = {
    "none": N_("Leave the product out"),
    "settled": N_("Take it where it is one figure and only its evidence is weak"),
    "likely": N_("Take the likely figure"),
    "highest": N_("Take the highest figure, so that I never pay in"),
}
STATES: Final = {
    "waiting": N_("Not begun"),
    "running": N_("Being made"),
    "done": N_("Made"),
    "stopped": N_("Stopped"),
    "failed": N_("Stopped by a product that cannot leave"),
}
DIFFERENCES: Final = {"added": N_("is new"), "removed": N_("is gone"), "changed": N_("says something else")}
LABELS: Final = {
    "/channel": N_("Channel"),
    "/market": N_("Market"),
    "/language": N_("Language"),
    "/kind": N_("File"),
    "/link": N_("Address of a product’s page"),
    "/charges": N_("Duties and taxes"),
    "/estimates": N_("Where they are only an estimate"),
    "/card": N_("Freight"),
    "/service": N_("Freight"),
    "/packing_grams": N_("Weight of the packing, g"),
    "/every_hours": N_("Make it again"),
    "/agreed": N_("Settled with the channel"),
}
_HOURS: Final = (6, 12, 24, 72, 168)
_CHANGED: Final = N_("Somebody else changed these settings meanwhile. Look at them and save again.")
_BUSY: Final = N_("The catalog is being made already.")
_SHOWN: Final = 100
_MOST_DIGITS: Final = 6


@bp.get("/catalogs")
def catalogs_page() -> ResponseReturnValue:
    """Show the shop's catalogs, and the form for another one."""
    return _list(access.actor(), {})


@bp.post("/catalogs")
def create_catalog() -> ResponseReturnValue:
    """Keep another catalog, and show it."""
    who = access.actor("editor", checks_form=False)
    if access.is_stale():
        return _list(who, request.form, [("", access.stale_text())], HTTPStatus.BAD_REQUEST)
    try:
        made = catalogs.create(services(), who, _said())
    except RequestError as error:
        return _list(who, request.form, _problems(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.catalog_page", feed_id=made.id), HTTPStatus.SEE_OTHER)


@bp.get("/catalogs/<feed_id>")
def catalog_page(feed_id: str) -> ResponseReturnValue:
    """Show a catalog: its address, its settings, its history, and what is left out of it with the reason."""
    who = access.actor()
    return _one(who, catalogs.get_feed(services(), who, feed_id))


@bp.post("/catalogs/<feed_id>")
def save_catalog(feed_id: str) -> ResponseReturnValue:
    """Change the settings of a catalog."""
    who = access.actor("editor", checks_form=False)
    found = catalogs.get_feed(services(), who, feed_id) if not access.is_stale() else None
    if found is None:
        abort(HTTPStatus.BAD_REQUEST)
    version = request.form.get("version", "")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < _MOST_DIGITS else 0
    try:
        catalogs.save(services(), who, feed_id, _said(found), number)
    except RequestError as error:
        return _one(who, found, _problems(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    except FeedChangedError:
        return _one(who, found, [("", gettext(_CHANGED))], HTTPStatus.CONFLICT)
    return redirect(url_for("web.catalog_page", feed_id=feed_id), HTTPStatus.SEE_OTHER)


@bp.post("/catalogs/<feed_id>/<act>")
def act_on_catalog(feed_id: str, act: str) -> ResponseReturnValue:
    """Make a catalog, try it (``try``), send it, stop that, give out its address, take it back, or remove it."""
    who = access.actor("editor")
    found = catalogs.get_feed(services(), who, feed_id)
    if act in {"make", "try"}:
        return _begin(who, found, is_dry=act == "try")
    if act == "send":
        if problems := pushing.send(who, found):
            return _one(who, found, problems, HTTPStatus.CONFLICT)
        return redirect(url_for("web.catalog_page", feed_id=feed_id) + "#sending", HTTPStatus.SEE_OTHER)
    if act == "stop-sending":
        pushing.stop(who, found)
        return redirect(url_for("web.catalog_page", feed_id=feed_id) + "#sending", HTTPStatus.SEE_OTHER)
    if act == "open":
        catalogs.open_address(services(), who, feed_id)
    elif act == "close":
        catalogs.close_address(services(), who, feed_id)
    elif act == "remove":
        catalogs.remove(services(), who, feed_id)
        return redirect(url_for("web.catalogs_page"), HTTPStatus.SEE_OTHER)
    else:
        abort(HTTPStatus.NOT_FOUND)
    return redirect(url_for("web.catalog_page", feed_id=feed_id) + "#address", HTTPStatus.SEE_OTHER)


@bp.get("/catalogs/<feed_id>/file")
def catalog_file(feed_id: str) -> ResponseReturnValue:
    """Download the file that is served."""
    who = access.actor()
    found = catalogs.get_feed(services(), who, feed_id)
    return _file(found, as_attachment=True)


@bp.get("/catalogs/runs/<catalog_run_id>")
def show_catalog_run(catalog_run_id: str) -> ResponseReturnValue:
    """Show how far a run is, what came of it, and which rows changed."""
    who = access.actor()
    found = catalog_runs.get_run(services(), who, catalog_run_id)
    feed = catalogs.get_feed(services(), who, found.feed_id)
    changed, total = catalog_diffs.changes(services(), who, found.id, size=_SHOWN)
    body = render_template(
        "web/catalog_run.html",
        found=found,
        feed=feed,
        name=_name(feed),
        state=gettext(STATES[found.state]),
        is_at_work=found.state == "running" and catalog_runs.is_alive(services(), found),
        problems=[(one.row, one.field, *catalog_diffs.told(one, speech().language)) for one in found.problems[:_SHOWN]],
        changed=[(gettext(DIFFERENCES[one.what]), one) for one in changed],
        more=total - len(changed),
        may_edit=who.may("editor"),
    )
    return make_response(body)


@bp.post("/catalogs/runs/<catalog_run_id>/<act>")
def act_on_catalog_run(catalog_run_id: str, act: str) -> ResponseReturnValue:
    """Go on with a run (``run``) or stop it (``stop``)."""
    who = access.actor("editor")
    found = catalog_runs.get_run(services(), who, catalog_run_id)
    if act == "stop":
        catalog_runs.stop(services(), who, found.id)
    elif act == "run":
        _start(who, found)
    else:
        abort(HTTPStatus.NOT_FOUND)
    return redirect(url_for("web.show_catalog_run", catalog_run_id=found.id), HTTPStatus.SEE_OTHER)


# -- what channels fetch -------------------------------------------------------------------------------------------
@bp.get("/feeds/<token>")
def feed(token: str) -> ResponseReturnValue:
    """Give a catalog to who holds its address; 410 where that was taken back."""
    try:
        found = catalogs.opened(services(), token)
    except FeedOverError:
        return make_response(
            "This address opens nothing (any more).\n", HTTPStatus.GONE, {"Content-Type": "text/plain"}
        )
    return _file(found)


@bp.get("/feeds/photos/<seller>/<photo>.jpg")
def feed_photo(seller: str, photo: str) -> ResponseReturnValue:
    """Show a photo that stands in a catalog, to anybody who has its signed address."""
    photo_id, _, mark = photo.rpartition("-")
    if not catalog_items.may_see(services(), seller, photo_id, mark):
        abort(HTTPStatus.NOT_FOUND)
    size = request.args.get("size", FULL)
    try:
        shown = photos.get_photo(services(), Actor(seller, "viewer", None, "feed"), photo_id, size)
    except PhotoNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    response = Response(shown.data, content_type=shown.content_type)
    response.set_etag(shown.etag)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.make_conditional(request)
    return response


def _file(found: Kept, *, as_attachment: bool = False) -> Response:
    path = catalog_files.path_of(services(), found)
    if path is None or found.etag is None:
        abort(HTTPStatus.NOT_FOUND)
    kind = catalogs.format_of(found.channel).kinds[found.kind]
    response = send_file(
        path,
        mimetype=kind.media,
        etag=found.etag,
        last_modified=found.changed_at,
        conditional=True,
        as_attachment=as_attachment,
        download_name=f"{found.channel}-{found.market}-{found.language}{kind.suffix}",
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


# -- the pages -----------------------------------------------------------------------------------------------------
def _begin(who: Actor, found: Kept, *, is_dry: bool) -> ResponseReturnValue:
    run = catalog_runs.create(services(), who, found.id, is_dry=is_dry)
    if not _start(who, run):
        return _one(who, found, [("", gettext(_BUSY))], HTTPStatus.CONFLICT)
    return redirect(url_for("web.show_catalog_run", catalog_run_id=run.id), HTTPStatus.SEE_OTHER)


def _start(who: Actor, run: Run) -> bool:
    try:
        catalog_runs.start(services(), who, run.id)
    except catalog_runs.RunBusyError:
        return False
    return True


def _said(found: Kept | None = None) -> Said:
    """Return what a form says of a catalog; of one that is there its channel, market and language stay."""
    asked = request.form
    card, _, service = asked.get("freight", "").partition("/")
    grams, hours = asked.get("packing_grams", "").strip() or "0", asked.get("every_hours", "")
    settings = Settings(
        link=asked.get("link", "").strip(),
        charges=asked.get("charges", "price"),  # type: ignore[arg-type]  # checked where it is kept
        estimates=asked.get("estimates", "none"),  # type: ignore[arg-type]  # the same
        stops="stops" in asked,
        card=card,
        service=service,
        packing_grams=int(grams) if grams.isascii() and grams.isdigit() and len(grams) < _MOST_DIGITS else -1,
        rule_based="rule_based" in asked,
        agreed=catalogs.read_agreed(asked.get("agreed", "")),
    )
    every = int(hours) if hours in map(str, _HOURS) else None
    said = Said(asked.get("channel", ""), asked.get("market", ""), asked.get("language", ""), settings)
    if found is not None:
        said = replace(said, channel=found.channel, market=found.market, language=found.language)
    kind = asked.get("kind", "")
    return replace(said, kind=kind, every_hours=every)


def _problems(error: RequestError) -> list[tuple[str, str]]:
    language = speech().language
    return [
        (gettext(LABELS[one.pointer]) if one.pointer in LABELS else "", one.message(language)) for one in error.problems
    ]


def _name(found: Kept) -> str:
    to = speech()
    label = catalogs.place_of(found.channel).label[to.language]
    return f"{label} · {country_name(found.market, to)} · {locale_name(found.language, to)}"


def _choices(who: Actor) -> dict[str, object]:
    """Return what can be chosen in the form."""
    to = speech()
    known = catalogs.formats()
    return {
        "channels": [(name, channels()[one.channel].label[to.language]) for name, one in known.items()],
        "markets": sorted(
            ((one, country_name(one, to)) for one in services().rulebook.destinations), key=lambda pair: pair[1]
        ),
        "locales": sorted(((one, locale_name(one, to)) for one in tags()), key=lambda pair: pair[1]),
        "kinds": [(kind, f"{name}: {kind.upper()}") for name, one in known.items() for kind in one.kinds],
        "cards": [
            (f"{kept.card.name}/{service.name}", f"{kept.card.name}: {service.name}")
            for kept in freight.cards(services(), who.seller_id)
            for service in kept.card.services
        ],
        "all_charges": [(name, gettext(text)) for name, text in CHARGES.items()],
        "all_estimates": [(name, gettext(text)) for name, text in ESTIMATES.items()],
        "hours": _HOURS,
    }


def _list(
    who: Actor, typed: object, problems: list[tuple[str, str]] | None = None, status: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    feeds = [
        (one, _name(one), next(iter(catalog_runs.runs_of(services(), who, one.id, 1)), None))
        for one in catalogs.all_feeds(services(), who)
    ]
    body = render_template(
        "web/catalogs.html",
        feeds=feeds,
        states={name: gettext(text) for name, text in STATES.items()},
        typed=typed,
        problems=problems or [],
        may_edit=who.may("editor"),
        **_choices(who),
    )
    return make_response(body, status)


def _one(
    who: Actor, found: Kept, problems: list[tuple[str, str]] | None = None, status: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    left, total = catalog_diffs.left_out(services(), who, found.id, size=_SHOWN)
    token = catalogs.token_of(services(), found)
    runs = catalog_runs.runs_of(services(), who, found.id)
    settings = found.settings
    typed = (
        request.form
        if request.method == "POST" and problems
        else {
            "link": settings.link,
            "charges": settings.charges,
            "estimates": settings.estimates,
            "freight": f"{settings.card}/{settings.service}" if settings.card else "",
            "packing_grams": str(settings.packing_grams),
            "kind": found.kind,
            "every_hours": str(found.every_hours or ""),
            "agreed": "\n".join(f"{name}={value}" for name, value in settings.agreed.items()),
            **({"stops": "1"} if settings.stops else {}),
            **({"rule_based": "1"} if settings.rule_based else {}),
        }
    )
    choices = _choices(who)
    body = render_template(
        "web/catalog.html",
        found=found,
        name=_name(found),
        runs=runs,
        states={name: gettext(text) for name, text in STATES.items()},
        pushing=pushing.shown(who, found),
        address=None if token is None else access.here() + url_for("web.feed", token=token),
        left=[
            (
                one,
                list(
                    dict.fromkeys((each.field, *catalog_diffs.told(each, speech().language)) for each in one.findings)
                ),
            )
            for one in left
        ],
        more=total - len(left),
        typed=typed,
        problems=problems or [],
        may_edit=who.may("editor"),
        **choices | {"kinds": [(kind, kind.upper()) for kind in catalogs.format_of(found.channel).kinds]},
    )
    return make_response(body, status)
