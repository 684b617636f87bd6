"""Run the twin by hand: ``make twin-mercadopago``, or ``python -m tests.twins.mercadopago [port]``."""

from __future__ import annotations

import sys
from threading import Event

from tests.twins.mercadopago.server import serving


def main(port: int = 12113) -> None:
    """Serve until interrupted, sending webhooks by itself once ``listen`` said where to."""
    with serving(port=port) as twin:
        twin.world.webhooks.automatic = True
        print(f"The twin of Mercado Pago is at {twin.url}, for access token TEST-twin.")  # noqa: T201
        print(f"Controls: {twin.url}/_control/..., tests/twins/mercadopago/README.md names them. Ctrl-C ends it.")  # noqa: T201
        try:
            Event().wait()
        except KeyboardInterrupt:
            print("The twin is gone.")  # noqa: T201


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
