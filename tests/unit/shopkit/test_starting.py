"""What a process does not do before its first answer, because it may never need it."""

import subprocess
import sys

import pytest
from werkzeug.routing import Map, Rule

from shopkit.app import LateRule

# Asked in a process of its own: another test may have imported anything here.
_QUOTE = """
import sys
from datetime import date
from landed_cost.delivery.estimating import estimate
estimate(date(2026, 11, 23), "MX", "US", None, "courier", None)
print(*sorted(one for one in sys.modules if one.startswith("holidays.countries.")))
"""
_LATE = (
    *("PIL", "cryptography", "email_validator", "rapidfuzz"),
    *("shopkit.papers.checks", "shopkit.services.paper_kinds", "shopkit.services.ways", "shopkit.tracking.expecting"),
    *("translations.checks", "translations.drafting", "translations.exchange.jobs", "translations.memory"),
)
_APP = f"import sys, shopkit.app, shopkit.web; print(*({set(_LATE)} & set(sys.modules)))"


def test_a_delivery_imports_the_holidays_of_its_two_countries_alone() -> None:
    """A delivery from Mexico to the United States brings no other country's holidays into the process."""
    assert _told(_QUOTE) == ["holidays.countries.mexico", "holidays.countries.united_states"]


def test_the_application_starts_without_what_only_some_requests_need() -> None:
    """Pictures, signatures, the syntax of addresses, checks of texts, papers and ways to send come with who asks."""
    assert _told(_APP) == []


@pytest.mark.parametrize(
    ("values", "address"),
    [
        ({"name": "camisa de niña", "page": 3}, "/shops/camisa%20de%20ni%C3%B1a/3"),
        ({"name": "a/b", "page": 3, "sort": "new"}, "/shops/a/b/3?sort=new"),
    ],
)
def test_an_address_is_built_as_werkzeug_builds_it(values: dict[str, object], address: str) -> None:
    """Rules that compile their builders late give the addresses that werkzeug's own give."""
    built = [
        Map([kind("/shops/<name>/<int:page>", endpoint="page")]).bind("shop.example").build("page", values)
        for kind in (LateRule, Rule)
    ]

    assert built == [address, address]


def test_a_rule_compiles_its_builders_when_an_address_is_first_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making a route compiles nothing; the first address does, and the second finds it done."""
    compiled: list[bool] = []
    theirs = Rule._compile_builder

    def watched(rule: Rule, append_unknown: bool = True) -> object:  # noqa: FBT001, FBT002  # werkzeug's own signature
        compiled.append(append_unknown)
        return theirs(rule, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", watched)
    routes = Map([LateRule("/shops/<name>", endpoint="page")]).bind("shop.example")
    before = list(compiled)
    routes.build("page", {"name": "a"})
    routes.build("page", {"name": "b"})

    assert (before, compiled) == ([], [True])


def _told(code: str) -> list[str]:
    """Return the words that a program prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
