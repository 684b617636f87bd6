"""The page of the day's report: what providers booked beside what the orders' ledgers say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from babel.dates import format_time
from flask import Response, make_response, render_template, request

from shopkit.services import payment_report
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from landed_cost.money import Money
    from shopkit.services.payment_report import Line

# A mark, words, and the colour of a quote's outcome.
OUTCOMES: Final = {
    "matched": ("●", N_("Agrees"), "complete"),
    "differs": ("○", N_("The amount differs"), "refused"),
    "missing_here": ("○", N_("Missing in the orders"), "refused"),
    "missing_there": ("○", N_("Missing at the provider"), "refused"),
    "foreign": ("◐", N_("Of another program"), "estimated"),
    "unpaired": ("●", N_("Booked"), "complete"),
}
_KINDS: Final = {
    "payment": N_("Payment"),
    "refund": N_("Refund"),
    "dispute": N_("Dispute"),
    "fee": N_("Fee"),
    "payout": N_("Paid out"),
    "other": N_("Other"),
}
WHY: Final = {
    "unavailable": N_("the provider does not answer now"),
    "unknown": N_("the provider does not answer now"),
    "refused": N_("the provider does not let it be read"),
    "setup": N_("its key is not taken"),
}


@bp.get("/settings/payments/report")
def payment_report_page() -> ResponseReturnValue:
    """Show what was booked on a day, and where it differs."""
    who, to = actor(), speech()
    day = _day()
    found = payment_report.report(services(), who, day)
    body = render_template(
        "web/payment_report.html",
        found=found,
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < services().now().date() else None,
        rows=[_row(one) for one in found.lines],
        totals=[
            [
                (gettext(label), to.money(part.text, part.currency))
                for label, part in (
                    (N_("Payments less what went back"), one.gross),
                    (N_("Fees"), one.fees),
                    (N_("Net of the day"), one.net),
                    (N_("Paid out to your bank"), one.paid_out),
                )
            ]
            for one in found.totals
        ],
        unread=[(account, gettext(WHY[why])) for account, why in found.unread],
    )
    return make_response(body)


@bp.get("/settings/payments/report.csv")
def payment_report_file() -> ResponseReturnValue:
    """Download the report of a day."""
    who, day = actor(), _day()
    body = payment_report.as_csv(payment_report.report(services(), who, day))
    headers = {"Content-Disposition": f'attachment; filename="payments-{day}.csv"', "Cache-Control": "no-store"}
    return Response(body, headers=headers, content_type="text/csv; charset=utf-8")


def _day() -> date:
    """Return the day that is asked for, yesterday without one: today is not over."""
    today = services().now().date()
    try:
        found = date.fromisoformat(request.args.get("day", "")[:10])
    except ValueError:
        return today - timedelta(days=1)
    return min(max(found, date(2020, 1, 1)), today)


def _row(one: Line) -> dict[str, Any]:
    sign, words, colour = OUTCOMES[one.outcome]
    return {
        "it": one,
        "outcome": (sign, gettext(words), colour),
        "kind": gettext(_KINDS[one.kind]),
        "at": format_time(one.at, "HH:mm", locale=speech().tag.replace("-", "_")),
        "here": _money(one.here),
        "there": _money(one.there),
        "fee": _money(one.fee) if one.fee is not None and one.fee.minor else "",
        "net": _money(one.net),
    }


def _money(amount: Money | None) -> str:
    return "" if amount is None else speech().money(amount.text, amount.currency)
