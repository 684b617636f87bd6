"""The settings of how a shop is paid: its accounts at providers, connected, changed, and put aside."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import abort, make_response, redirect, render_template, request, url_for

from shopkit.payments import methods
from shopkit.sealing import SealError
from shopkit.services import payment_accounts as accounts
from shopkit.services.companies import get_company
from shopkit.services.problems import RequestError
from shopkit.web import access, account_forms, choices
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.choices import country_name
from shopkit.web.forms import Form
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from shopkit.payments.fields import Kind
    from shopkit.services.actors import Actor
    from shopkit.services.payment_accounts import Shown

_MODES: Final = {"test": N_("Test mode: no money moves"), "live": N_("Live: buyers pay")}
_SHUT: Final = N_("Its keys cannot be opened by this shop any more: type them again.")
_SURE: Final = N_("Tick the box to say that you want its keys taken away for good.")
_MOST: Final = 4096


@bp.get("/settings/payments")
def payments_page() -> ResponseReturnValue:
    """Show the accounts a shop is paid to, and the form of the one that is being connected."""
    who = actor()
    asked = request.args.get("connect", "")
    kind = next((one for one in accounts.kinds() if one.provider == asked), None)
    form = Form()
    form.put("country", get_company(services(), who).country)
    form.put("mode", "test")
    return _page(who, form, kind, saved="saved" in request.args)


@bp.post("/settings/payments")
def connect_payments() -> ResponseReturnValue:
    """Connect an account; what is secret is sealed and never shown again."""
    who = actor("owner", checks_form=False)
    kind = next((one for one in accounts.kinds() if one.provider == request.form.get("provider")), None)
    form = Form() if kind is None else _typed(kind)
    if access.is_stale():
        form.general.append(access.stale_text())
        return _page(who, form, kind, status=HTTPStatus.BAD_REQUEST)
    if kind is None:
        abort(HTTPStatus.NOT_FOUND)
    secrets, signing, lines = _said(kind)
    try:
        accounts.create(
            services(),
            who,
            kind.provider,
            country=form.value("country")[:2],
            is_live=kind.provider == "bank" or (form.value("mode") == "live" and kind.provider != "sandbox"),
            secrets=secrets,
            signing=signing,
            options={"lines": lines} if lines else {},
        )
    except RequestError as error:
        _place(form, kind, error)
        return _page(who, form, kind, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.payments_page", saved=1), HTTPStatus.SEE_OTHER)


@bp.post("/settings/payments/<account_id>")
def change_payments(account_id: str) -> ResponseReturnValue:
    """Change an account, put it aside, or take it up again."""
    who = actor("owner", checks_form=False)
    try:
        found = accounts.find(services(), who, account_id)
    except accounts.AccountNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    form = _typed(found.kind)
    if access.is_stale():
        form.general.append(access.stale_text())
        return _page(who, form, None, changed=found.id, status=HTTPStatus.BAD_REQUEST)
    do = request.form.get("do", "save")
    try:
        if do == "disconnect":
            accounts.disconnect(services(), who, account_id)
        elif do == "forget":
            if "sure" not in request.form:
                form.general.append(gettext(_SURE))
                return _page(who, form, None, changed=found.id, status=HTTPStatus.UNPROCESSABLE_ENTITY)
            accounts.disconnect(services(), who, account_id, forgets=True)
        elif do == "reconnect":
            accounts.reconnect(services(), who, account_id)
        else:
            secrets, signing, lines = _said(found.kind)
            accounts.change(
                services(),
                who,
                account_id,
                secrets=secrets,
                signing=signing,
                lines=lines or None,
                names=[one for one in request.form.getlist("methods") if len(one) <= _MOST],
                adaptive="adaptive" in request.form if found.provider in accounts.ADAPTIVE else None,
            )
    except RequestError as error:
        _place(form, found.kind, error)
        return _page(who, form, None, changed=found.id, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except SealError:
        form.general.append(gettext(_SHUT))
        return _page(who, form, None, changed=found.id, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.payments_page", saved=1), HTTPStatus.SEE_OTHER)


def _typed(kind: Kind) -> Form:
    """Return what may stand in the form again: nothing that is secret."""
    form = Form()
    for name in ("country", "mode", *(one.name for one in kind.fields if not one.is_secret)):
        form.put(name, request.form.get(name, "").replace("\x00", "").strip()[:_MOST])
    return form


def _said(kind: Kind) -> tuple[dict[str, str], list[str], dict[str, str]]:
    """Return secrets, secrets of signing and lines for buyers, as they were typed."""
    texts = {one.name: request.form.get(one.name, "").strip()[: _MOST + 1] for one in kind.fields}
    by_place: dict[str, dict[str, str]] = {"secrets": {}, "signing": {}, "lines": {}}
    for one in kind.fields:
        if texts[one.name]:
            by_place[one.place][one.name] = texts[one.name]
    return by_place["secrets"], list(by_place["signing"].values()), by_place["lines"]


def _place(form: Form, kind: Kind, error: RequestError) -> None:
    account_forms.place(form, error, {"country", *(one.name for one in kind.fields)})


def _page(
    who: Actor,
    form: Form,
    kind: Kind | None,
    *,
    changed: str = "",
    status: HTTPStatus = HTTPStatus.OK,
    saved: bool = False,
) -> Response:
    to = speech()
    kinds = accounts.kinds()
    if form.errors or form.general:
        form.focus = "problems"
    shown_kind = kind
    found = accounts.every(services(), who)
    if changed:
        shown_kind = next(one.kind for one in found if one.id == changed)
    labels: dict[str, str] = {"country": gettext(N_("Country"))}
    if shown_kind is not None:
        labels |= {one.name: one.label[to.language] for one in shown_kind.fields}
    body = render_template(
        "web/payments.html",
        form=form,
        problems=[(f"{changed}-{name}" if changed else name, labels[name], text) for name, text in form.errors.items()],
        kinds=[(one, one.title[to.language]) for one in kinds],
        kind=kind,
        changed=changed,
        accounts=[_account(one) for one in sorted(found, key=lambda one: not one.is_active)],
        countries=choices.countries(to),
        modes=[(code, gettext(text), "") for code, text in _MODES.items()],
        language=to.language,
        address=access.here(),
        may_edit=who.may("owner"),
        saved=saved,
    )
    return make_response(body, status)


def _account(one: Shown) -> dict[str, Any]:
    """Return an account in words; none of its secrets is among them."""
    language = speech().language
    ways = [method for method in methods.matrix() if method.provider == one.provider]
    used = {method.name for method in ways} if one.methods is None else set(one.methods)
    return {
        "it": one,
        "title": one.kind.title[language],
        "country": country_name(one.country, speech()),
        "ways": [(method.name, method.title[language], method.name in used) for method in ways],
        "can_adapt": one.provider in accounts.ADAPTIVE,
        "set": [
            (field.label[language], _is_set(one, field.name, field.place))
            for field in one.kind.fields
            if field.is_secret
        ],
    }


def _is_set(one: Shown, name: str, place: str) -> int:
    return one.signing if place == "signing" else int(name in one.set)
