"""The page of what changed: what a change of rules does to the seller's products and promised quotes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import abort, make_response, render_template, request, url_for

from landed_cost.model import told
from shopkit.services.alerts import View
from shopkit.services.companies import get_company
from shopkit.services.problems import RequestError
from shopkit.services.touched import closed_ways, look
from shopkit.web import boards
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.forms import Form
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from decimal import Decimal

    from flask.typing import ResponseReturnValue

    from landed_cost import Rulebook
    from shopkit.services.alerts import Alert, Side, Touched
    from shopkit.services.touched import Way
    from translations.ui import Speech

# How far the page looks back by itself, and how far its second way looks ahead: as a market's guide names what comes.
BACK: Final = timedelta(days=30)
AHEAD: Final = timedelta(days=90)
_UNASKED: Final = {
    "no_price": N_("The listing has no price."),
    "request": N_("Something in it cannot be read by a quote; its page says what."),
}
_WAYS: Final = {
    None: N_("nothing in the way"),
    "closed": N_("closed"),
    "narrowed": N_("narrowed"),
    "unsure": N_("doubtful: nobody has said that it opened"),
}
_CHANNELS: Final = {"postal": N_("by post"), "courier": N_("by courier"), "freight": N_("as freight")}


@dataclass(frozen=True, slots=True)
class SideView:
    """One side in words: its mark, and why it has no figure where it has none."""

    side: Side
    mark: tuple[str, str]
    why: str | None


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule by its name in the reader's language, its id where it has none; amounts as decimal texts."""

    name: str
    before: str | None
    after: str | None
    paper: str | None


@dataclass(frozen=True, slots=True)
class AlertView:
    """A row: what, where, both sides, and by how much; ``plain`` rules charge or ask, ``others`` stand behind."""

    alert: Alert
    where: str
    address: str
    before: SideView
    after: SideView
    difference: str | None
    per_piece: str | None
    plain: tuple[RuleView, ...]
    others: tuple[RuleView, ...]


@dataclass(frozen=True, slots=True)
class WayView:
    """A way in words."""

    way: Way
    where: str
    channel: str
    before: str
    after: str
    source: str


@bp.get("/dashboard/changes")
def changed() -> ResponseReturnValue:
    """Show what a change of rules between two days does to the seller's products and quotes."""
    who, rulebook, to = actor(), services().rulebook, speech()
    today = services().today(get_company(services(), who).country)
    form = Form()
    first, last = _day(form, "since", today - BACK), _day(form, "until", today)
    if first is not None and last is not None and last < first:
        form.errors["until"] = gettext(N_("The last day is before the first."))
    found = ways = None
    if first is not None and last is not None and not form.errors:
        try:
            found = look(services(), who, View(rulebook, first), View(rulebook, last), request.args.get("after"))
        except RequestError:
            abort(HTTPStatus.NOT_FOUND)
        ways = [_way(one, rulebook, to) for one in closed_ways(found.company.country, found.markets, first, last)]
    body = render_template(
        "web/changed.html",
        form=form,
        problems=[(name, _label(name), text) for name, text in form.errors.items()],
        looked=found,
        alerts=[] if found is None else [_alert(one, rulebook, to) for one in found.alerts],
        unasked=[] if found is None else [(one, gettext(_UNASKED[one.why])) for one in found.unasked],
        ways=ways or [],
        markets=[] if found is None else [boards.name_of(one, rulebook, to) for one in found.markets],
        lately=url_for("web.changed"),
        coming=url_for("web.changed", since=today.isoformat(), until=(today + AHEAD).isoformat()),
        days=(BACK.days, AHEAD.days),
    )
    return make_response(body, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK)


def _label(name: str) -> str:
    return gettext(N_("Rules of")) if name == "since" else gettext(N_("beside those of"))


def _day(form: Form, name: str, usual: date) -> date | None:
    text = request.args.get(name, usual.isoformat())[:40]
    form.put(name, text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        form.errors[name] = gettext(N_("Write a day, like 2026-12-31."))
        return None


def _alert(one: Alert, rulebook: Rulebook, to: Speech) -> AlertView:
    subject = one.subject
    rules = [(rule, _rule(rule, to)) for rule in one.touched]
    if subject.kind == "listing":
        address = url_for("web.product_markets", listing_id=subject.id)
    elif subject.kind == "order":
        address = url_for("web.order_page", order_id=subject.id)
    else:
        address = url_for("web.show_quote", quote_id=subject.id)
    many = subject.pieces != 1 and one.per_piece is not None
    return AlertView(
        one,
        boards.name_of(subject.destination, rulebook, to),
        address,
        _side(one.before, to),
        _side(one.after, to),
        None if one.difference is None else signed(one.difference, to),
        signed(one.per_piece, to) if many and one.per_piece is not None else None,
        tuple(view for rule, view in rules if rule.is_plain),
        tuple(view for rule, view in rules if not rule.is_plain),
    )


def signed(amount: Decimal, to: Speech) -> str:
    """Return a difference with its sign; nothing has none."""
    text = to.number(str(abs(amount)))
    return text if not amount else f"{'+' if amount > 0 else '−'}{text}"


def _side(side: Side, to: Speech) -> SideView:
    why = side.why(to.language) if side.landed is None else ()
    return SideView(side, boards.MARKS[side.outcome], why[0] if why else None)


def _rule(rule: Touched, to: Speech) -> RuleView:
    before, after = (None if amount is None else to.number(str(amount)) for amount in (rule.before, rule.after))
    return RuleView(rule.id if rule.name is None else rule.name[to.language], before, after, rule.paper)


def _way(one: Way, rulebook: Rulebook, to: Speech) -> WayView:
    before, after = (gettext(_WAYS[state]) for state in (one.before, one.after))
    where, channel = boards.name_of(one.market, rulebook, to), gettext(_CHANNELS[one.lane.channel])
    return WayView(one, where, channel, before, after, told(one.lane.source, to.language))
