"""Access: a seller's short name, what a sign-up waits with, and how often somebody tried."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("seller", sa.Column("slug", sa.String(64), nullable=True))
    op.create_index("ix_seller_slug", "seller", ["slug"], unique=True)
    op.add_column("one_time_link", sa.Column("detail", sa.JSON(), nullable=True))
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
    )
    op.create_index("ix_attempts_until", "attempts", ["until"])


def downgrade() -> None:
    op.drop_table("attempts")
    op.drop_column("one_time_link", "detail")
    op.drop_index("ix_seller_slug", "seller")
    op.drop_column("seller", "slug")
