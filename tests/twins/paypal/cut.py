"""Cut from PayPal's published specifications what the twin needs: forms, shapes of answers, and the issues it may name.

    .venv/bin/python -m tests.twins.paypal.cut FOLDER

The argument is the folder ``openapi`` of the repository that ``SOURCE`` names.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

SOURCE: Final = "github.com/paypal/paypal-rest-api-specifications ec4d8f36a6ab (2024-02-03), Apache-2.0"
TARGET: Final = Path(__file__).parent / "data" / "paypal-2024-02.json"
_KEPT: Final = ("type", "enum", "pattern", "minLength", "maxLength", "minItems", "maxItems", "required")
REQUESTS: Final = {
    "order": ("checkout_orders_v2", "order_request"),
    "capture": ("checkout_orders_v2", "order_capture_request"),
    "track": ("checkout_orders_v2", "order_tracker_request"),
    "refund": ("payments_payment_v2", "refund_request"),
    "verify": ("notifications_webhooks_v1", "verify_webhook_signature"),
}
ANSWERS: Final = {
    "order": ("checkout_orders_v2", "order"),
    "capture": ("payments_payment_v2", "capture-2"),
    "refund": ("payments_payment_v2", "refund"),
    "dispute": ("customer_disputes_v1", "dispute"),
    "dispute list": ("customer_disputes_v1", "dispute_search"),
}
# Of a dispute what its list tells, and its outcome.
_LEFT_OUT: Final = frozenset(
    {"evidences", "supporting_info", "messages", "communication_details", "offer", "extensions", "adjudications"}
)
# Of the ways to pay the twin plays one.
_SOURCES: Final = ("paypal",)


def resolved(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with its references in place and without its prose."""
    if "$ref" in schema:
        return resolved(components[schema["$ref"].rpartition("/")[2]], components)
    out: dict[str, Any] = {name: schema[name] for name in _KEPT if name in schema}
    for name, inner in schema.get("properties", {}).items():
        if name in _LEFT_OUT:
            continue
        whole = resolved(inner, components)
        if name == "payment_source" and "properties" in whole:
            whole["properties"] = {one: whole["properties"][one] for one in _SOURCES if one in whole["properties"]}
        out.setdefault("properties", {})[name] = whole
    for name in ("allOf", "oneOf", "anyOf"):
        if name in schema:
            out[name] = [resolved(inner, components) for inner in schema[name]]
    if "items" in schema:
        out["items"] = resolved(schema["items"], components)
    return out


def issues(node: Any) -> set[str]:
    """Return every issue that an error may name."""
    found: set[str] = set()
    if isinstance(node, dict):
        given = node.get("issue")
        if isinstance(given, dict):
            found |= {value for value in given.get("enum", ()) if isinstance(value, str)}
        for inner in node.values():
            found |= issues(inner)
    elif isinstance(node, list):
        for inner in node:
            found |= issues(inner)
    return found


def main(folder: str) -> None:
    """Read the specifications and write what is kept, one line each."""
    files = {file for file, _ in (*REQUESTS.values(), *ANSWERS.values())}
    whole = {file: json.loads((Path(folder) / f"{file}.json").read_text("utf-8")) for file in files}
    rows: dict[str, Any] = {"source": SOURCE}
    for kind, table in (("request", REQUESTS), ("answer", ANSWERS)):
        for name, (file, component) in table.items():
            components = whole[file]["components"]["schemas"]
            rows[f"{kind} {name}"] = resolved(components[component], components)
    rows["issues"] = sorted(set().union(*(issues(one) for one in whole.values())))
    lines = [f"{json.dumps(name)}: {json.dumps(row, separators=(',', ':'))}" for name, row in rows.items()]
    TARGET.write_text("{" + ",\n".join(lines) + "}\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
