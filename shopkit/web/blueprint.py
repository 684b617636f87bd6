"""The one blueprint of the pages, and what it binds to the application when it is registered."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, current_app, request, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import HTTPException

from shopkit.web.language import N_, gettext, keep_language, ngettext, speech
from translations.ui import LANGUAGES, TAGS

if TYPE_CHECKING:
    from flask import Response
    from flask.blueprints import BlueprintSetupState

bp: Final = Blueprint("web", __name__)
csrf: Final = CSRFProtect()
# The pages that can be reached from every page, in this order.
PAGES: Final = (
    ("web.try_it", N_("Quote")),
    ("web.compare", N_("Compare")),
    ("web.ask_price", N_("Prices")),
    ("web.markets", N_("Markets")),
    ("web.ask_origin", N_("Origin")),
)
# Those of a shop, for who is signed in.
SHOP_PAGES: Final = (
    ("web.listings_page", N_("Listings")),
    ("web.translations_page", N_("Translations")),
    ("web.campaigns_page", N_("Campaigns")),
    ("web.catalogs_page", N_("Catalogs")),
    ("web.orders_page", N_("Orders")),
    ("web.shipments_page", N_("Parcels")),
    ("web.ratings_page", N_("Ratings")),
    ("web.enquiries_page", N_("Enquiries")),
)
# A page that belongs to another one's place in that row.
_PART_OF: Final = {
    "web.quote_it": "web.try_it",
    "web.show_quote": "web.try_it",
    "web.requote": "web.try_it",
    "web.market": "web.markets",
    "web.product_markets": "web.dashboard",
    "web.assess_company": "web.dashboard",
    "web.sign_in_now": "web.sign_in",
    "web.sign_up_now": "web.sign_up",
    "web.ask_reset_now": "web.ask_reset",
    "web.reset_now": "web.reset",
    "web.confirm_now": "web.confirm",
    "web.accept_invitation": "web.answer_invitation",
    "web.save_settings": "web.settings",
    "web.save_store": "web.store_page",
    "web.add_box": "web.boxes_page",
    "web.found_pool_group": "web.pools_page",
    "web.pool_group_page": "web.pools_page",
    "web.act_on_pool_group": "web.pools_page",
    "web.pool_page": "web.pools_page",
    "web.act_on_pool": "web.pools_page",
    "web.remove_box": "web.boxes_page",
    "web.connect_payments": "web.payments_page",
    "web.connect_channel": "web.channels_page",
    "web.disconnect_channel": "web.channels_page",
    "web.change_payments": "web.payments_page",
    "web.payment_methods": "web.payments_page",
    "web.payment_report_page": "web.payments_page",
    "web.invite": "web.team_page",
    "web.set_role": "web.team_page",
    "web.remove": "web.team_page",
    "web.create_key": "web.keys_page",
    "web.change_password": "web.sessions_page",
    "web.delete_data": "web.data",
    "web.save_me": "web.me",
    "web.new_listing": "web.listings_page",
    "web.edit_listing": "web.listings_page",
    "web.save_listing": "web.listings_page",
    "web.listing_history": "web.listings_page",
    "web.listing_doors": "web.listings_page",
    "web.desk_page": "web.translations_page",
    "web.save_texts": "web.translations_page",
    "web.text_history": "web.translations_page",
    "web.show_drafts": "web.translations_page",
    "web.outgoing_page": "web.translations_page",
    "web.terms_page": "web.translations_page",
    "web.campaign_page": "web.campaigns_page",
    "web.plan_campaign": "web.campaigns_page",
    "web.campaign_spread": "web.campaigns_page",
    "web.save_campaign_words": "web.campaigns_page",
    "web.make_campaign_links": "web.campaigns_page",
    "web.wholesale_page": "web.campaigns_page",
    "web.keep_case": "web.campaigns_page",
    "web.keep_wholesale_terms": "web.campaigns_page",
    "web.keep_partner": "web.campaigns_page",
    "web.rate": "web.rate_page",
    "web.answer_rating": "web.ratings_page",
    "web.keep_term": "web.translations_page",
    "web.take_texts": "web.translations_page",
    "web.replace_texts": "web.translations_page",
    "web.order_page": "web.orders_page",
    "web.act_on_order": "web.orders_page",
    "web.invoices_page": "web.orders_page",
    "web.shipment_page": "web.shipments_page",
    "web.lanes_page": "web.shipments_page",
    "web.customs_page": "web.orders_page",
    "web.packing_page": "web.orders_page",
    "web.ways_page": "web.orders_page",
    "web.together_page": "web.orders_page",
    "web.sales_history_page": "web.orders_page",
    "web.enquiry_page": "web.enquiries_page",
    "web.answer_enquiry": "web.enquiries_page",
    "web.create_catalog": "web.catalogs_page",
    "web.catalog_page": "web.catalogs_page",
    "web.save_catalog": "web.catalogs_page",
    "web.act_on_catalog": "web.catalogs_page",
    "web.show_catalog_run": "web.catalogs_page",
}
_OWN_NAMES: Final = {"es": "Español", "pt": "Português", "en": "English"}


@bp.record_once
def bind(state: BlueprintSetupState) -> None:
    """Bind languages, filters and the check of forms to the application."""
    app = state.app
    # Only the pages have forms; the JSON door takes no cookies and needs no token.
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # of the extension
    environment.filters["day"] = lambda text: speech().day(text)
    environment.filters["number"] = lambda text: speech().number(text)
    environment.filters["figures"] = lambda text: speech().figures(text)
    environment.filters["written"] = lambda text: speech().written(text)
    environment.globals["money"] = lambda amount, currency: speech().money(amount, currency)
    environment.globals["asset"] = asset_of(Path(str(app.static_folder)))


def asset_of(folder: Path) -> Any:  # noqa: ANN401  # a function for templates
    """Return how to address a static file: with a piece of its hash, so that it may be kept for ever."""
    known: dict[str, str] = {}

    def asset(name: str) -> str:
        tag = known.get(name)
        if tag is None:
            tag = known[name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]
        return url_for("static", filename=name, v=tag)

    return asset


@bp.app_context_processor
def spoken() -> dict[str, Any]:
    """Give templates the reader's language and the addresses of this page in the others."""
    here = _PART_OF.get(request.endpoint or "", request.endpoint)
    always = {"speech": speech(), "pages": PAGES, "shop_pages": SHOP_PAGES, "here": here}
    if request.endpoint is None:
        return always | {"languages": addresses("web.try_it")}
    if request.method != "GET":
        return always | {"languages": _above()}
    arguments: dict[str, Any] = {name: texts for name, texts in request.args.lists() if name != "lang"}
    return always | {"languages": addresses(request.endpoint, **(arguments | (request.view_args or {})))}


def _above() -> list[tuple[str, str, str, str]]:
    """Return the languages of the page that a form stands on: the nearest address above the form's own that opens."""
    parts = request.path.strip("/").split("/")
    rules = current_app.url_map.bind("")
    for length in range(len(parts), 0, -1):
        with suppress(HTTPException):
            endpoint, arguments = rules.match("/" + "/".join(parts[:length]), "GET")
            return addresses(endpoint, **arguments)
    return addresses("web.try_it")


def addresses(endpoint: str, **arguments: Any) -> list[tuple[str, str, str, str]]:  # noqa: ANN401  # of an address
    """Return the languages with the address that a page has in each: (code, tag, own name, address)."""
    return [
        (code, TAGS[code], _OWN_NAMES[code], url_for(endpoint, **{**arguments, "lang": code})) for code in LANGUAGES
    ]


bp.after_request(keep_language)


@bp.after_app_request
def cache_assets(response: Response) -> Response:
    """Let a file that is addressed by its hash be kept for ever."""
    if request.endpoint == "static" and "v" in request.args and response.status_code in {200, 304}:
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = 31_536_000
        response.cache_control.immutable = True
    return response
