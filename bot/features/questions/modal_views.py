"""Choosing the questions of sessions, and writing a set of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View

from bot.core.directory import Person
from bot.core.errors import OutdatedForm
from bot.core.i18n import gettext as _
from bot.core.i18n import ngettext
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.features.engagements.domain import Role
from bot.features.engagements.service import Membership
from bot.features.goals.domain import FocusArea, say_area
from bot.features.questions.built_in import say_source
from bot.features.questions.domain import (
    TITLE_LIMIT,
    OwnQuestions,
    OwnSet,
    Source,
)
from bot.features.questions.own_text import (
    MOST_QUESTIONS,
    ROOM,
    NeedsTitle,
    NoQuestions,
    as_lines,
    read_lines,
)
from bot.features.questions.service import Asked, Offer
from bot.features.questions.views import say_choice
from bot.features.sessions.domain import Session
from bot.features.sessions.views import moment

CHOOSE = "questions.choose"
CREATE = "questions.create"
CHANGE = "questions.change"

ALL, EVERYONE, NONE = "all", "everyone", "none"
SESSIONS_SHOWN = 12
NAMED = 5


# --- choosing ---------------------------------------------------------------------------------------


def choose(offer: Offer, now: datetime, below: str) -> View:
    found = offer.membership
    areas = [b.option(_("None"), NONE), *(b.option(say_area(each), each) for each in FocusArea)]
    return b.modal(
        CHOOSE,
        _("Choose questions"),
        [
            b.section(
                _("What are {client} and you asked before your sessions?").format(client=found.client.mention)
            ),
            b.field("set", _("Questions"), b.select(_sets(offer), initial=_initial(offer))),
            b.field(
                "area",
                _("With questions for a focus area?"),
                b.select(areas, initial=offer.current.area or NONE),
                hint=_("Three more for your client, and one for you."),
            ),
            b.field("when", _("For which sessions?"), b.select(_sessions(offer, now), initial=ALL)),
            b.context(
                _(
                    "{client} sees which you chose when they prepare, and gets no message about it. What either of you has "
                    "answered already stays, with the question it was an answer to."
                ).format(client=found.client.mention)
            ),
        ],
        submit=_("Choose"),
        close=_("Cancel"),
        metadata={"engagement": found.engagement_id, "below": below},
    )


def _sets(offer: Offer) -> list[Option]:
    built_in = [
        b.option(say_source(Source.GROW), Source.GROW, _("Goal, Reality, Options, Will")),
        b.option(say_source(Source.HELPER), Source.HELPER, _("Current, preferred, the way forward")),
    ]
    own = [
        b.option(each.title, f"{Source.OWN}:{each.id}", say_area(each.area) if each.area else _("Your own"))
        for each in offer.own
    ]
    return [*built_in, *own]


def _initial(offer: Offer) -> str:
    is_own = offer.current.source is Source.OWN
    return f"{Source.OWN}:{offer.current_set}" if is_own else offer.current.source


def _sessions(offer: Offer, now: datetime) -> list[Option]:
    each_one = [
        b.option(_("Only {moment}").format(moment=moment(each, offer.membership.actor, now)), each.id)
        for each in offer.sessions[:SESSIONS_SHOWN]
    ]
    everyone = _("Every session from now on, with all {count} clients").format(count=offer.clients)
    with_all = [b.option(everyone, EVERYONE)] if offer.clients > 1 else []
    return [b.option(_("Every session from now on"), ALL), *with_all, *each_one]


@dataclass(frozen=True, slots=True)
class Chosen:
    source: Source
    set_id: str | None
    area: FocusArea | None
    session_id: str | None
    is_for_all: bool
    """With every client of the coach."""


def read_choice(form: Form) -> Chosen:
    """Raises OutdatedForm."""
    source, _colon, set_id = (form.choice("set") or "").partition(":")
    area, when = form.choice("area") or NONE, form.choice("when") or ALL
    try:
        return Chosen(
            source=Source(source),
            set_id=set_id or None,
            area=None if area == NONE else FocusArea(area),
            session_id=None if when in (ALL, EVERYONE) else when,
            is_for_all=when == EVERYONE,
        )
    except ValueError:
        raise OutdatedForm from None


def chosen(found: Membership, asked: Asked, session: Session | None, now: datetime) -> str:
    values = {
        "client": found.client.mention,
        "questions": say_choice(asked.choice, Role.COACH),
        "moment": moment(session, found.actor, now) if session else "",
    }
    if session:
        text = _("Chosen for {moment} only: {questions}. {client} sees it when they prepare.")
    else:
        text = _(
            "Chosen for every session with {client} from now on: {questions}. They see it when they prepare."
        )
    return text.format(**values)


def chosen_for_all(all_asked: Sequence[Asked]) -> str:
    count = len(all_asked)
    text = ngettext(
        "Chosen for every session with {count} client from now on: {questions}. They see it when they prepare.",
        "Chosen for every session with all {count} clients from now on: {questions}. They see it when they prepare.",
        count,
    )
    return text.format(count=count, questions=say_choice(all_asked[0].choice, Role.COACH))


# --- writing a set ----------------------------------------------------------------------------------


def create(title: str, questions: OwnQuestions, area: FocusArea | None, below: str) -> View:
    fields = _fields(title, questions, area)
    who = b.context(
        _(
            "Only you see this set, until you choose it for a client: they then see its name and its questions."
        )
    )
    return b.modal(
        CREATE,
        _("New set of questions"),
        [*fields, who],
        submit=_("Save"),
        close=_("Cancel"),
        metadata={"below": below},
    )


def edit(own: OwnSet, users: Sequence[Person], below: str) -> View:
    return b.modal(
        CHANGE,
        _("Edit questions"),
        [*_fields(own.title, own.questions, own.area), b.context(_used_by(users))],
        submit=_("Save"),
        close=_("Cancel"),
        metadata={"set": own.id, "below": below},
    )


def _used_by(users: Sequence[Person]) -> str:
    if not users:
        return _("No client is asked these questions now, so only you see this.")
    names = ", ".join(each.mention for each in users[:NAMED]) + (" …" if len(users) > NAMED else "")
    return _(
        "Asked now: {clients}. They see what you change the next time they open the form. Answers that are written already "
        "keep the question that they were given to."
    ).format(clients=names)


def _fields(title: str, questions: OwnQuestions, area: FocusArea | None) -> list[Block]:
    areas = [b.option(_("None"), NONE), *(b.option(say_area(each), each) for each in FocusArea)]
    how = _(
        "One question on each line, {most} at most. To change their order, move the lines. A line that ends with a colon is a "
        "heading over those below it."
    ).format(most=MOST_QUESTIONS)
    return [
        b.field(
            "title",
            _("Name of the set"),
            b.text_input(
                initial=title, max_length=TITLE_LIMIT, placeholder=_("Such as “After a difficult week”")
            ),
        ),
        b.field(
            "client",
            _("Questions for your client"),
            b.text_input(initial=as_lines(questions.client), multiline=True, max_length=ROOM),
            hint=how,
        ),
        b.field(
            "coach",
            _("Questions for yourself"),
            b.text_input(initial=as_lines(questions.coach), multiline=True, max_length=ROOM),
            hint=_("In the same way. Leave it empty to be asked what GROW asks a coach."),
            optional=True,
        ),
        b.field(
            "area",
            _("Is it about a focus area?"),
            b.select(areas, initial=area or NONE),
            hint=_("It is shown beside the name when you choose."),
        ),
    ]


@dataclass(frozen=True, slots=True)
class Written:
    title: str
    questions: OwnQuestions
    area: FocusArea | None


def read_set(form: Form, before: OwnQuestions | None = None) -> Written:
    """`before`: what the set asks so far. Raises NeedsTitle, NoQuestions, and what read_lines raises."""
    title, area = form.text("title"), form.choice("area") or NONE
    if title is None:
        raise NeedsTitle
    client = read_lines("client", form.text("client") or "", before.client if before else ())
    if not client:
        raise NoQuestions("client")
    coach = read_lines("coach", form.text("coach") or "", before.coach if before else ())
    known = {str(each) for each in FocusArea}
    return Written(
        title=" ".join(title.split())[:TITLE_LIMIT],
        questions=OwnQuestions(client, coach),
        area=FocusArea(area) if area in known else None,
    )


def saved(users: Sequence[Person]) -> str:
    if users:
        return _("Saved. Those who are asked these questions see them the next time they open the form.")
    return _("Saved. Only you see it until you choose it for a client: *Choose*, in `/grow questions`.")
