"""When nothing is planned for longer than the two agreed to meet: both are asked about it once, until they plan again."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.outbox.store import close, enqueue, repaint
from bot.features.engagements import store as engagements
from bot.features.engagements.domain import AgreementRenewed, Cadence, EngagementStarted
from bot.features.engagements.service import Membership, active_membership
from bot.features.people.service import People
from bot.features.sessions import store
from bot.features.sessions.domain import (
    GAP,
    GAP_HOLDS,
    SessionCancelled,
    SessionMoved,
    SessionScheduled,
    gap_key,
    next_gap_ask,
)
from bot.features.sessions.store import GapRow

AT_ONCE = 50


def follow_start(db: Transaction, fact: EngagementStarted, now: datetime) -> None:
    store.add_gap(db, fact.engagement_id)
    _reckon(db, fact.engagement_id, now)


def follow_schedule(db: Transaction, fact: SessionScheduled, now: datetime) -> None:
    """Who plans a session here does not only meet elsewhere."""
    engagement_id = _engagement_of(db, fact.session_id)
    row = store.gap_of(db, engagement_id)
    if row is not None:
        row.is_elsewhere = False
        _close_both(db, row, "planned")
        _reckon(db, engagement_id, now)


def follow_change(db: Transaction, fact: SessionMoved | SessionCancelled, now: datetime) -> None:
    _reckon(db, _engagement_of(db, fact.session_id), now)


def follow_agreement(db: Transaction, fact: AgreementRenewed, now: datetime) -> None:
    """They may have agreed to meet more or less often: that is when they are asked, and what a message says that is open."""
    row = store.gap_of(db, fact.engagement_id)
    if row is not None:
        _reckon(db, fact.engagement_id, now)
        for key in _keys(db, row):
            repaint(db, key)


def ask_due(db: Transaction, now: datetime) -> int:
    rows = store.gaps_due(db, now, AT_ONCE)
    for row in rows:
        due_at = row.next_ask_at
        _reckon(db, row.engagement_id, now)
        if due_at is not None and row.next_ask_at is not None and row.next_ask_at <= now:
            _ask(db, row, due_at, now)
    db.flush()
    return len(rows)


def elsewhere(db: Transaction, actor: Person, engagement_id: str) -> None:
    """Never asked about again, unless a session is planned here. Raises NotFound, HasEnded."""
    active_membership(db, actor, engagement_id)
    row = store.gap_of(db, engagement_id)
    if row is None:
        raise NotFound
    row.is_elsewhere, row.next_ask_at = True, None
    _close_both(db, row, "elsewhere")


def is_open(db: Transaction, found: Membership, now: datetime) -> bool:
    """Whether there is still a reason to ask."""
    row = store.gap_of(db, found.engagement_id)
    return row is not None and not row.is_elsewhere and not store.upcoming(db, found.engagement_id, now, 1)


def _reckon(db: Transaction, engagement_id: str, now: datetime) -> None:
    """When to ask, by what is planned now."""
    row, engagement = store.gap_of(db, engagement_id), engagements.by_id(db, engagement_id)
    if row is None or engagement is None or engagement.started_at is None:
        return
    since = store.last_end(db, engagement_id) or engagement.started_at
    if row.is_elsewhere or engagement.ended_at is not None or since == row.asked_since:
        row.next_ask_at = None
    else:
        row.next_ask_at = next_gap_ask(since, _cadence(db, engagement_id), row.next_ask_at, now)
    db.flush()


def _ask(db: Transaction, row: GapRow, due_at: datetime, now: datetime) -> None:
    engagement = engagements.by_id(db, row.engagement_id)
    assert engagement is not None
    row.asked_since = store.last_end(db, row.engagement_id) or engagement.started_at
    row.next_ask_at = None
    for person in (People().get(db, each) for each in (engagement.coach_id, engagement.client_id)):
        enqueue(
            db,
            key=_key(row, person.id),
            template=GAP,
            to=person.address,
            engagement_id=row.engagement_id,
            subject={"engagement": row.engagement_id},
            due_at=due_at,
            expires_at=now + GAP_HOLDS,
            now=now,
        )


def _cadence(db: Transaction, engagement_id: str) -> Cadence:
    """As agreed; nobody reads it here, it only says when to ask."""
    return Cadence(engagements.latest_agreement(db, engagement_id).cadence)


def _close_both(db: Transaction, row: GapRow, how: str) -> None:
    for key in _keys(db, row):
        close(db, key, how)


def _keys(db: Transaction, row: GapRow) -> list[str]:
    """Of the two messages that asked about it last."""
    engagement = engagements.by_id(db, row.engagement_id)
    if row.asked_since is None or engagement is None:
        return []
    return [_key(row, person_id) for person_id in (engagement.coach_id, engagement.client_id)]


def _key(row: GapRow, person_id: str) -> str:
    assert row.asked_since is not None
    return gap_key(row.engagement_id, row.asked_since, person_id)


def _engagement_of(db: Transaction, session_id: str) -> str:
    row = store.by_id(db, session_id)
    assert row is not None
    return row.engagement_id
