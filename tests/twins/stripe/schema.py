"""Forms as Stripe reads them: brackets to a tree, a tree to values by the published schema, errors by name."""

from __future__ import annotations

import copy
import functools
import json
import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

import yaml

from tests.twins.stripe.errors import StripeError, invalid

DATA: Final = Path(__file__).parent / "data"
DAHLIA: Final = "2026-05-27.dahlia"
ENDIVE: Final = "2026-10-28.endive"
_NAME: Final = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_INTEGER: Final = re.compile(r"-?\d{1,18}")
_NUMBER: Final = re.compile(r"-?\d{1,18}(\.\d{1,12})?")

Schema = dict[str, Any]


@functools.cache
def published() -> dict[str, Schema]:
    """Return the schema of every operation as it was published, version ``DAHLIA``."""
    rows: dict[str, Schema] = json.loads((DATA / f"requests-{DAHLIA}.json").read_text("utf-8"))
    del rows["source"]
    return rows


@functools.cache
def overlay() -> dict[str, Any]:
    """Return what the newer version changed, as it is written down beside the schema."""
    whole: dict[str, Any] = yaml.safe_load((DATA / "endive-2026-10-28.yaml").read_text("utf-8"))
    return whole


def _holder(schema: Schema, at: str) -> tuple[dict[str, Any], str]:
    """Return the properties that hold the last name of a path such as ``line_items[].price_data``, and that name."""
    *way, last = at.split(".")
    for step in way:
        schema = schema["properties"][step.removesuffix("[]")]
        schema = schema["items"] if step.endswith("[]") else schema
    return schema["properties"], last


@functools.cache
def operations(version: str) -> dict[str, Schema]:
    """Return the schema of every operation in a version; endive is the published one with its overlay."""
    if version == DAHLIA:
        return published()
    found, changes = copy.deepcopy(published()), overlay()
    for row in changes["copied"]:
        operation, name = row["like"]
        for one in row["operations"]:
            found[one]["properties"][row["name"]] = copy.deepcopy(published()[operation]["properties"][name])
    for row in changes["values"]:
        for one in row["operations"]:
            holder, name = _holder(found[one], row["at"])
            node = holder[name.removesuffix("[]")]
            node = node["anyOf"][0] if "anyOf" in node else node
            (node["items"] if name.endswith("[]") else node)["enum"] += row["add"]
    for row in changes["added"]:
        holder, name = _holder(found[row["operation"]], row["at"])
        holder[name] = row["schema"]
    for row in changes["dropped"]:
        holder, name = _holder(found[row["operation"]], row["at"])
        del holder[name]
    for row in changes["retired"]:
        for one in row["operations"]:
            del found[one]["properties"][row["name"]]
    return found


def tree(form: str) -> dict[str, Any]:
    """Return ``a[b][0][c]=x`` as dictionaries; digits stay keys, for they may be names in metadata."""
    try:
        pairs = parse_qsl(form, keep_blank_values=True, strict_parsing=bool(form), errors="strict")
    except ValueError as error:
        raise invalid(f"Invalid request: the form cannot be read ({error})") from error
    out: dict[str, Any] = {}
    for key, value in pairs:
        found = _NAME.fullmatch(key)
        if found is None:
            raise invalid(f"Invalid parameter name: {key}", param=key)
        way = [found[1], *re.findall(r"\[([^\[\]]*)\]", found[2])]
        node = out
        for step in way[:-1]:
            node = node.setdefault(step or str(len(node)), {})
            if not isinstance(node, dict):
                raise invalid(f"Invalid object: {key} is given twice, in two shapes", param=key)
        last = way[-1] or str(len(node))
        if last in node:
            raise invalid(f"Invalid request: {key} is given twice", param=key)
        node[last] = value
    return out


def read(operation: str, form: str, version: str) -> dict[str, Any]:
    """Return the values of a form by the schema of its operation, or refuse it by the name of the first parameter."""
    raw = tree(form)
    if version == ENDIVE:
        for row in overlay()["retired"]:
            if operation in row["operations"] and row["name"] in raw:
                raise invalid(
                    f"{row['name']} is no longer supported in {ENDIVE}; use {row['instead']}",
                    code=row["code"],
                    param=row["name"],
                )
    values: dict[str, Any] = shape(raw, operations(version)[operation], "")
    return values


def shape(raw: Any, schema: Schema, path: str) -> Any:
    """Return what was sent as values of the schema; ``path`` is how the parameter is called in an error."""
    if "anyOf" in schema:
        return _any(raw, schema["anyOf"], path)
    kind = schema.get("type", "object")
    if kind == "object":
        return _object(raw, schema, path)
    if kind == "array":
        return _array(raw, schema, path)
    if isinstance(raw, dict):
        raise invalid(f"Invalid {kind}: {path}", code="parameter_invalid", param=path)
    return _plain(raw, schema, kind, path)


def _any(raw: Any, options: list[Schema], path: str) -> Any:
    errors: list[StripeError] = []
    for option in options:
        try:
            return shape(raw, option, path)
        except StripeError as error:
            errors.append(error)
    # The alternative that got furthest into the tree speaks: of a misspelt name inside, not of "an object was given".
    raise max(errors, key=lambda error: len(error.param or ""))


def _object(raw: Any, schema: Schema, path: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise invalid(f"Invalid object: {path}", code="parameter_invalid", param=path)
    known = schema.get("properties", {})
    # Where properties are listed and nothing is said of others, there are none: this is what catches a slip of the pen.
    others = schema.get("additionalProperties", False)
    out: dict[str, Any] = {}
    for name, value in raw.items():
        inner = f"{path}[{name}]" if path else name
        if name in known:
            out[name] = shape(value, known[name], inner)
        elif isinstance(others, dict):
            out[name] = shape(value, others, inner)
        elif others:
            out[name] = value
        else:
            raise invalid(f"Received unknown parameter: {inner}", code="parameter_unknown", param=inner)
    for name in schema.get("required", ()):
        if name not in out:
            inner = f"{path}[{name}]" if path else name
            raise invalid(f"Missing required param: {inner}.", code="parameter_missing", param=inner)
    return out


def _array(raw: Any, schema: Schema, path: str) -> list[Any]:
    if not isinstance(raw, dict) or not all(name.isdigit() for name in raw):
        raise invalid(f"Invalid array: {path}", code="parameter_invalid", param=path)
    ordered = sorted(raw.items(), key=lambda pair: int(pair[0]))
    return [shape(value, schema.get("items", {"type": "string"}), f"{path}[{name}]") for name, value in ordered]


def _plain(raw: str, schema: Schema, kind: str, path: str) -> Any:
    if kind == "boolean":
        if raw not in {"true", "false"}:
            raise invalid(f"Invalid boolean: {raw}", code="parameter_invalid", param=path)
        return raw == "true"
    if kind == "integer":
        if not _INTEGER.fullmatch(raw):
            raise invalid(f"Invalid integer: {raw}", code="parameter_invalid_integer", param=path)
        return int(raw)
    if kind == "number":
        if not _NUMBER.fullmatch(raw):
            raise invalid(f"Invalid number: {raw}", code="parameter_invalid", param=path)
        return raw
    if "enum" in schema and raw not in schema["enum"]:
        said = f"Invalid {path}: must be one of {', '.join(schema['enum'])}"
        raise invalid(said, code="parameter_invalid", param=path)
    if len(raw) > schema.get("maxLength", len(raw)):
        said = f"Invalid string: {path} must be at most {schema['maxLength']} characters"
        raise invalid(said, code="parameter_invalid_string", param=path)
    return raw
