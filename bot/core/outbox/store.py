"""The outbox table, and planning: one row for each message that is to be sent, or was. Ids and a template name, never words."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, ColumnElement, Index, String, and_, case, false, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.among import among
from bot.core.database import Base, Transaction, insert_once, new_id
from bot.core.outbox import pacing
from bot.core.outbox.domain import RAN_OUT, Awaits, State
from bot.core.partial_index import partial_index

PAUSED = "paused"
RESTING = "do not disturb"
QUIET = "its reader has gone quiet"
EXPIRED = "expired"
ERASED = "erased"
SHOWN = (State.SENT, State.SENDING, State.AMBIGUOUS)
"""In the direct messages, or on its way there."""
WORDINGS = 12
"""However many variants a sentence has, two, three or four: their turns come round."""
AT_ONCE = 8
"""Keys looked for in one statement: nobody presses "Later" more often, but who does is understood."""
NEVER_SAID = (State.CANCELLED, State.STALE, State.DEAD)
LATER = ":later:"
"""In a key: what "Later" made of the message named before it."""


class OutboxRow(Base):
    """Finished rows stay for the record; what is looked for every few seconds does not grow with them, by partial indexes.

    `lead_id`: the row whose message tells of this one too; what becomes of that becomes of this.

    `counts`: its message is one of the few unsolicited ones that its reader gets on the day of `send_started_at`.
    `awaits`: what its message waits for, as long as its reader has done nothing at all since (see core.outbox.attention).
    `wording`: which of the variants of its sentence is said.
    `shows_words`: what its reader wrote may stand in its message, because they chose that; until it was shown without.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        partial_index("ix_outbox_pending", "team_id", "not_before", where="state = 'pending'"),
        partial_index("ix_outbox_waiting", "person_id", where="state = 'pending'"),
        partial_index("ix_outbox_uncertain", "not_before", where="state IN ('ambiguous', 'sending')"),
        partial_index("ix_outbox_lead_id", "lead_id", where="lead_id IS NOT NULL"),
        partial_index("ix_outbox_awaiting", "person_id", where="awaits IS NOT NULL"),
        partial_index("ix_outbox_repaint", "id", where="needs_repaint", sqlite="needs_repaint = 1"),
        partial_index("ix_outbox_recall", "id", where="needs_recall", sqlite="needs_recall = 1"),
        partial_index("ix_outbox_expiring", "expires_at", where="state = 'sent' AND closed IS NULL"),
        Index("ix_outbox_spent", "person_id", "send_started_at"),
        Index("ix_outbox_engagement_id", "engagement_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    template: Mapped[str] = mapped_column(String(60))
    team_id: Mapped[str] = mapped_column(String(20))
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
    lead_id: Mapped[str | None] = mapped_column(String(32))
    counts: Mapped[bool] = mapped_column(default=False)
    awaits: Mapped[str | None] = mapped_column(String(8))
    wording: Mapped[int] = mapped_column(default=0)
    shows_words: Mapped[bool] = mapped_column(default=False, server_default=false())
    send_started_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    channel: Mapped[str | None] = mapped_column(String(40))
    ts: Mapped[str | None] = mapped_column(String(40))
    closed: Mapped[str | None] = mapped_column(String(40))
    needs_repaint: Mapped[bool] = mapped_column(default=False)
    repaint_attempts: Mapped[int] = mapped_column(default=0)
    needs_recall: Mapped[bool] = mapped_column(default=False)
    recall_attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


_THERE = select(OutboxRow.key).where(among(OutboxRow.key, "keys"))


def enqueue(
    db: Transaction,
    *,
    key: str,
    template: str,
    to: tuple[str, str],
    subject: Mapping[str, str],
    due_at: datetime,
    expires_at: datetime,
    now: datetime,
    engagement_id: str | None = None,
) -> bool:
    """Plan one message under its unique key. False, and nothing changed, when the key is taken: planning is idempotent.

    `to` is a person's `address`: the workspace and the person's id. It is worded otherwise than the last one of its kind.
    """
    team_id, person_id = to
    pacing.know(db, team_id, now)
    is_new = insert_once(
        db,
        OutboxRow,
        key=key,
        template=template,
        team_id=team_id,
        person_id=person_id,
        engagement_id=engagement_id,
        subject=dict(subject),
        wording=_next_wording(db, template, person_id),
        due_at=due_at,
        not_before=max(due_at, now),
        expires_at=expires_at,
        created_at=now,
    )
    db.outbox_changed |= is_new
    return is_new


def _next_wording(db: Transaction, template: str, person_id: str) -> int:
    """One after the last message of this kind to this person that was not taken back."""
    of_kind = select(OutboxRow.wording).where(
        OutboxRow.person_id == person_id, OutboxRow.template == template, OutboxRow.state.not_in(NEVER_SAID)
    )
    last = db.scalar(of_kind.order_by(OutboxRow.created_at.desc(), OutboxRow.due_at.desc()).limit(1))
    return 0 if last is None else (last + 1) % WORDINGS


def find(db: Transaction, key: str) -> OutboxRow | None:
    return db.scalar(select(OutboxRow).where(OutboxRow.key == key))


def close(db: Transaction, key: str, how: str) -> None:
    """The thing was dealt with: a message already sent is repainted without buttons, one not yet sent is cancelled.

    `how` is a word that the template's closed rendering knows: answered, skipped, ended, moved …
    `key` stands for itself and for what "Later" made of it.
    """
    _close(db, and_(OutboxRow.key.in_(keys_from(db, key)), OutboxRow.closed.is_(None)), how)


def keys_from(db: Transaction, key: str) -> Sequence[str]:
    """`key`, and the keys of what "Later" made of it, as far as there are such rows.

    Whole keys are looked for, some at a time: a beginning would be looked for in every row that ever was.
    """
    found, first = list[str](), 0
    while True:
        asked = [_again(key, number) for number in range(first, first + AT_ONCE)]
        there = set(db.scalars(_THERE, {"keys": asked}))
        found += [each for each in asked if each in there]
        if asked[-1] not in there:
            return found
        first += AT_ONCE


def _again(key: str, number: int) -> str:
    """The key of the message that is sent when "Later" was said so often."""
    return f"{key}{LATER}{number}" if number else key


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
    if how not in RAN_OUT and row.awaits == Awaits.ANSWER:
        row.awaits = None
    if row.state == State.SENT:
        row.needs_repaint, row.repaint_attempts = True, 0
    elif row.state == State.PENDING:
        row.state, row.reason = State.CANCELLED, how


def recall(db: Transaction, which: ColumnElement[bool]) -> None:
    """These are deleted from the direct messages they were sent to, or not sent any more."""
    db.flush()
    locked = select(OutboxRow).where(which).order_by(OutboxRow.id).with_for_update()
    for row in db.scalars(locked, execution_options={"populate_existing": True}):
        if row.closed is None:
            _end(row, ERASED)
        if row.state in SHOWN:
            row.needs_recall, row.recall_attempts = True, 0
    db.flush()
    db.outbox_changed = True


def recall_alone(db: Transaction, person_id: str, template: str) -> None:
    """Messages of this kind to the person that are dealt with and name no engagement."""
    told = and_(OutboxRow.person_id == person_id, OutboxRow.template == template)
    recall(db, and_(told, OutboxRow.engagement_id.is_(None), OutboxRow.closed.is_not(None)))


def about_engagement(engagement_id: str) -> ColumnElement[bool]:
    """Messages about it alone; those that outlive it name it as what they are about."""
    subject = OutboxRow.subject["engagement"].as_string()
    return or_(OutboxRow.engagement_id == engagement_id, subject == engagement_id)


def repaint(db: Transaction, key: str) -> None:
    """What a message says has changed since it was sent, or was on its way (a session was moved): show it anew.

    One that a courier is just drawing is waited for.
    """
    statement = update(OutboxRow).where(OutboxRow.key == key, OutboxRow.state.in_((State.PENDING, *SHOWN)))
    db.execute(statement.values(needs_repaint=OutboxRow.state.in_(SHOWN), repaint_attempts=0))
    db.outbox_changed = True


def repaint_open(db: Transaction, person_id: str) -> None:
    """The person is spoken to otherwise now: what still waits for them is shown anew. What is settled stays as it was said.

    To be called after that was written down: what was drawn just before then is on its way by now.
    """
    is_open = or_(OutboxRow.closed.is_(None), OutboxRow.shows_words)
    theirs = (OutboxRow.person_id == person_id, is_open, OutboxRow.state.in_(SHOWN))
    db.execute(update(OutboxRow).where(*theirs).values(needs_repaint=True, repaint_attempts=0))
    db.outbox_changed = True


def ask_again(db: Transaction, row: OutboxRow, at: datetime, now: datetime) -> None:
    """What "Later" means: this message loses its buttons, and the same one is sent anew at `at`. Once for each message.

    Also where growbot has heard nothing of its arrival: whoever presses the button has it.
    """
    base, _, count = row.key.partition(LATER)
    db.refresh(row, with_for_update=True)
    if row.closed is not None:
        return
    _end(row, "later")
    row.subject = {**row.subject, "later": at.isoformat()}
    enqueue(
        db,
        key=_again(base, int(count or 0) + 1),
        template=row.template,
        to=(row.team_id, row.person_id),
        engagement_id=row.engagement_id,
        subject={name: value for name, value in row.subject.items() if name != "later"},
        due_at=at,
        expires_at=row.expires_at,
        now=now,
    )


def release(db: Transaction, person_id: str, reason: str, at: datetime) -> None:
    """The person is back: what was kept back for this reason goes out then; what is of no use then keeps the reason."""
    held = update(OutboxRow).where(
        OutboxRow.person_id == person_id, OutboxRow.state == State.PENDING, OutboxRow.reason == reason
    )
    is_of_use = OutboxRow.expires_at > at
    db.execute(held.values(not_before=at, reason=case((is_of_use, None), else_=OutboxRow.reason)))
    db.outbox_changed = True


def is_requested(row: OutboxRow) -> bool:
    """The person asked for it, with "Later"."""
    return LATER in row.key
