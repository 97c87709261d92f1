import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.errors import InvalidFields, OutdatedForm
from bot.features.engagements.domain import Role
from bot.features.goals.domain import FocusArea
from bot.features.prep.domain import ANSWER_LIMIT, answer_limit
from bot.features.questions.built_in import area_stage, grow, helper, stages_of
from bot.features.questions.domain import (
    Choice,
    OwnQuestions,
    Question,
    Source,
    Stage,
    StageKind,
    questions_of,
)
from bot.features.questions.own_text import (
    HEADING_LIMIT,
    MOST_HEADINGS,
    MOST_QUESTIONS,
    QUESTION_LIMIT,
    ROOM,
    as_json,
    as_lines,
    copy_of,
    from_json,
    read_lines,
)


def texts(stages: list[Stage]) -> list[tuple[str, list[str]]]:
    return [(each.heading, [question.text for question in each.questions]) for each in stages]


# --- the built-in ones ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        (Source.GROW, [StageKind.GOAL, StageKind.REALITY, StageKind.OPTIONS, StageKind.WILL]),
        (Source.HELPER, [StageKind.CURRENT, StageKind.PREFERRED, StageKind.FORWARD]),
    ],
)
def test_a_built_in_set_has_its_stages_whose_questions_say_where_they_belong(
    role: Role, source: Source, kinds: list[StageKind]
) -> None:
    stages = stages_of(Choice(source), role)
    assert [stage.kind for stage in stages] == kinds
    keys = [(stage.kind, question.key) for stage in stages for question in stage.questions]
    assert all(key.startswith(f"{kind}.") for kind, key in keys)
    assert len({key for _kind, key in keys}) == len(keys)


@pytest.mark.parametrize("source", [Source.GROW, Source.HELPER])
@pytest.mark.parametrize("area", list(FocusArea))
def test_a_focus_area_adds_its_questions_before_what_one_will_do(source: Source, area: FocusArea) -> None:
    for role, count in ((Role.CLIENT, 3), (Role.COACH, 1)):
        stages = stages_of(Choice(source, area), role)
        assert [stage.kind for stage in stages][-2] is StageKind.AREA
        assert len(stages[-2].questions) == count


def test_every_area_has_questions_of_its_own_under_keys_that_the_database_holds() -> None:
    found = [q for area in FocusArea for role in Role for q in area_stage(area, role).questions]  # type: ignore[union-attr]
    assert len({each.key for each in found}) == len({each.text for each in found}) == 7 * 4
    assert max(len(each.key) for each in found) <= 40


@pytest.mark.parametrize("source", [Source.GROW, Source.HELPER])
def test_before_a_first_session_nothing_is_asked_about_the_last(source: Source) -> None:
    first, later = (stages_of(Choice(source), Role.COACH, is_first=each) for each in (True, False))
    gone = {each.text for each in questions_of(later)} - {each.text for each in questions_of(first)}
    assert len(gone) == 1
    assert "last time" in gone.pop()


# --- a choice, as a form carries it -----------------------------------------------------------------


@pytest.mark.parametrize(
    "choice",
    [
        Choice(),
        Choice(Source.HELPER, FocusArea.TEAM),
        Choice(Source.OWN, None, "ab12"),
        Choice(Source.OWN, FocusArea.CHANGE, "ab"),
    ],
)
def test_a_choice_survives_the_form(choice: Choice) -> None:
    assert Choice.parse(choice.token) == choice


@pytest.mark.parametrize("token", ["", "grow", "grow:", "nonsense::", "grow:nonsense:", "grow:::", "a:b:c:d"])
def test_a_forged_choice_is_an_outdated_form(token: str) -> None:
    with pytest.raises(OutdatedForm):
        Choice.parse(token)


# --- a coach's own, as lines ------------------------------------------------------------------------


def test_each_line_is_a_question_and_a_colon_makes_a_heading() -> None:
    stages = read_lines(
        "client", "What now?\n\nLooking back:\n What went well? \n- What not?\nAhead:\n1. What next?"
    )
    assert texts(stages) == [
        ("", ["What now?"]),
        ("Looking back", ["What went well?", "What not?"]),
        ("Ahead", ["What next?"]),
    ]


def test_a_question_that_only_moved_keeps_its_key_and_a_changed_one_does_not() -> None:
    before = read_lines("client", "One?\nTwo?\nThree?")
    after = read_lines("client", "Three?\nA heading:\nOne?\nTwo, or more?", before)
    keys = {each.text: each.key for each in questions_of(before)}
    for each in questions_of(after):
        assert (each.key == keys.get(each.text)) == (each.text != "Two, or more?")


def test_a_key_says_nothing_of_its_question() -> None:
    one, other = (questions_of(read_lines("client", "One?"))[0].key for _each in range(2))
    assert one != other


def test_a_copy_asks_the_same_under_other_keys() -> None:
    own = read_lines("client", "Heading:\nOne?\nTwo?")
    copied = copy_of(own)
    assert texts(copied) == texts(own)
    assert not {each.key for each in questions_of(copied)} & {each.key for each in questions_of(own)}


@pytest.mark.parametrize("stages", [each(role) for each in (grow, helper) for role in Role])
def test_a_built_in_set_can_be_copied_and_read_back(stages: list[Stage]) -> None:
    copied = copy_of(stages)
    assert texts(read_lines("client", as_lines(copied))) == texts(copied)


def lines(count: int, of: str = "Question") -> str:
    return "\n".join(f"{of} {each}?" for each in range(count))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (lines(MOST_QUESTIONS + 1), "That's 14 questions"),
        ("One?\n" + "x" * (QUESTION_LIMIT + 1), "Line 2 is too long"),
        ("x" * HEADING_LIMIT + ":\nOne?", "Line 1 is too long"),
        ("Heading:", "no question below"),
        ("Heading:\nOther:\nOne?", "no question below"),
        (":\nOne?\n:", "no question below"),
        ("One?\nTwo?\n• One?", "stands here twice"),
        ("\n".join(f"Heading {each}:\nQuestion {each}?" for each in range(MOST_HEADINGS + 1)), "At most 6"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(text: str, said: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        read_lines("client", text)
    assert said in refused.value.fields["client"]


def test_the_longest_set_fits_into_a_text_field() -> None:
    rows = [f"{each:02}" + "x" * (QUESTION_LIMIT - 2) for each in range(MOST_QUESTIONS)]
    for each in range(MOST_HEADINGS):
        rows.insert(each * 3, f"{each}" + "y" * (HEADING_LIMIT - 2) + ":")
    stages = read_lines("client", "\n".join(rows))
    assert len(questions_of(stages)) == MOST_QUESTIONS
    assert len(as_lines(stages)) <= ROOM


LINES = st.lists(st.text(max_size=40), max_size=10).map("\n".join)


@given(LINES, LINES)
@example("1\n:\n0", "")  # a heading that says nothing is none
def test_whatever_is_accepted_is_read_back_and_kept_as_it_is(client: str, coach: str) -> None:
    try:
        own = OwnQuestions(read_lines("client", client), read_lines("coach", coach))
    except InvalidFields:
        return
    assert read_lines("client", as_lines(own.client), own.client) == own.client
    assert from_json(as_json(own)) == own


# --- how long an answer may be ----------------------------------------------------------------------


def test_the_more_is_asked_the_less_room_there_is_for_each_answer() -> None:
    for choice in (Choice(), Choice(Source.HELPER)):
        assert answer_limit(questions_of(stages_of(choice, Role.CLIENT))) == ANSWER_LIMIT
    longest = [Question(f"own.{each}", "?" * QUESTION_LIMIT) for each in range(MOST_QUESTIONS + 3)]
    assert 500 < answer_limit(longest) < ANSWER_LIMIT
    assert answer_limit([]) == ANSWER_LIMIT
