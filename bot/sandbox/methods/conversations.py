"""conversations.open, conversations.info and conversations.history."""

from datetime import timedelta
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.messages import Channel, Message
from bot.sandbox.methods.call import Call
from bot.sandbox.paging import page_of
from bot.sandbox.people import BOT_USER_ID


def open_(call: Call) -> dict[str, Any]:
    """Open the app's direct messages with one person."""
    if call.args.text("channel"):
        channel, was_open = call.channel(), True
    else:
        channel, was_open = _opened_with(call)
    described: dict[str, Any] = {"id": channel.id}
    if call.args.flag("return_im"):
        described = _described(channel, call.workspace.team.id)
    already = {"no_op": True, "already_open": True} if was_open else {}
    return {**already, "channel": described}


def _opened_with(call: Call) -> tuple[Channel, bool]:
    users = [u for u in call.args.text("users").split(",") if u]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError(
            "not_enough_users" if users[0] == users[-1] else "method_not_supported_for_channel_type"
        )
    person = call.workspace.people.get(users[0])
    if person is None:
        raise SlackError("user_not_found")
    if person.id == BOT_USER_ID or person.is_bot:
        raise SlackError("cannot_dm_bot")
    if person.deleted:
        raise SlackError("user_disabled")
    if person.is_stranger:
        raise SlackError("user_not_visible")
    was_open = call.workspace.dm_of(person.id) is not None
    return call.workspace.open_dm(person.id), was_open


def info(call: Call) -> dict[str, Any]:
    """One direct-message channel."""
    return {"channel": _described(call.channel(), call.workspace.team.id)}


def _described(channel: Channel, team_id: str) -> dict[str, Any]:
    return {
        "id": channel.id,
        "created": channel.created,
        "is_archived": False,
        "is_im": True,
        "is_org_shared": False,
        "context_team_id": team_id,
        "updated": channel.created * 1000,
        "user": channel.user,
        "is_user_deleted": False,
        "is_open": True,
        "priority": 0,
    }


def history(call: Call) -> dict[str, Any]:
    """What was said, newest first, within `oldest` and `latest`."""
    channel = call.channel()
    found, cursor = page_of(_within(call, channel), call.args, most=999, cut=call.faults.history_page)
    with_metadata = call.args.flag("include_all_metadata")
    answer: dict[str, Any] = {
        "messages": [m.payload(with_metadata=with_metadata) for m in found],
        "has_more": bool(cursor),
        "pin_count": 0,
    }
    for bound in ("oldest", "latest"):
        if call.args.text(bound):
            answer[bound] = call.args.text(bound)
    return {**answer, "response_metadata": {"next_cursor": cursor}} if cursor else answer


def _within(call: Call, channel: Channel) -> list[Message]:
    oldest, latest = _bound(call, "oldest", 0.0), _bound(call, "latest", float("inf"))
    inclusive = call.args.flag("inclusive")
    visible = [m for m in reversed(channel.messages) if not _is_late(m) and not _lags(call, m)]
    inside = [m for m in visible if oldest < _micros(m.ts) < latest]
    edges = [m for m in visible if _micros(m.ts) in (oldest, latest)]
    return [m for m in visible if m in inside or (inclusive and m in edges)]


def _is_late(message: Message) -> bool:
    if message.unread_calls == 0:
        return False
    message.unread_calls -= 1
    return True


def _lags(call: Call, message: Message) -> bool:
    lag, seconds = call.faults.history_lag, float(message.ts)
    return lag > timedelta(0) and seconds > (call.workspace.clock.now() - lag).timestamp()


def _bound(call: Call, name: str, default: float) -> float:
    sent = call.args.text(name)
    if not sent:
        return default
    try:
        return _micros(sent)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _micros(ts: str) -> float:
    """A ts as a whole number of microseconds; a float of seconds would blur neighbours."""
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * 1_000_000 + int((fraction + "000000")[:6])
