"""Socket Mode, closed only when what has come in is answered."""

import asyncio
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler


class Socket(AsyncSocketModeHandler):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._under_way = 0
        self._changed = asyncio.Event()

    async def handle(self, client: Any, req: Any) -> None:
        """From what Slack sent until the answer is out."""
        self._under_way += 1
        try:
            await super().handle(client, req)
        finally:
            self._under_way -= 1
            self._changed.set()

    async def open(self) -> None:
        await self.connect_async()  # type: ignore[no-untyped-call]  # Bolt's

    async def close(self) -> None:
        await self.close_async()  # type: ignore[no-untyped-call]  # Bolt's

    async def answered(self) -> None:
        """Returns when nothing that came in is without its answer."""
        while self._under_way:
            self._changed.clear()
            await self._changed.wait()
