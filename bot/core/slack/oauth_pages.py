"""What a browser shows while growbot is being installed: plain pages that say what to do next. No scripts, nothing from elsewhere."""

import base64
import hashlib
import html
from collections.abc import Sequence

from aiohttp import web

from bot.core.i18n import current_locale
from bot.core.i18n import gettext as _

STYLE = "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}"
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the address holds the state and the code
    "Cache-Control": "no-store",
}


def installed(where: str, app_link: str) -> web.Response:
    return page(
        200,
        _("growbot is in {where}").format(where=where),
        [
            _("You can close this page."),
            _("In Slack, type /grow start @colleague to propose working together, or /grow to see the rest."),
        ],
        link=(app_link, _("Open it in Slack")),
    )


def cancelled() -> web.Response:
    return page(200, _("Nothing was installed"), [_("You chose not to, and nothing was kept.")], again=True)


def not_yours() -> web.Response:
    """Unknown, used, too old, or begun in another browser: who asks is not told which."""
    return page(
        400,
        _("This can't be finished any more"),
        [
            _(
                "Installing has to be finished within ten minutes, once, and in the browser in which it began, with "
                "cookies allowed. Nothing was saved."
            )
        ],
        again=True,
    )


def refused() -> web.Response:
    return page(
        400,
        _("Slack didn't accept this"),
        [
            _("Nothing was saved. Beginning anew usually helps."),
            _("If it happens again, please tell whoever runs growbot: its client id or secret may be wrong."),
        ],
        again=True,
    )


def scopes_missing(names: str) -> web.Response:
    return page(
        400,
        _("growbot can't work like this"),
        [_("It was not allowed to use {names}. Nothing was saved.").format(names=names)],
        again=True,
    )


def unreachable() -> web.Response:
    return page(
        502, _("Slack didn't answer"), [_("Nothing was saved. Please try again in a minute.")], again=True
    )


def not_kept() -> web.Response:
    return page(
        503,
        _("growbot can't save anything at the moment"),
        [
            _(
                "Nothing was saved. Please begin anew in a few minutes; there is nothing to remove in Slack before."
            )
        ],
        again=True,
    )


def page(
    status: int,
    headline: str,
    sentences: Sequence[str],
    *,
    link: tuple[str, str] | None = None,
    again: bool = False,
) -> web.Response:
    """`again`: offer to begin anew."""
    if again:
        link = ("/slack/install", _("Begin anew"))
    anchor = f'<p><a href="{html.escape(link[0])}">{html.escape(link[1])}</a></p>' if link else ""
    text = "".join(f"<p>{html.escape(sentence, quote=False)}</p>" for sentence in sentences)
    title = html.escape(headline, quote=False)
    body = (
        f'<!doctype html><html lang="{current_locale()[:2]}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}</style><h1>{title}</h1>{text}{anchor}</html>"
    )
    return web.Response(status=status, text=body, content_type="text/html", headers=HEADERS)
