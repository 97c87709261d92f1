"""A coach's own question sets, the copies that a pair uses, and which questions a session has."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1160"
down_revision = "20261125_1150"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sets()
    _sheets()
    _choices()


def downgrade() -> None:
    op.drop_index("ix_question_choices_engagement_id", table_name="question_choices")
    op.drop_table("question_choices")
    op.drop_index("ix_question_sheets_engagement_id", table_name="question_sheets")
    op.drop_table("question_sheets")
    op.drop_index("ix_question_sets_owner_id", table_name="question_sets")
    op.drop_table("question_sets")


def _sets() -> None:
    op.create_table(
        "question_sets",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_question_sets_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_sets")),
    )
    op.create_index("ix_question_sets_owner_id", "question_sets", ["owner_id"], unique=False)


def _sheets() -> None:
    op.create_table(
        "question_sheets",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("set_id", sa.String(length=32), nullable=True),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagements.id"], name=op.f("fk_question_sheets_engagement_id")
        ),
        sa.ForeignKeyConstraint(["set_id"], ["question_sets.id"], name=op.f("fk_question_sheets_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_sheets")),
    )
    op.create_index("ix_question_sheets_engagement_id", "question_sheets", ["engagement_id"], unique=False)


def _choices() -> None:
    op.create_table(
        "question_choices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=True),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=True),
        sa.Column("sheet_id", sa.String(length=32), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagements.id"], name=op.f("fk_question_choices_engagement_id")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_question_choices_session_id")),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["question_sheets.id"], name=op.f("fk_question_choices_sheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_choices")),
    )
    op.create_index("ix_question_choices_engagement_id", "question_choices", ["engagement_id"], unique=False)
