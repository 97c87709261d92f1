"""What becomes of a message after each attempt and each look into the history: tables, and any sequence."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.localtime import Rhythm
from bot.core.outbox.domain import (
    ABSENT_ONCE,
    MAX_ATTEMPTS,
    MAX_LIMITED_LOOKUPS,
    MAX_LOOKUPS,
    OPEN_STATES,
    REFUSED_FOR_NOW,
    SETTLE,
    SETTLE_AGAIN,
    Absent,
    Accepted,
    Awaits,
    Found,
    Limited,
    Lookup,
    Next,
    Outcome,
    Refused,
    State,
    Uncertain,
    Unreached,
    Unreadable,
    after_attempt,
    after_lookup,
    answer_by,
    backoff,
    has_gone_quiet,
)

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outcome", "attempts", "expected"),
    [
        (Accepted("D1", "1.0"), 1, Next(State.SENT)),
        (Refused("channel_not_found"), 1, Next(State.DEAD, reason="channel_not_found")),
        (
            Refused("token_revoked", by_workspace=True),
            99,
            Next(State.PENDING, NOW + REFUSED_FOR_NOW, "token_revoked"),
        ),
        (Limited(7), 1, Next(State.PENDING, NOW + timedelta(seconds=7), "ratelimited")),
        (Limited(7), 99, Next(State.PENDING, NOW + timedelta(seconds=7), "ratelimited")),
        (Uncertain("TimeoutError"), 1, Next(State.AMBIGUOUS, NOW + SETTLE, "TimeoutError")),
        (Unreached("refused"), 1, Next(State.PENDING, NOW + timedelta(seconds=10), "refused")),
        (Unreached("refused"), 3, Next(State.PENDING, NOW + timedelta(seconds=40), "refused")),
        (Unreached("refused"), MAX_ATTEMPTS, Next(State.DEAD, reason="refused")),
    ],
)
def test_an_attempt_is_followed_by(outcome: Outcome, attempts: int, expected: Next) -> None:
    assert after_attempt(outcome, attempts=attempts, now=NOW) == expected


@pytest.mark.parametrize(
    ("lookup", "resent", "lookups", "may_repeat", "expected"),
    [
        (Found("D1", "1.0"), True, 3, False, Next(State.SENT)),
        (Absent(), False, 1, False, Next(State.PENDING, NOW, "resend")),
        (Absent(), True, 1, True, Next(State.PARKED, reason="unconfirmed after one resend")),
        (Unreadable("missing_scope", never=True), False, 1, True, Next(State.PENDING, NOW, "resend")),
        (
            Unreadable("missing_scope", never=True),
            False,
            1,
            False,
            Next(State.PARKED, reason="unconfirmed: missing_scope"),
        ),
        (
            Unreadable("missing_scope", never=True),
            True,
            1,
            True,
            Next(State.PARKED, reason="unconfirmed: missing_scope"),
        ),
        (
            Unreadable("internal_error"),
            False,
            2,
            True,
            Next(State.AMBIGUOUS, NOW + timedelta(seconds=50), ABSENT_ONCE),
        ),
        (
            Unreadable("internal_error"),
            False,
            MAX_LOOKUPS,
            True,
            Next(State.PARKED, reason="unconfirmed: internal_error"),
        ),
        (
            Unreadable("ratelimited", seconds=60.0),
            False,
            MAX_LOOKUPS,
            True,
            Next(State.AMBIGUOUS, NOW + timedelta(seconds=60), ABSENT_ONCE),
        ),
        (
            Unreadable("ratelimited", seconds=60.0),
            False,
            MAX_LIMITED_LOOKUPS,
            True,
            Next(State.PARKED, reason="unconfirmed: ratelimited"),
        ),
    ],
)
def test_a_lookup_is_followed_by(
    lookup: Lookup, resent: bool, lookups: int, may_repeat: bool, expected: Next
) -> None:
    decision = after_lookup(
        lookup, resent=resent, lookups=lookups, may_repeat=may_repeat, absent_before=True, now=NOW
    )
    assert decision == expected


def test_what_is_absent_once_is_looked_for_again_before_it_is_sent_again() -> None:
    decision = after_lookup(Absent(), resent=False, lookups=1, may_repeat=True, absent_before=False, now=NOW)
    assert decision == Next(State.AMBIGUOUS, NOW + SETTLE_AGAIN, ABSENT_ONCE)


def test_a_history_that_could_not_be_read_says_why() -> None:
    unreadable = Unreadable("internal_error")
    decision = after_lookup(
        unreadable, resent=False, lookups=2, may_repeat=True, absent_before=False, now=NOW
    )
    assert decision == Next(State.AMBIGUOUS, NOW + timedelta(seconds=50), "internal_error")


def test_the_pause_between_attempts_doubles_up_to_half_an_hour() -> None:
    assert [backoff(n).total_seconds() for n in (1, 2, 3, 8, 9, 50)] == [10, 20, 40, 1280, 1800, 1800]


# --- any sequence: it ends, and what arrived is never sent three times ----------------------------------

outcomes = st.one_of(
    st.builds(Accepted, st.just("D1"), st.just("1.0")),
    st.builds(Refused, st.just("channel_not_found")),
    st.builds(Limited, st.floats(1, 3600)),
    st.builds(Unreached, st.just("ClientConnectorError")),
    st.builds(Uncertain, st.just("TimeoutError")),
)
lookups = st.one_of(
    st.builds(Found, st.just("D1"), st.just("1.0")),
    st.builds(Absent),
    st.builds(Unreadable, st.just("ratelimited"), never=st.booleans()),
)
EXPIRES = timedelta(minutes=5)


@dataclass
class Row:
    """A row as the courier keeps it: the counters, and the expiry before each attempt."""

    state: State = State.PENDING
    at: datetime = NOW
    attempts: int = 0
    lookups: int = 0
    is_resend: bool = False
    is_absent_once: bool = False
    uncertain_posts: list[Outcome] = field(default_factory=list)

    def attempt(self, outcome: Outcome) -> None:
        if self.at >= NOW + EXPIRES:
            self.state = State.STALE
            return
        self.attempts += 1
        if isinstance(outcome, Uncertain):
            self.uncertain_posts.append(outcome)
        self._move(after_attempt(outcome, attempts=self.attempts, now=self.at))

    def look(self, lookup: Lookup, may_repeat: bool) -> None:
        self.lookups += 1
        decision = after_lookup(
            lookup,
            resent=self.is_resend,
            lookups=self.lookups,
            may_repeat=may_repeat,
            absent_before=self.is_absent_once,
            now=self.at,
        )
        self.is_absent_once = decision.reason == ABSENT_ONCE
        self.is_resend = self.is_resend or decision.state is State.PENDING
        self._move(decision)

    def _move(self, decision: Next) -> None:
        if decision.at is not None:
            assert decision.at >= self.at
        self.state, self.at = decision.state, decision.at or self.at


@given(st.data(), st.booleans())
def test_every_sequence_of_outcomes_ends_and_posts_at_most_twice_in_doubt(
    data: st.DataObject, may_repeat: bool
) -> None:
    row = Row()
    most = int(EXPIRES.total_seconds()) + MAX_ATTEMPTS + 3 * MAX_LOOKUPS  # a pause is a second at least
    kinds = (
        data.draw(st.lists(outcomes, min_size=1, max_size=20)),
        data.draw(st.lists(lookups, min_size=1, max_size=20)),
    )
    for step in range(most):
        if row.state not in OPEN_STATES:
            break
        if row.state is State.PENDING:
            row.attempt(kinds[0][step % len(kinds[0])])
        else:
            row.look(kinds[1][step % len(kinds[1])], may_repeat)
    assert row.state not in OPEN_STATES
    assert len(row.uncertain_posts) <= 2


@given(st.data())
def test_what_may_not_repeat_is_posted_again_only_when_it_was_surely_absent(data: st.DataObject) -> None:
    row = Row()
    row.attempt(Uncertain("TimeoutError"))
    seen: list[Lookup] = []
    while row.state is State.AMBIGUOUS:
        seen.append(data.draw(lookups))
        row.look(seen[-1], may_repeat=False)
    assert (row.state is State.PENDING) == isinstance(seen[-1], Absent)


# --- what counts as unanswered ------------------------------------------------------------------------------

FRIDAY = datetime(2026, 12, 4, 15, tzinfo=UTC)
OFFICE = Rhythm("Europe/London", frozenset({1, 2, 3, 4, 5}), country="GB")


@pytest.mark.parametrize(
    ("asked_at", "until"),
    [
        (datetime(2026, 12, 2, 10, tzinfo=UTC), datetime(2026, 12, 3, 10, tzinfo=UTC)),
        (FRIDAY, datetime(2026, 12, 7, 15, tzinfo=UTC)),  # a weekend
        (
            datetime(2026, 12, 24, 9, tzinfo=UTC),
            datetime(2026, 12, 29, 9, tzinfo=UTC),
        ),  # Christmas, Boxing Day
        (
            datetime(2027, 3, 25, 9, tzinfo=UTC),
            datetime(2027, 3, 29, 8, tzinfo=UTC),
        ),  # Good Friday, and summer time
    ],
)
def test_there_is_until_the_same_time_on_the_next_working_day(asked_at: datetime, until: datetime) -> None:
    assert answer_by(asked_at, OFFICE) == until


@pytest.mark.parametrize(
    ("awaited", "now", "is_quiet"),
    [
        ((), FRIDAY, False),
        ((WEEK_BEFORE := FRIDAY - timedelta(days=7),), FRIDAY, False),
        ((WEEK_BEFORE, FRIDAY), datetime(2026, 12, 7, 14, 59, tzinfo=UTC), False),
        ((WEEK_BEFORE, FRIDAY), datetime(2026, 12, 7, 15, tzinfo=UTC), True),
    ],
)
def test_two_unanswered_in_a_row_are_silence(
    awaited: tuple[datetime, ...], now: datetime, is_quiet: bool
) -> None:
    assert has_gone_quiet([(Awaits.ANSWER, at) for at in awaited], OFFICE, now) is is_quiet


def test_once_silence_was_announced_it_lasts_whatever_becomes_of_the_questions() -> None:
    assert has_gone_quiet([(Awaits.SIGN, FRIDAY)], OFFICE, FRIDAY)
