"""What may or may not have arrived is looked for before it is sent again."""

import pytest

from bot.core.outbox.domain import LOOKBACK, MAX_LOOKUPS, SETTLE, Absent, Found, State, Uncertain, Unreadable
from tests.core.conftest import AT_MOST_ONCE, NOTE, PostOffice
from tests.fakes import FakeSlack


async def _ambiguous(
    post: PostOffice, *, arrived: bool, template: str = NOTE, dm_is_known: bool = True
) -> None:
    """One message of which nobody knows whether it arrived, at the time when it is looked for."""
    ben = post.person()
    if dm_is_known:
        post.known_dm(ben)
    post.plan(ben, template=template)
    post.slack.outcomes, post.slack.accepts_silently = [Uncertain("TimeoutError")], arrived
    await post.courier.deliver()
    assert post.state() == (State.AMBIGUOUS, "TimeoutError")
    assert await post.courier.reconcile() == 0  # it may take a moment to show up
    post.clock.move(seconds=SETTLE.total_seconds())


async def _go_on(post: PostOffice, rounds: int = 12) -> None:
    for _round in range(rounds):
        await post.courier.reconcile()
        await post.courier.deliver()
        post.clock.move(minutes=3)


async def _look_twice(post: PostOffice) -> None:
    await post.courier.reconcile()
    post.clock.move(minutes=2)
    await post.courier.reconcile()


async def test_what_is_found_in_the_history_counts_as_sent(post: PostOffice, slack: FakeSlack) -> None:
    started = post.clock.at
    await _ambiguous(post, arrived=True)
    await _go_on(post)
    row = post.row()
    assert (row.state, row.ts, len(slack.posted)) == (State.SENT, slack.posted[0].ts, 1)
    assert slack.looked_up == [(row.marker, started - LOOKBACK)]


async def test_what_is_absent_is_sent_once_more(post: PostOffice, slack: FakeSlack) -> None:
    await _ambiguous(post, arrived=False)
    await _go_on(post)
    assert (post.state(), len(slack.posted)) == ((State.SENT, None), 1)


async def test_what_is_absent_after_a_resend_too_is_given_up_with_the_reason(
    post: PostOffice, slack: FakeSlack
) -> None:
    await _ambiguous(post, arrived=False)
    slack.outcomes = [Uncertain("TimeoutError")] * 9
    slack.accepts_silently = False
    await _go_on(post)
    assert post.state() == (State.PARKED, "unconfirmed after one resend")
    assert len(slack.outcomes) == 8  # one attempt more, not one each round


async def test_a_history_that_stays_unreadable_parks_the_message_with_the_reason(
    post: PostOffice, slack: FakeSlack
) -> None:
    await _ambiguous(post, arrived=True)
    slack.lookups = [Unreadable("internal_error")] * 99
    await _go_on(post, rounds=60)
    assert post.state() == (State.PARKED, "unconfirmed: internal_error")
    assert (len(slack.looked_up), len(slack.posted)) == (MAX_LOOKUPS, 1)


async def test_a_history_that_is_unreadable_for_a_while_is_read_later(
    post: PostOffice, slack: FakeSlack
) -> None:
    await _ambiguous(post, arrived=True)
    slack.lookups = [Unreadable("ratelimited"), Unreadable("ratelimited")]
    await _go_on(post)
    assert (post.state(), len(slack.posted)) == ((State.SENT, None), 1)


@pytest.mark.parametrize("between", [Unreadable("ratelimited", seconds=60), Unreadable("internal_error")])
async def test_what_was_absent_twice_is_sent_once_more_though_the_history_was_unreadable_between(
    post: PostOffice, slack: FakeSlack, between: Unreadable
) -> None:
    await _ambiguous(post, arrived=False)
    slack.lookups = [Absent(), between, Absent()]
    await _go_on(post)
    assert (post.state(), len(slack.posted), slack.lookups) == ((State.SENT, None), 1, [])
    assert len(slack.looked_up) == 3


@pytest.mark.parametrize(("template", "posted"), [(NOTE, 2), (AT_MOST_ONCE, 1)])
async def test_without_the_scope_a_prompt_is_sent_once_more_and_a_nudge_is_not(
    post: PostOffice, slack: FakeSlack, template: str, posted: int
) -> None:
    await _ambiguous(post, arrived=True, template=template)
    slack.lookups = [Unreadable("missing_scope", never=True)] * 9
    await _go_on(post)
    assert len(slack.posted) == posted


async def test_a_nudge_that_nobody_can_look_for_is_parked_with_the_reason(
    post: PostOffice, slack: FakeSlack
) -> None:
    await _ambiguous(post, arrived=True, template=AT_MOST_ONCE)
    slack.lookups = [Unreadable("missing_scope", never=True)]
    await _go_on(post)
    assert post.state() == (State.PARKED, "unconfirmed: missing_scope")


async def test_a_first_message_has_no_dm_to_be_looked_for_in_and_is_sent_once_more(
    post: PostOffice, slack: FakeSlack
) -> None:
    await _ambiguous(post, arrived=False, dm_is_known=False)
    await _go_on(post)
    assert (post.state(), len(slack.posted), slack.looked_up) == ((State.SENT, None), 1, [])


async def test_an_ambiguous_message_answered_meanwhile_is_redrawn_when_found(
    post: PostOffice, slack: FakeSlack
) -> None:
    await _ambiguous(post, arrived=True)
    post.close()
    await _go_on(post)
    await post.courier.repaint()
    assert slack.posted[0].latest.text == "Closed: answered"


async def test_an_ambiguous_message_answered_meanwhile_is_not_sent_again_when_absent(
    post: PostOffice, slack: FakeSlack
) -> None:
    await _ambiguous(post, arrived=False)
    post.close()
    await _go_on(post)
    assert (post.state(), slack.posted) == ((State.CANCELLED, "answered"), [])


async def test_a_resend_that_came_too_late_is_dropped(post: PostOffice, slack: FakeSlack) -> None:
    await _ambiguous(post, arrived=False)
    await _look_twice(post)
    post.clock.move(days=8)
    await post.courier.deliver()
    assert (post.row().state, slack.posted) == (State.STALE, [])


async def test_the_history_is_read_from_the_latest_attempt_on(post: PostOffice, slack: FakeSlack) -> None:
    await _ambiguous(post, arrived=False)
    await _look_twice(post)
    slack.outcomes = [Uncertain("TimeoutError")]
    post.clock.move(minutes=5)
    resent_at = post.clock.at
    await post.courier.deliver()
    post.clock.move(minutes=1)
    slack.lookups = [Found("D1", "1.0")]
    await post.courier.reconcile()
    assert slack.looked_up[-1][1] == resent_at - LOOKBACK
