"""Orders: promised quotes, ledgers that only grow, pieces set aside."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Whatever program writes: a ledger only grows, and what was promised stays promised. Rows go with their shop alone.
_FROZEN = "id, seller_id, number, key, body_hash, created_at, market, currency, terms, quote_id, request, quote"
_REFUSED = (
    ("order_event_stays", "UPDATE", "order_event"),
    ("order_line_stays", "UPDATE", "order_line"),
    ("orders_stay", f"UPDATE OF {_FROZEN}", "orders"),
)
_KEPT = ("order_event", "order_line")
_LEAVES = "EXISTS (SELECT 1 FROM shop_leaving WHERE shop = OLD.seller_id)"
_WHY = "an order is its ledger: rows are added, never changed"


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("market", sa.String(2), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("terms", sa.String(3), nullable=False),
        sa.Column("buyer_name", sa.String(200), nullable=False),
        sa.Column("buyer_email", sa.String(254), nullable=False),
        sa.Column("buyer_phone", sa.String(40), nullable=False),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("quote_id", sa.String(32), nullable=True),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("campaign_code", sa.String(16), nullable=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("fulfilment", sa.String(20), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_unsettled", sa.Boolean(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_orders_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("seller_id", "key", name=op.f("uq_orders_seller_id_key")),
        sa.UniqueConstraint("seller_id", "number", name=op.f("uq_orders_seller_id_number")),
    )
    op.create_index("ix_orders_ends_at", "orders", ["ends_at"])
    op.create_index("ix_orders_of_seller", "orders", ["seller_id", "created_at"])
    op.create_table(
        "order_line",
        sa.Column("order_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("listing_id", sa.String(32), nullable=False),
        sa.Column("sku", sa.String(64), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_line_order_id_orders")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_order_line_seller_id_seller")),
        sa.PrimaryKeyConstraint("order_id", "position", name=op.f("pk_order_line")),
    )
    op.create_index(op.f("ix_order_line_seller_id"), "order_line", ["seller_id"])
    op.create_table(
        "order_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("source_id", sa.String(255), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=True),
        sa.Column("payment", sa.String(255), nullable=True),
        sa.Column("ref", sa.String(255), nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_event_order_id_orders")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_order_event_seller_id_seller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_event")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_order_event_order_id_position")),
        sa.UniqueConstraint("order_id", "source", "source_id", name=op.f("uq_order_event_order_id_source_source_id")),
    )
    op.create_index(op.f("ix_order_event_seller_id"), "order_event", ["seller_id"])
    op.create_table(
        "stock_hold",
        sa.Column("order_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("listing_id", sa.String(32), nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_stock_hold_order_id_orders")),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_stock_hold_seller_id_seller")),
        sa.PrimaryKeyConstraint("order_id", "position", name=op.f("pk_stock_hold")),
    )
    op.create_table(
        "shop_leaving",
        sa.Column("shop", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("shop", name=op.f("pk_shop_leaving")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, what, table in _REFUSED:
            op.execute(f"CREATE TRIGGER {name} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, '{_WHY}'); END")
        for table in _KEPT:
            op.execute(
                f"CREATE TRIGGER {table}_remains BEFORE DELETE ON {table} WHEN NOT {_LEAVES} "
                f"BEGIN SELECT RAISE(ABORT, '{_WHY}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'DELETE' THEN IF {_LEAVES} THEN RETURN OLD; END IF; END IF; "
        f"RAISE EXCEPTION '{_WHY}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for name, what, table in _REFUSED:
        op.execute(f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_remains BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    op.drop_table("shop_leaving")
    op.drop_table("stock_hold")
    op.drop_table("order_event")
    op.drop_table("order_line")
    op.drop_table("orders")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_change()")
