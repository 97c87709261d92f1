"""Commitments as a list: the modal of all, and what App Home shows of them."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.i18n import ngettext
from bot.core.slack import blocks as b
from bot.core.slack.forms import our_number
from bot.features.commitments.domain import Commitment
from bot.features.commitments.phrases import learned_lines, outcome_label, past_phrases
from bot.features.commitments.recurring import Every
from bot.features.commitments.service import Entry, Overview
from bot.features.commitments.views import (
    due_phrase,
    what_and_goal,
    who_sees,
)
from bot.features.engagements.domain import Role
from bot.features.engagements.places import Alone
from bot.features.engagements.service import Membership

LIST = "commitments.list"
THEIRS = "commitments.theirs"

ROOM = 94
"""Slack allows 100 blocks in a view; the rest is the frame of this one."""
LEAST_FOR_OTHERS = 24
LEAST_FOR_OWN = 30
"""Beside a line for each of many clients."""
HOME_SHOWN = 4


def overview(shown: Overview, person: Person, now: datetime) -> View:
    """Where it begins beyond the first ones, nothing else stands below them."""
    others = [block for found, theirs in shown.others for block in _others(found, theirs, now)]
    others += [b.divider()] * bool(shown.counted) + [_counted(*each) for each in shown.counted]
    below = [*others, *_closed(shown.closed)]
    least = ROOM - LEAST_FOR_OWN if shown.counted else LEAST_FOR_OTHERS
    room = max(ROOM - len(below), ROOM - least)
    rows = [_own_row(each, person, now, shown.can_bring) for each in shown.own]
    own = _fitting(rows, room, shown.start, shown.count)
    if not shown.own:
        own = [b.section(_("Nothing is open. One small step is enough to begin with."))]
    buttons = [b.button(_("New commitment"), "commitments.new")]
    if shown.start:
        buttons.append(b.button(_("Back to the first ones"), "commitments.more:0", "0"))
    blocks: list[Block] = [b.actions(*buttons), *own, *_cut(below, ROOM - len(own))]
    carried = {"start": str(shown.start)} if shown.start else None
    return b.modal(LIST, _("Commitments"), blocks, metadata=carried)


def start_of(below: str) -> int | None:
    """Where the list begins that a view was put on top of, as `LIST` and a number say; None: it is no list."""
    if not below.startswith(LIST):
        return None
    return our_number(below.removeprefix(LIST))


def _own_row(entry: Entry, person: Person, now: datetime, can_bring: bool) -> list[Block]:
    commitment = entry.commitment
    bring = b.button(_("Bring it in"), f"commitments.bring:{commitment.id}", commitment.id)
    move = b.button(_("Move"), f"commitments.move:{commitment.id}", commitment.id)
    return [
        b.words(what_and_goal(commitment)),
        b.context(f"{_standing(commitment, person, now)} · {_with(entry)}"),
        b.actions(
            b.button(_("Answer"), f"commitments.answer:{commitment.id}", commitment.id),
            *([move] if _can_move(commitment) else []),
            b.button(_("Edit"), f"commitments.edit:{commitment.id}", commitment.id),
            *([bring] if can_bring and isinstance(entry.place, Alone) else []),
        ),
    ]


def _can_move(commitment: Commitment) -> bool:
    recurrence = commitment.recurrence
    return recurrence is None or recurrence.every is not Every.WORKING_DAY


def _standing(commitment: Commitment, person: Person, now: datetime) -> str:
    """When it is due, and what went before."""
    past = (each.removesuffix(".") for each in past_phrases(commitment, person, now))
    return " · ".join((due_phrase(commitment, person, now), *past))


def _with(entry: Entry) -> str:
    """With whom, and whether they see it."""
    if isinstance(entry.place, Alone) or entry.commitment.is_shared:
        return who_sees(entry)
    return _("With {person}. Only you see it.").format(person=entry.place.other.mention)


def _fitting(rows: Sequence[list[Block]], room: int, start: int, count: int) -> list[Block]:
    """As many rows as there is room for, and the way to those beyond; `start`: the place of the first among all `count`."""
    blocks: list[Block] = []
    for index, row in enumerate(rows):
        if len(blocks) + len(row) > room - 1:
            more = count - start - index
            text = ngettext("And {count} more, due later.", "And {count} more, due later.", more)
            button = b.button(_("Show the next ones"), "commitments.more", str(start + index))
            return [*blocks, b.section(text.format(count=more), accessory=button)]
        blocks += row
    return blocks


def _cut(blocks: Sequence[Block], room: int) -> list[Block]:
    if len(blocks) <= room:
        return list(blocks)
    return [*blocks[: room - 1], b.context(_("There is more than fits here."))]


def _others(found: Membership, theirs: Sequence[Entry], now: datetime) -> list[Block]:
    """Read only, and each in its own block: what the other wrote is theirs to change."""
    is_coach = found.role is Role.COACH
    title = _("*{person} shares with you*") if is_coach else _("*{person} has promised you*")
    blocks: list[Block] = [b.divider(), b.section(title.format(person=found.other.mention))]
    for each in theirs:
        blocks += _read_only(each.commitment, found.actor, now)
    return blocks


def _counted(found: Membership, count: int) -> Block:
    text = ngettext(
        "*{person}*: {count} commitment to read", "*{person}*: {count} commitments to read", count
    ).format(person=found.other.mention, count=count)
    button = b.button(_("Read"), f"commitments.theirs:{found.engagement_id}", found.engagement_id)
    return b.section(text, accessory=button)


def theirs(found: Membership, entries: Sequence[Entry], now: datetime) -> View:
    """One person's, where there are too many for one list of all."""
    blocks = _others(found, entries, now)[1:]
    if not entries:
        blocks = [b.section(_("{person} shares none with you now.").format(person=found.other.mention))]
    return b.modal(THEIRS, _("Commitments"), _cut(blocks, ROOM))


def _read_only(commitment: Commitment, reader: Person, now: datetime) -> list[Block]:
    if commitment.is_open:
        learned = learned_lines(commitment, reader, now)
        quiet: list[Block] = [b.quiet_words("\n".join(learned))] if learned else []
        return [b.words(commitment.what), b.context(_standing(commitment, reader, now)), *quiet]
    return [*_answered(commitment), *_past(commitment, reader, now)]


def _past(commitment: Commitment, reader: Person, now: datetime) -> list[Block]:
    said = past_phrases(commitment, reader, now)
    return [b.context(" ".join(said))] if said else []


def _answered(commitment: Commitment, button: ButtonElement | None = None) -> list[Block]:
    outcome = commitment.outcome
    assert outcome is not None
    learned = [b.words(commitment.learned)] if commitment.learned else []
    return [b.words(commitment.what, button), b.context(f"_{outcome_label(outcome)}_"), *learned]


def _closed(entries: Sequence[Entry]) -> list[Block]:
    if not entries:
        return []
    blocks: list[Block] = [b.divider(), b.context(_("Answered in the last two weeks"))]
    for each in entries:
        commitment = each.commitment
        button = b.button(_("Open again"), f"commitments.reopen:{commitment.id}", commitment.id)
        blocks += _answered(commitment, button)
    return blocks


def home(
    own: Sequence[Entry],
    count: int,
    promised: Sequence[tuple[Membership, int]],
    person: Person,
    now: datetime,
) -> list[Block]:
    """The first of all `count`, and the ways to the rest; and how much coaches have promised."""
    blocks: list[Block] = [b.header(_("Commitments"))]
    for index, each in enumerate(own):
        commitment = each.commitment
        if index:  # so that each date stands with its own words
            blocks.append(b.divider())
        button = b.button(_("Answer"), f"commitments.answer:{commitment.id}", commitment.id)
        blocks += [b.words(commitment.what, button), b.context(_home_line(each, person, now))]
    if not own:
        blocks.append(b.section(_("Nothing of yours is open. A commitment is one small step, with a date.")))
    show = _("Show all ({count})").format(count=count) if own else _("Show all")
    buttons = [b.button(_("New commitment"), "commitments.new"), b.button(show, "commitments.list")]
    return [*blocks, *_promised(promised), b.actions(*buttons)]


def _home_line(entry: Entry, person: Person, now: datetime) -> str:
    """A coach of many needs to know to whom it was promised."""
    due = due_phrase(entry.commitment, person, now)
    if isinstance(entry.place, Alone) or entry.place.role is not Role.COACH:
        return due
    return _("{due} · promised to {person}").format(due=due, person=entry.place.other.mention)


def _promised(promised: Sequence[tuple[Membership, int]]) -> list[Block]:
    """How many only: that their words are read is on record, and Home is drawn often."""
    if not promised:
        return []
    lines = [
        ngettext(
            "{person} has promised you {count} thing; *Show all* has it too.",
            "{person} has promised you {count} things; *Show all* has them too.",
            count,
        ).format(person=found.other.mention, count=count)
        for found, count in promised
    ]
    return [b.context("\n".join(lines))]
