"""The command line asks and is answered as over HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.shop import SHIRTS, open_shop, shirts, timeless

if TYPE_CHECKING:
    from pathlib import Path


def lines(*requests: Any) -> str:
    """Return requests, one on each line."""
    return "".join(json.dumps(request) + "\n" for request in requests)


class TestQuote:
    """``shopkit quote``."""

    def test_it_answers_as_http_does(self, run: Any, tmp_path: Path) -> None:
        """The bodies are those of the API, ids and times aside, in each language."""
        client = open_shop(tmp_path).test_client()
        requests = [shirts(), shirts(destination={"country": "DE"}), shirts(destination={"country": "CL"}, terms="DAP")]

        for language in ("en", "es", "pt"):
            printed = run("quote", "--lines", "--lang", language, "-", stdin=lines(*requests))
            replies = [
                client.post("/api/v1/quotes", json=request, headers={"Accept-Language": language})
                for request in requests
            ]
            assert (printed.exit_code, printed.stderr) == (0, "")
            assert [timeless(json.loads(line)) for line in printed.stdout.splitlines()] == [
                timeless(reply.get_json()) for reply in replies
            ]

    def test_a_file_is_read(self, run: Any, tmp_path: Path) -> None:
        """One request in a file gives one answer, laid out for people."""
        file = tmp_path / "request.json"
        file.write_text(json.dumps(shirts(), indent=1))

        printed = run("quote", str(file))

        assert printed.exit_code == 0
        assert json.loads(printed.stdout)["totals"]["duties"] == "13.25"
        assert printed.stdout.startswith('{\n  "id": null')

    def test_a_saved_one_can_be_read_over_http(self, run: Any, tmp_path: Path) -> None:
        """A request that asks to be kept is kept, the tables made where there are none."""
        printed = run("quote", "--lines", stdin=lines(SHIRTS))

        body = json.loads(printed.stdout)
        read = open_shop(tmp_path).test_client().get(f"/api/v1/quotes/{body['id']}")
        assert read.get_json() == body

    def test_lines_that_are_wrong_keep_their_place(self, run: Any) -> None:
        """An unreadable line and a wrong request are answered by their problem; stderr names lines; it is code 2."""
        printed = run("quote", "--lines", stdin=lines(shirts()) + "{oops\n\n" + lines(shirts(currency="XXQ"), shirts()))

        answers = [json.loads(line) for line in printed.stdout.splitlines()]
        assert printed.exit_code == 2
        assert [answer.get("status", 200) for answer in answers] == [200, 400, 422, 200]
        assert [line.partition(":")[2].partition(":")[0].strip() for line in printed.stderr.splitlines()] == [
            "line 2",
            "line 4",
        ]

    @pytest.mark.parametrize("body", ["", "{", "[1,]", '{"a": NaN}'])
    def test_what_is_no_json_is_2(self, run: Any, body: str) -> None:
        """A body that cannot be read is code 2, with a sentence in the language on stderr."""
        printed = run("quote", "--lang", "es", stdin=body)

        assert printed.exit_code == 2
        assert printed.stderr.startswith("shopkit: El cuerpo no es JSON: ")

    def test_a_file_that_is_not_there_is_2(self, run: Any) -> None:
        """A missing file is named."""
        printed = run("quote", "nothing.json")

        assert (printed.exit_code, "nothing.json" in printed.stderr) == (2, True)


class TestCompare:
    """``shopkit compare``."""

    def test_it_answers_as_http_does(self, run: Any, tmp_path: Path) -> None:
        """The body is that of the API, ids and times aside."""
        basket = {name: value for name, value in shirts(terms="DAP").items() if name != "destination"}
        reply = open_shop(tmp_path).test_client().post("/api/v1/compare", json=basket)

        printed = run("compare", "--json", "-", stdin=json.dumps(basket))

        def comparable(body: Any) -> Any:
            return [result | {"quote": timeless(result["quote"])} for result in body["results"]]

        assert printed.exit_code == 0
        assert comparable(json.loads(printed.stdout)) == comparable(reply.get_json())

    def test_saved_ones_are_kept(self, run: Any, tmp_path: Path) -> None:
        """With save every answer can be read later."""
        basket = {name: value for name, value in SHIRTS.items() if name != "destination"}

        printed = run("compare", "--json", stdin=json.dumps(basket | {"destinations": [{"country": "US"}]}))

        [result] = json.loads(printed.stdout)["results"]
        client = open_shop(tmp_path).test_client()
        assert client.get(f"/api/v1/quotes/{result['quote']['id']}").get_json() == result["quote"]

    def test_it_prints_a_row_for_each_destination(self, run: Any) -> None:
        """A sum and the way in, what stands against a sure figure, and of a refusal why there is no sum."""
        basket = {name: value for name, value in shirts(terms="DAP").items() if name != "destination"}
        places = [{"country": "CL"}, {"country": "DE"}, {"country": "BR", "region": "QQ"}]

        printed = run("compare", "--lang", "en", stdin=json.dumps(basket | {"destinations": places, "save": False}))

        head, chile, germany, brazil = printed.stdout.splitlines()
        assert head.split() == ["import", "charges", "landed"]
        assert (chile.split()[0], chile.split()[4:6]) == ("CL", ["USD", "cl.remote"])
        assert germany.split(maxsplit=2) == ["DE", "refused", "The destination DE is not covered."]
        assert brazil.split()[:2] == ["BR", "–"]

    @pytest.mark.parametrize("body", ["{", "{}"])
    def test_what_cannot_be_answered_is_2(self, run: Any, body: str) -> None:
        """Neither no JSON nor no basket is an answer."""
        printed = run("compare", stdin=body)

        assert (printed.exit_code, printed.stderr.startswith("shopkit: ")) == (2, True)


class TestHs:
    """``shopkit hs search``."""

    def test_words_lead_to_codes(self, run: Any) -> None:
        """Codes come with their names, and then the question that would settle the choice."""
        printed = run("hs", "search", "playera", "de", "hombre")

        assert printed.exit_code == 0
        assert printed.stdout.splitlines()[0].startswith("6109.10")
        assert "¿" in printed.stdout.splitlines()[-1]

    def test_codes_of_one_name_are_told_apart(self, run: Any) -> None:
        """Each code that shares its name says what it is, and the question stands once, below them."""
        printed = run("hs", "search", "quesillo").stdout.splitlines()

        assert sorted(printed[:-1]) == [
            "0406.10    quesillo: fresco, sin madurar; cuajada y requesón ← quesillo",
            "0406.20    quesillo: rallado o en polvo ← quesillo",
            "0406.30    quesillo: fundido, sin rallar ← quesillo",
            "0406.90    quesillo: madurado o curado, los demás quesos ← quesillo",
        ]
        assert printed[-1] == "¿Es fresco sin madurar, madurado, fundido o rallado?"

    def test_json_is_what_the_api_answers(self, run: Any, tmp_path: Path) -> None:
        """With --json the body is that of the API."""
        reply = open_shop(tmp_path).test_client().get("/api/v1/hs/search?q=playera&lang=es")

        assert json.loads(run("hs", "search", "playera", "--json").stdout) == reply.get_json()

    def test_nothing_found_is_said(self, run: Any) -> None:
        """Words that mean nothing are told so, on stderr."""
        printed = run("hs", "search", "qwzxv")

        assert (printed.exit_code, printed.stdout) == (0, "")
        assert "nothing found" in printed.stderr

    @pytest.mark.parametrize(("country", "code"), [("DE", 2), ("US", 1)])
    def test_a_country_without_a_schedule_is_named(self, run: Any, country: str, code: int) -> None:
        """A country not covered, and one whose tariff is not loaded, are errors that say which."""
        printed = run("hs", "search", "café", "--country", country)

        assert (printed.exit_code, country in printed.stderr) == (code, True)
