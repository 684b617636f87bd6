"""What if, over HTTP and on the command line: other figures than the law's, plainly marked and never kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from shopkit.api.schemas import QuoteResponse
from shopkit.cli import main
from tests.shop import ROOT, shirts

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

QUOTES, COMPARE = "/api/v1/quotes", "/api/v1/compare"
MEXICO = {"name": "Mexico at 25 percent", "set": {"us.s301fl.mx": {"value": "25", "unit": "percent"}}}


def asked(**more: Any) -> dict[str, Any]:
    """Return the request of two shirts that says nothing about being kept, with some fields more."""
    return {name: value for name, value in shirts().items() if name != "save"} | more


def test_a_supposed_rate_is_charged_and_marked(client: FlaskClient) -> None:
    """25 % instead of 10 % on 50.00 is 12.50; the answer is named, estimated, and not kept."""
    reply = client.post(QUOTES, json=asked(what_if=MEXICO))

    body = reply.get_json()
    QuoteResponse.model_validate(body)
    charged = {charge["rule"]["id"]: (charge["amount"], charge["rule"]["status"]) for charge in body["charges"]}
    assert (reply.status_code, body["id"], body["versions"]["overlay"]) == (200, None, "Mexico at 25 percent")
    assert (body["assessment"]["outcome"], body["assessment"]["reasons"][0]["code"]) == (
        "estimated",
        "overlay.hypothetical",
    )
    assert charged["us.s301fl.mx"] == ("12.50", "assumed")


def test_what_has_no_name_is_named_by_what_it_says(client: FlaskClient) -> None:
    """The same supposition has the same name, another one another."""
    names = [
        client.post(QUOTES, json=asked(what_if={"set": {"us.s301fl.mx": {"value": value}}})).get_json()["versions"]
        for value in ("25", "25", "26")
    ]

    overlays = [versions["overlay"] for versions in names]
    assert overlays[0] == overlays[1] != overlays[2]
    assert overlays[0].startswith("what-if ")


def test_only_the_days_that_are_supposed(client: FlaskClient) -> None:
    """Before the first supposed day the law's own rate is charged."""
    figure = {"value": "25", "from": "2026-12-01", "to": "2026-12-31"}
    duties = []
    for day in ("2026-11-30", "2026-12-01", "2026-12-31", "2027-01-01"):
        body = client.post(QUOTES, json=asked(date=day, what_if={"set": {"us.s301fl.mx": figure}})).get_json()
        duties.append({charge["id"]: charge["amount"] for charge in body["charges"]}["us.s301fl"])

    assert duties == ["5.00", "12.50", "12.50", "5.00"]


def test_one_basket_everywhere_under_a_supposition(client: FlaskClient) -> None:
    """Every destination is marked, also where nothing is supposed of it: the comparison is one answer."""
    basket = {name: value for name, value in asked().items() if name != "destination"}
    places = [{"country": "US", "region": "CA"}, {"country": "CL"}]
    body = client.post(COMPARE, json=basket | {"destinations": places, "what_if": MEXICO}).get_json()

    assert [one["quote"]["versions"]["overlay"] for one in body["results"]] == ["Mexico at 25 percent"] * 2


@pytest.mark.parametrize(
    ("what_if", "wrong"),
    [
        ({"set": {"us.s301fl.mxx": {"value": "1"}}}, [("/what_if/set/us.s301fl.mxx", "what_if.unknown_fact")]),
        (
            {"set": {"us.s301fl.mx": {"value": "1", "unit": "USD", "from": "2026-02-30"}}},
            [("/what_if/set/us.s301fl.mx/from", "date.impossible"), ("/what_if/set/us.s301fl.mx/unit", "what_if.unit")],
        ),
        ({"set": {"us.s301fl.mx": {"value": 1}}}, [("/what_if/set/us.s301fl.mx/value", "type.decimal")]),
        ({"set": {"us.s301fl.mx": {"value": "-1"}}}, [("/what_if/set/us.s301fl.mx/value", "amount.invalid")]),
        ({"set": {"us.s301fl.mx": {"value": "1", "form": "x"}}}, [("/what_if/set/us.s301fl.mx/form", "unknown_field")]),
        ({"set": {}}, [("/what_if/set", "count.too_few")]),
        ({}, [("/what_if/set", "required")]),
        ("us", [("/what_if", "type.object")]),
    ],
)
def test_a_supposition_that_does_not_fit(client: FlaskClient, what_if: object, wrong: list[tuple[str, str]]) -> None:
    """Each figure that does not fit is named with a pointer to it, for a quote and for a comparison alike."""
    basket = {name: value for name, value in asked().items() if name != "destination"}
    found = []
    for path, body in ((QUOTES, asked(what_if=what_if)), (COMPARE, basket | {"what_if": what_if})):
        reply = client.post(path, json=body)
        found.append((reply.status_code, [(one["pointer"], one["code"]) for one in reply.get_json()["errors"]]))

    assert found == [(422, wrong)] * 2


def test_an_unknown_rule_is_told_the_nearest(client: FlaskClient) -> None:
    """A slip in an id is answered with the ids that it may have been."""
    body = client.post(QUOTES, json=asked(what_if={"set": {"us.s301fl.mxx": {"value": "1"}}})).get_json()

    assert "us.s301fl.mx" in body["errors"][0]["message"]


@pytest.mark.parametrize("rule", ["us.band.610910", "us.hts.6109.10.00.12", "br.tariff.6109.10.00"])
def test_a_rate_of_the_tariff_cannot_be_supposed(client: FlaskClient, rule: str) -> None:
    """The id of a band or of a tariff line, as a charge cites it, is refused for what it is, without other ids."""
    body = client.post(QUOTES, json=asked(what_if={"set": {rule: {"value": "1"}}})).get_json()

    assert body["errors"] == [
        {
            "pointer": f"/what_if/set/{rule}",
            "code": "what_if.tariff",
            "message": f"“{rule}” is a rate of the tariff or of a band, not a dated rule; "
            "such rates cannot be supposed, only the rules on top of them.",
        }
    ]


def test_it_cannot_be_kept(client: FlaskClient) -> None:
    """Who asks in so many words to keep a supposition is told that it is none to be kept."""
    reply = client.post(QUOTES, json=asked(what_if=MEXICO, save=True))

    assert (reply.status_code, [one["code"] for one in reply.get_json()["errors"]]) == (422, ["what_if.kept"])


class TestCommandLine:
    """``--what-if FILE``."""

    def test_the_example_of_the_documents(self, tmp_path: Path) -> None:
        """A quote and a comparison are answered under the figures of the file, from their first day."""
        request, basket = tmp_path / "quote.json", tmp_path / "basket.json"
        request.write_text(json.dumps(asked(date="2026-12-05")))
        basket.write_text(json.dumps({key: value for key, value in asked().items() if key != "destination"}))
        common = ["--what-if", str(ROOT / "docs/examples/what-if.yaml")]
        environment = {"SHOPKIT_DATA_DIR": str(tmp_path)}

        quoted = CliRunner().invoke(main, ["quote", *common, str(request)], env=environment)
        compared = CliRunner().invoke(main, ["compare", "--json", *common, str(basket)], env=environment)

        answer = json.loads(quoted.stdout)
        assert (answer["versions"]["overlay"], answer["totals"]["import_charges"]) == ("Mexico at 25 percent", "23.75")
        assert {one["quote"]["versions"]["overlay"] for one in json.loads(compared.stdout)["results"]} == {
            "Mexico at 25 percent"
        }

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"set: {a: {value: 1}}\n", "/what_if/set/a: There is no rule"),
            (b"set: {a: *b}\n", "what-if.yaml:1"),
            (b"set: \xff\n", "byte 5 is not UTF-8"),
            (b"- set\n", "/what_if: An object with named fields is expected."),
        ],
    )
    def test_a_file_that_cannot_be_used(self, tmp_path: Path, content: bytes, message: str) -> None:
        """What is wrong in the file is named, and nothing is answered as if it were law."""
        (tmp_path / "what-if.yaml").write_bytes(content)
        given = ["quote", "--what-if", str(tmp_path / "what-if.yaml"), "-"]
        printed = CliRunner().invoke(main, given, input=json.dumps(asked()), env={"SHOPKIT_DATA_DIR": str(tmp_path)})

        assert (printed.exit_code, message in printed.stderr) == (2, True)
