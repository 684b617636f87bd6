"""Ratings of orders, their answers, their words in other languages."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rating",
        sa.Column("order_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=True),
        sa.Column("rated_at", UtcDateTime(), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_rating_order_id_orders")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_rating_seller_id_seller")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_rating")),
    )
    op.create_index("ix_rating_of_seller", "rating", ["seller_id", "rated_at"])
    op.create_table(
        "rating_words",
        sa.Column("order_id", sa.String(32), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("engine", sa.String(80), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["rating.order_id"], name=op.f("fk_rating_words_order_id_rating")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_rating_words_seller_id_seller")),
        sa.PrimaryKeyConstraint("order_id", "locale", name=op.f("pk_rating_words")),
    )
    op.create_index("ix_rating_words_seller_id", "rating_words", ["seller_id"])


def downgrade() -> None:
    op.drop_table("rating_words")
    op.drop_table("rating")
