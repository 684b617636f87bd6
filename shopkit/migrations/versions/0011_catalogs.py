"""Catalogs for channels: what each holds, its runs, its rows and how they changed."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalog_feed",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("market", sa.String(2), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("every_hours", sa.Integer(), nullable=True),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("is_dirty", sa.Boolean(), nullable=False),
        sa.Column("run_id", sa.String(32), nullable=True),
        sa.Column("file", sa.String(120), nullable=True),
        sa.Column("etag", sa.String(64), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_catalog_feed_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_feed")),
    )
    op.create_index("ix_catalog_feed_of_seller", "catalog_feed", ["seller_id", "created_at"])
    op.create_table(
        "catalog_run",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("feed_id", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("is_dry", sa.Boolean(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("cursor", sa.String(32), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("rests_on", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("holder", sa.String(128), nullable=True),
        sa.Column("beat_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["catalog_feed.id"], name=op.f("fk_catalog_run_feed_id_catalog_feed")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_catalog_run_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_run")),
    )
    op.create_index("ix_catalog_run_of_feed", "catalog_run", ["feed_id", "created_at"])
    op.create_table(
        "catalog_listing",
        sa.Column("feed_id", sa.String(32), nullable=False),
        sa.Column("listing_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("ready", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["catalog_feed.id"], name=op.f("fk_catalog_listing_feed_id_catalog_feed")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_catalog_listing_seller_id_seller")),
        sa.PrimaryKeyConstraint("feed_id", "listing_id", name=op.f("pk_catalog_listing")),
    )
    op.create_index(op.f("ix_catalog_listing_seller_id"), "catalog_listing", ["seller_id"])
    op.create_table(
        "catalog_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("run_id", sa.String(32), nullable=False),
        sa.Column("listing_id", sa.String(32), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("what", sa.String(8), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["catalog_run.id"], name=op.f("fk_catalog_change_run_id_catalog_run")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_catalog_change_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_change")),
    )
    op.create_index("ix_catalog_change_of_run", "catalog_change", ["run_id", "id"])
    op.create_index(op.f("ix_catalog_change_seller_id"), "catalog_change", ["seller_id"])


def downgrade() -> None:
    op.drop_table("catalog_change")
    op.drop_table("catalog_listing")
    op.drop_table("catalog_run")
    op.drop_table("catalog_feed")
