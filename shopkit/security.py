"""What every answer carries for the reader's safety, and whom the shop believes about where a request comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from flask import Flask, Response

    from shopkit.config import Settings

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    # Not no-referrer: under https the check of a form's origin needs the referrer.
    ("Referrer-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
)
MAX_BODY: Final = 1_000_000
MAX_BATCH_BODY: Final = 4_000_000
_YEAR: Final = "max-age=31536000"


def init_app(app: Flask, settings: Settings) -> None:
    """Bind headers, limits of size, trusted hosts and the proxies in front to the application."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY
    if settings.trusted_hosts:
        app.config["TRUSTED_HOSTS"] = list(settings.trusted_hosts)
    app.config["SECRET_KEY"] = settings.secret()
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SESSION_COOKIE_SECURE"] = settings.public_url.startswith("https://")
    if settings.proxies:
        count = settings.proxies
        proxied = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # Flask's own advice for middleware
    headers = [*HEADERS]
    if settings.public_url.startswith("https://"):
        headers.append(("Strict-Transport-Security", _YEAR))

    @app.after_request
    def protect(response: Response) -> Response:
        # A page whose address is a secret has a policy of its own for referrers. Looking for each name by itself took a
        # tenth of the time of a request.
        own = {name.lower() for name, _ in response.headers}
        response.headers.extend([one for one in headers if one[0].lower() not in own])
        return response
