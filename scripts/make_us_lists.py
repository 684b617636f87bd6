"""Make the US exemption lists again: ``python -m scripts.make_us_lists [--tracker FOLDER]``.

The Section 301 lists come from the shared facts (``SHOPKIT_SHARED``, folder facts/us301). With ``--tracker``, a copy of
the Budget Lab's tariff-rate tracker (MIT licence), the lists of the duties that ended and those of Section 232 are made
too; without it their files stay as they are.

Where every line of a six-digit code is on a list, the six digits stand for them, so that the code alone is an answer.
"""

import argparse
import csv
import gzip
import json
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "landed_cost/rulebook/lists"
Rows = dict[str, str]

KINDS = {"listed": "listed", "described_article": "described", "end_use": "use", "listed_with_claim": "listed"}
RELIGIOUS = ("14049090", "19059010", "19059090", "33012951")
ACAI = ("20089921", "20098970", "21069099")
HATS = ("6501", "6502", "6504", "6505")
COUNTRIES = {"AR": "10 11", "EC": "18 19", "GT": "04 05", "SV": "07 08"}
# Chapter 98 provisions are no product of a seller's catalogue; the lists of the ended duties name some.
NO_GOODS = ("98", "99")
LINE = 8
EXCLUSIONS = ("9903.88.69", "9903.88.70")


def main() -> None:
    """Write each file and print its lists with their counts."""
    parser = argparse.ArgumentParser(description="Make the US exemption lists again.")
    parser.add_argument("--tracker", type=Path, help="folder of the tracker, which holds resources/")
    tracker: Path | None = parser.parse_args().tracker
    shared = Path(os.environ.get("SHOPKIT_SHARED", ROOT.parent / "shared"))
    folder = shared / "facts/us301"
    schedule = _schedule(shared / "data/us/hts_2026_rev_10.json.gz")
    lines = _lines(schedule)
    general = _section_301(folder)
    notes = "HTS 2026 chapter 99, subchapter III, U.S. notes 50 and 52, as extracted and compared up to 2026-10-06"
    _write("us_s301.csv", notes, general, lines)
    _write("us_s301_countries.csv", notes, _countries(folder, general), lines)
    _write("us_s301cn.csv", "HTS 2026 Revision 10, notes printed beside the lines", _excluded(schedule), lines)
    if tracker is not None:
        made = "Budget Lab tariff-rate tracker, resources as of 2026-05-11 (MIT), made from HTS 2026 chapter 99"
        _write("us_s122.csv", made, _section_122(tracker, general), lines)
        _write("us_ieepa.csv", made, _ieepa(tracker, general), lines)
        _write("us_s232.csv", made, _section_232(tracker), lines)


def _shared(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _schedule(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows: list[dict[str, Any]] = json.load(file)
    return [{**row, "code": (row["htsno"] or "").replace(".", "")} for row in rows]


def _lines(schedule: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Return the eight-digit lines of the schedule by their first six digits."""
    lines: dict[str, set[str]] = {}
    for row in schedule:
        code = row["code"]
        if len(code) >= LINE and not code.startswith(NO_GOODS):
            lines.setdefault(code[:6], set()).add(code[:LINE])
    return lines


def _excluded(schedule: list[dict[str, Any]]) -> dict[str, Rows]:
    """Return the lines beside which the schedule prints a heading of exclusions from the duty on goods of China."""
    found: Rows = {}
    for row in schedule:
        notes = " ".join(note["value"] for note in row["footnotes"] or ())
        if row["code"] and not row["code"].startswith(NO_GOODS) and any(one in notes for one in EXCLUSIONS):
            found[row["code"]] = "described"
    return {"us.s301cn.excluded": found}


def _shorten(codes: Rows, lines: dict[str, set[str]]) -> Rows:
    """Replace the lines of a six-digit code by the code where the list names all of them, with one key."""
    short: Rows = {}
    for code, kind in codes.items():
        whole = lines.get(code[:6])
        if len(code) == LINE and whole and all(codes.get(line) == kind for line in whole):
            short[code[:6]] = kind
        else:
            short[code] = kind
    return short


def _exempt(folder: Path, heading: str) -> Rows:
    return {row["hts_prefix"]: KINDS[row["kind"]] for row in _shared(folder / f"exempt_9903.{heading}.csv")}


def _section_301(folder: Path) -> dict[str, Rows]:
    lists: dict[str, Rows] = {
        "us.s301fl.any": _exempt(folder, "05.86"),
        "us.s301fl.aircraft": _exempt(folder, "05.88"),
        "us.s301fl.pharma": _exempt(folder, "05.89"),
        "us.s301br.listed": _exempt(folder, "05.03"),
        "us.s301br.aircraft": _exempt(folder, "05.05"),
        "us.s301br.pharma": _exempt(folder, "05.06"),
    }
    for program, heading in (("us.s301fl", "05.87"), ("us.s301br", "05.04")):
        for code, kind in _exempt(folder, heading).items():
            part = "religious" if code in RELIGIOUS else "acai" if code in ACAI else "described"
            lists.setdefault(f"{program}.{part}", {})[code] = kind
    for code, kind in _exempt(folder, "06.06").items():
        lists.setdefault("us.s301fl.hats" if code.startswith(HATS) else "us.s301fl.textiles", {})[code] = kind
    if set(_exempt(folder, "06.09")) != set(_exempt(folder, "06.06")):
        raise SystemExit("the textile lists of El Salvador and Guatemala differ; give each a list of its own")
    return lists


def _countries(folder: Path, general: dict[str, Rows]) -> dict[str, Rows]:
    lists: dict[str, Rows] = {}
    for country, headings in COUNTRIES.items():
        listed, described = headings.split()
        lists[f"us.s301fl.{country.lower()}"] = _exempt(folder, f"06.{listed}")
        lists[f"us.s301fl.{country.lower()}.described"] = _exempt(folder, f"06.{described}")
    textiles = set(general["us.s301fl.textiles"]) | set(general["us.s301fl.hats"])
    jordan: set[str] = set()
    for row in _shared(folder / "exempt_other_origins.csv"):
        kind = KINDS[row["kind"]]
        if row["origin"] == "JO" and row["hts_prefix"] in textiles:
            jordan.add(row["hts_prefix"])
            continue
        name = f"us.s301fl.{row['origin'].lower()}" + (".described" if kind == "described" else "")
        lists.setdefault(name, {})[row["hts_prefix"]] = kind
    if jordan != textiles:
        raise SystemExit("Jordan's textile lines differ from Guatemala's; keep them in a list of their own")
    return lists


def _section_122(tracker: Path, general: dict[str, Rows]) -> dict[str, Rows]:
    codes = {row["hts8"] for row in _shared(tracker / "resources/s122_exempt_products.csv")}
    return _by_use("us.s122", codes, general)


def _by_use(program: str, codes: set[str], general: dict[str, Rows]) -> dict[str, Rows]:
    """Part a mixed list: what is free by use or description only, as the notes of 2026 name it, and the rest.

    The trackers' lists mix the parts of a note; the same codes stand apart in notes 50 and 52.
    """
    aircraft = set(general["us.s301fl.aircraft"]) | set(general["us.s301br.aircraft"])
    outright = set(general["us.s301fl.any"]) | set(general["us.s301fl.pharma"])
    lists: dict[str, Rows] = {}
    for code in sorted(codes):
        if code.startswith(NO_GOODS):
            continue
        if code in RELIGIOUS:
            lists.setdefault(f"{program}.religious", {})[code] = "described"
        elif code in general["us.s301fl.described"] or code in ACAI:
            lists.setdefault(f"{program}.described", {})[code] = "described"
        elif code in aircraft and code not in outright:
            lists.setdefault(f"{program}.aircraft", {})[code] = "use"
        else:
            lists.setdefault(f"{program}.listed", {})[code] = "listed"
    return lists


def _ieepa(tracker: Path, general: dict[str, Rows]) -> dict[str, Rows]:
    path = tracker / "resources/country_eo_exempt_products.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    first: set[str] = set()
    later: set[str] = set()
    for row in rows:
        code = row["hts10"].replace(".", "")
        if row["ch99_code"] == "9903.01.77":
            (later if row["effective_date_start"] >= "2025-11-13" else first).add(code)
    lists = _by_use("us.ieepa.br", first, general)
    # The farm goods freed for Brazil on 2025-11-13 are those freed for every origin that day.
    farm = _by_use("us.ieepa.farm", later - first, general)
    electronics = (
        "8471 847330 8486 8505110070 85171300 85176200 85235100 8524 85285200 85411000 85412100 85412900 85413000 "
        "85414100 85414910 85414970 85414980 85414995 85415100 85415900 85419000 8542"
    )
    lists["us.ieepa.electronics"] = dict.fromkeys(electronics.split(), "listed")
    return {**lists, **farm}


def _section_232(tracker: Path) -> dict[str, Rows]:
    """Wood as the tracker's settings name it (notes 37(b), (d), (f)), vehicles and parts (notes 33 and 38)."""
    parts: Rows = {}
    for name, key in (("s232_auto_parts.txt", "parts"), ("s232_mhd_parts.txt", "heavy_parts")):
        for line in (tracker / "resources" / name).read_text("utf-8").splitlines():
            if line.strip().isdigit():
                parts.setdefault(line.strip(), key)
    cars = "870322 870323 870324 870331 870332 870333 870334 870340 870350 870360 870370 870380 870390"
    light = "87042101 87043101 87044100 87045100"
    heavy = (
        "87012100 87012200 87012300 87012400 87012900 87041010 87041050 87042211 87042251 87042301 87043201 87044200 "
        "87044300 87045200 87046000 87049001 87054000 8705900080 87060003 8706000520 8706000575 87060025 87060050 "
        "87091100 87091900"
    )
    softwood = (
        "44031100 44032101 44032201 44032301 44032401 44032501 44032601 44039901 44061100 44069100 "
        "44071100 44071200 44071300 44071400 44071900"
    )
    upholstered = "9401614011 9401614031 9401616011 9401616031"
    cabinets = "9403409060 9403608093 9403910080"
    return {
        "us.s232.vehicles": {
            **parts,
            **dict.fromkeys(f"{cars} {light}".split(), "vehicles"),
            **dict.fromkeys(heavy.split(), "heavy"),
            "8702": "buses",
        },
        "us.s232.softwood": dict.fromkeys(softwood.split(), "listed"),
        "us.s232.wood": {
            **dict.fromkeys(upholstered.split(), "upholstered"),
            **dict.fromkeys(cabinets.split(), "cabinets"),
        },
    }


def _write(name: str, source: str, lists: dict[str, Rows], lines: dict[str, set[str]]) -> None:
    short = {list_: _shorten(codes, lines) for list_, codes in sorted(lists.items())}
    rows = [(list_, code, kind) for list_, codes in short.items() for code, kind in sorted(codes.items())]
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        file.write(f"# {source}\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("list", "hs_prefix", "kind"))
        writer.writerows(rows)
    for list_, codes in sorted(lists.items()):
        print(f"{name}: {list_}: {len(codes)} codes in {len(short[list_])} rows")


if __name__ == "__main__":
    main()
