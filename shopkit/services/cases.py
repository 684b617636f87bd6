"""The worked cases: read from YAML, and held against what a door answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Case:
    """One case as a person wrote it; ``file`` and ``name`` find it again."""

    file: str
    name: str
    request: dict[str, Any]
    expect: dict[str, Any]
    needs: tuple[str, ...]
    complete_basket: str | None

    @property
    def id(self) -> str:
        """What a test run prints."""
        return f"{self.file}: {self.name}"


_OUTCOMES = ("complete", "estimated", "refused")
_KEYS = {"name", "source", "working", "date", "request", "expect", "needs", "complete_basket"}
_EXPECT = {
    "outcome", "regime", "charges", "totals", "rests_on", "reasons", "range", "preferences", "restrictions", "evidence",
    "options",
}  # fmt: skip


class CasesError(ValueError):
    """A file of cases cannot be read; the message names the file, the case and what to write instead."""


def read_cases(folder: Path) -> list[Case]:
    """Return every case under ``folder`` (``<cc>/*.yaml``); ``CasesError`` names the first one that is wrong."""
    found: list[Case] = []
    for path in sorted(folder.glob("*/*.yaml")):
        file = f"{path.parent.name}/{path.name}"
        found += [_case(row, file, number) for number, row in enumerate(_rows(path, file), start=1)]
    names = [case.id for case in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise CasesError(f"{twice[0]}: the name stands twice; give each case a name of its own")
    return found


def _rows(path: Path, file: str) -> list[Any]:
    try:
        rows = yaml.safe_load(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise CasesError(f"{file}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    except yaml.YAMLError as error:
        raise CasesError(f"{file}: not YAML: {error}") from None
    if not isinstance(rows, list):
        raise CasesError(f"{file}: a list of cases is expected; begin each with - name:")
    return rows


def _case(row: Any, file: str, number: int) -> Case:  # noqa: ANN401  # whatever the file holds
    if not isinstance(row, dict) or not isinstance(row.get("name"), str):
        raise CasesError(f"{file}: case {number} has no name; write name: in one line what it shows")
    where = f"{file}: {row['name']}"
    for key in ("source", "working"):
        if not str(row.get(key) or "").strip():
            raise CasesError(
                f"{where}: {key} is missing; a case shows where its figures are from and how they come about"
            )
    for key in ("request", "expect"):
        if not isinstance(row.get(key), dict):
            raise CasesError(f"{where}: {key} is missing; write {key}: with its fields under it")
    expect = row["expect"]
    for keys, known, place in ((set(row), _KEYS, ""), (set(expect), _EXPECT, "expect: ")):
        if unknown := sorted(map(str, keys - known)):
            raise CasesError(f"{where}: {place}unknown {unknown[0]!r}; known: {', '.join(sorted(known))}")
    if expect.get("outcome") not in _OUTCOMES:
        raise CasesError(f"{where}: expect: outcome is one of {', '.join(_OUTCOMES)}")
    if unquoted := _unquoted(row["request"], "request") or _unquoted(expect, "expect"):
        raise CasesError(f"{where}: {unquoted}; put codes, dates and amounts in quotes")
    needs = tuple(row.get("needs") or ())
    return Case(file, row["name"], row["request"], expect, needs, row.get("complete_basket"))


def _unquoted(value: object, where: str) -> str | None:
    """Return the place of the first value that YAML read as something other than the text that it looks like."""
    if isinstance(value, dict):
        found = (_unquoted(part, f"{where}: {key}") for key, part in value.items())
        return next((place for place in found if place), None)
    if isinstance(value, list):
        return next((place for part in value if (place := _unquoted(part, where))), None)
    return f"{where}: {value} is not a text" if isinstance(value, float | date) else None


def differences(case: Case, answer: dict[str, Any]) -> list[str]:
    """Return in words where ``answer`` differs from what the case expects."""
    expect = case.expect
    assessment = answer["assessment"]
    wanted: dict[str, object] = {key: expect[key] for key in ("outcome", "evidence", "regime") if key in expect}
    got: dict[str, object] = {key: assessment.get(key, answer.get(key)) for key in wanted}
    wanted |= {f"totals.{name}": amount for name, amount in expect.get("totals", {}).items()}
    got |= {f"totals.{name}": answer["totals"][name] for name in expect.get("totals", {})}
    wanted |= {f"range.{name}": bounds for name, bounds in expect.get("range", {}).items()}
    got |= {f"range.{name}": answer["range"].get(name) for name in expect.get("range", {})}
    options = {option["regime"]: option["import_charges"] for option in answer["options"]}
    wanted |= {f"option {one['regime']}": one.get("import_charges") for one in expect.get("options", [])}
    got |= {f"option {one['regime']}": options.get(one["regime"]) for one in expect.get("options", [])}
    for offer in expect.get("preferences", []):
        offers = {one["agreement"]: one for one in answer["preferences"] if offer.get("item") in (None, one["item"])}
        shown: dict[str, Any] = offers.get(offer["agreement"], {})
        keys = [key for key in offer if key != "item"]
        wanted[f"preference {offer['agreement']}"] = {key: offer[key] for key in keys}
        got[f"preference {offer['agreement']}"] = {key: _told(shown.get(key)) for key in keys}
    found = [f"{what}: expected {wanted[what]!r}, got {got[what]!r}" for what in wanted if wanted[what] != got[what]]
    return found + _charges(expect, answer) + _missing(expect, answer)


def _told(value: Any) -> Any:  # noqa: ANN401  # what JSON holds
    """Return what a case compares: of an advice its code, of duties that are left their ids."""
    if isinstance(value, dict) and "code" in value:
        return value["code"]
    if isinstance(value, list):
        return [one["id"] for one in value]
    return value


def _charges(expect: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """Compare the charges in their order; lines of nothing (free, exempt) need not be listed."""
    if "charges" not in expect:
        return []
    listed = [(charge["id"], charge.get("item"), charge["amount"]) for charge in expect["charges"]]
    shown = [
        charge
        for charge in answer["charges"]
        if Decimal(charge["amount"]) or (charge["id"], charge["item"], charge["amount"]) in listed
    ]
    got = [(charge["id"], charge["item"], charge["amount"]) for charge in shown]
    if got != listed:
        return [f"charges: expected {listed}, got {got}"]
    return [
        f"{wanted['id']} {key}: expected {wanted[key]!r}, got {charge[key]!r}"
        for wanted, charge in zip(expect["charges"], shown, strict=True)
        for key in ("payer", "collected")
        if key in wanted and wanted[key] != charge[key]
    ]


def _missing(expect: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """Name what must be there and is not: rules the answer rests on, reasons, restrictions."""
    present = {
        "rests_on": {rule["id"] for rule in answer["rules"]} | {line["rule"]["id"] for line in answer["charges"]},
        "reasons": {reason["code"] for reason in answer["assessment"]["reasons"]},
        "restrictions": {restriction["id"] for restriction in answer["restrictions"]},
    }
    return [
        f"{what}: {one} is missing; there are {sorted(there)}"
        for what, there in present.items()
        for one in expect.get(what, [])
        if one not in there
    ]
