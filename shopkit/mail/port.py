"""What it takes to send a letter: the letter, the port, and the two ways in which sending fails."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from typing import Protocol


class MailError(Exception):
    """A letter that was not sent; ``again`` tells whether trying later may help."""

    def __init__(self, message: str, *, again: bool) -> None:
        self.again = again
        super().__init__(message)


class MailSettingsError(ValueError):
    """A way of sending that cannot be used; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in plain text to one person, in the language ``tag`` (as HTML writes it).

    ``html`` says the same with marks. ``name`` is the letter's own: one that may be sent again bears the same, by which
    mailboxes know it. ``unsubscribe`` is an address that ends letters of its kind by one POST (RFC 8058).
    """

    to: str
    subject: str
    text: str
    tag: str
    html: str = ""
    name: str = ""
    unsubscribe: str = ""

    def message(self, sender: str) -> EmailMessage:
        """Return it as it travels; a line break in an address or a subject is a ``ValueError``."""
        found = EmailMessage()
        found["From"] = sender
        found["To"] = self.to
        found["Subject"] = self.subject
        found["Date"] = formatdate(usegmt=True)
        domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
        found["Message-ID"] = f"<{self.name}@{domain}>" if self.name else make_msgid(domain=domain)
        # Nobody's holiday notice is to come back.
        found["Auto-Submitted"] = "auto-generated"
        if self.unsubscribe:
            found["List-Unsubscribe"] = f"<{self.unsubscribe}>"
            found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        found.set_content(self.text)
        # The line above takes every header of the content away.
        found["Content-Language"] = self.tag
        if self.html:
            found.add_alternative(self.html, subtype="html")
        return found


class Mail(Protocol):
    """A way of sending mail. An adapter is made with the address of the setting and with the sender."""

    name: str

    def send(self, letter: Letter) -> None:
        """Hand the letter over; ``MailError`` when nobody took it."""
        ...
