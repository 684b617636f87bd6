"""Routes of how a shop is paid: its accounts at providers, and what buyers of a market can pay with."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request

from landed_cost.currencies import EXPONENTS
from landed_cost.money import Money, to_minor
from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.catalogs import read_shape
from shopkit.api.errors import problem
from shopkit.api.language import language
from shopkit.api.payment_schemas import AccountChange, AccountToConnect
from shopkit.api.queries import Query
from shopkit.payments.methods import EVERYWHERE, as_of
from shopkit.services import payment_accounts as accounts
from shopkit.services import payment_matrix
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError, RequestProblem, sentence

if TYPE_CHECKING:
    from datetime import datetime

    from shopkit.payments.fields import Kind
    from shopkit.services.payment_accounts import Shown
    from shopkit.services.payment_matrix import Row
    from shopkit.services.payment_report import Line

READ: Final = "payments:read"
WRITE: Final = "payments:write"
_MOST_DIGITS: Final = 16


@bp.errorhandler(accounts.AccountNotFoundError)
def _no_account(_error: accounts.AccountNotFoundError) -> Response:
    return problem(404)


@bp.get("/api/v1/payments/accounts")
def read_payment_accounts() -> Response:
    """List the shop's accounts, and what each provider asks for."""
    actor = api_actor(READ)
    Query().done()
    found = [_account(one) for one in accounts.every(services(), actor)]
    return _sent({"results": found, "providers": [_provider(one) for one in accounts.kinds()]})


@bp.post("/api/v1/payments/accounts")
def connect_payment_account() -> Response:
    """Connect an account in place of the one used with its provider; its secrets are never told again."""
    actor = api_actor(WRITE)
    asked = read_shape(AccountToConnect, read_body())
    made = accounts.create(
        services(),
        actor,
        asked.provider,
        country=asked.country,
        is_live=asked.live,
        secrets=asked.secrets,
        signing=asked.signing,
        options={"lines": asked.lines} if asked.lines else {},
    )
    return _sent(_account(made), HTTPStatus.CREATED, f"/api/v1/payments/accounts/{made.id}")


@bp.get("/api/v1/payments/accounts/<account_id>")
def read_payment_account(account_id: str) -> Response:
    """Read an account: which secrets are set, and none of them."""
    return _sent(_account(accounts.find(services(), api_actor(READ), account_id)))


@bp.patch("/api/v1/payments/accounts/<account_id>")
def change_payment_account(account_id: str) -> Response:
    """Change what is given of an account, put it aside or take it up again."""
    actor = api_actor(WRITE)
    accounts.find(services(), actor, account_id)
    asked = read_shape(AccountChange, read_body())
    made = accounts.change(
        services(),
        actor,
        account_id,
        secrets=asked.secrets,
        signing=asked.signing,
        lines=asked.lines,
        names=asked.methods,
        adaptive=asked.adaptive,
    )
    if asked.active is not None and asked.active is not made.is_active:
        made = (accounts.reconnect if asked.active else accounts.disconnect)(services(), actor, account_id)
    return _sent(_account(made))


@bp.delete("/api/v1/payments/accounts/<account_id>")
def forget_payment_account(account_id: str) -> Response:
    """Begin no more payments at an account and take its keys away for good."""
    accounts.disconnect(services(), api_actor(WRITE), account_id, forgets=True)
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.get("/api/v1/payments/methods")
def read_payment_methods() -> Response:
    """List every way to pay for a buyer's country: terms, source, and why it cannot be offered."""
    actor = api_actor(READ)
    query = Query("market", "amount", "currency")
    query.need("market", "MX")
    market = query.covered("market", services().rulebook.destinations) or ""
    currency = (query.text("currency") or "").upper()
    if currency and currency not in EXPONENTS:
        query.complain("currency", "currency.unknown", value=currency[:3])
    amount = _number(query)
    query.done()
    currency = currency or payment_matrix.store_currency(market)
    money = payment_matrix.sample(currency) if amount is None else Money(to_minor(amount, currency), currency)
    if amount is not None and Decimal(money.text) != amount:
        query.complain("amount", "order.amount")
        query.done()
    rows = payment_matrix.matrix(services(), actor, market, money)
    return _sent(
        {
            "market": market,
            "amount": money.text,
            "currency": currency,
            "as_of": as_of(),
            "results": [_method(one) for one in rows],
        }
    )


@bp.get("/api/v1/payments/report")
def read_payment_report() -> Response:
    """Compare what providers booked on a day with the ledgers of the orders."""
    # Only the day's report needs it.
    from shopkit.services import payment_report  # noqa: PLC0415

    actor = api_actor(READ)
    query = Query("day")
    query.need("day", "2026-11-23")
    day = query.day("day")
    query.done()
    if day is None:
        raise RequestError([RequestProblem("query:day", "date.invalid")])
    found = payment_report.report(services(), actor, day)
    return _sent(
        {
            "day": day.isoformat(),
            "differences": found.differences,
            "accounts": found.accounts,
            "unread": [{"account": account, "reason": why} for account, why in found.unread],
            "totals": [
                {
                    "currency": one.currency,
                    "gross": one.gross.text,
                    "fees": one.fees.text,
                    "net": one.net.text,
                    "paid_out": one.paid_out.text,
                }
                for one in found.totals
            ],
            "lines": [_line(one) for one in found.lines],
        }
    )


def _line(one: Line) -> dict[str, Any]:
    amount = one.there or one.here
    texts = {name: getattr(one, name) for name in ("here", "there", "gross", "fee", "net")}
    return {
        "outcome": one.outcome,
        "kind": one.kind,
        "at": _moment(one.at),
        "account": one.account_id,
        "booking": one.booking or None,
        "name": one.name or None,
        "order": one.order_id,
        **{name: None if part is None else part.text for name, part in texts.items()},
        "currency": None if amount is None else amount.currency,
        "balance_currency": None if one.gross is None else one.gross.currency,
        "said": one.said,
    }


def _number(query: Query) -> Decimal | None:
    text = query.text("amount")
    if text is None:
        return None
    try:
        found = Decimal(text) if len(text) <= _MOST_DIGITS else Decimal(-1)
    except InvalidOperation:
        found = Decimal(-1)
    if not found.is_finite() or not 0 < found < Decimal(10) ** 12:
        query.complain("amount", "amount.invalid")
        return None
    return found


def _account(one: Shown) -> dict[str, Any]:
    root = (services().settings.public_url or request.host_url).rstrip("/")
    return {
        "id": one.id,
        "provider": one.provider,
        "country": one.country,
        "live": one.is_live,
        "active": one.is_active,
        "secrets_set": list(one.set),
        "signing_set": one.signing,
        "lines": dict(one.lines),
        "methods": None if one.methods is None else list(one.methods),
        "adaptive": one.is_adaptive,
        "messages_to": None if one.path is None else f"{root}{one.path}",
        "created_at": _moment(one.created_at),
    }


def _provider(one: Kind) -> dict[str, Any]:
    spoken = language()
    fields = [
        {
            "name": field.name,
            "place": field.place,
            "label": field.label[spoken],
            "hint": field.hint.get(spoken),
            "optional": field.is_optional,
        }
        for field in one.fields
    ]
    return {"provider": one.provider, "title": one.title[spoken], "fields": fields}


def _method(row: Row) -> dict[str, Any]:
    one, spoken = row.method, language()
    return {
        "name": f"{one.provider}/{one.name}",
        "title": one.title[spoken],
        "offered": row.can,
        "live": row.is_live,
        "why_not": row.why_not,
        "reason": None if row.why_not is None else sentence(row.why_not, {}, spoken),
        "later": one.is_async,
        "delay": one.delay[spoken],
        "cost": one.cost[spoken],
        "refunds": one.refunds,
        "partial": one.partial,
        "disputes": one.disputes,
        "currencies": None if EVERYWHERE in one.currencies else sorted(one.currencies),
        "least": None if row.least is None else row.least.text,
        "most": None if row.most is None else row.most.text,
        "needs_tax_id": one.needs_tax_id,
        "evidence": one.evidence,
        "exception": one.exception.get(spoken),
        "source": one.source,
    }


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _sent(value: Any, status: HTTPStatus = HTTPStatus.OK, location: str | None = None) -> Response:  # noqa: ANN401  # JSON
    return send(Reply(status, dump(value), language(), location))
