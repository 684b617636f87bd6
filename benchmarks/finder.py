"""How often the finder is right, and what a search takes: on titles of our own, and on labelled texts of others."""

from __future__ import annotations

import csv
import os
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process

from benchmarks.goods import ROOT
from landed_cost.classify import classify
from landed_cost.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.report import Report

TITLES: Final = Path(__file__).parent / "titles.csv"
LATER: Final = Path(__file__).parent / "titles_later.csv"
GOAL_PERCENT: Final = 80
TIMES_FASTER: Final = 20
FIRST: Final = 5
# Labels of the given texts that are of an older edition of the Harmonized System than 2022.
RENEWED: Final = {"080300": "080390", "851712": "851713"}


@dataclass(frozen=True, slots=True)
class Case:
    """A title, its language, and the codes of six digits that are right for it."""

    title: str
    language: str
    codes: frozenset[str]

    @property
    def headings(self) -> frozenset[str]:
        """The headings, of four digits, of those codes."""
        return frozenset(code[:4] for code in self.codes)


@dataclass(frozen=True, slots=True)
class Score:
    """How many of ``cases`` had a right heading or code first, and among the first five; and which had none."""

    cases: int
    heading_first: int
    heading_five: int
    code_first: int
    code_five: int
    missed: tuple[Case, ...]


def titles(path: Path) -> list[Case]:
    """Return the titles of a file of our own."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Case(row["title"], row["language"], frozenset(row["hs6"].split("|"))) for row in csv.DictReader(file)]


def given() -> list[Case]:
    """Return the labelled texts of the reference data, which lie outside the project; none where they are not there."""
    path = Path(os.environ.get("SHOPKIT_SHARED", ROOT.parent / "shared")) / "data" / "hs" / "hs_benchmark_cases.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Case(
                row["text"],
                row["language"],
                frozenset({RENEWED.get(row["expected_hs_code"], row["expected_hs_code"])}),
            )
            for row in csv.DictReader(file)
        ]


def score(cases: Sequence[Case]) -> Score:
    """Look every title up and count what was found."""
    heading_first = heading_five = code_first = code_five = 0
    missed = []
    for case in cases:
        codes = [found.hs6 for found in classify(case.title, case.language, FIRST, partly=True)]
        headings = [code[:4] for code in codes]
        heading_first += not case.headings.isdisjoint(headings[:1])
        heading_five += not case.headings.isdisjoint(headings)
        code_first += not case.codes.isdisjoint(codes[:1])
        code_five += not case.codes.isdisjoint(codes)
        if case.headings.isdisjoint(headings):
            missed.append(case)
    return Score(len(cases), heading_first, heading_five, code_first, code_five, tuple(missed))


def measure(report: Report, *, rounds: int) -> None:
    """Score both sets, and time a search beside comparing a title with every word and phrase that is known."""
    for name, cases in (
        ("titles of our own", titles(TITLES)),
        ("later titles", titles(LATER)),
        ("texts of others", given()),
    ):
        if not cases:
            report.remarks.append(f"finder, {name}: not measured, the reference data is not on this machine")
            continue
        found = score(cases)
        for what, count in (
            ("heading first", found.heading_first),
            ("heading among the first five", found.heading_five),
            ("six digits first", found.code_first),
            ("six digits among the first five", found.code_five),
        ):
            report.add(f"finder, {name}: {what}", 100 * count / found.cases, "%", f"{count} of {found.cases}")
        report.goal(
            f"finder, {name}: heading among the first five", 100 * found.heading_five / found.cases, GOAL_PERCENT
        )
        report.remarks += [
            f"finder missed “{case.title}” ({', '.join(sorted(case.headings))})" for case in found.missed
        ]
    _speed(report, rounds)


def _speed(report: Report, rounds: int) -> None:
    cases = titles(TITLES)
    phrases = sorted({" ".join(sorted(one.stems)) for many in load_vocabulary().by_rarest.values() for one in many})
    for case in cases:
        classify(case.title, case.language, partly=True)
    ours, theirs = [], []
    for _ in range(rounds):
        begun = time.perf_counter()
        for case in cases:
            classify(case.title, case.language, partly=True)
        between = time.perf_counter()
        for case in cases[::10]:
            process.extract(case.title, phrases, scorer=fuzz.token_set_ratio, limit=FIRST)
        ours.append((between - begun) / len(cases))
        theirs.append((time.perf_counter() - between) / len(cases[::10]))
    times = median(other / own for own, other in zip(ours, theirs, strict=True))
    report.add("finder: a search", 1_000 * median(ours), "ms", f"of {len(phrases):,} phrases, vocabulary loaded")
    report.goal("finder: times faster than fuzzy comparison with every phrase", times, TIMES_FASTER)
