"""The cards a member chooses from: at most three people, in their own words, with what the two share."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from portal.db import read
from portal.domain.experience import Format, Style
from portal.domain.matching.filters import usable_formats
from portal.domain.matching.offers import stands
from portal.domain.matching.stored import from_json
from portal.domain.matching.told import Told, member_sentences
from portal.domain.matching.values import Openings
from portal.domain.matching.walk import State
from portal.models import MemberProfile, PeerProfile, Person, Walk
from portal.queries.matching.offers import offer_counts
from portal.queries.matching.topics import topics_of
from portal.queries.matching.values import member_value, peer_values
from portal.queries.matching.walks import cards_of
from portal.queries.slots import common_openings


@dataclass(frozen=True)
class Card:
    """One person a member could walk with: no surname, no way to reach them."""

    peer_id: int
    name: str
    line: str
    story: str
    sentences: tuple[Told, ...]
    topics: tuple[str, ...]
    styles: tuple[Style, ...]
    formats: tuple[Format, ...]
    soonest: datetime | None
    rank: int | None
    # Whether this peer has been asked and may still answer.
    asked: bool
    # Whether this peer has offered already; they do not know who asks.
    offered: bool
    # Whether that offer is their yes to what the member tells now; else they are asked once more.
    counts: bool


def cards(walk_id: int, member_id: int, now: datetime) -> tuple[Card, ...]:
    """Return the cards on a member's own walk, in their order once they chose; none for anybody else."""
    on_offer = cards_of(walk_id, member_id)
    ids = [suggestion.peer_id for suggestion in on_offer]
    member = member_value(member_id)
    peers = {peer.id: peer for peer in peer_values(ids)}
    told = {profile.person_id: (profile, name) for profile, name in _profiles(ids)}
    openings = common_openings(member_id, ids, now)
    open_topics = [topic for topic in topics_of(member_id, tender_named=False) if topic.name]
    names = {topic.slug: topic.name for topic in open_topics}
    asked_id = read().scalar(select(Walk.peer_id).where(Walk.id == walk_id, Walk.state == State.INVITED))
    found = []
    for suggestion in on_offer:
        peer, (profile, name) = peers[suggestion.peer_id], told[suggestion.peer_id]
        soonest = openings.get(peer.id, Openings()).soonest
        shared = {topic.slug for topic in peer.topics}
        why = replace(from_json(suggestion.why), at=now, soonest=soonest)
        found.append(
            Card(
                peer_id=peer.id,
                name=name_used(name),
                line=str(profile.about.get("line") or ""),
                story=profile.story,
                sentences=member_sentences(why, names),
                topics=tuple(topic.name for topic in open_topics if topic.slug in shared),
                styles=tuple(style for style in Style if style in peer.styles),
                formats=tuple(each for each in Format if each in usable_formats(member, peer)),
                soonest=soonest,
                rank=suggestion.rank,
                asked=suggestion.peer_id == asked_id,
                offered=stands(suggestion.offered_at, now),
                counts=offer_counts(member_id, suggestion.offered_at, now),
            )
        )
    return tuple(found)


def told_since(walk_id: int, member_id: int) -> bool:
    """Say whether the member has changed what they told since the cards on offer were made."""
    made = [row.made_at for row in cards_of(walk_id, member_id)]
    told = read().scalar(select(MemberProfile.updated_at).where(MemberProfile.person_id == member_id))
    return bool(made) and told is not None and told > min(made)


def name_used(name: str) -> str:
    """Return the first word of a name, so that nobody's surname is seen before both have said yes."""
    return name.split(maxsplit=1)[0] if name.strip() else ""


def _profiles(peer_ids: list[int]) -> list[tuple[PeerProfile, str]]:
    statement = (
        select(PeerProfile, Person.name)
        .join(Person, Person.id == PeerProfile.person_id)
        .where(PeerProfile.person_id.in_(peer_ids))
    )
    return [(profile, name) for profile, name in read().execute(statement)]
