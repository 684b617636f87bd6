"""What Stripe's own client types as parameters, read from its source: names, what they hold, and values of lists."""

from __future__ import annotations

import ast
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import stripe

if TYPE_CHECKING:
    from collections.abc import Iterator

PARAMS = Path(stripe.__file__).parent / "params"


@functools.cache
def classes(file: str) -> dict[str, dict[str, ast.expr]]:
    """Return the typed dictionaries of a file: their names, and the annotation of each field."""
    found = {}
    for node in ast.parse((PARAMS / file).read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):  # where a name is a word of Python
            given = node.value.args[-1]
            if isinstance(given, ast.Dict):
                names = [key.value for key in given.keys if isinstance(key, ast.Constant)]
                [target] = node.targets
                if isinstance(target, ast.Name):
                    found[target.id] = dict(zip(map(str, names), given.values, strict=True))
        if isinstance(node, ast.ClassDef):
            fields = [item for item in node.body if isinstance(item, ast.AnnAssign)]
            found[node.name] = {item.target.id: item.annotation for item in fields if isinstance(item.target, ast.Name)}
    return found


def _literals(node: ast.AST) -> Iterator[str]:
    """Return the values a field may have, of its own and in its list."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
        elements = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        yield from (str(element.value) for element in elements if isinstance(element, ast.Constant))
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str) and "Literal[" in node.value:
            yield from _literals(ast.parse(node.value, mode="eval").body)
    else:
        for inner in ast.iter_child_nodes(node):
            yield from _literals(inner)


def _inner(node: ast.AST, known: dict[str, dict[str, ast.expr]]) -> str | None:
    """Return the typed dictionary a field holds, or a list of which it holds."""
    for one in ast.walk(node):
        name = one.value if isinstance(one, ast.Constant) else one.id if isinstance(one, ast.Name) else None
        if isinstance(name, str) and name in known:
            return name
        if isinstance(name, str) and (
            found := [known_name for known_name in known if f'"{known_name}"' in f'"{name}"']
        ):
            return found[0]
    return None


def differences(file: str, name: str, schema: dict[str, Any], at: str = "") -> Iterator[str]:
    """Return every name and value that is in the client's type and not in a schema, or the other way."""
    known = classes(file)
    options = schema.get("anyOf", [schema])
    objects = [option for option in options if "properties" in option]
    objects += [option["items"] for option in options if "properties" in option.get("items", ())]
    mine = objects[0]["properties"] if objects else {}
    theirs = known[name]
    yield from (f"client only: {at}{field}" for field in sorted(theirs.keys() - mine.keys()))
    yield from (f"schema only: {at}{field}" for field in sorted(mine.keys() - theirs.keys()))
    for field in sorted(theirs.keys() & mine.keys()):
        inner = _inner(theirs[field], known)
        if inner is not None:
            yield from differences(file, inner, mine[field], f"{at}{field}.")
        else:
            yield from _values(theirs[field], mine[field], f"{at}{field}")


def _values(annotation: ast.expr, schema: dict[str, Any], at: str) -> Iterator[str]:
    options = schema.get("anyOf", [schema])
    options = [option.get("items", option) for option in options]
    mine = {value for option in options for value in option.get("enum", ())} - {""}
    theirs = set(_literals(annotation)) - {""}
    yield from (f"client only: {at}={value}" for value in sorted(theirs - mine))
    yield from (f"schema only: {at}={value}" for value in sorted(mine - theirs))
