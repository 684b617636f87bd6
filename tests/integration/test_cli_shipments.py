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
