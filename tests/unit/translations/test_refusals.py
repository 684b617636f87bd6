"""Reasons without a draft, in words."""

from typing import get_args

from translations.engines.port import Reason
from translations.refusals import texts, told


def test_every_reason_is_told_in_every_language() -> None:
    """Each reason of the port says what happened and what to do, in full sentences."""
    reasons = get_args(Reason)
    found = {(reason, language): told(reason, language) for reason in reasons for language in ("es", "pt", "en")}

    assert set(texts()) == set(reasons)
    assert [key for key, said in found.items() if not all(one.endswith(".") for one in said)] == []
