"""Which questions a session has, choosing them, and a coach's own sets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound, OutdatedForm
from bot.features.engagements.authorization import Item, Kind
from bot.features.engagements.domain import Role
from bot.features.engagements.opening import opens
from bot.features.engagements.places import by_name
from bot.features.engagements.service import (
    Membership,
    active_membership,
    coached,
    memberships,
    some_membership,
)
from bot.features.goals.domain import FocusArea
from bot.features.questions import store
from bot.features.questions.built_in import area_stage, grow, helper, stages_of
from bot.features.questions.domain import (
    MOST_SETS,
    Choice,
    OnlyForCoaches,
    OwnQuestions,
    OwnSet,
    QuestionsChosen,
    Sheet,
    Source,
    Stage,
    TooManySets,
    for_session,
    with_area,
    with_beside,
)
from bot.features.questions.own_text import copy_of
from bot.features.sessions import service as sessions
from bot.features.sessions.domain import Session

# --- what a session has -----------------------------------------------------------------------------


def choice_of(db: Transaction, session: Session) -> Choice:
    """For messages too: it opens no words. GROW where nothing was chosen."""
    row = store.choice_for(db, session.id) or store.choice_for(db, session.engagement_id)
    return row.choice if row else Choice()


def _usual_choice(db: Transaction, engagement_id: str) -> Choice:
    row = store.choice_for(db, engagement_id)
    return row.choice if row else Choice()


@dataclass(frozen=True, slots=True)
class Asked:
    """What one side is asked. `title`: the name of the coach's own set, if it is one; their words."""

    choice: Choice
    title: str | None
    stages: Sequence[Stage]


def asked(
    db: Transaction, found: Membership, choice: Choice, now: datetime, *, is_first: bool = False
) -> Asked:
    """Raises OutdatedForm when the choice names what is not this pair's."""
    if choice.source is not Source.OWN:
        return Asked(choice, None, stages_of(choice, found.role, is_first=is_first))
    sheet = _sheet(db, found, choice, now)
    own = sheet.questions.of(found.role)
    if not own:  # the coach wrote none for themself
        return Asked(choice, sheet.title, stages_of(choice, found.role, is_first=is_first))
    titled = [replace(each, heading=each.heading or sheet.title) for each in own]
    stages = with_area(with_beside(titled), area_stage(choice.area, found.role))
    return Asked(choice, sheet.title, for_session(stages, is_first=is_first))


def opened(
    db: Transaction, found: Membership, choice: Choice, now: datetime, *, is_first: bool = False
) -> Asked:
    """The same, for somebody who is about to read it. That a client opens a coach's own questions is on record."""
    if choice.sheet_id is not None:
        opens(db, found, Item(Kind.QUESTIONS, choice.sheet_id, found.coach.id), now)
    return asked(db, found, choice, now, is_first=is_first)


def _sheet(db: Transaction, found: Membership, choice: Choice, now: datetime) -> Sheet:
    row = store.sheet_by_id(db, choice.sheet_id) if choice.sheet_id else None
    if row is None or row.engagement_id != found.engagement_id:
        raise OutdatedForm
    return store.opened_sheet(db, row, now)


# --- choosing ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Usual:
    """What the sessions of one engagement have, and those planned sessions that have something else."""

    membership: Membership
    asked: Asked
    others: Sequence[tuple[Session, Choice]]


@dataclass(frozen=True, slots=True)
class Overview:
    usual: Sequence[Usual]
    own: Sequence[OwnSet]
    is_coach: bool


def overview(db: Transaction, actor: Person, now: datetime) -> Overview:
    """Raises StillWaits, OnlyEnded, NoEngagement."""
    found = some_membership(db, actor)
    is_coach = any(each.role is Role.COACH for each in found)
    own = store.sets_of(db, actor.id, now) if is_coach else []
    return Overview([_usual(db, each, now) for each in by_name(found)], own, is_coach)


def _usual(db: Transaction, found: Membership, now: datetime) -> Usual:
    others = []
    for session in sessions.upcoming(db, found, now):
        row = store.choice_for(db, session.id)
        if row is not None:
            others.append((session, row.choice))
    return Usual(found, opened(db, found, _usual_choice(db, found.engagement_id), now), others)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a coach may choose from. `current_set`: whose copy they have now, also if it was put away since.

    `clients`: how many the coach has.
    """

    membership: Membership
    own: Sequence[OwnSet]
    sessions: Sequence[Session]
    current: Choice
    current_set: str | None
    clients: int


def offer(db: Transaction, actor: Person, engagement_id: str, now: datetime) -> Offer:
    """Raises NotFound, HasEnded, NotActiveYet, OnlyForCoaches."""
    found = as_coach(db, actor, engagement_id)
    current = _usual_choice(db, engagement_id)
    sheet = store.sheet_by_id(db, current.sheet_id) if current.sheet_id else None
    current_set = sheet.set_id if sheet else None
    own = [each for each in store.sets_of(db, actor.id, now) if not each.is_retired or each.id == current_set]
    upcoming, clients = sessions.upcoming(db, found, now), len(clients_of(db, actor))
    return Offer(found, own, upcoming, current, current_set, clients)


def choose(
    db: Transaction,
    actor: Person,
    engagement_id: str,
    session_id: str | None,
    source: Source,
    set_id: str | None,
    area: FocusArea | None,
    now: datetime,
) -> Asked:
    """For one session, or (None) for every one from now on.

    Raises NotFound, HasEnded, NotActiveYet, OnlyForCoaches.
    """
    found = as_coach(db, actor, engagement_id)
    if session_id is not None:
        session = sessions.get(db, actor, session_id)
        if session.engagement_id != engagement_id or not session.is_upcoming(now):
            raise NotFound
    sheet_id = None
    if source is Source.OWN:
        own = own_set(db, actor, set_id or "", now)
        sheet_id = store.add_sheet(db, engagement_id, own, now)
    choice = Choice(source, area, sheet_id)
    if session_id is None:
        store.forget_sessions(db, engagement_id, [s.id for s in sessions.upcoming(db, found, now)])
    store.choose(db, engagement_id, session_id, choice, now)
    _tell(db, engagement_id, found.client.id, now)
    return asked(db, found, choice, now)


def choose_for_all(
    db: Transaction,
    actor: Person,
    source: Source,
    set_id: str | None,
    area: FocusArea | None,
    now: datetime,
) -> list[Asked]:
    """For every session with every client from now on. Raises OnlyForCoaches, NotFound."""
    found = clients_of(db, actor)
    if not found:
        raise OnlyForCoaches
    return [choose(db, actor, each.engagement_id, None, source, set_id, area, now) for each in found]


def clients_of(db: Transaction, actor: Person) -> list[Membership]:
    return coached(memberships(db, actor))


def as_coach(db: Transaction, actor: Person, engagement_id: str) -> Membership:
    """Raises NotFound, HasEnded, NotActiveYet, OnlyForCoaches."""
    found = active_membership(db, actor, engagement_id)
    if found.role is not Role.COACH:
        raise OnlyForCoaches
    return found


def _tell(db: Transaction, engagement_id: str, client_id: str, now: datetime) -> None:
    db.stale_homes.add(client_id)
    db.announce(QuestionsChosen(engagement_id), now)


# --- a coach's own sets -----------------------------------------------------------------------------


def own_set(db: Transaction, actor: Person, set_id: str, now: datetime) -> OwnSet:
    """Raises NotFound."""
    return store.opened(db, _own(db, actor, set_id), now)


def check_coach(db: Transaction, actor: Person) -> None:
    """Raises OnlyForCoaches, and what some_membership raises."""
    if not any(each.role is Role.COACH for each in some_membership(db, actor)):
        raise OnlyForCoaches


def check_room(db: Transaction, actor: Person) -> None:
    """Raises TooManySets, and what check_coach raises."""
    check_coach(db, actor)
    if store.count_in_use(db, actor.id) >= MOST_SETS:
        raise TooManySets


def create(
    db: Transaction,
    actor: Person,
    title: str,
    questions: OwnQuestions,
    area: FocusArea | None,
    now: datetime,
) -> OwnSet:
    """Raises TooManySets, OnlyForCoaches."""
    check_room(db, actor)
    return store.opened(db, store.add_set(db, actor.id, title, questions, area, now), now)


def edit(
    db: Transaction,
    actor: Person,
    set_id: str,
    title: str,
    questions: OwnQuestions,
    area: FocusArea | None,
    now: datetime,
) -> OwnSet:
    """Those who use it are asked the new questions from now on; answers keep those that they were given to. Raises NotFound."""
    row = _own(db, actor, set_id)
    store.write_set(db, row, title, questions, area, now)
    db.flush()
    edited = store.opened(db, row, now)
    active = {each.engagement_id: each for each in memberships(db, actor)}
    sheets: dict[str, str] = {}
    for each in store.using(db, set_id, now):
        engagement_id = each.engagement_id
        if engagement_id not in sheets:
            sheets[engagement_id] = store.add_sheet(db, engagement_id, edited, now)
        each.sheet_id = sheets[engagement_id]
    db.flush()
    for engagement_id in sheets:
        _tell(db, engagement_id, active[engagement_id].client.id, now)
    return edited


def asked_now(db: Transaction, actor: Person, set_id: str, now: datetime) -> list[Person]:
    """The clients who are asked these questions now."""
    ids = {each.engagement_id for each in store.using(db, set_id, now)}
    return [each.client for each in memberships(db, actor) if each.engagement_id in ids]


def draft_copy(
    db: Transaction, actor: Person, of: str, now: datetime
) -> tuple[str, OwnQuestions, FocusArea | None]:
    """What a new set begins with: `of` is one of the actor's own, or a built-in one; nothing is stored yet.

    Raises NotFound, TooManySets, OnlyForCoaches.
    """
    check_room(db, actor)
    if of in (Source.GROW, Source.HELPER):
        stages = grow if of == Source.GROW else helper
        return "", OwnQuestions(copy_of(stages(Role.CLIENT)), copy_of(stages(Role.COACH))), None
    own = own_set(db, actor, of, now)
    copied = OwnQuestions(copy_of(own.questions.client), copy_of(own.questions.coach))
    return own.title, copied, own.area


def put_away(db: Transaction, actor: Person, set_id: str, now: datetime) -> None:
    """It is not offered any more; sessions that chose it keep it. Raises NotFound."""
    row = _own(db, actor, set_id)
    row.retired_at = row.retired_at or now
    db.flush()


def bring_back(db: Transaction, actor: Person, set_id: str) -> None:
    """Raises NotFound, TooManySets, OnlyForCoaches."""
    row = _own(db, actor, set_id)
    if row.retired_at is not None:
        check_room(db, actor)
        row.retired_at = None
        db.flush()


def _own(db: Transaction, actor: Person, set_id: str) -> store.SetRow:
    """Of somebody else's, the answer is that there is none."""
    row = store.set_by_id(db, set_id)
    if row is None or row.owner_id != actor.id:
        raise NotFound
    return row
