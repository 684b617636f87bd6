"""The contract of ``shopkit.carriers``: what who is asked for prices must do, each before its own twin."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import requests
from easypost.easypost_client import EasyPostClient

from landed_cost.freight import Parcel
from landed_cost.money import Money
from landed_cost.rulebook.reader import RulebookError, read_text
from shopkit import plugins
from shopkit.outside import Limits
from shopkit.plugins import plugin
from shopkit.sending.carriers.port import Consignment, Goods, Rates, Refusal, Spot, known, read_services
from shopkit.sending.carriers.sandbox import STORIES
from shopkit.tracking.port import TrackingError, converse
from shopkit.tracking.transport import HttpTransport
from tests.twins import rates as twins
from tests.twins.carriers import NOW, running

if TYPE_CHECKING:
    from collections.abc import Iterator

CARRIERS = sorted(one.name for one in plugins.plugins(plugins.CARRIERS))
TWINS: dict[str, Any] = {"easypost": twins.EasyPost, "usps": twins.Usps}
QUICK = Limits(timeout_s=0.5, deadline_s=1.0, largest_bytes=2_000_000)
SLOW = Limits(timeout_s=0.05, deadline_s=0.1, largest_bytes=2_000_000)
SMALL = Limits(timeout_s=0.5, deadline_s=1.0, largest_bytes=200_000)
SHIRT = Goods("Cotton T-shirt", 2, Money(5_000, "USD"), Decimal("0.4"), "610910", "US")
ASKED = Consignment(
    Spot("US", "90012", "CA"),
    Spot("MX", "06000"),
    Parcel(Decimal("0.5"), (Decimal(30), Decimal(20), Decimal(10))),
    (SHIRT,),
    date(2026, 11, 28),
)


class Asking:
    """A carrier, an account with it, and its twin."""

    def __init__(self, name: str, twin: Any) -> None:
        self.name, self.twin = name, twin
        self.carrier = plugin(plugins.CARRIERS, name)
        self.transport = HttpTransport(
            self.carrier, twin.details, twin.url, session=requests.Session(), limits=QUICK, now=lambda: NOW
        )

    def rates(self, asked: Consignment = ASKED) -> Rates:
        """Ask for prices."""
        found: Rates = converse(self.carrier.rates(asked, self.twin.details), self.transport)
        return found

    def fails(self) -> TrackingError:
        """Ask, and return how it failed."""
        with pytest.raises(TrackingError) as caught:
            self.rates()
        return caught.value


@pytest.fixture(params=sorted(TWINS))
def asking(request: pytest.FixtureRequest) -> Iterator[Asking]:
    """Return a carrier before its twin."""
    with running(TWINS[request.param]()) as twin:
        yield Asking(request.param, twin)


@pytest.fixture
def easy() -> Iterator[Asking]:
    """Return EasyPost before its twin."""
    with running(twins.EasyPost()) as twin:
        yield Asking("easypost", twin)


@pytest.fixture
def post() -> Iterator[Asking]:
    """Return USPS before its twin."""
    with running(twins.Usps()) as twin:
        yield Asking("usps", twin)


def prices(found: Rates) -> list[tuple[str, str, str, tuple[int, int] | None]]:
    """Return what was asked, without objects."""
    return [(one.carrier, one.service, str(one.price), one.days) for one in found.rates]


def test_every_carrier_has_a_twin_or_is_one() -> None:
    """No adapter without a test of its calls."""
    assert sorted([*TWINS, "sandbox"]) == CARRIERS


@pytest.mark.parametrize("name", CARRIERS)
def test_a_carrier_says_what_an_account_has_to_say(name: str) -> None:
    """By its own name, with labels in three languages."""
    carrier = plugin(plugins.CARRIERS, name)

    assert carrier.name == name
    assert all(set(one.label) == {"en", "es", "pt"} for one in carrier.fields)


def test_prices_come_with_service_currency_and_days(asking: Asking) -> None:
    """0.5 kg are 17.64 ounces, asked as 17.7, and 1.1023 pounds, asked as 1.11; prices are exact."""
    expected = {
        # 1,400 + 60 x 17.7 = 2,462 cents; 5,000 + 110 x 17.7 = 6,947; 6,000 + 120 x 17.7 = 8,124.
        "easypost": [
            ("USPS", "FirstClassPackageInternationalService", "24.62 USD", None),
            ("USPS", "ExpressMailInternational", "69.47 USD", None),
            ("FedEx", "INTERNATIONAL_PRIORITY", "81.24 USD", (3, 3)),
        ],
        "usps": [
            ("USPS", "FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE", "14.96 USD", None),
            ("USPS", "PRIORITY_MAIL_INTERNATIONAL", "52.20 USD", None),
            ("USPS", "PRIORITY_MAIL_EXPRESS_INTERNATIONAL", "71.45 USD", None),
        ],
    }
    found = asking.rates()

    assert prices(found) == expected[asking.name]
    assert all(known(one.carrier, one.service) is not None for one in found.rates)


def test_nobodys_name_or_street_is_told(asking: Asking) -> None:
    """Countries, postal codes, measures and goods are all that a price follows from."""
    asking.rates()
    bodies = [json.loads(one.body) for one in asking.twin.journal if "token" not in one.path]
    said = {
        "easypost": {"from_address", "to_address", "parcel", "customs_info"},
        "usps": {"originZIPCode", "foreignPostalCode", "destinationCountryCode", "weight", "length", "mailClass"},
    }

    assert all(said[asking.name] <= set(body.get("shipment", body)) for body in bodies)
    assert not any(word in str(bodies) for word in ("name", "street", "email", "phone"))


@pytest.mark.parametrize(
    ("fault", "reason", "wait_s"),
    [
        ("busy", "busy", 7.0),
        ("busy_date", "busy", 90.0),
        ("busy_mute", "busy", None),
        ("down", "unavailable", None),
        ("error", "unavailable", None),
        ("forbidden", "unsigned", None),
        ("redirect", "refused", None),
        ("page", "garbage", None),
        ("cut", "garbage", None),
        ("empty", "garbage", None),
        ("drop", "unavailable", None),
    ],
)
def test_what_goes_wrong_has_its_reason(asking: Asking, fault: str, reason: str, wait_s: float | None) -> None:
    """Each fault is told as what it is, with the time to wait as the carrier says it, and no secret in the words."""
    # A token that is there already is not asked for again; a second refusal is believed.
    asking.rates()
    asking.twin.fail(fault, *([fault] if fault == "forbidden" else []))
    if fault == "forbidden" and asking.name == "usps":
        asking.twin.faults.clear()
        asking.twin.fail("forbidden", "", "forbidden")
    error = asking.fails()

    assert (error.reason, error.wait_s) == (reason, wait_s)
    assert not any(secret in str(error) for secret in asking.twin.details.values())


@pytest.mark.parametrize(("fault", "limits", "reason"), [("slow", SLOW, "unavailable"), ("large", SMALL, "garbage")])
def test_an_answer_has_an_end(asking: Asking, fault: str, limits: Limits, reason: str) -> None:
    """Neither a byte at a time nor without end."""
    asking.rates()
    asking.transport.limits = limits
    asking.twin.fail(fault)

    assert asking.fails().reason == reason


def test_an_error_with_a_good_status_is_one(asking: Asking) -> None:
    """200 with an error inside is no price."""
    asking.twin.planted.add("error_in_200")

    assert asking.fails().reason == "refused"


def test_a_token_is_got_once_and_anew_when_it_is_over(post: Asking) -> None:
    """One for all calls; another when it is taken no more."""
    post.rates()
    post.rates()
    first = post.twin.given
    post.twin.refuse_tokens()
    post.rates()

    assert (first, post.twin.given) == (1, 2)


def test_a_class_without_a_price_leaves_the_others(post: Asking) -> None:
    """2 kg are 4.41 pounds, more than First-Class takes: its own words are told."""
    heavy = replace(ASKED, parcel=replace(ASKED.parcel, gross_kg=Decimal(2)))
    found = post.rates(heavy)

    assert [one.service for one in found.rates] == [
        "PRIORITY_MAIL_INTERNATIONAL",
        "PRIORITY_MAIL_EXPRESS_INTERNATIONAL",
    ]
    assert found.refusals == (
        Refusal(
            "USPS",
            "FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE",
            "Weight exceeds the maximum of 4 pounds for this mail class.",
        ),
    )


@pytest.mark.parametrize(("lie", "rates", "refusals"), [("only_rates", 3, 0), ("no_price", 0, 3)])
def test_a_price_is_the_total_or_that_of_the_only_rate(post: Asking, lie: str, rates: int, refusals: int) -> None:
    """Where neither is one there is no price."""
    post.twin.planted.add(lie)
    found = post.rates()

    assert (len(found.rates), len(found.refusals)) == (rates, refusals)


@pytest.mark.parametrize(
    ("whence", "whither", "takes"), [("US", "MX", True), ("PR", "MX", True), ("MX", "US", False), ("US", "PR", False)]
)
def test_usps_takes_what_leaves_the_union(whence: str, whither: str, takes: bool) -> None:  # noqa: FBT001  # a cell
    """It has no price of what begins elsewhere or stays within."""
    asked = replace(ASKED, dispatch=Spot(whence, "00901"), destination=Spot(whither))

    assert plugin(plugins.CARRIERS, "usps").takes(asked) is takes


@pytest.mark.parametrize(("lie", "currency"), [("pounds", "GBP"), ("crowns", "ISK")])
def test_a_price_keeps_its_currency(easy: Asking, lie: str, currency: str) -> None:
    """A carrier may ask in its own."""
    easy.twin.planted.add(lie)

    assert {one.price.currency for one in easy.rates().rates} == {currency}


def test_a_price_that_is_none_is_told_and_not_taken(easy: Asking) -> None:
    """Nothing, less than nothing, no number, out of all proportion: each is a refusal, the others stay."""
    easy.twin.planted.add("odd_prices")
    found = easy.rates()

    assert len(found.rates) == 2
    assert [one.text for one in found.refusals] == [
        "price: 0.00 USD",
        "price: -4.00 USD",
        "price: 1e400 USD",
        "price: free USD",
        "price: USD",
    ]


def test_rows_that_are_none_are_passed_over(easy: Asking) -> None:
    """Null, numbers and empty objects among the prices."""
    easy.twin.planted.add("odd_rows")

    assert len(easy.rates().rates) == 3


def test_an_answer_without_prices_is_garbage(easy: Asking) -> None:
    """It is no answer to what was asked."""
    easy.twin.planted.add("no_rates")

    assert easy.fails().reason == "garbage"


def test_what_a_carrier_behind_easypost_says_is_told(easy: Asking) -> None:
    """Its own words, as text."""
    easy.twin.planted.add("tired")

    assert easy.rates().refusals == (Refusal("DHLExpress", "", "The carrier <b>did not answer</b> in time."),)


def test_a_service_of_a_carrier_that_nobody_knows_is_not_known(easy: Asking) -> None:
    """The price is there; which law it goes by is not."""
    easy.twin.planted.add("new_service")
    last = easy.rates().rates[-1]

    assert (last.carrier, known(last.carrier, last.service)) == ("PostPanda", None)


def test_the_vendors_own_client_reads_the_same_prices(easy: Asking) -> None:
    """The twin is held to the vendor's client, and what we read to what it reads."""
    client = EasyPostClient(easy.twin.details["key"], api_base=f"{easy.twin.url}/v2")
    shipment = client.shipment.create(
        from_address={"country": "US", "zip": "90012"}, to_address={"country": "MX", "zip": "06000"},
        parcel={"weight": 17.7, "length": 11.9, "width": 7.9, "height": 4.0},
    )  # fmt: skip

    assert [(one.carrier, one.service, f"{one.rate} {one.currency}") for one in shipment.rates] == [
        (carrier, service, price) for carrier, service, price, _ in prices(easy.rates())
    ]


@pytest.mark.parametrize("story", STORIES)
def test_the_sandbox_fails_as_the_others_do(story: str) -> None:
    """Each story by its reason; a good one has three services, one of which takes up to 2 kg."""
    sandbox = plugin(plugins.CARRIERS, "sandbox")
    reasons = {"slow": "unavailable", "down": "unavailable", "error_inside": "refused"}
    try:
        found = converse(sandbox.rates(ASKED, {"story": story}), sandbox)
        told = [str(one.price) for one in found.rates]
    except TrackingError as error:
        told = [error.reason]

    good = {"well": "USD", "foreign": "GBP", "unknown_service": "USD"}
    expected = [f"{amount} {good[story]}" for amount in ("8.50", "19.00", "31.00")] if story in good else []
    more = ["3.00 USD"] if story == "unknown_service" else []
    assert told == (expected + more or [reasons.get(story, story)])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {carrier: A, channel: boat, kind: x}", "'boat' is not one of postal, courier"),
        (
            "- {carrier: A, channel: postal, kind: x}\n- {carrier: a, channel: postal, kind: x}",
            "carriers.yaml:4: a with",
        ),
    ],
)
def test_a_wrong_table_of_services_is_told_with_its_line(text: str, told: str) -> None:
    """Nothing is guessed of a file that is not right."""
    with pytest.raises(RulebookError, match=told):
        read_services(read_text(f"as_of: 2026-11-28\nservices:\n{text}\n", "carriers.yaml"))
