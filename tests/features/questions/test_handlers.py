"""Choosing what is asked, writing sets of one's own, and what the other one is shown of them."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from slack_sdk.models.views import View
from sqlalchemy import select

from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft
from bot.features.engagements import service as engagements
from bot.features.engagements.access import AccessRow
from bot.features.goals import service as goals
from bot.features.goals.domain import Wording
from bot.features.goals.reading import AIMS
from bot.features.prep.domain import ANSWER_LIMIT
from bot.features.questions.domain import MOST_SETS
from bot.features.questions.store import ChoiceRow, SetRow, SheetRow
from bot.features.sessions import planning
from bot.features.sessions.domain import Recurrence, Session, Slot
from bot.features.strengths import service as strengths
from bot.features.strengths.domain import MOST, NAME_LIMIT
from tests.features.sessions.door import Door, Pair, a_pair, fields, shown

START = datetime(2026, 12, 1, 16, tzinfo=UTC)
DAY_BEFORE = START - timedelta(hours=24)
TITLE = "Zaphod's difficult week"
CLIENT_LINES = "Looking back:\nWhat did Zaphod leave undone?\nWhat surprised you?\n\nAhead:\nWhat next?"
ANSWER = "He left the airlock open"


@pytest.fixture
def session(door: Door, pair: Pair) -> Session:
    return planned(door, pair, START)


def planned(door: Door, pair: Pair, at: datetime) -> Session:
    with door.database.transaction() as db:
        slot = Slot(at.date(), at.time(), 60)
        return planning.plan(db, pair.coach, pair.engagement_id, slot, Recurrence.ONCE, door.clock.now())


async def write(door: Door, pair: Pair, *, client: str = CLIENT_LINES, **filled: str) -> str:
    """A set of the coach's own; its id."""
    form = (await door.press(pair.coach, "questions.new")).view
    done = await door.submit(pair.coach, form, **{"title": TITLE, "client": client, **filled})
    assert done.notice, done
    with door.database.transaction() as db:
        return db.scalars(select(SetRow.id).order_by(SetRow.created_at.desc(), SetRow.id)).all()[0]


async def choose(door: Door, pair: Pair, what: str, area: str = "none", when: str = "all") -> str:
    form = (await door.press(pair.coach, "questions.open", pair.engagement_id)).view
    done = await door.submit(pair.coach, form, set=what, area=area, when=when)
    assert done.notice, done
    return done.notice


async def prep(door: Door, pair: Pair, session: Session, *, by_coach: bool = False) -> View:
    person = pair.coach if by_coach else pair.client
    view = (await door.press(person, "prep.open", session.id)).view
    assert view is not None
    return view


def labels(view: View) -> dict[str, str]:
    """What is asked on a form: the fields by their label."""
    blocks = [block for block in view.to_dict()["blocks"] if block["type"] == "input"]
    return {block["label"]["text"]: block["block_id"] for block in blocks}


# --- choosing ---------------------------------------------------------------------------------------


async def test_grow_is_asked_until_the_coach_chooses_something_else(
    door: Door, pair: Pair, session: Session
) -> None:
    assert "The questions: GROW." in shown(await prep(door, pair, session))
    notice = await choose(door, pair, "helper", "communication")
    assert "Skilled Helper, with Communication" in notice
    for by_coach, one in ((False, "current.story"), (True, "current.blind")):
        view = await prep(door, pair, session, by_coach=by_coach)
        assert "Skilled Helper, with Communication" in shown(view)
        assert one in fields(view)
        assert any(name.startswith("area.communication.") for name in fields(view))
        assert not any(name.startswith("goal.") for name in fields(view))


async def test_one_session_may_have_other_questions(door: Door, pair: Pair, session: Session) -> None:
    later = planned(door, pair, START + timedelta(days=7))
    assert "only: Skilled Helper" in await choose(door, pair, "helper", when=session.id)
    assert "current.story" in fields(await prep(door, pair, session))
    assert "goal.purpose" in fields(await prep(door, pair, later))
    assert "But Tuesday at 16:00: Skilled Helper" in shown((await door.command(pair.coach, "questions")).view)
    await choose(door, pair, "grow", "team")
    assert "goal.purpose" in fields(await prep(door, pair, session)), "every session means every one"


async def test_a_coach_of_several_chooses_for_all_of_them_at_once(
    door: Door, pair: Pair, session: Session
) -> None:
    form = (await door.press(pair.coach, "questions.open", pair.engagement_id)).view
    assert "with all" not in shown(form)
    other, ended = (a_pair(door.database, door.clock.at, pair.coach) for _each in range(2))
    elsewhere = a_pair(door.database, door.clock.at, a_pair(door.database, door.clock.at).coach)
    with door.database.transaction() as db:
        engagements.end(db, pair.coach, ended.engagement_id, None, door.clock.at)
    theirs = planned(door, other, START + timedelta(hours=2))
    await choose(door, other, "helper", when=theirs.id)
    set_id = await write(door, pair)
    form = (await door.press(pair.coach, "questions.open", pair.engagement_id)).view
    assert "Every session from now on, with all 2 clients" in shown(form)
    notice = await choose(door, pair, f"own:{set_id}", when="everyone")
    assert "with all 2 clients" in notice
    for found, its_session in ((pair, session), (other, theirs)):
        assert "What did Zaphod leave undone?" in labels(await prep(door, found, its_session))
    with door.database.transaction() as db:
        chosen_for = set(db.scalars(select(ChoiceRow.engagement_id)))
    assert chosen_for == {pair.engagement_id, other.engagement_id}
    assert elsewhere.engagement_id not in chosen_for


async def test_a_session_that_has_started_or_is_somebody_elses_is_not_chosen_for(
    door: Door, pair: Pair, session: Session
) -> None:
    form = (await door.press(pair.coach, "questions.open", pair.engagement_id)).view
    other = a_pair(door.database, door.clock.now(), coach=pair.coach)
    theirs = planned(door, other, START + timedelta(hours=3))
    assert "isn't there" in str((await door.submit(pair.coach, form, set="helper", when=theirs.id)).fields)
    door.clock.at = START
    assert "isn't there" in str((await door.submit(pair.coach, form, set="helper", when=session.id)).fields)
    with door.database.transaction() as db:
        assert db.scalars(select(ChoiceRow)).all() == []


async def test_a_client_sees_which_questions_were_chosen_and_chooses_none(
    door: Door, pair: Pair, session: Session
) -> None:
    await choose(door, pair, "helper")
    listed = shown((await door.command(pair.client, "questions")).view)
    assert "Skilled Helper" in listed
    assert "questions.open" not in listed
    assert "questions.new" not in listed
    for action, value in (
        ("questions.open", pair.engagement_id),
        ("questions.new", ""),
        ("questions.copy", "grow"),
    ):
        assert "Your coach chooses" in ((await door.press(pair.client, action, value)).notice or "")


async def test_a_stranger_finds_nothing(door: Door, pair: Pair, session: Session) -> None:
    set_id = await write(door, pair)
    form = (await door.press(pair.coach, "questions.open", pair.engagement_id)).view
    edit = (await door.press(pair.coach, "questions.edit", set_id)).view
    stranger = a_pair(door.database, door.clock.now()).coach
    for action, value in (
        ("questions.open", pair.engagement_id),
        ("questions.edit", set_id),
        ("questions.copy", set_id),
        ("questions.put_away", set_id),
        ("questions.bring_back", set_id),
    ):
        assert "isn't there" in ((await door.press(stranger, action, value)).notice or "")
    assert "isn't there" in str((await door.submit(stranger, form, set="helper")).fields)
    assert "isn't there" in str((await door.submit(stranger, edit, title="Mine now")).fields)
    assert TITLE not in shown((await door.command(stranger, "questions")).view)


async def test_another_coachs_set_cannot_be_chosen(door: Door, pair: Pair) -> None:
    set_id = await write(door, pair)
    other = a_pair(door.database, door.clock.now())
    form = (await door.press(other.coach, "questions.open", other.engagement_id)).view
    done = await door.submit(other.coach, form, set=f"own:{set_id}")
    assert "isn't there" in str(done.fields)


async def test_the_list_below_a_form_is_drawn_anew(door: Door, pair: Pair) -> None:
    listed = (await door.command(pair.coach, "questions")).view
    form = (await door.press(pair.coach, "questions.open", pair.engagement_id, view=listed)).view
    answer = await door.submit(pair.coach, form, below="V9", set="helper")
    assert answer.redraw is not None
    below, view = answer.redraw
    assert below == "V9"
    assert "Skilled Helper" in shown(view)


async def test_after_the_end_nothing_is_chosen(door: Door, pair: Pair) -> None:
    form = (await door.press(pair.coach, "questions.open", pair.engagement_id)).view
    with door.database.transaction() as db:
        engagements.end(db, pair.client, pair.engagement_id, None, door.clock.now())
    assert "has ended" in str((await door.submit(pair.coach, form, set="helper")).fields)


# --- messages ---------------------------------------------------------------------------------------


def said_to_client(door: Door, pair: Pair) -> str:
    newest = [each for each in door.slack.posted if each.to == pair.client.identity][-1]
    return str([block.to_dict() for block in newest.latest.blocks])


async def test_the_message_names_the_chosen_questions_also_when_they_change_after_it(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(DAY_BEFORE - timedelta(minutes=1))
    await door.at(DAY_BEFORE)
    assert "Goal – what do you want?" in said_to_client(door, pair)
    await choose(door, pair, "helper")
    await door.settle()
    assert "What is going on for you?" in said_to_client(door, pair)
    assert len(door.messages(pair.client, "preparation")) == 1


async def test_a_coachs_own_questions_are_in_no_message(door: Door, pair: Pair, session: Session) -> None:
    await choose(door, pair, f"own:{await write(door, pair, coach='What about Zaphod?')}")
    await door.at(DAY_BEFORE - timedelta(minutes=1))
    await door.at(DAY_BEFORE)
    assert "has chosen questions of their own" in said_to_client(door, pair)
    everything = str([[block.to_dict() for block in each.latest.blocks] for each in door.slack.posted])
    assert "Zaphod" not in everything


# --- a coach's own sets -----------------------------------------------------------------------------


async def test_both_are_asked_a_coachs_own_questions(door: Door, pair: Pair, session: Session) -> None:
    set_id = await write(door, pair, coach="What will I leave unsaid?")
    await choose(door, pair, f"own:{set_id}", "feedback")
    view = await prep(door, pair, session)
    asked = list(labels(view))
    assert asked[:3] == ["What did Zaphod leave undone?", "What surprised you?", "What next?"]
    assert TITLE in shown(view)
    assert shown(view).index("Looking back") < shown(view).index("Ahead")
    assert "less firefighting" in shown(view), "the purpose stands above the first stage"
    coachs = labels(await prep(door, pair, session, by_coach=True))
    assert "What will I leave unsaid?" in coachs
    assert "What surprised you?" not in coachs


async def test_that_a_client_opens_a_coachs_own_questions_is_on_record(
    door: Door, pair: Pair, session: Session
) -> None:
    await prep(door, pair, session)
    await choose(door, pair, f"own:{await write(door, pair)}")
    await prep(door, pair, session, by_coach=True)
    with door.database.transaction() as db:
        assert [each for each in db.scalars(select(AccessRow)) if each.kind == "questions"] == []
    await door.submit(pair.client, await prep(door, pair, session))
    with door.database.transaction() as db:
        opened = [each.reader_id for each in db.scalars(select(AccessRow)) if each.kind == "questions"]
    assert opened == [pair.client.id]
    assert "opened your questions" in shown((await door.command(pair.coach, "privacy")).view)


async def test_a_coach_who_wrote_none_for_themself_is_asked_what_grow_asks(
    door: Door, pair: Pair, session: Session
) -> None:
    await choose(door, pair, f"own:{await write(door, pair)}")
    assert "options.widen" in fields(await prep(door, pair, session, by_coach=True))


async def test_what_the_client_shares_is_shown_whatever_the_coach_is_asked(
    door: Door, pair: Pair, session: Session
) -> None:
    await choose(door, pair, f"own:{await write(door, pair)}")
    form = await prep(door, pair, session)
    name = labels(form)["What surprised you?"]
    await door.submit(pair.client, form, **{name: ANSWER, "share": ["share"]})
    theirs = shown(await prep(door, pair, session, by_coach=True))
    assert theirs.count(ANSWER) == 1
    assert "What surprised you?" in theirs


async def test_the_words_are_not_in_the_database_in_the_clear(door: Door, pair: Pair) -> None:
    await choose(door, pair, f"own:{await write(door, pair)}")
    with door.database.transaction() as db:
        rows = [*db.scalars(select(SetRow)), *db.scalars(select(SheetRow))]
    assert len(rows) == 2
    assert all(b"Zaphod" not in each.title + each.content for each in rows)


async def test_answers_keep_their_questions_when_the_set_changes_between_opening_and_sending(
    door: Door, pair: Pair, session: Session
) -> None:
    set_id = await write(door, pair)
    await choose(door, pair, f"own:{set_id}")
    form = await prep(door, pair, session)
    edit = (await door.press(pair.coach, "questions.edit", set_id)).view
    assert (await door.submit(pair.coach, edit, client="Something else?\nWhat next?")).notice
    named = labels(form)
    filled = {named["What surprised you?"]: ANSWER, named["What next?"]: "Sleep"}
    assert (await door.submit(pair.client, form, **filled)).notice
    again = await prep(door, pair, session)
    assert set(labels(again)) - {"Who may read it?"} == {"Something else?", "What next?"}
    assert fields(again)[labels(again)["What next?"]]["initial_value"] == "Sleep"
    text = shown(again)
    assert text.index("before the questions changed") < text.index("What surprised you?") < text.index(ANSWER)


async def test_a_half_answered_preparation_is_kept_when_other_questions_are_chosen(
    door: Door, pair: Pair, session: Session
) -> None:
    form = await prep(door, pair, session)
    await door.submit(pair.client, form, **{"goal.leave_with": ANSWER, "share": ["share"]})
    await choose(door, pair, "helper")
    again = await prep(door, pair, session)
    assert ANSWER in shown(again)
    await door.submit(pair.client, again, **{"current.story": "It is a long one"})
    for by_coach in (False, True):
        text = shown(await prep(door, pair, session, by_coach=by_coach))
        assert "What would you like to leave with?" in text
        assert ANSWER in text
        assert "It is a long one" in text


async def test_a_form_that_names_another_pairs_copy_is_out_of_date(
    door: Door, pair: Pair, session: Session
) -> None:
    other = a_pair(door.database, door.clock.now())
    theirs = planned(door, other, START)
    await choose(door, other, f"own:{await write(door, other)}")
    foreign = await prep(door, other, theirs)
    forged = await prep(door, pair, session)
    metadata = json.loads(forged.private_metadata or "")
    metadata["questions"] = json.loads(foreign.private_metadata or "")["questions"]
    forged.private_metadata = json.dumps(metadata)
    assert "out of date" in str((await door.submit(pair.client, forged)).fields)


async def test_what_was_put_away_stays_with_those_who_have_it_and_is_offered_to_no_other(
    door: Door, pair: Pair, session: Session
) -> None:
    other = a_pair(door.database, door.clock.now(), coach=pair.coach)
    set_id = await write(door, pair)
    await choose(door, pair, f"own:{set_id}")
    listed = (await door.press(pair.coach, "questions.put_away", set_id)).view
    assert "Bring back" in shown(listed)
    assert "What surprised you?" in labels(await prep(door, pair, session))
    for each, is_offered in ((pair, True), (other, False)):
        form = (await door.press(pair.coach, "questions.open", each.engagement_id)).view
        assert (set_id in shown(form)) == is_offered
    again = (await door.press(pair.coach, "questions.bring_back", set_id)).view
    assert "questions.put_away" in shown(again)


async def test_a_copy_is_a_set_of_its_own(door: Door, pair: Pair, session: Session) -> None:
    set_id = await write(door, pair, area="team")
    await choose(door, pair, f"own:{set_id}")
    form = (await door.press(pair.coach, "questions.copy", set_id)).view
    assert fields(form)["area"]["initial_option"]["value"] == "team"
    assert (await door.submit(pair.coach, form, title="Another", client="Only this?")).notice
    assert "What surprised you?" in labels(await prep(door, pair, session))
    assert shown((await door.command(pair.coach, "questions")).view).count("questions.edit:") == 2


@pytest.mark.parametrize("name", ["grow", "helper"])
async def test_a_built_in_set_can_be_made_ones_own(door: Door, pair: Pair, name: str) -> None:
    form = (await door.press(pair.coach, "questions.copy", name)).view
    assert "“" not in str(fields(form)["title"].get("initial_value"))
    assert (await door.submit(pair.coach, form, title="Mine")).notice
    assert "Mine" in shown((await door.command(pair.coach, "questions")).view)


async def test_what_is_missing_is_said_beside_its_field(door: Door, pair: Pair) -> None:
    form = (await door.press(pair.coach, "questions.new")).view
    assert "title" in (await door.submit(pair.coach, form, client="One?")).fields
    assert "client" in (await door.submit(pair.coach, form, title="A name")).fields
    wrong = await door.submit(pair.coach, form, title="A name", client="One?", coach="Heading:")
    assert "coach" in wrong.fields


async def test_there_is_a_limit_to_how_many_sets_are_in_use(door: Door, pair: Pair) -> None:
    for _each in range(MOST_SETS):
        last = await write(door, pair)
    for action in ("questions.new", "questions.copy"):
        assert "Put one away" in ((await door.press(pair.coach, action, "grow")).notice or "")
    listed = (await door.command(pair.coach, "questions")).view
    assert listed is not None
    assert len(listed.to_dict()["blocks"]) <= 100
    await door.press(pair.coach, "questions.put_away", last)
    assert (await door.press(pair.coach, "questions.new")).view
    await write(door, pair)
    assert "Put one away" in ((await door.press(pair.coach, "questions.bring_back", last)).notice or "")


async def test_a_coach_with_many_clients_and_sets_has_a_button_for_each(door: Door, pair: Pair) -> None:
    pairs = [pair]
    for _each in range(29):
        door.clock.move(days=1)  # nobody invites so many in a day
        pairs.append(a_pair(door.database, door.clock.now(), coach=pair.coach))
    for _each in range(MOST_SETS):
        last = await write(door, pair)
    for each in pairs:
        await choose(door, each, f"own:{last}")
    view = (await door.command(pair.coach, "questions")).view
    assert view is not None
    assert len(view.to_dict()["blocks"]) <= 100
    assert all(f"questions.open:{each.engagement_id}" in shown(view) for each in pairs)
    assert shown(view).count("questions.edit:") == MOST_SETS


def aim_high(door: Door, pair: Pair, letter: str) -> None:
    """As many goals, steps and strengths as stand beside a preparation, and more, in the longest words; the coach sees them all."""
    with door.database.transaction() as db:
        now = door.clock.now()
        for _number in range(AIMS + 1):
            wording = Wording(letter * 200, target_on=date(2027, 3, 1))
            goals.make(db, pair.client, pair.engagement_id, wording, True, now)
            draft = Draft(letter * 500, date(2026, 12, 20), None, letter * 500, letter * 500, None, True)
            for person in (pair.client, pair.coach):
                commitments.make(db, person, pair.engagement_id, draft, now)
        names = [f"{number:02}" + letter * (NAME_LIMIT - 2) for number in range(MOST)]
        named = strengths.save(db, pair.client, names, {}, now).strengths
        strengths.save(db, pair.client, [], {pair.engagement_id: [each.id for each in named]}, now)


async def test_with_many_clients_a_coach_s_own_sets_stand_above_them(door: Door, pair: Pair) -> None:
    await write(door, pair)
    few = shown((await door.command(pair.coach, "questions")).view)
    assert few.index("questions.open") < few.index(TITLE)
    for _each in range(3):
        a_pair(door.database, door.clock.at, pair.coach)
    many = shown((await door.command(pair.coach, "questions")).view)
    assert many.index(TITLE) < many.index("questions.open")


@pytest.mark.parametrize("letter", ["a", "😀"])
async def test_the_longest_questions_with_the_longest_answers_fit_into_a_view(
    door: Door, pair: Pair, session: Session, letter: str
) -> None:
    aim_high(door, pair, letter)
    form = await prep(door, pair, session)
    texts = [name for name, element in fields(form).items() if element["type"] == "plain_text_input"]
    full = dict.fromkeys(texts, letter * ANSWER_LIMIT)
    await door.submit(pair.client, form, **full, share=["share"])
    long = "\n".join(f"{each:02}" + letter * 198 for each in range(13))
    await choose(door, pair, f"own:{await write(door, pair, client=long, coach=long)}", "change")
    for by_coach in (False, True):
        person = pair.coach if by_coach else pair.client
        form = await prep(door, pair, session, by_coach=by_coach)
        for name, element in fields(form).items():
            if element["type"] == "plain_text_input":
                full[name] = letter * element["max_length"]
        asked = {name: words for name, words in full.items() if name in fields(form)}
        assert (await door.submit(person, form, **asked)).notice
    for by_coach in (False, True):
        drawn = (await prep(door, pair, session, by_coach=by_coach)).to_dict()
        assert "And 1 more." in json.dumps(drawn)
        assert len(json.dumps(drawn)) < 250_000
        assert len(drawn["blocks"]) <= 100


async def test_a_coach_has_a_button_on_home_and_a_client_has_none(door: Door, pair: Pair) -> None:
    from bot.features.questions.handlers import home_section

    with door.database.transaction() as db:
        assert home_section(db, pair.coach, door.clock.now())
        assert not home_section(db, pair.client, door.clock.now())
