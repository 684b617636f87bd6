"""The command line brings in tariffs and exchange rates, and never loses the old ones over the new."""

from __future__ import annotations

import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from shopkit.config import Settings
from shopkit.services import rates, tariffs
from tests.shop import shirts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def web_of_files() -> Iterator[Callable[[Path], str]]:
    """Return a way to serve a folder over HTTP on this machine."""
    servers: list[ThreadingHTTPServer] = []

    def serve(folder: Path) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietFiles, directory=str(folder)))
        servers.append(server)
        threading.Thread(target=server.serve_forever).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


class QuietFiles(SimpleHTTPRequestHandler):
    """Serves files without a word on stderr."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


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
        words = run("hs", "search", "roasted", "coffee", "--lang", "en", "--country", "us").stdout
        digits = run("hs", "search", "6109.10", "--country", "US").stdout
        healthy = run("doctor").stdout
        again = run("tariffs", "import", "us-hts", file)
        listed = run("tariffs", "list").stdout.splitlines()
        edition = listed[1].split()[1]
        removed = run("tariffs", "remove", "us", edition)

        assert [one.exit_code for one in (rehearsed, imported, again, removed)] == [0, 0, 0, 0]
        assert (untouched, schedule()) == (before, before)
        assert (before[:5], with_lines) == ("bands", "US HTS 2026 rev. 10")
        assert "already" in again.stdout
        assert "0901.21" in words
        assert "6109.10.00" in digits
        assert "16.5%" in digits
        assert "schedule US" in healthy
        assert listed[0].startswith("1 edition ")

    def test_editions_stand_side_by_side(self, run: Any, tmp_path: Path) -> None:
        """An import tells what it changes; a step back sets it aside, and its name puts it in force again."""
        header = "hs_code,description,ad_valorem,effective_from,source,confidence"
        for name, rows in {
            "old": ["61091001,Playeras,35,2026-01-01,LIGIE,line", "61099001,Otras,30,2026-01-01,LIGIE,line"],
            "new": ["61091001,Playeras,20,2026-07-01,LIGIE,line", "62034201,Pantalones,25,2026-07-01,LIGIE,line"],
            "next": ["61091001,Playeras,10,2099-01-01,LIGIE,line"],
        }.items():
            (tmp_path / f"{name}.csv").write_text("\n".join([header, *rows, ""]))

        def take(name: str, *more: str) -> list[str]:
            printed = run("tariffs", "import", "generic", str(tmp_path / f"{name}.csv"), "--country", "MX", *more)
            lines: list[str] = printed.stdout.splitlines()
            return lines

        def standing() -> dict[str, str]:
            rows = [text.split("  ") for text in run("tariffs", "list").stdout.splitlines() if text.startswith("MX")]
            cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
            return {row[1]: row[3] for row in cells}

        take("old")
        rehearsed = take("new", "--dry-run")
        stored = take("new", "--show", "1")
        take("next")
        at_first = standing()
        back = [run("tariffs", "rollback", "mx").stdout.strip() for _ in range(2)]
        after = standing()
        again = run("tariffs", "use", "MX", "next").stdout.splitlines()

        assert rehearsed[0].startswith("new: was read and checked; nothing was stored")
        assert stored[-4:] == [
            "MX compared with old: lines new 1, gone 1, changed 1",
            "  new      62034201  –    →  25%",
            "  gone     61099001  30%  →  –",
            "  changed  61091001  35%  →  20%",
        ]
        assert at_first == {"old": "of earlier days", "new": "in force", "next": "to come"}
        assert back == [
            "MX next was set aside; new is the newest in use",
            "MX new was set aside; old is the newest in use",
        ]
        assert after == {"old": "in force", "new": "set aside", "next": "set aside"}
        assert again == ["MX next is the newest in use"]
        assert standing() == {"old": "in force", "new": "set aside", "next": "to come"}

    @pytest.mark.parametrize(
        ("command", "said"),
        [
            (("use", "MX", "never"), "MX has no edition 'never'; there are none"),
            (("remove", "MX", "never"), "MX has no edition 'never'; there are none"),
            (("rollback", "MX"), "MX has no edition in use; see shopkit tariffs list"),
        ],
    )
    def test_what_is_not_there_is_said(self, run: Any, command: tuple[str, ...], said: str) -> None:
        """An edition that nobody imported can neither be used nor removed, nor stepped back from."""
        printed = run("tariffs", *command)

        assert (printed.exit_code, said in printed.stderr) == (1, True)

    def test_a_rehearsal_tells_every_fault(self, run: Any, tmp_path: Path) -> None:
        """An import names the first ten; a dry run all of them, each with its line and what to write."""
        file = tmp_path / "ligie.csv"
        rows = "".join(f"6109100{number},x,35,2026-01-01,LIGIE,sure\n" for number in range(10)) * 2
        file.write_text(f"hs_code,description,ad_valorem,effective_from,source,confidence\n{rows}")

        printed, rehearsed = (
            run("tariffs", "import", "generic", str(file), "--country", "MX", *more) for more in ((), ("--dry-run",))
        )

        assert "and 20 more" in printed.stderr
        assert len(rehearsed.stderr.splitlines()) == 30
        assert "line 21: confidence is 'sure'; write one of line, band, estimate" in rehearsed.stderr

    def test_lists_are_listed_beside(self, run: Any, tmp_path: Path) -> None:
        """A list of products is no edition of a country; it has rows of its own."""
        file = tmp_path / "s232.csv"
        file.write_text("hts_prefix,annex,metal_type,effective_date\n7308,1b,steel,2026-04-06\n")
        run("tariffs", "import", "us-s232", str(file))

        printed = run("tariffs", "list").stdout.splitlines()

        assert printed[0].startswith("0 editions")
        assert printed[1:3] == ["lists", "  us.s232  from 2026-04-06  1 row"]

    def test_one_file_is_the_law_of_several_countries(self, run: Any, tmp_path: Path) -> None:
        """The common tariff of MERCOSUR is imported for its three members, or for the one that is named."""
        file = tmp_path / "tec.csv"
        file.write_text("NCM,DESCRICAO,TEC\n6109.10.00,De algodão,35\n")
        day = ("--effective", "2025-11-22")

        one = run("tariffs", "import", "tec", str(file), *day, "--country", "uy")
        others = run("tariffs", "import", "tec", str(file), *day)
        wrong = run("tariffs", "import", "tec", str(file), *day, "--country", "BR")
        listed = run("tariffs", "list").stdout.splitlines()

        assert one.stdout.splitlines()[0] == "tec-2025-11-22: was imported (UY, in force from 2025-11-22)"
        assert [text.split("(")[1][:2] for text in others.stdout.splitlines()[:3]] == ["AR", "PY", "UY"]
        assert [text.split(None, 2)[:2] for text in listed[1:4]] == [
            [country, "tec-2025-11-22"] for country in ("AR", "PY", "UY")
        ]
        assert (wrong.exit_code, "it serves AR, PY, UY" in wrong.stderr) == (1, True)

    def test_the_country_of_a_table_can_be_said(self, run: Any, tmp_path: Path) -> None:
        """A table of our own format that does not say its country is told it."""
        file = tmp_path / "ligie.csv"
        file.write_text(
            "hs_code,description,ad_valorem,effective_from,source,confidence\n61091001,x,35,2026-01-01,LIGIE,line\n"
        )

        printed = run("tariffs", "import", "generic", str(file), "--country", "mx")

        assert printed.stdout.splitlines()[0] == "ligie: was imported (MX, in force from 2026-01-01)"

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

    def test_a_file_of_this_machine_is_fetched(self, run: Any, shared: Path, web_of_files: Any) -> None:
        """An address of the machine itself is fetched under the name it has there, and imported."""
        address = web_of_files(shared / "data/us")

        printed = run("tariffs", "import", "us-hts", f"{address}/hts_2026_rev_10.json.gz", "--dry-run")

        assert (printed.exit_code, printed.stderr) == (0, "")
        assert "stored" in printed.stdout

    @pytest.mark.parametrize(
        ("limit", "value", "path", "said"),
        [
            ("LARGEST_BYTES", 10, "file.json", "more than 10 bytes"),
            ("_DEADLINE_S", -1.0, "file.json", "took more than"),
            ("LARGEST_BYTES", 10**6, "nothing.json", "answered 404"),
            ("LARGEST_BYTES", 10**6, "folder", "answered 301 towards"),
        ],
    )
    def test_a_download_has_limits(
        self,
        run: Any,
        tmp_path: Path,
        web_of_files: Any,
        monkeypatch: pytest.MonkeyPatch,
        limit: str,
        value: float,
        path: str,
        said: str,
    ) -> None:
        """Too large, too slow, not there, elsewhere: the import stops and says which."""
        (tmp_path / "folder").mkdir()
        (tmp_path / "file.json").write_text("[" + " " * 100 + "]")
        monkeypatch.setattr(tariffs, limit, value)

        printed = run("tariffs", "import", "us-hts", f"{web_of_files(tmp_path)}/{path}")

        assert (printed.exit_code, said in printed.stderr) == (1, True)

    def test_an_unknown_kind_names_those_there_are(self, run: Any) -> None:
        """A kind that nobody reads is answered with the kinds that are."""
        printed = run("tariffs", "import", "taric", "file.csv")

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
            ("nobody", "", "there are central-bank, ecb, generic-json, imf, sandbox"),
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

    @pytest.mark.parametrize("name", ["ecb", "imf", "sandbox"])
    def test_a_source_needs_no_setting(self, tmp_path: Path, name: str) -> None:
        """What the settings say by default is no option that a source has not."""
        assert rates.source(Settings(data_dir=tmp_path), name).name == name

    def test_a_file_of_rates_that_is_broken_is_named(self, run: Any, tmp_path: Path) -> None:
        """A named file that cannot be used stops nothing but is said; the shipped rates answer."""
        (tmp_path / "mine.csv").write_text("base,quote\n")
        environ = {"SHOPKIT_RATES_FILE": str(tmp_path / "mine.csv")}

        shown = run("rates", "show", **environ)
        quoted = run("quote", stdin=json.dumps(shirts()), **environ)

        assert (shown.exit_code, "mine.csv:1" in shown.stderr) == (1, True)
        assert (quoted.exit_code, "mine.csv:1" in quoted.stderr) == (0, True)
