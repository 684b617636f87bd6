"""Invoices, receipts, credit notes, and the counters of their numbers."""

import sqlalchemy as sa
from alembic import op

from shopkit.db import UtcDateTime

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None

# Whatever program writes: what was issued stays as it was. Only that it was opened is noted, once.
_FROZEN = "id, seller_id, order_id, kind, series, number, key, issued_at, currency, minor, refers_to, document, digest"
_LEAVES = "EXISTS (SELECT 1 FROM shop_leaving WHERE shop = OLD.seller_id)"
_WHY = "a document that was issued is never changed: another one puts it right"


def upgrade() -> None:
    op.create_table(
        "invoice_counter",
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("series", sa.String(4), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_invoice_counter_seller_id_seller")),
        sa.PrimaryKeyConstraint("seller_id", "series", name=op.f("pk_invoice_counter")),
    )
    op.create_table(
        "invoice",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seller_id", sa.String(32), nullable=False),
        sa.Column("order_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("series", sa.String(4), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(320), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("refers_to", sa.String(32), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["seller_id"], ["seller.id"], name=op.f("fk_invoice_seller_id_seller")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_invoice_order_id_orders")),
        sa.ForeignKeyConstraint(["refers_to"], ["invoice.id"], name=op.f("fk_invoice_refers_to_invoice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("seller_id", "series", "number", name=op.f("uq_invoice_seller_id_series_number")),
        sa.UniqueConstraint("order_id", "kind", "key", name=op.f("uq_invoice_order_id_kind_key")),
    )
    op.create_index("ix_invoice_of_seller", "invoice", ["seller_id", "issued_at"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER invoice_stays BEFORE UPDATE OF {_FROZEN} ON invoice "
            f"BEGIN SELECT RAISE(ABORT, '{_WHY}'); END"
        )
        op.execute(
            f"CREATE TRIGGER invoice_remains BEFORE DELETE ON invoice WHEN NOT {_LEAVES} "
            f"BEGIN SELECT RAISE(ABORT, '{_WHY}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_change_of_invoice() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'DELETE' THEN IF {_LEAVES} THEN RETURN OLD; END IF; END IF; "
        f"RAISE EXCEPTION '{_WHY}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for name, what, each in (
        ("invoice_stays", f"UPDATE OF {_FROZEN}", "FOR EACH ROW "),
        ("invoice_remains", "DELETE", "FOR EACH ROW "),
        ("invoice_is_not_emptied", "TRUNCATE", ""),
    ):
        op.execute(f"CREATE TRIGGER {name} BEFORE {what} ON invoice {each}EXECUTE FUNCTION refuse_change_of_invoice()")


def downgrade() -> None:
    op.drop_table("invoice")
    op.drop_table("invoice_counter")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_change_of_invoice()")
