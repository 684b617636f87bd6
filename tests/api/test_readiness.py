"""Whether a product may be offered, asked over HTTP and on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from shopkit.api.examples import CHEESE
from shopkit.api.schemas import ReadinessResponse
from shopkit.cli import main
from tests.shop import COVERED

if TYPE_CHECKING:
    from flask.testing import FlaskClient

READINESS = "/api/v1/readiness"


def cheese(**more: Any) -> dict[str, Any]:
    """Return the request of the example, with some fields replaced."""
    return CHEESE | more


def product(**more: Any) -> dict[str, Any]:
    """Return the product of the example, with some fields replaced."""
    found: dict[str, Any] = CHEESE["product"] | more
    return found


def test_every_destination_is_answered(client: FlaskClient) -> None:
    """Without destinations all that are covered are; the answer has the shape that is described."""
    asked = {name: value for name, value in CHEESE.items() if name not in {"destinations", "date"}}

    answer = client.post(READINESS, json=asked)

    assert answer.status_code == 200
    ReadinessResponse.model_validate_json(answer.data)
    assert {one["country"] for one in answer.get_json()["results"]} == COVERED


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_it_speaks_the_reader_s_language(client: FlaskClient, language: str) -> None:
    """Messages, papers and questions come in the language that is asked for."""
    answer = client.post(READINESS, json=cheese(), headers={"Accept-Language": language})

    names = {"es": "El Salvador", "pt": "El Salvador", "en": "El Salvador"}
    assert answer.headers["Content-Language"] == language
    assert answer.get_json()["results"][0]["name"] == names[language]


def test_a_destination_without_rules_is_told(client: FlaskClient) -> None:
    """Nothing is known of it, which is not the same as being ready."""
    answer = client.post(READINESS, json=cheese(destinations=[{"country": "JP"}]))

    assert answer.get_json()["results"] == [
        {
            "country": "JP", "name": "JP", "as_of": None, "status": "not_covered", "ready": False, "evidence": "none",
            "ways": [], "blocks": [], "needs": {"law": [], "trade": [], "signal": []}, "questions": [], "held": [],
            "advice": [], "formalities": [],
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "errors"),
    [
        ([], [("", "type.object")]),
        (cheese(articulo=1), [("/articulo", "unknown_field")]),
        (cheese(channels=["pigeon"]), [("/channels/0", "choice")]),
        (cheese(date="2026-02-30"), [("/date", "date.impossible")]),
        (cheese(date="2026-02-28", arrives_by="2026-02-27"), [("/arrives_by", "date.before")]),
        (cheese(destinations=[{"country": "XX"}]), [("/destinations/0/country", "country.unknown")]),
        (cheese(product={}), [("/product/description", "item.nameless")]),
        (
            cheese(product=product(attributes={"pasteurized": "no", "pasteurised": "raw"})),
            [
                ("/product/attributes/pasteurised", "attribute.value"),
                ("/product/attributes/pasteurized", "attribute.unknown"),
            ],
        ),
        (cheese(papers=[{"paper": "us.fda.facilities"}]), [("/papers/0/paper", "paper.unknown")]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    client: FlaskClient, request_: object, errors: list[tuple[str, str]]
) -> None:
    """Every fault has a pointer and a code."""
    answer = client.post(READINESS, json=request_)

    found = [(one["pointer"], one["code"]) for one in answer.get_json()["errors"]]
    assert (answer.status_code, found) == (422, errors)


def test_a_paper_nearly_right_is_told_its_name(client: FlaskClient) -> None:
    """One letter is missing."""
    answer = client.post(
        READINESS, json=cheese(papers=[{"paper": "us.fda.facilities"}]), headers={"Accept-Language": "en"}
    )

    assert answer.get_json()["errors"][0]["message"] == (
        "There is no paper and no requirement “us.fda.facilities”. Did you mean “us.fda.facility”?"
    )


def run(*arguments: str, text: str = "") -> tuple[int, str, str]:
    """Return the exit code and both outputs of a command."""
    found = CliRunner().invoke(main, ["readiness", *arguments], input=text)
    return found.exit_code, found.stdout, found.stderr


class TestCommand:
    """``shopkit readiness``."""

    def test_a_row_for_each_destination(self) -> None:
        """A table with a sign for each way."""
        code, out, _ = run("-", text=json.dumps(cheese()))

        assert code == 0
        assert [line.split()[0] for line in out.splitlines()] == ["postal", "SV", "US"]

    def test_details_name_the_rules(self) -> None:
        """Under each destination stands what was found."""
        code, out, _ = run("--details", "-", text=json.dumps(cheese()))

        assert code == 0
        assert "us.fda.prior_notice" in out

    def test_json_is_what_the_api_answers(self, client: FlaskClient) -> None:
        """The same body."""
        code, out, _ = run("--json", "-", text=json.dumps(cheese()))

        answer = client.post(READINESS, json=cheese(), headers={"Accept-Language": "en"})
        assert (code, json.loads(out)) == (0, answer.get_json())

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [("{", "line 1, column 2"), (json.dumps(cheese(product={})), "/product/description")],
    )
    def test_what_cannot_be_answered_stops(self, text: str, complaint: str) -> None:
        """Exit code 2, and stderr says what is wrong."""
        code, _, err = run("-", text=text)

        assert code == 2
        assert complaint in err
