"""The letters of the shop, in the language of who asked for them: plain text, one link, and what to do if unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shopkit.mail.port import Letter
from translations.ui import TAGS, choose, speech

if TYPE_CHECKING:
    from shopkit.services.context import Services


def N_(text: str) -> str:  # noqa: N802  # the name that message extraction knows
    """Return the sentence as it is, marked to be translated where it is sent."""
    return text


_CONFIRM: Final = (
    N_("Confirm your address for shopkit"),
    N_(
        "Hello %(name)s,\n\nto finish opening your account, follow this link within a day and type the password you "
        "chose:\n\n%(link)s\n\nIf you did not ask for this, ignore it: without your help nothing is opened."
    ),
)
_KNOWN: Final = (
    N_("You already have an account at shopkit"),
    N_(
        "Hello,\n\nsomebody wanted to open an account with this address, and it has one already. Sign in as always. "
        "If you do not remember the password, set a new one here within an hour:\n\n%(link)s\n\n"
        "If it was not you, ignore this: nothing has changed."
    ),
)
_RESET: Final = (
    N_("A new password for shopkit"),
    N_(
        "Hello %(name)s,\n\nset a new password here within an hour:\n\n%(link)s\n\n"
        "It ends every session that is open. If you did not ask for this, ignore it: the old password stays."
    ),
)
_NOBODY: Final = (
    N_("No account at shopkit with this address"),
    N_(
        "Hello,\n\nsomebody asked for a new password for this address, and it has no account at shopkit. "
        "Perhaps you signed up with another address? A new account is opened here:\n\n%(link)s\n\n"
        "If it was not you, ignore this."
    ),
)
_CHANGED: Final = (
    N_("Your password at shopkit was changed"),
    N_(
        "Hello %(name)s,\n\nyour password was changed just now, and every other session was ended. "
        "If it was not you, set a new one at once:\n\n%(link)s"
    ),
)
_INVITE: Final = (
    N_("%(shop)s invites you to shopkit"),
    N_(
        "Hello,\n\n%(who)s invites you to work on the shop %(shop)s. Accept within seven days here:\n\n%(link)s\n\n"
        "If you do not know them, ignore this."
    ),
)
_RATE: Final = (
    N_("How was your order from %(shop)s?"),
    N_(
        "Hello %(name)s,\n\nyour order from %(shop)s was delivered. Would you tell others how it was? One to five "
        "stars are enough:\n\n%(link)s\n\nThis is the only letter about it. Your name is not shown."
    ),
)


def confirm(services: Services, to: str, language: str, name: str, link: str) -> None:
    """Ask somebody to show that the address is theirs."""
    _send(services, _CONFIRM, to, language, name=name, link=link)


def known(services: Services, to: str, language: str, link: str) -> None:
    """Tell the owner of an account that somebody wanted to open it again."""
    _send(services, _KNOWN, to, language, link=link)


def reset(services: Services, to: str, language: str, name: str, link: str) -> None:
    """Send the link to a new password."""
    _send(services, _RESET, to, language, name=name, link=link)


def nobody(services: Services, to: str, language: str, link: str) -> None:
    """Tell an address that has no account that somebody looked for one."""
    _send(services, _NOBODY, to, language, link=link)


def changed(services: Services, to: str, language: str, name: str, link: str) -> None:
    """Tell somebody that the password is another one now."""
    _send(services, _CHANGED, to, language, name=name, link=link)


def invite(services: Services, to: str, language: str, who: str, shop: str, link: str) -> None:  # a letter's words
    """Invite somebody to a shop."""
    _send(services, _INVITE, to, language, who=who, shop=shop, link=link)


def rate(services: Services, to: str, language: str, name: str, shop: str, link: str) -> None:  # a letter's words
    """Ask a buyer how an order was; ``language`` may be any locale, the nearest of the shop's is written."""
    _send(services, _RATE, to, choose(None, None, [language]), name=name, shop=shop, link=link)


def _send(services: Services, texts: tuple[str, str], to: str, language: str, **words: str) -> None:
    sentences = speech(language, []).sentences
    # A name with a line break in it would end the header, or pretend to be a letter of ours.
    values = {name: " ".join(text.split()) for name, text in words.items()}
    subject, text = (sentences.gettext(one) % values for one in texts)
    services.postman.send(Letter(to, subject, text, TAGS[language]))
