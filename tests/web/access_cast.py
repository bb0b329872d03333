"""The cast of the access table: people of the demo community in every relation to one another, and what is theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, select

from portal.db import read, transaction
from portal.domain.account import PeerState, Purpose, Role
from portal.domain.booking import BookingState
from portal.domain.checkin import Wish
from portal.domain.experience import Format
from portal.domain.matching.together import Fairness
from portal.domain.matching.walk import State
from portal.models import (
    Apart,
    Booking,
    BusyCalendar,
    CalendarFeed,
    MeetingPlace,
    Notice,
    Offer,
    OpenHour,
    OtherHours,
    PeerProfile,
    Person,
    PersonRole,
    ProposedPair,
    PushDevice,
    Season,
    TalkWish,
    TimeOff,
    Unsubscribe,
    Walk,
    WeeklyHours,
    ZoneStay,
)
from portal.queries.account import hash_of
from portal.services import account as account_services
from portal.services import checkin as checkin_services
from portal.services import matching as matching_services
from portal.services.matching import proposing
from tests.web.access_policy import NOWHERE, Visitor

V = Visitor
NO_ID = 999_999
KEY = "a-key-in-the-foot-of-a-letter"
EVERY_ROLE = tuple(Role)
FAR_OFF = timedelta(days=400)

Values = dict[str, str | int]


@dataclass(frozen=True)
class Cast:
    """Who stands for whom, and the objects by kind and scene as the values of an address."""

    people: dict[Visitor, int]
    objects: dict[str, dict[str, Values]]


def gather(app: Flask, mailbox: Path, now: datetime) -> Cast:
    """Find the people and walks, end one walk, have one peer say "not now", and add what the community lacks."""
    with app.app_context():
        ended = _ended()
        # Which chat comes last depends on the day; whoever was in the walk that ended must not stand for another too.
        together, ahead = _walk_with_chat(BookingState.BOOKED, {State.FIRST_COFFEE}, without=_two(ended))
        parted, over = _walk_with_chat(
            BookingState.HAPPENED, {State.REFLECTION}, without=(*_two(ended), *_two(together))
        )
        asked = _invited(without=(*_two(ended), *_two(together), *_two(parted)))
        declined = _invited(without=(*_two(ended), *_two(together), *_two(parted), *_two(asked)))
        people = {
            V.MEMBER: together.member_id,
            V.MATCHED_PEER: _peer(together),
            V.PARTED_MEMBER: parted.member_id,
            V.FORMER_PEER: _peer(parted),
            V.ASKING_MEMBER: asked.member_id,
            V.ASKED_PEER: _peer(asked),
            V.NOT_NOW_PEER: _peer(declined),
            V.OTHER_MEMBER: ended.member_id,
            V.UNMATCHED_PEER: _peer_of_nobody(),
            V.COORDINATOR: _held_by(Role.COORDINATOR)[0],
        }
        _thread(together, now)
        letters = {
            "of_member": _letter(people[V.MEMBER]),
            "of_peer": _letter(people[V.MATCHED_PEER]),
            "of_former_peer": _letter_about_nothing(people[V.FORMER_PEER], now),
        }
        matching_services.someone_else(parted.id, parted.member_id, revision=None, key="parted", now=now)
        matching_services.not_now(declined.id, _peer(declined), revision=None, key="declined", now=now)
        people |= _newcomers(now)
        objects: dict[str, dict[str, Values]] = {
            "walk": _ids(
                "walk_id",
                together=together.id,
                asked=asked.id,
                parted=parted.id,
                declined=declined.id,
                ended=ended.id,
            ),
            "chat": _ids("booking_id", together=ahead.id, parted=over.id),
            "letter": _ids("notice_id", **letters),
            "offer": _ids("peer_id", applied=_applied(), approved=_peer(together), of_no_peer=together.member_id),
            **_proposal(people[V.COORDINATOR], now),
            "open hour": _ids(
                "open_hour_id",
                of_peer=_open_hour(people[V.MATCHED_PEER], now),
                of_another=_open_hour(people[V.UNMATCHED_PEER], now),
            ),
            "talk": _ids("talk_id", wished=_talk()),
            "person": _ids("person_id", member=together.member_id),
            "step": {"first": {"number": 1}, NOWHERE: {"number": 99}},
            "weekday": {"tuesday": {"weekday": 1}, NOWHERE: {"weekday": 9}},
            "purpose": {"letters": {"purpose": "letters"}, NOWHERE: {"purpose": "nothing"}},
            "key": {"in_a_letter": {"token": KEY}, NOWHERE: {"token": "not-a-key"}},
            "asking": _ids("walk_id", of_peer=_asking(people[V.UNMATCHED_PEER], now), of_another=together.id),
            "file": {"style": {"filename": "css/site.css"}, NOWHERE: {"filename": "css/none.css"}},
            "letter kind": {"written": {"kind": "invitation"}, NOWHERE: {"kind": "none"}},
            "drawn letter": {
                "written": {"kind": "invitation", "degree": "dot", "light": "dark"},
                NOWHERE: {"kind": "invitation", "degree": "dot", "light": "dusk"},
            },
            "mail": {"kept": {"key": _kept_mail(mailbox, now)}, NOWHERE: {"key": "none"}},
        }
        objects["feed"] = _feeds(people[V.UNMATCHED_PEER], people[V.SUSPENDED], now)
        objects.update(_own_things(people[V.MATCHED_PEER], people[V.MEMBER], now))
    return Cast(people, objects)


def _ids(name: str, **scenes: int) -> dict[str, Values]:
    numbers = scenes | {NOWHERE: NO_ID}
    return {scene: {name: number} for scene, number in numbers.items()}


def _two(walk: Walk) -> tuple[int, int]:
    return walk.member_id, _peer(walk)


def _peer(walk: Walk) -> int:
    assert walk.peer_id is not None
    return walk.peer_id


def _walk_with_chat(kept: BookingState, states: set[State], without: Iterable[int]) -> tuple[Walk, Booking]:
    row = (
        read()
        .execute(
            select(Walk, Booking)
            .join(Booking, Booking.walk_id == Walk.id)
            .where(Booking.state == kept, Walk.state.in_(states), Walk.open)
            .where(Walk.peer_id.not_in(tuple(without)))
            .order_by(Booking.starts_at.desc(), Booking.id)
        )
        .first()
    )
    assert row is not None, "the demo community has lost a chat"
    walk, booking = row
    read().expunge_all()
    return walk, booking


def _invited(without: Iterable[int]) -> Walk:
    walk = read().scalar(
        select(Walk)
        .where(Walk.state == State.INVITED, Walk.open, Walk.peer_id.not_in(tuple(without)))
        .order_by(Walk.id)
        .limit(1)
    )
    assert walk is not None, "the demo community has too few peers who are asked"
    read().expunge_all()
    return walk


def _ended() -> Walk:
    walk = read().scalar(select(Walk).where(Walk.state == State.ENDED).order_by(Walk.id).limit(1))
    assert walk is not None, "the demo community has lost the walk that has ended well"
    read().expunge_all()
    return walk


def _held_by(role: Role) -> list[int]:
    return list(read().scalars(select(PersonRole.person_id).where(PersonRole.role == role).order_by("person_id")))


def _applied() -> int:
    found = read().scalar(select(PeerProfile.person_id).where(PeerProfile.state == PeerState.APPLIED).limit(1))
    assert found is not None
    return found


def _proposal(coordinator_id: int, now: datetime) -> dict[str, dict[str, Values]]:
    """A proposal that stands, and one of its pairs that could be published."""
    made = proposing.propose(coordinator_id, Fairness.NOBODY_OUT, revision=None, key="proposal", now=now)
    pending = select(ProposedPair.id).where(ProposedPair.proposal_id == made, ProposedPair.peer_id.is_not(None))
    pair_id = read().scalar(pending.order_by(ProposedPair.id).limit(1))
    assert pair_id is not None
    return {"proposal": _ids("proposal_id", stands=made), "proposed pair": _ids("pair_id", stands=pair_id)}


def _talk() -> int:
    found = read().scalar(select(TalkWish.id).where(TalkWish.settled_at.is_(None)).limit(1))
    assert found is not None, "nobody of the demo community would like a talk"
    return found


def _peer_of_nobody() -> int:
    busy = set(read().scalars(select(Walk.peer_id).where(Walk.peer_id.is_not(None))))
    free = [person_id for person_id in _held_by(Role.PEER) if person_id not in busy and person_id != _applied()]
    assert free, "the demo community has no peer left who is asked by nobody"
    return free[0]


def _asking(peer_id: int, now: datetime) -> int:
    """The walk whose member asks who offers; of the peers, only this one is asked."""
    walk_id = read().scalar(select(Walk.id).where(Walk.state == State.OFFERING, Walk.open).limit(1))
    assert walk_id is not None, "nobody of the demo community asks who offers"
    with transaction() as session:
        session.execute(delete(Offer).where(Offer.walk_id == walk_id))
        session.add(Offer(walk_id=walk_id, peer_id=peer_id, asked_at=now))
    return walk_id


def _open_hour(peer_id: int, now: datetime) -> int:
    """An open hour that is on now, so that one can come."""
    with transaction() as session:
        hour = OpenHour(
            peer_id=peer_id,
            starts_at=now - timedelta(minutes=5),
            ends_at=now + timedelta(hours=1),
            format=Format.PHONE,
            created_at=now,
        )
        session.add(hour)
        session.flush()
        return hour.id


def _thread(walk: Walk, now: datetime) -> None:
    """The two have a check-in and have written to one another, and one of them asks for a coordinator."""
    wish = Wish(frozenset({0}), 540, 8, None)
    checkin_services.set_check_in(walk.id, walk.member_id, wish, key="", now=now)
    for person_id in _two(walk):
        checkin_services.write(walk.id, person_id, "A few lines.", key="", now=now)
    checkin_services.bring_in(walk.id, walk.member_id, now=now)


def _letter(person_id: int) -> int:
    found = read().scalar(select(Notice.id).where(Notice.person_id == person_id).order_by(Notice.id).limit(1))
    assert found is not None
    return found


def _letter_about_nothing(person_id: int, now: datetime) -> int:
    theirs = read().scalar(select(Notice).limit(1))
    assert theirs is not None
    with transaction() as session:
        letter = Notice(about="access-1", person_id=person_id, kind=theirs.kind, due_at=now + FAR_OFF, created_at=now)
        session.add(letter)
        session.flush()
        return letter.id


def _newcomers(now: datetime) -> dict[Visitor, int]:
    """Add those whom the community does not have; names and addresses are changed to canaries later."""
    roles = {
        V.SUSPENDED: EVERY_ROLE,
        V.WITHOUT_CONSENT: EVERY_ROLE,
        V.HALF_COORDINATOR: (Role.COORDINATOR,),
        V.ADMINISTRATOR: (Role.ADMINISTRATOR,),
    }
    found = {}
    for number, (visitor, held) in enumerate(roles.items()):
        found[visitor] = account_services.add_person(f"new{number}@example.org", held, name=f"New {number}", now=now)
        if visitor is not V.WITHOUT_CONSENT:
            account_services.give_consents(found[visitor], list(Purpose), now=now)
    return found


def suspend(app: Flask, person_id: int, now: datetime) -> None:
    """Suspend somebody who is signed in already."""
    with app.app_context(), transaction() as session:
        session.get_one(Person, person_id).suspended_at = now


def _own_things(peer_id: int, member_id: int, now: datetime) -> dict[str, dict[str, Values]]:
    day = (now + timedelta(days=9)).date()
    with transaction() as session:
        rows = (
            OtherHours(peer_id=peer_id, day=day, starts=600, ends=660),
            TimeOff(peer_id=peer_id, starts_at=now + timedelta(days=40), ends_at=now + timedelta(days=41)),
            Apart(person_id=member_id, email="apart@example.org", at=now),
            BusyCalendar(peer_id=peer_id, address="https://calendar.example.org/", created_at=now),
            Season(peer_id=peer_id, first_day=day + timedelta(days=100), last_day=day + timedelta(days=120)),
            ZoneStay(
                peer_id=peer_id, first_day=day + timedelta(days=130), last_day=day + timedelta(days=131), zone="UTC"
            ),
            MeetingPlace(peer_id=peer_id, name="Corner café", address="12 Main Street", position=1),
            PushDevice(
                person_id=member_id,
                endpoint="https://push.example.org/1",
                endpoint_hash="1",
                p256dh="",
                auth="",
                created_at=now,
            ),
        )
        # The copied day has hours for every peer who looks at it.
        held = set(session.scalars(select(WeeklyHours.peer_id).where(WeeklyHours.weekday == 1)))
        everybody = set(session.scalars(select(PersonRole.person_id).where(PersonRole.role == Role.PEER)))
        session.add_all(rows)
        session.add_all(WeeklyHours(peer_id=each, weekday=1, starts=600, ends=660) for each in sorted(everybody - held))
        session.add(Unsubscribe(token_hash=hash_of(KEY), person_id=member_id, created_at=now))
        session.flush()
        season = rows[4].id
        session.add(WeeklyHours(peer_id=peer_id, season_id=season, weekday=1, starts=600, ends=660))
        session.flush()
        window = session.scalars(select(WeeklyHours.id).where(WeeklyHours.peer_id == peer_id).limit(1)).one()
        return {
            "window": _ids("window_id", of_peer=window),
            "date": _ids("window_id", of_peer=rows[0].id),
            "time off": _ids("time_off_id", of_peer=rows[1].id),
            "apart": _ids("apart_id", of_member=rows[2].id),
            "calendar": _ids("calendar_id", of_peer=rows[3].id),
            "season": _ids("season_id", of_peer=season),
            "season day": {
                "of_peer": {"season_id": season, "weekday": 1},
                NOWHERE: {"season_id": season, "weekday": 9},
            },
            "stay": _ids("stay_id", of_peer=rows[5].id),
            "place": _ids("place_id", of_peer=rows[6].id),
            "device": _ids("device_id", of_member=rows[7].id),
        }


def _feeds(peer_id: int, suspended_id: int, now: datetime) -> dict[str, Values]:
    """An address that stands, one that was taken back, and one of somebody suspended."""
    ended = {"stands": None, "ended": now, "of_suspended": None}
    owners = {"stands": peer_id, "ended": peer_id, "of_suspended": suspended_id}
    with transaction() as session:
        session.add_all(
            CalendarFeed(
                person_id=owner, token_hash=hash_of(scene), created_at=now, revoked_at=ended[scene], read_at=now
            )
            for scene, owner in owners.items()
        )
    keys: dict[str, Values] = {scene: {"key": scene} for scene in owners}
    return keys | {NOWHERE: {"key": "no-key"}}


def _kept_mail(folder: Path, now: datetime) -> str:
    letter = EmailMessage()
    letter["To"], letter["Subject"], letter["Date"] = "somebody@example.org", "You have a note", now
    letter.set_content("A note.")
    letter.add_attachment(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "application", "ics", filename="invite.ics")
    return str(Maildir(folder, create=True).add(letter.as_bytes()))
