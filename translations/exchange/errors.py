"""What is wrong with a file of somebody else's, told with its place and what to do."""

from __future__ import annotations

from typing import Literal

Reason = Literal["dtd", "entity", "encoding", "size", "depth", "syntax", "content", "unwritable"]


class ExchangeError(ValueError):
    """A file that is not read, or a value that a format cannot hold: ``where: what is wrong; what to do``.

    ``reason`` is for programs: *dtd* and *entity* (refused whatever they say), *encoding*, *size*, *depth*, *syntax*
    (not of the format at all), *content* (well formed, and yet not what the format asks for), *unwritable*.
    """

    def __init__(self, reason: Reason, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.reason = reason
        self.where = where
        self.message = message
