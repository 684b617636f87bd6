"""Run the twin by hand: ``make twin``, or ``python -m tests.twins.stripe [port]``."""

from __future__ import annotations

import sys
from threading import Event

from tests.twins.stripe.server import serving


def main(port: int = 12111) -> None:
    """Serve until interrupted, sending webhooks by itself."""
    with serving(port=port) as twin:
        twin.control("when", when="after")
        print(f"The twin of Stripe is at {twin.url}, for keys such as sk_test_MX_anything.")  # noqa: T201
        print(f"Controls: {twin.url}/_control/..., tests/twins/stripe/README.md names them. Ctrl-C ends it.")  # noqa: T201
        try:
            Event().wait()
        except KeyboardInterrupt:
            print("The twin is gone.")  # noqa: T201


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
