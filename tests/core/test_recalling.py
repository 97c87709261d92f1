"""Messages whose matter was erased are deleted from the direct messages, however Slack answers."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.core.database import DatabaseUnavailable
from bot.core.outbox import queue, store
from bot.core.outbox.domain import (
    LEASE,
    SETTLE,
    Limited,
    Outcome,
    Refused,
    State,
    Uncertain,
    Unreached,
)
from bot.core.outbox.recalling import MAX_RECALLS, WHILE_REFUSED
from bot.core.outbox.store import OutboxRow
from tests.core.conftest import ANSWER, PostOffice
from tests.fakes import FakeSlack


def recall(post: PostOffice, *keys: str) -> None:
    post.do(lambda db: store.recall(db, OutboxRow.key.in_(keys or ["a"])))


async def sent(post: PostOffice, *keys: str) -> None:
    """Due together, so told of in one message."""
    person = post.person()
    for key in keys or ("a",):
        post.plan(person, key)
    await post.courier.deliver()


def seen(slack: FakeSlack) -> list[str]:
    return [each.latest.text for each in slack.posted if not each.is_deleted]


async def test_it_is_deleted_and_nothing_is_left_to_do(post: PostOffice, slack: FakeSlack) -> None:
    await sent(post)
    recall(post)
    assert await post.courier.recall() == 1
    assert (seen(slack), post.state()) == ([], (State.RECALLED, "erased"))
    assert post.do(queue.next_due_at) is None
    await post.courier.repaint()
    assert await post.courier.recall() == 0


@pytest.mark.parametrize("error", ["message_not_found", "channel_not_found"])
async def test_what_is_not_there_any_more_counts_as_deleted(
    post: PostOffice, slack: FakeSlack, error: str
) -> None:
    await sent(post)
    recall(post)
    slack.outcomes = [Refused(error)]
    await post.courier.recall()
    assert post.state() == (State.RECALLED, "erased")


@pytest.mark.parametrize("outcome", [Uncertain("TimeoutError"), Unreached("no way"), Limited(30.0)])
async def test_it_is_tried_again_until_slack_has_done_it(
    post: PostOffice, slack: FakeSlack, outcome: Outcome
) -> None:
    await sent(post)
    recall(post)
    slack.outcomes = [outcome]
    await post.courier.recall()
    assert post.state() == (State.SENT, None)
    assert await post.courier.recall() == 0
    post.clock.move(seconds=31)
    await post.courier.recall()
    assert (seen(slack), post.state()) == ([], (State.RECALLED, "erased"))


async def test_where_nothing_can_be_done_in_a_workspace_it_waits(post: PostOffice, slack: FakeSlack) -> None:
    await sent(post)
    recall(post)
    slack.outcomes = [Refused("token_revoked", by_workspace=True)]
    await post.courier.recall()
    post.clock.move(seconds=WHILE_REFUSED.total_seconds() - 1)
    assert await post.courier.recall() == 0
    post.clock.move(seconds=1)
    await post.courier.recall()
    assert seen(slack) == []


async def test_what_slack_does_not_let_be_deleted_stays_without_buttons_and_says_why(
    post: PostOffice, slack: FakeSlack
) -> None:
    post.plan(post.person(), about="erased")
    await post.courier.deliver()
    recall(post)
    slack.outcomes = [Refused("compliance_exports_prevent_deletion")]
    await post.courier.recall()
    assert post.state() == (State.SENT, "not deleted: compliance_exports_prevent_deletion")
    with capture_logs() as logs:
        await post.courier.repaint()
    assert (seen(slack), logs) == (["This is of no use any more. `/grow` shows what you can do now."], [])
    assert slack.posted[0].latest.layout == []
    assert post.do(queue.next_due_at) is None


async def test_a_slack_that_never_answers_is_given_up_in_the_end(post: PostOffice, slack: FakeSlack) -> None:
    await sent(post)
    recall(post)
    slack.outcomes = [Uncertain("TimeoutError")] * (MAX_RECALLS + 1)
    for _try in range(MAX_RECALLS):
        await post.courier.recall()
        post.clock.move(minutes=31)
    assert len(slack.outcomes) == 1
    assert post.state() == (State.SENT, "not deleted: TimeoutError")


async def test_a_message_that_tells_of_something_else_too_is_shown_anew_without_it(
    post: PostOffice, slack: FakeSlack
) -> None:
    await sent(post, "a", "b")
    recall(post, "a")
    await post.courier.recall()
    await post.courier.repaint()
    assert seen(slack) == ["Something waits: b"]
    recall(post, "b")
    await post.courier.recall()
    assert (seen(slack), post.state("a"), post.state("b")) == (
        [],
        (State.RECALLED, "erased"),
        (State.RECALLED, "erased"),
    )


async def test_the_later_one_of_a_message_goes_and_the_first_stays(
    post: PostOffice, slack: FakeSlack
) -> None:
    await sent(post, "a", "b")
    recall(post, "b")
    await post.courier.recall()
    await post.courier.repaint()
    assert seen(slack) == ["Something waits: a"]


async def test_a_message_that_tells_of_several_goes_when_all_are_erased(
    post: PostOffice, slack: FakeSlack
) -> None:
    await sent(post, "a", "b")
    recall(post, "a", "b")
    await post.courier.recall()
    assert seen(slack) == []
    assert len(slack.posted[0].updates) == 0


async def test_what_was_not_sent_yet_never_is(post: PostOffice, slack: FakeSlack) -> None:
    post.plan(post.person(), due_in=timedelta(hours=1))
    recall(post)
    post.clock.move(hours=2)
    await post.courier.deliver()
    assert (slack.posted, post.state()) == ([], (State.CANCELLED, "erased"))


async def test_what_is_on_its_way_is_deleted_once_it_has_arrived(post: PostOffice, slack: FakeSlack) -> None:
    slack.outcomes, slack.accepts_silently = [Uncertain("TimeoutError")], True
    post.plan(person := post.person(), template=ANSWER)
    post.known_dm(person)
    await post.courier.deliver()
    recall(post)
    assert await post.courier.recall() == 0
    post.clock.move(seconds=SETTLE.total_seconds())
    await post.courier.reconcile()
    await post.courier.recall()
    assert (seen(slack), post.state()) == ([], (State.RECALLED, "erased"))


class CrashingWhileDeleting(FakeSlack):
    async def delete(self, *args: object) -> Outcome:  # type: ignore[override]
        await super().delete(*args)  # type: ignore[arg-type]
        raise DatabaseUnavailable("the process died here")


async def test_what_a_crash_left_undone_is_done_by_another(post: PostOffice) -> None:
    slack = post.slack = CrashingWhileDeleting()
    courier = post.another_courier(post.database)
    post.plan(post.person())
    await courier.deliver()
    recall(post)
    with pytest.raises(DatabaseUnavailable):
        await courier.recall()
    survivor = post.slack = FakeSlack()
    survivor.posted = slack.posted
    post.clock.move(seconds=LEASE.total_seconds())
    await post.another_courier(post.database).recall()
    assert post.state() == (State.RECALLED, "erased")


async def test_a_deleted_message_still_counts_against_the_day(post: PostOffice) -> None:
    person = post.person()
    for key in ("a", "b"):
        post.plan(person, key)
        await post.courier.deliver()
        recall(post, key)
        await post.courier.recall()
    post.plan(person, "c")
    await post.courier.deliver()
    assert post.state("c")[0] == State.PENDING
