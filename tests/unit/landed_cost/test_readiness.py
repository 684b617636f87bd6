"""Whether a product may be offered: by hand for single rows, and by chance for what always holds."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost import Place, load_rulebook
from landed_cost.readiness import CHANNELS, STATUSES, Held, Product, Readiness, readiness
from tests.unit.landed_cost.qz import RATES
from tests.unit.landed_cost.rulebook.small import SMALL, fault, write

if TYPE_CHECKING:
    from landed_cost import Rulebook

TODAY = date(2026, 6, 1)
LATER = TODAY + timedelta(days=20)
PROOF = "from: null, to: null, known_until: 2026-06-30, volatility: low, status: verified, sources: [Act 1]"
TEXT = "message: {en: M, es: M, pt: M}"
ROWS = f"""\
- {{id: qy.raw, severity: prohibits, when: {{hs: ["0406"], attribute: {{pasteurised: "no"}}}}, lifts: {{en: L, es: L, pt: L}}, {TEXT}, {PROOF}}}
- {{id: qy.plant, severity: requires, when: {{hs: ["04"]}}, paper: plant, body: office, {TEXT}, {PROOF}}}
- {{id: qy.each, severity: requires, when: {{hs: ["04"]}}, kind: formality, {TEXT}, {PROOF}}}
- {{id: qy.trade, level: trade, severity: requires, when: {{hs: ["04"]}}, paper: audit, {TEXT}, {PROOF}}}
- {{id: qy.sure, level: signal, severity: requires, when: {{hs: ["04"], attribute: {{organic_claim: "yes"}}}}, {TEXT}, {PROOF}}}
- {{id: qy.advice, severity: advises, when: {{hs: ["04"]}}, {TEXT}, {PROOF}}}
- {{id: qy.mail, severity: prohibits, when: {{channel: [postal], hs: ["8507"]}}, {TEXT}, {PROOF}}}
- {{id: qy.origin, severity: requires, when: {{hs: ["09"], origin: [AA]}}, {TEXT}, from: null, to: null, status: memory}}
- {{id: qy.code, severity: requires, when: {{hs: ["610910"]}}, {TEXT}, {PROOF}}}
- {{id: qy.state, per: consignment, severity: requires, when: {{region: [A], channel: [freight]}}, {TEXT}, {PROOF}}}
- {{id: qy.dear, severity: requires, when: {{hs: ["85"], goods: {{over: "100 USD"}}}}, {TEXT}, {PROOF}}}
"""  # noqa: E501  # a row to a line
PAPERS = """\
plant: {kind: registration, name: {en: P, es: P, pt: P}, national: true}
audit: {kind: certificate, name: {en: A, es: A, pt: A}, form: {en: F, es: F, pt: F}, validity: {en: V, es: V, pt: V}}
"""
BODIES = 'office: {name: The Office, country: QY, url: "https://office.example/"}\n'
LAW = SMALL.replace("not_included:", ROWS + "not_included:")
RULES = ["qy.raw", "qy.plant", "qy.trade", "qy.sure", "qy.mail", "qy.origin", "qy.code", "qy.state", "plant", "audit"]


@cache
def book() -> Rulebook:
    """Return a rulebook whose one destination asks for papers of every kind."""
    with TemporaryDirectory() as folder:
        return load_rulebook(written(Path(folder)), RATES)


def written(folder: Path) -> Path:
    """Write that rulebook to a folder."""
    (folder / "papers.yaml").write_text(PAPERS, "utf-8")
    (folder / "bodies.yaml").write_text(BODIES, "utf-8")
    return write(folder, law=LAW, bands="# Invented.\nhs,lines,min,typical,max\n" + BANDS)


BANDS = "04,1,10,10,10\n09,1,10,10,10\n610910,1,10,10,10\n610990,1,10,10,10\n85,1,10,10,10\n"


def ask(product: Product, *papers: Held, region: str | None = "A", **more: Any) -> Readiness:
    """Return how a product of AA stands in QY today, by courier unless told otherwise."""
    more = {"channels": ("courier",)} | more
    return readiness(product, Place("AA"), Place("QY", region), book(), TODAY, papers=papers, **more)


def cheese(**attributes: str) -> Product:
    """Return a cheese of AA."""
    return Product(hs_code="040690", origin="AA", attributes=attributes)


def states(found: Readiness) -> dict[str, str]:
    """Return the state of every rule that was found."""
    return {one.rule.evidence.id: one.state for one in found.findings}


PLANT = Held("plant", "QY", "1", LATER)


def test_a_product_with_its_papers_is_ready() -> None:
    """What the trade asks for and advice are told, and hold nothing up."""
    found = ask(cheese(pasteurised="yes", organic_claim="no"), PLANT)

    assert (found.status, found.questions, found.evidence) == ("ready", (), "verified")
    assert states(found) == {
        "qy.plant": "met",
        "qy.each": "formality",
        "qy.trade": "unmet",
        "qy.advice": "advice",
    }


def test_a_missing_paper_of_law_is_needed() -> None:
    """The row tells the paper and who gives it."""
    found = ask(cheese(pasteurised="yes"))

    row = next(one.rule for one in found.findings if one.rule.evidence.id == "qy.plant")
    assert (found.status, states(found)["qy.plant"]) == ("needs", "unmet")
    assert row.paper is not None
    assert row.body is not None
    assert (row.kind, row.paper.name["en"], row.body.name, row.body.url) == (
        "registration",
        "P",
        "The Office",
        "https://office.example/",
    )


def test_what_is_forbidden_is_blocked_until_the_block_is_lifted() -> None:
    """A paper for the very rule lifts a prohibition that says how it ends."""
    blocked = ask(cheese(pasteurised="no"), PLANT)
    lifted = ask(cheese(pasteurised="no"), PLANT, Held("qy.raw"))

    assert (blocked.status, states(blocked)["qy.raw"]) == ("blocked", "blocked")
    assert (lifted.status, states(lifted)["qy.raw"]) == ("ready", "lifted")


def test_a_prohibition_without_an_end_is_not_lifted() -> None:
    """No paper takes a battery into the mail; the other ways are open."""
    found = ask(Product(hs_code="850760", origin="AA"), Held("qy.mail"), channels=CHANNELS)

    assert (found.status, dict(found.ways)) == ("ready", {"postal": "blocked", "courier": "ready", "freight": "needs"})


def test_an_answer_that_was_not_given_is_asked() -> None:
    """The question names what it could bring, the gravest first, with the answers that are allowed."""
    found = ask(cheese(), PLANT)

    assert (found.status, states(found)["qy.raw"]) == ("asks", "perhaps_blocked")
    assert [(one.kind, one.name, one.could, one.rules) for one in found.questions] == [
        ("attribute", "pasteurised", "prohibit", ("qy.raw",)),
        ("attribute", "organic_claim", "advise", ("qy.sure",)),
    ]
    assert found.questions[0].text("es") == "¿La leche con que se hizo es pasteurizada?"
    assert found.questions[0].answers("pt") == [("yes", "Sim"), ("no", "Não")]


@pytest.mark.parametrize(
    ("product", "region", "kind", "could", "text"),
    [
        (Product(hs_code="090121"), "A", "origin", "require", "In which country were the goods made?"),
        (
            Product(hs_code="6109", origin="AA"),
            "A",
            "hs",
            "require",
            "Which tariff code do the goods have, to its full",
        ),
        (Product(hs_code="610990", origin="AA"), None, "region", "require", "To which state or region does it go?"),
        (Product("zzzz qqqq", origin="AA"), "A", "hs", "prohibit", "Which tariff code do the goods have"),
        (Product(hs_code="999999", origin="AA"), "A", "hs", "prohibit", "Which tariff code do the goods have"),
        (Product(hs_code="x", origin="AA"), "A", "hs", "prohibit", "Which tariff code do the goods have"),
    ],
)
def test_the_code_the_origin_and_the_state_are_asked(
    product: Product, region: str | None, kind: str, could: str, text: str
) -> None:
    """Whatever a rule looks at and was not given is a question, and keeps a product from being ready."""
    found = ask(product, region=region, channels=("freight",))

    questions = [(one.kind, one.could, one.answers("en")) for one in found.questions]
    assert (kind, could, []) in questions
    assert any(one.text("en").startswith(text) for one in found.questions)
    assert found.status == "asks"


def test_a_paper_makes_its_question_needless() -> None:
    """Who holds what an answer could require need not answer."""
    found = ask(Product(hs_code="090121"), Held("qy.origin"))

    assert (found.status, found.questions, found.evidence) == ("ready", (), "memory")


def test_what_the_parcel_settles_holds_nothing_up() -> None:
    """A limit of value is for the quote to look at; it is told as such."""
    found = ask(Product(hs_code="850760", origin="AA"))

    assert [(one.rule.evidence.id, one.state, one.depends, one.certain) for one in found.findings] == [
        ("qy.dear", "formality", True, False)
    ]
    assert (found.status, found.evidence) == ("ready", "none")


@pytest.mark.parametrize(
    ("expires", "arrives_by", "state", "fault"),
    [
        (TODAY - timedelta(days=1), None, "unmet", "expired"),
        (TODAY, None, "met", None),
        (LATER, LATER, "met", None),
        (LATER, LATER + timedelta(days=1), "unmet", "expires_too_soon"),
        (None, LATER, "met", None),
        (TODAY, TODAY - timedelta(days=9), "met", None),
    ],
)
def test_a_paper_counts_until_its_last_day(
    expires: date | None, arrives_by: date | None, state: str, fault: str | None
) -> None:
    """It has to be good until the parcel has come; one that is not is told with its fault."""
    found = ask(cheese(pasteurised="yes"), Held("plant", "QY", "1", expires), arrives_by=arrives_by)

    row = next(one for one in found.findings if one.rule.evidence.id == "qy.plant")
    assert (row.state, row.fault, row.held and row.held.expires) == (state, fault, expires)


def test_of_several_papers_the_longest_counts() -> None:
    """An old one beside a good one does no harm."""
    old = Held("plant", "QY", "0", TODAY - timedelta(days=400))

    assert ask(cheese(pasteurised="yes"), old, PLANT).status == ask(cheese(pasteurised="yes"), PLANT, old).status
    assert ask(cheese(pasteurised="yes"), old, PLANT).status == "ready"


@pytest.mark.parametrize(("country", "state"), [("QY", "met"), ("AA", "unmet"), (None, "unmet")])
def test_a_national_paper_counts_in_its_country(country: str | None, state: str) -> None:
    """A registration elsewhere, or nobody says where, proves nothing here."""
    found = ask(cheese(pasteurised="yes"), Held("plant", country))

    assert states(found)["qy.plant"] == state


def test_an_international_paper_counts_everywhere() -> None:
    """What no country's register keeps needs no country."""
    assert states(ask(cheese(pasteurised="yes"), Held("audit")))["qy.trade"] == "met"


def test_a_code_of_several_lines_asks_for_the_full_one() -> None:
    """Where the lines under a code are treated differently, which of them it is is a question."""
    found = ask(Product(hs_code="6109", origin="AA"))

    assert (found.status, [(one.kind, one.could) for one in found.questions]) == ("asks", [("hs", "require")])


HELD = st.builds(
    Held,
    st.sampled_from(RULES),
    st.sampled_from(["QY", None]),
    st.none(),
    st.none() | st.dates(TODAY - timedelta(days=3), LATER),
)


@given(
    st.lists(HELD, max_size=4),
    HELD,
    st.sampled_from(["040690", "090121", "850760", "6109", "610990", None]),
    st.dictionaries(st.sampled_from(["pasteurised", "organic_claim"]), st.sampled_from(["yes", "no"])),
    st.sampled_from([None, "AA"]),
)
def test_a_further_paper_never_makes_it_worse(
    papers: list[Held], further: Held, code: str | None, attributes: dict[str, str], origin: str | None
) -> None:
    """By every way the status with one more paper is as good or better, and no question is added."""
    product = Product("cheese", code, None, origin, attributes)
    before = ask(product, *papers, channels=CHANNELS, arrives_by=LATER - timedelta(days=5))
    after = ask(product, *papers, further, channels=CHANNELS, arrives_by=LATER - timedelta(days=5))

    assert all(STATUSES.index(after.ways[way]) <= STATUSES.index(before.ways[way]) for way in CHANNELS)
    assert {one.name for one in after.questions} <= {one.name for one in before.questions}


def test_a_destination_that_is_not_covered_is_an_error() -> None:
    """Whoever asks knows what is covered."""
    with pytest.raises(KeyError):
        readiness(cheese(), Place("AA"), Place("XX"), book(), TODAY)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("severity: prohibits, level: trade", "only law prohibits; what the trade asks for is requires or advises"),
        ("severity: requires, paper: visa", "'visa' is not in papers.yaml; add it there"),
        ("severity: requires, body: king", "'king' is not in bodies.yaml; add it there"),
        ("severity: requires, kind: wish", "'wish' is not one of certificate, registration,"),
        ("severity: requires, level: taste", "'taste' is not one of law, trade, signal"),
    ],
)
def test_a_row_that_cannot_be_read_is_told(tmp_path: Path, row: str, message: str) -> None:
    """Words outside the vocabulary stop the loader."""
    law = SMALL.replace("severity: requires", row)

    assert message in fault(tmp_path, law=law)


def test_what_stands_in_every_holds_everywhere(tmp_path: Path) -> None:
    """Rows of the folder _every need no include."""
    (tmp_path / "_every").mkdir()
    (tmp_path / "_every" / "mail.yaml").write_text(
        f"restrictions:\n- {{id: every.mail, severity: prohibits, when: {{hs: ['36']}}, {TEXT}, {PROOF}}}\n", "utf-8"
    )

    found = load_rulebook(written(tmp_path), RATES).destinations["QY"]

    assert "every.mail" in [row.evidence.id for row in found.restrictions]
