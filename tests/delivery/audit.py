"""The local Slack's ledger as the auditor: what the outbox says became of each message, against what Slack accepted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.outbox.domain import OPEN_STATES, State
from bot.core.outbox.store import OutboxRow
from bot.core.slack.sender import EVENT_TYPE
from bot.sandbox.ledger import Ledger

SAYS = "Something waits: "
UNSENT = (State.DEAD, State.CANCELLED, State.STALE)


@dataclass(frozen=True, slots=True)
class Post:
    """A message that Slack accepted. `keys`: of the rows that it tells of."""

    marker: str
    keys: Sequence[str]


def accepted(ledger: Ledger) -> list[Post]:
    return [post_of(call.args) for call in ledger.calls("chat.postMessage") if call.accepted]


def post_of(sent: Mapping[str, Any]) -> Post:
    metadata = sent["metadata"]
    assert metadata["event_type"] == EVENT_TYPE
    assert set(metadata["event_payload"]) == {"id"}
    return Post(metadata["event_payload"]["id"], keys_of(sent["text"]))


def keys_of(text: str) -> list[str]:
    return [line.removeprefix(SAYS) for line in text.splitlines()]


def audit(rows: Iterable[OutboxRow], posts: Iterable[Post]) -> list[str]:
    """What is wrong: nothing, when every row was sent once or tells why not, and Slack has nothing else of us."""
    rows = list(rows)
    by_id = {row.id: row for row in rows}
    found: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        for key in post.keys:
            found[key].append(post)
    strangers = found.keys() - {row.key for row in rows}
    wrong = [f"{key}: no row is planned under this key" for key in sorted(strangers)]
    for row in rows:
        wrong += [f"{row.key}: {what}" for what in _wrong(row, by_id, found.get(row.key, []))]
    return wrong


def _wrong(row: OutboxRow, by_id: Mapping[str, OutboxRow], posts: Sequence[Post]) -> list[str]:
    lead = by_id[row.lead_id] if row.lead_id else row
    wrong = [f"doubled: {len(posts)} messages"] if len(posts) > 1 else []
    if row.state in OPEN_STATES:
        wrong.append(f"lost: still {row.state}")
    if row.state == State.SENT and not posts:
        wrong.append("lost: sent, as the table says, but nowhere")
    if row.state == State.SENT and posts and lead.marker not in {post.marker for post in posts}:
        wrong.append("sent under a marker that is not its own")
    if row.state != State.SENT and not row.reason:
        wrong.append(f"{row.state} without a reason")
    if row.state in UNSENT and posts:
        wrong.append(f"{row.state}, but it was sent")
    return wrong
