"""What buyers of a market can pay with: the page a seller looks at before a store opens there."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from flask import make_response, render_template, request

from landed_cost.currencies import EXPONENTS
from landed_cost.money import Money, to_minor
from shopkit.payments.methods import EVERYWHERE, as_of
from shopkit.services import payment_matrix as matrix
from shopkit.services.companies import get_company
from shopkit.services.problems import sentence
from shopkit.services.stores import get_store
from shopkit.web import choices
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.choices import country_name
from shopkit.web.forms import Form, read_figure
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.payments.methods import Method
    from shopkit.services.payment_matrix import Row

_SURE: Final = {
    "verified": N_("verified"),
    "reported": N_("reported"),
    "conflicting": N_("sources disagree"),
    "memory": N_("from memory"),
    "own": N_("the shop’s own"),
}
_MOST: Final = 10**12


@bp.get("/settings/payments/methods")
def payment_methods() -> ResponseReturnValue:
    """Show every way to pay for a market and an amount: what it takes and gives, and why not."""
    who, to = actor(), speech()
    openings = get_store(services(), who).openings
    markets = sorted(services().rulebook.destinations, key=lambda one: country_name(one, to))
    first = (
        openings[0].market if openings else next(one for one in markets if one != get_company(services(), who).country)
    )
    asked = request.args.get("market", "").upper()
    market = asked if asked in markets else first
    code = request.args.get("currency", "").upper()
    currency = code if code in EXPONENTS else matrix.store_currency(market)
    form = Form()
    form.put("amount", request.args.get("amount", "")[:40])
    form.put("market", market)
    form.put("currency", currency)
    money = matrix.sample(currency)
    figure = read_figure(form, "amount", to)
    if figure is not None and 0 < Decimal(figure) < _MOST:
        money = Money(to_minor(Decimal(figure), currency), currency)
    form.put("amount", money.text)
    rows = matrix.matrix(services(), who, market, money)
    body = render_template(
        "web/payment_methods.html",
        form=form,
        market=country_name(market, to),
        money=to.money(money.text, money.currency),
        can=[shown(one) for one in rows if one.can],
        cannot=[shown(one) for one in rows if not one.can],
        markets=[(one, country_name(one, to)) for one in markets],
        currencies=choices.currencies(to),
        as_of=as_of(),
    )
    return make_response(body)


def shown(row: Row) -> dict[str, Any]:
    """Return a way to pay in the reader's words."""
    to, one = speech(), row.method
    return {
        "name": f"{one.provider}/{one.name}",
        "title": one.title[to.language],
        "provider": one.provider,
        "is_live": row.is_live,
        "why": None if row.why_not is None else sentence(row.why_not, {}, to.language),
        "delay": one.delay[to.language],
        "cost": one.cost[to.language],
        "refunds": refunds(one),
        "currencies": None if EVERYWHERE in one.currencies else ", ".join(sorted(one.currencies)),
        "least": None if row.least is None else to.money(row.least.text, row.least.currency),
        "most": None if row.most is None else to.money(row.most.text, row.most.currency),
        "asks": gettext(N_("the buyer’s tax number")) if one.needs_tax_id else None,
        "sure": sure(one),
        "source": one.source if one.source.startswith("https://") else None,
    }


def refunds(one: Method) -> str:
    """Return whether a way gives money back, in words; what nobody says in writing is no."""
    if one.refunds and one.partial:
        return gettext(N_("in whole or in part"))
    if one.refunds:
        return gettext(N_("in whole only"))
    if one.refunds is None:
        return gettext(N_("not by this way: the provider does not say so in writing"))
    return gettext(N_("not by this way: you send it back yourself and note it"))


def sure(one: Method) -> str:
    """Return how sure a row is, with what of it is less so."""
    known = gettext(_SURE[one.evidence]) if one.evidence in _SURE else one.evidence
    return "; ".join(filter(None, (known, one.exception.get(speech().language))))
