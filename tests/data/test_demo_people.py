"""The invented people: enough of them, complete, and told in the portal's own words."""

import re
from collections import Counter
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from portal.cli.towns import delivered_towns
from portal.data import catalogue, community
from portal.data.cast import MemberTold, PeerTold, Person
from portal.data.files import HOME
from portal.domain.account import PeerState, Role
from portal.domain.experience import IN_PERSON, MUST_HAVES, WISH_CHOICES, Format, Strength, WishKind
from portal.domain.matching.wellbeing import heavy_lately
from portal.domain.towns import RADII

PEOPLE = tuple(community().people.values())
PEERS = [person for person in PEOPLE if person.peer]
MEMBERS = [person for person in PEOPLE if person.member]
SLUGS = {topic.slug for topic in catalogue().topics}

NOT_OUR_WORDS = (
    r"patients?|clients?|cases?|intake|no-show|non-?compliant|terminated|reject\w*|fail\w*|scores?|relaps\w*|"
    r"fell off the wagon|addict\w*|alcoholics?|junkies?|abusers?|dirty|clean|committed suicide|"
    r"suffer\w*|victims?|missed|homeless|ex-con|felons?|inmates?|refused|denied|preferred pronouns"
)


def _told(person: Person) -> MemberTold | PeerTold:
    told = person.member or person.peer
    assert told is not None
    return told


def _words(person: Person) -> str:
    return "\n".join(
        [
            person.member.own_words if person.member else "",
            f"{person.peer.about}\n{person.peer.story}" if person.peer else "",
        ]
    ).strip()


def test_the_community_has_its_size() -> None:
    roles = Counter(role for person in PEOPLE for role in person.roles)
    assert roles == {Role.MEMBER: 60, Role.PEER: 18, Role.COORDINATOR: 2}
    assert Counter((person.peer.state, person.peer.resting) for person in PEOPLE if person.peer) == {
        (PeerState.APPROVED, False): 16,
        (PeerState.APPROVED, True): 1,
        (PeerState.APPLIED, False): 1,
    }


def test_roles_and_what_is_told_agree() -> None:
    assert [each.key for each in PEOPLE if (Role.MEMBER in each.roles) != (each.member is not None)] == []
    assert [each.key for each in PEOPLE if (Role.PEER in each.roles) != (each.peer is not None)] == []


def test_addresses_are_reserved_and_nobody_is_there_twice() -> None:
    assert [person.email for person in PEOPLE] == [f"{person.key}@example.org" for person in PEOPLE]
    assert len({person.name for person in PEOPLE}) == len(PEOPLE)


def test_people_live_in_many_time_zones() -> None:
    zones = {ZoneInfo(person.zone).key for person in PEOPLE}
    assert len(zones) >= 12
    assert len({person.zone for person in PEERS}) >= 6


@pytest.mark.parametrize("name", ["peers.toml", "members.toml", "walks.toml"])
def test_every_file_says_that_all_are_invented_and_uses_our_words(name: str) -> None:
    text = HOME.joinpath("demo", name).read_text(encoding="utf-8")
    assert "EVERYBODY HERE IS INVENTED" in text
    assert re.findall(rf"\b(?:{NOT_OUR_WORDS})\b", text, re.IGNORECASE) == []
    assert "!" not in text


def test_the_check_of_words_finds_a_breach() -> None:
    assert re.findall(rf"\b(?:{NOT_OUR_WORDS})\b", "She was clean, then relapsed.", re.IGNORECASE) == [
        "clean",
        "relapsed",
    ]


@pytest.mark.parametrize("person", [*PEERS, *MEMBERS], ids=lambda person: person.key)
def test_what_people_tell_is_short_and_their_own(person: Person) -> None:
    words = _words(person)
    assert 1 <= len(words.splitlines()) <= 6
    assert len(words) <= 480
    assert re.search(r"\d", words) is None
    others = [words == _words(other) for other in PEOPLE if other is not person]
    assert others.count(True) == 0


@pytest.mark.parametrize("person", [*PEERS, *MEMBERS], ids=lambda person: person.key)
def test_topics_exist_once_each(person: Person) -> None:
    slugs = [topic.slug for topic in _told(person).topics]
    assert set(slugs) - SLUGS == set()
    assert len(set(slugs)) == len(slugs) >= 1
    assert all((_told(person).styles, _told(person).formats, _told(person).languages))


@pytest.mark.parametrize("person", [*PEERS, *MEMBERS], ids=lambda person: person.key)
def test_traits_are_told_once_in_the_portal_s_values(person: Person) -> None:
    traits = _told(person).traits
    assert len({trait.kind for trait in traits}) == len(traits)
    known = [t.kind is WishKind.CULTURE or t.value in WISH_CHOICES[t.kind] for t in traits]
    assert known.count(False) == 0


@pytest.mark.parametrize("person", MEMBERS, ids=lambda person: person.key)
def test_members_rank_their_topics_and_wish_within_bounds(person: Person) -> None:
    told = person.member
    assert told is not None
    assert [topic.rank for topic in told.topics] == list(range(1, len(told.topics) + 1))
    assert len(told.topics) <= 3
    assert sum(wish.strength is Strength.MUST for wish in told.wishes) <= MUST_HAVES
    assert len({wish.kind for wish in told.wishes}) == len(told.wishes)
    known = [wish.kind is WishKind.CULTURE or wish.value in WISH_CHOICES[wish.kind] for wish in told.wishes]
    assert known.count(False) == 0
    assert told.times


@pytest.mark.parametrize("person", PEERS, ids=lambda person: person.key)
def test_peers_have_several_windows_of_hours_that_do_not_overlap(person: Person) -> None:
    peer = person.peer
    assert peer is not None
    windows = sorted((hours.weekday * 1440 + hours.start, hours.weekday * 1440 + hours.end) for hours in peer.hours)
    assert len(windows) >= 2
    assert all(start < end <= start + 480 for start, end in windows)
    assert all(end <= after for (_, end), (after, _) in pairwise(windows))


@pytest.mark.parametrize("person", [*PEERS, *MEMBERS], ids=lambda person: person.key)
def test_whoever_may_meet_in_person_and_every_peer_has_told_a_town_on_their_own_clock(person: Person) -> None:
    told = _told(person)
    asked = isinstance(told, PeerTold) or bool(IN_PERSON & set(told.formats))
    assert (told.town is not None) == asked
    assert told.town is None or told.town.zone == person.zone
    assert told.radius_km is None or told.radius_km in RADII


def test_the_towns_are_those_that_a_site_is_set_up_with() -> None:
    real = {town.id: town for town in delivered_towns()}
    told = {_told(person).town for person in (*PEERS, *MEMBERS)} - {None}
    assert len(told) >= 20
    for town in told:
        assert town is not None
        same = real[town.id]
        assert (town.name, town.zone, town.lat, town.lon) == (same.name, same.zone, same.lat, same.lon)


def test_one_peer_is_there_past_midnight() -> None:
    assert {person.key for person in PEERS if person.peer and any(h.end > 1440 for h in person.peer.hours)} == {"luis"}


def test_somebody_is_away_and_every_way_to_meet_is_used() -> None:
    assert {person.key for person in PEERS if person.peer and person.peer.time_off} == {"samir"}
    assert {person.key for person in PEERS if person.peer and person.peer.busy} == {"luis"}
    assert {person.key for person in PEERS if person.peer and person.peer.open_hours} == {"ruth"}
    assert {each for person in PEERS for each in _told(person).formats} == set(Format)


def test_every_approved_peer_is_looked_after_by_one_coordinator() -> None:
    looked_after = Counter(key for person in PEOPLE for key in person.looks_after)
    assert looked_after == {
        person.key: 1 for person in PEERS if person.peer and person.peer.state is PeerState.APPROVED
    }
    assert [len(person.looks_after) for person in PEOPLE if Role.COORDINATOR in person.roles] == [8, 9]


def test_one_peer_would_like_a_talk_and_for_one_the_last_chats_were_heavy() -> None:
    assert [person.key for person in PEOPLE if person.wishes_talk] == ["desmond"]
    felt = {
        key: [walk.felt for walk in community().walks if walk.peer == key and walk.felt] for key in ("ruth", "kwame")
    }
    assert (heavy_lately(felt["ruth"]), heavy_lately(felt["kwame"])) == (True, False)
