"""Where each walk of the demo community stands, with the steps that led there and the chats of both people."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.data import cast
from portal.domain.booking import BookingState
from portal.domain.matching.capacity import UNITS, Phase
from portal.domain.matching.explain import suggest
from portal.domain.matching.offers import OPEN_FOR
from portal.domain.matching.promises import ANSWER_HOURS
from portal.domain.matching.score import DEFAULT_WEIGHTS
from portal.domain.matching.stored import to_json
from portal.domain.matching.values import Openings
from portal.domain.matching.walk import FINAL, TOGETHER, Actor, OfferAnswer, State, Step, take
from portal.domain.notice import Kind
from portal.models import (
    Booking,
    Hold,
    Invitation,
    Keepsake,
    Offer,
    PeerProfile,
    Reflection,
    Seat,
    SignIn,
    Suggestion,
    Walk,
    WalkStep,
)
from portal.queries import matching as matching_queries
from portal.queries import slots as slots_queries
from portal.services.notice.chat import owe_chat_letters
from portal.services.notice.owe import owe

Steps = list[tuple[Step, Actor, str]]
SEATED = TOGETHER | {State.INVITED}
WITH_A_PEER = SEATED | {State.ENDED}
WALKED = frozenset({State.WALKING, State.RESTING, State.ENDING, State.ENDED})
MET = WALKED | {State.REFLECTION}
AFTER_A_CHAT = frozenset({Step.HAPPENED, Step.KEEP_GOING, Step.REST, Step.END, Step.FAREWELL})


def add_walks(session: Session, community: cast.Community, ids: Mapping[str, int], now: datetime) -> None:
    """Add every walk."""
    zones = {key: person.zone for key, person in community.people.items()}
    lengths = {key: int(person.peer.length) for key, person in community.people.items() if person.peer is not None}
    rests = {key: person.peer.rest_minutes for key, person in community.people.items() if person.peer is not None}
    coordinator = ids["alice"]
    for told in community.walks:
        starts_at = told.chat.starts_at(now, zones[told.peer]) if told.chat and told.peer else None
        walk = _add_walk(session, told, ids, coordinator, starts_at, now)
        _add_suggestions(session, told, walk, ids, now)
        _add_offers(session, told, walk, ids, now)
        if walk.state in SEATED and walk.peer_id is not None:
            phase = Phase.TAPERING if walk.state is State.ENDING else Phase.NEW
            session.add(Seat(walk_id=walk.id, peer_id=walk.peer_id, halves=UNITS[phase]))
            session.flush()
        for chat, made in ((told.chat, True), (told.not_made, False)):
            if chat is None or told.peer is None:
                continue
            begins = chat.starts_at(now, zones[told.peer])
            ends = begins + timedelta(minutes=lengths[told.peer])
            _add_chat(session, chat, walk, begins, ends, rests[told.peer], now, made=made)
        _add_reflections(session, told, walk, now)
        _add_ending(session, told, walk, zones[told.member], now)
        _owe_letters(session, walk, now)
        if told.quiet_days is not None:
            quiet_since = now - timedelta(days=told.quiet_days)
            session.execute(
                update(SignIn)
                .where(SignIn.person_id == walk.member_id)
                .values(seen_at=quiet_since, ended_at=quiet_since)
            )


def _steps(told: cast.Walk) -> Iterator[tuple[Step, Actor, str]]:
    choice = (Step.CHOOSE_WITH_ME if told.choose_with_me else Step.RANK, Actor.MEMBER, "")
    if told.state is State.ASKED:
        return
    yield Step.SHORTLIST, Actor.PORTAL, ""
    if told.swap is not None:
        yield Step.RANK, Actor.MEMBER, ""
        yield Step.SWAP, Actor.COORDINATOR, told.swap.reason
    if told.state is State.SHORTLISTED:
        return
    if told.state is State.OFFERING:
        yield Step.ASK_WHO_OFFERS, Actor.MEMBER, ""
        return
    yield choice
    if told.state is State.HELD:
        yield Step.HOLD, Actor.COORDINATOR, told.hold_reason
    if told.state in WITH_A_PEER:
        yield Step.APPROVE, Actor.COORDINATOR, ""
    if told.state in WITH_A_PEER - {State.INVITED}:
        yield Step.YES, Actor.PEER, ""
    if told.state in WITH_A_PEER - {State.INVITED, State.BOTH_YES}:
        yield Step.BOOK, Actor.MEMBER, ""
    if told.state in MET:
        yield Step.HAPPENED, Actor.PORTAL, ""
    if told.state in WALKED:
        yield Step.KEEP_GOING, Actor.PEER, ""
    if told.state is State.RESTING:
        yield Step.REST, Actor.MEMBER, ""
    if told.state in (State.ENDING, State.ENDED):
        yield Step.END, Actor.MEMBER, ""
    if told.state is State.ENDED:
        yield Step.FAREWELL, Actor.MEMBER, ""


def _add_walk(
    session: Session,
    told: cast.Walk,
    ids: Mapping[str, int],
    coordinator: int,
    starts_at: datetime | None,
    now: datetime,
) -> Walk:
    member, peer = ids[told.member], ids[told.peer] if told.peer else None
    asked_at = now - timedelta(days=told.asked_days_ago, hours=3)
    steps = list(_steps(told))
    invited_at = now - timedelta(hours=told.invited_hours_ago) if told.invited_hours_ago is not None else None
    walk = Walk(
        member_id=member,
        peer_id=peer,
        coordinator_id=coordinator if told.state in WITH_A_PEER | {State.HELD} else None,
        state=told.state,
        open=told.state not in FINAL,
        revision=len(steps),
        choose_with_me=told.choose_with_me,
        choice_approved=told.state in WITH_A_PEER,
        asked_at=asked_at,
        since=asked_at,
        answer_by=invited_at + timedelta(hours=ANSWER_HOURS) if invited_at and told.state is State.INVITED else None,
    )
    session.add(walk)
    session.flush()
    state = State.ASKED
    for (step, actor, reason), at in zip(steps, _moments(steps, asked_at, invited_at, starts_at, now), strict=True):
        became = take(actor, state, step)
        by = {Actor.MEMBER: member, Actor.PEER: peer, Actor.COORDINATOR: coordinator, Actor.PORTAL: None}[actor]
        session.add(
            WalkStep(
                walk_id=walk.id, step=step, was=state, became=became, actor_id=by, peer_id=peer, reason=reason, at=at
            )
        )
        state, walk.since = became, at
    return walk


def _moments(
    steps: Steps, asked_at: datetime, invited_at: datetime | None, starts_at: datetime | None, now: datetime
) -> list[datetime]:
    """Return an instant for each step, spread up to the invitation or today; what follows a chat comes after it."""
    after = [index for index, (step, _, _) in enumerate(steps) if step in AFTER_A_CHAT]
    before = len(steps) - len(after)
    end = now - timedelta(hours=1)
    if after and starts_at is not None:
        end = min(end, starts_at - timedelta(hours=20))
    if invited_at is not None:
        end = invited_at
    end = max(end, asked_at)
    spread = [asked_at + (end - asked_at) * (index + 1) / before for index in range(before)]
    if starts_at is not None:
        spread += [min(starts_at + timedelta(hours=1 + 20 * index), now) for index in range(len(after))]
    return spread


def _add_suggestions(session: Session, told: cast.Walk, walk: Walk, ids: Mapping[str, int], now: datetime) -> None:
    member = matching_queries.member_value(walk.member_id)
    peers = {peer.id: peer for peer in matching_queries.peer_values()}
    keys = [*([told.swap.from_peer] if told.swap else []), *told.shortlist]
    openings = slots_queries.common_openings(walk.member_id, [ids[key] for key in keys], now)
    for position, key in enumerate(keys, start=1):
        peer_id = ids[key]
        opening = openings.get(peer_id, Openings())
        swapped = told.swap is not None and key == told.swap.from_peer
        session.add(
            Suggestion(
                walk_id=walk.id,
                peer_id=peer_id,
                position=position,
                rank=told.chosen.index(key) + 1 if key in told.chosen else None,
                why=to_json(suggest(member, peers[peer_id], opening, DEFAULT_WEIGHTS, now)),
                weights_version=1,
                made_at=walk.asked_at,
                shown_at=walk.asked_at,
                asked_at=walk.since if peer_id == walk.peer_id and walk.state in WITH_A_PEER else None,
                closed_at=walk.since if swapped else None,
            )
        )
    session.flush()


def _add_offers(session: Session, told: cast.Walk, walk: Walk, ids: Mapping[str, int], now: datetime) -> None:
    if told.state is not State.OFFERING:
        return
    walk.answer_by = walk.since + OPEN_FOR
    for key in told.shortlist:
        offered = key in told.offered
        asked = Offer(walk_id=walk.id, peer_id=ids[key], asked_at=walk.since)
        if offered:
            asked.answer, asked.answered_at = OfferAnswer.OFFER, now
        session.add(asked)
    made = [ids[key] for key in told.offered]
    session.execute(
        update(Suggestion)
        .where(Suggestion.walk_id == walk.id, Suggestion.peer_id.in_(made))
        .values(offered_at=now, made_at=now, shown_at=None)
    )
    session.flush()
    letters = [(Kind.OFFER_ASKED, ids[key], f"walk-{walk.id}") for key in told.shortlist if key not in told.offered]
    letters += [(Kind.OFFER_MADE, walk.member_id, f"offers-{walk.id}")] if made else []
    for kind, person_id, about in letters:
        owe(session, kind, person_id, about=about, walk_id=walk.id, revision=walk.revision, due_at=now, now=now)


def _add_chat(
    session: Session,
    told: cast.Chat,
    walk: Walk,
    starts_at: datetime,
    ends_at: datetime,
    rest_minutes: int,
    now: datetime,
    *,
    made: bool = True,
) -> None:
    assert walk.peer_id is not None
    past = ends_at <= now
    became = BookingState.HAPPENED if made else BookingState.NOT_MADE
    booking = Booking(
        walk_id=walk.id,
        member_id=walk.member_id,
        peer_id=walk.peer_id,
        starts_at=starts_at,
        ends_at=ends_at,
        format=told.format,
        place=told.place,
        state=became if past else BookingState.BOOKED,
        booked_by=walk.member_id,
        created_at=min(walk.since, now),
    )
    session.add(booking)
    session.flush()
    for person_id in sorted((walk.member_id, walk.peer_id)):
        session.add(
            Hold(
                booking_id=booking.id,
                person_id=person_id,
                starts_at=starts_at,
                ends_at=ends_at,
                rest_before_minutes=rest_minutes if person_id == walk.peer_id else 0,
                rest_after_minutes=rest_minutes if person_id == walk.peer_id else 0,
                active=made,
            )
        )
    session.flush()
    if not past:
        owe_chat_letters(session, booking, now=now)
        return
    for person_id in (walk.member_id, walk.peer_id):
        uid = uuid5(NAMESPACE_URL, f"demo-{booking.id}-{person_id}")
        session.add(Invitation(booking_id=booking.id, person_id=person_id, uid=str(uid), invited_at=booking.created_at))
    session.execute(
        update(PeerProfile).where(PeerProfile.person_id == walk.peer_id).values(last_matched_at=booking.created_at)
    )


def _add_reflections(session: Session, told: cast.Walk, walk: Walk, now: datetime) -> None:
    if told.reflections is None or walk.peer_id is None:
        return
    for person_id, answer in ((walk.member_id, told.reflections.member), (walk.peer_id, told.reflections.peer)):
        if answer is not None:
            at = min(now, walk.since + timedelta(hours=1))
            session.add(Reflection(walk_id=walk.id, person_id=person_id, answer=answer, at=at))


def _add_ending(session: Session, told: cast.Walk, walk: Walk, zone: str, now: datetime) -> None:
    if walk.state not in (State.ENDING, State.ENDED) or walk.peer_id is None:
        return
    walk.ends_on = (now + timedelta(days=told.ends_in_days or 0)).astimezone(ZoneInfo(zone)).date()
    kept = told.keepsakes or cast.Keepsakes()
    for person_id, words in ((walk.member_id, kept.member), (walk.peer_id, kept.peer)):
        if words:
            session.add(Keepsake(walk_id=walk.id, person_id=person_id, words=words, updated_at=walk.since))
    session.flush()


def _owe_letters(session: Session, walk: Walk, now: datetime) -> None:
    owed = {
        State.SHORTLISTED: ((Kind.SHORTLIST_READY, walk.member_id),),
        State.HELD: ((Kind.WALK_HELD, walk.member_id),),
        State.INVITED: ((Kind.ASKED_PEER, walk.peer_id), (Kind.CHOICE_APPROVED, walk.member_id)),
        State.BOTH_YES: ((Kind.BOTH_YES, walk.member_id), (Kind.BOTH_YES, walk.peer_id)),
        State.RESTING: ((Kind.WALK_RESTS, walk.peer_id),),
        State.ENDING: ((Kind.WALK_ENDING, walk.peer_id),),
        State.ENDED: ((Kind.KEEPSAKE, walk.member_id), (Kind.KEEPSAKE, walk.peer_id)),
    }
    for kind, person_id in owed.get(walk.state, ()):
        owe(
            session,
            kind,
            person_id,
            about=f"walk-{walk.id}",
            walk_id=walk.id,
            revision=walk.revision,
            due_at=now,
            now=now,
        )
