"""The form of a listing: from the listing to what stands in the cells, and from what was typed to the listing.

What was typed is kept as it was typed. What the form has no cell for stays in the listing as it is: a row remembers
which one of the listing it was.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from landed_cost.rulebook.attributes import attributes
from shopkit.web import forms
from shopkit.web.filling import typed
from shopkit.web.forms import Form
from shopkit.web.language import N_
from shopkit.web.listing_cells import (
    BY_NAME,
    CELLS,
    FLAG,
    GROUPS,
    MONEY,
    NUMBER,
    OPTIONS,
    PHOTOS,
    WEIGHT,
    WORDS,
    Cell,
    Group,
)
from translations.numbers import AmbiguousNumberError, NumberError, read_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from werkzeug.datastructures import MultiDict

    from shopkit.services.problems import RequestProblem
    from translations.ui import Speech

Json = dict[str, Any]
MAX_ROWS: Final = 2_000
# Groups whose rows are told apart by a name, and which it is.
KEYED: Final = {"variants": "sku", "markets": "market"}
_ATTRIBUTE: Final = "attributes-"
_NO: Final = N_("“%(text)s” is not a number. Write digits only, like 25 or 25.50.")
_TWO: Final = N_("“%(text)s” can be read in two ways. Write %(whole)s, or %(part)s.")
_WHOLE: Final = N_("Write a whole number.")
_PAIRS: Final = N_("Write each as name: value, with semicolons between, like Size: M; Colour: red.")
# Cells that hold something in a row that says nothing.
_SILENT: Final = frozenset({"included", "kind", "language"})


@dataclass(slots=True)
class Read:
    """The listing that the form says, and the cell that each pointer came from."""

    value: Json
    fields: dict[str, str] = field(default_factory=dict)


def read(sent: MultiDict[str, str]) -> Form:
    """Return the form as it was sent, all cells of it."""
    return forms.read_form(sent)


def rows(form: Form, group: Group) -> int:
    """Return how many rows of a group the form has."""
    text = form.value(f"{group.name}-count")
    count = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(MAX_ROWS)) + 1 else 0
    return min(count, MAX_ROWS)


def add_row(form: Form, name: str) -> None:
    """Make room for one more row of a group."""
    if name in BY_NAME:
        form.put(f"{name}-count", str(rows(form, BY_NAME[name]) + 1))
        form.focus = f"{name}-{rows(form, BY_NAME[name]) - 1}-{BY_NAME[name].cells[0].name}"


def fill(listing: Json, speech: Speech) -> Form:
    """Return the form of a listing, with a fresh row below each group."""
    form = Form()
    for cell in CELLS:
        _put(form, cell.name, cell, _get(listing, cell.path), speech)
    for name, text in listing.get("attributes", {}).items():
        if name in attributes():
            form.put(_ATTRIBUTE + name, text)
    for group in GROUPS:
        _fill_rows(form, group, listing.get(group.name, []), speech)
    return form


def _fill_rows(form: Form, group: Group, kept: list[Json], speech: Speech) -> None:
    form.put(f"{group.name}-count", str(len(kept) + group.fresh))
    for index, row in enumerate(kept):
        if group.name in KEYED:
            form.put(f"{group.name}-{index}-was", row[KEYED[group.name]])
        if group is PHOTOS:
            put_photo(form, index, row)
        for cell in group.cells:
            value = row.get("included", True) if cell.kind == FLAG else _get(row, cell.path)
            _put(form, f"{group.name}-{index}-{cell.name}", cell, value, speech)
    for index in range(len(kept), len(kept) + group.fresh):
        if group.name == "markets":
            form.put(f"{group.name}-{index}-included", "yes")


def build(form: Form, base: Json, speech: Speech) -> Read:
    """Return the listing that the form says over ``base``; what cannot be read is an error at its cell."""
    found = Read(copy.deepcopy(base))
    desk = _Desk(form, speech, found.fields)
    for cell in CELLS:
        pointer = "/" + "/".join(cell.path)
        desk.place(pointer, cell.name, cell)
        _set(found.value, cell.path, desk.take(cell.name, cell))
    _tidy(found.value)
    _answers(form, found)
    for group in GROUPS:
        made = _rows(form, group, base.get(group.name, []), desk)
        if made:
            found.value[group.name] = made
        else:
            found.value.pop(group.name, None)
    return found


def place_problems(form: Form, found: Read, problems: Iterable[RequestProblem], speech: Speech) -> None:
    """Write what is wrong at its cell; what belongs to none goes to the head of the form."""
    built = forms.Built(found.value, found.fields)
    forms.place_problems(form, built, problems, speech)


def listed(form: Form, speech: Speech) -> list[tuple[str, str, str]]:
    """Return what is wrong as (cell, what it is called, what to do), in the order of the form."""
    found = [(_place(name), name, label_of(name, speech), text) for name, text in form.errors.items()]
    return [(name, label, text) for _, name, label, text in sorted(found)]


def label_of(name: str, speech: Speech) -> str:
    """Return what a cell is called, with the number of its row.

    >>> from translations.ui import speech
    >>> label_of("variants-1-sku", speech("en", [])), label_of("title", speech("en", []))
    ('Variants 2: SKU', 'Title')
    """
    translate = speech.sentences.gettext
    group, _, rest = name.partition("-")
    index, _, cell = rest.partition("-")
    if group in BY_NAME and index.isdigit():
        label = next((one.label for one in BY_NAME[group].cells if one.name == cell), cell)
        return f"{translate(BY_NAME[group].title)} {int(index) + 1}: {translate(label)}"
    return translate(next((one.label for one in CELLS if one.name == name), name))


def label_of_path(path: Sequence[str], speech: Speech) -> str:
    """Return what a field of a listing is called in its history: that of its cell, else its own name."""
    translate = speech.sentences.gettext
    for cell in CELLS:
        if cell.path == tuple(path[: len(cell.path)]) or (len(path) == 1 and cell.path[0] == path[0]):
            return translate(cell.label)
    group = BY_NAME.get(path[0])
    if group is None:
        return " / ".join(path)
    own = next((translate(one.label) for one in group.cells if one.path[0] == path[-1]), path[-1])
    between = "" if len(path) == 1 else f" {path[1]}: {own}"
    return f"{translate(group.title)}{between if len(path) != 2 else f' {path[1]}'}"  # noqa: PLR2004  # a row as a whole


# -- rows ---------------------------------------------------------------------------------------------------------
def _rows(form: Form, group: Group, kept: list[Json], desk: _Desk) -> list[Json]:
    made: list[tuple[int, Json]] = []
    for index in range(rows(form, group)):
        prefix = f"{group.name}-{index}-"
        row = _photo(form, prefix) if group is PHOTOS else copy.deepcopy(_was(form, group, prefix, kept))
        said = any(form.value(prefix + cell.name).strip() for cell in group.cells if cell.name not in _SILENT)
        if form.value(prefix + "gone") or (not said and (group is not PHOTOS or not row)):
            continue
        for cell in group.cells:
            desk.place(f"/{group.name}/{len(made)}/" + "/".join(cell.path), prefix + cell.name, cell)
            value = desk.take(prefix + cell.name, cell)
            if cell.kind == FLAG:
                row.pop(cell.name, None)
                if not value:
                    row[cell.name] = False
            else:
                _set(row, cell.path, value)
        _tidy(row)
        made.append((_order(form, prefix, index), row))
    if group is PHOTOS:
        made.sort(key=lambda one: one[0])
    return [row for _, row in made]


def _was(form: Form, group: Group, prefix: str, kept: list[Json]) -> Json:
    """Return the row of the listing that a row of the form is about, which may hold what the form has no cell for."""
    key, was = KEYED.get(group.name, ""), form.value(prefix + "was")
    return next((row for row in kept if was and row.get(key) == was), {})


def put_photo(form: Form, index: int, photo: Json) -> None:
    """Put a photo into a row of the form."""
    prefix = f"photos-{index}-"
    form.put(prefix + "order", str(index + 1))
    for name in ("id", "width", "height"):
        form.put(prefix + name, str(photo[name]))


def _photo(form: Form, prefix: str) -> Json:
    sides = [form.value(prefix + name) for name in ("width", "height")]
    if not form.value(prefix + "id") or not all(one.isascii() and one.isdigit() and len(one) < 7 for one in sides):  # noqa: PLR2004  # no photo is wider
        return {}
    return {"id": form.value(prefix + "id"), "width": int(sides[0]), "height": int(sides[1])}


def _order(form: Form, prefix: str, index: int) -> int:
    text = form.value(prefix + "order")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(MAX_ROWS)) + 1 else index + 1


def _answers(form: Form, found: Read) -> None:
    """Put the answers to the questions that the form asked into the listing; others stay."""
    answers = dict(found.value.get("attributes", {}))
    for name in form.values:
        key = name.removeprefix(_ATTRIBUTE)
        if name.startswith(_ATTRIBUTE) and key in attributes():
            found.fields[f"/attributes/{key}"] = name
            answers.pop(key, None)
            if form.value(name):
                answers[key] = form.value(name)
    found.value.pop("attributes", None)
    if answers:
        found.value["attributes"] = answers


# -- cells --------------------------------------------------------------------------------------------------------
def _put(form: Form, name: str, cell: Cell, value: Any, speech: Speech) -> None:  # noqa: ANN401  # JSON
    if cell.kind == FLAG:
        form.put(name, "yes" if value else None)
    elif value is None:
        form.put(name, None)
    elif cell.kind == WORDS:
        form.put(name, ", ".join(value))
    elif cell.kind == OPTIONS:
        form.put(name, "; ".join(f"{key}: {text}" for key, text in value.items()))
    elif cell.kind == MONEY:
        form.put(name, typed(value["amount"], speech))
        form.put(f"{name}_currency", value["currency"])
    elif cell.kind == WEIGHT:
        form.put(name, typed(value["value"], speech))
        form.put(f"{name}_unit", value["unit"])
    else:
        form.put(name, typed(value, speech) if cell.kind == NUMBER else str(value))


@dataclass(slots=True)
class _Desk:
    """Reads cells; what cannot be read becomes an error there."""

    form: Form
    speech: Speech
    fields: dict[str, str]

    def place(self, pointer: str, name: str, cell: Cell) -> None:
        self.fields[pointer] = name
        if cell.kind == MONEY:
            self.fields[f"{pointer}/currency"] = name

    def take(self, name: str, cell: Cell) -> Any:  # noqa: ANN401  # JSON
        text = self.form.value(name).strip()
        if not text:
            return None
        return getattr(self, f"_{cell.kind}")(name, text)

    def _text(self, _name: str, text: str) -> str:
        # A browser ends lines in its own way.
        return text.replace("\r\n", "\n")

    def _flag(self, _name: str, text: str) -> bool:
        return bool(text)

    def _words(self, _name: str, text: str) -> list[str]:
        return [one for one in (part.strip() for part in text.split(",")) if one]

    def _money(self, name: str, text: str) -> Json | None:
        number = self._number(name, text)
        currency = self.form.value(f"{name}_currency") or "USD"
        return None if number is None else {"amount": number, "currency": currency}

    def _weight(self, name: str, text: str) -> Json | None:
        number = self._number(name, text)
        return None if number is None else {"value": number, "unit": self.form.value(f"{name}_unit") or "g"}

    def _number(self, name: str, text: str) -> str | None:
        try:
            return read_number(text)
        except AmbiguousNumberError:
            whole, part = text.replace(".", "").replace(",", ""), text.replace(",", ".") + "0"
            self.form.errors[name] = self._say(_TWO) % {"text": text, "whole": whole, "part": part}
        except NumberError:
            self.form.errors[name] = self._say(_NO) % {"text": text[:40]}
        return None

    def _whole(self, name: str, text: str) -> int | None:
        if text.isascii() and text.removeprefix("-").isdigit() and len(text) < 12:  # noqa: PLR2004  # more is no count
            return int(text)
        self.form.errors[name] = self._say(_WHOLE)
        return None

    def _options(self, name: str, text: str) -> Json | None:
        found = {}
        for part in filter(None, (one.strip() for one in text.split(";"))):
            key, colon, value = (one.strip() for one in part.partition(":"))
            if not colon or not key or not value:
                self.form.errors[name] = self._say(_PAIRS)
                return None
            found[key] = value
        return found

    def _say(self, text: str) -> str:
        return self.speech.sentences.gettext(text)


def _place(name: str) -> tuple[int, int, int]:
    group, _, rest = name.partition("-")
    if group in BY_NAME and rest:
        index, _, cell = rest.partition("-")
        cells = [one.name for one in BY_NAME[group].cells]
        number = int(index) if index.isdigit() else 0
        return list(BY_NAME).index(group) + 1, number, cells.index(cell) if cell in cells else 0
    names = [one.name for one in CELLS]
    return 0, names.index(name) if name in names else len(names), 0


def _get(value: Json, path: Sequence[str]) -> Any:  # noqa: ANN401  # JSON
    found: Any = value
    for name in path:
        if not isinstance(found, dict) or name not in found:
            return None
        found = found[name]
    return found


def _set(value: Json, path: Sequence[str], said: Any) -> None:  # noqa: ANN401  # JSON
    *way, last = path
    for name in way:
        value = value.setdefault(name, {})
    if said is None:
        value.pop(last, None)
    else:
        value[last] = said


def _tidy(value: Json) -> None:
    """Leave out what says nothing: a proof without who says it, sides without a side."""
    if not any(name in value.get("dimensions", {}) for name in ("length", "width", "height")):
        value.pop("dimensions", None)
    if "by" not in value.get("hs_evidence", {"by": ""}):
        value["hs_evidence"]["by"] = "seller"
    for name in [name for name, said in value.items() if said == {}]:
        del value[name]
    if value.get("hs_evidence") and "hs_code" not in value:
        value.pop("hs_evidence")
