"""Answers in the shape of Stripe's schema: every field it requires or lets be null; lists, pages, expansion."""

from __future__ import annotations

import copy
import functools
import json
from typing import TYPE_CHECKING, Any, Final

from tests.twins.stripe.errors import invalid, missing
from tests.twins.stripe.schema import DAHLIA, DATA

if TYPE_CHECKING:
    from tests.twins.stripe.world import Account, World

Thing = dict[str, Any]
_EMPTY: Final[dict[str, Any]] = {"array": [], "object": {}, "boolean": False, "integer": 0, "string": ""}
# Fields that come only when they are asked for.
_ON_REQUEST: Final = {"charge": ("refunds",), "checkout.session": ("line_items",), "customer": ("sources",)}


@functools.cache
def answers() -> dict[str, Any]:
    """Return the shape of every object the twin gives, by the name of the object."""
    rows: dict[str, Any] = json.loads((DATA / f"answers-{DAHLIA}.json").read_text("utf-8"))
    del rows["source"]
    return rows


def _blank(schema: Thing) -> Any:
    if schema.get("nullable"):
        return None
    if "enum" in schema:
        return schema["enum"][0]
    return copy.deepcopy(_EMPTY.get(schema.get("type", ""), None))


def skeleton(kind: str) -> Thing:
    """Return an object with every field that the schema requires or lets be null, empty."""
    schema = answers()[kind]
    required = set(schema.get("required", ()))
    return {
        name: _blank(inner)
        for name, inner in schema["properties"].items()
        if (name in required or inner.get("nullable")) and name not in _ON_REQUEST.get(kind, ())
    }


def shown(thing: Thing) -> Thing:
    """Return a copy of an object without what only the twin knows of it."""
    return {name: copy.deepcopy(value) for name, value in thing.items() if not name.startswith("_")}


def listed(things: list[Thing], url: str) -> Thing:
    """Return a list object that holds all of it."""
    return {"object": "list", "data": [shown(thing) for thing in things], "has_more": False, "url": url}


def _created(thing: Thing, asked: Any) -> bool:
    moment = thing["created"]
    if isinstance(asked, int):
        return bool(moment == asked)
    tests = {"gt": moment.__gt__, "gte": moment.__ge__, "lt": moment.__lt__, "lte": moment.__le__}
    return all(tests[name](value) for name, value in asked.items())


def page(things: list[Thing], asked: Thing, url: str) -> Thing:
    """Return one page of a list, newest first, as ``limit``, ``starting_after``, ``ending_before``, ``created`` say."""
    rows = list(reversed(things))
    if "created" in asked:
        rows = [thing for thing in rows if _created(thing, asked["created"])]
    limit = asked.get("limit", 10)
    if not 1 <= limit <= 100:
        raise invalid(f"Invalid limit: {limit} is not from 1 to 100", code="parameter_invalid_integer", param="limit")
    ids = [thing["id"] for thing in rows]
    for cursor in ("starting_after", "ending_before"):
        if cursor in asked and asked[cursor] not in ids:
            raise missing("object", asked[cursor])
    if "starting_after" in asked:
        rows = rows[ids.index(asked["starting_after"]) + 1 :]
        shown_rows, more = rows[:limit], len(rows) > limit
    elif "ending_before" in asked:
        rows = rows[: ids.index(asked["ending_before"])]
        shown_rows, more = rows[-limit:], len(rows) > limit
    else:
        shown_rows, more = rows[:limit], len(rows) > limit
    return {"object": "list", "data": [shown(thing) for thing in shown_rows], "has_more": more, "url": url}


def expand(world: World, account: Account, answer: Thing, paths: list[str]) -> Thing:
    """Put whole objects in the place of their ids, four levels deep at most as Stripe does."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > 4:
            raise invalid(f"You cannot expand more than 4 levels of a property: {path}", param="expand")
        _expand(world, account, answer, steps, path)
    return answer


def _expand(world: World, account: Account, node: Any, steps: list[str], path: str) -> None:
    if isinstance(node, list):
        for one in node:
            _expand(world, account, one, steps, path)
        return
    name, *rest = steps
    if node.get("object") == "checkout.session" and name == "line_items" and name not in node:
        held = world.get(account, "checkout.session", node["id"])
        node[name] = listed(held["_lines"], f"/v1/checkout/sessions/{node['id']}/line_items")
    elif node.get("object") == "charge" and name == "refunds" and name not in node:
        node[name] = listed(world.all(account, "refund", charge=node["id"]), f"/v1/charges/{node['id']}/refunds")
    elif name not in node:
        raise invalid(f"This property cannot be expanded ({path}).", code="parameter_invalid", param="expand")
    elif isinstance(node[name], str):
        found = world.things.get(node[name])
        if found is None:
            raise invalid(f"This property cannot be expanded ({path}).", code="parameter_invalid", param="expand")
        node[name] = shown(found)
    if rest and node[name] is not None:
        _expand(world, account, node[name], rest, path)
