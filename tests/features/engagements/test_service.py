"""Two people, one agreement: who may sign what, when, and how it ends."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.core.database import Database, Transaction
from bot.core.directory import Person, Profile
from bot.core.errors import NotFound
from bot.core.outbox import store as outbox
from bot.core.outbox.domain import State
from bot.core.outbox.store import OutboxRow
from bot.features.engagements import reading, service
from bot.features.engagements.domain import (
    AgreementChanged,
    AlreadySigned,
    AskedLately,
    EngagementEnded,
    EngagementStarted,
    EngagementState,
    HasEnded,
    InvitationDeclined,
    NotActiveYet,
    PairHasOne,
    Role,
    WaitsForOther,
    WithBot,
    WithDeactivated,
    WithForeign,
    WithOneself,
)
from bot.features.engagements.store import EngagementRow, pair_key
from tests.builders import TERMS, a_person, a_proposal, an_engagement

OTHER_TERMS = replace(TERMS, purpose="Sleep better before board meetings")


@pytest.fixture
def dana(db: Transaction, now: datetime) -> Person:
    return a_person(db, now, "Dana")


@pytest.fixture
def ben(db: Transaction, now: datetime) -> Person:
    return a_person(db, now, "Ben")


def profile_of(person: Person, **changes: object) -> Profile:
    plain = Profile(person.identity, person.name, person.zone, person.locale, False, False, False)
    return replace(plain, **changes)  # type: ignore[arg-type]


def invitations(db: Transaction) -> list[tuple[str, str | None]]:
    rows = db.scalars(select(OutboxRow).where(OutboxRow.template == service.INVITE).order_by(OutboxRow.key))
    return [(row.person_id, row.closed) for row in rows]


# --- proposing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"is_bot": True}, WithBot),
        ({"is_deleted": True}, WithDeactivated),
        ({"is_foreign": True}, WithForeign),
    ],
)
def test_nobody_starts_with(
    db: Transaction, dana: Person, ben: Person, now: datetime, changes: dict[str, bool], refused: type
) -> None:
    with pytest.raises(refused):
        service.propose(db, dana, profile_of(ben, **changes), Role.COACH, TERMS, now)


def test_nobody_starts_with_themself(db: Transaction, dana: Person, now: datetime) -> None:
    with pytest.raises(WithOneself):
        service.propose(db, dana, profile_of(dana), Role.COACH, TERMS, now)


@pytest.mark.parametrize("role", list(Role))
def test_either_one_may_propose(
    db: Transaction, dana: Person, ben: Person, now: datetime, role: Role
) -> None:
    proposed = service.propose(db, dana, profile_of(ben), role, TERMS, now)
    signed = service.sign(db, ben, proposed.engagement_id, 1, now)
    assert (proposed.role, signed.role, signed.is_active) == (role, role.other, True)


def test_a_pair_has_one_open_engagement_whoever_coaches(
    db: Transaction, dana: Person, ben: Person, now: datetime
) -> None:
    found = a_proposal(db, dana, ben, now)
    for one, other in ((dana, ben), (ben, dana)):
        with pytest.raises(PairHasOne):
            service.propose(db, one, profile_of(other), Role.CLIENT, TERMS, now)
    service.end(db, dana, found.engagement_id, None, now)
    assert a_proposal(db, dana, ben, now).engagement_id != found.engagement_id


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_of_two_who_propose_to_each_other_at_once_one_is_refused(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        dana, ben = a_person(db, now, "Dana"), a_person(db, now, "Ben")

    def propose_back() -> None:
        with database.transaction() as db:
            service.propose(db, ben, profile_of(dana), Role.COACH, TERMS, now)

    with ThreadPoolExecutor(1) as threads:
        with database.transaction() as db:
            row = EngagementRow(
                team_id=dana.identity.team_id,
                coach_id=dana.id,
                client_id=ben.id,
                pair=pair_key(dana.id, ben.id),
                proposed_by=dana.id,
                created_at=now,
            )
            db.add(row)
            db.flush()  # there already, and not yet to be seen by the other
            proposing = threads.submit(propose_back)
            with pytest.raises(TimeoutError):
                proposing.result(0.2)
        with pytest.raises(PairHasOne):
            proposing.result(2)


def test_the_other_gets_one_invitation_and_no_reminder(
    db: Transaction, dana: Person, ben: Person, now: datetime
) -> None:
    a_proposal(db, dana, ben, now)
    assert invitations(db) == [(ben.id, None)]


# --- answering ------------------------------------------------------------------------------------------------


def test_the_second_signature_starts_it_and_tells_the_first(
    db: Transaction, dana: Person, ben: Person, now: datetime
) -> None:
    told: list[object] = []
    db.reactions = {EngagementStarted: [lambda _db, fact, _now: told.append(fact)]}
    proposed = a_proposal(db, dana, ben, now)
    service.sign(db, ben, proposed.engagement_id, 1, now)
    assert told == [EngagementStarted(proposed.engagement_id, dana.id, ben.id)]
    assert invitations(db) == [(ben.id, "signed")]
    news = outbox.find(db, f"{service.SIGNED}:{proposed.engagement_id}")
    assert news is not None
    assert news.person_id == dana.id


def test_the_one_who_proposed_has_signed_already(
    db: Transaction, dana: Person, ben: Person, now: datetime
) -> None:
    proposed = a_proposal(db, dana, ben, now)
    with pytest.raises(WaitsForOther):
        service.sign(db, dana, proposed.engagement_id, 1, now)


def test_suggested_changes_are_a_new_version_for_the_other_to_sign(
    db: Transaction, dana: Person, ben: Person, now: datetime
) -> None:
    proposed = a_proposal(db, dana, ben, now)
    service.suggest(db, ben, proposed.engagement_id, 1, Role.CLIENT, OTHER_TERMS, now)
    assert invitations(db) == [(ben.id, "changed"), (dana.id, None)]
    with pytest.raises(WaitsForOther):
        service.sign(db, ben, proposed.engagement_id, 2, now)
    service.sign(db, dana, proposed.engagement_id, 2, now)
    read = reading.read_agreement(db, ben, proposed.engagement_id, now).agreement
    assert (read.version, read.terms, read.is_signed) == (2, OTHER_TERMS, True)


def test_a_version_that_was_replaced_can_not_be_answered_any_more(
    db: Transaction, dana: Person, ben: Person, now: datetime
) -> None:
    proposed = a_proposal(db, dana, ben, now)
    service.suggest(db, ben, proposed.engagement_id, 1, Role.CLIENT, OTHER_TERMS, now)
    for answer in _answers(db, ben, proposed.engagement_id, 1, now):
        with pytest.raises(AgreementChanged):
            answer()


def test_what_both_signed_can_not_be_answered_or_changed_any_more(
    db: Transaction, dana: Person, ben: Person, now: datetime
) -> None:
    of_dana, of_ben = an_engagement(db, now, dana, ben)
    for person in (dana, ben):
        for answer in _answers(db, person, of_ben.engagement_id, 1, now):
            with pytest.raises(AlreadySigned):
                answer()
    read = reading.read_agreement(db, dana, of_dana.engagement_id, now).agreement
    assert (read.version, read.terms) == (1, TERMS)


def test_not_now_is_final_and_told_to_the_other(
    db: Transaction, dana: Person, ben: Person, now: datetime
) -> None:
    proposed = a_proposal(db, dana, ben, now)
    service.decline(db, ben, proposed.engagement_id, 1, now)
    assert outbox.find(db, f"{service.DECLINED}:{proposed.engagement_id}") is not None
    for answer in _answers(db, ben, proposed.engagement_id, 1, now):
        with pytest.raises(InvitationDeclined):
            answer()
    with pytest.raises(AskedLately):
        a_proposal(db, dana, ben, now)
    assert a_proposal(db, ben, dana, now)


def _answers(
    db: Transaction, person: Person, engagement_id: str, version: int, now: datetime
) -> list[Callable[[], object]]:
    return [
        lambda: service.sign(db, person, engagement_id, version, now),
        lambda: service.suggest(db, person, engagement_id, version, Role.CLIENT, OTHER_TERMS, now),
        lambda: service.decline(db, person, engagement_id, version, now),
    ]


# --- who may ----------------------------------------------------------------------------------------------------


def test_a_stranger_gets_the_same_answer_as_for_what_does_not_exist(
    db: Transaction, dana: Person, ben: Person, now: datetime
) -> None:
    found, _of_ben = an_engagement(db, now, dana, ben)
    stranger = a_person(db, now, "Mira")
    for engagement_id in (found.engagement_id, "nothing", ""):
        for attempt in (
            *_answers(db, stranger, engagement_id, 1, now),
            lambda of=engagement_id: service.membership(db, stranger, of),
            lambda of=engagement_id: service.active_membership(db, stranger, of),
            lambda of=engagement_id: reading.read_agreement(db, stranger, of, now),
            lambda of=engagement_id: reading.read_for_answer(db, stranger, of, now),
            lambda of=engagement_id: service.end(db, stranger, of, None, now),
        ):
            with pytest.raises(NotFound):
                attempt()
    assert service.memberships(db, stranger) == []


def test_nothing_can_be_done_in_it_before_both_signed_or_after_its_end(
    db: Transaction, dana: Person, ben: Person, now: datetime
) -> None:
    proposed = a_proposal(db, dana, ben, now)
    with pytest.raises(NotActiveYet):
        service.active_membership(db, dana, proposed.engagement_id)
    service.sign(db, ben, proposed.engagement_id, 1, now)
    assert service.active_membership(db, dana, proposed.engagement_id)
    service.end(db, ben, proposed.engagement_id, None, now)
    with pytest.raises(HasEnded):
        service.active_membership(db, dana, proposed.engagement_id)


# --- the end ------------------------------------------------------------------------------------------------------


def _planned(db: Transaction, person: Person, engagement_id: str, now: datetime) -> None:
    outbox.enqueue(
        db,
        key="nudge",
        template="t",
        to=person.address,
        subject={},
        due_at=now + timedelta(days=1),
        expires_at=now + timedelta(days=2),
        engagement_id=engagement_id,
        now=now,
    )


@pytest.mark.parametrize("who", ["coach", "client"])
def test_either_may_end_it_at_once_and_all_its_messages_stop(
    db: Transaction, dana: Person, ben: Person, now: datetime, who: str
) -> None:
    found, _of_ben = an_engagement(db, now, dana, ben)
    told: list[object] = []
    db.reactions = {EngagementEnded: [lambda _db, fact, _now: told.append(fact)]}
    _planned(db, ben, found.engagement_id, now)
    ender, other = (dana, ben) if who == "coach" else (ben, dana)
    service.end(db, ender, found.engagement_id, None, now)
    nudge, news = outbox.find(db, "nudge"), outbox.find(db, f"{service.ENDED}:{found.engagement_id}")
    assert nudge is not None
    assert news is not None
    assert (nudge.state, news.state, news.person_id) == (State.CANCELLED, State.PENDING, other.id)
    assert told == [EngagementEnded(found.engagement_id)]
    assert other.id in db.stale_homes


def test_a_reason_is_read_by_both_and_kept_sealed(
    db: Transaction, dana: Person, ben: Person, now: datetime
) -> None:
    found, _of_ben = an_engagement(db, now, dana, ben)
    service.end(db, ben, found.engagement_id, " We are done here ", now)
    readings = [reading.read_agreement(db, person, found.engagement_id, now) for person in (dana, ben)]
    assert [each.end_reason for each in readings] == ["We are done here"] * 2
    assert [each.ended_by_actor for each in readings] == [False, True]
    row = service.store.by_id(db, found.engagement_id)
    assert row is not None
    assert row.end_reason is not None
    assert b"done" not in row.end_reason


def test_it_ends_once(db: Transaction, dana: Person, ben: Person, now: datetime) -> None:
    found, _of_ben = an_engagement(db, now, dana, ben)
    service.end(db, ben, found.engagement_id, None, now)
    with pytest.raises(HasEnded):
        service.end(db, dana, found.engagement_id, "me too", now)
    assert service.membership(db, dana, found.engagement_id).state is EngagementState.ENDED


def test_ending_a_proposal_withdraws_it_without_news(
    db: Transaction, dana: Person, ben: Person, now: datetime
) -> None:
    proposed = a_proposal(db, dana, ben, now)
    service.end(db, dana, proposed.engagement_id, None, now)
    assert invitations(db) == [(ben.id, "ended")]
    assert outbox.find(db, f"{service.ENDED}:{proposed.engagement_id}") is None


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_of_two_answers_at_the_same_moment_one_counts(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        dana, ben = a_person(db, now, "Dana"), a_person(db, now, "Ben")
        engagement_id = a_proposal(db, dana, ben, now).engagement_id

    def decline() -> None:
        with database.transaction() as db:
            service.decline(db, ben, engagement_id, 1, now)

    with ThreadPoolExecutor(1) as threads:
        with database.transaction() as db:
            service.sign(db, ben, engagement_id, 1, now)
            declining = threads.submit(decline)
            with pytest.raises(TimeoutError):
                declining.result(0.1)
        with pytest.raises(AlreadySigned):
            declining.result(2)
