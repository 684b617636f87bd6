"""The check of the documents itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.check_docs import anchors, broken_links, unreadable_examples

if TYPE_CHECKING:
    from pathlib import Path


def test_a_heading_is_an_anchor() -> None:
    """Anchors are the headings in small letters, words joined by hyphens; code is no heading."""
    text = "# Before you hand in!\n```sh\n# no heading\n```\n## Ask `curl`, again"

    assert anchors(text) == {"before-you-hand-in", "ask-curl-again"}


def test_a_link_to_nothing_is_named_with_its_line(tmp_path: Path) -> None:
    """A missing file and a missing heading are reported with file and line; the rest of the web is not asked."""
    document = tmp_path / "guide.md"
    document.write_text("# Guide\n[a](none.md) [b](#guide)\n[c](https://example.org/x)\n[d](#gone)\n", encoding="utf-8")

    assert list(broken_links(document)) == [
        f"{document}:2: none.md does not exist",
        f"{document}:4: guide.md has no heading for #gone",
    ]


def test_an_example_must_be_json(tmp_path: Path) -> None:
    """A file called .json that is none is reported by name."""
    (tmp_path / "good.json").write_text("{}", encoding="utf-8")
    broken = tmp_path / "broken.json"
    broken.write_text("{'a': 1}", encoding="utf-8")

    (problem,) = unreadable_examples(tmp_path)

    assert problem.startswith(f"{broken}: ")
