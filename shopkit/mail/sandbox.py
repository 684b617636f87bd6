"""Mail without a network: letters are kept in a list, and sending fails in every way it can when it is asked to."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from shopkit.mail.port import Letter, MailError

_FAILURES: Final = {
    "unavailable": MailError("the sandbox plays a server that does not answer", again=True),
    "refused": MailError("the sandbox plays a server that refuses the address", again=False),
}


class SandboxMail:
    """Mail for demonstration and tests: ``sandbox:``, or ``sandbox:unavailable`` and ``sandbox:refused`` to fail."""

    name = "sandbox"

    def __init__(self, url: str = "sandbox:", sender: str = "shopkit@localhost") -> None:
        self.failure = _FAILURES.get(urlsplit(url).path)
        self.sender = sender
        self.sent: list[Letter] = []

    def send(self, letter: Letter) -> None:
        """Keep the letter, or fail in the way chosen."""
        if self.failure is not None:
            raise self.failure
        letter.message(self.sender)
        self.sent.append(letter)
