"""Run the twin by hand: ``make twin-paypal``, or ``python -m tests.twins.paypal [port]``."""

from __future__ import annotations

import sys
from threading import Event

from tests.twins.paypal.server import serving


def main(port: int = 12112) -> None:
    """Serve until interrupted, sending webhooks by itself once ``listen`` said where to."""
    with serving(port=port) as twin:
        twin.world.webhooks.automatic = True
        print(f"The twin of PayPal is at {twin.url}, for client id twin-client and secret twin-secret.")  # noqa: T201
        print(f"Controls: {twin.url}/_control/..., tests/twins/paypal/README.md names them. Ctrl-C ends it.")  # noqa: T201
        try:
            Event().wait()
        except KeyboardInterrupt:
            print("The twin is gone.")  # noqa: T201


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
