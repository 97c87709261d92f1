"""A coach suggests a goal; it becomes the client's when they take it up, in their own words, or it is left."""

from datetime import datetime, timedelta

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.localtime import local_date
from bot.core.outbox.store import close, enqueue
from bot.core.rights import TakenAway
from bot.features.engagements.domain import Role
from bot.features.engagements.service import Membership, active_membership
from bot.features.goals import store
from bot.features.goals.domain import GoalClosed, GoalState, Wording, check_target
from bot.features.goals.reading import Entry, entry, membership_of
from bot.features.goals.service import own, rewrite
from bot.features.goals.store import GoalRow

SUGGESTED = "goals.suggested"
HOLDS = timedelta(days=30)


def suggest(
    db: Transaction, actor: Person, engagement_id: str, wording: Wording, now: datetime
) -> Membership:
    """The client gets one message, without the words. Raises NotFound, HasEnded, NotActiveYet, TargetInThePast …"""
    found = active_membership(db, actor, engagement_id)
    if found.role is not Role.COACH:
        raise NotFound
    if wording.target_on is not None:
        check_target(wording.target_on, local_date(now, actor.zone))
    client = found.client
    row = store.add(db, engagement_id, client.id, GoalState.SUGGESTED, wording, now, suggested_by=actor.id)
    enqueue(
        db,
        key=key_of(row.id),
        template=SUGGESTED,
        to=client.address,
        engagement_id=engagement_id,
        subject={"goal": row.id, "engagement": engagement_id},
        due_at=now,
        expires_at=now + HOLDS,
        now=now,
    )
    db.stale_homes.add(client.id)
    return found


def accept(
    db: Transaction, actor: Person, goal_id: str, wording: Wording, is_shared: bool, now: datetime
) -> Entry:
    """It is the client's from now on, as worded here. Raises NotFound, HasEnded, GoalClosed, NeedsTarget …"""
    row = _waiting(own(db, actor, goal_id))
    rewrite(db, actor, row, wording, is_shared, now)
    close(db, key_of(goal_id), "accepted")
    return entry(db, actor, goal_id, now)


def decline(db: Transaction, actor: Person, goal_id: str, now: datetime) -> Membership:
    """Left, without a reason. Its coach gets no message; the list says so. Raises NotFound, HasEnded, GoalClosed."""
    row = _waiting(own(db, actor, goal_id))
    row.state, row.closed_at = GoalState.DECLINED, now
    db.flush()
    close(db, key_of(goal_id), "declined")
    found = membership_of(db, actor, row)
    assert found is not None, "only a coach suggests"
    db.stale_homes.add(found.other.id)
    return found


def withdraw(db: Transaction, actor: Person, goal_id: str, now: datetime) -> None:
    """By the coach who suggested it, as long as it is not answered. Raises NotFound, HasEnded, GoalClosed."""
    row = store.by_id(db, goal_id, locked=True)
    if row is None or row.suggested_by != actor.id or row.engagement_id is None:
        raise NotFound
    active_membership(db, actor, row.engagement_id)
    _waiting(row)
    close(db, key_of(goal_id), "withdrawn")
    store.remove(db, row)
    db.announce(TakenAway([actor.id, row.owner_id]), now)
    db.stale_homes.add(row.owner_id)


def key_of(goal_id: str) -> str:
    """Of the one message that tells of this suggestion."""
    return f"{SUGGESTED}:{goal_id}"


def _waiting(row: GoalRow) -> GoalRow:
    """Raises GoalClosed."""
    if row.state != GoalState.SUGGESTED:
        raise GoalClosed
    return row
