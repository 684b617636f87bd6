"""What drafts are worth and what they cost: chrF of each engine on public texts, with and without what we add to it.

The texts are the reference data's interface strings (``parallel/*.jsonl``), 200 of each file; the score is sacrebleu's
chrF of drafts in small letters. It is a gauge of regressions between runs, not a claim of quality: other people's
wording is uneven, and so short. A refused draft counts as its source, for that is what a page would show.
"""

from __future__ import annotations

import json
import os
import random
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.goods import ROOT
from shopkit.config import load_settings
from shopkit.services.engines import open_engines
from translations.drafting import Desk, Draft, Text, draft_all
from translations.measures import localise
from translations.memory import Memory, Unit
from translations.termfiles import shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.report import Report
    from shopkit.engines.port import Machine

SEGMENTS: Final = 200
GENERATED: Final = 5_000
# Names in the files, and the locales that they are written for.
DIRECTIONS: Final = (("es", "en"), ("en", "es"), ("es", "pt_BR"), ("pt_BR", "es"), ("en", "pt_BR"), ("pt_BR", "en"))
LOCALES: Final = {"es": "es", "en": "en-US", "pt_BR": "pt-BR"}
_PLACEHOLDERS: Final = (
    "{size}",
    "{{total}}",
    "%(name)s",
    "%s",
    "<b>",
    "</b>",
    "{n, plural, one {x} other {y}}",
    "&amp;",
)
_WORDS: Final = (
    "mesa roja",
    "hecha a mano",
    "en Oaxaca",
    "talla 42",
    "12,5 cm",
    "$1.250,50",
    "https://a.mx/?b=1&c",
    "*",
    "~",
)
_COUNTED: Final = (*_PLACEHOLDERS[:5], _PLACEHOLDERS[6], "<b>", "</b>", "https://a.mx/?b=1&c", "$1.250,50")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one file: those that are scored, and the others, which a memory may hold."""

    name: str
    scored: tuple[dict[str, Any], ...]
    others: tuple[dict[str, Any], ...]


def rows() -> list[Rows]:
    """Return the reference data's texts; none where it is not there."""
    folder = Path(os.environ.get("SHOPKIT_SHARED", ROOT.parent / "shared")) / "data" / "parallel"
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            every = [json.loads(line) for line in file]
        found.append(Rows(path.stem, tuple(every[:SEGMENTS]), tuple(every[SEGMENTS:])))
    return found


def measure(report: Report) -> None:
    """Score every engine that can be asked here, and time its drafts."""
    scorer = _scorer()
    if scorer is None:
        report.remarks.append("drafts: not scored, sacrebleu is not installed (the extra “bench”)")
        return
    given = rows()
    if not given:
        report.remarks.append("drafts: not scored, the reference data is not on this machine")
    engines = open_engines(load_settings())
    report.remarks += [f"drafts: {one.engine} not measured: {one.message}" for one in engines.troubles]
    for machine in engines.machines:
        if machine.engine.name in {"none", "sandbox"}:
            continue
        for one in given:
            for source, target in DIRECTIONS:
                if machine.engine.route(LOCALES[source], LOCALES[target]):
                    _score(report, machine, one, (source, target), scorer)
        _protection(report, machine)


def _score(report: Report, machine: Machine, given: Rows, pair: tuple[str, str], scorer: Scorer) -> None:
    source, target = pair
    texts = [row[source].strip() for row in given.scored]
    wanted = [row[target].strip().lower() for row in given.scored]
    plain = Desk(((machine.engine, machine.transport),))
    guarded = replace(plain, localise=localise)
    termed = replace(guarded, terms=shipped())
    ways = {
        "bare": replace(plain, protects=False),
        "protected": guarded,
        "and terms": termed,
        "and memory": replace(termed, memory=_memory(given, source, target)),
    }
    name = f"drafts by {machine.engine.name}, {given.name} {source}→{target}"
    report.add(f"{name}: copying the source", scorer([text.lower() for text in texts], wanted), "chrF")
    for way, desk in ways.items():
        begun = time.perf_counter()
        found = draft_all(desk, [Text(text) for text in texts], LOCALES[source], LOCALES[target])
        rate = len(texts) / (time.perf_counter() - begun)
        report.add(f"{name}: {way}", scorer([_shown(one) for one in found], wanted), "chrF", _told(found, rate))


def _memory(given: Rows, source: str, target: str) -> Memory:
    return Memory(
        Unit(row["id"], row[source].strip(), row[target].strip(), LOCALES[source], LOCALES[target], status="approved")
        for row in given.others
    )


def _shown(one: Draft) -> str:
    return (one.source if one.text is None else one.text).lower()


def _told(found: Sequence[Draft], rate: float) -> str:
    refused = sum(one.text is None for one in found)
    terms = sum(len(piece.terms) for one in found for piece in one.pieces)
    known = sum(piece.origin == "memory" for one in found for piece in one.pieces)
    return f"{rate:,.0f} drafts/s, {refused} refused, {terms} terms put in, {known} from memory"


def _protection(report: Report, machine: Machine) -> None:
    """Send generated sentences full of what must not be touched, and count those that come back whole."""
    chance = random.Random(20261127)  # noqa: S311  # the same sentences in every run
    texts = [" ".join(chance.choices((*_PLACEHOLDERS, *_WORDS), k=chance.randint(1, 10))) for _ in range(GENERATED)]
    desk = Desk(((machine.engine, machine.transport),))
    begun = time.perf_counter()
    found = draft_all(desk, [Text(text) for text in texts], "es-MX", "en-US")
    seconds = time.perf_counter() - begun
    kept = sum(
        one.text is not None and all(one.text.count(mark) == one.source.count(mark) for mark in _COUNTED)
        for one in found
    )
    report.add(f"drafts by {machine.engine.name} in one batch", GENERATED / seconds, "drafts/s", "generated sentences")
    report.goal(
        f"drafts by {machine.engine.name}: placeholders of {GENERATED:,} generated sentences intact",
        100 * kept / GENERATED,
        100,
        unit="%",
    )


if TYPE_CHECKING:
    Scorer = Callable[[list[str], list[str]], float]


def _scorer() -> Scorer | None:
    try:
        from sacrebleu.metrics.chrf import CHRF  # noqa: PLC0415  # an extra of its own
    except ImportError:
        return None
    metric = CHRF()
    return lambda drafts, wanted: float(metric.corpus_score(drafts, [wanted]).score)
