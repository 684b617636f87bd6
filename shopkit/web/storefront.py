"""The settings of a store: its address, its markets with who pays at the border, and its words in each language."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import make_response, redirect, render_template, request, url_for

from shopkit.services import freight, payment_matrix, stores
from shopkit.services.problems import RequestError
from shopkit.services.stores import Opening, Said
from shopkit.web import access
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.catalogs import ESTIMATES
from shopkit.web.choices import country_name
from shopkit.web.language import N_, gettext, speech
from translations.ui import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor
    from shopkit.services.stores import KeptStore

OWN_NAMES: Final = {"es": "Español", "pt": "Português", "en": "English"}
_TERMS: Final = {
    "DDP": N_("The store collects them with the purchase (DDP)"),
    "DAP": N_("The buyer pays them on delivery (DAP)"),
}
WORD_NAMES: Final = {
    "tagline": N_("In one line"),
    "story": N_("Your story"),
    "awards": N_("Awards"),
    "returns": N_("Returns"),
    "shipping": N_("Shipping"),
    "privacy": N_("Your buyers’ data"),
}
_PLACES: Final = {
    "slug": N_("Short name"),
    "market": N_("Country"),
    "languages": N_("Languages"),
    "terms": N_("Duties and taxes"),
    "estimates": N_("Where they are only an estimate"),
    "packing_grams": N_("Weight of the packing, g"),
    "card": N_("Freight by a rate card"),
    "service": N_("Freight by a rate card"),
    "markets": N_("Markets"),
} | WORD_NAMES
_STALE: Final = N_("Somebody changed the store meanwhile. What you typed is still here: look and save again.")
_MOST_ROWS: Final = 40
_DIGITS: Final = 6


@bp.get("/settings/store")
def store_page() -> ResponseReturnValue:
    """Show where the store is open and what it says of itself."""
    who = actor()
    found = stores.get_store(services(), who)
    return _page(who, found, _typed(found), saved="saved" in request.args)


@bp.post("/settings/store")
def save_store() -> ResponseReturnValue:
    """Keep what was typed, if nobody changed it meanwhile."""
    who = actor(checks_form=False)
    who.must("editor")
    found = stores.get_store(services(), who)
    typed = {name: request.form.getlist(name) for name in request.form}
    if access.is_stale():
        return _page(who, found, typed, [("", access.stale_text())], HTTPStatus.BAD_REQUEST)
    version = request.form.get("version", "")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < _DIGITS else -1
    try:
        stores.save_store(services(), who, _said(), number)
    except stores.StaleStoreError:
        typed["version"] = [str(found.version)]
        return _page(who, found, typed, [("", gettext(_STALE))], HTTPStatus.CONFLICT)
    except RequestError as error:
        return _page(who, found, typed, _problems(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.store_page", saved=1), HTTPStatus.SEE_OTHER)


def _said() -> Said:
    """Return what the form says; a row without a country is none."""
    form = request.form
    openings = []
    for number in range(_MOST_ROWS):
        market = form.get(f"{number}-market", "")
        if not market:
            continue
        card, _, service = form.get(f"{number}-freight", "").partition("/")
        grams = form.get(f"{number}-packing_grams", "").strip() or "0"
        openings.append(
            Opening(
                market,
                tuple(form.getlist(f"{number}-languages")),
                form.get(f"{number}-terms", ""),  # type: ignore[arg-type]  # checked where it is kept
                form.get(f"{number}-estimates", ""),  # type: ignore[arg-type]  # the same
                card,
                service,
                int(grams) if grams.isascii() and grams.isdigit() and len(grams) < _DIGITS else -1,
            )
        )
    words = {
        language: {
            name: form.get(f"{language}-{name}", "").replace("\r\n", "\n").replace("\x00", "") for name in stores.WORDS
        }
        for language in LANGUAGES
    }
    return Said(form.get("slug", "").strip().lower(), "is_open" in form, tuple(openings), words)


def _typed(found: KeptStore) -> dict[str, list[str]]:
    """Return a store as its form would send it."""
    typed: dict[str, list[str]] = {"slug": [found.slug], "version": [str(found.version)]}
    if found.is_open or found.version == 0:
        typed["is_open"] = ["1"]
    for number, one in enumerate(found.openings):
        typed |= {
            f"{number}-market": [one.market],
            f"{number}-languages": list(one.languages),
            f"{number}-terms": [one.terms],
            f"{number}-estimates": [one.estimates],
            f"{number}-freight": [f"{one.card}/{one.service}"],
            f"{number}-packing_grams": [str(one.packing_grams)],
        }
    for language, texts in found.words.items():
        typed |= {f"{language}-{name}": [text] for name, text in texts.items()}
    return typed


def _problems(error: RequestError) -> list[tuple[str, str]]:
    told = []
    for one in error.problems:
        place = one.pointer.rpartition("/")[2]
        label = gettext(_PLACES[place]) if place in _PLACES else ""
        told.append((label, one.message(speech().language)))
    return told


def _page(
    who: Actor,
    found: KeptStore,
    typed: Mapping[str, list[str]],
    problems: list[tuple[str, str]] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    saved: bool = False,
) -> ResponseReturnValue:
    to = speech()
    rows = [number for number in range(_MOST_ROWS) if (typed.get(f"{number}-market") or [""])[0]]
    markets = {typed[f"{number}-market"][0] for number in rows} & set(services().rulebook.destinations)
    body = render_template(
        "web/store.html",
        found=found,
        one=lambda name: (typed.get(name) or [""])[0],
        several=lambda name: typed.get(name, []),
        rows=[*rows, (rows[-1] + 1 if rows else 0)],
        problems=problems or [],
        saved=saved,
        may_edit=who.may("editor"),
        address=access.here(),
        pay_by={
            market: ", ".join(way.title[to.language] for way in ways)
            for market, ways in payment_matrix.offered(services(), who, markets).items()
        },
        languages_of=[(language, OWN_NAMES[language]) for language in LANGUAGES],
        countries=sorted(
            ((one, country_name(one, to)) for one in services().rulebook.destinations), key=lambda pair: pair[1]
        ),
        cards=[
            (f"{kept.card.name}/{service.name}", f"{kept.card.name}: {service.name}")
            for kept in freight.cards(services(), who.seller_id)
            for service in kept.card.services
        ],
        all_terms=[(name, gettext(text)) for name, text in _TERMS.items()],
        all_estimates=[(name, gettext(text)) for name, text in _estimates()],
        words=[(name, gettext(text), stores.WORDS[name]) for name, text in WORD_NAMES.items()],
    )
    return make_response(body, status)


def _estimates() -> list[tuple[str, Any]]:
    texts = ESTIMATES | {"none": N_("Sell it on enquiry alone"), "likely": N_("Take the likely figure; I stand for it")}
    return [(name, texts[name]) for name in stores.ESTIMATES]
