"""A coach with many clients: everything is reached, what needs an answer comes first, and only what is shown counts as read."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.models.views import View
from sqlalchemy import delete

from bot.core.database import Database
from bot.core.directory import Person
from bot.features.checkins import service as checkins
from bot.features.checkins.domain import Answers
from bot.features.checkins.store import CheckinRow
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft
from bot.features.engagements import changing
from bot.features.engagements import service as engagements
from bot.features.engagements.domain import Role
from bot.features.people import service as people
from bot.features.people import store as people_store
from bot.features.sessions import planning
from bot.features.sessions.domain import Recurrence, Slot
from tests.builders import TERMS, a_person, a_profile, an_engagement
from tests.features.sessions.door import Door, door, readings, shown

__all__ = ["door"]
CLIENTS = 30


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@dataclass
class Practice:
    coach: Person
    clients: list[tuple[str, Person]]
    """With the engagement of each."""


@pytest.fixture
def practice(database: Database, door: Door) -> Practice:
    """Each client shares one commitment and a check-in; one more person has written to Dana."""
    now = door.clock.at
    with database.transaction() as db:
        dana, clients = a_person(db, now, "Dana"), []
        profile = a_profile("Dana", identity=dana.identity)
        for number in range(CLIENTS):
            client = a_person(db, now, f"Client {number}")
            engagement_id = engagements.propose(db, client, profile, Role.CLIENT, TERMS, now).engagement_id
            engagements.sign(db, dana, engagement_id, 1, now)
            clients.append((engagement_id, client))
        for engagement_id, client in clients:
            draft = Draft(f"Step of {client.name}.", now.date(), None, None, None, None, True)
            commitments.make(db, client, engagement_id, draft, now)
            week = checkins.form(db, client, engagement_id, None, now).week
            checkins.save(
                db, client, engagement_id, week, Answers({}, f"{client.name}, helped.", None, True), now
            )
        engagements.propose(db, a_person(db, now, "Late"), profile, Role.CLIENT, TERMS, now)
    return Practice(dana, clients)


def opened(database: Database, kind: str) -> int:
    """How many different things of this kind the coach has opened."""
    return len({object_id for _reader, found, object_id in readings(database) if found == kind})


def plan_with(database: Database, practice: Practice, count: int, at: datetime) -> None:
    """A session every week with each of the first `count`, half an hour apart."""
    with database.transaction() as db:
        for number, (engagement_id, _client) in enumerate(practice.clients[:count]):
            starts = at + number * timedelta(minutes=30)
            slot = Slot(starts.date(), starts.time(), 30)
            planning.plan(db, practice.coach, engagement_id, slot, Recurrence.WEEKLY, at - timedelta(days=1))


async def on_home(door: Door, practice: Practice) -> list[str]:
    """Block by block; within what Slack takes."""
    view = (await door.command(practice.coach, "")).view
    assert view is not None
    texts = [str(block.to_dict()) for block in view.blocks]
    assert len(texts) <= 100
    return texts


async def test_on_home_what_is_to_be_signed_comes_first_and_nothing_is_cut_off_at_the_end(
    door: Door, practice: Practice, database: Database
) -> None:
    engagement_id, client = practice.clients[2]
    with database.transaction() as db:
        signed = changing.draft(db, client, engagement_id, door.clock.at).seen
        terms = replace(TERMS, purpose="Another purpose")
        changing.propose_change(db, client, engagement_id, signed, terms, door.clock.at)
    texts = await on_home(door, practice)
    assert "has an agreement for you to read" in texts[1]
    assert f"{client.mention} proposes a change" in texts[2]
    assert "".join(texts).count("proposes a change") == 1
    assert "".join(texts).count("has an agreement for you to read") == 1
    assert "people.settings" in "".join(texts)
    assert "engagements.agreements" in "".join(texts)


async def test_on_home_whom_one_meets_comes_before_promises_and_how_the_clients_are(
    door: Door, practice: Practice, database: Database
) -> None:
    plan_with(database, practice, 14, datetime(2026, 12, 1, 9, tzinfo=UTC))
    with database.transaction() as db:
        people.pause(db, practice.clients[1][1], None, door.clock.at)
        people_store.changing(db, practice.clients[2][1].id).is_deleted = True
    texts = await on_home(door, practice)
    home = "".join(texts)
    places = [
        home.index(each)
        for each in ("prep.open", "sessions.list", "commitments.new", "digests.open", "notes.new")
    ]
    assert places == sorted(places)
    lines = [text for text in texts if "prep.open" in text]
    assert len(lines) == 12
    for line, (_id, client), said in zip(
        lines, practice.clients, ("", " (paused)", " (their account is deactivated)"), strict=False
    ):
        assert f"{client.mention}{said}'" in line
    assert "And 2 later ones." in home


async def test_on_home_every_client_stands_where_they_are_whom_to_think_of_first(
    door: Door, practice: Practice, database: Database
) -> None:
    _id, away = practice.clients[3]
    with database.transaction() as db:
        people.pause(db, away, None, door.clock.at)
        lost_id, lost = practice.clients[4]
        db.execute(delete(CheckinRow).where(CheckinRow.engagement_id == lost_id))
    section = next(text for text in await on_home(door, practice) if "digests.open" in text)
    not_yet, checked_in, paused = (
        section.index(f"*{each}:*") for each in ("Not this week", "Checked in", "Paused")
    )
    assert not_yet < section.index(lost.mention) < checked_in < paused < section.index(away.mention)
    assert all(section.count(client.mention) == 1 for _id, client in practice.clients)


async def test_on_home_more_wrap_ups_than_are_shown_are_counted(
    door: Door, practice: Practice, database: Database
) -> None:
    plan_with(database, practice, 5, datetime(2026, 12, 1, 9, tzinfo=UTC))
    door.clock.at = datetime(2026, 12, 1, 18, tzinfo=UTC)
    home = "".join(await on_home(door, practice))
    assert home.count("wrapups.open") == 3
    assert "And 2 more: `/grow wrapup`." in home


async def test_check_ins_come_in_pages_and_only_those_that_are_shown_are_read(
    door: Door, practice: Practice, database: Database
) -> None:
    form = (await door.command(practice.coach, "checkin")).view
    seen, pages = shown(form), 1
    assert opened(database, "checkin") == 12
    for start in ("12", "24"):
        form = (await door.press(practice.coach, "checkins.next", start, form)).view
        seen, pages = seen + shown(form), pages + 1
    assert pages == 3
    assert all(f"{client.name}, helped." in seen for _id, client in practice.clients)
    assert opened(database, "checkin") == CLIENTS


async def test_the_newest_check_in_is_read_first_and_those_who_share_none_come_last(
    door: Door, practice: Practice, database: Database
) -> None:
    (silent_id, silent), *_others, (last_id, last) = practice.clients
    door.clock.at += timedelta(weeks=1)
    with database.transaction() as db:
        db.execute(delete(CheckinRow).where(CheckinRow.engagement_id == silent_id))
        week = checkins.form(db, last, last_id, None, door.clock.at).week
        checkins.save(db, last, last_id, week, Answers({}, "The newest.", None, True), door.clock.at)
    form = (await door.command(practice.coach, "checkin")).view
    assert form is not None
    assert "The newest." in str([block.to_dict() for block in form.blocks[:4]])
    assert silent.mention not in shown(form)
    assert silent.mention in shown((await door.press(practice.coach, "checkins.next", "24", form)).view)


async def test_commitments_of_many_are_one_line_each_and_open_one_by_one(
    door: Door, practice: Practice, database: Database
) -> None:
    listed = (await door.command(practice.coach, "commitments")).view
    assert "Step of" not in shown(listed)
    assert opened(database, "commitment") == 0
    assert all(client.mention in shown(listed) for _id, client in practice.clients)
    engagement_id, client = practice.clients[-1]
    theirs = (await door.press(practice.coach, "commitments.theirs", engagement_id, listed)).view
    assert f"Step of {client.name}." in shown(theirs)
    assert opened(database, "commitment") == 1


async def test_later_sessions_come_in_pages(door: Door, practice: Practice, database: Database) -> None:
    now = door.clock.at
    with database.transaction() as db:
        for engagement_id, _client in practice.clients:
            slot = Slot(now.date().replace(month=12, day=1), now.time().replace(hour=9), 60)
            planning.plan(db, practice.coach, engagement_id, slot, Recurrence.WEEKLY, now)
    form = (await door.command(practice.coach, "session")).view
    assert "And 90 later ones" in shown(form)
    later = (await door.press(practice.coach, "sessions.next", "90", form)).view
    assert "later ones" not in shown(later)
    assert shown(later).count("'Cancel it'") == 30


@pytest.mark.parametrize("command", ["commit", "session", "notes", "progress", "questions", "goals"])
async def test_many_people_stand_by_name_wherever_one_is_looked_for(
    door: Door, database: Database, command: str
) -> None:
    names, now = ["zoë", "Åsa", "Bert", "anna", "Ève"], door.clock.at
    with database.transaction() as db:
        dana = a_person(db, now, "Dana")
        people_by_name = {name: a_person(db, now, name) for name in names}
        for client in people_by_name.values():
            an_engagement(db, now, dana, client)
    form = shown((await door.command(dana, command)).view)
    places = [
        min(form.find(f"'{name}"), form.find(people_by_name[name].mention), key=lambda at: (at < 0, at))
        for name in ("anna", "Åsa", "Bert", "Ève", "zoë")
    ]
    assert min(places) >= 0
    assert places == sorted(places)


async def test_sessions_with_one_of_many_are_listed_alone_also_after_one_was_moved(
    door: Door, practice: Practice, database: Database
) -> None:
    plan_with(database, practice, 10, datetime(2026, 12, 1, 9, tzinfo=UTC))
    engagement_id, client = practice.clients[7]
    everybody = (await door.command(practice.coach, "session")).view
    theirs = (await door.press(practice.coach, "sessions.with", engagement_id, everybody)).view
    assert theirs is not None
    assert _listed(theirs) == {client.mention}
    another = next(block for block in theirs.blocks if "sessions.plan" in str(block.to_dict()))
    assert engagement_id in str(another.to_dict())
    [first, *_later] = re.findall(r"sessions\.move:(\w+)", shown(theirs))
    form = (await door.press(practice.coach, "sessions.move", first, theirs)).view
    moved = await door.submit(practice.coach, form, below="VLIST", at="18:00")
    assert moved.redraw is not None
    assert _listed(moved.redraw[1]) == {client.mention}
    again = (await door.press(practice.coach, "sessions.with", "all", theirs)).view
    assert len(_listed(again)) > 5


def _listed(view: View | None) -> set[str]:
    """With whom the sessions are that are shown."""
    return set(re.findall(r"– (<@\w+>)", shown(view)))
