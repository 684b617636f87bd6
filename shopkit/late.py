"""Modules that are imported when something of them is first asked for, so that an application starts without them.

Where a whole page or route stands on a module, its name is bound so in place of an import in each function::

    if TYPE_CHECKING:
        from shopkit.services import paper_kinds
    else:
        paper_kinds = Late("shopkit.services.paper_kinds")
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Late:
    """Stands for a module; any number of threads may ask it first."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:  # noqa: ANN401 - whatever the module has
        return getattr(import_module(self._name), attribute)
