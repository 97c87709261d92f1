"""Question sets as people see them: how one is named, the list of a coach, and what a client sees of it."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.i18n import gettext as _
from bot.core.i18n import ngettext
from bot.core.slack import blocks as b
from bot.features.engagements.domain import Role
from bot.features.engagements.service import MANY, Membership
from bot.features.goals.domain import say_area
from bot.features.questions.built_in import say_source
from bot.features.questions.domain import Choice, OwnSet, Source, count_of
from bot.features.questions.service import Asked, Overview, Usual
from bot.features.sessions.views import moment

LIST = "questions.list"

OTHERS_SHOWN = 3
PUT_AWAY_SHOWN = 5
ROOM = 99
"""Slack allows 100 blocks in a view; one says who sees what."""


def say_choice(choice: Choice, role: Role) -> str:
    """Without a word of the coach's, so that a message may say it too. `role`: the reader's."""
    name = say_source(choice.source)
    if choice.source is Source.OWN:
        name = _("questions of your own") if role is Role.COACH else _("your coach's own questions")
    if choice.area is None:
        return name
    return _("{questions}, with {area}").format(questions=name, area=say_area(choice.area))


def overview(shown: Overview, now: datetime) -> View:
    sets = _own_sets(shown.own) if shown.is_coach else []
    pairs = [block for each in shown.usual for block in _usual(each, now)]
    if len(pairs) + len(sets) >= ROOM:  # a line for each, so that everyone has their button
        pairs = [_usual(each, now)[0] for each in shown.usual]
    if not sets:
        parts = pairs
    elif len(shown.usual) < MANY:
        parts = [*pairs, b.divider(), *sets]
    else:  # whoever comes for a set of theirs does not pass by everybody
        parts = [*sets, b.divider(), *pairs]
    return b.modal(LIST, _("Questions"), [b.context(_who_sees(shown.is_coach)), *parts])


def _who_sees(is_coach: bool) -> str:
    if is_coach:
        return _(
            "What you and your clients are asked before a session. A client sees the questions that you choose for them, and "
            "the name of the set. All your other sets are only yours."
        )
    return _(
        "What you are asked before a session. Your coach chooses it; how you answer, and whether, is yours."
    )


def _usual(usual: Usual, now: datetime) -> list[Block]:
    found, asked = usual.membership, usual.asked
    button = None
    if found.role is Role.COACH:
        button = b.button(_("Choose"), f"questions.open:{found.engagement_id}", found.engagement_id)
    text = _("*With {person}:* {questions}").format(
        person=found.other.mention, questions=say_choice(asked.choice, found.role)
    )
    title = [b.quiet_words(asked.title)] if asked.title else []
    blocks: list[Block] = [b.section(text, button), *title]
    others = [
        _("But {moment}: {questions}").format(
            moment=moment(session, found.actor, now), questions=say_choice(theirs, found.role)
        )
        for session, theirs in usual.others[:OTHERS_SHOWN]
    ]
    return [*blocks, b.context("\n".join(others))] if others else blocks


def which(found: Membership, asked: Asked) -> list[Block]:
    """Said on the form itself."""
    if found.role is Role.COACH:
        line = _("The questions: {questions}. `/grow questions` changes them, for one session or for all.")
    else:
        line = _("The questions: {questions}. {coach} can choose others.")
    said = line.format(questions=say_choice(asked.choice, found.role), coach=found.coach.mention)
    means = _meaning(asked.choice.source)
    return [b.context(f"{said} {means}" if means else said), *([b.words(asked.title)] if asked.title else [])]


def _meaning(source: Source) -> str | None:
    """For whoever has never heard the name."""
    return {
        Source.GROW: _("GROW stands for the four steps below: Goal, Reality, Options, Will."),
        Source.HELPER: _(
            "The Skilled Helper goes from what is, to what you would like instead, to how you get there."
        ),
    }.get(source)


def _own_sets(own: Sequence[OwnSet]) -> list[Block]:
    in_use = [each for each in own if not each.is_retired]
    put_away = [each for each in own if each.is_retired]
    blocks: list[Block] = [b.header(_("Sets of your own"))]
    if not own:
        blocks.append(b.section(_("None so far. Begin with an empty one, or with a copy of what is there.")))
    for each in in_use:
        blocks += _row(each)
    copies = [
        b.button(_("Copy {name}").format(name=say_source(each)), f"questions.copy:{each}", each)
        for each in (Source.GROW, Source.HELPER)
    ]
    blocks.append(b.actions(b.button(_("New set"), "questions.new"), *copies))
    if put_away:
        blocks.append(b.context(_("Put away: not offered any more. Sessions that have one keep it.")))
    for each in put_away[-PUT_AWAY_SHOWN:]:
        back = b.button(_("Bring back"), f"questions.bring_back:{each.id}", each.id)
        blocks.append(b.words(each.title, back))
    return blocks


def _row(own: OwnSet) -> list[Block]:
    return [
        b.words(f"{b.inline(own.title)} – {_summary(own)}"),
        b.actions(
            b.button(_("Edit"), f"questions.edit:{own.id}", own.id),
            b.button(_("Copy"), f"questions.copy:{own.id}", own.id),
            b.button(_("Put away"), f"questions.put_away:{own.id}", own.id),
        ),
    ]


def _summary(own: OwnSet) -> str:
    client, coach = count_of(own.questions.client), count_of(own.questions.coach)
    text = ngettext("{count} question for the client", "{count} questions for the client", client)
    parts = [text.format(count=client)]
    if coach:
        parts.append(ngettext("{count} for you", "{count} for you", coach).format(count=coach))
    return " · ".join([*parts, say_area(own.area)] if own.area else parts)


def home() -> list[Block]:
    button = b.button(_("Questions"), "questions.list")
    return [b.section(_("What you and your clients are asked before a session"), accessory=button)]
