"""How sure someone is of a commitment is sealed like their words: nothing is scheduled by it.

A migration holds no key, so what stood there in the clear is erased, on the way up and on the way down.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261125_1080"
down_revision = "20261125_1070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _replace(sa.Column("confidence", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    _replace(sa.Column("confidence", sa.Integer(), nullable=True))


def _replace(confidence: "sa.Column[Any]") -> None:
    with op.batch_alter_table("commitments") as commitments:
        commitments.drop_column("confidence")
    with op.batch_alter_table("commitments") as commitments:
        commitments.add_column(confidence)
