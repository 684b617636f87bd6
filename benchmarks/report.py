"""What a run found: figures, goals met or not, as a table on the terminal, as JSON, and as the table that is kept."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

RESULTS: Final = Path(__file__).parent / "results"
KEPT: Final = RESULTS / "latest.md"


@dataclass(frozen=True, slots=True)
class Goal:
    """What was wanted of a figure; ``at_least`` or ``at_most``."""

    name: str
    measured: float
    wanted: float
    at_most: bool = False
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether it was reached."""
        return self.measured <= self.wanted if self.at_most else self.measured >= self.wanted

    def row(self) -> tuple[str, str, str, str]:
        """Return the goal as a row of a table."""
        sign = "≤" if self.at_most else "≥"
        unit = f" {self.unit}" if self.unit else ""
        return (self.name, f"{figure(self.measured)}{unit}", f"{sign} {figure(self.wanted)}{unit}", yes(self.met))


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value, and how it came about."""

    name: str
    value: float
    unit: str
    note: str = ""

    def row(self) -> tuple[str, str, str, str]:
        """Return the figure as a row of a table."""
        return (self.name, figure(self.value), self.unit, self.note)


@dataclass(slots=True)
class Report:
    """All that a run found."""

    figures: list[Figure] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    begun: datetime = field(default_factory=lambda: datetime.now(UTC))
    load_before: float = field(default_factory=lambda: os.getloadavg()[0])

    def add(self, name: str, value: float, unit: str, note: str = "") -> None:
        """Note a figure."""
        self.figures.append(Figure(name, value, unit, note))

    def goal(self, name: str, measured: float, wanted: float, *, at_most: bool = False, unit: str = "") -> None:
        """Note a goal and how far it was reached."""
        self.goals.append(Goal(name, measured, wanted, at_most, unit))

    def machine(self) -> str:
        """Return what it ran on, in a line."""
        return (
            f"{platform.system()} {platform.machine()}, {_processor()}, {os.cpu_count()} cores, "
            f"{platform.python_implementation()} {platform.python_version()}, "
            f"load {self.load_before:.1f} before the run"
        )

    def text(self) -> str:
        """Return the tables for a terminal."""
        parts = [self.machine(), "", *_columns([one.row() for one in self.figures])]
        if self.goals:
            parts += ["", *_columns([("goal", "measured", "wanted", "met"), *(one.row() for one in self.goals)])]
        return "\n".join([*parts, *(f"\n{remark}" for remark in self.remarks)])

    def markdown(self) -> str:
        """Return the tables as a page to keep."""
        return "\n".join(
            [
                "# What `make bench` measured",
                "",
                f"{self.begun.date().isoformat()}, {self.machine()}.",
                "Every ratio is the median over rounds of one run in which both sides took turns;",
                "absolute figures hold for that machine only.",
                "",
                "| goal | measured | wanted | met |",
                "|---|---|---|---|",
                *(f"| {' | '.join(one.row())} |" for one in self.goals),
                "",
                "| figure | value | unit | how |",
                "|---|---|---|---|",
                *(f"| {' | '.join(one.row())} |" for one in self.figures),
                *(["", *(f"- {remark}" for remark in self.remarks)] if self.remarks else []),
                "",
            ]
        )

    def data(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "begun": self.begun.isoformat(timespec="seconds"),
            "machine": self.machine(),
            "figures": [asdict(one) for one in self.figures],
            "goals": [asdict(one) | {"met": one.met} for one in self.goals],
            "remarks": self.remarks,
        }

    def write(self, *, keep: bool) -> Path:
        """Write the JSON under its date and, if told to, the table that is kept; return the JSON's path."""
        path = RESULTS / f"{self.begun:%Y-%m-%dT%H%M%S}.json"
        path.write_text(json.dumps(self.data(), indent=2, ensure_ascii=False) + "\n", "utf-8")
        if keep:
            KEPT.write_text(self.markdown(), "utf-8")
        return path


def figure(value: float) -> str:
    """Return a number with as many digits as it deserves."""
    if abs(value) >= 100:  # noqa: PLR2004  # three digits are enough
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"


def yes(met: bool) -> str:  # noqa: FBT001  # it is the value itself
    """Return yes or no."""
    return "yes" if met else "NO"


def _columns(rows: list[tuple[str, str, str, str]]) -> list[str]:
    widths = [max((len(row[index]) for row in rows), default=0) for index in range(4)]
    return [
        f"{name:<{widths[0]}}  {value:>{widths[1]}}  {unit:<{widths[2]}}  {note}".rstrip()
        for name, value, unit, note in rows
    ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown processor"
