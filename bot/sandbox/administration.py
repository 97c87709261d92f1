"""What happens to accounts and to the installation: zones change, people leave, the app is removed."""

import zoneinfo
from datetime import datetime
from typing import Any

from bot.sandbox.deliveries import Deliveries
from bot.sandbox.errors import NotPossible
from bot.sandbox.methods.dnd import status_of
from bot.sandbox.people import BOT_USER_ID, Person
from bot.sandbox.tokens import Tokens
from bot.sandbox.workspace import Workspace


class Administration:
    """Changes the workspace and tells the app, as far as it subscribed."""

    def __init__(self, workspace: Workspace, deliveries: Deliveries, tokens: Tokens) -> None:
        self._workspace, self._deliveries, self._tokens = workspace, deliveries, tokens

    async def change_person(self, user: str, *, tz: str | None = None, deleted: bool | None = None) -> None:
        """Move a person to another time zone, deactivate or reactivate the account."""
        person = self._workspace.people.get(user)
        if person is None or user == BOT_USER_ID:
            raise NotPossible("There is no such person to change.")
        if tz is not None:
            person.tz = _known(tz)
        if deleted is not None:
            self._set_deleted(person, deleted)
        person.updated = int(self._workspace.clock.now().timestamp())
        self._workspace.changes.tell()
        event = {
            "type": "user_change",
            "user": person.payload(self._workspace.clock.now(), with_locale=True),
            "cache_ts": person.updated,
            "event_ts": self._workspace.next_ts(),
        }
        await self._tell("user_change", event)

    async def disturb_not(self, user: str, starts_at: datetime | None, ends_at: datetime | None) -> None:
        """Turn a person's do-not-disturb on for this time, or (None) off."""
        person = self._workspace.people[user]
        person.dnd = (int(starts_at.timestamp()), int(ends_at.timestamp())) if starts_at and ends_at else None
        status = {"type": "dnd_updated_user", "user": user, "dnd_status": status_of(person)}
        if "dnd:read" in self._workspace.app.scopes:
            await self._tell("dnd_updated_user", status)

    async def uninstall(self) -> None:
        """Remove the app: its tokens end, then it is told."""
        space = self._workspace
        team_id = None if space.app.is_org_wide else space.team.id
        self._tokens.end(team_id, space.team.enterprise_id)
        space.app.installed = False
        self._workspace.modals.clear()
        self._workspace.changes.tell()
        tokens = {"oauth": [], "bot": [BOT_USER_ID]}
        await self._tell("tokens_revoked", {"type": "tokens_revoked", "tokens": tokens})
        await self._tell("app_uninstalled", {"type": "app_uninstalled"})

    def _set_deleted(self, person: Person, deleted: bool) -> None:
        person.deleted = deleted
        if deleted:
            self._workspace.modals.pop(person.id, None)

    async def _tell(self, subscription: str, event: dict[str, Any]) -> None:
        if self._workspace.app.subscribes(subscription):
            event.setdefault("event_ts", self._workspace.next_ts())
            await self._deliveries.event(event, self._workspace)


def _known(tz: str) -> str:
    if tz not in zoneinfo.available_timezones():
        raise NotPossible(f"{tz} is not a time zone.")
    return tz
