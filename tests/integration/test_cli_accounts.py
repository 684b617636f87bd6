"""Sellers on the command line: the sample shops, and a business that was looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shopkit.services import demo
from tests.shop import lay_demo

if TYPE_CHECKING:
    from pathlib import Path

VERIFY = ("verify", "--source", "SAT", "--number", "XAXX010101000", "--by", "Eva Ruiz")


def test_the_sample_shops_are_made_once(run: Any) -> None:
    """All at the first time, none at the second; the list names them every time."""
    first, second = run("demo").stdout, run("demo").stdout

    assert [f"made {shop.slug}" in first for shop in demo.SHOPS] == [True] * 5
    assert "made" not in second
    assert [shop.name in second for shop in demo.SHOPS] == [True] * 5


def test_a_business_is_verified_by_its_short_name(run: Any, tmp_path: Path) -> None:
    """Until the day that was named."""
    lay_demo(tmp_path)
    printed = run(*VERIFY, "--seller", "demo", "--expires", "2999-12-31")

    assert printed.stdout == "Regalos Xinantécatl is verified until 2999-12-31\n"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--seller", "none", "--expires", "2999-12-31"), "there is no seller 'none'"),
        (("--seller", "demo", "--expires", "2020-01-01"), "2020-01-01 is over"),
    ],
)
def test_what_cannot_be_verified_is_told(run: Any, tmp_path: Path, more: tuple[str, ...], told: str) -> None:
    """On stderr, with an exit code of its own."""
    lay_demo(tmp_path)
    printed = run(*VERIFY, *more)

    assert (printed.exit_code in {1, 2}, told in printed.stderr) == (True, True)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "shop.example"])  # noqa: S104  # refused
def test_a_demonstration_is_for_this_machine_alone(run: Any, host: str) -> None:
    """Anybody may enter it, so it listens to nobody else."""
    printed = run("serve", "--demo", "--host", host)

    assert (printed.exit_code, "it is for this machine alone" in printed.stderr) == (2, True)


def test_a_demonstration_has_no_public_address(run: Any) -> None:
    """Where others come, the setting stops the shop from starting."""
    printed = run("serve", SHOPKIT_DEMO="1", SHOPKIT_PUBLIC_URL="https://shop.example")

    assert (printed.exit_code, "SHOPKIT_DEMO lets anybody in" in printed.stderr) == (2, True)
