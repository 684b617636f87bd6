"""Parcels in the post, the orders in them, and what providers of tracking said of them."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shipment",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("carrier", sa.String(40), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("origin", sa.String(2), nullable=False),
        sa.Column("destination", sa.String(2), nullable=False),
        sa.Column("postcode", sa.String(20), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("promised_from", sa.Date(), nullable=True),
        sa.Column("promised_until", sa.Date(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(32), nullable=True),
        sa.Column("leg", sa.String(16), nullable=True),
        sa.Column("customs", sa.String(16), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=True),
        sa.Column("last_event_at", UtcDateTime(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("link", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_shipment_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment")),
        sa.UniqueConstraint("seller_id", "number", "posted_on", name=op.f("uq_shipment_seller_id_number_posted_on")),
    )
    op.create_index("ix_shipment_of_seller", "shipment", ["seller_id", "is_open", "posted_on"])
    op.create_index("ix_shipment_number", "shipment", ["number"])
    op.create_table(
        "shipment_order",
        sa.Column("shipment_id", sa.String(32), nullable=False),
        sa.Column("order_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name=op.f("fk_shipment_order_shipment_id_shipment")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_shipment_order_order_id_orders")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_shipment_order_seller_id_seller")),
        sa.PrimaryKeyConstraint("shipment_id", "order_id", name=op.f("pk_shipment_order")),
    )
    op.create_index(op.f("ix_shipment_order_order_id"), "shipment_order", ["order_id"])
    op.create_index(op.f("ix_shipment_order_seller_id"), "shipment_order", ["seller_id"])
    op.create_table(
        "shipment_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shipment_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name=op.f("fk_shipment_event_shipment_id_shipment")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_shipment_event_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment_event")),
        sa.UniqueConstraint("shipment_id", "digest", name=op.f("uq_shipment_event_shipment_id_digest")),
    )
    op.create_index(op.f("ix_shipment_event_seller_id"), "shipment_event", ["seller_id"])


def downgrade() -> None:
    op.drop_table("shipment_event")
    op.drop_table("shipment_order")
    op.drop_table("shipment")
