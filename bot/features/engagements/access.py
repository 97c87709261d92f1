"""Who opened what the other of the pair shared, and what else is worth a line. Append-only, chained, without content.

One chain for each engagement, keyed by its data key, and one for the installation (docs/decisions/0014).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    bindparam,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Transaction, insert_once, new_id
from bot.core.directory import Person
from bot.core.vault import DataKey, DataKeyRow, engagement_owner
from bot.features.engagements.authorization import Kind
from bot.features.engagements.chain import (
    ACCEPTED,
    BEGUN,
    GAP,
    NOTHING,
    Entry,
    Head,
    folded,
    is_proven,
    key_from,
    link,
    proven,
)

INSTALLATION = "installation"
"""The chain of what outlives an engagement. It is also the owner of the data key that it is keyed by."""
ITSELF = "growbot"
OPERATOR = "operator"
ERASED = "erased"
NOT_READING = (BEGUN, ACCEPTED, GAP, *(f"{kind}.{how}" for kind in Kind for how in ("shared", "unshared")))


class AccessRow(Base):
    """`chain` is the owner of the data key that it is keyed by. Triggers refuse UPDATE, and DELETE while that key is there."""

    __tablename__ = "access_log"
    __table_args__ = (
        UniqueConstraint("chain", "seq"),
        Index("ix_access_log_engagement_id", "engagement_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    chain: Mapped[str] = mapped_column(String(80))
    seq: Mapped[int]
    engagement_id: Mapped[str | None] = mapped_column(ForeignKey("engagements.id"))
    reader_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(20))
    object_id: Mapped[str] = mapped_column(String(32))
    opened_at: Mapped[datetime]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    """Empty in what was written before there were chains."""


class ChainRow(Base):
    """Where a chain ends. Who writes the next entry holds a lock on it, so that there is only one next."""

    __tablename__ = "access_chains"

    chain: Mapped[str] = mapped_column(String(80), primary_key=True)
    engagement_id: Mapped[str | None] = mapped_column(ForeignKey("engagements.id"))
    seq: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    mac: Mapped[bytes] = mapped_column(LargeBinary)


def log_access(
    db: Transaction, reader: Person, engagement_id: str, kind: str, object_id: str, now: datetime
) -> None:
    """`reader` opens the `kind` (a Kind, or another word of ours) that the other of the pair shared."""
    record(db, engagement_id, reader.id, kind, object_id, now)


def record(
    db: Transaction, engagement_id: str | None, who: str, kind: str, object_id: str, now: datetime
) -> None:
    """One more entry; the same thing twice at one moment is one. `engagement_id` None: in the installation's chain.

    `who`: a person's id, ITSELF, OPERATOR. Raises what opening the engagement's words raises.
    """
    chain = _chain_of(engagement_id)
    said = (who, kind, object_id, now)
    key = chain_key(db, chain, now)
    growing, is_new = _locked(db, chain, engagement_id)
    if said in growing.said:
        return
    if is_new or kind == ACCEPTED or not is_proven(key, growing.head):
        growing.head = _rewound(db, chain, key)
        if kind not in (BEGUN, ACCEPTED):
            first = BEGUN if chain == INSTALLATION and not growing.head.seq else GAP
            growing.add(key, (ITSELF, first, chain[-32:], now))
    growing.add(key, said)
    db.waiting[chain] = growing.write
    if engagement_id is None:
        db.flush()  # an engagement is about to go, and its entries can't be written after that


def _chain_of(engagement_id: str | None) -> str:
    return engagement_owner(engagement_id) if engagement_id else INSTALLATION


def begin(db: Transaction, engagement_id: str, who: str, now: datetime) -> None:
    """The chain of a new engagement, whose absence is noticed from now on."""
    record(db, engagement_id, who, BEGUN, engagement_id, now)


_TEAM_OF = select(DataKeyRow.team_id).where(DataKeyRow.owner == bindparam("owner"))


def chain_key(db: Transaction, chain: str, now: datetime) -> bytes:
    """Made from the data key of the words that the chain is about; the installation's own is made at its first use."""
    vault, of_no_workspace = db.vault, ""
    if chain == INSTALLATION:
        sealer = vault.begin(db, chain, now, team_id=of_no_workspace)
    else:
        opened_for = next((team_id for team_id, owner in db.sealers if owner == chain), None)
        team_id = opened_for or db.view_one(_TEAM_OF, {"owner": chain})
        sealer = vault.sealer(db, chain, now, team_id=team_id or of_no_workspace)
    assert isinstance(sealer, DataKey)
    return key_from(sealer.key, chain)


Said = tuple[str, str, str, datetime]
"""Who, what, to which, when."""


@dataclass(slots=True)
class _Growing:
    """A chain while this transaction holds the lock on its end, and what it has to add, which is written all at once."""

    head: Head
    engagement_id: str | None
    entries: list[AccessRow] = field(default_factory=list)
    said: set[Said] = field(default_factory=set)

    def add(self, key: bytes, said: Said) -> None:
        who, kind, object_id, at = said
        entry = Entry(self.head.chain, self.head.seq + 1, who, kind, object_id, at, NOTHING)
        digest = link(key, self.head.digest, entry)
        self.head = proven(key, entry.chain, entry.seq, digest)
        self.said.add(said)
        self.entries.append(
            AccessRow(
                chain=entry.chain,
                seq=entry.seq,
                engagement_id=self.engagement_id,
                reader_id=who,
                kind=kind,
                object_id=object_id,
                opened_at=at,
                digest=digest,
            )
        )

    def write(self, db: Transaction) -> None:
        entries, self.entries, head = self.entries, [], self.head
        for entry in entries:
            db.insert(entry)
        db.change(_MOVE, {"of": head.chain, "to": head.seq, "digest": head.digest, "mac": head.mac})


_MOVE = (
    update(ChainRow.__table__)  # type: ignore[arg-type]
    .where(ChainRow.chain == bindparam("of"))
    .values(seq=bindparam("to"), digest=bindparam("digest"), mac=bindparam("mac"))
)


def _locked(db: Transaction, chain: str, engagement_id: str | None) -> tuple[_Growing, bool]:
    """And whether there was none before."""
    held: dict[str, _Growing] = db.info.setdefault("access_chains", {})
    if chain in held:
        return held[chain], False
    found, is_new = db.view_one(_LOCKED, {"chain": chain}), False
    if found is None:
        first = {"engagement_id": engagement_id, "seq": 0, "digest": NOTHING, "mac": NOTHING}
        is_new = insert_once(db, ChainRow, chain=chain, **first)
        found = db.view_one(_LOCKED, {"chain": chain})
    assert found is not None
    held[chain] = _Growing(head_of(found), found.engagement_id)
    return held[chain], is_new


_LOCKED = select(ChainRow).where(ChainRow.chain == bindparam("chain")).with_for_update()


def _rewound(db: Transaction, chain: str, key: bytes) -> Head:
    """The end is what the entries that are there say it is."""
    entries = entries_of(db, chain)
    return proven(key, chain, entries[-1].seq if entries else 0, folded(key, entries))


# --- reading it -------------------------------------------------------------------------------------


def entries_of(db: Transaction, chain: str) -> list[Entry]:
    """The chain is told by the engagement that an entry is listed under: that cannot be changed alone."""
    same = select(AccessRow).where(AccessRow.chain == chain).order_by(AccessRow.seq)
    return [
        Entry(
            _chain_of(row.engagement_id),
            row.seq,
            row.reader_id,
            row.kind,
            row.object_id,
            row.opened_at,
            row.digest,
        )
        for row in db.scalars(same)
    ]


def head_of(row: ChainRow) -> Head:
    return Head(row.chain, row.seq, row.digest, row.mac)


def opened_by_others(
    db: Transaction, engagement_ids: Collection[str], reader_id: str, limit: int
) -> Sequence[AccessRow]:
    """What in these engagements was opened by anybody but this one, the latest first."""
    others = select(AccessRow).where(
        AccessRow.engagement_id.in_(engagement_ids),
        AccessRow.reader_id != reader_id,
        AccessRow.kind.not_in(NOT_READING),
    )
    return db.scalars(others.order_by(AccessRow.opened_at.desc(), AccessRow.kind).limit(limit)).all()


def openings_of(db: Transaction, engagement_ids: Collection[str]) -> Sequence[tuple[str, AccessRow]]:
    """All that was opened in these engagements, by either, the earliest first; each with its engagement."""
    rows = select(AccessRow).where(
        AccessRow.engagement_id.in_(engagement_ids), AccessRow.kind.not_in(NOT_READING)
    )
    found = db.scalars(rows.order_by(AccessRow.opened_at, AccessRow.id)).all()
    return [(row.engagement_id, row) for row in found if row.engagement_id is not None]
