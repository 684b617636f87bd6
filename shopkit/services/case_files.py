"""Files of worked cases, read strictly: whatever is wrong is told with file, line, case and what to write instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from landed_cost.rulebook import RulebookError
from landed_cost.rulebook.reader import read_text
from shopkit.services.cases import Case
from shopkit.services.reading import read_shape
from shopkit.services.schemas import QuoteRequest

if TYPE_CHECKING:
    from pathlib import Path

    from landed_cost.rulebook.reader import Node
    from shopkit.services.problems import RequestProblem

_OUTCOMES: Final = ("complete", "estimated", "refused")
_AMOUNT: Final = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)
_TOTALS: Final = (
    "goods", "freight", "insurance", "customs_value", "duties", "taxes", "fees", "import_charges", "landed",
)  # fmt: skip
_RANGES: Final = ("import_charges", "landed")
_OFFER: Final = ("available", "claimed", "best", "paper", "waived", "advice")
_TEXT_TAGS: Final = (":str", ":null")


class CasesError(ValueError):
    """Files of cases cannot be read; the message names each file, line and case, and what to write instead."""


def read_cases(folder: Path) -> list[Case]:
    """Return every case under ``folder`` (``<cc>/*.yaml``); ``CasesError`` names the first fault of every file."""
    found, faults = survey(folder)
    if faults:
        raise CasesError("\n".join(faults))
    return found


def survey(folder: Path) -> tuple[list[Case], list[str]]:
    """Return the cases of the files that can be read, and the first fault of each file that cannot."""
    found: list[Case] = []
    faults: list[str] = []
    seen: set[str] = set()
    for path in sorted(folder.glob("*/*.yaml")):
        try:
            cases = _file(path, f"{path.parent.name}/{path.name}", seen)
        except RulebookError as error:
            faults.append(str(error))
        else:
            found += cases
    return found, faults


def _file(path: Path, file: str, seen: set[str]) -> list[Case]:
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise RulebookError(file, f"byte {error.start} is not UTF-8; save the file as UTF-8") from None
    tree = read_text(text, file, begin="- name: what the case shows")
    if not isinstance(tree.value, list):
        raise tree.fail("a list of cases is expected; begin each with - name:")
    cases = []
    for row in tree.items():
        name = row.value.get("name") if isinstance(row.value, dict) else None
        if name is None or name.value is None:
            raise row.fail("the case has no name; write name: in one line what it shows")
        try:
            case = _case(row, file, name.text())
        except RulebookError as error:
            raise RulebookError(error.where, f"{name.value}: {error.message}") from None
        if case.id in seen:
            raise row.fail(f"{case.name}: the name stands twice; give each case a name of its own")
        seen.add(case.id)
        cases.append(case)
    return cases


def _case(row: Node, file: str, name: str) -> Case:
    row.get("name")
    for key in ("source", "working"):
        node = row.get(key)
        if node is None or not str(_plain(node) or "").strip():
            raise row.fail(f"{key} is missing; a case shows where its figures are from and how they come about")
    for key in ("request", "expect"):
        node = row.get(key)
        if node is None or not isinstance(node.value, dict):
            raise (node or row).fail(f"{key} is missing; write {key}: with its fields under it")
    request, expect = row.need("request"), row.need("expect")
    needs = row.take("needs", lambda node: node.texts(), ())
    basket = row.take("complete_basket", lambda node: node.text(), None)
    row.done()
    _expected(expect)
    asked = _plain(request)
    _asked(request, asked)
    return Case(file, row.line, name, asked, _plain(expect), needs, basket)


def _asked(request: Node, value: Any) -> None:  # noqa: ANN401  # whatever the file holds
    """Hold the request against the shape that the API takes, and tell the first misfit at its own line."""
    problems: list[RequestProblem] = []
    read_shape(QuoteRequest, value, problems)
    if problems:
        # A name that is misspelt makes the right one missing: the misspelling is what helps.
        first = min(problems, key=lambda one: one.code != "unknown_field")
        here = request
        for part in first.pointer.split("/")[1:]:
            inner = here.value
            if isinstance(inner, dict) and part in inner:
                here = inner[part]
            elif isinstance(inner, list) and part.isdigit():
                here = inner[int(part)]
        raise here.fail(f"request{first.pointer}: {first.message('en')}")


def _expected(expect: Node) -> None:
    """Check what is expected: its names, and that every amount is a text."""
    outcome = expect.get("outcome")
    if outcome is None:
        raise expect.fail(f"expect: outcome is missing; it is one of {', '.join(_OUTCOMES)}")
    outcome.word(*_OUTCOMES)
    for key in ("regime", "evidence"):
        expect.take(key, lambda node: node.text(), None)
    for key in ("rests_on", "reasons", "restrictions"):
        expect.take(key, lambda node: node.texts(), ())
    for charge in expect.take("charges", lambda node: node.items(), ()):
        _charge(charge)
    _amounts(expect.get("totals"), _TOTALS)
    bounds = expect.get("range")
    if bounds is not None:
        for name in _RANGES:
            _amounts(bounds.get(name), ("low", "high"))
        bounds.done()
    _ways(expect)
    expect.done()


def _ways(expect: Node) -> None:
    for option in expect.take("options", lambda node: node.items(), ()):
        option.need("regime").text()
        _amount(option.get("import_charges"))
        option.done()
    for offer in expect.take("preferences", lambda node: node.items(), ()):
        offer.need("agreement").text()
        for key in ("item", "still_due", *_OFFER):
            offer.get(key)
        for key in ("saving", "break_even"):
            _amount(offer.get(key))
        _amounts(offer.get("saved"), ("duties", "taxes", "fees"))
        offer.done()


def _charge(charge: Node) -> None:
    charge.need("id").text()
    if not charge.has("item"):
        raise charge.fail("item is missing; write the id of its item for a percentage, null for the whole parcel")
    item = charge.get("item")
    if item is not None:
        item.text()
    _amount(charge.need("amount"))
    for key in ("payer", "collected"):
        charge.take(key, lambda node: node.text(), None)
    charge.done()


def _amounts(node: Node | None, names: tuple[str, ...]) -> None:
    if node is not None:
        for name in names:
            _amount(node.get(name))
        node.done()


def _amount(node: Node | None) -> None:
    if node is not None and (not node.tag.endswith(":str") or not _AMOUNT.fullmatch(node.value)):
        raise node.fail(f"{_shown(node)} is not an amount; write its digits in quotes, like '5.00'")


def _shown(node: Node) -> str:
    return str(node.value) if isinstance(node.value, str) else "this"


def _plain(node: Node) -> Any:  # noqa: ANN401  # whatever the file holds
    """Return the value itself; what YAML takes for something other than it looks like is refused."""
    if isinstance(node.value, dict):
        return {key: _plain(value) for key, value in node.value.items()}
    if isinstance(node.value, list):
        return [_plain(value) for value in node.value]
    if node.tag.endswith(":bool"):
        return node.flag() if node.value in {"true", "false"} else node.text()
    if node.tag.endswith(":int"):
        return node.whole()
    if not node.tag.endswith(_TEXT_TAGS):
        raise node.fail(f"{node.value} is not a text; put codes, dates and amounts in quotes")
    return node.value
