"""What is in the way, in one line for whoever runs the server, with how to mend it."""

import errno
import socket
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.app import SocketModeRefused
from bot.core.database import DatabaseUnavailable
from bot.core.master_keys import KeyMissing, KeysUnavailable, KeyWrong
from bot.core.slack.client import error_name
from bot.core.slack.installations import ScopesMissing
from bot.listening import REQUESTS, PortUnavailable

TOO_SLOW = (
    "Slack opened no connection in {seconds} s. Check the network, and that a proxy lets WebSockets through"
)
_PASSING = {"unreadable", "internal_error", "fatal_error", "service_unavailable", "ratelimited"}


@dataclass(frozen=True, slots=True)
class Finding:
    """`is_note`: nothing is wrong, but it is worth a look."""

    subject: str
    line: str
    is_fine: bool = True
    is_note: bool = False


def reason(error: Exception) -> str:
    """One line for whoever runs the server: what it was, and how to mend it."""
    if isinstance(error, SlackApiError):
        return passing(error_name(error)) or (
            f"Slack refuses the token ({error_name(error)}). Copy SLACK_BOT_TOKEN again from OAuth & Permissions"
        )
    if isinstance(error, SocketModeRefused):
        return socket_reason(error.__cause__)
    if isinstance(error, PortUnavailable):
        return port_reason(error.__cause__, error.names)
    if isinstance(error, ScopesMissing):
        return f"missing scopes: {error}. Add them under OAuth & Permissions and reinstall the app"
    if isinstance(error, KeyMissing | KeyWrong):
        return f"the master key {error} is not here, or is another one than it was. Try: growbot keys status"
    if isinstance(error, KeysUnavailable):
        return "what keeps the master keys doesn't answer. Try again in a minute"
    if isinstance(error, DatabaseUnavailable):
        return "the database can't be used. Try: growbot doctor"
    if isinstance(error, aiohttp.ClientError | OSError | TimeoutError):
        return f"Slack can't be reached ({type(error).__name__}). Check the network and SLACK_API_URL"
    return f"{type(error).__name__}. Try: growbot doctor"


def socket_reason(error: BaseException | None) -> str:
    name = error_name(error) if isinstance(error, SlackApiError) else ""
    return passing(name) or (
        f"Slack refuses SLACK_APP_TOKEN ({name}). It needs the scope connections:write, and Socket Mode switched on"
    )


def passing(name: str) -> str | None:
    """If this error of Slack's passes by itself."""
    return f"Slack doesn't answer as it should ({name}). Try again in a minute" if name in _PASSING else None


def port_reason(error: BaseException | None, names: tuple[str, str] = REQUESTS) -> str:
    host, port = names
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.EADDRINUSE:
        return f"{port} is in use by another program. Stop that, or choose another one"
    if code == errno.EACCES:
        return f"{port} is not allowed to this account. Choose one above 1023"
    if code == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"{host} is no address of this machine. 127.0.0.1 is reached from this machine only, 0.0.0.0 from all"
    return f"{host} and {port} can't be listened on ({type(error).__name__})"
