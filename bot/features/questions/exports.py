"""A coach's own sets of questions, and the copies that a pair was asked, as a person takes them along."""

from datetime import datetime

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.rights import Chapter, Record
from bot.features.engagements.authorization import Item, Kind
from bot.features.engagements.domain import Role
from bot.features.engagements.opening import sees
from bot.features.engagements.service import Membership, memberships
from bot.features.engagements.views import by
from bot.features.questions import store
from bot.features.questions.domain import OwnSet
from bot.features.questions.own_text import as_lines
from bot.features.questions.store import SheetRow


def own_sets(db: Transaction, person: Person, now: datetime) -> Chapter:
    return Chapter(
        name="question_sets",
        title=_("Your own questions"),
        labels={
            "title": _("Called"),
            "for_client": _("Questions for the client"),
            "for_coach": _("Questions for the coach"),
        },
        records=[_set(each) for each in store.sets_of(db, person.id, now)],
    )


def _set(each: OwnSet) -> Record:
    return {
        "id": each.id,
        "title": each.title,
        "area": each.area,
        "for_client": as_lines(each.questions.client),
        "for_coach": as_lines(each.questions.coach),
        "is_put_away": each.is_retired,
    }


def sheets(db: Transaction, person: Person, now: datetime) -> Chapter:
    """A client is given the questions that they are asked, as they are shown them."""
    return Chapter(
        name="questions_asked",
        title=_("Questions of the coach's own that were asked"),
        labels={
            "by": _("Whose"),
            "title": _("Called"),
            "for_client": _("Questions for the client"),
            "for_coach": _("Questions for the coach"),
        },
        records=[
            _sheet(db, found, row, now)
            for found in memberships(db, person, only_active=False)
            for row in _of(db, found)
        ],
        read_as=Kind.QUESTIONS,
    )


def _of(db: Transaction, found: Membership) -> list[SheetRow]:
    rows = select(SheetRow).where(SheetRow.engagement_id == found.engagement_id)
    return [
        row
        for row in db.scalars(rows.order_by(SheetRow.created_at, SheetRow.id))
        if sees(found, Item(Kind.QUESTIONS, row.id, found.coach.id))
    ]


def _sheet(db: Transaction, found: Membership, row: SheetRow, now: datetime) -> Record:
    sheet = store.opened_sheet(db, row, now)
    for_coach = as_lines(sheet.questions.coach) if found.role is Role.COACH else None
    return {
        "id": row.id,
        "engagement": row.engagement_id,
        "by": by(found, found.coach.id),
        "title": sheet.title,
        "for_client": as_lines(sheet.questions.client),
        "for_coach": for_coach,
        "created_at": row.created_at,
    }
