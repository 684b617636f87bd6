"""What an answer says of a tariff line that is not simply the law: an agreed tariff, an old code, a quota, a remedy."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost import Place, load_rulebook, quote
from landed_cost.schedules.eu_uk import Uk
from landed_cost.schedules.importer import Stated
from landed_cost.schedules.store import import_schedule
from landed_cost.schedules.tec import Tec
from landed_cost.schedules.us_hts import UsHts
from tests.unit.landed_cost.qz import codes, item, line, shipment, usd
from tests.unit.landed_cost.schedule_files import us_row, write_lines, write_us
from tests.unit.landed_cost.test_scenarios import MARKED, official

if TYPE_CHECKING:
    from pathlib import Path

    from landed_cost import Quote

NOVEMBER = date(2026, 11, 23)


def uruguay(folder: Path, *items: Any) -> Quote:
    """Return a quote to Uruguay, by freight, with a small common tariff of MERCOSUR: 100 USD and no freight."""
    source = write_lines(folder, "NCM,DESCRICAO,TEC", "6109.10.00,De algodão,35", "8517.12.31,Celulares,16BIT")
    import_schedule(Tec(Stated(effective=date(2025, 11, 22), country="UY")), source, folder / "store")
    book = load_rulebook().with_schedules(folder / "store")
    place = {"destination": Place("UY"), "date": NOVEMBER, "dispatch": Place("MX")}
    return quote(shipment(*items, **place, freight=usd("0")), book)


def test_an_agreed_tariff_goes_as_far_as_the_band_of_the_country(tmp_path: Path) -> None:
    """35 % as agreed; what we know of Uruguay's own rates in chapter 61 goes from nothing to 35 %."""
    answer = uruguay(tmp_path, item(hs_code="61091000", origin="CN"))

    duty = line(answer, "uy.duty")
    assert (duty.amount, duty.range, duty.rule.id) == (3500, (0, 3500), "uy.tariff.6109.10.00")
    assert "schedule.nominal" in codes(answer, "estimated")


def test_goods_that_each_member_taxes_its_own_way_pay_nothing_or_more(tmp_path: Path) -> None:
    """A telephone is an IT good of 16 % by the common tariff; it may be free, and chapter 85 goes up to 20 %."""
    answer = uruguay(tmp_path, item(hs_code="851713", origin="CN"))

    duty = line(answer, "uy.duty")
    assert (duty.amount, duty.range) == (1600, (0, 2000))
    assert {"schedule.nominal", "schedule.national"} <= set(codes(answer, "estimated"))


WITHIN = "Described in additional U.S. note 16 to this chapter and entered pursuant to its provisions"
QUOTA_LINES = [
    us_row("0406", 0, "Cheese:"),
    us_row("0406.10.04.00", 1, WITHIN, "10%"),
    us_row("0406.10.08.00", 1, "Other", "40%"),
    us_row("0406.90.04.00", 0, WITHIN, "10%"),
]


def united_states(folder: Path, code: str, in_quota: str | None) -> Quote:
    """Return a quote of cheese worth 100 USD to the United States, on a day without any other duty."""
    source = write_us(folder / "hts.json", QUOTA_LINES)
    import_schedule(UsHts(Stated("hts-2026-rev-10")), source, folder / "store")
    goods = item(hs_code=code, origin="AR", attributes={} if in_quota is None else {"in_quota": in_quota})
    place = {"destination": Place("US", "TX"), "date": date(2025, 10, 1), "dispatch": Place("AR")}
    return quote(shipment(goods, **place, freight=usd("0")), load_rulebook().with_schedules(folder / "store"))


@pytest.mark.parametrize(
    ("code", "in_quota", "duty", "ends"),
    [
        # Nothing said: what is due beyond the quota, and the range down to the rate within it.
        ("04061004", None, 4000, (1000, 4000)),
        ("04061004", "yes", 1000, None),
        ("04061004", "no", 4000, None),
        # Six digits hold both lines; the answer picks the side.
        ("040610", None, 4000, (1000, 4000)),
        ("040610", "yes", 1000, None),
        ("040610", "no", 4000, None),
    ],
)
def test_a_quota_is_asked(
    tmp_path: Path, code: str, in_quota: str | None, duty: int, ends: tuple[int, int] | None
) -> None:
    """Within it 10 %, beyond it 40 %."""
    found = line(united_states(tmp_path, code, in_quota), "us.mfn")

    assert (found.amount, found.range) == (duty, ends)


def test_beyond_a_quota_that_no_line_follows_nothing_is_known(tmp_path: Path) -> None:
    """A file that lacks the other line says nothing of its rate: refused, not the rate within."""
    assert codes(united_states(tmp_path, "04069004", "no"), "refused") == ["duty.unknown"]


@pytest.mark.parametrize(("in_quota", "duty"), [("yes", 500), ("no", 4500)])
def test_a_quota_of_our_own_format_is_settled_too(tmp_path: Path, in_quota: str, duty: int) -> None:
    """The row says 45 % beyond the quota and 5 % within it."""
    goods = item(hs_code="04069010", attributes={"in_quota": in_quota})
    answer = official(tmp_path, goods, tariff=MARKED)

    assert (line(answer, "qz.duty").amount, codes(answer, "estimated")) == (duty, [])


@pytest.mark.parametrize(
    ("code", "origin", "refused"),
    [
        # Tableware: the rulebook holds the measure, on goods of China alone.
        ("69111000", "MX", []),
        ("69111000", "CN", ["rule.by_maker"]),
        # Ammonium nitrate: the file marks it, and nobody here knows the origins.
        ("31023090", "MX", ["schedule.remedy"]),
    ],
)
def test_a_mark_of_a_remedy_is_settled_by_the_rulebook(
    tmp_path: Path, code: str, origin: str, refused: list[str]
) -> None:
    """A measure that the rulebook holds is asked by origin; one that only the file knows refuses every origin."""
    flags = "trade_remedy_applies,cet_applies_until_trade_remedy_transition_reviews_concluded,suspension_applies"
    source = write_lines(
        tmp_path,
        f"commodity,description,cet_duty_rate,ukgt_duty_rate,change,{flags},atq_applies",
        "69111000,Tableware,12.0%,12.0%,No change,True,False,False,False",
        "31023090,Ammonium nitrate,6.5%,6.0%,Simplified,True,False,False,False",
    )
    import_schedule(Uk(), source, tmp_path / "store")
    book = load_rulebook().with_schedules(tmp_path / "store")
    place = {"destination": Place("GB"), "date": NOVEMBER, "dispatch": Place(origin)}

    answer = quote(shipment(item(hs_code=code, origin=origin, price="1000"), **place, freight=usd("0")), book)

    assert codes(answer, "refused") == refused
