"""The rows a telling is made of, for the verbs that change them."""

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.db import read
from portal.models import MemberTopic, PeerTopic, Trait, Wish


def member_topic_rows(member_id: int) -> Sequence[MemberTopic]:
    """Return a member's topics by rank."""
    return (
        read().scalars(select(MemberTopic).where(MemberTopic.person_id == member_id).order_by(MemberTopic.rank)).all()
    )


def peer_topic_rows(peer_id: int) -> Sequence[PeerTopic]:
    """Return a peer's topics."""
    return read().scalars(select(PeerTopic).where(PeerTopic.person_id == peer_id).order_by(PeerTopic.topic_id)).all()


def wish_rows(member_id: int) -> Sequence[Wish]:
    """Return a member's wishes."""
    return read().scalars(select(Wish).where(Wish.person_id == member_id)).all()


def trait_rows(person_id: int) -> Sequence[Trait]:
    """Return what somebody told about themselves."""
    return read().scalars(select(Trait).where(Trait.person_id == person_id)).all()


def has_member_topics(member_id: int) -> bool:
    """Say whether a member has named a topic."""
    return bool(read().scalar(select(func.count()).where(MemberTopic.person_id == member_id)))


def has_peer_topics(peer_id: int) -> bool:
    """Say whether a peer has named a topic."""
    return bool(read().scalar(select(func.count()).where(PeerTopic.person_id == peer_id)))
