"""People: signing up, confirming, signing in, a new password. A stranger learns nothing about who has an account.

Known or not, an address gets the same answer for about the same work: one comparison of a password at signing in, one
hash at signing up, one link and one letter wherever a letter is promised. Nobody is signed up by somebody else: what
was typed waits with the link and becomes an account when who reads the letter types the password too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from shopkit.models import Membership, OneTimeLink, Seller, User
from shopkit.models.accounts import MAX_EMAIL
from shopkit.services import attempts, audit, letters, sessions
from shopkit.services.actors import Actor
from shopkit.services.passwords import MAX_PASSWORD, MIN_PASSWORD
from shopkit.services.tokens import hashed, new_id, new_token

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Role
    from shopkit.services.context import Services
    from shopkit.services.sessions import Present, Where

CONFIRM_WITHIN: Final = timedelta(days=1)
# Links that are over are forgotten after this, and with a sign-up that nobody confirmed all that was typed.
KEPT_FOR: Final = timedelta(days=7)
RESET_WITHIN: Final = timedelta(hours=1)
_FEW_SIGNS: Final = 5


class WrongError(Exception):
    """The address and the password do not belong together, whichever of them is wrong."""


class LinkError(LookupError):
    """The link was used, is too old, or never was one."""


class EmailError(ValueError):
    """A text that is no address of e-mail."""


class WeakError(ValueError):
    """A password that will not do; ``reason`` is ``short``, ``long``, ``simple`` or ``own``."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class SignUp:
    """What somebody types to sign up: the person and the company."""

    email: str
    name: str
    password: str
    language: str
    company: str
    country: str
    currency: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the browser gets: the token of its session, and one by which it is known the next time."""

    token: str
    device: str


def read_email(text: str) -> str:
    """Return an address of e-mail in small letters; ``EmailError``.

    >>> read_email(" Ana@Shop.MX ")
    'ana@shop.mx'
    """
    # Its tables of characters take time to build, and no quote has an address in it.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise EmailError(str(error)) from error
    address = (found.ascii_email or found.normalized).lower()
    if len(address) > MAX_EMAIL:
        raise EmailError("too long")
    return address


def check_password(password: str, email: str) -> None:
    """Raise ``WeakError`` for a password that is too short, too long, of too few signs, or the address itself."""
    if len(password) < MIN_PASSWORD:
        raise WeakError("short")
    if len(password) > MAX_PASSWORD:
        raise WeakError("long")
    if len(set(password)) < _FEW_SIGNS or password.lower() in "01234567890123456789 abcdefghijklmnopqrstuvwxyz":
        raise WeakError("simple")
    if email.partition("@")[0] and password.lower() in {email, email * 2, email.partition("@")[0] * 2}:
        raise WeakError("own")


def sign_up(services: Services, asked: SignUp, where: Where, root: str) -> None:
    """Take a sign-up and send a letter; ``TooManyError``, ``EmailError`` and ``WeakError``.

    ``root`` is the address of the shop that links begin with.
    """
    email = read_email(asked.email)
    check_password(asked.password, email)
    _count_letter(services, email, where)
    kept = services.passwords.hash(asked.password)
    token, now = new_token(), services.now()
    with services.database.writing.begin() as session:
        session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now - KEPT_FOR))
        user = _by_email(session, email)
        if user is None:
            detail = {
                "name": asked.name,
                "password_hash": kept,
                "language": asked.language,
                "company": asked.company,
                "country": asked.country,
                "currency": asked.currency,
            }
            session.add(_link(token, "confirm", email, now, CONFIRM_WITHIN, detail=detail))
        else:
            session.add(_link(token, "reset", email, now, RESET_WITHIN, user_id=user.id))
    if user is None:
        letters.confirm(services, email, asked.language, asked.name, f"{root}/confirm/{token}")
    else:
        letters.known(services, email, asked.language, f"{root}/reset/{token}")


def confirm(services: Services, token: str, password: str, where: Where) -> SignedIn:
    """Make person and company of a sign-up and sign in; ``LinkError``, ``WrongError`` and ``TooManyError``.

    The password shows that who reads the letter is who signed up; and what only follows links opens nothing.
    """
    link = find_link(services, token, "confirm")
    attempts.count(services, attempts.LINKS, link.id)
    waiting = dict(link.detail or {})
    right, _ = services.passwords.compare(password, str(waiting.get("password_hash")))
    if not right:
        raise WrongError
    now = services.now()
    try:
        with services.database.writing.begin() as session:
            use_link(session, link.id, now)
            user = _new_user(session, link.email, waiting, now)
            actor = _open_company(session, user, waiting, now, where)
            # Other sign-ups with this address lead nowhere now.
            _void(session, "confirm", link.email, now)
            audit.note(session, actor, now, "account.opened", link.email)
            signed = sessions.begin(session, user.id, now, where)
    except IntegrityError as error:
        raise LinkError(token) from error
    return SignedIn(signed, device_of(services, link.email))


def sign_in(services: Services, email: str, password: str, where: Where, device: str | None = None) -> SignedIn:
    """Begin a session; ``WrongError`` whatever is wrong, ``TooManyError``."""
    attempts.count(services, attempts.BY_ADDRESS, where.address)
    address = email.strip().lower()[:MAX_EMAIL]
    nonce = _known_device(services, device, address)
    limit, whom = (attempts.BY_ACCOUNT, address) if nonce is None else (attempts.BY_DEVICE, nonce)
    attempts.count(services, limit, whom)
    with services.database.reading() as session:
        user = _by_email(session, address)
    kept = None if user is None or _is_shut(services, user) else user.password_hash
    right, newer = services.passwords.compare(password[:MAX_PASSWORD], kept)
    if not right or user is None:
        raise WrongError
    attempts.forget(services, limit, whom)
    return _enter(services, user, where, newer)


def enter_demo(services: Services, slug: str, where: Where) -> SignedIn:
    """Sign in as the owner of a shop of the demonstration, without a password; ``WrongError`` for anything else."""
    query = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .join(Seller, Seller.id == Membership.seller_id)
        .where(Seller.slug == slug, Membership.role == "owner", User.email.endswith(sessions.DEMO_DOMAIN))
    )
    with services.database.reading() as session:
        user = session.scalars(query.limit(1)).one_or_none()
    if user is None or not services.settings.demo:
        raise WrongError
    return _enter(services, user, where)


def sign_out(services: Services, token: str) -> None:
    """End the session at once."""
    present = sessions.find(services, token, "")
    if present is not None:
        sessions.end(services, present, present.session_id)


def ask_reset(services: Services, email: str, language: str, where: Where, root: str) -> None:
    """Send a link to a new password, or word that there is no account; ``TooManyError`` and ``EmailError``."""
    address = read_email(email)
    _count_letter(services, address, where)
    token, now = new_token(), services.now()
    with services.database.writing.begin() as session:
        user = _by_email(session, address)
        user_id = None if user is None else user.id
        session.add(_link(token, "reset", address, now, RESET_WITHIN, user_id=user_id))
    if user is None:
        letters.nobody(services, address, language, f"{root}/sign-up")
    else:
        letters.reset(services, address, language, user.name, f"{root}/reset/{token}")


def reset(services: Services, token: str, password: str, where: Where, root: str) -> SignedIn:
    """Set a new password by a link, end every session and begin one; ``LinkError`` and ``WeakError``.

    Of two who use the link at once one gets in, and the other is told that it was used.
    """
    link = find_link(services, token, "reset")
    check_password(password, link.email)
    kept = services.passwords.hash(password)
    now = services.now()
    with services.database.writing.begin() as session:
        use_link(session, link.id, now)
        user = _by_email(session, link.email)
        if user is None or user.id != link.user_id:
            raise LinkError(token)
        user.password_hash = kept
        user.confirmed_at = user.confirmed_at or now
        _void(session, "reset", link.email, now)
        sessions.end_all(session, user.id, now)
        signed = sessions.begin(session, user.id, now, where)
        note_of_person(session, user.id, now, where, "password.reset")
    letters.changed(services, user.email, user.language, user.name, f"{root}/reset")
    return SignedIn(signed, device_of(services, user.email))


def change_password(services: Services, present: Present, old: str, new: str, root: str) -> SignedIn:
    """Set another password, end every other session and turn this one into a new one.

    Raises ``WrongError`` for the old password, ``WeakError`` for the new one, ``TooManyError``.
    """
    attempts.count(services, attempts.BY_DEVICE, present.session_id)
    with services.database.reading() as session:
        user = session.get_one(User, present.user_id)
    right, _ = services.passwords.compare(old[:MAX_PASSWORD], user.password_hash)
    if not right:
        raise WrongError
    check_password(new, user.email)
    kept = services.passwords.hash(new)
    now, where = services.now(), sessions.Where(present.address)
    with services.database.writing.begin() as session:
        user = session.get_one(User, present.user_id)
        user.password_hash = kept
        browser = sessions.browser_of(session, present.session_id)
        sessions.end_all(session, user.id, now)
        signed = sessions.begin(session, user.id, now, sessions.Where(present.address, browser), present.shop)
        _void(session, "reset", user.email, now)
        note_of_person(session, user.id, now, where, "password.changed")
    letters.changed(services, user.email, user.language, user.name, f"{root}/reset")
    return SignedIn(signed, device_of(services, user.email))


def language_of(services: Services, present: Present) -> str:
    """Return the language in which letters are written to a person."""
    with services.database.reading() as session:
        return session.get_one(User, present.user_id).language


def save_person(services: Services, present: Present, name: str, language: str) -> None:
    """Keep what a person is called and in which language letters are written to them."""
    with services.database.writing.begin() as session:
        row = session.get_one(User, present.user_id)
        row.name, row.language = name, language


def find_link(services: Services, token: str, purpose: str) -> OneTimeLink:
    """Return a link that can be used; ``LinkError``."""
    with services.database.reading() as session:
        link = session.get(OneTimeLink, hashed(token))
    if link is None or link.purpose != purpose or link.used_at is not None or link.expires_at <= services.now():
        raise LinkError(token)
    return link


def use_link(session: Session, link_id: str, now: datetime) -> None:
    """Use a link up, in the caller's transaction; ``LinkError`` when somebody else just did."""
    query = update(OneTimeLink).where(
        OneTimeLink.id == link_id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now
    )
    if session.connection().execute(query.values(used_at=now, detail=None)).rowcount != 1:
        raise LinkError(link_id)


def note_of_person(session: Session, user_id: str, now: datetime, where: Where, action: str) -> None:
    """Write down, for every shop the person works for, what concerns the person."""
    query = select(Membership.seller_id, Membership.role).where(Membership.user_id == user_id)
    for seller_id, role in session.execute(query).all():
        audit.note(session, Actor(seller_id, cast("Role", role), user_id, "web", where.address), now, action)


def device_of(services: Services, email: str) -> str:
    """Return what a browser keeps to be known as one from which this account was used."""
    return str(_serializer(services).dumps([hashed(email), new_token()]))


def _enter(services: Services, user: User, where: Where, newer: str | None = None) -> SignedIn:
    now = services.now()
    with services.database.writing.begin() as session:
        if newer is not None:
            session.execute(update(User).where(User.id == user.id).values(password_hash=newer))
        token = sessions.begin(session, user.id, now, where)
        note_of_person(session, user.id, now, where, "signed.in")
    return SignedIn(token, device_of(services, user.email))


def _by_email(session: Session, email: str) -> User | None:
    return session.scalars(select(User).where(User.email == email)).one_or_none()


def _is_shut(services: Services, user: User) -> bool:
    """Return whether it is a person of the demonstration where there is none: the password is in the program."""
    return user.email.endswith(sessions.DEMO_DOMAIN) and not services.settings.demo


def _count_letter(services: Services, email: str, where: Where) -> None:
    attempts.count(services, attempts.LETTERS_BY_ADDRESS, where.address)
    attempts.count(services, attempts.LETTERS_TO, email)


def _link(token: str, purpose: str, email: str, now: datetime, within: timedelta, **more: Any) -> OneTimeLink:  # noqa: ANN401  # columns
    return OneTimeLink(id=hashed(token), purpose=purpose, email=email, created_at=now, expires_at=now + within, **more)


def _void(session: Session, purpose: str, email: str, now: datetime) -> None:
    query = update(OneTimeLink).where(
        OneTimeLink.purpose == purpose, OneTimeLink.email == email, OneTimeLink.used_at.is_(None)
    )
    session.execute(query.values(used_at=now, detail=None))


def _new_user(session: Session, email: str, waiting: dict[str, Any], now: datetime) -> User:
    user = User(
        id=new_id("u", now),
        created_at=now,
        email=email,
        name=waiting["name"],
        language=waiting["language"],
        password_hash=waiting["password_hash"],
        confirmed_at=now,
    )
    session.add(user)
    session.flush()
    return user


def _open_company(session: Session, user: User, waiting: dict[str, Any], now: datetime, where: Where) -> Actor:
    seller = Seller(
        id=new_id("s", now),
        created_at=now,
        name=waiting["company"],
        country=waiting["country"],
        currency=waiting["currency"],
    )
    session.add(seller)
    session.flush()
    session.add(Membership(seller_id=seller.id, user_id=user.id, role="owner", since=now))
    session.flush()
    return Actor(seller.id, "owner", user.id, "web", where.address)


def _serializer(services: Services) -> URLSafeSerializer:
    return URLSafeSerializer(services.settings.secret(), salt="device")


def _known_device(services: Services, device: str | None, email: str) -> str | None:
    """Return the name of a browser from which this account was used before; ``None`` for any other."""
    if device is None:
        return None
    try:
        whose, nonce = _serializer(services).loads(device)
    except (BadSignature, ValueError, TypeError):
        return None
    return str(nonce) if whose == hashed(email) else None
