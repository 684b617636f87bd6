"""What letters on orders say: in the language of the order to its buyer, in each owner's own to the seller.

Amounts and times are written as the reader's market writes them; a time is that of the buyer's market, with its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from landed_cost.money import Money
from shopkit.mail.port import Letter
from shopkit.models import OrderEvent, Seller, Store, User
from shopkit.services import order_links, orders, parcel_links, paying, payments, shipments
from shopkit.services.letter_page import Page
from shopkit.services.letters import N_
from shopkit.services.order_letters import BUYER
from translations.ui import LANGUAGES, choose, speech

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from shopkit.models import OrderLetter
    from shopkit.orders import Event
    from shopkit.services.context import Services
    from shopkit.services.letter_page import Link
    from shopkit.services.orders import Order
    from translations.ui import Speech

_SUBJECTS: Final = {
    "placed": N_("Your order %(number)s from %(shop)s"),
    "pending": N_("How to pay your order %(number)s from %(shop)s"),
    "paid": N_("Your order %(number)s from %(shop)s is paid"),
    "paid_late": N_("Your payment for order %(number)s came late"),
    "shipped": N_("Your order %(number)s from %(shop)s is on its way"),
    "refunded": N_("Money of your order %(number)s was given back"),
    "cancelled": N_("Your order %(number)s from %(shop)s was cancelled"),
    "expired": N_("Your order %(number)s from %(shop)s ended without payment"),
    "new_paid": N_("Order %(number)s is paid: %(amount)s"),
    "came_late": N_("Order %(number)s was paid after its end"),
    "disputed": N_("Order %(number)s: the payment is disputed"),
    "held": N_("Order %(number)s is held: look at its payment"),
}
_TO_ORDER: Final = N_("To your order")
_TO_BOARD: Final = N_("To the order")
_TO_PARCEL: Final = N_("Where your parcel is")


@dataclass(frozen=True, slots=True)
class _Case:
    """A letter that is to be written, with all that it may tell of."""

    services: Services
    order: Order
    event: Event
    shop: str
    speech: Speech

    def money(self, minor: int, currency: str | None = None) -> str:
        """Return an amount in the order's currency as its reader writes it."""
        found = Money(minor, currency or self.order.currency)
        return self.speech.money(found.text, found.currency)

    def moment(self, at: datetime | None) -> str:
        """Return a moment as clocks of the buyer's market show it, with the name of its time; nothing for none."""
        if at is None:
            return ""
        local = at.astimezone(self.services.zone_of(self.order.market))
        return f"{self.speech.day(local.date())}, {local:%H:%M} ({local.tzname()})"


def letter(services: Services, row: OrderLetter, base: str) -> Letter | None:
    """Return a letter as it is sent now; ``None`` where nobody is left to whom it could go, or it holds no more."""
    order = orders.see(services, row.order_id)
    with services.database.reading() as session:
        kept = select(OrderEvent).where(OrderEvent.order_id == order.id, OrderEvent.position == row.position)
        event = orders.event_of(session.scalars(kept).one())
        shop = session.get_one(Seller, row.seller_id).name
        store = session.get(Store, row.seller_id)
        user = None if row.whom == BUYER else session.get(User, row.whom)
    if row.kind == "pending" and not order.state.missing:
        # Paid since: who is told how to pay now would pay twice.
        return None
    if row.whom == BUYER:
        language = choose(None, None, [order.locale])
        case = _Case(services, order, event, shop, speech(language, [f"{language}-{order.market}"]))
        page, to, label = _to_buyer(case, row.kind), order.buyer.email, _TO_ORDER
        link = "" if store is None or not store.is_open else f"{base}{_path(services, store, order, language)}"
    elif user is not None:
        language = user.language if user.language in LANGUAGES else choose(None, None, [user.language])
        case = _Case(services, order, event, shop, speech(language, []))
        page, to, label = _to_seller(case, row.kind), user.email, _TO_BOARD
        link = f"{base}/orders/{order.id}"
    else:
        return None
    more = list(_parcels(services, order, base)) if row.kind == "shipped" else []
    words = {"number": str(order.number), "shop": shop, "amount": case.money(order.state.due)}
    subject = case.speech.sentences.gettext(_SUBJECTS[row.kind]) % {k: " ".join(v.split()) for k, v in words.items()}
    return Letter(
        to,
        subject,
        page.text(link, *more),
        case.speech.tag,
        page.html(link, label, *more),
        f"order-{order.id}-{row.position}-{row.kind}-{row.whom}",
    )


def _parcels(services: Services, order: Order, base: str) -> Iterator[Link]:
    for shipment_id in shipments.ids_of_order(services, order.id):
        yield _TO_PARCEL, f"{base}/t/{parcel_links.name_of(services, shipments.see(services, shipment_id))}"


def _path(services: Services, store: Store, order: Order, language: str) -> str:
    """Return the path of an order's page, in the language of the order if the store is open in it there."""
    places = {one["market"]: one["languages"] for one in store.settings["openings"]}
    spoken = places.get(order.market, [])
    place = language if language in spoken else (spoken[0] if spoken else language)
    return f"/s/{store.slug}/{order.market.lower()}/{place}/orders/{order_links.name_of(services, order.id)}"


# -- to the buyer -----------------------------------------------------------------------------------------------------
def _to_buyer(case: _Case, kind: str) -> Page:
    page = Page(case.speech)
    page.say(N_("Hello %(name)s,"), name=case.order.buyer.name)
    _TO_BUYER[kind](case, page)
    return page


def _placed(case: _Case, page: Page) -> None:
    order, state = case.order, case.order.state
    page.say(N_("thank you for your order. %(shop)s sends it once it is paid."), shop=case.shop)
    page.rows([f"{one.quantity} × {one.title}: {case.money(one.total.minor)}" for one in order.lines])
    page.say(N_("You pay the shop %(amount)s, with the freight."), amount=case.money(state.due))
    if order.terms == "DAP":
        page.say(N_("Duties and taxes are paid on delivery: %(amount)s."), amount=_at_door(case))
    else:
        page.say(N_("Duties and taxes are in it: nothing is paid on delivery."))
    if not state.missing:
        return
    ways = ", ".join(one.title for one in paying.ways(case.services, order, case.speech.language))
    until = case.moment(state.ends_at)
    if ways:
        page.say(N_("You can pay by: %(ways)s."), ways=ways)
    if until:
        page.say(N_("Your pieces are set aside until %(until)s. Pay on the page of your order:"), until=until)
    else:
        page.say(N_("Pay on the page of your order:"))


def _at_door(case: _Case) -> str:
    """Return what is paid on delivery: an amount, or between which two it lies."""
    found = case.order.totals
    if found.door_range is None or found.door_range[0] == found.door_range[1]:
        return case.money(found.at_door.minor, found.at_door.currency)
    low, high = (case.money(one.minor, one.currency) for one in found.door_range)
    return f"{low} – {high}"


def _pending(case: _Case, page: Page) -> None:
    begun = next(
        (one for one in payments.see(case.services, case.order.id) if one.payment_id == case.event.payment), None
    )
    until = case.moment(case.event.until)
    amount = case.money(case.order.state.missing)
    if until:
        page.say(N_("pay %(amount)s with this until %(until)s:"), amount=amount, until=until)
    else:
        page.say(N_("pay %(amount)s with this:"), amount=amount)
    if begun is not None:
        told = case.speech.sentences.gettext
        page.rows(
            [f"{told(paying.TOLD[name])}: {text}" for name, text in begun.instructions.items() if name in paying.TOLD]
        )
    page.say(N_("If you have paid already, there is nothing more to do. The same stands on the page of your order:"))


def _paid(case: _Case, page: Page) -> None:
    page.say(N_("your payment of %(amount)s has arrived."), amount=case.money(case.order.state.received))
    page.say(N_("%(shop)s packs your order now, and you get a letter on the day it leaves."), shop=case.shop)


def _paid_late(case: _Case, page: Page) -> None:
    page.say(N_("your payment arrived after your order had ended. It is not lost."))
    page.say(
        N_("%(shop)s goes on with your order if the pieces are still there, or gives the money back."), shop=case.shop
    )


def _shipped(case: _Case, page: Page) -> None:
    page.say(N_("your order is on its way."))
    carrier, tracking = (str(case.event.data.get(name, "")) for name in ("carrier", "tracking"))
    if carrier and tracking:
        page.say(N_("%(carrier)s carries it under the number %(tracking)s."), carrier=carrier, tracking=tracking)
    elif carrier:
        page.say(N_("%(carrier)s carries it."), carrier=carrier)
    elif tracking:
        page.say(N_("Its number is %(tracking)s."), tracking=tracking)


def _refunded(case: _Case, page: Page) -> None:
    amount = case.event.amount
    told = "" if amount is None else case.money(amount.minor, amount.currency)
    page.say(N_("%(amount)s of your order was given back to you. Banks take some days to show it."), amount=told)


def _cancelled(case: _Case, page: Page) -> None:
    page.say(N_("your order was cancelled, and nothing of it is sent."))
    if case.order.state.received > case.order.state.refunded:
        page.say(N_("What you paid is given back; you get a letter about it."))


def _expired(case: _Case, page: Page) -> None:
    page.say(N_("your order was not paid in time and has ended. Nothing of it is sent."))
    if case.order.state.received > case.order.state.refunded:
        page.say(N_("What you paid is given back; you get a letter about it."))
    page.say(N_("If you still want it, order it again. If you paid lately, it is not lost: look at your order."))


# -- to the seller ----------------------------------------------------------------------------------------------------
def _to_seller(case: _Case, kind: str) -> Page:
    page, order = Page(case.speech), case.order
    words = {"number": str(order.number), "buyer": order.buyer.name, "amount": case.money(order.state.due)}
    page.say(_TO_SELLER[kind], **words)
    if kind == "new_paid":
        page.rows([f"{one.quantity} × {one.title}" for one in order.lines])
    due = str(case.event.data.get("due", ""))
    if kind == "disputed" and due:
        page.say(N_("Answer it at the provider by %(day)s."), day=case.speech.day(due[:10]))
    return page


_TO_BUYER: Final = {
    "placed": _placed,
    "pending": _pending,
    "paid": _paid,
    "paid_late": _paid_late,
    "shipped": _shipped,
    "refunded": _refunded,
    "cancelled": _cancelled,
    "expired": _expired,
}
_TO_SELLER: Final = {
    "new_paid": N_("Order %(number)s of %(buyer)s is paid, %(amount)s. Pack it and send it:"),
    "came_late": N_(
        "Order %(number)s of %(buyer)s was paid after it had ended. Go on with it if the goods are still there, or "
        "give the money back."
    ),
    "disputed": N_(
        "The bank of %(buyer)s disputes the payment of order %(number)s. Nothing of it is sent until that is settled."
    ),
    "held": N_(
        "Something about the payment of order %(number)s of %(buyer)s does not fit. Look at it before anything is "
        "sent; the order is held until then."
    ),
}
