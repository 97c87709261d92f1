"""A person's own settings, and what Slack says of them."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.rights import Chapter, Chosen
from bot.features.people import service
from bot.features.people.domain import FOR_EVER
from bot.features.people.views import language_name, say_intensity, weekday_name


def settings(db: Transaction, person: Person, now: datetime) -> Chapter:
    wishes, rhythm = service.wishes_of(db, person.id), person.rhythm
    manner = service.manner_of(db, person.id)
    is_paused = person.is_paused(now)
    return Chapter(
        name="settings",
        title=_("Your settings"),
        labels={
            "name": _("Name, from Slack"),
            "time_zone": _("Time zone, from Slack"),
            "working_days": _("Working days"),
            "day_starts": _("From"),
            "day_ends": _("Until"),
            "checkin_weekday": _("Check-in on"),
            "checkin_at": _("Check-in at"),
            "prep_lead_hours": _("Preparation, hours ahead"),
            "intensity": _("Reminders"),
            "chosen_language": _("Language"),
            "shows_own_words": _("Own words in own messages"),
            "is_paused": _("Paused"),
            "paused_until": _("Paused until"),
        },
        records=[
            {
                "name": person.name,
                "slack_id": person.identity.user_id,
                "language": person.locale,
                "time_zone": person.zone,
                "working_days": [_weekday(each) for each in sorted(rhythm.working_days)],
                "day_starts": rhythm.day_starts,
                "day_ends": rhythm.day_ends,
                "checkin_weekday": _weekday(wishes.checkin_weekday),
                "checkin_at": wishes.checkin_at,
                "prep_lead_hours": wishes.prep_lead_hours,
                "intensity": Chosen(wishes.intensity, say_intensity(wishes.intensity)),
                "chosen_language": _language(manner.language),
                "shows_own_words": manner.shows_own_words,
                "is_paused": is_paused,
                "paused_until": person.paused_until
                if is_paused and person.paused_until != FOR_EVER
                else None,
            }
        ],
    )


def _language(chosen: str | None) -> Chosen | None:
    return Chosen(chosen, language_name(chosen)) if chosen else None


def _weekday(number: int) -> Chosen:
    return Chosen(str(number), weekday_name(number))
