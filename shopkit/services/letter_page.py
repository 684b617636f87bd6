"""A letter as it grows: paragraphs of sentences in its reader's language, as plain text and as a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from translations.ui import Speech

Link = tuple[str, str]
"""A sentence that is translated, and the address that it leads to."""


@dataclass(slots=True)
class Page:
    """Paragraphs, each a list of lines; links come last: the first is what the letter leads to."""

    speech: Speech
    paragraphs: list[list[str]] = field(default_factory=list)

    def say(self, sentence: str, **words: str) -> None:
        """Add a paragraph of one sentence; a break in a word would be a line of ours that nobody wrote."""
        values = {name: " ".join(text.split()) for name, text in words.items()}
        self.paragraphs.append([self.speech.sentences.gettext(sentence) % values])

    def rows(self, rows: list[str]) -> None:
        """Add a paragraph of lines."""
        if rows:
            self.paragraphs.append([" ".join(one.split()) for one in rows])

    def text(self, link: str, *more: Link) -> str:
        """Return the letter as plain text."""
        parts = ["\n".join(one) for one in self.paragraphs]
        others = [f"{self.speech.sentences.gettext(label)}: {address}" for label, address in more]
        return "\n\n".join([*parts, *([link] if link else []), *others])

    def html(self, link: str, label: str, *more: Link) -> str:
        """Return the letter as a page without a style or a picture: nothing in it tells that it was opened."""
        parts = [f"<p>{'<br>'.join(escape(line) for line in one)}</p>" for one in self.paragraphs]
        for title, address in ((label, link), *more):
            if address:
                words = escape(self.speech.sentences.gettext(title))
                parts.append(f'<p><a href="{escape(address)}">{words}</a></p>')
        body = "\n".join(parts)
        return f'<!doctype html><html lang="{self.speech.tag}"><meta charset="utf-8"><body>\n{body}\n</body></html>\n'
