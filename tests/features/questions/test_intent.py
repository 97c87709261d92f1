"""What the two built-in sets ask, restated here: a question that goes, or a stage that changes places, is missed."""

import pytest

from bot.features.engagements.domain import Role
from bot.features.goals.domain import FocusArea, say_area
from bot.features.questions.built_in import stages_of
from bot.features.questions.domain import Choice, Source, questions_of

ASKED = {
    (Source.GROW, Role.CLIENT): [
        "goal: purpose, leave_with, improvement",
        "reality: position, tried, strengths, room",
        "options: possibilities, obstacles, people",
        "will: steps, confidence, support",
    ],
    (Source.GROW, Role.COACH): [
        "goal: engagement, session",
        "reality: noticed, curious",
        "options: widen",
        "will: promised, accountable",
    ],
    (Source.HELPER, Role.CLIENT): [
        "current: story, behind, matters",
        "preferred: possible, realistic, worth",
        "forward: ways, fit, plan, test",
    ],
}


@pytest.mark.parametrize(("source", "role"), ASKED)
def test_each_stage_asks_what_it_is_for(source: Source, role: Role) -> None:
    stages = stages_of(Choice(source), role)
    found = [
        f"{stage.kind}: {', '.join(each.key.partition('.')[2] for each in stage.questions)}"
        for stage in stages
    ]
    assert found == ASKED[source, role]


def test_options_are_three_at_least_and_will_has_a_number_from_one_to_ten() -> None:
    asked = {each.key: each for each in questions_of(stages_of(Choice(), Role.CLIENT))}
    assert "at least three" in asked["options.possibilities"].text
    assert "by when" in asked["will.steps"].text
    assert [key for key, each in asked.items() if each.is_number] == ["will.confidence"]


def test_there_are_these_seven_areas() -> None:
    assert [say_area(each) for each in FocusArea] == [
        "Strengths and motivation",
        "Insight and solutions",
        "Change, technology and trends",
        "Team and connection",
        "Communication",
        "Feedback and development",
        "Business performance and accountability",
    ]
