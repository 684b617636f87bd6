"""What an answer says of a tariff line that is not simply the law: an agreed tariff, an old code, a quota, a remedy."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from landed_cost import Place, load_rulebook, quote
from landed_cost.schedules.importer import Stated
from landed_cost.schedules.store import import_schedule
from landed_cost.schedules.tec import Tec
from tests.unit.landed_cost.qz import codes, item, line, shipment, usd
from tests.unit.landed_cost.schedule_files import write_lines

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
