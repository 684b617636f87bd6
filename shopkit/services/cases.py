"""The worked cases, held against what a door answers; :mod:`shopkit.services.case_files` reads them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Case:
    """One case as a person wrote it; ``file``, ``line`` and ``name`` find it again."""

    file: str
    line: int
    name: str
    request: dict[str, Any]
    expect: dict[str, Any]
    needs: tuple[str, ...]
    complete_basket: str | None

    @property
    def id(self) -> str:
        """What a test run prints."""
        return f"{self.file}: {self.name}"


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
    if wanted.get("outcome") != got.get("outcome"):
        # Whoever worked the case has to see what makes the answer less sure, or surer, than it was worked.
        found += [f"{one['level']} by {one['code']}: {one['message']}" for one in assessment["reasons"]]
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
        # The commonest slip: the same charges, laid on the parcel instead of on its items.
        same = [(id_, amount) for id_, _, amount in got] == [(id_, amount) for id_, _, amount in listed]
        hint = "; a percentage belongs to its item: write the item's id, null only for the whole parcel" if same else ""
        return [f"charges: expected {listed}, got {got}{hint}"]
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
