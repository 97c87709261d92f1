from bot.core.feature import Chore, Feature
from bot.core.outbox.attention import PersonActed, WentQuiet
from bot.core.slack.commands import N_, Command
from bot.features.people import exports, handlers, jobs, lightening, views
from bot.features.people.messages import TEMPLATES

feature = Feature(
    name="people",
    commands=(
        Command("pause", handlers.pause, N_("no messages until a day, or until you resume"), N_("[until …]")),
        Command("resume", handlers.resume, N_("messages come again")),
        Command(
            "settings",
            handlers.open_settings,
            N_("your check-in day, prep time, reminders, quiet hours and language"),
        ),
    ),
    actions={
        "people.pause": handlers.pause,
        "people.resume": handlers.resume,
        "people.settings": handlers.open_settings,
        "people.quieter": handlers.quieter,
        "people.lighten": handlers.lighten,
        "people.keep": handlers.keep,
        "people.talk": handlers.talk,
    },
    submissions={views.SETTINGS: handlers.save_settings, views.PAUSE: handlers.save_pause},
    events={"user_change": handlers.follow_user_change, "dnd_updated_user": handlers.follow_rest},
    templates=TEMPLATES,
    chapters=(exports.settings,),
    reactions={WentQuiet: lightening.offer, PersonActed: lightening.follow_act},
    home_section=handlers.home_section,
    chores=(
        Chore("people.refresh", every_seconds=600, run=jobs.refresh_people),
        Chore("people.rests", every_seconds=60, run=jobs.ask_for_rests),
    ),
)
