"""Keeping what each side writes before a session, and showing the coach what the client shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.outbox.store import close, repaint
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Commitment
from bot.features.engagements.authorization import Kind, may_share, shared_as
from bot.features.engagements.domain import Role, Shared
from bot.features.engagements.opening import opens, record_share, sees
from bot.features.engagements.reading import read_agreement
from bot.features.engagements.service import Membership, membership
from bot.features.engagements.store import by_id
from bot.features.goals import reading as goals
from bot.features.goals.reading import Aims
from bot.features.notes import service as notes
from bot.features.notes.domain import Note
from bot.features.prep import store
from bot.features.prep.domain import (
    KEPT_AFTER_START,
    READABLE,
    Answered,
    PrepClosed,
    key_of,
)
from bot.features.questions import service as questions
from bot.features.questions.domain import ABOUT_STEPS, Choice, QuestionsChosen, Stage, questions_of
from bot.features.questions.service import Asked
from bot.features.sessions import service as sessions
from bot.features.sessions import store as session_store
from bot.features.sessions.domain import LONGEST, Session
from bot.features.sessions.service import Entry
from bot.features.wrapups.domain import WrapUpOpened
from bot.features.wrapups.service import LastTime, last_time
from bot.features.wrapups.store import open_message

NOTES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Preparation:
    """What one side sees when preparing. `theirs` is what the client shares with the coach."""

    session: Session
    membership: Membership
    asked: Asked
    answers: Mapping[str, Answered]
    is_shared: bool
    is_open: bool
    theirs: Sequence[Answered]
    own_commitments: Sequence[Commitment]
    their_commitments: Sequence[Commitment]
    last_time: LastTime
    notes: Sequence[Note]
    """The actor's own, the latest first."""
    purpose: str | None
    """What the two have agreed to work on."""
    has_earlier: bool
    aims: Aims
    """The client's goals and strengths, as far as this side may see them."""

    @property
    def is_client(self) -> bool:
        return self.membership.role is Role.CLIENT

    @property
    def answered_before(self) -> Sequence[Answered]:
        """What was answered while the session had other questions."""
        current = {each.key for each in questions_of(self.asked.stages)}
        return [each for key, each in self.answers.items() if key not in current]


def read(db: Transaction, actor: Person, session_id: str, now: datetime) -> Preparation:
    """Raises NotFound, and PrepClosed when it is too late and there is nothing to read.

    What the other one shared is shown only while the engagement is active, and each showing is on record.
    """
    session = sessions.get(db, actor, session_id)
    found = membership(db, actor, session.engagement_id)
    row = store.of(db, session_id, actor.id)
    answers = {each.key: each for each in store.answers(db, row, now)} if row else {}
    theirs = _shared_with(db, found, session_id, now)
    is_open = found.is_active and session.is_upcoming(now)
    if not (is_open or answers or theirs):
        raise PrepClosed
    return Preparation(
        session=session,
        membership=found,
        asked=asked(db, found, session, now, is_shown=is_open),
        answers=answers,
        is_shared=row.is_shared if row and row.answered_at else Shared.PREP in found.shares,
        is_open=is_open,
        theirs=theirs,
        own_commitments=_commitments(db, found, actor, session, now) if is_open else (),
        their_commitments=_commitments(db, found, found.other, session, now) if is_open else (),
        last_time=last_time(db, found, session.starts_at, now) if is_open else LastTime(None, None),
        notes=notes.last_own(db, found, NOTES_SHOWN, now) if is_open else (),
        purpose=_purpose(db, found, now) if is_open else None,
        has_earlier=bool(earlier(db, [found], now)) if is_open else False,
        aims=goals.aims(db, found, now) if is_open else Aims(),
    )


def asked(db: Transaction, found: Membership, session: Session, now: datetime, *, is_shown: bool) -> Asked:
    """What this actor is asked before this session. `is_shown`: they are about to read it."""
    choice, ask = questions.choice_of(db, session), questions.opened if is_shown else questions.asked
    return ask(db, found, choice, now, is_first=is_first(db, session))


def asked_on(db: Transaction, entry: Entry, token: str | None, now: datetime) -> Sequence[Stage]:
    """What a form asked that was opened with this choice, whatever is chosen meanwhile. Raises OutdatedForm."""
    found = entry.membership
    choice = Choice.parse(token) if token else questions.choice_of(db, entry.session)
    return questions.asked(db, found, choice, now).stages


def is_first(db: Transaction, session: Session) -> bool:
    """Whether the pair has no session before this one."""
    return store.session_before(db, session.engagement_id, session.starts_at) is None


def _purpose(db: Transaction, found: Membership, now: datetime) -> str:
    return read_agreement(db, found.actor, found.engagement_id, now).agreement.terms.purpose


def recall(db: Transaction, fact: WrapUpOpened, now: datetime) -> None:
    """What its author has prepared for the last stage stands beside it when the session is wrapped up."""
    row = store.of(db, fact.session_id, fact.person_id)
    answers = store.answers(db, row, now) if row else []
    steps = tuple(f"{kind}." for kind in ABOUT_STEPS)
    fact.prepared.extend((each.question, each.words) for each in answers if each.key.startswith(steps))


def follow_choice(db: Transaction, fact: QuestionsChosen, now: datetime) -> None:
    """Messages that wait for an answer name the questions: they name the new ones now."""
    for session in session_store.upcoming(db, fact.engagement_id, now):
        for row in store.locked_of_session(db, session.id):
            message = open_message(db, key_of(session.id, row.person_id))
            if message is not None:
                repaint(db, message.key)


@dataclass(frozen=True, slots=True)
class Saved:
    """`is_late`: the session was cancelled or has started meanwhile, so it was kept for its author alone."""

    is_shared: bool
    is_late: bool


def save(
    db: Transaction,
    actor: Person,
    session_id: str,
    given: Sequence[Answered],
    asked: Sequence[str],
    is_shared: bool,
    now: datetime,
) -> Saved:
    """`asked` are the keys of the questions on the form, in order. Raises NotFound, PrepClosed."""
    session, found, is_late = _session_to_save(db, actor, session_id, bool(given), now)
    row = store.locked(db, session_id, actor.id)
    if row is None:
        row = store.add(db, session_id, session.engagement_id, actor.id, None)
    was_shared = row.is_shared
    store.write(db, row, given, {key: place for place, key in enumerate(asked)}, now)
    row.answered_at = now if store.has_answers(db, row.id) else None
    can_share = row.answered_at is not None and not is_late
    row.is_shared = shared_as(Kind.PREP, found.role, wished=is_shared and can_share)
    record_share(db, found, store.item(row), was_shared=was_shared, now=now)
    if row.answered_at is not None:
        row.next_ask_at = None
        close(db, key_of(session_id, actor.id), "expired" if is_late else "answered")
        if is_late:
            repaint(db, key_of(session_id, actor.id))
    db.flush()
    _tell_coach(db, found, session_id)
    return Saved(row.is_shared, is_late)


def _session_to_save(
    db: Transaction, actor: Person, session_id: str, has_answers: bool, now: datetime
) -> tuple[Session, Membership, bool]:
    """And whether it is too late to prepare it: what was typed is kept all the same, for a while."""
    session = sessions.get(db, actor, session_id)
    found = membership(db, actor, session.engagement_id)
    if found.is_active and session.is_upcoming(now):
        return session, found, False
    is_kept = has_answers and now < session.starts_at + KEPT_AFTER_START
    if not (found.is_active and is_kept):
        raise PrepClosed
    return session, found, True


def kept_of_cancelled(db: Transaction, found: Sequence[Membership], now: datetime) -> list[Entry]:
    """Cancelled sessions that the actor has prepared, until they would have ended: so long it can be read again."""
    return [
        entry
        for each in found
        for session_id in store.kept_of_cancelled(db, each.engagement_id, each.actor.id, now - LONGEST)
        if (entry := sessions.entry(db, each.actor, session_id)).session.ends_at > now
    ]


def earlier(db: Transaction, found: Sequence[Membership], now: datetime) -> list[Entry]:
    """Sessions of the last two weeks that are over and whose preparation the actor can read; the latest first."""
    over = [
        entry
        for each in found
        for session_id in store.readable(db, each.engagement_id, now - READABLE, now)
        if (entry := sessions.entry(db, each.actor, session_id)).session.ends_at <= now
        and (has_prepared(db, each.actor, session_id) or sees_shared(db, each, session_id))
    ]
    return sorted(over, key=lambda each: each.session.starts_at, reverse=True)


def share(db: Transaction, actor: Person, session_id: str, is_shared: bool, now: datetime) -> bool:
    """The client shares their preparation, or takes that back; at any time. Raises NotFound."""
    session = sessions.get(db, actor, session_id)
    found, row = membership(db, actor, session.engagement_id), store.locked(db, session_id, actor.id)
    if not may_share(Kind.PREP, found.role) or row is None or row.answered_at is None:
        raise NotFound
    was_shared, row.is_shared = row.is_shared, is_shared
    record_share(db, found, store.item(row), was_shared=was_shared, now=now)
    db.flush()
    _tell_coach(db, found, session_id)
    return is_shared


def sees_shared(db: Transaction, found: Membership, session_id: str) -> bool:
    """Whether the other one shares a preparation with this actor."""
    row = store.of(db, session_id, found.other.id)
    return row is not None and row.answered_at is not None and sees(found, store.item(row))


def has_prepared(db: Transaction, actor: Person, session_id: str) -> bool:
    row = store.of(db, session_id, actor.id)
    return row is not None and row.answered_at is not None


def open_session(
    db: Transaction, actor: Person, session_id: str, now: datetime
) -> tuple[Session, Membership]:
    """A session that can still be prepared. Raises NotFound, PrepClosed."""
    session = sessions.get(db, actor, session_id)
    found = membership(db, actor, session.engagement_id)
    if not (found.is_active and session.is_upcoming(now)):
        raise PrepClosed
    return session, found


def _shared_with(db: Transaction, found: Membership, session_id: str, now: datetime) -> list[Answered]:
    """What the other one shares with this actor."""
    row = store.of(db, session_id, found.other.id)
    if row is None or row.answered_at is None or not opens(db, found, store.item(row), now):
        return []
    return store.answers(db, row, now)


def _commitments(
    db: Transaction, found: Membership, owner: Person, session: Session, now: datetime
) -> list[Commitment]:
    """What one of the two took on last time, answered or not, and then what else is open; as far as the actor may see it."""
    last = store.session_before(db, session.engagement_id, session.starts_at)
    of_last = commitments.of_session(db, found, last, now, owner_id=owner.id) if last else []
    known = {each.id for each in of_last}
    still_open = commitments.open_of(db, found, owner.id, now)
    return [*of_last, *(each for each in still_open if each.id not in known)]


def tell_other(db: Transaction, row: store.PrepRow) -> None:
    """The other one's message no longer says that this preparation is shared."""
    pair = by_id(db, row.engagement_id)
    assert pair is not None
    other_id = pair.client_id if pair.coach_id == row.person_id else pair.coach_id
    message = open_message(db, key_of(row.session_id, other_id))
    if message is not None:
        repaint(db, message.key)


def _tell_coach(db: Transaction, found: Membership, session_id: str) -> None:
    """The coach's message says whether the client's preparation is shared."""
    if found.role is Role.CLIENT:
        message = open_message(db, key_of(session_id, found.coach.id))
        if message is not None:
            repaint(db, message.key)
        db.stale_homes.add(found.coach.id)
