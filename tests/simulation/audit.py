"""Whether what people saw is what they were promised. Pure: evidence goes in, violations come out.

The rules are written anew here, from the design, and share no code with what is judged.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

from tests.simulation.evidence import Evidence, Kind, Part, Row, Visible, Wish

A_MOMENT = timedelta(seconds=20)
"""From the claim to the message."""
JUST_LATE = timedelta(minutes=10)
MOST_A_DAY = 2
LATER = ":later:"
OFFER = "people.lighter"
MOST_UNANSWERED = 2
RAN_OUT = ("expired", "over", "passed")
NEWS_OF_THE_PAIR = (
    "engagements.ended",
    "engagements.declined",
    "engagements.signed",
    "engagements.destroying",  # a week ahead, long after the end
)
UNDECIDED = ("sending", "ambiguous", "parked")
OPEN = ("pending", "sending", "ambiguous")
MENTION = re.compile(r"<@(\w+)>")
LONG_ENOUGH = timedelta(minutes=45)
TIME_TO_PAUSE = timedelta(minutes=15)
"""After a silence: whoever comes back to pause can, before the next message."""

Found = Iterator[tuple[bool, str]]
"""One for each thing looked at: whether it is as promised, and what to say if it is not."""


@dataclass(frozen=True, slots=True)
class Findings:
    """How much each check looked at, and what it found."""

    looked_at: Mapping[str, int]
    violations: Sequence[str]


def audit(evidence: Evidence) -> Findings:
    looked_at: dict[str, int] = {}
    violations: list[str] = []
    for name, check in CHECKS.items():
        found = list(check(evidence))
        looked_at[name] = len(found)
        violations += [f"{name}: {sentence}" for is_fine, sentence in found if not is_fine]
    return Findings(looked_at, violations)


# --- each on its own --------------------------------------------------------------------------------------


def none_twice(evidence: Evidence) -> Found:
    """One visible message tells of each key. Where no history could tell, a prompt may be repeated once, a nudge never."""
    seen = _by_key(evidence)
    for key, messages in seen.items():
        kind = _kind(evidence, key.partition(":")[0])
        unknown = [each for each in messages if not each.is_known]
        allowed = 2 if unknown and kind.may_repeat else 1
        yield len(messages) <= allowed, f"{key} was seen at {[str(each.at) for each in messages]}"


def none_lost(evidence: Evidence) -> Found:
    """A row that says so was sent; and what was seen is recorded as sent, unless nobody can tell."""
    seen = _by_key(evidence)
    for row in evidence.rows:
        messages = seen.get(row.key, ())
        if row.state == "sent":
            yield bool(messages), f"{row.key} is recorded as sent, and nobody saw it"
        elif row.state == "recalled":
            yield bool(messages), f"{row.key} is recorded as sent and deleted again, and nobody saw it"
        elif messages and row.state not in UNDECIDED:
            yield any(not each.is_known for each in messages), f"{row.key} was seen, and is {row.state}"


def to_its_reader(evidence: Evidence) -> Found:
    """Into the reader's own DM, about people whom they work with."""
    readers = {row.id: row.user_id for row in evidence.rows}
    for each in evidence.visible:
        own = all(readers.get(part.row_id, each.user_id) == each.user_id for part in each.parts)
        yield own and each.channel == f"D{each.user_id}", f"{_name(each)} is in {each.channel}"
    for stray in evidence.strays:
        yield False, stray


def only_of_open_engagements(evidence: Evidence) -> Found:
    """Nothing about an engagement after its end but the news of it."""
    partners = _partners(evidence)
    for each in evidence.visible:
        over = [
            part
            for part in each.parts
            if part.engagement_id and not evidence.is_open(part.engagement_id, each.number)
        ]
        yield not over, f"{_name(each)} came after the end"
        if not any(part.template in NEWS_OF_THE_PAIR for part in each.parts):
            for other in MENTION.findall(each.text):
                theirs = partners.get(frozenset((other, each.user_id)), ())
                is_open = any(evidence.is_open(engagement, each.number) for engagement in theirs)
                yield is_open, f"{_name(each)} speaks of {other}, with whom nothing is open"


def none_while_paused(evidence: Evidence) -> Found:
    for each, wish in _unsolicited(evidence):
        is_paused = wish.paused_until is not None and wish.paused_until > each.at
        yield not is_paused, f"{_name(each)} came in a pause until {wish.paused_until}"


def none_to_the_deactivated(evidence: Evidence) -> Found:
    for each in evidence.visible:
        yield not evidence.wish(each.user_id, each.number).is_deleted, f"{_name(each)} went to nobody"


def none_in_quiet_hours(evidence: Evidence) -> Found:
    for each, wish in _unsolicited(evidence):
        for part in each.parts:
            kind = _kind(evidence, part.template)
            if kind.is_unsolicited:
                is_fine = (
                    _is_awake(wish, each.at)
                    or (_is_awake(wish, part.due_at) and each.at - part.due_at <= JUST_LATE + A_MOMENT)
                    or (kind.breaks_quiet and not _can_wait(wish, each.at, part))
                )
                yield is_fine, f"{_name(each)} came at {_local(wish, each.at)}, due {part.due_at}"


def none_on_a_public_holiday(evidence: Evidence) -> Found:
    """Of the reader's country; but for what would be of no use after it."""
    for each, wish in _unsolicited(evidence):
        if wish.country is not None:
            for part in each.parts:
                kind = _kind(evidence, part.template)
                urgent = kind.breaks_quiet and not _can_wait(wish, each.at, part)
                on = _local(wish, each.at).date()
                is_fine = not _is_holiday(wish.country, on) or urgent or not kind.is_unsolicited
                yield is_fine, f"{_name(each)} came on {on}, a holiday in {wish.country}"


def silence_after_two_unanswered(evidence: Evidence) -> Found:
    """One word about it, and then nothing that asks or reminds until the person does something."""
    rows = {row.key: row for row in evidence.rows}
    for user_id, messages in _of_readers(evidence).items():
        acts = [act.number for act in evidence.acts.get(user_id, ())]
        since = 0
        asked: list[Visible] = []
        for each in messages:
            while since < len(acts) and acts[since] < each.number:
                since += 1
                asked = []
            if not each.is_known:
                continue
            wish = evidence.wish(user_id, each.number)
            if any(_kind(evidence, part.template).rests for part in each.parts):
                left = [other for other in asked if _is_unanswered(evidence, rows, wish, other, each.at)]
                yield (
                    len(left) < MOST_UNANSWERED,
                    f"{_name(each)} came after {[_name(other) for other in left]}",
                )
            if _is_offer(each):
                said = [other for other in asked if _is_offer(other)]
                yield not said, f"{_name(each)} was said before: {[_name(other) for other in said]}"
            asked.append(each)


def _is_unanswered(
    evidence: Evidence, rows: Mapping[str, Row], wish: Wish, message: Visible, now: datetime
) -> bool:
    """It asked, arrived for sure, was not taken back, and its reader has had until the same time on their next working day."""
    asks = [part for part in message.parts if _kind(evidence, part.template).asks]
    told_of = [rows.get(part.key) for part in message.parts]
    if not asks or not all(row and row.closed in (None, *RAN_OUT) and _is_sure(row, now) for row in told_of):
        return False
    sent = _local(wish, message.at)
    on = sent.date() + timedelta(days=1)
    while not _is_working_day(wish, on):
        on += timedelta(days=1)
    by = datetime.combine(on, _clock(sent), _zone(wish.zone))
    return by.astimezone(UTC) + A_MOMENT <= now


def _ends_of_silence(
    evidence: Evidence, rows: Mapping[str, Row], user_id: str, messages: Sequence[Visible]
) -> Iterator[datetime]:
    """When what was kept back from this reader might go out again, each time they did something after a silence."""
    before = 0
    for act in evidence.acts.get(user_id, ()):
        asked = [each for each in messages if before < each.number < act.number and each.is_known]
        wish = evidence.wish(user_id, act.number)
        left = [each for each in asked if _is_unanswered(evidence, rows, wish, each, act.at)]
        if len(left) >= MOST_UNANSWERED or any(_is_offer(each) for each in asked):
            yield act.at + TIME_TO_PAUSE
        before = act.number


def _is_offer(message: Visible) -> bool:
    return any(part.template == OFFER for part in message.parts)


def _is_sure(row: Row, now: datetime) -> bool:
    """Whether the bot knew that its message had arrived: nobody leaves unanswered what may be lost."""
    return row.sent_at is not None and row.sent_at + A_MOMENT <= now


def _of_readers(evidence: Evidence) -> Mapping[str, list[Visible]]:
    found: dict[str, list[Visible]] = defaultdict(list)
    for message in evidence.visible:
        found[message.user_id].append(message)
    return found


def few_a_day(evidence: Evidence) -> Found:
    """Two unsolicited messages on a person's local day; more only where asked for, or of no use later."""
    counting: dict[str, list[Visible]] = defaultdict(list)
    for each, wish in _unsolicited(evidence):
        if not each.is_known:
            continue
        earlier, today = counting[each.user_id], _local(wish, each.at).date()
        before = sum(_local(wish, other.at).date() == today for other in earlier[-12:])
        if any(_counts(evidence, part) for part in each.parts):
            urgent = any(_is_urgent(evidence, wish, each, part) for part in each.parts)
            yield (
                before < MOST_A_DAY or urgent,
                f"{_name(each)} is number {before + 1} of {today} in {wish.zone}",
            )
            counting[each.user_id].append(each)


def none_before_its_time(evidence: Evidence) -> Found:
    for each in evidence.visible:
        for part in each.parts:
            yield each.at >= part.due_at, f"{_name(each)} was due at {part.due_at}"


def none_too_late(evidence: Evidence) -> Found:
    for each in evidence.visible:
        for part in each.parts:
            yield each.at < part.expires_at + A_MOMENT, f"{_name(each)} held until {part.expires_at}"


def all_come_to_an_end(evidence: Evidence) -> Found:
    """Sent, or a reason is recorded."""
    for row in evidence.rows:
        if row.state == "sent":
            continue
        if row.state not in OPEN:
            yield bool(row.reason), f"{row.key} is {row.state} without a reason"
        elif evidence.is_over:
            yield False, f"{row.key} is still {row.state}: {row.reason}"


def none_dropped_without_need(evidence: Evidence) -> Found:
    """What came "too late" could not have come in time: the bot did not run, the row was planned or its reader back too late."""
    rows, messages = {row.key: row for row in evidence.rows}, _of_readers(evidence)
    for row in evidence.rows:
        if row.state == "stale" and row.reason == "came too late to be of use":
            silences = _ends_of_silence(evidence, rows, row.user_id, messages.get(row.user_id, ()))
            since = max(row.due_at, row.created_at, *(at for at in silences if at <= row.expires_at))
            yield (
                row.expires_at - since < LONG_ENOUGH
                or _was_paused(evidence, row.user_id, since, row.expires_at)
                or _was_down(evidence, since, row.expires_at, row.team_id),
                f"{row.key} had from {since} to {row.expires_at}, and was not sent",
            )


def none_forgotten(evidence: Evidence) -> Found:
    """Each session was asked about, and each client each week or two."""
    planned = {":".join(row.key.split(":")[:3]) for row in evidence.rows}
    for keys in evidence.owed:
        yield not planned.isdisjoint(keys), f"none of {' or '.join(keys)} was ever planned"


CHECKS: Mapping[str, Callable[[Evidence], Found]] = {
    check.__name__.replace("_", " "): check
    for check in (
        none_twice,
        none_lost,
        to_its_reader,
        only_of_open_engagements,
        none_while_paused,
        none_to_the_deactivated,
        none_in_quiet_hours,
        none_on_a_public_holiday,
        silence_after_two_unanswered,
        few_a_day,
        none_before_its_time,
        none_too_late,
        all_come_to_an_end,
        none_dropped_without_need,
        none_forgotten,
    )
}


# --- within -----------------------------------------------------------------------------------------------


def _name(message: Visible) -> str:
    keys = " + ".join(part.key for part in message.parts)
    return f"{keys} ({message.at:%Y-%m-%d %H:%M:%S} UTC, to {message.user_id})"


def _kind(evidence: Evidence, template: str) -> Kind:
    return evidence.kinds.get(template, Kind())


def _by_key(evidence: Evidence) -> Mapping[str, list[Visible]]:
    seen: dict[str, list[Visible]] = defaultdict(list)
    for message in evidence.visible:
        for part in message.parts:
            seen[part.key].append(message)
    return seen


def _unsolicited(evidence: Evidence) -> Iterator[tuple[Visible, Wish]]:
    """Messages that nobody waits for, with what their reader wanted at that moment."""
    for each in evidence.visible:
        if any(_kind(evidence, part.template).is_unsolicited for part in each.parts):
            yield each, evidence.wish(each.user_id, each.number)


def _counts(evidence: Evidence, part: Part) -> bool:
    return _kind(evidence, part.template).is_unsolicited and LATER not in part.key


def _is_urgent(evidence: Evidence, wish: Wish, message: Visible, part: Part) -> bool:
    """Asked for, or of no use on the next day."""
    if not _counts(evidence, part):
        return True
    return _kind(evidence, part.template).breaks_quiet and not _can_wait(wish, message.at, part, days=1)


def _can_wait(wish: Wish, at: datetime, part: Part, days: int = 0) -> bool:
    """Whether there is a moment, from now or the next local day on, when it is still of use and may be sent."""
    step, moment = timedelta(minutes=5), at
    today = _local(wish, at).date()
    while moment < part.expires_at:
        if _is_awake(wish, moment) and (_local(wish, moment).date() - today).days >= days:
            return True
        moment += step
    return False


def _is_awake(wish: Wish, at: datetime) -> bool:
    local = _local(wish, at)
    return _is_working_day(wish, local.date()) and wish.day_starts <= _clock(local) <= wish.day_ends


def _is_working_day(wish: Wish, on: date) -> bool:
    return on.isoweekday() in wish.working_days and not (wish.country and _is_holiday(wish.country, on))


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(country_holidays(country, years=year))


def _is_holiday(country: str, on: date) -> bool:
    return on in _holidays(country, on.year)


def _local(wish: Wish, at: datetime) -> datetime:
    return at.astimezone(_zone(wish.zone))


def _clock(local: datetime) -> time:
    return local.time().replace(tzinfo=None)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _partners(evidence: Evidence) -> Mapping[frozenset[str], list[str]]:
    found: dict[frozenset[str], list[str]] = defaultdict(list)
    for engagement_id, bonds in evidence.bonds.items():
        found[bonds[0].user_ids].append(engagement_id)
    return found


def _was_down(evidence: Evidence, since: datetime, until: datetime, team_id: str) -> bool:
    """Most of the time, so that less was left than it takes to ride out what else goes wrong."""
    theirs = [each for each in evidence.outages if each.team_id in {None, team_id}]
    up, at = timedelta(0), since
    for outage in sorted(theirs, key=lambda each: each.since):
        up += max(timedelta(0), min(outage.since, until) - at)
        at = max(at, outage.until)
    return up + max(timedelta(0), until - at) < LONG_ENOUGH


def _was_paused(evidence: Evidence, user_id: str, since: datetime, until: datetime) -> bool:
    """At any time: what was held back then may come too late now."""
    wishes = [each for each in evidence.wishes[user_id] if each.at < until]
    return any(each.paused_until is not None and each.paused_until > since for each in wishes)


def open_rows(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.state in OPEN]
