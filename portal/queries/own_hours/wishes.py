"""What a peer's profile holds about their time: wishes for chats, ways to meet, and whose holidays are suggested."""

from portal.db import read
from portal.domain.experience import Format
from portal.domain.slots import ChatWishes
from portal.models import PeerProfile


def wishes_of(peer_id: int) -> ChatWishes | None:
    """Return how a peer's hours are cut into chats; None for somebody who has told nothing of themselves yet."""
    profile = read().get(PeerProfile, peer_id)
    return None if profile is None else wishes_in(profile)


def wishes_in(profile: PeerProfile) -> ChatWishes:
    """Return the wishes a profile holds."""
    return ChatWishes(
        length_minutes=profile.length_minutes,
        rest_before_minutes=profile.rest_before_minutes,
        rest_after_minutes=profile.rest_after_minutes,
        notice_hours=profile.notice_hours,
        horizon_days=profile.horizon_days,
        cap_per_day=profile.cap_per_day,
        cap_per_week=profile.cap_per_week,
        cap_minutes_per_day=profile.cap_minutes_per_day,
        cap_minutes_per_week=profile.cap_minutes_per_week,
        step_minutes=profile.step_minutes,
        other_lengths=tuple(int(minutes) for minutes in profile.other_lengths.split(",") if minutes),
        says_yes_first=profile.says_yes_first,
    )


def own_ways(peer_id: int) -> tuple[Format, ...]:
    """Return the ways to meet that a peer likes, in the order of `Format`; whoever named none likes them all."""
    profile = read().get(PeerProfile, peer_id)
    told = frozenset((profile.about or {}).get("formats") or ()) if profile is not None else frozenset()
    return tuple(way for way in Format if not told or way in told)


def holiday_place_of(peer_id: int) -> tuple[str, str]:
    """Return the country and the region whose public holidays were last looked at; empty where there is none."""
    profile = read().get(PeerProfile, peer_id)
    country, _dash, region = (profile.holiday_country if profile is not None else "").partition("-")
    return country, region
