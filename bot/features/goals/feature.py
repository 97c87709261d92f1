from bot.core.feature import Feature
from bot.core.slack.commands import N_, Command
from bot.features.goals import exports, handlers, modal_views, rights, service
from bot.features.goals.messages import TEMPLATES
from bot.features.strengths.domain import StrengthRetired

feature = Feature(
    name="goals",
    commands=(
        Command("goal", handlers.goal, N_("set a goal, with a coach or on your own"), N_("[what]")),
        Command("goals", handlers.goals, N_("read, rate, change or close your goals")),
    ),
    actions={
        "goals.new": handlers.new,
        "goals.list": handlers.goals,
        "goals.open": handlers.open_one,
        "goals.review": handlers.review,
        "goals.suggest": handlers.open_suggest,
        "goals.decline": handlers.decline,
        "goals.withdraw": handlers.withdraw,
        "goals.edit": handlers.open_edit,
        "goals.measure": handlers.open_measure,
        "goals.rate": handlers.open_rate,
        "goals.close": handlers.open_close,
        "goals.reopen": handlers.reopen,
        "goals.bring": handlers.open_bring,
        "goals.erase": handlers.erase,
    },
    submissions={
        modal_views.MAKE: handlers.make,
        modal_views.SUGGEST: handlers.suggest,
        modal_views.TAKE_UP: handlers.take_up,
        modal_views.EDIT: handlers.edit,
        modal_views.MEASURE: handlers.measure,
        modal_views.RATE: handlers.rate,
        modal_views.CLOSE: handlers.close,
        modal_views.BRING: handlers.bring,
    },
    templates=TEMPLATES,
    reactions={StrengthRetired: service.keep_if_drawn_on},
    erasable=(rights.ERASABLE,),
    chapters=(exports.goals,),
    home_section=handlers.home_section,
)
