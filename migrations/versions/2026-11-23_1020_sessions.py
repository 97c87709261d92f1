"""Sessions, and the series they belong to."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_1020"
down_revision = "20261123_1010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_series",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("next_index", sa.Integer(), nullable=False),
        sa.Column("next_extend_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("news_key", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagements.id"], name=op.f("fk_session_series_engagement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_series")),
    )
    op.create_index("ix_session_series_engagement_id", "session_series", ["engagement_id"], unique=False)
    op.create_index("ix_session_series_next_extend_at", "session_series", ["next_extend_at"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("series_id", sa.String(length=32), nullable=True),
        sa.Column("series_index", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("coach_wrapped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_wrapped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("news_key", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagements.id"], name=op.f("fk_sessions_engagement_id")
        ),
        sa.ForeignKeyConstraint(["series_id"], ["session_series.id"], name=op.f("fk_sessions_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("series_id", "series_index", name=op.f("uq_sessions_series_id_series_index")),
    )
    op.create_index(
        "ix_sessions_engagement_id_starts_at", "sessions", ["engagement_id", "starts_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_sessions_engagement_id_starts_at", table_name="sessions")
    op.drop_table("sessions")
    op.drop_index("ix_session_series_next_extend_at", table_name="session_series")
    op.drop_index("ix_session_series_engagement_id", table_name="session_series")
    op.drop_table("session_series")
