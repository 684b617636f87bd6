"""``shopkit listings check``: how good the listings of a shop are, on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from pydantic_core import to_json

from listings.model import Listing
from shopkit.cli import main
from shopkit.config import load_settings
from shopkit.models import Seller
from shopkit.services import listings
from shopkit.services.actors import Actor
from shopkit.services.context import open_services
from tests.databases import migrate
from tests.shop import NOW

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Return the commands of a shop with one seller and two listings."""
    monkeypatch.setenv("SHOPKIT_DATA_DIR", str(tmp_path))
    services = open_services(load_settings(), lambda: NOW)
    migrate(services.database)
    with services.database.writing.begin() as session:
        session.add(Seller(id="s_1", slug="toluca", created_at=NOW, name="Toluca", country="MX", currency="MXN"))
    for key, more in (("taza", {"weight": {"value": "180", "unit": "g"}}), ("vaso", {})):
        value = {"key": key, "title": f"{key} de peltre"} | more
        listings.create_listing(services, Actor("s_1", "owner"), Listing.model_validate_json(to_json(value)))
    services.database.dispose()
    return CliRunner()


def check(runner: CliRunner, *more: str) -> tuple[int, str]:
    """Return how the command ends and what it prints."""
    result = runner.invoke(main, ["listings", "check", "--seller", "toluca", *more])
    return result.exit_code, result.output


def test_the_worst_comes_first_with_what_to_mend_next(runner: CliRunner) -> None:
    """A row for each listing: points, and the action that gains most."""
    assert check(runner) == (
        0,
        (
            "score  market  channel  key   next\n"
            "29     *       shop     vaso  Add a photo of the product on a plain ground.\n"
            "34     *       shop     taza  Add a photo of the product on a plain ground.\n"
        ),
    )


def test_details_tell_what_costs_points(runner: CliRunner) -> None:
    """In the language asked for, the dearest fault first."""
    code, printed = check(runner, "taza", "--details", "--lang", "es", "--market", "us", "--channel", "google")

    assert code == 0
    assert printed.splitlines()[2].split(maxsplit=1) == ["-14", "No hay ninguna foto."]
    assert "vaso" not in printed


def test_json_is_what_the_api_answers(runner: CliRunner) -> None:
    """With the name of the listing beside it."""
    code, printed = check(runner, "vaso", "--json")
    (found,) = json.loads(printed)["results"]

    assert (code, found["key"], found["score"], len(found["parts"])) == (0, "vaso", 29, 11)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--market", "XX"], "XX is not a country of ISO 3166"),
        (["jarra"], "no listing is called jarra"),
        (["--channel", "bazar"], "'bazar' is not one of"),
        (["--seller", "nobody"], "there is no seller 'nobody'"),
    ],
)
def test_what_is_not_there_is_told(runner: CliRunner, more: list[str], said: str) -> None:
    """A name that is none ends the command with what was wrong."""
    code, printed = check(runner, *more)

    assert code == 2
    assert said in printed


def test_a_channel_that_does_not_sell_there_has_nothing_to_judge(runner: CliRunner) -> None:
    """Amazon has no house in Argentina."""
    assert check(runner, "--market", "AR", "--channel", "amazon") == (
        0,
        "nothing to judge: 2 listings, none of them sold there through amazon\n",
    )
