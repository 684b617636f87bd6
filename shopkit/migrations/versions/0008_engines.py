"""Engines of translation: what was asked of them in a month, and what they answered."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "engine_month",
        sa.Column("engine", sa.String(64), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("characters", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("engine", "month", name=op.f("pk_engine_month")),
    )
    op.create_table(
        "engine_answer",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=True),
        sa.Column("engine", sa.String(64), nullable=False),
        sa.Column("version", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("unknown", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_engine_answer_seller_id_seller")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_engine_answer")),
    )
    op.create_index(op.f("ix_engine_answer_at"), "engine_answer", ["at"])
    op.create_index(op.f("ix_engine_answer_seller_id"), "engine_answer", ["seller_id"])


def downgrade() -> None:
    op.drop_table("engine_answer")
    op.drop_table("engine_month")
