from bot.core.feature import Feature
from bot.core.slack.commands import N_, Command
from bot.features.strengths import exports, handlers, rights, views

feature = Feature(
    name="strengths",
    commands=(Command("strengths", handlers.show, N_("what you are good at and want to use")),),
    actions={"strengths.show": handlers.show, "strengths.retire": handlers.retire},
    submissions={views.SAVE: handlers.save},
    erasable=(rights.ERASABLE,),
    chapters=(exports.strengths,),
)
