"""Settings: read once from the environment, strict about what they are, shy about what is secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shopkit.config import Settings, SettingsError, load_settings, mask_url

if TYPE_CHECKING:
    from pathlib import Path


def test_without_variables_there_are_defaults() -> None:
    """An empty environment gives the embedded shop."""
    assert load_settings({}) == Settings()


def test_variables_are_read_by_their_kind(tmp_path: Path) -> None:
    """Folders, lists, counts and switches are read from text; what is not ours is passed over."""
    environ = {
        "SHOPKIT_DATA_DIR": str(tmp_path),
        "SHOPKIT_TRUSTED_HOSTS": "shop.example, www.shop.example,",
        "SHOPKIT_PROXIES": "2",
        "SHOPKIT_SHARED": "/somewhere",
        "PATH": "/usr/bin",
    }

    assert load_settings(environ) == Settings(
        data_dir=tmp_path, trusted_hosts=("shop.example", "www.shop.example"), proxies=2
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SHOPKIT_PROXIES", "one"),
        ("SHOPKIT_PROXIES", "-1"),
        ("SHOPKIT_PROXIES", "٢"),
        ("SHOPKIT_DATA_DIR", ""),
        ("SHOPKIT_COLOUR", "red"),
    ],
)
def test_what_cannot_be_read_is_named(variable: str, value: str) -> None:
    """A value of the wrong kind, or a variable that is no setting, is an error that names it."""
    with pytest.raises(SettingsError, match=f"^{variable}: "):
        load_settings({variable: value})


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("", ""),
        ("sqlite:////srv/shop.sqlite", "sqlite:////srv/shop.sqlite"),
        ("postgresql://shop:hush@db/shop", "postgresql://shop:********@db/shop"),
        ("postgresql://shop@db/shop", "postgresql://shop@db/shop"),
        ("https://rates.example/v1?key=hush", "https://rates.example/v1?********"),
    ],
)
def test_addresses_are_shown_without_secrets(url: str, shown: str) -> None:
    """A password and a query are masked, the rest stays to be recognised."""
    assert mask_url(url) == shown


def test_every_setting_is_shown() -> None:
    """Each setting appears under its variable, secrets as stars, absent ones empty."""
    shown = Settings(secret_key="hush", rates_options='{"token": "hush"}', trusted_hosts=("a", "b")).shown()

    assert "hush" not in str(shown)
    assert (shown["SHOPKIT_SECRET_KEY"], shown["SHOPKIT_RATES_OPTIONS"]) == ("********", "********")
    assert (shown["SHOPKIT_TRUSTED_HOSTS"], shown["SHOPKIT_PROXIES"]) == ("a,b", "0")
    assert Settings().shown()["SHOPKIT_SECRET_KEY"] == ""


def test_secrets_are_in_no_trace() -> None:
    """What stands of the settings in a trace or a log shows neither keys nor what adapters need."""
    said = Settings(secret_key="hush", secret_keys=("hush",), rates_options="hush", engine_options="hush")

    assert "hush" not in repr(said)


class TestSecret:
    """The key that signs."""

    def test_a_set_one_is_used(self, tmp_path: Path) -> None:
        """What the environment says is the key, and nothing is written."""
        assert Settings(data_dir=tmp_path, secret_key="given").secret() == "given"
        assert list(tmp_path.iterdir()) == []

    def test_without_one_it_is_made_once(self, tmp_path: Path) -> None:
        """The first to ask makes it, readable by the owner alone; all others read the same."""
        folder = tmp_path / "var"

        first, second = Settings(data_dir=folder).secret(), Settings(data_dir=folder).secret()

        assert first == second
        assert len(first) >= 48
        assert (folder / "secret.key").stat().st_mode & 0o777 == 0o600

    def test_an_empty_file_is_an_error(self, tmp_path: Path) -> None:
        """An empty key would sign for everybody."""
        (tmp_path / "secret.key").touch()

        with pytest.raises(SettingsError, match=r"secret\.key: empty"):
            Settings(data_dir=tmp_path).secret()


def test_what_posts_take_300_sdr_for_is_read() -> None:
    """By origin, as an amount with its currency; what is none is told with how to write it."""
    found = load_settings({"SHOPKIT_SDR_EQUIVALENTS": "MX=7500 MXN, GB=270.50 GBP"}).sdr_equivalents

    assert found == ("MX=7500 MXN", "GB=270.50 GBP")
    for wrong in ("MX=7500", "MX=0 MXN", "Mexico=1 MXN", "MX=1 QQQ"):
        with pytest.raises(SettingsError, match="write MX=7500 MXN"):
            load_settings({"SHOPKIT_SDR_EQUIVALENTS": wrong})
