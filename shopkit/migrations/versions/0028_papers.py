"""Papers for customs: boxes that a seller filled, what was printed, ranges of S10 numbers and what was handed out."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_details",
        sa.Column("order_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_paper_details_order_id_orders")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_paper_details_seller_id_seller")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_paper_details")),
    )
    op.create_index(op.f("ix_paper_details_seller_id"), "paper_details", ["seller_id"])
    op.create_table(
        "printed_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("order_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("service", sa.String(16), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("printed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_printed_paper_order_id_orders")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_printed_paper_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_paper")),
        sa.UniqueConstraint("order_id", "kind", "digest", name=op.f("uq_printed_paper_order_id_kind_digest")),
    )
    op.create_index(op.f("ix_printed_paper_seller_id"), "printed_paper", ["seller_id"])
    op.create_table(
        "number_range",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("indicator", sa.String(2), nullable=False),
        sa.Column("issuer", sa.String(2), nullable=False),
        sa.Column("first_serial", sa.Integer(), nullable=False),
        sa.Column("last_serial", sa.Integer(), nullable=False),
        sa.Column("next_serial", sa.Integer(), nullable=False),
        sa.Column("warn_below", sa.Integer(), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_number_range_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_range")),
    )
    op.create_index("ix_number_range_of_seller", "number_range", ["seller_id", "indicator", "issuer"])
    op.create_table(
        "handed_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("range_id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(13), nullable=False),
        sa.Column("order_id", sa.String(32), nullable=True),
        sa.Column("handed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_handed_number_seller_id_seller")),
        sa.ForeignKeyConstraint(["range_id"], ["number_range.id"], name=op.f("fk_handed_number_range_id_number_range")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_handed_number_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handed_number")),
        sa.UniqueConstraint("seller_id", "number", name=op.f("uq_handed_number_seller_id_number")),
    )
    op.create_index("ix_handed_number_order", "handed_number", ["order_id"])
    op.create_index(op.f("ix_handed_number_range_id"), "handed_number", ["range_id"])


def downgrade() -> None:
    op.drop_table("handed_number")
    op.drop_table("number_range")
    op.drop_table("printed_paper")
    op.drop_table("paper_details")
