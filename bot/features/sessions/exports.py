"""When the two met, as a person takes it along."""

from datetime import datetime

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.rights import Chapter, Chosen
from bot.features.engagements.service import memberships
from bot.features.sessions.domain import SessionState
from bot.features.sessions.store import SessionRow


def sessions(db: Transaction, person: Person, now: datetime) -> Chapter:
    ids = [found.engagement_id for found in memberships(db, person, only_active=False)]
    rows = select(SessionRow).where(SessionRow.engagement_id.in_(ids)).order_by(SessionRow.starts_at)
    return Chapter(
        name="sessions",
        title=_("Sessions"),
        labels={"starts_at": _("When"), "minutes": _("Minutes"), "state": _("What became of it")},
        records=[
            {
                "id": row.id,
                "engagement": row.engagement_id,
                "starts_at": row.starts_at,
                "minutes": row.minutes,
                "state": _state(SessionState(row.state)),
            }
            for row in db.scalars(rows)
        ],
    )


def _state(state: SessionState) -> Chosen:
    text = {
        SessionState.PLANNED: _("planned"),
        SessionState.HELD: _("held"),
        SessionState.NOT_HELD: _("not held"),
        SessionState.CANCELLED: _("cancelled"),
    }[state]
    return Chosen(state, text)
