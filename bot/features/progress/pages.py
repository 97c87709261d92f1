"""Where Slack fetches a picture for whoever looks at the form that shows it."""

import asyncio

from aiohttp import web

from bot.core.database import DatabaseUnavailable
from bot.core.pages import Page
from bot.core.rendering import png
from bot.core.slack.requests import Services
from bot.features.progress import ticket

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


async def show(services: Services, request: web.Request) -> web.Response:
    token, now = request.match_info["token"], services.clock.now()
    try:
        svg = await services.database.run(lambda db: ticket.opened(db, token, now))
    except DatabaseUnavailable:
        return web.Response(status=503, headers=HEADERS)
    if svg is None:
        return web.Response(status=404, headers=HEADERS)
    drawn = await asyncio.to_thread(png, svg)
    return web.Response(body=drawn, content_type="image/png", headers=HEADERS)


PICTURE = Page(f"{ticket.PATH}/{{token}}.png", show)
