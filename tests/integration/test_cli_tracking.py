"""``shopkit tracking``: numbers are looked at."""

from __future__ import annotations

import json
from typing import Any

import pytest


def test_a_valid_number(run: Any) -> None:
    """A right one is told with service, how far it is tracked and how well that is known, and issuer; exit code 0."""
    answer = run("tracking", "check", "RB123456785GB")

    assert answer.exit_code == 0
    assert answer.stdout == (
        "RB 123 456 785 GB: valid, S10 postal item, Registered letter, signed for at delivery, few scans on the way "
        "(from memory), issued in United Kingdom\n"
    )


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "The check digit (the ninth) would have to be 5"),
        ("es", "5: hay una cifra mal escrita"),
        ("pt", "5: há um algarismo errado"),
    ],
)
def test_a_wrong_number(run: Any, language: str, told: str) -> None:
    """A wrong one names the expected digit and what may have been meant; exit code 1."""
    answer = run("tracking", "check", "RB123456786US", "--lang", language)

    assert answer.exit_code == 1
    assert told in answer.stdout
    assert "RB123456785US" in answer.stdout


def test_many_from_stdin_as_json(run: Any) -> None:
    """Lines of stdin and arguments are answered in order, one JSON object a line."""
    answer = run("tracking", "check", "1Z999AA10123456784", "-", "--json", stdin="rb 123 456 785 gb\n\nhello\n")
    rows = [json.loads(line) for line in answer.stdout.splitlines()]

    assert answer.exit_code == 1
    assert [(row["number"], row["format"], row["valid"]) for row in rows] == [
        ("1Z999AA10123456784", "ups", None),
        ("RB123456785GB", "s10", True),
        ("HELLO", None, False),
    ]
    assert rows[1]["issuer"] == {"code": "GB", "name": "United Kingdom", "text": "issued in United Kingdom"}
    assert rows[1]["service"]["tracked_evidence"] == "memory"


def test_anothers_number_is_no_fault(run: Any) -> None:
    """A number of another carrier is told as recognised by its shape; exit code 0."""
    answer = run("tracking", "check", "1Z999AA10123456784", "--lang", "pt")

    assert (answer.exit_code, answer.stdout) == (0, "1Z999AA10123456784: reconhecido só pela forma, UPS\n")


def test_an_empty_stdin_is_told(run: Any) -> None:
    """Nothing on stdin is an error of the caller, not a good answer."""
    assert run("tracking", "check", "-", stdin="").exit_code == 2
