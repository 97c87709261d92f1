"""Listening for requests, and hanging up in good order."""

from collections.abc import Callable

from aiohttp import web

from bot.core.errors import PermanentError

ANSWERING_SECONDS = 3.0
"""Slack waits no longer for an answer."""


REQUESTS = ("HOST", "PORT")
METRICS = ("GROWBOT_METRICS_HOST", "GROWBOT_METRICS_PORT")


class PortUnavailable(PermanentError):
    """Nothing can be listened for there; the names of the two settings, and the system's answer as the cause."""

    def __init__(self, names: tuple[str, str]) -> None:
        super().__init__(*names)
        self.names = names


def runner(app: web.Application, is_stopping: Callable[[], bool]) -> web.AppRunner:
    """Once growbot is stopping, each answer ends its connection: the next request goes elsewhere."""

    async def hang_up_when_stopping(_request: web.Request, response: web.StreamResponse) -> None:
        if is_stopping():
            response.force_close()
            response.headers["Connection"] = "close"  # aiohttp has looked whether to say so before it asks us

    app.on_response_prepare.append(hang_up_when_stopping)
    return web.AppRunner(app, access_log=None, shutdown_timeout=ANSWERING_SECONDS)


async def listen(at: web.AppRunner, host: str, port: int | None, names: tuple[str, str] = REQUESTS) -> None:
    """`names`: of the settings that say where. Raises PortUnavailable."""
    await at.setup()
    try:
        await web.TCPSite(at, host, port).start()
    except OSError as error:
        raise PortUnavailable(names) from error


def port_of(at: web.AppRunner | None) -> int | None:
    return int(at.addresses[0][1]) if at is not None and at.addresses else None
