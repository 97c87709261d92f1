"""users.info and users.list."""

from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.call import Call
from bot.sandbox.paging import page_of


def info(call: Call) -> dict[str, Any]:
    """One account, with its locale where asked for."""
    person = call.workspace.people.get(call.args.required("user"))
    if person is None:
        raise SlackError("user_not_found")
    now = call.workspace.clock.now()
    return {"user": person.payload(now, with_locale=call.args.flag("include_locale"))}


def list_(call: Call) -> dict[str, Any]:
    """The accounts, page by page."""
    now, with_locale = call.workspace.clock.now(), call.args.flag("include_locale")
    everyone = [p.payload(now, with_locale=with_locale) for p in call.workspace.people.values()]
    found, cursor = page_of(everyone, call.args)
    return {"members": found, "cache_ts": int(now.timestamp()), "response_metadata": {"next_cursor": cursor}}
