"""Goals with their ratings and dates, and the strengths that they draw on."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1190"
down_revision = "20261125_1180"
branch_labels = None
depends_on = None

SEALED = ("why", "objective", "area", "scale")
LEVELS = ("level_much_less", "level_less", "level_expected", "level_more", "level_much_more")
NUMBERS = ("baseline", "target", "weight", "learned")


def upgrade() -> None:
    _strengths()
    _goals()
    op.create_table(
        "commitment_goals",
        sa.Column("commitment_id", sa.String(length=32), nullable=False),
        sa.Column("goal_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_goals_commitment_id")
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_commitment_goals_goal_id")),
        sa.PrimaryKeyConstraint("commitment_id", name=op.f("pk_commitment_goals")),
    )
    op.create_index("ix_commitment_goals_goal_id", "commitment_goals", ["goal_id"], unique=False)


def _strengths() -> None:
    op.create_table(
        "strengths",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_strengths_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strengths")),
    )
    op.create_index("ix_strengths_owner_id", "strengths", ["owner_id"], unique=False)
    op.create_table(
        "strength_shares",
        sa.Column("strength_id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["strength_id"], ["strengths.id"], name=op.f("fk_strength_shares_strength_id")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagements.id"], name=op.f("fk_strength_shares_engagement_id")
        ),
        sa.PrimaryKeyConstraint("strength_id", "engagement_id", name=op.f("pk_strength_shares")),
    )
    op.create_index("ix_strength_shares_engagement_id", "strength_shares", ["engagement_id"], unique=False)


def _goals() -> None:
    op.create_table(
        "goals",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=True),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("suggested_by", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("aim", sa.LargeBinary(), nullable=False),
        *(sa.Column(name, sa.LargeBinary(), nullable=True) for name in (*SEALED, *LEVELS, *NUMBERS)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagements.id"], name=op.f("fk_goals_engagement_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_goals_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
    )
    op.create_index("ix_goals_engagement_id", "goals", ["engagement_id"], unique=False)
    op.create_index("ix_goals_owner_id", "goals", ["owner_id"], unique=False)
    op.create_table(
        "goal_strengths",
        sa.Column("goal_id", sa.String(length=32), nullable=False),
        sa.Column("strength_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_goal_strengths_goal_id")),
        sa.ForeignKeyConstraint(
            ["strength_id"], ["strengths.id"], name=op.f("fk_goal_strengths_strength_id")
        ),
        sa.PrimaryKeyConstraint("goal_id", "strength_id", name=op.f("pk_goal_strengths")),
    )
    op.create_table(
        "goal_ratings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("goal_id", sa.String(length=32), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("rated", sa.LargeBinary(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_goal_ratings_goal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_ratings")),
        sa.UniqueConstraint("goal_id", "week", name=op.f("uq_goal_ratings_goal_id_week")),
    )
    op.create_table(
        "goal_moves",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("goal_id", sa.String(length=32), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_goal_moves_goal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_moves")),
    )
    op.create_index("ix_goal_moves_goal_id", "goal_moves", ["goal_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_commitment_goals_goal_id", table_name="commitment_goals")
    op.drop_table("commitment_goals")
    op.drop_index("ix_goal_moves_goal_id", table_name="goal_moves")
    for table in ("goal_moves", "goal_ratings", "goal_strengths"):
        op.drop_table(table)
    op.drop_index("ix_goals_owner_id", table_name="goals")
    op.drop_index("ix_goals_engagement_id", table_name="goals")
    op.drop_table("goals")
    op.drop_index("ix_strength_shares_engagement_id", table_name="strength_shares")
    op.drop_table("strength_shares")
    op.drop_index("ix_strengths_owner_id", table_name="strengths")
    op.drop_table("strengths")
