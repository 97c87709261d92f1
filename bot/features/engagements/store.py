"""Engagements and the versions of their agreements. What people wrote is sealed with the engagement's key."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    delete,
    not_,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from bot.core.database import Base, Sealed, Transaction, new_id
from bot.core.due import due_rows, earliest
from bot.core.partial_index import partial_index
from bot.core.vault import Sealer, engagement_owner
from bot.features.engagements.domain import Agreement, Cadence, EngagementState, Role, Shared, Terms
from bot.features.people.store import begin_own, own_sealer

OPEN = "state IN ('proposed', 'active')"


class EngagementRow(Base):
    __tablename__ = "engagements"
    __table_args__ = (
        # One open engagement for a pair, whoever of the two is the coach.
        partial_index("uq_engagements_pair", "pair", where=OPEN, unique=True),
        Index("ix_engagements_coach_id", "coach_id"),
        Index("ix_engagements_client_id", "client_id"),
        Index("ix_engagements_next_retention_at", "next_retention_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    team_id: Mapped[str] = mapped_column(String(20))
    coach_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    client_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    pair: Mapped[str] = mapped_column(String(65))
    proposed_by: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(10), default=EngagementState.PROPOSED)
    shares: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(32))
    end_reason: Mapped[bytes | None] = mapped_column(Sealed)
    destroy_at: Mapped[datetime | None]
    next_retention_at: Mapped[datetime | None]
    """When that is to be announced, then when it is to be done; None before the end, and afterwards."""


class AgreementRow(Base):
    """One version. Never changed once both have signed: a change is a new version.

    Above the newest that both have signed there is at most one: a change that one of them proposes. It is deleted when it
    comes to nothing.
    """

    __tablename__ = "agreements"
    __table_args__ = (UniqueConstraint("engagement_id", "version"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagements.id"))
    version: Mapped[int]
    purpose: Mapped[bytes] = mapped_column(Sealed)
    coach_does: Mapped[bytes] = mapped_column(Sealed)
    client_does: Mapped[bytes] = mapped_column(Sealed)
    cadence: Mapped[str] = mapped_column(String(12))
    shares: Mapped[str] = mapped_column(String(60))
    retention_months: Mapped[int]
    written_by: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    coach_signed_at: Mapped[datetime | None]
    client_signed_at: Mapped[datetime | None]

    def sign(self, role: Role, now: datetime) -> None:
        if role is Role.COACH:
            self.coach_signed_at = now
        else:
            self.client_signed_at = now

    @property
    def held_since(self) -> datetime:
        """Of one that both have signed."""
        assert self.coach_signed_at is not None
        assert self.client_signed_at is not None
        return max(self.coach_signed_at, self.client_signed_at)


_BY_ID = select(EngagementRow).where(EngagementRow.id == bindparam("id"))
_OF_PERSON = (
    select(EngagementRow)
    .where(
        or_(
            EngagementRow.coach_id == bindparam("person_id"),
            EngagementRow.client_id == bindparam("person_id"),
        )
    )
    .order_by(EngagementRow.created_at)
)


def role_of(row: EngagementRow, person_id: str) -> Role | None:
    return {row.coach_id: Role.COACH, row.client_id: Role.CLIENT}.get(person_id)


def pair_key(one: str, other: str) -> str:
    return ":".join(sorted((one, other)))


def open_of_pair(db: Transaction, one: str, other: str) -> EngagementRow | None:
    same = select(EngagementRow).where(EngagementRow.pair == pair_key(one, other), text(OPEN))
    return db.scalar(same)


def declined_at(db: Transaction, asked_by: str, other: str) -> datetime | None:
    """When this other one last answered the person's proposal with “Not now”."""
    rows = [row for row in of_person(db, asked_by) if row.pair == pair_key(asked_by, other)]
    answers = [
        row.ended_at for row in rows if row.state == EngagementState.DECLINED and row.ended_by == other
    ]
    return max((at for at in answers if at is not None), default=None)


def by_id(db: Transaction, engagement_id: str) -> EngagementRow | None:
    """To be looked at; `locked` is for changing it."""
    return db.steady((EngagementRow, engagement_id), lambda: db.view_one(_BY_ID, {"id": engagement_id}))


def locked(db: Transaction, engagement_id: str) -> EngagementRow | None:
    """As it is now, and nobody else changes it before this transaction ends: two may answer at the same moment."""
    db.changed.add((EngagementRow, engagement_id))
    return db.get(EngagementRow, engagement_id, with_for_update=True, populate_existing=True)


def of_person(db: Transaction, person_id: str) -> Sequence[EngagementRow]:
    """All of a person's engagements, the newest last; to be looked at."""
    rows = db.view(_OF_PERSON, {"person_id": person_id})
    return [db.note((EngagementRow, row.id), row) for row in rows]


def due_for_retention(db: Transaction, now: datetime, limit: int) -> Sequence[EngagementRow]:
    rows = due_rows(db, EngagementRow, EngagementRow.next_retention_at, now, limit, EngagementRow.id)
    db.changed |= {(EngagementRow, row.id) for row in rows}
    return rows


def retained_until(db: Transaction, until: datetime) -> Sequence[EngagementRow]:
    """Those to which something happens by then."""
    due = select(EngagementRow).where(EngagementRow.next_retention_at <= until)
    return db.scalars(due.order_by(EngagementRow.next_retention_at, EngagementRow.id)).all()


def next_retention_at(db: Transaction) -> datetime | None:
    return earliest(db, EngagementRow.next_retention_at)


def erase(db: Transaction, engagement_id: str) -> None:
    """Delete every row that hangs on the engagement by foreign keys, of whatever feature; the engagement itself stays.

    The tables say by themselves what that is, so a new one cannot be forgotten here.
    """
    for table in reversed(Base.metadata.sorted_tables):
        of_it = _hanging(table, engagement_id)
        if of_it is not None:
            db.execute(delete(table).where(of_it))
    db.expire_all()


def _hanging(table: Table, engagement_id: str) -> ColumnElement[bool] | None:
    """Which rows of a table belong to the engagement, directly or by what they belong to; None: it has no such rows."""
    for key in sorted(table.foreign_keys, key=lambda each: each.parent.name):
        parent = key.column.table
        if parent is EngagementRow.__table__:
            return key.parent == engagement_id
        above = _hanging(parent, engagement_id)
        if above is not None:
            return key.parent.in_(select(key.column).where(above))
    return None


def _is_signed(of: type[AgreementRow]) -> ColumnElement[bool]:
    return and_(of.coach_signed_at.is_not(None), of.client_signed_at.is_not(None))


_HELD = aliased(AgreementRow)
_CHANGES = select(AgreementRow).where(
    not_(_is_signed(AgreementRow)),
    select(_HELD.id)
    .where(_HELD.engagement_id == AgreementRow.engagement_id, _HELD.version < AgreementRow.version)
    .where(_is_signed(_HELD))
    .exists(),
)
_CHANGE_OF = _CHANGES.where(AgreementRow.engagement_id == bindparam("engagement_id"))
_CHANGES_FOR = (
    _CHANGES.join(EngagementRow, EngagementRow.id == AgreementRow.engagement_id)
    .where(
        or_(
            EngagementRow.coach_id == bindparam("person_id"),
            EngagementRow.client_id == bindparam("person_id"),
        )
    )
    .where(AgreementRow.written_by != bindparam("person_id"))
    .with_only_columns(AgreementRow.engagement_id)
)


def latest_agreement(db: Transaction, engagement_id: str) -> AgreementRow:
    """The newest version that both have signed, for that one holds; before there is one, the newest."""
    versions = select(AgreementRow).where(AgreementRow.engagement_id == engagement_id)
    in_order = versions.order_by(case((_is_signed(AgreementRow), 0), else_=1), AgreementRow.version.desc())
    return db.scalars(in_order.limit(1)).one()


def signed_agreements(db: Transaction, engagement_id: str) -> Sequence[AgreementRow]:
    """Every version that ever held, the first one first."""
    signed = select(AgreementRow).where(AgreementRow.engagement_id == engagement_id, _is_signed(AgreementRow))
    return db.scalars(signed.order_by(AgreementRow.version)).all()


def change_of(db: Transaction, engagement_id: str) -> AgreementRow | None:
    """The version that one of the two proposes instead of the one that holds."""
    return db.scalar(_CHANGE_OF, {"engagement_id": engagement_id})


def changes_for(db: Transaction, person_id: str) -> set[str]:
    """The engagements in which a change waits for this person."""
    return db.once_read(
        ("changes for", person_id), lambda: set(db.view(_CHANGES_FOR, {"person_id": person_id}))
    )


def has_no_agreement(db: Transaction, engagement_id: str) -> bool:
    any_version = select(AgreementRow.id).where(AgreementRow.engagement_id == engagement_id)
    return db.scalar(any_version.limit(1)) is None


def agreement_before(db: Transaction, engagement_id: str, version: int) -> AgreementRow | None:
    earlier = select(AgreementRow).where(AgreementRow.engagement_id == engagement_id)
    return db.scalar(earlier.where(AgreementRow.version == version - 1))


def add_agreement(
    db: Transaction, engagement: EngagementRow, version: int, terms: Terms, written_by: str, now: datetime
) -> AgreementRow:
    if version == 1:
        db.vault.begin(db, engagement_owner(engagement.id), now, team_id=engagement.team_id)
    sealer, row_id = sealer_of(db, engagement.id, now), new_id()
    row = AgreementRow(
        id=row_id,
        engagement_id=engagement.id,
        version=version,
        purpose=sealer.seal(AgreementRow.purpose, row_id, terms.purpose),
        coach_does=sealer.seal(AgreementRow.coach_does, row_id, terms.coach_does),
        client_does=sealer.seal(AgreementRow.client_does, row_id, terms.client_does),
        cadence=terms.cadence,
        shares=shares_text(terms.shares),
        retention_months=terms.retention_months,
        written_by=written_by,
        created_at=now,
    )
    db.add(row)
    db.flush()
    return row


def sealer_of(db: Transaction, engagement_id: str, now: datetime) -> Sealer:
    """Of an engagement's words, in the workspace that it belongs to."""
    row = by_id(db, engagement_id) or db.get_one(EngagementRow, engagement_id)
    return db.vault.sealer(db, engagement_owner(engagement_id), now, team_id=row.team_id)


def sealer_at(db: Transaction, engagement_id: str | None, owner_id: str, now: datetime) -> Sealer:
    """Of what a person keeps in an engagement, or (None) alone already."""
    return sealer_of(db, engagement_id, now) if engagement_id else own_sealer(db, owner_id, now)


def begin_at(db: Transaction, engagement_id: str | None, owner_id: str, now: datetime) -> Sealer:
    """As sealer_at, for what is new: alone, a data key may have to be made first."""
    return sealer_of(db, engagement_id, now) if engagement_id else begin_own(db, owner_id, now)


def opened(db: Transaction, row: AgreementRow, now: datetime) -> Agreement:
    sealer = sealer_of(db, row.engagement_id, now)
    terms = Terms(
        purpose=sealer.open(AgreementRow.purpose, row.id, row.purpose),
        coach_does=sealer.open(AgreementRow.coach_does, row.id, row.coach_does),
        client_does=sealer.open(AgreementRow.client_does, row.id, row.client_does),
        cadence=Cadence(row.cadence),
        shares=shares_of(row.shares),
        retention_months=row.retention_months,
    )
    signed_at = {Role.COACH: row.coach_signed_at, Role.CLIENT: row.client_signed_at}
    return Agreement(row.id, row.version, terms, row.written_by, row.created_at, signed_at)


def seal_end_reason(db: Transaction, row: EngagementRow, reason: str | None, now: datetime) -> None:
    sealer = sealer_of(db, row.id, now)
    row.end_reason = sealer.seal_optional(EngagementRow.end_reason, row.id, reason)


def end_reason(db: Transaction, row: EngagementRow, now: datetime) -> str | None:
    sealer = sealer_of(db, row.id, now)
    return sealer.open_optional(EngagementRow.end_reason, row.id, row.end_reason)


def shares_text(shares: frozenset[Shared]) -> str:
    return ",".join(sorted(shares))


def shares_of(text_: str) -> frozenset[Shared]:
    return frozenset(Shared(each) for each in text_.split(",") if each)
