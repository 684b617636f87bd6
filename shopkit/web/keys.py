"""The pages of keys, of one's own sessions and password, and of what was done."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import abort, redirect, render_template, request, url_for

from shopkit.services import accounts, audit, keys, sessions
from shopkit.services.attempts import TooManyError
from shopkit.services.tokens import new_id
from shopkit.web import access
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.entry import LABELS, fresh, read, show, too_many, weak_text
from shopkit.web.forms import CHOOSE, Form
from shopkit.web.language import N_, gettext

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor
    from shopkit.services.keys import NewKey

# Every browser says it is the older ones too, so the newest name comes first.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
# An id of any database.
_ENTRY: Final = r"[0-9]{1,18}"
SCOPE_NAMES: Final = {
    "account:read": N_("read whose key it is"),
    "dashboard:read": N_("read what sells where"),
    "listings:read": N_("read products"),
    "listings:write": N_("read and change products"),
    "translations:write": N_("draft translations"),
    "orders:read": N_("read orders"),
    "orders:write": N_("read orders and act on them"),
    "payments:read": N_("read how the shop is paid"),
    "payments:write": N_("connect and disconnect payment accounts"),
    "channels:read": N_("read which accounts at channels and for tracking are connected"),
    "channels:write": N_("connect and disconnect accounts at channels and for tracking"),
    "pools:read": N_("read the parcels pooled with other shops"),
    "pools:write": N_("pool parcels with other shops"),
}
ACTIONS: Final = {
    "account.opened": N_("opened the account"),
    "signed.in": N_("signed in"),
    "password.reset": N_("set a new password by e-mail"),
    "password.changed": N_("changed the password"),
    "company.changed": N_("changed the company"),
    "company.verified": N_("verified the business"),
    "team.invited": N_("invited"),
    "team.withdrawn": N_("took the invitation back of"),
    "team.joined": N_("joined"),
    "team.role": N_("changed the role of"),
    "team.removed": N_("removed"),
    "team.left": N_("left"),
    "key.created": N_("made the key"),
    "key.revoked": N_("revoked the key"),
    "box.added": N_("added the box"),
    "box.removed": N_("removed the box"),
    "pool_group.founded": N_("founded the group"),
    "pool_group.invited": N_("invited a shop to the group"),
    "pool_group.joined": N_("joined the group"),
    "pool_group.left": N_("left the group"),
    "pool_group.closed": N_("closed the group"),
    "pool.opened": N_("opened the pool"),
    "pool.closed": N_("closed the pool"),
    "data.exported": N_("downloaded all data"),
    "import.done": N_("imported the file"),
    "import.undone": N_("took back the import of"),
    "import.failed": N_("could not import the file"),
    "sales.imported": N_("brought in past sales:"),
    "sales.undone": N_("took back the import of sales"),
    "goal.set": N_("set the goal"),
    "goal.removed": N_("removed the goal"),
    "goal.restored": N_("brought back the goal"),
    "trial.spent": N_("wrote down spending on the trial"),
    "markets.chosen": N_("chose the markets"),
    "self_assessment.answered": N_("answered the self-assessment"),
    "catalog.created": N_("made the catalog"),
    "catalog.removed": N_("removed the catalog"),
    "catalog.opened": N_("gave out an address of the catalog"),
    "catalog.closed": N_("took back the address of the catalog"),
    "catalog.made": N_("made the file of the catalog"),
    "account.connected": N_("connected the account at"),
    "account.removed": N_("disconnected the account at"),
    "tracking_account.connected": N_("connected the account for tracking at"),
    "tracking_account.removed": N_("disconnected the account for tracking at"),
    "carrier.connected": N_("connected the account for prices at"),
    "carrier.disconnected": N_("disconnected the account for prices at"),
    "payment_account.created": N_("connected a payment account:"),
    "payment_account.changed": N_("changed a payment account:"),
    "payment_account.disconnected": N_("disconnected a payment account:"),
    "payment_account.forgotten": N_("took away the keys of a payment account:"),
    "payment_account.reconnected": N_("took up again a payment account:"),
    "order.refunded": N_("gave money back of the order"),
    "dispute.drafted": N_("kept a draft of evidence for the order"),
    "dispute.answered": N_("handed in evidence for the order"),
    "push.done": N_("sent the products of the catalog"),
    "push.settled": N_("said what became of the product"),
}
LABELS.update({"key_name": N_("What is it for?"), "per_minute": N_("Requests a minute"), "scopes": N_("It may")})


@bp.get("/settings/keys")
def keys_page() -> ResponseReturnValue:
    """Show the keys of the shop."""
    form = Form(values={"per_minute": [str(keys.PER_MINUTE)], "scopes": [keys.SCOPES[0]]})
    return _keys(form, actor("owner"))


@bp.post("/settings/keys")
def create_key() -> ResponseReturnValue:
    """Make a key and show it, once."""
    who = actor("owner", checks_form=False)
    form = read(("key_name", "per_minute"))
    making = request.form.get("making")
    form.values["scopes"] = request.form.getlist("scopes")
    if not fresh(form):
        return _keys(form, who)
    limit = form.value("per_minute")
    if limit not in {str(one) for one in keys.LIMITS}:
        form.errors["per_minute"] = gettext(CHOOSE)
    if not set(form.chosen("scopes")) <= set(keys.SCOPES):
        form.errors["scopes"] = gettext(CHOOSE)
    if len(form.value("key_name")) > keys.MAX_NAME:
        form.errors["key_name"] = gettext(N_("%(count)s characters at most.")) % {"count": keys.MAX_NAME}
    if form.errors:
        return _keys(form, who)
    try:
        made = keys.create_key(services(), who, form.value("key_name"), form.chosen("scopes"), int(limit), id_=making)
    except keys.KeyMadeError:
        text = N_("This key was made already, and it is shown once. If it was not copied, revoke it and make another.")
        form.general.append(gettext(text))
        return _keys(form, who, HTTPStatus.CONFLICT)
    except ValueError:
        abort(HTTPStatus.BAD_REQUEST)
    except keys.TooManyKeysError:
        form.general.append(gettext(N_("The shop has fifty keys. Revoke one that is not used.")))
        return _keys(form, who, HTTPStatus.CONFLICT)
    form = Form(values={"per_minute": [str(keys.PER_MINUTE)], "scopes": [keys.SCOPES[0]]})
    return _keys(form, who, HTTPStatus.CREATED, made)


@bp.post("/settings/keys/<key_id>/revoke")
def revoke_key(key_id: str) -> ResponseReturnValue:
    """End a key for good."""
    try:
        keys.revoke_key(services(), actor("owner"), key_id)
    except keys.KeyNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    return redirect(url_for("web.keys_page"), HTTPStatus.SEE_OTHER)


@bp.get("/settings/sessions")
def sessions_page() -> ResponseReturnValue:
    """Show where the person is signed in."""
    return _sessions(Form())


@bp.post("/settings/sessions/<session_id>/end")
def end_session(session_id: str) -> ResponseReturnValue:
    """End one of one's own sessions."""
    present = access.person()
    if access.is_stale():
        abort(HTTPStatus.BAD_REQUEST)
    if not sessions.end(services(), present, session_id):
        abort(HTTPStatus.NOT_FOUND)
    if session_id == present.session_id:
        return access.signed_out(url_for("web.sign_in"))
    return redirect(url_for("web.sessions_page"), HTTPStatus.SEE_OTHER)


@bp.post("/settings/sessions/end-others")
def end_other_sessions() -> ResponseReturnValue:
    """End every session but this one."""
    present = access.person()
    if access.is_stale():
        abort(HTTPStatus.BAD_REQUEST)
    sessions.end_others(services(), present)
    return redirect(url_for("web.sessions_page"), HTTPStatus.SEE_OTHER)


@bp.post("/settings/password")
def change_password() -> ResponseReturnValue:
    """Change the password, and with it every session."""
    present = access.person()
    form = read(("old", "password"))
    if not fresh(form) or form.errors:
        return _sessions(form)
    try:
        found = accounts.change_password(services(), present, form.value("old"), form.value("password"), access.root())
    except accounts.WrongError:
        form.errors["old"] = gettext(N_("This is not your password."))
    except accounts.WeakError as error:
        form.errors["password"] = weak_text(error)
    except TooManyError as error:
        return _sessions(form, too_many(form, error))
    else:
        return access.signed_in(found, url_for("web.sessions_page", changed=1))
    return _sessions(form)


@bp.get("/settings/audit")
def audit_page() -> ResponseReturnValue:
    """Show what was done, the last first."""
    who = actor("owner")
    before = request.args.get("before", "")
    found = audit.entries(services(), who, int(before) if re.fullmatch(_ENTRY, before) else None)
    return render_template(
        "web/audit.html",
        entries=found,
        actions={code: gettext(name) for code, name in ACTIONS.items()},
        fields={code: gettext(name) for code, name in (LABELS | {"name": LABELS["company"]}).items()},
        more=found[-1].id if len(found) == audit.PAGE else None,
    )


def _keys(form: Form, who: Actor, status: HTTPStatus | None = None, made: NewKey | None = None) -> Response:
    response = show(
        "web/keys.html",
        form,
        status,
        keys=keys.list_keys(services(), who),
        made=made,
        scopes=tuple((code, gettext(SCOPE_NAMES[code])) for code in keys.SCOPES),
        names={code: gettext(name) for code, name in SCOPE_NAMES.items()},
        limits=tuple((str(one), str(one)) for one in keys.LIMITS),
        making=new_id("k", services().now()),
        root=(services().settings.public_url or request.url_root).rstrip("/"),
    )
    # It is shown once: no cache keeps it, and going back does not show it again.
    response.headers["Cache-Control"] = "no-store"
    return response


def browser_name(text: str) -> str:
    """Return what a browser is called, and on what it runs, from what it calls itself; its own words for others.

    >>> browser_name("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36")
    'Chrome, Android'
    >>> browser_name("curl/8.5.0")
    'curl/8.5.0'
    """
    program = next((name for sign, name in _BROWSERS if sign in text), None)
    system = next((name for sign, name in _SYSTEMS if sign in text), None)
    return ", ".join(part for part in (program, system) if part) or text


def _sessions(form: Form, status: HTTPStatus | None = None) -> Response:
    present = access.person()
    found = sessions.open_sessions(services(), present)
    return show(
        "web/sessions.html",
        form,
        status,
        sessions=found,
        changed="changed" in request.args,
        browser_name=browser_name,
    )
