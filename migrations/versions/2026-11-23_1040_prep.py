"""Who prepares which session, and the answers."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_1040"
down_revision = "20261123_1030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "preps",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("next_ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagements.id"], name=op.f("fk_preps_engagement_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_preps_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_preps_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preps")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_preps_session_id_person_id")),
    )
    op.create_index("ix_preps_next_ask_at", "preps", ["next_ask_at"], unique=False)
    op.create_index("ix_preps_person_id", "preps", ["person_id"], unique=False)
    op.create_table(
        "prep_answers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("prep_id", sa.String(length=32), nullable=False),
        sa.Column("question_key", sa.String(length=40), nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["prep_id"], ["preps.id"], name=op.f("fk_prep_answers_prep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prep_answers")),
        sa.UniqueConstraint("prep_id", "question_key", name=op.f("uq_prep_answers_prep_id_question_key")),
    )


def downgrade() -> None:
    op.drop_table("prep_answers")
    op.drop_index("ix_preps_person_id", table_name="preps")
    op.drop_index("ix_preps_next_ask_at", table_name="preps")
    op.drop_table("preps")
