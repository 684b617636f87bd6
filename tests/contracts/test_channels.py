"""The contract of ``shopkit.channels``: what any channel's file must do, ours and anybody's."""

from __future__ import annotations

import io
import json
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from listings.channels import channels
from listings.channels.checking import checked
from listings.channels.item import Text
from shopkit.plugins import CHANNELS, plugins
from tests.contracts.channels import TOLD, Told, feed_of, item_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from listings.channels.port import CatalogFormat, Feed, Record

MARKS = "Ñandú <3 & Cía. ]]> \"comillas\" 'y' 🎁👩🏽‍🌾 = +1"
WAYS = [
    (one.name, kind)
    for one in plugins(CHANNELS)
    if one.found is not None
    for kind, said in one.found.kinds.items()
    if not said.is_partial
]


@pytest.fixture(params=WAYS, ids="/".join)
def way(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Return the name of a channel and a kind of its files."""
    return request.param  # type: ignore[no-any-return]  # pytest types no parameter


class _Read(dict[str, str]):
    """Settings with nothing in them, that know what was looked for."""

    def __init__(self) -> None:
        super().__init__()
        self.read: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        """Return what was not settled."""
        self.read.add(name)
        return default


class TestChannel:
    """What a channel promises."""

    @pytest.fixture(autouse=True)
    def _prepare(self, way: tuple[str, str]) -> None:
        name, kind = way
        self.told: Told = TOLD[name]
        self.channel: CatalogFormat = next(one.found for one in plugins(CHANNELS) if one.name == name)()
        self.feed: Feed = feed_of(self.channel, kind)

    def record(self, **changes: Any) -> Record:
        """Return the record of the row that all of them are tried on, with changes."""
        return self.channel.record(replace(item_of(self.feed), own=self.told.own, **changes), self.feed)

    def errors(self, record: Record) -> set[str]:
        """Return the rules that a record breaks."""
        return {one.rule for one in self.channel.validate(record, self.feed) if not one.is_warning}

    def written(self, *records: Record) -> bytes:
        """Return a file."""
        return b"".join(self.channel.write(records, self.feed))

    def read(self, data: bytes) -> list[Record]:
        """Return what a file says."""
        return list(self.channel.read(io.BytesIO(data), self.feed))

    def test_it_is_a_channel_with_dated_limits_and_kinds_of_files(self) -> None:
        """A channel's name is one of the channels we know, and each of its kinds has an ending and a media type."""
        kinds = self.channel.kinds.values()

        assert self.channel.channel in channels()
        assert all(one.suffix.startswith(".") and "/" in one.media for one in kinds)
        assert self.channel.key in self.record()
        assert set(self.channel.charges) <= {"price", "shipping", "apart"}

    def test_it_reads_of_what_a_seller_settled_what_it_says_it_reads(self) -> None:
        """Each name it reads of a feed's settings is one that a seller is told of, and none is told that it leaves."""
        settings = _Read()
        self.feed = replace(self.feed, settings=settings)
        list(self.channel.write([self.record()], self.feed))

        assert settings.read == set(self.channel.settled)

    def test_a_row_with_all_that_is_asked_has_no_fault_and_is_json(self) -> None:
        """A complete row passes, and its record can be kept as JSON."""
        record = self.record()

        assert self.errors(record) == set()
        assert json.loads(json.dumps(record)) == record

    def test_what_is_written_is_read_back(self) -> None:
        """Marks of the format, quotes and emoji come back as they were, whitespace aside."""
        record = self.record(title=Text(MARKS), description=Text(f"{MARKS}\n\n{MARKS}"))

        assert _spaces(self.read(self.written(record))) == _spaces([record])

    def test_every_amount_has_its_currency_and_a_decimal_point(self) -> None:
        """Price and shipping carry the currency of the market, with its own decimals."""
        item = item_of(self.feed)
        money = (item.price, item.shipping[0].price) if self.told.ways else (item.price,)

        assert self.told.prices(self.read(self.written(self.record()))[0]) == [str(one) for one in money]

    def test_an_amount_with_a_comma_is_refused(self) -> None:
        """49,90 is not what 49.90 is."""
        text = json.dumps(self.record(), ensure_ascii=False).replace("49.90", "49,90").replace("46161", "46,161")

        assert self.errors(json.loads(text))

    @pytest.mark.parametrize("sign", ["\x0b", "\x00", "\ufffe", "\ud800", "\ue000"])
    def test_a_sign_that_no_feed_holds_is_told(self, sign: str) -> None:
        """Control characters, half characters and private ones are told with their number, and nothing is written."""
        found = self.channel.validate(self.record(title=Text(f"Playera{sign}azul")), self.feed)

        assert ("forbidden", f"U+{ord(sign):04X}") in {(one.rule, one.values.get("sign")) for one in found}

    def test_a_title_that_is_too_long_after_translation_is_told_and_not_cut(self) -> None:
        """The limit counts characters of the text that leaves; one more is told, and the record keeps them all."""
        limit = channels()[self.channel.channel].limit("title", self.feed.market, self.feed.on)
        if limit is None:
            return
        fits, long = ("ñ" * limit, "ñ" * (limit + 1))

        def told(title: str) -> set[str]:
            return {one.rule for one in self.channel.validate(self.record(title=Text(title)), self.feed)}

        assert "max" not in told(fits)
        assert "max" in told(long)
        assert long in json.dumps(self.record(title=Text(long)), ensure_ascii=False)

    def test_a_row_without_title_photo_and_address_is_told(self) -> None:
        """What is missing is told field by field."""
        record = self.record(title=Text(""), photos=(), link="")

        assert len([one for one in self.channel.validate(record, self.feed) if one.rule == "required"]) > 1

    def test_an_id_that_stands_twice_is_told_at_its_second_row(self) -> None:
        """Of two rows with one id the second is wrong."""
        found = [
            (one.rule, one.number) for _, all_ in checked(self.channel, [self.record()] * 2, self.feed) for one in all_
        ]

        assert [one for one in found if one[0] == "twice"] == [("twice", 2)]

    def test_a_file_of_no_rows_can_be_read(self) -> None:
        """Nothing to sell is a valid file without rows."""
        data = self.written()

        assert data
        assert self.read(data) == []

    def test_a_row_of_another_market_is_refused(self) -> None:
        """A feed holds rows of its own market only."""
        with pytest.raises(ValueError, match="PLA-1"):
            self.record(market="JP")

    def test_a_file_is_written_as_rows_come_and_memory_stays(self) -> None:
        """Of hundreds of long rows no more than a few are held, and the same rows give the same bytes."""
        record, most = self.record(description=Text("Hecha a mano, una por una. " * 100)), 0

        def rows() -> Iterator[Record]:
            for number in range(400):
                yield record | dict.fromkeys(filter(None, (self.channel.key, self.told.group)), f"P-{number}")

        tracemalloc.start()
        length = sum(len(piece) for piece in self.channel.write(rows(), self.feed))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        assert length > 1_000_000
        assert most < 400_000
        assert self.written(record, record) == self.written(record, record)


def _spaces(value: Any) -> Any:
    """Return a value with every run of blanks in its texts as one."""
    return json.loads(json.dumps(value).replace("\\n", " ").replace("  ", " "))
