"""The worked cases: read from YAML, and held against what a door answers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


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


_KEYS = {"name", "source", "working", "date", "request", "expect", "needs", "complete_basket"}
_EXPECT = {
    "outcome", "regime", "charges", "totals", "rests_on", "reasons", "range", "preferences", "restrictions", "evidence",
    "options",
}  # fmt: skip


def cases(folder: Path = FOLDER) -> list[Case]:
    """Return every case under ``folder``; an unknown key or a name used twice is an error that names the file."""
    found: list[Case] = []
    for path in sorted(folder.glob("*/*.yaml")):
        file = f"{path.parent.name}/{path.name}"
        for row in yaml.safe_load(path.read_text("utf-8")):
            unknown = (set(row) - _KEYS) | (set(row["expect"]) - _EXPECT)
            if unknown or not row.get("source") or not str(row.get("working", "")).strip():
                message = f"{file}: {row['name']}: unknown keys {unknown}, or no source or working"
                raise ValueError(message)
            needs = tuple(row.get("needs") or ())
            found.append(Case(file, row["name"], row["request"], row["expect"], needs, row.get("complete_basket")))
    names = [case.id for case in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        message = f"cases that share a name: {sorted(twice)}"
        raise ValueError(message)
    return found


def differences(case: Case, answer: dict[str, Any]) -> list[str]:
    """Return in words where ``answer`` differs from what the case expects."""
    expect, found = case.expect, []

    def compare(what: str, wanted: object, got: object) -> None:
        if wanted != got:
            found.append(f"{what}: expected {wanted!r}, got {got!r}")

    compare("outcome", expect["outcome"], answer["assessment"]["outcome"])
    if "evidence" in expect:
        compare("evidence", expect["evidence"], answer["assessment"]["evidence"])
    if "regime" in expect:
        compare("regime", expect["regime"], answer["regime"])
    if "charges" in expect:
        named = {charge["id"] for charge in expect["charges"]}
        # Lines of nothing (free, exempt) are shown with their law; a case need not list them.
        got = [charge for charge in answer["charges"] if Decimal(charge["amount"]) or charge["id"] in named]
        listed = [(charge["id"], charge.get("item"), charge["amount"]) for charge in expect["charges"]]
        if any(Decimal(amount) == 0 for _, _, amount in listed):
            got = [one for one in got if Decimal(one["amount"]) or (one["id"], one["item"], one["amount"]) in listed]
        compare("charges", listed, [(charge["id"], charge["item"], charge["amount"]) for charge in got])
        for wanted, charge in zip(expect["charges"], got, strict=False):
            for key in ("payer", "collected"):
                if key in wanted:
                    compare(f"{charge['id']} {key}", wanted[key], charge[key])
    for name, amount in expect.get("totals", {}).items():
        compare(f"totals.{name}", amount, answer["totals"][name])
    for name, bounds in expect.get("range", {}).items():
        compare(f"range.{name}", bounds, answer["range"].get(name))
    cited = {rule["id"] for rule in answer["rules"]} | {charge["rule"]["id"] for charge in answer["charges"]}
    for rule in expect.get("rests_on", []):
        if rule not in cited:
            found.append(f"rests_on: {rule} is not cited; cited are {sorted(cited)}")
    codes = {reason["code"] for reason in answer["assessment"]["reasons"]}
    for code in expect.get("reasons", []):
        if code not in codes:
            found.append(f"reasons: {code} is missing; there are {sorted(codes)}")
    offers = {offer["agreement"]: offer for offer in answer["preferences"]}
    for wanted_offer in expect.get("preferences", []):
        offer = offers.get(wanted_offer["agreement"], {})
        compare(
            f"preference {wanted_offer['agreement']}",
            {key: value for key, value in wanted_offer.items() if key != "item"},
            {key: offer.get(key) for key in wanted_offer if key != "item"},
        )
    shown = {restriction["id"] for restriction in answer["restrictions"]}
    for id_ in expect.get("restrictions", []):
        if id_ not in shown:
            found.append(f"restrictions: {id_} is missing; there are {sorted(shown)}")
    options = {option["regime"]: option["import_charges"] for option in answer["options"]}
    for option in expect.get("options", []):
        compare(f"option {option['regime']}", option.get("import_charges"), options.get(option["regime"]))
    return found
