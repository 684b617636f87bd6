"""The measurements themselves: they run, they count right, and a missed goal is told. No speed is asserted here."""

from __future__ import annotations

import http.server
import json
import threading
from typing import TYPE_CHECKING

import pytest

from benchmarks import (
    catalog,
    environment,
    finder,
    goods,
    imports,
    load,
    measure,
    memory,
    packing,
    polling,
    profiling,
    report,
    scalar,
    start,
    tracking,
    worker,
)
from benchmarks.__main__ import main
from landed_cost import load_rulebook, quote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_scalar_measures_quotes_without_the_peers(tmp_path: Path) -> None:
    """Each of our ways gets a rate, and the goal is judged, though there is neither schedule nor peer."""
    found = report.Report()
    scalar.measure(found, tmp_path, rounds=1, seconds=0.0, peers=False)
    assert [figure.name for figure in found.figures] == [name for name, who, *_ in scalar.WAYS if who == "ours"]
    assert all(figure.value > 0 for figure in found.figures)
    assert [goal.name for goal in found.goals] == ["quotes a second, one process"]


def test_parcels_are_followed_within_every_limit() -> None:
    """Sixty of them over simulated hours: no limit passed, and nobody left out."""
    found = report.Report()
    polling.measure(found, parcels=60, hours=8)

    assert found.figures[0].value > 0
    assert [(goal.name, goal.met) for goal in found.goals[:3]] == [
        ("polling: calls beyond a provider's limit", True),
        ("polling: parcels that were never asked about", True),
        ("polling: parcels due for six hours", True),
    ]


def test_start_measures_engine_and_application(tmp_path: Path) -> None:
    """Both kinds of process answer once and tell their time and memory."""
    (tmp_path / "schedules").mkdir()
    found = report.Report()
    start.measure(found, tmp_path, rounds=1)
    assert len(found.figures) == 2 * len(start.WAYS)
    assert all(figure.value > 0 for figure in found.figures)


def test_catalogs_are_made_and_made_again() -> None:
    """Every listing is a row of each catalog, memory is judged, and so is an unchanged run beside reading."""
    found = report.Report()
    catalog.measure(found, listings=20, markets=("US",))

    assert [figure.note for figure in found.figures] == ["20 listings, 1 markets, Google's RSS"] * 2
    assert all(figure.value > 0 for figure in found.figures)
    assert [goal.unit for goal in found.goals] == ["MB", ""]


def test_imports_are_measured_in_a_process_of_their_own() -> None:
    """Every product is read, memory and speed are told, and growth is judged."""
    found = report.Report()
    imports.measure(found, rows=40)

    assert [figure.name for figure in found.figures] == ["import: peak of memory", "import: rows read and judged"]
    assert found.figures[0].note == "40 rows, 20 products"
    assert [goal.name for goal in found.goals] == ["import: memory more than for a tenth of the rows"]


def test_memory_is_measured_beside_comparing_everything() -> None:
    """Look-ups of each kind, their goals, and what is held in a process of its own."""
    found = report.Report()
    memory.measure(found, count=300, asked=20)

    assert [figure.name for figure in found.figures] == [
        "memory: a look-up of a text that is known",
        "memory: a look-up of a text that is changed in a word",
        "memory: a look-up of a text that is new",
        "memory: laid out",
        "memory: held besides the units",
    ]
    assert [goal.name for goal in found.goals] == [
        "memory: a look-up among 300 units",
        "memory: times faster than comparing with every unit",
    ]


def test_tracking_is_measured_beside_bare_parsing() -> None:
    """Events are read and parsed alike, what no table has is told, and growth of memory is judged."""
    found = report.Report()
    tracking.measure(found, count=200)

    assert [figure.name for figure in found.figures] == [
        "tracking: events read",
        "tracking: bare parsing of their JSON",
        "tracking: of bare parsing",
    ]
    assert [goal.name for goal in found.goals] == ["tracking: growth while reading"]


def test_packing_is_measured_beside_trying_everything() -> None:
    """Small parcels are packed both ways, large ones once, and boxes too many are judged."""
    found = report.Report()
    packing.measure(found, cases=2)

    assert [figure.name for figure in found.figures] == [
        "packing: five pieces, of trying everything",
        "packing: 60 pieces of all sizes",
        "packing: 200 pieces of all sizes",
    ]
    assert [goal.name for goal in found.goals] == ["packing: boxes more than are needed"]


def test_texts_for_the_memory_are_the_same_in_every_run() -> None:
    """And all different."""
    assert memory.texts(200) == memory.texts(200)
    assert len(set(memory.texts(200))) == 200


def test_finder_is_scored_on_both_sets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Headings and codes are counted first and among five, what is missed is named, and an absent set is told."""
    rows = "es,Playera de algodón,610910\nes,Playera de algodón,610990\nen,qwertyuiop,010129|010130\n"
    for name in ("TITLES", "LATER"):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"language,title,hs6\n{rows}", "utf-8")
        monkeypatch.setattr(finder, name, path)
    monkeypatch.setenv("SHOPKIT_SHARED", str(tmp_path))
    found = report.Report()
    finder.measure(found, rounds=1)

    assert [figure.note for figure in found.figures[:4]] == ["2 of 3", "2 of 3", "1 of 3", "2 of 3"]
    assert [goal.met for goal in found.goals][:1] == [False]
    assert found.remarks == [
        "finder missed “qwertyuiop” (0101)",
        "finder missed “qwertyuiop” (0101)",
        "finder, texts of others: not measured, the reference data is not on this machine",
    ]


def test_finder_keeps_what_it_finds() -> None:
    """Of our own titles at least 95 in a hundred have their heading among the first five."""
    found = finder.score(finder.titles(finder.TITLES))

    assert found.heading_five >= 0.95 * found.cases


def test_both_requests_of_a_number_are_one_shipment() -> None:
    """What the engine is given and what is posted differ in nothing that is charged."""
    body, shipment = goods.request(57), goods.shipment(57)
    assert [item["unit_price"]["amount"] for item in body["items"]] == [str(i.unit_price.value) for i in shipment.items]
    assert [item["quantity"] for item in body["items"]] == [str(item.quantity) for item in shipment.items]
    assert body["items"][0]["unit_price"] == {"amount": "10.57", "currency": "USD"}


def test_no_two_quotes_in_a_row_are_the_same() -> None:
    """Prices change from number to number, so that a kept answer would be no answer."""
    prices = {
        tuple(item["unit_price"]["amount"] for item in goods.request(number)["items"]) for number in range(goods.PRICES)
    }
    assert len(prices) == goods.PRICES


def test_every_mixed_basket_is_answered() -> None:
    """The codes of the baskets exist: none is refused as unknown."""
    rulebook = load_rulebook()
    assert {quote(shipment, rulebook).currency for shipment in goods.mixed(20)} == {"USD"}


def test_rates_and_ratios_are_medians_of_the_rounds() -> None:
    """One slow round, on both sides or on one, changes nothing."""
    ours = [measure.Sample(100, 1.0, 0.5), measure.Sample(100, 10.0, 0.5), measure.Sample(100, 1.0, 5.0)]
    theirs = [measure.Sample(50, 1.0, 1.0), measure.Sample(50, 10.0, 1.0), measure.Sample(50, 2.0, 1.0)]
    assert (measure.middle(ours), measure.middle_cpu(ours), measure.ratio(ours, theirs)) == (100.0, 200.0, 2.0)


@pytest.mark.parametrize(
    ("goal", "row"),
    [
        (report.Goal("quotes", 8_000, 8_000), ("quotes", "8,000", "≥ 8,000", "yes")),
        (report.Goal("share", 0.2499, 0.25, unit="×"), ("share", "0.250 ×", "≥ 0.250 ×", "NO")),
        (report.Goal("start", 2.1, 2, at_most=True, unit="s"), ("start", "2.10 s", "≤ 2.00 s", "NO")),
        (report.Goal("memory", 134.2, 200, at_most=True, unit="MB"), ("memory", "134 MB", "≤ 200 MB", "yes")),
    ],
)
def test_a_goal_says_whether_it_is_met(goal: report.Goal, row: tuple[str, str, str, str]) -> None:
    """Judged by the figure itself, not by its rounded form; in both directions."""
    assert goal.row() == row


def test_a_report_is_written_as_json_and_kept_as_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever cites it finds goal and figure in the table, and the same in the JSON."""
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    monkeypatch.setattr(report, "KEPT", tmp_path / "latest.md")
    found = report.Report()
    found.add("quote", 8_500, "a second", "warm")
    found.goal("quotes a second", 8_500, 8_000)
    data = json.loads(found.write(keep=True).read_text("utf-8"))
    assert [one["met"] for one in data["goals"]] == [True]
    assert "| quotes a second | 8,500 | ≥ 8,000 | yes |" in (tmp_path / "latest.md").read_text("utf-8")
    assert "quotes a second" in found.text()


class _Answering(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200 if json.loads(body) == {"good": True} else 422)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """Give the port of a server that likes one body and refuses every other."""
    with http.server.ThreadingHTTPServer((load.HOST, 0), _Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_our_own_load_counts_what_failed(port: int, tmp_path: Path) -> None:
    """Of two bodies in turn one is refused: about half of the answers count as failures."""
    bodies = tmp_path / "bodies.jsonl"
    bodies.write_text('{"good": true}\n{"good": false}\n', "utf-8")
    found = load.by_ourselves(port, "/", bodies, 0.2)
    assert found.requests >= load.CONNECTIONS
    assert 0 < found.failed < found.requests
    assert found.p50_ms <= found.p99_ms


@pytest.mark.parametrize("what", ["quote", "http", "saved"])
def test_a_profile_names_the_engine(what: str, tmp_path: Path) -> None:
    """Each path that can be profiled runs, and the engine's quote is in it."""
    assert "quoting.py" in profiling.profile(tmp_path, what, 1)


def test_the_worker_goes_round_in_its_shipments() -> None:
    """More quotes than shipments are no error."""
    assert worker.run([goods.shipment(1)], load_rulebook(), 3)["count"] == 3


def test_the_peers_are_never_installed_beside_us() -> None:
    """Their environment is another one than ours."""
    assert environment.HOME != goods.ROOT / ".venv"


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the pen measures nothing and names the parts."""
    with pytest.raises(SystemExit):
        main(["everything"])
    assert "scalar" in capsys.readouterr().err
