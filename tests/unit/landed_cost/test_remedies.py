"""Duties that hang on the maker: picked by the order and the origin, with a range or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from landed_cost import Place, quote
from landed_cost.model import by_language
from landed_cost.rulebook.facts import in_all
from landed_cost.rulebook.reader import RulebookError
from tests.unit.landed_cost.qz import codes, item, line, shipment, usd
from tests.unit.landed_cost.rulebook.small import BANDS, SMALL, changed, load

if TYPE_CHECKING:
    from pathlib import Path

    from landed_cost import Quote

TAIL = "unit: percent, from: null, to: null, known_until: 2026-06-30, status: verified, sources: [Act 1]"
ORDERS = (
    f'- {{id: qy.order.aa, group: qy.order, key: shirts_aa, origin: [AA], what: Order A, value: "20", low: "0", '
    f'high: "50", varies: maker, {TAIL}}}\n'
    f'- {{id: qy.order.bb, group: qy.order, key: shirts_bb, origin: [BB], what: Order B, value: "8", low: "0", '
    f"varies: maker, {TAIL}}}\n"
    f"- {{id: qy.order.cc, group: qy.order, key: shirts_cc, origin: [CC], what: Order C, value: unknown, "
    f"varies: maker, {TAIL}}}\n"
)
LIST = (
    "- {id: qy.orders, what: Goods under an order, file: orders.csv, from: null, to: null, known_until: 2026-06-30, "
    "status: verified, sources: [Act 1]}\n"
)
CHARGE = (
    "  - id: qy.remedy\n    kind: duty\n    name: {en: Remedy, es: Medida, pt: Medida}\n    base: [customs_value]\n"
    "    rate: {by_key: qy.order, list: qy.orders}\n"
)


def _quote(folder: Path, **more: Any) -> Quote:
    """Return a quote of goods worth 100 USD under a law with three orders on shirts."""
    law = changed(
        changed(SMALL, "lists:\n", f"{ORDERS}lists:\n{LIST}"), "  - id: qy.tax\n", f"{CHARGE}  - id: qy.tax\n"
    )
    (folder / "lists").mkdir()
    (folder / "lists" / "orders.csv").write_text(
        "list,hs_prefix,orders\nqy.orders,610910,shirts_aa shirts_bb shirts_cc\n", encoding="utf-8"
    )
    goods = item(**({"attributes": {"used": "no"}} | more))
    place = {"destination": Place("QY", "A"), "insurance": usd("0")}
    return quote(shipment(goods, **place), load(folder, law=law, bands=BANDS))


def test_the_order_on_the_origin_counts(tmp_path: Path) -> None:
    """Goods of AA pay 20, or nothing to 50 by their maker; the order is named."""
    answer = _quote(tmp_path, origin="AA")

    duty = line(answer, "qy.remedy")
    assert (duty.amount, duty.range, duty.rule.id) == (2000, (0, 5000), "qy.order.aa")
    assert [one.params for one in answer.reasons if one.code == "rule.by_maker"] == [
        by_language("order", in_all("Order A"))
    ]


@pytest.mark.parametrize("origin", ["BB", "CC"])
def test_an_order_without_an_upper_end_is_refused(tmp_path: Path, origin: str) -> None:
    """How much a maker pays at the most nobody knows, whether or not a usual rate is known."""
    assert codes(_quote(tmp_path, origin=origin), "refused") == ["rule.by_maker"]


def test_no_order_on_the_origin(tmp_path: Path) -> None:
    """Shirts of ZZ are on the list of goods, and on no order."""
    answer = _quote(tmp_path, origin="ZZ")

    assert [one.id for one in answer.charges if one.id == "qy.remedy"] == []
    assert "rule.by_maker" not in codes(answer, "estimated")


@pytest.mark.parametrize(("origin", "ends"), [("AA", (0, 5000)), ("ZZ", None)])
def test_a_short_code_is_perhaps_under_an_order(tmp_path: Path, origin: str, ends: tuple[int, int] | None) -> None:
    """Four digits may be shirts: from nothing to the most that orders on the origin come to; none is none."""
    answer = _quote(tmp_path, origin=origin, hs_code="6109")

    assert [one.range for one in answer.charges if one.id == "qy.remedy"] == ([] if ends is None else [ends])


def test_only_the_maker_makes_a_rate_vary(tmp_path: Path) -> None:
    """Another word is a fault with file and line."""
    law = changed(SMALL, "lists:\n", f"{ORDERS.replace('varies: maker', 'varies: mood', 1)}lists:\n")

    with pytest.raises(RulebookError, match="maker"):
        load(tmp_path, law=law, bands=BANDS)
