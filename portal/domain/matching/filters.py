"""The eight hard filters, both ways; nothing else may rule a pair out. Each answers passed or held, with a sentence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.experience import IN_PERSON, WISH_KIND_WORDS, Format, Readiness
from portal.domain.matching.capacity import has_room
from portal.domain.matching.hill import may_walk
from portal.domain.matching.values import Member, Openings, Peer, distance_km, meets, near_enough
from portal.domain.words import N_

READY_FOR = timedelta(days=14)
OPENINGS_NEEDED = 2


class Filter(StrEnum):
    """What can rule a pair out."""

    ACTIVE = "active"
    APART = "apart"
    LANGUAGE = "language"
    FORMAT = "format"
    OPENINGS = "openings"
    LIMITS = "limits"
    CAPACITY = "capacity"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Check:
    """One filter's answer for a coordinator; `words`, translated too, fills %(words)s in `sentence`."""

    filter: Filter
    passed: bool
    sentence: str
    words: str = ""


def checks(member: Member, peer: Peer, openings: Openings, now: datetime) -> tuple[Check, ...]:
    """All eight answers for a pair, in the order of `Filter`."""
    return (
        active(peer, now),
        apart(member, peer),
        language(member, peer),
        shared_format(member, peer),
        common_time(openings),
        limits(member, peer),
        capacity(peer),
        topic(member, peer),
    )


def fits(answers: tuple[Check, ...]) -> bool:
    """Whether every filter passed."""
    return all(answer.passed for answer in answers)


def fit_but_for_time(member: Member, peer: Peer, now: datetime) -> bool:
    """Whether every filter passed but that of common times, which change from hour to hour; stops at the first held."""
    return (
        language(member, peer).passed
        and shared_format(member, peer).passed
        and topic(member, peer).passed
        and limits(member, peer).passed
        and apart(member, peer).passed
        and capacity(peer).passed
        and active(peer, now).passed
    )


def active(peer: Peer, now: datetime) -> Check:
    """1: approved, agreement signed, not resting, readiness confirmed within 14 days."""
    if not peer.approved:
        return _held(Filter.ACTIVE, N_("The peer is not approved yet."))
    if not peer.agreed:
        return _held(Filter.ACTIVE, N_("The peer has not signed the agreement yet."))
    if peer.resting:
        return _held(Filter.ACTIVE, N_("The peer is resting."))
    if peer.readiness_confirmed_at is None or now - peer.readiness_confirmed_at > READY_FOR:
        return _held(Filter.ACTIVE, N_("The peer has not said lately that they are ready."))
    return _passed(Filter.ACTIVE, N_("The peer is ready."))


def apart(member: Member, peer: Peer) -> Check:
    """2: neither has blocked the other, neither is on the other's list of people they know."""
    if peer.id in member.apart or member.id in peer.apart:
        return _held(Filter.APART, N_("These two are kept apart."))
    return _passed(Filter.APART, N_("Nothing keeps these two apart."))


def language(member: Member, peer: Peer) -> Check:
    """3: a shared language."""
    if member.languages & peer.languages:
        return _passed(Filter.LANGUAGE, N_("They share a language."))
    return _held(Filter.LANGUAGE, N_("They share no language."))


def shared_format(member: Member, peer: Peer) -> Check:
    """4: a shared way to meet; in person within the smaller of both radii."""
    if usable_formats(member, peer):
        return _passed(Filter.FORMAT, N_("They share a way to meet."))
    if not member.formats & peer.formats:
        return _held(Filter.FORMAT, N_("They share no way to meet."))
    if distance_km(member, peer) is None:
        return _held(Filter.FORMAT, N_("They would meet in person, and we do not know whether they live near enough."))
    return _held(Filter.FORMAT, N_("They would meet in person, and live too far apart."))


def usable_formats(member: Member, peer: Peer) -> frozenset[Format]:
    """Shared formats; those in person only where the two are known to live near enough."""
    shared = member.formats & peer.formats
    return shared if near_enough(member, peer) else shared - IN_PERSON


def common_time(openings: Openings) -> Check:
    """5: at least two common 30-minute openings within 14 days."""
    if openings.common_count >= OPENINGS_NEEDED:
        return _passed(Filter.OPENINGS, N_("They are free at the same times."))
    return _held(Filter.OPENINGS, N_("They have too few common times in the next two weeks."))


def limits(member: Member, peer: Peer) -> Check:
    """6: the member's must-haves, and topics the peer marked "not now"."""
    km = distance_km(member, peer)
    for wish in member.musts:
        if not meets(wish, peer.traits, km):
            return Check(Filter.LIMITS, False, N_("A must-have is not met: %(words)s."), WISH_KIND_WORDS[wish.kind])
    named = {named.slug for named in member.ranked}
    if any(known.slug in named and known.readiness is Readiness.NOT_NOW for known in peer.topics):
        return _held(Filter.LIMITS, N_("The peer would rather not talk about one of these topics now."))
    return _passed(Filter.LIMITS, N_("The must-haves and limits are kept."))


def capacity(peer: Peer) -> Check:
    """7: room for a new match."""
    if has_room(peer.capacity_units, peer.units_used):
        return _passed(Filter.CAPACITY, N_("The peer has room."))
    return _held(Filter.CAPACITY, N_("The peer has no room for a new match."))


def topic(member: Member, peer: Peer) -> Check:
    """8: one of the top three topics the peer will talk about or listen to; *ahead only* ones with a peer ahead."""
    if any(known.slug == named.slug and may_walk(named, known) for named in member.ranked for known in peer.topics):
        return _passed(Filter.TOPIC, N_("They share a topic."))
    return _held(Filter.TOPIC, N_("They share none of the topics that were named first."))


def _passed(which: Filter, sentence: str) -> Check:
    return Check(which, True, sentence)


def _held(which: Filter, sentence: str) -> Check:
    return Check(which, False, sentence)
