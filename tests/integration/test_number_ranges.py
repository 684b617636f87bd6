"""Ranges of S10 numbers: noted, handed out once by whoever asks first, never again, on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from shopkit.models import HandedNumber
from shopkit.services import number_ranges as ranges
from shopkit.services import order_acts, orders, quotes
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.context import open_services
from shopkit.services.problems import RequestError
from shopkit.tracking import s10
from tests.ordering import order, sell
from tests.processes import beginning
from tests.shop import NOW, settings, shirts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.synchronize import Barrier

    from shopkit.services.context import Services

EACH: Final = 12


@pytest.fixture
def services(database_url: str, tmp_path: Path) -> Iterator[Services]:
    """Return the services of a shop on either database."""
    found = open_services(settings(tmp_path, database_url=database_url), now=lambda: NOW)
    yield found
    found.database.dispose()


def placed(services: Services, count: int) -> tuple[Actor, list[str]]:
    """Return who acts for a new shop, and that many orders of it."""
    actor, listing = sell(services, None)
    found = quotes.answer(services, shirts(), save=False)
    return actor, [order(services, actor, listing, f"k{place}", found=found).id for place in range(count)]


def _take(url: str, folder: str, seller: str, ids: list[str], start: Barrier) -> None:
    """Be one of two processes: take numbers for orders as fast as can be."""
    services = open_services(settings(Path(folder), database_url=url), now=lambda: NOW)
    start.wait(60)
    for one in ids:
        ranges.hand_out(services, Actor(seller, "owner", None, "test"), one)
    services.database.dispose()


def test_two_processes_never_get_one_number(services: Services, database_url: str, tmp_path: Path) -> None:
    """Both ask for the same orders and for others of their own: each order has one number, each number one order."""
    actor, ids = placed(services, 2 * EACH)
    ranges.note(services, actor, f"RB 00000000-{3 * EACH:08} MX")
    context = beginning()
    start = context.Barrier(2)
    shares = [ids[: EACH + 6], ids[EACH - 6 :]]
    people = [
        context.Process(target=_take, args=(database_url, str(tmp_path / str(place)), actor.seller_id, share, start))
        for place, share in enumerate(shares)
    ]
    for one in people:
        one.start()
    for one in people:
        one.join(120)
    with services.database.reading() as session:
        rows = session.execute(
            select(HandedNumber.number, HandedNumber.order_id).where(HandedNumber.seller_id == actor.seller_id)
        ).all()

    assert [one.exitcode for one in people] == [0, 0]
    assert sorted(row.number for row in rows) == sorted(s10.issue("RB", "MX", 0, 2 * EACH - 1))
    assert sorted(str(row.order_id) for row in rows) == sorted(ids)
    assert ranges.ranges(services, actor)[0].handed == 2 * EACH


def test_a_range_runs_out_and_the_next_goes_on(services: Services) -> None:
    """The oldest first, warned of when few are left; then it is said that none is left, and nothing is made up."""
    actor, ids = placed(services, 4)
    ranges.note(services, actor, "RB 00000010-00000012 MX", warn_below=2, used=1)
    ranges.note(services, actor, "RB 00000020-00000020 MX", warn_below=0)
    taken = [ranges.hand_out(services, actor, one) for one in ids[:3]]
    again = ranges.hand_out(services, actor, ids[0])

    assert [one.number for one in taken] == [*s10.issue("RB", "MX", 11, 12), *s10.issue("RB", "MX", 20, 20)]
    assert [one.range.is_low for one in taken] == [True, True, False]
    assert again.number == taken[0].number
    with pytest.raises(RequestError) as refused:
        ranges.hand_out(services, actor, ids[3])
    assert [(one.code, one.message("en")) for one in refused.value.problems] == [
        ("s10.none_left", "All S10 numbers are handed out: ask your post for another range.")
    ]
    with pytest.raises(RequestError) as refused:
        ranges.hand_out(services, actor, ids[3], "CP")
    assert [one.code for one in refused.value.problems] == ["s10.no_range"]


def test_no_number_is_spent_on_an_order_that_needs_none(services: Services) -> None:
    """One that was cancelled is refused, and the next order gets the first number."""
    actor, ids = placed(services, 2)
    ranges.note(services, actor, "RB 00000010-00000012 MX")
    order_acts.cancel(services, actor, ids[0])
    with pytest.raises(RequestError) as refused:
        ranges.hand_out(services, actor, ids[0])

    assert [one.code for one in refused.value.problems] == ["s10.not_needed"]
    assert ranges.hand_out(services, actor, ids[1]).number == next(s10.issue("RB", "MX", 10, 12))


def test_an_order_has_one_number_until_another_is_asked_for_by_name(services: Services) -> None:
    """Of another service it is told which it has, and no number is spent; said plainly, it is given one beside it."""
    actor, (one,) = placed(services, 1)
    for text in ("RB 00000010-00000012 MX", "CP 00000010-00000012 MX"):
        ranges.note(services, actor, text)
    first = ranges.hand_out(services, actor, one, "RB").number
    with pytest.raises(RequestError) as refused:
        ranges.hand_out(services, actor, one, "CP")
    spent = [kept.handed for kept in ranges.ranges(services, actor)]
    second = ranges.hand_out(services, actor, one, "CP", another=True).number
    again = [ranges.hand_out(services, actor, one, kind, another=True).number for kind in ("RB", "CP", None)]

    (problem,) = refused.value.problems
    assert (problem.pointer, problem.code) == ("/indicator", "s10.has_one")
    assert problem.message("en").startswith(f"The order has the number {first} already, and a parcel bears one.")
    assert sorted(spent) == [0, 1]
    assert (first[:2], second[:2], again) == ("RB", "CP", [first, second, second])


def test_a_range_is_noted_once(services: Services) -> None:
    """What overlaps one that is noted is refused, a closed one's too; another service, country or shop is another."""
    actor, ids = placed(services, 1)
    first = ranges.note(services, actor, "RB 00000100-00000200 MX")
    ranges.close(services, actor, first.id)
    for text in ("RB 00000200-00000300 MX", "RB 00000000-00000100 MX", "RB 00000150-00000160 MX"):
        with pytest.raises(RequestError) as refused:
            ranges.note(services, actor, text)
        assert [one.code for one in refused.value.problems] == ["s10.overlaps"]
    for text in ("RB 00000201-00000300 MX", "CP 00000100-00000200 MX", "RB 00000900-00000900 GT"):
        ranges.note(services, actor, text)
    other, _ = placed(services, 0)
    ranges.note(services, other, "RB 00000100-00000200 MX")

    assert ranges.hand_out(services, actor, ids[0], "RB").number == next(iter(s10.issue("RB", "MX", 201, 201)))
    with pytest.raises(ranges.RangeNotFoundError):
        ranges.close(services, other, first.id)
    with pytest.raises(orders.OrderNotFoundError):
        ranges.hand_out(services, other, ids[0])
    with pytest.raises(ForbiddenError):
        ranges.note(services, Actor(actor.seller_id, "viewer", None, "test"), "EE 00000000-00000001 MX")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "s10.range"),
        ("RB 0-1000 GT", "s10.range"),
        ("RB 00000002-00000001 GT", "s10.range"),
        ("RB 00000001-00000002 XX", "country.unknown"),
        ("RB123456785GB-CP123456785GB", "s10.range"),
        ("RB123456786GB-RB123456799GB", "s10.digit"),
    ],
)
def test_what_is_no_range_is_told(text: str, code: str) -> None:
    """With how to write it."""
    with pytest.raises(RequestError) as refused:
        ranges.read(text)

    assert [one.code for one in refused.value.problems] == [code]


@given(st.integers(0, 99_999_999), st.integers(0, 99_999_999))
def test_a_range_is_read_either_way(one: int, other: int) -> None:
    """As serials and as its first and last number."""
    first, last = sorted((one, other))
    ends = "-".join(next(iter(s10.issue("RB", "GT", end, end))) for end in (first, last))

    assert ranges.read(f"rb {first:08} – {last:08} gt") == ("RB", "GT", first, last)
    assert ranges.read(ends) == ("RB", "GT", first, last)
