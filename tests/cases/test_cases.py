"""The law, case by case: every worked case through the engine, the HTTP door and the command line."""

from __future__ import annotations

import json
import math
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from landed_cost import quote, quote_many
from landed_cost.bulk.scalar import row_of
from landed_cost.schedules.br_ncm import BrNcm
from landed_cost.schedules.importer import Stated
from landed_cost.schedules.store import import_schedule
from landed_cost.schedules.us_hts import UsHts
from shopkit.app import create_app
from shopkit.cli import main
from shopkit.config import Settings
from shopkit.services.context import open_services
from shopkit.services.problems import RequestError
from shopkit.services.quotes import answer
from tests.cases.worked import FOLDER, Case, differences, survey

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from landed_cost.schedules.importer import Importer
    from shopkit.services.context import Services

# A file that cannot be read is one failed test that says where; the cases of the other files run all the same.
CASES, FAULTS = survey(FOLDER)
BASKETS = 10
# The Brazilian table does not print its day; it was taken from a package of October 2026.
TABLE_OF_OCTOBER = Stated(effective=date(2026, 10, 1), known_until=date(2026, 10, 27))
SCHEDULES: dict[str, tuple[Importer, str]] = {
    "us-hts": (UsHts(), "data/us/hts_2026_rev_10.json.gz"),
    "br-ncm": (BrNcm(TABLE_OF_OCTOBER), "data/br/br_ncm_ii_ipi_applied.csv"),
}


class Shops:
    """Services by the official schedules that are imported into them."""

    def __init__(self, folder: Path, request: pytest.FixtureRequest) -> None:
        self._folder = folder
        self._request = request
        self._made: dict[tuple[str, ...], Services] = {}

    def with_schedules(self, needs: tuple[str, ...]) -> Services:
        """Return services with the schedules of ``needs``; the reference data is asked for only when one is needed."""
        if needs not in self._made:
            if strange := sorted(set(needs) - set(SCHEDULES)):
                pytest.fail(f"needs: {strange[0]} is none of {', '.join(SCHEDULES)}", pytrace=False)
            data_dir = self._folder / ("-".join(needs) or "bare")
            settings = Settings(data_dir=data_dir, limit_default="off", limit_batch="off")
            for need in needs:
                importer, path = SCHEDULES[need]
                import_schedule(importer, self._request.getfixturevalue("shared") / path, settings.schedules_dir)
            self._made[needs] = open_services(settings)
        return self._made[needs]


@pytest.fixture(scope="module")
def shops(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shops:
    """Services for every need."""
    return Shops(tmp_path_factory.mktemp("shops"), request)


def test_every_file_of_cases_can_be_read() -> None:
    """A file with a fault is named with its line, the case and what to write instead."""
    if FAULTS:
        pytest.fail("\n".join(f"tests/cases/{fault}" for fault in FAULTS), pytrace=False)


def test_the_example_of_the_guide_passes_as_it_stands(shops: Shops, tmp_path: Path) -> None:
    """Whoever copies the file out of README.md has a case that comes out."""
    _, example, _ = re.split(r"```(?:yaml)?\n", (FOLDER / "README.md").read_text("utf-8"), maxsplit=2)
    (tmp_path / "cl").mkdir()
    (tmp_path / "cl" / "shirts.yaml").write_text(example, "utf-8")

    ((case,), faults) = survey(tmp_path)
    assert (faults, differences(case, answered(case, shops.with_schedules(case.needs)))) == ([], [])


def answered(case: Case, services: Services) -> dict[str, Any]:
    """Return the answer in English; a request that cannot be answered fails with what is wrong with it."""
    try:
        return answer(services, case.request).read("en")
    except RequestError as error:
        wrong = "\n".join(f"request{one.pointer}: {one.message('en')}" for one in error.problems)
        pytest.fail(f"tests/cases/{case.file}:{case.line}: {case.name}\n{wrong}", pytrace=False)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_worked_case_comes_out_as_worked(case: Case, shops: Shops) -> None:
    """The engine gives the figures that were worked by hand, for the reason that was given."""
    found = differences(case, answered(case, shops.with_schedules(case.needs)))

    if found:
        pytest.fail("\n  ".join([f"tests/cases/{case.file}:{case.line}: {case.name}", *found]), pytrace=False)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_an_answer_adds_up(case: Case, shops: Shops) -> None:
    """Totals are sums of the charges, landed lies within its range, and a refusal shows no total but the goods."""
    found = answered(case, shops.with_schedules(case.needs))

    if found["assessment"]["outcome"] == "refused":
        assert {name for name, amount in found["totals"].items() if amount is not None} == {"goods"}
        return
    totals = {name: Decimal(text) for name, text in found["totals"].items() if text is not None}
    by_kind = {
        kind: sum((Decimal(charge["amount"]) for charge in found["charges"] if charge["kind"] == kind), Decimal(0))
        for kind in ("duty", "tax", "fee")
    }
    assert (totals["duties"], totals["taxes"], totals["fees"]) == (by_kind["duty"], by_kind["tax"], by_kind["fee"])
    assert totals["import_charges"] == sum(by_kind.values())
    for name in ("import_charges", "landed"):
        bounds = found["range"][name]
        high = math.inf if bounds["high"] is None else Decimal(bounds["high"])
        assert Decimal(bounds["low"]) <= totals[name] <= high
    for charge in found["charges"]:
        parts = charge["allocation"]
        assert not parts or sum(Decimal(part["amount"]) for part in parts) == Decimal(charge["amount"])


def _client(services: Services) -> FlaskClient:
    return create_app(services.settings).test_client()


def _timeless(body: dict[str, Any]) -> dict[str, Any]:
    return body | {"id": None, "created_at": None}


@pytest.mark.parametrize("needs", sorted({case.needs for case in CASES}), ids=lambda needs: "-".join(needs) or "bare")
def test_every_door_gives_the_same_body(needs: tuple[str, ...], shops: Shops) -> None:
    """HTTP and the command line answer every case with the body that the engine gives, ids and times aside."""
    services = shops.with_schedules(needs)
    chosen = [case for case in CASES if case.needs == needs]
    client = _client(services)

    engine = [_timeless(answered(case, services)) for case in chosen]
    http = [client.post("/api/v1/quotes", json=case.request, headers={"Accept-Language": "en"}) for case in chosen]
    lines = "\n".join(json.dumps(case.request) for case in chosen)
    environment = {"SHOPKIT_DATA_DIR": str(services.settings.data_dir)}
    printed = CliRunner().invoke(main, ["quote", "--lines", "--lang", "en", "-"], input=lines, env=environment)

    assert [reply.status_code for reply in http if reply.status_code >= 300] == []
    assert [_timeless(reply.get_json()) for reply in http] == engine
    assert (printed.exit_code, printed.stderr) == (0, "")
    assert [_timeless(json.loads(line)) for line in printed.stdout.splitlines()] == engine


@pytest.mark.parametrize("needs", sorted({case.needs for case in CASES}), ids=lambda needs: "-".join(needs) or "bare")
def test_many_at_once_come_to_the_same(needs: tuple[str, ...], shops: Shops) -> None:
    """Asked all together, every case comes to the totals, the range, the way in and the outcome it has by itself."""
    services = shops.with_schedules(needs)
    shipments = [answer(services, case.request).shipment for case in CASES if case.needs == needs]

    priced = quote_many(shipments, services.rulebook)

    alone = [row_of(quote(shipment, services.rulebook)) for shipment in shipments]
    assert [priced.row(number) for number in range(len(shipments))] == alone


def test_ten_named_baskets_are_complete() -> None:
    """Ten named baskets over the four destinations are expected to be complete, not estimated."""
    named = [case for case in CASES if case.complete_basket]

    assert len({case.complete_basket for case in named}) == len(named) == BASKETS
    assert {case.expect["outcome"] for case in named} == {"complete"}
    assert {case.request["destination"]["country"] for case in named} == {"US", "MX", "BR", "CL"}
