"""Who renews the token of an account at a channel, so that two do not at once."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel_account", sa.Column("renewing_by", sa.String(128), nullable=True))
    op.add_column("channel_account", sa.Column("renewing_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("channel_account", "renewing_at")
    op.drop_column("channel_account", "renewing_by")
