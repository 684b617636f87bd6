"""The UPU's item tracking on loopback."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any, Final
from xml.sax.saxutils import escape

from tests.twins.carriers import Answered, Asked, Carrier

Json = dict[str, Any]
_ITEM: Final = re.compile(r"/([A-Z]{2}[0-9]{9}[A-Z]{2})/([^/]*)")

# Oldest first: hours since posting, code of EMSEVT, its name, the wording of IPS in Spanish, the office.
_WAY: Final = (
    (0, "EMA", "Posting/collection", "Recibir envío del cliente (salida)", "GUATEMALA CENTRAL"),
    (24, "EMC", "Departure from outward office of exchange", "Enviar envío al extranjero (recibido por EDI)", "GTGUAA"),
    (60, "EMD", "Arrival at inward office of exchange", "Recibir envío en oficina de cambio (entrada)", "USJFKA"),
    (62, "EDB", "Item presented to import customs", "Enviar envío a aduana (entrada)", "USJFKA"),
)
_HELD: Final = (
    70,
    "EME",
    "Held by import customs",
    "Registrar información de aduanas sobre el envío (entrada)",
    "USJFKA",
)
_FREE: Final = (80, "EDC", "Item returned from import customs", "Devolver envío desde aduana (entrada)", "USJFKA")
_HOME: Final = (100, "EMI", "Final delivery", "Entregar envío (entrada)", "MIAMI")
_STORIES: Final[dict[str, tuple[Any, ...]]] = {
    "announced": (),
    "posted": _WAY[:1],
    "customs": _WAY,
    "held": (*_WAY, _HELD),
    "released": (*_WAY, _HELD, _FREE),
    "delivered": (*_WAY, _FREE, _HOME),
    "odd": (*_WAY[:1], (9, "QQQ", "Something new", "Algo nuevo", "GTGUAA")),
}


class Upu(Carrier):
    """The twin.

    ``planted``: ``xml``, ``entities`` (XML that defines and uses them), ``wordings`` (IPS in Spanish, no codes),
    ``list`` (the item in a list), ``broken``, ``marked``, ``no_time``, ``wall_clock`` (times of no epoch), ``future``,
    ``many``, ``other_number``, ``quoted`` (a 1 in quotes).
    """

    def __init__(self) -> None:
        super().__init__()
        self.details = {"address": "", "key": "upu-key-1"}
        self.parcels: dict[str, tuple[str, datetime]] = {}

    def lay(self, number: str, story: str, days: float = 6.0) -> None:
        """Let a number be known, posted some days ago."""
        self.parcels[number] = story, self.now - timedelta(days=days)

    def answer(self, asked: Asked) -> Answered:
        """Answer a request."""
        found = _ITEM.fullmatch(asked.path)
        if found is None:
            return Answered(404, b"<html><title>Endpoint not found.</title></html>", kind="text/html")
        if found[2] != self.details["key"]:
            return Answered(403, b"<html><title>Forbidden</title></html>", kind="text/html")
        known = self.parcels.get(found[1])
        if known is None:
            return Answered(200, b'"1"' if "quoted" in self.planted else b"1")
        item = self._item(found[1], *known)
        if {"xml", "entities"} & self.planted:
            return Answered(200, self._xml(item).encode(), kind="application/xml; charset=utf-8")
        return Answered(200, json.dumps([item] if "list" in self.planted else item, ensure_ascii=False).encode())

    def _item(self, number: str, story: str, posted: datetime) -> Json:
        steps = _STORIES[story]
        if "many" in self.planted:
            steps = (
                *steps,
                *((70 + n / 60, "EDD", "Item into sorting centre", "x", "USJFKA") for n in range(10_000 - len(steps))),
            )
        return {
            "ID": "RR999999999ZZ" if "other_number" in self.planted else number,
            "State": 2,
            "OriginCountryCd": "GT",
            "OriginCountryNm": "Guatemala",
            "DestinationCountryCd": "US",
            "DestinationCountryNm": "United States of America",
            "Events": [self._event(step, posted) for step in steps],
        }

    def _event(self, step: Any, posted: datetime) -> Json:
        hours, code, name, wording, office = step
        moment = posted + timedelta(hours=hours) + (timedelta(days=400) if "future" in self.planted else timedelta())
        time: str | None = f"/Date({int(moment.timestamp() * 1000)})/"
        if "wall_clock" in self.planted:
            time = f"{moment:%Y-%m-%dT%H:%M:%S}"
        if "no_time" in self.planted:
            time = None
        said = wording if "wordings" in self.planted else name
        if "broken" in self.planted:
            said = wording.encode().decode("latin-1")
        if "marked" in self.planted:
            said = f"<script>alert(1)</script>{said}"
        told = {"EventCd": code, "EventNm": said, "EventLocation": office, "EventDT": time}
        if {"wordings", "broken"} & self.planted:
            told["EventCd"] = None
        return told

    def _xml(self, item: Json) -> str:
        def parts(row: Json) -> str:
            return "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in row.items() if value is not None)

        events = "".join(f"<Event>{parts(event)}</Event>" for event in item["Events"])
        rest = parts({name: value for name, value in item.items() if name != "Events"})
        bomb = "entities" in self.planted
        kind = '<!DOCTYPE Item [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' if bomb else ""
        more = "<Note>&b;</Note>" if bomb else ""
        return f'<?xml version="1.0"?>{kind}<Item xmlns="urn:upu:ptt">{rest}{more}<Events>{events}</Events></Item>'
