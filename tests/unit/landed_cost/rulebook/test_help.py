"""Who helps a small seller: the list that ships, and what is said of a broken one."""

from __future__ import annotations

import pytest

from landed_cost.rulebook.help import helpers, read_helpers
from landed_cost.rulebook.reader import RulebookError, read_text

ROW = """
- id: help.qz
  kind: agency
  countries: ["QZ"]
  name: "Agency"
  url: "https://agency.example"
  text: {en: "Helps", es: "Ayuda", pt: "Ajuda"}
  status: memory
"""


def test_a_seller_sees_its_own_agency_and_what_serves_all() -> None:
    """For Costa Rica PROCOMER stands beside what the whole region may use, and no other country's agency."""
    assert [one.id for one in helpers() if one.serves("CR")] == [
        "help.cr.procomer",
        "help.connectamericas",
        "help.intrade",
        "help.helpdesk",
    ]


def test_nobody_is_sent_to_an_agency_that_was_dissolved() -> None:
    """PRO ECUADOR (2026), ProNicaragua (2022) and Promueve Bolivia (by 2020) head no row; what followed them does."""
    names = {one.name for one in helpers()}

    assert names.isdisjoint({"PRO ECUADOR", "ProNicaragua", "Promueve Bolivia"})
    assert [one.id for one in helpers() if one.kind == "agency" and one.serves("EC")] == ["help.ec.produccion"]


def test_the_counter_of_the_post_stands_beside_the_agency() -> None:
    """A seller of Peru sees PROMPERÚ and the counters of Exporta Fácil."""
    assert [one.id for one in helpers() if "PE" in one.countries] == ["help.pe.promperu", "help.pe.exporta_facil"]


def test_without_an_origin_only_what_serves_all_is_named() -> None:
    """Nobody is sent to another country's agency."""
    assert {one.kind for one in helpers() if one.serves(None)} == {"platform", "information"}


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("https://agency.example", "agency.example", "help.yaml:6: 'agency.example' is no address; write https://…"),
        ("kind: agency", "kind: uncle", "help.yaml:3: 'uncle' is not one of agency, counter, platform, information"),
        ("  status: memory", "  status: memory\n  phone: 'x'", "help.yaml:9: unknown key 'phone'"),
    ],
)
def test_a_fault_names_its_place(wrong: str, right: str, message: str) -> None:
    """What is wrong is told with file and line."""
    with pytest.raises(RulebookError) as caught:
        read_helpers(read_text(ROW.replace(wrong, right), "help.yaml"))

    assert str(caught.value).startswith(message)


def test_ids_are_unique() -> None:
    """The same id twice is refused."""
    with pytest.raises(RulebookError, match=r"help\.qz stands twice; ids are unique"):
        read_helpers(read_text(ROW + ROW, "help.yaml"))
