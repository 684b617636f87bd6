"""A session of HTTP that connects to the public internet alone, for addresses that sellers give.

The name is resolved here, every address it stands for is looked at, and the connection goes to one that was: whoever
changes what a name stands for in between changes nothing. Through a proxy, the proxy is who connects, and who guards.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError
from urllib3.poolmanager import PoolManager

from shopkit.outside import is_public

if TYPE_CHECKING:
    from collections.abc import Callable


class InsideError(NewConnectionError):
    """A name that stands for an address that is not of the public internet."""


def _addresses(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class _Connection(HTTPSConnection):
    resolve: Callable[[str, int], list[str]] = staticmethod(_addresses)

    def _new_conn(self) -> socket.socket:
        named: str = self._dns_host
        try:
            found = self.resolve(named, self.port or 443)
        except OSError as error:
            raise NameResolutionError(self.host, self, error) from error  # type: ignore[arg-type]  # of gaierror's kind
        if not found or not all(map(is_public, found)):
            raise InsideError(self, "the name stands for no public address")
        self._dns_host = found[0]
        try:
            return super()._new_conn()
        finally:
            # The certificate is the name's.
            self._dns_host = named


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:  # noqa: ANN401, FBT001, FBT002 - as it is there
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **more)
        # The one of a module is shared by all: this manager gets a table of its own.
        self.poolmanager.pool_classes_by_scheme = {"https": _Pool}


def guarded_session() -> requests.Session:
    """Return a session that speaks ``https`` to public addresses, and nothing else."""
    session = requests.Session()
    session.mount("https://", _Adapter())
    # Without an adapter for it a plain address is refused.
    del session.adapters["http://"]
    return session
