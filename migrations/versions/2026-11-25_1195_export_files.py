"""Exports that go into somebody's direct messages as a file."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1195"
down_revision = "20261125_1190"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_files",
        sa.Column("export_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("turn", sa.String(length=32), nullable=True),
        sa.Column("file_id", sa.String(length=20), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_to_go", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["exports.id"], name=op.f("fk_export_files_export_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_export_files_person_id")),
        sa.PrimaryKeyConstraint("export_id", name=op.f("pk_export_files")),
    )
    op.create_index("ix_export_files_next_at", "export_files", ["next_at"], unique=False)
    op.create_index("ix_export_files_person_id", "export_files", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_export_files_person_id", table_name="export_files")
    op.drop_index("ix_export_files_next_at", table_name="export_files")
    op.drop_table("export_files")
