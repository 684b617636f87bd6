"""Check the documents: their Python examples run, their links lead somewhere, their JSON files can be read.

Run as ``python -m scripts.check_docs``: it prints every problem with its file and line, and fails when there was one.
"""

from __future__ import annotations

import doctest
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(?P<text>.+?)\s*$")
FENCE = re.compile(r"^\s*(```|~~~)")


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line outside fenced code."""
    fenced = False
    for number, line in enumerate(text.splitlines(), start=1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield number, line


def anchors(text: str) -> set[str]:
    """Return the anchors that a reader of Markdown makes from the headings of ``text``."""
    headings = (HEADING.match(line) for _, line in prose(text))
    words = (re.sub(r"[^\w\s-]", "", found["text"].lower()) for found in headings if found)
    return {re.sub(r"\s", "-", text) for text in words}


def broken_links(document: Path) -> Iterator[str]:
    """Yield a message for each link into the project that leads nowhere."""
    for number, line in prose(document.read_text(encoding="utf-8")):
        for found in LINK.finditer(line):
            target, _, anchor = found["target"].partition("#")
            if "://" in target or target.startswith("mailto:"):
                continue
            file = (document.parent / target).resolve() if target else document
            if not file.exists():
                yield f"{document}:{number}: {target} does not exist"
            elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text(encoding="utf-8")):
                yield f"{document}:{number}: {file.name} has no heading for #{anchor}"


def unreadable_examples(folder: Path) -> Iterator[str]:
    """Yield a message for each JSON file that is no JSON."""
    for file in sorted(folder.rglob("*.json")):
        try:
            json.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            yield f"{file}: {error}"


def main() -> int:
    """Check all documents; return 1 when something is wrong, else 0."""
    documents = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    problems = [problem for document in documents for problem in broken_links(document)]
    problems += unreadable_examples(ROOT / "docs")
    examples = 0
    for document in documents:
        outcome = doctest.testfile(str(document), module_relative=False, encoding="utf-8")
        examples += outcome.attempted
        if outcome.failed:
            problems.append(f"{document}: {outcome.failed} examples do not give what is written")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(documents)} documents, {examples} examples run, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
