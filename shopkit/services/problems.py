"""What is wrong with a request: where, under which stable code, and in the reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from landed_cost import messages
from landed_cost.rulebook.reader import read_text
from listings import model
from shopkit.services import schemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pydantic_core import ErrorDetails

_FIELD: Final = re.compile(r"\{([a-z_]+)\}")
_NEAR: Final = 70.0
_SHOWN: Final = 64
_FEW: Final = 3
_BY_PATTERN: Final = {
    schemas.AMOUNT: "amount.invalid",
    schemas.MEASURE: "measure.invalid",
    schemas.COUNTRY: "country.invalid",
    schemas.CURRENCY: "currency.invalid",
    schemas.DATE: "date.invalid",
    schemas.DATETIME: "time.invalid",
    schemas.CLOCK: "time.invalid",
    schemas.HS_CODE: "hs.invalid",
    schemas.REGION: "place.invalid",
    schemas.POSTAL_CODE: "place.invalid",
    schemas.NAME: "name.invalid",
    schemas.DIGEST: "digest.invalid",
    schemas.TEXT: "text.characters",
    schemas.LABEL: "text.characters",
    schemas.LINE: "text.characters",
    r"^[A-Z]{2}$": "s10.indicator",
    model.COUNTRY: "country.invalid",
    model.CURRENCY: "currency.invalid",
    model.DECIMAL: "decimal.invalid",
    model.HTTP: "url.invalid",
    model.MARKET: "market.invalid",
    model.NAME: "attribute.name",
    model.LANGUAGE: "language.invalid",
    model.BARCODE: "barcode.invalid",
    model.PHOTO: "photo.unknown",
    model.KEY: "listing_key.invalid",
}
_BY_TYPE: Final = {
    "missing": "required",
    "string_unicode": "text.unicode",
    "literal_error": "choice",
    "list_type": "type.list",
    "tuple_type": "type.list",
    "dict_type": "type.object",
    "model_type": "type.object",
    "model_attributes_type": "type.object",
    "int_type": "type.integer",
    "int_from_float": "type.integer",
    "bool_type": "type.boolean",
}
# Code, the name of the limit in pydantic's context, and what stands before it.
_BY_LIMIT: Final = {
    "too_short": ("count.too_few", "min_length", ""),
    "too_long": ("count.too_many", "max_length", ""),
    "string_too_long": ("text.too_long", "max_length", ""),
    "string_too_short": ("text.too_short", "min_length", ""),
    "greater_than_equal": ("number.range", "ge", "≥ "),
    "less_than_equal": ("number.range", "le", "≤ "),
}
# Sentences that end with the nearest name there is, if one is near.
_HINTED: Final = frozenset({"unknown_field", "paper.unknown"})
# Fields whose value is a decimal in a text: the message for a bare number says how to write it.
_DECIMAL_FIELDS: Final = frozenset({"amount", "value", "quantity"})


@dataclass(frozen=True, slots=True)
class RequestProblem:
    """One thing that is wrong: a JSON pointer, a stable code, and what its sentence needs."""

    pointer: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    def message(self, language: str) -> str:
        """Return the sentence in ``es``, ``pt`` or ``en``."""
        return sentence(self.code, self.params, language)

    def to_dict(self, language: str) -> dict[str, str]:
        """Return the problem as it stands in ``errors`` of an answer."""
        return {"pointer": self.pointer, "code": self.code, "message": self.message(language)}


class RequestError(Exception):
    """A request that cannot be answered, with everything that is wrong with it."""

    def __init__(self, problems: Iterable[RequestProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{problem.pointer}: {problem.code}" for problem in self.problems))


class UnreadableError(Exception):
    """A body that is no JSON; ``detail`` says where it stops making sense."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


def sentence(code: str, params: Mapping[str, str], language: str) -> str:
    """Return what a code says; a code that is not of the doors is one of the engine's."""
    texts = _sentences().get(code)
    if texts is None:
        message, action = messages.render(code, params, language)
        return message if action is None else f"{message} {action}"
    values = dict(params)
    if code in _HINTED:
        meant = values.get("nearest")
        values["hint"] = sentence("unknown_field.hint", {"nearest": meant}, language) if meant else ""
    return _FIELD.sub(
        lambda match: values.get(match[1], values.get(f"{match[1]}_{language}", match[0])), texts[language]
    )


@cache
def _sentences() -> dict[str, dict[str, str]]:
    text = files("shopkit.services").joinpath("problems.yaml").read_text("utf-8")
    return {code: node.translated() for code, node in read_text(text, "problems.yaml").map().items()}


def codes() -> frozenset[str]:
    """Return every code that the doors themselves give."""
    return frozenset(_sentences())


def pointer(location: Sequence[str | int]) -> str:
    """Return a JSON pointer (RFC 6901).

    >>> pointer(("items", 0, "measures", "a/b"))
    '/items/0/measures/a~1b'
    """
    return "".join(f"/{escaped(part)}" for part in location)


def escaped(part: str | int) -> str:
    """Return one part of a JSON pointer as it is written in one."""
    return str(part).replace("~", "~0").replace("/", "~1")


def from_pydantic(error: ErrorDetails, siblings: Iterable[str]) -> RequestProblem:
    """Return our problem for one of pydantic's; ``siblings`` are the fields that exist where an unknown one stands."""
    kind, location, context = error["type"], error["loc"], error.get("ctx", {})
    # A name that is wrong stands where its value does.
    location = tuple(part for part in location if part != "[key]")
    params: dict[str, str] = {}
    code = _BY_TYPE.get(kind)
    if kind in _sentences():
        # A shape of our own says at once what is wrong.
        code, params = kind, {name: str(value) for name, value in context.items()}
    elif kind == "extra_forbidden":
        code, params = "unknown_field", _unknown(str(location[-1]), siblings)
    elif kind == "string_pattern_mismatch":
        code = _BY_PATTERN.get(context["pattern"], "text.form")
    elif kind == "string_type":
        code = "type.decimal" if location[-1] in _DECIMAL_FIELDS or "measures" in location else "type.text"
    elif kind == "literal_error":
        params = {"expected": str(context["expected"])}
    elif kind in _BY_LIMIT:
        code, name, sign = _BY_LIMIT[kind]
        params = {"limit": f"{sign}{context[name]}"}
    elif code is None:
        code, params = "invalid", {"detail": error["msg"]}
    return RequestProblem(pointer(location), code or "invalid", params)


def _unknown(name: str, siblings: Iterable[str]) -> dict[str, str]:
    return {"field": name[:_SHOWN]} | nearest(name, siblings)


def nearest(name: str, known: Iterable[str]) -> dict[str, str]:
    """Return the parameter that names what was perhaps meant, if anything is near enough."""
    # Imported where something is wrong.
    from rapidfuzz import process  # noqa: PLC0415

    found = process.extractOne(name, list(known), score_cutoff=_NEAR)
    return {"nearest": found[0]} if found else {}


def nearest_few(name: str, known: Iterable[str]) -> str:
    """Return the three names that are most like ``name``, however far they are, with commas."""
    from rapidfuzz import process  # noqa: PLC0415  # the same

    return ", ".join(found for found, *_ in process.extract(name[:_SHOWN], list(known), limit=_FEW))
