"""What if: supposed figures over the law, and what is said of an answer under them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost import load_rulebook, quote
from landed_cost.model import Source, by_language
from landed_cost.rulebook import Overlay, OverlayError, Supposed
from landed_cost.rulebook.facts import in_all
from landed_cost.rulebook.overlay import lay_over
from landed_cost.serialise import to_dict
from tests.unit.landed_cost.qz import amounts, book, codes, shipment
from tests.unit.landed_cost.rulebook.small import SMALL, changed, load

if TYPE_CHECKING:
    from pathlib import Path

    from landed_cost import Rulebook


def overlay(
    fact: str, value: str, since: str | None = None, until: str | None = None, unit: str | None = None
) -> Overlay:
    """Return an overlay of one figure."""
    days = [None if day is None else date.fromisoformat(day) for day in (since, until)]
    return Overlay("a try", (Supposed(fact, Fraction(value), value, days[0], days[1], unit),))


def values(found: Rulebook, fact: str, *days: str) -> list[str]:
    """Return what a fact says on each day, ``-`` where it is not in force."""
    said = []
    for day in days:
        state, row = found.at("QY", date.fromisoformat(day)).fact(fact)
        said.append(row.shown() if state == "in_force" else {"none": "-", "unknown": "?"}[state])
    return said


class TestDays:
    """A supposed figure holds for its days; before and after them the law goes on."""

    @pytest.mark.parametrize(
        ("days", "said"),
        [
            ((None, None), ["3%", "3%", "3%", "3%", "3%"]),
            (("2026-05-01", None), ["10%", "3%", "3%", "3%", "3%"]),
            ((None, "2026-05-31"), ["3%", "3%", "12%", "12%", "12%"]),
            (("2026-05-31", "2026-06-01"), ["10%", "3%", "3%", "12%", "12%"]),
            (("2026-06-02", "2026-06-02"), ["10%", "10%", "12%", "3%", "12%"]),
            (("2026-06-01", None), ["10%", "10%", "3%", "3%", "3%"]),
        ],
    )
    def test_the_law_goes_on_around_it(
        self, tmp_path: Path, days: tuple[str | None, str | None], said: list[str]
    ) -> None:
        """10 % to the end of May and 12 % after, with 3 % supposed for some days."""
        found = load(tmp_path).with_overlay(overlay("qy.rate", "3", *days))

        assert values(found, "qy.rate", "2026-04-30", "2026-05-31", "2026-06-01", "2026-06-02", "2026-06-03") == said

    def test_a_rule_that_ended_comes_back_for_a_while(self, tmp_path: Path) -> None:
        """After the supposed days an ended rule has ended as before, and what was before it is still said."""
        fee = "what: Fee, value: 5, unit: USD, from: null, to: null,"
        ended = "what: Fee, value: 5, unit: USD, from: 2026-02-01, before: none, to: 2026-02-28, then: ended,"
        law = changed(SMALL, fee, ended)
        found = load(tmp_path, law=law).with_overlay(overlay("qy.fee", "7", "2026-03-05", "2026-03-06"))

        days = ("2026-01-31", "2026-02-01", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07")
        assert values(found, "qy.fee", *days) == ["-", "5 USD", "-", "7 USD", "7 USD", "-"]

    def test_a_rule_may_begin_earlier(self, tmp_path: Path) -> None:
        """A figure may be supposed for days before the first, and the days before it keep what was said of them."""
        fee = "what: Fee, value: 5, unit: USD, from: null,"
        law = changed(SMALL, fee, "what: Fee, value: 5, unit: USD, from: 2026-03-01, before: unknown,")
        found = load(tmp_path, law=law).with_overlay(overlay("qy.fee", "7", "2026-02-10", "2026-02-28"))

        assert values(found, "qy.fee", "2026-02-09", "2026-02-10", "2026-03-01") == ["?", "7 USD", "5 USD"]

    def test_its_days_are_days_of_change(self, tmp_path: Path) -> None:
        """An answer is held to the eve of a supposed change, as to that of a real one."""
        found = load(tmp_path).with_overlay(overlay("qy.rate", "3", "2026-04-10", "2026-04-20"))

        law = found.at("QY", date(2026, 4, 9))
        assert (law.next_change, found.at("QY", date(2026, 4, 10)).next_change) == (
            date(2026, 4, 10),
            date(2026, 4, 21),
        )


class TestFaults:
    """What does not fit is told at once, with what would."""

    @pytest.mark.parametrize(
        ("wrong", "part", "code", "params"),
        [
            (
                overlay("qy.rat", "0"),
                "",
                "what_if.unknown_fact",
                {"fact": "qy.rat", "known": "qy.rate, qy.insurance, qy.value"},
            ),
            (overlay("qy.value", "0"), "", "what_if.text", by_language("what", in_all("Value"))),
            (overlay("qy.band.610910", "0"), "", "what_if.tariff", {"fact": "qy.band.610910"}),
            (overlay("qy.fee", "0", unit="EUR"), "unit", "what_if.unit", {"unit": "EUR", "expected": "USD"}),
            (
                overlay("qy.fee", "0", "2026-02-02", "2026-02-01"),
                "to",
                "what_if.days",
                {"from": "2026-02-02", "to": "2026-02-01"},
            ),
            (overlay("qy.fee", "0.001"), "value", "what_if.too_fine", {"value": "0.001", "unit": "USD"}),
        ],
    )
    def test_a_figure_that_does_not_fit(
        self, tmp_path: Path, wrong: Overlay, part: str, code: str, params: dict[str, Any]
    ) -> None:
        """An unknown fact, a text, a line of a tariff, another unit, days in the wrong order, too fine an amount."""
        with pytest.raises(OverlayError, match=code) as caught:
            load(tmp_path).with_overlay(wrong)

        (found,) = caught.value.faults
        assert (found.fact, found.part, found.code, found.params) == (wrong.supposed[0].fact, part, code, params)

    def test_a_tax_inside_its_own_base_stays_below_a_hundred(self, tmp_path: Path) -> None:
        """No base could hold a tax of 100 % of itself."""
        inside = changed(SMALL, "rate: {by_region: qy.rates}", "rate: {by_region: qy.rates}\n    inside: true")
        found = load(tmp_path, law=inside)
        codes = []
        for value in ("100", "99"):
            try:
                found.with_overlay(overlay("qy.rate", value))
            except OverlayError as error:
                codes += [fault.code for fault in error.faults]

        assert codes == ["what_if.whole"]

    def test_other_rates_may_be_more_than_a_hundred(self, tmp_path: Path) -> None:
        """A duty of 150 % is hard but possible."""
        found = load(tmp_path).with_overlay(overlay("qy.rate", "150"))

        assert values(found, "qy.rate", "2026-05-01") == ["150%"]


class TestAnswers:
    """An answer under an overlay is plainly no statement about the law."""

    def test_it_is_marked(self) -> None:
        """The fee is what was supposed, the outcome at most estimated, and reasons and versions name the overlay."""
        plain = quote(shipment(), book())
        supposed = quote(shipment(), book().with_overlay(overlay("qz.fee.least", "15")))

        assert (plain.outcome, plain.versions.overlay, "overlay" in to_dict(plain)["versions"]) == (
            "complete",
            None,
            False,
        )
        assert (supposed.outcome, codes(supposed)[0]) == ("estimated", "overlay.hypothetical")
        assert to_dict(supposed)["versions"]["overlay"] == "a try"
        assert amounts(supposed) != amounts(plain)

    def test_its_figures_say_that_they_are_assumed(self) -> None:
        """The rule behind a supposed charge has the status assumed, and the overlay for its source."""
        answer = quote(shipment(), book().with_overlay(overlay("qz.fee.least", "15")))

        (rule,) = (one for one in answer.rules if one.id == "qz.fee.least")
        assert (rule.status, rule.sources, rule.known_until) == ("assumed", (Source("a try", ""),), None)

    def test_a_refusal_stays_one(self) -> None:
        """Where the law refuses a figure, supposing another one does not give it."""
        found = book().with_overlay(overlay("qz.fee.least", "15"))
        answer = quote(shipment(dispatch=shipment().destination), found)

        assert (answer.outcome, codes(answer)) == ("refused", ["dispatch.domestic", "overlay.hypothetical"])

    def test_the_law_itself_is_not_touched(self) -> None:
        """The rulebook that was laid over answers as before."""
        before = quote(shipment(), book())

        book().with_overlay(overlay("qz.fee.least", "15"))

        assert quote(shipment(), book()) == before

    def test_the_same_supposition_is_compiled_once(self) -> None:
        """Asked again it is the same rulebook; only so many are kept."""
        first = book().with_overlay(overlay("qz.fee.least", "16"))
        again = book().with_overlay(overlay("qz.fee.least", "16"))
        for value in range(20):
            book().with_overlay(overlay("qz.fee.least", f"3.{value:02}"))

        assert first is again
        assert book().with_overlay(overlay("qz.fee.least", "16")) is not first

    def test_destinations_that_are_not_named_share_their_law(self) -> None:
        """The law of a day that was compiled is used again where nothing is supposed of the destination."""
        law = book().at("QZ", date(2026, 5, 20))
        other = overlay("qz.fee.least", "17")

        assert book().with_overlay(other).at("QZ", date(2026, 5, 20)) is not law

    def test_a_destination_of_which_nothing_is_supposed_stays_itself(self) -> None:
        """It is the very same, and so is all that was settled for it."""
        found = lay_over(load_rulebook().destinations["CL"], overlay("qz.fee.least", "17"))

        assert found is load_rulebook().destinations["CL"]
