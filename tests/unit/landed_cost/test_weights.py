"""Amounts by the kilo and the pair, figures in dispute, presumed freight, and rates that only memory vouches for."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost import Place, quote
from tests.unit.landed_cost.qz import amounts, codes, item, line, shipment, usd
from tests.unit.landed_cost.rulebook.small import AGREEMENTS, SMALL, changed, fault, load

if TYPE_CHECKING:
    from pathlib import Path

    from landed_cost import Item, Quote

FACT = "from: null, to: null, known_until: 2026-06-30, status: verified, sources: [Act 1]"
ENDED = (
    "from: null, to: 2026-01-31, then: ended, known_until: 2026-06-30, volatility: low, status: verified,"
    " sources: [Act 1]"
)
FEE = "per: consignment, amount: {fact: qy.fee}"
VALUE = "what: Fee, value: 5,"
DUTY = "rate: {fact: qy.rate}}"
MOST = f"- {{id: qy.most, what: Most kilos, value: 20, unit: kg, {FACT}}}\nlists:\n"
GOODS = item(attributes={"used": "no"})


def small(folder: Path, law: str = SMALL, *items: Item, agreements: str = AGREEMENTS, **more: Any) -> Quote:
    """Return the quote of a parcel to the small country: CIF, 10 % duty, 10 % tax on clothing, 5 USD of fee."""
    sent = shipment(*(items or [GOODS]), **({"destination": Place("QY", "A"), "insurance": usd("0")} | more))
    return quote(sent, load(folder, law=law, agreements=agreements))


def by_the_kilo(more: str = "", per: str = "consignment") -> str:
    """Return the law with a fee of 5 USD a kilo."""
    return changed(SMALL, FEE, f"per: {per}, amount: {{fact: qy.fee, per: kg{more}}}")


def disputed(addition: str, law: str = SMALL) -> str:
    """Return the law with a figure of 5, 2 or 9 USD that bounds the duty."""
    fact = f"- {{id: qy.x, what: X, value: 5, low: 2, high: 9, unit: USD, {FACT}}}\nlists:\n"
    return changed(changed(law, "lists:\n", fact), DUTY, f"rate: {{fact: qy.rate}}, {addition}}}")


# -- by the kilo ----------------------------------------------------------------------------------------------------


def test_a_fee_by_the_kilo_counts_the_parcel(tmp_path: Path) -> None:
    """1.505 kg at 5 USD: 7.525, rounded half up to the cent."""
    fee = line(small(tmp_path, by_the_kilo(), gross_weight_kg=Decimal("1.505")), "qy.fee")

    assert (fee.amount, fee.formula, fee.range) == (753, "1.505 kg × 5 USD", None)


def test_a_fee_by_the_kilo_on_an_item_counts_its_net_weight(tmp_path: Path) -> None:
    """Two units of half a kilo, and one item of two kilos, whatever the parcel weighs."""
    items = (
        item("1", quantity=Decimal(2), weight_kg=Decimal("0.5"), attributes={"used": "no"}),
        item("2", weight_kg=Decimal(2), attributes={"used": "no"}),
    )
    answer = small(tmp_path, by_the_kilo(per="item"), *items, gross_weight_kg=Decimal(9))

    assert amounts(answer, "qy.fee") == [("qy.fee", "1", 500), ("qy.fee", "2", 1000)]


def test_the_only_item_weighs_at_most_what_the_parcel_weighs(tmp_path: Path) -> None:
    """Without its own weight the parcel's counts; of two items nobody knows which is the heavy one."""
    law = by_the_kilo(per="item")
    two = (GOODS, item("2", attributes={"used": "no"}))

    assert line(small(tmp_path, law, gross_weight_kg=Decimal(3)), "qy.fee").amount == 1500
    assert codes(small(tmp_path, law, *two, gross_weight_kg=Decimal(3)), "refused") == ["weight.absent"] * 2


def test_without_a_weight_and_a_bound_there_is_no_answer(tmp_path: Path) -> None:
    """A fee by the kilo of a parcel that may weigh anything is no figure."""
    answer = small(tmp_path, by_the_kilo())

    assert (answer.outcome, codes(answer, "refused")) == ("refused", ["weight.absent"])


def test_without_a_weight_the_most_that_is_presumed_bounds_the_fee(tmp_path: Path) -> None:
    """From nothing to 20 kg at 5 USD; the answer rests on the bound."""
    answer = small(tmp_path, changed(by_the_kilo(", up_to: qy.most"), "lists:\n", MOST))

    fee = line(answer, "qy.fee")
    assert (answer.outcome, codes(answer, "estimated"), fee.amount, fee.range) == (
        "estimated",
        ["weight.absent"],
        10000,
        (0, 10000),
    )
    assert "qy.most" in {rule.id for rule in answer.rules}


def test_a_bound_that_nobody_knows_is_none(tmp_path: Path) -> None:
    """The most kilos is a fact like others and may be unknown."""
    law = changed(by_the_kilo(", up_to: qy.most"), "lists:\n", MOST.replace("value: 20", "value: unknown"))

    assert codes(small(tmp_path, law), "refused") == ["weight.absent"]


def test_a_bound_of_kilos_needs_an_amount_by_the_kilo(tmp_path: Path) -> None:
    """Beside an amount that is due once it would bound nothing."""
    law = changed(changed(SMALL, FEE, f"{FEE[:-1]}, up_to: qy.most}}"), "lists:\n", MOST)

    assert fault(tmp_path, law=law).endswith("up_to is for an amount per kg; add per: kg")


@pytest.mark.parametrize(
    ("measures", "amount", "formula"), [({}, 1500, "3 pair × 5 USD"), ({"pairs": Decimal(2)}, 3000, "6 pair × 5 USD")]
)
def test_an_amount_by_the_pair_counts_pairs(
    tmp_path: Path, measures: dict[str, Decimal], amount: int, formula: str
) -> None:
    """A unit is a pair unless it holds more of them."""
    law = changed(SMALL, FEE, "amount: {fact: qy.fee, per: pair}")
    shoes = item(quantity=Decimal(3), measures=measures, attributes={"used": "no"})

    fee = line(small(tmp_path, law, shoes), "qy.fee")
    assert (fee.amount, fee.formula) == (amount, formula)


def test_a_limit_of_weight_that_is_taken_for_kept_is_said(tmp_path: Path) -> None:
    """A limit that parcels hardly reach leaves the answer complete, with the limit that was assumed."""
    when = changed(SMALL, FEE, f'{FEE}, when: {{gross_weight: {{at_most: "20 kg", absent: within}}}}')

    answer = small(tmp_path, when)
    (said,) = (reason for reason in answer.reasons if reason.code == "weight.assumed_within")
    assert (answer.outcome, said.level, said.params) == ("complete", "info", {"limit": "20 kg"})


def test_a_weight_that_decides_is_asked_for_the_parcel(tmp_path: Path) -> None:
    """A charge that hangs on the weight is a range until it is given, and no single item is asked."""
    when = changed(SMALL, FEE, f'{FEE}, when: {{gross_weight: {{at_most: "4 kg"}}}}')

    answer = small(tmp_path, when)
    (said,) = (reason for reason in answer.reasons if reason.code == "weight.absent")
    assert (answer.outcome, said.item, line(answer, "qy.fee").range) == ("estimated", None, (0, 500))


# -- figures in dispute ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends", "amount", "bounds"),
    [
        ("value: 5, low: 2, high: 9,", 500, (200, 900)),
        ("value: 5, high: 9,", 500, (500, 900)),
        ("value: 5, low: 2,", 500, (200, 500)),
        ("value: 5, low: 2, high: 9, then: unknown,", 500, (200, 900)),
    ],
)
def test_a_fixed_amount_in_dispute_is_a_range(tmp_path: Path, ends: str, amount: int, bounds: tuple[int, int]) -> None:
    """The figure we hold for right is typical; how far other sources go is the range."""
    law = changed(SMALL, VALUE, f"what: Fee, {ends}")
    of_fee = law.rindex("status: verified", 0, law.index("lists:"))
    answer = small(tmp_path, law[:of_fee] + "status: conflicting" + law[of_fee + len("status: verified") :])

    fee = line(answer, "qy.fee")
    assert (fee.amount, fee.range, codes(answer, "estimated")) == (amount, bounds, ["rule.conflicting"])


@pytest.mark.parametrize(
    ("addition", "price", "amount", "bounds"),
    [
        ("at_least: qy.x", "40", 500, (400, 900)),
        ("at_most: qy.x", "80", 500, (200, 800)),
        ("deduct: qy.x", "100", 500, (100, 800)),
    ],
)
def test_a_bound_in_dispute_is_a_range(
    tmp_path: Path, addition: str, price: str, amount: int, bounds: tuple[int, int]
) -> None:
    """Of 5, 2 or 9: the least is the highest when high, the relief the highest when low."""
    answer = small(tmp_path, disputed(addition), item(price=price, attributes={"used": "no"}))

    duty = line(answer, "qy.duty")
    assert (duty.amount, duty.range, codes(answer, "estimated")) == (amount, bounds, ["rule.conflicting"])


# -- agreements and freight -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("verified", []),
        ("reported", []),
        ("memory", ["rule.memory"]),
        ("conflicting", ["rule.conflicting"]),
    ],
)
def test_a_rate_of_an_agreement_is_weighed_by_itself(tmp_path: Path, status: str, found: list[str]) -> None:
    """The agreement is verified; its rate for this country may be from memory, and then the claim is an estimate."""
    pact = changed(AGREEMENTS, "  proof:", f'  rates: {{QY: {{value: "0", status: {status}}}}}\n  proof:')
    law = changed(SMALL, DUTY, "rate: {schedule: duty}}")
    made = item(origin="AA", origin_evidence="certificate", attributes={"used": "no"})

    answer = small(tmp_path, law, made, agreements=pact)
    assert (line(answer, "qy.duty").amount, codes(answer, "estimated")) == (0, found)


@pytest.mark.parametrize(("sides", "offered"), [("[[QY, AA]]", []), ("[[AA], [QY, BB]]", ["qy_pact"])])
def test_an_agreement_gives_nothing_among_members_of_one_side(tmp_path: Path, sides: str, offered: list[str]) -> None:
    """What two sides agreed is between them; inside one its own law holds."""
    pact = changed(
        AGREEMENTS, "  proof:", f'  not_among: {sides}\n  rates: {{QY: {{value: "0", status: verified}}}}\n  proof:'
    )
    law = changed(SMALL, DUTY, "rate: {schedule: duty}}")
    made = item(origin="AA", origin_evidence="certificate", attributes={"used": "no"})

    assert [offer.agreement for offer in small(tmp_path, law, made, agreements=pact).preferences] == offered


def presuming(fact: str) -> str:
    """Return the law with a fact of presumed freight."""
    law = changed(SMALL, "insurance: qy.insurance", "insurance: qy.insurance, freight: qy.freight")
    return changed(law, "lists:\n", f"- {{id: qy.freight, what: Freight, unit: percent, {fact}}}\nlists:\n")


def test_freight_that_nobody_proves_is_what_the_law_presumes(tmp_path: Path) -> None:
    """10 % of the goods enters the value and not the landed cost, which lacks the freight and is an estimate."""
    answer = small(tmp_path, presuming(f'value: "10", {FACT}'), freight=None)

    (said,) = (reason for reason in answer.reasons if reason.level == "estimated")
    assert (answer.totals.customs_value, answer.totals.freight, said.code, said.params) == (
        11000,
        None,
        "freight.presumed",
        {"rate": "10%"},
    )
    assert answer.ranges["import_charges"] == (answer.totals.import_charges, answer.totals.import_charges)
    assert "qy.freight" in {rule.id for rule in answer.rules}


def test_freight_that_is_given_is_not_presumed(tmp_path: Path) -> None:
    """What is known is not replaced."""
    answer = small(tmp_path, presuming(f'value: "10", {FACT}'), freight=usd("3"))

    assert (answer.totals.customs_value, codes(answer)) == (10300, [])


@pytest.mark.parametrize("fact", [f'value: "10", {ENDED}', f"value: unknown, {FACT}"])
def test_a_presumption_that_is_not_there_leaves_the_guess(tmp_path: Path, fact: str) -> None:
    """Ended or unknown, it presumes nothing: from no freight to half of the goods."""
    answer = small(tmp_path, presuming(fact), freight=None)

    assert (answer.totals.customs_value, codes(answer, "estimated")) == (10000, ["freight.absent"])


@pytest.mark.parametrize(
    ("by", "measures", "amount", "formula"),
    [
        # 2 × 18.92705892 litres are 10 gallons.
        ("wine gallon", {"volume_l": Decimal("18.92705892")}, 5000, "10 wine gallon × 5 USD"),
        ("wine gallon", {"volume_l": Decimal("0.75")}, 200, "0.4 wine gallon × 5 USD"),
        (
            "proof gallon",
            {"volume_l": Decimal("18.92705892"), "alcohol_percent": Decimal(40)},
            4000,
            "8 proof gallon × 5 USD",
        ),
        ("barrel of beer", {"volume_l": Decimal("18.92705892")}, 161, "0.3226 barrel of beer × 5 USD"),
    ],
)
def test_an_amount_by_the_gallon_counts_what_the_bottles_hold(
    tmp_path: Path, by: str, measures: dict[str, Decimal], amount: int, formula: str
) -> None:
    """Wine to the tenth of a gallon; spirits by their strength, 50 % being proof; beer by 31 gallons."""
    law = changed(SMALL, FEE, f"per: item, amount: {{fact: qy.fee, per: {by}}}")
    drink = item(quantity=Decimal(2), measures=measures, attributes={"used": "no"})

    fee = line(small(tmp_path, law, drink), "qy.fee")
    assert (fee.amount, fee.formula) == (amount, formula)


def test_an_amount_by_the_gallon_needs_the_volume(tmp_path: Path) -> None:
    """Without it nothing bounds the amount, and what is missing is named."""
    law = changed(SMALL, FEE, "per: item, amount: {fact: qy.fee, per: proof gallon}")

    answer = small(tmp_path, law, item(attributes={"used": "no"}))

    assert [(one.code, dict(one.params)) for one in answer.reasons if one.level == "refused"] == [
        ("measure.missing", {"rate": "5 USD / proof gallon", "measures": "volume_l, alcohol_percent"})
    ]
