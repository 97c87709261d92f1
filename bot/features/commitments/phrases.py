"""What is said of what became of a commitment, of how often it comes, and of where it was moved from."""

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.core.dates import say_date, say_time
from bot.core.directory import Person
from bot.core.i18n import current_locale, ngettext
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.slack import blocks as b
from bot.features.commitments.domain import Commitment, Move, Occurrence, Outcome
from bot.features.commitments.recurring import Every, Recurrence

MOVES_SHOWN = 5
LEARNED_SHOWN = 3


def outcome_label(outcome: Outcome) -> str:
    return {
        Outcome.KEPT: _("Kept"),
        Outcome.PARTLY: _("Partly"),
        Outcome.NOT_KEPT: _("Not kept"),
        Outcome.NO_LONGER_RIGHT: _("No longer right"),
    }[outcome]


def every_label(every: Every) -> str:
    return {
        Every.WORKING_DAY: _("Every working day"),
        Every.WEEK: _("Every week"),
        Every.MONTH: _("Every month"),
    }[every]


def recurs_phrase(recurrence: Recurrence, today: date) -> str:
    """Such as “every week until Dec 24”, in the middle of a sentence."""
    if recurrence.until_on is None:
        return {
            Every.WORKING_DAY: _("every working day"),
            Every.WEEK: _("every week"),
            Every.MONTH: _("every month"),
        }[recurrence.every]
    text = {
        Every.WORKING_DAY: _("every working day until {day}"),
        Every.WEEK: _("every week until {day}"),
        Every.MONTH: _("every month until {day}"),
    }[recurrence.every]
    return text.format(day=say_date(recurrence.until_on, today=today, locale=current_locale()))


def past_phrases(commitment: Commitment, person: Person, now: datetime) -> list[str]:
    """Where it was moved from, and how many of the last times it was kept: whole sentences."""
    lately = commitment.lately
    kept = [tally(lately)] if _is_worth_saying(lately) else []
    return [*_moves(commitment.moves, local_date(now, person.zone)), *kept]


def _is_worth_saying(days: Sequence[Occurrence]) -> bool:
    """“None of five” helps nobody."""
    return any(each.outcome is Outcome.KEPT or (each.outcome and len(days) == 1) for each in days)


def _moves(moves: Sequence[Move], today: date) -> list[str]:
    if not moves:
        return []
    dates = [(moves[0].from_on, moves[0].from_time), *((each.to_on, each.to_time) for each in moves)]
    said = [_day_and_time(on, at, today) for on, at in dates[-MOVES_SHOWN - 1 :]]
    way = ", ".join(_("then to {day}").format(day=each) for each in said[2:])
    text = ngettext(
        "Moved once: from {first} to {second}.",
        "Moved {count} times: from {first} to {second}, {way}.",
        len(moves),
    )
    return [text.format(count=len(moves), first=said[0], second=said[1], way=way)]


def _day_and_time(on: date, at: time | None, today: date) -> str:
    day = say_date(on, today=today, locale=current_locale())
    return (
        day
        if at is None
        else _("{day} at {time}").format(day=day, time=say_time(at, locale=current_locale()))
    )


def tally(days: Sequence[Occurrence]) -> str:
    """How many of these were kept. A count, and no more than that: nothing of it is a record to be broken."""
    if len(days) == 1 and days[0].outcome:
        return _("Last time: {outcome}.").format(outcome=outcome_label(days[0].outcome))
    kept = sum(each.outcome is Outcome.KEPT for each in days)
    return _("Kept {kept} of the last {count} times.").format(count=len(days), kept=kept)


def learned_lines(commitment: Commitment, person: Person, now: datetime) -> list[str]:
    """Of the last times, what was learned; for plain text."""
    today = local_date(now, person.zone)
    return [
        " – ".join((_day_and_time(each.on, None, today), outcome_label(each.outcome), b.inline(each.learned)))
        for each in commitment.lately
        if each.learned and each.outcome
    ][:LEARNED_SHOWN]
