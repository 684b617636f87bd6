"""The settings of a shop's accounts at the channels that catalogs are sent to: connected and disconnected."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import abort, make_response, redirect, render_template, request, url_for

from shopkit.services import catalogs
from shopkit.services import channel_accounts as accounts
from shopkit.services.problems import RequestError
from shopkit.web import access, account_forms
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.forms import Form
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from flask.typing import ResponseReturnValue

    from shopkit.pushing.channels import PushChannel
    from shopkit.services.actors import Actor

_MODES: Final = {
    "live": N_("Live: products go on sale"),
    "sandbox": N_("Trial: nothing leaves this shop"),
}
LABELS: Final = {
    "name": N_("What you call the account"),
    "token": N_("Token"),
    "refresh_token": N_("Refresh token"),
}


@bp.get("/settings/channels")
def channels_page() -> ResponseReturnValue:
    """Show the accounts a shop has, and the form of the one that is being connected."""
    who = actor()
    channel = request.args.get("connect", "")
    found = accounts.account_of(services(), who, channel)
    form = Form()
    form.put("mode", "live" if found is None else found.place)
    form.put("name", "" if found is None else found.name)
    return _page(who, form, channel, saved="saved" in request.args)


@bp.post("/settings/channels")
def connect_channel() -> ResponseReturnValue:
    """Connect an account; what is said of it is sealed, and what is secret never shown again."""
    who = actor("owner", checks_form=False)
    channel = request.form.get("channel", "")
    kind = accounts.channels().get(channel)
    form = Form() if kind is None else _typed(kind)
    if access.is_stale():
        form.general.append(access.stale_text())
        return _page(who, form, channel, status=HTTPStatus.BAD_REQUEST)
    if kind is None:
        abort(HTTPStatus.NOT_FOUND)
    details = {one.name: text for one in kind.fields if (text := account_forms.given(one.name))}
    place: accounts.Place = "sandbox" if form.value("mode") == "sandbox" else "live"
    try:
        accounts.connect(services(), who, channel, form.value("name"), _secret(), details=details, place=place)
    except RequestError as error:
        account_forms.place(form, error, _labels(kind))
        return _page(who, form, channel, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.channels_page", saved=1), HTTPStatus.SEE_OTHER)


@bp.post("/settings/channels/<channel>/disconnect")
def disconnect_channel(channel: str) -> ResponseReturnValue:
    """Forget an account and its secrets; what is on sale there stays."""
    who = actor("owner")
    try:
        accounts.disconnect(services(), who, channel)
    except accounts.AccountNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    return redirect(url_for("web.channels_page", saved=1), HTTPStatus.SEE_OTHER)


def _typed(kind: PushChannel) -> Form:
    """Return what may stand in the form again: nothing that is secret."""
    return account_forms.typed(("name", "mode", *(one.name for one in kind.fields if not one.is_secret)))


def _secret() -> str:
    """Return the token, with what renews it where that was given apart."""
    token, refresh = account_forms.given("token"), account_forms.given("refresh_token")
    return json.dumps({"access_token": token, "refresh_token": refresh}) if refresh else token


def _labels(kind: PushChannel) -> Mapping[str, str]:
    language = speech().language
    return {name: gettext(text) for name, text in LABELS.items()} | {
        one.name: one.label[language] for one in kind.fields
    }


def _title(channel: str) -> str:
    return catalogs.place_of(channel).label[speech().language]


def _page(who: Actor, form: Form, channel: str, *, status: HTTPStatus = HTTPStatus.OK, saved: bool = False) -> Response:
    kind = accounts.channels().get(channel)
    if form.errors or form.general:
        form.focus = "problems"
    labels = {} if kind is None else _labels(kind)
    body = render_template(
        "web/channel_accounts.html",
        form=form,
        problems=[(name, labels[name], text) for name, text in form.errors.items()],
        channels=sorted(((name, _title(name)) for name in accounts.channels()), key=lambda pair: pair[1]),
        channel=channel,
        title="" if kind is None else _title(channel),
        kind=kind,
        labels=labels,
        modes=[(name, gettext(text), "") for name, text in _MODES.items()],
        accounts=[_account(one) for one in accounts.all_accounts(services(), who)],
        may_edit=who.may("owner"),
        saved=saved,
    )
    return make_response(body, status)


def _account(one: accounts.Account) -> dict[str, Any]:
    """Return an account in words."""
    return {"it": one, "title": _title(one.channel), "is_over": one.is_over(services().now())}
