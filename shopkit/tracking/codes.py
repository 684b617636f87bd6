"""What codes and wordings of posts mean, from dated tables: matched whole, or unknown.

>>> post().meaning("EDC", None).status.value, post().meaning(None, "Devolver envío desde aduana").customs
('in_transit', 'released')
>>> post().meaning(None, "Devuelto al taller") is UNMAPPED
True
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import yaml

from shopkit.tracking.folding import folded, lone, undirected
from shopkit.tracking.statuses import Leg, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MAX_CHARS: Final = 300
_CUSTOMS: Final = {
    Status.IN_CUSTOMS_EXPORT: "presented",
    Status.IN_CUSTOMS_IMPORT: "presented",
    Status.HELD_CUSTOMS_EXPORT: "held",
    Status.HELD_CUSTOMS_IMPORT: "held",
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code or wording says.

    ``customs`` is what it says of customs (``presented``, ``held``, ``payment_due``, ``paid``, ``released``) or
    ``None``; ``held`` the status where a reason to hold comes with it; ``at`` other statuses by kind of office and
    post; ``by_leg`` the status on a leg that the feed knows, for what alone may be of either; ``is_bag`` that it tells
    of a bag and of no item; ``is_mapped`` that some table has it; ``is_worded`` that the carrier's wording said it, and
    no code.
    """

    status: Status
    leg: Leg | None = None
    customs: str | None = None
    held: Status | None = None
    at: tuple[tuple[str, str, Status], ...] = ()
    by_leg: tuple[tuple[Leg, Status], ...] = ()
    is_bag: bool = False
    is_mapped: bool = True
    is_worded: bool = False


UNMAPPED: Final = Meaning(Status.UNKNOWN, is_mapped=False)


@dataclass(frozen=True)
class Vocabulary:
    """The codes and wordings of one provider, and its reasons of customs to hold; adapters bring their own.

    ``carrier`` is what the carriers say whose words an aggregator passes on: a wording of theirs that is known whole
    counts for more than the code that the aggregator made of it. ``finer`` is the mark after which a code says more
    than its first part: one whose second part no table has says what the first part says, and counts as not mapped.
    """

    codes: Mapping[str, Meaning]
    wordings: Mapping[str, Meaning]
    undirected: Mapping[str, tuple[Meaning, ...]] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    carrier: Vocabulary | None = None
    finer: str = ""

    def meaning(
        self,
        code: str | None,
        text: str | None,
        *,
        leg: Leg | None = None,
        office_type: str | None = None,
        post: str | None = None,
        reason: str | None = None,
    ) -> Meaning:
        """Return what an event says; ``UNMAPPED`` for what no table has, and for a code and a wording that disagree.

        ``leg`` is the direction as the feed knows it, ``office_type`` the kind of its office (``exchange``,
        ``delivery``, …), ``post`` the country of it, ``reason`` the code of customs' reason to hold.
        """
        if text is not None and self.carrier is not None:
            passed_on = self.carrier.meaning(None, text, leg=leg, office_type=office_type, post=post, reason=reason)
            if passed_on.is_mapped:
                return replace(passed_on, is_worded=True)
        by_code = None if code is None else self._coded(code.strip().upper())
        by_text = None if text is None else self._worded(text, leg)
        if by_code is not None and by_text is not None and by_code.status is not by_text.status:
            return UNMAPPED
        found = by_code or by_text
        return UNMAPPED if found is None else _here(found, leg, office_type, post, reason)

    def _coded(self, code: str) -> Meaning | None:
        if (found := self.codes.get(code)) is not None or not self.finer:
            return found
        coarse = self.codes.get(code.partition(self.finer)[0])
        return None if coarse is None else replace(coarse, is_mapped=False)

    def _worded(self, text: str, leg: Leg | None) -> Meaning | None:
        if len(text) > _MAX_CHARS:
            return None
        return self._whole(folded(text), leg) or ("\xc3" in text and self._whole(folded(lone(text)), leg)) or None

    def _whole(self, wording: str, leg: Leg | None) -> Meaning | None:
        if (found := self.wordings.get(wording)) is not None:
            return found
        return _agreed(self.undirected.get(wording, ()), leg)


def _here(found: Meaning, leg: Leg | None, office_type: str | None, post: str | None, reason: str | None) -> Meaning:
    """Return a meaning as it is where and why something happened."""
    if found.at and (status := _at(found, office_type, post)) is not None:
        return replace(found, status=status, customs=None)
    if found.held is not None and reason:
        return replace(found, status=found.held, customs="held")
    if leg is not None and (here := dict(found.by_leg).get(leg)) is not None:
        return replace(found, status=here)
    return found


def _at(found: Meaning, office_type: str | None, post: str | None) -> Status | None:
    return next((status for kind, country, status in found.at if (kind, country) == (office_type, post)), None)


def _agreed(several: tuple[Meaning, ...], leg: Leg | None) -> Meaning | None:
    """Return what wordings without their direction say together; nothing where they differ and no leg is known."""
    several = tuple(one for one in several if leg is None or one.leg is leg)
    if not several:
        return None
    if len(several) == 1:
        return several[0]
    if len({(one.status, one.customs, one.is_bag) for one in several}) > 1:
        return None
    return Meaning(several[0].status, None, several[0].customs)


@cache
def post() -> Vocabulary:
    """Return what posts say that speak EMSEVT by code, or IPS by wording and number."""
    emsevt, ips = _table("emsevt"), _table("ips")
    codes = {code: _meaning(row) for code, row in emsevt["codes"].items()}
    wordings: dict[str, Meaning] = {}
    bare: dict[str, list[Meaning]] = defaultdict(list)
    for row in ips["wordings"]:
        meaning = _meaning(row)
        if "number" in row:
            codes[row["number"]] = meaning
        for text in _texts(row):
            wordings[text] = meaning
            bare[undirected(text)].append(meaning)
    reasons = {code: row["id"] for code, row in emsevt["retention_reasons"].items()}
    # A wording that stands without direction in the table is found there first.
    return Vocabulary(codes, wordings, {text: tuple(several) for text, several in bare.items()}, reasons)


@cache
def vocabulary(name: str, *, aggregates: bool = False, finer: str = "") -> Vocabulary:
    """Return what a provider says, from ``data/NAME.yaml``: codes, wordings in any language, reasons of customs.

    ``aggregates`` says that the provider passes on the words of carriers; ``finer`` is as in :class:`Vocabulary`. The
    table's ``families`` are rows that several codes share, by what follows the code and a blank.
    """
    table = _table(name)
    codes = {str(code).upper(): _meaning(row) for code, row in table.get("codes", {}).items()}
    for family in table.get("families", []):
        rows = {str(kind): _meaning(row) for kind, row in family["rows"].items()}
        codes |= {f"{code} {kind}": meaning for code in family["of"] for kind, meaning in rows.items()}
    wordings = {folded(text): _meaning(row) for row in table.get("wordings", []) for text in row["texts"]}
    reasons = {code: row["id"] for code, row in table.get("retention_reasons", {}).items()}
    return Vocabulary(codes, wordings, {}, reasons, post() if aggregates else None, finer)


def _texts(row: Mapping[str, Any]) -> Iterable[str]:
    return (folded(row[language]) for language in ("en", "es") if language in row)


def _meaning(row: Mapping[str, Any]) -> Meaning:
    if row.get("level") == "bag":
        return Meaning(Status.UNKNOWN, is_bag=True)
    status = Status(row["status"])
    at = tuple(
        (kind, country, Status(other["status"]))
        for kind, other in row.get("at", {}).items()
        for country in other["posts"]
    )
    leg = Leg(row["leg"]) if "leg" in row else None
    held = Status(row["held"]) if "held" in row else None
    by_leg = tuple((Leg(side), Status(other)) for side, other in row.get("by_leg", {}).items())
    return Meaning(status, leg, row.get("customs", _CUSTOMS.get(status)), held, at, by_leg)


def _table(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(files("shopkit.tracking").joinpath(f"data/{name}.yaml").read_text("utf-8"))
    return data
