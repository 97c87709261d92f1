"""`/grow commit`, `/grow commitments`, the shortcuts, and the buttons of a commitment."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement

from bot.core.database import Transaction
from bot.core.dates import Unclear, When, split_command
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.slack.requests import Answer, Context, Placement
from bot.features.commitments import bringing, list_views, modal_views, nudges, reading, service, views
from bot.features.commitments.domain import NeedsWords, Outcome
from bot.features.commitments.mentions import names_in
from bot.features.commitments.message_text import of_command, of_message
from bot.features.commitments.service import Entry
from bot.features.engagements.places import named, place, places
from bot.features.engagements.service import active_membership, memberships
from bot.features.engagements.views import chosen, chosen_place

# --- making -----------------------------------------------------------------------------------------


async def commit(context: Context) -> Answer:
    """`/grow commit call the CFO by next tue 3pm`."""

    names = await names_in(context, context.text)
    text = of_command(context.text, names)
    return await context.run(lambda db, actor: _prefilled(db, actor, context, text))


def _prefilled(db: Transaction, actor: Person, context: Context, text: str) -> Answer:
    """The form with what the text says: the step, and by when."""
    found = places(db, actor)
    what, when = split_command(text, now=context.now, zone=actor.zone, locale=actor.locale)
    typed = text[len(what) :].strip(" ,;:–—-") or None
    if isinstance(when, When):
        typed = views.by_text(when.on, when.at, actor, context.now)
    question = views.asked_back(when) if isinstance(when, Unclear) else None
    goals = service.goal_choices(db, found, context.now)
    form = modal_views.make(found, actor, what=what, when_text=typed, question=question, goals=goals)
    return Answer(view=form)


async def new(context: Context) -> Answer:
    """“New commitment”: in an engagement or alone, from a session, or towards a goal, as the value says."""
    engagement_id, session_id, goal_id = modal_views.read_value(context.value)

    def work(db: Transaction, actor: Person) -> Answer:
        found = [place(db, actor, named(engagement_id))] if engagement_id else places(db, actor)
        carried = {"below": _below(context), **({"session": session_id} if session_id else {})}
        # From a wrap-up it takes the summary's place, which could not show what is made now.
        placement = Placement.REPLACE if session_id or goal_id else Placement.OPEN
        goals = service.goal_choices(db, found, context.now)
        form = modal_views.make(found, actor, goals=goals, goal_id=goal_id, metadata=carried)
        return Answer(view=form, placement=placement)

    return await context.run(work)


async def from_message(context: Context) -> Answer:
    """The message shortcut: its text becomes the words, in a form that nobody else sees."""
    message = context.payload.get("message") or {}
    marked = str(message.get("text") or "")
    text = of_message(marked, await names_in(context, marked))
    return await context.run(lambda db, actor: _prefilled(db, actor, context, text))


async def make(context: Context) -> Answer:
    engagement_id = chosen_place(context.form, context.metadata)
    session_id = context.metadata.metadata.get("session")

    def work(db: Transaction, actor: Person) -> Answer:
        found = place(db, actor, engagement_id)
        draft = views.read_draft(context.form, now=context.now, person=actor, place=found)
        if draft is None:
            raise NeedsWords
        made = service.make(db, actor, engagement_id, draft, context.now, session_id=session_id)
        notice = modal_views.made(Entry(made, found), nudges.next_for(db, actor, made.id), context.now)
        button = modal_views.change_it(made) if made.is_shaky else None
        return _told(db, actor, context, notice, button)

    return await context.run(work)


# --- the list ---------------------------------------------------------------------------------------


async def commitments(context: Context) -> Answer:
    return await _list(context, 0, Placement.OPEN)


async def more(context: Context) -> Answer:
    """The next ones of a long list; the value is the place of the first."""
    start = list_views.start_of(list_views.LIST + context.value) or 0
    return await _list(context, start, Placement.REPLACE)


async def _list(context: Context, start: int, placement: Placement) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        shown = service.overview(db, actor, context.now, start=start)
        view = list_views.overview(shown, actor, context.now)
        return Answer(view=view, placement=placement)

    return await context.run(work)


async def theirs(context: Context) -> Answer:
    """What one of many shares."""

    def work(db: Transaction, actor: Person) -> Answer:
        found = active_membership(db, actor, context.value)
        return Answer(view=list_views.theirs(found, service.theirs_of(db, found, context.now), context.now))

    return await context.run(work)


# --- one of them ------------------------------------------------------------------------------------


async def open_answer(context: Context) -> Answer:
    return await _open_answer(context, None)


async def open_kept(context: Context) -> Answer:
    return await _open_answer(context, Outcome.KEPT)


async def _open_answer(context: Context, initial: Outcome | None) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        entry = service.entry(db, actor, context.value, context.now)
        return Answer(view=modal_views.answer(entry, context.now, initial=initial, below=_below(context)))

    return await context.run(work)


async def answer(context: Context) -> Answer:
    commitment_id = context.metadata.meta("commitment")

    def work(db: Transaction, actor: Person) -> Answer:
        if modal_views.is_to_move(context.form):
            entry = service.entry(db, actor, commitment_id, context.now)
            return Answer(view=modal_views.move(entry, context.now, below=_carried(context)))
        outcome, learned = modal_views.read_answer(context.form)
        found = service.entry(db, actor, commitment_id, context.now).place
        on = modal_views.read_which(context.metadata.metadata.get("on"))
        done = service.answer(db, actor, commitment_id, outcome, learned, context.now, on=on)
        has_rest = outcome is Outcome.PARTLY and done.recurrence is None
        button = modal_views.plan_the_rest(done) if has_rest else None
        notice = modal_views.answered(Entry(done, found), outcome, context.now)
        return _told(db, actor, context, notice, button)

    return await context.run(work)


async def plan_the_rest(context: Context) -> Answer:
    """“Plan the rest”, once a commitment was partly kept: a new one that begins with its words."""

    def work(db: Transaction, actor: Person) -> Answer:
        entry = service.own_entry(db, actor, context.value, context.now)
        carried = {"below": _carried(context)}
        commitment, found = entry.commitment, [entry.place]
        goals = service.goal_choices(db, found, context.now, commitment)
        form = modal_views.make(
            found, actor, what=commitment.what, goals=goals, goal_id=commitment.goal_id, metadata=carried
        )
        return Answer(view=form, placement=_placement(context))

    return await context.run(work)


async def open_move(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        entry = service.entry(db, actor, context.value, context.now)
        return Answer(view=modal_views.move(entry, context.now, below=_below(context)))

    return await context.run(work)


async def move(context: Context) -> Answer:
    commitment_id = context.metadata.meta("commitment")

    def work(db: Transaction, actor: Person) -> Answer:
        when = views.read_by(context.form, now=context.now, person=actor, is_other_day=True)
        service.move(db, actor, commitment_id, when.on, when.at, context.now)
        entry, nudge_at = (
            service.entry(db, actor, commitment_id, context.now),
            nudges.next_for(db, actor, commitment_id),
        )
        return _told(db, actor, context, modal_views.moved(entry, nudge_at, context.now))

    return await context.run(work)


async def open_edit(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        entry = service.entry(db, actor, context.value, context.now)
        placement = _placement(context)
        below = _carried(context) if placement is Placement.REPLACE else _below(context)
        goals = service.goal_choices(db, [entry.place], context.now, entry.commitment)
        return Answer(
            view=modal_views.edit(entry, context.now, goals=goals, below=below), placement=placement
        )

    return await context.run(work)


async def edit(context: Context) -> Answer:
    commitment_id = context.metadata.meta("commitment")

    def work(db: Transaction, actor: Person) -> Answer:
        before = service.entry(db, actor, commitment_id, context.now)
        wording = views.read_wording(context.form, before, context.now)
        edited = service.edit(db, actor, commitment_id, wording, context.now)
        return _told(db, actor, context, modal_views.edited(Entry(edited, before.place)))

    return await context.run(work)


async def open_bring(context: Context) -> Answer:
    """“Bring it in”, beneath what is kept alone."""

    def work(db: Transaction, actor: Person) -> Answer:
        entry, engaged = service.entry(db, actor, context.value, context.now), memberships(db, actor)
        if entry.place.engagement_id is not None or not engaged:
            raise NotFound
        return Answer(view=modal_views.bring(entry, engaged, context.now, below=_below(context)))

    return await context.run(work)


async def bring(context: Context) -> Answer:
    commitment_id, engagement_id = (
        context.metadata.meta("commitment"),
        chosen(context.form, context.metadata),
    )

    def work(db: Transaction, actor: Person) -> Answer:
        is_shared = views.read_share(context.form, place(db, actor, engagement_id))
        brought = bringing.bring(db, actor, commitment_id, engagement_id, is_shared, context.now)
        return _told(db, actor, context, modal_views.brought(brought))

    return await context.run(work)


async def reopen(context: Context) -> Answer:
    """“Open again”, in the list: the answer was given by mistake."""

    def work(db: Transaction, actor: Person) -> Answer:
        service.revise(db, actor, context.value, None, context.now)
        shown = service.overview(db, actor, context.now)
        return Answer(view=list_views.overview(shown, actor, context.now), placement=Placement.REPLACE)

    return await context.run(work)


async def later(context: Context) -> Answer:
    """The message itself says then when it comes again."""
    choice, _colon, letter_id = context.value.partition(":")
    await context.run(lambda db, actor: nudges.postpone(db, actor, letter_id, choice, context.now))
    return Answer()


def home_section(db: Transaction, person: Person, now: datetime) -> Sequence[Block]:
    """For who has neither a commitment nor anybody to work with, the welcome offers one."""
    own, count = service.next_open(db, person, now, list_views.HOME_SHOWN)
    if not (own or memberships(db, person)):
        return []
    return list_views.home(own, count, reading.promised(db, person), person, now)


def _told(
    db: Transaction, actor: Person, context: Context, notice: str, button: ButtonElement | None = None
) -> Answer:
    """What was done, and the list below as it is now, if the form was opened from it."""
    view = modal_views.said(notice, button, _carried(context)) if button else None
    told = Answer(view=view) if view else Answer(notice=notice)
    below, start = context.metadata.previous_view_id, list_views.start_of(_carried(context))
    if below is None or start is None:
        return told
    shown = service.overview(db, actor, context.now, start=start)
    return replace(told, redraw=(below, list_views.overview(shown, actor, context.now)))


def _below(context: Context) -> str:
    """Which view a form is put on top of, and where in a list that begins."""
    if context.view is None:
        return ""
    return context.view.callback_id + context.view.metadata.get("start", "")


def _carried(context: Context) -> str:
    """What a form in place of this one is on top of."""
    return context.view.metadata.get("below", "") if context.view else ""


def _placement(context: Context) -> Placement:
    """In place of what was just said, which could not show what is changed now; on top of a list."""
    is_said = (
        context.view is not None and not context.view.is_home and list_views.start_of(_below(context)) is None
    )
    return Placement.REPLACE if is_said else Placement.OPEN
