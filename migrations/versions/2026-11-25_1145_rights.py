"""Who asked whom to erase what, receipts of what was erased, and messages that are deleted with it."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1145"
down_revision = "20261125_1140"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["other_id"], ["people.id"], name=op.f("fk_erasures_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_erasures_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index("ix_erasures_person_id_erased_at", "erasures", ["person_id", "erased_at"], unique=False)
    op.create_table(
        "erasure_requests",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.String(length=12), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_erasure_requests_asked_by")),
        sa.ForeignKeyConstraint(["other_id"], ["people.id"], name=op.f("fk_erasure_requests_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_requests")),
    )
    op.create_index("ix_erasure_requests_asked_by", "erasure_requests", ["asked_by"], unique=False)
    op.create_index("ix_erasure_requests_engagement_id", "erasure_requests", ["engagement_id"], unique=False)
    op.create_table(
        "exports",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=True),
        sa.Column("token_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_half", sa.String(length=130), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_exports_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index("ix_exports_person_id_asked_at", "exports", ["person_id", "asked_at"], unique=False)
    op.create_index("ix_exports_token_digest", "exports", ["token_digest"], unique=False)
    op.create_index(
        "ix_exports_unprepared",
        "exports",
        ["asked_at"],
        unique=False,
        postgresql_where=sa.text("ready_at IS NULL"),
        sqlite_where=sa.text("ready_at IS NULL"),
    )
    op.add_column(
        "outbox", sa.Column("needs_recall", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("outbox", sa.Column("recall_attempts", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("needs_recall", existing_type=sa.Boolean(), server_default=None)
        outbox.alter_column("recall_attempts", existing_type=sa.Integer(), server_default=None)
    op.create_index(
        "ix_outbox_recall",
        "outbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("needs_recall"),
        sqlite_where=sa.text("needs_recall = 1"),
    )
    op.execute(
        "INSERT INTO paces (team_id, method, next_at) SELECT DISTINCT team_id, 'chat.delete', CURRENT_TIMESTAMP FROM paces"
    )


def downgrade() -> None:
    op.execute("DELETE FROM paces WHERE method = 'chat.delete'")
    op.execute("UPDATE outbox SET state = 'cancelled' WHERE state = 'recalled'")
    op.drop_index("ix_outbox_recall", table_name="outbox")
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_column("recall_attempts")
        outbox.drop_column("needs_recall")
    for name in ("ix_exports_unprepared", "ix_exports_token_digest", "ix_exports_person_id_asked_at"):
        op.drop_index(name, table_name="exports")
    op.drop_table("exports")
    op.drop_index("ix_erasure_requests_engagement_id", table_name="erasure_requests")
    op.drop_index("ix_erasure_requests_asked_by", table_name="erasure_requests")
    op.drop_table("erasure_requests")
    op.drop_index("ix_erasures_person_id_erased_at", table_name="erasures")
    op.drop_table("erasures")
