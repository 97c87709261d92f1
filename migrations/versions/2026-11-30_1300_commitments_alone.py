"""Commitments without a coach, which belong to no engagement; and a goal that goes takes no more than its ties with it."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1300"
down_revision = "20261125_1200"
branch_labels = None
depends_on = None

ID = sa.String(length=32)


def upgrade() -> None:
    with op.batch_alter_table("commitments") as commitments:
        commitments.alter_column("engagement_id", existing_type=ID, nullable=True)
    _tie(ondelete="CASCADE")


def downgrade() -> None:
    """What belongs to no engagement has no place in the version before."""
    alone = "SELECT id FROM commitments WHERE engagement_id IS NULL"
    for table in ("commitment_goals", "commitment_moves", "commitment_occurrences"):
        op.execute(f"DELETE FROM {table} WHERE commitment_id IN ({alone})")
    op.execute("DELETE FROM commitments WHERE engagement_id IS NULL")
    _tie(ondelete=None)
    with op.batch_alter_table("commitments") as commitments:
        commitments.alter_column("engagement_id", existing_type=ID, nullable=False)


def _tie(ondelete: str | None) -> None:
    tied = op.f("fk_commitment_goals_goal_id")
    with op.batch_alter_table("commitment_goals") as goals:
        goals.drop_constraint(tied, type_="foreignkey")
        goals.create_foreign_key(tied, "goals", ["goal_id"], ["id"], ondelete=ondelete)
