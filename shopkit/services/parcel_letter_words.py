"""What letters on parcels say, in the language of the order: where it is, when it comes, what to do, how to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shopkit.mail.port import Letter
from shopkit.services import orders, parcel_letters, parcel_links, parcel_pages, shipments
from shopkit.services.letter_page import Page
from shopkit.services.letters import N_
from shopkit.services.parcel_letters import OF_CUSTOMS
from shopkit.tracking import words
from shopkit.tracking.statuses import Status
from translations.ui import choose, speech

if TYPE_CHECKING:
    from shopkit.models import ParcelLetter
    from shopkit.services.context import Services
    from shopkit.services.shipments import Shipment
    from shopkit.tracking.expecting import Expected

_SUBJECTS: Final = {
    Status.PICKED_UP: N_("Your parcel from %(shop)s was posted"),
    f"{OF_CUSTOMS}held": N_("Customs holds your parcel from %(shop)s"),
    f"{OF_CUSTOMS}payment_due": N_("Customs asks for money for your parcel from %(shop)s"),
    f"{OF_CUSTOMS}released": N_("Customs released your parcel from %(shop)s"),
    Status.OUT_FOR_DELIVERY: N_("Your parcel from %(shop)s is out for delivery"),
    Status.READY_FOR_PICKUP: N_("Your parcel from %(shop)s is ready to be picked up"),
    Status.DELIVERED: N_("Your parcel from %(shop)s was delivered"),
    Status.DELIVERY_FAILED: N_("Your parcel from %(shop)s could not be delivered"),
    Status.RETURN_TO_SENDER: N_("Your parcel from %(shop)s goes back"),
    Status.RETURNED: N_("Your parcel from %(shop)s went back"),
    Status.IMPORT_TERMINATED: N_("The import of your parcel from %(shop)s was stopped"),
    Status.LOST: N_("Your parcel from %(shop)s was reported as lost"),
    Status.DESTROYED: N_("Your parcel from %(shop)s was reported as destroyed"),
    Status.CANCELLED: N_("Your parcel from %(shop)s was cancelled"),
}
_TO_PARCEL: Final = N_("To your parcel")
_TO_STOP: Final = N_("No more letters on this parcel, or on any")
# What is no news once something else is true: who is told to wait at the door of a parcel that came waits in vain.
_PASSES: Final = frozenset({Status.OUT_FOR_DELIVERY, Status.READY_FOR_PICKUP, Status.DELIVERY_FAILED})


def letter(services: Services, row: ParcelLetter, base: str) -> Letter | None:
    """Return a letter as it is sent now; ``None`` where it is not wanted, or holds no more."""
    shipment, order = shipments.see(services, row.shipment_id), orders.see(services, row.order_id)
    if not parcel_letters.is_wanted(services, row.shipment_id, row.kind, order.buyer.email):
        return None
    if not _holds(row.kind, shipment):
        return None
    shop = parcel_pages.shop_of(services, shipment)
    language = choose(None, None, [order.locale])
    to = speech(language, [f"{language}-{order.market}"])
    page = Page(to)
    page.say(N_("Hello %(name)s,"), name=order.buyer.name)
    page.rows([_said(row.kind, language)])
    _what_to_do(page, row.kind)
    _when(page, parcel_pages.track(services, shipment).expected)
    page.say(N_("Its number is %(tracking)s."), tracking=shipment.number)
    link = f"{base}/t/{parcel_links.name_of(services, shipment)}"
    end = f"{base}/letters/{parcel_letters.name_of(services, row.shipment_id, row.order_id)}"
    return Letter(
        order.buyer.email,
        to.sentences.gettext(_SUBJECTS[row.kind]) % {"shop": " ".join(shop.split())},
        page.text(link, (_TO_STOP, end)),
        to.tag,
        page.html(link, _TO_PARCEL, (_TO_STOP, end)),
        f"parcel-{row.shipment_id}-{row.order_id}-{row.kind}",
        end,
    )


def _holds(kind: str, shipment: Shipment) -> bool:
    if kind.startswith(OF_CUSTOMS):
        return shipment.customs == kind.removeprefix(OF_CUSTOMS)
    return kind not in _PASSES or shipment.status == kind


def _said(kind: str, language: str) -> str:
    if kind.startswith(OF_CUSTOMS):
        return words.say("customs", kind.removeprefix(OF_CUSTOMS), language=language)
    return words.say("status", kind, language=language)


def _what_to_do(page: Page, kind: str) -> None:
    if kind == f"{OF_CUSTOMS}payment_due":
        page.say(N_("What to do, and what your order says of duties, stands on the page of your parcel."))
        page.say(N_("We never ask you for this money: pay it to the post or customs alone, on their own page."))
    elif kind == f"{OF_CUSTOMS}held":
        page.say(N_("What is known of the reason, and what to do, stands on the page of your parcel."))
    elif kind in {Status.RETURN_TO_SENDER, Status.RETURNED, Status.LOST, Status.DESTROYED, Status.IMPORT_TERMINATED}:
        page.say(N_("Write to the shop: it sends it again or gives your money back."))


def _when(page: Page, expected: Expected) -> None:
    if expected.window is None:
        return
    first, last = (page.speech.day(day) for day in expected.window)
    if first == last:
        page.say(N_("Expected on %(day)s."), day=first)
    else:
        page.say(N_("Expected between %(first)s and %(last)s."), first=first, last=last)
