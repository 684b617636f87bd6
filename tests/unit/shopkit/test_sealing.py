"""Secrets at rest: sealed by the first key, opened by each, and never told."""

from __future__ import annotations

import logging
import traceback

import pytest
from cryptography.fernet import Fernet

from shopkit.config import Settings, load_settings
from shopkit.sealing import SealError, resealed, seal, trouble, unseal
from shopkit.services.problems import RequestError

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
TOKEN = "APP_USR-ñandú"


def of(*keys: str) -> Settings:
    """Return settings with keys."""
    return Settings(secret_keys=keys)


def test_what_is_sealed_is_hidden_and_opened() -> None:
    """A seal holds the text whole, shows none of it, and is another each time."""
    sealed = [seal(of(OLD), TOKEN) for _ in range(2)]

    assert [unseal(of(OLD), one) for one in sealed] == [TOKEN, TOKEN]
    assert sealed[0] != sealed[1]
    assert TOKEN not in sealed[0]


def test_a_new_key_in_front_seals_and_the_old_one_opens() -> None:
    """After a change of keys what was sealed before opens; sealed anew, it opens without the old key."""
    before = seal(of(OLD), TOKEN)
    both = of(NEW, OLD)

    assert unseal(both, before) == TOKEN
    assert unseal(of(NEW), seal(both, TOKEN)) == TOKEN
    assert unseal(of(NEW), resealed(both, before)) == TOKEN


@pytest.mark.parametrize("open_", [unseal, resealed])
def test_no_other_key_opens_it_and_the_error_tells_nothing(open_: object) -> None:
    """Another key opens nothing; neither the message nor what led to it holds a key or the secret."""
    sealed = seal(of(OLD), TOKEN)

    with pytest.raises(SealError, match="no key of SHOPKIT_SECRET_KEYS") as refused:
        open_(of(NEW), sealed)  # type: ignore[operator]  # one of two of one shape

    told = "".join(traceback.format_exception(refused.value))
    assert not any(secret in told for secret in (OLD, NEW, TOKEN, sealed))


def test_what_was_changed_does_not_open() -> None:
    """A seal in which a letter was changed is refused."""
    sealed = seal(of(OLD), TOKEN)
    changed = sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:]

    with pytest.raises(SealError):
        unseal(of(OLD), changed)


@pytest.mark.parametrize("keys", [(), ("short",), (OLD, "short")])
def test_without_a_key_nothing_is_kept(keys: tuple[str, ...]) -> None:
    """Keeping a secret is refused where there is no key, or one of them is none."""
    with pytest.raises(RequestError) as refused:
        seal(of(*keys), TOKEN)

    assert [(one.pointer, one.code) for one in refused.value.problems] == [("", "secrets.no_key")]


def test_what_is_wrong_with_keys_is_said_by_their_place() -> None:
    """Who runs the shop is told which key is none, without the key."""
    found = trouble(of(OLD, "short"))

    assert found is not None
    assert found.startswith("SHOPKIT_SECRET_KEYS: number 2 is no key")
    assert "short" not in found
    assert trouble(of(OLD)) is None


def test_keys_are_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    """Keys come from the environment in their order, and neither the settings shown nor the log has one."""
    read = load_settings({"SHOPKIT_SECRET_KEYS": f"{NEW}, {OLD},"})
    with caplog.at_level(logging.DEBUG):
        unseal(read, seal(read, TOKEN))

    assert read.secret_keys == (NEW, OLD)
    assert read.shown()["SHOPKIT_SECRET_KEYS"] == "********"
    assert not any(secret in repr(read) + caplog.text for secret in (NEW, OLD, TOKEN))
