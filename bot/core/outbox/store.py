"""The outbox table: one row for each message that is to be sent, or was. Ids and a template name, never words."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, ColumnElement, Index, String, and_, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Transaction, insert_once, new_id
from bot.core.outbox.domain import OPEN_STATES, State

PAUSED = "paused"
EXPIRED = "expired"
LATER = ":later:"
"""In a key: what "Later" made of the message named before it."""


class OutboxRow(Base):
    __tablename__ = "outbox"
    __table_args__ = (
        # Finished rows stay for the record; what is looked for every few seconds does not grow with them.
        Index(
            "ix_outbox_open",
            "not_before",
            postgresql_where=text("state IN ('pending', 'ambiguous', 'sending')"),
            sqlite_where=text("state IN ('pending', 'ambiguous', 'sending')"),
        ),
        Index(
            "ix_outbox_repaint",
            "id",
            postgresql_where=text("needs_repaint"),
            sqlite_where=text("needs_repaint = 1"),
        ),
        Index(
            "ix_outbox_expiring",
            "expires_at",
            postgresql_where=text("state = 'sent' AND closed IS NULL"),
            sqlite_where=text("state = 'sent' AND closed IS NULL"),
        ),
        Index("ix_outbox_engagement_id", "engagement_id"),
        Index("ix_outbox_person_id", "person_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    template: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[str] = mapped_column(String(32))
    engagement_id: Mapped[str | None] = mapped_column(String(32))
    subject: Mapped[dict[str, str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), default=State.PENDING)
    reason: Mapped[str | None] = mapped_column(String(200))
    due_at: Mapped[datetime]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lookups: Mapped[int] = mapped_column(default=0)
    is_resend: Mapped[bool] = mapped_column(default=False)
    marker: Mapped[str] = mapped_column(String(32), default=new_id)
    send_started_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    channel: Mapped[str | None] = mapped_column(String(40))
    ts: Mapped[str | None] = mapped_column(String(40))
    closed: Mapped[str | None] = mapped_column(String(40))
    needs_repaint: Mapped[bool] = mapped_column(default=False)
    repaint_attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


def enqueue(
    db: Transaction,
    *,
    key: str,
    template: str,
    person_id: str,
    subject: Mapping[str, str],
    due_at: datetime,
    expires_at: datetime,
    now: datetime,
    engagement_id: str | None = None,
) -> bool:
    """Plan one message under its unique key. False, and nothing changed, when the key is taken: planning is idempotent."""
    is_new = insert_once(
        db,
        OutboxRow,
        key=key,
        template=template,
        person_id=person_id,
        engagement_id=engagement_id,
        subject=dict(subject),
        due_at=due_at,
        not_before=max(due_at, now),
        expires_at=expires_at,
        created_at=now,
    )
    db.outbox_changed |= is_new
    return is_new


def find(db: Transaction, key: str) -> OutboxRow | None:
    return db.scalar(select(OutboxRow).where(OutboxRow.key == key))


def close(db: Transaction, key: str, how: str) -> None:
    """The thing was dealt with: a message already sent is repainted without buttons, one not yet sent is cancelled.

    `how` is a word that the template's closed rendering knows: answered, skipped, ended, moved …
    `key` stands for itself and for what "Later" made of it.
    """
    matches = or_(OutboxRow.key == key, OutboxRow.key.startswith(key + LATER, autoescape=True))
    _close(db, and_(matches, OutboxRow.closed.is_(None)), how)


def close_engagement(db: Transaction, engagement_id: str, how: str) -> None:
    """Nothing of this engagement is sent any more, and what was sent loses its buttons."""
    _close(db, and_(OutboxRow.engagement_id == engagement_id, OutboxRow.closed.is_(None)), how)


def _close(db: Transaction, which: ColumnElement[bool], how: str) -> None:
    """Locked, and read anew: a row that a courier is just recording must not stay as it was before."""
    db.flush()
    locked = select(OutboxRow).where(which).order_by(OutboxRow.id).with_for_update()
    for row in db.scalars(locked, execution_options={"populate_existing": True}):
        _end(row, how)
    db.flush()
    db.outbox_changed = True


def _end(row: OutboxRow, how: str) -> None:
    """What is on its way just now is repainted when it has arrived."""
    row.closed = how
    if row.state == State.SENT:
        row.needs_repaint, row.repaint_attempts = True, 0
    elif row.state == State.PENDING:
        row.state, row.reason = State.CANCELLED, how


def repaint(db: Transaction, key: str) -> None:
    """What a message says has changed since it was sent, or was on its way (a session was moved): show it anew."""
    shown = (State.SENT, State.SENDING, State.AMBIGUOUS)
    statement = update(OutboxRow).where(OutboxRow.key == key, OutboxRow.state.in_(shown))
    db.execute(statement.values(needs_repaint=True, repaint_attempts=0))
    db.outbox_changed = True


def ask_again(db: Transaction, row: OutboxRow, at: datetime, now: datetime) -> None:
    """What "Later" means: this message loses its buttons, and the same one is sent anew at `at`. Once for each message."""
    base, _, count = row.key.partition(LATER)
    db.refresh(row, with_for_update=True)
    if row.closed is not None:
        return
    _end(row, "later")
    row.subject = {**row.subject, "later": at.isoformat()}
    enqueue(
        db,
        key=f"{base}{LATER}{int(count or 0) + 1}",
        template=row.template,
        person_id=row.person_id,
        engagement_id=row.engagement_id,
        subject={name: value for name, value in row.subject.items() if name != "later"},
        due_at=at,
        expires_at=row.expires_at,
        now=now,
    )


def release_paused(db: Transaction, person_id: str, now: datetime) -> None:
    """The person is back: what waited for them and is still of use goes out now."""
    held = update(OutboxRow).where(
        OutboxRow.person_id == person_id, OutboxRow.state == State.PENDING, OutboxRow.reason == PAUSED
    )
    db.execute(held.values(not_before=now, reason=None))
    db.outbox_changed = True


def claim_due(db: Transaction, now: datetime, limit: int) -> Sequence[OutboxRow]:
    """Lock up to `limit` due rows for this transaction. On PostgreSQL others' rows are skipped, not waited for."""
    due = (
        select(OutboxRow)
        .where(OutboxRow.state == State.PENDING, OutboxRow.not_before <= now)
        .order_by(OutboxRow.not_before)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return db.scalars(due).all()


def claim_uncertain(db: Transaction, now: datetime, limit: int) -> Sequence[OutboxRow]:
    """Ambiguous rows whose time has come, and rows whose lease ran out: their sender died while sending."""
    due = (
        select(OutboxRow)
        .where(
            OutboxRow.state.in_((State.AMBIGUOUS, State.SENDING)),
            OutboxRow.not_before <= now,
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return db.scalars(due).all()


def close_expired(db: Transaction, now: datetime, limit: int) -> None:
    """What was sent and never dealt with loses its buttons once they could only fail."""
    over = (
        select(OutboxRow)
        .where(OutboxRow.state == State.SENT, OutboxRow.closed.is_(None), OutboxRow.expires_at <= now)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    for row in db.scalars(over):
        row.closed, row.needs_repaint, row.repaint_attempts = EXPIRED, True, 0
    db.flush()


def claim_repaints(db: Transaction, now: datetime, limit: int) -> Sequence[OutboxRow]:
    """Of a sent row, `not_before` is when it may be redrawn."""
    due = (
        select(OutboxRow)
        .where(OutboxRow.needs_repaint, OutboxRow.state == State.SENT, OutboxRow.not_before <= now)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return db.scalars(due).all()


def known_channel(db: Transaction, person_id: str) -> str | None:
    """The DM's id, as an earlier message to this person told it; there is no other way to it without more scopes."""
    told = select(OutboxRow.channel).where(OutboxRow.person_id == person_id, OutboxRow.channel.is_not(None))
    return db.scalar(told.limit(1))


def next_due_at(db: Transaction) -> datetime | None:
    unpainted = and_(OutboxRow.needs_repaint, OutboxRow.state == State.SENT)
    found = [
        db.scalar(select(OutboxRow.not_before).where(which).order_by(OutboxRow.not_before).limit(1))
        for which in (OutboxRow.state.in_(OPEN_STATES), unpainted)
    ]
    return min((at for at in found if at is not None), default=None)
