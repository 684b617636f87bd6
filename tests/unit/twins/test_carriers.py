"""The twins of posts: held to USPS's schema and to clients that others wrote, and lying when they are told to."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from jsonschema_rs import Draft7Validator
from usps_v3 import Client
from usps_v3.exceptions import APIError, AuthError, RateLimitError

from tests import twins
from tests.twins.carriers import running
from tests.twins.correios import Correios
from tests.twins.upu import Upu
from tests.twins.usps import Usps

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBER = "9400109104250532908587"
HERE = Path(twins.__file__).parent
SCHEMA = json.loads((HERE / "usps/data/tracking-3.2.4.json").read_text("utf-8"))


@pytest.fixture
def usps() -> Iterator[Usps]:
    """Return USPS, which knows one parcel."""
    with running(Usps()) as twin:
        twin.lay(NUMBER, "delivered")
        yield twin


@pytest.fixture
def client(usps: Usps, tmp_path: Path) -> Iterator[Any]:
    """Return a third party's client of it."""
    with Client("key-1", "secret-1", base_url=usps.url, cache_dir=tmp_path) as found:
        yield found


def problems(answer: Any, name: str = "TrackingDetails") -> list[str]:
    """Return the fields of an answer that are not what USPS's schema says."""
    return sorted({str(error.instance_path[-1]) for error in Draft7Validator(SCHEMA[name]).iter_errors(answer)})


class TestUsps:
    """What usps-v3 1.0.4 asks and is answered."""

    def test_a_delivery(self, client: Any) -> None:
        """The client reads the category, and the events newest first."""
        told = client.tracking.track(NUMBER)

        assert (told["trackingNumber"], told["statusCategory"]) == (NUMBER, "Delivered")
        assert [one["eventCode"] for one in told["trackingEvents"]] == ["01", "OF", "07", "A1", "TL", "10", "03", "GX"]

    def test_a_token_for_eight_hours(self, usps: Usps, client: Any) -> None:
        """The client gets one token, and knows how long it is taken."""
        for _ in range(2):
            client.tracking.track(NUMBER)

        assert (usps.given, client.token_status["oauth"]["scope"]) == (1, "tracking")
        assert client.token_status["oauth"]["valid"] is True

    def test_wrong_secrets(self, usps: Usps, tmp_path: Path) -> None:
        """The client is told that it is not who it says."""
        with (
            Client("key-1", "wrong", base_url=usps.url, cache_dir=tmp_path) as client,
            pytest.raises(AuthError) as caught,
        ):
            client.tracking.track(NUMBER)

        assert caught.value.status_code == 401

    def test_a_number_that_is_not_known(self, client: Any) -> None:
        """Is 400 with a code of USPS's inventory, in its shape."""
        with pytest.raises(APIError) as caught:
            client.tracking.track("9400109104250532908600")
        body = json.loads(caught.value.response_body)

        assert (caught.value.status_code, problems(body, "ErrorMessage")) == (400, [])
        assert [one["code"] for one in body["error"]["errors"]] == ["150002"]

    def test_haste(self, usps: Usps, client: Any) -> None:
        """The client reads how long it is asked to wait."""
        client.tracking.track(NUMBER)
        usps.fail("busy")
        with pytest.raises(RateLimitError) as caught:
            client.tracking.track(NUMBER)

        assert caught.value.retry_after == 7

    @pytest.mark.parametrize("story", ["announced", "posted", "out", "delivered", "failed", "returned", "odd"])
    def test_the_published_schema(self, usps: Usps, client: Any, story: str) -> None:
        """Answers in detail are what USPS's schema says, but for the wall clock: it has no offset, as answers seen."""
        usps.lay("9400109104250532908594", story)

        assert problems(client.tracking.track("9400109104250532908594")) == ["eventTimestamp"]

    def test_answers_are_wider_than_the_schema(self, usps: Usps, client: Any) -> None:
        """Nulls, texts for flags, HTML and a list that is a text, as others saw them, are not the schema's."""
        usps.planted |= {"wide", "text_services"}
        told = client.tracking.track(NUMBER)

        assert problems(told) == [
            *("authorizedAgent", "eventCity", "eventCountry", "eventState", "eventTimestamp", "eventZIP", "firm"),
            *("mailClass", "name", "services"),
        ]

    def test_a_summary_by_default(self, client: Any) -> None:
        """Without DETAIL there is a line of text for each event, and nothing that could be read by code."""
        told = client.tracking.track(NUMBER, expand="SUMMARY")

        assert (sorted(told), len(told["eventSummaries"])) == (["eventSummaries", "trackingNumber"], 8)


# What Net::Correios 0.001 (2023-09-22, t/07-sro.t) has of an object with events, of an event, and of a unit.
NET_CORREIOS = {
    "object": {"codObjeto", "dtPrevista", "eventos", "modalidade", "tipoPostal"},
    "event": {"codigo", "descricao", "dtHrCriado", "tipo", "unidade"},
    "unit": {"codSro", "endereco", "tipo"},
    "address": {"cidade", "uf"},
    "unknown": {"codObjeto", "mensagem"},
}


class TestCorreios:
    """What Net::Correios 0.001 asks, by hand, and the fields of its fixture."""

    @pytest.fixture
    def correios(self) -> Iterator[Correios]:
        """Return Correios, which knows one parcel."""
        with running(Correios()) as twin:
            twin.lay("AA111111111BR", "delivered")
            yield twin

    @pytest.fixture
    def signed(self, correios: Correios) -> dict[str, str]:
        """Return headers with a token that was got as that client gets it."""
        answer = requests.post(
            f"{correios.url}/token/v1/autentica/cartaopostagem",
            json={"numero": "0067511082"},
            auth=("loja", "codigo-1"),
            timeout=5,
        )
        assert answer.status_code == 201
        return {"Authorization": f"Bearer {answer.json()['token']}", "Accept-Language": "pt-BR"}

    def test_its_address_and_fields(self, correios: Correios, signed: dict[str, str]) -> None:
        """Numbers are repeated in the address, and the answer has what the client's fixture has."""
        address = "srorastro/v1/objetos?codigosObjetos=AA111111111BR&codigosObjetos=BB222222222BR&resultado=T"
        known, unknown = requests.get(f"{correios.url}/{address}", headers=signed, timeout=5).json()["objetos"]
        event = known["eventos"][0]

        assert (set(unknown), unknown["mensagem"][:7]) == (NET_CORREIOS["unknown"], "SRO-020")
        assert set(known) >= NET_CORREIOS["object"]
        assert set(event) >= NET_CORREIOS["event"]
        assert set(event["unidade"]) >= NET_CORREIOS["unit"]
        assert set(event["unidade"]["endereco"]) >= NET_CORREIOS["address"]

    def test_a_language_is_needed(self, correios: Correios, signed: dict[str, str]) -> None:
        """Without one of three languages it is SRO-018."""
        answer = requests.get(
            f"{correios.url}/srorastro/v1/objetos/AA111111111BR",
            headers=signed | {"Accept-Language": "fr"},
            timeout=5,
        )

        assert (answer.status_code, answer.json()["msgs"][0][:7]) == (400, "SRO-018")

    def test_no_more_than_fifty(self, correios: Correios, signed: dict[str, str]) -> None:
        """Fifty numbers are told of, one more is refused."""
        numbers = [f"AA{place:09}BR" for place in range(51)]
        statuses = [
            requests.get(
                f"{correios.url}/srorastro/v1/objetos",
                [("codigosObjetos", one) for one in some],
                headers=signed,
                timeout=5,
            ).status_code
            for some in (numbers[:50], numbers)
        ]

        assert statuses == [200, 400]

    def test_a_token_that_is_over(self, correios: Correios, signed: dict[str, str]) -> None:
        """Is 403, not 401."""
        correios.refuse_tokens()
        answer = requests.get(f"{correios.url}/srorastro/v1/objetos/AA111111111BR", headers=signed, timeout=5)

        assert answer.status_code == 403


class TestUpu:
    """What a post's tracker reads of the UPU's item tracking."""

    @pytest.mark.parametrize("planted", [set(), {"xml"}, {"list"}])
    def test_an_item(self, planted: set[str]) -> None:
        """In JSON, in a list or in XML the same names are there."""
        with running(Upu()) as twin:
            twin.lay("RB123456785GT", "held")
            twin.planted |= planted
            body = requests.get(f"{twin.url}/RB123456785GT/upu-key-1", timeout=5).text

        assert all(name in body for name in ("EventCd", "EventNm", "EventLocation", "EventDT", "/Date(", "EME"))

    def test_no_data(self) -> None:
        """A number that is not known is answered with 1."""
        with running(Upu()) as twin:
            body = requests.get(f"{twin.url}/RB123456785GT/upu-key-1", timeout=5).content

        assert body == b"1"


def test_a_fault_that_is_none() -> None:
    """A fault that is misspelt is said so, and never passes for a good answer."""
    with running(Upu()) as twin, pytest.raises(ValueError, match="buzy"):
        twin.fail("buzy")


@pytest.mark.parametrize("name", ["carriers.py", "usps", "correios", "upu"])
def test_twins_import_nothing_of_ours(name: str) -> None:
    """A twin is another reading of what others published: nothing of the application is in it."""
    path = HERE / name
    files = [path] if path.is_file() else sorted(path.glob("*.py"))
    trees = [ast.parse(file.read_text("utf-8")) for file in files]
    named = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name) or ""
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }

    assert {one.partition(".")[0] for one in named} <= {*sys.stdlib_module_names, "tests"}
    assert all(one.startswith("tests.twins") for one in named if one.startswith("tests"))
