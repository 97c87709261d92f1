"""What must hold whatever was played on the local Slack: no words in messages, nothing refused, nothing left hanging."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence

from sqlalchemy import select

from bot.core.outbox.domain import OPEN_STATES, State
from bot.core.outbox.store import OutboxRow
from bot.demo import Demo
from bot.sandbox import deliveries

NOT_WRONG = {("views.update", "not_found"), ("views.update", "hash_conflict")}
"""The person has closed the form, or it was just drawn anew: it is drawn once more then."""


def problems_with(demo: Demo, words: Sequence[str]) -> list[str]:
    """One sentence for each thing that is wrong; empty when all is well."""
    return [
        *_words_in_messages(demo, words),
        *_words_in_files(demo, words),
        *_refused_calls(demo),
        *_slow_answers(demo),
        *_unfinished_rows(demo),
        *_doubled(demo),
    ]


def _words_in_messages(demo: Demo, words: Sequence[str]) -> list[str]:
    """In texts, blocks, metadata and notification texts of all that was ever said outside of forms and App Home."""
    texts = [json.dumps(said, ensure_ascii=False, default=str) for said in _said(demo)]
    return [f"{word!r} stands in a message" for word in words if any(word in text for text in texts)]


def _words_in_files(demo: Demo, words: Sequence[str]) -> list[str]:
    """Of an export that somebody chose to have in Slack: there is no other way for words to be in a file."""
    files = [file for file in demo.sandbox.workspace.files.values() if file.content is not None]
    found = [(word, file) for file in files for word in words if word in _unpacked(file.content or b"")]
    return [f"{word!r} stands in a file, {file.name}" for word, file in found]


def _unpacked(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    except zipfile.BadZipFile:
        return content.decode(errors="replace")


def _said(demo: Demo) -> Iterator[object]:
    """What was posted or updated, or sent to a response URL; what acts were answered with; what people see of it."""
    ledger, space = demo.sandbox.ledger, demo.sandbox.workspace
    for entry in ledger.entries:
        if entry.kind == "response_url" or entry.name.startswith("chat."):
            yield entry.args
        elif entry.kind == "delivery":
            yield _but_the_view(entry.answer)
    for channel in (*space.channels.values(), *space.rooms.values()):
        yield from (message.seen() for message in channel.everything() if message.by_app)


def _but_the_view(answer: object) -> object:
    """An acknowledgement without the form that it shows: that is where words belong."""
    return {k: v for k, v in answer.items() if k != "view"} if isinstance(answer, dict) else answer


def _refused_calls(demo: Demo) -> list[str]:
    """A form that the person has closed in the meantime cannot be redrawn, and need not be."""
    refused = [entry for entry in demo.sandbox.ledger.refused() if (entry.name, entry.error) not in NOT_WRONG]
    return [f"{entry.name} failed: {entry.error}" for entry in refused]


def _slow_answers(demo: Demo) -> list[str]:
    slow = [entry for entry in demo.sandbox.ledger.deliveries() if entry.seconds > deliveries.ANSWER_SECONDS]
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
    """The outbox marks each of its messages; what answers an act in a direct message has no mark."""
    posted = [entry for entry in demo.sandbox.ledger.calls("chat.postMessage") if entry.accepted]
    sent = [entry.args["metadata"] for entry in posted if entry.args.get("metadata")]
    markers = [json.dumps(metadata, sort_keys=True) for metadata in sent]
    return ["a message was posted twice"] if len(markers) != len(set(markers)) else []
