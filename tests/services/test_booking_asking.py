"""Questions about a time, on both databases: they hold it for both, one yes lets the others go, none waits too long."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.booking import BookingState
from portal.domain.errors import NoRoom, NotFound, Stale, TimeTaken
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.domain.notice import Kind, NoticeState
from portal.models import MemberProfile, PeerProfile, Person, TimeOff, Walk
from portal.queries.booking import asking as queries
from portal.queries.booking import chat_for
from portal.services import booking as services
from portal.services.matching.resting import rest
from tests.booking_cast import (
    HERE,
    TUESDAY_ELEVEN,
    TUESDAY_TEN,
    Pair,
    add_member,
    add_pair,
    add_peer,
    booking_row,
    hold_rows,
    letters_owed,
    steps_of,
    walk_state,
)
from tests.servers.smtp import Sink
from tests.services.outbox import add_walk, deliver_due, rows

HALF_HOUR = timedelta(minutes=30)
WEDNESDAY_TEN = TUESDAY_TEN + timedelta(days=1)
THURSDAY_TEN = TUESDAY_TEN + timedelta(days=2)
RELEASED, ASKED, BOOKED, LAPSED = (
    BookingState.RELEASED,
    BookingState.ASKED,
    BookingState.BOOKED,
    BookingState.LAPSED,
)


@pytest.fixture
def peer_id(inside: Flask, now: datetime) -> int:
    return add_peer(now, says_yes_first=True)


@pytest.fixture
def pair(peer_id: int, now: datetime) -> Pair:
    return add_pair(now, peer_id=peer_id)


def ask(pair: Pair, now: datetime, starts_at: datetime = TUESDAY_TEN, key: str = "") -> int:
    return services.ask(pair.walk_id, pair.member_id, starts_at, Format.COFFEE, "", key=key, now=now)


def yes(pair: Pair, booking_id: int, now: datetime) -> int:
    return services.say_yes(booking_id, pair.peer_id, key="", now=now)


def states(*booking_ids: int) -> list[BookingState]:
    return [booking_row(booking_id).state for booking_id in booking_ids]


def held(booking_id: int) -> set[bool]:
    return {hold.active for hold in hold_rows(booking_id)}


def test_only_the_peer_who_says_yes_first_is_told_that_the_chat_can_be_moved(
    pair: Pair, smtp: Sink, now: datetime
) -> None:
    yes(pair, ask(pair, now), now)
    deliver_due(now)
    texts = {letter.to[0]: letter.message.get_body(("plain",)).get_content() for letter in smtp.letters}  # type: ignore[union-attr]
    moves = {to: "you can move it or cancel it" in text for to, text in texts.items() if "is set" in text}
    assert moves == {"ana@example.org": False, "maya@example.org": True}


def test_a_question_holds_the_time_of_both_and_leaves_the_walk_where_it_is(pair: Pair, now: datetime) -> None:
    asked = booking_row(ask(pair, now))
    assert (asked.state, asked.answer_by) == (ASKED, TUESDAY_TEN - timedelta(hours=3))
    assert [(hold.person_id, hold.active) for hold in hold_rows(asked.id)] == [
        (pair.peer_id, True),
        (pair.member_id, True),
    ]
    assert walk_state(pair.walk_id) == State.BOTH_YES
    assert letters_owed(Kind.TIME_ASKED, Kind.INVITATION) == [(Kind.TIME_ASKED, pair.peer_id)]


def test_a_yes_books_it_takes_the_walks_step_and_invites_both(pair: Pair, now: datetime) -> None:
    booking_id = ask(pair, now)
    yes(pair, booking_id, now + timedelta(hours=1))
    booked = booking_row(booking_id)
    assert (booked.state, booked.answer_by, booked.booked_by) == (BOOKED, None, pair.member_id)
    assert (walk_state(pair.walk_id), steps_of(pair.walk_id)) == (State.FIRST_COFFEE, ["book"])
    assert letters_owed(Kind.INVITATION, Kind.TIME_ASKED) == [
        (Kind.INVITATION, pair.member_id),
        (Kind.INVITATION, pair.peer_id),
    ]


def test_of_several_times_any_would_do_and_the_others_are_free_again_without_a_letter(
    pair: Pair, now: datetime
) -> None:
    first, second, third = (ask(pair, now, at) for at in (TUESDAY_TEN, WEDNESDAY_TEN, THURSDAY_TEN))
    yes(pair, second, now)
    assert states(first, second, third) == [RELEASED, BOOKED, RELEASED]
    assert held(first) == held(third) == {False}
    assert letters_owed(Kind.TIME_RELEASED, Kind.TIME_ASKED) == []


def test_a_fourth_question_waits_for_one_of_the_three(pair: Pair, now: datetime) -> None:
    first = ask(pair, now)
    for at in (WEDNESDAY_TEN, THURSDAY_TEN):
        ask(pair, now, at)
    with pytest.raises(NoRoom, match="Three of your questions"):
        ask(pair, now, TUESDAY_ELEVEN)
    services.take_back(first, pair.member_id, key="", now=now)
    assert states(ask(pair, now, TUESDAY_ELEVEN)) == [ASKED]


def test_one_letter_tells_of_all_times_that_were_asked_for_before_it_left(pair: Pair, now: datetime) -> None:
    ask(pair, now)
    last = ask(pair, now, WEDNESDAY_TEN)
    due = [notice for notice in rows([Kind.TIME_ASKED]) if notice.state is NoticeState.DUE]
    assert [notice.booking_id for notice in due] == [last]


def test_the_letters_of_a_question_and_of_its_no_arrive(pair: Pair, smtp: Sink, now: datetime) -> None:
    booking_id = ask(pair, now)
    deliver_due(now)
    services.not_this_time(booking_id, pair.peer_id, key="", now=now)
    deliver_due(now)
    assert [letter.to for letter in smtp.letters] == [("maya@example.org",), ("ana@example.org",)]
    assert {notice.state for notice in rows([Kind.TIME_ASKED, Kind.TIME_RELEASED])} == {NoticeState.SENT}


def test_the_same_form_sent_twice_asks_once(pair: Pair, now: datetime) -> None:
    assert ask(pair, now, key="one tap") == ask(pair, now, key="one tap")
    assert queries.questions_waiting(pair.member_id, now) == 1


def test_a_time_that_is_asked_for_is_not_free_for_anybody_else(pair: Pair, now: datetime) -> None:
    ask(pair, now)
    other = add_pair(now, peer_id=pair.peer_id, name="Noor")
    with pytest.raises(TimeTaken):
        ask(other, now)


def test_not_this_time_frees_it_and_offers_the_member_what_is_near(pair: Pair, now: datetime) -> None:
    booking_id = ask(pair, now)
    services.not_this_time(booking_id, pair.peer_id, key="", now=now)
    row = booking_row(booking_id)
    assert (row.state, row.cancelled_by, held(booking_id)) == (RELEASED, pair.peer_id, {False})
    assert letters_owed(Kind.TIME_RELEASED, Kind.TIME_ASKED) == [(Kind.TIME_RELEASED, pair.member_id)]
    assert walk_state(pair.walk_id) == State.BOTH_YES
    with pytest.raises(Stale, match="answered already"):
        yes(pair, booking_id, now)


def test_none_of_these_lets_every_question_of_the_walk_go_in_one_letter(pair: Pair, now: datetime) -> None:
    first, second = ask(pair, now), ask(pair, now, WEDNESDAY_TEN)
    services.not_this_time(first, pair.peer_id, every=True, key="", now=now)
    assert states(first, second) == [RELEASED, RELEASED]
    assert letters_owed(Kind.TIME_RELEASED) == [(Kind.TIME_RELEASED, pair.member_id)]


def test_what_was_taken_back_is_told_to_whoever_answers_later(pair: Pair, now: datetime) -> None:
    booking_id = ask(pair, now)
    services.take_back(booking_id, pair.member_id, key="", now=now)
    assert (states(booking_id), held(booking_id)) == ([RELEASED], {False})
    assert letters_owed(Kind.TIME_ASKED, Kind.TIME_RELEASED) == []
    with pytest.raises(Stale, match="taken back"):
        yes(pair, booking_id, now)


def test_a_question_lapses_by_itself_and_a_yes_after_that_comes_too_late(pair: Pair, now: datetime) -> None:
    first, second = ask(pair, now), ask(pair, now, THURSDAY_TEN)
    too_late = booking_row(first).answer_by
    assert too_late is not None
    with pytest.raises(Stale, match="as long as it could"):
        yes(pair, first, too_late)
    assert services.lapse_asked(now=too_late - timedelta(minutes=1)) == 0
    assert services.lapse_asked(now=too_late) == 1
    assert (states(first, second), held(first)) == ([LAPSED, ASKED], {False})
    assert letters_owed(Kind.TIME_RELEASED) == [(Kind.TIME_RELEASED, pair.member_id)]
    with pytest.raises(Stale, match="as long as it could"):
        yes(pair, first, too_late)


@pytest.mark.parametrize(
    ("zone", "due"),  # it lapses at 12:00 UTC: in the day, at seven in the morning, at one in the night
    [
        ("Europe/Berlin", TUESDAY_TEN - timedelta(hours=3)),
        ("America/New_York", TUESDAY_TEN - timedelta(hours=1)),
        ("Pacific/Auckland", TUESDAY_TEN),
    ],
)
def test_what_lapses_at_night_is_told_after_the_quiet_hours_but_not_later_than_it_would_begin(
    pair: Pair, now: datetime, zone: str, due: datetime
) -> None:
    with transaction() as session:
        session.get_one(Person, pair.member_id).zone = zone
    ask(pair, now)
    services.lapse_asked(now=TUESDAY_TEN - timedelta(hours=3))
    assert [row.due_at for row in rows([Kind.TIME_RELEASED])] == [due]


def test_neither_a_question_nor_a_chat_says_in_a_trace_what_was_written(pair: Pair, now: datetime) -> None:
    booking_id = services.ask(
        pair.walk_id, pair.member_id, TUESDAY_TEN, Format.COFFEE, "Juniper Café", note="I am shy", key="", now=now
    )
    asked = repr(queries.asked_for(pair.peer_id, booking_id))
    yes(pair, booking_id, now)
    with transaction() as session:
        session.get_one(Person, pair.member_id).reach = "ana.calls"
    chat = repr(chat_for(pair.peer_id, booking_id))
    said = ("Juniper", "shy", "Ana", "ana.calls")
    assert [words for words in said if words in asked or words in chat] == []


def test_a_yes_does_not_ask_for_the_notice_again(inside: Flask, now: datetime) -> None:
    pair = add_pair(now, peer_id=add_peer(now, says_yes_first=True, notice_hours=24))
    booking_id = ask(pair, now)
    yes(pair, booking_id, now + timedelta(hours=10))
    assert states(booking_id) == [BOOKED]


def test_a_time_the_peer_has_closed_meanwhile_says_so_and_stays_open_to_an_answer(pair: Pair, now: datetime) -> None:
    booking_id = ask(pair, now)
    with transaction() as session:
        session.add(TimeOff(peer_id=pair.peer_id, starts_at=TUESDAY_TEN, ends_at=TUESDAY_ELEVEN))
    with pytest.raises(TimeTaken, match="taking time off") as refused:
        yes(pair, booking_id, now)
    assert TUESDAY_ELEVEN in refused.value.nearest
    assert (states(booking_id), held(booking_id)) == ([ASKED], {True})


def test_a_yes_lets_go_of_what_no_longer_fits_beside_it_and_keeps_what_does(pair: Pair, now: datetime) -> None:
    others = [add_pair(now, peer_id=pair.peer_id, name=name) for name in ("Noor", "Sam")]
    mine = ask(pair, now)
    same_day, other_day = ask(others[0], now, TUESDAY_ELEVEN), ask(others[1], now, WEDNESDAY_TEN)
    with transaction() as session:
        session.get_one(PeerProfile, pair.peer_id).cap_per_day = 1
    yes(pair, mine, now)
    assert states(mine, same_day, other_day) == [BOOKED, RELEASED, ASKED]
    assert (held(same_day), held(other_day)) == ({False}, {True})
    assert letters_owed(Kind.TIME_RELEASED) == [(Kind.TIME_RELEASED, others[0].member_id)]


def test_who_waited_longer_keeps_their_place_where_one_of_two_has_to_go(pair: Pair, now: datetime) -> None:
    first, second = (add_pair(now, peer_id=pair.peer_id, name=name) for name in ("Noor", "Sam"))
    longer = ask(first, now, WEDNESDAY_TEN)
    shorter = ask(second, now + timedelta(minutes=1), WEDNESDAY_TEN + timedelta(hours=1))
    mine = ask(pair, now + timedelta(minutes=2))
    with transaction() as session:
        session.get_one(PeerProfile, pair.peer_id).cap_per_day = 1
    yes(pair, mine, now + timedelta(minutes=3))
    assert states(longer, shorter) == [ASKED, RELEASED]


def test_the_peers_own_time_as_a_member_is_held_too(inside: Flask, now: datetime) -> None:
    """Maya is a peer to Ana and a member to Ben, who also says yes first; both questions are hers."""
    maya, ben = add_peer(now, "Maya", says_yes_first=True), add_peer(now, "Ben", says_yes_first=True)
    ana = add_pair(now, peer_id=maya)
    own = Pair(add_walk(maya, ben, State.BOTH_YES, now), maya, ben)
    with transaction() as session:
        session.add(MemberProfile(person_id=maya, about={"place": HERE}, updated_at=now))
    asked_of_maya = ask(ana, now)
    with pytest.raises(TimeTaken):
        ask(own, now)
    own_question = ask(own, now, TUESDAY_ELEVEN)
    yes(ana, asked_of_maya, now)
    assert states(asked_of_maya, own_question) == [BOOKED, ASKED]


def test_strangers_and_the_wrong_side_answer_nothing(pair: Pair, now: datetime) -> None:
    booking_id = ask(pair, now)
    stranger, other_peer = add_member(now, "Sam"), add_peer(now, "Cleo")
    for actor_id in (stranger, other_peer, pair.member_id):
        with pytest.raises(NotFound):
            services.say_yes(booking_id, actor_id, key="", now=now)
        with pytest.raises(NotFound):
            services.not_this_time(booking_id, actor_id, key="", now=now)
    with pytest.raises(NotFound):
        services.take_back(booking_id, pair.peer_id, key="", now=now)
    with pytest.raises(NotFound):
        services.ask(pair.walk_id, pair.peer_id, WEDNESDAY_TEN, Format.COFFEE, "", key="", now=now)


def test_who_is_asked_first_is_not_booked_past_the_question(pair: Pair, now: datetime) -> None:
    with pytest.raises(Stale):
        services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.COFFEE, "", key="", now=now)
    plain = add_pair(now, peer_id=add_peer(now, "Cleo"), name="Noor")
    with pytest.raises(Stale):
        ask(plain, now)


def test_a_walk_that_ends_lets_its_questions_go_without_a_word(pair: Pair, now: datetime) -> None:
    booking_id = ask(pair, now)
    with transaction() as session:
        services.end_chats(session, pair.walk_id, by=pair.member_id, now=now)
    assert (states(booking_id), held(booking_id)) == ([RELEASED], {False})
    assert letters_owed(Kind.TIME_ASKED, Kind.TIME_RELEASED) == []


def test_the_peer_books_past_their_own_rule_and_the_members_questions_of_a_first_chat_are_let_go(
    pair: Pair, now: datetime
) -> None:
    asked = ask(pair, now)
    services.book(pair.walk_id, pair.peer_id, WEDNESDAY_TEN, Format.COFFEE, "", key="", now=now)
    assert states(asked) == [RELEASED]
    assert walk_state(pair.walk_id) == State.FIRST_COFFEE


def test_letters_about_a_question_go_out_only_while_it_waits(pair: Pair, now: datetime) -> None:
    booking_id = ask(pair, now)
    deliver_due(now)
    second = ask(pair, now, WEDNESDAY_TEN)
    lapsed_at = booking_row(second).answer_by
    assert lapsed_at is not None
    deliver_due(lapsed_at)
    told = {notice.booking_id: notice.state for notice in rows([Kind.TIME_ASKED])}
    assert told == {booking_id: NoticeState.SENT, second: NoticeState.VOID}


def test_of_a_peer_they_have_left_nobody_is_offered_other_times(pair: Pair, now: datetime) -> None:
    services.not_this_time(ask(pair, now), pair.peer_id, key="", now=now)
    with transaction() as session:
        walk = session.get_one(Walk, pair.walk_id)
        walk.state, walk.open = State.CLOSED, False
    deliver_due(now)
    assert [row.state for row in rows([Kind.TIME_RELEASED])] == [NoticeState.VOID]


def test_what_two_who_rest_could_not_book_waits_no_more(peer_id: int, now: datetime) -> None:
    pair = add_pair(now, State.WALKING, peer_id=peer_id)
    booking_id = ask(pair, now)
    rest(pair.walk_id, pair.member_id, revision=None, key="", now=now)
    assert (states(booking_id), held(booking_id)) == ([RELEASED], {False})
    assert letters_owed(Kind.TIME_ASKED, Kind.TIME_RELEASED) == []
