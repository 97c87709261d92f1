"""People, data keys, the outbox and the requests that took effect."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_1000"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_keys",
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("master_key_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("owner", "version", name=op.f("pk_data_keys")),
    )
    op.create_table(
        "handled_requests",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_handled_requests")),
    )
    op.create_index(op.f("ix_handled_requests_handled_at"), "handled_requests", ["handled_at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=True),
        sa.Column("subject", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lookups", sa.Integer(), nullable=False),
        sa.Column("is_resend", sa.Boolean(), nullable=False),
        sa.Column("marker", sa.String(length=32), nullable=False),
        sa.Column("send_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("ts", sa.String(length=40), nullable=True),
        sa.Column("closed", sa.String(length=40), nullable=True),
        sa.Column("needs_repaint", sa.Boolean(), nullable=False),
        sa.Column("repaint_attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index("ix_outbox_engagement_id", "outbox", ["engagement_id"], unique=False)
    op.create_index(
        "ix_outbox_expiring",
        "outbox",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'sent' AND closed IS NULL"),
        sqlite_where=sa.text("state = 'sent' AND closed IS NULL"),
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["not_before"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'ambiguous', 'sending')"),
        sqlite_where=sa.text("state IN ('pending', 'ambiguous', 'sending')"),
    )
    op.create_index("ix_outbox_person_id", "outbox", ["person_id"], unique=False)
    op.create_index(
        "ix_outbox_repaint",
        "outbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("needs_repaint"),
        sqlite_where=sa.text("needs_repaint = 1"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("enterprise_id", sa.String(length=20), nullable=True),
        sa.Column("team_id", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("has_home", sa.Boolean(), nullable=False),
        sa.Column("working_days", sa.String(length=7), nullable=False),
        sa.Column("day_starts", sa.Time(), nullable=False),
        sa.Column("day_ends", sa.Time(), nullable=False),
        sa.Column("checkin_weekday", sa.Integer(), nullable=False),
        sa.Column("checkin_at", sa.Time(), nullable=False),
        sa.Column("prep_lead_hours", sa.Integer(), nullable=False),
        sa.Column("intensity", sa.String(length=10), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_refresh_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("team_id", "user_id", name=op.f("uq_people_team_id_user_id")),
    )
    op.create_index("ix_people_next_refresh_at", "people", ["next_refresh_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_people_next_refresh_at", table_name="people")
    op.drop_table("people")
    op.drop_index(
        "ix_outbox_repaint",
        table_name="outbox",
        postgresql_where=sa.text("needs_repaint"),
        sqlite_where=sa.text("needs_repaint = 1"),
    )
    op.drop_index("ix_outbox_person_id", table_name="outbox")
    op.drop_index(
        "ix_outbox_open",
        table_name="outbox",
        postgresql_where=sa.text("state IN ('pending', 'ambiguous', 'sending')"),
        sqlite_where=sa.text("state IN ('pending', 'ambiguous', 'sending')"),
    )
    op.drop_index(
        "ix_outbox_expiring",
        table_name="outbox",
        postgresql_where=sa.text("state = 'sent' AND closed IS NULL"),
        sqlite_where=sa.text("state = 'sent' AND closed IS NULL"),
    )
    op.drop_index("ix_outbox_engagement_id", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("ix_handled_requests_handled_at"), table_name="handled_requests")
    op.drop_table("handled_requests")
    op.drop_table("data_keys")
