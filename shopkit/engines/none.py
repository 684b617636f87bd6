"""No engine: drafts come from the memory alone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shopkit.engines.port import Options, Price
from translations.engines.none import NoEngine
from translations.engines.port import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

    from shopkit.engines.port import Machine
    from translations.engines.port import Engine, Question


class NoWay:
    """Leads nowhere."""

    def send(self, engine: Engine, question: Question) -> NoReturn:  # noqa: ARG002  # nothing is sent
        """Refuse."""
        raise EngineError(engine.name, "none")


def build(options: Mapping[str, Any]) -> Machine:
    """Return the engine that is none."""
    return Options("none", options).machine(NoEngine(), NoWay(), Price(Decimal(0), "USD"))
