"""The special column: groups of symbols with a rate, or with a quota heading to see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.expressions import RateSyntaxError
from landed_cost.schedules.special import Group, read_special


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("", ()),
        ("Free (AU,CL)", ((("AU", "CL"), "Free", ()),)),
        ("Free(A, AU,\u00a0BH)", ((("A", "AU", "BH"), "Free", ()),)),
        ("Free (A*,E+, IL,JO, KR)", ((("A*", "E+", "IL", "JO", "KR"), "Free", ()),)),
        ("Free (S,SG)2.7% (JP)", ((("S", "SG"), "Free", ()), (("JP",), "2.7%", ()))),
        ("Free (E) 31¢/kg +5.4% (JO)", ((("E",), "Free", ()), (("JO",), "31¢/kg + 5.4%", ()))),
        ("See 9822.05.20 (P+)", ((("P+",), None, ("9822.05.20",)),)),
        (
            "Free (BH) See 9823.09.01-9823.09.09 (S+) See 9822.03.01(MA)",
            ((("BH",), "Free", ()), (("S+",), None, ("9823.09.01-9823.09.09",)), (("MA",), None, ("9822.03.01",))),
        ),
        (
            "See 9919.04.10, 9919.04.12, 99.19.04.14 (PA)",
            ((("PA",), None, ("9919.04.10", "9919.04.12", "9919.04.14")),),
        ),
        ("See 9919.04.67 (PA (PA)", ((("PA",), None, ("9919.04.67",)),)),
        ("See U.S. note 3(e) (CO,PE)", ((("CO", "PE"), None, ("U.S. note 3(e)",)),)),
        (
            "The duty provided in the applicable subheading + 25%",
            (((), "The duty provided in the applicable subheading + 25%", ()),),
        ),
        (
            "Free (AU) A duty upon the value of the repairs (see U.S. note 3 of this subchapter) (B,C)",
            (
                (("AU",), "Free", ()),
                (("B", "C"), "A duty upon the value of the repairs (see U.S. note 3 of this subchapter)", ()),
            ),
        ),
    ],
)
def test_read_special(text: str, groups: tuple[Group, ...]) -> None:
    """Every group keeps its symbols and its rate; a quota heading is no rate."""
    assert read_special(text) == groups


@pytest.mark.parametrize(
    "text",
    [
        "Free (AU) and more",
        "Free (AU) (CL)",
        "Fre (AU)",
        "See the note (AU)",
        "See 9822.05 (P+)",
        "See 9822.05.20 to 9822.05.25 (P+)",
        "See  (P+)",
    ],
)
def test_no_special_column(text: str) -> None:
    """What is neither a rate nor a heading is refused."""
    with pytest.raises(RateSyntaxError):
        read_special(text)


@given(
    st.one_of(
        st.text(max_size=40), st.lists(st.sampled_from(["Free", "(CL)", "(", "PE", ")", "5%", "See"])).map(" ".join)
    )
)
def test_any_text(text: str) -> None:
    """Any text is a special column or a ``RateSyntaxError``."""
    try:
        groups = read_special(text)
    except RateSyntaxError:
        return

    assert all((rate is None) == bool(see) for _, rate, see in groups)
