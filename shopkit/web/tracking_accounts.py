"""The settings of a shop's accounts at providers of tracking: connected, put first, and disconnected."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import abort, make_response, redirect, render_template, request, url_for

from shopkit.late import Late
from shopkit.services.problems import RequestError
from shopkit.web import access, account_forms
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.forms import Form
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from shopkit.services import tracking_accounts as accounts
    from shopkit.services.actors import Actor
    from shopkit.services.tracking_accounts import Account
    from shopkit.tracking.port import Tracker
else:
    accounts = Late("shopkit.services.tracking_accounts")

# Names that are no words stand as their owners write them.
TITLES: Final = {
    "17track": "17TRACK",
    "aftership": "AfterShip",
    "correios": "Correios",
    "easypost": "EasyPost",
    "sandbox": N_("Trial: parcels that do not exist"),
    "upu": N_("UPU, or a post with a feed like the UPU’s"),
    "usps": "USPS",
    "webhook": N_("A program of yours"),
}
# Why an account is asked no more.
TROUBLES: Final = {
    "unsigned": N_("The provider does not take its keys any more"),
    "refused": N_("The provider refused our calls as wrong, several times in a row"),
    "sealed": N_("Its keys cannot be opened by this shop any more"),
}


@bp.get("/settings/tracking")
def tracking_page() -> ResponseReturnValue:
    """Show the accounts that parcels are asked about at, and the form of the one that is being connected."""
    return _page(actor(), Form(), _kind(request.args.get("connect", "")), saved="saved" in request.args)


@bp.post("/settings/tracking")
def connect_tracking() -> ResponseReturnValue:
    """Connect an account; what is said of it is sealed, and what is secret never shown again."""
    who = actor("owner", checks_form=False)
    kind = _kind(request.form.get("provider", ""))
    form = account_forms.typed(() if kind is None else (one.name for one in kind.fields if not one.is_secret))
    if access.is_stale():
        form.general.append(access.stale_text())
        return _page(who, form, kind, status=HTTPStatus.BAD_REQUEST)
    if kind is None:
        abort(HTTPStatus.NOT_FOUND)
    details = {one.name: text for one in kind.fields if (text := account_forms.given(one.name))}
    try:
        accounts.connect(services(), who, kind.name, details)
    except RequestError as error:
        account_forms.place(form, error, {one.name for one in kind.fields})
        return _page(who, form, kind, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.tracking_page", saved=1), HTTPStatus.SEE_OTHER)


@bp.post("/settings/tracking/<provider>/prefer")
def prefer_tracking(provider: str) -> ResponseReturnValue:
    """Ask this account first about parcels from now on."""
    who = actor("owner")
    try:
        accounts.prefer(services(), who, [provider])
    except accounts.AccountNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    return redirect(url_for("web.tracking_page", saved=1), HTTPStatus.SEE_OTHER)


@bp.post("/settings/tracking/<provider>/disconnect")
def disconnect_tracking(provider: str) -> ResponseReturnValue:
    """Forget an account and its secrets; its parcels are given to the others."""
    who = actor("owner")
    try:
        accounts.disconnect(services(), who, provider)
    except accounts.AccountNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    return redirect(url_for("web.tracking_page", saved=1), HTTPStatus.SEE_OTHER)


def title(provider: str) -> str:
    """Return what a provider is called; one that came by a plug-in by its own name."""
    known = TITLES.get(provider)
    return provider if known is None else gettext(known)


def stopped(who: Actor) -> list[tuple[str, str, str]]:
    """Return accounts that are asked no more: the provider, what it is called, and why."""
    return [(provider, title(provider), _why(code)) for provider, code in accounts.stopped(services(), who)]


def _why(code: str) -> str:
    return gettext(TROUBLES[code]) if code in TROUBLES else code


def _kind(provider: str) -> Tracker | None:
    return next((one for one in accounts.kinds() if one.name == provider), None)


def _page(
    who: Actor, form: Form, kind: Tracker | None, *, status: HTTPStatus = HTTPStatus.OK, saved: bool = False
) -> Response:
    language = speech().language
    if form.errors or form.general:
        form.focus = "problems"
    labels = {} if kind is None else {one.name: one.label[language] for one in kind.fields}
    kinds = sorted(((one, title(one.name)) for one in accounts.kinds()), key=lambda pair: pair[1].casefold())
    body = render_template(
        "web/tracking_accounts.html",
        form=form,
        problems=[(name, labels[name], text) for name, text in form.errors.items()],
        kinds=kinds,
        kind=kind,
        title="" if kind is None else title(kind.name),
        tells=kind is not None and accounts.tells(kind),
        language=language,
        accounts=[_account(one) for one in accounts.every(services(), who)],
        address=access.here(),
        may_edit=who.may("owner"),
        saved=saved,
    )
    return make_response(body, status)


def _account(one: Account) -> dict[str, Any]:
    """Return an account in words."""
    return {"it": one, "title": title(one.provider), "trouble": _why(one.trouble)}
