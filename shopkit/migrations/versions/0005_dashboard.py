"""Dashboard: past sales and the files they came in, goals and trials, what a seller set there."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sale_import",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("file_name", sa.String(250), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name="fk_sale_import_seller_id_seller"),
        sa.PrimaryKeyConstraint("id", name="pk_sale_import"),
    )
    op.create_index("ix_sale_import_of_seller", "sale_import", ["seller_id", "created_at"])
    op.create_table(
        "past_sale",
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("order", sa.String(64), nullable=False),
        sa.Column("line", sa.String(64), nullable=False),
        sa.Column("import_id", sa.String(32), nullable=False),
        sa.Column("market", sa.String(2), nullable=False),
        sa.Column("listing_id", sa.String(32), nullable=False),
        sa.Column("sold_on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["sale_import.id"], name="fk_past_sale_import_id_sale_import"),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name="fk_past_sale_seller_id_seller"),
        sa.PrimaryKeyConstraint("seller_id", "order", "line", name="pk_past_sale"),
    )
    op.create_index("ix_past_sale_import_id", "past_sale", ["import_id"])
    op.create_table(
        "goal",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("market", sa.String(2), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name="fk_goal_seller_id_seller"),
        sa.PrimaryKeyConstraint("id", name="pk_goal"),
    )
    op.create_index("ix_goal_of_seller", "goal", ["seller_id", "ends_on"])
    op.create_table(
        "plan",
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("markets", sa.JSON(), nullable=False),
        sa.Column("dismissed_at", UtcDateTime(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name="fk_plan_seller_id_seller"),
        sa.PrimaryKeyConstraint("seller_id", name="pk_plan"),
    )


def downgrade() -> None:
    op.drop_table("plan")
    op.drop_table("goal")
    op.drop_table("past_sale")
    op.drop_table("sale_import")
