"""Addresses that sellers give: names that look public, and connections that go to the public internet alone."""

from __future__ import annotations

import socket
from typing import Any

import pytest
import requests

from shopkit import guarded
from shopkit.outside import is_public, public_name, site


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("taller.example", "https://taller.example"),
        (" https://Taller.Example/ ", "https://taller.example"),
        ("https://taller.example/tienda/", "https://taller.example/tienda"),
        ("https://niñas.mx", "https://xn--nias-hqa.mx"),
        ("http://taller.example", None),
        ("https://taller.example:8443", None),
        ("https://ana@taller.example", None),
        ("https://ana:clave@taller.example", None),
        ("https://taller.example@10.0.0.1", None),
        ("https://taller.example/?a=b", None),
        ("https://taller.example/#a", None),
        ("https://taller.example/a/../b", None),
        ("https://taller.example/a b", None),
        ("https://taller.example\\@inside.local", None),
        ("https://taller.example\r\nHost: b", None),
        ("https://localhost", None),
        ("https://db", None),
        ("https://db.internal", None),
        ("https://127.0.0.1", None),
        ("https://2130706433", None),
        ("https://0x7f.1", None),
        ("https://[::1]", None),
        ("https://[::1", None),
        ("https://a..mx", None),
        ("https://-a.mx", None),
        (f"https://{'a' * 64}.mx", None),
        ("https://taller.example:x", None),
        ("ftp://taller.example", None),
    ],
)
def test_a_site_is_a_public_name_over_https(given: str, found: str | None) -> None:
    """A scheme, a port, a user, a number and a name of inside are no site; the rest is kept in one form."""
    assert site(given) == found


INSIDE = ("127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.1")


@pytest.mark.parametrize("number", INSIDE)
def test_an_address_of_inside_stays_one_in_any_coat(number: str) -> None:
    """Mapped, translated (RFC 6052) or tunnelled (6to4) into IPv6, it is the same address."""
    packed = int.from_bytes(socket.inet_aton(number))
    words = f"{packed >> 16:x}:{packed & 0xFFFF:x}"
    coats = (f"::ffff:{number}", f"64:ff9b::{words}", f"2002:{words}::1")

    assert [is_public(one) for one in (number, *coats)] == [False] * 4


def test_public_addresses_are() -> None:
    """Those of the internet are, with a zone or mapped; those of a house, a link and a group are not."""
    public = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14")

    assert [is_public(one) for one in (*public, "::1", "fe80::1%eth0", "fd00::1", "224.0.0.1", "100.64.0.1")] == [
        *(True, True, True),
        *(False, False, False, False, False),
    ]


@pytest.mark.parametrize("found", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], []])
def test_a_name_that_stands_for_an_address_of_inside_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch, found: list[str]
) -> None:
    """One such address is enough, for it could be the next one tried."""
    monkeypatch.setattr(guarded._Connection, "resolve", staticmethod(lambda *_: found))
    with pytest.raises(requests.ConnectionError, match="the name stands for no public address"):
        guarded.guarded_session().get("https://taller.example/", timeout=1)


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is resolved once, so that it cannot stand for another a moment later."""
    seen: list[Any] = []

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        seen.append(address)
        raise OSError("nobody there")

    monkeypatch.setattr(guarded._Connection, "resolve", staticmethod(lambda *_: ["93.184.215.14"]))
    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    with pytest.raises(requests.ConnectionError, match=r"taller\.example"):
        guarded.guarded_session().get("https://taller.example/", timeout=1)

    assert seen == [("93.184.215.14", 443)]


def test_a_plain_address_is_refused() -> None:
    """Without TLS there is no way at all."""
    with pytest.raises(requests.exceptions.InvalidSchema):
        guarded.guarded_session().get("http://taller.example/", timeout=1)


def test_a_name_is_kept_in_one_form() -> None:
    """Lower case, ASCII, no point at the end."""
    assert public_name("Taller.Example.") == "taller.example"
