"""Case packs, terms of wholesale, and the partners who are offered them; links of campaigns for a partner."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_pack",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_case_pack_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_pack")),
    )
    op.create_index("ix_case_pack_of_seller", "case_pack", ["seller_id", "code"])
    op.create_table(
        "wholesale_terms",
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_wholesale_terms_seller_id_seller")),
        sa.PrimaryKeyConstraint("seller_id", name=op.f("pk_wholesale_terms")),
    )
    op.create_table(
        "partner",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_partner_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("code", name=op.f("uq_partner_code")),
    )
    op.create_index("ix_partner_of_seller", "partner", ["seller_id", "name"])
    op.add_column("campaign_link", sa.Column("partner_id", sa.String(32), nullable=True))


def downgrade() -> None:
    op.drop_column("campaign_link", "partner_id")
    op.drop_table("partner")
    op.drop_table("wholesale_terms")
    op.drop_table("case_pack")
