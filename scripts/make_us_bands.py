"""Make ``landed_cost/rulebook/bands/us.csv`` again from the shared facts: ``python -m scripts.make_us_bands``.

One row per HS6: how many lines, how many of them with plain percentages or other forms, the lowest, middle and highest
percentage, and per programme symbol whether all (a), some (s) or none (n) of the lines are free under it.
"""

import csv
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "landed_cost/rulebook/bands/us.csv"
SOURCE = (
    "# Own summary per HS6 of the Harmonized Tariff Schedule of the United States, 2026 Revision 10 (2026-06-08), "
    "column 1 general and special, https://hts.usitc.gov/ ; made 2026-11-23. Percent; empty: no plain percentage."
)
COLUMNS = {
    "hs6": "hs6",
    "lines": "lines",
    "adval_lines": "adval_lines",
    "other_lines": "other_lines",
    "min": "mfn_min_pct",
    "typical": "mfn_median_pct",
    "max": "mfn_max_pct",
    "S": "free_S",
    "CL": "free_CL",
    "CO": "free_CO",
    "PE": "free_PE",
    "PA": "free_PA",
    "P": "free_P",
}
SHORT = {"all": "a", "some": "s", "none": "n"}


def main() -> None:
    """Read the shared table, shorten it, write ours."""
    shared = Path(os.environ.get("SHOPKIT_SHARED", ROOT.parent / "shared"))
    with (shared / "facts/hs6_bands_us.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        file.write(SOURCE + "\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in sorted(rows, key=lambda one: one["hs6"]):
            writer.writerow(SHORT.get(row[column], row[column]) for column in COLUMNS.values())
    print(f"{TARGET.relative_to(ROOT)}: {len(rows)} codes")


if __name__ == "__main__":
    main()
