"""The evidence of an order in words: the paper, in the reader's language, and the story a provider is sent."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from babel.dates import format_datetime

from shopkit.services import order_words
from shopkit.services.letters import N_
from shopkit.tracking import words
from translations.ui import speech

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from landed_cost.money import Money
    from shopkit.orders import Event
    from shopkit.services.evidence import Bundle
    from translations.ui import Speech

Json = dict[str, Any]
# A bank reads what was asked, and that it was delivered, in the words of its own trade.
EVENTS: Final = order_words.EVENTS | {
    "placed": N_("Order placed"),
    "reduced": N_("Less asked for it"),
    "delivered": N_("Delivered"),
}
_PARTS: Final = (
    ("goods", N_("Goods")),
    ("freight", N_("Freight")),
    ("insurance", N_("Insurance")),
    ("charges", N_("Duties and taxes paid with the order")),
)
# Of more scans the last are told; the data has them all.
MOST_SCANS: Final = 100
_SAID: Final = ("carrier", "tracking", "reference", "note")


def story(bundle: Bundle) -> str:
    """Return what happened, a line for each event, in English and in universal time, as banks read it."""
    lines = []
    for one in bundle.order.events:
        amount = "" if one.amount is None else f", {one.amount}"
        said = "".join(f", {one.data[name]}" for name in _SAID if one.data.get(name))
        lines.append(f"{one.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {EVENTS[one.kind]}{amount}{said}")
    for parcel in bundle.data["parcels"]:
        lines += ["", f"Parcel {parcel['number']}, posted {parcel['posted_on']}, as its carrier told:"]
        lines += [_scan(scan) for scan in parcel["scans"][-MOST_SCANS:]]
    return "\n".join(lines)


def _scan(scan: Json) -> str:
    """Return a scan for a bank: its moment in universal time, or the clock of a place whose zone is not known."""
    when = scan["at"] or f"{scan['local'] or 'no time'} (local)"
    what = words.say("status", scan["status"], language="en")
    own = ", ".join(filter(None, (scan["place"], scan["country"], scan["code"], scan["words"])))
    return f"{when}: {what}" + (f" [{own}]" if own else "")


def told(bundle: Bundle, language: str, zone: ZoneInfo) -> Json:
    """Return what the paper is printed from: every amount and moment in words, times those of the buyer."""
    found, to = bundle.order, speech(language, [])
    say = to.sentences.gettext
    totals = found.totals
    parts: list[Json] = [
        {
            "title": say(N_("Order")),
            "facts": [
                (say(N_("Number")), f"#{found.number}"),
                (say(N_("Placed")), _moment(found.created_at, zone, to)),
                (say(N_("Buyer")), found.buyer.name),
                (say(N_("E-mail")), found.buyer.email),
                (say(N_("Delivered to")), ", ".join(str(part) for part in found.buyer.address.values() if part)),
                (say(N_("Terms")), found.terms),
            ],
        },
        {
            "title": say(N_("What was promised")),
            "table": {
                "columns": [say(N_("Product")), say(N_("Pieces")), say(N_("Amount"))],
                "rows": [
                    *(
                        (
                            f"{one.title}" + (f" ({one.sku})" if one.sku else ""),
                            str(one.quantity),
                            _money(one.total, to),
                        )
                        for one in found.lines
                    ),
                    *(
                        (say(label), "", _money(getattr(totals, name), to))
                        for name, label in _PARTS[1:]
                        if getattr(totals, name).minor
                    ),
                    (say(N_("The order costs")), "", _money(totals.total, to)),
                ],
                "widths": [4, 1, 2],
                "right": [1, 2],
            },
            "notes": [found.quote_id] if found.quote_id else [],
        },
        {
            "title": say(N_("What happened")),
            "table": {
                "columns": [say(N_("When")), say(N_("What")), say(N_("Amount")), say(N_("Said by"))],
                "rows": [_row(one, zone, to) for one in found.events],
                "widths": [3, 5, 2, 2],
                "right": [2],
            },
        },
    ]
    parts += [_way(parcel, to) for parcel in bundle.data["parcels"]]
    if bundle.money.disputes:
        rows = [
            (one.ref, one.reason, _money(one.amount, to), "" if one.due is None else _moment(one.due, zone, to))
            for one in bundle.money.disputes
        ]
        columns = [say(N_("Dispute")), say(N_("Reason")), say(N_("Amount")), say(N_("Answer until"))]
        parts.append(
            {
                "title": say(N_("Disputes")),
                "table": {"columns": columns, "rows": rows, "widths": [3, 3, 2, 3], "right": [2]},
            }
        )
    written = bundle.data["messages"]["written"]
    if written:
        who = {"buyer": say(N_("buyer")), "seller": say(N_("seller"))}
        rows3 = [(one["at"], who[one["by"]], one["words"]) for one in written]
        columns = [say(N_("When")), say(N_("Who")), say(N_("Words"))]
        parts.append({"title": say(N_("Messages")), "table": {"columns": columns, "rows": rows3, "widths": [2, 1, 5]}})
    policy = bundle.data["policies"]["returns"]
    if policy:
        parts.append({"title": say(N_("Returns")), "notes": [policy]})
    return {
        "title": say(N_("Evidence of order #%(number)s")) % {"number": found.number},
        "seller": bundle.data["seller"]["name"],
        "parts": parts,
        "foot": say(N_("Times are the buyer’s. Nothing of this record can be changed after it was written.")),
    }


def _way(parcel: Json, to: Speech) -> Json:
    """Return the part of the paper that says where a parcel was, with its post's own words beside ours."""
    say = to.sentences.gettext
    facts = [
        (say(N_("Number")), parcel["number"]),
        (say(N_("Posted")), to.day(parcel["posted_on"])),
    ]
    if parcel["promised"]:
        facts.append((say(N_("Promised")), " – ".join(to.day(day) for day in parcel["promised"])))
    if parcel["delivered_on"]:
        facts.append((say(N_("Delivered")), to.day(parcel["delivered_on"])))
    rows = [
        (
            scan["at"] or scan["local"] or "",
            words.say("status", scan["status"], language=to.language),
            ", ".join(filter(None, (scan["place"], scan["country"]))),
            " ".join(filter(None, (scan["code"], scan["words"]))),
        )
        for scan in parcel["scans"][-MOST_SCANS:]
    ]
    columns = [say(N_("When")), say(N_("What")), say(N_("Where")), say(N_("In the carrier’s words"))]
    table = {"columns": columns, "rows": rows, "widths": [3, 4, 3, 4]}
    return {"title": say(N_("Where the parcel was")), "facts": facts} | ({"table": table} if rows else {})


def _row(one: Event, zone: ZoneInfo, to: Speech) -> tuple[str, str, str, str]:
    say = to.sentences.gettext
    said = ", ".join(str(one.data[name]) for name in _SAID if one.data.get(name))
    what = say(EVENTS[one.kind]) + (f": {said}" if said else "")
    who = {"buyer": N_("buyer"), "seller": N_("seller"), "clock": N_("clock")}.get(one.source)
    source = one.source.removeprefix("provider:") if who is None else say(who)
    return _moment(one.at, zone, to), what, "" if one.amount is None else _money(one.amount, to), source


def _money(amount: Money, to: Speech) -> str:
    return to.money(amount.text, amount.currency)


def _moment(at: datetime, zone: ZoneInfo, to: Speech) -> str:
    return format_datetime(at.astimezone(zone), "d MMM y, HH:mm zzz", tzinfo=zone, locale=to.locale)
