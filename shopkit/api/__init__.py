"""The JSON door: routes, errors, limits and their description."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from flask import request
from sqlalchemy.exc import OperationalError

from shopkit.api import (
    account,
    alerts,
    campaigns,
    catalogs,
    changes,
    dashboard,
    destinations,
    docs,
    drafts,
    freight,
    health,
    hs,
    invoices,
    limits,
    listings,
    order_money,
    orders,
    origin,
    origins,
    packing,
    papers,
    payments,
    photos,
    pools,
    pricing,
    pushes,
    quotes,
    readiness,
    shipments,
    stores,
    tracking,
    translations,
    ways,
    webhooks,
)
from shopkit.api.access import ScopeError, UnknownKeyError, refuse_wrong_keys
from shopkit.api.blueprint import bp
from shopkit.api.bodies import TooLargeError
from shopkit.api.errors import http_problem, is_ours, problem, unreadable
from shopkit.api.language import language
from shopkit.services.actors import ForbiddenError
from shopkit.services.destinations import DestinationNotCoveredError
from shopkit.services.keeping import KeyBusyError, KeyConflictError
from shopkit.services.problems import RequestError, UnreadableError, sentence
from shopkit.services.quotes import QuoteNotFoundError

if TYPE_CHECKING:
    from apiflask import APIFlask
    from flask import Response

    from shopkit.config import Settings

_LOG: Final = logging.getLogger(__name__)

__all__ = ["bp", "http_problem", "init_app", "is_ours"]
# Imported for their routes.
ROUTES = (
    account,
    dashboard,
    alerts,
    campaigns,
    quotes,
    changes,
    readiness,
    shipments,
    tracking,
    destinations,
    freight,
    origins,
    papers,
    hs,
    origin,
    pricing,
    listings,
    photos,
    drafts,
    translations,
    catalogs,
    pushes,
    orders,
    invoices,
    order_money,
    packing,
    pools,
    payments,
    stores,
    docs,
    health,
    ways,
    webhooks,
)
HEAVY = (
    "api.create_batch",
    "api.create_comparison",
    "api.lay_side_by_side",
    "api.read_ways_of_order",
    "api.ask_price",
    "api.read_alerts",
    "api.create_drafts",
    "api.run_catalog",
    "api.read_push_plan",
    "api.push_catalog",
    "api.order_in_store",
    "api.pack_orders",
    "api.compare_consolidation",
    "api.judge_split",
)


bp.before_request(refuse_wrong_keys)


@bp.errorhandler(RequestError)
def _invalid(error: RequestError) -> Response:
    return problem(422, errors=error.problems)


@bp.errorhandler(UnreadableError)
def _unreadable(error: UnreadableError) -> Response:
    return unreadable(error.detail)


@bp.errorhandler(TooLargeError)
def _too_large(error: TooLargeError) -> Response:
    return problem(413, sentence("body.too_large", {"limit": str(error.limit // 1_000_000)}, language()))


@bp.errorhandler(QuoteNotFoundError)
def _no_quote(_error: QuoteNotFoundError) -> Response:
    return problem(404, sentence("quote.not_kept", {}, language()))


@bp.errorhandler(DestinationNotCoveredError)
def _not_covered(error: DestinationNotCoveredError) -> Response:
    # What there is stands one step above, for destinations and for origins.
    all_of_them = request.path.rpartition("/")[0]
    detail = sentence("country.not_covered", {"country": str(error)[:64], "address": all_of_them}, language())
    return problem(404, detail)


@bp.errorhandler(UnknownKeyError)
def _unknown_key(error: UnknownKeyError) -> Response:
    # RFC 6750, 3: without a key there is no error to name.
    how = 'Bearer realm="shopkit"' + (', error="invalid_token"' if error.given else "")
    code = "access.key_wrong" if error.given else "access.key_needed"
    return problem(401, sentence(code, {}, language()), headers=[("WWW-Authenticate", how)])


@bp.errorhandler(ScopeError)
def _scope(error: ScopeError) -> Response:
    how = f'Bearer realm="shopkit", error="insufficient_scope", scope="{error.scope}"'
    detail = sentence("access.scope", {"scope": error.scope}, language())
    return problem(403, detail, headers=[("WWW-Authenticate", how)])


@bp.errorhandler(ForbiddenError)
def _forbidden(error: ForbiddenError) -> Response:
    return problem(403, sentence("access.role", {"role": error.needed}, language()))


@bp.errorhandler(KeyConflictError)
def _key_conflict(_error: KeyConflictError) -> Response:
    return problem(409, sentence("key.conflict", {}, language()))


@bp.errorhandler(KeyBusyError)
def _key_busy(error: KeyBusyError) -> Response:
    return problem(409, sentence("key.busy", {}, language()), headers=[("Retry-After", str(error.retry_after_s))])


@bp.errorhandler(OperationalError)
def _unavailable(error: OperationalError) -> Response:
    # Locked for too long, or gone: asking again later may help, and nothing was kept.
    _LOG.error("the database cannot be used: %s", error.orig)
    return problem(503, headers=[("Retry-After", "5")])


def init_app(app: APIFlask, settings: Settings) -> None:
    """Bind routes, description and limits to the application."""
    app.register_blueprint(bp)
    docs.init_app(app)
    limits.init_app(app, settings, HEAVY)
