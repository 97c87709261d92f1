"""The outbox table: planned once, closed, asked again, released, and never claimed twice."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta

import pytest

from bot.core.database import Database, Transaction
from bot.core.outbox import queue, store
from bot.core.outbox.domain import State
from bot.core.outbox.store import OutboxRow
from bot.features.people.domain import FOR_EVER
from tests.builders import TEAM
from tests.core.conftest import NOTE, PostOffice

IN_POSTGRES = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


def test_a_key_is_planned_once(post: PostOffice) -> None:
    ben = post.person()
    assert [post.plan(ben), post.plan(ben, about="something else")] == [True, False]
    assert post.row().subject == {}


def test_planning_marks_the_outbox_as_changed_only_when_something_was_planned(post: PostOffice) -> None:
    ben, now = post.person(), post.clock.at

    def plan(db: Transaction) -> bool:
        fixed = {"key": "k", "template": NOTE, "to": ben.address, "subject": {}, "now": now}
        store.enqueue(db, **fixed, due_at=now, expires_at=now)  # type: ignore[arg-type]
        return db.outbox_changed

    assert [post.do(plan), post.do(plan)] == [True, False]


@IN_POSTGRES
def test_two_transactions_that_plan_the_same_key_at_once_plan_it_once(post: PostOffice) -> None:
    ben, both_in, now = post.person(), threading.Barrier(2), post.clock.at

    def plan(_nth: int) -> bool:
        with post.database.transaction() as db:
            assert store.find(db, "a") is None
            both_in.wait(2)
            fixed = {"key": "a", "template": NOTE, "to": ben.address, "subject": {}, "now": now}
            return store.enqueue(db, **fixed, due_at=now, expires_at=now)  # type: ignore[arg-type]

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(plan, range(2))) == [False, True]


# --- closing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "attempts", "expected"),
    [
        (State.PENDING, 0, (State.CANCELLED, "answered", False)),
        (State.PENDING, 3, (State.CANCELLED, "answered", False)),  # after a 429, a backoff, or for a resend
        (State.SENDING, 1, (State.SENDING, None, False)),
        (State.AMBIGUOUS, 1, (State.AMBIGUOUS, None, False)),
        (State.SENT, 1, (State.SENT, None, True)),
        (State.DEAD, 1, (State.DEAD, None, False)),
    ],
)
def test_closing_a_message_that_is(
    post: PostOffice, state: State, attempts: int, expected: tuple[State, str | None, bool]
) -> None:
    post.plan(post.person())
    post.do(_set(state=state, attempts=attempts))
    post.close()
    row = post.row()
    assert (row.state, row.reason, row.needs_repaint) == expected
    assert row.closed == "answered"


def test_the_first_way_of_closing_counts(post: PostOffice) -> None:
    post.plan(post.person())
    post.do(_set(state=State.SENT))
    post.close(how="answered")
    post.close(how="ended")
    assert post.row().closed == "answered"


def test_closing_takes_what_later_made_of_the_message_and_no_other(post: PostOffice) -> None:
    ben = post.person()
    for key in ("prep:1", "prep:1:later:1", "prep:10", "prep_1:later:1"):
        post.plan(ben, key)
    post.close("prep:1")
    closed = {key: post.row(key).closed for key in ("prep:1", "prep:1:later:1", "prep:10", "prep_1:later:1")}
    assert closed == {
        "prep:1": "answered",
        "prep:1:later:1": "answered",
        "prep:10": None,
        "prep_1:later:1": None,
    }


def test_closing_an_engagement_takes_all_its_messages_and_no_others(post: PostOffice) -> None:
    ben = post.person()
    post.plan(ben, "ours", engagement_id="e1")
    post.plan(ben, "theirs", engagement_id="e2")
    post.plan(ben, "nobody's")
    post.do(lambda db: store.close_engagement(db, "e1", "ended"))
    assert [post.row(key).closed for key in ("ours", "theirs", "nobody's")] == ["ended", None, None]


@IN_POSTGRES
def test_closing_waits_for_a_courier_that_is_recording_the_row(post: PostOffice) -> None:
    post.plan(post.person())
    post.do(_set(state=State.SENDING))
    with ExitStack() as stack, ThreadPoolExecutor(1) as threads:
        db = stack.enter_context(post.database.transaction())
        row = store.find(db, "a")
        assert row is not None
        row.state, row.channel, row.ts = State.SENT, "D1", "1.0"
        db.flush()
        closing = threads.submit(post.close)
        with pytest.raises(TimeoutError):
            closing.result(0.1)
        stack.close()
        closing.result(2)
    assert post.row().needs_repaint


# --- later ----------------------------------------------------------------------------------------------


def _ask_again(post: PostOffice, key: str, at: timedelta) -> None:
    def work(db: Transaction) -> None:
        row = store.find(db, key)
        assert row is not None
        store.ask_again(db, row, post.clock.at + at, post.clock.at)

    post.do(work)


def test_later_closes_the_message_and_plans_the_same_one_anew(post: PostOffice) -> None:
    post.plan(post.person(), about="e1")
    post.do(_set(state=State.SENT))
    _ask_again(post, "a", timedelta(hours=1))
    old, new = post.row(), post.row("a:later:1")
    assert (old.closed, old.needs_repaint, old.subject["later"]) == (
        "later",
        True,
        (post.clock.at + timedelta(hours=1)).isoformat(),
    )
    assert (new.subject, new.due_at, new.expires_at) == (
        {"about": "e1"},
        post.clock.at + timedelta(hours=1),
        old.expires_at,
    )


def test_later_can_be_said_again_of_the_new_message(post: PostOffice) -> None:
    post.plan(post.person())
    _ask_again(post, "a", timedelta(hours=1))
    _ask_again(post, "a:later:1", timedelta(hours=2))
    assert post.row("a:later:2").state == State.PENDING


def test_however_often_later_was_said_closing_finds_the_last_message(post: PostOffice) -> None:
    often = 2 * store.AT_ONCE + 1
    post.plan(post.person())
    for number in range(often):
        _ask_again(post, f"a:later:{number}" if number else "a", timedelta(hours=1))
    post.close()
    assert (post.row().closed, post.row(f"a:later:{often}").closed) == ("later", "answered")


def test_later_pressed_twice_asks_once_at_the_time_chosen_first(post: PostOffice) -> None:
    post.plan(post.person())
    post.do(_set(state=State.SENT))
    _ask_again(post, "a", timedelta(hours=1))
    _ask_again(post, "a", timedelta(hours=5))
    assert post.row("a:later:1").due_at == post.clock.at + timedelta(hours=1)
    assert post.row().subject["later"] == (post.clock.at + timedelta(hours=1)).isoformat()


def test_later_of_a_message_that_waits_to_be_sent_again_cancels_that(post: PostOffice) -> None:
    post.plan(post.person())
    post.do(_set(state=State.PENDING, attempts=1, is_resend=True))
    _ask_again(post, "a", timedelta(hours=1))
    assert post.state() == (State.CANCELLED, "later")


# --- pausing, claiming, what comes next -------------------------------------------------------------------


def test_releasing_lets_only_what_was_held_for_a_pause_go_now(post: PostOffice) -> None:
    ben = post.person()
    for key, reason in (("paused", store.PAUSED), ("night", "quiet hours")):
        post.plan(ben, key)
        post.do(_set(key, not_before=FOR_EVER, reason=reason))
    post.do(lambda db: store.release(db, ben.id, store.PAUSED, post.clock.at))
    assert post.row("paused").not_before == post.clock.at
    assert post.row("night").not_before == FOR_EVER


def test_the_longest_due_is_claimed_first_and_the_future_not_at_all(post: PostOffice) -> None:
    ben = post.person()
    for key, minutes in (("new", 10), ("old", 5), ("future", 30)):
        post.plan(ben, key, due_in=timedelta(minutes=minutes))
    post.clock.move(minutes=20)
    claimed = post.do(lambda db: [row.key for row in _due(db, post, 10)])
    assert claimed == ["old", "new"]


@IN_POSTGRES
def test_two_workers_never_claim_the_same_row(post: PostOffice) -> None:
    ben = post.person()
    for number in range(6):
        post.plan(ben, f"n{number}")
    elsewhere = Database(post.database.url.render_as_string(False), post.database.vault)
    with post.database.transaction() as one, elsewhere.transaction() as other:
        first = {row.key for row in _due(one, post, 4)}
        second = {row.key for row in _due(other, post, 4)}
    elsewhere.close()
    assert (len(first), len(second), first & second) == (4, 2, set())


def test_a_row_that_another_is_sending_is_left_alone_until_the_lease_ends(post: PostOffice) -> None:
    post.plan(post.person())
    post.do(_set(state=State.SENDING, not_before=post.clock.at + timedelta(seconds=1)))

    def claimed(db: Transaction) -> list[str]:
        return [row.key for row in queue.claim(db, queue.CLAIM_UNCERTAIN, TEAM, post.clock.at, 10)]

    assert post.do(claimed) == []
    post.clock.move(seconds=1)
    assert post.do(claimed) == ["a"]


def test_what_comes_next_is_the_earliest_open_row_or_redrawing(post: PostOffice) -> None:
    ben = post.person()
    assert post.do(queue.next_due_at) is None
    post.plan(ben, "a", due_in=timedelta(hours=2))
    post.plan(ben, "b", due_in=timedelta(hours=1))
    assert post.do(queue.next_due_at) == post.clock.at + timedelta(hours=1)
    post.do(_set("b", state=State.SENT))
    assert post.do(queue.next_due_at) == post.clock.at + timedelta(hours=2)
    post.do(_set("b", needs_repaint=True))
    assert post.do(queue.next_due_at) == post.clock.at + timedelta(hours=1)


def _due(db: Transaction, post: PostOffice, limit: int) -> Sequence[OutboxRow]:
    return queue.claim(db, queue.CLAIM_DUE, TEAM, post.clock.at, limit)


def _set(key: str = "a", **values: object) -> Callable[[Transaction], None]:
    def work(db: Transaction) -> None:
        row = store.find(db, key)
        for name, value in values.items():
            setattr(row, name, value)

    return work
