"""Providers of tracking that sellers connected, which parcel is asked about there and when, and messages of theirs."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0029"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tracking_account",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("provider", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(16), nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("pace", sa.String(64), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_until", UtcDateTime(), nullable=True),
        sa.Column("renewing_by", sa.String(120), nullable=True),
        sa.Column("renewing_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_tracking_account_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking_account")),
        sa.UniqueConstraint("seller_id", "provider", name=op.f("uq_tracking_account_seller_id_provider")),
    )
    op.create_table(
        "tracking_pace",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("free_at", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking_pace")),
    )
    op.create_table(
        "shipment_feed",
        sa.Column("shipment_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("label", sa.String(32), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("not_found_since", UtcDateTime(), nullable=True),
        sa.Column("quiet", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(255), nullable=False),
        sa.Column("told", sa.String(64), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name=op.f("fk_shipment_feed_shipment_id_shipment")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_shipment_feed_seller_id_seller")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["tracking_account.id"], name=op.f("fk_shipment_feed_account_id_tracking_account")
        ),
        sa.PrimaryKeyConstraint("shipment_id", name=op.f("pk_shipment_feed")),
    )
    op.create_index("ix_shipment_feed_due", "shipment_feed", ["account_id", "due_at"])
    op.create_index("ix_shipment_feed_seller", "shipment_feed", ["seller_id"])
    op.create_table(
        "tracking_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["tracking_account.id"], name=op.f("fk_tracking_message_account_id_tracking_account")
        ),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_tracking_message_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking_message")),
        sa.UniqueConstraint("account_id", "digest", name=op.f("uq_tracking_message_account_id_digest")),
    )
    op.create_index("ix_tracking_message_due", "tracking_message", ["due_at"])


def downgrade() -> None:
    op.drop_table("tracking_message")
    op.drop_table("shipment_feed")
    op.drop_table("tracking_pace")
    op.drop_table("tracking_account")
