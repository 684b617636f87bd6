"""Boxes of sellers, and parcels that sellers of one place hand to a consolidator together."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "box",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("length_mm", sa.Integer(), nullable=False),
        sa.Column("width_mm", sa.Integer(), nullable=False),
        sa.Column("height_mm", sa.Integer(), nullable=False),
        sa.Column("wall_mm", sa.Integer(), nullable=True),
        sa.Column("own_grams", sa.Integer(), nullable=False),
        sa.Column("bears_grams", sa.Integer(), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("cost_currency", sa.String(3), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_box_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box")),
        sa.UniqueConstraint("seller_id", "name", name=op.f("uq_box_seller_id_name")),
    )
    op.create_table(
        "pool_group",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_pool_group_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_group")),
    )
    op.create_index(op.f("ix_pool_group_seller_id"), "pool_group", ["seller_id"])
    op.create_table(
        "pool_member",
        sa.Column("group_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["pool_group.id"], name=op.f("fk_pool_member_group_id_pool_group")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_pool_member_seller_id_seller")),
        sa.PrimaryKeyConstraint("group_id", "seller_id", name=op.f("pk_pool_member")),
    )
    op.create_index(op.f("ix_pool_member_seller_id"), "pool_member", ["seller_id"])
    op.create_table(
        "pool_invitation",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("group_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["pool_group.id"], name=op.f("fk_pool_invitation_group_id_pool_group")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_pool_invitation_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_invitation")),
    )
    op.create_index(op.f("ix_pool_invitation_group_id"), "pool_invitation", ["group_id"])
    op.create_index(op.f("ix_pool_invitation_seller_id"), "pool_invitation", ["seller_id"])
    op.create_table(
        "parcel_pool",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("group_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("consolidator", sa.String(200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["pool_group.id"], name=op.f("fk_parcel_pool_group_id_pool_group")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_parcel_pool_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_pool")),
    )
    op.create_index(op.f("ix_parcel_pool_group_id"), "parcel_pool", ["group_id"])
    op.create_index(op.f("ix_parcel_pool_seller_id"), "parcel_pool", ["seller_id"])
    op.create_table(
        "pool_parcel",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("pool_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.String(32), nullable=True),
        sa.Column("note", sa.String(120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["pool_id"], ["parcel_pool.id"], name=op.f("fk_pool_parcel_pool_id_parcel_pool")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_pool_parcel_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_parcel")),
    )
    op.create_index(op.f("ix_pool_parcel_pool_id"), "pool_parcel", ["pool_id"])
    op.create_index(op.f("ix_pool_parcel_seller_id"), "pool_parcel", ["seller_id"])
    op.create_table(
        "pool_share",
        sa.Column("pool_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("parcels", sa.Integer(), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["pool_id"], ["parcel_pool.id"], name=op.f("fk_pool_share_pool_id_parcel_pool")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_pool_share_seller_id_seller")),
        sa.PrimaryKeyConstraint("pool_id", "seller_id", name=op.f("pk_pool_share")),
    )
    op.create_index(op.f("ix_pool_share_seller_id"), "pool_share", ["seller_id"])


def downgrade() -> None:
    op.drop_table("pool_share")
    op.drop_table("pool_parcel")
    op.drop_table("parcel_pool")
    op.drop_table("pool_invitation")
    op.drop_table("pool_member")
    op.drop_table("pool_group")
    op.drop_table("box")
