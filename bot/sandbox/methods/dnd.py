"""dnd.info: when Slack keeps messages from people."""

from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.call import Call
from bot.sandbox.people import Person


def info(call: Call) -> dict[str, Any]:
    """One person's; snoozing is told of nobody but whoever asks (docs: methods/dnd.info)."""
    person = call.workspace.people.get(call.args.required("user"))
    if person is None:
        raise SlackError("user_not_found")
    return status_of(person)


def status_of(person: Person) -> dict[str, Any]:
    """As the method answers it, and as the event dnd_updated_user carries it; Slack says 1 where there is none."""
    starts, ends = person.dnd or (1, 1)
    return {"dnd_enabled": person.dnd is not None, "next_dnd_start_ts": starts, "next_dnd_end_ts": ends}
