"""The page two people keep, on both databases: each writes their own lines, both read both, nobody else does."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.db import read, transaction
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.matching.ending import LONGEST_KEEPSAKE, Taper
from portal.domain.matching.walk import Actor, State
from portal.models import Keepsake, Person
from portal.queries import matching as queries
from portal.services import matching
from portal.services.account import keep_apart
from tests.matching_cast import Hill, add_asker, add_hill, set_walk, walking


@pytest.fixture
def hill(inside: Flask, now: datetime) -> Hill:
    return add_hill(now)


@pytest.fixture
def ending(hill: Hill, now: datetime) -> int:
    """Ana brings it to its end."""
    return matching.end(walking(hill, now), hill.member, Taper.ONE_CHAT, revision=None, key="", now=now)


@pytest.fixture
def ended(hill: Hill, ending: int, now: datetime) -> int:
    return matching.farewell(ending, hill.member, revision=None, key="", now=now)


def write(walk_id: int, person_id: int, words: str, now: datetime, seen: datetime | None = None, key: str = "") -> int:
    return matching.write_keepsake(walk_id, person_id, words, seen=seen, key=key, now=now)


def kept(person_id: int, walk_id: int) -> queries.Kept:
    found = queries.keepsake_of(person_id, walk_id)
    assert found is not None
    return found


def test_each_writes_their_own_and_both_read_both(hill: Hill, ending: int, now: datetime) -> None:
    ben = hill.peers[0]
    assert write(ending, hill.member, " Thank you for the mornings. ", now, key="k") == ending
    assert write(ending, hill.member, " Thank you for the mornings. ", now, key="k") == ending
    write(ending, ben, "Every dog\nsays hello.", now)
    hers, his = kept(hill.member, ending), kept(ben, ending)
    assert (hers.role, hers.other_name, hers.over) == (Actor.MEMBER, "Ben Carter", False)
    assert (hers.own_words, hers.other_words) == ("Thank you for the mornings.", "Every dog\nsays hello.")
    assert (his.role, his.other_name) == (Actor.PEER, "Ana")
    assert (his.own_words, his.other_words) == ("Every dog\nsays hello.", "Thank you for the mornings.")


def test_it_may_be_changed_and_emptied_by_its_writer_also_after_the_end(hill: Hill, ended: int, now: datetime) -> None:
    write(ended, hill.member, "Thank you.", now)
    seen = kept(hill.member, ended).own_at
    later = now + timedelta(days=400)
    write(ended, hill.member, "", later, seen=seen)
    hers = kept(hill.member, ended)
    assert (hers.own_words, hers.own_at, hers.over) == ("", later, True)
    assert kept(hill.peers[0], ended).other_words == ""


def test_four_weeks_after_the_end_nothing_new_is_written(hill: Hill, ended: int, now: datetime) -> None:
    write(ended, hill.member, "Thank you.", now)
    weeks = timedelta(weeks=4)
    write(ended, hill.member, "Thank you both.", now + weeks - timedelta(seconds=1), seen=now)
    seen = kept(hill.member, ended).own_at
    with pytest.raises(Stale, match="stays as it is"):
        write(ended, hill.member, "And more.", now + weeks, seen=seen)
    assert kept(hill.peers[0], ended).other_words == "Thank you both."
    assert kept(hill.peers[0], ended).open_until == now + weeks


def test_the_words_of_somebody_suspended_are_not_shown_and_not_announced(hill: Hill, ended: int, now: datetime) -> None:
    write(ended, hill.peers[0], "Every dog.", now)
    with transaction() as session:
        session.get_one(Person, hill.peers[0]).suspended_at = now
    assert kept(hill.member, ended).other_words == ""
    assert [walk.has_words for walk in queries.walked_by(hill.member)] == [False]
    assert [walk.has_words for walk in queries.walked_by(hill.peers[0])] == [True]


def test_a_page_that_lay_open_does_not_overwrite_newer_lines(hill: Hill, ending: int, now: datetime) -> None:
    write(ending, hill.member, "First.", now)
    for old in (None, now - timedelta(seconds=1)):
        with pytest.raises(Stale):
            write(ending, hill.member, "Older.", now, seen=old)
    assert kept(hill.member, ending).own_words == "First."


def test_writing_takes_no_step_of_the_walk_so_neither_disturbs_the_other(
    hill: Hill, ending: int, now: datetime
) -> None:
    before = queries.walk_for(hill.peers[0], ending)
    write(ending, hill.member, "Thank you.", now)
    assert queries.walk_for(hill.peers[0], ending) == before


def test_it_is_written_down_sealed_at_most_so_long(hill: Hill, ending: int, now: datetime) -> None:
    write(ending, hill.member, "a" * LONGEST_KEEPSAKE, now)
    with pytest.raises(BadInput):
        write(ending, hill.peers[0], "a" * (LONGEST_KEEPSAKE + 1), now)
    stored = read().execute(text("select words from keepsake")).scalars().all()
    assert len(stored) == 1
    assert "aaaa" not in str(stored[0])


def test_strangers_learn_nothing_of_it(hill: Hill, ended: int, now: datetime) -> None:
    for stranger in (hill.peers[1], hill.coordinator, add_asker(now, "Eve")):
        assert queries.keepsake_of(stranger, ended) is None
        assert queries.walked_by(stranger) == ()
        with pytest.raises(NotFound):
            write(ended, stranger, "Hello", now)


@pytest.mark.parametrize("state", [State.WALKING, State.RESTING, State.SOMEONE_ELSE, State.CLOSED])
def test_it_belongs_to_an_ending_only(hill: Hill, ending: int, now: datetime, state: State) -> None:
    write(ending, hill.member, "Thank you.", now)
    set_walk(ending, state=state, open=state in (State.WALKING, State.RESTING))
    assert [queries.keepsake_of(person_id, ending) for person_id in (hill.member, hill.peers[0])] == [None, None]
    with pytest.raises(Stale):
        write(ending, hill.member, "More.", now, seen=now)


def test_one_who_parted_is_not_told_of_it_either(hill: Hill, ending: int, now: datetime) -> None:
    matching.someone_else(ending, hill.member, revision=None, key="", now=now)
    with pytest.raises(NotFound):
        write(ending, hill.peers[0], "Why?", now)


def test_what_was_written_waits_while_they_walk_on_and_is_there_at_the_next_ending(
    hill: Hill, ending: int, now: datetime
) -> None:
    write(ending, hill.member, "Thank you.", now)
    matching.walk_on(ending, hill.member, revision=None, key="", now=now)
    assert queries.keepsake_of(hill.member, ending) is None
    matching.end(ending, hill.peers[0], Taper.SLOWLY, revision=None, key="", now=now)
    assert kept(hill.member, ending).own_words == "Thank you."


def test_whoever_keeps_the_other_apart_gets_no_more_words_and_the_other_sees_no_difference(
    hill: Hill, ended: int, now: datetime
) -> None:
    ben = hill.peers[0]
    with transaction() as session:
        session.get_one(Person, ben).email = "ben@example.org"
    write(ended, hill.member, "Thank you.", now)
    write(ended, ben, "Come back.", now)
    keep_apart(hill.member, "ben@example.org", now=now)
    assert (kept(hill.member, ended).other_words, kept(hill.member, ended).own_words) == ("", "Thank you.")
    assert (kept(ben, ended).other_words, kept(ben, ended).own_words) == ("Thank you.", "Come back.")
    write(ended, ben, "Please.", now, seen=now)
    assert kept(hill.member, ended).other_words == ""


def test_the_walks_somebody_has_walked_are_there_for_each_of_the_two(hill: Hill, ending: int, now: datetime) -> None:
    ben, later = hill.peers[0], now + timedelta(days=30)
    assert queries.walked_by(hill.member) == ()
    matching.farewell(ending, ben, revision=None, key="", now=later)
    assert queries.walked_by(hill.member) == (queries.Walked(ending, "Ben Carter", now, later, has_words=False),)
    write(ending, ben, "Every dog.", later)
    assert queries.walked_by(hill.member) == (queries.Walked(ending, "Ben Carter", now, later, has_words=True),)
    assert queries.walked_by(ben) == (queries.Walked(ending, "Ana", now, later, has_words=True),)
    assert len(list(read().scalars(select(Keepsake)))) == 1


def test_after_the_end_both_still_find_the_walk_and_neither_how_to_reach_the_other(hill: Hill, ended: int) -> None:
    for person_id in (hill.member, hill.peers[0]):
        view = queries.walk_for(person_id, ended)
        assert view is not None
        assert (view.state, view.open, view.steps, view.other_id) == (State.ENDED, False, (), None)
        assert queries.revealed(ended, person_id) is None
    assert queries.walks_of_peer(hill.peers[0]) == ()
