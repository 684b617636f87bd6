"""The pages of groups of sellers and of the parcels that they pool."""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import make_response, redirect, render_template, request, url_for

from landed_cost.currencies import EXPONENTS
from landed_cost.money import Money, to_minor
from shopkit.services import order_lists, pool_groups, pools
from shopkit.services.companies import get_company
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError
from shopkit.web import access, choices
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.choices import country_name
from shopkit.web.entry import clean, link_is_over
from shopkit.web.forms import NEEDED, Form
from shopkit.web.language import N_, gettext, speech
from translations.numbers import NumberError, read_number

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor

LABELS: Final = {
    "name": N_("Name"),
    "country": N_("Country"),
    "city": N_("City"),
    "consolidator": N_("Who takes the parcels on"),
    "grams": N_("What the parcel weighs, g"),
    "order": N_("Number of the order"),
    "note": N_("Note for yourself"),
    "cost": N_("What all of it cost"),
    "currency": N_("Currency"),
    "code": N_("Code"),
}
_GRAMS: Final = N_("Write whole grams, such as 550.")
_COST: Final = N_("Write what all of it cost, such as 1250.00.")
_NO_ORDER: Final = N_("There is no such order in your shop.")
_MOST: Final = 200
_MOST_DIGITS: Final = 12


@bp.get("/pools")
def pools_page() -> ResponseReturnValue:
    """Show the groups that the shop is in, and the form of another."""
    who = actor()
    form = Form()
    company = get_company(services(), who)
    form.put("country", company.country)
    form.put("city", str(company.profile.get("city") or ""))
    return _groups_page(who, form)


@bp.post("/pools")
def found_pool_group() -> ResponseReturnValue:
    """Found a group."""
    who = actor("owner", checks_form=False)
    form = _typed("name", "country", "city")
    if access.is_stale():
        form.general.append(access.stale_text())
        return _groups_page(who, form, HTTPStatus.BAD_REQUEST)
    try:
        made = pool_groups.create_group(services(), who, form.value("name"), form.value("country"), form.value("city"))
    except RequestError as error:
        _place(form, error)
        return _groups_page(who, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.pool_group_page", group_id=made.id), HTTPStatus.SEE_OTHER)


@bp.get("/pools/groups/<group_id>")
def pool_group_page(group_id: str) -> ResponseReturnValue:
    """Show a group: who is in it, and its pools."""
    return _group_page(actor(), group_id, Form())


@bp.post("/pools/groups/<group_id>")
def act_on_pool_group(group_id: str) -> ResponseReturnValue:
    """Invite a shop, open a pool, leave the group or close it."""
    who = actor("editor", checks_form=False)
    pool_groups.find_group(services(), who, group_id)
    form = _typed("name", "consolidator")
    if access.is_stale():
        form.general.append(access.stale_text())
        return _group_page(who, group_id, form, HTTPStatus.BAD_REQUEST)
    do = request.form.get("do", "")
    try:
        if do == "invite":
            code, _ = pool_groups.invite(services(), who, group_id)
            return _group_page(who, group_id, form, link=access.root() + url_for("web.join_pool", token=code))
        if do == "leave":
            pool_groups.leave(services(), who, group_id)
            return redirect(url_for("web.pools_page"), HTTPStatus.SEE_OTHER)
        if do == "close":
            pool_groups.close_group(services(), who, group_id)
            return redirect(url_for("web.pool_group_page", group_id=group_id), HTTPStatus.SEE_OTHER)
        made = pools.open_pool(services(), who, group_id, form.value("name"), form.value("consolidator"))
    except RequestError as error:
        _place(form, error)
        return _group_page(who, group_id, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.pool_page", pool_id=made.id), HTTPStatus.SEE_OTHER)


@bp.get("/pools/join/<token>")
def join_pool(token: str) -> ResponseReturnValue:
    """Show what a code invites to, and what others will see."""
    return _join_page(token, Form())


@bp.post("/pools/join/<token>")
def accept_pool(token: str) -> ResponseReturnValue:
    """Join a group, as the owner of the shop that is looked at."""
    who = actor("owner", checks_form=False)
    form = Form()
    if access.is_stale():
        form.general.append(access.stale_text())
        return _join_page(token, form, HTTPStatus.BAD_REQUEST)
    try:
        made = pool_groups.accept(services(), who, token)
    except pool_groups.InvitationOverError:
        return link_is_over("web.pools_page")
    except RequestError as error:
        _place(form, error)
        return _join_page(token, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.pool_group_page", group_id=made.id), HTTPStatus.SEE_OTHER)


@bp.get("/pools/<pool_id>")
def pool_page(pool_id: str) -> ResponseReturnValue:
    """Show a pool: everybody's shares, and one's own parcels."""
    who = actor()
    form = Form()
    form.put("currency", get_company(services(), who).currency)
    return _pool_page(who, pool_id, form)


@bp.post("/pools/<pool_id>")
def act_on_pool(pool_id: str) -> ResponseReturnValue:
    """Put a parcel in, take one out, or close the pool with what it cost."""
    who = actor("editor", checks_form=False)
    pools.find_pool(services(), who, pool_id)
    form = _typed("grams", "order", "note", "cost", "currency")
    if access.is_stale():
        form.general.append(access.stale_text())
        return _pool_page(who, pool_id, form, HTTPStatus.BAD_REQUEST)
    do = request.form.get("do", "")
    try:
        if do == "remove":
            pools.remove_parcel(services(), who, pool_id, request.form.get("parcel", "")[:_MOST])
        elif do == "close":
            cost = _cost(form)
            if cost is not None:
                pools.close_pool(services(), who, pool_id, cost)
        else:
            _add(who, pool_id, form)
    except RequestError as error:
        _place(form, error)
    if form.errors or form.general:
        return _pool_page(who, pool_id, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("web.pool_page", pool_id=pool_id), HTTPStatus.SEE_OTHER)


def _add(who: Actor, pool_id: str, form: Form) -> None:
    grams = form.value("grams")
    order_id = None
    if form.value("order"):
        try:
            order_id = order_lists.id_of(services(), who, form.value("order"))
        except OrderNotFoundError:
            form.errors["order"] = gettext(_NO_ORDER)
    if not (grams.isascii() and grams.isdigit()) or len(grams) > _MOST_DIGITS:
        form.errors["grams"] = gettext(_GRAMS)
    if not form.errors:
        pools.add_parcel(services(), who, pool_id, int(grams), order_id=order_id, note=form.value("note"))


def _cost(form: Form) -> Money | None:
    """Return what a pool cost, as it was typed; what is wrong stands at its field."""
    currency = form.value("currency")
    if currency not in EXPONENTS:
        form.errors["currency"] = gettext(NEEDED)
        return None
    try:
        exact = Decimal(read_number(form.value("cost")))
    except NumberError:
        exact = Decimal(-1)
    made = Money(0, currency)
    if exact >= 0 and exact.adjusted() <= _MOST_DIGITS:
        made = Money(to_minor(exact, currency), currency)
    if Decimal(made.text) != exact:
        form.errors["cost"] = gettext(_COST)
        return None
    return made


def _typed(*names: str) -> Form:
    form = Form()
    for name in names:
        form.put(name, clean(request.form.get(name, ""))[: _MOST + 1])
    return form


def _place(form: Form, error: RequestError) -> None:
    for one in error.problems:
        name = one.pointer.strip("/").partition("/")[0]
        if name in LABELS and name != "code":
            form.errors.setdefault(name, one.message(speech().language))
        else:
            form.general.append(one.message(speech().language))


def _groups_page(who: Actor, form: Form, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return _show(
        "web/pools.html",
        form,
        status,
        groups=[(one, _place_of(one.city, one.country)) for one in pool_groups.groups(services(), who)],
        countries=choices.countries(speech()),
        may_edit=who.may("owner"),
    )


def _group_page(
    who: Actor, group_id: str, form: Form, status: HTTPStatus = HTTPStatus.OK, link: str | None = None
) -> Response:
    group = pool_groups.find_group(services(), who, group_id)
    return _show(
        "web/pool_group.html",
        form,
        status,
        group=group,
        place=_place_of(group.city, group.country),
        link=link,
        is_owner=who.may("owner"),
        may_edit=who.may("editor"),
    )


def _pool_page(who: Actor, pool_id: str, form: Form, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return _show(
        "web/pool.html",
        form,
        status,
        pool=pools.find_pool(services(), who, pool_id),
        currencies=[(code, code) for code in sorted(EXPONENTS)],
        may_edit=who.may("editor"),
    )


def _join_page(token: str, form: Form, status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    try:
        found = pool_groups.look(services(), token)
    except pool_groups.InvitationOverError:
        return link_is_over("web.pools_page")
    present = access.present()
    who = None if present is None else present.actor()
    return _show(
        "web/pool_join.html",
        form,
        status,
        found=found,
        place=_place_of(found.city, found.country),
        token=token,
        shop=None if who is None else get_company(services(), who).name,
        may_join=who is not None and who.may("owner"),
        here=url_for("web.join_pool", token=token),
    )


def _place_of(city: str, country: str) -> str:
    return f"{city}, {country_name(country, speech())}"


def _show(template: str, form: Form, status: HTTPStatus, **more: Any) -> Response:  # noqa: ANN401  # of a template
    if form.errors or form.general:
        form.focus = "problems"
    labels = {name: gettext(text) for name, text in LABELS.items()}
    problems = [(name, labels[name], text) for name, text in form.errors.items()]
    return make_response(render_template(template, form=form, labels=labels, problems=problems, **more), status)
