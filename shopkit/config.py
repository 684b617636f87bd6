"""What the shop is told from outside: one frozen ``Settings``, read once from the environment (``SHOPKIT_*``)."""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from landed_cost.currencies import is_known

PREFIX = "SHOPKIT_"
_EQUIVALENT = re.compile(r"[A-Z]{2}=[1-9][0-9]{0,11}(\.[0-9]{1,2})? ([A-Z]{3})", re.ASCII)
_MASK = "********"


class SettingsError(ValueError):
    """A setting that cannot be used; the message names the variable and what to write instead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the shop keeps things, whom it trusts, and how much it allows.

    ``data_dir``        schedules, refreshed rates, the SQLite file and the generated secret
    ``database_url``    SQLAlchemy address; empty: SQLite in ``data_dir``
    ``rates_file``      exchange rates as CSV; empty: the refreshed ones in ``data_dir``, else those that ship
    ``rates_source``    name of the exchange-rate adapter that ``shopkit rates refresh`` asks
    ``rates_url``       address that the ``generic-json`` adapter asks
    ``rates_options``   what the adapter needs beside that, a JSON object; may hold a key, so it is masked
    ``rulebook_key``    public Ed25519 key (base64) whose signature new rules must carry; empty: none is asked for
    ``secret_key``      signs what leaves the shop and comes back; empty: made once, kept in ``data_dir``
    ``secret_keys``     seal the secrets of sellers at rest: the first seals, each of them opens; see ``sealing``
    ``public_url``      address under which the outside sees the shop, for permalinks; empty: as asked
    ``trusted_hosts``   host names answered to; empty: all
    ``proxies``         how many proxies stand in front and set ``X-Forwarded-*``
    ``mail_url``        how mail is sent: ``smtp://``, ``smtps://``, ``console:`` or ``sandbox:``; empty: to the console
    ``mail_from``       the address that mail of the shop comes from
    ``engines``         engines of translation in the order they are asked; ``none``: drafts from the memory alone
    ``engine_options``  what each engine needs, a JSON object by engine; may hold keys, so it is masked
    ``demo``            ``1`` lets the demonstration's people sign in, from this machine alone; never where others come
    ``limit_default``   requests per address and route; ``off`` lifts the limit
    ``limit_batch``     the same for batches, which hold up to a thousand requests each
    ``sdr_equivalents``  what posts take 300 SDR for in money of their own, by origin: ``MX=7500 MXN,GB=270 GBP``
    """

    data_dir: Path = Path("var")
    database_url: str = ""
    rates_file: str = ""
    rates_source: str = "ecb"
    rates_url: str = ""
    rates_options: str = field(default="", repr=False)
    rulebook_key: str = ""
    secret_key: str = field(default="", repr=False)
    secret_keys: tuple[str, ...] = field(default=(), repr=False)
    public_url: str = ""
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    mail_url: str = ""
    mail_from: str = "shopkit <shopkit@localhost>"
    engines: tuple[str, ...] = ("apertium",)
    engine_options: str = field(default="", repr=False)
    demo: bool = False
    limit_default: str = "600/minute"
    limit_batch: str = "30/minute"
    sdr_equivalents: tuple[str, ...] = ()

    @property
    def database(self) -> str:
        """The address of the database, the embedded one when none is set."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'shopkit.sqlite').resolve()}"

    @property
    def schedules_dir(self) -> Path:
        """The folder of imported tariff schedules."""
        return self.data_dir / "schedules"

    @property
    def rulebooks_dir(self) -> Path:
        """The folder of the rulebooks that ``shopkit rulebook update`` keeps."""
        return self.data_dir / "rulebooks"

    @property
    def rates_path(self) -> Path:
        """The file that ``shopkit rates refresh`` writes, or the one that was named."""
        return Path(self.rates_file) if self.rates_file else self.data_dir / "rates.csv"

    def secret(self) -> str:
        """Return the secret key; without one set, make it once and keep it readable by the owner alone."""
        if self.secret_key:
            return self.secret_key
        path = self.data_dir / "secret.key"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        # Several workers may start at once: only one creates the file, all read the same.
        with suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48))
        text = path.read_text("ascii").strip()
        if not text:
            raise SettingsError(f"{path}: empty; delete it, or set {PREFIX}SECRET_KEY")
        return text

    def shown(self) -> dict[str, str]:
        """Return every setting under its variable's name, with what is secret masked."""
        shown: dict[str, str] = {}
        for setting in fields(self):
            value = getattr(self, setting.name)
            if setting.name in {"secret_key", "secret_keys", "rates_options", "engine_options"}:
                text = _MASK if value else ""
            elif setting.name == "database_url":
                text = mask_url(self.database)
            elif setting.name in {"rates_url", "mail_url"}:
                text = mask_url(value)
            elif isinstance(value, bool):
                text = "1" if value else ""
            elif isinstance(value, tuple):
                text = ",".join(value)
            else:
                text = str(value)
            shown[PREFIX + setting.name.upper()] = text
        return shown


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of the environment; ``SettingsError`` names what cannot be read or is not known."""
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in (os.environ if environ is None else environ).items()
        if name.startswith(PREFIX)
    }
    # These belong to the tests and to the browser they drive, not to the shop.
    for foreign in ("shared", "chromium"):
        given.pop(foreign, None)
    known = {setting.name for setting in fields(Settings)}
    if unknown := sorted(given.keys() - known):
        names = ", ".join(PREFIX + name.upper() for name in unknown)
        every = ", ".join(PREFIX + name.upper() for name in sorted(known))
        raise SettingsError(f"{names}: not a setting; the settings are {every}")
    return Settings(**{name: _read(name, text) for name, text in given.items()})  # type: ignore[arg-type]  # by name


def _read(name: str, text: str) -> Path | str | int | bool | tuple[str, ...]:
    variable = PREFIX + name.upper()
    match name:
        case "data_dir":
            if not text:
                raise SettingsError(f"{variable}: empty; name a folder")
            return Path(text)
        case "sdr_equivalents":
            found = tuple(one.strip() for one in text.split(",") if one.strip())
            if wrong := [one for one in found if not (_EQUIVALENT.fullmatch(one) and is_known(one[-3:]))]:
                raise SettingsError(f"{variable}: {wrong[0]!r} is no amount of an origin; write MX=7500 MXN")
            return found
        case "trusted_hosts" | "engines" | "secret_keys":
            return tuple(host.strip() for host in text.split(",") if host.strip())
        case "proxies":
            if not text.isascii() or not text.isdigit():
                raise SettingsError(f"{variable}: {text!r} is not a count; write 0, 1, 2 …")
            return int(text)
        case "demo":
            if text not in {"", "0", "1"}:
                raise SettingsError(f"{variable}: {text!r} is neither yes nor no; write 1 or 0")
            return text == "1"
        case _:
            return text


def mask_url(url: str) -> str:
    """Return the address without its password and without its query, either of which may be a secret."""
    parts = urlsplit(url)
    if parts.password is None and not parts.query:
        return url
    netloc = parts.netloc
    if parts.password is not None:
        user, _, host = netloc.rpartition("@")
        netloc = f"{user.partition(':')[0]}:{_MASK}@{host}"
    query = _MASK if parts.query else ""
    return urlunsplit((parts.scheme, netloc, parts.path, query, ""))
