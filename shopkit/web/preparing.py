"""Getting an order ready, in the fields of the form: what they say as a request, and a request in the fields again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from shopkit.web.forms import Form

Json = dict[str, Any]
# The fields of each time of being closed; the form has room for two, such as the turn of the year and August.
CLOSED: Final = ("closed", "closed_again")


class Reader(Protocol):
    """What reads single fields of a form, and notes which pointer of the request each becomes."""

    form: Form

    def note(self, pointer: str, name: str) -> None:
        """Note the field of a pointer."""

    def word(self, into: Json, name: str, key: str, pointer: str) -> None:
        """Put the text of a field under a key, if there is any."""

    def whole(self, name: str, pointer: str) -> int | str | None:
        """Return a whole number."""


def read_handling(reader: Reader) -> Json:
    """Return how the seller gets the order ready, nothing where nothing is said."""
    handling: Json = {}
    for name in ("ordered_at", "cut_off"):
        reader.word(handling, name, name, f"/handling/{name}")
    for key in ("making", "days"):
        ends = {end: reader.whole(f"{key}_{end}", f"/handling/{key}/{end}") for end in ("min", "max")}
        given = {end: number for end, number in ends.items() if number is not None}
        if given:
            handling[key] = given
    weekdays = reader.form.chosen("weekdays")
    reader.note("/handling/weekdays", "weekdays")
    if weekdays:
        handling["weekdays"] = weekdays
    if reader.form.value("works_holidays") == "yes":
        handling["works_holidays"] = True
    closed = list(filter(None, (_closed(reader, name) for name in CLOSED)))
    for index, name in enumerate(name for name in CLOSED if _is_said(reader.form, name)):
        for end in ("first", "last"):
            reader.note(f"/handling/closed/{index}/{end}", f"{name}_{end}")
    if closed:
        handling["closed"] = closed
    return handling


def _closed(reader: Reader, name: str) -> Json:
    found: Json = {}
    for end in ("first", "last"):
        reader.word(found, f"{name}_{end}", end, f"/handling/closed/{CLOSED.index(name)}/{end}")
    return found


def _is_said(form: Form, name: str) -> bool:
    return any(form.value(f"{name}_{end}").strip() for end in ("first", "last"))


def fill_handling(form: Form, handling: Json) -> None:
    """Put what a request says of getting ready into the fields."""
    for name in ("ordered_at", "cut_off"):
        form.put(name, handling.get(name))
    for key in ("making", "days"):
        days = handling.get(key) or {}
        for end in ("min", "max"):
            form.put(f"{key}_{end}", str(days[end]) if days else None)
    form.values["weekdays"] = list(handling.get("weekdays") or ())
    form.put("works_holidays", "yes" if handling.get("works_holidays") else None)
    for name, closed in zip(CLOSED, handling.get("closed", ()), strict=False):
        for end in ("first", "last"):
            form.put(f"{name}_{end}", closed.get(end))


def fits(handling: Json) -> bool:
    """Return whether the form has room for all of it."""
    return len(handling.get("closed", ())) <= len(CLOSED)
