"""The access log is chained, and refuses to be changed.

A migration holds no key. What stands here already is numbered, with no digests; `growbot audit accept`, once, begins the
chains after it, with a first entry that covers it as it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1110"
down_revision = "20261125_1100"
branch_labels = None
depends_on = None

NUMBERED = """
UPDATE access_log SET chain = 'engagement:' || engagement_id, seq = numbered.seq FROM (
    SELECT id, row_number() OVER (PARTITION BY engagement_id ORDER BY opened_at, id) AS seq FROM access_log
) AS numbered WHERE numbered.id = access_log.id
"""

KEYED = "EXISTS (SELECT 1 FROM data_keys WHERE owner = OLD.chain AND wrapped IS NOT NULL)"
"""Entries go with the engagement, once the key is gone that sealed its words: erasing it destroys that first."""
REFUSED = "the access log is append-only"


def upgrade() -> None:
    op.create_table(
        "access_chains",
        sa.Column("chain", sa.String(length=80), nullable=False),
        sa.Column("engagement_id", sa.String(length=32), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagements.id"], name=op.f("fk_access_chains_engagement_id")
        ),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_access_chains")),
    )
    empty = sa.text("x''" if op.get_bind().dialect.name == "sqlite" else "''")
    with op.batch_alter_table("access_log") as log:
        log.add_column(sa.Column("chain", sa.String(length=80), nullable=False, server_default=""))
        log.add_column(sa.Column("seq", sa.Integer(), nullable=False, server_default="0"))
        log.add_column(sa.Column("digest", sa.LargeBinary(), nullable=False, server_default=empty))
    op.execute(NUMBERED)
    with op.batch_alter_table("access_log") as log:
        for name, kind in (
            ("chain", sa.String(length=80)),
            ("seq", sa.Integer()),
            ("digest", sa.LargeBinary()),
        ):
            log.alter_column(name, existing_type=kind, server_default=None)
        log.alter_column("engagement_id", existing_type=sa.String(length=32), nullable=True)
        log.create_unique_constraint(op.f("uq_access_log_chain_seq"), ["chain", "seq"])
    _refuse()


def downgrade() -> None:
    _allow()
    op.execute("DELETE FROM access_log WHERE engagement_id IS NULL")
    with op.batch_alter_table("access_log") as log:
        log.drop_constraint(op.f("uq_access_log_chain_seq"), type_="unique")
        log.alter_column("engagement_id", existing_type=sa.String(length=32), nullable=False)
        for name in ("digest", "seq", "chain"):
            log.drop_column(name)
    op.drop_table("access_chains")


def _refuse() -> None:
    if op.get_bind().dialect.name == "sqlite":
        raised = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        op.execute(f"CREATE TRIGGER access_log_unchanged BEFORE UPDATE ON access_log {raised}")
        op.execute(f"CREATE TRIGGER access_log_kept BEFORE DELETE ON access_log WHEN {KEYED} {raised}")
        op.execute(f"CREATE TRIGGER access_chains_kept BEFORE DELETE ON access_chains WHEN {KEYED} {raised}")
        return
    refused = f"RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation';"
    op.execute(
        f"CREATE FUNCTION access_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refused} END $$"
    )
    op.execute(
        "CREATE FUNCTION access_log_keep() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {KEYED} THEN {refused} END IF; RETURN OLD; END $$"
    )
    for name, when, table, each, what in (
        ("access_log_unchanged", "UPDATE", "access_log", "ROW", "refuse"),
        ("access_log_kept", "DELETE", "access_log", "ROW", "keep"),
        ("access_log_whole", "TRUNCATE", "access_log", "STATEMENT", "refuse"),
        ("access_chains_kept", "DELETE", "access_chains", "ROW", "keep"),
        ("access_chains_whole", "TRUNCATE", "access_chains", "STATEMENT", "refuse"),
    ):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION access_log_{what}()"
        )


def _allow() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("access_log_unchanged", "access_log_kept", "access_chains_kept"):
            op.execute(f"DROP TRIGGER {name}")
        return
    for name, table in (
        ("access_log_unchanged", "access_log"),
        ("access_log_kept", "access_log"),
        ("access_log_whole", "access_log"),
        ("access_chains_kept", "access_chains"),
        ("access_chains_whole", "access_chains"),
    ):
        op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute("DROP FUNCTION access_log_refuse()")
    op.execute("DROP FUNCTION access_log_keep()")
