"""GROW, the Skilled Helper, and a few questions for each focus area: in the reader's language. Pure.

Sources of the stages and their intent: product.md, sections 7 and 8.
"""

from collections.abc import Sequence

from bot.core.i18n import gettext as _
from bot.features.engagements.domain import Role
from bot.features.goals.domain import FocusArea, say_area
from bot.features.questions.domain import (
    Beside,
    Choice,
    Question,
    Source,
    Stage,
    StageKind,
    for_session,
    with_area,
)

_PURPOSE = frozenset({Beside.PURPOSE})
_LAST_TIME = frozenset({Beside.LAST_TIME})
_PROMISES = frozenset({Beside.PROMISES})


def stages_of(choice: Choice, role: Role, *, is_first: bool = False) -> list[Stage]:
    """Of a built-in set, with the chosen area's questions. `is_first`: the pair has not met before."""
    stages = helper(role) if choice.source is Source.HELPER else grow(role)
    return for_session(with_area(stages, area_stage(choice.area, role)), is_first=is_first)


def area_stage(area: FocusArea | None, role: Role) -> Stage | None:
    return Stage(StageKind.AREA, say_area(area), _area_questions(area, role)) if area else None


def say_source(source: Source) -> str:
    return {
        Source.GROW: _("GROW"),
        Source.HELPER: _("Skilled Helper"),
        Source.OWN: _("questions of the coach's own"),
    }[source]


# --- GROW -------------------------------------------------------------------------------------------


def grow(role: Role) -> Sequence[Stage]:
    return _grow_of_client() if role is Role.CLIENT else _grow_of_coach()


def _grow_of_client() -> Sequence[Stage]:
    return (
        Stage(
            StageKind.GOAL,
            _("Goal – what do you want?"),
            (
                Question("goal.purpose", _("What is this session about for you?")),
                Question("goal.leave_with", _("What would you like to leave with?")),
                Question("goal.improvement", _("What would be better for you afterwards?")),
            ),
            _PURPOSE,
        ),
        Stage(
            StageKind.REALITY,
            _("Reality – where are you now?"),
            (
                Question("reality.position", _("How close are you to what you want?")),
                Question("reality.tried", _("What have you tried, and what came of it?")),
                Question("reality.strengths", _("Which of your strengths did you use?")),
                Question("reality.room", _("Where do you see room to grow?")),
            ),
            _LAST_TIME,
        ),
        Stage(
            StageKind.OPTIONS,
            _("Options – what could you do?"),
            (
                Question(
                    "options.possibilities", _("What could you do? Try for at least three, the odd ones too.")
                ),
                Question("options.obstacles", _("What is in the way of each?")),
                Question("options.people", _("Who could help?")),
            ),
        ),
        Stage(
            StageKind.WILL,
            _("Will – what will you do?"),
            (
                Question("will.steps", _("Which steps will you take, and by when?")),
                Question(
                    "will.confidence", _("How sure are you that you will, from 1 to 10?"), is_number=True
                ),
                Question("will.support", _("What support would help?")),
            ),
            _PROMISES,
        ),
    )


def _grow_of_coach() -> Sequence[Stage]:
    return (
        Stage(
            StageKind.GOAL,
            _("Goal – what do they want?"),
            (
                Question("goal.engagement", _("What does your client want from working with you?")),
                Question("goal.session", _("And from this session, as far as you can tell?")),
            ),
            _PURPOSE,
        ),
        Stage(
            StageKind.REALITY,
            _("Reality – where are they now?"),
            (
                Question("reality.noticed", _("What did you notice last time?"), about_last_time=True),
                Question("reality.curious", _("What do you want to be curious about?")),
            ),
            _LAST_TIME,
        ),
        Stage(
            StageKind.OPTIONS,
            _("Options – what could they do?"),
            (Question("options.widen", _("How can you widen the options without supplying them?")),),
        ),
        Stage(
            StageKind.WILL,
            _("Will – what will they do?"),
            (
                Question("will.promised", _("What did you promise, and where does it stand?")),
                Question("will.accountable", _("How will you help them keep their word to themselves?")),
            ),
            _PROMISES,
        ),
    )


# --- Skilled Helper ---------------------------------------------------------------------------------


def helper(role: Role) -> Sequence[Stage]:
    return _helper_of_client() if role is Role.CLIENT else _helper_of_coach()


def _helper_of_client() -> Sequence[Stage]:
    return (
        Stage(
            StageKind.CURRENT,
            _("Current picture – what is going on?"),
            (
                Question("current.story", _("What is going on for you? Tell it as it comes.")),
                Question("current.behind", _("What is behind it, that you might be overlooking?")),
                Question("current.matters", _("Which part of it matters most to you now?")),
            ),
            frozenset({Beside.PURPOSE, Beside.LAST_TIME}),
        ),
        Stage(
            StageKind.PREFERRED,
            _("Preferred picture – what do you need instead?"),
            (
                Question("preferred.possible", _("What would it look like, if it were going well?")),
                Question("preferred.realistic", _("Which part of that is a realistic change for you?")),
                Question(
                    "preferred.worth", _("What makes it worth the effort, and what would you give up for it?")
                ),
            ),
        ),
        Stage(
            StageKind.FORWARD,
            _("The way forward – how do you get there?"),
            (
                Question("forward.ways", _("Which ways could lead there? List more than you would use.")),
                Question("forward.fit", _("Which of them suits you and your situation best?")),
                Question("forward.plan", _("What will you do first, and by when?")),
                Question("forward.test", _("What could stop that in real life, and what then?")),
            ),
            _PROMISES,
        ),
    )


def _helper_of_coach() -> Sequence[Stage]:
    return (
        Stage(
            StageKind.CURRENT,
            _("Current picture – what is going on for them?"),
            (
                Question(
                    "current.heard",
                    _("What did you hear last time, and what was left out?"),
                    about_last_time=True,
                ),
                Question(
                    "current.blind", _("What might they not see yet, and how could you invite them to look?")
                ),
            ),
            frozenset({Beside.PURPOSE, Beside.LAST_TIME}),
        ),
        Stage(
            StageKind.PREFERRED,
            _("Preferred picture – what do they need instead?"),
            (
                Question(
                    "preferred.theirs", _("How will you make sure that the picture is theirs, not yours?")
                ),
            ),
        ),
        Stage(
            StageKind.FORWARD,
            _("The way forward – how do they get there?"),
            (
                Question("forward.reality", _("How will you help them test their plan against reality?")),
                Question("forward.promised", _("What did you promise, and where does it stand?")),
            ),
            _PROMISES,
        ),
    )


# --- the seven focus areas --------------------------------------------------------------------------


def _area_questions(area: FocusArea, role: Role) -> tuple[Question, ...]:
    texts = _for_client(area) if role is Role.CLIENT else (_for_coach(area),)
    keys = ("one", "two", "three") if role is Role.CLIENT else ("coach",)
    return tuple(
        Question(f"{StageKind.AREA}.{area}.{key}", text) for key, text in zip(keys, texts, strict=True)
    )


def _for_client(area: FocusArea) -> tuple[str, str, str]:
    return {
        FocusArea.STRENGTHS: (
            _("When were you at your best lately, and what did you do to make it so?"),
            _("What gives you energy in your work now, and what drains it?"),
            _("Which strength could you use here that you are not using yet?"),
        ),
        FocusArea.INSIGHT: (
            _("What have you understood lately that you had not seen before?"),
            _("What are you taking for granted about this?"),
            _("How would somebody whom you admire look at it?"),
        ),
        FocusArea.CHANGE: (
            _("What is changing around you that you can't leave alone?"),
            _("What do you want to keep as it is, and what are you ready to let go?"),
            _("What could you try out on a small scale?"),
        ),
        FocusArea.TEAM: (
            _("Who matters most for this, and how well are you connected to them?"),
            _("What does your team need from you now?"),
            _("Where could you ask for help, or offer it?"),
        ),
        FocusArea.COMMUNICATION: (
            _("Which conversation are you putting off?"),
            _("What do you want the other one to understand, feel and do?"),
            _("What may they want to be heard about?"),
        ),
        FocusArea.FEEDBACK: (
            _("What feedback have you had lately, and what do you make of it?"),
            _("Whom could you ask, and what exactly?"),
            _("What do you want to learn next, and how will you practise it?"),
        ),
        FocusArea.BUSINESS: (
            _("Which result counts most this quarter, and where does it stand?"),
            _("What are you answerable for here, and what not?"),
            _("How would you notice in time that it is off course?"),
        ),
    }[area]


def _for_coach(area: FocusArea) -> str:
    return {
        FocusArea.STRENGTHS: _("Which strength have you seen in them that they don't mention?"),
        FocusArea.INSIGHT: _("Which question might help them to see it afresh?"),
        FocusArea.CHANGE: _("How do they take to change, and what steadies them?"),
        FocusArea.TEAM: _("Whose view is missing in what they tell you?"),
        FocusArea.COMMUNICATION: _("What do you notice in how they speak with you?"),
        FocusArea.FEEDBACK: _("What could you tell them that nobody else does, and how?"),
        FocusArea.BUSINESS: _("What would those they work for want to see from this?"),
    }[area]
