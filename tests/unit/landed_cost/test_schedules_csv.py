"""The CSV importers: the US metals list, the Brazilian table, and our own format for any country."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from landed_cost.schedules import ListEntry, Schedule
from landed_cost.schedules.br_ncm import BrNcm
from landed_cost.schedules.csvfile import Problems, decimal_text
from landed_cost.schedules.generic import GenericCsv
from landed_cost.schedules.hs2017 import hs_2022
from landed_cost.schedules.importer import ParsedSchedule, Stated
from landed_cost.schedules.store import import_schedule, load
from landed_cost.schedules.us_s232 import UsSection232
from tests.unit.landed_cost.schedule_files import fault, write_lines

DAY = date(2026, 10, 27)
BR = BrNcm(Stated(effective=DAY))
MX = GenericCsv(Stated(country="mx"))
HEADER = "hs_code,description,ad_valorem,effective_from,source,confidence"
NO_RATE = "rate '{0}': expected a percentage, an amount such as 5¢ or $1.20, or Free at position 0, found '{0}'"
AFTER_RATE = "effective_from,source,confidence"
TAIL = "2026-01-01,LIGIE 2026,line"


class TestUsSection232:
    """Prefixes by annex and metal."""

    HEADER = "hts_prefix,annex,metal_type,source,effective_date"

    def test_read(self, tmp_path: Path) -> None:
        """A row ends on the day before the same metal begins anew under its prefix; other metals go on."""
        path = write_lines(
            tmp_path,
            self.HEADER,
            "8415,1b,steel,proclamation,2026-04-06",
            "8415,1b,aluminum,proclamation,2026-04-06",
            "8415,3,steel,annex,2026-06-08",
            "7601100000,2,aluminum,,2026-04-06",
        )

        parsed = UsSection232().read(path)

        april, june = date(2026, 4, 6), date(2026, 6, 8)
        steel = {"annex": "1b", "metal": "steel", "source": "proclamation"}
        assert parsed.products.entries == {
            "8415": (
                ListEntry("8415", steel, april, date(2026, 6, 7)),
                ListEntry("8415", {**steel, "metal": "aluminum"}, april),
                ListEntry("8415", {"annex": "3", "metal": "steel", "source": "annex"}, june),
            ),
            "7601100000": (ListEntry("7601100000", {"annex": "2", "metal": "aluminum", "source": ""}, april),),
        }
        assert (parsed.products.id, parsed.products.effective, parsed.products.known_until) == ("us.s232", april, june)
        assert parsed.counts == {"rows": 4, "annex 1b": 2, "annex 3": 1, "annex 2": 1}

    def test_stated(self, tmp_path: Path) -> None:
        """Dates and address that are stated count before those of the rows."""
        path = write_lines(tmp_path, self.HEADER, "8415,3,steel,,2026-06-08")
        stated = Stated(effective=date(2026, 6, 9), known_until=DAY, url="https://example.org/")

        products = UsSection232(stated).read(path).products

        assert (products.effective, products.known_until, products.url) == (
            date(2026, 6, 9),
            DAY,
            "https://example.org/",
        )

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            ("841,1b,steel,,2026-04-06", "line 2: hts_prefix is '841'; write 4, 6, 8 or 10 digits"),
            ("8415.10,1b,steel,,2026-04-06", "line 2: hts_prefix is '8415.10'; write 4, 6, 8 or 10 digits"),
            ("8415,4,steel,,2026-04-06", "line 2: annex is '4'; write one of 1a, 1b, 1c, 2, 3"),
            ("8415,1b,gold,,2026-04-06", "line 2: metal_type is 'gold'; write one of steel, aluminum, copper"),
            ("8415,1b,steel,,06/04/2026", "line 2: effective_date is '06/04/2026'; write a date as YYYY-MM-DD"),
            ("8415,,steel,,2026-04-06", "line 2: annex is empty; every row says prefix, annex, metal and date"),
            ("8415,1b,steel,,", "line 2: effective_date is empty; every row says prefix, annex, metal and date"),
            (
                "8415,1b,steel,,2026-04-06\n8415,3,steel,,2026-04-06",
                "line 3: says 8415 steel of one day again, as line 2; keep one",
            ),
        ],
    )
    def test_broken_row(self, tmp_path: Path, row: str, problem: str) -> None:
        """A fault names the line, the cell and what to write."""
        assert fault(UsSection232(), write_lines(tmp_path, self.HEADER, row)) == problem

    def test_empty(self, tmp_path: Path) -> None:
        """A list without rows is refused: it would free everything."""
        problem = fault(UsSection232(), write_lines(tmp_path, self.HEADER))

        assert problem == "has no rows; a list that is over is removed, not emptied"

    def test_describe(self) -> None:
        """The importer says what it reads and for which country."""
        assert (UsSection232.name, UsSection232().country) == ("us-s232", "US")
        assert "Section 232" in UsSection232().describe()


class TestBrNcm:
    """Import duty and IPI of Brazil."""

    HEADER = "ncm,ex,ii_pct,ipi_pct,descricao"

    def _read(self, tmp_path: Path, *rows: str) -> ParsedSchedule:
        return BR.read(write_lines(tmp_path, self.HEADER, *rows))

    def test_read(self, tmp_path: Path) -> None:
        """The row without ex counts; the IPI stands beside the duty, its exceptions are listed."""
        parsed = self._read(
            tmp_path,
            '22042100,01,18.00,13.00,"Vinhos, ex"',
            '22042100,,18.00,6.50,"Vinhos de uvas frescas, em recipientes"',
            "01012100,,0.00,NT,Cavalos",
            "39072990,,,3.25,Outros",
        )

        assert [(row.code, row.rates and row.rates.general, row.extra) for row in parsed.rows] == [
            ("22042100", "18%", {"ipi": "6.50", "ipi_ex": "01=13.00"}),
            ("01012100", "0%", {"ipi": "NT"}),
            ("39072990", "Not stated in the table", {"ipi": "3.25"}),
        ]
        assert parsed.counts == {"rows": 4, "ipi exceptions": 1, "ad_valorem": 1, "free": 1, "reference": 1}
        assert parsed.remarks == ("no import duty is printed for 39072990: unknown, not zero",)

    def test_unknown_duty_is_not_zero(self, tmp_path: Path) -> None:
        """A duty that is not printed has no upper bound, and is never free."""
        import_schedule(BR, write_lines(tmp_path, self.HEADER, "39072990,,,3.25,Outros"), tmp_path / "store")

        schedule = load(tmp_path / "store", "BR")

        assert schedule is not None
        (line,) = schedule.lookup("39072990").lines
        assert (line.general.is_free, line.general.kind, line.general.ad_valorem) == (False, "reference", None)

    def test_edition(self, tmp_path: Path) -> None:
        """The edition is named after the day that was stated."""
        edition = self._read(tmp_path, "01012100,,0.00,NT,Cavalos").edition

        assert (edition.id, edition.country, edition.effective, edition.known_until) == (
            "ncm-2026-10-27",
            "BR",
            DAY,
            DAY,
        )
        assert (edition.lines, edition.status) == (1, "reported")

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            (
                "1012100,,0.00,NT,x",
                "line 2: ncm is '1012100'; write 8 digits; a spreadsheet may have taken the leading zero",
            ),
            (
                "010121,,0.00,NT,x",
                "line 2: ncm is '010121'; write 8 digits; a spreadsheet may have taken the leading zero",
            ),
            ("01012100,,5,NT,x\n01012100,,6,NT,x", "line 3: repeats NCM 01012100 of line 2; keep one of them"),
            ('01012100,,"12,6",NT,x', "line 2: ii_pct is '12,6'; write a number with a decimal point, such as 12.5"),
            ("01012100,,101,NT,x", "line 2: ii_pct is '101'; write at most 100"),
            ("01012100,,5,free,x", "line 2: ipi_pct is 'free'; write a number with a decimal point, such as 12.5"),
            ("01012100,,5,,x", "line 2: ipi_pct is ''; write a percentage, or NT for not taxed"),
            (
                "01012100,02,5,NT,x",
                "line 2: is an exception of NCM 01012100, which has no row of its own; add one with a blank ex",
            ),
            ("01012100,,5,NT", "line 2: has 4 cells where the header has 5; quote commas"),
        ],
    )
    def test_broken_row(self, tmp_path: Path, row: str, problem: str) -> None:
        """A fault names the line, the cell and what to write."""
        assert fault(BR, write_lines(tmp_path, self.HEADER, row)) == problem

    @pytest.mark.parametrize(("faults", "last"), [(10, None), (11, "and 1 more"), (14, "and 4 more")])
    def test_all_faults_at_once(self, tmp_path: Path, faults: int, last: str | None) -> None:
        """All faults are told at once, ten of them in full."""
        told = fault(BR, write_lines(tmp_path, self.HEADER, *(f"010121{line:02d},,x,NT,x" for line in range(faults))))

        lines = told.splitlines()
        assert len(lines) == (10 if last is None else 11)
        assert last in {None, lines[-1]}
        assert lines[1] == "line 3: ii_pct is 'x'; write a number with a decimal point, such as 12.5"

    def test_day_is_asked(self, tmp_path: Path) -> None:
        """The table does not say of which day it is, so whoever imports it has to."""
        path = write_lines(tmp_path, self.HEADER, "01012100,,5,NT,x")

        assert fault(BrNcm(), path) == "does not say of which day it is; give the effective date"

    def test_empty(self, tmp_path: Path) -> None:
        """A table without rows is refused."""
        assert fault(BR, write_lines(tmp_path, self.HEADER)) == "has no rows; take the whole table"

    def test_describe(self) -> None:
        """The importer says what it reads and for which country."""
        assert (BrNcm.name, BrNcm().country) == ("br-ncm", "BR")
        assert "Brazil" in BrNcm().describe()


class TestGenericCsv:
    """Our own format for any country."""

    def _schedule(self, tmp_path: Path, *lines: str) -> Schedule:
        import_schedule(MX, write_lines(tmp_path, *lines), tmp_path / "store")
        schedule = load(tmp_path / "store", "MX")
        assert schedule is not None
        return schedule

    def test_read(self, tmp_path: Path) -> None:
        """A row gives a line with its rate, preferences, unit and national columns."""
        schedule = self._schedule(
            tmp_path,
            "hs_code,description,lang,ad_valorem,pref_usmca,pref_pacific_alliance,pref_eu,basis,vat_override,excise_text,"
            "supplementary_unit,effective_from,effective_to,source,confidence",
            '0901.21.01,Café > Tostado,es,20,0,,5% + 2 USD/kg,CIF,0,"IEPS, 8 %",Kg,2026-01-01,,"SNICE, LIGIE",line',
        )

        (line,) = schedule.lookup("09012101").lines

        assert (line.description, line.general.text, line.units) == ("Café > Tostado", "20%", ("Kg",))
        assert [(sorted(group.symbols), group.rate and group.rate.text) for group in line.special] == [
            (["usmca"], "Free"),
            (["eu"], "5% + 2 USD/kg"),
        ]
        assert line.extra == {
            "lang": "es",
            "basis": "CIF",
            "vat_override": "0",
            "excise_text": "IEPS, 8 %",
            "source": "SNICE, LIGIE",
            "confidence": "line",
            "agreements": "usmca pacific_alliance eu",
        }
        assert (schedule.edition.id, schedule.edition.title, schedule.edition.publisher) == (
            "table",
            "MX table",
            "SNICE, LIGIE",
        )

    @pytest.mark.parametrize(
        ("cells", "text"),
        [
            (",35.00,,,,,,", "35%"),
            (",0,,,,,,", "0%"),
            (",,0.36,kg,USD,,,", "0.36 USD/kg"),
            (",,0.5,each,USD,,,", "0.5 USD each"),
            (",,2,l,EUR,,,", "2 EUR/liter"),
            (",,2,lpa,EUR,,,", "2 EUR/lpa"),
            (",,2,pair,MXN,,,", "2 MXN/pair"),
            (",,2,dozen,MXN,,,", "2 MXN/doz."),
            (",,2,thousand,MXN,,,", "2 MXN/thousand"),
            (",10,2,kg,USD,,,", "10% + 2 USD/kg"),
            (",10,2,kg,USD,sum,,", "10% + 2 USD/kg"),
            (",10,2,kg,USD,max,,", "10% but not less than 2 USD/kg"),
            (",10,2,kg,USD,min,,", "10% but not more than 2 USD/kg"),
            (",10,,,,,15,15", "10% but not less than 15% but not more than 15%"),
            (",10,2,kg,USD,max,5,20", "10% but not less than 2 USD/kg but not less than 5% but not more than 20%"),
            ("Free,,,,,,,", "Free"),
            ("5% + 1 USD/kg,,,,,,,", "5% + 1 USD/kg"),
            ("$1/kg,,,,USD,,,", "$1/kg"),
            # given twice, and the same
            ("Free,0,,,,,,", "Free"),
            ("35%,35.00,,,,,,", "35%"),
            ("10 USD/100 kg + 5%,5,0.1,kg,USD,,,", "10 USD/100 kg + 5%"),
            ("the greater of 2 USD/kg or 10%,10,2,kg,USD,max,,", "the greater of 2 USD/kg or 10%"),
            ("the lesser of 2 USD/kg or 10%,10,2,kg,USD,min,,", "the lesser of 2 USD/kg or 10%"),
        ],
    )
    def test_rates(self, tmp_path: Path, cells: str, text: str) -> None:
        """A rate stands as printed, in split columns, or in both when they agree."""
        schedule = self._schedule(
            tmp_path,
            f"hs_code,description,rate_text,ad_valorem,specific_amount,specific_unit,currency,compose,min_rate,max_rate,{AFTER_RATE}",
            f"09012101,x,{cells},{TAIL}",
        )

        assert schedule.lookup("09012101").lines[0].general.text == text

    @pytest.mark.parametrize(
        ("cells", "problem"),
        [
            (",,,,,,,", "has no rate; write rate_text, or ad_valorem (0 for free)"),
            (",ten,,,,,,", "ad_valorem is 'ten'; write a number with a decimal point, such as 12.5"),
            (",1001,,,,,,", "ad_valorem is '1001'; write at most 1000"),
            (",-1,,,,,,", "ad_valorem is '-1'; write a number with a decimal point, such as 12.5"),
            (",1e400,,,,,,", "ad_valorem is '1e400'; write a number with a decimal point, such as 12.5"),
            (",10,2,,USD,,,", "has a specific_amount; write its specific_unit and currency too"),
            (",10,2,kg,,,,", "has a specific_amount; write its specific_unit and currency too"),
            (",10,2,kg,pesos,,,", "currency is 'pesos'; write the ISO 4217 code, such as USD"),
            (
                ",10,2,stone,USD,,,",
                "specific_unit is 'stone'; write one of kg, l, lpa, each, pair, dozen, m2, m3, t, thousand",
            ),
            (",10,2,kg,USD,both,,", "compose is 'both'; write one of sum, max, min"),
            (",10,,,,,20,5", "min_rate is '20'; write at most max_rate, 5"),
            (",,,,,,5,", "has min_rate or max_rate without a rate that they bound; write ad_valorem"),
            ("35%,20,,,,,,", "rate_text is '35%'; the other columns say 20%; make them agree or leave one of them out"),
            (
                "1 USD/kg,,1,kg,EUR,,,",
                "rate_text is '1 USD/kg'; the other columns say 1 EUR/kg; make them agree or leave one of them out",
            ),
            (
                "1 USD/kg,,1,l,USD,,,",
                "rate_text is '1 USD/kg'; the other columns say 1 USD/liter; make them agree or leave one of them out",
            ),
            (
                "No change,,1,l,USD,,,",
                "rate_text is 'No change'; the other columns say 1 USD/liter; make them agree or leave one of them out",
            ),
            ("$5/kg,,,,,,,", "rate_text is '$5/kg'; write the ISO 4217 code for the sign, such as 5 MXN/kg"),
            ("5¢/kg,,,,MXN,,,", "rate_text is '5¢/kg'; write the ISO 4217 code for the sign, such as 5 MXN/kg"),
            (
                "5%%,,,,,,,",
                "rate_text: rate '5%%': expected \"+\" or the end of the rate at position 2, found '%'",
            ),
        ],
    )
    def test_no_rate(self, tmp_path: Path, cells: str, problem: str) -> None:
        """A rate that is missing, wrong or said in two ways is a fault with its line."""
        path = write_lines(
            tmp_path,
            f"hs_code,description,rate_text,ad_valorem,specific_amount,specific_unit,currency,compose,min_rate,max_rate,{AFTER_RATE}",
            f"09012101,x,{cells},{TAIL}",
        )

        assert fault(MX, path) == f"line 2: {problem}"

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            (f"9012101,x,5,{TAIL}", "hs_code is '9012101'; write 6, 8, 10 or 12 digits, leading zeros kept"),
            (f"0901,x,5,{TAIL}", "hs_code is '0901'; write 6, 8, 10 or 12 digits, leading zeros kept"),
            (f"0901-21,x,5,{TAIL}", "hs_code is '0901-21'; write 6, 8, 10 or 12 digits, leading zeros kept"),
            (
                f"090121010000 00,x,5,{TAIL}",
                "hs_code is '090121010000 00'; write 6, 8, 10 or 12 digits, leading zeros kept",
            ),
            (f"09012101,,5,{TAIL}", "description is empty; every row says it"),
            ("09012101,x,5,,LIGIE,line", "effective_from is empty; every row says it"),
            ("09012101,x,5,2026-02-30,LIGIE,line", "effective_from is '2026-02-30'; write a date as YYYY-MM-DD"),
            ("09012101,x,5,2026-01-01,LIGIE,sure", "confidence is 'sure'; write one of line, band, estimate"),
        ],
    )
    def test_broken_row(self, tmp_path: Path, row: str, problem: str) -> None:
        """A fault names the line, the cell and what to write."""
        assert fault(MX, write_lines(tmp_path, HEADER, row)) == f"line 2: {problem}"

    @pytest.mark.parametrize(
        ("column", "value", "problem"),
        [
            ("lang", "español", "lang is 'español'; write a language tag such as es or pt-BR"),
            ("basis", "EXW", "basis is 'EXW'; write one of CIF, FOB"),
            ("vat_override", "none", "vat_override is 'none'; write a number with a decimal point, such as 12.5"),
            (
                "effective_to",
                "2025-12-31",
                "effective_to is '2025-12-31'; write a day after effective_from, 2026-01-01, or leave it blank",
            ),
            ("pref_T-MEC", "0", "column pref_T-MEC: write pref_ and the id of an agreement, such as pref_usmca"),
            (
                "pref_usmca",
                "free!",
                "pref_usmca: rate 'free!': expected a number, a unit or a word at position 4, found '!'",
            ),
        ],
    )
    def test_broken_optional_cell(self, tmp_path: Path, column: str, value: str, problem: str) -> None:
        """Optional cells are as strict as the others."""
        path = write_lines(tmp_path, f"{HEADER},{column}", f"09012101,x,5,{TAIL},{value}")

        assert fault(MX, path) == f"line 2: {problem}"

    @pytest.mark.parametrize(
        ("periods", "problem"),
        [
            (["2026-01-01,", "2026-01-01,"], "line 3: repeats 09012101 from 2026-01-01 of line 2; keep one of them"),
            (
                ["2026-07-01,", "2026-01-01,2026-07-01"],
                "line 3: 09012101 ends after line 2 begins; write effective_to 2026-06-30 or earlier",
            ),
        ],
    )
    def test_periods(self, tmp_path: Path, periods: list[str], problem: str) -> None:
        """Periods of a code neither repeat nor overlap."""
        header = "hs_code,description,ad_valorem,effective_from,effective_to,source,confidence"
        rows = [f"09012101,x,5,{period},LIGIE,line" for period in periods]

        assert fault(MX, write_lines(tmp_path, header, *rows)) == problem

    def test_open_period_ends_where_the_next_begins(self, tmp_path: Path) -> None:
        """A row without a last day is in force until the next row of its code."""
        rows = [f"09012101,x,{rate},{since},LIGIE,line" for rate, since in ((10, "2026-01-01"), (20, "2026-07-01"))]
        import_schedule(MX, write_lines(tmp_path, HEADER, *rows), tmp_path / "store")

        rates = {}
        for on in (date(2026, 6, 30), date(2026, 7, 1)):
            schedule = load(tmp_path / "store", "MX", on)
            assert schedule is not None
            rates[on] = schedule.lookup("09012101").lines[0].general.text

        assert rates == {date(2026, 6, 30): "10%", date(2026, 7, 1): "20%"}

    def test_edition(self, tmp_path: Path) -> None:
        """Unless stated, the edition has the name of the file and begins with its first row."""
        path = tmp_path / "LIGIE (nov 2026).CSV"
        rows = [f"{HEADER}\n", "09012101,x,5,2026-07-01,LIGIE,line\n", "\n", "09012102,x,5,2026-01-01,LIGIE,line\n"]
        path.write_text("\ufeff" + "".join(rows), encoding="utf-8")
        stated = Stated("mine", DAY, date(2026, 12, 31), "https://example.org/ligie.csv", "MX")

        by_itself, as_stated = MX.read(path).edition, GenericCsv(stated).read(path).edition

        assert (by_itself.id, by_itself.effective, by_itself.known_until, by_itself.url) == (
            "ligie-nov-2026",
            date(2026, 1, 1),
            date(2026, 7, 1),
            "",
        )
        assert (as_stated.id, as_stated.effective, as_stated.known_until, as_stated.url) == (
            "mine",
            DAY,
            date(2026, 12, 31),
            "https://example.org/ligie.csv",
        )

    @pytest.mark.parametrize(
        ("cells", "marks", "others"),
        [
            ("line,,,", (), ()),
            ("band,,,", ("estimate",), ()),
            ("line,Cupo de lácteos,5,", ("quota",), ("5%",)),
            ("line,Cupo de lácteos,1 USD/kg,", ("quota",), ("1 USD/kg",)),
            # A quota without a rate within it may free the goods altogether.
            ("line,Cupo de lácteos,,", ("quota",), ("Free",)),
            ("line,,,Antidumping DOF 2025", ("remedy",), ()),
            ("estimate,Cupo,0,Antidumping", ("estimate", "quota", "remedy"), ("0%",)),
        ],
    )
    def test_what_is_doubtful_is_marked(
        self, tmp_path: Path, cells: str, marks: tuple[str, ...], others: tuple[str, ...]
    ) -> None:
        """A row that is no line of law, is under a quota or under a remedy says so, with the rate within the quota."""
        header = "hs_code,description,ad_valorem,effective_from,source,confidence,quota,quota_rate,remedy"
        schedule = self._schedule(tmp_path, header, f"04069001,Queso,45,2026-01-01,LIGIE,{cells}")

        (line,) = schedule.lookup("04069001").lines

        assert (line.marks, tuple(rate.text for rate in line.alternatives)) == (marks, others)

    @pytest.mark.parametrize(
        ("cells", "problem"),
        [
            (",5,", "line 2: has a quota_rate without a quota; write in quota what it is called"),
            (
                "Cupo,five,",
                f"line 2: quota_rate: {NO_RATE.format('five')}",
            ),
        ],
    )
    def test_a_quota_has_a_name_and_a_rate(self, tmp_path: Path, cells: str, problem: str) -> None:
        """A rate within a quota needs the quota's name, and has to be a rate."""
        header = "hs_code,description,ad_valorem,effective_from,source,confidence,quota,quota_rate,remedy"
        path = write_lines(tmp_path, header, f"04069001,Queso,45,2026-01-01,LIGIE,line,{cells}")

        assert fault(MX, path) == problem

    def test_remarks(self, tmp_path: Path) -> None:
        """Rows that are no lines of law, and codes outside the HS, are told before the file counts."""
        rows = ["09012101,x,5,2026-01-01,LIGIE,band", "99887701,x,5,2026-01-01,LIGIE,line"]
        path = write_lines(tmp_path, HEADER, *rows)

        parsed = MX.read(path)

        assert parsed.remarks == (
            "rows of confidence band: 1",
            "codes whose first six digits are not in the HS of 2022: 99887701",
        )
        assert GenericCsv(Stated(country="MX"), known_hs6={"090121", "998877"}).read(path).remarks == parsed.remarks[:1]
        assert len(hs_2022()) == 5_612
        assert parsed.counts == {"rows": 2, "ad_valorem": 2}

    @pytest.mark.parametrize("country", [None, "", "MEX", "m1"])
    def test_country_is_asked(self, tmp_path: Path, country: str | None) -> None:
        """Whose tariff it is has to be said, beside the file or in it."""
        importer = GenericCsv(Stated(country=country))

        problem = fault(importer, write_lines(tmp_path, HEADER, f"09012101,x,5,{TAIL}"))

        assert problem == "does not say whose tariff it is; name the country, or add a column country such as MX"

    def test_country_in_the_file(self, tmp_path: Path) -> None:
        """The file may say its country itself, in any row."""
        path = write_lines(tmp_path, f"{HEADER},country", f"09012101,x,5,{TAIL},MX", f"09012102,x,5,{TAIL},")

        assert GenericCsv().read(path).edition.country == "MX"

    def test_two_countries(self, tmp_path: Path) -> None:
        """A file of two countries, or of another one than was named, is refused."""
        rows = [f"09012101,x,5,{TAIL},MX", f"09012102,x,5,{TAIL},CO"]
        path = write_lines(tmp_path, f"{HEADER},country", *rows)

        assert (
            fault(GenericCsv(), path)
            == "line 3: country is 'CO'; the others are of MX; write one file for each country"
        )
        assert fault(GenericCsv(Stated(country="CO")), path).startswith("line 2: country is 'MX'; the others are of CO")

    def test_empty(self, tmp_path: Path) -> None:
        """A table without rows is refused."""
        assert fault(MX, write_lines(tmp_path, HEADER)) == "has no rows; write one for each code"

    def test_describe(self) -> None:
        """The importer says what it reads and for which country."""
        assert (GenericCsv.name, MX.country) == ("generic", "MX")
        assert "docs/tariff-files.md" in MX.describe()


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (
            "",
            "line 1: the header lacks hs_code, description, effective_from, source, confidence; write hs_code,desc",
        ),
        (
            "hs_code,description,source,confidence",
            "line 1: the header lacks effective_from; write hs_code,description,",
        ),
        (f"{HEADER},ad_valorem", "line 1: the header has ad_valorem more than once; keep one"),
        (f"{HEADER},min_rates", "line 1: there is no column 'min_rates'; write min_rate"),
        (f"{HEADER},zzz", "line 1: there is no column 'zzz'; known are hs_code, description, effective_from"),
        (f"{HEADER},pref_", "line 1: there is no column 'pref_'; "),
        (f'{HEADER}\n09012101,"x,5', "line 2: is no CSV (unexpected end of data); close every quotation mark"),
    ],
)
def test_broken_header(tmp_path: Path, header: str, problem: str) -> None:
    """A header that lacks, repeats or invents a column is refused with the nearest name."""
    assert fault(MX, write_lines(tmp_path, header)).startswith(problem)


def test_no_problems(tmp_path: Path) -> None:
    """Without faults nothing stops."""
    Problems(tmp_path).stop()


@pytest.mark.parametrize(("text", "shortest"), [("35.00", "35"), ("100", "100"), ("0.50", "0.5"), ("0", "0")])
def test_decimal_text(text: str, shortest: str) -> None:
    """A number of a table is printed without zeros at the end."""
    assert decimal_text(Decimal(text)) == shortest
