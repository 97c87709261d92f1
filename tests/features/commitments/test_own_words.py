"""Whoever chose it sees their own words in reminders to them; and the words go when they are no longer wanted there."""

import pytest
from sqlalchemy import delete

from bot.core.database import Database
from bot.core.directory import Person
from bot.core.outbox.domain import Refused
from bot.core.outbox.templates import Message
from bot.core.vault import DataKeyRow
from bot.features.checkins.store import CheckinPlanRow
from bot.features.commitments import service
from bot.features.commitments.domain import Draft
from bot.features.people import service as people
from bot.features.people.domain import Manner
from tests.features.commitments.test_jobs import FRIDAY, new_york
from tests.features.sessions.door import Door, Pair, fields

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
DUE = new_york(27, 12)


@pytest.fixture(autouse=True)
def chosen(database: Database, pair: Pair) -> None:
    """By both of them; and no check-in folds in the reminders of its day."""
    with database.transaction() as db:
        db.get_one(CheckinPlanRow, pair.engagement_id).next_checkin_at = None
        for person in (pair.client, pair.coach):
            people.set_manner(db, person, Manner(shows_own_words=True))


def commits(door: Door, pair: Pair, what: str, person: Person | None = None) -> str:
    with door.database.transaction() as db:
        owner = people.People().get(db, (person or pair.client).id)
        draft = Draft(what, FRIDAY, None, None, None, None, True)
        return service.make(db, owner, pair.engagement_id, draft, door.clock.at).id


async def keeps(door: Door, person: Person, commitment_id: str) -> None:
    form = (await door.press(person, "commitments.kept", commitment_id)).view
    assert not (await door.submit(person, form)).fields


def shown(door: Door, person: Person) -> Message:
    """The newest message to this person, as it stands now."""
    return [each for each in door.slack.posted if each.to == person.identity][-1].latest


def everything(door: Door) -> str:
    """All that stands in anybody's messages now."""
    standing = [each.latest for each in door.slack.posted if not each.is_deleted]
    return "".join(each.text + str([block.to_dict() for block in each.layout]) for each in standing)


async def wish(door: Door, person: Person, **wishes: object) -> None:
    answer = await door.submit(person, (await door.command(person, "settings")).view, **wishes)
    assert answer.notice
    await door.settle()


async def test_the_reminder_says_what_was_committed_to_as_plain_text_and_in_its_notification(
    door: Door, pair: Pair
) -> None:
    commits(door, pair, "Call <!channel> *now*\n:tada:")
    commits(door, pair, "Dana's promise", pair.coach)
    await door.at(DUE)
    message = shown(door, pair.client)
    assert message.text.endswith("is due today. “Call &lt;!channel&gt; ∗now∗ ꞉tada:”")
    quoted = message.layout[1].to_dict()["text"]
    assert quoted == {"type": "plain_text", "text": "Call <!channel> *now* :tada:", "emoji": False}
    assert "Dana's promise" not in message.text + str([block.to_dict() for block in message.layout])
    assert "Dana's promise" in shown(door, pair.coach).text


async def test_so_does_one_about_what_is_kept_without_a_coach(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        draft = Draft("Run again", FRIDAY, None, None, None, None, False)
        service.make(db, people.People().get(db, pair.client.id), None, draft, door.clock.at)
    await door.at(DUE)
    assert shown(door, pair.client).text.endswith("“Run again”")


async def test_once_answered_the_words_go(door: Door, pair: Pair) -> None:
    made = commits(door, pair, "Call the CFO")
    await door.at(DUE)
    await keeps(door, pair.client, made)
    await door.settle()
    assert "Answered" in shown(door, pair.client).text
    assert "Call the CFO" not in everything(door)


async def test_of_several_those_that_are_still_open_stay_in_their_present_wording(
    door: Door, pair: Pair
) -> None:
    first = commits(door, pair, "Call the CFO")
    second = commits(door, pair, "Write to Li")
    await door.at(DUE)
    assert "“Call the CFO” “Write to Li”" in shown(door, pair.client).text
    form = (await door.press(pair.client, "commitments.edit", second)).view
    await door.submit(pair.client, form, what="Meet Li")
    await keeps(door, pair.client, first)
    await door.settle()
    assert shown(door, pair.client).text.endswith("“Meet Li”")
    assert "Call the CFO" not in everything(door)
    assert "Write to Li" not in everything(door)


@pytest.mark.parametrize("besides", [{}, {"intensity": "light"}], ids=["alone", "with no more reminders"])
async def test_turning_it_off_takes_them_out_of_what_shows_them_and_on_puts_them_in(
    door: Door, pair: Pair, besides: dict[str, object]
) -> None:
    commits(door, pair, "Call the CFO")
    await wish(door, pair.client, own_words=[])
    await door.at(DUE)
    assert "Call the CFO" not in everything(door)
    await wish(door, pair.client, own_words=["show"])
    assert "Call the CFO" in everything(door)
    await wish(door, pair.client, own_words=[], **besides)
    assert shown(door, pair.client).text
    assert "Call the CFO" not in everything(door)


async def test_erasing_takes_them_out_too(door: Door, pair: Pair) -> None:
    commits(door, pair, "Call the CFO")
    await door.at(DUE)
    assert "Call the CFO" in everything(door)
    form = (await door.press(pair.client, "rights.open_erase")).view
    form = (await door.submit(pair.client, form, what=f"own:{pair.engagement_id}")).view
    await door.submit(pair.client, form)
    await door.settle()
    assert "Call the CFO" not in everything(door)


async def test_where_slack_lets_a_message_not_be_changed_any_more_it_is_deleted(
    door: Door, pair: Pair
) -> None:
    commits(door, pair, "Call the CFO")
    await door.at(DUE)
    door.slack.outcomes = [Refused("edit_window_closed")]
    await wish(door, pair.client, own_words=[])
    await door.settle()
    assert "Call the CFO" not in everything(door)


async def test_a_reminder_never_waits_for_words_that_cannot_be_opened(
    door: Door, pair: Pair, database: Database
) -> None:
    commits(door, pair, "Call the CFO")
    with database.transaction() as db:
        db.execute(delete(DataKeyRow))
    await door.at(DUE)
    assert shown(door, pair.client).text.endswith("is due today.")


async def test_the_form_says_what_it_means_and_it_is_off_at_first(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.client, "settings")).view
    assert fields(form)["own_words"]["initial_options"]
    assert "whoever may export this workspace's messages can read them" in str(form.to_dict())
    assert Manner() == Manner(language=None, shows_own_words=False)
