"""Feeds of posts in the shape of the UPU's item tracking (``itemTTExt``): EMSEVT by code, or IPS by wording.

One number a call, its key the last part of the address. A body of ``1`` is *no data*. Times are ``/Date(ms)/``, which
some posts fill from a wall clock. Posts answer in JSON or, by the same names, in XML: read without entities and
document types, which have no place in a parcel's history. The shape is reported by users of it; terms and limits are
not known, so that it is asked gently.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from shopkit.outside import site
from shopkit.tracking import s10
from shopkit.tracking.codes import post
from shopkit.tracking.events import RawEvent
from shopkit.tracking.numbers import recognise
from shopkit.tracking.port import Call, Field, Pace, Reply, Told, TrackingError, must_be_well, text_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from shopkit.tracking.codes import Vocabulary
    from shopkit.tracking.port import Ask, Calls

_ADDRESS: Final = "https://ptt.ptc.post/PTT.API/Service.svc/rest/itemTTExt"
_NUMBER: Final = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")
_NO_DATA: Final = "1"


class Upu:
    """A post that speaks the UPU's item tracking, at the UPU's address or at its own."""

    name: str = "upu"
    pushes: bool = False
    # Nobody says how often it may be asked.
    pace: Pace = Pace(numbers=1, requests=1, per_s=5.0)
    fields: tuple[Field, ...] = (
        Field(
            "address",
            {
                "en": "Address of the post's feed; empty for the UPU's",
                "es": "Dirección del servicio del correo; vacía para la de la UPU",
                "pt": "Endereço do serviço do correio; vazio para o da UPU",
            },
            is_secret=False,
            is_required=False,
        ),
        Field("key", {"en": "Key", "es": "Clave", "pt": "Chave"}),
    )

    @property
    def vocabulary(self) -> Vocabulary:
        """EMSEVT and IPS."""
        return post()

    def takes(self, number: str, carrier: str) -> bool:
        """Return whether a number is of S10."""
        found = recognise(number)
        return found.format == "s10" and found.is_valid is True and carrier in ("", "post")

    def address(self, details: Mapping[str, str]) -> str:
        """Return the address that the account says, or the UPU's; ``TrackingError`` for one that is not public."""
        said = details.get("address", "").strip()
        found = site(said) if said else _ADDRESS
        if found is None:
            raise TrackingError("refused", "the address is not a public one of https")
        return found

    def addressed(self, call: Call, details: Mapping[str, str]) -> Call:
        """Put the key at the end of the address."""
        key = quote(details.get("key", ""), safe="")
        return Call(call.method, f"{call.path}/{key}", call.query, call.body, call.headers)

    def sign(self, call: Call, details: Mapping[str, str], token: str) -> Mapping[str, str]:  # noqa: ARG002 - the port's
        """Sign by nothing more: the key is in the address."""
        return {}

    def track(self, asks: Sequence[Ask], *, now: datetime) -> Calls:
        """Ask for each number by a call of its own."""
        told = []
        for ask in asks:
            bare = s10.compact(ask.number)
            if _NUMBER.fullmatch(bare) is None:
                told.append(Told(ask.number, "rejected", detail="not a number of S10"))
                continue
            call = Call("GET", f"/{bare}")
            reply = yield call
            must_be_well(reply, call)
            told.append(read(ask.number, bare, reply, now))
        return tuple(told)


TRACKER: Final = Upu()


def read(number: str, bare: str, reply: Reply, now: datetime) -> Told:
    """Return what an answer tells of a number; ``TrackingError`` where it tells nothing."""
    answer = _answer(reply.body)
    if answer is None:
        return Told(number, "not_found")
    if (text_in(answer, "ID") or "").upper() != bare:
        # Another's parcel would be told as this one's.
        raise TrackingError("garbage", "the answer is of another number")
    rows = answer.get("Events")
    if rows is not None and not isinstance(rows, list):
        raise TrackingError("garbage", "Events is no list")
    return Told(number, "told", tuple(_event(row, now) for row in rows or () if isinstance(row, dict)))


def _event(row: Mapping[str, Any], now: datetime) -> RawEvent:
    return RawEvent(
        "upu",
        now,
        code=text_in(row, "EventCd"),
        text=text_in(row, "EventNm"),
        time=text_in(row, "EventDT"),
        place=text_in(row, "EventLocation"),
        body=row,
    )


def _answer(body: bytes) -> Mapping[str, Any] | None:
    """Return the item of an answer, nothing for *no data*: one object, or the one object of a list."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        found = _of_xml(body)
    else:
        try:
            found = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise TrackingError("garbage", "the answer is neither JSON nor XML") from error
    if not isinstance(found, bool) and str(found).strip() == _NO_DATA:
        return None
    several = found if isinstance(found, list) else [found]
    if several == []:
        return None
    if not isinstance(several[0], dict):
        raise TrackingError("garbage", "the answer is no item")
    item: Mapping[str, Any] = several[0]
    return item


def _of_xml(body: bytes) -> object:
    """Return what XML says by the names of JSON, whatever its namespaces; a text where it has no parts."""
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise TrackingError("garbage", f"the answer is not XML that is read: {type(error).__name__}") from error
    if len(root) == 0:
        return root.text or ""
    item = root
    if _name(root).startswith("ArrayOf"):
        item = root[0]
    found: dict[str, Any] = {}
    for part in item:
        if _name(part) == "Events":
            found["Events"] = [{_name(one): one.text for one in event} for event in part]
        else:
            found[_name(part)] = part.text
    return found


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
