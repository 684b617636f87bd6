"""The importers against the official files, checked with the counts and lines of the facts."""

import csv
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from landed_cost.schedules import Schedule
from landed_cost.schedules.br_ncm import BrNcm
from landed_cost.schedules.eu_uk import Eu, Uk
from landed_cost.schedules.importer import Stated
from landed_cost.schedules.store import ImportReport, import_schedule, load, load_list
from landed_cost.schedules.tec import Tec
from landed_cost.schedules.us_hts import UsHts
from landed_cost.schedules.us_s232 import UsSection232

SYMBOLS = {"S": 6_929, "CL": 7_069, "CO": 7_089, "PE": 7_096, "PA": 7_084, "P": 7_020}


@pytest.fixture(scope="session")
def us_report(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> ImportReport:
    """Return the report of importing the official US file into a store of its own."""
    store = tmp_path_factory.mktemp("store")
    return import_schedule(UsHts(), shared / "data/us/hts_2026_rev_10.json.gz", store)


@pytest.fixture(scope="session")
def us(us_report: ImportReport) -> Schedule:
    """Return the official US schedule."""
    schedule = load(us_report.path.parent.parent, "US")
    assert schedule is not None
    return schedule


@pytest.fixture(scope="session")
def br(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Schedule:
    """Return the Brazilian table."""
    store = tmp_path_factory.mktemp("store")
    importer = BrNcm(Stated(effective=date(2026, 10, 27)))
    report = import_schedule(importer, shared / "data/br/br_ncm_ii_ipi_applied.csv", store)
    assert report.counts == {"rows": 11_019, "free": 2_887, "ad_valorem": 7_563, "reference": 3, "ipi exceptions": 566}
    schedule = load(store, "BR")
    assert schedule is not None
    return schedule


def _table(shared: Path, header: str) -> list[list[str]]:
    """Return the cells of the table of the facts that has this header."""
    rows = []
    lines = iter((shared / "facts/schedules.md").read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line.startswith(header):
            next(lines)
            break
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


def test_us_counts(us_report: ImportReport, us: Schedule) -> None:
    """Rows, lines and classes of the US file are those that the facts count."""
    assert us_report.counts == {
        "rows": 35_509,
        "free": 4_315,
        "ad_valorem": 5_863,
        "specific": 759,
        "compound": 341,
        "part": 93,
        "reference": 43,
        "chapters 98 and 99": 3_809,
    }
    assert us_report.remarks == ()
    assert len(us) == us.edition.lines == 11_414
    assert len({line.code[:6] for line in us.lines_under("")}) == 5_612


def test_us_statistical_rows(us: Schedule) -> None:
    """Every ten-digit row has the rates of its line, its own description and mostly units of its own."""
    codes = [code for code in us.codes_under("") if len(code) == 10]
    lines = [us.lookup(code).lines[0] for code in codes]

    assert len(codes) == 19_738
    assert [line.code for line in lines] == codes
    assert all(line.rated_code == line.code[:8] and line.general.text for line in lines)


def test_us_lines_by_symbol(us: Schedule) -> None:
    """The programmes stand in as many lines as the facts count."""
    found: Counter[str] = Counter()
    for line in us.lines_under(""):
        found.update({symbol for group in line.special for symbol in group.symbols})

    assert {symbol: found[symbol] for symbol in SYMBOLS} == SYMBOLS
    assert sum(not line.special for line in us.lines_under("")) == 4_315


def test_us_check_lines(us: Schedule, shared: Path) -> None:
    """The lines that the facts print have the rates, programmes and units that stand there."""
    rows = _table(shared, "| line | general | special, head | other |")
    assert len(rows) == 14
    for code, general, special, other, units in rows:
        (line,) = us.lookup(code).lines
        heads = [re.sub(r"[ …]|\.\.\.", "", head).strip(",") for head in re.findall(r"\(([^)]*)\)", special)]
        groups = [
            ",".join(sorted(group.symbols)) if group.rate and not group.rate.is_free else group
            for group in line.special
        ]
        assert line.general.text == general
        assert line.other is not None
        assert line.other.text == other
        assert line.units == (() if units.startswith("(") else (units,))
        if special == "(blank)":
            assert groups == []
        else:
            first = line.special[0]
            assert first.rate is not None
            assert first.rate.is_free
            assert set(filter(None, heads[0].split(","))) <= first.symbols
            rates = re.findall(r"\) (\S+) \((\w+)\)", special)
            assert [(group.rate and group.rate.text, set(group.symbols)) for group in line.special[1:]] == [
                (rate, {symbol}) for rate, symbol in rates
            ]


def test_us_quota_headings_are_not_free(us: Schedule) -> None:
    """Sugar is not free for the symbols that stand at headings of chapter 98."""
    (line,) = us.lookup("1701.12.50.00").lines

    sights = {symbol: group.see for group in line.special if group.rate is None for symbol in group.symbols}
    assert sights == {
        "P+": ("9822.05.20",),
        "PE": ("9822.06.10",),
        "CO": ("9822.08.01",),
        "PA": ("9822.09.17",),
        "S+": ("9823.09.01-9823.09.09",),
        "MA": ("9822.03.01",),
    }


def _bands(us: Schedule) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield for each HS6 what the bands of the facts hold, computed from the schedule."""
    by_hs6 = defaultdict(list)
    for line in us.lines_under(""):
        by_hs6[line.code[:6]].append(line)
    for hs6, lines in by_hs6.items():
        shares = [line.general.ad_valorem for line in lines]
        # "6.5% on the entire set" is a percentage of the value, but the facts count only the plain ones.
        plain = [
            share * 100
            for line, share in zip(lines, shares, strict=True)
            if share is not None and line.general.kind != "part"
        ]
        band = {
            "lines": str(len(lines)),
            "adval_lines": str(len(plain)),
            "other_lines": str(len(lines) - len(plain)),
            "mfn_min_pct": str(min(plain)) if plain else "",
            "mfn_max_pct": str(max(plain)) if plain else "",
        }
        for symbol in SYMBOLS:
            free = [
                line.general.is_free
                or any(symbol in group.symbols and group.rate and group.rate.is_free for group in line.special)
                for line in lines
            ]
            band[f"free_{symbol}"] = "all" if all(free) else "some" if any(free) else "none"
        yield hs6, band


def test_us_bands(us: Schedule, shared: Path) -> None:
    """The bands per HS6 of the facts, computed apart from this program, come out line for line."""
    with (shared / "facts/hs6_bands_us.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["hs6"]: row for row in csv.DictReader(file)}

    bands = dict(_bands(us))

    assert set(bands) == set(rows)
    for hs6, band in bands.items():
        expected = {name: rows[hs6][name] for name in band}
        for name in ("mfn_min_pct", "mfn_max_pct"):
            expected[name] = str(Fraction(expected[name])) if expected[name] else ""
        assert (hs6, band) == (hs6, expected)


def test_us_footnotes(us: Schedule) -> None:
    """As many lines as the facts count carry a note to the lists of goods of China; alcohol names its excise."""
    notes: Counter[str] = Counter()
    for line in us.lines_under(""):
        notes.update({note[:7] for note in line.footnotes})

    assert notes["9903.88"] == 10_016
    assert us.lookup("2208.40.20.00").lines[0].extra == {"us.excise": "5001"}


def test_us_search(us: Schedule) -> None:
    """Everyday words find the lines of their headings."""
    assert {line.code[:4] for line in us.search("coffee roasted", 4)} == {"0901"}
    assert us.search("glazed ceramic sculptor's kiln of unobtainium xyzzy") != []


def test_us_loads_small(us_report: ImportReport) -> None:
    """Loading the edition takes well under 100 MB; how long it takes is measured in the benchmarks."""
    program = (
        "import resource, sys; from pathlib import Path; from landed_cost.schedules.store import load;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "schedule = load(Path(sys.argv[1]), 'US'); line = schedule.lookup('6109100012').lines[0];"
        "after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "print(after - before, line.general.text)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(us_report.path.parent.parent)],
        capture_output=True,
        text=True,
        check=True,
    )

    kilobytes, rate = done.stdout.split()
    assert rate == "16.5%"
    assert int(kilobytes) < 60_000


@pytest.mark.parametrize(
    ("code", "duty", "ipi"),
    [
        ("61091000", "35", "0.00"),
        ("09012100", "9", "0.00"),
        ("85171300", "16", "15.00"),
        ("64039990", "35", "0.00"),
        ("42022100", "18", "6.50"),
        ("95030022", "20", "6.50"),
        ("22042100", "18", "6.50"),
        ("18063210", "18", "3.25"),
        ("33030010", "16.2", "27.30"),
        ("71131900", "16.2", "12.00"),
        ("69111010", "18", "9.75"),
        ("21069090", "14.4", "0.00"),
    ],
)
def test_br_check_lines(br: Schedule, code: str, duty: str, ipi: str) -> None:
    """The lines that the facts print have the duty and the IPI that stand there."""
    (line,) = br.lookup(code).lines

    assert (line.general.ad_valorem, line.extra["ipi"]) == (Fraction(duty) / 100, ipi)


def test_br_table(br: Schedule) -> None:
    """The table has 10,453 codes of 5,613 HS6; a code of the old nomenclature is not there."""
    lines = br.lines_under("")

    assert len(br) == len(lines) == 10_453
    assert len({line.code[:6] for line in lines}) == 5_613
    untaxed = [line.extra["ipi"] for line in lines] + " ".join(line.extra.get("ipi_ex", "") for line in lines).split(
        "="
    )
    assert sum(text.startswith("NT") for text in untaxed) == 830
    assert not br.lookup("85171231").found


@pytest.fixture(scope="session")
def mercosur(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Schedule:
    """Return the common tariff of MERCOSUR as Uruguay's."""
    store = tmp_path_factory.mktemp("store")
    importer = Tec(Stated(effective=date(2025, 11, 22), country="UY"))
    report = import_schedule(importer, shared / "data/mercosur/tec.csv", store)
    assert report.counts == {"rows": 13_855, "free": 737, "ad_valorem": 9_565}
    assert report.remarks[0] == "2918.14.00 stands twice with one rate; it was taken once"
    schedule = load(store, "UY")
    assert schedule is not None
    return schedule


@pytest.mark.parametrize(
    ("code", "rate", "sign"),
    [
        ("61091000", "35%", None),
        ("09012100", "10%", None),
        ("64039990", "35%", None),
        ("42022100", "20%", None),
        ("22042100", "20%", "#"),
        ("18063210", "20%", None),
        ("71131900", "18%", None),
        ("95030021", "30%", "(*)"),
    ],
)
def test_tec_check_lines(mercosur: Schedule, code: str, rate: str, sign: str | None) -> None:
    """The lines that the facts print have the percentage and the sign that stand there."""
    (line,) = mercosur.lookup(code).lines

    assert (line.general.text, line.extra.get("tec.sign"), line.marks[0]) == (rate, sign, "nominal")


def test_tec_in_codes_of_2022(mercosur: Schedule) -> None:
    """Every code of 2022 is there; a smartphone has the rates of the telephones of 2017, and says so."""
    lines = mercosur.lines_under("")
    (phone,) = mercosur.lookup("851713").lines

    assert len({line.code[:6] for line in lines}) == 5_612
    assert Counter(line.extra.get("tec.sign") for line in lines if len(line.code) == 8)["BK"] == 1_181
    assert not mercosur.lookup("85171231").found
    assert (phone.general.text, sorted(rate.text for rate in phone.alternatives)) == ("12%", ["0%", "16%", "2%"])
    assert phone.marks == ("nominal", "national", "old_code")


@pytest.fixture(scope="session")
def europe(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Schedule]:
    """Return the tariffs of the Union, for Spain, and of the Kingdom."""
    store = tmp_path_factory.mktemp("store")
    source = shared / "data/eu_uk/global-uk-tariff.csv"
    reports = [import_schedule(importer, source, store) for importer in (Eu(), Uk())]
    assert [report.counts["rows"] for report in reports] == [11_830, 11_830]
    assert [report.counts["ad_valorem"] + report.counts["free"] for report in reports] == [10_519, 10_705]
    found = {country: load(store, country) for country in ("ES", "GB")}
    return {country: schedule for country, schedule in found.items() if schedule is not None}


@pytest.mark.parametrize(
    ("code", "eu", "uk"),
    [
        ("61091000", "12.0%", "12.0%"),
        ("09012100", "7.5%", "6.0%"),
        ("42022100", "3.0%", "2.0%"),
        ("71131900", "2.5%", "2.0%"),
        ("69111000", "12.0%", "12.0%"),
        ("95030021", "4.7%", "4.0%"),
        ("18063100", "8.30% + EA MAX 18.70% + ADSZ", "8.0%"),
    ],
)
def test_eu_and_uk_check_lines(europe: dict[str, Schedule], code: str, eu: str, uk: str) -> None:
    """The lines that the facts print have the rates that stand there."""
    found = [line.general.text for country in ("ES", "GB") for line in europe[country].lookup(code).lines]

    assert found == [eu, uk]


def test_eu_and_uk_in_codes_of_2022(europe: dict[str, Schedule]) -> None:
    """Every code of 2022 is there; what the file flags for parts of a line is told for the line."""
    britain = europe["GB"].lines_under("")
    marks = Counter(mark for line in britain for mark in line.marks)

    assert [len({line.code[:6] for line in one.lines_under("")}) for one in europe.values()] == [5_612, 5_612]
    assert europe["GB"].lookup("69111000").lines[0].marks == ("remedy",)
    # Lines of ten digits, those of eight above them, and codes of 2022 made out of either.
    assert (marks["remedy"], marks["quota"]) == (148, 2)
    assert all(line.alternatives is not None for line in britain)


def test_us_metals_list(shared: Path, tmp_path: Path) -> None:
    """The metals list has 1,031 rows under 958 prefixes; a change of June replaces what stood there since April."""
    import_schedule(UsSection232(), shared / "data/us/s232_annex_products.csv", tmp_path)

    products = load_list(tmp_path, "us.s232")

    assert products is not None
    assert (len(products), len(products.entries)) == (1_031, 958)
    annexes = {
        on: [entry.attributes["annex"] for entry in products.match("8415.10.60.00", on)]
        for on in (date(2026, 4, 5), date(2026, 4, 6), date(2026, 6, 7), date(2026, 6, 8))
    }
    assert list(annexes.values()) == [[], ["1b"], ["1b"], ["3"]]
    assert len(products.match("8412.90.90.70", date(2026, 7, 1))) == 2
