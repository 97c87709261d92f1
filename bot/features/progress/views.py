"""The form: pictures where there are any, and beside each of them the same in sentences, which are also what is read out for it.

In a picture a goal is only a number; here stands which one that is.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from babel.dates import format_skeleton
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.dates import babel_locale, say_date
from bot.core.i18n import current_locale, ngettext
from bot.core.i18n import gettext as _
from bot.core.slack import blocks as b
from bot.features.commitments.domain import Outcome
from bot.features.engagements.service import Membership
from bot.features.engagements.views import people_options
from bot.features.goals.domain import FocusArea, Scale, say_area
from bot.features.goals.views import say_level
from bot.features.progress.domain import Counts, Standing, Way, Week
from bot.features.progress.service import Moved, Progress, Together

SHOWN = "progress.shown"

Addresses = Mapping[str, str]
"""Of the pictures, by name; nothing where there are none."""


def progress(shown: Progress, pictures: Addresses) -> View:
    blocks: list[Block] = [b.section(_opening(shown)), *_together(shown)]
    blocks += [*_goals(shown, pictures), *_areas(shown, pictures), *_outcomes(shown, pictures)]
    return b.modal(SHOWN, _("Progress"), [*blocks, *_clients(shown.clients)])


def _opening(shown: Progress) -> str:
    is_empty = not (shown.goals or shown.has_outcomes)
    if shown.client is not None and is_empty:
        text = _("{person} shares no goal and no answered commitment with you so far.")
        return text.format(person=shown.client.mention)
    if shown.client is not None:
        text = _(
            "What {person} shares with you of the last twelve weeks. It is on record that you opened it. "
            "It is something to ask about, not a mark."
        )
        return text.format(person=shown.client.mention)
    if is_empty:
        return _(
            "Here you will see how your goals move and what becomes of your commitments, week by week. It begins with the first "
            "goal that you rate or commitment that you answer; `/grow goal` and `/grow commit` open the forms."
        )
    return _(
        "Your last twelve weeks. A coach sees of this only what you share with them. What moved, and what helped?"
    )


# --- counts -----------------------------------------------------------------------------------------------


def _together(shown: Progress) -> list[Block]:
    lines = [_line(each, said) for each in shown.together if (said := _counted(each.counts))]
    return [b.context("\n".join(lines))] if lines else []


def _line(each: Together, counts: Sequence[str]) -> str:
    text = _("With {person} since {day}: {counts}. Both of you see this.")
    day = say_date(each.since, today=date.min, locale=current_locale())
    return text.format(person=each.other.mention, day=day, counts=", ".join(counts))


def _counted(counts: Counts) -> list[str]:
    """Of what there was: nobody needs to be told that there was none."""
    said = []
    if counts.sessions:
        text = ngettext("{count} session held", "{count} sessions held", counts.sessions)
        said.append(text.format(count=counts.sessions))
    if counts.answered:
        text = ngettext(
            "{answered} of {count} check-in answered",
            "{answered} of {count} check-ins answered",
            counts.asked,
        )
        said.append(text.format(answered=counts.answered, count=counts.asked))
    return said


# --- goals ------------------------------------------------------------------------------------------------


def _goals(shown: Progress, pictures: Addresses) -> list[Block]:
    if not shown.goals:
        return []
    said = " ".join(f"{_named(each)}: {say_way(each.way)}" for each in shown.goals)
    blocks: list[Block] = [b.header(_("Goals")), *_picture(pictures, "goals", said)]
    for each in shown.goals:
        blocks += [b.words(f"{_named(each)}: {b.inline(each.aim)}"), b.context(say_way(each.way))]
    if shown.more_goals:
        more = ngettext("And {count} more.", "And {count} more.", shown.more_goals)
        blocks.append(b.context(more.format(count=shown.more_goals)))
    return blocks


def _named(moved: Moved) -> str:
    return _("Goal {number}").format(number=moved.number)


def say_way(way: Way) -> str:
    """Such as "At the start: 3 → Nov 6: 4 → Nov 13: 6, from 1 to 10. Wanted: 8."""
    parts = [_("At the start: {value}").format(value=_value(way, way.start))] if way.start is not None else []
    parts += [f"{say_week(each.on)}: {_value(way, each.value)}" for each in way.points]
    if not parts:
        return _("Not rated so far.")
    lowest, highest = (_value(way, way.scale.values[each]) for each in (0, -1))
    text = _("{values}, from {lowest} to {highest}.")
    said = text.format(values=" → ".join(parts), lowest=lowest, highest=highest)
    if way.wanted is None:
        return said
    return said + " " + _("Wanted: {value}.").format(value=_value(way, way.wanted))


def _value(way: Way, value: int) -> str:
    return say_level(value) if way.scale is Scale.LEVELS else str(value)


def say_week(on: date) -> str:
    """A day without its year, such as "2 Nov": all are of the last twelve weeks."""
    return format_skeleton("MMMd", on, locale=babel_locale(current_locale())).replace("\xa0", " ")


# --- focus areas --------------------------------------------------------------------------------------------


def _areas(shown: Progress, pictures: Addresses) -> list[Block]:
    if not shown.areas:
        return []
    what = _(
        "Where the goals of each area stood at first, and where they stand now: 0 is the lowest of their scale, 100 the highest. It shows a direction and is not a mark."
    )
    lines = [_area(each) for each in shown.areas]
    found = {each.area for each in shown.areas}
    rest = [say_area(each) for each in FocusArea if each not in found]
    if rest:
        lines.append(
            _("No goal was rated here, and none needs to be: {areas}.").format(areas=", ".join(rest))
        )
    picture = _picture(pictures, "areas", " ".join([what, *lines]))
    return [b.header(_("By focus area")), *picture, b.context(what), b.section("\n".join(lines))]


def _area(standing: Standing) -> str:
    text = ngettext(
        "{area}: {count} goal, from {first} to {latest}.",
        "{area}: {count} goals, from {first} to {latest} on average.",
        standing.goals,
    )
    return text.format(
        area=say_area(standing.area), count=standing.goals, first=standing.first, latest=standing.latest
    )


# --- commitments ----------------------------------------------------------------------------------------------


def _outcomes(shown: Progress, pictures: Addresses) -> list[Block]:
    if not shown.has_outcomes:
        return []
    taken_together = [sum(each) for each in zip(*(week.counts for week in shown.weeks), strict=True)]
    total = _("In twelve weeks: {counts}.").format(counts=_counts(taken_together))
    lines = [_week(each) for each in shown.weeks if each.total]
    picture = _picture(pictures, "outcomes", " ".join([total, *lines]))
    return [b.header(_("Commitments")), *picture, b.section(total), b.section("\n".join(lines))]


def _week(week: Week) -> str:
    return _("Week of {day}: {counts}.").format(day=say_week(week.monday), counts=_counts(week.counts))


def _counts(counts: Sequence[int]) -> str:
    said = [_count(outcome, count) for outcome, count in zip(Outcome, counts, strict=True) if count]
    return ", ".join(said)


def _count(outcome: Outcome, count: int) -> str:
    text = {
        Outcome.KEPT: _("{count} kept"),
        Outcome.PARTLY: _("{count} partly"),
        Outcome.NOT_KEPT: _("{count} not kept"),
        Outcome.NO_LONGER_RIGHT: _("{count} no longer right"),
    }[outcome]
    return text.format(count=count)


# --- in all of them -------------------------------------------------------------------------------------------


def _picture(pictures: Addresses, name: str, said: str) -> list[Block]:
    return [b.picture(pictures[name], said)] if name in pictures else []


def _clients(clients: Sequence[Membership]) -> list[Block]:
    """Names only; that one opened what a client shares is on record once it was."""
    if not clients:
        return []
    choice = b.select(people_options(clients), action_id="progress.of")
    return [b.divider(), b.section(_("What your clients share with you:")), b.actions(choice)]
