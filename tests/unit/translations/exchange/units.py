"""Units as hypothesis makes them: every sign that a text may hold, every field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from translations.memory import STATUSES, Context, Unit

# What XML 1.0 can hold; tables and catalogues hold all of it too.
SIGNS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn"), include_characters="\t\n\r\x85")
LINES = st.sampled_from(
    ["=1+1", "'=x", "''-", '"', "\r\n", "\n", " ", "\u2028", "\ufffd", "a,b;c\td", "<b>&amp;</b>", "{size}", "\\n"]
)
TEXTS = st.lists(st.one_of(st.text(SIGNS, max_size=12), LINES), max_size=5).map("".join)
WORDS = st.builds("{}{}{}".format, TEXTS, st.sampled_from(["a", "ñ", "手", "9"]), TEXTS)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-6)), timezone(timedelta(hours=-3, minutes=-30))])

# TMX writes years in four digits.
DATES = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001  # zones are drawn


def units(
    sources: tuple[str, ...] = ("es-MX", "en-US"), targets: tuple[str, ...] = ("pt-BR", "es-419")
) -> st.SearchStrategy[Unit]:
    """Return units of these languages."""
    return st.builds(
        Unit,
        TEXTS,
        WORDS,
        WORDS,
        st.sampled_from(sources),
        st.sampled_from(targets),
        st.builds(Context, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS),
        st.sampled_from(STATUSES),
        TEXTS,
        st.none() | DATES,
        TEXTS,
    )
