"""Taking back what one wrote about the engagement itself. What both signed is of both, and not among it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from bot.core.database import Transaction
from bot.core.i18n import ngettext
from bot.core.outbox.store import close, close_engagement
from bot.core.rights import Erasable
from bot.features.engagements import changing, retention, store
from bot.features.engagements.domain import EngagementState
from bot.features.engagements.store import AgreementRow, EngagementRow


def _say_drafts(count: int) -> str:
    return ngettext(
        "{count} agreement that was not signed by both",
        "{count} agreements that were not signed by both",
        count,
    ).format(count=count)


def _drafts(db: Transaction, person_id: str, engagement_id: str) -> Sequence[AgreementRow]:
    is_unsigned = or_(AgreementRow.coach_signed_at.is_(None), AgreementRow.client_signed_at.is_(None))
    rows = select(AgreementRow).where(
        AgreementRow.engagement_id == engagement_id, AgreementRow.written_by == person_id, is_unsigned
    )
    return db.scalars(rows.order_by(AgreementRow.version)).all()


def _count_drafts(db: Transaction, person_id: str, engagement_id: str) -> int:
    return len(_drafts(db, person_id, engagement_id))


def _erase_drafts(db: Transaction, person_id: str, engagement_id: str, now: datetime) -> None:
    """A proposal that is still open is withdrawn with it; where nothing is left to read, everything goes."""
    row, drafts = _locked(db, engagement_id), _drafts(db, person_id, engagement_id)
    if row.state == EngagementState.PROPOSED and drafts:
        row.state, row.ended_at, row.ended_by = EngagementState.ENDED, now, person_id
        retention.keep_unsigned(row, now)
        close_engagement(db, engagement_id, "ended")
    for draft in drafts:
        close(db, changing.key_of(draft), "taken back")  # if it is a change, still open
        db.delete(draft)
    db.flush()
    if drafts:
        db.stale_homes |= {row.coach_id, row.client_id}
    if drafts and store.has_no_agreement(db, engagement_id):
        retention.destroy(db, row, now, by=person_id)


def _say_reasons(count: int) -> str:
    return ngettext(
        "{count} reason that you gave for an end", "{count} reasons that you gave for an end", count
    ).format(count=count)


def _count_reasons(db: Transaction, person_id: str, engagement_id: str) -> int:
    row = store.by_id(db, engagement_id)
    return int(row is not None and row.ended_by == person_id and row.end_reason is not None)


def _erase_reasons(db: Transaction, person_id: str, engagement_id: str, now: datetime) -> None:
    row = _locked(db, engagement_id)
    if row.ended_by == person_id:
        row.end_reason = None


def _locked(db: Transaction, engagement_id: str) -> EngagementRow:
    row = store.locked(db, engagement_id)
    assert row is not None
    return row


ERASABLE = (
    Erasable("reasons", _say_reasons, _count_reasons, _erase_reasons),
    Erasable("drafts", _say_drafts, _count_drafts, _erase_drafts),
)
