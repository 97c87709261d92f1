"""What both have signed is changed by a new version that both sign; until then, and if not, what they signed holds."""

from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from slack_sdk.models.views import View

from bot.core.database import Database
from bot.core.directory import Person
from bot.core.slack.requests import Answer
from bot.features.engagements import auditing, changing, exports, store
from bot.features.engagements.changing import Overtaken
from bot.features.engagements.domain import Shared
from bot.features.engagements.handlers import home_section
from bot.features.people.store import changing_of
from bot.features.rights.exporting import put_together, record_reading
from bot.registry import FEATURES
from tests.builders import TERMS
from tests.conftest import NOW
from tests.features.sessions.door import Door, Pair, fields, readings, shown
from tests.features.sessions.test_gaps import asked, through

sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
MORE = "Lead two teams"
CHANGED = {"purpose": MORE, "cadence": "monthly", "shares": ["goals"], "retention_months": "3"}


async def form(door: Door, person: Person, pair: Pair) -> View | None:
    return (await door.press(person, "engagements.change", pair.engagement_id)).view


async def proposed(door: Door, person: Person, pair: Pair, **filled: object) -> None:
    answer = await door.submit(person, await form(door, person, pair), **(filled or CHANGED))
    assert "Sent." in (answer.notice or ""), answer
    await door.settle()


async def change(door: Door, person: Person, pair: Pair) -> Answer:
    return await door.press(person, "engagements.read_change", pair.engagement_id)


async def agreement(door: Door, person: Person, pair: Pair) -> str:
    return shown((await door.press(person, "engagements.read", pair.engagement_id)).view)


async def signed(door: Door, person: Person, pair: Pair) -> None:
    answer = await door.submit(person, (await change(door, person, pair)).view)
    assert "holds from now on" in shown(answer.view)
    await door.settle()


def value(door: Door, pair: Pair) -> str:
    with door.database.transaction() as db:
        row = store.change_of(db, pair.engagement_id)
    return f"{pair.engagement_id}:{row.id if row else ''}"


def is_open(door: Door, pair: Pair) -> bool:
    return not value(door, pair).endswith(":")


def both(pair: Pair, who: str) -> tuple[Person, Person]:
    return (pair.coach, pair.client) if who == "coach" else (pair.client, pair.coach)


# --- proposing and signing --------------------------------------------------------------------------------------


@sqlite
@pytest.mark.parametrize("who", ["coach", "client"])
async def test_what_both_signed_holds_until_both_have_signed_another_version(
    door: Door, pair: Pair, who: str
) -> None:
    writer, reader = both(pair, who)
    begun = fields(await form(door, writer, pair))
    assert begun["purpose"]["initial_value"] == TERMS.purpose
    assert set(begun) == {"purpose", "coach_does", "client_does", "cadence", "shares", "retention_months"}
    await proposed(door, writer, pair)
    for person in (writer, reader):
        read = await agreement(door, person, pair)
        assert (TERMS.purpose in read, "every week" in read, MORE in read) == (True, True, False)
    await signed(door, reader, pair)
    assert door.messages(writer, "has signed the change that you proposed. It holds from now on.")
    assert door.messages(reader, "You signed the change that <@")
    for person in (writer, reader):
        read = await agreement(door, person, pair)
        assert (TERMS.purpose in read, "every month" in read, MORE in read) == (False, True, True)
        assert read.count("Signed by <@") == 2


@sqlite
async def test_the_message_holds_no_word_of_it_and_the_window_says_what_is_new(
    door: Door, pair: Pair
) -> None:
    await door.settle()
    await proposed(door, pair.client, pair)
    assert len(door.messages(pair.coach, "proposes a change to your coaching agreement")) == 1
    assert door.buttons(pair.coach) == ["engagements.read_change", "engagements.keep"]
    assert MORE not in str([each.latest for each in door.slack.posted])
    read = shown((await change(door, pair.coach, pair)).view)
    assert "to change: *What we work on, How often, Shared at first, Kept after the end*." in read
    assert "every month  ·  _changed_  ·  Until now: every week" in read
    assert "3 months  ·  _changed_  ·  Until now: 6 months" in read
    assert (MORE in read, TERMS.purpose in read, "*What the coach does*  ·" in read) == (True, True, False)
    assert "what you agreed on Wed, 25 Nov 2026 holds" in read


@sqlite
async def test_that_the_other_reads_it_is_on_record_until_both_have_signed(door: Door, pair: Pair) -> None:
    await proposed(door, pair.client, pair)
    change_id = value(door, pair).partition(":")[2]
    read = (pair.coach.id, "agreement", change_id)
    await change(door, pair.client, pair)
    assert readings(door.database) == []
    await change(door, pair.coach, pair)
    assert readings(door.database) == [read]
    door.clock.move(minutes=1)
    await form(door, pair.coach, pair)  # it begins with what was proposed
    chapters = [make for each in FEATURES for make in each.chapters]
    with door.database.transaction() as db:
        record_reading(db, put_together(db, chapters, pair.coach, NOW), NOW + timedelta(minutes=2))
    assert readings(door.database) == [read] * 3
    door.clock.move(minutes=2)
    await signed(door, pair.coach, pair)
    await agreement(door, pair.coach, pair)
    with door.database.transaction() as db:
        record_reading(db, put_together(db, chapters, pair.coach, NOW), NOW + timedelta(minutes=9))
        assert [each.flaw for each in auditing.check(db, door.clock.at)] == [None]
    assert readings(door.database) == [read] * 4


@sqlite
async def test_what_waits_for_a_signature_stands_on_home_and_beside_the_agreement(
    door: Door, pair: Pair
) -> None:
    await proposed(door, pair.client, pair)
    assert "proposes a change to your coaching agreement." in await home(door, pair.coach)
    assert "proposes a change" not in await home(door, pair.client)
    assert "proposes a change. Until you have signed it, this holds." in await agreement(
        door, pair.coach, pair
    )
    assert "The change that you proposed waits for <@" in await agreement(door, pair.client, pair)
    await signed(door, pair.coach, pair)
    assert "proposes a change" not in await home(door, pair.coach)


async def home(door: Door, person: Person) -> str:
    with door.database.transaction() as db:
        return str([block.to_dict() for block in home_section(db, person, door.clock.at)])


# --- what follows -------------------------------------------------------------------------------------------------


@sqlite
async def test_forms_planning_and_the_time_after_the_end_follow_the_version_that_holds(
    door: Door, pair: Pair
) -> None:
    async def begun() -> tuple[bool, str]:
        step = fields((await door.command(pair.client, "commit")).view)
        plan = fields((await door.press(pair.coach, "sessions.plan", pair.engagement_id)).view)
        return bool(step["shared"].get("initial_options")), plan["repeats"]["initial_option"]["value"]

    await proposed(door, pair.coach, pair)
    assert await begun() == (True, "weekly")
    await signed(door, pair.client, pair)
    assert await begun() == (False, "four_weekly")
    await door.submit(pair.client, (await door.command(pair.client, "end")).view)
    read = await agreement(door, pair.coach, pair)
    assert (MORE in read, "Kept until Thu, 25 Feb 2027" in read) == (True, True)


@sqlite
async def test_whoever_agrees_to_meet_less_often_is_asked_later_about_a_gap(door: Door, pair: Pair) -> None:
    await proposed(door, pair.coach, pair)
    await signed(door, pair.client, pair)
    await through(door, pair, 20)
    assert asked(door, pair) == (0, 0)
    await through(door, pair, 20)
    assert asked(door, pair) == (1, 1)
    assert door.messages(pair.client, "agreed to meet once a month")


@sqlite
async def test_what_was_asked_about_a_gap_says_what_is_agreed_now(door: Door, pair: Pair) -> None:
    await through(door, pair, 9)
    assert door.messages(pair.client, "agreed to meet every week")
    await proposed(door, pair.coach, pair)
    await signed(door, pair.client, pair)
    assert door.messages(pair.client, "agreed to meet once a month")
    assert asked(door, pair) == (1, 1)


@sqlite
async def test_what_held_before_can_be_read_with_its_days_also_after_the_end(door: Door, pair: Pair) -> None:
    assert "Earlier versions" not in await agreement(door, pair.coach, pair)
    door.clock.move(days=7)
    await proposed(door, pair.coach, pair)
    await signed(door, pair.client, pair)
    await door.submit(pair.client, (await door.command(pair.client, "end")).view)
    for person in (pair.coach, pair.client):
        assert "Earlier versions" in await agreement(door, person, pair)
        listed = shown((await door.press(person, "engagements.earlier", pair.engagement_id)).view)
        assert listed.count("Version 1 held from Wed, ") == 1
        read = (await door.press(person, "engagements.read_earlier", f"{pair.engagement_id}:1")).view
        assert (TERMS.purpose in shown(read), MORE in shown(read)) == (True, False)


@sqlite
async def test_all_versions_are_taken_along_by_both_and_an_open_one_goes_with_the_end(
    door: Door, pair: Pair
) -> None:
    def taken(person: Person) -> list[object]:
        with door.database.transaction() as db:
            return [each["purpose"] for each in exports.agreements(db, person, door.clock.at).records]

    await proposed(door, pair.coach, pair)
    await signed(door, pair.client, pair)
    await proposed(door, pair.client, pair, purpose="Lead none")
    assert [taken(each) for each in (pair.coach, pair.client)] == [[TERMS.purpose, MORE, "Lead none"]] * 2
    await _ended(door, pair)
    assert [taken(each) for each in (pair.coach, pair.client)] == [[TERMS.purpose, MORE]] * 2


# --- coming to nothing ----------------------------------------------------------------------------------------------


async def _kept(door: Door, pair: Pair) -> None:
    await door.press(pair.coach, "engagements.keep", value(door, pair))


async def _taken_back(door: Door, pair: Pair) -> None:
    view = (await change(door, pair.client, pair)).view
    answer = await door.press(pair.client, "engagements.take_back", value(door, pair), view)
    assert "Taken back." in shown(answer.view)


async def _ended(door: Door, pair: Pair) -> None:
    await door.submit(pair.coach, (await door.command(pair.coach, "end")).view)


async def _erased(door: Door, pair: Pair) -> None:
    view = (await door.press(pair.client, "rights.open_erase")).view
    sure = (await door.submit(pair.client, view, what=f"own:{pair.engagement_id}")).view
    await door.submit(pair.client, sure)


@sqlite
@pytest.mark.parametrize(
    ("comes_to_nothing", "said", "answer"),
    [
        (_kept, "You kept your agreement with <@", "isn't open any more"),
        (_taken_back, "took back the change to your agreement", "isn't open any more"),
        (_ended, "Your coaching has ended since.", "This coaching has ended"),
        (_erased, None, "isn't open any more"),
    ],
)
async def test_what_comes_to_nothing_is_gone_and_can_not_be_signed(
    door: Door,
    pair: Pair,
    comes_to_nothing: Callable[[Door, Pair], Awaitable[None]],
    said: str | None,
    answer: str,
) -> None:
    await proposed(door, pair.client, pair)
    old, there = (await change(door, pair.coach, pair)).view, value(door, pair)
    await comes_to_nothing(door, pair)
    await door.settle()
    assert not is_open(door, pair)
    if said:
        assert door.messages(pair.coach, said)
    assert not door.messages(pair.coach, "proposes a change")
    for late in (
        await door.submit(pair.coach, old),
        await door.press(pair.coach, "engagements.keep", there),
        await door.press(pair.client, "engagements.take_back", there),
        await change(door, pair.coach, pair),
    ):
        assert answer in (late.notice or "")
    read = await agreement(door, pair.coach, pair)
    assert (TERMS.purpose in read, MORE in read) == (True, False)


@sqlite
async def test_keep_it_as_it_is_is_told_to_whoever_proposed(door: Door, pair: Pair) -> None:
    await proposed(door, pair.client, pair)
    view = (await change(door, pair.coach, pair)).view
    answer = await door.press(pair.coach, "engagements.keep", value(door, pair), view)
    assert "What you both signed holds." in shown(answer.view)
    await door.settle()
    assert door.messages(pair.client, "would like to keep your agreement as it is")


@sqlite
async def test_nobody_signs_for_the_other_or_takes_back_what_is_theirs(door: Door, pair: Pair) -> None:
    await proposed(door, pair.client, pair)
    form_of_coach = (await change(door, pair.coach, pair)).view
    for late in (
        await door.submit(pair.client, form_of_coach),
        await door.press(pair.client, "engagements.keep", value(door, pair)),
    ):
        assert "You have signed this version" in (late.notice or "")
    late = await door.press(pair.coach, "engagements.take_back", value(door, pair))
    assert "isn't yours to open" in (late.notice or "")
    assert is_open(door, pair)


# --- one after the other, and at once ---------------------------------------------------------------------------------


@sqlite
async def test_another_proposal_by_either_takes_the_place_of_the_open_one(door: Door, pair: Pair) -> None:
    await proposed(door, pair.client, pair)
    first = (await change(door, pair.coach, pair)).view
    await proposed(door, pair.client, pair, purpose="Lead three teams")
    assert door.messages(pair.coach, "has proposed something newer since")
    assert "newer version" in ((await door.submit(pair.coach, first)).notice or "")
    countered = await form(door, pair.coach, pair)
    assert fields(countered)["purpose"]["initial_value"] == "Lead three teams"
    assert "What you send now takes its place, for them to sign." in shown(countered)
    await proposed(door, pair.coach, pair, purpose="Lead one team well")
    assert door.messages(pair.coach, "You proposed another change")
    await signed(door, pair.client, pair)
    with door.database.transaction() as db:
        rows = store.signed_agreements(db, pair.engagement_id)
        assert [(row.version, row.written_by) for row in rows] == [(1, pair.coach.id), (2, pair.coach.id)]
    assert "Lead one team well" in await agreement(door, pair.client, pair)


@sqlite
async def test_of_two_forms_filled_at_once_the_later_one_loses_no_word(door: Door, pair: Pair) -> None:
    of_coach = await form(door, pair.coach, pair)
    await proposed(door, pair.client, pair)
    again = (await door.submit(pair.coach, of_coach, purpose="Typed for an hour", cadence="monthly")).view
    assert "Meanwhile <@" in shown(again)
    assert "Nothing was sent, and what you typed is still here" in shown(again)
    assert MORE not in shown(again)
    kept = fields(again)
    assert kept["purpose"]["initial_value"] == "Typed for an hour"
    assert kept["cadence"]["initial_option"]["value"] == "monthly"
    assert readings(door.database) == []
    assert "Sent." in ((await door.submit(pair.coach, again)).notice or "")
    assert "Typed for an hour" in shown((await change(door, pair.client, pair)).view)


@sqlite
async def test_a_form_that_is_older_than_what_both_signed_since_says_so(door: Door, pair: Pair) -> None:
    of_coach = await form(door, pair.coach, pair)
    await proposed(door, pair.client, pair)
    await signed(door, pair.coach, pair)
    again = (await door.submit(pair.coach, of_coach, purpose="Typed for an hour")).view
    assert "Meanwhile both of you have signed another version." in shown(again)
    assert "Sent." in ((await door.submit(pair.coach, again)).notice or "")
    read = shown((await change(door, pair.client, pair)).view)
    assert "every week  ·  _changed_  ·  Until now: every month" in read


@sqlite
async def test_a_form_that_is_open_when_it_ends_keeps_what_was_typed(door: Door, pair: Pair) -> None:
    old = await form(door, pair.client, pair)
    await _ended(door, pair)
    answer = await door.submit(pair.client, old, purpose="Typed for an hour")
    assert "This coaching has ended, so nothing was changed." in answer.fields["purpose"]


@sqlite
async def test_what_says_nothing_new_is_refused_beside_a_field(door: Door, pair: Pair) -> None:
    async def refused(person: Person, **filled: object) -> str:
        return (await door.submit(person, await form(door, person, pair), **filled)).fields["purpose"]

    assert "what you have agreed already" in await refused(pair.client)
    await proposed(door, pair.client, pair)
    assert "it waits for the other one" in await refused(pair.client)
    assert "Nothing is different yet" in await refused(pair.coach)


@sqlite
async def test_a_second_press_of_sign_is_told_that_it_is_signed(door: Door, pair: Pair) -> None:
    await proposed(door, pair.client, pair)
    view = (await change(door, pair.coach, pair)).view
    await door.submit(pair.coach, view)
    assert "Both of you have signed this already." in ((await door.submit(pair.coach, view)).notice or "")
    await door.settle()
    assert len(door.messages(pair.client, "has signed the change")) == 1


@sqlite
async def test_nobody_is_asked_more_than_five_times_a_week(door: Door, pair: Pair) -> None:
    for number in range(5):
        await proposed(door, pair.coach, pair, purpose=f"Wording {number}")
    answer = await door.submit(pair.coach, await form(door, pair.coach, pair), purpose="Once more")
    assert "You have proposed several changes this week." in answer.fields["purpose"]
    await proposed(door, pair.client, pair, purpose="As you like")


@sqlite
async def test_whose_account_is_deactivated_is_asked_nothing(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        row = changing_of(db, pair.client.identity)
        assert row is not None
        row.is_deleted = True
    answer = await door.press(pair.coach, "engagements.change", pair.engagement_id)
    assert "account is deactivated" in (answer.notice or "")


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_of_two_proposals_at_the_same_moment_one_counts_and_the_other_is_told(
    database: Database, pair: Pair
) -> None:
    with database.transaction() as db:
        seen = changing.draft(db, pair.coach, pair.engagement_id, NOW).seen

    def propose(person: Person, purpose: str) -> object:
        terms = replace(TERMS, purpose=purpose, shares=frozenset(Shared))
        with database.transaction() as db:
            return changing.propose_change(db, person, pair.engagement_id, seen, terms, NOW)

    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(propose, *each) for each in ((pair.coach, "One"), (pair.client, "Other"))]
        results: Sequence[object] = [each.result(10) for each in running]
    assert sorted(isinstance(each, Overtaken) for each in results) == [False, True]
    with database.transaction() as db:
        assert store.change_of(db, pair.engagement_id) is not None
