from dataclasses import replace
from datetime import date, datetime

import pytest
from slack_sdk.models.views import View

from bot.core.database import Transaction
from bot.core.i18n import in_locale
from bot.core.slack.forms import Form
from bot.features.goals import list_views, modal_views, reading_views, service, views
from bot.features.goals.domain import FocusArea, GoalState, Measure, Scale, Wording
from bot.features.goals.reading import Aims, Entry, OfClient, Overview, Part, Review, Suggested
from bot.features.strengths.domain import Strength
from tests.builders import an_engagement

LONG = "x" * 3000
FULL = Wording(LONG[:200], LONG[:800], LONG[:800], FocusArea.TEAM, date(2027, 3, 1))


@pytest.fixture
def entry(db: Transaction, now: datetime) -> Entry:
    """As full as can be, seen by its owner."""
    _coach, client = an_engagement(db, now)
    goal = service.make(db, client.actor, client.engagement_id, FULL, True, now).goal
    levels = {level: LONG[:200] for level in range(-2, 3)}
    service.measure(db, client.actor, goal.id, Measure(Scale.LEVELS, levels, -2, 0, 3), now)
    rated = service.rate(db, client.actor, goal.id, 1, now)
    learned = replace(rated.goal, learned=LONG[:800])
    return replace(
        rated, goal=learned, ratings=[*rated.ratings] * 120, earlier_targets=[date(2027, 1, 1)] * 90
    )


def blocks_of(view: View) -> list[object]:
    """Raises if Slack's models refuse it."""
    return list(view.to_dict()["blocks"])


def test_however_much_there_is_a_list_fits(entry: Entry, now: datetime) -> None:
    assert entry.membership is not None
    many = [entry] * 50
    clients = [OfClient(entry.membership, 3, 1)] * 50
    suggested = [Suggested("s", entry.membership)] * 50
    shown = list_views.overview(Overview(many, many, suggested, clients), entry.reader, now)
    assert len(blocks_of(shown)) <= 100
    assert "And 35 more." in str(shown.to_dict())
    assert "And 15 more clients." in str(shown.to_dict())


def test_however_much_there_is_looking_back_fits(entry: Entry, now: datetime) -> None:
    shown = reading_views.review(Review([entry] * 24, 9, 56.4, entry.reader, [entry] * 6), now)
    assert len(blocks_of(shown)) <= 100
    assert "And 9 more." in str(shown.to_dict())
    assert "*Taken together: 56, where 50 is just as expected.*" in str(shown.to_dict())


def test_how_a_goal_stands_is_no_button_s_word_in_german_either() -> None:
    with in_locale("de-DE"):
        assert views.say_state(GoalState.OPEN) == "Noch offen"


def test_every_form_is_what_slack_takes(entry: Entry, now: datetime) -> None:
    assert entry.membership is not None
    found, strengths = [entry.membership], [Strength(str(n), "", LONG[:75], frozenset()) for n in range(20)]
    for view in (
        modal_views.make(found, strengths, title=LONG, has_clients=True),
        modal_views.suggest(found, title=LONG),
        modal_views.take_up(entry, strengths),
        modal_views.edit(entry, strengths),
        *(modal_views.measure(entry, scale, is_new=True) for scale in Scale),
        modal_views.rate(entry, entry.reader, now),
        modal_views.close(entry, now),
        modal_views.bring(entry, found),
        reading_views.read(entry, now, can_bring=True, said="Saved."),
    ):
        assert blocks_of(view)


def test_beside_a_preparation_it_takes_four_blocks(entry: Entry) -> None:
    aims = Aims(Part([entry] * 8, 2), [Strength("s", entry.goal.owner_id, "Calm", frozenset())])
    for is_client in (True, False):
        blocks = reading_views.beside_preparation(aims, 500, is_client=is_client)
        assert len(blocks) == 4
        assert "And 2 more." in str([block.to_dict() for block in blocks])
    assert reading_views.beside_preparation(Aims(), 500, is_client=True) == []


def test_a_rating_is_told_apart_from_none(entry: Entry) -> None:
    field = views.rating_field("r", entry, "2026-W48").to_dict()
    assert [each["value"] for each in field["element"]["options"]] == ["none", "2", "1", "0", "-1", "-2"]
    for chosen, read in (("-2", -2), ("0", 0), ("none", None), ("--1", None), ("²", None), ("", None)):
        form = Form({"r": {"x": {"selected_option": {"value": chosen}}}})
        assert views.read_rating(form, "r") == read


def test_a_person_s_words_are_shown_as_plain_text_only(entry: Entry, now: datetime) -> None:
    marked = replace(entry.goal, wording=replace(FULL, aim="<!here> *bold*", why="<@U1>", objective="_x_"))
    shown = [
        *reading_views.read(replace(entry, goal=marked), now).blocks,
        *list_views.home([replace(entry, goal=marked)], [], entry.reader, now, has_clients=False),
    ]
    marked_up = [each for each in map(str, (block.to_dict() for block in shown)) if "mrkdwn" in each]
    assert not [each for each in marked_up if "<!here>" in each or "<@U1>" in each or "_x_" in each]


def test_closing_has_a_word_for_each_end(entry: Entry) -> None:
    said = {modal_views.closed(each) for each in (GoalState.REACHED, GoalState.PARTLY, GoalState.LET_GO)}
    assert len(said) == 3
