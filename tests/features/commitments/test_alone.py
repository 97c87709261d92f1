"""Commitments without a coach: nobody else ever sees one, until its owner brings it into an engagement."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound, UserError
from bot.features.commitments import bringing, exports, handlers, rights, service, store
from bot.features.commitments.domain import Commitment, Draft, Outcome, Wording
from bot.features.commitments.occurrence_store import OccurrenceRow
from bot.features.commitments.recurring import Every
from bot.features.commitments.service import Entry
from bot.features.commitments.store import CommitmentGoalRow, CommitmentRow
from bot.features.engagements import retention
from bot.features.engagements import store as engagement_store
from bot.features.engagements.service import Membership
from bot.features.engagements.store import sealer_of
from bot.features.goals import rights as goal_rights
from bot.features.goals import service as goals
from bot.features.goals.domain import Wording as Aim
from bot.features.people.store import own_sealer
from bot.features.progress import service as progress
from tests.builders import a_person, an_engagement
from tests.features.sessions.door import Door, Pair, fields, readings, shown

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
STEP = "Write the letter"


def mira_of(door: Door) -> Person:
    with door.database.transaction() as db:
        return a_person(db, door.clock.now(), "Mira", zone="America/New_York", locale="en-US")


def draft(now: datetime, what: str = STEP, **more: object) -> Draft:
    due_on = (now + timedelta(days=3)).date()
    return Draft(what, due_on, None, "cue", "obstacle", 6, True, **more)  # type: ignore[arg-type]


def own(door: Door, person: Person) -> list[Entry]:
    with door.database.transaction() as db:
        return service.own_open(db, person, door.clock.now())


def home_section_of(door: Door, person: Person) -> str:
    with door.database.transaction() as db:
        blocks = handlers.home_section(db, person, door.clock.now())
    return "".join(str(each.to_dict()) for each in blocks)


async def commit_alone(door: Door, person: Person, **more: object) -> Commitment:
    form = (await door.command(person, "commit")).view
    assert (await door.submit(person, form, what=STEP, by="Thursday", **more)).notice
    return own(door, person)[-1].commitment


# --- somebody without an engagement ---------------------------------------------------------------------


async def test_a_person_needs_nobody_to_commit_to_be_nudged_and_to_answer(door: Door) -> None:
    mira = mira_of(door)
    form = (await door.command(mira, "commit write the letter by tomorrow 3pm")).view
    assert set(fields(form)) >= {"what", "by", "every"}
    assert not {"with", "shared"} & set(fields(form))
    assert "Only you see it" in shown(form)
    said = (await door.submit(mira, form)).notice or ""
    assert "Only you see it, without a coach." in said
    await door.at(datetime(2026, 11, 26, 20, 0, tzinfo=UTC))
    told = door.messages(mira)
    assert any("A commitment of yours is due" in each for each in told), told
    (only,) = own(door, mira)
    answered = await door.submit(
        mira, (await door.press(mira, "commitments.kept", only.commitment.id)).view, outcome="kept"
    )
    assert "Noted" in (answered.notice or "")
    assert own(door, mira) == []
    await door.settle()
    assert any("Answered, thank you" in each for each in door.messages(mira))
    assert "Write the letter" not in str(door.messages(mira))


@on_sqlite
async def test_home_and_the_list_need_nobody_either(door: Door) -> None:
    mira = mira_of(door)
    assert not home_section_of(door, mira)
    await commit_alone(door, mira)
    listed = shown((await door.command(mira, "commitments")).view)
    assert STEP in listed
    assert "Only you see it, without a coach." in listed
    assert "Bring it in" not in listed  # there is no engagement
    assert STEP in home_section_of(door, mira)


@on_sqlite
async def test_what_comes_again_counts_alone_too(door: Door) -> None:
    mira = mira_of(door)
    made = await commit_alone(door, mira, every="week")
    with door.database.transaction() as db:
        service.answer(db, mira, made.id, Outcome.PARTLY, "less is more", door.clock.now())
        (entry,) = service.own_open(db, mira, door.clock.now())
        assert [each.learned for each in entry.commitment.lately] == ["less is more"]
        assert progress.own(db, mira, door.clock.now()).has_outcomes
    await door.at(datetime(2026, 12, 18, 15, 0, tzinfo=UTC))
    assert own(door, mira)[0].commitment.due_on == date(2026, 12, 17)


# --- somebody who has one -------------------------------------------------------------------------------


async def test_with_a_coach_it_is_a_choice_and_can_be_brought_in_later(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.client, "commit")).view
    assert form is not None
    assert "On your own, nobody else sees it, with the tick or without." in shown(form)
    picker = fields(form)["with"]
    assert picker["initial_option"]["value"] == pair.engagement_id
    await commit_alone(door, pair.client, **{"with": "alone", "shared": ["yes"]})
    assert STEP not in shown((await door.command(pair.coach, "commitments")).view)
    (entry,) = own(door, pair.client)
    assert (entry.commitment.engagement_id, entry.commitment.is_shared) == (None, False)

    assert "Bring it in" in shown((await door.command(pair.client, "commitments")).view)
    brings = (await door.press(pair.client, "commitments.bring", entry.commitment.id)).view
    assert "initial_options" not in fields(brings)["shared"], "it was theirs alone until now"
    said = (await door.submit(pair.client, brings, shared=["yes"])).notice or ""
    assert "It is part of your work with" in said
    assert "sees it too" in said
    assert STEP in shown((await door.command(pair.coach, "commitments")).view)
    assert (pair.coach.id, "commitment", entry.commitment.id) in readings(door.database)
    again = await door.press(pair.client, "commitments.bring", entry.commitment.id)
    assert again.view is None


@pytest.fixture
def both(db: Transaction, now: datetime) -> tuple[Membership, Membership]:
    return an_engagement(db, now)


@on_sqlite
def test_it_is_sealed_for_its_owner_and_brought_in_sealed_anew_with_all_that_was_said(
    db: Transaction, now: datetime, both: tuple[Membership, Membership]
) -> None:
    coach, client = both
    made = service.make(db, client.actor, None, draft(now, every=Every.WEEK), now)
    moved = service.move(db, client.actor, made.id, made.due_on + timedelta(days=1), None, now)
    service.answer(db, client.actor, made.id, Outcome.KEPT, "early helps", now)
    row = store.by_id(db, made.id)
    assert row is not None
    assert own_sealer(db, client.actor.id, now).open(CommitmentRow.what, row.id, row.what) == STEP

    brought = bringing.bring(db, client.actor, made.id, client.engagement_id, True, now).commitment
    db.expire_all()
    assert sealer_of(db, client.engagement_id, now).open(CommitmentRow.what, row.id, row.what) == STEP
    learned = db.scalars(select(OccurrenceRow)).one()
    assert sealer_of(db, client.engagement_id, now).open_optional(
        OccurrenceRow.learned, learned.id, learned.learned
    )
    assert (brought.cue, brought.obstacle, brought.confidence) == ("cue", "obstacle", 6)
    assert [each.to_on for each in brought.moves] == [moved.due_on]
    assert [each.learned for each in brought.lately] == ["early helps"]
    assert [each.what for each in service.open_of(db, coach, client.actor.id, now)] == [STEP]


@on_sqlite
def test_nobody_else_finds_it_and_it_is_brought_only_where_its_owner_is(
    db: Transaction, now: datetime, both: tuple[Membership, Membership]
) -> None:
    coach, client = both
    other, _their_client = an_engagement(db, now, a_person(db, now, "Eve"), a_person(db, now, "Fay"))
    made = service.make(db, client.actor, None, draft(now), now)
    for actor in (coach.actor, other.actor):
        with pytest.raises(NotFound):
            service.entry(db, actor, made.id, now)
        with pytest.raises(NotFound):
            bringing.bring(db, actor, made.id, coach.engagement_id, True, now)
    with pytest.raises(NotFound):
        bringing.bring(db, client.actor, made.id, other.engagement_id, True, now)
    everything = (service.overview(db, coach.actor, now), exports.commitments(db, coach.actor, now).records)
    assert STEP not in str(everything)
    assert service.open_of(db, coach, client.actor.id, now) == []
    wording = Wording("Other words", None, None, None, True)
    assert service.edit(db, client.actor, made.id, wording, now).is_shared is False
    assert service.open_of(db, coach, client.actor.id, now) == []


@on_sqlite
def test_a_coach_brings_a_promise_which_the_client_always_sees(
    db: Transaction, now: datetime, both: tuple[Membership, Membership]
) -> None:
    coach, client = both
    made = service.make(db, coach.actor, None, draft(now), now)
    bringing.bring(db, coach.actor, made.id, coach.engagement_id, False, now)
    assert [each.what for each in service.open_of(db, client, coach.actor.id, now)] == [STEP]
    with pytest.raises(NotFound):
        bringing.bring(db, coach.actor, made.id, coach.engagement_id, False, now)


# --- its goal ---------------------------------------------------------------------------------------------


@on_sqlite
def test_a_step_towards_a_goal_of_one_s_own_stays_one_when_one_of_the_two_is_brought_in(
    db: Transaction, now: datetime, both: tuple[Membership, Membership]
) -> None:
    _coach, client = both
    aim = Aim("Decide without me", target_on=date(2027, 3, 1))
    goal = goals.make(db, client.actor, None, aim, False, now).goal
    elsewhere = goals.make(db, client.actor, client.engagement_id, aim, False, now).goal
    with pytest.raises(UserError):
        service.make(db, client.actor, None, draft(now, goal_id=elsewhere.id), now)
    made = service.make(db, client.actor, None, draft(now, goal_id=goal.id), now)
    assert made.goal == "Decide without me"
    goals.bring(db, client.actor, goal.id, client.engagement_id, False, now)
    entry = service.entry(db, client.actor, made.id, now)
    assert entry.commitment.goal_id in {
        each.goal_id for each in service.goal_choices(db, [entry.place], now, entry.commitment)
    }
    wording = Wording("Other words", None, None, None, False, goal.id)
    assert service.edit(db, client.actor, made.id, wording, now).goal_id == goal.id


@on_sqlite
@pytest.mark.parametrize("how", ["erased", "erased with what is alone", "destroyed"])
def test_a_goal_that_goes_leaves_its_steps(
    db: Transaction, now: datetime, both: tuple[Membership, Membership], how: str
) -> None:
    _coach, client = both
    aim = Aim("Decide without me", target_on=date(2027, 3, 1))
    goal = goals.make(db, client.actor, None, aim, False, now).goal
    made = service.make(db, client.actor, None, draft(now, goal_id=goal.id), now)
    if how == "erased":
        goals.erase(db, client.actor, goal.id, now)
    elif how == "destroyed":
        goals.bring(db, client.actor, goal.id, client.engagement_id, False, now)
        row = engagement_store.locked(db, client.engagement_id)
        assert row is not None
        retention.destroy(db, row, now)
    else:
        assert goal_rights.ERASABLE.alone is not None
        goal_rights.ERASABLE.alone.erase(db, client.actor.id)
    db.expire_all()
    assert db.scalars(select(CommitmentGoalRow)).all() == []
    assert service.entry(db, client.actor, made.id, now).commitment.goal is None


# --- taking it along, and back ------------------------------------------------------------------------------


@on_sqlite
async def test_it_is_taken_along_and_erased_with_what_is_alone(door: Door, pair: Pair) -> None:
    made = await commit_alone(door, pair.client, **{"with": "alone"}, every="week")
    with door.database.transaction() as db:
        service.answer(db, pair.client, made.id, Outcome.KEPT, "early helps", door.clock.now())
        (record,) = exports.commitments(db, pair.client, door.clock.now()).records
        (time,) = exports.occurrences(db, pair.client, door.clock.now()).records
    assert "engagement" not in record
    assert (record["what"], time["learned"]) == (STEP, "early helps")
    for moment in (datetime(2026, 11, 27, 20, 30, tzinfo=UTC), datetime(2026, 12, 3, 20, 30, tzinfo=UTC)):
        await door.at(moment)
    assert door.messages(pair.client, "of yours")
    with door.database.transaction() as db:
        alone = rights.ERASABLE.alone
        assert alone is not None
        assert alone.count(db, pair.client.id) == 1
    asked = await door.submit(
        pair.client, (await door.press(pair.client, "rights.open_erase")).view, what="own:alone"
    )
    await door.submit(pair.client, asked.view)
    await door.settle()
    assert own(door, pair.client) == []
    assert door.messages(pair.client, "of yours") == []
    with door.database.transaction() as db:
        assert db.scalars(select(OccurrenceRow)).all() == []
