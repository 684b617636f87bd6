"""Accounts at channels, runs that push the rows of catalogs, and what came of each row."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_account",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("place", sa.String(16), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_channel_account_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_account")),
        sa.UniqueConstraint("seller_id", "channel", name=op.f("uq_channel_account_seller_id_channel")),
    )
    op.create_table(
        "push",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("feed_id", sa.String(32), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("why", sa.String(32), nullable=True),
        sa.Column("wait_until", UtcDateTime(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("holder", sa.String(128), nullable=True),
        sa.Column("beat_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_push_seller_id_seller")),
        sa.ForeignKeyConstraint(["feed_id"], ["catalog_feed.id"], name=op.f("fk_push_feed_id_catalog_feed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push")),
    )
    op.create_index("ix_push_of_feed", "push", ["feed_id", "created_at"])
    op.create_table(
        "push_row",
        sa.Column("feed_id", sa.String(32), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("push_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("ids", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["catalog_feed.id"], name=op.f("fk_push_row_feed_id_catalog_feed")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_push_row_seller_id_seller")),
        sa.PrimaryKeyConstraint("feed_id", "account_id", "key", name=op.f("pk_push_row")),
    )
    op.create_index(op.f("ix_push_row_seller_id"), "push_row", ["seller_id"])


def downgrade() -> None:
    op.drop_table("push_row")
    op.drop_table("push")
    op.drop_table("channel_account")
