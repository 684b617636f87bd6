"""The query of an address: which names there are, each of them once, and everything that is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from shopkit.services.days import read_day
from shopkit.services.problems import RequestError, RequestProblem, nearest

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

_SHOWN = 64


class Query:
    """What the address of the request at hand asks, and ``problems`` with all that is wrong with it.

    A name that does not exist and a name given twice are told: which of two values was meant, nobody can know.
    """

    def __init__(self, *known: str) -> None:
        self.problems: list[RequestProblem] = []
        self._given = request.args.to_dict()
        for name in sorted(request.args):
            if name not in known:
                self.complain(name[:_SHOWN], "unknown_field", field=name[:_SHOWN], **nearest(name, known))
            elif len(request.args.getlist(name)) > 1:
                self.complain(name, "query.twice", field=name)

    def complain(self, name: str, code: str, **params: str) -> None:
        """Note a problem at a name of the query."""
        self.problems.append(RequestProblem(f"query:{name}", code, params))

    def text(self, name: str) -> str | None:
        """Return what is given under a name, or nothing."""
        return self._given.get(name)

    def need(self, name: str, example: str) -> str:
        """Return what is given under a name; that it is missing is told with how to write it."""
        found = self._given.get(name, "")
        if not found.strip():
            self.complain(name, "query.required", field=name, example=example)
            return ""
        return found

    def code(self, name: str) -> str | None:
        """Return a code of a country in capitals, however it was written."""
        found = self._given.get(name)
        return None if found is None else found.upper()

    def covered(self, name: str, destinations: Collection[str]) -> str | None:
        """Return the code of a destination; one that is not covered is told with those that are."""
        found = self.code(name)
        if found is not None and found not in destinations:
            self.complain(name, "choice", expected=", ".join(sorted(destinations)))
        return found

    def day(self, name: str) -> date | None:
        """Return a day, or nothing where none is given or it is none."""
        found = self._given.get(name)
        try:
            return None if found is None else read_day(found, f"query:{name}")
        except RequestError as error:
            self.problems += error.problems
            return None

    def done(self) -> None:
        """Raise ``RequestError`` with everything that was found wrong."""
        if self.problems:
            raise RequestError(self.problems)
