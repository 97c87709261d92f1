"""Commitments that recur, and what became of each date of them."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1200"
down_revision = "20261125_1195"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COLUMNS = ("every", "first_on", "until_on", "usual_time", "occurrence_on", "next_occurrence_at")


def upgrade() -> None:
    op.add_column("commitments", sa.Column("every", sa.String(length=10), nullable=True))
    op.add_column("commitments", sa.Column("first_on", sa.Date(), nullable=True))
    op.add_column("commitments", sa.Column("until_on", sa.Date(), nullable=True))
    op.add_column("commitments", sa.Column("usual_time", sa.Time(), nullable=True))
    op.add_column("commitments", sa.Column("occurrence_on", sa.Date(), nullable=True))
    op.add_column("commitments", sa.Column("next_occurrence_at", MOMENT, nullable=True))
    op.create_index("ix_commitments_next_occurrence_at", "commitments", ["next_occurrence_at"], unique=False)
    op.create_table(
        "commitment_occurrences",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("commitment_id", sa.String(length=32), nullable=False),
        sa.Column("occurs_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("learned", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_occurrences_commitment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_occurrences")),
        sa.UniqueConstraint(
            "commitment_id", "occurs_on", name=op.f("uq_commitment_occurrences_commitment_id_occurs_on")
        ),
    )


def downgrade() -> None:
    op.drop_table("commitment_occurrences")
    op.drop_index("ix_commitments_next_occurrence_at", table_name="commitments")
    for name in reversed(COLUMNS):
        op.drop_column("commitments", name)
