"""What is reckoned on a shorter way comes out as on the long one: many items, one way in, claims of a single item."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost import Amount, Importer, Place, Shipment, claims, load_rulebook, quote, quoting
from landed_cost.expressions import percent
from landed_cost.goods import meaning
from landed_cost.reckon import reckon
from landed_cost.run import begin
from landed_cost.schedules.generic import GenericCsv
from landed_cost.schedules.importer import Stated
from landed_cost.schedules.store import import_schedule
from landed_cost.trials import Trials
from tests.unit.landed_cost.qz import MAY, RATES, ask, book, codes, item, line, shipment, usd
from tests.unit.landed_cost.rulebook.small import AGREEMENTS, BANDS, SMALL, changed, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from landed_cost import Item, Quote, Rulebook
    from landed_cost.rulebook.book import Law

BUSINESS = Importer("business")
# By weight or by value: which is dearer hangs on the goods. Three lines of one rate, and one of another.
TARIFF = """\
hs_code,description,effective_from,source,confidence,rate_text
61091000,Shirts of cotton,2026-02-01,Act,line,20%
61099010,Shirts of wool,2026-02-01,Act,line,2 USD/kg + 5%
61099090,Other shirts,2026-02-01,Act,line,30%
62034210,Trousers,2026-02-01,Act,line,20%
62034220,Overalls,2026-02-01,Act,line,20%
62034230,Breeches,2026-02-01,Act,line,20%
62034290,Shorts,2026-02-01,Act,line,30%
62052010,Dress shirts,2026-02-01,Act,line,2 USD/kg + 5%
62052090,Other shirts,2026-02-01,Act,line,3 USD/kg + 5%
"""


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """Return the law of QZ with an official schedule."""
    folder: Path = tmp_path_factory.mktemp("qz")
    (folder / "qz.csv").write_text(TARIFF, encoding="utf-8")
    import_schedule(GenericCsv(Stated(country="QZ")), folder / "qz.csv", folder / "store")
    return book().with_schedules(folder / "store")


# -- lines of a short code ----------------------------------------------------------------------------------------


def duties(answer: Quote, item_id: str) -> list[tuple[int, tuple[int, int | None] | None]]:
    """Return amount and range of an item's duty."""
    return [(one.amount, one.range) for one in answer.charges if one.id == "qz.duty" and one.item == item_id]


def test_the_usual_line_is_the_middle_of_all_lines_not_of_all_rates(official: Rulebook) -> None:
    """Three lines at 20 % and one at 30 %: usually 20."""
    answer = quote(shipment(item(hs_code="620342")), official)

    assert duties(answer, "1") == [(2000, (2000, 3000))]


def test_among_many_items_a_short_code_is_picked_as_among_few(official: Rulebook) -> None:
    """Cheap heavy goods are dearest by weight, dear light ones by value, whatever lies beside them."""
    heavy = item("heavy", "2", hs_code="610990", weight_kg=Decimal(1))
    light = item("light", "100", hs_code="610990", weight_kg=Decimal("0.5"))
    others = [item(str(number), hs_code="61091000") for number in range(5)]

    answers = [quote(shipment(*others[:count], light, heavy), official) for count in (3, 5)]

    assert [[duties(one, "heavy"), duties(one, "light")] for one in answers] == [
        [[(210, (60, 210))], [(3000, (600, 3000))]]
    ] * 2
    assert [one.ranges["import_charges"] for one in answers] == [(6860, 9410), (10860, 13410)]


TWO = "# I.\nhs,lines,min,typical,max\n6203,1,10,10,10\n6204,1,10,10,10\n"
BELOW = "from: null, to: null, known_until: 2026-06-30, status: verified, sources: [Act 1]"


@pytest.mark.parametrize(
    ("old", "new", "bounds"),
    [
        (
            "rate: {fact: qy.rate}}",
            'rate: {fact: qy.rate}, exempt: [{id: qy.x, what: X, when: {hs: ["6204"], goods: {below: "200 USD"}}, '
            + BELOW
            + "}]}",
            (500, 1500),
        ),
        ("per: consignment, amount", 'per: consignment, of: {hs: ["6204"]}, amount', (1000, 1500)),
        (
            "regimes:\n",
            'regimes:\n- {id: qy.x, exclusive: true, name: {en: F, es: F, pt: F}, when: {some_item: {hs: ["6204"]}}}\n',
            (0, 1500),
        ),
    ],
)
def test_lines_of_one_duty_that_the_law_tells_apart_are_a_range(
    tmp_path: Path, old: str, new: str, bounds: tuple[int, int]
) -> None:
    """An exemption, a fee or a way in that holds for 6204 and not for 6203: code 62 is never told as sure."""
    rules = load(tmp_path, law=changed(SMALL, old, new), bands=TWO)
    sent = shipment(item(hs_code="62", attributes={"used": "no"}), destination=Place("QY", "A"))

    answer = quote(sent, rules)

    assert (answer.outcome, codes(answer), answer.ranges["import_charges"]) == ("estimated", ["hs.short"], bounds)


def test_a_tax_on_all_that_one_line_brings_on_is_reckoned_with_each_line(tmp_path: Path) -> None:
    """Duty of 10.00 each and a fee of 5.00; were the first item on 6204, both would be taxed 10 % of 110.00 too."""
    law = changed(SMALL, 'when: {hs: ["61"]}', 'when: {some_item: {hs: ["6204"]}}')
    goods = [item(code, hs_code=code, attributes={"used": "no"}) for code in ("62", "6203")]

    answer = quote(shipment(*goods, destination=Place("QY", "A")), load(tmp_path, law=law, bands=TWO))

    assert answer.ranges["import_charges"] == (2500, 2500 + 2 * 1100)


def test_two_rates_by_weight_are_each_worked_out(official: Rulebook) -> None:
    """A kilo worth 100: 5 % and 2 or 3 USD."""
    answer = quote(shipment(item(hs_code="620520", weight_kg=Decimal(1))), official)

    assert duties(answer, "1") == [(800, (700, 800))]


def test_a_fee_for_each_code_hangs_on_which_line_an_item_is_on(tmp_path: Path) -> None:
    """Two items with 10.00 of duty each: on 6204 they share one fee of 5.00, on 6203 and 6204 there are two."""
    law = changed(SMALL, "per: consignment, amount", "per: hs6, amount")
    goods = [item(code, hs_code=code, attributes={"used": "no"}) for code in ("62", "6204")]

    answer = quote(shipment(*goods, destination=Place("QY", "A")), load(tmp_path, law=law, bands=TWO))

    assert answer.ranges["import_charges"] == (2500, 3000)


def test_books_by_their_chapter_alone_may_be_no_books() -> None:
    """Brazil: books come in free, other prints of chapter 49 pay 60 % and the state's tax: never a sure zero."""
    place = {"destination": Place("BR", "SP"), "dispatch": Place("US"), "channel": "courier", "transport": None}
    goods = [item(price="40", hs_code=code, origin="US") for code in ("4901", "4907", "49")]
    sent = [shipment(one, date=date(2026, 10, 2), **place) for one in goods]

    books, others, either = (quote(one, load_rulebook()) for one in sent)

    found = [books.ranges["import_charges"], others.ranges["import_charges"], either.ranges["import_charges"]]
    assert found == [(0, 0), (3711, 3711), (0, 3711)]
    assert (either.outcome, codes(either, "estimated")) == ("estimated", ["hs.short"])


def test_among_many_items_the_charges_of_the_others_stand(tmp_path: Path) -> None:
    """The fee is due by the duty of the others, so 6203 (3 % of tax) is dearer than 6204 (1 % of duty) by 2.00."""
    law = changed(SMALL, "rate: {fact: qy.rate}}", "rate: {schedule: duty}}")
    law = changed(law, 'when: {hs: ["61"]}', 'when: {hs: ["6203"]}')
    law = changed(law, "rate: {by_region: qy.rates}", "rate: {fact: qy.three}")
    law = changed(law, "per: consignment, amount", "per: consignment, when: {some_item: {charged: [qy.duty]}}, amount")
    for name, value, unit in (("three", 3, "percent"), ("much", 99, "USD")):
        law = changed(law, "lists:\n", f"- {{id: qy.{name}, what: X, value: {value}, unit: {unit}, {BELOW}}}\nlists:\n")
    dear = "{id: qy.much, kind: fee, name: {en: M, es: M, pt: M}, per: consignment, amount: {fact: qy.much}}"
    way = f"- id: qy.dear\n  name: {{en: D, es: D, pt: D}}\n  charges:\n  - {dear}\n"
    law = changed(law, "refusals:\n", f"{way}refusals:\n")
    bands = "# I.\nhs,lines,min,typical,max\n6203,1,0,0,0\n6204,1,1,1,1\n"
    goods = [item(str(number), hs_code="6204") for number in range(5)]
    short = item("short", hs_code="62", attributes={"used": "no"})

    answer = quote(shipment(*goods, short, destination=Place("QY", "A")), load(tmp_path, law=law, bands=bands))

    assert (answer.regime, answer.totals.import_charges) == ("qy.entry", 500 + 500 + 300)
    assert answer.ranges["import_charges"] == (1100, 1300)


BY_COURIER: dict[str, Any] = {"channel": "courier", "transport": None}
SHORT = [
    shipment(item("1", hs_code="61", origin="BB"), item("2", hs_code="7615")),
    # A fee for each code: 610990 is dearer by a tenth of 10.00, and spares 1.50 where it is the other item's code too.
    shipment(item("1", "10", hs_code="61"), item("2", hs_code="610990"), importer=BUSINESS),
    shipment(item("1", hs_code="17", origin="HH"), item("2", hs_code="6203", origin="CC"), item("3", hs_code="49")),
    shipment(item("1", hs_code="62", origin="DD"), item("2", hs_code="61", price="20"), **BY_COURIER),
    shipment(item("1", "30", hs_code="93"), item("2", "15", hs_code="6203"), freight=None),
    shipment(item("1", hs_code="61"), item("2", hs_code="6203"), price_includes=frozenset({"duties"})),
]


@pytest.mark.parametrize("sent", SHORT)
def test_lines_are_tried_as_if_all_were_reckoned_each_time(sent: Shipment, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the line of one item cannot change stands while its lines are tried, and the answer is the same."""

    def anew(trials: Trials) -> tuple[bool, int]:
        found = reckon(trials.run)
        return found.unbounded, found.total

    told = quote(sent, book())
    monkeypatch.setattr(Trials, "total", anew)

    assert quote(sent, book().with_rates(RATES)) == told


# -- one way in, reckoned and written down at once ----------------------------------------------------------------

PLAIN = [
    shipment(importer=BUSINESS),
    shipment(item("1", origin="AA"), item("2", origin="CC", hs_code="49"), importer=BUSINESS, freight=None),
    shipment(item(unit_price=Amount(Decimal(1999), "MXN")), importer=BUSINESS, currency="CLP", insurance=usd("3")),
    shipment(item(hs_code="620342", origin="GG"), importer=BUSINESS, price_includes=frozenset({"freight"})),
    shipment(item("1", origin="AA"), item("2", "59", origin="AA", hs_code="620419"), importer=BUSINESS),
    shipment(item(hs_code="7615", origin="HH"), importer=BUSINESS, destination=Place("QZ")),
]


@pytest.fixture
def the_long_way(monkeypatch: pytest.MonkeyPatch) -> Callable[[Shipment], Quote]:
    """Return a way to quote that takes no short cut."""

    def ask_the_long_way(sent: Shipment) -> Quote:
        with monkeypatch.context() as patch:
            patch.setattr(quoting, "is_plain", lambda _run: False)
            patch.setattr(claims, "is_plain", lambda _run: False)
            return quote(sent, book())

    return ask_the_long_way


@pytest.mark.parametrize("sent", PLAIN)
def test_one_way_in_is_answered_as_if_there_were_a_choice(
    sent: Shipment, the_long_way: Callable[[Shipment], Quote]
) -> None:
    """Lines, reasons, rules and savings are the same."""
    assert quote(sent, book()) == the_long_way(sent)


# -- what an offer would save -------------------------------------------------------------------------------------


def savings(answer: Quote) -> list[tuple[str, str, bool, int | None]]:
    """Return what each offer saves on each item."""
    return [(one.item, one.agreement, one.claimed, one.saving) for one in answer.preferences]


def test_a_saving_is_what_the_claim_would_take_off_the_total() -> None:
    """The pact frees 100 USD of AA from 20 % duty and the surcharge of 10 %: what a claim of that item then does."""
    first, second = item("1", origin="AA"), item("2", "300", origin="ZZ")
    told = ask(first, second, importer=BUSINESS)
    claimed = ask(
        item("1", origin="AA", origin_evidence="certificate", preference="qz_pact"), second, importer=BUSINESS
    )

    assert savings(told) == [("1", "qz_pact", False, 3000), ("1", "qz_league", False, 0)]
    assert (told.totals.import_charges or 0) - (claimed.totals.import_charges or 0) == 3000


def test_a_saving_on_one_item_counts_what_it_does_to_the_others(tmp_path: Path) -> None:
    """Where a claim on any item frees all of them from the tax, an offer saves one duty of 10 and two taxes of 11."""
    law = changed(SMALL, "rate: {fact: qy.rate}}", "rate: {schedule: duty}}")
    law = changed(law, 'when: {hs: ["61"]}', "when: {not: {some_item: {claimed: [qy_pact]}}}")
    pact = changed(AGREEMENTS, "sources: [Act 1]", 'sources: [Act 1]\n  rates: {QY: {value: "0", status: verified}}')
    goods = [item(id_, origin="AA", attributes={"used": "no"}) for id_ in ("1", "2")]
    sent = shipment(*goods, destination=Place("QY", "A"))

    answer = quote(sent, load(tmp_path, law=law, bands=BANDS, agreements=pact))

    assert answer.totals.import_charges == 2 * 1000 + 2 * 1100 + 500
    assert savings(answer) == [("1", "qy_pact", False, 3200), ("2", "qy_pact", False, 3200)]


# -- what is kept ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "held", "most"),
    [
        ("landed_cost.rulebook.settled.KEPT", lambda law: law.settled.size, 3),
        ("landed_cost.goods._KEPT_MEANINGS", lambda law: len(law.meanings), 3),
    ],
)
def test_what_is_forgotten_is_worked_out_again(
    limit: str, held: Callable[[Law], int], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room for three only, the answers are the same and memory stays small."""

    def goods(code: str) -> Item:
        return item(hs_code=code, origin="AA")

    wanted = ["610910", "610990", "490199", "060210", "852349", "930100", "300490", "220820"]
    before = [ask(goods(code)) for code in wanted]
    monkeypatch.setattr(limit, 3)
    rules = book().with_rates(RATES)

    assert [quote(shipment(goods(code)), rules) for code in wanted + wanted] == before + before
    assert 0 < held(rules.at("QZ", MAY)) <= most


def test_lanes_that_are_forgotten_are_settled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one thing only, each way of coming in is still answered by its own law and never by another's."""
    ways: list[dict[str, Any]] = [
        {"channel": "courier", "transport": None},
        {"channel": "postal", "transport": None},
        {"importer": BUSINESS},
    ]
    goods = item(price="90")
    before = [ask(goods, **way) for way in ways]
    monkeypatch.setattr("landed_cost.rulebook.settled.KEPT", 1)
    rules = book().with_rates(RATES)

    assert [quote(shipment(goods, **way), rules) for way in ways + ways] == before + before
    assert [one.regime for one in before] == ["qz.entry", "qz.post", "qz.entry"]


def test_what_is_kept_grows_with_kinds_of_goods_alone() -> None:
    """Prices, quantities, weights and the names that a shop gives its items leave nothing behind."""
    rules = book().with_rates(RATES)
    settled = rules.at("QZ", MAY).settled
    sizes = []
    for number in range(1, 4):
        goods = item(f"sku-{number}", f"{number}.50", quantity=Decimal(number), weight_kg=Decimal(number), origin="AA")
        quote(shipment(goods, item(f"other-{number}", f"{number}")), rules)
        (lane,) = settled.lanes.values()
        sizes.append((settled.size, len(lane.kinds), *(len(kind.restrictions) for kind in lane.kinds.values())))

    assert sizes == [sizes[0]] * 3
    assert sizes[0][1:] == (2, 1, 1)


def test_what_a_code_leaves_open_is_said_of_goods_of_any_name(official: Rulebook) -> None:
    """Of goods that were asked before under another name, alone or beside them, it is said all the same."""
    asked = [("1",), ("other",), ("one", "and another")]
    answers = [quote(shipment(*[item(id_, hs_code="620342", origin="AA") for id_ in ids]), official) for ids in asked]

    said = [[one.item for one in answer.reasons if one.code == "hs.short"] for answer in answers]
    assert said == [list(ids) for ids in asked]


def test_what_is_kept_of_goods_together_is_forgotten_beyond_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one pair of kinds only, every pair is answered as it was."""
    pairs = [(item("1", origin=first), item("2", origin=second)) for first in ("AA", "BB") for second in ("AA", "CC")]
    before = [quote(shipment(*pair), book().with_rates(RATES)) for pair in pairs]
    monkeypatch.setattr("landed_cost.rulebook.settled.KEPT_TOGETHER", 1)
    rules = book().with_rates(RATES)

    assert [quote(shipment(*pair), rules) for pair in pairs + pairs] == before + before
    (lane,) = rules.at("QZ", MAY).settled.lanes.values()
    assert (len(lane.steps), len(lane.bases)) == (1, 1)


def test_goods_told_apart_by_what_is_said_of_them_are_of_two_kinds() -> None:
    """The same line and origin, and an attribute that the law may ask for: each is answered as alone."""
    used, plain = item("1", attributes={"used": "yes"}), item("2")
    rules = book().with_rates(RATES)
    quote(shipment(used, plain), rules)
    (lane,) = rules.at("QZ", MAY).settled.lanes.values()

    assert len(lane.kinds) == 2


def test_one_code_that_counts_with_other_rates_is_another_kind() -> None:
    """Goods of one code, origin and attributes, and one of them at another rate: neither answers for the other."""
    rules = book().with_rates(RATES)
    law, sent = rules.at("QZ", MAY), shipment(item("1"), item("2"))
    one = meaning(sent.items[0], law)
    other = replace(one, candidates=(replace(one.candidates[0], general=percent(Decimal(3))),))

    first, second = begin(sent, law, RATES, [one, other]).kinds

    assert one.codes == other.codes
    assert first is not second


# -- the edition of a schedule --------------------------------------------------------------------------------------


def test_a_day_before_the_first_edition_is_answered_with_that_one(official: Rulebook) -> None:
    """January is before the schedule of February: it serves, and the answer says so."""
    early = date(2026, 1, 15)
    answer = quote(shipment(item(hs_code="61091000"), date=early), official)

    assert official.schedule("QZ", early) is official.schedule("QZ", MAY)
    assert (line(answer, "qz.duty").amount, codes(answer, "info")) == (
        2000,
        ["prior_use.assumed_none", "schedule.later_edition"],
    )


def test_a_country_without_any_edition_has_no_schedule(official: Rulebook) -> None:
    """The store holds another country's."""
    assert official.schedule("QY", MAY) is None
