"""Weekly check-ins without a coach; and a commitment that goes takes no more of a check-in than what was said of it."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1310"
down_revision = "20261130_1300"
branch_labels = None
depends_on = None

ID = sa.String(length=32)
WEEK = sa.String(length=8)


def upgrade() -> None:
    with op.batch_alter_table("checkins") as checkins:
        checkins.alter_column("engagement_id", existing_type=ID, nullable=True)
        checkins.add_column(sa.Column("owner_id", ID, nullable=True))
        checkins.create_index("ix_checkins_owner_id", ["owner_id"], unique=False)
    _say_of_commitments(ondelete="CASCADE")
    op.create_table(
        "alone_checkin_plans",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("next_checkin_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_week", WEEK, nullable=True),
        sa.Column("skipped_week", WEEK, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_alone_checkin_plans_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_alone_checkin_plans")),
    )
    op.create_index(
        "ix_alone_checkin_plans_next_checkin_at", "alone_checkin_plans", ["next_checkin_at"], unique=False
    )
    _begin_for_those_who_keep_something()


def downgrade() -> None:
    """What belongs to no engagement has no place in the version before."""
    op.drop_table("alone_checkin_plans")
    alone = "SELECT id FROM checkins WHERE engagement_id IS NULL"
    op.execute(f"DELETE FROM checkin_items WHERE checkin_id IN ({alone})")
    op.execute("DELETE FROM checkins WHERE engagement_id IS NULL")
    _say_of_commitments(ondelete=None)
    with op.batch_alter_table("checkins") as checkins:
        checkins.drop_index("ix_checkins_owner_id")
        checkins.drop_column("owner_id")
        checkins.alter_column("engagement_id", existing_type=ID, nullable=False)


def _say_of_commitments(ondelete: str | None) -> None:
    said = op.f("fk_checkin_items_commitment_id")
    with op.batch_alter_table("checkin_items") as items:
        items.drop_constraint(said, type_="foreignkey")
        items.create_foreign_key(said, "commitments", ["commitment_id"], ["id"], ondelete=ondelete)


def _begin_for_those_who_keep_something() -> None:
    """Their first plan is due at once, and only finds out then when it really is."""
    op.execute(
        "INSERT INTO alone_checkin_plans (person_id, next_checkin_at) SELECT owner_id, CURRENT_TIMESTAMP FROM ("
        "SELECT owner_id FROM goals WHERE engagement_id IS NULL AND state = 'open' "
        "UNION SELECT owner_id FROM commitments WHERE engagement_id IS NULL AND outcome IS NULL) AS kept"
    )
