"""Small builders over slack_sdk.models, so that views read as what the person sees.

What a person wrote is always plain text without emoji codes (`words`, `quiet_words`, a field's label, an option), never mrkdwn:
it cannot become a mention, a link or markup. There is no way to escape it into mrkdwn, so that nobody does.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, time

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    CheckboxesElement,
    ConfirmObject,
    ContextBlock,
    DatePickerElement,
    DividerBlock,
    HeaderBlock,
    ImageBlock,
    InputBlock,
    InputInteractiveElement,
    InteractiveElement,
    MarkdownTextObject,
    NumberInputElement,
    Option,
    OptionGroup,
    OverflowMenuElement,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    SectionBlock,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.core.i18n import gettext as _
from bot.core.typed import clip, inline, own

__all__ = ["clip", "inline"]

SECTION_LIMIT = 3000
OPTION_LIMIT = 75
TITLE_LIMIT = 24
HEADER_LIMIT = 150
LABEL_LIMIT = 2000
ALT_LIMIT = 2000
INPUT_LIMIT = 1500
"""Half of what a section takes: so many emoji, each counted as two, are still shown in one."""


def _plain(text: str, limit: int = SECTION_LIMIT) -> PlainTextObject:
    return PlainTextObject(text=clip(text, limit), emoji=True)


def _typed(text: str, limit: int = SECTION_LIMIT) -> PlainTextObject:
    """What may hold a person's words: shown as typed."""
    return PlainTextObject(text=own(text, limit), emoji=False)


# --- to read ----------------------------------------------------------------------------------------


def header(text: str) -> HeaderBlock:
    return HeaderBlock(text=_plain(text, HEADER_LIMIT))


def section(
    text: str, accessory: InteractiveElement | None = None, block_id: str | None = None
) -> SectionBlock:
    """Our own sentence, in mrkdwn."""
    return SectionBlock(
        text=MarkdownTextObject(text=clip(text, SECTION_LIMIT)), accessory=accessory, block_id=block_id
    )


def words(text: str, accessory: InteractiveElement | None = None) -> SectionBlock:
    """What a person wrote, exactly as typed. What stands beside it in the same line goes through `inline`."""
    return SectionBlock(text=_typed(text), accessory=accessory)


def words_header(text: str) -> HeaderBlock:
    """What a person wrote, as a heading."""
    return HeaderBlock(text=_typed(text, HEADER_LIMIT))


def quiet_words(text: str) -> ContextBlock:
    """The same on a quiet line."""
    return ContextBlock(elements=[_typed(text)])


def context(text: str) -> ContextBlock:
    """A quiet line of ours, in mrkdwn."""
    return ContextBlock(elements=[MarkdownTextObject(text=clip(text, SECTION_LIMIT))])


def picture(address: str, alt_text: str) -> ImageBlock:
    """`alt_text`: our own sentences, which say what the picture says."""
    return ImageBlock(image_url=address, alt_text=clip(alt_text, ALT_LIMIT))


def divider() -> DividerBlock:
    return DividerBlock()


# --- to press ---------------------------------------------------------------------------------------


def button(
    text: str,
    action_id: str,
    value: str = "",
    *,
    primary: bool = False,
    confirm: ConfirmObject | None = None,
) -> ButtonElement:
    """`action_id` is `feature.verb`, with `:id` behind it where a view has several of the kind."""
    return ButtonElement(
        text=_plain(text, OPTION_LIMIT),
        action_id=action_id,
        value=value or None,
        style="primary" if primary else None,
        confirm=confirm,
    )


def confirmation(title: str, text: str, yes: str, no: str) -> ConfirmObject:
    return ConfirmObject(
        title=_plain(title, 100), text=_plain(text, 300), confirm=_plain(yes, 30), deny=_plain(no, 30)
    )


def actions(*buttons: InteractiveElement, block_id: str | None = None) -> ActionsBlock:
    return ActionsBlock(elements=list(buttons), block_id=block_id)


# --- to fill in: the block id is the field's name ---------------------------------------------------


def option(text: str, value: str, description: str | None = None) -> Option:
    """`text` may hold a person's words: options are plain text."""
    return Option(
        text=_typed(text, OPTION_LIMIT),
        value=value,
        description=_plain(description, OPTION_LIMIT) if description else None,
    )


def field(
    name: str,
    label: str,
    element: InputInteractiveElement,
    *,
    hint: str | None = None,
    optional: bool = False,
    dispatches: bool = False,
) -> InputBlock:
    element.action_id = element.action_id or name
    return InputBlock(
        block_id=name,
        label=_typed(label, LABEL_LIMIT),  # it may hold a person's words
        element=element,
        hint=_plain(hint, LABEL_LIMIT) if hint else None,
        optional=optional,
        dispatch_action=dispatches or None,
    )


def text_input(
    *,
    initial: str | None = None,
    placeholder: str | None = None,
    multiline: bool = False,
    max_length: int = INPUT_LIMIT,
) -> PlainTextInputElement:
    return PlainTextInputElement(
        initial_value=_to_edit(initial, max_length) if initial else None,
        placeholder=_plain(placeholder, 150) if placeholder else None,
        multiline=multiline,
        max_length=max_length,
    )


def _to_edit(text: str, limit: int) -> str:
    """To the character as it was typed, since it is saved again; what Slack once let through, it takes back."""
    return text if len(text) <= limit else clip(text, limit)


def number_input(*, initial: int | None, least: int, most: int) -> NumberInputElement:
    return NumberInputElement(
        is_decimal_allowed=False,
        initial_value=str(initial) if initial is not None else None,
        min_value=str(least),
        max_value=str(most),
    )


def select(
    options: Sequence[Option], *, initial: str | None = None, action_id: str | None = None
) -> StaticSelectElement:
    chosen = next((each for each in options if each.value == initial), None)
    return StaticSelectElement(options=list(options), initial_option=chosen, action_id=action_id)


def grouped_select(
    groups: Mapping[str, Sequence[Option]], *, initial: str | None = None
) -> StaticSelectElement:
    """`groups` by their headings; Slack takes a hundred options in each."""
    chosen = next((each for group in groups.values() for each in group if each.value == initial), None)
    labelled = [
        OptionGroup(label=_plain(label, OPTION_LIMIT), options=list(group)) for label, group in groups.items()
    ]
    return StaticSelectElement(option_groups=labelled, initial_option=chosen)


def overflow(options: Sequence[Option], action_id: str) -> OverflowMenuElement:
    """The three dots."""
    return OverflowMenuElement(options=list(options), action_id=action_id)


def multi_select(
    options: Sequence[Option], *, initial: Collection[str] = (), placeholder: str | None = None
) -> StaticMultiSelectElement:
    chosen = [each for each in options if each.value in initial]
    return StaticMultiSelectElement(
        options=list(options),
        initial_options=chosen or None,
        placeholder=_plain(placeholder, 150) if placeholder else None,
    )


def radio(
    options: Sequence[Option], *, initial: str | None = None, action_id: str | None = None
) -> RadioButtonsElement:
    chosen = next((each for each in options if each.value == initial), None)
    return RadioButtonsElement(options=list(options), initial_option=chosen, action_id=action_id)


def checkboxes(options: Sequence[Option], *, initial: Sequence[str] = ()) -> CheckboxesElement:
    chosen = [each for each in options if each.value in initial]
    return CheckboxesElement(options=list(options), initial_options=chosen or None)


def date_picker(initial: date | None = None, *, action_id: str | None = None) -> DatePickerElement:
    return DatePickerElement(initial_date=initial.isoformat() if initial else None, action_id=action_id)


def time_picker(
    initial: time | None = None, *, zone: str | None = None, action_id: str | None = None
) -> TimePickerElement:
    initial_time = initial.strftime("%H:%M") if initial else None
    return TimePickerElement(initial_time=initial_time, timezone=zone, action_id=action_id)


def person_picker(initial_user: str | None = None) -> UserSelectElement:
    return UserSelectElement(initial_user=initial_user)


# --- surfaces ---------------------------------------------------------------------------------------


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = None,
    close: str | None = None,
    metadata: Mapping[str, str] | None = None,
) -> View:
    """`metadata` holds ids only; it comes back with the payload and is never trusted."""
    return View(
        type="modal",
        callback_id=callback_id,
        title=_plain(title, TITLE_LIMIT),
        submit=_plain(submit, TITLE_LIMIT) if submit else None,
        close=_plain(close or _("Close"), TITLE_LIMIT),
        private_metadata=json.dumps(dict(metadata or {}), separators=(",", ":")),
        blocks=list(blocks),
    )


def notice_view(sentence: str, title: str = "growbot") -> View:
    """One sentence with a Close button: what a request without a message to answer in is told."""
    return modal("core.notice", title, [section(sentence)])


def home_view(blocks: Sequence[Block]) -> View:
    return View(type="home", blocks=list(blocks))
