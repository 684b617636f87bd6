"""Imports: which process is at work on one, and when it last said so."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("listing_import") as table:
        table.add_column(sa.Column("holder", sa.String(128), nullable=True))
        table.add_column(sa.Column("beat_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("listing_import") as table:
        table.drop_column("beat_at")
        table.drop_column("holder")
