"""Campaigns: plans, imported figures of audiences, links and how often they were followed."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("reviewed", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_campaign_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index("ix_campaign_of_seller", "campaign", ["seller_id", "created_at"])
    op.create_table(
        "audience_figure",
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("import_id", sa.String(32), nullable=False),
        sa.Column("group", sa.String(8), nullable=False),
        sa.Column("state", sa.String(2), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.Column("table", sa.String(120), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_audience_figure_seller_id_seller")),
        sa.PrimaryKeyConstraint("seller_id", "import_id", "group", "state", name=op.f("pk_audience_figure")),
    )
    op.create_table(
        "campaign_link",
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("campaign_id", sa.String(32), nullable=False),
        sa.Column("medium", sa.String(40), nullable=False),
        sa.Column("variant", sa.String(16), nullable=False),
        sa.Column("target", sa.String(2_000), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_link_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_campaign_link_seller_id_seller")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_campaign_link")),
    )
    op.create_index("ix_campaign_link_campaign_id", "campaign_link", ["campaign_id"])
    op.create_table(
        "campaign_click",
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["campaign_link.code"], name=op.f("fk_campaign_click_code_campaign_link")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_campaign_click_seller_id_seller")),
        sa.PrimaryKeyConstraint("code", "day", name=op.f("pk_campaign_click")),
    )


def downgrade() -> None:
    op.drop_table("campaign_click")
    op.drop_table("campaign_link")
    op.drop_table("audience_figure")
    op.drop_table("campaign")
