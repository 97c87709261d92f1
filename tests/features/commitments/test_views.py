from dataclasses import replace
from datetime import date, datetime, time

import pytest

from bot.core.database import Transaction
from bot.core.dates import When, read_when
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.features.commitments import views
from bot.features.commitments.domain import DateUnclear, NeedsWords
from bot.features.commitments.message_text import of_command, of_message
from tests.builders import TERMS, a_person, an_engagement


def filled(**texts: str) -> Form:
    return Form({name: {"x": {"value": text}} for name, text in texts.items()})


@pytest.mark.parametrize("locale", ["en-US", "en-GB", "de-DE", "fr-FR", "ja-JP", "xx-XX"])
@pytest.mark.parametrize("at", [None, time(9), time(15, 30)])
def test_a_date_put_into_the_field_can_be_read_back(
    db: Transaction, now: datetime, locale: str, at: time | None
) -> None:
    person = a_person(db, now, locale=locale)
    for on in (date(2026, 11, 26), date(2026, 12, 4), date(2027, 2, 3)):
        text = views.by_text(on, at, person, now)
        assert read_when(text, now=now, zone=person.zone, locale=locale) == When(on, at)


def test_an_optional_form_left_empty_is_no_commitment(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    read = {"now": now, "person": client.actor, "place": client}
    assert views.read_draft(filled(what="  "), **read) is None  # type: ignore[arg-type]
    with pytest.raises(NeedsWords):
        views.read_draft(filled(by="Friday"), **read)  # type: ignore[arg-type]
    with pytest.raises(DateUnclear):
        views.read_draft(filled(what="Call"), **read)  # type: ignore[arg-type]


def test_it_starts_shared_only_if_the_agreement_says_so(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    wary = replace(TERMS, shares=frozenset())
    _coach, private = an_engagement(db, now, client=client.actor, terms=wary)
    ticked = {
        "shared": [client],
        "not shared": [private],
        "one of each": [client, private],
    }
    for name, among in ticked.items():
        blocks = views.draft_fields(place=among[0], person=client.actor, among=among)
        shared = next(block for block in blocks if block.block_id == "shared").to_dict()
        assert ("initial_options" in shared["element"]) == (name == "shared")


def test_the_fields_say_with_whom_words_are_shared(db: Transaction, now: datetime) -> None:
    coach, client = an_engagement(db, now)
    text = str([each.to_dict() for each in views.draft_fields(place=client, person=client.actor)])
    assert "Let Dana see this" in text
    assert "Without the tick, only you see it." in text
    text = str([each.to_dict() for each in views.draft_fields(place=coach, person=coach.actor)])
    assert f"always visible to your client: {client.actor.mention}" in text


def test_several_clients_are_not_told_of_as_if_all_would_see_it(db: Transaction, now: datetime) -> None:
    coach, client = an_engagement(db, now)
    other, _client = an_engagement(db, now, coach.actor)
    blocks = views.draft_fields(place=coach, person=coach.actor, among=[coach, other])
    text = str([each.to_dict() for each in blocks])
    assert "always visible to the client you choose" in text
    assert client.actor.mention not in text


def test_every_field_is_what_slack_takes(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    fields = views.draft_fields(place=client, person=client.actor, what="x" * 5000, optional=True)
    view = b.modal("t", "t", fields, submit="ok").to_dict()
    assert all(block.get("optional") for block in view["blocks"] if block["type"] == "input")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<https://example.org|the paper> for <#C1|general>", "the paper for #general"),
        ("<https://example.org> <mailto:a@b.c|a@b.c>", "https://example.org a@b.c"),
        ("<!here> <!subteam^S1|@leads> a &lt; b", "@here @leads a < b"),
        ("one\n\n  two", "one two"),
        ("", ""),
    ],
)
def test_the_text_of_a_message_is_read_as_people_see_it(text: str, read: str) -> None:
    assert of_message(text) == read


def test_behind_a_command_only_mentions_and_links_are_marked() -> None:
    text = "ask <R&D> &amp; <@U1|dana> about <https://example.org|this> <b>"
    assert of_command(text) == "ask <R&D> &amp; @dana about this <b>"
