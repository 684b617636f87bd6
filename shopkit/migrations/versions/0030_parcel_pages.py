"""Letters on parcels, what buyers chose to be written, and what they were charged at the door."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0030"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parcel_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shipment_id", sa.String(32), nullable=False),
        sa.Column("order_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_parcel_letter_order_id_orders")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_parcel_letter_seller_id_seller")),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name=op.f("fk_parcel_letter_shipment_id_shipment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_letter")),
        sa.UniqueConstraint("shipment_id", "order_id", "kind", name=op.f("uq_parcel_letter_shipment_id_order_id_kind")),
    )
    op.create_index("ix_parcel_letter_due", "parcel_letter", ["state", "due_at"])
    op.create_index(op.f("ix_parcel_letter_seller_id"), "parcel_letter", ["seller_id"])
    op.create_table(
        "parcel_wish",
        sa.Column("shipment_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_parcel_wish_seller_id_seller")),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name=op.f("fk_parcel_wish_shipment_id_shipment")),
        sa.PrimaryKeyConstraint("shipment_id", name=op.f("pk_parcel_wish")),
    )
    op.create_index(op.f("ix_parcel_wish_seller_id"), "parcel_wish", ["seller_id"])
    op.create_table(
        "mail_stop",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_stop")),
    )
    op.create_table(
        "parcel_charge",
        sa.Column("shipment_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("has_receipt", sa.Boolean(), nullable=False),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_parcel_charge_seller_id_seller")),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name=op.f("fk_parcel_charge_shipment_id_shipment")),
        sa.PrimaryKeyConstraint("shipment_id", name=op.f("pk_parcel_charge")),
    )
    op.create_index(op.f("ix_parcel_charge_seller_id"), "parcel_charge", ["seller_id"])


def downgrade() -> None:
    op.drop_table("parcel_charge")
    op.drop_table("mail_stop")
    op.drop_table("parcel_wish")
    op.drop_table("parcel_letter")
