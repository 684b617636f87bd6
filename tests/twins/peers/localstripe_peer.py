"""localstripe (GPL) on loopback, in the peers' environment: started by ``compare``, imported by nobody.

It prints its address and serves until its standard input ends. Its own start listens on every interface and keeps its
data in a file that everybody shares; neither is done here.
"""

from __future__ import annotations

import asyncio
import sys

from aiohttp import web  # type: ignore[import-not-found,unused-ignore]  # in the peers' environment only
from localstripe import resources  # type: ignore[import-not-found]  # the same
from localstripe.server import app  # type: ignore[import-not-found]  # the same


async def main() -> None:
    """Serve on a free port of this machine."""
    resources.store.dump_to_disk = lambda: None
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)  # noqa: T201  # how its starter learns where it is
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
