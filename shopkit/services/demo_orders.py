"""Orders of the demonstration, over the states that there are, made by the use cases that make any other.

They lie in the days before the demonstration is made, and the clock is set back for them: what was ordered a week ago
is priced by the law of that day. Buyers pay at the sandbox, or by a transfer that the seller notes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from landed_cost.money import Money
from shopkit.models import StoredPayment
from shopkit.payments import sandbox
from shopkit.services import (
    listings,
    order_acts,
    order_letters,
    orders,
    payment_accounts,
    payments,
    refunds,
    shipment_changes,
    shipments,
    stores,
)
from shopkit.services.checkouts import PAY_WITHIN, price_basket
from shopkit.services.keeping import keep
from shopkit.services.orders import Buyer
from shopkit.services.store_baskets import Line
from shopkit.services.store_shelf import locale_of
from shopkit.tracking.events import RawEvent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from shopkit.payments.sandbox import Button
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.orders import Order
    from shopkit.services.stores import KeptStore

_CUP: Final = "taza-peltre"
_SHIRT: Final = "playera-bordada"
ELENA: Final = Buyer(
    "Elena Ríos",
    "elena@correo.example",
    {"line1": "742 S Boyle Ave", "city": "Los Angeles", "region": "CA", "postal_code": "90023", "country": "US"},
    "+1 213 555 0100",
)
MATIAS: Final = Buyer(
    "Matías Soto",
    "matias@correo.example",
    {"line1": "Avenida Italia 1439", "city": "Santiago", "postal_code": "7770000", "country": "CL"},
    "+56 9 5555 0101",
)
BEATRIZ: Final = Buyer(
    "Beatriz Lima",
    "beatriz@correio.example",
    {
        "line1": "Rua Augusta 1524",
        "city": "São Paulo",
        "region": "SP",
        "postal_code": "01304-001",
        "tax_id": "529.982.247-25",
        "country": "BR",
    },
)
JUNE: Final = Buyer(
    "June Carter",
    "june@mail.example",
    {"line1": "1800 E 4th St", "city": "Austin", "region": "TX", "postal_code": "78702", "country": "US"},
)
OMAR: Final = Buyer(
    "Omar Castillo",
    "omar@correo.example",
    {"line1": "2100 W 18th St", "city": "Chicago", "region": "IL", "postal_code": "60608", "country": "US"},
)


@dataclass(slots=True)
class _Board:
    """The shop as it was on a day; ``goods`` are the ids of its listings by key."""

    services: Services
    actor: Actor
    store: KeptStore
    goods: Mapping[str, str]
    clock: datetime
    account: str

    def at(self, days_ago: float) -> None:
        """Set the clock."""
        moment = self.clock - timedelta(days=days_ago)
        self.services.now = lambda: moment

    def place(
        self, name: str, buyer: Buyer, language: str, *lines: tuple[str, str, int, Mapping[str, str]], days: int = 1
    ) -> Order:
        """Place an order of ``lines`` (key, SKU, pieces, what is written on them), to be paid within some days."""
        market = buyer.address["country"]
        opening = self.store.opening(market)
        assert opening is not None  # noqa: S101  # the demonstration's store is open there
        wanted = [Line(self.goods[key], sku, many, written) for key, sku, many, written in lines]
        address = {part: text for part, text in buyer.address.items() if part in {"region", "postal_code"}}
        basket = price_basket(self.services, self.store, opening, language, wanted, address, is_kept=True)
        found = basket.answer
        assert found is not None  # noqa: S101  # all that it sells has a price
        placed = [
            orders.Line(one.line.listing_id, one.line.sku, one.title, one.line.quantity, one.unit)
            for one in basket.rows
            if one.unit is not None
        ]
        keep(self.services, [found.row(self.store.seller_id)])
        return orders.place(
            self.services,
            self.store.seller_id,
            placed,
            buyer,
            found.stored,
            found.request,
            key=f"demo:{name}",
            locale=locale_of(market, language),
            pay_until=self.services.now() + PAY_WITHIN * days,
        )

    def press(self, order: Order, method: str, *buttons: Button) -> None:
        """Begin to pay at the sandbox, press its buttons, and let the shop read what became of it."""
        begun = payments.start(self.services, order.id, f"sandbox/{method}", "/s/demo/")
        for button in buttons:
            self._press(begun.payment_id, button)

    def dispute(self, order: Order) -> None:
        """Let the buyer's bank dispute what was paid."""
        self._press(payments.see(self.services, order.id)[0].payment_id, "dispute")

    def send(self, order: Order, carrier: str, tracking: str) -> None:
        """Pack and send an order."""
        order_acts.pack_all(self.services, self.actor, order.id)
        order_acts.ship(self.services, self.actor, order.id, carrier=carrier, tracking=tracking)

    def tell(self, order: Order, zone: str, place: str, country: str) -> None:
        """Tell what became of an order's parcel until it arrived, half an hour ago."""
        here, there = ("America/Mexico_City", "Toluca", "MX"), (zone, place, country)
        way = (
            (90.0, "picked_up", here),
            (54.0, "in_transit_international", here),
            (30.0, "in_customs_import", there),
            (6.0, "out_for_delivery", there),
            (0.5, "delivered", there),
        )
        now = self.services.now()
        told = []
        for hours, code, (clock, town, land) in way:
            time = f"{(now - timedelta(hours=hours)).astimezone(ZoneInfo(clock)):%Y-%m-%dT%H:%M}:00"
            # As a sheet by hand tells it: of no carrier, for none was asked.
            told.append(RawEvent("csv", now, code=code, time=time, zone=clock, place=town, country=land))
        for parcel in shipments.of_order(self.services, self.actor, order.id):
            shipments.receive(self.services, parcel.id, told)

    def _press(self, payment_id: str, button: Button) -> None:
        with self.services.database.reading() as session:
            account = payment_accounts.by_id(session, self.services, self.account)
            ref = session.get_one(StoredPayment, payment_id).ref
        assert ref is not None  # noqa: S101  # the sandbox was just asked
        sandbox.press(account, ref, button, self.services.now())
        payments.settle(self.services, payment_id)


def make_orders(services: Services, actor: Actor, account: str) -> None:
    """Place and follow a handful of orders; ``account`` is where buyers pay."""
    now = services.now()
    store = stores.get_store(services, actor)
    goods = {one.listing.key: one.id for one in listings.find_listings(services, actor, size=100).listings}
    board = _Board(replace(services), actor, store, goods, now, account)

    board.at(12)
    gifts = board.place(
        "1001",
        ELENA,
        "es",
        (_CUP, "TAZ-AZU", 2, {"Nombre": "Elena", "Tipografía": "Cursiva"}),
        (_CUP, "TAZ-ROJ", 2, {"Nombre": "Mateo", "Tipografía": "Recta"}),
        (_SHIRT, "PLA-VER-M", 1, {}),
        days=10,
    )
    half = Money(gifts.totals.total.minor // 2, gifts.currency)
    board.at(11)
    arrived = board.place("1002", MATIAS, "es", (_CUP, "TAZ-BLA", 1, {"Nombre": "Antonia", "Tipografía": "Recta"}))
    board.press(arrived, "card", "pay")
    board.at(10.5)
    broken = board.place("1003", JUNE, "en", (_CUP, "TAZ-BLA", 2, {"Nombre": "June", "Tipografía": "Cursiva"}))
    board.press(broken, "card", "pay")
    board.at(10)
    order_acts.note_transfer(board.services, actor, gifts.id, half, key="1", reference="SPEI 1")
    board.at(8)
    board.send(arrived, "DHL Express", "JD014600006281230701")
    board.send(broken, "DHL Express", "JD014600006281230702")
    board.at(5)
    onward = board.place("1004", BEATRIZ, "pt", (_CUP, "TAZ-ROJ", 1, {"Nombre": "Caio", "Tipografía": "Cursiva"}))
    board.press(onward, "card", "pay")
    disputed = board.place("1005", OMAR, "es", (_SHIRT, "PLA-VER-M", 1, {}))
    board.press(disputed, "card", "pay")
    board.at(4)
    board.tell(arrived, "America/Santiago", "Santiago", "CL")
    board.tell(broken, "America/Chicago", "Austin, TX", "US")
    board.at(3)
    refunds.refund(board.services, actor, broken.id, Money(1_500, broken.currency), "Llegó una taza rota", "1")
    rest = Money(gifts.totals.total.minor - half.minor, gifts.currency)
    order_acts.note_transfer(board.services, actor, gifts.id, rest, key="2", reference="SPEI 2")
    board.at(2)
    board.send(onward, "DHL Express", "JD014600006281230703")
    order_acts.pack_all(board.services, actor, gifts.id)
    undone = board.place("1006", JUNE, "en", (_CUP, "TAZ-BLA", 1, {"Nombre": "John", "Tipografía": "Recta"}))
    order_acts.cancel_as_buyer(board.services, undone.id)
    board.at(1)
    board.dispute(disputed)
    waiting = board.place("1007", OMAR, "es", (_CUP, "TAZ-AZU", 1, {"Nombre": "Lucía", "Tipografía": "Cursiva"}))
    board.press(waiting, "voucher", "issue")
    # Its buyers and parcels are invented: nobody is written to, and no quote rests on them.
    order_letters.forget(services, actor.seller_id)
    shipment_changes.forget(services, actor.seller_id)
