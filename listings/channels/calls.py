"""Channels that take JSON: what their files have in common.

A line of such a file holds the bodies of the calls that put one piece on sale, under the names of the calls where
there are several. Who sends them, and with whose token, is none of a file's business.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, ClassVar, Final

from listings.channels import bodies
from listings.channels.bodies import Shape
from listings.channels.port import Finding, Kind
from listings.channels.rules import check, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from listings.channels.item import Charges
    from listings.channels.port import Feed, Record

LINES: Final[Mapping[str, Kind]] = {"jsonl": Kind(".jsonl", "application/x-ndjson")}


class Calls:
    """A channel whose file has one JSON object on each line; a channel says its name, its shape and its rows."""

    channel: ClassVar[str]
    settled: ClassVar[tuple[str, ...]] = ()
    key: ClassVar[str] = "sku"
    kinds: ClassVar[Mapping[str, Kind]] = LINES
    charges: ClassVar[tuple[Charges, ...]] = ("price", "apart")
    shape: ClassVar[Shape] = Shape()

    def validate(self, record: Record, feed: Feed, number: int | None = None) -> list[Finding]:
        """Return what is wrong by the rules of the channel's file under ``fields``, and what no single field tells."""
        found = check(rules_of(self.channel), record, feed, number, key=self.key)
        wrong = {one.field for one in found}
        id_ = str(record.get(self.key, ""))
        for field, rule, values, is_warning in self.more(record, feed):
            if field not in wrong:
                found.append(Finding(id_, field, rule, values, number, is_warning))
        return found

    def more(self, record: Record, feed: Feed) -> Iterator[tuple[str, str, dict[str, str], bool]]:  # noqa: ARG002 - for a channel to say
        """Return field, rule, values and whether it only warns, of what this channel checks beside its rules."""
        return iter(())

    def write(self, records: Iterable[Record], feed: Feed) -> Iterator[bytes]:  # noqa: ARG002 - the port's
        """Write one object on each line."""
        return bodies.write_lines(self.shape.body(one) for one in records)

    def read(self, source: IO[bytes], feed: Feed) -> Iterator[Record]:
        """Read objects, of an array or of lines."""
        for body in bodies.read(source):
            yield self.shape.record(body, feed.currency)
