"""Commitments, and the dates they were moved from."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_1030"
down_revision = "20261123_1020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "commitments",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=True),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("cue", sa.LargeBinary(), nullable=True),
        sa.Column("obstacle", sa.LargeBinary(), nullable=True),
        sa.Column("learned", sa.LargeBinary(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_time", sa.Time(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("next_nudge", sa.String(length=10), nullable=True),
        sa.Column("next_nudge_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_nudge", sa.String(length=10), nullable=True),
        sa.Column("nudge_key", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagements.id"], name=op.f("fk_commitments_engagement_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_commitments_owner_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_commitments_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "commitments", columns, unique=False)
    op.create_table(
        "commitment_moves",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("commitment_id", sa.String(length=32), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("to_time", sa.Time(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_moves_commitment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_moves")),
    )
    op.create_index("ix_commitment_moves_commitment_id", "commitment_moves", ["commitment_id"], unique=False)


INDEXES = {
    "ix_commitments_engagement_id_owner_id": ["engagement_id", "owner_id"],
    "ix_commitments_next_nudge_at": ["next_nudge_at"],
    "ix_commitments_nudge_key": ["nudge_key"],
    "ix_commitments_owner_id": ["owner_id"],
    "ix_commitments_session_id": ["session_id"],
}


def downgrade() -> None:
    op.drop_index("ix_commitment_moves_commitment_id", table_name="commitment_moves")
    op.drop_table("commitment_moves")
    for name in INDEXES:
        op.drop_index(name, table_name="commitments")
    op.drop_table("commitments")
