"""The weekly check-in of somebody who keeps something alone: asked on their own day and hour, and nobody else sees it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.outbox.store import find
from bot.features.checkins import asking, exports, rights, service, store
from bot.features.checkins.domain import Answers, Series, prompt_key
from bot.features.checkins.handlers import home_section
from bot.features.checkins.store import AlonePlanRow, CheckinItemRow, CheckinRow
from bot.features.commitments import bringing
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft, Outcome
from bot.features.engagements import retention
from bot.features.engagements import store as engagement_store
from bot.features.goals import service as goals
from bot.features.goals.domain import Wording
from bot.features.people.service import set_schedule, wishes_of
from bot.features.people.store import own_sealer
from tests.builders import a_person
from tests.features.sessions.door import Door, Pair, fields, shown

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
FRIDAY = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
"""15:00 in New York: the day and hour that everybody has at first."""
STEP = "Write the letter"


def mira_of(door: Door) -> Person:
    with door.database.transaction() as db:
        return a_person(db, door.clock.now(), "Mira", zone="America/New_York", locale="en-US")


def commit(door: Door, person: Person, days: int = 30) -> str:
    with door.database.transaction() as db:
        due_on = (door.clock.now() + timedelta(days=days)).date()
        draft = Draft(STEP, due_on, None, None, None, None, False)
        return commitments.make(db, person, None, draft, door.clock.now()).id


def aim(door: Door, person: Person) -> str:
    with door.database.transaction() as db:
        wording = Wording("Decide alone", target_on=date(2027, 3, 1))
        return goals.make(db, person, None, wording, False, door.clock.now()).goal.id


def saved(door: Door, person: Person) -> list[CheckinRow]:
    with door.database.transaction() as db:
        rows = list(db.scalars(store.of(Series(None, person.id)).order_by(CheckinRow.week)))
        db.expunge_all()
    return rows


def home_of(door: Door, person: Person) -> str:
    with door.database.transaction() as db:
        return "".join(str(each.to_dict()) for each in home_section(db, person, door.clock.now()))


async def test_who_keeps_something_alone_is_asked_answers_changes_and_is_asked_again(door: Door) -> None:
    mira = mira_of(door)
    await door.at(FRIDAY)
    assert door.messages(mira) == []
    assert "Nothing is open to look back on yet." in ((await door.command(mira, "checkin")).notice or "")
    commitment_id = commit(door, mira)
    goal_id = aim(door, mira)
    await door.at(FRIDAY + timedelta(weeks=1))
    (asked,) = door.messages(mira, "weekly check-in")
    assert "on your own: 1 open commitment." in asked
    assert STEP not in asked
    assert "Your check-in on your own waits for you." in home_of(door, mira)
    form = (await door.command(mira, "checkin")).view
    week = "2026-W49"
    assert STEP in shown(form)
    assert f"goal-{goal_id}:{week}" in fields(form)
    assert not [name for name in fields(form) if name.startswith("share")]
    told = await door.submit(
        mira, form, **{f"helped:{week}": "Quiet mornings", f"commitment-{commitment_id}:{week}": "partly"}
    )
    assert "Only you can read it." in (told.notice or "")
    again = (await door.command(mira, "checkin")).view
    assert "Quiet mornings" in shown(again)
    await door.submit(mira, again, **{f"commitment-{commitment_id}:{week}": "open"})
    await door.settle()
    assert any("You have checked in on your own." in each for each in door.messages(mira))
    assert len(saved(door, mira)) == 1
    await door.at(FRIDAY + timedelta(weeks=2))
    assert "on your own: 1 open commitment." in door.messages(mira)[-1]


@on_sqlite
async def test_a_goal_is_enough_and_with_nothing_open_nobody_is_asked(door: Door) -> None:
    mira = mira_of(door)
    goal_id = aim(door, mira)
    await door.at(FRIDAY + timedelta(weeks=1))
    assert "how do your goals stand?" in door.messages(mira)[-1]
    with door.database.transaction() as db:
        goals.erase(db, mira, goal_id, door.clock.now())
    await door.at(FRIDAY + timedelta(weeks=2))
    assert len(door.messages(mira)) == 1
    assert "is over" in door.messages(mira)[-1]
    assert home_of(door, mira) == ""
    commit(door, mira)
    await door.at(FRIDAY + timedelta(weeks=3))
    assert "on your own: 1 open commitment." in door.messages(mira)[-1]


@on_sqlite
async def test_it_can_be_skipped_put_off_and_follows_their_wishes(door: Door) -> None:
    mira = mira_of(door)
    commit(door, mira)
    await door.at(FRIDAY + timedelta(weeks=1))
    await door.press(mira, "checkins.skip", "alone:2026-W49")
    await door.settle()
    assert "Skipped this week's check-in on your own." in door.messages(mira)[-1]
    await door.at(FRIDAY + timedelta(weeks=2))
    with door.database.transaction() as db:
        letter = find(db, prompt_key(Series(None, mira.id), "2026-W50"))
        assert letter is not None
        letter_id = letter.id
    await door.press(mira, "checkins.later", f"hour:{letter_id}")
    await door.settle()
    assert any("Your check-in on your own: I'll ask again" in each for each in door.messages(mira))
    with door.database.transaction() as db:
        wishes = replace(wishes_of(db, mira.id), checkin_weekday=3)
        set_schedule(db, mira, wishes, mira.rhythm, door.clock.now())
        plan = store.plan_of(db, Series(None, mira.id))
        assert plan is not None
        assert plan.next_checkin_at == datetime(2026, 12, 16, 20, 0, tzinfo=UTC)


@on_sqlite
async def test_with_a_coach_both_are_asked_in_one_message_and_the_coach_learns_nothing(
    door: Door, pair: Pair
) -> None:
    commit(door, pair.client)
    await door.at(FRIDAY + timedelta(weeks=1))
    (asked,) = door.messages(pair.client, "weekly check-in")
    assert "with" in asked
    assert "on your own: 1 open commitment." in asked
    listed = (await door.command(pair.client, "checkin")).view
    assert "For you alone, without a coach." in shown(listed)
    form = (await door.press(pair.client, "checkins.open", "alone")).view
    await door.submit(pair.client, form, **{"helped:2026-W49": "Quiet mornings"})
    for seen in (
        shown((await door.press(pair.coach, "checkins.read")).view),
        shown((await door.command(pair.coach, "commitments")).view),
        home_of(door, pair.coach),
    ):
        assert "Quiet mornings" not in seen
        assert STEP not in seen
        assert "checked in" not in seen
    with door.database.transaction() as db:
        with pytest.raises(NotFound):
            service.form(db, pair.coach, None, None, door.clock.now())
        assert exports.checkins(db, pair.coach, door.clock.now()).records == []
        (record,) = exports.checkins(db, pair.client, door.clock.now()).records
        assert "engagement" not in record
    (row,) = saved(door, pair.client)
    assert not row.is_shared
    with door.database.transaction() as db:
        sealer = own_sealer(db, pair.client.id, door.clock.now())
        assert sealer.open_optional(CheckinRow.helped, row.id, row.helped) == "Quiet mornings"


@on_sqlite
async def test_what_was_said_of_a_step_goes_with_it_and_the_check_in_stays(door: Door, pair: Pair) -> None:
    """Also where the step went into an engagement, which is destroyed with it."""
    commitment_id, now = commit(door, pair.client), door.clock.now()
    with door.database.transaction() as db:
        answers = Answers({commitment_id: Outcome.PARTLY}, "Quiet mornings", None, True)
        service.save(db, pair.client, None, "2026-W48", answers, now)
        commitments.revise(db, pair.client, commitment_id, None, now)
        bringing.bring(db, pair.client, commitment_id, pair.engagement_id, True, now)
        assert service.form(db, pair.client, None, "2026-W48", now).asked == []
        row = engagement_store.locked(db, pair.engagement_id)
        assert row is not None
        retention.destroy(db, row, now)
        assert db.scalars(select(CheckinItemRow)).all() == []
    assert len(saved(door, pair.client)) == 1


@on_sqlite
async def test_they_are_erased_with_what_is_alone(door: Door) -> None:
    mira = mira_of(door)
    commit(door, mira)
    await door.at(FRIDAY + timedelta(weeks=1))
    form = (await door.command(mira, "checkin")).view
    await door.submit(mira, form, **{"helped:2026-W49": "Quiet mornings"})
    await door.settle()
    assert door.messages(mira, "checked in on your own")
    asked = await door.submit(mira, (await door.press(mira, "rights.open_erase")).view, what="own:alone")
    await door.submit(mira, asked.view)
    await door.settle()
    assert saved(door, mira) == []
    assert door.messages(mira) == []
    with door.database.transaction() as db:
        assert rights.ERASABLE.alone is not None
        assert rights.ERASABLE.alone.count(db, mira.id) == 0


@on_sqlite
async def test_a_plan_that_an_upgrade_began_finds_out_when_it_is_due(door: Door) -> None:
    mira = mira_of(door)
    commit(door, mira)
    with door.database.transaction() as db:
        db.execute(update(AlonePlanRow).values(next_checkin_at=door.clock.now()))
        assert asking.ask_due(db, door.clock.now()) == 1
        plan = store.plan_of(db, Series(None, mira.id))
        assert plan is not None
        assert plan.next_checkin_at == FRIDAY
    await door.settle()
    assert door.messages(mira) == []
