"""shopkit origin: the same question and answer as over HTTP, and its exit codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from shopkit.api.examples import USB_STICKS
from tests.shop import open_shop

if TYPE_CHECKING:
    from pathlib import Path


def test_it_answers_as_http_does(run: Any, tmp_path: Path) -> None:
    """From a file, in the language asked for."""
    file = tmp_path / "usb.json"
    file.write_text(json.dumps(USB_STICKS))
    reply = open_shop(tmp_path).test_client().post("/api/v1/origin", json=USB_STICKS, headers={"Accept-Language": "pt"})

    printed = run("origin", "--lang", "pt", str(file))

    assert (printed.exit_code, json.loads(printed.stdout)) == (0, reply.get_json())


@pytest.mark.parametrize(
    ("body", "said"), [("{", "shopkit: "), ('{"destination": "US"}', "shopkit: /product: This field is required.")]
)
def test_what_cannot_be_read_is_2(run: Any, body: str, said: str) -> None:
    """Each problem on stderr with its place."""
    printed = run("origin", "-", stdin=body)

    assert (printed.exit_code, printed.stdout) == (2, "")
    assert printed.stderr.startswith(said)
