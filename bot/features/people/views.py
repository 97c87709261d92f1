"""The schedule that a person owns, as a modal; and pausing."""

import unicodedata
from datetime import date, datetime, time

from babel.dates import get_day_names
from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View

from bot.core.dates import Unclear, babel_locale, say_date, say_time
from bot.core.directory import Person
from bot.core.i18n import Language, current_locale
from bot.core.i18n import gettext as _
from bot.core.localtime import Rhythm, local_date
from bot.core.public_holidays import countries
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.features.people.domain import (
    FOR_EVER,
    PREP_LEADS,
    DayEndsBeforeItStarts,
    Intensity,
    Manner,
    NoWorkingDay,
    Wishes,
)

SETTINGS = "people.settings"
PAUSE = "people.pause"
NO_COUNTRY = "none"
AS_IN_SLACK = "slack"


def settings(person: Person, wishes: Wishes, manner: Manner, *, is_coach: bool) -> View:
    rhythm = person.rhythm
    return b.modal(
        SETTINGS,
        _("Your settings"),
        [
            b.context(
                _(
                    "Only you set this, and it holds for everyone you work with. Times are in your zone, {zone}."
                ).format(zone=rhythm.zone.replace("_", " "))
            ),
            b.field(
                "checkin_weekday",
                _("Weekly check-in on"),
                b.select(_weekdays(), initial=str(wishes.checkin_weekday)),
            ),
            b.field("checkin_at", _("Check-in at"), b.time_picker(wishes.checkin_at)),
            b.field(
                "prep_lead_hours",
                _("Prepare me for a session"),
                b.select(_leads(), initial=str(wishes.prep_lead_hours)),
            ),
            b.field(
                "intensity", _("How much to remind me"), b.radio(_intensities(), initial=wishes.intensity)
            ),
            *(_digest(wishes) if is_coach else ()),
            b.field(
                "working_days",
                _("Write to me only on"),
                b.checkboxes(_weekdays(), initial=[str(day) for day in rhythm.working_days]),
            ),
            b.field("day_starts", _("From"), b.time_picker(rhythm.day_starts)),
            b.field("day_ends", _("Until"), b.time_picker(rhythm.day_ends)),
            b.field(
                "country",
                _("Not on public holidays in"),
                b.grouped_select(_countries(), initial=rhythm.country or NO_COUNTRY),
                hint=_("National holidays; those of one region only aren't known here."),
            ),
            b.field(
                "language",
                _("Language"),
                b.select(_languages(), initial=manner.language or AS_IN_SLACK),
                hint=_("Of everything that growbot shows or writes to you; nobody else sees it."),
            ),
            *_own_words(manner),
        ],
        submit=_("Save"),
        close=_("Cancel"),
    )


def language_name(language: str) -> str:
    """As it calls itself: whoever cannot read the form finds theirs."""
    return str(babel_locale(language).get_language_name(language)).capitalize()


def _languages() -> list[Option]:
    return [
        b.option(_("As in Slack"), AS_IN_SLACK),
        *(b.option(language_name(each), each) for each in Language),
    ]


def _own_words(manner: Manner) -> list[Block]:
    """What it means is said where it is chosen."""
    chosen = b.option(_("Show my own words in my own messages"), "show")
    ticked = ["show"] if manner.shows_own_words else []
    return [
        b.field("own_words", _("Your words"), b.checkboxes([chosen], initial=ticked), optional=True),
        b.context(
            _(
                "Without this, a reminder says that a commitment is due, and not which. With it, reminders about your own "
                "commitments say what you wrote, on the screen of a locked phone too. Slack keeps messages, and whoever may "
                "export this workspace's messages can read them. Your coach or client doesn't get them."
            )
        ),
        b.context(
            _(
                "Once you answer, the words are taken out of the message again; without the tick, out of all that still show "
                "them. What Slack or somebody else has copied by then can't be taken back."
            )
        ),
    ]


def read_manner(form: Form) -> Manner:
    language = form.choice("language")
    return Manner(
        language=language if language in set(Language) else None,
        shows_own_words="show" in form.choices("own_words"),
    )


def _digest(wishes: Wishes) -> list[Block]:
    weekday = b.select(_weekdays(), initial=str(wishes.digest_weekday))
    return [
        b.field("digest_weekday", _("Tell me how my clients are doing on"), weekday),
        b.field("digest_at", _("At"), b.time_picker(wishes.digest_at)),
    ]


def _countries() -> dict[str, list[Option]]:
    """By first letter, in the reader's language: Slack takes a hundred options in one group. First of all, none."""
    names = babel_locale(current_locale()).territories
    named = sorted((str(names.get(code, code)), code) for code in countries())
    groups: dict[str, list[Option]] = {
        "–": [b.option(_("No country: write on public holidays too"), NO_COUNTRY)]
    }
    for name, code in sorted(named, key=lambda each: (_letter(each[0]), each[0])):
        groups.setdefault(_letter(name), []).append(b.option(name, code))
    return groups


def _letter(name: str) -> str:
    """Without its accent: Åland is found at A."""
    return unicodedata.normalize("NFD", name)[0].upper()


def read_settings(form: Form, zone: str) -> tuple[Wishes, Rhythm]:
    """Raises NoWorkingDay, DayEndsBeforeItStarts. Of a digest that is not asked about, the standard."""
    days = frozenset(int(day) for day in form.choices("working_days"))
    starts, ends = form.time("day_starts") or time(8), form.time("day_ends") or time(18)
    if not days:
        raise NoWorkingDay
    if starts >= ends:
        raise DayEndsBeforeItStarts
    standard = Wishes()
    wishes = Wishes(
        checkin_weekday=int(form.choice("checkin_weekday") or standard.checkin_weekday),
        checkin_at=form.time("checkin_at") or standard.checkin_at,
        prep_lead_hours=int(form.choice("prep_lead_hours") or standard.prep_lead_hours),
        intensity=Intensity(form.choice("intensity") or Intensity.STANDARD),
        digest_weekday=int(form.choice("digest_weekday") or standard.digest_weekday),
        digest_at=form.time("digest_at") or standard.digest_at,
    )
    country = form.choice("country")
    return wishes, Rhythm(zone, days, starts, ends, country if country in countries() else None)


def pause() -> View:
    return b.modal(
        PAUSE,
        _("Pause messages"),
        [
            b.section(
                _(
                    "growbot will not write to you while you are paused, and nothing counts as missed. "
                    "Your coach or client sees *paused*, never why. You can still use everything yourself."
                )
            ),
            b.field(
                "until",
                _("Until the morning of"),
                b.date_picker(),
                optional=True,
                hint=_("Leave this empty to pause until you type /grow resume."),
            ),
        ],
        submit=_("Pause"),
        close=_("Cancel"),
    )


def fewer() -> Block:
    """How to get fewer messages, or none for a while: the last line of each."""
    options = [b.option(_("Pause messages…"), "pause"), b.option(_("Fewer messages…"), "settings")]
    menu = b.overflow(options, action_id="people.quieter")
    return b.section(_("_Too many?_ `/grow settings` _or_ `/grow pause`"), menu)


def lightened(intensity: Intensity) -> str:
    if intensity is Intensity.LIGHT:
        return _(
            "Done: from now on I only write about preparing for sessions and the weekly check-in. `/grow settings` has the rest."
        )
    return _(
        "Done: no follow-ups any more. You still get one reminder before a commitment is due and one when it is due; `/grow settings` has the rest."
    )


def talk() -> View:
    return b.modal(
        "people.talk",
        _("Talk about it"),
        [
            b.section(
                _(
                    "Reminders that don't fit are worth a word in your next session: another rhythm, other goals, "
                    "or that this isn't the moment for coaching. Any of these is a good answer."
                )
            ),
            b.section(
                _(
                    "You might begin with:\n• What would make this useful again?\n• What is in the way just now?"
                )
            ),
            b.actions(
                b.button(_("Your sessions"), "sessions.list"),
                b.button(_("Your settings"), "people.settings"),
                b.button(_("Pause"), "people.pause"),
            ),
            b.context(_("Nobody is told that you opened this. What you say about it is up to you.")),
        ],
    )


def asked_back(unclear: Unclear) -> str:
    """What is asked about a day that could not be read for sure; the days named can be typed as they stand."""
    days = [say_date(each, today=date.min, locale=current_locale()) for each in unclear.candidates]
    if len(days) > 1:
        return _(
            "That could be {first} or {second}, so nothing was changed. Which one do you mean? `/grow pause` lets you choose."
        ).format(first=days[0], second=days[-1])
    if days:
        return _("Do you mean {day}? Nothing was changed; `/grow pause` lets you choose.").format(day=days[0])
    return _("I couldn't read that date. Try `/grow pause until Friday`, or `/grow pause` to choose one.")


def read_pause(form: Form) -> date | None:
    return form.date("until")


def home_section(person: Person, wishes: Wishes, now: datetime) -> list[Block]:
    """When growbot writes, and the buttons that change it."""
    settings_button = b.button(_("Your settings"), "people.settings")
    if person.is_paused(now):
        text = _("You are paused{until}: growbot doesn't write to you, and nothing counts as missed.").format(
            until=_paused_until(person, now)
        )
        return [
            b.section(text),
            b.actions(b.button(_("Resume"), "people.resume", primary=True), settings_button),
        ]
    text = _(
        "Messages come on your working days, {starts} to {ends}; the questions to prepare with, {hours} hours before a session."
    ).format(
        starts=say_time(person.rhythm.day_starts, locale=current_locale()),
        ends=say_time(person.rhythm.day_ends, locale=current_locale()),
        hours=wishes.prep_lead_hours,
    )
    return [b.context(text), b.actions(settings_button, b.button(_("Pause"), "people.pause"))]


def _paused_until(person: Person, now: datetime) -> str:
    """Such as “ until Monday”; nothing for a pause without an end."""
    if person.paused_until is None or person.paused_until >= FOR_EVER:
        return ""
    zone = person.zone
    day = say_date(
        local_date(person.paused_until, zone), today=local_date(now, zone), locale=current_locale()
    )
    return " " + _("until {day}").format(day=day)


def weekday_name(weekday: int) -> str:
    """ISO weekday in the reader's language."""
    return str(get_day_names("wide", locale=babel_locale(current_locale()))[weekday - 1])


def _weekdays() -> list[Option]:
    return [b.option(weekday_name(day), str(day)) for day in range(1, 8)]


def _leads() -> list[Option]:
    return [b.option(_("{hours} hours before").format(hours=hours), str(hours)) for hours in PREP_LEADS]


def say_intensity(intensity: Intensity) -> str:
    return {
        Intensity.LIGHT: _("Light"),
        Intensity.STANDARD: _("Standard"),
        Intensity.ACTIVE: _("Active"),
    }[intensity]


def _intensities() -> list[Option]:
    means = {
        Intensity.LIGHT: _("Preparing for sessions and the weekly check-in only"),
        Intensity.STANDARD: _("Also one reminder before a commitment is due, one when due"),
        Intensity.ACTIVE: _("Also one follow-up afterwards"),
    }
    return [b.option(say_intensity(each), each, meaning) for each, meaning in means.items()]
