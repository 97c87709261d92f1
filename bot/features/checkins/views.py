"""The check-in as a form, what a coach sees of it, and what App Home says about it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from slack_sdk.models.blocks import Block, InputBlock, Option, PlainTextInputElement
from slack_sdk.models.views import View

from bot.core.dates import beginning, say_date, say_moment
from bot.core.directory import Person
from bot.core.errors import OutdatedForm
from bot.core.i18n import current_locale, ngettext
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.features.checkins.domain import Answers
from bot.features.checkins.service import Form as Asked
from bot.features.checkins.service import Seen, Shown, Standing
from bot.features.commitments.domain import Commitment, Occurrence, Outcome
from bot.features.commitments.phrases import outcome_label, recurs_phrase
from bot.features.commitments.reading import Recurring
from bot.features.commitments.recurring import Every
from bot.features.commitments.views import due_phrase
from bot.features.engagements.domain import Shared
from bot.features.engagements.places import Alone, Place, name_of
from bot.features.engagements.views import said_of
from bot.features.goals.views import rated_line, rating_field, read_rating
from bot.features.sessions.views import lasting_moment

SAVE = "checkins.save"
LIST = "checkins.list"
READ = "checkins.read"

ITEM = "commitment-"
DAYS = "days-"
DAY = "day-"
STILL_OPEN = "open"
SHARED = "yes"
RATING = "goal-"
SHOWN = 40
"""With so many, and twelve goals, a form has no more than the 100 blocks and 250 kB that Slack takes."""
FIELD_LIMIT = 1500
CLIENTS_SHOWN = 12
ANSWERED_SHOWN = 5


# --- the form ---------------------------------------------------------------------------------------


def form(asked: Asked, now: datetime) -> View:
    person, before = asked.place.actor, asked.before
    helped, hindered = (before.helped, before.hindered) if before else (None, None)
    return b.modal(
        SAVE,
        _("Weekly check-in"),
        [
            *_heading(asked),
            *_items(asked, person, now),
            *_goals(asked),
            b.field(_of(asked.week, "helped"), _("What helped?"), _text(helped), optional=True),
            b.field(_of(asked.week, "hindered"), _("What got in the way?"), _text(hindered), optional=True),
            *_who_sees(asked),
        ],
        submit=_("Check in"),
        close=_("Not now"),
        metadata={"engagement": _where(asked.place), "week": asked.week, "at": now.isoformat()},
    )


def _where(place: Place) -> str:
    return name_of(place.engagement_id)


def _who_sees(asked: Asked) -> list[Block]:
    place, before = asked.place, asked.before
    if isinstance(place, Alone):
        return [b.context(_("Only you see this check-in. You can change it all until the next one."))]
    is_shared = before.is_shared if before else Shared.CHECKINS in place.shares
    label = _("Let {name} see this check-in").format(name=b.inline(place.other.name))
    share = b.checkboxes([b.option(label, SHARED)], initial=[SHARED] if is_shared else [])
    note = _(
        "Without the tick, only you see this check-in; each commitment and goal keeps its own setting. "
        "You can change it all until the next check-in, and {person} gets no message about it."
    )
    return [
        b.field(_of(asked.week, "share"), _("Who sees it"), share, optional=True),
        b.context(note.format(person=place.other.mention)),
    ]


def _of(week: str, name: str) -> str:
    """A field's name in the form of one week: under the same name, Slack would keep what the other week's form held."""
    return f"{name}:{week}"


def _heading(asked: Asked) -> list[Block]:
    is_this_week = asked.week == asked.this_week
    if is_this_week:
        text = said_of(asked.place, _("With {person}, for this week."), _("For you alone, for this week."))
    else:
        text = said_of(asked.place, _("With {person}, for last week."), _("For you alone, for last week."))
    if asked.other_week is None:
        return [b.section(text)]
    label = _("Last week's instead") if is_this_week else _("This week's instead")
    value = f"{_where(asked.place)}:{asked.other_week}"
    return [b.section(text, accessory=b.button(label, "checkins.switch", value))]


def _items(asked: Asked, person: Person, now: datetime) -> list[Block]:
    """What recurs first: it is what the week was made of."""
    if not asked.asked and not asked.recurring:
        if asked.goals.entries:
            return [b.section(_("No commitment is open."))]
        return [b.section(_("Nothing is open, so there are just two questions."))]
    fields = [block for each in asked.recurring for block in _recurring(each, asked.week, person, now)]
    fields += [_item(each, asked, person, now) for each in asked.asked]
    more = len(fields) - SHOWN
    blocks: list[Block] = list(fields[:SHOWN])
    if more > 0:
        text = ngettext(
            "And {count} more, due later: `/grow commitments`.",
            "And {count} more, due later: `/grow commitments`.",
            more,
        )
        blocks.append(b.context(text.format(count=more)))
    return blocks


def _item(commitment: Commitment, asked: Asked, person: Person, now: datetime) -> InputBlock:
    """The words are the label, so that who listens hears what the choice is about."""
    return b.field(
        _of(asked.week, ITEM + commitment.id),
        commitment.what,
        b.select(_choices(), initial=commitment.outcome or STILL_OPEN),
        hint=_hint(commitment, asked, person, now),
    )


def _hint(commitment: Commitment, asked: Asked, person: Person, now: datetime) -> str:
    due, since = due_phrase(commitment, person, now), asked.carried.get(commitment.id)
    if since is None:
        return due
    return _("{due}. Open since before your check-in of {day}, which is fine.").format(
        due=due, day=_day(since, person, now)
    )


def _recurring(recurring: Recurring, week: str, person: Person, now: datetime) -> list[InputBlock]:
    commitment = recurring.commitment
    recurrence = commitment.recurrence
    assert recurrence is not None
    if recurrence.every is Every.WORKING_DAY:
        return [_days(recurring, week, person, now)]
    today = local_date(now, person.zone)
    return [
        b.field(
            _of(week, f"{DAY}{commitment.id}.{each.on}"),
            commitment.what,
            b.select(_choices(), initial=each.outcome or STILL_OPEN),
            hint=_("{day}. It comes {often}.").format(
                day=beginning(_day(each.on, person, now)), often=recurs_phrase(recurrence, today)
            ),
        )
        for each in recurring.days
    ]


def _days(recurring: Recurring, week: str, person: Person, now: datetime) -> InputBlock:
    """The days of the week in one field: nobody is asked five times."""
    kept = [str(each.on) for each in recurring.days if each.outcome is Outcome.KEPT]
    options = [b.option(_day_label(each, person, now), str(each.on)) for each in recurring.days]
    return b.field(
        _of(week, DAYS + recurring.commitment.id),
        recurring.commitment.what,
        b.checkboxes(options, initial=kept),
        hint=_ticking(len(kept), len(options)),
        optional=True,
    )


def _ticking(kept: int, count: int) -> str:
    """Nobody who comes back after a while is told that it was none of the days."""
    if kept == 0 and count > 1:
        return _("Tick the days on which you kept it; the rest needs no answer.")
    text = ngettext(
        "Tick it if you kept it; the rest needs no answer.",
        "Tick the days on which you kept it, so far {kept} of {count}; the rest needs no answer.",
        count,
    )
    return text.format(kept=kept, count=count)


def _day_label(day: Occurrence, person: Person, now: datetime) -> str:
    said = beginning(_day(day.on, person, now))
    if day.outcome is None or day.outcome is Outcome.KEPT:
        return said
    return f"{said} ({outcome_label(day.outcome)})"


def _day(on: date, person: Person, now: datetime) -> str:
    return say_date(on, today=local_date(now, person.zone), locale=current_locale())


def _choices() -> list[Option]:
    return [b.option(_("Still open"), STILL_OPEN), *(b.option(outcome_label(each), each) for each in Outcome)]


def _goals(asked: Asked) -> list[Block]:
    """Those to be reached soonest, and where the others are."""
    if not asked.goals.entries:
        return []
    blocks: list[Block] = [b.header(_("Your goals"))]
    for each in asked.goals.entries:
        blocks.append(rating_field(_of(asked.week, RATING + each.goal.id), each, asked.week))
    more = asked.goals.more
    if more:
        text = ngettext(
            "And {count} more, with a later date: `/grow goals` lets you rate it.",
            "And {count} more, with later dates: `/grow goals` lets you rate them.",
            more,
        )
        blocks.append(b.context(text.format(count=more)))
    return blocks


def _text(initial: str | None) -> PlainTextInputElement:
    return b.text_input(initial=initial, multiline=True, max_length=FIELD_LIMIT)


def read(form: Form, week: str, at: str | None) -> Answers:
    """`at`: when the form was drawn. Raises OutdatedForm."""
    return Answers(
        outcomes={_about(name, ITEM, week): _outcome(form, name) for name in form.names(ITEM)},
        helped=form.text(_of(week, "helped")),
        hindered=form.text(_of(week, "hindered")),
        is_shared=SHARED in form.choices(_of(week, "share")),
        asked_at=_instant(at) if at else None,
        ratings=_read_ratings(form, week),
        kept_on={_about(name, DAYS, week): _ticked(form, name) for name in form.names(DAYS)},
        days={_which_day(_about(name, DAY, week)): _outcome(form, name) for name in form.names(DAY)},
    )


def _about(name: str, kind: str, week: str) -> str:
    return name.removeprefix(kind).removesuffix(_of(week, ""))


def _outcome(form: Form, name: str) -> Outcome | None:
    chosen = form.choice(name)
    return Outcome(chosen) if chosen in set(Outcome) else None


def _ticked(form: Form, name: str) -> frozenset[date]:
    return frozenset(_date(each) for each in form.choices(name))


def _which_day(said: str) -> tuple[str, date]:
    commitment_id, _dot, on = said.partition(".")
    return commitment_id, _date(on)


def _instant(said: str) -> datetime:
    try:
        return datetime.fromisoformat(said).astimezone(UTC)
    except ValueError as broken:
        raise OutdatedForm from broken


def _date(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError as broken:
        raise OutdatedForm from broken


def _read_ratings(form: Form, week: str) -> dict[str, int | None]:
    names = form.names(RATING)
    return {name.removeprefix(RATING).removesuffix(_of(week, "")): read_rating(form, name) for name in names}


def saved(done: Asked, now: datetime) -> str:
    place, before = done.place, done.before
    only_you = _("Only you can read it.")
    if before is not None and before.is_shared:
        who = said_of(place, _("{person} can read it, and gets no message about it."), only_you)
    else:
        who = only_you
    return " ".join((_("Checked in."), who, _next(done.next_at, place.actor, now)))


def _next(next_at: datetime | None, person: Person, now: datetime) -> str:
    if next_at is None:
        return ""
    if person.is_paused(next_at):
        return _(
            "You are paused, so I don't ask until you are back; `/grow checkin` lets you change this one."
        )
    moment = say_moment(next_at, now=now, zone=person.zone, locale=current_locale())
    return _("The next one is {moment}; until then, `/grow checkin` lets you change this one.").format(
        moment=moment
    )


# --- choosing, and a coach's reading ----------------------------------------------------------------


def choices(found: Sequence[Place], has_clients: bool) -> View:
    """For someone with several coaches, who keeps something alone beside the work with one, or who is a coach too."""
    blocks: list[Block] = []
    for each in [*found[:39], *found[39:][-1:]]:
        button = b.button(_("Check in"), f"checkins.open:{_where(each)}", _where(each))
        text = said_of(each, _("With {person}, your coach."), _("For you alone, without a coach."))
        blocks.append(b.section(text, button))
    if has_clients:
        blocks.append(b.section(_("What your clients share"), accessory=b.button(_("Read"), "checkins.read")))
    return b.modal(LIST, _("Check-ins"), blocks)


def shared(shown: Sequence[Shown], coach: Person, now: datetime, *, start: int = 0, more: int = 0) -> View:
    """Of so many clients from the `start`-th on; `more` come behind them."""
    blocks: list[Block] = [
        b.context(
            _("The last check-in that each client shares with you. It is on record that you opened it.")
        )
    ]
    for each in shown:
        blocks += _of_client(each, coach, now)
    if more:
        text = ngettext("And {count} more client.", "And {count} more clients.", more)
        beyond = str(start + len(shown))
        button = b.button(_("Show the next ones"), "checkins.next", beyond)
        blocks.append(b.section(text.format(count=more), accessory=button))
    if start:
        blocks.append(b.actions(b.button(_("Back to the first ones"), "checkins.next:0", "0")))
    return b.modal(READ, _("Client check-ins"), blocks)


def _of_client(shown: Shown, coach: Person, now: datetime) -> list[Block]:
    client, checkin = shown.membership.other.mention, shown.checkin
    if checkin is None:
        return [b.section(f"*{client}*\n" + _("No check-in is shared yet."))]
    moment = say_moment(checkin.created_at, now=now, zone=coach.zone, locale=current_locale())
    said: list[Block] = _answered(shown)
    for question, words in ((_("What helped"), checkin.helped), (_("What got in the way"), checkin.hindered)):
        if words:
            said += [b.context(question), b.words(words)]
    said += _rated(shown)
    if not said:
        said = [b.context(_("Checked in, nothing written."))]
    return [b.section(f"*{client}*, {moment}"), *said, *_still_open(shown, coach, now)]


def _still_open(shown: Shown, coach: Person, now: datetime) -> list[Block]:
    """In one block: Slack takes a hundred."""
    lines = [
        _("Still open: {what} – {due}").format(what=b.inline(each.what), due=due_phrase(each, coach, now))
        for each in shown.still_open[:ANSWERED_SHOWN]
    ]
    more = len(shown.still_open) - ANSWERED_SHOWN
    if more > 0:
        lines.append(ngettext("And {count} more.", "And {count} more.", more).format(count=more))
    return [b.words("\n".join(lines))] if lines else []


def _rated(shown: Shown) -> list[Block]:
    """Where the goals that are shared too stood in that week, and before."""
    assert shown.checkin is not None
    week = shown.checkin.week
    lines, more = [rated_line(each, week) for each in shown.rated.entries], shown.rated.more
    if more:
        lines.append(ngettext("And {count} more.", "And {count} more.", more).format(count=more))
    return [b.words("\n".join(lines))] if lines else []


def _answered(shown: Shown) -> list[Block]:
    """One line for each: outcome first, then the words, all in plain text."""
    assert shown.checkin is not None
    outcomes = shown.checkin.outcomes
    lines = [line for each in shown.recurring if (line := _recurring_line(each))]
    lines += [f"{outcome_label(outcomes[each.id])}: {b.inline(each.what)}" for each in shown.answered]
    more = len(lines) - ANSWERED_SHOWN
    blocks: list[Block] = [b.words("\n".join(lines[:ANSWERED_SHOWN]))] if lines else []
    if more > 0:
        text = ngettext("And {count} more.", "And {count} more.", more)
        blocks.append(b.context(text.format(count=more)))
    return blocks


def _recurring_line(recurring: Recurring) -> str | None:
    """How many of the days were kept, or what became of the only one; None where nothing was said."""
    said = [each.outcome for each in recurring.days if each.outcome]
    what, count = b.inline(recurring.commitment.what), len(recurring.days)
    if not said:
        return None
    if count == 1:
        return f"{outcome_label(said[0])}: {what}"
    kept = sum(each is Outcome.KEPT for each in said)
    return _("Kept {kept} of {count} times: {what}").format(kept=kept, count=count, what=what)


# --- App Home ---------------------------------------------------------------------------------------


def home(
    standings: Sequence[Standing], clients: Sequence[Seen], person: Person, now: datetime
) -> list[Block]:
    if not standings and not clients:
        return []
    blocks: list[Block] = [b.header(_("Weekly check-in"))]
    for each in standings:
        where = _where(each.place)
        label = _("Change it") if each.is_done else _("Check in")
        button = b.button(label, f"checkins.open:{where}", where, primary=each.is_asked)
        blocks.append(b.section(_standing(each, person, now), accessory=button))
    if clients:
        button = b.button(_("Read"), "checkins.read")
        lines = [_("What your clients share with you of the last seven days:")]
        lines += [_seen(each, person, now) for each in _readable_first(clients)[:CLIENTS_SHOWN]]
        if (more := len(clients) - CLIENTS_SHOWN) > 0:
            lines.append(
                ngettext("And {count} more client.", "And {count} more clients.", more).format(count=more)
            )
        blocks.append(b.section("\n".join(lines), accessory=button))
    return blocks


def _readable_first(clients: Sequence[Seen]) -> list[Seen]:
    """Of many, those that have something to read are not behind those that have nothing."""
    there = [each for each in clients if each.checked_in_at]
    return [*there, *(each for each in clients if not each.checked_in_at)]


def _seen(seen: Seen, coach: Person, now: datetime) -> str:
    client, at = seen.membership.other.mention, seen.checked_in_at
    if at is None:
        return _("{person}: not yet").format(person=client)
    moment = lasting_moment(at, coach, now)
    return _("{person} checked in {moment}").format(person=client, moment=moment)


def _standing(standing: Standing, person: Person, now: datetime) -> str:
    place, next_at = standing.place, standing.next_at
    if standing.is_asked:
        return said_of(
            place,
            _("Your check-in with {person} waits for you."),
            _("Your check-in on your own waits for you."),
        )
    if next_at is None:
        return said_of(place, _("With {person}."), _("On your own."))
    if person.is_paused(next_at):
        done = (
            said_of(place, _("Your check-in with {person} is done."), _("Your check-in on your own is done."))
            if standing.is_done
            else said_of(place, _("With {person}."), _("On your own."))
        )
        return done + " " + _("You are paused, so I don't ask until you are back.")
    moment = say_moment(next_at, now=now, zone=person.zone, locale=current_locale())
    if standing.is_done:
        with_other = _("Your check-in with {person} is done. The next one is {moment}.")
        return said_of(
            place,
            with_other,
            _("Your check-in on your own is done. The next one is {moment}."),
            moment=moment,
        )
    with_other = _("The next one with {person} is {moment}. You can do it now.")
    alone = _("The next one on your own is {moment}. You can do it now.")
    return said_of(place, with_other, alone, moment=moment)
