"""The audit is worth something only if it can fail: each check is shown a promise that was broken."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from tests.simulation.audit import CHECKS, audit
from tests.simulation.evidence import Act, Bond, Evidence, Kind, Outage, Part, Row, Visible, Wish

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday, in London
BEN, DANA, KIM = "UBEN", "UDANA", "UKIM"
PREP, NEWS, INVITED = "prep.ask", "sessions.cancelled", "engagements.ended"
OFFICE = frozenset(range(1, 6))


def a_wish(user_id: str = BEN, **changes: Any) -> Wish:
    known: dict[str, Any] = {
        "number": 1,
        "at": NOON - timedelta(days=9),
        "user_id": user_id,
        "person_id": user_id.lower(),
        "zone": "Europe/London",
        "working_days": OFFICE,
        "day_starts": time(8),
        "day_ends": time(18),
        "paused_until": None,
        "is_deleted": False,
    }
    return Wish(**{**known, **changes})


def a_part(key: str = f"{PREP}:1", **changes: Any) -> Part:
    known: dict[str, Any] = {
        "row_id": key,
        "key": key,
        "template": key.partition(":")[0],
        "engagement_id": "e1",
        "due_at": NOON - timedelta(hours=1),
        "expires_at": NOON + timedelta(days=2),
    }
    return Part(**{**known, **changes})


def seen(*parts: Part, number: int = 10, at: datetime = NOON, **changes: Any) -> Visible:
    known: dict[str, Any] = {
        "team_id": "T1",
        "user_id": BEN,
        "channel": f"D{BEN}",
        "ts": f"{number}.0",
        "marker": f"m{number}",
        "text": f"Your session with <@{DANA}> is tomorrow.",
    }
    return Visible(number=number, at=at, parts=parts or (a_part(),), **{**known, **changes})


def a_row(key: str = f"{PREP}:1", **changes: Any) -> Row:
    known: dict[str, Any] = {
        "id": key,
        "key": key,
        "template": key.partition(":")[0],
        "user_id": BEN,
        "state": "sent",
        "reason": None,
        "created_at": NOON - timedelta(hours=2),
        "due_at": NOON - timedelta(hours=1),
        "expires_at": NOON + timedelta(days=2),
        "needs_repaint": False,
        "sent_at": NOON,
    }
    return Row(**{**known, **changes})


def evidence(*visible: Visible, rows: Sequence[Row] = (), **changes: Any) -> Evidence:
    known: dict[str, Any] = {
        "wishes": {user: [a_wish(user)] for user in (BEN, DANA, KIM)},
        "bonds": {"e1": [Bond(2, "e1", frozenset((BEN, DANA)), is_open=True)]},
        "kinds": {
            PREP: Kind(asks=True, rests=True),
            NEWS: Kind(breaks_quiet=True),
            "commitments.nudge": Kind(may_repeat=False),
        },
    }
    return Evidence(visible=list(visible), rows=rows, **{**known, **changes})


def broken(found: Evidence) -> set[str]:
    """The names of the checks that failed."""
    return {violation.partition(":")[0] for violation in audit(found).violations}


NIGHT = datetime(2026, 11, 25, 23, tzinfo=UTC)
ENDED = {
    "e1": [
        Bond(2, "e1", frozenset((BEN, DANA)), is_open=True),
        Bond(5, "e1", frozenset((BEN, DANA)), is_open=False),
    ]
}
DUE_AT_NIGHT = a_part(due_at=NIGHT)
THREE = [seen(a_part(f"{PREP}:{number}"), number=number) for number in (11, 12, 13)]
CHRISTMAS = datetime(2026, 12, 25, 12, tzinfo=UTC)
MUCH_LATER = CHRISTMAS + timedelta(days=40)
IGNORED = [
    seen(a_part(f"{PREP}:{number}", expires_at=MUCH_LATER), number=number, at=NOON + timedelta(days=day))
    for number, day in ((11, 0), (12, 1), (13, 2), (14, 5))
]


def kept_back(*acts: Act, asked: Sequence[Visible] = IGNORED[:3]) -> Evidence:
    """Whoever left these unanswered did so much, and a message that was of use until 45 minutes after BACK_AT was dropped."""
    due_at = NOON + timedelta(days=5)
    dropped = a_row(
        "digests.week:1",
        state="stale",
        reason="came too late to be of use",
        created_at=due_at,
        due_at=due_at,
        expires_at=BACK_AT + timedelta(minutes=45),
    )
    rows = [a_row(part.key) for each in asked for part in each.parts]
    return evidence(*asked, rows=[*rows, dropped], acts={BEN: list(acts)})


BACK_AT = NOON + timedelta(days=9)
BACK = Act(20, BACK_AT, BEN)

BROKEN = {
    "none twice": evidence(seen(number=10), seen(number=11)),
    "none lost": evidence(rows=[a_row()]),
    "to its reader": evidence(seen(channel=f"D{KIM}")),
    "only of open engagements": evidence(seen(), bonds=ENDED),
    "none while paused": evidence(seen(), wishes={BEN: [a_wish(paused_until=NOON + timedelta(days=1))]}),
    "none to the deactivated": evidence(seen(), wishes={BEN: [a_wish(is_deleted=True)]}),
    "none in quiet hours": evidence(seen(DUE_AT_NIGHT, at=NIGHT)),
    "none on a public holiday": evidence(
        seen(a_part(due_at=CHRISTMAS, expires_at=MUCH_LATER), at=CHRISTMAS),
        wishes={BEN: [a_wish(country="GB")]},
    ),
    "silence after two unanswered": evidence(
        *IGNORED, rows=[a_row(part.key) for each in IGNORED for part in each.parts]
    ),
    "few a day": evidence(*THREE),
    "none before its time": evidence(seen(a_part(due_at=NOON + timedelta(hours=1)))),
    "none too late": evidence(seen(a_part(expires_at=NOON - timedelta(minutes=1)))),
    "all come to an end": evidence(rows=[a_row(state="pending")], is_over=True),
    "none dropped without need": evidence(rows=[a_row(state="stale", reason="came too late to be of use")]),
    "none forgotten": evidence(seen(), rows=[a_row()], owed=[(f"{PREP}:2", f"{PREP}:3")]),
}

ALSO = {"none on a public holiday": ["none in quiet hours"]}
"""A holiday is quiet all day."""


def test_what_is_as_promised_passes() -> None:
    found = audit(evidence(seen(), rows=[a_row()], owed=[(f"{PREP}:1",)], is_over=True))
    assert found.violations == []
    assert found.looked_at["none twice"] == 1


def test_every_check_is_shown_that_it_can_fail() -> None:
    assert set(BROKEN) == set(CHECKS)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_promise_is_named(name: str) -> None:
    assert broken(BROKEN[name]) == {name, *ALSO.get(name, ())}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("none lost", evidence(seen(), rows=[a_row(state="cancelled", reason="ended")])),
        ("to its reader", evidence(seen(), rows=[a_row(user_id=KIM)])),
        ("to its reader", evidence(strays=["D1 was named as UBEN's"])),
        ("only of open engagements", evidence(seen(text=f"Your session with <@{KIM}> is tomorrow."))),
        (
            "only of open engagements",
            evidence(seen(a_part(engagement_id=None)), bonds=ENDED),
        ),
        ("none twice", evidence(*(seen(number=n, is_known=False) for n in (10, 11, 12)))),
        (
            "none twice",
            evidence(*(seen(a_part("commitments.nudge:1"), number=n, is_known=False) for n in (10, 11))),
        ),
        ("all come to an end", evidence(rows=[a_row(state="dead")])),
        ("none in quiet hours", evidence(seen(a_part(f"{NEWS}:1", due_at=NIGHT), at=NIGHT))),
        ("none dropped without need", kept_back(BACK, asked=IGNORED[:1])),
        ("none dropped without need", kept_back(Act(20, BACK_AT - timedelta(hours=1), BEN))),
        ("none dropped without need", kept_back(Act(12, NOON + timedelta(days=1), BEN), BACK)),
        ("none dropped without need", kept_back()),
        (
            "none dropped without need",
            evidence(
                rows=[a_row(state="stale", reason="came too late to be of use", team_id="T1")],
                outages=[Outage(NOON - timedelta(days=1), NOON + timedelta(days=3), "T2")],
            ),
        ),
    ],
)
def test_so_is_one_that_is_broken_in_another_way(name: str, found: Evidence) -> None:
    assert name in broken(found)


@pytest.mark.parametrize(
    "found",
    [
        evidence(seen(a_part(f"{INVITED}:1", engagement_id=None)), bonds=ENDED),
        evidence(seen(a_part("engagements.destroying:1", engagement_id=None)), bonds=ENDED),
        evidence(seen(is_known=False), seen(number=11)),
        evidence(*THREE[:2], seen(a_part(f"{PREP}:1:later:1"), number=14)),
        evidence(*THREE[:2], seen(a_part(f"{NEWS}:1", expires_at=NOON + timedelta(hours=5)), number=14)),
        evidence(seen(a_part(f"{NEWS}:1", due_at=NIGHT, expires_at=NIGHT + timedelta(hours=5)), at=NIGHT)),
        evidence(*IGNORED[:3], rows=[a_row(part.key) for each in IGNORED[:3] for part in each.parts]),
        evidence(
            *IGNORED,
            rows=[a_row(part.key) for each in IGNORED for part in each.parts],
            acts={BEN: [Act(12, NOON + timedelta(days=1), BEN)]},
        ),
        evidence(
            *IGNORED,
            rows=[a_row(part.key, closed="cancelled") for each in IGNORED for part in each.parts],
        ),
        evidence(
            *IGNORED,
            rows=[
                a_row(part.key, state="parked", reason="unconfirmed: internal_error", sent_at=None)
                for each in IGNORED
                for part in each.parts
            ],
        ),
        evidence(
            *IGNORED,
            rows=[
                a_row(part.key, sent_at=NOON + timedelta(days=5)) for each in IGNORED for part in each.parts
            ],
        ),
        kept_back(BACK),
        kept_back(BACK, asked=[seen(a_part("people.lighter:1"), number=11)]),
        evidence(
            rows=[a_row(state="stale", reason="came too late to be of use")],
            outages=[Outage(NOON - timedelta(days=1), NOON + timedelta(days=3))],
        ),
        evidence(
            rows=[a_row(state="stale", reason="came too late to be of use", team_id="T1")],
            outages=[Outage(NOON - timedelta(days=1), NOON + timedelta(days=3), "T1")],
        ),
    ],
    ids=[
        "news of the end",
        "that the words will be destroyed, after the end",
        "a repeat where nothing could tell",
        "a third one that was asked for",
        "a third one of no use tomorrow",
        "at night, of no use in the morning",
        "a third one before the second was a day old",
        "after the person did something",
        "after what they had not answered was taken back",
        "after what the bot never knew had arrived",
        "before the bot knew that what came before had arrived",
        "dropped because its reader had gone quiet until shortly before",
        "dropped because its reader had been told of the silence until shortly before",
        "dropped because the bot did not run",
        "dropped because its workspace did not let the bot in",
    ],
)
def test_what_was_agreed_to_be_an_exception_passes(found: Evidence) -> None:
    assert broken(found) == set()
