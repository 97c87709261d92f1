"""The forms about one commitment: making, answering, moving and editing it."""

from collections.abc import Sequence
from datetime import date, datetime

from slack_sdk.models.blocks import Block, ButtonElement, Option
from slack_sdk.models.views import View

from bot.core.directory import Person
from bot.core.errors import OutdatedForm
from bot.core.i18n import gettext as _
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.features.commitments.domain import Commitment, MovedWithNote, NeedsOutcome, Outcome, Wording
from bot.features.commitments.phrases import learned_lines, outcome_label, past_phrases
from bot.features.commitments.recurring import Every
from bot.features.commitments.service import Entry
from bot.features.commitments.views import (
    FIELD_LIMIT,
    WHAT_LIMIT,
    by_field,
    by_text,
    draft_fields,
    due_phrase,
    next_nudge,
    shared_fields,
    smaller_step,
    until_field,
    what_field,
    who_sees,
    wording_fields,
)
from bot.features.engagements.places import Alone, Place, name_of
from bot.features.engagements.service import Membership
from bot.features.engagements.views import into, with_field
from bot.features.goals.reading import Choice

MAKE = "commitments.make"
ANSWER = "commitments.answer"
MOVE = "commitments.move"
EDIT = "commitments.edit"
BRING = "commitments.bring"
SAID = "commitments.said"

ELSEWHEN = "move"
"""Among the answers: none yet, but another date."""

# --- making -----------------------------------------------------------------------------------------


def make(
    found: Sequence[Place],
    person: Person,
    *,
    what: str = "",
    when_text: str | None = None,
    question: str | None = None,
    goals: Sequence[Choice] = (),
    goal_id: str | None = None,
    metadata: dict[str, str] | None = None,
) -> View:
    """`what` is shortened to what the field takes. `question`: what is asked back about the date behind the command."""
    first, picker = found[0], with_field(found)
    blocks: list[Block] = []
    if len(what) > WHAT_LIMIT:
        text = _(
            "That was more than {limit} characters, so only the beginning is here. What is the step in it?"
        )
        blocks.append(b.section(text.format(limit=WHAT_LIMIT)))
    blocks.append(picker or b.section(_between(first)))
    among = found if picker else ()
    blocks += draft_fields(
        place=first,
        person=person,
        what=what,
        when_text=when_text,
        question=question,
        among=among,
        goals=goals,
        goal_id=goal_id,
    )
    carried = {**(metadata or {}), **({} if picker else {"with": name_of(first.engagement_id)})}
    return b.modal(MAKE, _("New commitment"), blocks, submit=_("Commit"), close=_("Cancel"), metadata=carried)


def _between(place: Place) -> str:
    if isinstance(place, Alone):
        return _("For you alone, without a coach.")
    return _("Between you and {person}").format(person=place.other.mention)


def made(entry: Entry, nudge_at: datetime | None, now: datetime) -> str:
    """What was saved, who sees it, and what comes next."""
    sentences = [
        _("Saved. {due}.").format(due=due_phrase(entry.commitment, entry.place.actor, now)),
        who_sees(entry),
        next_nudge(entry, nudge_at, now),
        _("`/grow commitments` answers, moves and changes it."),
    ]
    if entry.commitment.is_shaky:
        sentences.append(smaller_step())
    return " ".join(sentences)


def said(notice: str, button: ButtonElement, below: str) -> View:
    """What was done, and what may well follow."""
    return b.modal(
        SAID, _("growbot"), [b.section(notice, block_id="said"), b.actions(button)], metadata={"below": below}
    )


def change_it(commitment: Commitment) -> ButtonElement:
    return b.button(_("Change it"), f"commitments.edit:{commitment.id}", commitment.id)


def plan_the_rest(commitment: Commitment) -> ButtonElement:
    return b.button(_("Plan the rest"), f"commitments.rest:{commitment.id}", commitment.id)


def _about(entry: Entry, now: datetime) -> list[Block]:
    """The words and the date, at the top of a form about them."""
    commitment, reader = entry.commitment, entry.place.actor
    cue: list[Block] = [b.words(commitment.cue)] if commitment.cue else []
    said = [due_phrase(commitment, reader, now) + ".", *past_phrases(commitment, reader, now)]
    learned = learned_lines(commitment, reader, now)
    return [
        b.words(commitment.what),
        *cue,
        b.context(" ".join(said)),
        *([b.quiet_words("\n".join(learned))] if learned else []),
    ]


# --- answering, moving, editing ---------------------------------------------------------------------


def answer(entry: Entry, now: datetime, *, initial: Outcome | None = None, below: str = "") -> View:
    """`below` is the view that this one is put on top of."""
    learned = b.text_input(multiline=True, max_length=FIELD_LIMIT)
    carried = {"commitment": entry.commitment.id, "below": below, **_which(entry.commitment)}
    return b.modal(
        ANSWER,
        _("Your commitment"),
        [
            *_about(entry, now),
            b.field("outcome", _("Where does it stand?"), b.radio(_outcomes(entry), initial=initial)),
            b.field("learned", _("What did you learn?"), learned, optional=True),
            b.context(_who_reads_answer(entry) + " " + _what_follows(entry.commitment)),
        ],
        submit=_("Save"),
        close=_("Close"),
        metadata=carried,
    )


def _outcomes(entry: Entry) -> list[Option]:
    recurrence = entry.commitment.recurrence
    kept, partly, not_kept = (
        b.option(outcome_label(each), each) for each in (Outcome.KEPT, Outcome.PARTLY, Outcome.NOT_KEPT)
    )
    elsewhen = [b.option(_("Move it to another date"), ELSEWHEN)]
    if recurrence is not None and recurrence.every is Every.WORKING_DAY:
        elsewhen = []
    ends = _("This ends it: it does not come again.") if recurrence else None
    let_go = b.option(outcome_label(Outcome.NO_LONGER_RIGHT), Outcome.NO_LONGER_RIGHT, ends)
    return [kept, partly, *elsewhen, not_kept, let_go]


def _which(commitment: Commitment) -> dict[str, str]:
    """Which occurrence the form is about, whatever the day on which it is sent."""
    return {"on": commitment.occurrence_on.isoformat()} if commitment.occurrence_on else {}


def read_which(carried: str | None) -> date | None:
    """Raises OutdatedForm."""
    try:
        return date.fromisoformat(carried) if carried else None
    except ValueError as broken:
        raise OutdatedForm from broken


def _what_follows(commitment: Commitment) -> str:
    if commitment.recurrence:
        return _(
            "Once answered, the next time is what counts; what you didn't get to, you need not make up for."
        )
    return _("Once answered, there are no more reminders for it.")


def _who_reads_answer(entry: Entry) -> str:
    if isinstance(entry.place, Alone) or not entry.commitment.is_shared:
        return _("Only you see the commitment, your answer and what you learned.")
    text = _("{person} sees the commitment, and so your answer and what you learned too.")
    return text.format(person=entry.place.other.mention)


def is_to_move(form: Form) -> bool:
    """Raises MovedWithNote."""
    if form.choice("outcome") != ELSEWHEN:
        return False
    if form.text("learned"):
        raise MovedWithNote
    return True


def read_answer(form: Form) -> tuple[Outcome, str | None]:
    """Raises NeedsOutcome."""
    chosen = form.choice("outcome")
    if chosen not in set(Outcome):
        raise NeedsOutcome
    return Outcome(chosen), form.text("learned")


def answered(entry: Entry, outcome: Outcome, now: datetime) -> str:
    kind = {
        Outcome.PARTLY: _("Part of the way counts, and so does what you saw on it."),
        Outcome.NOT_KEPT: _("That happens, and it is good to know."),
    }.get(outcome)
    return " ".join(filter(None, (_("Noted, thank you."), kind, _told(entry, now), who_sees(entry))))


def _told(entry: Entry, now: datetime) -> str:
    commitment = entry.commitment
    if commitment.is_open:
        return due_phrase(commitment, entry.place.actor, now) + "."
    if commitment.recurrence is not None:
        return _("That was the last time: it does not come again.")
    return _("There are no more reminders for it.")


def move(entry: Entry, now: datetime, *, below: str = "") -> View:
    return b.modal(
        MOVE,
        _("Another date"),
        [
            *_about(entry, now),
            by_field(None, entry.place.actor),
            b.context(_("Moving is fine. Its reminders move with it.") + " " + who_sees(entry)),
        ],
        submit=_("Move"),
        close=_("Keep the date"),
        metadata={"commitment": entry.commitment.id, "below": below},
    )


def moved(entry: Entry, nudge_at: datetime | None, now: datetime) -> str:
    due = due_phrase(entry.commitment, entry.place.actor, now)
    return _("Moved. {due}. {next}").format(due=due, next=next_nudge(entry, nudge_at, now))


def edit(entry: Entry, now: datetime, *, goals: Sequence[Choice] = (), below: str = "") -> View:
    commitment = entry.commitment
    wording = Wording(
        commitment.what,
        commitment.cue,
        commitment.obstacle,
        commitment.confidence,
        commitment.is_shared,
        commitment.goal_id,
    )
    return b.modal(
        EDIT,
        _("Change it"),
        [
            what_field(commitment.what),
            *_end_field(entry, now),
            *wording_fields(wording, [entry.place], goals),
        ],
        submit=_("Save"),
        close=_("Cancel"),
        metadata={"commitment": commitment.id, "below": below},
    )


def _end_field(entry: Entry, now: datetime) -> list[Block]:
    recurrence = entry.commitment.recurrence
    if recurrence is None:
        return []
    until_on = recurrence.until_on
    return [until_field(by_text(until_on, None, entry.place.actor, now) if until_on else None)]


def edited(entry: Entry) -> str:
    return _("Saved.") + " " + who_sees(entry)


# --- bringing it into an engagement -------------------------------------------------------------------


def bring(entry: Entry, engaged: Sequence[Membership], now: datetime, *, below: str = "") -> View:
    where, carried = into(engaged)
    note = _(
        "It comes with all that was said of it, and from then on is part of your work together: it is erased with the rest "
        "when the time in the agreement is over. It can't be taken out again."
    )
    return b.modal(
        BRING,
        _("Bring it in"),
        [*_about(entry, now), where, *shared_fields(False, engaged), b.context(note)],
        submit=_("Bring it in"),
        close=_("Cancel"),
        metadata={"commitment": entry.commitment.id, "below": below, **carried},
    )


def brought(entry: Entry) -> str:
    assert isinstance(entry.place, Membership)
    text = _("It is part of your work with {person} now.").format(person=entry.place.other.mention)
    return f"{text} {who_sees(entry)}"


def read_value(value: str) -> tuple[str | None, str | None, str | None]:
    """What a “New commitment” button carries: `engagement:session:goal`, from the left as far as needed. Raises OutdatedForm."""
    engagement_id, session_id, goal_id, *more = [*value.split(":"), "", ""]
    if any(more) or ((session_id or goal_id) and not engagement_id):
        raise OutdatedForm
    return engagement_id or None, session_id or None, goal_id or None
