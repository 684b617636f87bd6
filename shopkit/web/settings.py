"""The settings of a shop: the company, the team, keys, one's own sessions, what was done, and leaving."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import redirect, render_template, request, send_file, url_for

from landed_cost.countries import is_country
from landed_cost.currencies import EXPONENTS
from shopkit.services import accounts, companies, leaving, tax_numbers
from shopkit.services.companies import Said, get_company
from shopkit.web import access, choices
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.entry import EMAIL_TEXT, LABELS, clean, show
from shopkit.web.forms import CHOOSE, NEEDED, Form
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor, Role
    from shopkit.services.companies import Company

# The pages of the settings, in this order, and the role that they are for.
SECTIONS: Final[tuple[tuple[str, str, Role], ...]] = (
    ("web.settings", N_("Company"), "viewer"),
    ("web.store_page", N_("Store"), "viewer"),
    ("web.payments_page", N_("Payments"), "viewer"),
    ("web.boxes_page", N_("Boxes"), "viewer"),
    ("web.pools_page", N_("Pools"), "viewer"),
    ("web.channels_page", N_("Channels"), "viewer"),
    ("web.tracking_page", N_("Tracking"), "viewer"),
    ("web.team_page", N_("Team"), "viewer"),
    ("web.keys_page", N_("Keys"), "owner"),
    ("web.me", N_("You"), "viewer"),
    ("web.sessions_page", N_("Sessions"), "viewer"),
    ("web.audit_page", N_("What was done"), "owner"),
    ("web.data", N_("Your data"), "owner"),
)
_LIMITS: Final = {
    "company": 200,
    "legal_name": 200,
    "tax_id": 64,
    "email": 254,
    "phone": 40,
    "street": 200,
    "city": 120,
    "postal_code": 20,
    "story": 4000,
    "links": 2000,
}
_MAX_LINKS: Final = 10
LABELS.update(
    {
        "legal_name": N_("Name in the register"),
        "tax_id": N_("Tax number"),
        "phone": N_("Telephone"),
        "street": N_("Street and number"),
        "city": N_("City"),
        "postal_code": N_("Postal code"),
        "story": N_("Your story"),
        "links": N_("Links, one on each line"),
    }
)
_TAX: Final = {
    "length": N_("A %(name)s has another length. Compare it with your papers."),
    "format": N_("A %(name)s has another form. Compare it with your papers."),
    "digits": N_("The check digits do not fit: one sign at least is mistyped."),
    "part": N_("A part of it, such as the date or the type of taxpayer, cannot be. Compare it with your papers."),
}


@bp.app_template_global()
def sections() -> tuple[tuple[str, str, Role], ...]:
    """Return the pages of the settings that are for the role of who is signed in."""
    found = access.present()
    who = None if found is None else found.actor()
    return () if who is None else tuple(one for one in SECTIONS if who.may(one[2]))


@bp.get("/settings")
def settings() -> ResponseReturnValue:
    """Show what the company says of itself."""
    who = actor()
    company = get_company(services(), who)
    return _company_page(_form_of(company), company, who)


@bp.post("/settings")
def save_settings() -> ResponseReturnValue:
    """Keep what was typed, if nobody changed it meanwhile."""
    who = actor(checks_form=False)
    who.must("editor")
    form = Form()
    for name in _LIMITS:
        text = request.form.get(name, "")
        form.put(name, clean(text) if name not in {"story", "links"} else _lines(text))
    for name in ("country", "currency", "version"):
        form.put(name, request.form.get(name, ""))
    company = get_company(services(), who)
    if access.is_stale():
        form.general.append(access.stale_text())
        return _company_page(form, company, who)
    said = _read_company(form)
    if form.errors:
        return _company_page(form, company, who)
    version = form.value("version")
    try:
        companies.save_company(services(), who, said, int(version) if version.isascii() and version.isdigit() else 0)
    except companies.StaleCompanyError as error:
        form.general.append(
            gettext(
                N_(
                    "Somebody changed this while you were typing. What they wrote stands beside yours; "
                    "send again to keep yours."
                )
            )
        )
        form.put("version", str(error.kept.version))
        return _company_page(form, error.kept, who, HTTPStatus.CONFLICT, theirs=_form_of(error.kept))
    return redirect(url_for("web.settings", saved=1), HTTPStatus.SEE_OTHER)


@bp.get("/settings/data")
def data() -> ResponseReturnValue:
    """Show how to take everything along and how to leave."""
    who = actor("owner")
    return _data_page(Form(), who)


@bp.post("/settings/data/export")
def export_data() -> ResponseReturnValue:
    """Send everything that is kept of the shop."""
    found = leaving.export(services(), actor("owner"))
    day = services().now().date()
    response = send_file(found, "application/zip", as_attachment=True, download_name=f"shopkit-{day}.zip")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/settings/data/delete")
def delete_data() -> ResponseReturnValue:
    """Delete the shop, if its name was typed."""
    who = actor("owner", checks_form=False)
    form = Form()
    form.put("confirm", request.form.get("confirm", ""))
    if access.is_stale():
        form.general.append(access.stale_text())
        return _data_page(form, who)
    try:
        leaving.delete_shop(services(), who, form.value("confirm"))
    except leaving.NotTheNameError:
        form.errors["confirm"] = gettext(N_("This is not the name of the shop. Nothing was deleted."))
        return _data_page(form, who)
    except leaving.OpenOrdersError:
        form.general.append(
            gettext(N_("Orders are open: send or cancel them, and give back what is owed. Nothing was deleted."))
        )
        return _data_page(form, who)
    return access.signed_out(url_for("web.gone"))


@bp.get("/gone")
def gone() -> ResponseReturnValue:
    """Say that the shop was deleted."""
    return render_template("web/gone.html")


LABELS["confirm"] = N_("Name of the shop")


def _data_page(form: Form, who: Actor) -> Response:
    return show("web/data.html", form, company=get_company(services(), who))


def _company_page(
    form: Form, company: Company, who: Actor, status: HTTPStatus | None = None, theirs: Form | None = None
) -> Response:
    to = speech()
    checked = None
    if company.tax_id:
        checked = tax_numbers.check(company.country, company.tax_id)
    return show(
        "web/settings.html",
        form,
        status,
        company=company,
        who=who,
        theirs=theirs,
        checked=checked,
        tax_name=tax_numbers.name_of(form.value("country")),
        countries=choices.countries(to),
        currencies=choices.currencies(to),
        names={name: gettext(LABELS[name]) for name in _LIMITS},
        saved="saved" in request.args,
    )


def _form_of(company: Company) -> Form:
    form = Form()
    form.put("company", company.name)
    form.put("country", company.country)
    form.put("currency", company.currency)
    form.put("tax_id", company.tax_id)
    form.put("version", str(company.version))
    for name in companies.PROFILE:
        found = company.profile.get(name)
        form.put(name, found if isinstance(found, str) else None)
    return form


def _read_company(form: Form) -> Said:
    for name in ("company", "country", "currency"):
        if not form.value(name):
            form.errors[name] = gettext(NEEDED)
    for name, limit in _LIMITS.items():
        if len(form.value(name)) > limit:
            form.errors[name] = gettext(N_("%(count)s characters at most.")) % {"count": limit}
    if "country" not in form.errors and not is_country(form.value("country")):
        form.errors["country"] = gettext(CHOOSE)
    if "currency" not in form.errors and form.value("currency") not in EXPONENTS:
        form.errors["currency"] = gettext(CHOOSE)
    _check_links(form)
    _check_email(form)
    number = form.value("tax_id")
    if number and not {"country", "tax_id"} & form.errors.keys():
        checked = tax_numbers.check(form.value("country"), number)
        if checked.outcome in _TAX:
            form.errors["tax_id"] = gettext(_TAX[checked.outcome]) % {"name": checked.called}
        else:
            number = checked.number
    return Said(
        name=form.value("company"),
        country=form.value("country"),
        currency=form.value("currency"),
        tax_id=number or None,
        profile={name: form.value(name) for name in companies.PROFILE},
    )


def _check_email(form: Form) -> None:
    if form.value("email") and "email" not in form.errors:
        try:
            accounts.read_email(form.value("email"))
        except accounts.EmailError:
            form.errors["email"] = gettext(EMAIL_TEXT)


def _check_links(form: Form) -> None:
    links = form.value("links").splitlines()
    if len(links) > _MAX_LINKS:
        form.errors["links"] = gettext(N_("%(count)s links at most.")) % {"count": _MAX_LINKS}
    for link in links:
        try:
            parts = urlsplit(link)
            fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in link
        except ValueError:
            fits = False
        if not fits:
            form.errors["links"] = gettext(N_("“%(link)s” is not an address such as https://taller.mx.")) % {
                "link": link[:80]
            }


def _lines(text: str) -> str:
    r"""Return a text of several lines, without what cannot be seen and without empty ends.

    >>> _lines(" uno \r\n\r\n dos ")
    'uno\n\ndos'
    """
    return "\n".join(clean(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
