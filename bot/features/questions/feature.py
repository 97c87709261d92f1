from bot.core.feature import Feature
from bot.core.slack.commands import N_, Command
from bot.features.questions import exports, handlers, modal_views, rights

feature = Feature(
    name="questions",
    commands=(
        Command("questions", handlers.questions, N_("what is asked before sessions; a coach chooses it")),
    ),
    actions={
        "questions.list": handlers.questions,
        "questions.open": handlers.open_choice,
        "questions.new": handlers.new,
        "questions.copy": handlers.copy,
        "questions.edit": handlers.open_edit,
        "questions.put_away": handlers.put_away,
        "questions.bring_back": handlers.bring_back,
    },
    submissions={
        modal_views.CHOOSE: handlers.choose,
        modal_views.CREATE: handlers.create,
        modal_views.CHANGE: handlers.edit,
    },
    erasable=(rights.ERASABLE,),
    chapters=(exports.own_sets, exports.sheets),
    home_section=handlers.home_section,
)
