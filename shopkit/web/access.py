"""Who looks at a page: the person who is signed in, the shop they act for, and what they may do there.

A page of a seller asks ``actor("editor")`` first. Nobody signed in: to the sign-in page, and back from there. Too low a
role: the page of status 403. A form that was not ours: 400.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import abort, current_app, g, make_response, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError

from shopkit.services import sessions
from shopkit.services.sessions import Where
from shopkit.web.blueprint import csrf
from shopkit.web.language import N_, gettext, keep_language

if TYPE_CHECKING:
    from flask import Response

    from shopkit.services.accounts import SignedIn
    from shopkit.services.actors import Actor, Role
    from shopkit.services.context import Services
    from shopkit.services.sessions import Present

_DEVICE: Final = "device"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# A browser is remembered this long: its person's own count of tries.
_DEVICE_S: Final = 365 * 24 * 3600
TOO_LONG: Final = N_("This page had been open for too long. Nothing is lost: press the button again.")


def services() -> Services:
    """Return the services of the running application."""
    found: Services = current_app.extensions["shopkit"]
    return found


def where() -> Where:
    """Return from where the request comes."""
    return Where(request.remote_addr or "", request.headers.get("User-Agent", ""))


def present() -> Present | None:
    """Return who is signed in, nobody where the browser holds no session that is open."""
    if "present" not in g:
        token = request.cookies.get(_cookie())
        g.present = None if not token else sessions.find(services(), token, request.remote_addr or "")
    found: Present | None = g.present
    return found


def person() -> Present:
    """Return who is signed in; nobody is sent to the sign-in page."""
    found = present()
    if found is None:
        abort(_to_sign_in())
    return found


def actor(role: Role = "viewer", *, checks_form: bool = True) -> Actor:
    """Return who acts for which seller, if the role is enough.

    What changes something is refused unless it comes from a form of ours. With ``checks_form=False`` the view does that
    itself, with :func:`is_stale`, and shows again what was typed.
    """
    found = person().actor()
    if checks_form and is_stale():
        abort(HTTPStatus.BAD_REQUEST)
    if found is None:
        abort(redirect(url_for("web.no_shop"), HTTPStatus.SEE_OTHER))
    found.must(role)
    return found


def seller_id() -> str | None:
    """Return the seller that somebody acts for, nobody for a stranger: whose rate cards a page may name."""
    somebody = present()
    return None if somebody is None or somebody.shop is None else somebody.shop.id


def is_stale() -> bool:
    """Return whether a form is not one of ours, or was shown in a session that is over."""
    if request.method in _SAFE:
        return False
    try:
        csrf.protect()
    except CSRFError:
        return True
    return False


def ours_only() -> None:
    """Refuse a form that another site sent, where there is no session and so no token; a program that is none may."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(HTTPStatus.BAD_REQUEST)


def stale_text() -> str:
    """Return what to say above a form that is shown again for that reason."""
    return gettext(TOO_LONG)


def safe_next(text: str | None) -> str | None:
    r"""Return an address of this shop, as it was given; ``None`` for one that leads elsewhere.

    A browser reads a backslash as a slash and passes over tabs and line breaks, so none of them is let through.

    >>> (
    ...     safe_next("/settings?a=b"),
    ...     safe_next("//evil.example/"),
    ...     safe_next("/\\evil.example"),
    ...     safe_next("https://a.b/"),
    ... )
    ('/settings?a=b', None, None, None)
    """
    if not text or not text.startswith("/") or text.startswith("//") or "\\" in text:
        return None
    if any(ord(sign) <= ord(" ") for sign in text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if not parts.scheme and not parts.netloc else None


def root() -> str:
    """Return the address of the shop that links in letters begin with.

    A request may name any host; a letter that repeated it would send its reader, and the link, to somebody else. So it
    is repeated only where the hosts are listed, or where the request comes to this machine itself.
    """
    settings = services().settings
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = urlsplit(request.url_root).hostname or ""
    if not settings.trusted_hosts and host not in {"localhost", "127.0.0.1", "::1"}:
        current_app.logger.error("no letter is sent: set SHOPKIT_PUBLIC_URL to the address of the shop")
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    return request.url_root.rstrip("/")


def here() -> str:
    """Return the address of the shop as it is shown to who is looking at it: to be copied, not sent."""
    return (services().settings.public_url or request.url_root).rstrip("/")


def signed_in(found: SignedIn, address: str) -> Response:
    """Return the way on to an address of ours, with the new session in the browser's hands."""
    # What the browser held as a stranger is not what it holds as somebody.
    session.clear()
    response = make_response(redirect(address, HTTPStatus.SEE_OTHER))
    _set(response, _cookie(), found.token, int(sessions.LIFE.total_seconds()))
    _set(response, _DEVICE, found.device, _DEVICE_S)
    return response


def signed_out(address: str) -> Response:
    """Return the way on to an address of ours, with nothing left of the session."""
    session.clear()
    response = make_response(redirect(address, HTTPStatus.SEE_OTHER))
    response.delete_cookie(_cookie(), secure=_is_secure(), httponly=True, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def token() -> str:
    """Return what the browser holds of a session."""
    return request.cookies.get(_cookie(), "")


def device() -> str | None:
    """Return by what the browser may be known as one that was here before."""
    return request.cookies.get(_DEVICE)


def _to_sign_in() -> Response:
    """Return the way to the sign-in page; what was typed into a form stays where the browser can go back to it."""
    if request.method not in _SAFE:
        return keep_language(make_response(render_template("web/signed_out.html"), HTTPStatus.UNAUTHORIZED))
    there = request.full_path.rstrip("?")
    address = url_for("web.sign_in", next=there)
    if request.headers.get("HX-Request") == "true":
        # A redirection would be followed, and the sign-in page put where a part of this one stood.
        return make_response("", HTTPStatus.OK, {"HX-Redirect": address})
    return make_response(redirect(address, HTTPStatus.SEE_OTHER))


def _is_secure() -> bool:
    return services().settings.public_url.startswith("https://")


def _cookie() -> str:
    # The prefix makes browsers refuse one that a neighbouring host or a plain connection set.
    return "__Host-sign_in" if _is_secure() else "sign_in"


def _set(response: Response, name: str, value: str, age_s: int) -> None:
    response.set_cookie(name, value, max_age=age_s, path="/", secure=_is_secure(), httponly=True, samesite="Lax")
