"""The twins of AfterShip and EasyPost, driven by the vendors' own clients; all three know nothing of ours."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tracking
import yaml
from easypost.easypost_client import EasyPostClient
from easypost.errors.api.invalid_request_error import InvalidRequestError
from easypost.errors.api.not_found_error import NotFoundError as NoTrackerError
from easypost.errors.api.unauthorized_error import UnauthorizedError as NoKeyError
from tracking.exceptions import BadRequestError, NotFoundError, UnauthorizedError
from tracking.models.tag import Tag

from tests.twins.aftership import AfterShip
from tests.twins.carriers import running
from tests.twins.easypost import EasyPost
from tests.twins.seventeentrack import SeventeenTrack
from tests.twins.seventeentrack.server import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBER = "RB123456785GB"
# The client of AfterShip uses names that httpx means to take away.
old_httpx = [
    pytest.mark.filterwarnings("ignore:URL.raw is deprecated"),
    pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning"),
]


@pytest.fixture
def aftership() -> Iterator[tuple[AfterShip, Any]]:
    """Return the twin and the vendor's client of it, which tries nothing twice."""
    with running(AfterShip()) as twin:
        twin.lay(NUMBER, "delivered")
        configuration = tracking.Configuration(domain=twin.url, api_key=twin.details["key"], max_retry=0)
        yield twin, tracking.Client(configuration)


@pytest.fixture
def posted() -> Iterator[tuple[EasyPost, Any]]:
    """Return the twin and the vendor's client of it."""
    with running(EasyPost()) as twin:
        twin.lay(NUMBER, "delivered")
        yield twin, EasyPostClient(twin.details["key"], api_base=f"{twin.url}/v2")


class TestAfterShip:
    """By ``aftership-tracking-sdk``."""

    pytestmark = old_httpx

    def test_made_read_and_listed(self, aftership: tuple[AfterShip, Any]) -> None:
        """The client makes a tracking, reads it by its id and finds it in a list, checkpoints with tags and all."""
        _, client = aftership
        made = client.tracking.create_tracking({"tracking_number": NUMBER}).data
        read = client.tracking.get_tracking_by_id(made.id).data
        listed = client.tracking.get_trackings(tracking_numbers=NUMBER, limit=200).data

        assert (read, listed.trackings, listed.pagination.has_next_page) == (made, [made], False)
        assert [checkpoint.tag for checkpoint in made.checkpoints][-1] is Tag.DELIVERED
        assert all(checkpoint.checkpoint_time and checkpoint.subtag for checkpoint in made.checkpoints)

    @pytest.mark.parametrize(("number", "code"), [(NUMBER, "4003"), ("A?B", "4005"), ("QQ123456789", "4012")])
    def test_refused(self, aftership: tuple[AfterShip, Any], number: str, code: str) -> None:
        """A number that is there, is none, or is nobody's, is refused with the code that the client knows."""
        _, client = aftership
        client.tracking.create_tracking({"tracking_number": NUMBER})

        with pytest.raises(BadRequestError) as caught:
            client.tracking.create_tracking({"tracking_number": number})

        assert str(caught.value.meta_code) == code

    def test_its_other_errors(self, aftership: tuple[AfterShip, Any]) -> None:
        """What is not there, and a key that is none, are what the client calls so."""
        twin, client = aftership
        with pytest.raises(NotFoundError):
            client.tracking.get_tracking_by_id("none")
        twin.details["key"] = "another"
        with pytest.raises(UnauthorizedError):
            client.tracking.get_trackings()

    def test_tags_are_the_vendors(self) -> None:
        """The tags of our table are those of the client, each subtag is of one of them."""
        table = yaml.safe_load(files("shopkit.tracking").joinpath("data/aftership.yaml").read_text("utf-8"))
        codes = set(table["codes"]) - {"USER"}

        assert {code.partition("_")[0] for code in codes} == {tag.value for tag in Tag}

    @pytest.mark.parametrize("planted", ["no_list", "odd_rows"])
    def test_a_lie_is_noticed(self, aftership: tuple[AfterShip, Any], planted: str) -> None:
        """A twin with a planted defect is not taken for AfterShip by the client."""
        twin, client = aftership
        client.tracking.create_tracking({"tracking_number": NUMBER})
        twin.planted.add(planted)
        noticed = False
        try:
            listed = client.tracking.get_trackings(tracking_numbers=NUMBER).data
            noticed = listed.trackings is None
        except Exception:  # noqa: BLE001 - whatever the client makes of it
            noticed = True

        assert noticed


class TestEasyPost:
    """By ``easypost``."""

    def test_made_and_read(self, posted: tuple[EasyPost, Any]) -> None:
        """The client makes a tracker, the same again for the same number, and reads it by its id."""
        _, client = posted
        made = client.tracker.create(tracking_code=NUMBER)
        again = client.tracker.create(tracking_code=NUMBER)
        read = client.tracker.retrieve(made.id)

        assert (again.id, read.to_dict()) == (made.id, made.to_dict())
        assert (type(read).__name__, read.status, read.tracking_details[-1].tracking_location.city) == (
            "Tracker",
            "delivered",
            "Hialeah",
        )

    def test_errors(self, posted: tuple[EasyPost, Any]) -> None:
        """A number that cannot be one, a tracker that is none and a key that is none are what the client calls so."""
        twin, client = posted
        with pytest.raises(InvalidRequestError):
            client.tracker.create(tracking_code="QQ1")
        with pytest.raises(NoTrackerError):
            client.tracker.retrieve("trk_none")
        twin.details["key"] = "another"
        with pytest.raises(NoKeyError):
            client.tracker.create(tracking_code=NUMBER)


class TestSeventeenTrack:
    """Held by hand against an answer that others published: there is no client of it to be had."""

    def test_the_shape(self) -> None:
        """The parts that published answers have are there, and so are those of an event."""
        twin = SeventeenTrack()
        twin.lay(NUMBER, "delivered")
        info = twin.info(NUMBER)
        (provider,) = info["tracking"]["providers"]

        assert set(info) == {
            *("shipping_info", "latest_status", "latest_event", "time_metrics", "milestone", "misc_info", "tracking"),
        }
        assert set(provider["events"][0]) == {
            *("time_iso", "time_utc", "time_raw", "description", "location", "stage", "sub_status", "address"),
        }
        assert set(provider["events"][0]["time_raw"]) == {"date", "time", "timezone"}
        assert json.loads(json.dumps(info)) == info

    def test_its_codes_are_in_our_table(self) -> None:
        """Each stage and sub-status that the twin tells has a meaning with us."""
        table = yaml.safe_load(files("shopkit.tracking").joinpath("data/seventeentrack.yaml").read_text("utf-8"))

        assert {code for codes in CODES.values() for code in codes if code} <= set(table["codes"])


def test_nothing_of_the_application() -> None:
    """No twin of an aggregator imports what it is to be a second reading of."""
    folder = Path(__file__).parents[2] / "twins"
    sources = [folder / "aggregates.py"]
    sources += [file for name in ("aftership", "easypost", "seventeentrack") for file in (folder / name).glob("*.py")]
    imported = {
        name
        for file in sources
        for name in re.findall(r"^(?:from|import) (\w+)", file.read_text("utf-8"), re.MULTILINE)
    }

    assert imported.isdisjoint({"shopkit", "listings", "landed_cost", "translations"})
    assert len(sources) == 7
