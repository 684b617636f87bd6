"""Rate cards and observed parcels on the command line."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tests.shop import lay_demo, shirts

if TYPE_CHECKING:
    from pathlib import Path

CARD = """service,channel,zone,countries,up_to_kg,price,currency,min_days,max_days
air,courier,us,US,1,18.50,USD,2,4
"""


class TestCards:
    """shopkit cards."""

    def test_from_the_file_to_a_quote(self, run: Any, tmp_path: Path) -> None:
        """A card is rehearsed, imported, listed, shown, asked by a quote, and removed."""
        file = tmp_path / "card.csv"
        file.write_text(CARD)
        request = shirts(
            parcel={"gross_weight": {"value": "0.5", "unit": "kg"}}, freight_service={"card": "mine", "service": "air"}
        )
        request.pop("freight", None)

        rehearsed = run("cards", "import", str(file), "--name", "mine", "--dry-run").stdout
        before = run("cards", "show", "mine")
        imported = run("cards", "import", str(file), "--name", "mine").stdout
        listed = run("cards", "list").stdout.splitlines()
        shown = run("cards", "show", "mine").stdout
        answer = json.loads(run("quote", "-", stdin=json.dumps(request)).stdout)
        removed = run("cards", "remove", "mine").stdout
        again = run("cards", "remove", "mine")

        assert rehearsed == "card mine would be kept: 1 service, 1 step\n"
        assert (before.exit_code, before.stderr) == (1, "shopkit: there is no card 'mine'; see shopkit cards list\n")
        assert imported == "card mine is kept: 1 service, 1 step\n"
        assert [line.split()[:3] for line in listed] == [
            ["mine", "air", "courier"],
            ["illustrative", "express", "courier"],
            ["illustrative", "packet", "postal"],
        ]
        assert shown.split() == ["air", "us", "up", "to", "1", "kg", "18.50", "USD", "2-4", "days", "US"]
        assert answer["totals"]["freight"] == "18.50"
        assert removed == "card mine was removed\n"
        assert (again.exit_code, again.stderr) == (1, "shopkit: there is no card 'mine'\n")

    def test_a_card_is_its_sellers(self, run: Any, tmp_path: Path) -> None:
        """With ``--seller`` a card is listed for and asked by that seller alone; who names none has none of it."""
        file = tmp_path / "card.csv"
        file.write_text(CARD)
        lay_demo(tmp_path)
        request = shirts(
            parcel={"gross_weight": {"value": "0.5", "unit": "kg"}}, freight_service={"card": "mine", "service": "air"}
        )
        request.pop("freight", None)
        run("cards", "import", str(file), "--name", "mine", "--seller", "demo")

        asked = [
            run("quote", "-", *who, stdin=json.dumps(request)).exit_code
            for who in (("--seller", "demo"), (), ("--seller", "queso-boaco"))
        ]
        listed = ["mine" in run("cards", "list", *who).stdout for who in (("--seller", "demo"), ())]

        assert (asked, listed) == ([0, 2, 2], [True, False])

    def test_everything_wrong_is_listed(self, run: Any, tmp_path: Path) -> None:
        """A file with faults is refused with each of them, and nothing is kept."""
        file = tmp_path / "card.csv"
        file.write_text(CARD.replace("18.50", "18,50 ").replace("US,1", "USA,0"))
        comma = run("cards", "import", str(file), "--name", "mine")
        file.write_text(CARD.replace("US,1", "USA,0"))
        faults = run("cards", "import", str(file), "--name", "mine")
        file.write_bytes(CARD.encode().replace(b"air", b"a\xefr"))
        bytes_ = run("cards", "import", str(file), "--name", "mine")
        name = run("cards", "import", str(file), "--name", "illustrative")

        assert [one.exit_code for one in (comma, faults, bytes_, name)] == [1, 1, 1, 1]
        assert "row 2, -: 10 cells where the first row has 9" in comma.stderr
        assert "row 2, countries: 'USA' is no place" in faults.stderr
        assert "row 2, up_to_kg: 0 is not possible here" in faults.stderr
        assert "2 things are wrong; nothing was kept" in faults.stderr
        assert "byte 74 is not UTF-8" in bytes_.stderr
        assert "mine" not in run("cards", "list").stdout

    def test_the_card_that_ships_says_what_it_is(self, run: Any) -> None:
        """The illustrative card is shown with the remark that nobody offers it."""
        shown = run("cards", "show", "illustrative")
        taken = run("cards", "import", "-", "--name", "illustrative", stdin=CARD)

        assert "packet   world" in shown.stdout
        assert shown.stderr == "shopkit: this card is illustrative: no carrier offers these prices\n"
        assert (taken.exit_code, "cannot be a name" in taken.stderr) == (1, True)


class TestParcels:
    """shopkit parcels."""

    def test_from_the_file_to_a_quote(self, run: Any, tmp_path: Path) -> None:
        """Parcels are rehearsed, imported once, listed with what is missing, and forgotten."""
        days = [date(2026, 1, 5) + timedelta(days=index) for index in range(20)]
        rows = [f"{day},{day + timedelta(days=5)},MX-US,courier" for day in days]
        file = tmp_path / "parcels.csv"
        file.write_text(
            "\n".join(["dispatched,delivered,lane,service", *rows, f"{days[0]},{days[1]},MX-CL,postal", ""])
        )

        rehearsed = run("parcels", "import", str(file), "--dry-run").stdout.splitlines()
        imported = run("parcels", "import", str(file)).stdout.splitlines()
        twice = run("parcels", "import", str(file))
        listed = run("parcels", "list").stdout.splitlines()
        answer = json.loads(run("quote", "-", stdin=json.dumps(shirts())).stdout)
        forgotten = run("parcels", "remove", "--yes").stdout

        assert rehearsed == ["MX-CL  postal   1 parcel", "MX-US  courier  20 parcels", "nothing was kept"]
        assert imported == rehearsed[:2]
        assert (twice.exit_code, "imported before" in twice.stderr) == (1, True)
        assert listed == [
            "MX-CL  postal   1 parcel    19 more are needed",
            "MX-US  courier  20 parcels  5 to 5 days, 5 likely",
        ]
        assert answer["delivery"]["observed"]["parcels"] == 20
        assert forgotten == "21 parcels were forgotten\n"

    def test_everything_wrong_is_listed(self, run: Any) -> None:
        """A file with faults is refused with each of them."""
        found = run("parcels", "import", "-", stdin="dispatched,delivered,lane,service\n2026-02-30,x,MX,\n")

        assert found.exit_code == 1
        assert "4 things are wrong; nothing was kept" in found.stderr
