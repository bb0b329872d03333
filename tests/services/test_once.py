"""A form's key is good for one deed with one content: the second tap does nothing, anything else is told so."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import read, transaction
from portal.domain.booking import BookingState
from portal.domain.errors import Stale
from portal.domain.experience import Format
from portal.domain.matching.walk import Step
from portal.models import Booking, RequestKey
from portal.queries import slots as slots_queries
from portal.services import booking, matching, once
from tests.matching_cast import add_hill, both_yes, walk_row

KEY = "a form's own key"


def use(person_id: int, now: datetime, verb: str, *content: object) -> int | None:
    """Use a form; returns what the first use led to, or None when this is the first."""
    with transaction() as session:
        form = once.form(person_id, KEY, verb, *content)
        earlier = form.result()
        if earlier is None:
            form.remember(session, 7, now)
        return earlier


def test_the_same_form_again_gets_the_first_answer(inside: Flask, now: datetime) -> None:
    hill = add_hill(now)
    assert [use(hill.member, now, "hold", 1, "words") for _ in range(2)] == [None, 7]


@pytest.mark.parametrize(("verb", "content"), [("hold", (1, "other")), ("hold", (2, "words")), ("stop", (1, "words"))])
def test_the_same_key_with_anything_else_is_told_so(
    inside: Flask, now: datetime, verb: str, content: tuple[object, ...]
) -> None:
    hill = add_hill(now)
    use(hill.member, now, "hold", 1, "words")
    with pytest.raises(Stale, match="sent before"):
        use(hill.member, now, verb, *content)
    assert use(hill.coordinator, now, verb, *content) is None  # somebody else's key is another key


def test_a_form_without_a_key_is_new_each_time(inside: Flask, now: datetime) -> None:
    hill = add_hill(now)
    with transaction() as session:
        for _ in range(2):
            form = once.form(hill.member, "", "hold", 1)
            assert form.result() is None
            form.remember(session, 7, now)
    assert read().scalars(select(RequestKey)).all() == []


def test_what_was_sent_cannot_be_tried_out_from_a_copy_of_the_database(inside: Flask, now: datetime) -> None:
    hill = add_hill(now)
    use(hill.member, now, "reflect", 1, "keep_going", "")
    row = read().scalars(select(RequestKey)).one()
    assert KEY not in (row.key, row.content)
    assert row.content != once.form(hill.member, row.key, "reflect", 1, "keep_going", "").content


def test_another_time_under_the_key_of_a_move_moves_nothing_and_says_so(inside: Flask, now: datetime) -> None:
    hill = add_hill(now)
    walk_id = both_yes(hill, now)
    slots = slots_queries.open_times(hill.peers[0], hill.member, now)
    first, second, third = (slots[place].starts_at for place in (3, 5, 6))
    chat_id = booking.book(walk_id, hill.member, first, Format.PHONE, "", key=KEY, now=now)
    with pytest.raises(Stale, match="sent before"):  # the key of another deed
        booking.move(chat_id, hill.member, 0, second, key=KEY, now=now)
    moved = [booking.move(chat_id, hill.member, 0, second, key="moving", now=now) for _ in range(2)]
    with pytest.raises(Stale, match="sent before"):
        booking.move(chat_id, hill.member, 1, third, key="moving", now=now)
    read().rollback()
    chat = read().get_one(Booking, chat_id)
    assert (moved, chat.starts_at, chat.state) == ([chat_id] * 2, second, BookingState.BOOKED)


def test_an_answer_changed_on_an_old_page_is_not_lost_without_a_word(inside: Flask, now: datetime) -> None:
    hill = add_hill(now)
    walk_id = both_yes(hill, now)
    before = walk_row(walk_id).state
    with pytest.raises(Stale):
        matching.reflect(walk_id, hill.member, Step.KEEP_GOING, "", key=KEY, now=now)  # not yet: nothing is remembered
    assert walk_row(walk_id).state is before
    use(hill.member, now, "reflect", walk_id, str(Step.UNSURE), "")
    with pytest.raises(Stale, match="sent before"):
        matching.reflect(walk_id, hill.member, Step.KEEP_GOING, "", key=KEY, now=now)
