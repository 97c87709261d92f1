"""Notes: written by either, private or shared, found again by day, month and session."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.models.views import View
from sqlalchemy import func, select

from bot.core.slack.requests import Placement
from bot.features.engagements import service as engagements
from bot.features.engagements.access import AccessRow
from bot.features.notes.domain import PAGE, TEXT_LIMIT
from bot.features.notes.store import NoteRow
from bot.features.sessions import planning
from bot.features.sessions.domain import Recurrence, Session, Slot
from tests.features.sessions.door import Door, Pair, a_pair, fields, shown

START = datetime(2026, 12, 1, 16, tzinfo=UTC)
SECRET = "Zaphod asked for time to think"


@pytest.fixture
def session(door: Door, pair: Pair) -> Session:
    return planned(door, pair)


def planned(door: Door, pair: Pair, at: datetime = START) -> Session:
    slot = Slot(at.date(), at.time(), 60)
    with door.database.transaction() as db:
        return planning.plan(db, pair.coach, pair.engagement_id, slot, Recurrence.ONCE, door.clock.now())


async def write(
    door: Door, pair: Pair, words: str = SECRET, *, by_client: bool = False, **filled: object
) -> str:
    """A note by the coach; its id."""
    person = pair.client if by_client else pair.coach
    form = (await door.press(person, "notes.new", pair.engagement_id)).view
    done = await door.submit(person, form, words=words, **filled)
    assert done.notice, done
    door.clock.move(seconds=1)
    with door.database.transaction() as db:
        return db.scalars(select(NoteRow.id).order_by(NoteRow.created_at.desc())).all()[0]


async def listed(door: Door, pair: Pair, *, by_client: bool = False) -> View:
    view = (await door.command(pair.client if by_client else pair.coach, "notes")).view
    assert view is not None
    return view


def access(door: Door) -> list[tuple[str, str]]:
    with door.database.transaction() as db:
        return [(each.kind, each.reader_id) for each in db.scalars(select(AccessRow)) if each.kind == "notes"]


# --- who reads it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("by_client", [True, False])
async def test_a_private_note_is_its_authors_alone(door: Door, pair: Pair, by_client: bool) -> None:
    note_id = await write(door, pair, by_client=by_client)
    assert SECRET in shown(await listed(door, pair, by_client=by_client))
    assert SECRET not in shown(await listed(door, pair, by_client=not by_client))
    other = pair.coach if by_client else pair.client
    for action in ("notes.edit", "notes.delete"):
        assert "isn't there" in ((await door.press(other, action, note_id)).notice or "")
    assert access(door) == []


@pytest.mark.parametrize("by_client", [True, False])
async def test_a_shared_note_is_read_by_both_and_that_is_on_record(
    door: Door, pair: Pair, by_client: bool
) -> None:
    note_id = await write(door, pair, by_client=by_client, shared=["yes"])
    await listed(door, pair, by_client=by_client)
    assert access(door) == [], "one's own is one's own"
    theirs = await listed(door, pair, by_client=not by_client)
    assert SECRET in shown(theirs)
    assert "shares this with you" in shown(theirs)
    assert "notes.edit" not in shown(theirs)
    other = pair.coach if by_client else pair.client
    assert access(door) == [("notes", other.id)]
    for action in ("notes.edit", "notes.delete"):
        assert "isn't there" in ((await door.press(other, action, note_id)).notice or "")


async def test_what_is_taken_back_is_gone_for_the_other_at_once(door: Door, pair: Pair) -> None:
    note_id = await write(door, pair, shared=["yes"])
    assert SECRET in shown(await listed(door, pair, by_client=True))
    form = (await door.press(pair.coach, "notes.edit", note_id)).view
    assert "Only you can read it" in ((await door.submit(pair.coach, form, shared=[])).notice or "")
    assert SECRET not in shown(await listed(door, pair, by_client=True))
    assert SECRET in shown(await listed(door, pair))


async def test_the_words_are_not_in_the_database_in_the_clear(door: Door, pair: Pair) -> None:
    await write(door, pair, shared=["yes"])
    with door.database.transaction() as db:
        (row,) = db.scalars(select(NoteRow))
    assert SECRET.encode() not in row.words


async def test_a_stranger_finds_nothing(door: Door, pair: Pair, session: Session) -> None:
    note_id = await write(door, pair, shared=["yes"], session=session.id)
    stranger = a_pair(door.database, door.clock.now())
    mine = (await door.command(stranger.client, "notes")).view
    for action, value in (
        ("notes.with", pair.engagement_id),
        ("notes.session", session.id),
        ("notes.month", "2026-11-01"),
    ):
        assert SECRET not in shown((await door.press(stranger.client, action, value, view=mine)).view)
    for action in ("notes.edit", "notes.delete"):
        assert "isn't there" in ((await door.press(stranger.client, action, note_id)).notice or "")


async def test_after_the_end_no_note_is_in_reach(door: Door, pair: Pair) -> None:
    note_id = await write(door, pair, shared=["yes"])
    with door.database.transaction() as db:
        engagements.end(db, pair.client, pair.engagement_id, None, door.clock.now())
    assert "has ended" in ((await door.command(pair.client, "notes")).notice or "")
    assert "has ended" in ((await door.press(pair.coach, "notes.edit", note_id)).notice or "")


# --- writing ----------------------------------------------------------------------------------------


async def test_what_was_typed_behind_the_command_is_in_the_form(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.client, f"note {SECRET}")).view
    assert fields(form)["words"]["initial_value"] == SECRET
    assert fields(form)["on"]["initial_date"] == "2026-11-25"
    assert "initial_options" not in fields(form)["shared"]
    assert (await door.submit(pair.client, form)).notice
    assert SECRET in shown(await listed(door, pair, by_client=True))


async def test_an_empty_note_is_refused_beside_its_field(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.coach, "note")).view
    assert "words" in (await door.submit(pair.coach, form, words="  ")).fields


async def test_with_several_one_chooses_whom_it_is_about_and_a_session_of_theirs(
    door: Door, pair: Pair, session: Session
) -> None:
    other = a_pair(door.database, door.clock.now(), coach=pair.coach)
    form = (await door.command(pair.coach, "note")).view
    assert "initial_option" not in fields(form)["with"]
    wrong = await door.submit(
        pair.coach, form, words=SECRET, session=session.id, **{"with": other.engagement_id}
    )
    assert "somebody else" in wrong.fields["session"]
    right = {"words": SECRET, "session": session.id, "with": pair.engagement_id}
    assert (await door.submit(pair.coach, form, **right)).notice


async def test_a_note_is_edited_with_everything_it_says(door: Door, pair: Pair, session: Session) -> None:
    note_id = await write(door, pair, session=session.id, on="2026-11-20")
    door.clock.at = START + timedelta(days=300)  # the session is too long ago to be offered anew
    form = (await door.press(pair.coach, "notes.edit", note_id)).view
    assert fields(form)["words"]["initial_value"] == SECRET
    assert fields(form)["on"]["initial_date"] == "2026-11-20"
    assert fields(form)["session"]["initial_option"]["value"] == session.id
    await door.submit(pair.coach, form, words="Rather this", session="none")
    view = shown(await listed(door, pair))
    assert "Rather this" in view
    assert SECRET not in view
    assert "session: " not in view


async def test_a_deleted_note_is_gone(door: Door, pair: Pair) -> None:
    note_id = await write(door, pair, shared=["yes"])
    view = await listed(door, pair)
    answer = await door.press(pair.coach, "notes.delete", note_id, view=view)
    assert answer.placement is Placement.REPLACE
    assert SECRET not in shown(answer.view)
    with door.database.transaction() as db:
        assert db.scalar(select(func.count()).select_from(NoteRow)) == 0


# --- finding it again -------------------------------------------------------------------------------


async def test_the_newest_day_comes_first(door: Door, pair: Pair) -> None:
    for words, day in (("Second", "2026-11-20"), ("Third", "2026-10-02"), ("First", "2026-11-21")):
        await write(door, pair, words, on=day)
    text = shown(await listed(door, pair))
    assert text.index("First") < text.index("Second") < text.index("Third")


async def test_notes_are_found_by_month_and_by_session(door: Door, pair: Pair, session: Session) -> None:
    await write(door, pair, "November, no session", on="2026-11-30")
    await write(door, pair, "December, of the session", on="2026-12-01", session=session.id)
    await write(door, pair, "December, no session", on="2026-12-31")
    view = await listed(door, pair)
    december = (await door.press(pair.coach, "notes.month", "2026-12-01", view=view)).view
    assert "November, " not in shown(december)
    assert shown(december).count("December, ") == 2
    of_it = (await door.press(pair.coach, "notes.session", session.id, view=december)).view
    assert shown(of_it).count("December, ") == 1
    nothing = (await door.press(pair.coach, "notes.month", "2026-11-01", view=of_it)).view
    assert "No notes there" in shown(nothing)
    again = (await door.press(pair.coach, "notes.session", "all", view=nothing)).view
    assert "November, no session" in shown(again)


async def test_notes_are_found_by_person(door: Door, pair: Pair) -> None:
    other = a_pair(door.database, door.clock.now(), coach=pair.coach)
    await write(door, pair, "About the first")
    await write(door, other, "About the other", **{"with": other.engagement_id})
    view = await listed(door, pair)
    theirs = (await door.press(pair.coach, "notes.with", other.engagement_id, view=view)).view
    assert "About the other" in shown(theirs)
    assert "About the first" not in shown(theirs)


async def test_many_notes_come_in_pages_and_a_form_leads_back_to_the_page(door: Door, pair: Pair) -> None:
    for each in range(PAGE + 1):
        last = await write(door, pair, f"Note {each}.")
    first = await listed(door, pair)
    assert "Note 0." not in shown(first)
    older = (await door.press(pair.coach, "notes.page", str(PAGE), view=first)).view
    assert "Note 0." in shown(older)
    assert "Note 1." not in shown(older)
    form = (await door.press(pair.coach, "notes.edit", last, view=older)).view
    answer = await door.submit(pair.coach, form, below="V9", words="Changed")
    assert answer.redraw is not None
    assert answer.redraw[0] == "V9"
    assert "Note 0." in shown(answer.redraw[1])
    newer = (await door.press(pair.coach, "notes.page", "0", view=older)).view
    assert "Changed" in shown(newer)


async def test_when_the_last_of_a_page_is_deleted_the_first_page_is_shown(door: Door, pair: Pair) -> None:
    first = await write(door, pair, "Note 0.")
    for each in range(PAGE):
        await write(door, pair, f"Note {each + 1}.")
    older = (await door.press(pair.coach, "notes.page", str(PAGE), view=await listed(door, pair))).view
    left = (await door.press(pair.coach, "notes.delete", first, view=older)).view
    assert "Note 1." in shown(left)


@pytest.mark.parametrize("letter", ["a", "😀"])
async def test_a_page_of_the_longest_notes_fits_into_a_view(door: Door, pair: Pair, letter: str) -> None:
    for _each in range(PAGE + 1):
        await write(door, pair, letter * TEXT_LIMIT)
    drawn = (await listed(door, pair)).to_dict()
    assert len(json.dumps(drawn)) < 250_000
    assert len(drawn["blocks"]) <= 100


async def test_home_says_how_many_the_other_one_shares_without_opening_them(door: Door, pair: Pair) -> None:
    from bot.features.notes.handlers import home_section

    await write(door, pair, shared=["yes"])
    await write(door, pair)
    with door.database.transaction() as db:
        assert "shares a note with you" in str(
            [each.to_dict() for each in home_section(db, pair.client, door.clock.now())]
        )
    assert access(door) == []
