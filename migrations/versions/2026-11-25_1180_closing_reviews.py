"""What each of a pair writes when it is over."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1180"
down_revision = "20261125_1170"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closing_reviews",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("changed", sa.LargeBinary(), nullable=True),
        sa.Column("keep", sa.LargeBinary(), nullable=True),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagements.id"], name=op.f("fk_closing_reviews_engagement_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_closing_reviews_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_reviews")),
        sa.UniqueConstraint(
            "engagement_id", "person_id", name=op.f("uq_closing_reviews_engagement_id_person_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("closing_reviews")
