from bot.core.feature import Feature
from bot.core.slack.commands import N_, Command
from bot.features.progress import handlers
from bot.features.progress.pages import PICTURE

feature = Feature(
    name="progress",
    commands=(
        Command("progress", handlers.show, N_("how your goals moved, and what became of your commitments")),
    ),
    actions={"progress.show": handlers.show, "progress.of": handlers.of_client},
    pages=(PICTURE,),
)
