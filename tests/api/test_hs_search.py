"""Finding a code with a destination's tariff loaded: its official text, its lines, and the one question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from landed_cost.schedules.store import import_schedule
from landed_cost.schedules.us_hts import UsHts
from shopkit.api.schemas import HsSearch
from tests.shop import open_shop
from tests.unit.landed_cost.schedule_files import write_us

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

SEARCH = "/api/v1/hs/search"


@pytest.fixture(scope="module")
def us_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Return a client of a shop with a small tariff of the United States."""
    home = tmp_path_factory.mktemp("shop")
    import_schedule(UsHts(), write_us(home / "hts_2026_rev_10.json"), home / "schedules")
    made = open_shop(home)
    yield made.test_client()
    made.extensions["shopkit"].database.dispose()


def search(client: FlaskClient, **query: str) -> HsSearch:
    """Return what a search answers."""
    return HsSearch.model_validate(client.get(SEARCH, query_string=query).get_json())


def test_everyday_words_go_on_to_the_lines(us_client: FlaskClient) -> None:
    """With a country, a code found by Spanish words has its official text there and the lines under it."""
    found = search(us_client, q="Playera de algodón", lang="es", country="US").results[0]

    assert (found.hs_code, found.name, found.matched) == ("6109.10", "playera (algodón)", ["playera", "algodon"])
    assert found.schedule == "US HTS 2026 rev. 10"
    assert found.official == "T-shirts, singlets and similar garments, knitted > Of cotton"
    assert [(line.hs_code, line.rate) for line in found.lines] == [("6109.10.00", "16.5%")]
    assert found.lines_in_all == 1


def test_nearest_line_comes_first(us_client: FlaskClient) -> None:
    """Of the lines under a code those whose own words are nearest to what was said come first."""
    cheap = search(us_client, q="leather handbag, not over 20 dollars", lang="en", country="US").results[0]

    assert cheap.hs_code == "4202.21"
    assert cheap.official == "Handbags > With outer surface of leather"
    assert [line.hs_code for line in cheap.lines] == ["4202.21.60", "4202.21.90"]


def test_a_code_that_the_tariff_does_not_have_has_no_lines(us_client: FlaskClient) -> None:
    """Where the loaded tariff has nothing under a code, none of it is made up."""
    found = search(us_client, q="pala", lang="es", country="US").results[0]

    assert (found.hs_code, found.official, found.lines, found.lines_in_all) == ("8201.10", None, [], 0)


def test_without_a_country_no_lines_are_shown(us_client: FlaskClient) -> None:
    """The six digits are the same everywhere; lines belong to a country that was named."""
    found = search(us_client, q="playera de algodón", lang="es").results[0]

    assert (found.schedule, found.official, found.lines) == (None, None, [])


def test_one_question_separates_what_was_found(us_client: FlaskClient) -> None:
    """The question is asked once, in the language, with an answer for each thing that it may be."""
    asked = search(us_client, q="panela", lang="es").question

    assert asked is not None
    assert asked.text == "¿Qué es: panela / olla?"
    assert [(one.hs_code, one.name) for one in asked.answers] == [
        ("1701.13", "panela: de caña, hecha sin centrifugar"),
        ("7323.93", "olla: de acero inoxidable"),
    ]


def test_answers_are_called_as_in_the_list(us_client: FlaskClient) -> None:
    """Where one word may be several codes, results and answers say in the same words what each is."""
    found = search(us_client, q="quesillo", lang="es")

    assert found.question is not None
    assert {(one.hs_code, one.name) for one in found.question.answers} == {
        ("0406.10", "quesillo: fresco, sin madurar; cuajada y requesón"),
        ("0406.20", "quesillo: rallado o en polvo"),
        ("0406.30", "quesillo: fundido, sin rallar"),
        ("0406.90", "quesillo: madurado o curado, los demás quesos"),
    }
    assert {(one.hs_code, one.name) for one in found.question.answers} == {
        (one.hs_code, one.name) for one in found.results
    }


def test_where_words_are_lacking_the_official_text_tells_codes_apart(
    us_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A code of a shared name without words of ours is told apart by the loaded tariff, or by nothing."""
    monkeypatch.setattr("landed_cost.asking.load_kinds", dict)

    found = search(us_client, q="vino", lang="es", country="US").results

    assert {one.hs_code: one.name for one in found} == {
        "2204.21": "vino: Wine of fresh grapes > Other wine",
        "2204.22": "vino",
        "2204.10": "vino",
    }


def test_nothing_is_asked_where_nothing_is_open(us_client: FlaskClient) -> None:
    """Words that settle the code are not followed by a question."""
    assert search(us_client, q="playera de algodón", lang="es").question is None


def test_digits_find_lines_by_their_official_text(us_client: FlaskClient) -> None:
    """The beginning of a code finds lines as they stand in the tariff."""
    found = search(us_client, q="6109.10", lang="es", country="US").results[0]

    assert (found.hs_code, found.rate, found.score) == ("6109.10.00", "16.5%", None)
    assert found.official == found.name
