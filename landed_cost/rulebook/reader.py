"""Strict YAML: every value knows its file and line, and every surprise is an error that says what to write.

YAML guesses: an unquoted ``NO`` is *false*, ``on`` is *true*, ``16.5`` is binary. Law must not be guessed at, so
booleans are accepted only where one is asked for and fractions only as quoted text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from sys import intern
from typing import Any, TypeVar

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
T = TypeVar("T")
D = TypeVar("D")
LANGUAGES = ("en", "es", "pt")


class RulebookError(Exception):
    """A rule file is not fit for use: ``file:line: what is wrong; what to write instead``."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message


@dataclass(slots=True)
class Node:
    """One YAML value with the place it stands in; ``taken`` remembers which keys of a map were asked for."""

    value: Any
    file: str
    line: int
    tag: str
    taken: set[str] = field(default_factory=set)

    @property
    def where(self) -> str:
        """File and line, as ``us.yaml:12``."""
        return f"{self.file}:{self.line}"

    def fail(self, message: str) -> RulebookError:
        """Return the error that names this place."""
        return RulebookError(self.where, message)

    # -- maps -------------------------------------------------------------------------------------------------
    def map(self) -> dict[str, "Node"]:
        """The map itself, or an error."""
        if not isinstance(self.value, dict):
            raise self.fail("a map of keys is expected here; write key: value")
        return self.value

    def get(self, key: str) -> "Node | None":
        """The value of ``key``, or ``None`` when it is absent or null."""
        self.taken.add(key)
        node = self.map().get(key)
        return None if node is None or node.value is None else node

    def has(self, key: str) -> bool:
        """Whether ``key`` is written, be it null."""
        self.taken.add(key)
        return key in self.map()

    def need(self, key: str) -> "Node":
        """The value of ``key``, or an error that names it."""
        node = self.get(key)
        if node is None:
            raise self.fail(f"{key} is missing; add {key}: ...")
        return node

    def done(self) -> None:
        """Complain about a key that nobody asked for."""
        for key, node in self.map().items():
            if key not in self.taken:
                known = ", ".join(sorted(self.taken))
                raise node.fail(f"unknown key {key!r}; known here: {known}")

    def take(self, key: str, read: Callable[["Node"], T], default: D) -> T | D:
        """Read ``key`` with ``read``, or return ``default`` when it is absent."""
        node = self.get(key)
        return default if node is None else read(node)

    # -- lists ------------------------------------------------------------------------------------------------
    def items(self) -> Iterator["Node"]:
        """The values of a list, or an error."""
        if not isinstance(self.value, list):
            raise self.fail("a list is expected here; write [a, b] or lines that begin with -")
        return iter(self.value)

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(node.text() for node in self.items())

    # -- scalars ----------------------------------------------------------------------------------------------
    def text(self) -> str:
        """A text; an unquoted NO, yes, on or number is refused."""
        if self.tag.endswith(":bool"):
            raise self.fail(f"{self.value} was read as true or false; put it in quotes")
        if not isinstance(self.value, str) or not self.tag.endswith((":str", ":timestamp")):
            raise self.fail(f"a text is expected, not {self.value!r}; put it in quotes")
        return self.value

    def word(self, *known: str) -> str:
        """A text out of a closed list."""
        text = self.text()
        if text not in known:
            raise self.fail(f"{text!r} is not one of {', '.join(known)}")
        return text

    def flag(self) -> bool:
        """``true`` or ``false``, written so."""
        if self.value not in ("true", "false") or not self.tag.endswith(":bool"):
            raise self.fail(f"write true or false, not {self.value!r}")
        return bool(self.value == "true")

    def day(self) -> date:
        """A date written YYYY-MM-DD."""
        if not isinstance(self.value, str) or not _DATE.fullmatch(self.value):
            raise self.fail(f"{self.value!r} is not a date; write YYYY-MM-DD")
        try:
            return date.fromisoformat(self.value)
        except ValueError:
            raise self.fail(f"{self.value} is not a day of the calendar; write YYYY-MM-DD") from None

    def number(self) -> Fraction:
        """An exact number: a whole number, or a decimal fraction in quotes."""
        if self.tag.endswith(":float"):
            raise self.fail(f'{self.value} unquoted is a binary fraction; write "{self.value}" in quotes')
        if not isinstance(self.value, str) or not _NUMBER.fullmatch(self.value) or _is_octal(self):
            raise self.fail(f"{self.value!r} is not a number; write digits with a decimal point, in quotes")
        return Fraction(self.value)

    def whole(self) -> int:
        """A whole number."""
        number = self.number()
        if number.denominator != 1:
            raise self.fail(f"{self.value} is not a whole number")
        return int(number)

    def translated(self) -> dict[str, str]:
        """A text in each of the three languages."""
        if not isinstance(self.value, dict):
            raise self.fail("a text in each language is expected; write {en: ..., es: ..., pt: ...}")
        texts = {language: self.need(language).text() for language in LANGUAGES}
        self.done()
        return texts


def _is_octal(node: Node) -> bool:
    return node.tag.endswith(":int") and len(node.value) > 1 and node.value.startswith("0")


def read(path: Path) -> Node:
    """Return the document of ``path`` as nodes; ``RulebookError`` names file and line of what is not YAML."""
    try:
        return read_text(path.read_text("utf-8"), path.name)
    except UnicodeDecodeError as error:
        raise RulebookError(path.name, f"byte {error.start} is not UTF-8; save the file as UTF-8") from None


def read_text(text: str, name: str, *, begin: str = "destination: CC") -> Node:
    """Return the document in ``text`` as nodes; ``name`` stands for the file in errors, ``begin`` is its first line."""
    try:
        tree = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RulebookError(f"{name}:{line}", f"not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise RulebookError(f"{name}:1", f"not YAML: {error}") from None
    if tree is None:
        raise RulebookError(f"{name}:1", f"the file is empty; begin with {begin}")
    return _node(tree, name, set())


def _node(tree: yaml.Node, name: str, seen: set[int]) -> Node:
    line = tree.start_mark.line + 1
    if id(tree) in seen:
        # An alias may hold itself, or grow a small file into a huge one; and law should not have to be looked up.
        raise RulebookError(f"{name}:{line}", "an anchor (&) is used again by an alias (*); write the value out")
    seen.add(id(tree))
    if isinstance(tree, yaml.MappingNode):
        values: dict[str, Node] = {}
        for key_node, value_node in tree.value:
            place = f"{name}:{key_node.start_mark.line + 1}"
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag.endswith((":bool", ":null")):
                raise RulebookError(place, f"key {key_node.value!r} was read as something else; put it in quotes")
            if key_node.value in values:
                raise RulebookError(place, f"key {key_node.value!r} stands twice; keep one")
            values[intern(key_node.value)] = _node(value_node, name, seen)
        return Node(values, name, line, tree.tag)
    if isinstance(tree, yaml.SequenceNode):
        return Node([_node(child, name, seen) for child in tree.value], name, line, tree.tag)
    # The same countries, sources and words stand in law over and over, and stay in memory once.
    value = None if tree.tag.endswith(":null") else intern(tree.value)
    return Node(value, name, line, tree.tag)
