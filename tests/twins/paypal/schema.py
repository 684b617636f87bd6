"""Bodies held to PayPal's published schemas; the first thing that is wrong is named by its place and its issue."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any, Final

DATA: Final = Path(__file__).parent / "data" / "paypal-2024-02.json"
_KINDS: Final[dict[str, type | tuple[type, ...]]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


class PayPalError(Exception):
    """A refusal: its status and PayPal's body of an error."""

    def __init__(self, status: int, name: str, message: str, *details: dict[str, str]) -> None:
        self.status = status
        self.body: dict[str, Any] = {"name": name, "message": message, "debug_id": "0000000000000"}
        if details:
            self.body["details"] = list(details)
        super().__init__(message)


def invalid(field: str, issue: str, said: str) -> PayPalError:
    """Return what is told of a body that is not of the schema."""
    message = "Request is not well-formed, syntactically incorrect, or violates schema."
    details = {"field": field, "location": "body", "issue": issue, "description": said}
    return PayPalError(400, "INVALID_REQUEST", message, details)


def unprocessable(issue: str, said: str, field: str = "") -> PayPalError:
    """Return what is told of a body that is well formed, and breaks a rule."""
    message = "The requested action could not be performed, semantically incorrect, or failed business validation."
    details = {"issue": issue, "description": said} | ({"field": field} if field else {})
    return PayPalError(422, "UNPROCESSABLE_ENTITY", message, details)


@functools.cache
def published() -> dict[str, Any]:
    """Return what was cut from the specifications."""
    rows: dict[str, Any] = json.loads(DATA.read_text("utf-8"))
    return rows


def merged(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with what it is all of put together."""
    if "allOf" not in schema:
        return schema
    out = {name: value for name, value in schema.items() if name != "allOf"}
    out["properties"] = dict(out.get("properties", {}))
    out["required"] = list(out.get("required", ()))
    for part in map(merged, schema["allOf"]):
        out["properties"] |= part.get("properties", {})
        out["required"] += part.get("required", ())
        out |= {name: value for name, value in part.items() if name not in ("properties", "required")}
    return out


def check(value: Any, schema: dict[str, Any], at: str = "", *, strict: bool = True) -> None:
    """Refuse a value that is not of a schema; ``strict``: a name that the schema does not have is one such."""
    schema = merged(schema)
    kind = schema.get("type") or ("object" if "properties" in schema else None)
    if kind and (not isinstance(value, _KINDS[kind]) or (kind != "boolean" and isinstance(value, bool))):
        raise invalid(at, "INVALID_PARAMETER_SYNTAX", f"a value of type {kind} is expected")
    if isinstance(value, str):
        _text(value, schema, at)
    elif isinstance(value, list):
        _list(value, schema, at, strict=strict)
    elif isinstance(value, dict) and "properties" in schema:
        _fields(value, schema, at, strict=strict)


def _list(value: list[Any], schema: dict[str, Any], at: str, *, strict: bool) -> None:
    least, most = schema.get("minItems", 0), schema.get("maxItems", len(value))
    if not least <= len(value) <= most:
        issue = "INVALID_ARRAY_MIN_ITEMS" if len(value) < least else "INVALID_ARRAY_MAX_ITEMS"
        raise invalid(at, issue, f"{least} to {most} of them are possible")
    for index, one in enumerate(value):
        check(one, schema.get("items", {}), f"{at}/{index}", strict=strict)


def _fields(value: dict[str, Any], schema: dict[str, Any], at: str, *, strict: bool) -> None:
    for name in schema.get("required", ()):
        if name not in value:
            raise invalid(f"{at}/{name}", "MISSING_REQUIRED_PARAMETER", "A required field is missing.")
    for name, inner in value.items():
        if name in schema["properties"]:
            check(inner, schema["properties"][name], f"{at}/{name}", strict=strict)
        elif strict:
            raise invalid(f"{at}/{name}", "INVALID_PARAMETER_SYNTAX", "no such field")


def _text(value: str, schema: dict[str, Any], at: str) -> None:
    if "enum" in schema and value not in schema["enum"]:
        raise invalid(at, "INVALID_PARAMETER_VALUE", f"one of {', '.join(schema['enum'][:20])}")
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        raise invalid(at, "INVALID_STRING_LENGTH", "too short or too long")
    if "pattern" in schema and not _matches(schema["pattern"], value):
        raise invalid(at, "INVALID_PARAMETER_SYNTAX", f"the value does not match {schema['pattern']}")


@functools.cache
def _pattern(text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text)
    except re.error:  # the specification holds one that is no regular expression
        return None


def _matches(pattern: str, value: str) -> bool:
    found = _pattern(pattern)
    return found is None or found.search(value) is not None
