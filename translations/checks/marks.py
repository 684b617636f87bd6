"""What a translation has to carry over letter by letter: placeholders, markup, addresses, brands."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from translations.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translations.checks.case import Case, Stretch
    from translations.findings import Severity
    from translations.shapes import Kind

_CHECKS: Final[tuple[tuple[str, Kind, Severity], ...]] = (
    ("placeholder_set", "placeholder", "block"),
    ("xml-tags", "html", "block"),
    ("url", "url", "block"),
    ("emoji", "emoji", "warn"),
)


def sets(case: Case) -> Iterator[Finding]:
    """Find placeholders, tags, addresses and emoji that are not as often in the target as in the source."""
    for name, kind, severity in _CHECKS:
        yield from _differing(case, name, kind, severity)


def _differing(case: Case, name: str, kind: Kind, severity: Severity) -> Iterator[Finding]:
    wanted = [one for one in case.source_marks if one.kind == kind]
    there = [one for one in case.target_marks if one.kind == kind]
    lost = list((Counter(one.text for one in wanted) - Counter(one.text for one in there)).elements())
    extra = _surplus(there, Counter(one.text for one in wanted))
    # One that is lost and one that is new are the same one, changed: the engine translated it.
    paired = dict(zip(extra, lost, strict=False)) if len(lost) == len(extra) else {}
    for one in extra:
        if one in paired:
            values = {"found": one.text, "wanted": paired[one]}
            fix = paired[one] if len(lost) == 1 else None
            yield Finding(name, severity, (one.start, one.end), f"{name}.changed", values, fix)
        else:
            yield Finding(name, severity, (one.start, one.end), f"{name}.new", {"found": one.text})
    if not paired:
        for text in lost:
            yield Finding(name, severity, (len(case.target), len(case.target)), f"{name}.lost", {"wanted": text})


def _surplus(there: list[Stretch], wanted: Counter[str]) -> list[Stretch]:
    left = Counter(wanted)
    found = []
    for one in there:
        if left[one.text] > 0:
            left[one.text] -= 1
        else:
            found.append(one)
    return found


def brands(case: Case) -> Iterator[Finding]:
    """Find brands and models of the source that the target does not have, or writes otherwise."""
    for name in dict.fromkeys(one for one in case.context.keep if one):
        whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        missing = len(whole.findall(case.source)) - len(whole.findall(case.target))
        if missing <= 0:
            continue
        loose = re.compile(whole.pattern, re.IGNORECASE)
        others = [found for found in loose.finditer(case.target) if found[0] != name]
        for found in others[:missing]:
            yield Finding("brand_kept", "block", found.span(), "brand_kept.written", {"wanted": name}, name)
        if not others:
            end = len(case.target)
            yield Finding("brand_kept", "block", (end, end), "brand_kept.lost", {"wanted": name})


def articles(case: Case) -> Iterator[Finding]:
    """Find article numbers that the target lost."""
    wanted = Counter(one.text for one in case.source_marks if one.kind == "sku")
    there = Counter(one.text for one in case.target_marks if one.kind == "sku")
    end = len(case.target)
    for text in (wanted - there).elements():
        if text not in case.target:
            yield Finding("brand_kept", "block", (end, end), "brand_kept.lost", {"wanted": text})
