"""The rule about skipping."""

from __future__ import annotations

import pytest

from tests.skips import NO_REFERENCE_DATA, not_skipped_in_ci


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start without CI, wherever this runs."""
    monkeypatch.delenv("CI", raising=False)


def skipped(reason: str) -> pytest.TestReport:
    """Return the report of a test skipped for ``reason``."""
    place = ("test_a.py", 1, "test_a")
    return pytest.TestReport("test_a.py::test_a", place, {}, "skipped", ("test_a.py", 1, f"Skipped: {reason}"), "setup")


def test_a_skip_is_a_skip_at_home() -> None:
    """Without CI a test may skip for what the machine lacks."""
    assert not_skipped_in_ci(skipped("no Chromium")).outcome == "skipped"


def test_a_skip_is_a_failure_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """With CI set the same skip fails and still says what is missing."""
    monkeypatch.setenv("CI", "true")

    report = not_skipped_in_ci(skipped("no Chromium"))

    assert (report.outcome, report.longrepr) == ("failed", "Skipped: no Chromium (with CI set a skip is a failure)")


def test_an_expected_failure_is_no_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that is expected to fail is reported as skipped by pytest, and left alone."""
    monkeypatch.setenv("CI", "true")
    report = skipped("known")
    report.wasxfail = "known"

    assert not_skipped_in_ci(report).outcome == "skipped"


def test_absent_reference_data_is_no_excuse_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """With CI set the reference data must lie beside the project, for the law is tested against it."""
    monkeypatch.setenv("CI", "true")

    assert not_skipped_in_ci(skipped(NO_REFERENCE_DATA)).outcome == "failed"
