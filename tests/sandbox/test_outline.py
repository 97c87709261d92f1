from typing import Any

from bot.sandbox import Message, View, outline
from bot.sandbox.outline import NO_BREAK, entered, label_of
from tests.sandbox.samples import (
    Json,
    actions,
    an_input,
    button,
    image,
    mrkdwn,
    option,
    options,
    plain,
    section,
    select,
)

TICKS = {"type": "checkboxes", "action_id": "ticks", "options": options(2), "initial_options": [option(0)]}


def view(*blocks: Json, **more: Any) -> View:
    named = [{"block_id": f"block-{n}", **block} for n, block in enumerate(blocks)]
    frame = {"type": "modal", "title": plain("Form"), "submit": plain("Save"), "close": plain("Close")}
    return View.made("V1", "U0BEN", {**frame, "blocks": named, **more})


def message(*blocks: Json) -> Message:
    return Message("D1", "1.0", "U0BOT", "In short", by_app=True, blocks=list(blocks) or None)


def lines(shown: View | Message) -> list[str]:
    return [each.text.replace(NO_BREAK, " ") for each in outline(shown)]


def test_a_field_is_its_label_and_what_it_holds() -> None:
    blank, typed = an_input(), an_input({"type": "plain_text_input", "action_id": "a", "initial_value": "Me"})
    day = an_input({"type": "datepicker", "action_id": "day", "initial_date": "2026-12-01"})
    no_day = an_input({"type": "datepicker", "action_id": "none"})
    shown = lines(view(blank, typed, day, no_day))
    assert shown == ["Label  ______", "Label  “Me”", "Label  2026-12-01", "Label  ______", "[Save]  [Close]"]


def test_a_picture_is_what_is_read_out_for_it() -> None:
    picture = image(alt_text="At the start: 3")
    assert lines(message(picture)) == ["▣ At the start: 3"]


def test_a_choice_is_shown_among_what_is_offered() -> None:
    one, many = an_input(select(initial_option=option(1))), an_input(select(options=options(9)))
    ticks = an_input(TICKS)
    shown = lines(view(one, many, ticks))[:-1]
    assert shown == ["Label  ○ Option 0  ◉ Option 1", "Label  ______ ▾", "Label  ☑ Option 0  ☐ Option 1"]


def test_headers_stand_apart_and_buttons_behind_what_they_belong_to() -> None:
    shown = lines(message(section(button()), {"type": "header", "text": plain("Goal")}, actions(button())))
    assert shown == ["Hello  [Go]", "", "▸ Goal", "[Go]"]


def test_markup_is_taken_away_from_our_sentences_and_left_in_what_people_wrote() -> None:
    ours = {"type": "section", "text": mrkdwn("*Goal*\nNow: *today* &amp; _kept_, 2*3*4, a_b_c")}
    theirs = {"type": "section", "text": plain("*Mine* &amp; _so_")}
    assert "\n".join(lines(message(ours, theirs))).splitlines() == [
        "▸ Goal",
        "Now: today & kept, 2*3*4, a_b_c",
        "*Mine* &amp; _so_",
    ]


def test_hints_and_the_last_quiet_line_of_a_message_are_small_print() -> None:
    quiet = {"type": "context", "elements": [mrkdwn("Fewer of these")]}
    assert [each.is_small_print for each in outline(message(quiet, section(), quiet))] == [False, False, True]
    hinted = outline(view(an_input(hint=plain("Such as Friday")), quiet))
    assert [each.is_small_print for each in hinted] == [False, True, False, False]


def test_a_message_without_blocks_is_its_text() -> None:
    assert lines(message()) == ["In short"]


def test_what_is_entered_is_told_by_label_and_by_the_texts_of_options() -> None:
    form = view(an_input(), an_input(select()), an_input(TICKS))
    assert list(entered(form, "typed", "Me")) == [("fills in", "Label → “Me”")]
    assert list(entered(form, "choose", "v1")) == [("chooses", "Label → Option 1")]
    assert list(entered(form, "ticks", ["v1"])) == [("unticks", "Option 0"), ("ticks", "Option 1")]
    assert label_of(form, "typed") == "Label"


def test_what_stands_there_already_is_not_entered() -> None:
    form = view(an_input(select(initial_option=option(1))), an_input(TICKS))
    assert [*entered(form, "choose", "v1"), *entered(form, "ticks", ["v0"])] == []
