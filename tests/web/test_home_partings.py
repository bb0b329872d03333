"""A walk that is over: the other of the two reads it on their own page, and an old link leads there."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.account import Role
from portal.domain.matching.ending import PARTING_TOLD_FOR, Taper
from portal.domain.matching.walk import State
from portal.services import account as account_services
from portal.services import matching
from tests.booking_cast import signed_in
from tests.matching_cast import Hill, both_yes, invited, set_walk, walking
from tests.services.outbox import add_person
from tests.web.account_steps import Watch

pytestmark = [
    pytest.mark.usefixtures("no_tokens", "watch"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]
OF_ANA = "Your walk with Ana has come to its end"
OF_BEN = "Your walk with Ben has come to its end"
LOOKING = "We look for somebody else with you."


def parted(app: Flask, hill: Hill, now: datetime, *, by: int) -> int:
    """Ana and Ben knew one another; one of them would rather have somebody else."""
    with app.app_context():
        walk_id = both_yes(hill, now)
        matching.someone_else(walk_id, by, revision=None, key="", now=now)
    return walk_id


def main_of(client: FlaskClient, path: str = "/") -> str:
    return client.get(path).text.partition("<main")[2].partition("</main")[0]


def test_the_peer_reads_it_without_a_reason_and_the_member_who_said_so_does_not(
    app: Flask, hill: Hill, ana: FlaskClient, ben: FlaskClient, now: datetime
) -> None:
    parted(app, hill, now, by=hill.member)
    his = main_of(ben)
    assert (OF_ANA in his, "Nobody asks why" in his, "/keepsake" in his) == (True, True, False)
    assert "come to its end" not in main_of(ana)


def test_the_member_reads_it_and_that_we_look_on(
    app: Flask, hill: Hill, ana: FlaskClient, ben: FlaskClient, now: datetime
) -> None:
    parted(app, hill, now, by=hill.peers[0])
    hers = main_of(ana)
    assert (OF_BEN in hers, LOOKING in hers, "Carter" in hers) == (True, True, False)
    assert "come to its end" not in main_of(ben)


def test_a_goodbye_leaves_a_card_with_the_page_to_keep(
    app: Flask, hill: Hill, ana: FlaskClient, ben: FlaskClient, now: datetime
) -> None:
    with app.app_context():
        walk_id = walking(hill, now)
        matching.end(walk_id, hill.member, Taper.TODAY, revision=None, key="", now=now)
    his = main_of(ben)
    assert (OF_ANA in his, f'href="/walk/{walk_id}/keepsake"' in his) == (True, True)
    assert OF_BEN not in main_of(ana)
    assert ben.get(f"/walk/{walk_id}").headers["Location"] == f"/walk/{walk_id}/keepsake"


def test_when_the_last_day_goes_by_both_read_it(
    app: Flask, hill: Hill, ana: FlaskClient, ben: FlaskClient, now: datetime, watch: Watch
) -> None:
    with app.app_context():
        walk_id = walking(hill, now)
        matching.end(walk_id, hill.member, Taper.ONE_CHAT, revision=None, key="", now=now)
        watch.time = now + timedelta(days=20)
        assert matching.end_due(now=watch.time) == 1
    ana, ben = signed_in(app, hill.member, watch.time), signed_in(app, hill.peers[0], watch.time)
    assert (OF_BEN in main_of(ana), OF_ANA in main_of(ben)) == (True, True)


def test_after_two_weeks_the_card_is_gone_and_the_old_link_still_tells(
    app: Flask, hill: Hill, now: datetime, watch: Watch
) -> None:
    walk_id = parted(app, hill, now, by=hill.member)
    watch.time = now + PARTING_TOLD_FOR
    ben = signed_in(app, hill.peers[0], watch.time)
    assert OF_ANA not in main_of(ben)
    assert ben.get(f"/walk/{walk_id}").headers["Location"] == "/"
    assert ben.get("/").text.count(OF_ANA) == 1


def test_an_old_link_leads_home_where_it_is_said_once(
    app: Flask, hill: Hill, ana: FlaskClient, ben: FlaskClient, now: datetime
) -> None:
    walk_id = parted(app, hill, now, by=hill.member)
    assert ana.get(f"/walk/{walk_id}").headers["Location"] == "/"
    assert OF_BEN in ana.get("/").text
    assert ben.get(f"/walk/{walk_id}").headers["Location"] == "/"
    assert ben.get("/").text.count(OF_ANA) == 1


def test_a_stranger_still_finds_nothing(app: Flask, hill: Hill, now: datetime) -> None:
    walk_id = parted(app, hill, now, by=hill.member)
    with app.app_context():
        sam = add_person("Sam", now, Role.MEMBER)
    for person_id in (sam, hill.peers[1]):
        client = signed_in(app, person_id, now)
        assert client.get(f"/walk/{walk_id}").status_code == 404
        assert "come to its end" not in main_of(client)


def test_who_was_only_asked_never_knew_and_is_told_nothing(
    app: Flask, hill: Hill, ben: FlaskClient, now: datetime
) -> None:
    with app.app_context():
        walk_id = invited(hill, now)
        matching.someone_else(walk_id, hill.member, revision=None, key="", now=now)
    assert "come to its end" not in main_of(ben)
    assert ben.get(f"/walk/{walk_id}").status_code == 404


def test_a_member_who_stops_looking_leaves_the_peer_a_word(
    app: Flask, hill: Hill, ben: FlaskClient, now: datetime
) -> None:
    with app.app_context():
        walk_id = both_yes(hill, now)
        matching.stop(walk_id, hill.member, revision=None, key="", now=now)
    assert OF_ANA in main_of(ben)


def test_who_keeps_the_other_apart_reads_nothing_of_them(
    app: Flask, hill: Hill, ben: FlaskClient, now: datetime
) -> None:
    walk_id = parted(app, hill, now, by=hill.member)
    with app.app_context():
        account_services.keep_apart(hill.peers[0], "ana@example.org", now=now)
    assert "come to its end" not in main_of(ben)
    assert ben.get(f"/walk/{walk_id}").status_code == 404


def test_before_the_first_chat_leaving_stands_alone_without_a_heading(
    app: Flask, hill: Hill, ana: FlaskClient, ben: FlaskClient, now: datetime
) -> None:
    with app.app_context():
        walk_id = both_yes(hill, now)
    for client, leave in ((ana, "I would rather meet someone else"), (ben, "Not the right fit")):
        page = main_of(client, f"/walk/{walk_id}")
        assert (leave in page, "How it may go on" in page) == (True, False)
    with app.app_context():
        set_walk(walk_id, state=State.WALKING)
    assert "How it may go on" in main_of(ben, f"/walk/{walk_id}")
