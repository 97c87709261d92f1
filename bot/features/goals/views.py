"""The fields of a goal for any form, how they are read, and what is said of one."""

from collections.abc import Sequence
from datetime import date, datetime

from slack_sdk.models.blocks import Block, InputBlock, Option, PlainTextInputElement

from bot.core.dates import say_date
from bot.core.directory import Person
from bot.core.i18n import current_locale
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.features.engagements.domain import Shared
from bot.features.engagements.service import Membership
from bot.features.engagements.views import nobody_else
from bot.features.goals.domain import (
    TEXT_LIMIT,
    TITLE_LIMIT,
    FocusArea,
    Goal,
    GoalState,
    Measure,
    NeedsTitle,
    Scale,
    Wording,
    say_area,
)
from bot.features.goals.reading import Entry
from bot.features.strengths.domain import Strength

SHARED = "yes"
NONE = "none"

# --- the fields, and reading them -----------------------------------------------------------------------


def wording_fields(
    wording: Wording, strengths: Sequence[Strength], *, is_suggestion: bool = False
) -> list[Block]:
    """`strengths` are those to choose from; nobody suggests which of theirs another should use."""
    areas = [b.option(say_area(each), each) for each in FocusArea]
    moved = _("It can be moved at any time; the dates before stay visible beside it.")
    fields: list[Block] = [
        b.field(
            "title",
            _("What do you want to be different?") if not is_suggestion else _("What could be different?"),
            b.text_input(
                initial=wording.aim,
                placeholder=_("My team decides without waiting for me"),
                max_length=TITLE_LIMIT,
            ),
        ),
        b.field("why", _("Why does it matter?"), _text(wording.why), optional=True),
        b.field(
            "target_on",
            _("By when?"),
            b.date_picker(wording.target_on),
            hint=None if is_suggestion else moved,
            optional=is_suggestion,
        ),
        b.field("area", _("Focus area"), b.select(areas, initial=wording.area), optional=True),
    ]
    if strengths and not is_suggestion:
        options = [b.option(each.name, each.id) for each in strengths]
        chosen = b.multi_select(options, initial=wording.strengths, placeholder=_("One or two are enough"))
        fields.append(
            b.field("strengths", _("Which of your strengths can you draw on?"), chosen, optional=True)
        )
    objective = b.text_input(initial=wording.objective, max_length=TEXT_LIMIT)
    hint = _("Only if there is one: what your organisation gains by it.")
    return [*fields, b.field("objective", _("What does it serve?"), objective, hint=hint, optional=True)]


def _text(initial: str | None) -> PlainTextInputElement:
    return b.text_input(initial=initial, multiline=True, max_length=TEXT_LIMIT)


def share_field(
    among: Sequence[Membership], is_shared: bool | None = None, *, is_placed: bool = True
) -> list[Block]:
    """`among`: the engagements that it may belong to; or to none, unless `is_placed`. `is_shared` None: as the agreements say."""
    if not among:
        return [
            b.context(_("Only you see it. You can bring it into your work with a coach later, if you like."))
        ]
    usual = all(Shared.GOALS in each.shares for each in among)
    names = {each.other.name for each in among}
    label = (
        _("Let {name} see this").format(name=b.inline(names.pop()))
        if len(names) == 1
        else _("Let my coach see this")
    )
    chosen = [SHARED] if (usual if is_shared is None else is_shared) else []
    box = b.checkboxes([b.option(label, SHARED)], initial=chosen)
    note = _(
        "Without the tick, only you see it, and what you say about it. You can change that at any time. "
        "`/grow privacy` shows when your coach has opened it."
    )
    notes = note if is_placed else f"{note} {nobody_else()}"
    return [b.field("shared", _("Who sees it"), box, optional=True), b.context(notes)]


def read_wording(form: Form) -> Wording:
    """Raises NeedsTitle."""
    title = form.text("title")
    if title is None:
        raise NeedsTitle
    area = form.choice("area")
    return Wording(
        aim=title[:TITLE_LIMIT],
        why=(form.text("why") or "")[:TEXT_LIMIT] or None,
        objective=(form.text("objective") or "")[:TEXT_LIMIT] or None,
        area=FocusArea(area) if area in set(FocusArea) else None,
        target_on=form.date("target_on"),
        strengths=form.choices("strengths"),
    )


def read_share(form: Form) -> bool:
    return SHARED in form.choices("shared")


# --- rating: also in the check-in -------------------------------------------------------------------------


def rating_field(name: str, entry: Entry, week: str, *, can_clear: bool = True) -> InputBlock:
    """The goal's words are the label. `can_clear`: not rating it this week is one of the choices."""
    measure, now = entry.goal.measure, entry.rated_in(week)
    options = [b.option(say_value(measure, each), str(each)) for each in reversed(measure.scale.values)]
    if can_clear:
        options.insert(0, b.option(_("Not this week"), NONE))
    initial = str(now) if now is not None else NONE
    return b.field(name, entry.goal.aim, b.select(options, initial=initial), hint=_rating_hint(entry, week))


def _rating_hint(entry: Entry, week: str) -> str:
    measure, before = entry.goal.measure, entry.rated_before(week)
    parts = [_("Where does this goal stand?")]
    if before is not None:
        parts.append(_("Last time: {value}.").format(value=say_short(measure, before)))
    elif measure.baseline is not None:
        parts.append(_("At the start: {value}.").format(value=say_short(measure, measure.baseline)))
    if measure.target is not None:
        parts.append(_("You want: {value}.").format(value=say_short(measure, measure.target)))
    return " ".join(parts)


def rated_line(entry: Entry, week: str) -> str:
    """For the other one's reading of a check-in, in plain text: the goal, where it stood in this week, and before."""
    measure, value, before = entry.goal.measure, entry.rated_in(week), entry.rated_before(week)
    now = say_value(measure, value) if value is not None else ""
    line = _("Goal: {title} – {now}").format(title=b.inline(entry.goal.aim), now=now)
    if before is None:
        return line
    return line + " " + _("(before: {value})").format(value=say_short(measure, before))


def read_rating(form: Form, name: str) -> int | None:
    """None when it is not rated, or by nothing that is on a scale."""
    chosen = form.choice(name)
    values = {value for scale in Scale for value in scale.values}
    return next((value for value in values if str(value) == chosen), None)


def value_options(measure: Measure) -> list[Option]:
    return [b.option(say_value(measure, each), str(each)) for each in reversed(measure.scale.values)]


# --- saying it --------------------------------------------------------------------------------------------


def say_value(measure: Measure, value: int) -> str:
    """Such as "6 of 10", or "+1: the sentence for that level"."""
    if measure.scale is Scale.ONE_TO_TEN:
        return _("{value} of 10").format(value=value)
    sentence = (measure.levels or {}).get(value)
    return f"{say_level(value)}: {b.inline(sentence) if sentence else level_meaning(value)}"


def say_number(measure: Measure, value: int) -> str:
    """As say_value, without the sentence of a level, which is a person's words."""
    return say_level(value) if measure.scale is Scale.LEVELS else say_value(measure, value)


def say_short(measure: Measure, value: int) -> str:
    return str(value) if measure.scale is Scale.ONE_TO_TEN else say_level(value)


def say_level(level: int) -> str:
    return f"+{level}" if level > 0 else f"−{-level}" if level else "0"


def level_meaning(level: int) -> str:
    return {
        2: _("much more than expected"),
        1: _("more than expected"),
        0: _("as expected"),
        -1: _("less than expected"),
        -2: _("much less than expected"),
    }[level]


def say_state(state: GoalState) -> str:
    return {
        GoalState.SUGGESTED: _("Suggested"),
        GoalState.DECLINED: _("Not taken up"),
        GoalState.OPEN: _("Still open"),  # "Open" is what a button does
        GoalState.REACHED: _("Reached"),
        GoalState.PARTLY: _("Partly reached"),
        GoalState.LET_GO: _("Let go"),
    }[state]


def target_phrase(goal: Goal, reader: Person, now: datetime) -> str:
    """Such as "By Fri 4 Dec"; for one that is open and whose day is over, what may be done."""
    on, today = goal.wording.target_on, local_date(now, reader.zone)
    if on is None:
        return _("Without a date")
    if goal.is_open and on < today:
        return _("Its day was {day}: close it, or give it another date").format(day=say_day(on, reader, now))
    return _("By {day}").format(day=say_day(on, reader, now))


def say_day(on: date, reader: Person, now: datetime) -> str:
    return say_date(on, today=local_date(now, reader.zone), locale=current_locale())


def standing(entry: Entry) -> str | None:
    """Such as "Now 6 of 10" or "Now +1", without anybody's words; None before it was rated."""
    if entry.latest is None:
        return None
    return _("Now {value}").format(value=say_number(entry.goal.measure, entry.latest.value))


def who_sees(entry: Entry) -> str:
    """To its owner."""
    if entry.membership is None:
        return _("Only you see it, without a coach.")
    if not entry.goal.is_shared:
        return _("Only you see it.")
    return _("{person} sees it too.").format(person=entry.membership.other.mention)
