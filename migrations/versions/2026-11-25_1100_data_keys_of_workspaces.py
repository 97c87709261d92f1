"""A data key names the workspace that it belongs to, in everything it seals and in its own wrapping.

A migration holds no key and rewraps nothing. Keys that are there are of version 1, name none, and open what they sealed as
before. One of version 2 is there only if this was taken back in between: it gets its workspace again.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1100"
down_revision = "20261125_1090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("data_keys") as data_keys:
        data_keys.add_column(sa.Column("team_id", sa.String(length=20), nullable=True))
    for kind, table in (("engagement", "engagements"), ("person", "people")):
        op.execute(
            f"UPDATE data_keys SET team_id = (SELECT team_id FROM {table} WHERE '{kind}:' || {table}.id = data_keys.owner) "
            f"WHERE version = 2 AND owner LIKE '{kind}:%'"
        )


def downgrade() -> None:
    """An older growbot opens nothing that was sealed meanwhile; after upgrading again it is there as it was."""
    with op.batch_alter_table("data_keys") as data_keys:
        data_keys.drop_column("team_id")
