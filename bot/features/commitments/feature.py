from bot.core.feature import Feature
from bot.core.slack.commands import N_, Command
from bot.features.commitments import exports, handlers, jobs, modal_views, rights, service
from bot.features.commitments.messages import TEMPLATES
from bot.features.engagements.domain import EngagementEnded
from bot.features.people.domain import PersonResumed, RhythmChanged, WishesChanged
from bot.features.sessions.postponing import or_pick

feature = Feature(
    name="commitments",
    commands=(
        Command(
            "commit",
            handlers.commit,
            N_("write down one step you will take, with a coach or on your own"),
            N_("[what] [by when]"),
        ),
        Command("commitments", handlers.commitments, N_("answer, move or change what is open")),
    ),
    actions={
        "commitments.new": handlers.new,
        "commitments.list": handlers.commitments,
        "commitments.more": handlers.more,
        "commitments.theirs": handlers.theirs,
        "commitments.answer": handlers.open_answer,
        "commitments.kept": handlers.open_kept,
        "commitments.move": handlers.open_move,
        "commitments.edit": handlers.open_edit,
        "commitments.rest": handlers.plan_the_rest,
        "commitments.bring": handlers.open_bring,
        "commitments.reopen": handlers.reopen,
        "commitments.later": or_pick(handlers.later),
    },
    submissions={
        modal_views.MAKE: handlers.make,
        modal_views.ANSWER: handlers.answer,
        modal_views.MOVE: handlers.move,
        modal_views.EDIT: handlers.edit,
        modal_views.BRING: handlers.bring,
    },
    shortcuts={
        "commitments.from_message": handlers.from_message,
        "commitments.new_global": handlers.new,
    },
    templates=TEMPLATES,
    plans=(jobs.OCCURRENCES, jobs.NUDGES),
    reactions={
        EngagementEnded: service.follow_end,
        RhythmChanged: service.follow_person,
        WishesChanged: service.follow_person,
        PersonResumed: service.follow_person,
    },
    erasable=(rights.ERASABLE,),
    chapters=(exports.commitments, exports.occurrences),
    home_section=handlers.home_section,
)
