"""A rulebook of one small destination, as text, to be broken in every way a person may break it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from landed_cost import RulebookError, load_rulebook
from tests.unit.landed_cost.qz import RATES

if TYPE_CHECKING:
    from pathlib import Path

    from landed_cost import Rulebook

SMALL = """\
destination: QY
name: {en: Y, es: Y, pt: Y}
currency: USD
timezone: UTC
evidence_from: 2026-01-01
evidence_until: 2026-12-31
bands: qy
valuation: {basis: CIF, fact: qy.value, insurance: qy.insurance}
regions: {required_by: [qy.tax], values: [A]}
facts:
- {id: qy.value, what: Value, value: CIF, unit: text, from: null, to: null, known_until: 2026-06-30, status: verified, sources: [Act 1]}
- {id: qy.insurance, what: Insurance, value: "1", unit: percent, from: null, to: null, known_until: 2026-06-30, status: verified, sources: [Act 1]}
- {id: qy.rate, group: qy.rates, origin: [AA], region: [A], key: K, what: Rate, value: "10", unit: percent, from: 2026-01-01, to: 2026-05-31, known_until: 2026-06-30, status: verified, sources: [Act 1]}
- {id: qy.rate, group: qy.rates, origin: [AA], region: [A], key: K, what: Rate, value: "12", unit: percent, from: 2026-06-01, to: null, known_until: 2026-06-30, status: verified, sources: [Act 1]}
- {id: qy.fee, what: Fee, value: 5, unit: USD, from: null, to: null, known_until: 2026-06-30, status: verified, sources: [Act 1]}
lists:
- {id: qy.list, file: qy.csv, what: List, from: null, to: null, known_until: 2026-06-30, status: verified, sources: [Act 1]}
regimes:
- id: qy.entry
  name: {en: Entry, es: Despacho, pt: Despacho}
  charges:
  - {id: qy.duty, kind: duty, name: {en: D, es: D, pt: D}, base: [customs_value], rate: {fact: qy.rate}}
  - id: qy.tax
    kind: tax
    name: {en: T, es: T, pt: T}
    when: {hs: ["61"]}
    base: [customs_value, qy.duty]
    rate: {by_region: qy.rates}
    exempt:
    - {id: qy.tax.free, when: {list: qy.list}, ask: used, question: {en: Q, es: Q, pt: Q}, from: null, to: null, known_until: 2026-06-30, status: verified, sources: [Act 1]}
  - {id: qy.fee, kind: fee, name: {en: F, es: F, pt: F}, per: consignment, amount: {fact: qy.fee}}
refusals:
- {id: qy.no, when: {terms: [DDP]}, message: {en: "No", es: "No", pt: "No"}, from: null, to: null, known_until: 2026-06-30, status: verified, sources: [Act 1]}
restrictions:
- {id: qy.plants, severity: requires, when: {hs: ["06"]}, message: {en: P, es: P, pt: P}, from: null, to: null, known_until: 2026-06-30, status: verified, sources: [Act 1]}
not_included:
- {id: qy.storage, text: {en: S, es: S, pt: S}}
"""  # noqa: E501  # a rule to a line, so that a fault is on a line of its own
LIST = "list,hs_prefix,kind\nqy.list,61,a\n"
BANDS = "# Invented.\nhs,lines,min,typical,max\n61,1,10,10,10\n"
AGREEMENTS = """\
- id: qy_pact
  name: {en: P, es: P, pt: P}
  members: {QY: 2020-01-01, AA: 2020-01-01}
  proof: {en: P, es: P, pt: P}
  known_until: 2026-06-30
  status: verified
  sources: [Act 1]
"""


_WHAT = re.compile(r'\bwhat: ("[^"]*"|[^,{}]+)(?=[,}])')


def spoken(law: str) -> str:
    """Return a law whose rows say in one word what they are about, with that word in each language."""
    return _WHAT.sub(r"what: {en: \1, es: \1, pt: \1}", law)


def write(folder: Path, **files: str) -> Path:
    """Write the small rulebook to ``folder``, with other texts for ``law``, ``lists``, ``bands`` and ``agreements``."""
    (folder / "lists").mkdir(exist_ok=True)
    (folder / "bands").mkdir(exist_ok=True)
    (folder / "VERSION").write_text("1\n", "utf-8")
    (folder / "qy.yaml").write_text(spoken(files.get("law", SMALL)), "utf-8")
    (folder / "lists" / "qy.csv").write_text(files.get("lists", LIST), "utf-8")
    (folder / "bands" / "qy.csv").write_text(files.get("bands", BANDS), "utf-8")
    (folder / "agreements.yaml").write_text(files.get("agreements", AGREEMENTS), "utf-8")
    return folder


def load(folder: Path, **files: str) -> Rulebook:
    """Return the small rulebook with the given texts in place of its own."""
    return load_rulebook(write(folder, **files), RATES)


def fault(folder: Path, **files: str) -> str:
    """Return what the loader says of the small rulebook with these texts."""
    with pytest.raises(RulebookError) as caught:
        load(folder, **files)
    assert str(caught.value) == f"{caught.value.where}: {caught.value.message}"
    return str(caught.value)


def changed(text: str, old: str, new: str) -> str:
    """Return ``text`` with the only place of ``old`` replaced."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def line_of(text: str, part: str) -> int:
    """Return the line on which ``part`` stands last."""
    return text[: text.rindex(part)].count("\n") + 1
