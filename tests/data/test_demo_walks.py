"""The invented walks: every state is there, every match is one the rules would make, every chat lies in open hours."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.data import catalogue, community
from portal.data.cast import Chat, Person, Walk
from portal.domain.account import PeerState
from portal.domain.experience import IN_PERSON, DayPart, Format
from portal.domain.matching import filters
from portal.domain.matching.capacity import UNITS, phase
from portal.domain.matching.values import Member, MemberTopic, Peer, PeerTopic, Place, Wish
from portal.domain.matching.walk import TOGETHER, State, Step
from portal.domain.slots import Busy, BusyKind, Hours, Policy, Window, open_slots, why_closed

PEOPLE, WALKS = community().people, community().walks
TOPICS = {topic.slug: topic for topic in catalogue().topics}
NUMBER = {key: number for number, key in enumerate(PEOPLE, start=1)}
# In one order, for all processes that share the tests out among themselves.
PAIRS = [
    (walk.member, key) for walk in WALKS for key in sorted({*walk.shortlist, *walk.chosen, *filter(None, [walk.peer])})
]
HOLDS_ROOM = TOGETHER | {State.INVITED}
WITH_A_PEER = HOLDS_ROOM | {State.ENDED}
WALKED = {State.WALKING, State.RESTING, State.ENDING, State.ENDED}
BEFORE_INVITED = {State.ASKED, State.SHORTLISTED, State.OFFERING, State.CHOSEN, State.HELD}
# Every weekday, near both changes of the clocks and far from them, at hours where the zones' dates differ.
NOWS = [
    datetime(2026, month, day, hour, 20, tzinfo=UTC) + timedelta(days=shift)
    for month, day in ((1, 12), (3, 5), (3, 26), (10, 22))
    for shift in range(7)
    for hour in (5, 22)
]
PARTS = {"morning": (6, 12), "afternoon": (12, 17), "evening": (17, 22), "night": (22, 30)}


def _member(key: str) -> Member:
    told = PEOPLE[key].member
    assert told is not None
    return Member(
        id=NUMBER[key],
        topics=tuple(
            MemberTopic(topic.slug, TOPICS[topic.slug].group, topic.rank, topic.stage, TOPICS[topic.slug].ahead_only)
            for topic in told.topics
        ),
        wishes=tuple(Wish(wish.kind, wish.strength, wish.value) for wish in told.wishes),
        styles=frozenset(told.styles),
        formats=frozenset(told.formats),
        languages=frozenset(told.languages),
        place=Place(told.town.lat, told.town.lon) if told.town else None,
        radius_km=told.radius_km,
    )


def _peer(key: str) -> Peer:
    told = PEOPLE[key].peer
    assert told is not None
    return Peer(
        id=NUMBER[key],
        topics=tuple(PeerTopic(t.slug, TOPICS[t.slug].group, t.stage, t.readiness) for t in told.topics),
        traits={trait.kind: trait.value for trait in told.traits},
        formats=frozenset(told.formats),
        languages=frozenset(told.languages),
        place=Place(told.town.lat, told.town.lon) if told.town else None,
        radius_km=told.radius_km,
        approved=told.state is PeerState.APPROVED,
        agreed=told.state is PeerState.APPROVED,
        resting=told.resting,
        readiness_confirmed_at=NOWS[0],
        capacity_units=2 * told.capacity_units,
        units_used=_used(key),
    )


def _used(peer: str) -> int:
    held = [walk for walk in WALKS if walk.peer == peer and walk.state in HOLDS_ROOM]
    return sum(
        UNITS[phase(NOWS[0] - timedelta(days=walk.asked_days_ago), NOWS[0], tapering=walk.state is State.ENDING)]
        for walk in held
    )


def _hours(person: Person) -> Hours:
    assert person.peer is not None
    weekly: dict[int, tuple[Window, ...]] = defaultdict(tuple)
    for hours in person.peer.hours:
        weekly[hours.weekday] += (Window(hours.start, hours.end),)
    return Hours(person.zone, dict(weekly), {})


def _policy(person: Person) -> Policy:
    told = person.peer
    assert told is not None
    return Policy(
        length_minutes=int(told.length),
        rest_before_minutes=told.rest_minutes,
        rest_after_minutes=told.rest_minutes,
        notice_minutes=60 * told.notice_hours,
        horizon_days=told.horizon_days,
    )


def _away(person: Person, now: datetime) -> list[Busy]:
    assert person.peer is not None
    zone = ZoneInfo(person.zone)
    today = now.astimezone(zone).date()

    def midnight(days: int) -> datetime:
        return datetime.combine(today + timedelta(days=days), time(), zone).astimezone(UTC)

    return [Busy(midnight(off.from_days), midnight(off.to_days + 1), BusyKind.TIME_OFF) for off in person.peer.time_off]


def _chats() -> list[tuple[Walk, Person, Chat]]:
    return [(walk, PEOPLE[walk.peer], walk.chat) for walk in WALKS if walk.peer and walk.chat]


def _is_free(person: Person, instant: datetime) -> bool:
    assert person.member is not None
    here = instant.astimezone(ZoneInfo(person.zone))
    for part in person.member.times:
        week, name = part.value.split("_")
        start, end = PARTS[name]
        hour, day = (here.hour + 24, here - timedelta(days=1)) if here.hour < 6 else (here.hour, here)
        if start <= hour < end and (day.weekday() >= 5) == (week == "weekend"):
            return True
    return False


def test_every_member_has_one_walk_and_every_state_is_there() -> None:
    members = [person.key for person in PEOPLE.values() if person.member]
    assert sorted(walk.member for walk in WALKS) == sorted(members)
    assert Counter(walk.state for walk in WALKS) == {
        State.ASKED: 14,
        State.SHORTLISTED: 6,
        State.OFFERING: 1,
        State.CHOSEN: 7,
        State.HELD: 3,
        State.INVITED: 7,
        State.BOTH_YES: 5,
        State.FIRST_COFFEE: 8,
        State.REFLECTION: 4,
        State.WALKING: 2,
        State.RESTING: 1,
        State.ENDING: 1,
        State.ENDED: 1,
    }


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.member)
def test_a_walk_tells_what_its_state_needs_and_no_more(walk: Walk) -> None:
    chose = walk.state not in (State.ASKED, State.SHORTLISTED, State.OFFERING)
    assert bool(walk.offered) == (walk.state is State.OFFERING)
    assert set(walk.offered) - set(walk.shortlist) == set()
    has_chat = walk.state in WALKED | {State.FIRST_COFFEE, State.REFLECTION}
    assert bool(walk.shortlist) == (walk.state is not State.ASKED)
    assert len(walk.shortlist) <= 3
    assert (bool(walk.chosen) != walk.choose_with_me) == chose
    assert set(walk.chosen) - set(walk.shortlist) == set()
    assert bool(walk.hold_reason) == (walk.state is State.HELD)
    assert (walk.peer is not None, walk.invited_hours_ago is not None) == (walk.state in WITH_A_PEER,) * 2
    assert (walk.chat is not None) == has_chat
    assert (walk.reflections is not None) == (walk.state in WALKED | {State.REFLECTION})
    assert (walk.ends_in_days is not None) == (walk.state is State.ENDING)
    assert (walk.keepsakes is not None) == (walk.state in (State.ENDING, State.ENDED))


@pytest.mark.parametrize(("member", "peer"), PAIRS, ids=lambda key: key)
def test_every_suggested_pair_passes_the_hard_filters(member: str, peer: str) -> None:
    asking, offering = _member(member), _peer(peer)
    answers = [
        filters.active(offering, NOWS[0]),
        filters.language(asking, offering),
        filters.shared_format(asking, offering),
        filters.limits(asking, offering),
        filters.topic(asking, offering),
    ]
    assert [answer.filter for answer in answers if not answer.passed] == []


@pytest.mark.parametrize("walk", [walk for walk in WALKS if walk.chat], ids=lambda walk: walk.member)
def test_every_chat_is_in_a_way_the_two_can_meet(walk: Walk) -> None:
    assert walk.chat is not None
    assert walk.peer is not None
    assert walk.chat.format in filters.usable_formats(_member(walk.member), _peer(walk.peer))


@pytest.mark.parametrize(("member", "peer"), PAIRS, ids=lambda key: key)
def test_every_suggested_pair_is_free_at_the_same_times(member: str, peer: str) -> None:
    person, now = PEOPLE[peer], NOWS[0]
    today = now.astimezone(ZoneInfo(person.zone)).date()
    slots = open_slots(_hours(person), _policy(person), _away(person, now), today, today + timedelta(days=14), now)
    assert sum(_is_free(PEOPLE[member], slot.starts_at) for slot in slots) >= 2


@pytest.mark.parametrize("peer", sorted({key for _, key in PAIRS}))
def test_no_peer_is_asked_for_more_than_they_have_room_for(peer: str) -> None:
    assert _peer(peer).units_used <= _peer(peer).capacity_units


@pytest.mark.parametrize("peer", sorted({key for walk in WALKS if walk.peer is None for key in walk.shortlist}))
def test_a_peer_who_is_offered_has_room_for_one_more(peer: str) -> None:
    assert filters.capacity(_peer(peer)).passed


def test_an_invitation_is_younger_than_the_asking_and_waits_at_most_two_days() -> None:
    dated = [(walk, walk.invited_hours_ago) for walk in WALKS if walk.invited_hours_ago is not None]
    assert [walk.member for walk, hours in dated if hours >= 24 * walk.asked_days_ago] == []
    assert [walk.member for walk, hours in dated if walk.state is State.INVITED and hours >= 48] == []


def test_nobody_waits_over_fourteen_days_and_some_wait_for_each_part_of_a_week() -> None:
    days = {walk.asked_days_ago for walk in WALKS if walk.state in BEFORE_INVITED}
    assert max(days) <= 14
    assert {0, 1, 2, 3, 4, 5, 6, 7} - days == set()


@pytest.mark.parametrize("now", NOWS, ids=lambda now: f"{now:%a %d %b %H}")
def test_every_coming_chat_is_at_a_time_its_peer_offers(now: datetime) -> None:
    coming = [(walk, peer, chat.starts_at(now, peer.zone)) for walk, peer, chat in _chats() if chat.days_from_now > 0]
    assert len(coming) == 8
    for walk, peer, start in coming:
        others = [
            Busy(other, other + timedelta(minutes=30), BusyKind.TAKEN)
            for mate, same, other in coming
            if same is peer and mate is not walk
        ]
        closed = why_closed(_hours(peer), _policy(peer), [*_away(peer, now), *others], start, now)
        assert closed is None, (walk.member, closed)


@pytest.mark.parametrize("now", NOWS, ids=lambda now: f"{now:%a %d %b %H}")
def test_every_past_chat_was_in_its_peer_s_hours_after_the_invitation(now: datetime) -> None:
    not_made = [(walk, PEOPLE[walk.peer], walk.not_made) for walk in WALKS if walk.peer and walk.not_made]
    for walk, peer, chat in [*_chats(), *not_made]:
        if chat.days_from_now > 0:
            continue
        start = chat.starts_at(now, peer.zone)
        assert walk.invited_hours_ago is not None
        assert now - timedelta(hours=walk.invited_hours_ago) < start < now - timedelta(minutes=30), walk.member
        closed = why_closed(_hours(peer), _policy(peer), [], start, start - timedelta(days=2))
        assert closed is None, (walk.member, closed)


def test_two_past_chats_of_a_peer_never_fall_together() -> None:
    past = [(walk.peer, chat.weekday, chat.at) for walk, _, chat in _chats() if chat.days_from_now < 0]
    assert len(set(past)) == len(past)


def test_a_chat_is_held_in_a_way_both_offer_and_has_a_place_when_in_person() -> None:
    for walk, peer, chat in _chats():
        told = PEOPLE[walk.member].member
        assert told is not None
        assert peer.peer is not None
        assert {chat.format} <= set(told.formats) & set(peer.peer.formats), walk.member
        assert bool(chat.place) == (chat.format in IN_PERSON), walk.member


def test_people_meet_in_person_only_within_one_time_zone() -> None:
    zones = [(PEOPLE[walk.member].zone, peer.zone) for walk, peer, chat in _chats() if chat.format in IN_PERSON]
    assert len(zones) >= 4
    assert [pair for pair in zones if pair[0] != pair[1]] == []


def test_coming_and_past_chats_use_several_ways_to_meet() -> None:
    assert {chat.format for _, _, chat in _chats()} == set(Format)


def test_history_holds_a_swap_and_somebody_who_has_gone_quiet() -> None:
    swaps = [walk.swap for walk in WALKS if walk.swap]
    assert [(swap.from_peer, swap.to_peer) for swap in swaps] == [("priya", "kwame"), ("ingrid", "ruth")]
    assert {walk.member: walk.quiet_days for walk in WALKS if walk.quiet_days} == {"nikhil": 8, "sylvie": 16}
    assert all(PEOPLE[swap.from_peer].peer and swap.reason for swap in swaps)
    assert [walk.member for walk in WALKS if walk.swap and walk.swap.from_peer in walk.chosen] == []


def test_two_walk_on_exactly_when_both_keep_going() -> None:
    answers = {walk.member: {w.member, w.peer} for walk in WALKS if (w := walk.reflections)}
    both = {member for member, answer in answers.items() if answer == {Step.KEEP_GOING}}
    assert both == {walk.member for walk in WALKS if walk.state in WALKED}
    assert set().union(*answers.values()) == {None, Step.KEEP_GOING, Step.UNSURE}


def test_a_chat_of_a_coming_weekday_is_the_first_one_from_that_day_on() -> None:
    monday = date(2026, 3, 2)
    assert Chat(2, 2, 600, Format.PHONE, "").day(monday) == date(2026, 3, 4)
    assert Chat(2, 0, 600, Format.PHONE, "").day(monday) == date(2026, 3, 9)
    assert Chat(-1, 6, 600, Format.PHONE, "").day(monday) == date(2026, 3, 1)
    assert Chat(-1, 0, 600, Format.PHONE, "").day(monday) == date(2026, 2, 23)


def test_a_chat_after_midnight_belongs_to_the_evening_before() -> None:
    chat = Chat(1, 4, 24 * 60 + 30, Format.VIDEO, "")
    start = chat.starts_at(datetime(2026, 3, 2, 20, 0, tzinfo=UTC), "America/Los_Angeles")
    assert start == datetime(2026, 3, 7, 8, 30, tzinfo=UTC)


def test_every_part_of_a_day_has_its_hours_here() -> None:
    assert {part.value.split("_")[1] for part in DayPart} == set(PARTS)
