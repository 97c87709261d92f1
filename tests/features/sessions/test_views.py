from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.core.database import Transaction
from bot.features.sessions import planning, service, views
from bot.features.sessions.domain import Recurrence, Slot
from bot.features.sessions.feature import home_section
from tests.builders import a_person, an_engagement
from tests.features.sessions.door import upcoming

TUESDAY = Slot(date(2026, 12, 1), time(10), 60)


def test_home_shows_the_next_session_of_each_engagement_and_where_one_is_missing(
    db: Transaction, now: datetime
) -> None:
    coach = a_person(db, now, "Dana")
    with_session, _ = an_engagement(db, now, coach=coach)
    without, _ = an_engagement(db, now, coach=coach)
    planning.plan(db, coach, with_session.engagement_id, TUESDAY, Recurrence.WEEKLY, now)
    text = str([block.to_dict() for block in home_section(db, coach, now)])
    assert text.count("prep.open:") == 1
    assert "Tuesday at 10:00" in text
    assert f"sessions.plan:{without.engagement_id}" in text
    assert f"No session is planned with {without.other.mention}" in text


def test_who_has_no_engagement_has_no_sessions_on_home(db: Transaction, now: datetime) -> None:
    assert home_section(db, a_person(db, now, "Dana"), now) == []


def test_a_coach_of_many_still_has_a_short_home_and_a_way_to_the_rest(db: Transaction, now: datetime) -> None:
    of_coach, _ = an_engagement(db, now)
    planned = planning.plan(db, of_coach.actor, of_coach.engagement_id, TUESDAY, Recurrence.ONCE, now)
    entry = service.entry(db, of_coach.actor, planned.id)
    many = [
        replace(
            entry, session=replace(planned, id=f"s{number}", starts_at=planned.starts_at + timedelta(number))
        )
        for number in range(40)
    ]
    blocks = views.home(many, [of_coach] * 20, of_coach.actor, now)
    assert len(blocks) < 30
    assert "sessions.list" in str([block.to_dict() for block in blocks])


def test_what_stays_in_a_message_says_its_moment_so_that_it_is_true_later(
    db: Transaction, now: datetime
) -> None:
    dana = a_person(db, now, "Dana")
    days = (-400, -1, 0, 1, 6, 20, 400)
    said = [views.lasting_moment(now + timedelta(days=each), dana, now) for each in days]
    assert [each.partition(" at ")[0] for each in said] == [
        "Tue, Oct 21, 2025",
        "Tue, Nov 24",
        "Wed, Nov 25",
        "Thu, Nov 26",
        "Tue, Dec 1",
        "Tue, Dec 15",
        "Thu, Dec 30, 2027",
    ]


def test_an_agenda_says_each_moment_in_the_readers_zone(db: Transaction, now: datetime) -> None:
    of_coach, _ = an_engagement(
        db, now, client=a_person(db, now, "Ben", zone="America/New_York", locale="en-US")
    )
    planning.plan(db, of_coach.actor, of_coach.engagement_id, TUESDAY, Recurrence.FORTNIGHTLY, now)
    view = views.agenda(service.agenda(db, of_coach.other, now), of_coach.other, now)
    assert "Tuesday at 5:00" in str(view.to_dict())
    assert "every 2 weeks" in str(view.to_dict())
    assert datetime(2026, 12, 1, 10, tzinfo=UTC) == upcoming(db, of_coach.engagement_id, now)[0].starts_at
