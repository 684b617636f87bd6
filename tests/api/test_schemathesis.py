"""The served description, taken at its word: requests made from it are never answered with anything it does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode, checks

from shopkit.api.openapi import OPERATIONS
from tests.shop import open_shop

if TYPE_CHECKING:
    from schemathesis.schemas import BaseSchema

# Not asked: that everything the shapes allow is accepted, because a shape cannot say which day or code exists.
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]

LONGEST = 1000

# What takes nothing but headers cannot be asked wrongly.
BREAKABLE = [
    key
    for key, operation in OPERATIONS.items()
    if operation.asks or {one["in"] for one in operation.parameters} - {"header"}
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> BaseSchema:
    """Return the description that a shop serves, ready to be tried against it in this process."""
    app = open_shop(tmp_path_factory.mktemp("shop"))
    found = schemathesis.openapi.from_dict(shortened(app.test_client().get("/api/openapi.json").json))
    found.app = app
    return found


def shortened(part: Any) -> Any:
    """Return the description with no text longer than anybody makes up.

    Where a text has a pattern, its length becomes part of it: that of a hundred thousand signs takes half a gigabyte.
    """
    if isinstance(part, dict):
        cut = {name: min(one, LONGEST) for name, one in part.items() if name == "maxLength" and isinstance(one, int)}
        return {name: shortened(one) for name, one in part.items()} | cut
    return [shortened(one) for one in part] if isinstance(part, list) else part


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [(*key, GenerationMode.POSITIVE) for key in OPERATIONS] + [(*key, GenerationMode.NEGATIVE) for key in BREAKABLE],
)
def test_the_description_holds(served: Any, path: str, method: str, mode: GenerationMode) -> None:
    """Whatever is made from the description, or to break it, gets an answer that it promises; never a 500."""

    @given(case=served[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=10, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
    def hold(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    hold()
