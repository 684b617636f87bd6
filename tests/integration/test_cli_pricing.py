"""shopkit price: a table for people, JSON for programs, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shopkit.api.examples import PRICED
from tests.shop import open_shop

DOCS = Path(__file__).parents[2] / "docs"
WHOLESALE = {"steps": [{"name": "Distribuidor", "percent": "30"}]}


def test_it_answers_as_http_does(run: Any, tmp_path: Path) -> None:
    """As JSON, in the language asked for, it is the same answer but for the moment."""
    file = tmp_path / "price.json"
    file.write_text(json.dumps(PRICED))
    reply = open_shop(tmp_path).test_client().post("/api/v1/pricing", json=PRICED, headers={"Accept-Language": "pt"})

    printed = run("price", "--json", "--lang", "pt", str(file))

    found, expected = json.loads(printed.stdout), reply.get_json()
    for one in (found, expected):
        del one["quote"]["created_at"]
    assert (printed.exit_code, found) == (0, expected)


def test_a_table_tells_what_is_left(run: Any, tmp_path: Path) -> None:
    """For people every line stands under the other, with the sum, the targets, the sizes and the worksheet."""
    file = tmp_path / "price.json"
    file.write_text(json.dumps(PRICED | {"wholesale": WHOLESALE}))

    printed = run("price", "--lang", "es", str(file))

    assert printed.exit_code == 0
    for part in ("in hand", "on the shelf", "Tela y confección", "margin", "pays from", "affordable", "landed"):
        assert part in printed.stdout


def test_what_cannot_be_told_is_a_dash(run: Any, tmp_path: Path) -> None:
    """A refused consignment has no lines, and its reasons are told."""
    asked = json.loads(json.dumps(PRICED))
    asked["quote"] |= {"destination": {"country": "GB"}, "terms": "DAP", "price_includes": []}
    file = tmp_path / "price.json"
    file.write_text(json.dumps(asked))

    printed = run("price", str(file))

    assert (printed.exit_code, printed.stdout.splitlines()[:2]) == (0, ["outcome  refused", "in hand  –"])
    assert "refused: " in printed.stdout


@pytest.mark.parametrize(
    ("body", "said"), [("{", "shopkit: "), ('{"currency": "MXN"}', "shopkit: /quote: This field is required.")]
)
def test_what_cannot_be_read_is_2(run: Any, body: str, said: str) -> None:
    """Each problem on stderr with its place."""
    printed = run("price", "-", stdin=body)

    assert (printed.exit_code, printed.stdout) == (2, "")
    assert printed.stderr.startswith(said)


def test_the_document_tells_what_is_printed(run: Any) -> None:
    """The example of the document is that of the description, and what it is said to print is printed."""
    file = DOCS / "examples" / "precio-playera.json"

    printed = run("price", str(file))

    assert json.loads(file.read_text("utf-8")) == PRICED
    assert f"```text\n{printed.stdout.rstrip()}\n```" in (DOCS / "pricing.md").read_text("utf-8")
