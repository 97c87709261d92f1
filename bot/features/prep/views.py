"""The preparation as a form, stage by stage; read-only once the session has started."""

import json
from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.dates import say_date
from bot.core.directory import Person
from bot.core.i18n import current_locale, ngettext
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.slack import blocks as b
from bot.core.slack.dumping import plain
from bot.core.slack.forms import Form
from bot.features.commitments.domain import Commitment
from bot.features.commitments.phrases import outcome_label
from bot.features.commitments.views import due_phrase
from bot.features.engagements.domain import Role
from bot.features.goals.reading_views import beside_preparation
from bot.features.prep.domain import ANSWER_LIMIT, Answered, NotOneToTen, answer_limit
from bot.features.prep.service import Preparation
from bot.features.questions.domain import Beside, Question, Stage, StageKind, questions_of
from bot.features.questions.views import which
from bot.features.sessions.domain import SessionState
from bot.features.sessions.service import Entry
from bot.features.sessions.views import moment

PREPARE = "prep.prepare"
READ = "prep.read"

COMMITMENT_LIMIT = 200
CLOSE_TOGETHER = 13
ANSWERS_SHOWN = 40
MOST_BYTES = 230_000
"""Slack refuses a view of more than 250 kB."""
MOST_BLOCKS = 100
ONE_TO_TEN = {str(each) for each in range(1, 11)}
COMMITMENTS_SHOWN = {ANSWER_LIMIT: 8, 500: 6, 200: 4, 80: 3, 30: 2, 15: 1}
"""Of each list, by the characters that what stands beside the questions may have: tried in this order until all fits."""


def prepare(preparation: Preparation, now: datetime) -> View:
    """The form, or what was written if the session has started. What the other shared is shortened until it fits."""
    draw = _form if preparation.is_open else _read_only
    first, *smaller = COMMITMENTS_SHOWN
    view = draw(preparation, now, first)
    for limit in smaller:
        if _fits(view):
            break
        view = draw(preparation, now, limit)
    return view


def _fits(view: View) -> bool:
    return len(view.blocks or ()) <= MOST_BLOCKS and len(json.dumps(plain(view))) <= MOST_BYTES


def _form(preparation: Preparation, now: datetime, limit: int) -> View:
    earlier = b.button(_("Earlier ones"), "prep.earlier") if preparation.has_earlier else None
    blocks: list[Block] = [
        b.section(_opening(preparation, now), earlier),
        b.context(_who_sees(preparation)),
        *which(preparation.membership, preparation.asked),
        *_shared_elsewhere(preparation, limit),
    ]
    longest = answer_limit(questions_of(preparation.asked.stages))
    seen: set[StageKind] = set()
    for stage in preparation.asked.stages:
        blocks.append(b.words_header(stage.heading))
        blocks += _before(stage, preparation, now, limit)
        if stage.kind not in seen:
            blocks += _theirs(stage.kind, preparation, limit)
            seen.add(stage.kind)
        blocks += [_question(each, preparation.answers.get(each.key), longest) for each in stage.questions]
    blocks += _answered_before(preparation, limit)
    blocks += _share_field(preparation)
    return b.modal(
        PREPARE,
        _("Prepare"),
        blocks,
        submit=_("Save"),
        close=_("Close"),
        metadata={"session": preparation.session.id, "questions": preparation.asked.choice.token},
    )


def _opening(preparation: Preparation, now: datetime) -> str:
    found = preparation.membership
    return _("Your session with {person} is {moment}. Every question is optional; a line is enough.").format(
        person=found.other.mention, moment=moment(preparation.session, found.actor, now)
    )


def _who_sees(preparation: Preparation) -> str:
    if preparation.is_client:
        return _(
            "Only you see this, unless you tick the box at the end. You can change it until the session starts: `/grow prep`."
        )
    return _(
        "Your own answers are private: only you see them. You can change them until the session starts: `/grow prep`."
    )


def _question(question: Question, answer: Answered | None, longest: int) -> Block:
    """What was written when more was allowed is not cut."""
    words = answer.words if answer else None
    if question.is_number:
        initial = int(words) if words in ONE_TO_TEN else None
        return b.field(
            question.key, question.text, b.number_input(initial=initial, least=1, most=10), optional=True
        )
    given = b.text_input(initial=words, multiline=True, max_length=max(longest, len(words or "")))
    return b.field(question.key, question.text, given, optional=True)


def _share_field(preparation: Preparation) -> list[Block]:
    if not preparation.is_client:
        return []
    other = preparation.membership.other
    box = b.option(_("Let {name} see this").format(name=b.inline(other.name)), "share")
    return [
        b.divider(),
        b.field(
            "share",
            _("Who may read it?"),
            b.checkboxes([box], initial=["share"] if preparation.is_shared else []),
            hint=_("You can take this back at any time, and see in /grow privacy when it was opened."),
            optional=True,
        ),
    ]


def _before(stage: Stage, preparation: Preparation, now: datetime, limit: int) -> list[Block]:
    """What stands above a stage's questions: the purpose, what was last time, and what was committed to."""
    blocks: list[Block] = []
    person = preparation.membership.actor
    if Beside.PURPOSE in stage.beside and preparation.purpose:
        blocks += [
            b.section(_("What the two of you have agreed to work on:")),
            b.words(b.clip(preparation.purpose, limit)),
        ]
    if Beside.LAST_TIME in stage.beside:
        blocks += beside_preparation(preparation.aims, limit, is_client=preparation.is_client)
        blocks += _last_time(preparation, now, limit)
    if Beside.LAST_TIME in stage.beside and preparation.is_client:
        blocks += _commitments(
            _("What you have committed to:"), preparation.own_commitments, person, now, limit
        )
    if Beside.LAST_TIME in stage.beside and not preparation.is_client:
        title = _("What {person} has committed to:").format(person=preparation.membership.other.mention)
        blocks += _commitments(title, preparation.their_commitments, person, now, limit)
    if Beside.PROMISES in stage.beside and preparation.is_client:
        title = _("What {person} has promised you:").format(person=preparation.membership.other.mention)
        blocks += _commitments(title, preparation.their_commitments, person, now, limit)
    if Beside.PROMISES in stage.beside and not preparation.is_client:
        blocks += _commitments(_("You promised this:"), preparation.own_commitments, person, now, limit)
    return blocks


def _last_time(preparation: Preparation, now: datetime, limit: int) -> list[Block]:
    """What was taken away from the session before: one's own, and the other's if it is shared."""
    blocks: list[Block] = []
    if preparation.last_time.own:
        blocks += [
            b.section(_("You took this away last time:")),
            b.words(b.clip(preparation.last_time.own, limit)),
        ]
    if preparation.last_time.theirs:
        title = _("{person} took this away last time:").format(person=preparation.membership.other.mention)
        blocks += [b.section(title), b.words(b.clip(preparation.last_time.theirs, limit))]
    return [*blocks, *_own_notes(preparation, now, limit)]


def _own_notes(preparation: Preparation, now: datetime, limit: int) -> list[Block]:
    """The note to oneself from the last wrap-up, and the latest others, each with its day."""
    today = local_date(now, preparation.membership.actor.zone)
    written = [b.clip(preparation.last_time.note, limit)] if preparation.last_time.note else []
    for each in preparation.notes:
        day = say_date(each.noted_on, today=today, locale=current_locale())
        written.append(_("{words} ({day})").format(words=b.inline(each.words, limit), day=day))
    if not written:
        return []
    rest = b.context(_("`/grow notes` shows all of them."))
    return [
        b.section(_("From your own notes:")),
        *(b.words(each) for each in written),
        rest,
    ]


def _commitments(
    title: str, shown: Sequence[Commitment], person: Person, now: datetime, limit: int
) -> list[Block]:
    """In their owner's words, with the cue, its goal and what could get in the way; and what became of it."""
    if not shown:
        return []
    most = COMMITMENTS_SHOWN[limit]
    texts = ["\n".join(_lines(each, person, now, limit)) for each in shown[:most]]
    if (more := len(shown) - most) > 0:
        texts[-1] += "\n\n" + ngettext("And {count} more.", "And {count} more.", more).format(count=more)
    return [b.section(title), *(b.words(text) for text in texts)]


def _lines(commitment: Commitment, person: Person, now: datetime, limit: int) -> list[str]:
    limit = min(COMMITMENT_LIMIT, limit)
    state = outcome_label(commitment.outcome) if commitment.outcome else due_phrase(commitment, person, now)
    lines = [" – ".join((b.inline(commitment.what, limit), state))]
    if commitment.cue:
        lines.append(b.inline(commitment.cue, limit))
    if commitment.goal:
        lines.append(_("For your goal: {goal}").format(goal=b.inline(commitment.goal, limit)))
    if commitment.obstacle:
        obstacle = b.inline(commitment.obstacle, limit)
        lines.append(_("In the way: {obstacle}").format(obstacle=obstacle))
    return lines


def _theirs(kind: StageKind, preparation: Preparation, limit: int) -> list[Block]:
    return _shared(preparation, [each for each in preparation.theirs if _belongs(each, kind)], limit)


def _shared_elsewhere(preparation: Preparation, limit: int) -> list[Block]:
    """What the client answered to questions that have no stage of their own on the coach's form."""
    kinds = {stage.kind for stage in preparation.asked.stages}
    return _shared(
        preparation, [a for a in preparation.theirs if not any(_belongs(a, kind) for kind in kinds)], limit
    )


def _belongs(answer: Answered, kind: StageKind) -> bool:
    return answer.key.startswith(f"{kind}.")


def _shared(preparation: Preparation, shared: Sequence[Answered], limit: int) -> list[Block]:
    if not shared:
        return []
    title = _("{person} shares with you:").format(person=preparation.membership.other.mention)
    return [b.section(title), *_answers(shared, limit)]


def _answered_before(preparation: Preparation, limit: int) -> list[Block]:
    """Kept as it is: the questions have changed since."""
    before = preparation.answered_before
    if not before:
        return []
    said = _("You answered this before the questions changed. It is kept, with the question it answers.")
    return [b.divider(), b.section(said), *_answers(before, limit)]


def _answers(answers: Sequence[Answered], limit: int) -> list[Block]:
    """Many stand closer together: Slack allows 100 blocks in a view."""
    if len(answers) > CLOSE_TOGETHER:
        return [b.words(f"{each.question}\n{b.clip(each.words, limit)}") for each in answers[:ANSWERS_SHOWN]]
    blocks: list[Block] = []
    for each in answers:
        blocks += [b.quiet_words(each.question), b.words(b.clip(each.words, limit))]
    return blocks


# --- read-only --------------------------------------------------------------------------------------


def _read_only(preparation: Preparation, now: datetime, limit: int) -> View:
    """The client can still share it, or take that back."""
    sentence = _("This preparation can't change any more: its session has started or is off.")
    return _reading(preparation, sentence, limit)


def kept(preparation: Preparation) -> View:
    """What was typed while the session started or was cancelled, and that it is not lost."""
    is_off = preparation.session.state is SessionState.CANCELLED
    why = _("The session was cancelled meanwhile.") if is_off else _("The session has started meanwhile.")
    until = _("For two weeks, `/grow prep` shows it.")
    sentence = " ".join((why, _("What you wrote is kept, and only you see it."), until))
    return _reading(preparation, sentence, min(COMMITMENTS_SHOWN))


def _reading(preparation: Preparation, sentence: str, limit: int) -> View:
    can_share = preparation.is_client and bool(preparation.answers)
    blocks: list[Block] = [b.section(sentence)]
    if preparation.theirs:
        title = _("{person} shares with you:").format(person=preparation.membership.other.mention)
        blocks += [b.section(title), *_answers(preparation.theirs, limit)]
    if preparation.answers:
        blocks += [
            b.section(f"*{_('What you wrote')}*"),
            *_answers(list(preparation.answers.values()), ANSWER_LIMIT),
        ]
    return b.modal(
        READ,
        _("Your preparation"),
        [*blocks, *(_share_field(preparation) if can_share else [])],
        submit=_("Save") if can_share else None,
        metadata={"session": preparation.session.id},
    )


# --- reading the form -------------------------------------------------------------------------------


def read(form: Form, stages: Sequence[Stage]) -> tuple[list[Answered], list[str]]:
    """The answers given, each with its question; and the keys of all questions that were on the form. Raises NotOneToTen."""
    questions = questions_of(stages)
    asked = [each for each in questions if each.key in form.values]
    given = [(each, form.text(each.key)) for each in asked]
    for question, words in given:
        if question.is_number and words and words not in ONE_TO_TEN:
            raise NotOneToTen(question.key)
    answers = [Answered(each.key, each.text, words[:ANSWER_LIMIT]) for each, words in given if words]
    return answers, [each.key for each in asked]


def read_share(form: Form) -> bool:
    return "share" in form.choices("share")


def saved(entry: Entry, has_answers: bool, is_shared: bool) -> str:
    other = entry.membership.other.mention
    if not has_answers:
        return _("Nothing is written down now. `/grow prep` opens this again, until the session starts.")
    if is_shared:
        who = _("{person} can read it.").format(person=other)
    elif entry.membership.role is Role.CLIENT:
        who = _("Only you see it; you can share it with {person} whenever you like.").format(person=other)
    else:
        who = _("Only you see it.")
    return _("Saved. {who} `/grow prep` opens it again, until the session starts.").format(who=who)


def share_saved(other: Person, is_shared: bool) -> str:
    if is_shared:
        return _("Saved. {person} can read your preparation.").format(person=other.mention)
    return _("Saved. {person} can't read your preparation any more.").format(person=other.mention)
