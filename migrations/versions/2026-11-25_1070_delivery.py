"""Delivery at each workspace's pace, several rows in one message, and what counts against a person's day."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1070"
down_revision = "20261123_1060"
branch_labels = None
depends_on = None

UNCERTAIN = sa.text("state IN ('ambiguous', 'sending')")
PENDING = sa.text("state = 'pending'")
OPEN = sa.text("state IN ('pending', 'ambiguous', 'sending')")
PART = sa.text("lead_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "paces",
        sa.Column("team_id", sa.String(length=20), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "method", name=op.f("pk_paces")),
    )
    op.create_index("ix_paces_method_next_at", "paces", ["method", "next_at"], unique=False)
    op.add_column("outbox", sa.Column("team_id", sa.String(length=20), nullable=True))
    op.add_column("outbox", sa.Column("lead_id", sa.String(length=32), nullable=True))
    op.add_column("outbox", sa.Column("counts", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE outbox SET team_id = COALESCE((SELECT team_id FROM people WHERE people.id = outbox.person_id), '')"
    )
    for method in ("chat.postMessage", "chat.update", "conversations.history"):
        op.execute(
            f"INSERT INTO paces (team_id, method, next_at) SELECT DISTINCT team_id, '{method}', CURRENT_TIMESTAMP FROM outbox"
        )
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("team_id", existing_type=sa.String(length=20), nullable=False)
        outbox.alter_column("counts", existing_type=sa.Boolean(), server_default=None)
    op.drop_index("ix_outbox_open", table_name="outbox")
    _index("ix_outbox_pending", ["team_id", "not_before"], PENDING)
    _index("ix_outbox_waiting", ["person_id"], PENDING)
    _index("ix_outbox_uncertain", ["not_before"], UNCERTAIN)
    _index("ix_outbox_lead_id", ["lead_id"], PART)
    op.create_index("ix_outbox_spent", "outbox", ["person_id", "send_started_at"], unique=False)
    op.drop_index("ix_outbox_person_id", table_name="outbox")


def downgrade() -> None:
    op.create_index("ix_outbox_person_id", "outbox", ["person_id"], unique=False)
    for name in (
        "ix_outbox_spent",
        "ix_outbox_lead_id",
        "ix_outbox_uncertain",
        "ix_outbox_waiting",
        "ix_outbox_pending",
    ):
        op.drop_index(name, table_name="outbox")
    _index("ix_outbox_open", ["not_before"], OPEN)
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_column("counts")
        outbox.drop_column("lead_id")
        outbox.drop_column("team_id")
    op.drop_index("ix_paces_method_next_at", table_name="paces")
    op.drop_table("paces")


def _index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "outbox", columns, unique=False, postgresql_where=where, sqlite_where=where)
