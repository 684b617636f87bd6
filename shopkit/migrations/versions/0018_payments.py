"""Payments: sellers' accounts, attempts, the inbox of messages, refunds."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _seller(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    return (
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f(f"fk_{table}_seller_id_seller")),
    )


def upgrade() -> None:
    op.create_table(
        "payment_account",
        sa.Column("id", sa.String(32), nullable=False),
        *_seller("payment_account"),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_account")),
    )
    op.create_index(op.f("ix_payment_account_seller_id"), "payment_account", ["seller_id"])
    op.create_table(
        "payment",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("order_id", sa.String(32), nullable=False),
        *_seller("payment"),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("ref", sa.String(255), nullable=True),
        sa.Column("charge", sa.String(255), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("instructions", sa.JSON(), nullable=False),
        sa.Column("presented_minor", sa.BigInteger(), nullable=True),
        sa.Column("presented_currency", sa.String(3), nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payment_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["payment_account.id"], name=op.f("fk_payment_account_id_payment_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_payment_order_id_number")),
        sa.UniqueConstraint("account_id", "ref", name=op.f("uq_payment_account_id_ref")),
    )
    op.create_index("ix_payment_charge", "payment", ["account_id", "charge"])
    op.create_index("ix_payment_state", "payment", ["state", "checked_at"])
    op.create_index(op.f("ix_payment_seller_id"), "payment", ["seller_id"])
    op.create_table(
        "payment_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        *_seller("payment_event"),
        sa.Column("event_id", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("refs", sa.JSON(), nullable=False),
        sa.Column("attempt", sa.String(255), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("payment_id", sa.String(32), nullable=True),
        sa.Column("problem", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["payment_account.id"], name=op.f("fk_payment_event_account_id_payment_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_event")),
        sa.UniqueConstraint("account_id", "event_id", name=op.f("uq_payment_event_account_id_event_id")),
    )
    op.create_index("ix_payment_event_due", "payment_event", ["state", "due_at"])
    op.create_index(op.f("ix_payment_event_seller_id"), "payment_event", ["seller_id"])
    op.create_table(
        "payment_refund",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("payment_id", sa.String(32), nullable=False),
        sa.Column("order_id", sa.String(32), nullable=False),
        *_seller("payment_refund"),
        sa.Column("key", sa.String(255), nullable=True),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("ref", sa.String(255), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_refund_payment_id_payment")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payment_refund_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_refund")),
        sa.UniqueConstraint("order_id", "key", name=op.f("uq_payment_refund_order_id_key")),
        sa.UniqueConstraint("payment_id", "ref", name=op.f("uq_payment_refund_payment_id_ref")),
    )
    op.create_index(op.f("ix_payment_refund_seller_id"), "payment_refund", ["seller_id"])


def downgrade() -> None:
    op.drop_table("payment_refund")
    op.drop_table("payment_event")
    op.drop_table("payment")
    op.drop_table("payment_account")
