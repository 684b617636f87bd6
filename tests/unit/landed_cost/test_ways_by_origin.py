"""Ways in that only proof of origin opens: shown with what they come to, taken where they are meant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost import Amount, Item, Place, Shipment, load_rulebook, quote

if TYPE_CHECKING:
    from landed_cost import Quote

RULES = load_rulebook()
ZERO = Amount(Decimal(0), "EUR")


def item(id_: str, code: str, **more: Any) -> Item:
    """Return one thing of Colombia at 50 EUR, its origin declared, or what ``more`` makes of it."""
    plain: dict[str, Any] = {"origin": "CO", "origin_evidence": "declared"}
    plain |= {"unit_price": Amount(Decimal(50), "EUR"), "hs_code": code}
    return Item(id_, description="", quantity=Decimal(1), **(plain | more))


def ask(*items: Item) -> Quote:
    """Return the quote of a parcel from Colombia to a consumer in mainland Spain."""
    sent = Shipment(
        date(2026, 10, 1),
        Place("CO"),
        Place("ES", "MD"),
        "courier",
        "EUR",
        items,
        freight=ZERO,
        insurance=ZERO,
    )
    return quote(sent, RULES)


def ways(answer: Quote) -> list[tuple[str, bool, int | None]]:
    """Return the lawful ways, which of them is taken and what each charges."""
    return [(one.regime, one.chosen, one.import_charges) for one in answer.options]


def why(answer: Quote) -> list[tuple[str, bool, str]]:
    """Return of each offer the item, whether it is claimed and why."""
    return [(one.item, one.claimed, "" if one.reason is None else one.reason.code) for one in answer.preferences]


def test_a_way_whose_fee_nobody_knows_is_no_cheaper_for_looking_so() -> None:
    """The full declaration would charge 21.00, but for its declarant: the usual way is taken, the other is shown."""
    answer = ask(item("1", "610910"), item("2", "691200"))

    assert ways(answer) == [("eu.small", True, 2826), ("eu.preference", False, 2100)]
    assert why(answer) == [("1", False, "preference.other_way"), ("2", False, "preference.other_way")]


def test_who_names_the_agreement_on_every_item_means_the_way_that_honours_it() -> None:
    """The full declaration is taken, and the usual way is the other."""
    named = {"preference": "eu_andean"}
    answer = ask(item("1", "610910", **named), item("2", "691200", **named))

    assert ways(answer) == [("eu.small", False, 2826), ("eu.preference", True, 2100)]
    assert why(answer) == [("1", True, "preference.claimed"), ("2", True, "preference.claimed")]


def test_an_agreement_named_on_one_item_alone_does_not_ask_for_the_dearer_declaration() -> None:
    """The other item leaves the choice open, so the fee that nobody knows counts."""
    answer = ask(item("1", "610910", preference="eu_andean"), item("2", "691200"))

    assert ways(answer) == [("eu.small", True, 2826), ("eu.preference", False, 2100)]


def test_without_proof_for_every_item_the_way_is_told_and_not_shown() -> None:
    """What is not proven is no lawful way yet; that proof would open one is said, not that nothing is saved."""
    answer = ask(item("1", "610910"), item("2", "691200", origin_evidence="none"))

    assert ways(answer) == [("eu.small", True, 2826)]
    assert why(answer) == [("1", False, "preference.needs_all"), ("2", False, "preference.needs_all")]


def test_goods_that_no_agreement_covers_keep_the_way_shut() -> None:
    """With a Chinese cup in the parcel no proof opens it: nothing would be saved."""
    answer = ask(item("1", "610910"), item("2", "691200", origin="CN"))

    assert ways(answer) == [("eu.small", True, 2826)]
    assert [pair for pair in why(answer) if pair[0] == "1"] == [("1", False, "preference.no_saving")]


@pytest.mark.parametrize("code", ["610910", "640399"])
def test_a_parcel_over_the_limit_goes_by_the_ordinary_way_and_its_claims_count(code: str) -> None:
    """At 200 EUR there is one way, and the agreement takes the duty away."""
    answer = ask(item("1", code, unit_price=Amount(Decimal(200), "EUR")))

    assert ways(answer) == [("eu.ordinary", True, 4200)]
    assert why(answer) == [("1", True, "preference.claimed")]


@pytest.mark.parametrize(
    ("evidence", "amount", "rule"), [("declared", 0, "us_chile"), ("none", 3600, "cl.duty")], ids=["claimed", "not"]
)
def test_a_duty_under_a_claim_cites_the_agreement(evidence: str, amount: int, rule: str) -> None:
    """Chile's law of one rate for all is not what frees the goods of the United States."""
    price, zero = Amount(Decimal(600), "USD"), Amount(Decimal(0), "USD")
    goods = item("1", "610910", origin="US", origin_evidence=evidence, unit_price=price)
    on, start = date(2026, 10, 1), Place("US")
    sent = Shipment(on, start, Place("CL"), "courier", "USD", (goods,), freight=zero, insurance=zero)

    duty = next(one for one in quote(sent, RULES).charges if one.id == "cl.duty")

    assert (duty.amount, duty.rule.id) == (amount, rule)
