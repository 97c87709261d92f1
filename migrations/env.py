"""Alembic's entry. `bot.schema` hands over a connection; nothing here reads the environment."""

from alembic import context

from bot.schema import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
