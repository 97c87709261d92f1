"""A courier's process is killed at every labelled step, whatever else fails; another finishes its work, and nothing is
lost or doubled. `make crash-matrix` does this the first and the second time, on both databases; the test run, by turns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest

from bot.core.outbox import store
from bot.core.outbox.domain import SETTLE, State
from bot.core.outbox.pacing import METHODS, NO_PACE, POST
from bot.core.outbox.store import OutboxRow
from bot.core.slack import client
from bot.sandbox import Message, Sandbox
from bot.sandbox.faults import Faults
from tests.conftest import EVERY_CASE
from tests.core.conftest import ANSWER
from tests.delivery.conftest import Office
from tests.delivery.life import Orders, until_death

STEPS = ("before commit", "committed", "before the request", "after the request")
IMPATIENT, PATIENT = 1.5, 10.0
A_SECOND = timedelta(seconds=1)

SENT = {"known by ben", "known by mira", "heard", "unheard", "alone", "pair one", "pair two"}
"""These arrive, whatever happens; of the others it depends on the moment."""

ERASED = ("erased of ben's", "erased of mira's")
"""These are deleted, whatever happens."""


# --- faults -----------------------------------------------------------------------------------------------


def _planted(kind: str, **more: float) -> Callable[[Faults, str], None]:
    """On the next calls of the lane in which the process dies; two, because aiohttp itself repeats a GET."""
    return lambda faults, method: faults.add(method, kind, times=2, **more)  # type: ignore[arg-type]


FAULTS: Mapping[str, Callable[[Faults, str], None]] = {
    "no fault": lambda _faults, _method: None,
    "drop_before": _planted("drop_before"),
    "drop_after": _planted("drop_after"),
    "hang": _planted("hang"),
    "hang_after": _planted("hang_after"),
    "503": _planted("503"),
    "429": _planted("ratelimited", seconds=1),
    "unreadable": _planted("unreadable"),
    "history late": lambda faults, _method: faults.delay_history(timedelta(seconds=110)),
    "history cut": lambda faults, _method: faults.cut_history(),
}

FAIL_UNSENT = ("drop_before", "hang", "503")


# --- cases ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    method: str
    step: str
    nth: int
    fault: str
    database: str

    def __str__(self) -> str:
        return f"{self.database}, {self.method} {self.step} {self.nth}, {self.fault}"

    @property
    def pace(self) -> timedelta:
        """One call after the other, so that the second time at a step is after the first call's end."""
        return A_SECOND if self.nth > 1 else NO_PACE


def _cases() -> list[Case]:
    """All; or every step with every fault once, the two databases and the two times by turns."""
    steps, databases = list(product(METHODS, STEPS)), ("sqlite", "postgresql")
    every = product(enumerate(steps), enumerate(FAULTS), (1, 2), enumerate(databases))
    return [
        Case(*step, nth, fault, database)
        for (i, step), (j, fault), nth, (k, database) in every
        if EVERY_CASE or (k == (i + j) % 2 and nth == 1 + j // 2 % 2)
    ]


@pytest.fixture
def database_kind(case: Case) -> str:
    return case.database


@pytest.fixture(autouse=True)
def patience(case: Case, monkeypatch: pytest.MonkeyPatch) -> float:
    """Only where a request hangs is it given up soon: a busy machine must not look like a fault."""
    seconds = IMPATIENT if case.fault.startswith("hang") else PATIENT
    monkeypatch.setattr(client, "TIMEOUT_SECONDS", seconds)
    return seconds


@pytest.mark.parametrize("case", _cases(), ids=str)
async def test_when_the_process_is_killed_nothing_is_lost_or_doubled(
    case: Case, office: Office, patience: float
) -> None:
    await _busy_moment(office)
    FAULTS[case.fault](office.sandbox.faults, case.method)
    await until_death(
        Orders(
            database_url=office.database.url.render_as_string(False),
            api_url=office.sandbox.api_url,
            token=office.sandbox.bot_token,
            now=office.clock.at,
            dies_at=f"{case.method}: {case.step}",
            nth=case.nth,
            pace=case.pace,
            patience=patience,
        )
    )
    office.close("answered meanwhile")
    await office.drain()
    assert office.wrong() == []
    ends = {row.key: (row.state, row.reason) for row in office.rows()}
    assert ends["answered before"] == (State.CANCELLED, "answered")
    assert {ends[key] for key in SENT} <= {(State.SENT, None), *_given_up(case)}
    assert {ends[key] for key in ERASED} == {(State.RECALLED, "erased")}
    _assert_answered_messages_have_no_buttons(office)
    assert [each.text for each in _messages(office.sandbox) if "erased" in each.text] == []


def _given_up(case: Case) -> set[tuple[str, str]]:
    """What was not sent before the process died, and failed in a way that tells nothing when it was sent once more, is not
    sent a third time: an operator decides. Of this the ledger says, in the audit, that nobody saw it twice."""
    if case.method == POST and case.fault in FAIL_UNSENT:
        return {(State.PARKED, "unconfirmed after one resend")}
    return set()


async def _busy_moment(office: Office) -> None:
    """Something to do for every lane, twice: to send, to find out about, to show anew, and to delete."""
    ben, mira = office.known("ben"), office.known("mira")
    office.plan(ben, "known by ben", template=ANSWER)
    office.plan(mira, "known by mira", template=ANSWER)
    for person, key in ((ben, "erased of ben's"), (mira, "erased of mira's")):
        office.plan(person, key, template=ANSWER)
    await office.courier.deliver()
    for person, key, fault in ((ben, "heard", "drop_after"), (mira, "unheard", "drop_before")):
        office.sandbox.faults.add(POST, fault)
        office.plan(person, key, template=ANSWER)
        await office.courier.deliver()
    office.sandbox.clock.advance(SETTLE)
    for person, key, template in (
        (ben, "alone", ANSWER),
        (ben, "answered meanwhile", ANSWER),
        (ben, "answered before", ANSWER),
    ):
        office.plan(person, key, template=template)
    office.plan(mira, "pair one")
    office.plan(mira, "pair two")
    for key in ("answered before", "known by ben", "known by mira"):
        office.close(key)
    office.do(lambda db: store.recall(db, OutboxRow.key.in_(ERASED)))
    _chatter(office.sandbox)


def _chatter(sandbox: Sandbox) -> None:
    """What the people wrote to the bot: with our own messages, as much as one short page of the history holds."""
    for channel in list(sandbox.workspace.channels.values()):
        for number in range(8):
            sandbox.workspace.post(channel, f"chatter {number}", by=channel.user)


def _assert_answered_messages_have_no_buttons(office: Office) -> None:
    shown = {(message.channel, message.ts): message for message in _messages(office.sandbox)}
    for row in office.rows():
        if row.state == State.SENT and row.closed is not None:
            message = shown[str(row.channel), str(row.ts)]
            assert (row.key, message.text, message.blocks) == (row.key, "Closed: answered", None)


def _messages(sandbox: Sandbox) -> list[Message]:
    return [message for user in ("U0BEN", "U0MIRA") for message in sandbox.seat(user).messages]
