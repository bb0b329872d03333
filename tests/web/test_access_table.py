"""Every address x every visitor x own and foreign objects, with and without HTMX: only whom the table names."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal.services import matching as matching_services
from tests.servers.databases import DEMO, Databases
from tests.web.access_canaries import WORD, Canary
from tests.web.access_policy import (
    ANYBODY,
    NOBODY,
    NOWHERE,
    POLICIES,
    STAFF,
    Outcome,
    Policy,
    Visitor,
    expected,
    fits,
)
from tests.web.access_round import Answer, Copy, House, Round, house_on, methods_of, stillness

# A coordinator's look into what is told is written down by the look itself.
GETS_THAT_WRITE = {"care.application", "care.people"}
# Here a tap opens what is closed; it is written down, and the member can see it.
OPENED_BY_A_TAP = {
    ("care.look", "own words"),
    ("care.look", "access needs"),
    ("care.reach", "e-mail address"),
    ("care.reach", "how to reach them"),
    ("care.reach", "safe contact"),
}

SAMPLE = {Visitor.MEMBER, Visitor.MATCHED_PEER, Visitor.ASKED_PEER, Visitor.FORMER_PEER, Visitor.COORDINATOR}


@pytest.fixture
def house(round_of_doors: Round) -> House:
    return round_of_doors.house


@pytest.fixture
def answers(round_of_doors: Round) -> list[Answer]:
    return round_of_doors.answers


# Machines are told by the status that no worker runs here.
NO_FAULT = {("home.readyz", 503)}


def wrong(answers: Iterable[Answer], policies: dict[str, Policy] = POLICIES) -> list[str]:
    """Return a sentence for each answer that is not what the table says, or a fault."""
    return [
        f"{answer.ask}: {answer.status} {answer.outcome} {answer.location}"
        for answer in answers
        if (answer.status >= 500 and (answer.ask.endpoint, answer.status) not in NO_FAULT)
        or not fits(policies[answer.ask.endpoint], answer.ask.visitor, answer.ask.scene, answer.outcome)
    ]


def leaks(answers: Iterable[Answer], canaries: list[Canary], people: dict[Visitor, int]) -> list[str]:
    """Return a sentence for each canary on a page of somebody who may not read that field."""
    found = []
    for answer in answers:
        told = f"{answer.location} {answer.body}"
        if answer.ask.endpoint.startswith("demo.") or "zq" not in told.lower():
            continue  # the doors of the demonstration show its invented people to everybody
        reader = people.get(answer.ask.visitor)
        found += [
            f"{answer.ask}: {canary.field} of {canary.owner}"
            for canary in canaries
            if canary.word in told
            and reader not in canary.readers
            and not (reader_is_staff(answer) and (answer.ask.endpoint, canary.field) in OPENED_BY_A_TAP)
        ]
    return found


def reader_is_staff(answer: Answer) -> bool:
    return answer.ask.visitor in STAFF


def unknown(app: Flask, policies: dict[str, Policy] = POLICIES) -> set[str]:
    """Return the endpoints without a row, and the rows without an endpoint."""
    return {rule.endpoint for rule in app.url_map.iter_rules()} ^ set(policies)


def test_every_route_has_a_row_and_every_row_a_route(house: House) -> None:
    assert unknown(house.app) == set()


def test_a_new_route_without_a_row_is_found(house: House) -> None:
    without = {name: policy for name, policy in POLICIES.items() if name != "care.look"}
    assert unknown(house.app, without) == {"care.look"}


def test_each_visitor_gets_what_the_table_says(answers: list[Answer]) -> None:
    assert wrong(answers) == []


def test_the_round_went_through_every_door(house: House, answers: list[Answer]) -> None:
    asked = {(answer.ask.endpoint, answer.ask.method, answer.ask.visitor, answer.ask.htmx) for answer in answers}
    ways = {(rule.endpoint, method) for rule in house.app.url_map.iter_rules() for method in methods_of(rule)}
    assert len(asked) == len(ways) * len(Visitor) * 2


def test_somebody_comes_in_at_every_door_and_to_every_object(answers: list[Answer]) -> None:
    came_in = {
        (answer.ask.endpoint, answer.ask.method, answer.ask.scene)
        for answer in answers
        if answer.outcome is Outcome.IN or POLICIES[answer.ask.endpoint].says_no
    }
    meant = {
        (answer.ask.endpoint, answer.ask.method, answer.ask.scene)
        for answer in answers
        if not POLICIES[answer.ask.endpoint].leads_on
        and POLICIES[answer.ask.endpoint].there_for.get(answer.ask.scene, ANYBODY) != NOBODY
    }
    assert meant - came_in == set()


def test_who_was_refused_changed_nothing(answers: list[Answer]) -> None:
    assert [str(answer.ask) for answer in answers if answer.outcome is not Outcome.IN and answer.changed] == []


def test_opening_a_page_changes_nothing(answers: list[Answer]) -> None:
    opened = [answer for answer in answers if answer.ask.method == "GET" and answer.changed]
    assert {answer.ask.endpoint for answer in opened} - GETS_THAT_WRITE == set()


def test_a_strangers_object_looks_like_one_that_is_not_there(answers: list[Answer]) -> None:
    def place(answer: Answer) -> tuple[object, ...]:
        return answer.ask.endpoint, answer.ask.method, answer.ask.visitor, answer.ask.htmx

    nothing = {place(answer): answer.page for answer in answers if answer.ask.scene == NOWHERE}
    hidden = [answer for answer in answers if answer.outcome is Outcome.HIDDEN and answer.ask.scene]
    assert len(hidden) > len(nothing) / 2
    assert [str(answer.ask) for answer in hidden if answer.page != nothing[place(answer)]] == []


def test_htmx_opens_no_door(answers: list[Answer]) -> None:
    def place(answer: Answer) -> tuple[object, ...]:
        return answer.ask.endpoint, answer.ask.method, answer.ask.visitor, answer.ask.scene

    plain = {place(answer): answer.outcome for answer in answers if not answer.ask.htmx}
    assert [str(answer.ask) for answer in answers if answer.outcome is not plain[place(answer)]] == []


def test_no_page_holds_a_field_that_its_reader_may_not_see(house: House, answers: list[Answer]) -> None:
    assert leaks(answers, house.canaries, house.cast.people) == []


def test_every_guarded_field_is_seen_by_somebody_who_may(house: House, answers: list[Answer]) -> None:
    """A canary in a field that no page ever shows would guard nothing, but where nobody at all may see it."""
    seen = {word for answer in answers for word in WORD.findall(answer.body)}
    assert {canary.field for canary in house.canaries if canary.word in seen} == {
        canary.field for canary in house.canaries if canary.readers
    }


def test_the_checker_sees_an_open_door(answers: list[Answer]) -> None:
    """What would be said if the table were stricter than the house."""
    stricter = POLICIES | {
        "booking.chat": replace(POLICIES["booking.chat"], there_for={NOWHERE: NOBODY, "together": NOBODY})
    }
    seen = wrong((answer for answer in answers if answer.ask.endpoint == "booking.chat"), stricter)
    both = (Visitor.MEMBER, Visitor.MATCHED_PEER)
    assert [line.partition(":")[0] for line in seen if "[together]" in line] == [
        f"GET booking.chat [together] as {visitor}{how}" for visitor in both for how in ("", " by htmx")
    ]


def test_the_checker_sees_a_leak(house: House, answers: list[Answer]) -> None:
    """A peer's address on the page of a member who waits for their yes."""
    page = next(answer for answer in answers if answer.ask.visitor is Visitor.ASKING_MEMBER and answer.status == 200)
    peer = house.cast.people[Visitor.ASKED_PEER]
    broken = replace(page, body=page.body + f"<p>zqmail{peer}z@example.org</p>")
    assert leaks([broken], house.canaries, house.cast.people) == [f"{page.ask}: e-mail address of {peer}"]


def test_the_table_knows_an_ending_from_a_match() -> None:
    """The same door, one peer before and after somebody looked for someone else."""
    chat = POLICIES["booking.chat"]
    assert [expected(chat, Visitor.MATCHED_PEER, "together"), expected(chat, Visitor.FORMER_PEER, "parted")] == [
        Outcome.IN,
        Outcome.HIDDEN,
    ]


def test_access_ends_in_the_instant_of_the_ending(house: House) -> None:
    """The same cookie, the same addresses, one request before and one after somebody looked for someone else."""
    copy, cast = Copy(house.app), house.cast
    asks = [
        ask
        for ask in house.asks()
        if (ask.visitor, ask.scene, ask.method) == (Visitor.MATCHED_PEER, "together", "GET")
        and POLICIES[ask.endpoint].objects in ("walk", "chat")
        and expected(POLICIES[ask.endpoint], ask.visitor, ask.scene) is Outcome.IN
    ]
    with stillness() as now:
        before = {house.send(ask)[0] for ask in asks}
        with house.app.app_context():
            walk_id = int(cast.objects["walk"]["together"]["walk_id"])
            matching_services.someone_else(walk_id, cast.people[Visitor.MEMBER], revision=None, key="over", now=now)
        after = {(ask.endpoint, house.send(ask)[0]) for ask in asks}
    copy.put_back()
    assert 404 not in before
    # The walk leads home, and the question to whoever was asked leads on: one line says that it is over.
    assert {endpoint for endpoint, status in after if status != 404} == {"matching.walk", "matching.invitation"}
    assert {endpoint for endpoint, _status in after} == {ask.endpoint for ask in asks}


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_postgresql_gives_the_same_answers(databases: Databases, tmp_path: Path) -> None:
    url = databases.fresh(DEMO)
    with stillness() as now:
        house = house_on(url, tmp_path, now)
        asks = [ask for ask in house.asks() if ask.visitor in SAMPLE and ask.scene and ask.method == "GET"]
        sample = [Answer(ask, *house.send(ask), changed=False) for ask in asks if not ask.htmx]
    house.close()
    databases.drop(url)
    assert wrong(sample) == []
    assert leaks(sample, house.canaries, house.cast.people) == []
