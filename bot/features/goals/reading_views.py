"""One goal to read, all of them looking back, and what stands beside a preparation."""

from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.core.dates import beginning
from bot.core.i18n import gettext as _
from bot.core.i18n import ngettext
from bot.core.localtime import local_date
from bot.core.slack import blocks as b
from bot.features.engagements.places import name_of
from bot.features.goals.domain import SUGGESTIONS, Goal, GoalState, Scale, say_area
from bot.features.goals.reading import Aims, Entry, Review
from bot.features.goals.views import (
    level_meaning,
    say_day,
    say_level,
    say_number,
    say_short,
    say_state,
    standing,
    target_phrase,
    who_sees,
)
from bot.features.strengths.views import line

READ = "goals.read"
REVIEW = "goals.look_back"

RATINGS_SHOWN = 26
PREP_LIMIT = 120


# --- one goal -------------------------------------------------------------------------------------------


def read(
    entry: Entry, now: datetime, *, can_bring: bool = False, said: str | None = None, below: str = ""
) -> View:
    """`can_bring`: it is without a coach, and its owner has one. `said`: what was just done."""
    goal = entry.goal
    blocks: list[Block] = [b.section(said)] if said else []
    blocks += [b.words(goal.aim), b.context(_facts(entry, now))]
    for label, words in (
        (_("Why it matters"), goal.wording.why),
        (_("What it serves"), goal.wording.objective),
        (_("Strengths to draw on"), line(entry.strengths) or None),
        (_("What was learned"), goal.learned),
    ):
        blocks += [b.context(label), b.words(words)] if words else []
    blocks += [*_measured(entry), *_over_time(entry, now), *_dates(entry, now)]
    buttons = _buttons(entry, can_bring)
    blocks += [b.actions(*buttons)] if buttons else []
    return b.modal(READ, _("Goal"), blocks, metadata={"goal": goal.id, "below": below})


def _facts(entry: Entry, now: datetime) -> str:
    goal = entry.goal
    area = say_area(goal.wording.area) if goal.wording.area else None
    state = None if goal.is_open else say_state(goal.state)
    who = who_sees(entry) if entry.is_own else _of_whom(entry)
    facts = (state, target_phrase(goal, entry.reader, now), area, who)
    return " · ".join(each for each in facts if each)


def _of_whom(entry: Entry) -> str:
    assert entry.membership is not None
    person = entry.membership.other.mention
    if entry.goal.state is GoalState.SUGGESTED:
        return _("Suggested to {person}").format(person=person)
    if entry.goal.state is GoalState.DECLINED:
        return _("{person} hasn't taken it up").format(person=person)
    return _("{person} shares it with you. It is on record that you opened it.").format(person=person)


def _measured(entry: Entry) -> list[Block]:
    """Five levels with their sentences; or where it began and where it is to be, from 1 to 10."""
    measure = entry.goal.measure
    if measure.scale is Scale.LEVELS:
        levels = measure.levels or {}
        lines = [
            f"{say_level(each)}: {b.inline(levels[each]) if each in levels else level_meaning(each)}"
            for each in reversed(Scale.LEVELS.values)
        ]
        return [b.context(_("How you notice")), b.words("\n".join(lines)), *_from_to(entry)]
    return _from_to(entry)


def _from_to(entry: Entry) -> list[Block]:
    measure, parts = entry.goal.measure, []
    if measure.baseline is not None:
        parts.append(_("At the start: {value}").format(value=say_number(measure, measure.baseline)))
    if entry.latest is not None:
        parts.append(_("Now: {value}").format(value=say_number(measure, entry.latest.value)))
    if measure.target is not None:
        parts.append(_("Wanted: {value}").format(value=say_number(measure, measure.target)))
    return [b.section(" · ".join(parts))] if parts else []


def _over_time(entry: Entry, now: datetime) -> list[Block]:
    """The ratings as text, the newest last."""
    if not entry.ratings:
        return []
    return [b.context(_("Week by week")), b.section(_ratings(entry, now))]


def _ratings(entry: Entry, now: datetime) -> str:
    zone = entry.reader.zone
    shown = entry.ratings[-RATINGS_SHOWN:]
    days = [say_day(local_date(each.rated_at, zone), entry.reader, now) for each in shown]
    said = [
        f"{day}: {say_short(entry.goal.measure, each.value)}" for day, each in zip(days, shown, strict=True)
    ]
    return ("… " if len(shown) < len(entry.ratings) else "") + " → ".join(said)


def _dates(entry: Entry, now: datetime) -> list[Block]:
    if not entry.earlier_targets:
        return []
    days = ", ".join(say_day(each, entry.reader, now) for each in entry.earlier_targets)
    return [b.context(_("Before, it was to be reached by: {days}").format(days=days))]


def _buttons(entry: Entry, can_bring: bool) -> list[ButtonElement]:
    goal = entry.goal
    if not entry.is_own:
        if goal.state is GoalState.SUGGESTED:
            return [b.button(_("Take it back"), "goals.withdraw", goal.id)]
        return []
    if not goal.is_open:
        again = [] if goal.state in SUGGESTIONS else [b.button(_("Open again"), "goals.reopen", goal.id)]
        return again + _erase_button(goal)
    buttons = [
        b.button(_("Say where it stands"), "goals.rate", goal.id, primary=True),
        b.button(_("Change it"), "goals.edit", goal.id),
        b.button(_("How I notice"), "goals.measure", goal.id),
        b.button(_("Close this goal"), "goals.close", goal.id),
    ]
    value = f"{name_of(goal.engagement_id)}::{goal.id}"
    buttons.insert(1, b.button(_("Commit to a step"), "commitments.new", value))
    if can_bring:
        buttons.append(b.button(_("Bring it to my coach"), "goals.bring", goal.id))
    return buttons + _erase_button(goal)


def _erase_button(goal: Goal) -> list[ButtonElement]:
    """Of one without a coach; what belongs to an engagement goes by its rules."""
    if goal.engagement_id is not None:
        return []
    asked = b.confirmation(
        _("Erase this goal?"),
        _("It goes for good, with all that you said about it. Nobody else has ever seen it."),
        _("Erase it"),
        _("Keep it"),
    )
    return [b.button(_("Erase it"), "goals.erase", goal.id, confirm=asked)]


# --- looking back -----------------------------------------------------------------------------------------


def review(shown: Review, now: datetime) -> View:
    """Also a coach's, of one client. The figure stands only here, with what it means."""
    blocks: list[Block] = [b.section(_opening(shown))]
    for each in shown.suggested:
        blocks += [_titled(each), b.context(_suggested(each))]
    for each in shown.entries:
        blocks += [_titled(each), b.section(_way(each, now))]
        blocks += [b.words(each.goal.learned)] if each.goal.learned else []
    if shown.more:
        blocks.append(
            b.context(ngettext("And {count} more.", "And {count} more.", shown.more).format(count=shown.more))
        )
    return b.modal(REVIEW, _("Looking back"), [*blocks, *_taken_together(shown)])


def _titled(entry: Entry) -> Block:
    return b.words(entry.goal.aim, b.button(_("Open"), f"goals.open:{entry.goal.id}", entry.goal.id))


def _suggested(entry: Entry) -> str:
    if entry.goal.state is GoalState.SUGGESTED:
        return _("You suggest this. It waits for their answer.")
    return _("You suggested this. They haven't taken it up.")


def _opening(shown: Review) -> str:
    if shown.client is not None and not shown.entries:
        return _("{person} shares no goal with you so far.").format(person=shown.client.mention)
    if shown.client is not None:
        text = _("What {person} shares with you, and the way it took. It is on record that you opened it.")
        return text.format(person=shown.client.mention)
    if not shown.entries:
        return _("There is nothing to look back on yet.")
    return _("Your goals, and the way they took. What has moved, and what helped?")


def _way(entry: Entry, now: datetime) -> str:
    """State and date; from where to where; and the dates before."""
    goal, measure = entry.goal, entry.goal.measure
    lines = [f"{say_state(goal.state)} · {target_phrase(goal, entry.reader, now)}"]
    lines.append(_from_on(entry, now) if entry.ratings else _("Not rated so far."))
    if measure.target is not None:
        lines.append(_("Wanted: {value}").format(value=say_number(measure, measure.target)))
    if entry.earlier_targets:
        days = ", ".join(say_day(each, entry.reader, now) for each in entry.earlier_targets)
        lines.append(_("Before, it was to be reached by: {days}").format(days=days))
    return "\n".join(lines)


def _from_on(entry: Entry, now: datetime) -> str:
    measure, rated = entry.goal.measure, _ratings(entry, now)
    if measure.baseline is None:
        return beginning(rated)
    return _("At the start: {value}").format(value=say_short(measure, measure.baseline)) + " → " + rated


def _taken_together(shown: Review) -> list[Block]:
    if shown.attainment is None:
        return []
    text = _(
        "*Taken together: {figure}, where 50 is just as expected.* It counts the goals with five levels: above 50 they are "
        "further along than was expected at first, below it there is more way to go. It is something to talk about, not a mark."
    ).format(figure=round(shown.attainment))
    if shown.client is None:
        who = _("Only you and whoever these goals are shared with can see it.")
    else:
        who = _(
            "It takes in what {person} shares with you, and nobody but the two of you can see it."
        ).format(person=shown.client.mention)
    return [b.divider(), b.section(f"{text} {who}")]


# --- beside a preparation -----------------------------------------------------------------------------------


def beside_preparation(aims: Aims, limit: int, *, is_client: bool) -> list[Block]:
    """The client's open goals with where they stand, and the strengths to draw on; two blocks each at most.

    `limit`: characters of each goal and strength, where less than what they usually have.
    """
    return [*_goals_line(aims, limit, is_client), *_strengths_line(aims, limit, is_client)]


def _goals_line(aims: Aims, limit: int, is_client: bool) -> list[Block]:
    if not aims.goals.entries:
        return []
    shown, more = [_short(each, limit) for each in aims.goals.entries], aims.goals.more
    if more:
        shown.append(ngettext("And {count} more.", "And {count} more.", more).format(count=more))
    title = _("Your goals:") if is_client else _("Their goals, as far as they share them:")
    return [b.section(title), b.words("\n".join(shown))]


def _short(entry: Entry, limit: int) -> str:
    title = b.inline(entry.goal.aim, min(PREP_LIMIT, limit))
    where = standing(entry)
    return f"{title} – {where}" if where else title


def _strengths_line(aims: Aims, limit: int, is_client: bool) -> list[Block]:
    if not aims.strengths:
        return []
    title = (
        _("Strengths you can draw on:") if is_client else _("Strengths they can draw on, as far as shared:")
    )
    return [b.section(title), b.words(line(aims.strengths, limit))]
