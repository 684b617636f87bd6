"""Plug-ins: found by entry points, broken ones shown as broken."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from shopkit import plugins
from shopkit.fx.ecb import EcbRates


def point(name: str, value: str) -> EntryPoint:
    """Return an entry point of the group of exchange rates."""
    return EntryPoint(name, value, plugins.FX)


def test_our_own_come_by_the_same_path() -> None:
    """The adapters that ship are entry points like anybody's."""
    assert plugins.plugin(plugins.FX, "ecb") is EcbRates
    assert [one.name for one in plugins.plugins(plugins.FX) if one.problem] == []


def test_a_broken_one_says_why() -> None:
    """One that cannot be loaded stays in the list with the reason, and the others work."""
    found = plugins.plugins(plugins.FX, [point("good", "json:loads"), point("bad", "nowhere:Nothing")])

    assert [(one.name, one.problem) for one in found] == [
        ("bad", "ModuleNotFoundError: No module named 'nowhere'"),
        ("good", None),
    ]


def test_a_name_given_twice_is_nobodys() -> None:
    """Where two claim a name, neither is used: it would depend on the order of installation."""
    found = plugins.plugins(plugins.FX, [point("rates", "json:loads"), point("rates", "json:dumps")])

    assert [one.problem for one in found] == ["the name 'rates' is given twice"] * 2


def test_one_that_is_not_there_names_the_others() -> None:
    """Asking for an unknown name is an error that lists the names."""
    with pytest.raises(plugins.PluginError, match="has no 'mine'; there are central-bank, ecb"):
        plugins.plugin(plugins.FX, "mine")


def test_one_that_is_broken_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for a broken one is an error with its reason."""
    broken = plugins.Plugin(plugins.FX, "mine", "theirs", problem="ImportError: no")
    monkeypatch.setattr(plugins, "plugins", lambda _group: [broken])

    with pytest.raises(plugins.PluginError, match="mine is broken: ImportError: no"):
        plugins.plugin(plugins.FX, "mine")
