"""What a test, or a person, does to the twin: the buyer's side, the banks', the clock, faults, and what was seen.

Every control is a name and its fields: ``POST /_control/pay {"session": "cs_...", "method": "oxxo"}`` over HTTP, or
``twin.control("pay", session="cs_...", method="oxxo")``. What comes back is the object that was acted on.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tests.twins.stripe import buyer, catalogue, disputes, payouts, refunds, transfers
from tests.twins.stripe.errors import StripeError, invalid
from tests.twins.stripe.faults import Fault
from tests.twins.stripe.mangling import Mode
from tests.twins.stripe.shapes import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.twins.stripe.shapes import Thing
    from tests.twins.stripe.world import World


def _thing(world: World, name: str) -> Thing:
    if name not in world.things:
        raise invalid(f"The twin has no {name}", status=404)
    return world.things[name]


def _intent(world: World, name: str) -> Thing:
    """Return an intent by its own id or by that of its Session."""
    thing = _thing(world, name)
    if thing["object"] == "checkout.session":
        if not thing["payment_intent"]:
            raise invalid("No button of this Session was pressed yet")
        return world.things[thing["payment_intent"]]
    return thing


def _charge(world: World, name: str) -> Thing:
    thing = _thing(world, name)
    return thing if thing["object"] == "charge" else world.things[_intent(world, name)["latest_charge"]]


def _pay(world: World, session: str, **how: Any) -> Thing:
    return buyer.pay(world, _thing(world, session), **how)


def _abandon(world: World, session: str) -> Thing:
    """Leave the page: nothing happens at all, and the buyer is where ``cancel_url`` leads."""
    return _thing(world, session)


def _fund(world: World, customer: str, currency: str, amount: int) -> Thing:
    transfers.arrive(world, _thing(world, customer), currency, amount)
    return _thing(world, customer)


def _next_refunds(world: World, *, statuses: list[str]) -> Thing:
    if not set(statuses) <= set(refunds.STATUSES):
        raise invalid(f"statuses are of {', '.join(refunds.STATUSES)}")
    world.next_refunds = list(statuses)
    return {"next_refunds": list(statuses)}


def _fail_refund(world: World, refund: str, reason: str = "lost_or_stolen_card") -> Thing:
    """Let a refund fail, though it succeeded: the bank sends it back."""
    thing = _thing(world, refund)
    refunds.fail(world, thing, reason)
    return thing


def _advance(world: World, seconds: int) -> Thing:
    world.advance(seconds)
    return {"now": world.now()}


def _fault(world: World, **fields: Any) -> Thing:
    world.faults.append(Fault(**fields))
    return {"faults": [vars(fault) for fault in world.faults]}


def _mode(world: World, *, events: list[str] | tuple[str, ...] = (), **fields: Any) -> Thing:
    world.webhooks.arm(Mode(events=tuple(events), **fields))
    return {"modes": [vars(mode) for mode in world.webhooks.modes]}


def _endpoint(world: World, key: str, url: str, secret: str, events: list[str] | None = None) -> Thing:
    """Register an endpoint with a secret of the test's choice, as if in the dashboard."""
    values = {"url": url, "enabled_events": events or ["*"], "api_version": "2026-10-28.endive"}
    made = catalogue.webhook_endpoint(world, world.account(key), values)
    world.things[made["id"]]["_secret"] = secret
    return made


def _account(world: World, key: str, **fields: Any) -> Thing:
    """Set what an account is: ``country, rates, invited, refundable_vouchers, insufficient_balance, fee_per_mille``."""
    account = world.account(key)
    for name, value in fields.items():
        if name not in vars(account) or name in ("key", "id"):
            raise invalid(f"an account has no {name}")
        made = {code: Decimal(rate) for code, rate in value.items()} if name == "rates" else value
        setattr(account, name, set(made) if name == "invited" else made)
    return {"id": account.id, "country": account.country, "settles_in": account.settles_in}


def _plant(world: World, fault: str) -> Thing:
    """Plant a defect in the twin itself, to see that whoever looks notices."""
    if fault not in ("keys_forgotten", "refunds_unchecked"):
        raise invalid(f"nobody knows how to plant {fault}")
    world.planted.add(fault)
    return {"planted": sorted(world.planted)}


def _when(world: World, when: str) -> Thing:
    if when not in ("manual", "before", "after"):
        raise invalid("when: manual, before (the answer) or after")
    if when == "after":
        world.webhooks.start()
    world.webhooks.when = when
    return {"when": when}


def _journal(world: World, kind: str | None = None, path: str = "") -> Thing:
    rows = [row for row in world.journal if kind in (None, row["kind"]) and row.get("path", "").startswith(path)]
    return {"journal": rows}


CONTROLS: Final[dict[str, Callable[..., Thing]]] = {
    "abandon": _abandon,
    "account": _account,
    "advance": _advance,
    "authenticate": lambda w, payment, well=True: buyer.authenticate(w, _intent(w, payment), well=well),
    "dispute": lambda w, payment, **how: disputes.begin(w, _charge(w, payment), **how),
    "end_dispute": lambda w, dispute, won: disputes.end(w, _thing(w, dispute), won=won),
    "endpoint": _endpoint,
    "expire_voucher": lambda w, payment: buyer.expire_voucher(w, _intent(w, payment)),
    "fail_refund": _fail_refund,
    "fault": _fault,
    "fee": lambda w, key, amount, currency, description="Billing": payouts.charge_fee(
        w, w.account(key), amount, currency, description
    ),
    "fraud_warning": lambda w, payment: disputes.warn(w, _charge(w, payment)),
    "fund": _fund,
    "journal": _journal,
    "mode": _mode,
    "next_refunds": _next_refunds,
    "pay": _pay,
    "pay_voucher": lambda w, payment, **how: buyer.pay_voucher(w, _intent(w, payment), **how),
    "payout": lambda w, key, currency: payouts.pay_out(w, w.account(key), currency),
    "plant": _plant,
    "settle": lambda w, payment, well=True: buyer.settle(w, _intent(w, payment), well=well),
    "settle_refund": lambda w, refund, status="succeeded", **how: refunds.settle(w, _thing(w, refund), status, **how),
    "thing": _thing,
    "transfer": lambda w, payment, what: buyer.transfer(w, _intent(w, payment), what),
    "when": _when,
}


def act(world: World, name: str, fields: Thing) -> Thing:
    """Do what a control says and return the object it acted on; unknown names and fields are refused with 400."""
    if name == "deliver":
        return {"deliveries": world.webhooks.deliver()}
    if name not in CONTROLS:
        raise invalid(f"No control {name}: there are deliver, {', '.join(CONTROLS)}", status=404)
    try:
        with world.lock:
            world.due()
            return shown(CONTROLS[name](world, **fields))
    except StripeError:
        raise
    except (TypeError, ValueError, KeyError, IndexError) as error:
        raise invalid(f"{name}: {error}") from error
