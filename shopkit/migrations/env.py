"""Alembic's environment: the engine comes from the program, never from a file."""

from alembic import context
from sqlalchemy import Engine

from shopkit.models import Base

engine: Engine = context.config.attributes["engine"]

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # With BEGIN said by ourselves, SQLite undoes a failed migration as PostgreSQL does.
        transactional_ddl=True,
        # SQLite alters a table by making it anew.
        render_as_batch=True,
        user_module_prefix="shopkit.db.",
    )
    with context.begin_transaction():
        if engine.dialect.name == "postgresql":
            # Several workers may start at once: the first migrates, the others wait and find it done.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7310742)")
        context.run_migrations()
