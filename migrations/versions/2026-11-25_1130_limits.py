"""How often a person did what is limited."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1130"
down_revision = "20261125_1110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "limits",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "what", name=op.f("pk_limits")),
    )
    op.create_index(op.f("ix_limits_ends_at"), "limits", ["ends_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_limits_ends_at"), table_name="limits")
    op.drop_table("limits")
