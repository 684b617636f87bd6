"""Mail for the demonstration: letters are printed where the shop was started, and nowhere else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shopkit.mail.port import Letter


class ConsoleMail:
    """Letters as text on stderr: ``console:``."""

    name = "console"

    def __init__(self, url: str = "console:", sender: str = "shopkit@localhost") -> None:
        self.url = url
        self.sender = sender

    def send(self, letter: Letter) -> None:
        """Print the letter."""
        letter.message(self.sender)
        lines = (f"To: {letter.to}", f"Subject: {letter.subject}", "", *letter.text.splitlines())
        # One write, so that two processes do not print into each other's letters.
        sys.stderr.write("\n".join(["", "--- mail ---", *lines, "--- end ---", ""]))
        sys.stderr.flush()
