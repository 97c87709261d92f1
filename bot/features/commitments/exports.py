"""Commitments, as a person takes them along."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.rights import Chapter, Chosen, Record
from bot.features.commitments import reading, service
from bot.features.commitments.domain import Commitment, Occurrence
from bot.features.commitments.phrases import every_label, outcome_label
from bot.features.engagements.places import Place, places
from bot.features.engagements.views import by, of_engagement


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
            "earlier_dates": _("Before, it was due on"),
            "every": _("How often it comes"),
            "until_on": _("Until"),
            "created_at": _("Written down"),
            "closed_at": _("Answered"),
        },
        records=[
            _record(found, each)
            for found in places(db, person, only_active=False)
            for each in service.all_of(db, found, now)
        ],
        read_as="commitment",
    )


def _record(found: Place, each: Commitment) -> Record:
    recurs = each.recurrence
    return {
        "id": each.id,
        **of_engagement(found),
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
        "earlier_dates": [Chosen(str(move.from_on), str(move.from_on)) for move in each.moves],
        "every": Chosen(recurs.every, every_label(recurs.every)) if recurs else None,
        "until_on": recurs.until_on if recurs else None,
        "created_at": each.created_at,
        "closed_at": each.closed_at,
    }


def occurrences(db: Transaction, person: Person, now: datetime) -> Chapter:
    """Of commitments that recur, each time that was answered, or has passed. That those are opened is on record with them."""
    return Chapter(
        name="occurrences",
        title=_("Commitments that come again, each time"),
        labels={
            "by": _("Whose"),
            "what": _("What"),
            "on": _("On"),
            "outcome": _("What became of it"),
            "learned": _("What was learned"),
        },
        records=[
            _occurrence(found, commitment, each)
            for found in places(db, person, only_active=False)
            for commitment, each in reading.all_occurrences(db, found, now)
        ],
    )


def _occurrence(found: Place, commitment: Commitment, each: Occurrence) -> Record:
    return {
        "id": f"{commitment.id}.{each.on}",
        **of_engagement(found),
        "commitment": commitment.id,
        "by": by(found, commitment.owner_id),
        "what": commitment.what,
        "on": each.on,
        "outcome": Chosen(each.outcome, outcome_label(each.outcome)) if each.outcome else None,
        "learned": each.learned,
    }
