"""Simple pages in the place of Stripe's: the buttons a buyer would press, for a browser or a person."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from tests.twins.stripe import buyer
from tests.twins.stripe.amounts import units
from tests.twins.stripe.errors import StripeError
from tests.twins.stripe.methods import METHODS

if TYPE_CHECKING:
    from tests.twins.stripe.shapes import Thing
    from tests.twins.stripe.world import World

_STYLE = "body{font:16px/1.5 system-ui;max-width:32rem;margin:2rem auto;padding:0 1rem}button{font:inherit}"
_CARDS = (
    ("ok", "Pay"),
    ("generic_decline", "Pay with a card that is declined"),
    ("3ds", "Pay with a card the bank asks about"),
)


def _page(title: str, *parts: str) -> bytes:
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    body = "".join(parts)
    named = f"<title>{escape(title)}</title><style>{_STYLE}</style>"
    return f"{head}{named}<main><h1>{escape(title)}</h1>{body}</main>".encode()


def _money(amount: int, currency: str) -> str:
    factor = units(currency)[0]
    whole, rest = divmod(amount, factor)
    digits = len(str(factor)) - 1
    return f"{whole}{f'.{rest:0{digits}}' if digits else ''} {currency.upper()}"


def _button(name: str, label: str, **fields: str) -> str:
    hidden = "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in fields.items())
    return f'<p><button name="do" value="{escape(name)}">{escape(label)}</button>{hidden}</p>'


def _form(*parts: str) -> str:
    return f'<form method="post">{"".join(parts)}</form>'


def checkout(session: Thing, said: str = "") -> bytes:
    """Return the page of a Session."""
    if session["status"] != "open":
        return _page("This link is over", f"<p>The session is {escape(session['status'])}.</p>")
    lines = "".join(
        f"<li>{line['quantity']} × {escape(line['description'])}: {_money(line['amount_total'], line['currency'])}</li>"
        for line in session["_lines"]
    )
    forms = []
    for method in session["payment_method_types"]:
        if method == "card":
            forms += [_form(_button("card", label, outcome=outcome)) for outcome, label in _CARDS]
        elif method == "boleto":
            field = '<p><label>CPF or CNPJ <input name="tax_id" required></label></p>'
            forms.append(_form(field, _button(method, "Take a boleto away")))
        else:
            label = "Show the instructions for a transfer" if method == "customer_balance" else f"Pay by {method}"
            forms.append(_form(_button(method, label)))
    if session["cancel_url"]:
        forms.append(f'<p><a href="{escape(session["cancel_url"])}">Back to the shop</a></p>')
    total = _money(session["amount_total"], session["currency"])
    note = f'<p role="alert">{escape(said)}</p>' if said else ""
    return _page(f"Pay {total}", note, f"<ul>{lines}</ul>", *forms)


def voucher(intent: Thing, back: str) -> bytes:
    """Return the page of what was issued: it can be paid or let lapse here."""
    parts = [f"<p>{_money(intent['amount'], intent['currency'])}, {escape(intent['status'])}</p>"]
    if intent["status"] == "requires_action" and "_received" in intent:
        parts += [
            _form(_button("transfer", f"Send {what.replace('_', ' ')}", what=what))
            for what in ("part", "whole", "too_much")
        ]
    elif intent["status"] == "requires_action":
        parts += [_form(_button("pay_voucher", "Pay it")), _form(_button("expire_voucher", "Let it lapse"))]
    if back:
        parts.append(f'<p><a href="{escape(back)}">Back to the shop</a></p>')
    return _page("Voucher", *parts)


def bank(intent: Thing) -> bytes:
    """Return the page on which the bank asks."""
    if intent["status"] != "requires_action":
        return _page("Your bank", "<p>Nothing is asked any more.</p>")
    return _page("Your bank asks", _form(_button("yes", "It is me")), _form(_button("no", "It is not me")))


def back_to_shop(session: Thing | None) -> str:
    """Return where the buyer goes after paying."""
    if session is None or not session["success_url"]:
        return ""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def pressed(world: World, session: Thing, form: str) -> tuple[bytes, str]:
    """Press a button of a Session's page; return the page that follows, or where to go."""
    fields: dict[str, Any] = {name: values[0] for name, values in parse_qs(form).items()}
    method = fields.pop("do", "card")
    try:
        buyer.pay(world, session, method, **fields)
    except StripeError as error:
        return checkout(session, str(error)), ""
    intent = world.things.get(session["payment_intent"] or "")
    if session["status"] == "open" and intent is not None:
        action = (intent["next_action"] or {}).get("type")
        if action == "redirect_to_url":
            return b"", f"{world.url}/3ds/{intent['id']}"
        if action is not None:
            return b"", f"{world.url}/voucher/{intent['id']}"
        return checkout(session, (intent["last_payment_error"] or {}).get("message", "")), ""
    if intent is not None and METHODS[method].later:
        return b"", f"{world.url}/voucher/{intent['id']}"
    return b"", back_to_shop(session)
