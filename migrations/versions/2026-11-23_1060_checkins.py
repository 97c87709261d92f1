"""When each client is asked to check in, and what they answered."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_1060"
down_revision = "20261123_1050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checkin_plans",
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("next_checkin_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_week", sa.String(length=8), nullable=True),
        sa.Column("skipped_week", sa.String(length=8), nullable=True),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagements.id"], name=op.f("fk_checkin_plans_engagement_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_checkin_plans_person_id")),
        sa.PrimaryKeyConstraint("engagement_id", name=op.f("pk_checkin_plans")),
    )
    op.create_index("ix_checkin_plans_next_checkin_at", "checkin_plans", ["next_checkin_at"], unique=False)
    op.create_index("ix_checkin_plans_person_id", "checkin_plans", ["person_id"], unique=False)
    op.create_table(
        "checkins",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("helped", sa.LargeBinary(), nullable=True),
        sa.Column("hindered", sa.LargeBinary(), nullable=True),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagements.id"], name=op.f("fk_checkins_engagement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkins")),
        sa.UniqueConstraint("engagement_id", "week", name=op.f("uq_checkins_engagement_id_week")),
    )
    op.create_table(
        "checkin_items",
        sa.Column("checkin_id", sa.String(length=32), nullable=False),
        sa.Column("commitment_id", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["checkin_id"], ["checkins.id"], name=op.f("fk_checkin_items_checkin_id")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_checkin_items_commitment_id")
        ),
        sa.PrimaryKeyConstraint("checkin_id", "commitment_id", name=op.f("pk_checkin_items")),
    )


def downgrade() -> None:
    op.drop_table("checkin_items")
    op.drop_table("checkins")
    op.drop_index("ix_checkin_plans_person_id", table_name="checkin_plans")
    op.drop_index("ix_checkin_plans_next_checkin_at", table_name="checkin_plans")
    op.drop_table("checkin_plans")
