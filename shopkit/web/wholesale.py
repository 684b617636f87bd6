"""The page of selling by the case: packs and bundles, terms, the list as PDF, partners with lists of their own."""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Response, abort, make_response, redirect, render_template, request, url_for

from landed_cost.currencies import is_known
from listings.campaigns.audiences import states
from listings.campaigns.cases import Case, Part
from shopkit.services import partners, wholesale
from shopkit.services.companies import get_company
from shopkit.services.listings import find_listings
from shopkit.services.wholesale_papers import place_name, wholesale_list
from shopkit.services.wholesale_prices import offer
from shopkit.web import access, forms
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.forms import Form
from shopkit.web.language import N_, gettext, speech
from translations.numbers import NumberError, read_number

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor
    from shopkit.services.wholesale import Terms
    from shopkit.services.wholesale_papers import Paper

ROOM: Final = 3
_MOST_LISTINGS: Final = 200
_LONGEST: Final = 12
_WRONG: Final = {
    "code": N_("Give it a code of up to forty letters."),
    "twice": N_("Another case has this code."),
    "many": N_("There are too many already. Remove one that is over."),
    "currency": N_("Choose a currency."),
    "parts": N_("Choose at least one product, each one once."),
    "listing": N_("Choose a product that is shipped."),
    "sku": N_("Choose which of its variants."),
    "pieces": N_("Write how many pieces are in the case."),
    "price": N_("Write what a piece costs, in whole cents at the finest."),
    "minimum": N_("Write how many cases make the smallest order, from 1 to 1,000."),
    "weight": N_("A packed case weighs at least what is in it, and two tons at most."),
    "sides": N_("Write length, width and height of the packed case, in centimetres."),
    "places": N_("Choose from one to twelve destinations."),
    "way": N_("Choose how it travels."),
    "amount": N_("Write an amount, in whole cents at the finest."),
    "days": N_("Write a number of days from 1 to 365."),
    "long": N_("That is too long."),
    "kind": N_("Choose what it is."),
    "name": N_("Give the partner a name of up to 120 characters."),
    "language": N_("Choose a language."),
    "sees": N_("Choose what it may see."),
    "place": N_("Choose where it is."),
    "cases": N_("Choose cases that there are."),
    "stale": N_("Somebody changed it meanwhile. Look at it and keep it again."),
}
_WAYS: Final = {"courier": N_("by courier"), "postal": N_("by post"), "freight": N_("as air freight")}
_KINDS: Final = {
    "shop": N_("a neighbourhood shop"),
    "association": N_("an association or club"),
    "medium": N_("a radio, paper or page"),
    "other": N_("something else"),
}
_SEES: Final = {"prices": N_("Cases and prices"), "products": N_("Only what there is")}
_OUT: Final = {
    "gone": N_("a product in it is not there or not active"),
    "not_approved": N_("its texts are not approved in this language"),
}
_LANGUAGES: Final = {"es": "Español", "pt": "Português", "en": "English"}


@bp.get("/wholesale")
def wholesale_page() -> ResponseReturnValue:
    """Show cases, terms and partners."""
    return _page(actor(), Form())


@bp.post("/wholesale/cases")
def keep_case() -> ResponseReturnValue:
    """Keep a new case."""
    who = actor("editor")
    form = forms.read_form(request.form)
    try:
        wholesale.keep_pack(services(), who, _case(form))
    except wholesale.WholesaleError as error:
        return _refused(who, form, error)
    return _back("cases")


@bp.post("/wholesale/cases/<pack_id>")
def change_case(pack_id: str) -> ResponseReturnValue:
    """Take a case off, or bring it back."""
    who = actor("editor")
    do = request.form.get("do")
    try:
        if do == "restore":
            wholesale.restore_pack(services(), who, pack_id)
        elif do == "remove":
            wholesale.remove_pack(services(), who, pack_id)
        else:
            wholesale.get_pack(services(), who, pack_id)
            abort(HTTPStatus.BAD_REQUEST)
    except wholesale.PackNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    except wholesale.WholesaleError as error:
        return _refused(who, Form(), error)
    return _back("cases", removed=f"case:{pack_id}" if do == "remove" else "")


@bp.post("/wholesale/terms")
def keep_wholesale_terms() -> ResponseReturnValue:
    """Keep the terms of the list."""
    who = actor("editor")
    form = forms.read_form(request.form)
    try:
        wholesale.keep_terms(services(), who, _terms(form, get_company(services(), who).currency))
    except wholesale.WholesaleError as error:
        return _refused(who, form, error)
    except wholesale.StaleWholesaleError:
        form.general.append(gettext(_text(_WRONG, "stale")))
        return _page(who, form, HTTPStatus.CONFLICT)
    return _back("terms")


@bp.get("/wholesale/list.pdf")
def wholesale_pdf() -> ResponseReturnValue:
    """Send the list of today as PDF."""
    who = actor()
    language = request.args.get("language", speech().language)
    if language not in wholesale.LANGUAGES:
        abort(HTTPStatus.NOT_FOUND)
    return _sent(wholesale_list(services(), who, language), f"wholesale-{language}.pdf")


@bp.post("/wholesale/partners")
def keep_partner() -> ResponseReturnValue:
    """Keep a new partner."""
    who = actor("editor")
    form = forms.read_form(request.form)
    said = partners.Said(
        form.value("kind"),
        form.value("name"),
        form.value("language"),
        form.value("sees"),
        form.value("city").strip(),
        form.value("place"),
        form.value("contact").strip(),
        form.value("partner_note").strip(),
        tuple(form.chosen("cases")) or None,
    )
    try:
        partners.keep_partner(services(), who, said)
    except wholesale.WholesaleError as error:
        return _refused(who, form, error)
    return _back("partners")


@bp.post("/wholesale/partners/<partner_id>")
def change_partner(partner_id: str) -> ResponseReturnValue:
    """Give a partner an address of its own, take it back, take the partner off, or bring it back."""
    who = actor("editor")
    do = request.form.get("do", "")
    deeds = {
        "open": partners.open_list,
        "close": partners.close_list,
        "remove": partners.remove_partner,
        "restore": partners.restore_partner,
    }
    try:
        if do not in deeds:
            partners.get_partner(services(), who, partner_id)
            abort(HTTPStatus.BAD_REQUEST)
        deeds[do](services(), who, partner_id)
    except partners.PartnerNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    return _back("partners", removed=f"partner:{partner_id}" if do == "remove" else "")


@bp.get("/wholesale/partners/<partner_id>.pdf")
def partner_pdf(partner_id: str) -> ResponseReturnValue:
    """Send a partner's own list as PDF."""
    who = actor()
    try:
        found = partners.get_partner(services(), who, partner_id)
    except partners.PartnerNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    return _own_list(who, found)


@bp.get("/w/<token>")
def partner_list(token: str) -> ResponseReturnValue:
    """Send a partner's list of today to who holds its address; 410 where that was taken back."""
    try:
        whose, found = partners.opened(services(), token)
    except partners.PartnerOverError:
        gone = {"Content-Type": "text/plain; charset=utf-8"}
        return make_response(gettext(N_("This address opens nothing any more.")) + "\n", HTTPStatus.GONE, gone)
    answer = _own_list(whose, found)
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _own_list(who: Actor, found: partners.Kept) -> Response:
    language = found.said.language
    link = partners.newest_link(services(), who, found.id)
    address = None if link is None else access.here() + url_for("web.follow_link", code=link)
    return _sent(wholesale_list(services(), who, language, found, address), f"wholesale-{found.code}.pdf")


def _sent(paper: Paper, name: str) -> Response:
    answer = Response(paper.data, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(who: Actor, form: Form, status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    to, company = speech(), get_company(services(), who)
    terms = wholesale.get_terms(services(), who)
    shown = offer(services(), who, company, terms, to.language)
    mine = partners.partners(services(), who)
    kept = wholesale.packs(services(), who)
    _fill(form, terms, company.currency)
    body = render_template(
        "web/wholesale.html",
        form=form,
        packs=kept,
        shown={one.pack.id: one for one in shown.cases},
        left_out={code: gettext(_text(_OUT, why)) for code, why in shown.left_out},
        place_names={one: place_name(one, to) for one in terms.places},
        goods=_goods(who),
        room=range(ROOM),
        terms=terms,
        places=_places(),
        ways=[(name, gettext(text), "") for name, text in _WAYS.items()],
        kinds=[(name, gettext(text)) for name, text in _KINDS.items()],
        sees=[(name, gettext(text), "") for name, text in _SEES.items()],
        tongues=list(_LANGUAGES.items()),
        partners=[(one, gettext(_text(_KINDS, one.said.kind)), _address(one)) for one in mine],
        case_names=[(one.id, one.case.code) for one in kept],
        removed=request.args.get("removed", "").partition(":"),
        may_change=who.may("editor"),
    )
    return make_response(body, status)


def _fill(form: Form, terms: Terms, currency: str) -> None:
    """Put into empty fields what is kept, or what most people leave as it is."""
    usual = {
        "currency": currency if not terms.version else terms.currency,
        "minimum": "1",
        "way": terms.way,
        "freight": "" if terms.freight is None else f"{terms.freight:f}",
        "smallest": "" if terms.smallest is None else f"{terms.smallest:f}",
        "smallest_currency": terms.currency if terms.version else currency,
        "holds_days": str(terms.holds_days),
        "language": speech().language,
        "sees": "prices",
        **{f"note_{one}": (terms.notes or {}).get(one, "") for one in wholesale.LANGUAGES},
    }
    for name, text in usual.items():
        if name not in form.values:
            form.put(name, text)
    if "places" not in form.values:
        form.values["places"] = list(terms.places)


def _goods(who: Actor) -> list[tuple[str, str]]:
    """Return what can be in a case: each product, and each variant of those that have some."""
    found = []
    for kept in find_listings(services(), who, size=_MOST_LISTINGS).listings:
        listing = kept.listing
        if listing.kind != "goods" or listing.status != "active":
            continue
        skus = [one.sku for one in listing.variants] or [""]
        found += [(f"{kept.id}|{sku}", f"{listing.title} · {sku}" if sku else listing.title) for sku in skus]
    return found


def _places() -> list[tuple[str, str]]:
    """Return the destinations: states with figures first, then the countries that are covered."""
    to = speech()
    codes = [f"US-{one.id}" for one in states().values() if one.groups and one.id != "PR"]
    codes += sorted(
        (one for one in services().rulebook.destinations if one != "US"), key=lambda one: place_name(one, to)
    )
    return [(one, place_name(one, to)) for one in codes]


def _case(form: Form) -> Case:
    """Return the case that was typed; what cannot be read becomes what :func:`keep_pack` names as wrong."""
    parts = []
    for number in range(ROOM):
        listing_id, _, sku = form.value(f"part-{number}").partition("|")
        if listing_id:
            pieces = _number(form.value(f"pieces-{number}"))
            price = _number(form.value(f"price-{number}"))
            whole = 0 if pieces is None or pieces % 1 or pieces > 10**6 else int(pieces)
            parts.append(Part(listing_id, sku or None, whole, Decimal(0) if price is None else price))
    minimum = _number(form.value("minimum"))
    weight = _number(form.value("weight"))
    sides = [_number(form.value(name)) for name in ("length", "width", "height")]
    typed = [form.value(name) for name in ("length", "width", "height")]
    names = {one: form.value(f"name_{one}").strip()[:120] for one in wholesale.LANGUAGES}
    currency = form.value("currency").upper()
    return Case(
        form.value("code").strip(),
        tuple(parts),
        currency if is_known(currency) else "",
        0 if minimum is None or minimum % 1 or minimum > 10**6 else int(minimum),
        weight if weight is not None or not form.value("weight") else Decimal(0),
        (sides[0] or Decimal(0), sides[1] or Decimal(0), sides[2] or Decimal(0)) if any(typed) else None,
        {one: text for one, text in names.items() if text},
    )


def _terms(form: Form, currency: str) -> Terms:
    unread = Decimal(-1)
    freight, smallest, days = (_number(form.value(name)) for name in ("freight", "smallest", "holds_days"))
    version = form.value("version")
    code = form.value("smallest_currency").upper()
    return wholesale.Terms(
        places=tuple(dict.fromkeys(form.chosen("places"))),
        way=form.value("way"),
        freight=unread if freight is None and form.value("freight") else freight,
        smallest=unread if smallest is None and form.value("smallest") else smallest,
        currency=code if is_known(code) else currency,
        holds_days=0 if days is None or days % 1 or days > 10**6 else int(days),
        notes={
            one: form.value(f"note_{one}").strip() for one in wholesale.LANGUAGES if form.value(f"note_{one}").strip()
        },
        version=int(version) if version.isascii() and version.isdigit() and len(version) < _LONGEST else -1,
    )


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(read_number(text)) if text.strip() else None
    except NumberError:
        return None


def _address(found: partners.Kept) -> str | None:
    token = partners.token_of(services(), found)
    return None if token is None else access.here() + url_for("web.partner_list", token=token)


def _refused(who: Actor, form: Form, error: wholesale.WholesaleError) -> ResponseReturnValue:
    form.general += [gettext(text) for text in dict.fromkeys(_text(_WRONG, code) for _, code in error.problems)]
    form.focus = "problems"
    return _page(who, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _back(anchor: str, removed: str = "") -> ResponseReturnValue:
    # An argument that is None is left out of the address.
    address = url_for("web.wholesale_page", _anchor=anchor, removed=removed or None)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _text(of: dict[str, str], name: str) -> str:
    return of[name]
