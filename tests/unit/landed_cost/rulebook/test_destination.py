"""The file of a destination: every kind of fault stops the loader with file, line and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from landed_cost import RulebookError, load_rulebook
from tests.unit.landed_cost.rulebook.small import SMALL, changed, fault, line_of, load, spoken, write

if TYPE_CHECKING:
    from pathlib import Path

PROOF = "from: null, to: null, known_until: 2026-06-30, status: verified, sources: [Act 1]"
FEE = "per: consignment, amount: {fact: qy.fee}"
DUTY = "rate: {fact: qy.rate}}"

FAULTS = [
    # What is written, what is written instead, where the error is, what it says.
    ("timezone: UTC", "time_zone: UTC", "destination: QY", "timezone is missing; add timezone: ..."),
    (
        "timezone: UTC",
        "timezone: UTC\nzone: x",
        "zone: x",
        "unknown key 'zone'; known here: bands, charges_on_every_way,",
    ),
    ("currency: USD\n", "currency: USX\n", "currency: USX", "'USX' is no currency of ISO 4217"),
    ("bands: qy", "bands: qq", "bands: qq", "there is no file bands/qq.csv"),
    ("basis: CIF", "basis: CFR", "valuation:", "'CFR' is not one of FOB, CIF"),
    ("basis: CIF,", "basis: CIF, deductible: [tax],", "valuation:", "'tax' is not one of freight, duties, taxes"),
    ("fact: qy.value, insurance", "fact: qy.other, insurance", "valuation:", "fact 'qy.other' does not exist"),
    (
        "insurance: qy.insurance",
        "insurance: qy.fee",
        "valuation:",
        "fact 'qy.fee' is in USD; percent or per_mille is needed",
    ),
    ("evidence_from: 2026-01-01", "evidence_from: 1 Jan", "evidence_from", "'1 Jan' is not a date; write YYYY-MM-DD"),
    ("values: [A]", "values: [NO]", "regions:", "NO was read as true or false; put it in quotes"),
    ("values: [A]", "values: [A, B]", "regions:", "group qy.rates has no row for region 'B'"),
    ("values: [A]", "values: [A], x: 1", "regions:", "unknown key 'x'; known here: required_by, values"),
    (
        "kind: duty, name",
        "kind: duty, covers: [], name",
        "id: qy.duty",
        "covers names nothing; write some of duty, tax,",
    ),
    (
        "insurance: qy.insurance",
        "freight: qy.fee, insurance: qy.insurance",
        "valuation:",
        "fact 'qy.fee' is in USD; percent or per_mille is needed",
    ),
    # Amounts by weight and pair.
    (FEE, "per: consignment, amount: {fact: qy.fee, per: lb}", "id: qy.fee, kind", "'lb' is not one of kg, pair"),
    (
        FEE,
        "per: consignment, amount: {fact: qy.fee, per: pair}",
        "id: qy.fee, kind",
        "an amount per pair is not for a charge per consignment",
    ),
    (
        FEE,
        "per: hs6, amount: {fact: qy.fee, per: kg}",
        "id: qy.fee, kind",
        "an amount per kg is not for a charge per hs6",
    ),
    (
        FEE,
        "per: consignment, amount: {fact: qy.fee, per: kg, up_to: qy.fee}",
        "id: qy.fee, kind",
        "fact 'qy.fee' is in USD; kg is needed here",
    ),
    (
        "what: Fee, value: 5,",
        "what: Fee, value: 5.5,",
        "what: Fee",
        '5.5 unquoted is a binary fraction; write "5.5" in quotes',
    ),
    ("what: Fee, value: 5,", "what: Fee, value: 010,", "what: Fee", "'010' is not a number"),
    (
        "what: Fee, value: 5,",
        'what: Fee, value: "0.001",',
        "what: Fee",
        "1/1000 USD is finer than the smallest unit of USD",
    ),
    ("what: Fee, value: 5,", "what: Fee, value: -5,", "what: Fee", "-5 is below zero; law charges or it does not"),
    (
        "what: Fee, value: 5,",
        "what: Fee, value: 5, low: 6,",
        "what: Fee",
        "low, value and high must rise; they are 6, 5",
    ),
    ("what: Fee, value: 5,", "what: Fee,", "what: Fee", "value is missing; add value: ..."),
    (
        "value: 5, unit: USD",
        "value: 5, unit: dollars",
        "what: Fee",
        "unit 'dollars' is neither a currency nor one of percent,",
    ),
    (
        "value: 5, unit: USD, from: null, to: null",
        "value: 5, unit: USD, from: null",
        "what: Fee",
        "from and to are both required; write to: null where no end is known",
    ),
    (
        "value: 5, unit: USD, from: null, to: null",
        "value: 5, unit: USD, from: 2026-02-30, to: null",
        "what: Fee",
        "2026-02-30 is not a day of the calendar; write YYYY-MM-DD",
    ),
    (
        "value: 5, unit: USD, from: null, to: null",
        "value: 5, unit: USD, from: 2026-02-01, to: 2026-01-31, then: ended",
        "what: Fee",
        "the last day 2026-01-31 is before the first 2026-02-01",
    ),
    (
        "value: 5, unit: USD, from: null, to: null",
        "value: 5, unit: USD, from: null, to: 2026-01-31",
        "what: Fee",
        "qy.fee: nothing is said after 2026-01-31; add then: ended or then: unknown",
    ),
    (
        f"what: Fee, value: 5, unit: USD, {PROOF}",
        f"what: Fee, value: 5, unit: USD, {PROOF.replace(', sources: [Act 1]', '')}",
        "what: Fee",
        "status verified needs sources; add sources: [...] or write status: memory",
    ),
    (
        "to: 2026-05-31",
        "to: 2026-06-01",
        'value: "12"',
        "qy.rate: overlaps the row at qy.yaml:13; end that one the day before",
    ),
    (
        "to: 2026-05-31",
        "to: null",
        'value: "12"',
        "qy.rate: overlaps the row at qy.yaml:13; end that one the day before",
    ),
    (
        "from: 2026-01-01, to: 2026-05-31",
        "from: 2026-06-01, to: 2026-06-02",
        'value: "12"',
        "stands twice from 2026-06-01",
    ),
    (
        "to: 2026-05-31",
        "to: 2026-05-30",
        'value: "10"',
        "nothing is said after 2026-05-30; add then: ended or then: unknown",
    ),
    (
        'key: K, what: Rate, value: "12"',
        'key: K, what: Rate, value: "12", x: 1',
        'value: "12"',
        "unknown key 'x'; known here: ",
    ),
    (
        'group: qy.rates, origin: [AA], region: [A], key: K, what: Rate, value: "12"',
        'group: qy.others, what: Rate, value: "12"',
        'value: "12"',
        "qy.rate: is of group qy.others, but of qy.rates at qy.yaml:13; keep one",
    ),
    (
        "id: qy.fee, what: Fee,",
        "id: qy.fee, group: qy.rates, region: [A], what: Fee,",
        'value: "10"',
        "answers for region A at",
    ),
    # Lists.
    ("file: qy.csv,", "file: qq.csv,", "file: qq.csv", "there is no file lists/qq.csv"),
    ("id: qy.list, file", "id: qy.lists, file", "id: qy.lists", "qy.csv has no rows of list qy.lists"),
    ("file: qy.csv,", "", "id: qy.list", "a list needs a file, or imported: true, or maybe: [prefixes]"),
    ("file: qy.csv,", 'maybe: ["6x"],', "id: qy.list", "'6x' is not an HS prefix; write digits only, in quotes"),
    ("file: qy.csv,", "maybe: [61],", "id: qy.list", "a text is expected, not '61'; put it in quotes"),
    (
        "lists:\n",
        f"lists:\n- {{id: qy.list, file: qy.csv, what: L, {PROOF}}}\n",
        "- {id: qy.list, file: qy.csv, what: List, from",
        "qy.list stands in qy.yaml:17 already",
    ),
    # Regimes and charges.
    ("id: qy.entry\n", "id: qy.entry\n  exclusive: yes\n", "exclusive: yes", "write true or false, not 'yes'"),
    ("id: qy.entry\n", "id: qy.entry\n  fee_apart: no\n", "fee_apart: no", "write true or false, not 'no'"),
    (
        "id: qy.entry\n",
        'id: qy.entry\n  when: {hs: ["62"]}\n',
        'when: {hs: ["62"]}',
        "this is asked of the whole consignment; put item conditions",
    ),
    (
        "id: qy.entry\n",
        "id: qy.entry\n  when: {goods: {at_most: qy.limit}}\n",
        "when: {goods",
        "fact 'qy.limit' does not exist",
    ),
    (
        "id: qy.entry\n",
        "id: qy.entry\n  when: {goods: {at_most: qy.rate}}\n",
        "when: {goods",
        "fact 'qy.rate' is no amount of money and cannot be a limit",
    ),
    (
        "id: qy.entry\n",
        "id: qy.entry\n  when: {some_item: {list: qy.l}}\n",
        "when: {some",
        "list 'qy.l' does not exist; add it under lists",
    ),
    (
        "id: qy.entry\n",
        "id: qy.entry\n  when: {some_item: {claimed: [pact]}}\n",
        "when: {some",
        "agreement 'pact' does not exist",
    ),
    (
        "id: qy.tax\n",
        "id: qy.duty\n",
        "- id: qy.duty\n    kind: tax",
        "charge qy.duty stands twice in this regime; ids are unique",
    ),
    ("kind: tax", "kind: levy", "kind: levy", "'levy' is not one of duty, tax, fee"),
    (
        "base: [customs_value, qy.duty]",
        "base: [customs_value, qy.fee]",
        "base: [customs_value, qy.fee]",
        "'qy.fee' is neither one of goods, freight, insurance, customs_value, invoice nor a charge above this one",
    ),
    (
        "base: [customs_value, qy.duty]",
        "base: [customs_value]\n    total_with: [qy.x]",
        "total_with",
        "'qy.x' is a charge above this one",
    ),
    (
        ", base: [customs_value], " + DUTY,
        ", " + DUTY,
        "id: qy.duty",
        "a rate needs a base; write base: [customs_value]",
    ),
    (", " + DUTY, "}", "id: qy.duty", "a charge has either a rate or an amount; write one of them"),
    (
        DUTY,
        "rate: {fact: qy.rate}, amount: {fact: qy.fee}}",
        "id: qy.duty",
        "a charge has either a rate or an amount; write one",
    ),
    (DUTY, "rate: {fact: qy.none}}", "id: qy.duty", "fact 'qy.none' does not exist; add it under facts"),
    (DUTY, "rate: {fact: qy.fee}}", "id: qy.duty", "fact 'qy.fee' is in USD; percent or per_mille is needed here"),
    (DUTY, "rate: {by_origin: qy.none}}", "id: qy.duty", "no fact has group: qy.none"),
    (DUTY, "rate: {by_key: qy.rates}}", "id: qy.duty", "by_key needs a list that exists; None does not"),
    (DUTY, "rate: {by_key: qy.rates, list: qy.l}}", "id: qy.duty", "by_key needs a list that exists; 'qy.l' does not"),
    (DUTY, "rate: {schedule: duty, fallback: qy.l}}", "id: qy.duty", "fact 'qy.l' does not exist; add it under facts"),
    (
        DUTY,
        "rate: {schedule: duty, fact: qy.rate}}",
        "id: qy.duty",
        "write exactly one of fact, by_origin, by_region, by_key,",
    ),
    (
        DUTY,
        DUTY.replace("}}", "}, per: hs6}"),
        "id: qy.duty",
        "a charge per code is a fixed sum for each; write amount:",
    ),
    (
        DUTY,
        "rate: {by_origin: qy.rates}, per: consignment}",
        "id: qy.duty",
        "by_origin looks at an item; write per: item",
    ),
    (
        DUTY,
        "rate: {schedule: duty}, inside: true}",
        "id: qy.duty",
        "a tax inside its own base needs a rate by fact or by_region",
    ),
    (
        DUTY,
        DUTY.replace("}}", '}, round: {step: "0.001"}}'),
        "id: qy.duty",
        "step is finer than the smallest unit of USD",
    ),
    (
        DUTY,
        DUTY.replace("}}", '}, round: {step: "0.05", mode: near}}'),
        "id: qy.duty",
        "'near' is not one of half_up, down, up",
    ),
    (
        DUTY,
        DUTY.replace("}}", "}, at_least: qy.rate}"),
        "id: qy.duty",
        "fact 'qy.rate' is in percent; a currency is needed here",
    ),
    (DUTY, DUTY.replace("}}", "}, rule: qy.none}"), "id: qy.duty", "fact 'qy.none' does not exist; add it under facts"),
    (
        FEE,
        "per: consignment, amount: {fact: qy.rate}",
        "id: qy.fee, kind",
        "fact 'qy.rate' is in percent; a currency is needed here",
    ),
    (FEE, "per: consignment, amount: {}", "id: qy.fee, kind", "fact is missing; add fact: ..."),
    (
        FEE,
        FEE + f", exempt: [{{id: x, what: X, {PROOF}}}]",
        "id: qy.fee, kind",
        "exempt rows free single items; write of: on a charge of",
    ),
    (
        FEE,
        f"amount: {{fact: qy.fee}}, exempt: [{{id: x, what: X, {PROOF}}}]",
        "id: qy.fee, kind",
        "exempt rows free from a rate; put the condition",
    ),
    (
        FEE,
        FEE + ', when: {hs: ["61"]}',
        "id: qy.fee, kind",
        "this is asked of the whole consignment; put item conditions",
    ),
    ('when: {hs: ["61"]}', "when: {charged: [qy.fee]}", "when: {charged", "'qy.fee' is no charge above this one"),
    (
        "rate: {by_region: qy.rates}",
        "rate: {by_region: qy.rates}\n    collected: later",
        "collected: later",
        "'later' is not one of at_border,",
    ),
    ("ask: used,", "ask: wear,", "id: qy.tax.free", "unknown attribute 'wear'; known: aged_60_days, alcohol, animal,"),
    (", question: {en: Q, es: Q, pt: Q}", "", "id: qy.tax.free", "ask and question belong together"),
    ("ask: used, ", "", "id: qy.tax.free", "ask and question belong together"),
    (
        "    exempt:\n",
        f"    exempt:\n    - {{id: qy.tax.free, what: X, {PROOF}}}\n",
        "    - {id: qy.tax.free, when",
        "qy.tax.free stands in qy.yaml:30 already",
    ),
    # The rest.
    ("severity: requires", "severity: wants", "severity: wants", "'wants' is not one of prohibits, requires, advises"),
    (
        'when: {hs: ["06"]}',
        "when: {charged: [qy.none]}",
        "- {id: qy.plants",
        "qy.plants: charge 'qy.none' does not exist in any regime",
    ),
    (
        'en: "No", es: "No", pt: "No"',
        'en: No, es: "No", pt: "No"',
        "id: qy.no",
        "No was read as true or false; put it in quotes",
    ),
    ("text: {en: S, es: S, pt: S}", "text: {en: S, es: S}", "id: qy.storage", "pt is missing; add pt: ..."),
    (
        "not_included:\n",
        "not_included:\n- {id: qy.storage, text: {en: S, es: S, pt: S}}\n",
        "- {id: qy.storage",
        "qy.storage stands in qy.yaml:37 already; ids are unique",
    ),
]


def test_the_small_rulebook_is_sound(tmp_path: Path) -> None:
    """What the faults below are worked into is itself without fault."""
    assert set(load(tmp_path).destinations) == {"QY"}


@pytest.mark.parametrize(("old", "new", "place", "message"), FAULTS, ids=[f"{one[1]}"[:50] for one in FAULTS])
def test_a_fault_is_named(tmp_path: Path, old: str, new: str, place: str, message: str) -> None:
    """Each way to break the file is told with the line it stands on."""
    text = changed(SMALL, old, new)

    said = fault(tmp_path, law=text)

    assert message in said
    assert said.startswith(f"qy.yaml:{line_of(text, place)}: ")


def test_a_tax_inside_its_own_base_is_below_all_of_it(tmp_path: Path) -> None:
    """A rate of 100 % of a base that holds the tax itself has no answer, so the loader refuses it."""
    text = changed(SMALL, "rate: {by_region: qy.rates}", "rate: {by_region: qy.rates}\n    inside: true")
    text = changed(text, 'value: "12"', 'value: "100"')

    assert "qy.rate at qy.yaml:14 is not below 100 %: no base could hold it" in fault(tmp_path, law=text)


def test_a_region_of_law_that_is_not_listed_is_told(tmp_path: Path) -> None:
    """A tax for a region that no request may name would never be asked for."""
    text = SMALL.replace("region: [A]", "region: [A, C]")

    assert "group qy.rates names region 'C'; add it to values" in fault(tmp_path, law=text)


def test_a_rate_for_every_other_region_needs_no_list(tmp_path: Path) -> None:
    """A row for * answers for the regions that have no row of their own."""
    text = changed(SMALL.replace("region: [A]", 'region: ["*"]'), "values: [A]", "values: [A, B]")

    assert load(tmp_path, law=text).destinations["QY"].regions == ("A", "B")


def test_a_group_of_money_gives_no_rate(tmp_path: Path) -> None:
    """A rate by origin of facts in dollars is told, with the fact."""
    text = SMALL.replace('what: Rate, value: "10", unit: percent', "what: Rate, value: 10, unit: USD")
    text = changed(text, "rate: {fact: qy.rate}}", "rate: {fact: qy.insurance}}")

    assert "fact 'qy.rate' is in USD; percent or per_mille is needed here" in fault(tmp_path, law=text)


def test_a_destination_without_a_regime_is_told(tmp_path: Path) -> None:
    """There must be a way in."""
    start, rest = SMALL.split("regimes:\n")
    end = rest[rest.index("not_included:") :]

    assert fault(tmp_path, law=start + end) == "qy.yaml:1: no regime; a destination needs at least one under regimes"


def test_files_of_a_folder_are_one_destination(tmp_path: Path) -> None:
    """Lists of several files are joined, and a rule may name what another file holds."""
    folder = write(tmp_path)
    one, other = SMALL.split("facts:\n")
    (folder / "qy").mkdir()
    (folder / "qy.yaml").rename(folder / "qy" / "rules.yaml")
    facts, rules = other.split("lists:\n")
    more = "- {id: qy.more, what: M, value: 1, unit: USD, from: null, to: null, known_until: null, status: memory}\n"
    (folder / "qy" / "facts.yaml").write_text(spoken("facts:\n" + facts), "utf-8")
    (folder / "qy" / "rules.yaml").write_text(spoken(one + "facts:\n" + more + "lists:\n" + rules), "utf-8")

    found = load_rulebook(folder).destinations["QY"]

    assert [fact.id for fact in found.facts] == ["qy.value", "qy.insurance", "qy.rate", "qy.rate", "qy.fee", "qy.more"]


def test_a_key_that_two_files_have_is_told(tmp_path: Path) -> None:
    """What is no list may stand in one file of a destination only."""
    folder = write(tmp_path)
    (folder / "qy").mkdir()
    (folder / "qy.yaml").rename(folder / "qy" / "a.yaml")
    (folder / "qy" / "b.yaml").write_text("# more\ncurrency: USD\n", "utf-8")

    with pytest.raises(RulebookError, match=r"^b\.yaml:2: currency stands in a\.yaml:3 already; keep one$"):
        load_rulebook(folder)


def test_files_may_be_shared_by_destinations(tmp_path: Path) -> None:
    """Law that several destinations share is included from a folder of its own."""
    folder = write(tmp_path, law=changed(SMALL, "bands: qy", "bands: qy\ninclude: [_common]"))
    (folder / "_common").mkdir()
    extra = "{id: qy.common, text: {en: C, es: C, pt: C}}"
    (folder / "_common" / "more.yaml").write_text(f"not_included:\n- {extra}\n", "utf-8")

    found = load_rulebook(folder).destinations["QY"]

    assert [one.id for one in found.not_included] == ["qy.storage", "qy.common"]


def test_a_folder_to_include_that_is_empty_is_told(tmp_path: Path) -> None:
    """Law that is not there is not taken for none."""
    text = changed(SMALL, "bands: qy", "bands: qy\ninclude: [_common]")

    assert fault(tmp_path, law=text) == "qy.yaml:8: there is no folder _common with YAML files"


ISLAND = """\
charges_on_every_way:
- {id: qy.island, kind: tax, name: {en: I, es: I, pt: I}, base: [goods, qy.duty, qy.tax], rate: {fact: qy.insurance}}
- {id: qy.more, kind: tax, name: {en: M, es: M, pt: M}, when: {charged: [qy.tax]}, base: [qy.island], rate: {fact: qy.rate}}
regimes:
- {id: qy.free, name: {en: Free, es: Libre, pt: Livre}, when: {importer: [consumer]}, charges: []}
"""  # noqa: E501  # a rule to a line


def test_a_tax_of_the_place_itself_falls_on_every_way_in(tmp_path: Path) -> None:
    """Charges on every way follow those of each regime, and of the charges in their base take those it has."""
    found = load(tmp_path, law=changed(SMALL, "regimes:\n", ISLAND)).destinations["QY"]

    charges = {regime.id: [(one.id, one.base) for one in regime.charges] for regime in found.regimes}
    assert charges["qy.free"] == [("qy.island", ("goods",)), ("qy.more", ("qy.island",))]
    assert charges["qy.entry"][-2:] == [("qy.island", ("goods", "qy.duty", "qy.tax")), ("qy.more", ("qy.island",))]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("base: [goods, qy.duty,", "base: [goods, qy.none,", "'qy.none' is neither one of goods, freight"),
        ("base: [qy.island]", "base: [qy.more]", "'qy.more' is neither one of goods, freight"),
        ("{charged: [qy.tax]}", "{charged: [qy.none]}", "'qy.none' is no charge above this one"),
        ("{id: qy.more", "{id: qy.fee", "charge qy.fee stands in regime qy.entry already; ids are unique"),
        ("{id: qy.more, kind", "{id: qy.more, knd: tax, kind", "unknown key 'knd'; known here:"),
    ],
)
def test_a_fault_in_a_charge_on_every_way_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    """A name that no way in has is told as in any other charge."""
    assert message in fault(tmp_path, law=changed(SMALL, "regimes:\n", changed(ISLAND, old, new)))
