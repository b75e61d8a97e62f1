"""Runs migrations on the connection handed over by `auditor.storage.migration`."""

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import TypeDecorator
from sqlalchemy.types import Enum

from auditor.storage.tables import metadata


def render_type(kind: str, item: object, _autogen: AutogenContext) -> str | bool:
    """Write our own column types as the plain types they lie in, so that old migrations never import the product."""
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render_type,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
