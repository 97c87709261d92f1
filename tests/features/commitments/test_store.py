from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import text

from bot.core.database import Transaction
from bot.core.errors import NotFound
from bot.features.commitments import service
from bot.features.commitments.domain import Draft, Outcome, Wording
from bot.features.commitments.store import CommitmentMoveRow, CommitmentRow
from bot.features.engagements import service as engagements
from bot.features.people import service as people
from bot.features.sessions import planning
from bot.features.sessions.domain import Recurrence, Slot
from tests.builders import an_engagement

WORDS = ("Call the CFO", "When the meeting ends", "No time", "Ask earlier")


def draft(what: str = "Call the CFO") -> Draft:
    return Draft(what, date(2026, 12, 1), None, "When the meeting ends", "No time", 8, True)


def test_words_are_stored_sealed(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    made = service.make(db, client.actor, client.engagement_id, draft(), now)
    answered = service.answer(db, client.actor, made.id, Outcome.PARTLY, "Ask earlier", now)
    assert (answered.what, answered.cue, answered.obstacle, answered.learned) == WORDS
    (row,) = db.execute(text("SELECT * FROM commitments"))
    stored = b" ".join(bytes(each) for each in row if isinstance(each, bytes | memoryview))
    assert stored
    assert not any(words.encode() in stored for words in WORDS)


def test_how_sure_someone_is_is_stored_sealed(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    made = service.make(db, client.actor, client.engagement_id, draft(), now)
    assert made.confidence == 8
    row = db.get_one(CommitmentRow, made.id)
    assert len(row.confidence or b"") > 16
    unsure = service.edit(db, client.actor, made.id, Wording("Call", None, None, None, True), now)
    assert unsure.confidence is None


def test_every_move_is_kept(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    made = service.make(db, client.actor, client.engagement_id, draft(), now)
    for on in (date(2026, 12, 3), date(2026, 12, 4)):
        moved = service.move(db, client.actor, made.id, on, time(9), now)
    db.flush()
    moves = db.query(CommitmentMoveRow).order_by(CommitmentMoveRow.to_on).all()
    assert [(each.from_on, each.to_on) for each in moves] == [
        (date(2026, 12, 1), date(2026, 12, 3)),
        (date(2026, 12, 3), date(2026, 12, 4)),
    ]
    assert moved.moved == 2


def test_what_a_coach_promises_is_shared_whatever_the_form_says(db: Transaction, now: datetime) -> None:
    coach, client = an_engagement(db, now)
    private = replace(draft(), is_shared=False)
    made = service.make(db, coach.actor, coach.engagement_id, private, now)
    wording = Wording("Call", None, None, None, is_shared=False)
    assert made.is_shared
    assert service.edit(db, coach.actor, made.id, wording, now).is_shared
    assert [each.id for each in service.open_of(db, client, coach.actor.id, now)] == [made.id]


def test_nothing_brings_back_the_nudges_of_an_ended_engagement(db: Transaction, now: datetime) -> None:
    coach, client = an_engagement(db, now)
    service.make(db, client.actor, client.engagement_id, draft(), now)
    engagements.end(db, coach.actor, coach.engagement_id, None, now)
    people.resume(db, client.actor, now)
    assert db.query(CommitmentRow.next_nudge_at).all() == [(None,)]
    assert service.own_open(db, client.actor, now) == []


def test_what_was_made_in_a_session_is_found_by_it(db: Transaction, now: datetime) -> None:
    coach, client = an_engagement(db, now)
    slot = Slot(date(2026, 11, 27), time(10), 60)
    session = planning.plan(db, coach.actor, coach.engagement_id, slot, Recurrence.ONCE, now)
    of_coach = service.make(db, coach.actor, coach.engagement_id, draft(), now, session_id=session.id)
    private = replace(draft(), is_shared=False)
    later = now + timedelta(seconds=1)
    own = service.make(db, client.actor, client.engagement_id, private, later, session_id=session.id)
    for found, visible in ((client, [of_coach, own]), (coach, [of_coach])):
        assert service.of_session(db, found, session.id, now) == visible
    _other, stranger = an_engagement(db, now)
    with pytest.raises(NotFound):
        service.make(db, stranger.actor, stranger.engagement_id, draft(), now, session_id=session.id)
