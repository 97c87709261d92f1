"""Engagements, their agreements, and who opened what, as a person takes them along."""

from datetime import datetime

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.rights import Chapter, Chosen, Record
from bot.features.engagements import store
from bot.features.engagements.access import openings_of
from bot.features.engagements.authorization import Kind
from bot.features.engagements.domain import EngagementState, Role, Shared
from bot.features.engagements.service import Membership, memberships
from bot.features.engagements.store import AgreementRow
from bot.features.engagements.views import by, say_cadence, say_shared


def engagements(db: Transaction, person: Person, now: datetime) -> Chapter:
    return Chapter(
        name="engagements",
        title=_("Who you work with"),
        labels={
            "role": _("You are"),
            "state": _("How it stands"),
            "started_at": _("Started"),
            "ended_at": _("Ended"),
            "end_reason": _("The reason given"),
            "destroy_at": _("Kept until"),
        },
        records=[_engagement(db, found, now) for found in memberships(db, person, only_active=False)],
    )


def _engagement(db: Transaction, found: Membership, now: datetime) -> Record:
    row = store.by_id(db, found.engagement_id)
    assert row is not None
    return {
        "id": row.id,
        "engagement": row.id,
        "with": found.other.name,
        "role": Chosen(found.role, _("the coach") if found.role is Role.COACH else _("the client")),
        "state": Chosen(found.state, _state(found.state)),
        "created_at": row.created_at,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "end_reason": store.end_reason(db, row, now),
        "destroy_at": row.destroy_at,
    }


def _state(state: EngagementState) -> str:
    return {
        EngagementState.PROPOSED: _("proposed"),
        EngagementState.ACTIVE: _("active"),
        EngagementState.DECLINED: _("answered with “Not now”"),
        EngagementState.ENDED: _("ended"),
        EngagementState.ERASED: _("erased"),
    }[state]


def agreements(db: Transaction, person: Person, now: datetime) -> Chapter:
    """Until both have signed, a version is the words of whoever wrote it."""
    records = [
        _agreement(db, found, row, now)
        for found in memberships(db, person, only_active=False)
        for row in _versions(db, found.engagement_id)
    ]
    return Chapter(
        name="agreements",
        title=_("What you agreed"),
        labels={
            "version": _("Version"),
            "by": _("Written by"),
            "purpose": _("What you work on"),
            "coach_does": _("What the coach does"),
            "client_does": _("What the client does"),
            "cadence": _("How often"),
            "shares": _("What the client shares at first"),
            "retention_months": _("Months that it is kept after the end"),
            "coach_signed_at": _("Signed by the coach"),
            "client_signed_at": _("Signed by the client"),
        },
        records=records,
        read_as=Kind.AGREEMENT,
        of_both={str(each["id"]) for each in records if each["coach_signed_at"] and each["client_signed_at"]},
    )


def _versions(db: Transaction, engagement_id: str) -> list[AgreementRow]:
    """Each was written for both to read."""
    rows = select(AgreementRow).where(AgreementRow.engagement_id == engagement_id)
    return list(db.scalars(rows.order_by(AgreementRow.version)))


def _agreement(db: Transaction, found: Membership, row: AgreementRow, now: datetime) -> Record:
    agreement = store.opened(db, row, now)
    terms = agreement.terms
    return {
        "id": row.id,
        "engagement": row.engagement_id,
        "version": row.version,
        "by": by(found, row.written_by),
        "purpose": terms.purpose,
        "coach_does": terms.coach_does,
        "client_does": terms.client_does,
        "cadence": Chosen(terms.cadence, say_cadence(terms.cadence)),
        "shares": [Chosen(each, say_shared(each)) for each in Shared if each in terms.shares],
        "retention_months": terms.retention_months,
        "created_at": row.created_at,
        "coach_signed_at": row.coach_signed_at,
        "client_signed_at": row.client_signed_at,
    }


def openings(db: Transaction, person: Person, now: datetime) -> Chapter:
    """Who opened what the other shares: the other of theirs, and they of the other's."""
    found = {each.engagement_id: each for each in memberships(db, person, only_active=False)}
    return Chapter(
        name="openings",
        title=_("Who opened what"),
        labels={"opened_at": _("When"), "by": _("Who"), "kind": _("What")},
        records=[
            {
                "engagement": engagement_id,
                "by": by(found[engagement_id], row.reader_id),
                "kind": Chosen(row.kind, _kind(row.kind)),
                "object": row.object_id,
                "opened_at": row.opened_at,
            }
            for engagement_id, row in openings_of(db, found)
        ],
    )


def _kind(kind: str) -> str:
    return {
        "prep": _("a preparation"),
        "checkin": _("a check-in"),
        "wrapup": _("what was taken away from a session"),
        "commitment": _("a commitment"),
    }.get(kind, _("something shared"))
