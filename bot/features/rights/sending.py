"""An export into the person's direct messages, as a file, because they chose that: shown once at most, and to nobody else.

Until its last step nobody sees anything, so what fails before is begun anew. Before that step the file's id is written down, and
after it nothing is tried again: where its answer is lost, the message says so, and the other ways are open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.core.database import Transaction, new_id
from bot.core.directory import Identity
from bot.core.i18n import gettext as _
from bot.core.i18n import in_locale
from bot.core.outbox.domain import Failure, Limited, Refused, Uncertain, Unreached, backoff
from bot.core.outbox.store import close, find, repaint
from bot.core.rights import MakeChapter
from bot.core.slack.requests import Files, Services
from bot.features.people.service import People
from bot.features.rights import file_store, store
from bot.features.rights.delivering import key_of
from bot.features.rights.domain import FileState
from bot.features.rights.exporting import put_together, record_reading
from bot.features.rights.file_store import FileRow
from bot.features.rights.files import as_zip

log = structlog.get_logger(__name__)

NAME = "growbot-export.zip"
LEASE = timedelta(minutes=5)
"""All calls of one turn take less, at Slack's slowest."""
MARGIN = timedelta(seconds=30)
MESSAGE_SOON = timedelta(seconds=10)
"""The message is sent first: it says what this is, and where."""
MOST_ATTEMPTS = 4
MOST_DELETIONS = 100
WHILE_REFUSED = timedelta(hours=6)
GONE = {"file_not_found", "file_deleted"}


@dataclass(frozen=True, slots=True)
class Turn:
    """`channel`: the direct messages in which the export's own message stands."""

    export_id: str
    id: str
    to: Identity
    channel: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Deletion:
    export_id: str
    to: Identity
    file_id: str


class Sending:
    """`chapters`: of all features, in the order in which they are read."""

    def __init__(self, chapters: Sequence[MakeChapter]) -> None:
        self._chapters = chapters

    async def run(self, services: Services) -> int:
        """One thing that is due, if there is one. Returns how many were dealt with."""
        now = services.clock.now
        found, work = await services.database.run(lambda db: begin(db, now()))
        if isinstance(work, Turn) and services.files is not None:
            await self._send(services, services.files, work)
        elif isinstance(work, Deletion) and services.files is not None:
            failure = await services.files.delete(work.to, work.file_id)
            await services.database.run(lambda db: deleted(db, work, failure, now()))
        return int(found)

    async def _send(self, services: Services, files: Files, turn: Turn) -> None:
        now, run = services.clock.now, services.database.run
        made = await run(lambda db: self._make(db, turn, now()))
        if made is None:
            return
        title, content = made
        uploaded = await files.upload(turn.to, NAME, content)
        if not isinstance(uploaded, str):
            await run(lambda db: not_shown(db, turn, uploaded, now()))
        elif await run(lambda db: about_to_show(db, turn, uploaded, now())):
            failure = await files.share(turn.to, uploaded, title, turn.channel)
            await run(lambda db: shown(db, turn, failure, now()))

    def _make(self, db: Transaction, turn: Turn, now: datetime) -> tuple[str, bytes] | None:
        """The file's title and content; None when something was erased since this turn began."""
        row = file_store.locked(db, turn.export_id)
        if row.turn != turn.id:
            return None
        person = People().get(db, row.person_id)
        export = put_together(db, self._chapters, person, now)
        record_reading(db, export, now)
        with in_locale(person.locale):
            return _("Your growbot export"), as_zip(export)


# --- each step, in a transaction of its own -----------------------------------------------------------


def begin(db: Transaction, now: datetime) -> tuple[bool, Turn | Deletion | None]:
    """Whether anything was due, and what is to be done about it outside of the transaction."""
    row = file_store.due(db, now)
    if row is None:
        return False, None
    row.next_at = None
    match FileState(row.state):
        case FileState.WAITING | FileState.SENDING:
            return True, _turn(db, row, now)
        case FileState.SHARING:  # who was about to show it died: it may be there
            row.state, row.next_at = FileState.UNCERTAIN, now if row.is_to_go else None
            _say(db, row)
        case _ if row.is_to_go and row.file_id is not None:
            row.attempts, row.next_at = row.attempts + 1, now + LEASE
            return True, Deletion(row.export_id, People().get(db, row.person_id).identity, row.file_id)
    return True, None


def _turn(db: Transaction, row: FileRow, now: datetime) -> Turn | None:
    export, person = store.export_by_id(db, row.export_id), People().get(db, row.person_id)
    is_over = export is None or export.taken_at is not None or export.expires_at <= now
    if export is None or is_over or person.is_deleted or row.attempts >= MOST_ATTEMPTS:
        _give_up(db, row)
        return None
    message = find(db, key_of(export))
    if message is None or message.person_id != person.id or message.channel is None:
        row.next_at = now + MESSAGE_SOON
        return None
    row.state, row.turn, row.attempts = FileState.SENDING, new_id(), row.attempts + 1
    row.next_at = now + LEASE
    return Turn(row.export_id, row.turn, person.identity, message.channel, row.next_at)


def about_to_show(db: Transaction, turn: Turn, file_id: str, now: datetime) -> bool:
    """Whether it may be shown: whoever took too long, or was overtaken by an erasure, shows nothing."""
    row = file_store.locked(db, turn.export_id)
    if row.turn != turn.id or row.state != FileState.SENDING or now > turn.ends_at - MARGIN:
        return False
    row.state, row.file_id = FileState.SHARING, file_id
    return True


def not_shown(db: Transaction, turn: Turn, failure: Failure, now: datetime) -> None:
    """Certainly not there: tried again, unless Slack has said no."""
    row = file_store.locked(db, turn.export_id)
    if row.turn == turn.id and row.state in (FileState.SENDING, FileState.SHARING):
        _again(db, row, failure, now)


def shown(db: Transaction, turn: Turn, failure: Failure | None, now: datetime) -> None:
    """What came of the last step. It may come late, when it was said already that nobody knows."""
    row = file_store.locked(db, turn.export_id)
    if row.turn != turn.id:
        return
    if failure is None:
        _is_there(db, row, now)
    elif row.state != FileState.SHARING:
        return
    elif isinstance(failure, Uncertain):
        row.state, row.next_at = FileState.UNCERTAIN, now if row.is_to_go else None
        _say(db, row)
    else:
        _again(db, row, failure, now)


def _is_there(db: Transaction, row: FileRow, now: datetime) -> None:
    row.is_to_go |= row.state == FileState.DELETED  # it was deleted before it was there
    row.state, row.attempts, row.next_at = FileState.SENT, 0, now if row.is_to_go else None
    export = store.locked_export(db, row.export_id)
    if export is not None and export.taken_at is None:
        export.taken_at, export.token_digest = now, None
        close(db, key_of(export), "sent")


def _again(db: Transaction, row: FileRow, failure: Failure, now: datetime) -> None:
    row.file_id, row.is_to_go = None, False  # what is made anew is without what was erased
    if isinstance(failure, Refused):
        log.warning("export.file_refused", error=failure.reason)
        _give_up(db, row)
        return
    wait = timedelta(seconds=failure.seconds) if isinstance(failure, Limited) else backoff(row.attempts)
    row.state, row.turn, row.next_at = FileState.WAITING, None, now + wait


def _give_up(db: Transaction, row: FileRow) -> None:
    """The message offers the other ways then."""
    row.state, row.turn, row.next_at = FileState.REFUSED, None, None
    _say(db, row)


def deleted(db: Transaction, work: Deletion, failure: Failure | None, now: datetime) -> None:
    row = file_store.locked(db, work.export_id)
    if not row.is_to_go or row.file_id != work.file_id:
        return
    match failure:
        case None:
            _is_gone(db, row)
        case Refused(reason) if reason in GONE:
            _is_gone(db, row)
        case Limited(seconds):
            row.next_at = now + timedelta(seconds=seconds)
        case Refused(by_workspace=True) if row.attempts < MOST_DELETIONS:
            row.next_at = now + WHILE_REFUSED
        case Unreached() | Uncertain() if row.attempts < MOST_DELETIONS:
            row.next_at = now + backoff(row.attempts)
        case Refused(reason) | Unreached(reason) | Uncertain(reason):
            log.warning("export.file_not_deleted", error=reason)
            row.is_to_go, row.next_at = False, None


def _is_gone(db: Transaction, row: FileRow) -> None:
    row.state, row.is_to_go, row.next_at = FileState.DELETED, False, None
    _say(db, row)


def _say(db: Transaction, row: FileRow) -> None:
    """The export's message says how it stands."""
    db.flush()
    export = store.export_by_id(db, row.export_id)
    if export is not None:
        repaint(db, key_of(export))
