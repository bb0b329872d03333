"""Everybody of the demo community, with what they told."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.cli.demo.hours import add_hours
from portal.data import cast
from portal.domain.account import PeerState, Purpose, Role
from portal.models import (
    Consent,
    MemberProfile,
    MemberTopic,
    PeerProfile,
    PeerTopic,
    Person,
    PersonRole,
    SafeContact,
    SignIn,
    Trait,
    Wish,
)
from portal.queries import experience as experience_queries

HERE_FOR = timedelta(days=120)
QUIET_UNLESS_SAID = timedelta(hours=20)


def add_people(session: Session, people: Mapping[str, cast.Person], now: datetime) -> dict[str, int]:
    """Add everybody; returns their ids by key."""
    topics = experience_queries.topic_ids()
    ids = {}
    for told in people.values():
        person = Person(
            email=told.email,
            name=told.name,
            reach=_reach(told),
            zone=told.zone,
            language=told.language,
            discretion=told.discretion,
            created_at=now - HERE_FOR,
            invented=True,
        )
        session.add(person)
        session.flush()
        ids[told.key] = person.id
        _add_account(session, person.id, told.roles, now)
        if told.member is not None:
            _add_member(session, person.id, told.member, topics, now)
        if told.peer is not None:
            _add_peer(session, person.id, told.peer, told.zone, topics, now)
    session.flush()
    return ids


def _reach(told: cast.Person) -> str:
    return f"{told.email}, or a text to 202-555-0100" if told.peer is not None else told.email


def _add_account(session: Session, person_id: int, roles: Iterable[Role], now: datetime) -> None:
    since = now - HERE_FOR
    session.add_all(PersonRole(person_id=person_id, role=role, since=since) for role in roles)
    session.add_all(Consent(person_id=person_id, purpose=purpose, wording=1, given_at=since) for purpose in Purpose)
    session.add(
        SignIn(
            person_id=person_id,
            token_hash=f"demo-{person_id}",  # no token hashes to this, so that nobody holds it
            started_at=since,
            seen_at=now - QUIET_UNLESS_SAID,
            ended_at=now - QUIET_UNLESS_SAID,
        )
    )


def _add_member(
    session: Session, person_id: int, told: cast.MemberTold, topics: Mapping[str, int], now: datetime
) -> None:
    session.add(
        MemberProfile(
            person_id=person_id,
            about={
                "for_whom": told.for_whom,
                "needs": list(told.needs),
                "styles": list(told.styles),
                "formats": list(told.formats),
                "languages": list(told.languages),
                "pathways": list(told.pathways),
                "rhythm": told.rhythm,
                "length": told.length,
                "times": list(told.times),
                "identity_matters": [],
                **_place(told),
            },
            own_words=told.own_words,
            finished_at=now - HERE_FOR,
            updated_at=now - HERE_FOR,
        )
    )
    session.add_all(
        MemberTopic(person_id=person_id, topic_id=topics[topic.slug], rank=topic.rank, stage=topic.stage)
        for topic in told.topics
    )
    session.add_all(
        Wish(person_id=person_id, kind=wish.kind, strength=wish.strength, value=wish.value) for wish in told.wishes
    )
    _add_traits(session, person_id, told.traits)
    if told.safe_contact is not None:
        safe = told.safe_contact
        session.add(
            SafeContact(
                person_id=person_id,
                may_email=safe.may_email,
                may_text=safe.may_text,
                may_voicemail=safe.may_voicemail,
                phone_is_seen=safe.phone_is_seen,
                hours=safe.hours,
                name_to_use=safe.name_to_use,
                subject_words=safe.subject_words,
                updated_at=now - HERE_FOR,
            )
        )


def _add_peer(
    session: Session, person_id: int, told: cast.PeerTold, zone: str, topics: Mapping[str, int], now: datetime
) -> None:
    approved = told.state is PeerState.APPROVED
    session.add(
        PeerProfile(
            person_id=person_id,
            state=told.state,
            about={
                "line": told.about,
                "styles": list(told.styles),
                "formats": list(told.formats),
                "languages": list(told.languages),
                "pathways": [],
                **_place(told),
            },
            story=told.story,
            applied_at=now - (HERE_FOR if approved else timedelta(days=2)),
            approved_at=now - HERE_FOR if approved else None,
            agreed_at=now - HERE_FOR,
            resting_since=now - timedelta(days=9) if told.resting else None,
            ready_at=now - timedelta(days=told.ready_days_ago) if approved else None,
            capacity_halves=told.capacity_units * 2,
            length_minutes=int(told.length),
            rest_before_minutes=told.rest_minutes,
            rest_after_minutes=told.rest_minutes,
            notice_hours=told.notice_hours,
            horizon_days=told.horizon_days,
            other_lengths=",".join(map(str, told.other_lengths)),
            says_yes_first=told.says_yes_first,
            updated_at=now - HERE_FOR,
        )
    )
    session.add_all(
        PeerTopic(person_id=person_id, topic_id=topics[topic.slug], stage=topic.stage, readiness=topic.readiness)
        for topic in told.topics
    )
    add_hours(session, person_id, told, zone, now)
    _add_traits(session, person_id, told.traits)


def _place(told: cast.MemberTold | cast.PeerTold) -> dict[str, object]:
    if told.town is None:
        return {}
    place = {"town": told.town.id, "lat": told.town.lat, "lon": told.town.lon}
    return {"place": place} if told.radius_km is None else {"place": place, "radius_km": told.radius_km}


def _add_traits(session: Session, person_id: int, traits: Iterable[cast.Trait]) -> None:
    session.add_all(
        Trait(person_id=person_id, kind=trait.kind, value=trait.value, shown_to=trait.shown_to) for trait in traits
    )
