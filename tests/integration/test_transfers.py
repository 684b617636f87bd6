"""Money that comes by bank transfer: noted by the seller at any door, and of a payment like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shopkit.services import order_acts, payment_accounts, payments, refunds
from shopkit.services.context import Services, open_services
from tests.databases import migrate
from tests.ordering import DUE, order
from tests.paying import Sale, usd
from tests.shop import NOW, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINES = {"bank": "Banco", "account": "002180012345678904", "holder": "Ana"}


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Return a shop without rows."""
    found = open_services(settings(tmp_path), now=lambda: NOW)
    migrate(found.database)
    yield found
    found.database.dispose()


@pytest.fixture
def sale(services: Services) -> Sale:
    """Return a seller whose buyers may pay by transfer."""
    return Sale(services, "bank", options={"lines": LINES})


def note(sale: Sale, minor: int, key: str, reference: str = "") -> tuple[str, int, int]:
    """Note a transfer and return how the order stands."""
    state = order_acts.note_transfer(sale.services, sale.actor, sale.order.id, usd(minor), key=key, reference=reference)
    return (state.status, state.net, state.owed_back)


def by_payment(sale: Sale) -> dict[str, int]:
    """Return what came by each attempt."""
    return {name: one.received for name, one in sale.state.payments.items()}


def test_a_transfer_is_noted_in_parts_and_too_much(sale: Sale) -> None:
    """Two parts make the whole, the same line is noted once, and what is too much is owed back."""
    begun = sale.start("transfer")
    told = [note(sale, *one) for one in ((3_000, "a"), (3_000, "a"), (DUE - 3_000, "b"), (100, "c"))]

    assert begun.instructions == LINES | {"reference": begun.instructions["reference"], "amount": "76.63 USD"}
    assert told == [("underfunded", 3_000, 0), ("underfunded", 3_000, 0), ("paid", DUE, 0), ("paid", DUE + 100, 100)]
    assert by_payment(sale) == {begun.payment_id: DUE + 100}
    assert payments.see(sale.services, sale.order.id)[0].state == "paid"


def test_a_reference_leads_to_its_attempt(sale: Sale) -> None:
    """What bears the reference of an older attempt, as banks write it, is of that one."""
    old = sale.start("transfer")
    order_acts.reduce(sale.services, sale.actor, sale.order.id, usd(1_000), key="less")
    new = sale.start("transfer")
    note(sale, 1_000, "a", f"SPEI {old.instructions['reference'].replace('-', '').lower()}")
    note(sale, 2_000, "b", "rent")

    assert old.payment_id != new.payment_id
    assert by_payment(sale) == {old.payment_id: 1_000, new.payment_id: 2_000}


def test_money_that_was_not_announced_can_be_given_back(services: Services) -> None:
    """Without an attempt one is made, at an account that nobody sees, and its refund is recorded."""
    sale = Sale(services)
    note(sale, DUE, "a", "SPEI 1")
    again = note(sale, DUE, "a", "SPEI 1")
    refunds.record(services, sale.actor, sale.order.id, usd(1_000), "by transfer", "k")
    accounts = [(one.provider, one.is_active) for one in payment_accounts.every(services, sale.actor)]

    assert again == ("paid", DUE, 0)
    assert (sale.state.net, list(by_payment(sale).values())) == (DUE - 1_000, [DUE])
    assert accounts == [("sandbox", True)]


def test_a_payment_of_another_order_is_not_taken(sale: Sale) -> None:
    """The reference of another order's attempt leads nowhere else."""
    theirs = sale.start("transfer").instructions["reference"]
    sale.order = order(sale.services, sale.actor, sale.listing, "k2")
    mine = sale.start("transfer")
    note(sale, DUE, "a", theirs)

    assert by_payment(sale) == {mine.payment_id: DUE}
