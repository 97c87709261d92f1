"""Taking along what is kept: what it holds, and how to get it."""

from datetime import datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.dates import say_moment
from bot.core.directory import Person
from bot.core.i18n import current_locale
from bot.core.i18n import gettext as _
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form

EXPORT = "rights.export"


INTO_SLACK = "into_slack"


def export(*, may_come_as_file: bool) -> View:
    """`may_come_as_file`: whether this workspace lets growbot put files into direct messages."""
    return b.modal(
        EXPORT,
        _("Export"),
        [
            b.section(
                _(
                    "*What is in it:* everything that you wrote and that is still kept, your agreements, settings and sessions, "
                    "what others share with you now, and who has opened what."
                )
            ),
            b.section(
                _(
                    "*What you get:* one file with a page to read or print, the same for programs (JSON), and a table of "
                    "commitments for a spreadsheet."
                )
            ),
            b.context(
                _(
                    "Whoever shares something with you sees that you have exported it. Once you have the file, it is yours "
                    "to keep safe."
                )
            ),
            *(_as_file() if may_come_as_file else ()),
        ],
        submit=_("Prepare it"),
        close=_("Cancel"),
    )


def _as_file() -> list[Block]:
    """Off unless the person says otherwise, after it was said what that means."""
    means = _(
        "*If you would rather have it here in Slack, as a file:* Slack keeps it then, and whoever may export this workspace's "
        "messages can read everything in it. The other ways leave nothing of it in Slack. I delete the file when something in it "
        "is erased, or is shared with you no more; copies that were made of it stay."
    )
    box = b.option(_("Put it into my direct messages with growbot"), INTO_SLACK)
    return [
        b.divider(),
        b.section(means),
        b.field(INTO_SLACK, _("As a file in Slack"), b.checkboxes([box]), optional=True),
    ]


def wants_file(form: Form) -> bool:
    return INTO_SLACK in form.choices(INTO_SLACK)


def asked() -> str:
    return _("I am putting it together. A message from me tells you when it is ready, in a moment.")


def link(url: str, until: datetime, now: datetime, person: Person) -> View:
    moment = say_moment(until, now=now, zone=person.zone, locale=current_locale())
    return b.modal(
        "rights.link",
        _("Your export"),
        [
            b.section(f"<{url}|{_('Open the page with the download')}>"),
            b.section(
                _(
                    "It works once, until {moment}. Whoever has the link can use it, so it is shown only here."
                ).format(moment=moment)
            ),
            b.context(_("The file is made when you download it, and growbot keeps no copy.")),
        ],
    )


def code(secret: str, person: Person) -> View:
    return b.modal(
        "rights.code",
        _("Your export"),
        [
            b.section(
                _(
                    "This growbot has no public address, so whoever runs it hands you a file. It is locked: they can't read it."
                )
            ),
            b.section(_("*Write down this code.* It opens the file, and it is shown only once:")),
            b.words(secret),
            b.section(
                _("Then ask them to run: {command}").format(
                    command=f"`growbot export {person.identity.user_id} --to export.html`"
                )
            ),
            b.context(_("Opening this again gives another code, and the one before no longer counts.")),
        ],
    )
