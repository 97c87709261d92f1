"""Who has gone quiet, how a message is worded, public holidays, do-not-disturb, the coach's digest, and gaps between sessions."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1150"
down_revision = "20261125_1145"
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
    op.create_table(
        "session_gaps",
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("next_ask_at", MOMENT, nullable=True),
        sa.Column("asked_since", MOMENT, nullable=True),
        sa.Column("is_elsewhere", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagements.id"], name=op.f("fk_session_gaps_engagement_id")
        ),
        sa.PrimaryKeyConstraint("engagement_id", name=op.f("pk_session_gaps")),
    )
    op.create_index("ix_session_gaps_next_ask_at", "session_gaps", ["next_ask_at"], unique=False)
    op.create_table(
        "digests",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("next_digest_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_digests_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_digests")),
    )
    op.create_index("ix_digests_next_digest_at", "digests", ["next_digest_at"], unique=False)
    _begin_for_those_who_work_together()


def downgrade() -> None:
    for table, column in (("digests", "next_digest_at"), ("session_gaps", "next_ask_at")):
        op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.drop_table(table)
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


def _begin_for_those_who_work_together() -> None:
    """Their first plan is due at once, and only finds out then when it really is."""
    active = "FROM engagements WHERE state = 'active'"
    op.execute(f"UPDATE people SET coaches_since = CURRENT_TIMESTAMP WHERE id IN (SELECT coach_id {active})")
    op.execute(
        f"INSERT INTO digests (person_id, next_digest_at) SELECT DISTINCT coach_id, CURRENT_TIMESTAMP {active}"
    )
    op.execute(
        "INSERT INTO session_gaps (engagement_id, next_ask_at, is_elsewhere) "
        f"SELECT id, CURRENT_TIMESTAMP, {_false()} {active}"
    )


def _false() -> str:
    return "false" if op.get_bind().dialect.name == "postgresql" else "0"
