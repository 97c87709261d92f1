"""When the words of an engagement that is over are destroyed, and when that is announced."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "20261125_1090"
down_revision = "20261125_1080"
branch_labels = None
depends_on = None

A_WEEK = timedelta(days=7)


def upgrade() -> None:
    op.add_column("engagements", sa.Column("destroy_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("engagements", sa.Column("next_retention_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_engagements_next_retention_at", "engagements", ["next_retention_at"], unique=False)
    _plan_for_those_that_are_over()


def downgrade() -> None:
    op.drop_index("ix_engagements_next_retention_at", table_name="engagements")
    op.drop_column("engagements", "next_retention_at")
    op.drop_column("engagements", "destroy_at")


def _plan_for_those_that_are_over() -> None:
    """As both agreed if they ever did; a proposal that came to nothing goes in a week from now."""
    moment = sa.DateTime(timezone=True)
    engagements = sa.table(
        "engagements",
        sa.column("id", sa.String),
        sa.column("state", sa.String),
        sa.column("started_at", moment),
        sa.column("ended_at", moment),
        sa.column("destroy_at", moment),
        sa.column("next_retention_at", moment),
    )
    agreements = sa.table(
        "agreements",
        sa.column("engagement_id", sa.String),
        sa.column("version", sa.Integer),
        sa.column("retention_months", sa.Integer),
    )
    months = (
        sa.select(agreements.c.retention_months)
        .where(agreements.c.engagement_id == engagements.c.id)
        .order_by(agreements.c.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    over = sa.select(engagements.c.id, engagements.c.started_at, engagements.c.ended_at, months)
    connection = op.get_bind()
    for engagement_id, started_at, ended_at, kept in connection.execute(
        over.where(engagements.c.state.in_(["ended", "declined"]))
    ).all():
        if started_at is None:
            destroy_at = announce_at = datetime.now(UTC) + A_WEEK
        else:
            destroy_at = _months_after(ended_at, kept)
            announce_at = destroy_at - A_WEEK
        planned = sa.update(engagements).where(engagements.c.id == engagement_id)
        connection.execute(planned.values(destroy_at=destroy_at, next_retention_at=announce_at))


def _months_after(instant: datetime, months: int) -> datetime:
    years, month = divmod(instant.month - 1 + months, 12)
    last = monthrange(instant.year + years, month + 1)[1]
    return instant.replace(year=instant.year + years, month=month + 1, day=min(instant.day, last))
