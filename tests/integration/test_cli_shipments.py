"""``shopkit shipments``: parcels listed, opened, shown with what was told; what is wrong is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from shopkit.cli import main
from shopkit.services import shipments
from tests.parcels import journey, sent
from tests.shop import open_shop

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

NUMBER = "RR000000014MX"


@pytest.fixture
def seller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a shop with one parcel, held by customs."""
    services = open_shop(tmp_path / "shop").extensions["shopkit"]
    actor, parcel = sent(services, NUMBER)
    shipments.receive(services, parcel.id, journey(("EMA", "EMD", "EME")))
    services.database.dispose()
    monkeypatch.setenv("SHOPKIT_DATA_DIR", str(tmp_path / "shop"))
    return str(actor.seller_id)


def run(*words: str) -> Result:
    """Run a command as from a terminal."""
    return CliRunner().invoke(main, ["shipments", *words])


def test_parcels_are_listed_and_shown(seller: str) -> None:
    """By what is wrong with them, in the reader's language; one with its scans and the carrier's codes."""
    listed = run("list", "--seller", seller, "--view", "held", "--lang", "es")
    shown = run("show", "rr 000 000 014 mx", "--seller", seller).output.splitlines()

    assert listed.output.split()[:4] == [NUMBER, "2026-11-23", "MX-US", "#1001"]
    assert "Retenido por la aduana de entrada." in listed.output
    assert [line.split()[-2:] for line in shown[2:]] == [["EMA", "upu"], ["EMD", "upu"], ["EME", "upu"]]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["posted 2026-11-23, MX → US, promised 2026-11-30 to 2026-12-04"]),
        ("es", ["enviado el 2026-11-23, MX → US, prometido del 2026-11-30 al 2026-12-04"]),
        ("pt", ["postado em 2026-11-23, MX → US, prometido de 2026-11-30 a 2026-12-04"]),
    ],
)
def test_when_a_parcel_was_posted_and_promised_is_told_in_the_readers_language(
    seller: str, language: str, said: list[str]
) -> None:
    """Below its headline."""
    shown = run("show", NUMBER, "--seller", seller, "--lang", language).output.splitlines()

    assert shown[1:2] == said


def test_a_parcel_is_opened_by_hand(seller: str) -> None:
    """Of an order, with its number as the post prints it; its lane is counted."""
    made = run(
        *("open", "RR 000 000 028 MX", "--seller", seller, "--posted", "2026-11-20"),
        *("--from", "mx", "--to", "us", "--service", "ems", "--order", "1001"),
    )
    lanes = run("lanes", "--seller", seller, "--since", "2026-01-01").output

    assert made.output.split()[0] == "RR000000028MX"
    assert "MX-US  ems      0 of 1 arrived" in lanes


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "EE123456785MX"), "no parcel of this shop has the number EE123456785MX"),
        (
            ("open", "hello", "--posted", "2026-11-20", "--to", "US"),
            "That is no number by which a parcel can be followed",
        ),
        (("open", NUMBER, "--posted", "2026-11-20", "--to", "USA"), "'USA' is no code of a country"),
        (("open", NUMBER, "--posted", "2026-11-20", "--to", "US", "--order", "77"), "there is no order 77"),
    ],
)
def test_what_is_wrong_is_said(seller: str, words: tuple[str, ...], said: str) -> None:
    """A parcel or order that is not there, a number or country that is none: exit code 2, and nothing is made."""
    found = run(*words, "--seller", seller)

    assert found.exit_code == 2
    assert said in found.output


def test_a_sheet_by_hand_is_kept_once(seller: str, tmp_path: Path) -> None:
    """What a person wrote of a parcel is told beside what its post said, and a sheet given again adds nothing."""
    sheet = tmp_path / "eventos.csv"
    sheet.write_text(f"number;time;status;place\n{NUMBER};2026-11-23 14:30;pago pendiente en aduana;Miami\n", "cp1252")

    first, again = (run("record", str(sheet), "--seller", seller) for _ in range(2))
    shown = run("show", NUMBER, "--seller", seller).output

    assert [" ".join(one.output.split()) for one in (first, again)] == [
        f"{NUMBER} 1 event new held_customs_import",
        f"{NUMBER} 0 events new held_customs_import",
    ]
    assert "Miami" in shown
    assert shown.count("csv") == 1


def test_a_sheet_with_one_thing_wrong_is_not_kept(seller: str, tmp_path: Path) -> None:
    """Another's number, days that are not the parcel's, a status that is none: all told by row, and nothing kept."""
    sheet = tmp_path / "events.csv"
    head, well = "number,time,status\n", f"{NUMBER},2026-11-23,delivered\n"
    said = []
    for rows in (
        "RB123456785GB,2026-11-23,delivered\n",
        f"{NUMBER},2024-01-01,delivered\n",
        f"{NUMBER},2026-11-23,x\n",
    ):
        sheet.write_text(head + (well if "RB" in rows else "") + rows, "utf-8")
        result = run("record", str(sheet), "--seller", seller)
        said.append((result.exit_code, result.output.splitlines()[0].partition("events.csv: ")[2]))

    assert said == [
        (2, "row 3, number: RB123456785GB is no parcel of this shop in these days"),
        (2, f"row 2, number: {NUMBER} is no parcel of this shop in these days"),
        (2, "row 2, status: 'x' is no status; write one such as posted, in customs, delivered, or a code of EMSEVT"),
    ]
    assert "csv" not in run("show", NUMBER, "--seller", seller).output
