"""The language that a person chose, where they did not leave it to Slack."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1320"
down_revision = "20261130_1310"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("language", sa.String(length=10), nullable=True))


def downgrade() -> None:
    op.drop_column("people", "language")
