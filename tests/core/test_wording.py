"""The next message of a kind to the same person is worded otherwise."""

import itertools
from datetime import timedelta

from bot.core.outbox.templates import Letter, opened, varied
from tests.conftest import NOW
from tests.core.conftest import ANSWER, PostOffice


def a_letter(wording: int) -> Letter:
    return Letter("1", "k", "t", {}, NOW, NOW, None, None, wording)


def test_the_variants_take_turns_however_many_there_are() -> None:
    for variants in (["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]):
        said = [varied(a_letter(wording % 12), *variants) for wording in range(30)]
        assert all(one != other for one, other in itertools.pairwise(said))


def test_the_first_comes_straight_to_the_point() -> None:
    assert opened(a_letter(0), "It is due.", "Hello.") == "It is due."
    assert opened(a_letter(1), "It is due.", "Hello.") == "Hello. It is due."


async def test_each_person_and_kind_has_turns_of_its_own(post: PostOffice) -> None:
    ben, dana = post.person("Ben"), post.person("Dana")
    for key, person in (("a", ben), ("b", dana), ("c", ben)):
        post.plan(person, key)
        post.clock.move(hours=1)
    post.plan(ben, "d", template=ANSWER)
    assert [post.row(key).wording for key in "abcd"] == [0, 0, 1, 0]


async def test_what_was_taken_back_is_not_counted(post: PostOffice) -> None:
    ben = post.person()
    for key in "abc":
        post.plan(ben, key)
        if key == "b":
            post.close("b", "cancelled")
        post.clock.move(hours=1)
    assert [post.row(key).wording for key in "abc"] == [0, 1, 1]


async def test_it_stays_when_the_message_is_shown_anew_and_changes_with_later(post: PostOffice) -> None:
    ben = post.person()
    post.plan(ben)
    await post.courier.deliver()
    post.later("a", timedelta(hours=1))
    assert (post.row("a").wording, post.row("a:later:1").wording) == (0, 1)
