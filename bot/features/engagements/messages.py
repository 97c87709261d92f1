"""How the rows that engagements plan become messages when they are sent."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.outbox.templates import Dropped, Letter, Message, Template
from bot.core.slack import blocks as b
from bot.features.engagements import changing, leaving, retention, service, store
from bot.features.engagements.domain import EngagementState, Role
from bot.features.engagements.store import EngagementRow
from bot.features.engagements.views import keep_button, lasting_day
from bot.features.people.service import People
from bot.features.people.views import fewer


def _invitation(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    row = store.by_id(db, letter.subject["engagement"])
    if row is None or row.state != EngagementState.PROPOSED:
        return Dropped("the invitation is no longer open")
    by = People().get(db, letter.subject["by"])
    role = store.role_of(row, by.id) or Role.COACH
    return invitation(by, role, row.id, int(letter.subject["version"]))


def _invitation_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    return invitation_closed(letter.closed or "", People().get(db, letter.subject["by"]))


def _change(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    row = store.change_of(db, letter.subject["engagement"])
    if row is None or row.id != letter.subject["change"]:
        return Dropped("the change is no longer open")
    return change(People().get(db, letter.subject["by"]), row.engagement_id, row.id)


def _change_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    return change_closed(letter.closed or "", People().get(db, letter.subject["by"]))


def _news(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message:
    return news(letter.template, People().get(db, letter.subject["by"]), letter.subject["engagement"])


def _news_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    return _news(db, letter, person, now).text


def _left(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message:
    return left(People().get(db, letter.subject["by"]), letter.subject["engagement"])


def _left_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    return left_closed(letter.closed or "", People().get(db, letter.subject["by"]))


def _destroying(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    row = store.by_id(db, letter.subject["engagement"])
    if row is None or row.state == EngagementState.ERASED:
        return Dropped("it is destroyed already")
    return destroying(_other(db, row, person), letter.expires_at, person, row.id)


def _destroying_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    row = store.by_id(db, letter.subject["engagement"])
    assert row is not None
    return destroyed(_other(db, row, person), letter.expires_at, person)


def _other(db: Transaction, row: EngagementRow, person: Person) -> Person:
    return People().get(db, row.client_id if row.coach_id == person.id else row.coach_id)


# --- messages: pointers without words ---------------------------------------------------------------


def invitation(by: Person, role: Role, engagement_id: str, version: int) -> Message:
    """`role` is that of the one who invites."""
    value = f"{engagement_id}:{version}"
    if version > 1:
        text = {
            Role.COACH: _("{person}, as your coach, has suggested changes to your coaching agreement."),
            Role.CLIENT: _("{person}, as your client, has suggested changes to your coaching agreement."),
        }[role]
    else:
        text = {
            Role.COACH: _(
                "{person} would like to work with you as your coach, and has written an agreement for you to read."
            ),
            Role.CLIENT: _(
                "{person} would like to work with you as your client, and has written an agreement for you to read."
            ),
        }[role]
    text = text.format(person=by.mention)
    return Message(
        text,
        [
            b.section(text),
            b.actions(
                b.button(_("Read and sign"), "engagements.read", value, primary=True),
                b.button(_("Suggest changes"), "engagements.suggest", value),
                b.button(_("Not now"), "engagements.decline", value),
            ),
            *([b.context(_what_growbot_does())] if version == 1 else []),
            b.context(_("Nothing starts until you both sign, and you get no reminders about this.")),
        ],
    )


def _what_growbot_does() -> str:
    """For somebody who may never have heard of it."""
    return _(
        "growbot asks both of you a few questions around each session, and the client once a week what became of their plans. "
        "The client decides when, and what the coach reads."
    )


def invitation_closed(how: str, by: Person) -> str:
    return {
        "signed": _("You signed the agreement with {person}. `/grow agreement` shows it again."),
        "declined": _(
            "You answered {person} with “Not now”. They are told that, and nothing more. "
            "`/grow start` proposes again whenever you like."
        ),
        "changed": _("You suggested changes to {person}, and hear as soon as they answer."),
        "expired": _("{person} has written an agreement for you to read. `/grow agreement` opens it."),
    }.get(how, _("This invitation from {person} is no longer open.")).format(person=by.mention)


def change(by: Person, engagement_id: str, change_id: str) -> Message:
    text = _("{person} proposes a change to your coaching agreement.").format(person=by.mention)
    return Message(
        text,
        [
            b.section(text),
            b.actions(
                b.button(_("Read and sign"), "engagements.read_change", engagement_id, primary=True),
                keep_button(f"{engagement_id}:{change_id}"),
            ),
            b.context(
                _("What you both signed holds until you have signed this, and you get no reminders about it.")
            ),
        ],
    )


def change_closed(how: str, by: Person) -> str:
    return {
        "signed": _("You signed the change that {person} proposed. `/grow agreement` shows what holds now."),
        "kept": _("You kept your agreement with {person} as it is."),
        "answered": _("You proposed another change to {person}, and hear as soon as they answer."),
        "replaced": _("{person} has proposed something newer since. `/grow agreement` shows it."),
        "taken back": _("{person} took back the change to your agreement that they had proposed."),
        "ended": _("{person} proposed a change to your agreement. Your coaching has ended since."),
        "expired": _("{person} proposed a change to your agreement. `/grow agreement` opens it."),
    }.get(how, _("This change proposed by {person} is no longer open.")).format(person=by.mention)


def news(template: str, by: Person, engagement_id: str) -> Message:
    text = {
        "engagements.signed": _("{person} has signed: your coaching has started."),
        "engagements.declined": _("{person} answered your invitation with “Not now”. Nothing else happens."),
        "engagements.changed": _("{person} has signed the change that you proposed. It holds from now on."),
        "engagements.kept": _(
            "{person} would like to keep your agreement as it is. The change that you proposed is erased for good."
        ),
        "engagements.ended": _(
            "{person} has ended your coaching. There are no more reminders about it, and what you wrote stays yours to export."
        ),
    }[template].format(person=by.mention)
    buttons = [b.button(_("Read the agreement"), "engagements.read", engagement_id)]
    if template == "engagements.signed":
        buttons.insert(0, b.button(_("Plan a session"), "sessions.plan", engagement_id, primary=True))
    if template == "engagements.ended":
        buttons.insert(0, b.button(_("Look back"), "closing.open", engagement_id, primary=True))
        buttons.insert(1, b.button(_("Export …"), "rights.open_export"))
    return Message(text, [b.section(text), b.actions(*buttons)], [fewer()])


def left(gone: Person, engagement_id: str) -> Message:
    text = _(
        "{person}'s Slack account was deactivated, so reminders about your work together to them have stopped. "
        "`/grow end` ends the coaching."
    ).format(person=gone.mention)
    return Message(
        text,
        [b.section(text), b.actions(b.button(_("End the coaching"), "engagements.end", engagement_id))],
        [fewer()],
    )


def left_closed(how: str, gone: Person) -> str:
    return {
        leaving.BACK: _(
            "{person}'s Slack account was deactivated for a while. It is active again, and so are their reminders."
        ),
        "ended": _("{person}'s Slack account was deactivated. Your coaching has ended since."),
    }.get(how, _("{person}'s Slack account was deactivated. `/grow end` ends the coaching.")).format(
        person=gone.mention
    )


def destroying(other: Person, at: datetime, person: Person, engagement_id: str) -> Message:
    text = _(
        "What you and {person} wrote in your coaching is erased for good on {day}, as you agreed. "
        "Until then the agreement can still be read."
    ).format(person=other.mention, day=lasting_day(at, person))
    return Message(
        text,
        [b.section(text), b.actions(b.button(_("Read the agreement"), "engagements.read", engagement_id))],
        [fewer()],
    )


def destroyed(other: Person, at: datetime, person: Person) -> str:
    return _(
        "What you and {person} wrote in your coaching was kept until {day}, as you agreed, and is erased for good."
    ).format(person=other.mention, day=lasting_day(at, person))


TEMPLATES = (
    Template(service.INVITE, _invitation, _invitation_closed),
    Template(service.SIGNED, _news, _news_closed),
    Template(service.DECLINED, _news, _news_closed),
    Template(changing.CHANGE, _change, _change_closed),
    Template(changing.CHANGED, _news, _news_closed),
    Template(changing.KEPT, _news, _news_closed),
    Template(service.ENDED, _news, _news_closed),
    Template(leaving.LEFT, _left, _left_closed),
    Template(retention.DESTROYING, _destroying, _destroying_closed),
)
