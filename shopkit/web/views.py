"""The pages: the form, the answer under its permalink, the same basket on another day, and what the outcomes mean."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError

from shopkit.services import quotes
from shopkit.services.freight import cards
from shopkit.services.keeping import find, keep
from shopkit.services.problems import RequestError
from shopkit.web import access, choices, filling, forms
from shopkit.web.answers import LEGS, SERVICES, STATUSES, TRACKED, View, look
from shopkit.web.blueprint import addresses, bp, csrf
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.context import Services
    from shopkit.web.forms import Form

Json = dict[str, Any]


def services() -> Services:
    """Return the services of the running application."""
    found: Services = current_app.extensions["shopkit"]
    return found


@bp.get("/try")
@bp.get("/")
def try_it() -> ResponseReturnValue:
    """Show the form: empty, with the example, or with a kept quote to change."""
    kept = request.args.get("from")
    if kept is not None:
        return _page(changed_form(kept))
    form = forms.new_form(services().today(""), home())
    if "example" in request.args:
        example = filling.fill(filling.EXAMPLE, speech())
        form.values |= {name: texts for name, texts in example.values.items() if texts}
        form.focus = "go"
    return _page(form)


@bp.post("/try")
def quote_it() -> ResponseReturnValue:
    """Answer the form: go to the permalink, or show the form again with what was typed and what is wrong."""
    form = forms.read_form(request.form)
    form_speech = speech()
    try:
        csrf.protect()
    except CSRFError:
        form.general.append(
            gettext(N_("This page had been open for too long. Nothing is lost: press the button again."))
        )
        form.focus = "problems"
        return _page(form, HTTPStatus.BAD_REQUEST)
    action, _, number = form.value("do").partition("-")
    if action in {"add", "remove", "codes", "show"}:
        rearrange(form, action, int(number) if number.isascii() and number.isdigit() else 0)
        return _page(form)
    built = forms.build(form, form_speech)
    try:
        answer = quotes.answer(services(), built.request, save=True, seller=access.seller_id())
    except RequestError as error:
        forms.place_problems(form, built, error.problems, form_speech)
    else:
        if not form.errors:
            return _go(answer)
    form.focus = "problems"
    return _page(form, HTTPStatus.UNPROCESSABLE_ENTITY)


@bp.get("/q/<quote_id>")
def show_quote(quote_id: str) -> ResponseReturnValue:
    """Show a kept quote: the same answer at every visit."""
    stored, asked = _kept(quote_id)
    view = look(stored, asked, services().rulebook, speech())
    form = filling.fill(asked, speech()) if view.editable else forms.Form()
    return _page(form, view=view)


@bp.post("/q/<quote_id>/requote")
def requote(quote_id: str) -> ResponseReturnValue:
    """Answer the same basket as of another day, and go there."""
    stored, asked = _kept(quote_id)
    day = request.form.get("date", "").strip() or None
    try:
        csrf.protect()
        answer = quotes.requote(services(), quote_id, day, save=True, seller=access.seller_id())
    except CSRFError:
        problem = gettext(N_("This page had been open for too long. Nothing is lost: press the button again."))
    except RequestError as error:
        problem = " ".join(one.message(speech().language) for one in error.problems)
    else:
        return _go(answer)
    form = filling.fill(asked, speech())
    form.errors["requote"] = problem
    form.put("requote", day)
    view = look(stored, asked, services().rulebook, speech())
    return _page(form, HTTPStatus.UNPROCESSABLE_ENTITY, view=view)


@bp.get("/about/evidence")
def evidence() -> ResponseReturnValue:
    """Explain the three outcomes and what stands behind a figure."""
    return render_template("web/evidence.html", rulebook=services().rulebook)


def is_partial() -> bool:
    """Return whether htmx asks for the changing part only; going back in history it wants the page."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def _page(form: Form, status: HTTPStatus = HTTPStatus.OK, view: View | None = None) -> Response:
    rulebook, to = services().rulebook, speech()
    template = "web/_work.html" if is_partial() else "web/try.html"
    # An answer has an address of its own; only a form that came back has to take along what was typed.
    more: Json = {"typed": form.values if request.method == "POST" else {}}
    if view is not None:
        more = {"typed": {}, "languages": addresses("web.show_quote", quote_id=view.quote["id"])}
    body = render_template(
        template,
        form=form,
        partial=is_partial(),
        outside=(services().settings.public_url or request.url_root).rstrip("/"),
        view=view,
        **more,
        destinations=choices.destinations(rulebook, to),
        regions=choices.regions(rulebook, to),
        countries=choices.countries(to),
        currencies=choices.currencies(to),
        agreements=tuple((one.id, one.name[to.language]) for one in rulebook.agreements),
        freight_services=freight_services(form),
        choices=choices,
        max_items=forms.MAX_ITEMS,
        statuses={code: gettext(name) for code, name in STATUSES.items()},
        legs={code: gettext(name) for code, name in LEGS.items()},
        services=SERVICES,
        tracked=TRACKED,
    )
    return make_response(body, status)


def _go(answer: quotes.Answer) -> Response:
    """Keep the quote and go to its permalink; htmx gets the part at once, and the address to show."""
    keep(services(), [answer.row(_principal())])
    address = url_for("web.show_quote", quote_id=answer.id)
    if not is_partial():
        return make_response(redirect(address, HTTPStatus.SEE_OTHER))
    view = look(answer.stored, answer.request, services().rulebook, speech())
    response = _page(filling.fill(answer.request, speech()), view=view)
    response.headers["HX-Push-Url"] = address
    return response


def _kept(quote_id: str) -> tuple[Json, Json]:
    """Return the stored answer and its request; 404 for none."""
    try:
        stored = quotes.get_quote(services(), quote_id)
    except quotes.QuoteNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    row = find(services(), quote_id)
    if row is None:
        abort(HTTPStatus.NOT_FOUND)
    asked: Json = json.loads(row.request)
    return stored, asked


def changed_form(quote_id: str) -> Form:
    """Return the form of a kept quote, with a preference claimed if the address says so."""
    _, asked = _kept(quote_id)
    if not filling.can_edit(asked):
        abort(HTTPStatus.NOT_FOUND)
    form = filling.fill(asked, speech())
    claim, item = request.args.get("claim", ""), request.args.get("item", "0")
    if claim in {one.id for one in services().rulebook.agreements} and item in {str(n) for n in range(form.count)}:
        form.put(f"items-{item}-preference", claim)
        if form.value(f"items-{item}-evidence") in {"", "none"}:
            form.put(f"items-{item}-evidence", "declared")
        form.wants_advanced = True
        form.focus = f"items-{item}-evidence"
    return form


def rearrange(form: Form, action: str, index: int) -> None:
    """Add an item, take one away, or offer codes for one."""
    count = form.count
    if action == "add" and count < forms.MAX_ITEMS:
        form.put("count", str(count + 1))
        form.put(f"items-{count}-quantity", "1")
        form.put(f"items-{count}-weight_unit", form.value(f"items-{count - 1}-weight_unit"))
        form.focus = f"items-{count}-description"
    elif action == "remove" and 0 < index < count:
        for later in range(index, count):
            for name in [name for name in form.values if name.startswith(f"items-{later}-")]:
                texts = form.values.pop(name)
                if later > index:
                    form.values[f"items-{later - 1}-{name.split('-', 2)[2]}"] = texts
        form.put("count", str(count - 1))
        form.focus = f"items-{index - 1}-description"
    elif action == "codes" and index < count:
        found = choices.codes_for(
            form.value(f"items-{index}-description"), form.value("to"), services().rulebook, speech()
        )
        typed = form.value(f"items-{index}-hs_code")
        if typed:
            # What was typed is one of the choices, and the one that stands until another is made.
            if typed not in {one.code for one in found.found}:
                own = choices.Code(typed, gettext(N_("the code you typed")))
                found = replace(found, found=(*found.found, own))
            form.put(f"items-{index}-pick", typed)
            form.put(f"items-{index}-hs_code", None)
        form.codes[index] = found
        form.focus = f"items-{index}-codes"


def freight_services(form: Form) -> choices.Groups:
    """Return the services of the reader's own rate cards, and of the one that ships, that a form lets choose from."""
    known = [one.card for one in cards(services(), access.seller_id())]
    return choices.freight_services(known, form.value("freight_service"), speech())


def home() -> str | None:
    """Return the country that the reader's browser names, if it is one that sellers here write from."""
    for tag in request.accept_languages.values():
        region = tag.replace("_", "-").rpartition("-")[2].upper()
        if "-" in tag.replace("_", "-") and region in choices.NEAR:
            return region
    return None


def _principal() -> str:
    """Return who asks: the seller somebody acts for, or without one the address, made unreadable with our secret."""
    seller = access.seller_id()
    if seller is not None:
        return seller
    secret = str(current_app.config["SECRET_KEY"])
    return hmac.new(secret.encode(), (request.remote_addr or "").encode(), hashlib.sha256).hexdigest()
