"""Who has gone quiet, how a message is worded, public holidays, do-not-disturb, the coach's digest, and gaps between sessions."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1170"
down_revision = "20261125_1090"
branch_labels = None
depends_on = None

AWAITED = sa.text("awaits IS NOT NULL")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("people", sa.Column("country", sa.String(length=2), nullable=True))
    op.add_column("people", sa.Column("digest_weekday", sa.Integer(), nullable=True))
    op.add_column("people", sa.Column("digest_at", sa.Time(), nullable=True))
    op.add_column("people", sa.Column("coaches_since", MOMENT, nullable=True))
    for name in ("dnd_from", "dnd_until", "dnd_known_at"):
        op.add_column("people", sa.Column(name, MOMENT, nullable=True))
    op.add_column("outbox", sa.Column("awaits", sa.String(length=8), nullable=True))
    _add("outbox", sa.Column("wording", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix_outbox_awaiting",
        "outbox",
        ["person_id"],
        unique=False,
        postgresql_where=AWAITED,
        sqlite_where=AWAITED,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_awaiting", table_name="outbox")
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_column("wording")
        outbox.drop_column("awaits")
    for name in (
        "dnd_known_at",
        "dnd_until",
        "dnd_from",
        "coaches_since",
        "digest_at",
        "digest_weekday",
        "country",
    ):
        op.drop_column("people", name)


def _add(table: str, column: "sa.Column[object]") -> None:
    """With a value for the rows that are there, and no default afterwards: the code gives one."""
    op.add_column(table, column)
    with op.batch_alter_table(table) as batch:
        batch.alter_column(column.name, existing_type=column.type, server_default=None)
