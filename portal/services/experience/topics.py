"""Which topics somebody names, in which order, and where they are with each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.account import Role
from portal.domain.errors import BadInput
from portal.domain.experience import RANKED_TOPICS, Readiness, Stage
from portal.domain.telling import PEER_TOPICS
from portal.domain.words import N_
from portal.models import MemberTopic, PeerTopic
from portal.queries import experience as experience_queries
from portal.services.experience.profile import open_telling, told

NONE_CHOSEN = N_("Please choose at least one. It is how we find somebody who knows.")
TOO_MANY = N_("Please choose at most %(most)s for now. You can change them later.")
NOT_FOUND = N_("One of these is no longer on the list. Please look again.")
NOT_IN_ORDER = N_("Please give each place once.")
MOST = {Role.MEMBER: RANKED_TOPICS, Role.PEER: PEER_TOPICS}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody is with a topic and, for a peer, whether they would talk of it now."""

    stage: Stage
    readiness: Readiness = Readiness.LISTEN


@retry_once
def choose_topics(person_id: int, role: Role, topic_ids: Sequence[int], *, step: int, now: datetime) -> None:
    """Keep the chosen topics; what was said about those that stay stays, and new ones rank behind them."""
    chosen = list(dict.fromkeys(topic_ids))
    if not chosen:
        raise BadInput("topics", NONE_CHOSEN)
    if len(chosen) > MOST[role]:
        raise BadInput("topics", TOO_MANY, most=MOST[role])
    with transaction() as session:
        telling = open_telling(session, person_id, role, now=now)
        before = _topics(person_id, role)
        if set(chosen) - set(before) - experience_queries.offered_topic_ids():
            raise BadInput("topics", NOT_FOUND)
        changed = set(chosen) != set(before)
        if changed and role is Role.PEER:
            _set_peer_topics(session, person_id, before, chosen)
        elif changed:
            kept = [topic_id for topic_id in before if topic_id in chosen]
            _rank(session, person_id, before, [*kept, *(new for new in chosen if new not in before)])
        told(session, telling, "topics", changed=changed, step=step, now=now)


@retry_once
def order_topics(member_id: int, topic_ids: Sequence[int], *, step: int, now: datetime) -> None:
    """Keep a member's order of the topics they chose, what weighs most first."""
    with transaction() as session:
        telling = open_telling(session, member_id, Role.MEMBER, now=now)
        before = _topics(member_id, Role.MEMBER)
        if sorted(topic_ids) != sorted(before):
            raise BadInput("topics", NOT_IN_ORDER)
        changed = list(topic_ids) != list(before)
        if changed:
            _rank(session, member_id, before, list(topic_ids))
        told(session, telling, "order", changed=changed, step=step, now=now)


@retry_once
def set_stages(person_id: int, role: Role, standings: Mapping[int, Standing], *, step: int, now: datetime) -> None:
    """Keep where somebody is with each topic they named; a topic they did not name is passed over."""
    with transaction() as session:
        telling = open_telling(session, person_id, role, now=now)
        changed = False
        for topic_id, row in _topics(person_id, role).items():
            if topic_id not in standings:
                continue
            given = standings[topic_id]
            changed |= row.stage is not given.stage
            row.stage = given.stage
            if isinstance(row, PeerTopic):
                changed |= row.readiness is not given.readiness
                row.readiness = given.readiness
        told(session, telling, "stages", changed=changed, step=step, now=now)


def _topics(person_id: int, role: Role) -> dict[int, MemberTopic | PeerTopic]:
    rows: Sequence[MemberTopic | PeerTopic] = (
        experience_queries.peer_topic_rows(person_id)
        if role is Role.PEER
        else experience_queries.member_topic_rows(person_id)
    )
    return {row.topic_id: row for row in rows}


def _set_peer_topics(session: Session, person_id: int, before: Mapping[int, object], chosen: Sequence[int]) -> None:
    gone = set(before) - set(chosen)
    session.execute(delete(PeerTopic).where(PeerTopic.person_id == person_id, PeerTopic.topic_id.in_(gone)))
    session.add_all(PeerTopic(person_id=person_id, topic_id=new) for new in chosen if new not in before)


def _rank(
    session: Session, member_id: int, before: Mapping[int, MemberTopic | PeerTopic], order: Sequence[int]
) -> None:
    # Written anew: two rows that swap their ranks would meet the rule that a rank is given once.
    stages = {topic_id: row.stage for topic_id, row in before.items()}
    for row in before.values():
        session.delete(row)
    session.flush()
    session.add_all(
        MemberTopic(person_id=member_id, topic_id=topic_id, rank=rank, stage=stages.get(topic_id, Stage.UNSURE))
        for rank, topic_id in enumerate(order, start=1)
    )
    session.flush()
