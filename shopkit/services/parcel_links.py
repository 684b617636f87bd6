"""The address of a parcel's page for its buyer, and what opens the personal part of it.

The link opens where the parcel is, to whoever holds it. What is in it and for whom is opened by the postal code that
the parcel goes to, on top; where the country has none by the e-mail address of the order, whole: its first letters are
soon guessed from a name. Tries are limited by link and by address, and a wrong one takes as long as a right one.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from shopkit.services import attempts, orders, shipments
from shopkit.services.shipments import ShipmentNotFoundError
from shopkit.services.signing import is_marked, mark

if TYPE_CHECKING:
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.orders import Buyer, Order
    from shopkit.services.shipments import Shipment

Proof = Literal["postcode", "email"]

AT_LINK: Final = attempts.Limit("postcode at", 10, timedelta(hours=1))
BY_ADDRESS: Final = attempts.Limit("postcode from", 30, timedelta(hours=1))
# The browser stays open this long; the postal code is soon typed again.
OPEN_FOR: Final = timedelta(hours=12)
_LONGEST: Final = 100
_ZIP: Final = 5


def name_of(services: Services, shipment: Shipment) -> str:
    """Return the name of a parcel's link as it stands now."""
    said = f"{shipment.id}-{shipment.link}"
    return f"{said}-{mark(services, f'parcel:{said}')}"


def opened(services: Services, name: str) -> Shipment:
    """Return the parcel that a link's name opens; ``ShipmentNotFoundError`` for one not made here, cut, or renewed."""
    said, _, given = name[:_LONGEST].rpartition("-")
    if not is_marked(services, f"parcel:{said}", given):
        raise ShipmentNotFoundError(name)
    shipment_id, _, link = said.rpartition("-")
    found = shipments.see(services, shipment_id)
    if link != str(found.link):
        raise ShipmentNotFoundError(name)
    return found


def renew(services: Services, actor: Actor, shipment_id: str) -> Shipment:
    """Make the links to a parcel's page that are out useless, and return the parcel with the new one."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        shipments.own(session, actor, shipment_id, lock=True).link += 1
    return shipments.load(services, actor, shipment_id)


# -- the personal part ------------------------------------------------------------------------------------------------
def personal(services: Services, shipment: Shipment) -> list[Order]:
    """Return the orders in a parcel that are for the buyer of the first: another's in the same parcel are not shown."""
    found = [orders.see(services, one) for one in shipment.order_ids]
    return [one for one in found if _email(one.buyer.email) == _email(found[0].buyer.email)]


def buyers(services: Services, shipment: Shipment) -> list[Buyer]:
    """Return everybody who is sent something in a parcel: what tells of them is shown to no stranger."""
    return [orders.see(services, one).buyer for one in shipment.order_ids]


def proof_asked(shipment: Shipment) -> Proof | None:
    """Return what opens the personal part, ``None`` where a parcel has none: it was opened without an order."""
    if not shipment.order_ids:
        return None
    return "postcode" if _postcode(shipment, shipment.postcode) else "email"


def prove(services: Services, shipment: Shipment, typed: str, address: str) -> bool:
    """Return whether what was typed opens the personal part; ``TooManyError``. ``address`` is where it comes from."""
    asked = proof_asked(shipment)
    if asked is None:
        return False
    attempts.count(services, BY_ADDRESS, address)
    attempts.count(services, AT_LINK, shipment.id)
    if asked == "postcode":
        wanted, given = _postcode(shipment, shipment.postcode), _postcode(shipment, typed)
    else:
        wanted, given = _email(personal(services, shipment)[0].buyer.email), _email(typed)
    is_right = hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))
    if is_right:
        attempts.forget(services, AT_LINK, shipment.id)
    return is_right


def key_of(services: Services, shipment: Shipment) -> str:
    """Return what a browser holds that showed it; it opens this link's personal part, for some hours."""
    until = int((services.now() + OPEN_FOR).timestamp())
    return f"{until}-{mark(services, _opens(shipment, str(until)))}"


def is_open(services: Services, shipment: Shipment, key: str) -> bool:
    """Return whether what a browser holds opens the personal part now."""
    until, _, given = key[:_LONGEST].partition("-")
    if not is_marked(services, _opens(shipment, until), given):
        return False
    return int(until) > services.now().timestamp()


def _opens(shipment: Shipment, until: str) -> str:
    return f"parcel-open:{shipment.id}-{shipment.link}:{until}"


def _postcode(shipment: Shipment, text: str) -> str:
    """Return a postal code bare: with or without its dash, blank or, in the United States, its last four digits."""
    bare = "".join(sign for sign in text[:_LONGEST].upper() if sign.isalnum())
    return bare[:_ZIP] if shipment.destination in {"US", "PR"} else bare


def _email(text: str) -> str:
    return text[:320].strip().casefold()
