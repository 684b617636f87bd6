"""Letters on what happens to orders, written with the event they tell of and sent afterwards."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("whom", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_letter_order_id_orders")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_order_letter_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_letter")),
        sa.UniqueConstraint(
            "order_id", "position", "kind", "whom", name=op.f("uq_order_letter_order_id_position_kind_whom")
        ),
    )
    op.create_index("ix_order_letter_due", "order_letter", ["state", "due_at"])
    op.create_index(op.f("ix_order_letter_seller_id"), "order_letter", ["seller_id"])


def downgrade() -> None:
    op.drop_table("order_letter")
