"""The pages of the team: who works here, invitations, and answering one."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

from flask import abort, redirect, request, url_for

from shopkit.services import accounts, team
from shopkit.services.actors import ROLES
from shopkit.services.attempts import TooManyError
from shopkit.web import access
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.entry import EMAIL_TEXT, LABELS, fresh, link_is_over, read, show, too_many, weak_text
from shopkit.web.forms import CHOOSE, Form
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor, Role
    from shopkit.services.sessions import Present

ROLE_NAMES: Final[dict[Role, str]] = {
    "owner": N_("Owner: everything, team and keys as well"),
    "editor": N_("Editor: products and company"),
    "viewer": N_("Viewer: looks, changes nothing"),
}
SHORT: Final[dict[Role, str]] = {"owner": N_("Owner"), "editor": N_("Editor"), "viewer": N_("Viewer")}
LABELS["role"] = N_("Role")
_LAST: Final = N_("A shop needs an owner. Make somebody else one first.")


@bp.get("/settings/team")
def team_page() -> ResponseReturnValue:
    """Show who works for the shop."""
    return _page(Form(values={"role": ["editor"]}), actor())


@bp.post("/settings/team/invite")
def invite() -> ResponseReturnValue:
    """Send an invitation."""
    who = actor("owner", checks_form=False)
    form = read(("email", "role"))
    if not fresh(form) or form.errors:
        return _page(form, who)
    if form.value("role") not in ROLES:
        form.errors["role"] = gettext(CHOOSE)
        return _page(form, who)
    role = cast("Role", form.value("role"))
    try:
        team.invite(services(), who, form.value("email"), role, speech().language, access.root())
    except accounts.EmailError:
        form.errors["email"] = gettext(EMAIL_TEXT)
    except team.MemberError:
        form.errors["email"] = gettext(N_("Works here already."))
    except TooManyError as error:
        return _page(form, who, too_many(form, error))
    else:
        return redirect(url_for("web.team_page", sent=1), HTTPStatus.SEE_OTHER)
    return _page(form, who)


@bp.post("/settings/team/withdraw/<invitation_id>")
def withdraw(invitation_id: str) -> ResponseReturnValue:
    """Take an invitation back."""
    try:
        team.withdraw(services(), actor("owner"), invitation_id)
    except team.MemberNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    return redirect(url_for("web.team_page"), HTTPStatus.SEE_OTHER)


@bp.post("/settings/team/<user_id>/role")
def set_role(user_id: str) -> ResponseReturnValue:
    """Give somebody another role."""
    who = actor("owner")
    role = request.form.get("role", "")
    if role not in ROLES:
        abort(HTTPStatus.BAD_REQUEST)
    try:
        team.set_role(services(), who, user_id, role)
    except team.MemberNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    except team.LastOwnerError:
        return _page(Form(general=[gettext(_LAST)]), who, HTTPStatus.CONFLICT)
    return redirect(url_for("web.team_page"), HTTPStatus.SEE_OTHER)


@bp.post("/settings/team/<user_id>/remove")
def remove(user_id: str) -> ResponseReturnValue:
    """Let somebody go, or go oneself."""
    who = actor()
    try:
        team.remove(services(), who, user_id)
    except team.MemberNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    except team.LastOwnerError:
        return _page(Form(general=[gettext(_LAST)]), who, HTTPStatus.CONFLICT)
    there = "web.settings" if user_id == who.user_id else "web.team_page"
    return redirect(url_for(there), HTTPStatus.SEE_OTHER)


@bp.get("/invite/<token>")
def answer_invitation(token: str) -> ResponseReturnValue:
    """Show an invitation: to join, to sign in first, or to open an account with it."""
    return _invitation_page(Form(), token)


@bp.post("/invite/<token>")
def accept_invitation(token: str) -> ResponseReturnValue:
    """Join the shop, as who is signed in or as somebody new."""
    present = access.present()
    if present is not None:
        return _join(present, token)
    form = read(("name", "password"))
    if not fresh(form) or form.errors:
        return _invitation_page(form, token)
    try:
        found = team.accept_as_new(
            services(), token, form.value("name")[:200], form.value("password"), speech().language, access.where()
        )
    except accounts.LinkError:
        return link_is_over("web.sign_in")
    except accounts.WeakError as error:
        form.errors["password"] = weak_text(error)
        return _invitation_page(form, token)
    return access.signed_in(found, url_for("web.dashboard"))


def _join(present: Present, token: str) -> ResponseReturnValue:
    form = Form()
    if not fresh(form):
        return _invitation_page(form, token)
    try:
        team.accept(services(), present, token)
    except accounts.LinkError:
        return link_is_over("web.team_page")
    except team.OtherPersonError:
        return _invitation_page(form, token)
    return redirect(url_for("web.dashboard"), HTTPStatus.SEE_OTHER)


def _invitation_page(form: Form, token: str) -> ResponseReturnValue:
    try:
        invitation = team.find_invitation(services(), token)
    except accounts.LinkError:
        return link_is_over("web.sign_in")
    return show(
        "web/invitation.html", form, invitation=invitation, role=gettext(ROLE_NAMES[invitation.role]), token=token
    )


def _page(form: Form, who: Actor, status: HTTPStatus | None = None) -> Response:
    return show(
        "web/team.html",
        form,
        status,
        who=who,
        members=team.members(services(), who),
        invitations=team.invitations(services(), who) if who.may("owner") else (),
        roles={code: gettext(name) for code, name in ROLE_NAMES.items()},
        short={code: gettext(name) for code, name in SHORT.items()},
        sent="sent" in request.args,
    )
