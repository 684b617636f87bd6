"""The application: built by ``create_app`` from its settings, with everything bound before the first request."""

from __future__ import annotations

import importlib
import importlib.util
import logging
from typing import TYPE_CHECKING, Any, Final

from apiflask import APIFlask
from flask import request
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.routing import Rule

from shopkit import api, security
from shopkit.config import Settings, load_settings
from shopkit.services import order_letters
from shopkit.services.context import Services, open_services, utc_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_LOG: Final = logging.getLogger(__name__)


class LateRule(Rule):
    """A rule that compiles the builders of its address when one is first built; for all of them at once it took long.

    Should werkzeug rename what is overridden here, its rules compile their builders at once again.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002  # werkzeug's own signature
        compiled: list[Callable[..., tuple[str, str]]] = []
        compile_now = super()._compile_builder

        def build(rule: Rule, **values: object) -> tuple[str, str]:
            if not compiled:
                compiled.append(compile_now(append_unknown))
            return compiled[0](rule, **values)

        return build


class Shop(APIFlask):
    """An APIFlask whose errors under ``/api/`` are problem+json, whatever else is registered for its pages."""

    url_rule_class = LateRule

    def handle_http_exception(self, error: HTTPException) -> Any:  # noqa: ANN401  # Flask's own answer
        """Answer an HTTP error: as a problem to programs, as a page to people."""
        if api.is_ours():
            return api.http_problem(error)
        return super().handle_http_exception(error)

    def handle_exception(self, error: Exception) -> Any:  # noqa: ANN401  # Flask's own answer
        """Answer what nobody foresaw: logged in full, told without details."""
        if api.is_ours() and not self.config["TESTING"]:
            _LOG.exception("unforeseen", exc_info=error)
            return self.finalize_request(api.http_problem(InternalServerError()), from_error_handler=True)
        return super().handle_exception(error)


def create_app(settings: Settings | None = None, *, now: Callable[[], datetime] = utc_now) -> Shop:
    """Return the application; without settings, those of the environment.

    Its services are under ``app.extensions["shopkit"]``. The database is opened, not migrated: ``shopkit serve`` and
    ``shopkit db upgrade`` do that.
    """
    settings = load_settings() if settings is None else settings
    app = Shop("shopkit", title="shopkit", version="1", docs_path=None, spec_path=None, json_errors=False)
    services = open_services(settings, now)
    app.extensions["shopkit"] = services
    # A way of sending mail that is not there is told now, not when the first letter is due.
    _ = services.postman
    security.init_app(app, settings)
    api.init_app(app, settings)
    if importlib.util.find_spec("shopkit.web") is not None:
        # The store adds a route to the pages, so it is imported before they are bound.
        for blueprint in [importlib.import_module(name).bp for name in ("shopkit.web", "shopkit.web.store")]:
            app.register_blueprint(blueprint)
    _tell_of_orders(app, services)
    return app


def _tell_of_orders(app: Shop, services: Services) -> None:
    """Let a request that changed an order send the letters about it, once it is answered; tests send their own."""

    @app.teardown_request
    def send(_error: BaseException | None) -> None:
        if order_letters.is_written() and not app.testing:
            order_letters.nudge(services, (services.settings.public_url or request.url_root).rstrip("/"))


def services_of(app: Shop) -> Services:
    """Return the services the application was built with."""
    services: Services = app.extensions["shopkit"]
    return services
