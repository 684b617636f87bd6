"""The page that tells whether goods originate, as a browser without scripts gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

CUP = "from=MX&to=US&hs_code=6912.00&fob=100,50&m-0-description=Arcilla&m-0-hs_code=2507&m-0-origin=CN&m-0-value=30"


def page(client: FlaskClient, query: str, language: str = "en") -> tuple[int, str]:
    """Return status and text of the page."""
    answer = client.get(f"/origin?{query}", headers={"Accept-Language": language}, follow_redirects=True)
    return answer.status_code, answer.text


def test_the_form_is_there_and_nothing_is_answered_yet(client: FlaskClient) -> None:
    """The day is today's."""
    status, text = page(client, "")

    assert (status, "2026-11-23" in text, 'id="found-title"' in text) == (200, True, False)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Next: declare the goods as of CN"),
        ("es", "Siguiente paso: declara la mercancía como de CN"),
        ("pt", "Próximo passo: declare a mercadoria como de CN"),
    ],
)
def test_the_example_is_the_usb_sticks_that_stay_chinese(client: FlaskClient, language: str, said: str) -> None:
    """In the reader's language."""
    status, text = page(client, "example=usb", language)

    assert (status, said in text) == (200, True)


def test_a_number_may_be_typed_as_at_home(client: FlaskClient) -> None:
    """100,50 is a hundred and a half; a cup of Chinese clay originates."""
    status, text = page(client, f"{CUP}&operations=firing&transport=direct&do=ask")

    assert (status, "Next: get the certificate" in text) == (200, True)


def test_a_condition_can_be_answered_by_a_link(client: FlaskClient) -> None:
    """The link brings everything that was asked along."""
    asked = "from=PE&to=CO&hs_code=691200&fob=100&m-0-hs_code=2507&m-0-origin=CN&operations=firing&do=ask"

    open_, answered = page(client, asked)[1], page(client, f"{asked}&confirmed=can.no_specific")[1]

    assert "confirmed=can.no_specific" in open_
    assert ("Cannot be decided" in open_, "Next: get the certificate" in answered) == (True, True)


def test_another_material_can_be_added_without_losing_what_was_typed(client: FlaskClient) -> None:
    """Up to a dozen."""
    _, text = page(client, f"{CUP}&count=1&do=add")
    _, full = page(client, f"{CUP}&count=12&do=add")

    assert ('id="m-1-description"' in text, 'value="Arcilla"' in text) == (True, True)
    assert ('id="m-12-description"' in full, 'value="add"' in full) == (False, False)


def test_what_is_wrong_stands_at_its_field(client: FlaskClient) -> None:
    """A country that is missing, a number that is none, a code of a material; nothing typed is lost."""
    status, text = page(client, "to=US&hs_code=0&fob=doce&m-1-hs_code=x&count=2&do=ask&m-1-value=1")

    assert status == 422
    for name in ("from", "hs_code", "fob", "m-1-hs_code"):
        assert f'id="{name}-error"' in text
    assert 'value="doce"' in text


def test_without_an_agreement_that_is_said(client: FlaskClient) -> None:
    """Peru and Guatemala signed one that is not in force."""
    _, text = page(client, "from=PE&to=GT&hs_code=691200&wholly=yes&do=ask")

    assert "No trade agreement between the two is in force on this day." in text
    assert "Signed and not in force: Peru-Guatemala FTA." in text
