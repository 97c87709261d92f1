"""The one-time link. Looking at it uses nothing up, so that no preview does; only the button takes the export."""

from contextlib import AbstractContextManager
from datetime import datetime
from html import escape

from aiohttp import web

from bot.core.database import DatabaseUnavailable, Transaction
from bot.core.i18n import asked_for, current_locale, in_locale
from bot.core.i18n import gettext as _
from bot.core.pages import Page
from bot.core.slack.requests import Services
from bot.features.rights.delivering import Delivering
from bot.features.rights.files import as_zip

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
}
STYLE = "body{font:1.1rem/1.5 system-ui,sans-serif;margin:3rem auto;max-width:32rem;padding:0 1rem}button{font:inherit;padding:.6rem 1.2rem}"


class Link:
    def __init__(self, delivering: Delivering) -> None:
        self._delivering = delivering

    @property
    def page(self) -> Page:
        return Page("/export/{token}", self.look, self.take)

    async def look(self, services: Services, request: web.Request) -> web.Response:
        """The same for every address, so that it tells nobody which ones there are."""
        with _in_language_of(request):
            text = _("Your export from growbot. It can be downloaded once, with this button.")
            button = f'<form method="post"><button>{escape(_("Download it"))}</button></form>'
            return _page(f"<p>{escape(text)}</p>{button}", 200)

    async def take(self, services: Services, request: web.Request) -> web.Response:
        token, now = request.match_info["token"], services.clock.now()
        try:
            packed = await services.database.run(lambda db: self._packed(db, token, now))
        except DatabaseUnavailable:
            with _in_language_of(request):
                return _refused(503)
        if packed is None:
            with _in_language_of(request):
                return _refused(410)
        disposition = {"Content-Disposition": 'attachment; filename="growbot-export.zip"'}
        return web.Response(body=packed, content_type="application/zip", headers={**HEADERS, **disposition})

    def _packed(self, db: Transaction, token: str, now: datetime) -> bytes | None:
        export = self._delivering.take(db, token, now)
        return as_zip(export) if export else None


def _in_language_of(request: web.Request) -> AbstractContextManager[None]:
    """The browser's: whose export it is, the page does not tell."""
    return in_locale(asked_for(request.headers.get("Accept-Language", "")))


def _refused(status: int) -> web.Response:
    sentence = {
        503: _(
            "The database can't be reached right now, and nothing was used up. Please try again in a minute."
        ),
        410: _(
            "This link was used already, or its time is over. In Slack, growbot's message gives another one."
        ),
    }[status]
    return _page(f"<p>{escape(sentence)}</p>", status)


def _page(body: str, status: int) -> web.Response:
    page = (
        f'<!doctype html><html lang="{current_locale()[:2]}"><head><meta charset="utf-8"><title>growbot</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body>{body}</body></html>"
    )
    return web.Response(text=page, status=status, content_type="text/html", headers=HEADERS)
