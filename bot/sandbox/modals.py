"""Sending off and closing modals, and what the app may answer to that."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.sandbox.acts import TROUBLE, Acts
from bot.sandbox.blockkit import prepared_view
from bot.sandbox.errors import AppDidNotAnswer, NotPossible, SlackError
from bot.sandbox.fields import complaints, merged
from bot.sandbox.plain import claimed_values
from bot.sandbox.surfaces import View

Result = Literal["closed", "updated", "pushed", "cleared", "errors"]


@dataclass(frozen=True)
class Submitted:
    """What became of a modal that was sent off; `errors` maps a block_id to the sentence beside it."""

    result: Result
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def closed(self) -> bool:
        """The modal is gone (and with "cleared" all those below it)."""
        return self.result in ("closed", "cleared")

    @property
    def updated(self) -> bool:
        """The modal stands there with another content."""
        return self.result == "updated"

    @property
    def pushed(self) -> bool:
        """Another modal stands above it."""
        return self.result == "pushed"


class Modals:
    """Submit and close."""

    def __init__(self, acts: Acts) -> None:
        self._acts, self._workspace = acts, acts.workspace

    async def submit(self, view: View, values: Mapping[str, Any]) -> Submitted:
        """Press the modal's submit button with these values entered, in the shape of `state.values`."""
        self._acts.acting(view.user)
        if self._workspace.modals.get(view.user, [])[-1:] != [view]:
            raise NotPossible("Another modal is in front of this one.")
        if view.submit is None and not any(b["type"] == "input" for b in view.blocks):
            raise NotPossible("This modal has no submit button.")
        view.values = merged(view.values, claimed_values(view.blocks, values))
        if errors := complaints(view.blocks, view.values):
            return Submitted("errors", errors)
        answer = await self._acts.interact(self._acts.payloads.submission(view))
        try:
            return self._apply(view, answer or {})
        except SlackError as error:
            self._acts.deliveries.unusable("view_submission", answer, error)
            raise AppDidNotAnswer(TROUBLE) from None

    async def close(self, view: View, *, everything: bool = False) -> None:
        """Close a modal, or the whole stack; the app hears of those that ask to be told."""
        self._acts.acting(view.user)
        stack = self._workspace.modals.get(view.user, [])
        cleared = everything or view.clear_on_close
        closed = list(reversed(stack)) if cleared else [view]
        self._workspace.close_modals(view.user, closed)
        for one in closed:
            if one.notify_on_close:
                with contextlib.suppress(AppDidNotAnswer):  # Slack shows nothing either
                    await self._acts.interact(self._acts.payloads.closed(one, is_cleared=cleared))

    def _apply(self, view: View, answer: dict[str, Any]) -> Submitted:
        action = answer.get("response_action")
        if action is None:
            self._workspace.close_modals(view.user, [view])
            return Submitted("closed")
        if action == "clear":
            self._workspace.close_modals(view.user, list(self._workspace.modals.get(view.user, [])))
            return Submitted("cleared")
        if action == "errors":
            return Submitted("errors", _checked_errors(view, answer.get("errors")))
        if action == "update":
            self._workspace.replace_view(
                view, prepared_view(answer.get("view"), "modal", self._workspace.ids)
            )
            return Submitted("updated")
        if action == "push":
            self._workspace.push_modal(
                view.user, prepared_view(answer.get("view"), "modal", self._workspace.ids)
            )
            return Submitted("pushed")
        raise SlackError("invalid_response_action")


def _checked_errors(view: View, errors: Any) -> dict[str, str]:
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_errors")
    inputs = {b["block_id"] for b in view.blocks if b["type"] == "input"}
    for block_id, sentence in errors.items():
        if block_id not in inputs:
            raise SlackError("invalid_errors", [f"no input block has the block_id {block_id!r}"])
        if not isinstance(sentence, str) or not sentence:
            raise SlackError("invalid_errors", [f"no sentence for the block_id {block_id!r}"])
    return dict(errors)
