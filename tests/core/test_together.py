"""What is due together goes in one message, and a person gets few of them a day."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.directory import Person
from bot.core.outbox.domain import MOST_A_DAY, SETTLE, Limited, Refused, State, Uncertain, Unreadable
from bot.core.outbox.posting import MOST_TOGETHER
from bot.core.outbox.preconditions import ENOUGH
from bot.core.outbox.store import LATER
from tests.core.conftest import ANSWER, AT_MOST_ONCE, NEWS, NOTE, PostOffice
from tests.fakes import FakeSlack

TOMORROW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)  # a Thursday, when Ben's day starts


async def _busy_day(post: PostOffice, ben: Person) -> None:
    """As many messages as a person gets on one day."""
    for number in range(MOST_A_DAY):
        post.plan(ben, f"earlier{number}")
        await post.courier.deliver()


# --- together ---------------------------------------------------------------------------------------------


async def test_what_is_due_to_one_person_at_once_is_one_message(post: PostOffice, slack: FakeSlack) -> None:
    ben, mira = post.person(), post.person("Mira")
    for key in ("a", "b", "c"):
        post.plan(ben, key)
    post.plan(mira, "d")
    await post.courier.deliver()
    assert sorted(each.message.text for each in slack.posted) == [
        "Something waits: a\nSomething waits: b\nSomething waits: c",
        "Something waits: d",
    ]
    rows = [post.row(key) for key in ("a", "b", "c")]
    assert {(row.state, row.ts) for row in rows} == {(State.SENT, slack.posted[0].ts)}
    assert [row.lead_id for row in rows] == [None, rows[0].id, rows[0].id]


async def test_of_what_is_due_at_once_comes_first_what_is_of_use_the_shortest_also_when_redrawn(
    post: PostOffice, slack: FakeSlack
) -> None:
    """Such as the preparations for one day's sessions."""
    ben = post.person()
    for key, hours in (("a", 6), ("b", 2), ("c", 4)):
        post.plan(ben, key, holds=timedelta(hours=hours))
    await post.courier.deliver()
    assert slack.posted[0].message.text == "Something waits: b\nSomething waits: c\nSomething waits: a"
    post.close("c")
    await post.courier.repaint()
    assert slack.posted[0].latest.text == "Something waits: b\nClosed: answered\nSomething waits: a"


async def test_each_part_keeps_its_buttons_and_the_last_line_stands_once(
    post: PostOffice, slack: FakeSlack
) -> None:
    ben = post.person()
    post.plan(ben, "a")
    post.plan(ben, "b")
    await post.courier.deliver()
    kinds = [block.type for block in slack.posted[0].message.layout]
    assert kinds == ["section", "actions", "divider", "section", "actions", "context"]


async def test_too_many_parts_make_more_than_one_message(post: PostOffice, slack: FakeSlack) -> None:
    ben = post.person()
    for number in range(MOST_TOGETHER + 1):
        post.plan(ben, f"n{number}")
    await post.courier.deliver()
    assert len(slack.posted) == 2


async def test_what_a_person_waits_for_is_not_mixed_with_reminders(
    post: PostOffice, slack: FakeSlack
) -> None:
    ben = post.person()
    post.plan(ben, "a")
    post.plan(ben, "b", template=ANSWER)
    await post.courier.deliver()
    assert len(slack.posted) == 2


async def test_when_one_part_is_answered_the_others_keep_their_buttons(
    post: PostOffice, slack: FakeSlack
) -> None:
    ben = post.person()
    for key in ("a", "b"):
        post.plan(ben, key)
    await post.courier.deliver()
    post.close("b")
    await post.courier.repaint()
    shown = slack.posted[0].latest
    assert shown.text == "Something waits: a\nClosed: answered"
    assert [block.type for block in shown.layout].count("actions") == 1
    post.close("a")
    await post.courier.repaint()
    assert slack.posted[0].latest.text == "Closed: answered\nClosed: answered"
    assert list(slack.posted[0].latest.layout) == []


async def test_later_of_one_part_asks_again_for_that_part_alone(post: PostOffice, slack: FakeSlack) -> None:
    ben = post.person()
    for key in ("a", "b"):
        post.plan(ben, key)
    await post.courier.deliver()
    post.later("b", timedelta(hours=1))
    post.clock.move(hours=1)
    await post.courier.deliver()
    assert [each.message.text for each in slack.posted[1:]] == ["Something waits: b:later:1"]


async def test_parts_of_a_message_that_did_not_leave_go_their_own_way_again(
    post: PostOffice, slack: FakeSlack
) -> None:
    ben = post.person()
    for key in ("a", "b"):
        post.plan(ben, key)
    slack.outcomes = [Limited(30)]
    await post.courier.deliver()
    post.close("a")
    post.clock.move(seconds=30)
    await post.courier.deliver()
    assert [each.message.text for each in slack.posted] == ["Something waits: b"]
    assert (post.row("a").state, post.row("b").state) == (State.CANCELLED, State.SENT)


async def test_parts_of_a_message_that_was_refused_end_with_the_same_reason(
    post: PostOffice, slack: FakeSlack
) -> None:
    ben = post.person()
    for key in ("a", "b"):
        post.plan(ben, key)
    slack.outcomes = [Refused("channel_not_found")]
    await post.courier.deliver()
    assert post.state("a") == post.state("b") == (State.DEAD, "channel_not_found")


@pytest.mark.parametrize("arrived", [True, False])
async def test_parts_of_a_message_in_doubt_are_found_or_sent_again_with_it(
    post: PostOffice, slack: FakeSlack, arrived: bool
) -> None:
    ben = post.person()
    post.known_dm(ben)
    for key in ("a", "b"):
        post.plan(ben, key)
    slack.outcomes, slack.accepts_silently = [Uncertain("TimeoutError")], arrived
    await post.courier.deliver()
    assert post.row("b").state == State.AMBIGUOUS
    post.clock.move(seconds=SETTLE.total_seconds())
    for _look in range(3):
        await post.courier.reconcile()
        await post.courier.deliver()
        post.clock.move(minutes=2)
    assert [each.message.text for each in slack.posted] == ["Something waits: a\nSomething waits: b"]
    assert post.row("a").state == post.row("b").state == State.SENT


@pytest.mark.parametrize("order", [(NOTE, AT_MOST_ONCE), (AT_MOST_ONCE, NOTE)])
async def test_of_a_message_in_doubt_that_nobody_can_look_for_only_what_may_come_twice_is_sent_once_more(
    post: PostOffice, slack: FakeSlack, order: tuple[str, str]
) -> None:
    ben = post.person()
    post.known_dm(ben)
    for key, template in zip(("a", "b"), order, strict=True):
        post.plan(ben, key, template=template)
    slack.outcomes, slack.accepts_silently = [Uncertain("TimeoutError")], True
    await post.courier.deliver()
    slack.lookups = [Unreadable("missing_scope", never=True)] * 9
    for _look in range(3):
        post.clock.move(minutes=2)
        await post.courier.reconcile()
        await post.courier.deliver()
    prompt, nudge = ("a", "b") if order[0] == NOTE else ("b", "a")
    first, *again = [each.message.text for each in slack.posted]
    assert first == "Something waits: a\nSomething waits: b"
    assert again == [f"Something waits: {prompt}"]
    assert post.row(prompt).state == State.SENT
    assert (post.row(nudge).state, post.row(nudge).reason) == (State.PARKED, "unconfirmed: missing_scope")
    assert (post.row(prompt).lead_id, post.row(nudge).lead_id) == (None, None)


# --- few a day --------------------------------------------------------------------------------------------


async def test_a_third_message_on_one_day_waits_for_the_next(post: PostOffice, slack: FakeSlack) -> None:
    ben = post.person()
    await _busy_day(post, ben)
    post.plan(ben, "third")
    await post.courier.deliver()
    assert (len(slack.posted), post.state("third")) == (MOST_A_DAY, (State.PENDING, ENOUGH))
    assert post.row("third").not_before == TOMORROW
    post.clock.at = TOMORROW
    await post.courier.deliver()
    assert post.row("third").state == State.SENT


async def test_what_waits_for_the_next_day_goes_together_then(post: PostOffice, slack: FakeSlack) -> None:
    ben = post.person()
    await _busy_day(post, ben)
    for key in ("third", "fourth"):
        post.plan(ben, key)
        await post.courier.deliver()
    post.clock.at = TOMORROW
    await post.courier.deliver()
    assert slack.posted[-1].message.text == "Something waits: fourth\nSomething waits: third"


async def test_what_would_be_of_no_use_tomorrow_is_dropped_with_the_reason(post: PostOffice) -> None:
    ben = post.person()
    await _busy_day(post, ben)
    post.plan(ben, "third", holds=timedelta(hours=3))
    await post.courier.deliver()
    post.clock.move(hours=3)
    await post.courier.deliver()
    assert post.state("third") == (State.STALE, ENOUGH)


async def test_what_cannot_wait_goes_out_and_takes_along_what_could(
    post: PostOffice, slack: FakeSlack
) -> None:
    ben = post.person()
    await _busy_day(post, ben)
    post.plan(ben, "waits")
    post.plan(ben, "called off", template=NEWS, holds=timedelta(hours=3))
    await post.courier.deliver()
    assert slack.posted[-1].message.text == "Something waits: called off\nSomething waits: waits"


async def test_what_the_person_asked_for_does_not_count(post: PostOffice, slack: FakeSlack) -> None:
    ben = post.person()
    await _busy_day(post, ben)
    post.plan(ben, f"asked{LATER}1")
    await post.courier.deliver()
    assert post.row(f"asked{LATER}1").state == State.SENT
    assert not post.row(f"asked{LATER}1").counts


async def test_an_answer_that_the_person_waits_for_neither_waits_nor_counts(post: PostOffice) -> None:
    ben = post.person()
    await _busy_day(post, ben)
    post.plan(ben, "answer", template=ANSWER)
    await post.courier.deliver()
    assert (post.row("answer").state, post.row("answer").counts) == (State.SENT, False)


async def test_the_day_is_the_person_s_own(post: PostOffice, slack: FakeSlack) -> None:
    post.clock.at = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
    kiri = post.person("Kiri", zone="Pacific/Auckland")  # 9 in the morning of the 26th
    await _busy_day(post, kiri)
    post.clock.at = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)  # another date in UTC, the same day in Auckland
    post.plan(kiri, "third")
    await post.courier.deliver()
    assert post.state("third") == (State.PENDING, ENOUGH)


async def test_what_did_not_leave_does_not_count(post: PostOffice, slack: FakeSlack) -> None:
    ben = post.person()
    for number in range(3):
        post.plan(ben, f"refused{number}")
        slack.outcomes = [Refused("channel_not_found")]
        await post.courier.deliver()
    post.plan(ben, "first")
    await post.courier.deliver()
    assert post.row("first").state == State.SENT


async def test_too_many_parts_for_one_message_are_not_too_many_messages_for_one_day(
    post: PostOffice, slack: FakeSlack
) -> None:
    ben = post.person()
    post.plan(ben, "earlier")
    await post.courier.deliver()
    for number in range(MOST_TOGETHER + 1):
        post.plan(ben, f"n{number}")
    await post.courier.deliver()
    assert len(slack.posted) == MOST_A_DAY
    assert post.state(f"n{MOST_TOGETHER}") == (State.PENDING, ENOUGH)


async def test_what_is_sent_once_more_beside_something_new_counts_too(
    post: PostOffice, slack: FakeSlack
) -> None:
    ben = post.person()
    post.known_dm(ben)
    post.plan(ben, "first")
    await post.courier.deliver()
    post.plan(ben, "lost")
    slack.outcomes = [Uncertain("TimeoutError")]
    await post.courier.deliver()
    for _look in range(2):  # absent twice, so it is sent once more
        post.clock.move(minutes=3)
        await post.courier.reconcile()
    post.plan(ben, "new")
    await post.courier.deliver()
    assert len(slack.posted) == MOST_A_DAY
