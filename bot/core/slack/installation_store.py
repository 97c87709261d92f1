"""The installations table, behind slack_sdk's interface: one row for each workspace, or organisation, tokens sealed.

Each row's tokens are sealed with a data key of their own, which is destroyed when the installation ends. growbot asks for no
tokens of people, so who installed it is noted, and is no part of the key.
"""

import logging
from datetime import UTC, datetime, timedelta
from functools import partial

from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation as SlackInstallation
from sqlalchemy import String, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.clock import Clock
from bot.core.database import Base, Database, Sealed, Transaction, insert_once, new_id
from bot.core.vault import Sealer

NONE = ""
"""In a key: no organisation, or the whole of it. NULL would not be unique."""
AHEAD = timedelta(hours=2)
"""How long before its end a token is exchanged for the next one; it lasts 12 hours (docs: using-token-rotation)."""


class InstallationRow(Base):
    """`next_rotation_at`: when the token is to be exchanged; None for one that does not end."""

    __tablename__ = "installations"
    __table_args__ = (UniqueConstraint("team_id", "enterprise_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    enterprise_id: Mapped[str] = mapped_column(String(20))
    team_id: Mapped[str] = mapped_column(String(20))
    app_id: Mapped[str] = mapped_column(String(20))
    bot_id: Mapped[str] = mapped_column(String(20))
    bot_user_id: Mapped[str] = mapped_column(String(20))
    scopes: Mapped[str] = mapped_column(String(1000))
    installed_by: Mapped[str] = mapped_column(String(20))
    installed_at: Mapped[datetime]
    token: Mapped[bytes] = mapped_column(Sealed)
    refresh_token: Mapped[bytes | None] = mapped_column(Sealed)
    expires_at: Mapped[datetime | None]
    next_rotation_at: Mapped[datetime | None] = mapped_column(index=True)


# --- statements, inside a transaction -----------------------------------------------------------------


def save(db: Transaction, installation: SlackInstallation, now: datetime) -> InstallationRow:
    """In place of an earlier one of the same workspace or organisation, whose tokens are destroyed."""
    team_id = NONE if installation.is_enterprise_install else installation.team_id or NONE
    enterprise_id = installation.enterprise_id or NONE
    expires_at = _instant(installation.bot_token_expires_at)
    row_id = new_id()
    sealer = db.vault.begin(db, owner(row_id), now, team_id=team_id or enterprise_id)
    values = {
        "app_id": installation.app_id or "",
        "bot_id": installation.bot_id or "",
        "bot_user_id": installation.bot_user_id or "",
        "scopes": ",".join(installation.bot_scopes or ()),
        "installed_by": installation.user_id,
        "installed_at": now,
        "token": sealer.seal(InstallationRow.token, row_id, installation.bot_token or ""),
        "refresh_token": sealer.seal_optional(
            InstallationRow.refresh_token, row_id, installation.bot_refresh_token
        ),
        "expires_at": expires_at,
        "next_rotation_at": rotation_at(expires_at, now) if installation.bot_refresh_token else None,
    }
    key = {"team_id": team_id, "enterprise_id": enterprise_id}
    forget(db, enterprise_id, team_id, now)
    while not insert_once(db, InstallationRow, id=row_id, **key, **values):
        forget(db, enterprise_id, team_id, now)  # another process saved one just now: this one is newer
    return db.get_one(InstallationRow, row_id)


def find(db: Transaction, enterprise_id: str | None, team_id: str | None) -> InstallationRow | None:
    """The workspace's own installation; otherwise that of the organisation which it belongs to.

    A workspace is known by its own id alone: it may have joined its organisation after it was installed in.
    """
    own = and_(InstallationRow.team_id == (team_id or NONE), InstallationRow.team_id != NONE)
    whole = and_(InstallationRow.enterprise_id == (enterprise_id or NONE), InstallationRow.team_id == NONE)
    found = select(InstallationRow).where(or_(own, and_(whole, InstallationRow.enterprise_id != NONE)))
    newest_own_first = (InstallationRow.team_id.desc(), InstallationRow.installed_at.desc())
    return db.scalar(found.order_by(*newest_own_first).limit(1))


def forget(
    db: Transaction,
    enterprise_id: str | None,
    team_id: str | None,
    now: datetime,
    *,
    before: datetime | None = None,
) -> int:
    """Destroy the tokens of a workspace, or of a whole organisation (no `team_id`). Returns how many installations went.

    `before`: only what was installed by then, because what is told of may have been mended meanwhile.
    """
    mine = InstallationRow.team_id == (team_id or NONE)
    if not team_id:
        mine = and_(mine, InstallationRow.enterprise_id == (enterprise_id or NONE))
    if before is not None:
        mine = and_(mine, InstallationRow.installed_at <= before)
    rows = db.scalars(select(InstallationRow).where(mine).with_for_update()).all()
    for row in rows:
        db.vault.destroy(db, owner(row.id), now)
        db.delete(row)
    db.flush()
    return len(rows)


def token_of(db: Transaction, row: InstallationRow, now: datetime) -> str:
    return sealer_of(db, row, now).open(InstallationRow.token, row.id, row.token)


def refresh_token_of(db: Transaction, row: InstallationRow, now: datetime) -> str | None:
    sealer = sealer_of(db, row, now)
    return sealer.open_optional(InstallationRow.refresh_token, row.id, row.refresh_token)


def sealer_of(db: Transaction, row: InstallationRow, now: datetime) -> Sealer:
    return db.vault.sealer(db, owner(row.id), now, team_id=row.team_id or row.enterprise_id)


def owner(installation_id: str) -> str:
    """Whose data key seals the tokens of one installation."""
    return f"installation:{installation_id}"


def rotation_at(expires_at: datetime | None, now: datetime) -> datetime | None:
    """When to exchange a token: `AHEAD`, or at half time if it does not last that long."""
    return None if expires_at is None else max(expires_at - AHEAD, now + (expires_at - now) / 2)


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


# --- slack_sdk's interface ----------------------------------------------------------------------------


class SealedInstallationStore(AsyncInstallationStore):
    """Exactly what is asked for: who looks for a workspace gets no organisation's. `find` does both."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    @property
    def logger(self) -> logging.Logger:
        return logging.getLogger(__name__)

    async def async_save(self, installation: SlackInstallation) -> None:
        await self._database.run(lambda db: _discard(save(db, installation, self._clock.now())))

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        found = await self.async_find_installation(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )
        return found.to_bot() if found else None

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> SlackInstallation | None:
        """With `user_id`: only if that person installed it."""
        team = None if is_enterprise_install else team_id
        found = await self._database.run(
            partial(_exactly, enterprise_id=enterprise_id, team_id=team, now=self._clock.now())
        )
        return found if found is None or user_id in (None, found.user_id) else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self._database.run(lambda db: forget(db, enterprise_id, team_id, self._clock.now()))

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Of one person there is nothing to delete: growbot has tokens of nobody but its bot."""
        if user_id is None:
            await self.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)


def _exactly(
    db: Transaction, *, enterprise_id: str | None, team_id: str | None, now: datetime
) -> SlackInstallation | None:
    row = find(db, enterprise_id, team_id)
    if row is None or row.team_id != (team_id or NONE):
        return None
    return SlackInstallation(
        app_id=row.app_id,
        enterprise_id=row.enterprise_id or None,
        team_id=row.team_id or None,
        bot_token=token_of(db, row, now),
        bot_id=row.bot_id,
        bot_user_id=row.bot_user_id,
        bot_scopes=row.scopes,
        bot_refresh_token=refresh_token_of(db, row, now),
        bot_token_expires_at=int(row.expires_at.timestamp()) if row.expires_at else None,
        user_id=row.installed_by,
        is_enterprise_install=row.team_id == NONE,
        installed_at=row.installed_at.timestamp(),
    )


def _discard(_row: object) -> None:
    """slack_sdk expects nothing."""
