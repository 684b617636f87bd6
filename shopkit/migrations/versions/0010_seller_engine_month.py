"""What each seller asked of an engine in a month."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seller_engine_month",
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("engine", sa.String(64), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("characters", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_seller_engine_month_seller_id_seller")),
        sa.PrimaryKeyConstraint("seller_id", "engine", "month", name=op.f("pk_seller_engine_month")),
    )


def downgrade() -> None:
    op.drop_table("seller_engine_month")
