"""Goals as a list: the modal of all, and what App Home shows of them."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.i18n import ngettext
from bot.core.slack import blocks as b
from bot.features.goals.reading import Entry, OfClient, Overview, Suggested
from bot.features.goals.views import say_state, standing, target_phrase, who_sees

LIST = "goals.list"

OWN_SHOWN = 15
SUGGESTED_SHOWN = 5
CLIENTS_SHOWN = 35
CLOSED_SHOWN = 3
HOME_SHOWN = 3


# --- the modal ------------------------------------------------------------------------------------------


def overview(shown: Overview, person: Person, now: datetime) -> View:
    buttons = [b.button(_("New goal"), "goals.new")]
    if shown.own or shown.closed:
        buttons.append(b.button(_("Look back"), "goals.review"))
    if shown.clients:
        buttons.append(b.button(_("Suggest one to a client"), "goals.suggest"))
    buttons.append(b.button(_("Your strengths"), "strengths.show"))
    blocks: list[Block] = [b.actions(*buttons), *_suggested(shown.suggested)]
    blocks += [block for each in shown.own[:OWN_SHOWN] for block in _row(each, person, now)]
    blocks += _more(
        len(shown.own) - OWN_SHOWN, _("They are to be reached later: “Look back” shows them all.")
    )
    if not (shown.own or shown.suggested):
        blocks += _first()
    if shown.clients:
        blocks += [b.divider(), *(_of_client(each) for each in shown.clients[:CLIENTS_SHOWN])]
    blocks += _more_clients(len(shown.clients) - CLIENTS_SHOWN)
    return b.modal(LIST, _("Goals"), [*blocks, *_closed(shown.closed[:CLOSED_SHOWN])])


def _first() -> list[Block]:
    return [
        b.section(
            _(
                "No goal is open. A goal says what you want to be different, by when, and how you would notice. "
                "One is enough to begin with; your commitments are the steps towards it."
            )
        )
    ]


def _suggested(entries: Sequence[Suggested]) -> list[Block]:
    return [
        b.section(
            _("{person} suggests a goal for you.").format(person=each.membership.other.mention),
            b.button(_("Read it"), f"goals.open:{each.goal_id}", each.goal_id, primary=True),
        )
        for each in entries[:SUGGESTED_SHOWN]
    ]


def _row(entry: Entry, person: Person, now: datetime) -> list[Block]:
    details = [target_phrase(entry.goal, person, now), standing(entry), _with(entry)]
    return [_titled(entry), b.context(" · ".join(each for each in details if each))]


def _titled(entry: Entry) -> Block:
    button = b.button(_("Open"), f"goals.open:{entry.goal.id}", entry.goal.id)
    return b.words(entry.goal.aim, button)


def _with(entry: Entry) -> str:
    if entry.membership is None or entry.goal.is_shared:
        return who_sees(entry)
    return _("With {person}. Only you see it.").format(person=entry.membership.other.mention)


def _of_client(counted: OfClient) -> Block:
    """How many, without words: those are a press away, and that they were opened is on record then."""
    client, parts = counted.membership.other.mention, []
    if counted.shared:
        text = ngettext("{count} goal shared with you", "{count} goals shared with you", counted.shared)
        parts.append(text.format(count=counted.shared))
    if counted.waiting:
        text = ngettext(
            "{count} suggestion of yours waits", "{count} suggestions of yours wait", counted.waiting
        )
        parts.append(text.format(count=counted.waiting))
    if not parts:
        return b.section(_("*{person}*: no goal shared with you so far").format(person=client))
    engagement_id = counted.membership.engagement_id
    button = b.button(_("Read"), f"goals.review:{engagement_id}", engagement_id)
    return b.section(f"*{client}*: " + " · ".join(parts), accessory=button)


def _closed(entries: Sequence[Entry]) -> list[Block]:
    if not entries:
        return []
    blocks: list[Block] = [b.divider(), b.context(_("Closed in the last two weeks"))]
    for each in entries:
        blocks += [_titled(each), b.context(say_state(each.goal.state))]
    return blocks


def _more(count: int, where: str) -> list[Block]:
    if count <= 0:
        return []
    text = ngettext("And {count} more.", "And {count} more.", count).format(count=count)
    return [b.context(f"{text} {where}".strip())]


def _more_clients(count: int) -> list[Block]:
    if count <= 0:
        return []
    return [
        b.context(
            ngettext("And {count} more client.", "And {count} more clients.", count).format(count=count)
        )
    ]


# --- App Home -------------------------------------------------------------------------------------------


def home(
    own: Sequence[Entry], suggested: Sequence[Suggested], person: Person, now: datetime, *, has_clients: bool
) -> list[Block]:
    """What is to be reached soonest, what coaches suggest, and the ways to the rest."""
    blocks: list[Block] = [b.header(_("Goals")), *_suggested(suggested)]
    for each in own[:HOME_SHOWN]:
        details = [target_phrase(each.goal, person, now), standing(each)]
        line = " · ".join(detail for detail in details if detail)
        blocks += [_titled(each), b.context(line)]
    if not own:
        blocks.append(b.section(_nothing_yet(has_clients)))
    show = _("Show all ({count})").format(count=len(own)) if own else _("Show all")
    buttons = (
        b.button(_("New goal"), "goals.new"),
        b.button(show, "goals.list"),
        b.button(_("Progress"), "progress.show"),
        b.button(_("Your strengths"), "strengths.show"),
    )
    return [*blocks, b.actions(*buttons)]


def _nothing_yet(has_clients: bool) -> str:
    if has_clients:
        return _(
            "What your clients share with you is behind “Show all”. You can suggest them a goal, or set your own."
        )
    return _(
        "What do you want to be different in a few months? One goal is enough to begin with. You can set one without a "
        "coach too; then only you see it."
    )
