"""Each workspace's or organisation's installation, its tokens sealed; and those that somebody has begun."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1140"
down_revision = "20261125_1130"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "installations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(20), nullable=False),
        sa.Column("team_id", sa.String(20), nullable=False),
        sa.Column("app_id", sa.String(20), nullable=False),
        sa.Column("bot_id", sa.String(20), nullable=False),
        sa.Column("bot_user_id", sa.String(20), nullable=False),
        sa.Column("scopes", sa.String(1000), nullable=False),
        sa.Column("installed_by", sa.String(20), nullable=False),
        sa.Column("installed_at", moment, nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("refresh_token", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", moment, nullable=True),
        sa.Column("next_rotation_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installations")),
        sa.UniqueConstraint("team_id", "enterprise_id", name=op.f("uq_installations_team_id_enterprise_id")),
    )
    op.create_index("ix_installations_next_rotation_at", "installations", ["next_rotation_at"], unique=False)
    op.create_table(
        "oauth_states",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_oauth_states")),
    )
    op.create_index("ix_oauth_states_expires_at", "oauth_states", ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_oauth_states_expires_at", table_name="oauth_states")
    op.drop_table("oauth_states")
    op.drop_index("ix_installations_next_rotation_at", table_name="installations")
    op.drop_table("installations")
