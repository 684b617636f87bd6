"""Translations: texts with their history, comments, links for reviewers, memory, terms, plan and drafting runs."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "translation",
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("listing_id", sa.String(32), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("origin", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("review", sa.String(16), nullable=False),
        sa.Column("reviewed_by", sa.String(200), nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("dismissed", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name="fk_translation_seller_id_seller"),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name="fk_translation_listing_id_listing"),
        sa.PrimaryKeyConstraint("seller_id", "listing_id", "locale", "path", name="pk_translation"),
    )
    op.create_index("ix_translation_listing_id", "translation", ["listing_id"])
    op.create_table(
        "translation_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("listing_id", sa.String(32), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(200), nullable=True),
        sa.Column("via", sa.String(64), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name="fk_translation_change_listing_id_listing"),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name="fk_translation_change_seller_id_seller"),
        sa.PrimaryKeyConstraint("id", name="pk_translation_change"),
    )
    op.create_index(
        "ix_translation_change_of", "translation_change", ["seller_id", "listing_id", "locale", "path", "id"]
    )
    op.create_table(
        "translation_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("listing_id", sa.String(32), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("via", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name="fk_translation_comment_seller_id_seller"),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name="fk_translation_comment_listing_id_listing"),
        sa.PrimaryKeyConstraint("id", name="pk_translation_comment"),
    )
    op.create_index("ix_translation_comment_of", "translation_comment", ["seller_id", "listing_id", "locale"])
    op.create_table(
        "review_share",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("listing_ids", sa.JSON(), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("may_approve", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name="fk_review_share_seller_id_seller"),
        sa.PrimaryKeyConstraint("id", name="pk_review_share"),
    )
    op.create_index("ix_review_share_of_seller", "review_share", ["seller_id", "created_at"])
    op.create_table(
        "memory_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("source_locale", sa.String(16), nullable=False),
        sa.Column("target_locale", sa.String(16), nullable=False),
        sa.Column("source_digest", sa.String(32), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("listing_id", sa.String(32), nullable=True),
        sa.Column("path", sa.String(200), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name="fk_memory_unit_seller_id_seller"),
        sa.PrimaryKeyConstraint("id", name="pk_memory_unit"),
    )
    op.create_index("ix_memory_unit_digest", "memory_unit", ["seller_id", "source_digest"])
    op.create_index("ix_memory_unit_of", "memory_unit", ["seller_id", "source_locale", "target_locale", "withdrawn_at"])
    op.create_table(
        "term",
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name="fk_term_seller_id_seller"),
        sa.PrimaryKeyConstraint("seller_id", "key", name="pk_term"),
    )
    op.create_table(
        "translation_plan",
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("locales", sa.JSON(), nullable=False),
        sa.Column("registers", sa.JSON(), nullable=False),
        sa.Column("allowances", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name="fk_translation_plan_seller_id_seller"),
        sa.PrimaryKeyConstraint("seller_id", name="pk_translation_plan"),
    )
    op.create_table(
        "draft_run",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("locales", sa.JSON(), nullable=False),
        sa.Column("listing_ids", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("holder", sa.String(128), nullable=True),
        sa.Column("beat_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name="fk_draft_run_seller_id_seller"),
        sa.PrimaryKeyConstraint("id", name="pk_draft_run"),
    )
    op.create_index("ix_draft_run_of_seller", "draft_run", ["seller_id", "created_at"])


def downgrade() -> None:
    op.drop_table("draft_run")
    op.drop_table("translation_plan")
    op.drop_table("term")
    op.drop_table("memory_unit")
    op.drop_table("review_share")
    op.drop_table("translation_comment")
    op.drop_table("translation_change")
    op.drop_table("translation")
