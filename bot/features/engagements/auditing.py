"""Whether the access log is what growbot wrote: every chain of it, and that none is missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.core.database import Transaction
from bot.core.errors import PermanentError
from bot.core.vault import DataKeyRow, engagement_owner
from bot.features.engagements.access import (
    ERASED,
    INSTALLATION,
    OPERATOR,
    AccessRow,
    ChainRow,
    chain_key,
    entries_of,
    head_of,
    record,
)
from bot.features.engagements.chain import ACCEPTED, Flaw, Head, first_flaw
from bot.features.engagements.domain import EngagementState
from bot.features.engagements.store import EngagementRow


@dataclass(frozen=True, slots=True)
class Checked:
    """`is_gone`: the engagement was erased, and its entries and their key with it."""

    chain: str
    engagement_id: str | None
    count: int
    flaw: Flaw | None
    is_gone: bool = False

    @property
    def line(self) -> str:
        if self.flaw is None:
            state = "gone with its key: erased" if self.is_gone else f"ok, {self.count} entries"
        else:
            state = f"BROKEN at entry {self.flaw.seq} of {self.count}: {self.flaw.what}"
        return f"{self.chain}  {state}"


def check(db: Transaction, now: datetime) -> list[Checked]:
    """Every engagement's chain, the oldest first; then the installation's; then what belongs to none."""
    engagements = db.scalars(select(EngagementRow).order_by(EngagementRow.created_at, EngagementRow.id)).all()
    erasures = {each.object_id for each in entries_of(db, INSTALLATION) if each.kind == ERASED}
    checked = [_of_engagement(db, row, row.id in erasures, now) for row in engagements]
    if entries_of(db, INSTALLATION) or _head(db, INSTALLATION):
        checked.append(_examined(db, INSTALLATION, None, now))
    return [*checked, *_stray(db, {INSTALLATION, *(each.chain for each in checked)})]


def accept(db: Transaction, now: datetime) -> list[Checked]:
    """Begin anew, from what is there, every chain that is broken and whose key is there. Returns how they were."""
    broken = [each for each in check(db, now) if each.flaw is not None]
    for each in broken:
        if each.is_gone:
            record(db, None, OPERATOR, ERASED, str(each.engagement_id), now)
        elif _is_keyed(db, each.chain):
            record(db, each.engagement_id, OPERATOR, ACCEPTED, each.chain[-32:], now)
    return broken


def _of_engagement(db: Transaction, row: EngagementRow, is_recorded: bool, now: datetime) -> Checked:
    chain = engagement_owner(row.id)
    if row.state != EngagementState.ERASED:
        return _examined(db, chain, row.id, now)
    if _is_keyed(db, chain) or entries_of(db, chain):
        return Checked(chain, row.id, len(entries_of(db, chain)), Flaw(0, "it is erased, but not all of it"))
    flaw = None if is_recorded else Flaw(0, "its erasure is not on record")
    return Checked(chain, row.id, 0, flaw, is_gone=True)


def _examined(db: Transaction, chain: str, engagement_id: str | None, now: datetime) -> Checked:
    entries = entries_of(db, chain)
    if not _is_keyed(db, chain):
        flaw: Flaw | None = Flaw(0, "its key is gone, though it was not erased")
    else:
        try:
            key = chain_key(db, chain, now)
        except PermanentError as error:
            flaw = Flaw(0, f"its key does not open ({type(error).__name__})")
        else:
            flaw = first_flaw(key, _head(db, chain), entries)
    return Checked(chain, engagement_id, len(entries), flaw)


def _head(db: Transaction, chain: str) -> Head | None:
    row = db.view_one(_END, {"chain": chain})
    return head_of(row) if row else None


_END = select(ChainRow).where(ChainRow.chain == bindparam("chain"))


def _is_keyed(db: Transaction, chain: str) -> bool:
    key = select(DataKeyRow.owner).where(DataKeyRow.owner == chain, DataKeyRow.wrapped.is_not(None))
    return db.scalar(key) is not None


def _stray(db: Transaction, known: set[str]) -> Iterator[Checked]:
    named: Sequence[str] = [
        *db.scalars(select(AccessRow.chain).distinct()),
        *db.scalars(select(ChainRow.chain)),
    ]
    for chain in sorted(set(named) - known):
        yield Checked(chain, None, len(entries_of(db, chain)), Flaw(0, "it belongs to no engagement"))
