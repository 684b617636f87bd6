"""Rate cards, and parcels that were observed."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate_card",
        sa.Column("seller_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "name", name="pk_rate_card"),
    )
    op.create_table(
        "observed_parcel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.String(64), nullable=False),
        sa.Column("dispatch", sa.String(2), nullable=False),
        sa.Column("destination", sa.String(2), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("dispatched", sa.Date(), nullable=False),
        sa.Column("delivered", sa.Date(), nullable=False),
        sa.Column("batch", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_observed_parcel"),
    )
    op.create_index("ix_observed_parcel_lane", "observed_parcel", ["seller_id", "dispatch", "destination", "service"])
    op.create_index("ix_observed_parcel_batch", "observed_parcel", ["seller_id", "batch"])


def downgrade() -> None:
    op.drop_table("observed_parcel")
    op.drop_table("rate_card")
