"""Which skips are allowed where: the rule that decides what a green run means."""

from __future__ import annotations

import os
from typing import TypeVar

import pytest

NO_REFERENCE_DATA = "the reference data is no part of the project and not beside it; SHOPKIT_SHARED names its folder"

_Report = TypeVar("_Report", pytest.TestReport, pytest.CollectReport)


def not_skipped_in_ci(report: _Report) -> _Report:
    """With CI set a skip becomes a failure, for nothing may be missing there, the reference data neither."""
    expected_to_fail = hasattr(report, "wasxfail")
    if os.environ.get("CI") and report.skipped and not expected_to_fail:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{reason} (with CI set a skip is a failure)"
    return report
