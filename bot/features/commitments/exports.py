"""Commitments, as a person takes them along."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.rights import Chapter, Chosen, Record
from bot.features.commitments import service
from bot.features.commitments.domain import Commitment
from bot.features.commitments.views import outcome_label
from bot.features.engagements.service import Membership, memberships
from bot.features.engagements.views import by


def commitments(db: Transaction, person: Person, now: datetime) -> Chapter:
    return Chapter(
        name="commitments",
        title=_("Commitments"),
        labels={
            "by": _("Whose"),
            "what": _("What"),
            "due_on": _("By when"),
            "due_time": _("At"),
            "cue": _("When, then"),
            "obstacle": _("What could get in the way"),
            "confidence": _("How sure, from 1 to 10"),
            "is_shared": _("The other one can read it"),
            "outcome": _("What became of it"),
            "learned": _("What was learned"),
            "moved": _("How often it was moved"),
            "created_at": _("Written down"),
            "closed_at": _("Answered"),
        },
        records=[
            _record(found, each)
            for found in memberships(db, person, only_active=False)
            for each in service.all_of(db, found, now)
        ],
        read_as="commitment",
    )


def _record(found: Membership, each: Commitment) -> Record:
    return {
        "id": each.id,
        "engagement": each.engagement_id,
        "session": each.session_id,
        "by": by(found, each.owner_id),
        "what": each.what,
        "due_on": each.due_on,
        "due_time": each.due_time,
        "cue": each.cue,
        "obstacle": each.obstacle,
        "confidence": each.confidence,
        "is_shared": each.is_shared,
        "outcome": Chosen(each.outcome, outcome_label(each.outcome)) if each.outcome else None,
        "learned": each.learned,
        "moved": each.moved,
        "created_at": each.created_at,
        "closed_at": each.closed_at,
    }
