"""What the courier sends, holds back, drops and redraws."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.database import DatabaseUnavailable, Transaction
from bot.core.outbox import queue, store
from bot.core.outbox.courier import Courier
from bot.core.outbox.domain import (
    LEASE,
    Absent,
    Limited,
    Lookup,
    Outcome,
    Refused,
    State,
    Uncertain,
    Unreached,
)
from bot.features.people import service as people
from bot.features.people import store as people_store
from bot.features.people.domain import FOR_EVER
from tests.builders import a_person
from tests.core.conftest import ANSWER, PostOffice
from tests.fakes import FakeSlack

FRIDAY_EVENING = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


async def test_what_is_due_is_sent_once_with_its_marker(post: PostOffice, slack: FakeSlack) -> None:
    ben = post.person()
    post.plan(ben)
    await post.courier.deliver()
    await post.courier.deliver()
    row = post.row()
    assert [(each.to, each.marker) for each in slack.posted] == [(ben.identity, row.marker)]
    assert (row.state, row.channel, row.ts, row.sent_at) == (
        State.SENT,
        slack.posted[0].channel,
        slack.posted[0].ts,
        post.clock.at,
    )


async def test_more_than_a_batch_is_sent_in_one_go(post: PostOffice, slack: FakeSlack) -> None:
    ben = post.person()
    for number in range(83):
        post.plan(ben, f"n{number:02}", template=ANSWER)
    await post.courier.deliver()
    assert len({each.marker for each in slack.posted}) == 83


async def test_what_is_not_due_yet_waits(post: PostOffice, slack: FakeSlack) -> None:
    post.plan(post.person(), due_in=timedelta(minutes=5))
    await post.courier.deliver()
    assert slack.posted == []
    post.clock.move(minutes=5)
    await post.courier.deliver()
    assert len(slack.posted) == 1


# --- holding back -----------------------------------------------------------------------------------------


async def test_in_quiet_hours_a_message_waits_for_the_person_s_morning(
    post: PostOffice, slack: FakeSlack
) -> None:
    post.clock.at = FRIDAY_EVENING
    post.plan(post.person())
    await post.courier.deliver()
    assert (slack.posted, post.state()) == ([], (State.PENDING, "quiet hours"))
    assert post.row().not_before == MONDAY_MORNING
    post.clock.at = MONDAY_MORNING
    await post.courier.deliver()
    assert len(slack.posted) == 1


async def test_what_is_due_at_the_very_end_of_the_day_is_not_held_for_the_seconds_it_takes(
    post: PostOffice, slack: FakeSlack
) -> None:
    post.clock.at = FRIDAY_EVENING.replace(hour=18)
    post.plan(post.person())
    post.clock.move(seconds=4)
    await post.courier.deliver()
    assert len(slack.posted) == 1


async def test_what_was_due_in_the_day_but_is_claimed_much_later_waits_for_the_morning(
    post: PostOffice, slack: FakeSlack
) -> None:
    post.clock.at = FRIDAY_EVENING.replace(hour=18)
    post.plan(post.person())
    post.clock.move(minutes=11)
    await post.courier.deliver()
    assert slack.posted == []


async def test_an_answer_that_the_person_waits_for_comes_at_any_hour(
    post: PostOffice, slack: FakeSlack
) -> None:
    post.clock.at = FRIDAY_EVENING
    post.plan(post.person(), template=ANSWER)
    await post.courier.deliver()
    assert len(slack.posted) == 1


async def test_what_quiet_hours_outlast_is_dropped_with_the_reason(
    post: PostOffice, slack: FakeSlack
) -> None:
    post.clock.at = FRIDAY_EVENING
    post.plan(post.person(), holds=timedelta(hours=12))
    await post.courier.deliver()
    post.clock.move(hours=12)
    await post.courier.deliver()
    assert (slack.posted, post.state()) == ([], (State.STALE, "quiet hours"))


async def test_a_paused_person_gets_it_when_the_pause_is_over(post: PostOffice, slack: FakeSlack) -> None:
    ben = post.person()
    until = post.clock.at + timedelta(hours=2)
    post.do(lambda db: setattr(people_store.changing(db, ben.id), "paused_until", until))
    post.plan(ben)
    await post.courier.deliver()
    assert (slack.posted, post.state(), post.row().not_before) == ([], (State.PENDING, store.PAUSED), until)
    post.clock.at = until
    await post.courier.deliver()
    assert len(slack.posted) == 1


async def test_a_pause_without_an_end_ends_with_resuming(post: PostOffice, slack: FakeSlack) -> None:
    ben = post.person()
    post.do(lambda db: people.pause(db, ben, None, post.clock.at))
    post.plan(ben, holds=FOR_EVER - post.clock.at)
    await post.courier.deliver()
    assert (slack.posted, post.row().not_before) == ([], FOR_EVER)
    post.do(lambda db: people.resume(db, people.People().get(db, ben.id), post.clock.at))
    await post.courier.deliver()
    assert len(slack.posted) == 1


async def test_a_message_that_expires_during_a_pause_is_dropped(post: PostOffice, slack: FakeSlack) -> None:
    ben = post.person()
    post.do(lambda db: people.pause(db, ben, None, post.clock.at))
    post.plan(ben, holds=timedelta(hours=1))
    await post.courier.deliver()
    post.clock.move(hours=1)
    await post.courier.deliver()
    assert (slack.posted, post.state()) == ([], (State.STALE, store.PAUSED))


async def test_nothing_is_sent_to_a_deactivated_person(post: PostOffice, slack: FakeSlack) -> None:
    ben = post.person()
    post.do(lambda db: setattr(people_store.changing(db, ben.id), "is_deleted", True))
    post.plan(ben)
    await post.courier.deliver()
    assert (slack.posted, post.state()) == (
        [],
        (State.CANCELLED, "the person's account is deactivated"),
    )


async def test_what_comes_too_late_is_dropped(post: PostOffice, slack: FakeSlack) -> None:
    post.plan(post.person(), holds=timedelta(hours=1))
    post.clock.move(hours=1)
    await post.courier.deliver()
    assert (slack.posted, post.state()) == ([], (State.STALE, "came too late to be of use"))


async def test_what_was_answered_before_it_was_sent_is_not_sent(post: PostOffice, slack: FakeSlack) -> None:
    post.plan(post.person())
    post.close()
    await post.courier.deliver()
    assert (slack.posted, post.state()) == ([], (State.CANCELLED, "answered"))


# --- drawing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ("gone", "gone meanwhile"),
        ("broken", "could not be drawn: ValueError"),
        ("words", "could not be drawn: WordsWithheld"),
    ],
)
async def test_a_message_that_cannot_be_drawn_does_not_stop_the_others(
    post: PostOffice, slack: FakeSlack, about: str, reason: str
) -> None:
    ben = post.person()
    post.plan(ben, "a", about=about)
    post.plan(ben, "b", about="fine")
    await post.courier.deliver()
    assert post.state("a") == (State.STALE, reason)
    assert [each.message.text for each in slack.posted] == ["Something waits: fine"]


async def test_every_message_is_drawn_in_its_reader_s_language(post: PostOffice, slack: FakeSlack) -> None:
    for locale in ("de-DE", "en-GB"):
        ben = post.do(lambda db, of=locale: a_person(db, post.clock.at, locale=of))
        post.plan(ben, locale, about="locale")
    await post.courier.deliver()
    assert sorted(each.message.text for each in slack.posted) == ["de-DE", "en-GB"]


async def test_a_row_of_a_template_that_is_no_more_is_given_up_with_the_reason(post: PostOffice) -> None:
    post.plan(post.person(), template="old.one")
    await post.courier.deliver()
    assert post.state() == (State.DEAD, "no template old.one")


# --- when Slack says no -----------------------------------------------------------------------------------


async def test_after_429_the_rest_of_the_batch_waits_without_being_tried(
    post: PostOffice, slack: FakeSlack
) -> None:
    post.plan(post.person(), "a")
    post.plan(post.person(), "b")
    slack.outcomes = [Limited(30)]
    await post.courier.deliver()
    assert (slack.posted, post.state("a"), post.state("b")) == (
        [],
        (State.PENDING, "ratelimited"),
        (State.PENDING, "ratelimited"),
    )
    post.clock.move(seconds=29)
    await post.courier.deliver()
    assert slack.posted == []
    post.clock.move(seconds=1)
    await post.courier.deliver()
    assert len(slack.posted) == 2


async def test_a_refusal_is_final_and_says_why(post: PostOffice, slack: FakeSlack) -> None:
    post.plan(post.person())
    slack.outcomes = [Refused("channel_not_found")]
    await post.courier.deliver()
    await post.courier.deliver()
    assert (slack.posted, post.state()) == ([], (State.DEAD, "channel_not_found"))


async def test_an_unreached_slack_is_tried_again_later(post: PostOffice, slack: FakeSlack) -> None:
    post.plan(post.person())
    slack.outcomes = [Unreached("ClientConnectorError")]
    await post.courier.deliver()
    assert post.state() == (State.PENDING, "ClientConnectorError")
    post.clock.move(seconds=10)
    await post.courier.deliver()
    assert len(slack.posted) == 1


async def test_what_was_answered_while_it_waited_to_be_tried_again_is_cancelled(
    post: PostOffice, slack: FakeSlack
) -> None:
    post.plan(post.person())
    slack.outcomes = [Limited(30)]
    await post.courier.deliver()
    post.close()
    assert post.state() == (State.CANCELLED, "answered")


class ClosingWhileSending(FakeSlack):
    """The person answers elsewhere while the message is on its way."""

    post_office: PostOffice

    async def post(self, *args: object) -> Outcome:  # type: ignore[override]
        self.post_office.close()
        return await super().post(*args)  # type: ignore[arg-type]


async def test_a_message_answered_while_it_was_on_its_way_is_redrawn_when_it_arrived(
    post: PostOffice,
) -> None:
    slack = post.slack = ClosingWhileSending()
    slack.post_office = post
    courier = post.another_courier(post.database)
    post.plan(post.person())
    await courier.deliver()
    await courier.repaint()
    assert post.row().state == State.SENT
    assert [message.text for message in slack.posted[0].updates] == ["Closed: answered"]


async def test_a_message_answered_while_it_was_refused_for_now_is_not_sent_again(post: PostOffice) -> None:
    slack = post.slack = ClosingWhileSending()
    slack.post_office = post
    slack.outcomes = [Unreached("ClientConnectorError")]
    post.plan(post.person())
    await post.another_courier(post.database).deliver()
    assert post.state() == (State.CANCELLED, "answered")


# --- redrawing --------------------------------------------------------------------------------------------


async def test_an_answered_message_is_redrawn_without_buttons(post: PostOffice, slack: FakeSlack) -> None:
    post.plan(post.person())
    await post.courier.deliver()
    post.close()
    assert await post.courier.repaint() == 1
    assert [(m.text, list(m.blocks)) for m in slack.posted[0].updates] == [("Closed: answered", [])]
    assert await post.courier.repaint() == 0


async def test_a_message_whose_content_changed_is_drawn_anew_with_its_buttons(
    post: PostOffice, slack: FakeSlack
) -> None:
    post.plan(post.person(), about="then")
    await post.courier.deliver()

    def change(db: Transaction) -> None:
        row = store.find(db, "a")
        assert row is not None
        row.subject = {"about": "now"}
        store.repaint(db, "a")

    post.do(change)
    await post.courier.repaint()
    assert slack.posted[0].latest.text == "Something waits: now"
    assert len(slack.posted[0].latest.blocks) == 2


@pytest.mark.parametrize(
    ("outcome", "seconds"), [(Limited(30), 30), (Unreached("x"), 10), (Uncertain("x"), 10)]
)
async def test_redrawing_is_tried_again_after_a_pause(
    post: PostOffice, slack: FakeSlack, outcome: Outcome, seconds: int
) -> None:
    await _sent_and_closed(post)
    slack.outcomes = [outcome]
    await post.courier.repaint()
    post.clock.move(seconds=seconds - 1)
    assert await post.courier.repaint() == 0
    assert post.do(queue.next_due_at) == post.clock.at + timedelta(seconds=1)
    post.clock.move(seconds=1)
    await post.courier.repaint()
    assert slack.posted[0].latest.text == "Closed: answered"


async def test_redrawing_is_given_up_in_the_end(post: PostOffice, slack: FakeSlack) -> None:
    await _sent_and_closed(post)
    slack.outcomes = [Unreached("x")] * 100
    for _attempt in range(20):
        await post.courier.repaint()
        post.clock.move(hours=1)
    assert len(slack.outcomes) == 95
    assert post.do(queue.next_due_at) is None


async def test_a_refused_redrawing_is_not_tried_again(post: PostOffice, slack: FakeSlack) -> None:
    await _sent_and_closed(post)
    slack.outcomes = [Refused("message_not_found")]
    await post.courier.repaint()
    post.clock.move(days=1)
    assert await post.courier.repaint() == 0


class CrashingWhileRedrawing(FakeSlack):
    async def update(self, *args: object) -> Outcome:  # type: ignore[override]
        raise DatabaseUnavailable("the process died here")


async def test_what_a_crash_kept_from_being_redrawn_is_redrawn_by_another(post: PostOffice) -> None:
    slack = post.slack = CrashingWhileRedrawing()
    await _sent_and_closed(post, courier := post.another_courier(post.database))
    with pytest.raises(DatabaseUnavailable):
        await courier.repaint()
    survivor = post.slack = FakeSlack()
    survivor.posted = slack.posted
    post.clock.move(seconds=LEASE.total_seconds())
    await post.another_courier(post.database).repaint()
    assert survivor.posted[0].latest.text == "Closed: answered"


class AnsweredWhileRedrawing(FakeSlack):
    """The person deals with the thing just while its message is shown anew."""

    post_office: PostOffice

    async def update(self, *args: object) -> Outcome:  # type: ignore[override]
        self.post_office.close()
        return await super().update(*args)  # type: ignore[arg-type]


async def test_what_changes_while_its_message_is_redrawn_is_redrawn_again(post: PostOffice) -> None:
    slack = post.slack = AnsweredWhileRedrawing()
    slack.post_office, post.courier = post, post.another_courier(post.database)
    post.plan(post.person())
    await post.courier.deliver()
    post.do(lambda db: store.repaint(db, "a"))
    await post.courier.repaint()
    await post.courier.repaint()
    assert [message.text for message in slack.posted[0].updates] == ["Something waits: a", "Closed: answered"]


class OutlivingItsLease(FakeSlack):
    """The first redrawing takes longer than its lease; meanwhile another process begins it once more."""

    post_office: PostOffice
    updates_begun = 0

    async def update(self, *args: object) -> Outcome:  # type: ignore[override]
        self.updates_begun += 1
        if self.updates_begun == 1:
            self.post_office.clock.move(seconds=LEASE.total_seconds() + 1)
            await self.post_office.courier.repaint()
        return await super().update(*args)  # type: ignore[arg-type]


async def test_redrawing_that_outlived_its_lease_ends_all_the_same(post: PostOffice) -> None:
    slack = post.slack = OutlivingItsLease()
    slack.post_office = post
    post.courier = post.another_courier(post.database)
    await _sent_and_closed(post)
    await post.another_courier(post.database).repaint()
    await post.courier.repaint()
    assert slack.updates_begun == 2
    assert not post.row().needs_repaint


async def _sent_and_closed(post: PostOffice, courier: Courier | None = None) -> None:
    post.plan(post.person())
    await (courier or post.courier).deliver()
    post.close()


# --- crashes ----------------------------------------------------------------------------------------------


class CrashingAfterPost(FakeSlack):
    """Slack took the message; then the process dies, before it can record that."""

    async def post(self, *args: object) -> Outcome:  # type: ignore[override]
        await super().post(*args)  # type: ignore[arg-type]
        raise DatabaseUnavailable("the process died here")


async def test_after_a_crash_between_sending_and_recording_the_message_is_found_and_not_repeated(
    post: PostOffice,
) -> None:
    ben = post.person()
    post.known_dm(ben)
    slack = post.slack = CrashingAfterPost()
    post.plan(ben)
    with pytest.raises(DatabaseUnavailable):
        await post.another_courier(post.database).deliver()
    assert post.state() == (State.SENDING, None)
    survivor = post.another_courier(post.database)
    assert await survivor.reconcile() == 0  # the lease of the dead one still holds
    post.clock.move(seconds=LEASE.total_seconds())
    assert await survivor.reconcile() == 1
    assert post.state() == (State.SENT, None)
    assert len(slack.posted) == 1


class Slow(FakeSlack):
    """Every call takes a minute."""

    post_office: PostOffice

    async def post(self, *args: object) -> Outcome:  # type: ignore[override]
        self.post_office.clock.move(seconds=60)
        return await super().post(*args)  # type: ignore[arg-type]


async def test_a_sender_whose_lease_is_running_out_posts_no_more_of_its_batch(post: PostOffice) -> None:
    slack = post.slack = Slow()
    slack.post_office = post
    ben = post.person()
    post.known_dm(ben)
    for key in ("a", "b", "c", "d"):
        post.plan(ben, key, template=ANSWER)
    await post.another_courier(post.database).deliver()
    assert [post.row(key).state for key in ("a", "b", "c", "d")] == ["sent", "sent", "sending", "sending"]
    for _look in range(2):
        await post.another_courier(post.database).reconcile()
        post.clock.move(minutes=2)
    await post.another_courier(post.database).deliver()
    assert sorted(each.marker for each in slack.posted) == sorted(
        post.row(key).marker for key in ("a", "b", "c", "d")
    )


class ReconciledWhileSending(FakeSlack):
    """The process was suspended while sending; meanwhile another one looked into the row."""

    post_office: PostOffice

    async def post(self, *args: object) -> Outcome:  # type: ignore[override]
        await super().post(*args)  # type: ignore[arg-type]
        self.post_office.clock.move(seconds=LEASE.total_seconds())
        await self.post_office.courier.reconcile()
        return Uncertain("TimeoutError")


async def test_a_sender_that_comes_back_late_does_not_undo_what_was_found_out(post: PostOffice) -> None:
    slack = post.slack = ReconciledWhileSending()
    slack.post_office = post
    post.courier = post.another_courier(post.database)
    ben = post.person()
    post.known_dm(ben)
    post.plan(ben)
    await post.courier.deliver()
    assert post.state() == (State.SENT, None)


class ArrivingWhileLookedFor(FakeSlack):
    """The sender, thought dead, records its success just while another reads a history that lags behind."""

    post_office: PostOffice

    async def look_up(self, *args: object) -> Lookup:  # type: ignore[override]
        self.post_office.do(_arrived)
        return Absent()


def _arrived(db: Transaction) -> None:
    row = store.find(db, "a")
    assert row is not None
    row.state, row.channel, row.ts = State.SENT, "D1", "1.0"


async def test_what_a_sender_recorded_meanwhile_is_not_sent_again(post: PostOffice) -> None:
    slack = post.slack = ArrivingWhileLookedFor()
    slack.post_office, slack.outcomes = post, [Uncertain("TimeoutError")]
    courier, ben = post.another_courier(post.database), post.person()
    post.known_dm(ben)
    post.plan(ben)
    await courier.deliver()
    post.clock.move(seconds=60)
    await courier.reconcile()
    assert (post.row().state, slack.posted) == (State.SENT, [])
