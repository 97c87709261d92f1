"""What each side says after a session."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_1050"
down_revision = "20261123_1040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wrapups",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("next_ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times_moved", sa.Integer(), nullable=False),
        sa.Column("takeaway", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagements.id"], name=op.f("fk_wrapups_engagement_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_wrapups_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_wrapups_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrapups")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_wrapups_session_id_person_id")),
    )
    op.create_index("ix_wrapups_engagement_id", "wrapups", ["engagement_id"], unique=False)
    op.create_index("ix_wrapups_next_ask_at", "wrapups", ["next_ask_at"], unique=False)
    op.create_index("ix_wrapups_person_id", "wrapups", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_wrapups_person_id", table_name="wrapups")
    op.drop_index("ix_wrapups_next_ask_at", table_name="wrapups")
    op.drop_index("ix_wrapups_engagement_id", table_name="wrapups")
    op.drop_table("wrapups")
