"""The command line lays the law open, and hands out the worked cases."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost import RulebookError
from tests.shop import COVERED, ROOT

if TYPE_CHECKING:
    from pathlib import Path


class TestRules:
    """``shopkit rules``."""

    def test_destinations_are_shown(self, run: Any) -> None:
        """Without a country, the covered ones with the days of their evidence."""
        printed = run("rules", "show").stdout.splitlines()

        assert printed[0].startswith("rulebook ")
        assert {line[:2] for line in printed[1:]} == COVERED

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

    def test_the_export_side_is_shown_with_the_country(self, run: Any) -> None:
        """Limits of the way out and what is due or comes back at export stand beside the law of import."""
        printed = run("rules", "show", "PE", "pe.export").stdout

        assert "pe.exporta_facil.value (export fact)" in printed
        assert "  value        7500 USD" in printed
        assert "pe.export.drawback (export advice)" in printed

    def test_only_what_is_in_force_on_a_day(self, run: Any) -> None:
        """With a day the rest is left out."""
        before, after = (run("rules", "show", "US", "--date", day).stdout for day in ("2026-07-23", "2026-07-24"))

        assert ("us.s301fl.mx " in before, "us.s301fl.mx " in after) == (False, True)

    def test_a_guide_tells_what_the_api_tells(self, run: Any) -> None:
        """The guide of a market names examples, days and who helps; as data it is the answer of the API."""
        printed = run("rules", "guide", "cl", "--from", "pe", "--lang", "es").stdout
        told = json.loads(run("rules", "guide", "CL", "--from", "PE", "--json").stdout)

        assert printed.startswith("Chile on ")
        assert "courier  20.00    complete  3.88    USD  cl.remote" in printed
        assert "PROMPERÚ" in printed
        assert (told["country"], told["from"], len(told["examples"])) == ("CL", "PE", 12)

    def test_a_fault_in_a_file_of_rules_is_told_in_a_line(self, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever writes a destination reads the file and line of a fault, without the program's own trace."""

        def fail(_settings: object) -> None:
            raise RulebookError("gd.yaml:96", "from and to are both required")

        monkeypatch.setattr("shopkit.cli.common.open_services", fail)

        printed = run("rules", "show", "GD")

        assert (printed.exit_code, printed.stdout) == (2, "")
        assert printed.stderr == "shopkit: gd.yaml:96: from and to are both required\n"

    @pytest.mark.parametrize("country", ["US", "JM"])
    def test_a_guide_prints_ways_in_that_need_nothing(self, run: Any, country: str) -> None:
        """A way in that needs nothing stands beside those that do, whichever of them comes first."""
        printed = run("rules", "guide", country).stdout

        needs = [bool(one["needs"]) for one in json.loads(run("rules", "guide", country, "--json").stdout)["regimes"]]
        assert set(needs) == {False, True}
        assert "\nhelp\n" in printed

    @pytest.mark.parametrize("arguments", [["DE"], ["CL", "--from", "XX"]])
    def test_a_guide_of_nowhere_is_refused(self, run: Any, arguments: list[str]) -> None:
        """A market that is not covered, or an origin that is no country, is told and nothing printed."""
        printed = run("rules", "guide", *arguments)

        assert (printed.exit_code, printed.stdout) == (2, "")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["US", "us.s301f.mx"], "US: no rule 'us.s301f.mx'; nearest: us.s301fl.mx, us.s301fl.my, us.s301fl.ve"),
            (["US", "?"], "US: no rule '?'; shopkit rules show US lists all"),
            (
                ["us.band.610910"],
                "us.band.610910: rates of the tariff and of bands are no dated rules; an answer has their source",
            ),
        ],
    )
    def test_a_rule_that_is_not_there_names_what_is_near(self, run: Any, arguments: list[str], said: str) -> None:
        """A slip is met with the nearest ids; what an answer names beside rules is told to be none."""
        printed = run("rules", "show", *arguments)

        assert (printed.exit_code, printed.stdout, printed.stderr) == (2, "", f"shopkit: {said}\n")

    def test_a_country_that_is_not_there_names_those_once(self, run: Any) -> None:
        """What is covered is listed, each once."""
        printed = run("rules", "show", "DE")

        assert (printed.exit_code, printed.stderr) == (
            2,
            f"shopkit: DE: not covered; there are {', '.join(sorted(COVERED))}\n",
        )

    def test_a_day_that_is_none_is_told_once(self, run: Any) -> None:
        """What is written stands once in what is said of it, with how to write it where it was no date at all."""
        said = [run("rules", "diff", "US", day, "2026-07-24").stderr.splitlines()[-1] for day in ("2026-13-24", "hoy")]

        assert said == [
            "Error: 2026-13-24 is not a day of the calendar.",
            "Error: hoy: Not a date: write YYYY-MM-DD.",
        ]

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

    def test_everything_since_a_day(self, run: Any) -> None:
        """With --all every change of every destination stands with its country and its day, in order of time."""
        printed = run("rules", "diff", "--all", "2026-07-21", "2026-09-08").stdout.splitlines()

        heads = [tuple(line.split()[:4]) for line in printed]
        assert ("US", "2026-07-22", "+", "us.s301br") in heads
        assert ("US", "2026-07-24", "+", "us.s301fl.mx") in heads
        assert ("CA", "2026-09-08", "+", "ca.surtax") in heads
        assert [head[:2] for head in heads] == sorted(head[:2] for head in heads)

    def test_nothing_since_a_day_is_said(self, run: Any) -> None:
        """Where nothing changed in any destination that is said."""
        printed = run("rules", "diff", "--all", "2026-11-20", "2026-11-20")

        assert (printed.stdout, "nothing that is known changed after 2026-11-20" in printed.stderr) == ("", True)

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["US"], "write COUNTRY BEFORE AFTER"),
            (["--all"], "write --all SINCE"),
            (["--all", "2026-02-30"], "2026-02-30 is not a day of the calendar"),
            (["US", "2026-1-1", "2026-02-01"], "2026-1-1: Not a date"),
            (["US", "2026-07-24", "2026-07-23"], "2026-07-23 is before 2026-07-24; write the earlier day first"),
            (["--all", "2026-07-24", "2026-07-23"], "2026-07-23 is before 2026-07-24; write the earlier day first"),
        ],
    )
    def test_a_diff_that_cannot_be_read(self, run: Any, words: list[str], message: str) -> None:
        """Too few words or a day that is none stop with what to write."""
        printed = run("rules", "diff", *words)

        assert (printed.exit_code, message in printed.stderr) == (2, True)

    def test_the_audit_says_how_well_all_is_known(self, run: Any) -> None:
        """Each destination has two lines: its rules by status and their oldest evidence; what would raise the weak."""
        printed = run("rules", "audit", "--date", "2026-11-23").stdout.splitlines()

        heads, remedies = printed[::2], printed[1::2]
        assert {line[:2] for line in heads} == COVERED
        assert all("oldest evidence 20" in line for line in heads)
        assert all(line.startswith("  to raise: ") and "find any source that says so (" in line for line in remedies)

    def test_the_audit_of_one_country_shows_some_and_with_all_every_weak_rule(self, run: Any) -> None:
        """Ten weak rules and how many more there are; --all and --json have each of them."""
        some = run("rules", "audit", "tt", "--date", "2026-11-23").stdout.splitlines()
        every = run("rules", "audit", "tt", "--date", "2026-11-23", "--all").stdout.splitlines()
        (told,) = json.loads(run("rules", "audit", "tt", "--date", "2026-11-23", "--json").stdout)["destinations"]

        assert len(some) == 13
        assert some[-1] == f"  and {len(told['weak']) - 10} more; --all shows them"
        assert [line.split()[0] for line in every[1:]] == [one["id"] for one in told["weak"]]
        assert (told["country"], sum(told["by_status"].values())) == ("TT", told["rules"])

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
