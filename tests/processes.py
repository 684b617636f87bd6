"""Processes for tests that need two at once, forked from one that has imported the shop already.

A process that is spawned imports the application and all that tests stand on anew: seconds in which nothing is tested.
"""

from __future__ import annotations

import multiprocessing
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext

# What the functions that are run there live in; without one of them its import is made by each process.
_BEFORE = (
    "pytest",
    "tests.shop",
    "tests.ordering",
    "tests.pushing",
    "shopkit.pushing.twins.mercadolibre",
    "shopkit.services.catalog_runs",
    "shopkit.services.draft_runs",
    "shopkit.services.drafts",
    "shopkit.services.importing",
    "tests.integration.test_account_races",
    "tests.integration.test_database",
    "tests.integration.test_idempotency",
    "tests.integration.test_invoices",
    "tests.integration.test_number_ranges",
    "tests.integration.test_order_races",
)


@cache
def beginning() -> ForkServerContext:
    """Return how processes of tests are begun; each is new, and has what this one has imported."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(list(_BEFORE))
    return found


def run_program(program: str, *words: str) -> int:
    """Run a program with words of its command line in a process of its own, and return how it ended, as a shell would.

    A signal is a negative number.
    """
    one = beginning().Process(target=_run, args=(program, words))
    one.start()
    one.join()
    assert one.exitcode is not None
    return one.exitcode


def _run(program: str, words: tuple[str, ...]) -> None:
    sys.argv = ["-c", *words]
    exec(compile(program, "<program>", "exec"), {"__name__": "__main__"})  # noqa: S102 - a text of a test
