"""What happens to a workspace's messages while growbot is not installed there, and when it is again.

They wait, each tried seldom, until they are out of date. Then what is still of use goes out under the same rules as ever: what is
due together in one message, and few a day; so there is no burst.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, true, update

from bot.core.database import Transaction
from bot.core.outbox.domain import REFUSED_FOR_NOW, State
from bot.core.outbox.pacing import PaceRow
from bot.core.outbox.store import OutboxRow


def reopen(db: Transaction, team_id: str | None, reasons: Collection[str], now: datetime) -> None:
    """A workspace takes messages again; or, without `team_id`, some that are not known by name. `reasons`: why they waited.

    To be asked an hour too early costs a workspace that is still closed one call.
    """
    theirs = true() if team_id is None else OutboxRow.team_id == team_id
    paces = true() if team_id is None else PaceRow.team_id == team_id
    soon = now + REFUSED_FOR_NOW
    waiting = and_(
        theirs,
        OutboxRow.state.in_((State.PENDING, State.AMBIGUOUS)),
        OutboxRow.reason.in_(reasons),
        OutboxRow.not_before <= soon,
    )
    unpainted = and_(theirs, OutboxRow.needs_repaint, OutboxRow.state == State.SENT)
    db.execute(
        update(PaceRow).where(paces, PaceRow.next_at > now, PaceRow.next_at <= soon).values(next_at=now)
    )
    db.execute(update(OutboxRow).where(waiting).values(not_before=now))
    db.execute(update(OutboxRow).where(unpainted).values(not_before=now, repaint_attempts=0))
    db.outbox_changed = True
