"""Carriers' prices among the ways: quoted as the others are, and what one of them does wrong spoils no answer."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from threading import Event
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from sqlalchemy import select

from landed_cost.freight import Parcel
from landed_cost.money import Money
from shopkit.cli import main
from shopkit.models import CarrierAccount
from shopkit.sending.carriers import sandbox
from shopkit.sending.carriers.port import Consignment, Rate, Rates, Spot
from shopkit.services import carrier_accounts, carrier_prices, ways, ways_told
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.problems import RequestError
from tests.ordering import sell
from tests.shop import open_shop, shirts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from shopkit.services.context import Services

KEY: Final = Fernet.generate_key().decode()
PARCEL: Final = {
    "gross_weight": {"value": "0.5", "unit": "kg"},
    "dimensions": {"length": "30", "width": "20", "height": "10", "unit": "cm"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the shop is kept."""
    return tmp_path_factory.mktemp("carriers")


@pytest.fixture(scope="module")
def services(folder: Path) -> Iterator[Services]:
    """Return the use cases of a shop that can keep secrets."""
    found: Services = open_shop(folder, secret_keys=(KEY,)).extensions["shopkit"]
    yield found
    found.database.dispose()


@pytest.fixture
def seller(services: Services) -> Actor:
    """Return a new seller's owner."""
    return sell(services)[0]


@pytest.fixture
def told(services: Services, seller: Actor) -> Callable[..., Any]:
    """Return the ways of two shirts from Mexico to Chile with the seller's carriers, in English."""
    asked = {"parcel": PARCEL, "destination": {"country": "CL"}}
    return lambda **more: ways_told.data(
        ways.of_request(services, shirts(**(asked | more)), seller.seller_id, with_carriers=True), "en"
    )


def missing(found: Any) -> list[tuple[str, str]]:
    """Return of whom nothing is known, and why."""
    return [(one["name"], one["code"]) for one in found["not_known"]]


def test_a_carriers_price_is_quoted_as_any_way(services: Services, seller: Actor, told: Callable[..., Any]) -> None:
    """Freight as the carrier asks, charges by the law of the service's channel, days as it says."""
    carrier_accounts.connect(services, seller, "sandbox", {})
    found = {one["id"]: one for one in told()["ways"]}
    ems = found["carrier:sandbox/Sandbox EMS"]

    assert {name for name in found if name.startswith("carrier:")} == {
        "carrier:sandbox/Sandbox packet",
        "carrier:sandbox/Sandbox EMS",
        "carrier:sandbox/Sandbox express",
    }
    assert (ems["cost"]["freight"], ems["channel"], ems["kind"], ems["standing"]) == ("19.00", "postal", "ems", "open")
    assert (ems["days"]["by_card"], ems["weight"], ems["illustrative"]) == ({"min": 6, "max": 6}, None, True)
    assert ems["papers"]["form"] == "cn23"


@pytest.mark.parametrize(
    ("story", "code"),
    [
        ("slow", "carrier_unavailable"),
        ("down", "carrier_unavailable"),
        ("busy", "carrier_busy_for"),
        ("unsigned", "carrier_unsigned"),
        ("error_inside", "carrier_refused"),
        ("garbage", "carrier_garbage"),
    ],
)
def test_a_carrier_that_fails_is_not_known(
    services: Services, seller: Actor, told: Callable[..., Any], story: str, code: str
) -> None:
    """With its reason; the cards' ways stand as ever."""
    carrier_accounts.connect(services, seller, "sandbox", {"story": story})
    found = told()

    assert missing(found) == [("sandbox", code)]
    assert [one["source"] for one in found["ways"]] == ["card:illustrative", "card:illustrative"]
    assert "60 seconds" in found["not_known"][0]["message"] or story != "busy"


def test_a_service_that_nobody_knows_is_told_and_not_priced(
    services: Services, seller: Actor, told: Callable[..., Any]
) -> None:
    """Its price is there; which charges apply is not known."""
    carrier_accounts.connect(services, seller, "sandbox", {"story": "unknown_service"})
    found = told()

    assert missing(found) == [("Hermes Trismegistos Winged", "service_unknown")]
    assert found["not_known"][0]["message"].startswith("It asks 3.00 USD")


def test_a_price_in_another_currency_is_converted_by_the_dated_rate(
    services: Services, seller: Actor, told: Callable[..., Any]
) -> None:
    """19.00 GBP of freight in a quote of dollars, by the rate of the rulebook."""
    carrier_accounts.connect(services, seller, "sandbox", {"story": "foreign"})
    found = {one["id"]: one for one in told()["ways"]}
    freight = Money(services.rulebook.rates.convert_minor(1_900, "GBP", "USD"), "USD")

    assert found["carrier:sandbox/Sandbox EMS"]["cost"]["freight"] == freight.text


class Odd(sandbox.Sandbox):
    """A carrier of somebody else."""

    def __init__(self, answer: Exception | Rates) -> None:
        self.answer = answer

    def rates(self, asked: Any, details: Any) -> Any:  # noqa: ARG002 - the port's
        """Raise or return at once."""
        if isinstance(self.answer, Exception):
            raise self.answer
        yield from ()
        return self.answer


@pytest.mark.parametrize(
    ("answer", "name", "code"),
    [
        (ZeroDivisionError("their fault"), "sandbox", "carrier_broken"),
        (Rates((Rate("Sandbox", "EMS", Money(500, "ISK")),)), "Sandbox EMS", "currency_unknown"),
    ],
)
def test_what_an_adapter_does_wrong_spoils_no_answer(
    services: Services,
    seller: Actor,
    told: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    answer: Any,
    name: str,
    code: str,
) -> None:
    """Whatever it raises, and a price that no rate converts."""
    carrier_accounts.connect(services, seller, "sandbox", {})
    monkeypatch.setattr(carrier_accounts, "carriers", lambda: {"sandbox": Odd(answer)})
    found = told()

    assert (missing(found), len(found["ways"])) == ([(name, code)], 2)


def test_an_adapter_that_is_gone_or_an_account_that_nobody_opens_is_told(
    services: Services, seller: Actor, told: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The accounts stand; what is to be done is said."""
    carrier_accounts.connect(services, seller, "easypost", {"key": "EZAK-1"})
    with services.database.writing.begin() as session:
        session.get_one(CarrierAccount, (seller.seller_id, "easypost")).sealed = "x"
    sealed = missing(told())
    monkeypatch.setattr(carrier_accounts, "carriers", dict)
    gone = missing(told())

    assert (sealed, gone) == ([("easypost", "carrier_sealed")], [("easypost", "carrier_gone")])


def test_nobody_waits_for_a_carrier_that_takes_its_time(
    services: Services, seller: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several calls, each within its limits, may be too much together: what is there in time is told."""
    carrier_accounts.connect(services, seller, "sandbox", {})
    monkeypatch.setattr(carrier_prices, "_PATIENCE_S", 0.0)
    over = Event()

    def way(*_: Any) -> Any:
        over.wait()
        return sandbox.CARRIER

    asked = Consignment(Spot("MX"), Spot("CL"), Parcel(Decimal(1)), (), date(2026, 11, 28))
    found = carrier_prices.ask(services, seller.seller_id, asked, way)
    over.set()

    assert [(one.name, one.reason.code) for one in found.missing] == [("sandbox", "carrier_unavailable")]


def test_a_carrier_that_does_not_carry_from_there_is_not_asked(
    services: Services, seller: Actor, told: Callable[..., Any]
) -> None:
    """USPS takes nothing in Mexico."""
    carrier_accounts.connect(services, seller, "usps", {"client_id": "a", "client_secret": "b"})

    assert missing(told()) == [("usps", "carrier_elsewhere")]


def test_an_account_is_sealed_and_its_sellers_own(services: Services, seller: Actor) -> None:
    """The key is not in the database as it was said; nobody else has it; forgotten, it is gone."""
    carrier_accounts.connect(services, seller, "easypost", {"key": "EZAK-very-secret"})
    other = sell(services)[0]
    with services.database.reading() as session:
        kept = session.scalars(select(CarrierAccount.sealed).where(CarrierAccount.seller_id == seller.seller_id)).one()
    opened = carrier_accounts.opened(services, seller.seller_id)

    assert ("EZAK" in kept, opened[0].details) == (False, {"key": "EZAK-very-secret"})
    assert "EZAK" not in repr(opened)
    assert carrier_accounts.every(services, other) == ()
    assert (
        carrier_accounts.disconnect(services, other, "easypost"),
        len(carrier_accounts.every(services, seller)),
    ) == (
        False,
        1,
    )
    assert (carrier_accounts.disconnect(services, seller, "easypost"), carrier_accounts.every(services, seller)) == (
        True,
        (),
    )


@pytest.mark.parametrize(
    ("carrier", "details", "wrong"),
    [
        ("pigeon", {}, [("/carrier", "choice")]),
        ("easypost", {}, [("/details/key", "required")]),
        (
            "easypost",
            {"key": "a\nb", "more": "x"},
            [("/details/key", "text.characters"), ("/details/more", "push.no_field")],
        ),
    ],
)
def test_what_is_wrong_with_an_account_is_said(
    services: Services, seller: Actor, carrier: str, details: dict[str, str], wrong: list[tuple[str, str]]
) -> None:
    """A carrier that is none, a field that is missing, is none, or would break out of a header."""
    with pytest.raises(RequestError) as caught:
        carrier_accounts.connect(services, seller, carrier, details)

    assert [(one.pointer, one.code) for one in caught.value.problems] == wrong


def test_an_owner_alone_connects(services: Services, seller: Actor) -> None:
    """Who may edit may not."""
    with pytest.raises(ForbiddenError):
        carrier_accounts.connect(services, Actor(seller.seller_id, "editor", None, "test"), "sandbox", {})


def test_the_command_connects_lists_and_forgets(folder: Path, seller: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an account says comes from stdin; ways then have its prices."""
    monkeypatch.setenv("SHOPKIT_DATA_DIR", str(folder))
    monkeypatch.setenv("SHOPKIT_SECRET_KEYS", KEY)
    who = ["--seller", seller.seller_id]

    def run(*words: str, given: str | None = None) -> tuple[int, str]:
        found = CliRunner().invoke(main, list(words), input=given)
        return found.exit_code, found.output

    steps = [
        run("carriers", "list", *who),
        run("carriers", "fields", "easypost"),
        run("carriers", "connect", "sandbox", *who, given='{"story": "busy"}'),
        run("carriers", "connect", "easypost", *who, given="{}"),
        run("carriers", "connect", "sandbox", *who, given="no"),
        run("carriers", "list", *who),
        run("ways", "-", *who, given=json.dumps(shirts(parcel=PARCEL))),
        run("carriers", "disconnect", "sandbox", *who),
        run("carriers", "disconnect", "sandbox", *who),
    ]

    assert [code for code, _ in steps] == [0, 0, 0, 1, 2, 0, 0, 0, 1]
    assert "connect one of easypost, sandbox, usps" in steps[0][1]
    assert steps[1][1] == "key  needed  API key\n"
    assert steps[5][1].startswith("sandbox  since 20")
    assert "sandbox: not known. It asks to be asked again in 60 seconds." in steps[6][1]
