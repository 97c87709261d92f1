from bot.core.feature import Feature
from bot.features.closing import exports, handlers, rights, views

feature = Feature(
    name="closing",
    actions={"closing.open": handlers.open_review},
    submissions={views.REVIEW: handlers.save},
    erasable=(rights.ERASABLE,),
    chapters=(exports.reviews,),
)
