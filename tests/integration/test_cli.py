"""The command line, as a person or a pipe uses it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from click.testing import CliRunner

from shopkit import plugins
from shopkit.cli import main
from shopkit.services.doctor import examine
from tests.shop import ROOT, SHIRTS, open_shop, settings, shirts, timeless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result

Run = "Callable[..., Result]"
PROGRAM = Path(sys.executable).with_name("shopkit")


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    """Return a way to run a command with its data in a folder of its own."""

    def run_command(*arguments: str, stdin: str | bytes | None = None, **environ: str) -> Result:
        environment = {"SHOPKIT_DATA_DIR": str(tmp_path)} | environ
        return CliRunner().invoke(main, arguments, input=stdin, env=environment, catch_exceptions=False)

    return run_command


def lines(*requests: Any) -> str:
    """Return requests, one on each line."""
    return "".join(json.dumps(request) + "\n" for request in requests)


class TestQuote:
    """``shopkit quote``."""

    def test_it_answers_as_http_does(self, run: Any, tmp_path: Path) -> None:
        """The bodies are those of the API, ids and times aside, in each language."""
        client = open_shop(tmp_path).test_client()
        requests = [shirts(), shirts(destination={"country": "DE"}), shirts(destination={"country": "CL"}, terms="DAP")]

        for language in ("en", "es", "pt"):
            printed = run("quote", "--lines", "--lang", language, "-", stdin=lines(*requests))
            replies = [
                client.post("/api/v1/quotes", json=request, headers={"Accept-Language": language})
                for request in requests
            ]
            assert (printed.exit_code, printed.stderr) == (0, "")
            assert [timeless(json.loads(line)) for line in printed.stdout.splitlines()] == [
                timeless(reply.get_json()) for reply in replies
            ]

    def test_a_file_is_read(self, run: Any, tmp_path: Path) -> None:
        """One request in a file gives one answer, laid out for people."""
        file = tmp_path / "request.json"
        file.write_text(json.dumps(shirts(), indent=1))

        printed = run("quote", str(file))

        assert printed.exit_code == 0
        assert json.loads(printed.stdout)["totals"]["duties"] == "13.25"
        assert printed.stdout.startswith('{\n  "id": null')

    def test_a_saved_one_can_be_read_over_http(self, run: Any, tmp_path: Path) -> None:
        """A request that asks to be kept is kept, the tables made where there are none."""
        printed = run("quote", "--lines", stdin=lines(SHIRTS))

        body = json.loads(printed.stdout)
        read = open_shop(tmp_path).test_client().get(f"/api/v1/quotes/{body['id']}")
        assert read.get_json() == body

    def test_lines_that_are_wrong_keep_their_place(self, run: Any) -> None:
        """An unreadable line and a wrong request are answered by their problem; stderr names lines; it is code 2."""
        printed = run("quote", "--lines", stdin=lines(shirts()) + "{oops\n\n" + lines(shirts(currency="XXQ"), shirts()))

        answers = [json.loads(line) for line in printed.stdout.splitlines()]
        assert printed.exit_code == 2
        assert [answer.get("status", 200) for answer in answers] == [200, 400, 422, 200]
        assert [line.partition(":")[2].partition(":")[0].strip() for line in printed.stderr.splitlines()] == [
            "line 2",
            "line 4",
        ]

    @pytest.mark.parametrize("body", ["", "{", "[1,]", '{"a": NaN}'])
    def test_what_is_no_json_is_2(self, run: Any, body: str) -> None:
        """A body that cannot be read is code 2, with a sentence in the language on stderr."""
        printed = run("quote", "--lang", "es", stdin=body)

        assert printed.exit_code == 2
        assert printed.stderr.startswith("shopkit: El cuerpo no es JSON: ")

    def test_a_file_that_is_not_there_is_2(self, run: Any) -> None:
        """A missing file is named."""
        printed = run("quote", "nothing.json")

        assert (printed.exit_code, "nothing.json" in printed.stderr) == (2, True)


class TestCompare:
    """``shopkit compare``."""

    def test_it_answers_as_http_does(self, run: Any, tmp_path: Path) -> None:
        """The body is that of the API, ids and times aside."""
        basket = {name: value for name, value in shirts(terms="DAP").items() if name != "destination"}
        reply = open_shop(tmp_path).test_client().post("/api/v1/compare", json=basket)

        printed = run("compare", "-", stdin=json.dumps(basket))

        def comparable(body: Any) -> Any:
            return [result | {"quote": timeless(result["quote"])} for result in body["results"]]

        assert printed.exit_code == 0
        assert comparable(json.loads(printed.stdout)) == comparable(reply.get_json())

    def test_saved_ones_are_kept(self, run: Any, tmp_path: Path) -> None:
        """With save every answer can be read later."""
        basket = {name: value for name, value in SHIRTS.items() if name != "destination"}

        printed = run("compare", stdin=json.dumps(basket | {"destinations": [{"country": "US"}]}))

        [result] = json.loads(printed.stdout)["results"]
        client = open_shop(tmp_path).test_client()
        assert client.get(f"/api/v1/quotes/{result['quote']['id']}").get_json() == result["quote"]

    @pytest.mark.parametrize("body", ["{", "{}"])
    def test_what_cannot_be_answered_is_2(self, run: Any, body: str) -> None:
        """Neither no JSON nor no basket is an answer."""
        printed = run("compare", stdin=body)

        assert (printed.exit_code, printed.stderr.startswith("shopkit: ")) == (2, True)


class TestHs:
    """``shopkit hs search``."""

    def test_words_lead_to_codes(self, run: Any) -> None:
        """Codes come with their names, and then the question that would settle the choice."""
        printed = run("hs", "search", "playera", "de", "hombre")

        assert printed.exit_code == 0
        assert printed.stdout.splitlines()[0].startswith("6109.10")
        assert "¿" in printed.stdout.splitlines()[-1]

    def test_json_is_what_the_api_answers(self, run: Any, tmp_path: Path) -> None:
        """With --json the body is that of the API."""
        reply = open_shop(tmp_path).test_client().get("/api/v1/hs/search?q=playera&lang=es")

        assert json.loads(run("hs", "search", "playera", "--json").stdout) == reply.get_json()

    def test_nothing_found_is_said(self, run: Any) -> None:
        """Words that mean nothing are told so, on stderr."""
        printed = run("hs", "search", "qwzxv")

        assert (printed.exit_code, printed.stdout) == (0, "")
        assert "nothing found" in printed.stderr

    @pytest.mark.parametrize(("country", "code"), [("DE", 2), ("US", 1)])
    def test_a_country_without_a_schedule_is_named(self, run: Any, country: str, code: int) -> None:
        """A country not covered, and one whose tariff is not loaded, are errors that say which."""
        printed = run("hs", "search", "café", "--country", country)

        assert (printed.exit_code, country in printed.stderr) == (code, True)


class TestRules:
    """``shopkit rules``."""

    def test_destinations_are_shown(self, run: Any) -> None:
        """Without a country, the covered ones with the days of their evidence."""
        printed = run("rules", "show").stdout.splitlines()

        assert printed[0].startswith("rulebook ")
        assert {line[:2] for line in printed[1:]} >= {"US", "MX", "BR", "CL"}

    def test_one_rule_is_shown_whole(self, run: Any) -> None:
        """A rule comes with its value, days, status and sources."""
        printed = run("rules", "show", "us", "us.s301fl.mx").stdout

        assert "us.s301fl.mx (fact) [9903.05.55]" in printed
        assert "  value        10%" in printed
        assert "  in force     2026-07-24 to …" in printed
        assert "  source       " in printed

    def test_a_beginning_shows_all_that_begin_so(self, run: Any) -> None:
        """Where no rule has the name, those that begin with it are shown."""
        printed = run("rules", "show", "US", "us.s301fl.m").stdout

        assert "us.s301fl.mx (fact)" in printed

    def test_only_what_is_in_force_on_a_day(self, run: Any) -> None:
        """With a day the rest is left out."""
        before, after = (run("rules", "show", "US", "--date", day).stdout for day in ("2026-07-23", "2026-07-24"))

        assert ("us.s301fl.mx " in before, "us.s301fl.mx " in after) == (False, True)

    @pytest.mark.parametrize("arguments", [["DE"], ["US", "us.nothing"]])
    def test_what_is_not_there_names_what_is(self, run: Any, arguments: list[str]) -> None:
        """A country or rule that is not there is answered with those that are."""
        printed = run("rules", "show", *arguments)

        assert (printed.exit_code, "Ids there are: " in printed.stderr) == (2, True)

    def test_the_change_of_july_2026(self, run: Any) -> None:
        """From 2026-07-23 to the 24th Section 122 ends and Section 301 begins; the general duty is not touched."""
        printed = run("rules", "diff", "US", "2026-07-23", "2026-07-24").stdout.splitlines()

        ended = {line.split()[1] for line in printed if line.startswith("- ")}
        begun = {line.split()[1] for line in printed if line.startswith("+ ")}
        assert any(name.startswith("us.s122") for name in ended)
        assert "us.s301fl.mx" in begun
        assert not any(name.startswith("us.mpf") for name in ended | begun)

    def test_a_new_value_is_a_change(self, run: Any) -> None:
        """A rule that goes on with another figure shows both: the fees of a new fiscal year."""
        printed = run("rules", "diff", "US", "2025-09-30", "2025-10-01").stdout.splitlines()

        assert any(line.startswith("~ us.mpf.") and " → " in line for line in printed)

    def test_no_change_is_said(self, run: Any) -> None:
        """Between a day and itself nothing changed."""
        printed = run("rules", "diff", "US", "2026-11-01", "2026-11-01")

        assert (printed.stdout, "nothing that is known changed" in printed.stderr) == ("", True)

    def test_the_diff_of_a_country_not_covered_is_2(self, run: Any) -> None:
        """A country without rules is named."""
        assert run("rules", "diff", "DE", "2026-11-01", "2026-11-02").exit_code == 2

    def test_the_audit_says_how_well_all_is_known(self, run: Any) -> None:
        """Each destination has its rules by status, its oldest evidence, and what would raise what is weak."""
        printed = run("rules", "audit", "--date", "2026-11-23").stdout.splitlines()

        heads = [line for line in printed if not line.startswith(" ")]
        assert {line[:2] for line in heads} >= {"US", "MX", "BR", "CL"}
        assert all("oldest evidence 20" in line for line in heads)
        assert any(line.startswith("  ") and "find" in line for line in printed)

    def test_evidence_gets_old(self, run: Any) -> None:
        """Years later the audit asks to look again."""
        printed = run("rules", "audit", "us", "--date", "2029-01-01").stdout

        assert "look again: the evidence reaches" in printed

    def test_the_audit_of_a_country_not_covered_is_2(self, run: Any) -> None:
        """A country without rules is named."""
        assert run("rules", "audit", "DE").exit_code == 2


class TestCases:
    """``shopkit cases export``."""

    def test_every_case_is_a_line(self, run: Any) -> None:
        """The worked cases come as requests that ``quote --lines`` can read."""
        printed = run("cases", "export", "--path", str(ROOT / "tests/cases")).stdout.splitlines()

        assert len(printed) >= 60
        assert all(json.loads(line)["items"] for line in printed)

    def test_without_cases_it_says_so(self, run: Any, tmp_path: Path) -> None:
        """Where there are none, as in an installed package, that is said."""
        printed = run("cases", "export", "--path", str(tmp_path))

        assert (printed.exit_code, "no cases here" in printed.stderr) == (1, True)

    def test_a_broken_case_is_named(self, run: Any, tmp_path: Path) -> None:
        """A file that holds no cases stops the export with its name."""
        (tmp_path / "us").mkdir()
        (tmp_path / "us" / "broken.yaml").write_text("- name: nothing asked\n")

        printed = run("cases", "export", "--path", str(tmp_path))

        assert (printed.exit_code, "broken.yaml" in printed.stderr) == (1, True)


class TestTariffs:
    """``shopkit tariffs``."""

    def test_a_schedule_is_imported_used_and_removed(self, run: Any, shared: Path) -> None:
        """The official US schedule turns a band into a line; removed, the band is back; importing twice is harmless."""
        file = str(shared / "data/us/hts_2026_rev_10.json.gz")

        def schedule() -> str:
            version: str = json.loads(run("quote", stdin=json.dumps(shirts())).stdout)["versions"]["schedule"]
            return version

        before = schedule()
        rehearsed = run("tariffs", "import", "us-hts", file, "--dry-run")
        untouched = schedule()
        imported = run("tariffs", "import", "us-hts", file)
        with_lines = schedule()
        again = run("tariffs", "import", "us-hts", file)
        listed = run("tariffs", "list").stdout.splitlines()
        edition = listed[1].split()[1]
        removed = run("tariffs", "remove", "us", edition)

        assert [one.exit_code for one in (rehearsed, imported, again, removed)] == [0, 0, 0, 0]
        assert (untouched, schedule()) == (before, before)
        assert (before[:5], with_lines) == ("bands", "US HTS 2026 rev. 10")
        assert "already" in again.stdout
        assert listed[0].startswith("1 editions")

    def test_a_broken_file_stops_the_import(self, run: Any, tmp_path: Path) -> None:
        """A file that is no schedule is named, and nothing is stored."""
        file = tmp_path / "hts_2026_rev_11.json"
        file.write_text("[{]")

        printed = run("tariffs", "import", "us-hts", str(file))

        assert (printed.exit_code, str(file) in printed.stderr) == (1, True)
        assert run("tariffs", "list").stdout.startswith("0 editions")

    @pytest.mark.parametrize(
        ("place", "said"),
        [
            ("http://hts.example/a.json", "only https is fetched"),
            ("ftp://hts.example/a.json", "only https is fetched"),
            ("file:///etc/passwd", "only https is fetched"),
            ("http://127.0.0.1:9/a.json", "ConnectionError"),
        ],
    )
    def test_an_address_is_fetched_with_care(self, run: Any, place: str, said: str) -> None:
        """Only https is fetched, or the machine itself; what does not answer is said."""
        printed = run("tariffs", "import", "us-hts", place)

        assert (printed.exit_code, said in printed.stderr) == (1, True)

    def test_an_unknown_kind_names_those_there_are(self, run: Any) -> None:
        """A kind that nobody reads is answered with the kinds that are."""
        printed = run("tariffs", "import", "eu", "file.csv")

        assert (printed.exit_code, "us-hts" in printed.stderr) == (1, True)

    def test_removing_what_is_not_there_is_an_error(self, run: Any) -> None:
        """An edition that was never imported is named."""
        printed = run("tariffs", "remove", "US", "2031-rev-1")

        assert (printed.exit_code, "2031-rev-1" in printed.stderr) == (1, True)


class TestRates:
    """``shopkit rates``."""

    def test_the_shipped_rates_are_shown(self, run: Any) -> None:
        """Each rate has its date and its source; old ones are said to be old."""
        printed = run("rates", "show")

        assert "rates from shipped" in printed.stdout
        assert "run shopkit rates refresh" in printed.stderr

    def test_refreshed_rates_are_in_force(self, run: Any, tmp_path: Path) -> None:
        """What a source answers is kept and used by the next quote."""
        refreshed = run("rates", "refresh", "--source", "sandbox", "--date", "2026-11-20")
        body = json.loads(run("quote", stdin=json.dumps(shirts())).stdout)

        assert refreshed.exit_code == 0
        assert (tmp_path / "rates.csv").is_file()
        assert body["versions"]["rates"] == "2026-11-20"

    def test_a_source_that_fails_changes_nothing(self, run: Any, tmp_path: Path) -> None:
        """The rates at hand stay in force, and the reason is said."""
        options = json.dumps({"failure": "garbage"})

        printed = run("rates", "refresh", "--source", "sandbox", SHOPKIT_RATES_OPTIONS=options)

        assert (printed.exit_code, "stay in force" in printed.stderr) == (1, True)
        assert not (tmp_path / "rates.csv").exists()

    @pytest.mark.parametrize(
        ("source", "options", "said"),
        [
            ("nobody", "", "there are central-bank, ecb, generic-json, sandbox"),
            ("sandbox", "{", "not JSON"),
            ("sandbox", "[]", "write an object"),
            ("sandbox", '{"colour": "red"}', "colour: not an option of sandbox"),
            ("central-bank", '{"bank": "fed"}', "there are banxico, bcb"),
            ("central-bank", '{"bank": "banxico"}', "token"),
            ("central-bank", "{}", "bank"),
            ("generic-json", "{}", "is not an http(s) address"),
        ],
    )
    def test_a_source_that_cannot_be_asked_is_named(self, run: Any, source: str, options: str, said: str) -> None:
        """An unknown source or an option that does not fit is said before anybody is asked."""
        printed = run("rates", "refresh", "--source", source, SHOPKIT_RATES_OPTIONS=options)

        assert (printed.exit_code, said in printed.stderr) == (1, True)

    def test_a_file_of_rates_that_is_broken_is_named(self, run: Any, tmp_path: Path) -> None:
        """A named file that cannot be used stops nothing but is said; the shipped rates answer."""
        (tmp_path / "mine.csv").write_text("base,quote\n")
        environ = {"SHOPKIT_RATES_FILE": str(tmp_path / "mine.csv")}

        shown = run("rates", "show", **environ)
        quoted = run("quote", stdin=json.dumps(shirts()), **environ)

        assert (shown.exit_code, "mine.csv:1" in shown.stderr) == (1, True)
        assert (quoted.exit_code, "mine.csv:1" in quoted.stderr) == (0, True)


class TestShop:
    """Settings, health and database."""

    def test_settings_are_shown_with_secrets_masked(self, run: Any) -> None:
        """No secret is printed."""
        url = "postgresql://shop:hush@db.example/shop"

        printed = run("config", SHOPKIT_SECRET_KEY="s" * 40, SHOPKIT_DATABASE_URL=url)

        assert "hush" not in printed.stdout
        assert "ssss" not in printed.stdout
        assert "postgresql://shop:********@db.example/shop" in printed.stdout

    def test_an_unknown_setting_is_named(self, run: Any) -> None:
        """A misspelt variable is an error that names those there are, not silence."""
        printed = run("config", SHOPKIT_DATABSE_URL="x")

        assert (printed.exit_code, "SHOPKIT_DATABSE_URL: not a setting" in printed.stderr) == (2, True)

    def test_a_new_shop_is_told_to_migrate(self, run: Any) -> None:
        """The doctor of an empty database says what to run, and after that is content."""
        before = run("doctor")
        upgraded = run("db", "upgrade")
        after = run("doctor")

        assert (before.exit_code, "run shopkit db upgrade" in before.stdout) == (1, True)
        assert (upgraded.stdout.startswith("empty → "), "already at" in run("db", "upgrade").stdout) == (True, True)
        assert (after.exit_code, "FAIL" in after.stdout) == (0, False)

    def test_a_broken_plug_in_is_shown(self, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """The doctor fails over a plug-in that cannot be loaded, and says why."""
        monkeypatch.setattr(plugins, "GROUPS", ("shopkit.fx",))
        broken = plugins.Plugin("shopkit.fx", "mine", "their-package", problem="ImportError: no module")
        monkeypatch.setattr(plugins, "plugins", lambda _group: [broken])

        printed = run("doctor")

        assert (printed.exit_code, "FAIL  shopkit.fx mine" in printed.stdout) == (1, True)


@pytest.mark.parametrize(
    ("more", "subject"),
    [
        ({"secret_key": "short"}, "secret"),
        ({"database_url": "postgresql://nobody@127.0.0.1:1/none"}, "database"),
        ({"database_url": "nonsense://x"}, "database"),
        ({"rates_file": "/nowhere/rates.csv"}, "exchange rates"),
        ({"data_dir": Path("/proc/nowhere")}, "data folder"),
    ],
)
def test_the_doctor_finds_what_is_wrong(tmp_path: Path, more: dict[str, Any], subject: str) -> None:
    """Each thing that keeps a shop from working is found under its name."""
    found = examine(settings(**{"folder": tmp_path} | more) if "data_dir" not in more else settings(more["data_dir"]))

    assert subject in {finding.subject for finding in found if finding.level == "FAIL"}


def test_the_doctor_warns_of_what_gets_old(tmp_path: Path) -> None:
    """Years later rules and rates are warned of."""
    found = examine(settings(tmp_path), date(2030, 1, 1))

    warned = {finding.subject for finding in found if finding.level == "warn"}
    assert {"rules of US", "exchange rates", "schedules"} <= warned


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a process of its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SHOPKIT_")} | {
        "SHOPKIT_DATA_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }


def test_a_reader_that_leaves_is_no_fault(environment: dict[str, str]) -> None:
    """When the reader of a pipe has enough, the command ends without a trace of Python."""
    command = f"'{PROGRAM}' rules show US | head -n 1"

    done = subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, text=True, check=True, timeout=60
    )

    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Return the address of a shop served by a process of its own, and that process."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [str(PROGRAM), "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                requests.get(f"{address}/healthz", timeout=5).close()
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield address, process
        if process.poll() is None:
            process.kill()


def test_a_served_shop_answers_and_stops(served: tuple[str, subprocess.Popen[str]]) -> None:
    """``shopkit serve`` makes its database, keeps a quote, reads chunked bodies, and ends at Ctrl-C with code 0."""
    address, process = served
    body = json.dumps(SHIRTS).encode()

    def post(data: Any) -> Any:
        reply = requests.post(
            f"{address}/api/v1/quotes", data=data, headers={"Content-Type": "application/json"}, timeout=30
        )
        return reply.status_code, reply.json()

    whole, chunked = post(body), post(iter([body[:100], body[100:]]))
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)

    assert (whole[0], chunked[0]) == (201, 201)
    assert timeless(whole[1]) == timeless(chunked[1])
    assert process.returncode == 0
    assert "Traceback" not in said
