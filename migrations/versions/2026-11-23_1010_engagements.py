"""Engagements, the versions of their agreements, and who opened what."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_1010"
down_revision = "20261123_1000"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "engagements",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.String(length=20), nullable=False),
        sa.Column("coach_id", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("pair", sa.String(length=65), nullable=False),
        sa.Column("proposed_by", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("shares", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.Column("end_reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["people.id"], name=op.f("fk_engagements_client_id")),
        sa.ForeignKeyConstraint(["coach_id"], ["people.id"], name=op.f("fk_engagements_coach_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagements")),
    )
    op.create_index("ix_engagements_client_id", "engagements", ["client_id"], unique=False)
    op.create_index("ix_engagements_coach_id", "engagements", ["coach_id"], unique=False)
    op.create_index(
        "uq_engagements_pair",
        "engagements",
        ["pair"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'active')"),
        sqlite_where=sa.text("state IN ('proposed', 'active')"),
    )
    op.create_table(
        "access_log",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("reader_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("object_id", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagements.id"], name=op.f("fk_access_log_engagement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_index("ix_access_log_engagement_id", "access_log", ["engagement_id"], unique=False)
    op.create_table(
        "agreements",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.LargeBinary(), nullable=False),
        sa.Column("coach_does", sa.LargeBinary(), nullable=False),
        sa.Column("client_does", sa.LargeBinary(), nullable=False),
        sa.Column("cadence", sa.String(length=12), nullable=False),
        sa.Column("shares", sa.String(length=60), nullable=False),
        sa.Column("retention_months", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("coach_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagements.id"], name=op.f("fk_agreements_engagement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("engagement_id", "version", name=op.f("uq_agreements_engagement_id_version")),
    )


def downgrade() -> None:
    op.drop_table("agreements")
    op.drop_index("ix_access_log_engagement_id", table_name="access_log")
    op.drop_table("access_log")
    op.drop_index(
        "uq_engagements_pair",
        table_name="engagements",
        postgresql_where=sa.text("state IN ('proposed', 'active')"),
        sqlite_where=sa.text("state IN ('proposed', 'active')"),
    )
    op.drop_index("ix_engagements_coach_id", table_name="engagements")
    op.drop_index("ix_engagements_client_id", table_name="engagements")
    op.drop_table("engagements")
