"""Rules of origin: value content, change of classification, tolerance, cumulation, work that is not enough, the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost import RulebookError, load_rulebook, messages
from landed_cost.origin import Goods, Judgement, Material, build_down, build_up, judge, net_cost
from landed_cost.rulebook.origin_rules import OPERATIONS, conditions, origin_rules, read_origin_rules
from landed_cost.rulebook.reader import read_text

if TYPE_CHECKING:
    from landed_cost.rulebook.agreements import Agreement

ON = date(2026, 11, 23)
AGREEMENTS = {one.id: one for one in load_rulebook().agreements}
RULES = origin_rules()


def material(value: str | None, hs: str | None, origin: str | None, *under: str, open_: bool = False) -> Material:
    """Return a material of a worth, a code and a country; ``under``: agreements its supplier declares."""
    worth = None if value is None else Fraction(value)
    return Material("thing", worth, hs, origin, None if open_ else frozenset(under))


def goods(hs: str, *materials: Material, **more: Any) -> Goods:
    """Return Mexican goods of 100 free on board, sent directly, of skilled assembly unless told otherwise."""
    plain: dict[str, Any] = {"fob": Fraction(100), "operations": frozenset({"assembly"}), "transport": "direct"}
    return Goods("goods", hs, **({"made_in": "MX", "materials": materials} | plain | more))


def under(agreement: str, made: Goods, on: date = ON) -> Judgement:
    """Return the judgement of an agreement."""
    return judge(made, AGREEMENTS[agreement], RULES.get(agreement), on)


def codes(found: Judgement) -> list[tuple[str, bool | None]]:
    """Return what was looked at, but for the way."""
    return [(step.code, step.met) for step in found.steps if not step.code.startswith("origin.transport")]


# -- arithmetic -----------------------------------------------------------------------------------------------------

amounts = st.fractions(min_value=Fraction(1, 100), max_value=10**6)


@given(price=amounts, foreign=amounts)
def test_building_down_and_the_foreign_share_make_a_hundred(price: Fraction, foreign: Fraction) -> None:
    """What is not foreign is regional, to the last fraction."""
    assert build_down(price, foreign) + foreign / price * 100 == 100


@given(price=amounts, foreign=amounts, own=amounts, more=amounts)
def test_content_falls_with_foreign_materials_and_rises_with_own(
    price: Fraction, foreign: Fraction, own: Fraction, more: Fraction
) -> None:
    """More of what is foreign is never better, more of what is own never worse; a higher price helps building down."""
    assert build_down(price, foreign + more) < build_down(price, foreign) < build_down(price + more, foreign)
    assert build_up(price, own + more) > build_up(price, own) > build_up(price + more, own)
    assert net_cost(price + more, foreign) > net_cost(price, foreign)


@given(parts=st.lists(st.integers(1, 1000), min_size=2, max_size=5), price=st.integers(1, 5000))
def test_the_toy_is_judged_by_its_value_as_the_formula_says(parts: list[int], price: int) -> None:
    """Under USMCA toys made of toys need 45 % by building down, or 35 % of the net cost, which is not told here."""
    chinese = [material(str(part), "950300", "CN") for part in parts]
    met = build_down(Fraction(price), Fraction(sum(parts))) >= 45
    little = Fraction(sum(parts) * 100, price) <= 10

    found = under("usmca", goods("950300", *chinese, fob=Fraction(price)))

    assert found.outcome == ("originating" if met or little else "cannot_be_decided")


# -- the outcome ----------------------------------------------------------------------------------------------------


def test_usb_sticks_made_in_china_and_printed_in_toluca_stay_chinese() -> None:
    """Printing a logo and packing leaves them what they were, whatever the values."""
    sticks = goods("852351", material("0.01", "852351", "CN"), operations=frozenset({"printing_logo", "packing"}))

    found = under("usmca", replace(sticks, materials=(material("60", "852351", "CN"),)))

    assert (found.outcome, found.stays_of, codes(found)) == ("not_originating", "CN", [("origin.unchanged", False)])


def test_what_is_wholly_obtained_originates() -> None:
    """Honey of one's own bees needs no rule."""
    found = under("usmca", goods("040900", wholly_obtained=True))

    assert (found.outcome, found.criterion) == ("originating", "wholly_obtained")


def test_what_is_called_wholly_obtained_with_foreign_materials_is_judged_by_them() -> None:
    """Sugar from elsewhere in it: the claim does not stand by itself."""
    found = under("usmca", goods("170490", material("5", "170490", "CN"), wholly_obtained=True))

    assert (found.outcome, codes(found)) == ("not_originating", [("origin.not_changed", False)])


def test_without_materials_nothing_is_decided() -> None:
    """What it is made of is asked first."""
    found = under("usmca", goods("691200"))

    assert (found.outcome, codes(found)) == ("cannot_be_decided", [("origin.materials_absent", None)])


def test_goods_of_originating_materials_alone_originate_with_cumulation() -> None:
    """Clay of the United States counts for a Mexican cup as if it were Mexican."""
    found = under(
        "usmca", goods("691200", material("10", "250700", "US", "usmca"), material("5", "320710", "MX", "usmca"))
    )

    assert (found.outcome, found.criterion) == ("originating", "only_originating")
    assert codes(found) == [("origin.cumulated", True), ("origin.only_originating", True)]


def test_a_declaration_of_another_agreement_or_country_does_not_count() -> None:
    """What a Chinese supplier declares under USMCA is worth nothing, nor a declaration under the CPTPP."""
    chinese = under("usmca", goods("691200", material("50", "691200", "CN", "usmca")))
    other = under("usmca", goods("691200", material("50", "691200", "US", "cptpp")))

    assert [chinese.outcome, other.outcome] == ["not_originating", "not_originating"]


def test_clay_of_china_becomes_a_mexican_cup() -> None:
    """Chapter 69 asks for a change of chapter; the rule and where it stands are named."""
    found = under(
        "usmca", goods("691200", material("30", "250700", "CN"), operations=frozenset({"moulding", "firing"}))
    )

    assert (found.outcome, found.criterion, found.cite) == (
        "originating",
        "product_rule",
        "GN 11(o), chapter 69, rule 1",
    )
    assert found.rule is not None
    assert found.rule.status == "reported"


@pytest.mark.parametrize(
    ("value", "outcome"), [("10", "originating"), ("10.01", "not_originating"), (None, "cannot_be_decided")]
)
def test_the_tolerance_is_a_tenth_of_the_price(value: str | None, outcome: str) -> None:
    """A ready-made handle of the cup's own heading may be worth 10.00 of 100.00 and no cent more."""
    found = under("usmca", goods("691200", material("30", "250700", "CN"), material(value, "691200", "CN")))

    assert found.outcome == outcome


def test_a_material_that_must_originate_is_not_tolerated_in_clothing() -> None:
    """A T-shirt of Chinese knitted fabric (6006) does not originate, though the fabric is of another chapter."""
    shirt = goods("610910", material("5", "600622", "CN"), operations=frozenset({"cutting_parts", "sewing"}))

    assert codes(under("usmca", shirt))[0] == ("origin.not_changed", False)
    assert under("usmca", shirt).outcome == "not_originating"


def test_clothing_waits_for_what_only_the_seller_knows() -> None:
    """Fibre of elsewhere may be spun, knitted, cut and sewn here; thread and pockets are for the seller to answer."""
    shirt = goods("610910", material("5", "520100", "BR"), operations=frozenset({"spinning", "knitting", "sewing"}))

    asked = under("usmca", shirt)
    answered = under("usmca", replace(shirt, confirmed=frozenset({"usmca.61.notes"})))

    assert (asked.outcome, codes(asked)[-1]) == ("cannot_be_decided", ("origin.confirmed", None))
    assert answered.outcome == "originating"


def test_sewing_abroad_does_not_make_clothing_of_here() -> None:
    """The rule asks for cutting or knitting and for sewing; knitting alone is not enough."""
    shirt = goods("610910", material("5", "520100", "BR"), operations=frozenset({"knitting"}))

    assert ("origin.made", False) in codes(under("usmca", shirt))
    assert under("usmca", shirt).outcome == "not_originating"


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({"fob": Fraction(100)}, "originating"),
        ({"fob": None, "ex_works": Fraction(100)}, "originating"),
        ({"fob": None, "ex_works": Fraction(90)}, "cannot_be_decided"),
        ({"fob": None}, "cannot_be_decided"),
        ({"fob": Fraction(99)}, "cannot_be_decided"),
        ({"fob": Fraction(99), "works_cost": Fraction(40)}, "originating"),
        ({"fob": Fraction(99), "works_cost": Fraction(20)}, "not_originating"),
        ({"fob": Fraction(0)}, "cannot_be_decided"),
    ],
)
def test_a_toy_of_chinese_toys_is_judged_by_its_content(more: dict[str, Any], outcome: str) -> None:
    """55.00 of toys in 100.00: 45 % just met; 40 of 95 net cost is 42 %, 20 of 75 only 26 %."""
    found = under("usmca", goods("950300", material("55", "950300", "CN"), **more))

    assert found.outcome == outcome


def test_a_material_without_a_value_leaves_the_content_open() -> None:
    """And a cost of nothing divides nothing."""
    found = under("usmca", goods("950300", material(None, "950300", "CN")))

    assert (found.outcome, codes(found)[-1]) == ("cannot_be_decided", ("origin.content_open", None))


def test_a_material_whose_origin_is_open_leaves_the_outcome_open() -> None:
    """Glazed cups of the United States may originate: the supplier is to be asked."""
    found = under("usmca", goods("691200", material("50", "691200", "US", open_=True)))
    unknown = under("usmca", goods("691200", material("50", "691200", None)))

    assert [found.outcome, unknown.outcome] == ["cannot_be_decided", "cannot_be_decided"]
    assert codes(found) == [("origin.material_unproved", None), ("origin.change_open", None)]


def test_an_open_question_that_changes_nothing_decides_nothing_away() -> None:
    """Clay changes chapter whether or not it originates, so the cup originates all the same."""
    found = under("usmca", goods("691200", material("50", "250700", "US", open_=True)))

    assert found.outcome == "originating"


@pytest.mark.parametrize(
    ("hs", "outcome"),
    [("25", "originating"), ("69", "not_originating"), (None, "cannot_be_decided"), ("2", "originating")],
)
def test_a_short_code_of_a_material_counts_as_far_as_it_goes(hs: str | None, outcome: str) -> None:
    """Two digits tell the chapter; none tell nothing."""
    assert under("usmca", goods("691200", material("50", hs, "CN"))).outcome == outcome


def test_a_short_code_within_what_must_originate_is_open() -> None:
    """Chapter 60 holds fabric that must originate and some that need not."""
    shirt = goods("610910", material("50", "60", "CN"), operations=frozenset({"cutting_parts", "sewing"}))

    assert ("origin.change_open", None) in codes(under("usmca", shirt))


def test_without_a_rule_nothing_is_decided_and_the_annex_is_named() -> None:
    """For chapter 87 no rule of USMCA was read; of a pact of which nothing was read its name is given."""
    car = under("usmca", goods("870899", material("50", "721000", "CN")))
    other = under("mexico_chile", goods("691200", material("50", "250700", "CN")))

    assert [car.outcome, other.outcome] == ["cannot_be_decided"] * 2
    assert [one.steps[0].params["annex"] for one in (car, other)] == [
        "USMCA Annex 4-B, or General Note 11(o) of the HTS",
        "Mexico-Chile FTA (ACE 41)",
    ]


def test_before_its_first_day_a_rule_decides_nothing() -> None:
    """MERCOSUR's regime of 2023 began on 2024-07-18."""
    cup = goods("691200", material("30", "250700", "CN"), made_in="BR", confirmed=frozenset({"mercosur.no_specific"}))

    found = [under("mercosur", cup, on).outcome for on in (date(2024, 7, 17), date(2024, 7, 18))]

    assert found == ["cannot_be_decided", "originating"]


def test_under_a_short_code_there_may_be_several_rules() -> None:
    """6110 holds wool and cotton under one rule and man-made fibres under another: six digits are asked for."""
    found = under("usmca", goods("6110", material("5", "520100", "BR")))

    assert codes(found) == [("origin.code_short", None)]
    assert codes(under("can", goods("6912", material("5", "250700", "BR"), made_in="PE")))[0] == (
        "origin.confirmed",
        None,
    )


@pytest.mark.parametrize(
    ("made_in", "value", "outcome"),
    [
        ("PE", "50", "originating"),
        ("PE", "50.01", "not_originating"),
        ("BO", "60", "originating"),
        ("BO", "60.01", "not_originating"),
    ],
)
def test_the_andean_limit_is_half_of_the_price_and_three_fifths_for_bolivia(
    made_in: str, value: str, outcome: str
) -> None:
    """Where the heading does not change: 50 of 100 free on board, 60 for Bolivia and Ecuador."""
    cup = goods("691200", material(value, "691200", "CN"), made_in=made_in, confirmed=frozenset({"can.no_specific"}))

    assert under("can", cup).outcome == outcome


def test_a_limit_whose_price_is_not_known_is_open() -> None:
    """Nor is it decided by a value that is missing."""
    cup = goods(
        "691200", material("50", "691200", "CN"), made_in="PE", confirmed=frozenset({"can.no_specific"}), fob=None
    )
    nameless = replace(cup, fob=Fraction(100), materials=(material(None, "691200", "CN"),))

    assert [under("can", one).outcome for one in (cup, nameless)] == ["cannot_be_decided"] * 2


def test_work_that_never_confers_origin_beats_every_value() -> None:
    """In the Andean Community cups that are only assembled simply do not originate, however cheap their parts."""
    cup = goods(
        "691200", material("1", "250700", "CN"), made_in="PE", operations=frozenset({"simple_assembly", "packing"})
    )

    found = under("can", cup)

    assert (found.outcome, codes(found), found.stays_of) == ("not_originating", [("origin.insufficient", False)], None)


def test_without_work_told_nothing_originates_by_a_rule() -> None:
    """The change of chapter is met, and what is done is asked."""
    found = under("usmca", goods("691200", material("30", "250700", "CN"), operations=frozenset()))

    assert (found.outcome, codes(found)) == (
        "cannot_be_decided",
        [("origin.operations_absent", None), ("origin.changed", True)],
    )


def test_work_on_the_way_loses_the_preference_and_an_untold_way_is_said() -> None:
    """Even what is wholly obtained."""
    honey = goods("040900", wholly_obtained=True)

    broken = under("usmca", replace(honey, transport="processed_elsewhere"))
    untold = under("usmca", replace(honey, transport=None))

    assert (broken.outcome, broken.criterion, broken.steps[-1].code) == (
        "not_originating",
        None,
        "origin.transport_broken",
    )
    assert (untold.outcome, untold.steps[-1].code) == ("originating", "origin.transport_absent")


def test_at_the_works_is_what_the_european_union_reckons_on() -> None:
    """Where only the price on board is told, a share above it is above the lower price too, and one below is open."""
    rules = read_origin_rules(read_text(SMALL.replace("price: fob", "price: ex_works"), "x.yaml"))["usmca"]
    cup = goods("691200", material("50", "691200", "CN"))

    found = [judge(replace(cup, fob=Fraction(fob)), AGREEMENTS["usmca"], rules, ON).outcome for fob in (90, 100)]

    assert found == ["not_originating", "cannot_be_decided"]


@pytest.mark.parametrize(
    ("method", "more", "outcome"),
    [
        ("build_up", {"fob": Fraction(100)}, "originating"),
        ("build_up", {"fob": Fraction(101)}, "not_originating"),
        ("build_up", {"fob": None, "ex_works": Fraction(100)}, "cannot_be_decided"),
        ("build_up", {"fob": None, "ex_works": Fraction(101)}, "not_originating"),
        ("net_cost", {"works_cost": Fraction(0)}, "originating"),
    ],
)
def test_building_up_counts_what_originates(method: str, more: dict[str, Any], outcome: str) -> None:
    """40.00 of own materials in 100.00 is 40 %; beside 20.00 of foreign ones two thirds of the net cost."""
    text = SMALL.replace('{foreign: "50"}', f'{{content: {{{method}: "40"}}}}')
    rules = read_origin_rules(read_text(text, "x.yaml"))["usmca"]
    made = goods("691200", material("40", "691200", "MX", "usmca"), material("20", "691200", "CN"), **more)

    assert judge(made, AGREEMENTS["usmca"], rules, ON).outcome == outcome


def test_what_a_rule_permits_need_not_change() -> None:
    """A rule may name inputs of its own chapter that are let through."""
    text = SMALL.replace('{foreign: "50"}', '{change: chapter, also: ["6914"]}')
    rules = read_origin_rules(read_text(text, "x.yaml"))["usmca"]

    assert (
        judge(goods("691200", material("40", "691490", "CN")), AGREEMENTS["usmca"], rules, ON).outcome == "originating"
    )


# -- the file -------------------------------------------------------------------------------------------------------

SMALL = """- id: origin.x
  agreement: usmca
  price: fob
  insufficient: [packing]
  transport: {en: T, es: T, pt: T}
  read: A
  known_until: 2026-01-01
  volatility: low
  status: memory
  what: {en: O, es: O, pt: O}
  products:
  - {codes: ["69"], rule: {foreign: "50"}, cite: R}
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[packing]", "[flying]", "x.yaml:4: 'flying' is no operation; known are "),
        ('{foreign: "50"}', '{made: ["sewing or flying"]}', "x.yaml:12: 'flying' is no operation"),
        ('{foreign: "50"}', "{change: verse}", "x.yaml:12: 'verse' is not one of chapter, heading, subheading"),
        ('{foreign: "50"}', '{foreign: "50", x: 1}', "x.yaml:12: unknown key 'x'"),
        ("price: fob", "price: cif", "x.yaml:3: 'cif' is not one of fob, ex_works"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_line(old: str, new: str, message: str) -> None:
    """As every file of the rulebook."""
    with pytest.raises(RulebookError) as caught:
        read_origin_rules(read_text(SMALL.replace(old, new), "x.yaml"))

    assert str(caught.value).startswith(message)


def test_an_agreement_stands_once() -> None:
    """Its rules are put together."""
    with pytest.raises(RulebookError, match="the rules of usmca stand twice"):
        read_origin_rules(read_text(SMALL + SMALL, "x.yaml"))


def test_every_rule_belongs_to_an_agreement_and_every_operation_has_a_name() -> None:
    """What is cited exists, and what is shown is words."""
    assert set(RULES) <= set(AGREEMENTS)
    assert all(set(names) == {"en", "es", "pt"} for names in OPERATIONS.values())


def test_every_step_has_its_sentence_and_no_parameter_is_left_open() -> None:
    """In three languages, for every judgement of these tests."""
    made = [
        goods("610910", material("5", "520100", "BR"), operations=frozenset({"knitting", "sewing"})),
        goods("950300", material("55", "950300", "CN")),
        goods("691200", material("50", "691200", "US", open_=True), transport=None),
        goods("691200", material("5", "691200", "CN"), made_in="PE"),
    ]
    found = [judge(one, agreement, RULES.get(id_), ON) for one in made for id_, agreement in some(one).items()]

    texts = [messages.render(step.code, step.params, "es")[0] for one in found for step in one.steps]

    assert texts
    assert not [text for text in texts if "{" in text or text.startswith("origin.")]


def some(one: Goods) -> dict[str, Agreement]:
    """Return the agreements of the country whose rules are here."""
    return {id_: AGREEMENTS[id_] for id_ in RULES if one.made_in in AGREEMENTS[id_].members}


def test_what_only_a_seller_can_answer_for_is_known_by_name() -> None:
    """The names are found at every depth of the rules, each once, in order."""
    found = conditions(RULES)

    assert found == sorted(set(found))
    assert "usmca.61.notes" in found
