"""A person's words enter a view by the functions that show them as typed, and by no other: a new view cannot forget it."""

import ast
from collections.abc import Iterator

import pytest

from bot import schema
from bot.core.database import Sealed
from tests.test_architecture import BOT, FEATURE_SOURCES, SOURCES, called, named

WORDS = {
    column.name
    for table in schema.METADATA.sorted_tables
    for column in table.columns
    if isinstance(column.type, Sealed)
} | {"name", "words", "question"}
"""The names of what is sealed, and of what else people choose for themselves, as the domain calls them too."""
OURS = {
    "section",
    "context",
    "header",
    "button",
    "confirmation",
    "notice_view",
    "Answer",
    "Message",
    "format",
}
"""Functions that take sentences of our own."""
AS_TYPED = {
    "words",
    "words_header",
    "quiet_words",
    "inline",
    "field",
    "text_input",
    "number_input",
    "option",
    "outcome_label",
    "say_area",
    "say_number",
    "say_short",
}
"""Functions that may be given words: what they show is plain text, or a field to edit."""


def outside(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all below it, but not what stands in a call that may be given words."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.Call) and called(child) in AS_TYPED):
            yield from outside(child)


def given(node: ast.AST) -> list[ast.AST]:
    """What a call of ours, or an f-string, is made from."""
    if isinstance(node, ast.Call) and called(node) in OURS:
        return [*node.args, *(each.value for each in node.keywords)]
    if isinstance(node, ast.Call) and called(node) == "modal":
        return list(node.args[1:2])  # the title; the blocks are looked at by themselves
    if isinstance(node, ast.JoinedStr):
        return [each.value for each in node.values if isinstance(each, ast.FormattedValue)]
    return []


def loose(tree: ast.AST) -> list[int]:
    """The lines in which words are put where they would be read as ours."""
    parts = [part for node in outside(tree) for part in given(node)]
    parts = [part for part in parts if not (isinstance(part, ast.Call) and called(part) in AS_TYPED)]
    return [
        below.lineno
        for part in parts
        for below in outside(part)
        if isinstance(below, ast.Attribute) and below.attr in WORDS
    ]


DRAWING = [
    path
    for path in FEATURE_SOURCES
    if "views" in path.name or path.name in ("messages.py", "handlers.py", "telling.py")
]


def test_words_and_names_stand_in_no_sentence_of_ours() -> None:
    assert len(DRAWING) > 20
    assert [f"{named(path)}:{line}" for path in DRAWING for line in loose(ast.parse(path.read_text()))] == []


@pytest.mark.parametrize(
    "line",
    [
        "b.section(commitment.what)",
        "b.section(f'*{found.purpose}*')",
        "b.context(_('{what} is due').format(what=each.what))",
        "Answer(notice=_('Saved: {what}').format(what=each.what))",
        "text = _('With {name}').format(name=other.name)",
        "b.button(each.what, 'x.y')",
    ],
)
def test_the_wall_notices_words_in_a_sentence_of_ours(line: str) -> None:
    assert loose(ast.parse(line))


@pytest.mark.parametrize(
    "line",
    [
        "b.words(commitment.what)",
        "b.words(f'{b.inline(each.what)} – {due}')",
        "b.section(text, b.option(each.what, 'x'))",
    ],
)
def test_the_wall_lets_words_through_where_they_are_shown_as_typed(line: str) -> None:
    assert not loose(ast.parse(line))


def test_text_objects_are_made_in_one_place() -> None:
    """And the outbox, of sentences that hold no words."""
    makers = {
        named(path)
        for path in SOURCES
        if not path.is_relative_to(BOT / "sandbox") and "MarkdownTextObject(" in path.read_text()
    }
    assert makers == {"bot/core/slack/blocks.py", "bot/core/outbox/drawing.py"}


def test_no_field_takes_more_than_one_block_can_show() -> None:
    from bot.core.slack.blocks import INPUT_LIMIT

    limits = {
        f"{named(path)}: {target.id}": node.value.value
        for path in FEATURE_SOURCES
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
        and target.id in ("ANSWER_LIMIT", "FIELD_LIMIT", "TEXT_LIMIT", "WHAT_LIMIT")
    }
    assert len(limits) > 4
    assert {name: limit for name, limit in limits.items() if limit > INPUT_LIMIT} == {}
