from bot.core.feature import Feature
from bot.core.slack.commands import N_, Command
from bot.features.notes import exports, handlers, modal_views, rights

feature = Feature(
    name="notes",
    commands=(
        Command("note", handlers.note, N_("write down a thought, for yourself or for both"), N_("[what]")),
        Command("notes", handlers.notes, N_("find your notes again, by month and session")),
    ),
    actions={
        "notes.new": handlers.new,
        "notes.list": handlers.notes,
        "notes.edit": handlers.open_edit,
        "notes.delete": handlers.delete,
        "notes.page": handlers.turn,
        "notes.with": handlers.narrow("with"),
        "notes.month": handlers.narrow("month"),
        "notes.session": handlers.narrow("session"),
    },
    submissions={modal_views.WRITE: handlers.write, modal_views.CHANGE: handlers.change},
    erasable=(rights.ERASABLE,),
    chapters=(exports.notes,),
    home_section=handlers.home_section,
)
