"""Engines over HTTP: what each takes from the settings. Keys never stand in what is printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shopkit.engines.google_account import Account, AccountError
from shopkit.engines.port import EngineSettingsError, Options
from shopkit.engines.transport import HttpTransport, Pace
from translations.engines.amazon import Amazon
from translations.engines.apy import Apy
from translations.engines.deepl import DeepL
from translations.engines.google import Google
from translations.engines.libretranslate import LibreTranslate
from translations.engines.sigv4 import Credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopkit.engines.port import Machine


def apy(options: Mapping[str, Any]) -> Machine:
    """Return Apertium behind its server: ``base_url``, and ``key`` where it asks for one."""
    given = Options("apy", options)
    engine = Apy(given.address("base_url"), given.text("key", ""), given.text("version", "apy"))
    return given.machine(engine, _way(given))


def deepl(options: Mapping[str, Any]) -> Machine:
    """Return DeepL: ``key``; ``model`` and ``glossaries`` where there are some."""
    given = Options("deepl", options)
    engine = DeepL(given.text("key"), given.address("base_url", ""), given.text("model", ""), given.names("glossaries"))
    return given.machine(engine, _way(given))


def google(options: Mapping[str, Any]) -> Machine:
    """Return Google: ``account``, the file of a service account; ``location``, ``model``, ``glossaries``."""
    given = Options("google", options)
    path = Path(given.text("account"))
    try:
        account = Account.from_json(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise EngineSettingsError(f"google: account {path}: {error.strerror}") from None
    except (ValueError, AccountError) as error:
        raise EngineSettingsError(f"google: account {path}: {error}") from None
    engine = Google(
        given.text("project", account.project),
        given.text("location", "global"),
        given.text("model", ""),
        given.names("glossaries"),
        given.address("base_url", "https://translate.googleapis.com"),
    )
    return given.machine(engine, _way(given, account))


def libretranslate(options: Mapping[str, Any]) -> Machine:
    """Return LibreTranslate: ``base_url``; ``key``; ``portuguese``, its code for the Portuguese of Brazil."""
    given = Options("libretranslate", options)
    engine = LibreTranslate(
        given.address("base_url"), given.text("key", ""), given.text("portuguese", "pt"), given.text("version", "?")
    )
    return given.machine(engine, _way(given))


def amazon(options: Mapping[str, Any]) -> Machine:
    """Return Amazon Translate: ``access_key``, ``secret_key``, ``region``; ``token``, ``terminologies``."""
    given = Options("amazon", options)
    who = Credentials(given.text("access_key"), given.text("secret_key"), given.text("token", ""))
    engine = Amazon(who, given.text("region"), given.names("terminologies"), given.address("base_url", ""))
    return given.machine(engine, _way(given))


def _way(given: Options, account: Account | None = None) -> HttpTransport:
    way = HttpTransport(
        timeout_s=given.seconds("timeout_s", 10),
        deadline_s=given.seconds("deadline_s", 30),
        pace=Pace(given.seconds("pause_s", 0)),
    )
    if account is None:
        return way
    token = account.keeper(way.session)
    return HttpTransport(
        way.session, way.timeout_s, way.deadline_s, headers=token.headers, renew=token.forget, pace=way.pace
    )
