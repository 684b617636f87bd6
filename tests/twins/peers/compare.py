"""Ask the same of the twin of Stripe and of localstripe, and print where they agree: ``make twin-peer``.

Cards and signatures are what localstripe is good for. Where the two disagree Stripe's own pages decide, and the
sentence stands here; a disagreement without one ends with status 1. Not among the tests, for it needs the peers'
environment, which is installed from its lock (``requirements/localstripe.txt``) once, over the network.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

import requests
import stripe

from tests.twins.stripe import serving
from tests.twins.stripe.signing import header, signature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT: Final = Path(__file__).resolve().parents[3]
LOCK: Final = ROOT / "requirements" / "localstripe.txt"
HOME: Final = ROOT / ".cache" / "localstripe"
KEY: Final = "sk_test_MX_peer"
SECRET: Final = "whsec_peer"

# Which of the two is right, where they disagree, and where Stripe says so.
SETTLED: Final = {
    "declined when confirmed": "the twin: a test card that is declined gives 402 (docs.stripe.com/testing)",
    "the same key twice": "the twin: the first answer is given again (docs.stripe.com/api/idempotent_requests)",
    "a key with other parameters": "the twin: an idempotency_error (docs.stripe.com/api/idempotent_requests)",
    "refund above the charge": "the twin: never more than the charge (docs.stripe.com/api/refunds/create)",
    "refund of what is not paid": "the twin: there is no charge to refund; the other one breaks down",
    "refund twice": "the twin: a charge is refunded once in whole (docs.stripe.com/api/refunds/create)",
    "a currency that is none": "the twin: a supported currency (docs.stripe.com/currencies)",
    "a centavo": "the twin: 10 MXN are the least (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts)",
}


class Side:
    """One of the two: a client before it, and how it calls cards that are asked about."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name = url, name
        self.client = stripe.StripeClient(KEY, base_addresses={"api": url})

    def card(self, kind: str) -> str:
        """Return the name of a test card."""
        if kind == "3ds" and self.name == "localstripe":
            card = {"type": "card", "card[number]": "4000002500003155", "card[exp_month]": "12"}
            card |= {"card[exp_year]": "2034", "card[cvc]": "123"}
            head = {"Authorization": f"Bearer {KEY}"}
            return str(requests.post(f"{self.url}/v1/payment_methods", card, headers=head, timeout=10).json()["id"])
        return {
            "ok": "pm_card_visa",
            "declined": "pm_card_visa_chargeDeclined",
            "3ds": "pm_card_authenticationRequired",
        }[kind]

    def intent(self, kind: str = "ok", key: str | None = None, **more: Any) -> Any:
        """Make an intent for 990.00 pesos with a card."""
        params: Any = {"amount": 99000, "currency": "mxn", "payment_method": self.card(kind), **more}
        return self.client.v1.payment_intents.create(params, {"idempotency_key": key} if key else {})

    def confirmed(self, kind: str = "ok", **more: Any) -> Any:
        """Make one and confirm it."""
        return self.client.v1.payment_intents.confirm(self.intent(kind, **more).id)

    def refund(self, intent: Any, amount: int | None = None) -> Any:
        """Refund it."""
        params: Any = {"payment_intent": intent.id} | ({} if amount is None else {"amount": amount})
        return self.client.v1.refunds.create(params)


def _captured(side: Side) -> Any:
    made = side.confirmed(capture_method="manual")
    after = side.client.v1.payment_intents.capture(made.id)
    return [made.status, after.status]


def _refunded(side: Side, *amounts: int | None) -> Any:
    intent = side.confirmed()
    return [side.refund(intent, amount).status for amount in amounts]


def _twice(side: Side, **other: Any) -> Any:
    first, second = side.intent(key="k"), side.intent(key="k", **other)
    return "the same" if first.id == second.id else "another"


CASES: Final[dict[str, Callable[[Side], Any]]] = {
    "made with a card": lambda side: side.intent().status,
    "confirmed": lambda side: side.confirmed().status,
    "declined when confirmed": lambda side: side.confirmed("declined").status,
    "the bank asks": lambda side: side.confirmed("3ds").status,
    "held and captured": _captured,
    "cancelled": lambda side: side.client.v1.payment_intents.cancel(side.intent().id).status,
    "cancelled after it is paid": lambda side: side.client.v1.payment_intents.cancel(side.confirmed().id).status,
    "confirmed twice": lambda side: side.client.v1.payment_intents.confirm(side.confirmed().id).status,
    "refund of the whole": lambda side: _refunded(side, None),
    "refund in parts": lambda side: _refunded(side, 990, 98010),
    "refund above the charge": lambda side: _refunded(side, 99000 * 5000),
    "refund twice": lambda side: _refunded(side, None, None),
    "refund of what is not paid": lambda side: side.refund(side.intent()).status,
    "the same key twice": _twice,
    "a key with other parameters": lambda side: _twice(side, metadata={"a": "b"}),
    "a currency that is none": lambda side: side.intent(currency="zzz").status,
    "a centavo": lambda side: side.intent(amount=1).status,
    "no amount": lambda side: side.intent(amount=0).status,
    "nobody's payment": lambda side: side.client.v1.payment_intents.retrieve("pi_nobody").status,
}


def interpreter() -> Path:
    """Return the Python of localstripe's environment, made from its lock if it is not there yet."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp, program = HOME / ".stamp", HOME / "bin" / "python"
    if stamp.is_file() and stamp.read_text("ascii") == wanted:
        return program
    print(f"installing localstripe into {HOME.relative_to(ROOT)} (once)", file=sys.stderr)  # noqa: T201  # it takes a while
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(HOME)], check=True)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    # setuptools first: localstripe is built with it and nothing else, so that the lock holds for that too.
    tools, rest = HOME / "tools.txt", LOCK.read_text("utf-8")
    tools.write_text(rest[rest.index("setuptools==") :], "utf-8")
    subprocess.run([str(program), *install, "--only-binary", ":all:", "--requirement", str(tools)], check=True)
    only = ["--no-build-isolation", "--only-binary", ":all:", "--no-binary", "localstripe"]
    subprocess.run([str(program), *install, *only, "--requirement", str(LOCK)], check=True)
    stamp.write_text(wanted, "ascii")
    return program


@contextmanager
def localstripe() -> Iterator[str]:
    """Run localstripe in its own process for a while, and return its address."""
    program = Path(__file__).with_name("localstripe_peer.py")
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL  # it tells of its own breakdowns at length
    with subprocess.Popen([interpreter(), program], stdin=pipe, stdout=pipe, stderr=quiet, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the peer has no pipes")
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()
            process.wait(10)


def told(case: Callable[[Side], Any], side: Side) -> str:
    """Return what came of a case on a side, as a word to compare."""
    try:
        return str(case(side))
    except stripe.StripeError as error:
        return f"refused {error.http_status}"


def signatures(url: str) -> dict[str, str]:
    """Return what Stripe's verifier, and the twin's own signature, say of webhooks that localstripe signed."""
    got: Queue[tuple[bytes, str]] = Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.put((self.rfile.read(int(self.headers["Content-Length"])), self.headers["Stripe-Signature"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
            pass

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        hook = {"url": f"http://127.0.0.1:{server.server_port}/", "secret": SECRET}
        requests.post(f"{url}/_config/webhooks/one", json=hook, timeout=10)
        Side(url, "localstripe").confirmed()
        body, said = got.get(timeout=10)
        server.shutdown()
    moment = int(said.split(",")[0].removeprefix("t="))
    stripe.WebhookSignature.verify_header(body.decode(), said, SECRET, 300)
    mine = header(moment, ("v1", signature(body, SECRET, moment)))
    return {"a signature of localstripe's before Stripe's verifier": "holds"} | {
        "the same body signed by the twin": "the same" if mine == said else "another"
    }


def main() -> int:
    """Print the table and return 1 where the two disagree and nobody has said who is right."""
    unsettled = 0
    with serving() as twin, localstripe() as url:
        ours, theirs = Side(twin.url, "twin"), Side(url, "localstripe")
        rows = [(name, told(case, ours), told(case, theirs)) for name, case in CASES.items()]
        checked = signatures(url)
    for name, mine, other in rows:
        verdict = "agree" if mine == other else SETTLED.get(name, "NOBODY HAS SAID WHO IS RIGHT")
        unsettled += verdict.isupper()
        print(f"{name:28} {mine:33} {other:33} {verdict}")  # noqa: T201  # a table is the product
    for name, verdict in checked.items():
        unsettled += verdict == "another"
        print(f"{name}: {verdict}")  # noqa: T201  # the same
    return int(unsettled > 0)


if __name__ == "__main__":
    sys.exit(main())
