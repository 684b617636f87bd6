"""Whether a product may be offered: every worked case through the service, the HTTP door and the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner

from shopkit.cli import main
from tests import shop

if TYPE_CHECKING:
    from flask.testing import FlaskClient

Json = dict[str, Any]
CASES: list[Json] = yaml.safe_load((Path(__file__).parent / "readiness.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a client of a shop at a standing clock."""
    return shop.open_shop(tmp_path_factory.mktemp("shop")).test_client()


def ids(rows: list[Json]) -> list[str]:
    """Return the ids of findings, in order of the alphabet."""
    return sorted(row["id"] for row in rows)


def said(result: Json, expect: Json) -> Json:
    """Return of an answer what a case looks at."""
    every = [*result["blocks"], *result["held"], *result["advice"], *result["formalities"]]
    every += [row for rows in result["needs"].values() for row in rows]
    found: Json = {
        "status": result["status"],
        "blocks": ids(result["blocks"]),
        "needs": ids(result["needs"]["law"]),
        "asks": [asked["name"] or asked["kind"] for asked in result["questions"] if asked["could"] != "advise"],
        "ways": {way["channel"]: way["status"] for way in result["ways"]},
        "held": ids(result["held"]),
        "trade": ids(result["needs"]["trade"]),
        "signal": ids(result["needs"]["signal"]),
        "absent": sorted(set(expect.get("absent", [])) - {row["id"] for row in every}),
    }
    return {key: found[key] for key in expect}


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_worked_case_comes_out_as_worked(case: Json, client: FlaskClient) -> None:
    """Status, blocks, needs and questions are those that were worked by hand."""
    answer = client.post("/api/v1/readiness", json=case["request"], headers={"Accept-Language": "en"}).get_json()

    found = {one["country"]: said(one, case["expect"][one["country"]]) for one in answer["results"]}
    assert found == case["expect"]


@pytest.mark.parametrize("case", CASES[:3], ids=lambda case: str(case["name"]))
def test_the_command_line_answers_the_same(case: Json, client: FlaskClient, tmp_path: Path) -> None:
    """Both doors give one answer."""
    answer = client.post("/api/v1/readiness", json=case["request"], headers={"Accept-Language": "en"}).get_json()

    environment = {"SHOPKIT_DATA_DIR": str(tmp_path)}
    printed = CliRunner().invoke(main, ["readiness", "--json", "-"], input=json.dumps(case["request"]), env=environment)
    assert json.loads(printed.stdout) == answer
