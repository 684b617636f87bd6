"""``shopkit tracking``: numbers are looked at, answers that were kept are read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.shop import ROOT
from tests.twins.usps import Usps

if TYPE_CHECKING:
    from pathlib import Path


def test_a_valid_number(run: Any) -> None:
    """A right one is told with service, how far it is tracked and how well that is known, and issuer; exit code 0."""
    answer = run("tracking", "check", "RB123456785GB")

    assert answer.exit_code == 0
    assert answer.stdout == (
        "RB 123 456 785 GB: valid, S10 postal item, Registered letter, signed for at delivery, few scans on the way "
        "(from memory), issued in United Kingdom\n"
    )


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "The check digit (the ninth) would have to be 5"),
        ("es", "5: hay una cifra mal escrita"),
        ("pt", "5: há um algarismo errado"),
    ],
)
def test_a_wrong_number(run: Any, language: str, told: str) -> None:
    """A wrong one names the expected digit and what may have been meant; exit code 1."""
    answer = run("tracking", "check", "RB123456786US", "--lang", language)

    assert answer.exit_code == 1
    assert told in answer.stdout
    assert "RB123456785US" in answer.stdout


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "issued in Mexico"),
        ("es", "emitido en México"),
        # «No México» and «nos Estados Unidos» have articles that a name does not tell.
        ("pt", "país emissor: México"),
    ],
)
def test_where_a_number_was_issued(run: Any, language: str, told: str) -> None:
    """In words that need no article of the country's name."""
    answer = run("tracking", "check", "RB123456785MX", "--lang", language)

    assert answer.stdout.rstrip("\n").endswith(f", {told}")


def test_many_from_stdin_as_json(run: Any) -> None:
    """Lines of stdin and arguments are answered in order, one JSON object a line."""
    answer = run("tracking", "check", "1Z999AA10123456784", "-", "--json", stdin="rb 123 456 785 gb\n\nhello\n")
    rows = [json.loads(line) for line in answer.stdout.splitlines()]

    assert answer.exit_code == 1
    assert [(row["number"], row["format"], row["valid"]) for row in rows] == [
        ("1Z999AA10123456784", "ups", None),
        ("RB123456785GB", "s10", True),
        ("HELLO", None, False),
    ]
    assert rows[1]["issuer"] == {"code": "GB", "name": "United Kingdom", "text": "issued in United Kingdom"}
    assert rows[1]["service"]["tracked_evidence"] == "memory"


def test_anothers_number_is_no_fault(run: Any) -> None:
    """A number of another carrier is told as recognised by its shape; exit code 0."""
    answer = run("tracking", "check", "1Z999AA10123456784", "--lang", "pt")

    assert (answer.exit_code, answer.stdout) == (0, "1Z999AA10123456784: reconhecido só pela forma, UPS\n")


def test_an_empty_stdin_is_told(run: Any) -> None:
    """Nothing on stdin is an error of the caller, not a good answer."""
    assert run("tracking", "check", "-", stdin="").exit_code == 2


class TestRead:
    """``shopkit tracking read``: an answer that was kept is folded, and nobody is asked."""

    @pytest.fixture
    def answer(self, tmp_path: Path) -> Path:
        """Return an answer of USPS in a file."""
        twin = Usps()
        twin.lay("9400109104250532908587", "odd")
        story, posted = twin.parcels["9400109104250532908587"][0]
        path = tmp_path / "answer.json"
        path.write_text(json.dumps(twin.details_of("9400109104250532908587", story, posted)), "utf-8")
        return path

    @pytest.mark.parametrize(
        ("language", "told"),
        [
            (
                "en",
                ["the provider knows the number.", "On its way.", "The provider expects the delivery on"],
            ),
            ("es", ["el proveedor conoce el número.", "En camino.", "El proveedor espera la entrega el"]),
            ("pt", ["o provedor conhece o número.", "A caminho.", "O provedor espera a entrega em"]),
        ],
    )
    def test_words(self, run: Any, answer: Path, language: str, told: list[str]) -> None:
        """The number is found in it; headline, day and history are told in the reader's language."""
        said = run("tracking", "read", str(answer), "--provider", "usps", "--lang", language)

        assert said.exit_code == 0
        expected = [f"9400109104250532908587: {told[0]}", told[1], f"{told[2]} 2026-11-22."]
        assert said.stdout.splitlines()[:3] == expected
        assert "2026-11-19 03:04 UTC" in said.stdout
        assert "JAMAICA, NY, 11430" in said.stdout

    def test_the_example_of_the_documents(self, run: Any) -> None:
        """The answer that lies beside the page is told as the page tells it."""
        page = (ROOT / "docs/tracking.md").read_text("utf-8")
        asked, _, shown = page.partition("$ shopkit tracking read ")[2].partition("\n")
        file, *options = asked.split()
        said = run("tracking", "read", str(ROOT / file), *options).stdout

        assert said.startswith(shown.partition("…")[0])
        assert said.splitlines()[-1].split() == [
            *("2026-11-21", "15:04", "UTC", "Entregado.", "HERNANDO,", "FL,", "34442", "01"),
        ]

    def test_a_number_that_is_not_known(self, run: Any) -> None:
        """Is told as such, from stdin too."""
        said = run("tracking", "read", "-", "--provider", "upu", "--number", "RB123456785GT", stdin="1")

        assert said.stdout == "RB123456785GT: the provider does not know the number, or not yet.\n"

    def test_codes_that_no_table_has(self, run: Any) -> None:
        """Are named, and marks that would move a cursor are not shown."""
        event = {"codigo": "QQ\x1b[2J", "tipo": "01", "descricao": "x", "unidade": {"endereco": {"cidade": "A\x07B"}}}
        body = json.dumps({"objetos": [{"codObjeto": "AA123456785BR", "eventos": [event]}]})
        said = run("tracking", "read", "-", "--provider", "correios", stdin=body)

        assert "No table has the code QQ [2J 01 (1)." in said.stdout
        assert ("\x1b" in said.stdout, "A B" in said.stdout) == (False, True)

    @pytest.mark.parametrize(
        ("arguments", "stdin", "told"),
        [
            (["--provider", "fedex"], "{}", "shopkit.tracking has no 'fedex'"),
            (["--provider", "usps"], "{}", "give it by --number"),
            (["--provider", "usps", "--number", "9400109104250532908587"], "<html>", "usps does not answer like this"),
        ],
    )
    def test_what_is_no_answer(self, run: Any, arguments: list[str], stdin: str, told: str) -> None:
        """A provider that is none, a file without a number, and a page are said so, and nothing is told."""
        said = run("tracking", "read", "-", *arguments, stdin=stdin)

        assert (said.exit_code != 0, told in said.stderr, said.stdout) == (True, True, "")
