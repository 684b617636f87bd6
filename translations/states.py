"""The state of a text on three axes that never mix: where it is from, who stands behind it, how fresh it is.

A draft of a machine can be current, a person's text can be stale, and approving says nothing about where it came from.
What may leave by a channel is settled here: approved, current, and nothing found in it that must not go out; less only
where the seller says so for that channel.

>>> may_leave(State("draft", "current"), STRICT)
('unapproved',)
>>> may_leave(State("approved", "changed"), Allowance(changed=True))
()
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from translations.freshness import Freshness

Kind = Literal["person", "memory", "table", "engine", "import"]
Review = Literal["draft", "approved", "rejected"]
Held = Literal["missing", "changed", "unapproved", "rejected", "finding"]
KINDS: Final[tuple[Kind, ...]] = ("person", "memory", "table", "engine", "import")
REVIEWS: Final[tuple[Review, ...]] = ("draft", "approved", "rejected")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text is from; ``after`` is what a person changed: a text that began as a machine's stays known as such.

    What a ``table`` says is a colour or a material by itself. ``match`` is the percentage of a memory's hit;
    ``engine``, ``version`` and ``direction`` are an engine's; ``at`` is when it was drafted, as ISO 8601; ``name`` is
    the file or channel of an import.
    """

    kind: Kind
    engine: str = ""
    version: str = ""
    direction: str = ""
    at: str = ""
    match: int | None = None
    name: str = ""
    after: Origin | None = None

    @property
    def machine(self) -> Origin | None:
        """The machine's draft at the bottom of it, if there was one."""
        found: Origin | None = self
        while found is not None and found.kind != "engine":
            found = found.after
        return found

    def edited(self) -> Origin:
        """Return the origin of a text that a person made of this one: one person is enough, however often they edit."""
        return self if self.kind == "person" else Origin("person", after=self)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON, without what is empty."""
        names = ("engine", "version", "direction", "at", "match", "name")
        found = {"kind": self.kind} | {
            name: value for name in names if (value := getattr(self, name)) not in {"", None}
        }
        return found | ({} if self.after is None else {"after": self.after.to_dict()})

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Origin:
        """Return the origin that :meth:`to_dict` wrote."""
        after = value.get("after")
        rest = {name: one for name, one in value.items() if name != "after"}
        return cls(**rest, after=None if after is None else cls.of(after))


PERSON: Final = Origin("person")


@dataclass(frozen=True, slots=True)
class State:
    """What is settled about a text: ``blocked`` where a check found what must not go out and nobody dismissed it."""

    review: Review | None
    freshness: Freshness
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a seller lets out by a channel beside what is approved and current. What was rejected never leaves."""

    unapproved: bool = False
    changed: bool = False


STRICT: Final = Allowance()


def may_leave(state: State, allowance: Allowance) -> tuple[Held, ...]:
    """Return why a text may not leave by a channel; nothing where it may."""
    if state.freshness == "missing" or state.review is None:
        return ("missing",)
    found: list[Held] = []
    if state.review == "rejected":
        found.append("rejected")
    elif state.review != "approved" and not allowance.unapproved:
        found.append("unapproved")
    if state.freshness == "changed" and not allowance.changed:
        found.append("changed")
    if state.blocked:
        found.append("finding")
    return tuple(found)
