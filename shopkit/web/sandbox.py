"""The sandbox's page: what a provider would show the buyer, and what banks would do, as buttons. No money moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from flask import abort, redirect, render_template, request, url_for

from shopkit.payments import sandbox
from shopkit.payments.port import PaymentError
from shopkit.payments.sandbox import Button
from shopkit.services import payment_accounts as accounts
from shopkit.services import webhooks
from shopkit.web.access import services
from shopkit.web.blueprint import bp, csrf
from shopkit.web.language import N_

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.payments.port import Account, Read

BUTTONS: Final[dict[str, str]] = {
    "pay": N_("Pay"),
    "decline": N_("Decline the card"),
    "issue": N_("Issue a voucher"),
    "pay_voucher": N_("Pay the voucher"),
    "part": N_("Pay half of what is left"),
    "expire": N_("Let it expire"),
    "dispute": N_("Dispute it"),
    "win": N_("The seller wins the dispute"),
    "lose": N_("The seller loses the dispute"),
    "warn": N_("Warn of fraud"),
    "give_back": N_("Refund it at the provider"),
}


@bp.get("/sandbox/<account_id>/<ref>")
def sandbox_page(account_id: str, ref: str) -> str:
    """Show a payment at the sandbox with its buttons."""
    account, read = _read(account_id, ref)
    return render_template("web/sandbox.html", read=read, account=account, buttons=BUTTONS)


@bp.post("/sandbox/<account_id>/<ref>")
def press_sandbox(account_id: str, ref: str) -> ResponseReturnValue:
    """Do what a button says, send the shop the message about it, and show how it stands."""
    csrf.protect()
    account, _ = _read(account_id, ref)
    button: Button | None = next((one for one in get_args(Button) if one == request.form.get("do")), None)
    if button is None:
        abort(400)
    body, header = sandbox.press(account, ref, button, services().now())
    webhooks.receive(services(), "sandbox", account_id, body, {sandbox.HEADER: header}, {})
    webhooks.work(services())
    return redirect(url_for("web.sandbox_page", account_id=account_id, ref=ref), 303)


def _read(account_id: str, ref: str) -> tuple[Account, Read]:
    try:
        with services().database.reading() as session:
            account = accounts.by_id(session, services(), account_id)
        if account.provider != "sandbox":
            abort(404)
        return account, sandbox.Sandbox().read(account, ref)
    except (accounts.AccountNotFoundError, PaymentError):
        abort(404)
