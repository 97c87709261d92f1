"""A coach's own set as they type it, as it is sealed, and as a copy. Pure."""

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.errors import InvalidFields
from bot.core.i18n import gettext as _
from bot.features.questions.domain import OwnQuestions, Question, Stage, StageKind, questions_of

HEADING_LIMIT = 60
QUESTION_LIMIT = 200
"""With so many questions and headings, one side's text always fits into one of Slack's text fields."""
MOST_QUESTIONS = 13
"""Of one side. With those of a focus area they are as many as a form has room for, whatever the answers consist of."""
MOST_HEADINGS = 6
ROOM = 3000
"""Characters of one side's text: as many as Slack's text fields take."""

# --- what is wrong with what a coach wrote ----------------------------------------------------------


class NeedsTitle(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"title": _("Give it a name, so that you find it again.")})


class NoQuestions(InvalidFields):
    def __init__(self, field: str) -> None:
        super().__init__({field: _("Write at least one question, on a line of its own.")})


class TooManyQuestions(InvalidFields):
    def __init__(self, field: str, count: int) -> None:
        sentence = _("That's {count} questions. {most} are as many as fit; fewer get better answers.")
        super().__init__({field: sentence.format(count=count, most=MOST_QUESTIONS)})


class TooManyHeadings(InvalidFields):
    def __init__(self, field: str) -> None:
        sentence = _("At most {most} headings, please. A heading is a line that ends with a colon.")
        super().__init__({field: sentence.format(most=MOST_HEADINGS)})


class HeadingAlone(InvalidFields):
    def __init__(self, field: str) -> None:
        super().__init__(
            {
                field: _(
                    "A line that ends with a colon is a heading, and one of them has no question below it."
                )
            }
        )


class LineTooLong(InvalidFields):
    """`place` counts the questions, or headings, from 1."""

    def __init__(self, field: str, place: int, limit: int) -> None:
        sentence = _("Line {place} is too long: {limit} characters at most.")
        super().__init__({field: sentence.format(place=place, limit=limit)})


class SaidTwice(InvalidFields):
    def __init__(self, field: str) -> None:
        super().__init__({field: _("One question stands here twice. Once is enough.")})


# --- a coach's own set as lines of text -------------------------------------------------------------

_BULLET = re.compile(r"^(?:[-–•*]|\d{1,2}[.)])\s+")


def read_lines(field: str, text: str, before: Sequence[Stage] = ()) -> list[Stage]:
    """One question on each line; a line that ends with a colon is a heading over those below it.

    A question that stood there `before`, word for word, keeps its key, wherever it moved. Raises InvalidFields.
    """
    keys = {each.text: each.key for each in questions_of(before)}
    stages: list[Stage] = []
    for place, line in enumerate(text.splitlines(), 1):
        said = _BULLET.sub("", " ".join(line.split()))
        if not said:
            continue
        if said.endswith(":"):
            _check_length(field, said, place, HEADING_LIMIT)
            stages.append(Stage(StageKind.OWN, said.rstrip(": "), ()))
            continue
        _check_length(field, said, place, QUESTION_LIMIT)
        last = stages.pop() if stages else Stage(StageKind.OWN, "", ())
        question = Question(keys.get(said) or _new_key(), said)
        stages.append(replace(last, questions=(*last.questions, question)))
    _check(field, stages)
    return _under_headings(stages)


def _under_headings(stages: Sequence[Stage]) -> list[Stage]:
    """A heading that says nothing begins nothing new: as text it would be gone."""
    found: list[Stage] = []
    for each in stages:
        if found and not each.heading:
            found[-1] = replace(found[-1], questions=(*found[-1].questions, *each.questions))
        else:
            found.append(each)
    return found


def _check_length(field: str, said: str, place: int, limit: int) -> None:
    if len(said) > limit:
        raise LineTooLong(field, place, limit)


def _check(field: str, stages: Sequence[Stage]) -> None:
    if any(not each.questions for each in stages):
        raise HeadingAlone(field)
    texts = [each.text for each in questions_of(stages)]
    if len(texts) > MOST_QUESTIONS:
        raise TooManyQuestions(field, len(texts))
    if len(set(texts)) < len(texts):
        raise SaidTwice(field)
    if sum(bool(each.heading) for each in stages) > MOST_HEADINGS:
        raise TooManyHeadings(field)


def _new_key() -> str:
    """It says nothing of the words: keys stand in the database in the clear."""
    return f"{StageKind.OWN}.{secrets.token_hex(6)}"


def as_lines(stages: Sequence[Stage]) -> str:
    """The text that `read_lines` reads back."""
    parts = []
    for each in stages:
        heading = [f"{each.heading}:"] if each.heading else []
        parts.append("\n".join([*heading, *(question.text for question in each.questions)]))
    return "\n\n".join(parts)


def as_json(own: OwnQuestions) -> str:
    sides = {"client": own.client, "coach": own.coach}
    return json.dumps(
        {
            side: [[each.heading, [[q.key, q.text] for q in each.questions]] for each in stages]
            for side, stages in sides.items()
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def from_json(text: str) -> OwnQuestions:
    sides: Mapping[str, list[tuple[str, list[tuple[str, str]]]]] = json.loads(text)
    client, coach = (
        [
            Stage(StageKind.OWN, title, tuple(Question(key, said) for key, said in questions))
            for title, questions in sides[side]
        ]
        for side in ("client", "coach")
    )
    return OwnQuestions(client, coach)


def copy_of(stages: Sequence[Stage]) -> list[Stage]:
    """To be a coach's own from now on: its questions are other ones, whose wording they may change."""
    return [
        Stage(
            StageKind.OWN,
            each.heading.rstrip("? "),
            tuple(Question(_new_key(), q.text) for q in each.questions),
        )
        for each in stages
    ]
