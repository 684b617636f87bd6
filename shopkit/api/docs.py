"""The description for programs, and the same for people: a reference with a form to try each operation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from flask import Response, current_app, render_template

from shopkit.api.blueprint import bp
from shopkit.api.errors import WORDS, title

if TYPE_CHECKING:
    from apiflask import APIFlask

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_INTRODUCTION: Final = """What goods cost at a buyer's door in another country: every charge, its law, its date.

Amounts are decimal strings with an ISO 4217 code. `assessment.outcome` says how far an answer goes: *complete*,
*estimated* (with a range and the reasons) or *refused*. An unknown is never counted as zero.
"""


def init_app(app: APIFlask) -> None:
    """Bind the description to the application; it is made once, when it is first asked for."""
    app.config["OPENAPI_VERSION"] = "3.1.0"
    app.config["AUTO_404_RESPONSE"] = False
    app.config["DESCRIPTION"] = _INTRODUCTION
    app.config["LICENSE"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    app.spec_processor(_complete)


def _complete(spec: Any) -> Any:  # noqa: ANN401  # APIFlask's own types allow text as well
    # The shapes of all answers are long to build, and only who reads the description needs them.
    from shopkit.api.openapi import complete  # noqa: PLC0415

    return complete(spec)


@bp.get("/api/openapi.json")
def read_description() -> Response:
    """Read this description."""
    body = json.dumps(_spec(), ensure_ascii=False, separators=(",", ":"))
    return Response(body, mimetype="application/json")


@bp.get("/api/docs")
def read_reference() -> str:
    """Read the reference."""
    spec = _spec()
    operations = [
        {"path": path, "method": method} | _shown(item[method])
        for path, item in spec["paths"].items()
        for method in _METHODS
        if method in item
    ]
    return render_template(
        "api/docs.html",
        info=spec["info"],
        tags=[tag["name"] for tag in spec["tags"]],
        operations=operations,
        schemas={name: _fields(schema) for name, schema in spec["components"]["schemas"].items()},
        problems={status: (word, title(status, "en")) for status, word in WORDS.items()},
    )


def _spec() -> dict[str, Any]:
    return cast("dict[str, Any]", cast("APIFlask", current_app).spec)


def _shown(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    example = next((one["value"] for one in content.get("examples", {}).values()), None)
    return operation | {
        "asks": _name(content.get("schema", {})),
        "example": None if example is None else json.dumps(example, ensure_ascii=False, indent=2),
        "gives": {
            status: {
                "description": answer["description"],
                "schema": next((_name(body["schema"]) for body in answer.get("content", {}).values()), ""),
            }
            for status, answer in operation["responses"].items()
        },
    }


def _fields(schema: dict[str, Any]) -> dict[str, Any]:
    required = set(schema.get("required", ()))
    return {
        "description": schema.get("description", ""),
        "fields": [
            {
                "name": name,
                "type": _type(field),
                "required": name in required,
                "description": field.get("description", ""),
            }
            for name, field in schema.get("properties", {}).items()
        ],
    }


def _name(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1]


_WORDS: Final = {"string": "text", "integer": "whole number", "boolean": "true or false"}


def _type(schema: dict[str, Any]) -> dict[str, str]:
    """Return what stands in the column of types: words, and the name of a shape to link to (empty for none)."""
    words, shape = "", _name(schema)
    if "anyOf" in schema:
        parts = [_type(part) for part in schema["anyOf"] if part.get("type") != "null"]
        words, shape = parts[0]["words"], parts[0]["schema"]
        words += " or null" if len(parts) < len(schema["anyOf"]) else ""
    elif "enum" in schema:
        words = " | ".join(map(str, schema["enum"]))
    elif "const" in schema:
        words = str(schema["const"])
    elif schema.get("type") == "array":
        inner = _type(schema.get("items", {}))
        words, shape = f"list of {inner['words']}".strip(), inner["schema"]
    elif isinstance(schema.get("additionalProperties"), dict):
        inner = _type(schema["additionalProperties"])
        words, shape = f"map of names to {inner['words']}", inner["schema"]
    elif not shape:
        kind = str(schema.get("format") or schema.get("type", "object"))
        words = _WORDS.get(kind, kind)
    return {"words": words, "schema": shape}
