"""The fields of a commitment for any form, how they are read, and what is said of one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

from slack_sdk.models.blocks import Block, InputBlock, PlainTextInputElement

from bot.core.dates import Unclear, When, read_when, say_date, say_moment, say_time
from bot.core.directory import Person
from bot.core.i18n import current_locale
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.features.commitments.domain import (
    Commitment,
    DateUnclear,
    Draft,
    EndUnclear,
    NeedsWords,
    RecursNot,
    Wording,
)
from bot.features.commitments.phrases import every_label, recurs_phrase
from bot.features.commitments.recurring import Every
from bot.features.commitments.service import Entry
from bot.features.engagements.domain import Role, Shared
from bot.features.engagements.places import Alone, Place
from bot.features.engagements.service import Membership, coached
from bot.features.engagements.views import nobody_else
from bot.features.goals.reading import Choice

WHAT_LIMIT = 500
FIELD_LIMIT = 500
BY_LIMIT = 100
SHARED = "yes"
NO_GOAL = "none"
ONCE = "once"


# --- the fields, and reading them -------------------------------------------------------------------


def draft_fields(
    *,
    place: Place,
    person: Person,
    what: str | None = None,
    when_text: str | None = None,
    question: str | None = None,
    optional: bool = False,
    among: Sequence[Place] = (),
    goals: Sequence[Choice] = (),
    goal_id: str | None = None,
) -> list[Block]:
    """What, by when, cue, obstacle, confidence, how often, shared. `what`: words already typed elsewhere; `when_text`: a date as it was typed, or `by_text`.

    `among`: the places to choose from in the same form, when there are several. `goals`: those it can be a step towards.
    """
    return [
        what_field(what, optional=optional),
        by_field(when_text, person, question=question, optional=optional),
        *wording_fields(None, [place, *among], goals, goal_id, recurring_fields()),
    ]


def what_field(initial: str | None, *, optional: bool = False) -> InputBlock:
    element = b.text_input(
        initial=initial,
        placeholder=_("One concrete step, small enough to be sure of"),
        max_length=WHAT_LIMIT,
    )
    return b.field("what", _("What will you do?"), element, optional=optional)


def by_field(
    when_text: str | None, person: Person, *, question: str | None = None, optional: bool = False
) -> InputBlock:
    """`question`: what is asked about the date in it. Slack shows no error in a form that opens, so it is the hint."""
    hint = _(
        "Such as “Friday”, “next tue 3pm”, “in two weeks” or “2026-12-04”. "
        "Without a time, you have until the end of that day. Your time zone is {zone}."
    ).format(zone=person.zone.replace("_", " "))
    return b.field(
        "by",
        _("By when?"),
        b.text_input(initial=when_text, placeholder=_("Friday"), max_length=BY_LIMIT),
        hint=f"{question} {hint}" if question else hint,
        optional=optional,
    )


def recurring_fields() -> list[Block]:
    options = [b.option(_("Once"), ONCE), *(b.option(every_label(each), each) for each in Every)]
    often = b.field(
        "every",
        _("How often?"),
        b.select(options, initial=ONCE),
        hint=_("If it comes again, the date above is the first time."),
        optional=True,
    )
    return [often, until_field(None)]


def until_field(initial: str | None) -> InputBlock:
    return b.field(
        "until",
        _("Until when, if it comes again?"),
        b.text_input(initial=initial, placeholder=_("In six weeks"), max_length=BY_LIMIT),
        hint=_("Left empty, it goes on until you let it go: “No longer right” ends it."),
        optional=True,
    )


def wording_fields(
    wording: Wording | None,
    among: Sequence[Place],
    goals: Sequence[Choice] = (),
    goal_id: str | None = None,
    recurring: Sequence[Block] = (),
) -> list[Block]:
    """`recurring`: the fields about how often, which few need: below what makes a step likelier."""
    sureness = [b.option(str(each), str(each)) for each in range(1, 11)]
    confidence = str(wording.confidence) if wording and wording.confidence else None
    return [
        b.field(
            "cue",
            _("When … then I will …"),
            _line(wording.cue if wording else None, _("When the Monday meeting ends, then I will …")),
            hint=_("What will remind you, where and when? A plan like this makes it much likelier."),
            optional=True,
        ),
        b.field(
            "obstacle",
            _("What could get in the way?"),
            _line(wording.obstacle if wording else None, _("And what will you do then?")),
            optional=True,
        ),
        b.field(
            "confidence",
            _("How sure are you that you will do it, from 1 to 10?"),
            b.select(sureness, initial=confidence),
            hint=_("Below 7? What would make it an 8? A smaller step counts."),
            optional=True,
        ),
        *recurring,
        *goal_field(goals, wording.goal_id if wording else goal_id),
        *shared_fields(wording.is_shared if wording else None, among),
    ]


def goal_field(goals: Sequence[Choice], initial: str | None = None) -> list[Block]:
    """“No goal” is one of the choices: what is chosen in a list of Slack's can't be taken back otherwise."""
    if not goals:
        return []
    options = [b.option(_("No goal"), NO_GOAL), *(b.option(each.aim, each.goal_id) for each in goals[:99])]
    label = _("Which goal is it a step towards?")
    return [b.field("goal", label, b.select(options, initial=initial), optional=True)]


def _line(initial: str | None, placeholder: str) -> PlainTextInputElement:
    return b.text_input(initial=initial, placeholder=placeholder, max_length=FIELD_LIMIT)


def shared_fields(is_shared: bool | None, among: Sequence[Place]) -> list[Block]:
    """A client chooses; a coach's promise is for the client to see; alone, there is nobody else."""
    engaged = [each for each in among if isinstance(each, Membership)]
    if not engaged:
        return [
            b.context(_("Only you see it. You can bring it into your work with a coach later, if you like."))
        ]
    as_client = [each for each in engaged if each.role is Role.CLIENT]
    as_coach = coached(engaged)
    blocks: list[Block] = []
    if as_client:
        usual = all(Shared.COMMITMENTS in each.shares for each in as_client)
        names = {b.inline(each.other.name) for each in as_client}
        label = _("Let {name} see this").format(name=names.pop()) if len(names) == 1 else None
        chosen = [SHARED] if (usual if is_shared is None else is_shared) else []
        options = [b.option(label or _("Let my coach see this"), SHARED)]
        blocks.append(
            b.field("shared", _("Who sees this step?"), b.checkboxes(options, initial=chosen), optional=True)
        )
    alone = [nobody_else()] if len(engaged) < len(among) else []
    return [*blocks, b.context(" ".join((_who_reads(as_client, as_coach), *alone)))]


def _who_reads(as_client: Sequence[Membership], as_coach: Sequence[Membership]) -> str:
    lines = []
    if as_client:
        lines.append(_("Without the tick, only you see it. You can change that at any time."))
    if as_coach:
        clients = {each.other.mention for each in as_coach}
        if len(clients) == 1:
            text = _("What you promise as a coach is always visible to your client: {client}.")
            lines.append(text.format(client=clients.pop()))
        else:
            lines.append(_("What you promise as a coach is always visible to the client you choose."))
    return " ".join(lines)


def by_text(due_on: date, due_time: time | None, person: Person, now: datetime) -> str:
    """A date to stand in the field: as people write it, if it can be read back, otherwise ISO."""
    day = _day_text(due_on, person)
    text = f"{day}, {say_time(due_time, locale=person.locale)}" if due_time else day
    if read_when(text, now=now, zone=person.zone, locale=person.locale) == When(due_on, due_time):
        return text
    return f"{due_on} {due_time:%H:%M}" if due_time else str(due_on)


def _day_text(on: date, person: Person) -> str:
    return say_date(on, today=date.min, locale=person.locale)


def read_draft(form: Form, *, now: datetime, person: Person, place: Place) -> Draft | None:
    """None when nothing was filled in. Raises NeedsWords, DateUnclear."""
    what = form.text("what")
    if what is None:
        if any(form.text(name) for name in ("by", "cue", "obstacle")):
            raise NeedsWords
        return None
    when, wording = read_by(form, now=now, person=person), _read_rest(form, what, place)
    every, until_on = read_every(form), read_until(form, now=now, person=person)
    if until_on is not None and every is None:
        raise RecursNot
    return Draft(
        what=what,
        due_on=when.on,
        due_time=when.at,
        cue=wording.cue,
        obstacle=wording.obstacle,
        confidence=wording.confidence,
        is_shared=wording.is_shared,
        goal_id=wording.goal_id,
        every=every,
        until_on=until_on,
    )


def read_every(form: Form) -> Every | None:
    chosen = form.choice("every")
    return Every(chosen) if chosen in set(Every) else None


def read_until(form: Form, *, now: datetime, person: Person, before: date | None = None) -> date | None:
    """`before`: as it was, which may be past and stay as it is. Raises EndUnclear."""
    text = form.text("until")
    if text is None:
        return None
    if before is not None and text in (str(before), _day_text(before, person)):
        return before
    when = read_when(text, now=now, zone=person.zone, locale=person.locale)
    if isinstance(when, Unclear):
        raise EndUnclear(asked_back(when))
    return when.on


def read_wording(form: Form, entry: Entry, now: datetime) -> Wording:
    """Raises NeedsWords, EndUnclear."""
    what = form.text("what")
    if what is None:
        raise NeedsWords
    recurrence, person = entry.commitment.recurrence, entry.place.actor
    until_on = read_until(form, now=now, person=person, before=recurrence.until_on if recurrence else None)
    return replace(_read_rest(form, what, entry.place), until_on=until_on)


def read_share(form: Form, place: Place) -> bool:
    """What a coach promises is always for the client to see."""
    return place.role is Role.COACH or SHARED in form.choices("shared")


def _read_rest(form: Form, what: str, place: Place) -> Wording:
    confidence = form.choice("confidence") or ""
    return Wording(
        what=what[:WHAT_LIMIT],
        cue=form.text("cue"),
        obstacle=form.text("obstacle"),
        confidence=int(confidence) if confidence in {str(each) for each in range(1, 11)} else None,
        is_shared=read_share(form, place),
        goal_id=None if form.choice("goal") == NO_GOAL else form.choice("goal"),
    )


def read_by(form: Form, *, now: datetime, person: Person, is_other_day: bool = False) -> When:
    """`is_other_day`: on a Friday, “Friday” is the next one. Raises DateUnclear, with what was understood."""
    text = form.text("by")
    if text is None:
        raise DateUnclear(_("By when? A date makes it real: “Friday” is enough."))
    when = read_when(text, now=now, zone=person.zone, locale=person.locale, is_other_day=is_other_day)
    if isinstance(when, Unclear):
        raise DateUnclear(asked_back(when))
    return when


def asked_back(unclear: Unclear) -> str:
    """What is asked about a date that could not be read for sure; the dates named can be typed as they stand."""
    if unclear.at is not None:
        time_ = say_time(unclear.at, locale=current_locale())
        return _("{time} today has passed already. When would you like to have it done?").format(time=time_)
    days = [say_date(each, today=date.min, locale=current_locale()) for each in unclear.candidates]
    if unclear.kind == "past":
        day = days[0] if days else _("That")
        return _("{day} has passed already. When would you like to have it done?").format(day=day)
    if unclear.kind == "time":
        example = f"{days[0]}, {say_time(time(9), locale=current_locale())}"
        return _("In the morning of {day}: by what time? “{example}”, for instance.").format(
            day=days[0], example=example
        )
    if unclear.kind == "ambiguous" and len(days) > 1:
        return _("That could be {first} or {second}. Which one do you mean?").format(
            first=days[0], second=days[-1]
        )
    if days:
        return _("Do you mean {day}?").format(day=days[0])
    return _("I couldn't read a date in that. Try “Friday”, “next tue 3pm”, “in two weeks” or “2026-12-04”.")


# --- saying it --------------------------------------------------------------------------------------


def due_phrase(commitment: Commitment, person: Person, now: datetime) -> str:
    """Such as “Due tomorrow at 15:00, every week”, in the reader's zone, or the owner's day where no time was named."""
    today = local_date(now, person.zone)
    if commitment.due_time is None:
        when, is_past = (
            say_date(commitment.due_on, today=today, locale=current_locale()),
            commitment.due_on < today,
        )
    else:
        when = say_moment(commitment.due_at, now=now, zone=person.zone, locale=current_locale())
        is_past = commitment.due_at <= now
    due = (_("Was due {when}") if is_past else _("Due {when}")).format(when=when)
    if commitment.recurrence is None:
        return due
    return f"{due}, {recurs_phrase(commitment.recurrence, today)}"


def what_and_goal(commitment: Commitment) -> str:
    """The words, and on a line of its own the goal that they are a step towards."""
    if commitment.goal is None:
        return commitment.what
    return commitment.what + "\n" + _("For your goal: {goal}").format(goal=b.inline(commitment.goal))


def who_sees(entry: Entry) -> str:
    if isinstance(entry.place, Alone):
        return _("Only you see it, without a coach.")
    if not entry.commitment.is_shared:
        return _("Only you see it.")
    return _("{person} sees it too.").format(person=entry.place.other.mention)


def smaller_step() -> str:
    """To someone whose confidence is low."""
    return _("You aren't sure of it yet: what would make it an 8? A smaller step counts.")


def next_nudge(entry: Entry, nudge_at: datetime | None, now: datetime) -> str:
    person = entry.place.actor
    if person.is_paused(nudge_at or now):
        return _("You are paused, so no reminder comes until you are back.")
    if nudge_at is not None:
        moment = say_moment(nudge_at, now=now, zone=person.zone, locale=current_locale())
        return _("The next reminder comes {moment}.").format(moment=moment)
    has_checkin = entry.place.role is not Role.COACH
    if has_checkin and _is_daily(entry.commitment):
        return _("No reminder comes for a single day; your weekly check-in asks on which days you kept it.")
    if _is_daily(entry.commitment):
        return _("No reminder comes for a single day, only one on the last of the week.")
    if has_checkin:
        return _("There is no reminder for it; your weekly check-in asks about it.")
    return _("There is no reminder for it.")


def _is_daily(commitment: Commitment) -> bool:
    return commitment.recurrence is not None and commitment.recurrence.every is Every.WORKING_DAY
