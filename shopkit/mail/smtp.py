"""Mail over SMTP (RFC 5321): TLS from the start or by STARTTLS, signed in when the address holds a name."""

from __future__ import annotations

import smtplib
import ssl
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from shopkit.mail.port import Letter, MailError, MailSettingsError

_TIMEOUT_S: Final = 15
_PORTS: Final = {"smtp": 587, "smtps": 465}
_PERMANENT: Final = 500


class SmtpMail:
    """A server that takes mail: ``smtp://name:password@host:587`` or ``smtps://…``; ``?tls=off`` within one machine."""

    name = "smtp"

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = 0
        if parts.scheme not in _PORTS or not parts.hostname or port == 0:
            raise MailSettingsError("an address like smtp://name:password@mail.example:587 is expected")
        self.host = parts.hostname
        self.port = port or _PORTS[parts.scheme]
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")
        self.sender = sender
        self.implicit = parts.scheme == "smtps"
        self.starttls = not self.implicit and parse_qs(parts.query).get("tls") != ["off"]

    def send(self, letter: Letter) -> None:
        """Hand the letter to the server; ``MailError`` tells whether it may take it later."""
        message = letter.message(self.sender)
        try:
            with self._connect() as server:
                if self.starttls:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise MailError(f"{self.host} refuses the address ({codes[0]})", again=codes[0] < _PERMANENT) from error
        except smtplib.SMTPAuthenticationError as error:
            raise MailError(f"{self.host} does not take our name and password", again=False) from error
        except smtplib.SMTPResponseException as error:
            again = error.smtp_code < _PERMANENT
            raise MailError(f"{self.host} answers {error.smtp_code}", again=again) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailError(f"{self.host}:{self.port}: {error}", again=True) from error

    def _connect(self) -> smtplib.SMTP:
        if self.implicit:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_TIMEOUT_S, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT_S)
