"""Accounts of sellers at carriers that are asked for prices."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0027"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "carrier_account",
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("carrier", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"]),
        sa.PrimaryKeyConstraint("seller_id", "carrier"),
    )


def downgrade() -> None:
    op.drop_table("carrier_account")
