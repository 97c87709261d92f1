"""A person's own words in their own messages, where they chose that; and which messages show some."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1330"
down_revision = "20261130_1320"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", _choice("shows_own_words"))
    op.add_column("outbox", _choice("shows_words"))


def downgrade() -> None:
    op.drop_column("outbox", "shows_words")
    op.drop_column("people", "shows_own_words")


def _choice(name: str) -> sa.Column[bool]:
    """No, in what processes from before add meanwhile too."""
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
