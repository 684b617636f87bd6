"""The real Apertium program leaves alone what is marked for it."""

from __future__ import annotations

import random
import shutil
import subprocess

import pytest

from tests.unit.translations import texts
from translations.masks import APERTIUM, BrokenMarksError, Keep, mark

APERTIUM_PROGRAM = shutil.which("apertium")
BREAK = "\n<p></p>\n"

pytestmark = pytest.mark.skipif(APERTIUM_PROGRAM is None, reason="no Apertium; make setup installs it on Debian")


def _translated(segments: list[str], direction: str) -> list[str]:
    answer = subprocess.run(
        ["apertium", "-u", "-f", "html", direction],
        input=BREAK.join(segments),
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=120,
    ).stdout
    return [line.strip() for line in answer.split("<p></p>")]


@pytest.mark.parametrize("direction", ["spa-eng_US", "es-pt_BR", "pt-es", "eng-spa"])
def test_marks_come_back(direction: str) -> None:
    """Of 500 listing texts full of placeholders, tags, numbers and brands, every one comes back with all of them."""
    chance = random.Random(5)  # noqa: S311  # the same texts every time
    words = (
        "Playera de algodón",
        "hecha a mano en",
        "y",
        "la casa es bonita",
        "red shirt",
        "camisa vermelha",
        "para",
        "de",
    )
    sources = [
        " ".join(chance.choice(texts.PROTECTED if place % 2 else words) for place in range(2 + chance.randrange(8)))
        for _ in range(500)
    ]
    marked = [mark(source, keep=(Keep("Casa Ola"),)) for source in sources]
    answers = _translated([each.render(APERTIUM) for each in marked], direction)

    assert len(answers) == len(sources)
    broken = []
    for each, answer in zip(marked, answers, strict=True):
        try:
            each.restore(answer, APERTIUM)
        except BrokenMarksError as error:
            broken.append((each.source, answer, str(error)))
    assert broken == []


def test_a_listing() -> None:
    """The placeholder that Apertium would translate as a word stays, and so does the term that was chosen."""
    marked = mark("Aretes {size} de plata, 12,5 cm", keep=(Keep("Aretes", "term", "Earrings", start=0),))
    answer = _translated([marked.render(APERTIUM)], "spa-eng_US")[0]

    assert marked.restore(answer, APERTIUM).replace("Of", "of") == "Earrings {size} of silver, 12,5 cm"
