"""Reads the demo community (demo/*.toml); the format is told at the head of demo/peers.toml. Everybody is invented."""

from collections.abc import Iterable
from functools import cache
from types import MappingProxyType
from typing import Any

from portal.data.cast import (
    Chat,
    Community,
    Keepsakes,
    MemberTold,
    MemberTopic,
    OpenHour,
    PeerTold,
    PeerTopic,
    Person,
    Place,
    Reflections,
    SafeContact,
    Season,
    Stay,
    Swap,
    TimeOff,
    Town,
    Trait,
    Walk,
    WeeklyHours,
    Wish,
)
from portal.data.files import WEEKDAYS, minutes, read
from portal.domain.account import Discretion, PeerState, Role
from portal.domain.booking import Felt
from portal.domain.experience import (
    DayPart,
    Format,
    ForWhom,
    Length,
    Need,
    Pathway,
    Readiness,
    Rhythm,
    SharedTo,
    Stage,
    Strength,
    Style,
    WishKind,
)
from portal.domain.matching.walk import State, Step

Row = dict[str, Any]


@cache
def community() -> Community:
    """Return the invented people and their walks."""
    rows: list[Row] = [*read("demo", "peers.toml")["person"], *read("demo", "members.toml")["person"]]
    people = {row["key"]: _person(row) for row in rows}
    if len(people) != len(rows):
        raise ValueError("two people of the demo community have the same key")
    walks = tuple(_walk(row) for row in read("demo", "walks.toml")["walk"])
    return Community(MappingProxyType(people), walks)


@cache
def _towns() -> dict[str, Town]:
    rows: list[Row] = read("demo", "towns.toml")["town"]
    return {row["key"]: Town(**{name: value for name, value in row.items() if name != "key"}) for row in rows}


def _person(row: Row) -> Person:
    return Person(
        key=row["key"],
        email=row["email"],
        name=row["name"],
        roles=tuple(Role(role) for role in row["roles"]),
        zone=row["zone"],
        language=row["language"],
        discretion=Discretion(row.get("discretion", Discretion.DISCREET)),
        member=_member(row["member"]) if "member" in row else None,
        peer=_peer(row["peer"]) if "peer" in row else None,
        looks_after=tuple(row.get("looks_after", ())),
        wishes_talk=row.get("wishes_talk", False),
    )


def _member(row: Row) -> MemberTold:
    return MemberTold(
        for_whom=ForWhom(row["for_whom"]),
        topics=tuple(MemberTopic(topic["slug"], topic["rank"], Stage(topic["stage"])) for topic in row["topics"]),
        own_words=row["own_words"],
        needs=tuple(Need(need) for need in row["needs"]),
        styles=tuple(Style(style) for style in row["styles"]),
        formats=tuple(Format(each) for each in row["formats"]),
        town=_towns()[row["town"]] if "town" in row else None,
        radius_km=row.get("radius_km"),
        languages=tuple(row["languages"]),
        pathways=tuple(Pathway(pathway) for pathway in row.get("pathways", ())),
        times=tuple(DayPart(part) for part in row["times"]),
        rhythm=Rhythm(row["rhythm"]),
        length=Length(row["length"]),
        wishes=tuple(
            Wish(WishKind(wish["kind"]), Strength(wish["strength"]), wish["value"]) for wish in row.get("wishes", ())
        ),
        traits=_traits(row),
        safe_contact=SafeContact(**row["safe_contact"]) if "safe_contact" in row else None,
    )


def _peer(row: Row) -> PeerTold:
    return PeerTold(
        about=row["about"],
        story=row["story"],
        topics=tuple(
            PeerTopic(topic["slug"], Stage(topic["stage"]), Readiness(topic["readiness"])) for topic in row["topics"]
        ),
        styles=tuple(Style(style) for style in row["styles"]),
        formats=tuple(Format(each) for each in row["formats"]),
        town=_towns()[row["town"]] if "town" in row else None,
        radius_km=row.get("radius_km"),
        languages=tuple(row["languages"]),
        traits=_traits(row),
        capacity_units=row["capacity_units"],
        length=Length(row["length"]),
        rest_minutes=row["rest"],
        notice_hours=row["notice_hours"],
        horizon_days=row["horizon_days"],
        hours=_weekly(row["hours"]),
        time_off=tuple(TimeOff(off["from_days"], off["to_days"]) for off in row.get("time_off", ())),
        resting=row.get("resting", False),
        state=PeerState(row.get("state", PeerState.APPROVED)),
        ready_days_ago=row.get("ready_days_ago", 3),
        busy=_weekly(row.get("busy", ())),
        seasons=tuple(
            Season(each["from_days"], each["to_days"], _weekly(each["hours"])) for each in row.get("seasons", ())
        ),
        stays=tuple(Stay(**stay) for stay in row.get("stays", ())),
        places=tuple(Place(**place) for place in row.get("places", ())),
        other_lengths=tuple(row.get("other_lengths", ())),
        says_yes_first=row.get("says_yes_first", False),
        open_hours=tuple(
            OpenHour(each["in_days"], minutes(each["from"]), minutes(each["to"])) for each in row.get("open_hours", ())
        ),
    )


def _weekly(rows: Iterable[Row]) -> tuple[WeeklyHours, ...]:
    return tuple(
        WeeklyHours(
            WEEKDAYS.index(row["day"]),
            minutes(row["from"]),
            minutes(row["to"]),
            tuple(map(Format, row.get("ways", ()))),
        )
        for row in rows
    )


def _traits(row: Row) -> tuple[Trait, ...]:
    return tuple(
        Trait(WishKind(trait["kind"]), trait["value"], SharedTo(trait["shown_to"])) for trait in row.get("traits", ())
    )


def _walk(row: Row) -> Walk:
    return Walk(
        member=row["member"],
        state=State(row["state"]),
        asked_days_ago=row["asked_days_ago"],
        shortlist=tuple(row.get("shortlist", ())),
        chosen=tuple(row.get("chosen", ())),
        offered=tuple(row.get("offered", ())),
        choose_with_me=row.get("choose_with_me", False),
        hold_reason=row.get("hold_reason", ""),
        peer=row.get("peer"),
        invited_hours_ago=row.get("invited_hours_ago"),
        swap=Swap(row["swap"]["from"], row["swap"]["to"], row["swap"]["reason"]) if "swap" in row else None,
        chat=_chat(row["chat"]) if "chat" in row else None,
        not_made=_chat(row["not_made"]) if "not_made" in row else None,
        reflections=Reflections(**{who: Step(answer) for who, answer in row["reflections"].items()})
        if "reflections" in row
        else None,
        ends_in_days=row.get("ends_in_days"),
        keepsakes=Keepsakes(**row["keepsakes"]) if "keepsakes" in row else None,
        quiet_days=row.get("quiet_days"),
        felt=Felt(row["felt"]) if "felt" in row else None,
    )


def _chat(row: Row) -> Chat:
    return Chat(
        row["days_from_now"], WEEKDAYS.index(row["day"]), minutes(row["at"]), Format(row["format"]), row["place"]
    )
