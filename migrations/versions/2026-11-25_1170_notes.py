"""Notes of one of a pair, private or shared."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1170"
down_revision = "20261125_1160"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=True),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_notes_author_id")),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagements.id"], name=op.f("fk_notes_engagement_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_notes_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index("ix_notes_author_id", "notes", ["author_id"], unique=False)
    op.create_index("ix_notes_engagement_id_noted_on", "notes", ["engagement_id", "noted_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_notes_engagement_id_noted_on", table_name="notes")
    op.drop_index("ix_notes_author_id", table_name="notes")
    op.drop_table("notes")
