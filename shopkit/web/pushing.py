"""What the page of a catalog says of its account at the channel and of what was sent there, and its button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shopkit.sealing import SealError
from shopkit.services import channel_accounts, pushes
from shopkit.services.problems import RequestError
from shopkit.web.access import services
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from listings.pushing.port import Problem
    from shopkit.services.actors import Actor
    from shopkit.services.catalogs import Kept

PUSHES: Final = {
    "waiting": N_("Waiting"),
    "running": N_("Being sent"),
    "done": N_("Sent"),
    "stopped": N_("Stopped"),
    "halted": N_("Halted"),
}
REASONS: Final = {
    "busy": N_("The channel asks to wait; send again later to go on."),
    "unsigned": N_("The channel does not take the token: connect the account again, then go on."),
    "unavailable": N_("The channel did not answer; send again later."),
    "rejected": N_("The channel does not take it."),
    "unknown": N_("Nobody knows whether it arrived. Look it up at the channel; it is not sent again by itself."),
    "garbage": N_("The channel’s answer cannot be read. Look it up there; it is not sent again by itself."),
    "stale": N_("Its price is of days that are over: make the catalog again."),
    "not_replaced": N_("It is on sale there as it was, and this change is not taken from here: change it there."),
}
_COUNTS: Final = {
    "done": N_("sent"),
    "same": N_("there already"),
    "refused": N_("left out"),
    "unknown": N_("to be looked up"),
    "failed": N_("without an answer"),
    "stays": N_("on sale there, no longer in the catalog"),
}
# What our own calls say of a row; what a channel says is told in its words.
OWN: Final = {
    "push.currency": N_("The shop there sells in other money than the catalog: make a catalog in its money."),
    "push.unit": N_("The shop there measures in a unit that nothing is known of here."),
    "push.handle": N_("The name of the product has no letter or digit for its address."),
    "push.kind": N_("The product is of another kind there, and would lose its variants."),
    "push.gone": N_("The product is in the trash there."),
    "push.found": N_("A product of this name was there already; it was brought up to date."),
    "push.others": N_("It has variants there that the catalog does not have; they stay as they are."),
    "push.unshown": N_("It is in no sales channel yet: publish it there, or name the publication in the account."),
    "push.draft": N_("It is a draft there: publishing it costs %(fee)s, and the account does not say to do so."),
    "push.none": N_("There is none left: the channel takes a product of one at least."),
    "push.sold_out": N_("There is none left: it is not on sale there until there is."),
    "push.fee": N_("The channel charges %(fee)s for it, and again when it renews."),
}
_BUSY: Final = N_("Products are being sent to this account already.")
_SHUT: Final = N_("The token cannot be opened with the keys this shop has: connect the account again.")
_SHOWN: Final = 50


def shown(who: Actor, found: Kept) -> dict[str, object] | None:
    """Return what the page shows; nothing for a channel that takes no calls."""
    if found.channel not in channel_accounts.channels():
        return None
    account = channel_accounts.account_of(services(), who, found.channel)
    last = pushes.last_run(services(), who, found.id)
    rows = () if last is None else pushes.rows_of(services(), who, last.id)
    return {
        "account": account,
        "is_over": account is not None and account.is_over(services().now()),
        "last": last,
        "state": None if last is None else gettext(PUSHES[last.state]),
        "why": None if last is None or last.why is None else gettext(REASONS[last.why]),
        "counts": []
        if last is None
        else [(gettext(text), last.counts[name]) for name, text in _COUNTS.items() if last.counts.get(name)],
        "rows": [(one, _why(one), [(told.code, _told(told)) for told in one.problems]) for one in rows[:_SHOWN]],
        "warned": []
        if last is None
        else [(_told(one), number) for one, number in pushes.warned(services(), who, last.id)[:_SHOWN]],
        "more": max(0, len(rows) - _SHOWN),
        "is_under_way": last is not None and last.state in {"waiting", "running", "halted"},
    }


def send(who: Actor, found: Kept) -> list[tuple[str, str]]:
    """Begin to send a catalog, or go on; return what keeps it from it."""
    try:
        run = pushes.create(services(), who, found.id)
        pushes.start(services(), who, run.id)
    except RequestError as error:
        return [("", one.message(speech().language)) for one in error.problems]
    except SealError:
        return [("", gettext(_SHUT))]
    except pushes.PushBusyError:
        return [("", gettext(_BUSY))]
    return []


def stop(who: Actor, found: Kept) -> None:
    """Stop sending a catalog."""
    last = pushes.last_run(services(), who, found.id)
    if last is not None:
        pushes.stop(services(), who, last.id)


def _why(row: pushes.Row) -> str:
    reason = row.reason or "unknown"
    return gettext(REASONS[reason])


def _told(problem: Problem) -> str:
    text = OWN.get(problem.code)
    if text is None:
        return problem.text
    # Asked for where a page shows it: the file of fees is read by nothing else of the web.
    from listings.pushing.etsy import fee_of  # noqa: PLC0415

    return gettext(text) % {"fee": fee_of("etsy")}
