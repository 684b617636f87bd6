"""Mail: what every way of sending promises, and SMTP against a server that really listens."""

from __future__ import annotations

import socket
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from shopkit.config import Settings
from shopkit.mail.port import Letter, MailError, MailSettingsError
from shopkit.plugins import MAIL, PluginError, plugin
from shopkit.services.posting import Postman, mail_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from aiosmtpd.smtp import SMTP, Envelope, Session

    from shopkit.mail.port import Mail

SENDER = "Tienda <tienda@shop.example>"
LETTER = Letter("ana@taller.mx", "Una contraseña nueva", "Hola, Ana:\n\naquí está.\n", "es")


class Box:
    """A server's mailbox: keeps what comes, or answers what it is told to."""

    def __init__(self) -> None:
        self.kept: list[EmailMessage] = []
        self.answers: list[str] = []

    async def handle_RCPT(  # noqa: N802  # the server's name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take an address, or not."""
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # the same
        """Keep a letter."""
        assert isinstance(envelope.content, bytes)
        self.kept.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def box() -> Box:
    """Return an empty mailbox."""
    return Box()


def port_that_is_free() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def server(box: Box) -> Iterator[Controller]:
    """Return an SMTP server on this machine."""
    found = Controller(box, hostname="127.0.0.1", port=port_that_is_free())
    found.start()
    yield found
    found.stop()


def smtp(server: Controller, user: str = "") -> Mail:
    """Return the adapter that sends to the server."""
    found: Mail = plugin(MAIL, "smtp")(f"smtp://{user}127.0.0.1:{server.port}?tls=off", SENDER)
    return found


@pytest.mark.parametrize("name", ["smtp", "console", "sandbox"])
def test_every_way_of_sending_takes_a_letter_and_refuses_a_forged_one(name: str, server: Controller) -> None:
    """A line break in a subject or an address would make a header of one's own: it is no letter."""
    mail: Any = smtp(server) if name == "smtp" else plugin(MAIL, name)(f"{name}:", SENDER)
    mail.send(LETTER)

    assert mail.name == name
    for forged in (
        Letter("ana@taller.mx", "Hola\r\nBcc: todos@taller.mx", "x", "es"),
        Letter("ana@taller.mx\nBcc: todos@taller.mx", "Hola", "x", "es"),
    ):
        with pytest.raises(ValueError, match=r"linefeed|invalid|newline|CR"):
            mail.send(forged)


def test_a_letter_arrives_as_it_was_written(server: Controller, box: Box) -> None:
    """From, to, subject, language and text; accents whole; nobody's holiday notice comes back."""
    smtp(server).send(LETTER)

    found = box.kept[0]
    assert {name: found[name] for name in ("From", "To", "Subject", "Content-Language", "Auto-Submitted")} == {
        "From": SENDER,
        "To": "ana@taller.mx",
        "Subject": "Una contraseña nueva",
        "Content-Language": "es",
        "Auto-Submitted": "auto-generated",
    }
    assert found.get_content().replace("\r\n", "\n") == LETTER.text


@pytest.mark.parametrize(("answer", "again"), [("450 busy, come back", True), ("550 no such person", False)])
def test_a_server_that_refuses_says_whether_to_come_back(
    server: Controller, box: Box, answer: str, *, again: bool
) -> None:
    """4xx may succeed later, 5xx never does."""
    box.answers = [answer]

    with pytest.raises(MailError) as caught:
        smtp(server).send(LETTER)
    assert caught.value.again is again


def test_nobody_listening_may_be_for_a_while() -> None:
    """It is worth trying again."""
    found: Mail = plugin(MAIL, "smtp")(f"smtp://127.0.0.1:{port_that_is_free()}?tls=off", SENDER)

    with pytest.raises(MailError) as caught:
        found.send(LETTER)
    assert caught.value.again


def test_a_server_without_tls_gets_nothing(server: Controller, box: Box) -> None:
    """Unless the setting says so, a letter never travels in the open."""
    found: Mail = plugin(MAIL, "smtp")(f"smtp://127.0.0.1:{server.port}", SENDER)

    with pytest.raises(MailError):
        found.send(LETTER)
    assert box.kept == []


# The server warns of passwords without TLS, which on one machine are meant.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
@pytest.mark.parametrize(("password", "is_taken"), [("p%40ss", True), ("wrong", False)])
def test_the_name_and_password_of_the_address_are_shown(box: Box, password: str, *, is_taken: bool) -> None:
    """They may hold signs that an address writes otherwise; wrong ones are no reason to try again."""

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"shop", b"p@ss"), handled=False)

    server = Controller(
        box,
        hostname="127.0.0.1",
        port=port_that_is_free(),
        authenticator=check,
        auth_required=True,
        auth_require_tls=False,
    )
    server.start()
    try:
        if is_taken:
            smtp(server, f"shop:{password}@").send(LETTER)
        else:
            with pytest.raises(MailError) as caught:
                smtp(server, f"shop:{password}@").send(LETTER)
            assert not caught.value.again
    finally:
        server.stop()

    assert len(box.kept) == is_taken


def test_the_postman_comes_back(server: Controller, box: Box) -> None:
    """A letter that was put off is sent at the next try, one that was refused is given up, the next one goes out."""
    postman = Postman(smtp(server), pauses_s=(0,))
    counts = []
    for answers in (["450 later"], ["550 no such person"], []):
        box.answers = answers
        postman.send(LETTER)
        postman.drain()
        counts.append(len(box.kept))

    assert counts == [1, 1, 2]


@pytest.mark.parametrize("url", ["smtp://", "smtp://host:port", "smtps:///x"])
def test_an_address_that_leads_nowhere_is_told_at_once(url: str) -> None:
    """The shop does not start with it."""
    with pytest.raises(MailSettingsError, match=r"smtp://name:password@mail\.example:587"):
        mail_of(Settings(mail_url=url))


def test_a_way_that_is_not_there_names_those_that_are() -> None:
    """As with every plug-in."""
    with pytest.raises(PluginError, match="console, sandbox, smtp"):
        mail_of(Settings(mail_url="pigeon://roof"))
