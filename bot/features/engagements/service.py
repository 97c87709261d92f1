"""Proposing, signing, ending; and the one question everything else asks: what is this engagement to this person?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from bot.core.database import Transaction
from bot.core.directory import Person, Profile
from bot.core.errors import NotFound, UserError
from bot.core.outbox.store import close, close_engagement, enqueue
from bot.features.engagements import store
from bot.features.engagements.access import begin
from bot.features.engagements.authorization import takes_part
from bot.features.engagements.domain import (
    Agreement,
    AgreementChanged,
    AlreadySigned,
    Cadence,
    EngagementEnded,
    EngagementStarted,
    EngagementState,
    HasEnded,
    InvitationDeclined,
    NoEngagement,
    NotActiveYet,
    NothingDifferent,
    OnlyEnded,
    PairHasOne,
    Role,
    Shared,
    StillWaits,
    Terms,
    WaitsForOther,
)
from bot.features.engagements.inviting import check_pair, count_invitation, count_version
from bot.features.engagements.retention import keep_ended, keep_unsigned
from bot.features.engagements.store import EngagementRow
from bot.features.people.service import People, learn

INVITE = "engagements.invite"
SIGNED = "engagements.signed"
DECLINED = "engagements.declined"
ENDED = "engagements.ended"

INVITATION_HOLDS = timedelta(days=30)
NEWS_HOLDS = timedelta(days=7)
MANY = 4


@dataclass(frozen=True, slots=True)
class Membership:
    """An engagement as one of its two people sees it. Having one is the right to act in it."""

    engagement_id: str
    state: EngagementState
    role: Role
    actor: Person
    other: Person
    shares: frozenset[Shared]
    """What the client shares unless they say otherwise."""
    has_started: bool
    """Whether both ever signed."""
    ended_at: datetime | None
    """When it ended, was withdrawn, or was answered with “Not now”."""
    other_is_paused: bool = False

    @property
    def coach(self) -> Person:
        return self.actor if self.role is Role.COACH else self.other

    @property
    def client(self) -> Person:
        return self.actor if self.role is Role.CLIENT else self.other

    @property
    def is_active(self) -> bool:
        return self.state is EngagementState.ACTIVE

    def role_of(self, person_id: str) -> Role | None:
        """None for somebody who is neither of the two."""
        return {self.coach.id: Role.COACH, self.client.id: Role.CLIENT}.get(person_id)

    @property
    def is_withdrawn(self) -> bool:
        return self.state is EngagementState.ENDED and not self.has_started


def membership(db: Transaction, actor: Person, engagement_id: str) -> Membership:
    """Raises NotFound when there is none (any more), or the actor is neither of the two: the answer is the same."""
    row = store.by_id(db, engagement_id)
    role = store.role_of(row, actor.id) if row else None
    if row is None or role is None or not takes_part(role, EngagementState(row.state)):
        raise NotFound
    return _membership(db, row, actor, role)


def active_membership(db: Transaction, actor: Person, engagement_id: str) -> Membership:
    """Raises NotFound, HasEnded, NotActiveYet."""
    found = membership(db, actor, engagement_id)
    if found.state is EngagementState.PROPOSED:
        raise NotActiveYet
    if not found.is_active:
        raise HasEnded
    return found


def memberships(db: Transaction, actor: Person, *, only_active: bool = True) -> list[Membership]:
    """The actor's engagements, oldest first; not those whose words were destroyed."""
    found = db.once_read((Membership, actor), lambda: _memberships(db, actor))
    return [each for each in found if each.is_active or not only_active]


def _memberships(db: Transaction, actor: Person) -> list[Membership]:
    return [
        _membership(db, row, actor, role)
        for row in store.of_person(db, actor.id)
        if (role := store.role_of(row, actor.id)) and takes_part(role, EngagementState(row.state))
    ]


def coached(found: Iterable[Membership]) -> list[Membership]:
    """Of one person's, those in which they coach."""
    return [each for each in found if each.role is Role.COACH]


def coaches_many(found: Sequence[Membership]) -> bool:
    """Of one person's: so many clients that App Home says how they are together, and not one by one."""
    return sum(each.is_active for each in coached(found)) >= MANY


def some_membership(db: Transaction, actor: Person) -> list[Membership]:
    """The actor's active engagements; raises StillWaits, OnlyEnded or NoEngagement when there is none."""
    found = memberships(db, actor)
    if not found:
        raise _why_none(db, memberships(db, actor, only_active=False))
    return found


def _why_none(db: Transaction, inactive: Sequence[Membership]) -> UserError:
    proposed = [each for each in inactive if each.state is EngagementState.PROPOSED]
    if proposed:
        newest = proposed[-1]
        return StillWaits(newest.other.mention, for_actor=bool(waiting_for(db, [newest])))
    return OnlyEnded() if any(each.has_started for each in inactive) else NoEngagement()


def cadence_of(db: Transaction, found: Membership) -> Cadence:
    """How often the two agreed to meet."""
    return Cadence(store.latest_agreement(db, found.engagement_id).cadence)


def open_memberships(db: Transaction, actor: Person, now: datetime) -> list[Membership]:
    """Active ones, and proposals that wait for either of the two."""
    wanted = (EngagementState.ACTIVE, EngagementState.PROPOSED)
    found = [each for each in memberships(db, actor, only_active=False) if each.state in wanted]
    return [replace(each, other_is_paused=each.other.is_paused(now)) for each in found]


def waiting_for(db: Transaction, found: Sequence[Membership]) -> list[tuple[Membership, int]]:
    """Of these, the proposals whose newest version the actor has not signed, with that version."""
    waiting = []
    for each in (each for each in found if each.state is EngagementState.PROPOSED):
        newest = store.latest_agreement(db, each.engagement_id)
        signed_at = newest.coach_signed_at if each.role is Role.COACH else newest.client_signed_at
        if signed_at is None:
            waiting.append((each, newest.version))
    return waiting


def propose(
    db: Transaction, actor: Person, other: Profile, role: Role, terms: Terms, now: datetime
) -> Membership:
    """Propose an agreement, signed by the actor; the other gets one invitation. Raises what check_pair raises."""
    check_pair(db, actor, other, now)
    invited = learn(db, other, now)
    count_invitation(db, actor, invited, now)
    coach, client = (actor, invited) if role is Role.COACH else (invited, actor)
    row = EngagementRow(
        team_id=actor.identity.team_id,
        coach_id=coach.id,
        client_id=client.id,
        pair=store.pair_key(actor.id, invited.id),
        proposed_by=actor.id,
        created_at=now,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError as error:  # the other one proposed at the same moment
        raise PairHasOne from error
    proposed = _membership(db, row, actor, role)
    _write_version(db, proposed, row, 1, terms, now)
    begin(db, row.id, actor.id, now)  # its key is made from that of the words
    return proposed


def suggest(
    db: Transaction,
    actor: Person,
    engagement_id: str,
    version: int,
    role: Role,
    terms: Terms,
    now: datetime,
) -> Membership:
    """A new version instead of the one read, signed by the actor in this role; the other is asked.

    Raises NothingDifferent, InvitedMany, and what sign raises.
    """
    found, row, current = unsigned(db, actor, engagement_id, version, now)
    if (role, terms) == (found.role, current.terms):
        raise NothingDifferent
    count_version(db, actor, now)
    if role is not found.role:
        row.coach_id, row.client_id = row.client_id, row.coach_id
        found = _membership(db, row, actor, role)
    _close_invitation(db, row, current.version, "changed")
    _write_version(db, found, row, current.version + 1, terms, now)
    return found


def sign(db: Transaction, actor: Person, engagement_id: str, version: int, now: datetime) -> Membership:
    """The second signature starts the engagement.

    Raises NotFound, AlreadySigned, InvitationDeclined, HasEnded, AgreementChanged, WaitsForOther.
    """
    found, row, current = unsigned(db, actor, engagement_id, version, now)
    if current.signed_at[found.role] is not None:
        raise WaitsForOther
    agreement = store.latest_agreement(db, engagement_id)
    agreement.sign(found.role, now)
    row.state, row.started_at, row.shares = EngagementState.ACTIVE, now, agreement.shares
    db.flush()
    _close_invitation(db, row, version, "signed")
    tell(db, SIGNED, found, now)
    db.announce(EngagementStarted(row.id, row.coach_id, row.client_id), now)
    return membership(db, actor, engagement_id)


def decline(db: Transaction, actor: Person, engagement_id: str, version: int, now: datetime) -> Membership:
    """“Not now”: nothing more is asked of the actor. Raises as sign does."""
    found, row, current = unsigned(db, actor, engagement_id, version, now)
    row.state, row.ended_at, row.ended_by = EngagementState.DECLINED, now, actor.id
    keep_unsigned(row, now)
    _close_invitation(db, row, current.version, "declined")
    tell(db, DECLINED, found, now)
    return found


def end(db: Transaction, actor: Person, engagement_id: str, reason: str | None, now: datetime) -> Membership:
    """End it, at once and for both; a proposal is withdrawn. Raises NotFound, HasEnded."""
    row = store.locked(db, engagement_id)
    found = membership(db, actor, engagement_id)
    if row is None or found.state not in (EngagementState.ACTIVE, EngagementState.PROPOSED):
        raise HasEnded
    row.state, row.ended_at, row.ended_by = EngagementState.ENDED, now, actor.id
    store.seal_end_reason(db, row, reason, now)
    db.flush()
    close_engagement(db, engagement_id, "ended")
    if found.is_active:
        keep_ended(row, store.latest_agreement(db, engagement_id).retention_months, now)
        tell(db, ENDED, found, now)
        db.announce(EngagementEnded(engagement_id), now)
    else:
        keep_unsigned(row, now)
    db.stale_homes.add(found.other.id)
    return found


def withdraw(db: Transaction, actor: Person, engagement_id: str, now: datetime) -> Membership:
    """Take back a proposal that the other has not answered. Raises NotFound, AlreadySigned, HasEnded, InvitationDeclined."""
    newest = store.latest_agreement(db, membership(db, actor, engagement_id).engagement_id)
    unsigned(db, actor, engagement_id, newest.version, now)
    return end(db, actor, engagement_id, None, now)


def _membership(db: Transaction, row: EngagementRow, actor: Person, role: Role) -> Membership:
    other_id = row.client_id if role is Role.COACH else row.coach_id
    return Membership(
        engagement_id=row.id,
        state=EngagementState(row.state),
        role=role,
        actor=actor,
        other=People().get(db, other_id),
        shares=store.shares_of(row.shares),
        has_started=row.started_at is not None,
        ended_at=row.ended_at,
    )


def unsigned(
    db: Transaction, actor: Person, engagement_id: str, version: int, now: datetime
) -> tuple[Membership, EngagementRow, Agreement]:
    """The engagement and its newest version, if that one is still open to the actor's answer."""
    row = store.locked(db, engagement_id)
    found = membership(db, actor, engagement_id)
    assert row is not None
    if found.state is EngagementState.ACTIVE:
        raise AlreadySigned
    if found.state is EngagementState.DECLINED:
        raise InvitationDeclined
    if found.state is EngagementState.ENDED:
        raise HasEnded
    current = store.opened(db, store.latest_agreement(db, engagement_id), now)
    if current.version != version:
        raise AgreementChanged
    return found, row, current


def _write_version(
    db: Transaction, writer: Membership, row: EngagementRow, version: int, terms: Terms, now: datetime
) -> None:
    store.add_agreement(db, row, version, terms, writer.actor.id, now).sign(writer.role, now)
    enqueue(
        db,
        key=f"{INVITE}:{row.id}:{version}",
        template=INVITE,
        to=writer.other.address,
        engagement_id=row.id,
        subject={"engagement": row.id, "version": str(version), "by": writer.actor.id},
        due_at=now,
        expires_at=now + INVITATION_HOLDS,
        now=now,
    )
    db.stale_homes.add(writer.other.id)


def _close_invitation(db: Transaction, row: EngagementRow, version: int, how: str) -> None:
    close(db, f"{INVITE}:{row.id}:{version}", how)


def tell(db: Transaction, template: str, teller: Membership, now: datetime, about: str = "") -> None:
    """One message to the other of the pair. It outlives the engagement, so it does not belong to it.

    `about`: the id of what it tells of, where that happens more than once in an engagement.
    """
    enqueue(
        db,
        key=f"{template}:{about or teller.engagement_id}",
        template=template,
        to=teller.other.address,
        subject={"engagement": teller.engagement_id, "by": teller.actor.id},
        due_at=now,
        expires_at=now + NEWS_HOLDS,
        now=now,
    )
    db.stale_homes.add(teller.other.id)
