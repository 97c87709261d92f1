"""What must hold whatever was played on the local Slack: no words in messages, nothing refused, nothing left hanging."""

import json
from collections.abc import Sequence

from sqlalchemy import select

from bot.core.outbox.domain import OPEN_STATES, State
from bot.core.outbox.store import OutboxRow
from bot.demo import Demo

ANSWER_SECONDS = 3.0
CLOSED_MEANWHILE = ("views.update", "not_found")


def problems_with(demo: Demo, words: Sequence[str]) -> list[str]:
    """One sentence for each thing that is wrong; empty when all is well."""
    return [
        *_words_in_messages(demo, words),
        *_refused_calls(demo),
        *_slow_answers(demo),
        *_unfinished_rows(demo),
        *_doubled(demo),
    ]


def _words_in_messages(demo: Demo, words: Sequence[str]) -> list[str]:
    """In texts, blocks, metadata and notification texts of everything that was ever posted or updated."""
    ledger = demo.sandbox.ledger
    posted = [entry for entry in ledger.calls() if entry.name.startswith("chat.")]
    by_url = [entry for entry in ledger.entries if entry.kind == "response_url"]
    texts = [json.dumps(entry.args, ensure_ascii=False, default=str) for entry in (*posted, *by_url)]
    return [f"{word!r} stands in a message" for word in words if any(word in text for text in texts)]


def _refused_calls(demo: Demo) -> list[str]:
    """A form that the person has closed in the meantime cannot be redrawn, and need not be."""
    refused = [
        entry for entry in demo.sandbox.ledger.refused() if (entry.name, entry.error) != CLOSED_MEANWHILE
    ]
    return [f"{entry.name} failed: {entry.error}" for entry in refused]


def _slow_answers(demo: Demo) -> list[str]:
    slow = [entry for entry in demo.sandbox.ledger.deliveries() if entry.seconds > ANSWER_SECONDS]
    return [f"{entry.name} was answered after {entry.seconds:.1f} s" for entry in slow]


def _unfinished_rows(demo: Demo) -> list[str]:
    now = demo.clock.now()
    with demo.growbot.database.transaction() as db:
        rows = db.scalars(select(OutboxRow)).all()
        late = [row for row in rows if row.state in OPEN_STATES and row.not_before <= now]
        dead = [row for row in rows if row.state in (State.DEAD, State.PARKED)]
        return [f"{row.key} is still {row.state}" for row in late] + [
            f"{row.key} was given up: {row.reason}" for row in dead
        ]


def _doubled(demo: Demo) -> list[str]:
    posted = [entry for entry in demo.sandbox.ledger.calls("chat.postMessage") if entry.accepted]
    markers = [json.dumps(entry.args.get("metadata"), sort_keys=True) for entry in posted]
    return ["a message was posted twice"] if len(markers) != len(set(markers)) else []
