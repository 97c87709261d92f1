from datetime import date, datetime, time

from sqlalchemy import text

from bot.core.database import Transaction
from bot.features.commitments import service
from bot.features.commitments.domain import Draft, Outcome
from bot.features.commitments.store import CommitmentMoveRow
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


def test_every_move_is_kept(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    made = service.make(db, client.actor, client.engagement_id, draft(), now)
    for on in (date(2026, 12, 3), date(2026, 12, 3), date(2026, 12, 4)):
        moved = service.move(db, client.actor, made.id, on, time(9), now)
    db.flush()
    moves = db.query(CommitmentMoveRow).order_by(CommitmentMoveRow.to_on).all()
    assert [(each.from_on, each.to_on) for each in moves] == [
        (date(2026, 12, 1), date(2026, 12, 3)),
        (date(2026, 12, 3), date(2026, 12, 4)),
    ]
    assert moved.moved == 2
