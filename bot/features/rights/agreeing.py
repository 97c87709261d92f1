"""Erasing all that a pair wrote: one asks, and it goes once the other agrees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.limits import forget_pair
from bot.core.outbox.store import OutboxRow, about_engagement, close, enqueue, recall
from bot.core.rights import Erasable
from bot.features.engagements import retention
from bot.features.engagements import store as engagements
from bot.features.engagements.domain import EngagementErasing
from bot.features.engagements.inviting import INVITATIONS
from bot.features.engagements.service import Membership, membership, memberships
from bot.features.rights import file_store, store
from bot.features.rights.domain import (
    ASK_AGAIN_AFTER,
    ASKING_HOLDS,
    AskedAlready,
    KeptLately,
    NoLongerAsked,
    OtherIsGone,
    Reply,
    What,
)
from bot.features.rights.store import RequestRow

ASK = "rights.ask"
ANSWERED = "rights.answered"


@dataclass(frozen=True, slots=True)
class Request:
    """What the other one of the pair would like to have erased, and how much of each kind that is, of both."""

    id: str
    membership: Membership
    counts: Mapping[str, int]


class Agreeing:
    def __init__(self, erasables: Sequence[Erasable]) -> None:
        self._erasables = erasables

    def waiting(self, db: Transaction, actor: Person, now: datetime) -> list[tuple[str, Membership]]:
        """What the actor has asked for and still waits for: the requests' ids."""
        found = {each.engagement_id: each for each in memberships(db, actor, only_active=False)}
        rows = store.open_requests(db, actor.id, now)
        return [(row.id, found[row.engagement_id]) for row in rows if row.engagement_id in found]

    def check(self, db: Transaction, actor: Person, engagement_id: str, now: datetime) -> Membership:
        """Whether the other one may be asked now. Raises NotFound, OtherIsGone, AskedAlready, KeptLately."""
        found = membership(db, actor, engagement_id)
        if found.other.is_deleted:
            raise OtherIsGone(found.other.mention)
        latest = store.latest_request(db, engagement_id)
        if latest is not None and latest.reply is None and latest.expires_at > now:
            raise AskedAlready(found.other.mention, by_actor=latest.asked_by == actor.id)
        if latest is not None and latest.asked_by == actor.id and _was_kept_lately(latest, now):
            raise KeptLately(found.other.mention)
        return found

    def ask(self, db: Transaction, actor: Person, engagement_id: str, now: datetime) -> Membership:
        """The other one gets one message. Raises what `check` raises."""
        engagements.locked(db, engagement_id)
        found = self.check(db, actor, engagement_id, now)
        row = store.add_request(db, engagement_id, actor.id, found.other.id, now, now + ASKING_HOLDS)
        enqueue(
            db,
            key=_key(row),
            template=ASK,
            to=found.other.address,
            subject={"engagement": engagement_id, "request": row.id, "by": actor.id},
            due_at=now,
            expires_at=row.expires_at,
            now=now,
        )
        return found

    def request(self, db: Transaction, actor: Person, request_id: str, now: datetime) -> Request:
        """As the one who was asked sees it. Raises NotFound, NoLongerAsked."""
        row = self._asked(db, actor, request_id, now)
        return Request(
            row.id, membership(db, actor, row.engagement_id), self._counts(db, actor.id, row.engagement_id)
        )

    def agree(self, db: Transaction, actor: Person, request_id: str, now: datetime) -> Membership:
        """It is erased now, for both; an engagement that is going on ends with it. Raises NotFound, NoLongerAsked."""
        row = self._asked(db, actor, request_id, now)
        found, pair = membership(db, actor, row.engagement_id), engagements.locked(db, row.engagement_id)
        assert pair is not None
        self._reply(db, row, Reply.AGREED, found, now)
        retention.destroy(db, pair, now, by=actor.id)
        return found

    def keep(self, db: Transaction, actor: Person, request_id: str, now: datetime) -> Membership:
        """Nothing is erased. Raises NotFound, NoLongerAsked."""
        row = self._asked(db, actor, request_id, now)
        found = membership(db, actor, row.engagement_id)
        self._reply(db, row, Reply.KEPT, found, now)
        return found

    def take_back(self, db: Transaction, actor: Person, request_id: str, now: datetime) -> None:
        """Who asked no longer does. Raises NoLongerAsked."""
        row = store.locked_request(db, request_id)
        if row is None or row.asked_by != actor.id or not _is_open(row, now):
            raise NoLongerAsked
        row.reply, row.replied_at = Reply.TAKEN_BACK, now
        close(db, _key(row), Reply.TAKEN_BACK)

    def follow(self, db: Transaction, fact: EngagementErasing, now: datetime) -> None:
        """Each of the two gets a receipt, counted just before it goes, and loses the messages about it.

        The one that told of it a week ahead says in the end that it was done.
        """
        latest, pair = store.latest_request(db, fact.engagement_id), (fact.coach_id, fact.client_id)
        counts = {each: self._counts(db, each, fact.engagement_id) for each in pair}
        is_agreed = latest is not None and latest.reply == Reply.AGREED
        about = about_engagement(fact.engagement_id)
        file_store.take_back(db, pair, now)
        forget_pair(db, INVITATIONS, *pair)
        recall(db, about if is_agreed else and_(about, OutboxRow.template != retention.DESTROYING))
        if not (fact.has_started or any(counts.values())):
            return
        what, by_id = (What.BOTH, latest.asked_by) if latest and is_agreed else (What.OVER, None)
        for person_id, other_id in (pair, reversed(pair)):
            store.add_receipt(
                db, person_id, other_id, fact.engagement_id, what, by_id, counts[person_id], now
            )

    def _counts(self, db: Transaction, person_id: str, engagement_id: str) -> dict[str, int]:
        """Of their own: how much the other wrote for themself is nobody's to know."""
        own = {each.kind: each.count(db, person_id, engagement_id) for each in self._erasables}
        return {kind: count for kind, count in own.items() if count}

    def _asked(self, db: Transaction, actor: Person, request_id: str, now: datetime) -> RequestRow:
        row = store.locked_request(db, request_id)
        if row is None or row.other_id != actor.id:
            raise NotFound
        if not _is_open(row, now):
            raise NoLongerAsked
        return row

    def _reply(
        self, db: Transaction, row: RequestRow, reply: Reply, found: Membership, now: datetime
    ) -> None:
        row.reply, row.replied_at = reply, now
        close(db, _key(row), reply)
        enqueue(
            db,
            key=f"{ANSWERED}:{row.id}",
            template=ANSWERED,
            to=found.other.address,
            subject={"request": row.id, "by": found.actor.id, "reply": reply},
            due_at=now,
            expires_at=now + ASKING_HOLDS,
            now=now,
        )


def _is_open(row: RequestRow, now: datetime) -> bool:
    return row.reply is None and row.expires_at > now


def _was_kept_lately(row: RequestRow, now: datetime) -> bool:
    return row.reply == Reply.KEPT and row.replied_at is not None and now < row.replied_at + ASK_AGAIN_AFTER


def _key(row: RequestRow) -> str:
    return f"{ASK}:{row.id}"
