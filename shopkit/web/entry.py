"""The pages at the door: signing up, confirming, signing in and out, a new password."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from landed_cost.countries import is_country
from landed_cost.currencies import EXPONENTS
from shopkit.services import accounts, demo, sessions
from shopkit.services.attempts import TooManyError
from shopkit.services.passwords import MAX_PASSWORD
from shopkit.web import access, choices
from shopkit.web.access import services
from shopkit.web.blueprint import bp
from shopkit.web.forms import CHOOSE, NEEDED, Form
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

MAX_NAME: Final = 200
# No password goes back to the page.
SECRET: Final = frozenset({"password", "old", "csrf_token"})
# What the fields are called where what is wrong is listed, in the order of the forms.
LABELS: Final = {
    "name": N_("Your name"),
    "email": N_("E-mail"),
    "old": N_("Password you have now"),
    "password": N_("Password"),
    "company": N_("Name of the company or workshop"),
    "country": N_("Country"),
    "currency": N_("Currency you think in"),
}
_WEAK: Final = {
    "short": N_("Ten characters at least. A few words that nobody else would put together do well."),
    "long": N_("Two hundred characters at most."),
    "simple": N_("Too easy to guess. A few words that nobody else would put together do well."),
    "own": N_("Not your own address, please."),
}
EMAIL_TEXT: Final = N_("This is not an address of e-mail, such as ana@taller.mx.")
_WRONG: Final = N_("Address and password do not belong together. Check both, or ask for a new password.")
_OVER: Final = N_("Too many tries. Wait %(minutes)s min, or ask for a new password by e-mail.")


def read(names: tuple[str, ...]) -> Form:
    """Return the form that was sent, with what is empty marked."""
    form = Form()
    for name in names:
        form.put(name, clean(request.form.get(name, "")) if name not in SECRET else request.form.get(name, ""))
        if not form.value(name):
            form.errors[name] = gettext(NEEDED)
    return form


def clean(text: str) -> str:
    r"""Return a text of one line, without what cannot be seen.

    >>> clean("  Ana\tMaría ")
    'Ana María'
    """
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def fresh(form: Form) -> bool:
    """Return whether the form is one of ours; otherwise say so above it."""
    if not access.is_stale():
        return True
    form.errors.clear()
    form.general.append(access.stale_text())
    return False


def show(template: str, form: Form, status: HTTPStatus | None = None, **more: Any) -> Response:  # noqa: ANN401  # for the template
    """Return a page with a form: 422 where something in it is wrong, 400 where it was not ours."""
    if status is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        if form.general and not form.errors:
            status = HTTPStatus.BAD_REQUEST
    for name in SECRET:
        form.values.pop(name, None)
    if form.errors or form.general:
        form.focus = "problems"
    problems = [(name, gettext(label), form.errors[name]) for name, label in LABELS.items() if name in form.errors]
    return make_response(render_template(template, form=form, problems=problems, **more), status)


def too_many(form: Form, error: TooManyError) -> HTTPStatus:
    """Say above a form that it was sent too often."""
    form.general.append(gettext(_OVER) % {"minutes": -(-error.retry_after_s // 60)})
    return HTTPStatus.TOO_MANY_REQUESTS


def weak_text(error: accounts.WeakError) -> str:
    """Return what is wrong with a password."""
    return gettext(_WEAK[error.reason])


@bp.get("/sign-up")
def sign_up() -> ResponseReturnValue:
    """Show the form of a new account."""
    if access.present() is not None:
        return redirect(url_for("web.settings"), HTTPStatus.SEE_OTHER)
    form = Form()
    home = next((tag[-2:].upper() for tag in request.accept_languages.values() if len(tag) == len("es-MX")), "")
    if home in choices.NEAR:
        form.put("country", home)
    return _sign_up_page(form)


@bp.post("/sign-up")
def sign_up_now() -> ResponseReturnValue:
    """Take a sign-up; the answer is the same for every address."""
    form = read(("email", "name", "password", "company", "country"))
    form.put("currency", clean(request.form.get("currency", "")))
    if not fresh(form):
        return _sign_up_page(form)
    _check_company(form)
    email = form.value("email")
    asked = accounts.SignUp(
        email=email,
        name=form.value("name"),
        password=form.value("password"),
        language=speech().language,
        company=form.value("company"),
        country=form.value("country"),
        currency=form.value("currency") or choices.currency_of(form.value("country")),
    )
    check_email_and_password(form)
    if form.errors:
        return _sign_up_page(form)
    try:
        accounts.sign_up(services(), asked, access.where(), access.root())
    except TooManyError as error:
        return _sign_up_page(form, too_many(form, error))
    return _sent(email)


def check_email_and_password(form: Form) -> None:
    """Mark an address and a new password that will not do."""
    address = ""
    if "email" not in form.errors:
        try:
            address = accounts.read_email(form.value("email"))
        except accounts.EmailError:
            form.errors["email"] = gettext(EMAIL_TEXT)
    if "password" not in form.errors:
        try:
            accounts.check_password(form.value("password"), address)
        except accounts.WeakError as error:
            form.errors["password"] = weak_text(error)


def _check_company(form: Form) -> None:
    for name in ("name", "company"):
        if len(form.value(name)) > MAX_NAME:
            form.errors[name] = gettext(N_("%(count)s characters at most.")) % {"count": MAX_NAME}
    if "country" not in form.errors and not is_country(form.value("country")):
        form.errors["country"] = gettext(CHOOSE)
    if form.value("currency") and form.value("currency") not in EXPONENTS:
        form.errors["currency"] = gettext(CHOOSE)


def _sign_up_page(form: Form, status: HTTPStatus | None = None) -> Response:
    to = speech()
    return show("web/sign_up.html", form, status, countries=choices.countries(to), currencies=choices.currencies(to))


def _sent(email: str) -> ResponseReturnValue:
    return render_template("web/letter_sent.html", email=email, console=_is_console())


def _is_console() -> bool:
    return services().postman.mail.name == "console"


@bp.get("/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Ask for the password once more: who follows the link and who signed up are the same then."""
    try:
        accounts.find_link(services(), token, "confirm")
    except accounts.LinkError:
        return link_is_over("web.sign_up")
    return show("web/confirm.html", Form(focus="password"))


@bp.post("/confirm/<token>")
def confirm_now(token: str) -> ResponseReturnValue:
    """Open the account and go to its first steps."""
    form = read(("password",))
    if fresh(form) and not form.errors:
        try:
            found = accounts.confirm(services(), token, form.value("password")[:MAX_PASSWORD], access.where())
        except accounts.LinkError:
            return link_is_over("web.sign_up")
        except accounts.WrongError:
            form.errors["password"] = gettext(N_("This is not the password you chose when you signed up."))
        except TooManyError as error:
            return show("web/confirm.html", form, too_many(form, error))
        else:
            return access.signed_in(found, url_for("web.dashboard", welcome=1))
    return show("web/confirm.html", form)


def link_is_over(again: str) -> ResponseReturnValue:
    """Say that a link leads nowhere (any more), and where to get another."""
    return render_template("web/link_over.html", again=url_for(again)), HTTPStatus.GONE


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Show the form of who has an account."""
    there = access.safe_next(request.args.get("next"))
    if access.present() is not None:
        return redirect(there or url_for("web.dashboard"), HTTPStatus.SEE_OTHER)
    return _sign_in_page(Form(focus="email"), there)


@bp.post("/sign-in")
def sign_in_now() -> ResponseReturnValue:
    """Begin a session; whatever is wrong, the answer is the same."""
    there = access.safe_next(request.form.get("next"))
    form = read(("email", "password"))
    if not fresh(form) or form.errors:
        return _sign_in_page(form, there)
    try:
        found = accounts.sign_in(
            services(), form.value("email"), form.value("password"), access.where(), access.device()
        )
    except accounts.WrongError:
        form.general.append(gettext(_WRONG))
        return _sign_in_page(form, there, HTTPStatus.UNPROCESSABLE_ENTITY)
    except TooManyError as error:
        return _sign_in_page(form, there, too_many(form, error))
    return access.signed_in(found, there or url_for("web.dashboard"))


@bp.post("/sign-in/demo")
def sign_in_demo() -> ResponseReturnValue:
    """Enter a shop of the demonstration with one click: on this machine, in a demonstration, and nowhere else."""
    if access.is_stale():
        abort(HTTPStatus.BAD_REQUEST)
    if not _is_demo():
        abort(HTTPStatus.NOT_FOUND)
    try:
        found = accounts.enter_demo(services(), request.form.get("shop", ""), access.where())
    except accounts.WrongError:
        abort(HTTPStatus.NOT_FOUND)
    there = access.safe_next(request.form.get("next"))
    return access.signed_in(found, there or url_for("web.dashboard"))


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    if access.is_stale():
        abort(HTTPStatus.BAD_REQUEST)
    accounts.sign_out(services(), access.token())
    return access.signed_out(url_for("web.sign_in"))


@bp.post("/shop")
def choose_shop() -> ResponseReturnValue:
    """Look at another shop of one's own."""
    found = access.person()
    if access.is_stale():
        abort(HTTPStatus.BAD_REQUEST)
    if not sessions.choose(services(), found, request.form.get("shop", "")):
        abort(HTTPStatus.NOT_FOUND)
    return redirect(url_for("web.settings"), HTTPStatus.SEE_OTHER)


@bp.get("/no-shop")
def no_shop() -> ResponseReturnValue:
    """Tell somebody who works for no shop (any more) what to do."""
    if access.person().shop is not None:
        return redirect(url_for("web.settings"), HTTPStatus.SEE_OTHER)
    return render_template("web/no_shop.html")


@bp.get("/reset")
def ask_reset() -> ResponseReturnValue:
    """Show the form that sends a link to a new password."""
    return show("web/ask_reset.html", Form(focus="email"))


@bp.post("/reset")
def ask_reset_now() -> ResponseReturnValue:
    """Send a letter; the answer is the same for every address."""
    form = read(("email",))
    if not fresh(form) or form.errors:
        return show("web/ask_reset.html", form)
    try:
        accounts.ask_reset(services(), form.value("email"), speech().language, access.where(), access.root())
    except accounts.EmailError:
        form.errors["email"] = gettext(EMAIL_TEXT)
        return show("web/ask_reset.html", form)
    except TooManyError as error:
        return show("web/ask_reset.html", form, too_many(form, error))
    return _sent(form.value("email"))


@bp.get("/reset/<token>")
def reset(token: str) -> ResponseReturnValue:
    """Show the form of the new password."""
    try:
        accounts.find_link(services(), token, "reset")
    except accounts.LinkError:
        return link_is_over("web.ask_reset")
    return show("web/reset.html", Form(focus="password"))


@bp.post("/reset/<token>")
def reset_now(token: str) -> ResponseReturnValue:
    """Set the new password, once."""
    form = read(("password",))
    if fresh(form) and not form.errors:
        try:
            found = accounts.reset(services(), token, form.value("password"), access.where(), access.root())
        except accounts.LinkError:
            return link_is_over("web.ask_reset")
        except accounts.WeakError as error:
            form.errors["password"] = weak_text(error)
        else:
            return access.signed_in(found, url_for("web.sessions_page", changed=1))
    return show("web/reset.html", form)


def _is_demo() -> bool:
    """Return whether this is a demonstration, and who asks sits at this machine."""
    settings = services().settings
    here = (request.remote_addr or "") in {"127.0.0.1", "::1"}
    return settings.demo and here and not settings.proxies


def _sign_in_page(form: Form, there: str | None, status: HTTPStatus | None = None) -> Response:
    shops = demo.shops(services()) if _is_demo() else ()
    return show("web/sign_in.html", form, status, there=there, shops=shops, demo_password=demo.PASSWORD)


@bp.app_context_processor
def somebody() -> dict[str, Any]:
    """Give the header of every page who is signed in; a page about a broken database has to do without."""
    try:
        return {"present": access.present()}
    except SQLAlchemyError:
        return {"present": None}
