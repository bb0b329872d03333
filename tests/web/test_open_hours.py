"""The pages of open hours: a peer offers one and calls people in, a member comes and sees whose turn it is."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.services import booking as services
from tests.booking_cast import Pair, add_pair, add_peer, signed_in
from tests.checkin_cast import write
from tests.services.outbox import deliver_due, rows
from tests.web.account_steps import Watch

pytestmark = pytest.mark.usefixtures("no_tokens")

SIX = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)  # six in the evening in New York, on the day of `now`
FORM = {"day": "2026-03-02", "starts": "18:00", "ends": "19:00", "way": "phone", "place": "Just call"}


@pytest.fixture
def pair(app: Flask, now: datetime) -> Pair:
    with app.app_context():
        return add_pair(now, State.WALKING)


@pytest.fixture
def hour_id(app: Flask, pair: Pair, now: datetime) -> int:
    with app.app_context():
        return services.offer_hour(pair.peer_id, SIX, SIX + timedelta(hours=1), Format.PHONE, "", key="", now=now)


def at_six(app: Flask, watch: Watch, *people: int) -> list[FlaskClient]:
    """Turn the clock to six and sign these people in."""
    watch.time = SIX
    return [signed_in(app, person_id, SIX) for person_id in people]


def test_a_peer_offers_an_hour_and_a_member_finds_it_at_home(
    app: Flask, pair: Pair, watch: Watch, now: datetime
) -> None:
    peer, member = signed_in(app, pair.peer_id, now), signed_in(app, pair.member_id, now)
    answer = peer.post("/open-hours", data=FORM)
    assert (answer.status_code, answer.location) == (303, "/open-hours")
    assert "Monday 2 March, 6:00 pm to 7:00 pm" in peer.get("/open-hours").text
    assert "Your open hour" in peer.get("/").text
    home = member.get("/").text
    assert "Maya has a willing ear" in home
    assert "Tuesday 3 March, 12:00 am to 1:00 am" in home


def test_what_somebody_wrote_stands_before_their_open_hour(
    app: Flask, pair: Pair, hour_id: int, watch: Watch, now: datetime
) -> None:
    with app.app_context():
        write(pair, pair.peer_id, "Thinking of you.", now)
        write(pair, pair.member_id, "Thank you.", now)
    homes = [signed_in(app, each, now).get("/").text for each in (pair.member_id, pair.peer_id)]
    assert homes[0].index("A few lines from Maya") < homes[0].index("Maya has a willing ear")
    assert homes[1].index("A few lines from Ana") < homes[1].index("Your open hour")


def test_bad_times_are_said_beside_the_field_and_stay(app: Flask, pair: Pair, watch: Watch, now: datetime) -> None:
    peer = signed_in(app, pair.peer_id, now)
    page = peer.post("/open-hours", data=FORM | {"ends": "18:05"})
    assert page.status_code == 422
    assert "Please give it at least a quarter of an hour." in page.text
    assert 'value="18:05"' in page.text
    page = peer.post("/open-hours", data=FORM | {"starts": "soon"})
    assert page.status_code == 422
    assert 'value="soon"' in page.text


def test_one_comes_waits_is_called_and_reads_how_to_reach_them(
    app: Flask, pair: Pair, hour_id: int, watch: Watch
) -> None:
    member, peer = at_six(app, watch, pair.member_id, pair.peer_id)
    assert "Come in" in member.get(f"/open-hours/{hour_id}/come").text
    assert member.post(f"/open-hours/{hour_id}/come").status_code == 303
    assert "You are next." in member.get(f"/open-hours/{hour_id}/come").text
    page = peer.get(f"/open-hours/{hour_id}").text
    assert "Call Ana in" in page
    peer.post(f"/open-hours/{hour_id}/next", data={"seen": ""})
    assert "It is Ana’s turn." in peer.get(f"/open-hours/{hour_id}").text
    assert "It is your turn." in member.get(f"/open-hours/{hour_id}/come").text
    peer.post(f"/open-hours/{hour_id}/next", data={"seen": str(pair.member_id)})
    assert "You have been here." in member.get(f"/open-hours/{hour_id}/come").text


def test_a_page_of_before_skips_nobody(app: Flask, pair: Pair, hour_id: int, watch: Watch) -> None:
    member, peer = at_six(app, watch, pair.member_id, pair.peer_id)
    member.post(f"/open-hours/{hour_id}/come")
    for _tap in range(2):
        peer.post(f"/open-hours/{hour_id}/next", data={"seen": ""})
    assert "It is your turn." in member.get(f"/open-hours/{hour_id}/come").text
    assert "This has changed in the meantime." in peer.get(f"/open-hours/{hour_id}").text


def test_whoever_waited_when_it_ended_is_led_to_the_times(app: Flask, pair: Pair, hour_id: int, watch: Watch) -> None:
    member, peer = at_six(app, watch, pair.member_id, pair.peer_id)
    member.post(f"/open-hours/{hour_id}/come")
    peer.post(f"/open-hours/{hour_id}/end")
    page = member.get(f"/open-hours/{hour_id}/come").text
    assert "You have not been forgotten" in page
    assert f'href="/book/{pair.walk_id}"' in page


def test_the_letter_that_it_is_off_leads_to_the_hour_which_says_so(
    app: Flask, pair: Pair, hour_id: int, watch: Watch, now: datetime
) -> None:
    with app.app_context():
        deliver_due(now)
    peer, member = signed_in(app, pair.peer_id, now), signed_in(app, pair.member_id, now)
    assert (
        "Whoever we had written to about it is told."
        in peer.post(f"/open-hours/{hour_id}/call-off", follow_redirects=True).text
    )
    with app.app_context():
        (notice,) = rows([Kind.HOUR_OFF])
    assert member.get(f"/n/{notice.id}").location == f"/open-hours/{hour_id}/come"
    page = member.get(f"/open-hours/{hour_id}/come").text
    assert "Maya had to call this hour off." in page
    assert f'href="/book/{pair.walk_id}"' in page


def test_strangers_get_404_members_403_and_a_get_acts_not(app: Flask, pair: Pair, hour_id: int, watch: Watch) -> None:
    with app.app_context():
        other = add_pair(watch.time, State.WALKING, peer_id=add_peer(watch.time, "Kim"), name="Sam")
    member, peer, stranger, strange_peer = at_six(
        app, watch, pair.member_id, pair.peer_id, other.member_id, other.peer_id
    )
    assert stranger.get(f"/open-hours/{hour_id}/come").status_code == 404
    assert stranger.post(f"/open-hours/{hour_id}/come").status_code == 404
    assert strange_peer.get(f"/open-hours/{hour_id}").status_code == 404
    assert strange_peer.post(f"/open-hours/{hour_id}/next").status_code == 404
    assert member.get("/open-hours").status_code == 403
    assert peer.get(f"/open-hours/{hour_id}/come").status_code == 403
    for verb in ("next", "end", "call-off"):
        assert peer.get(f"/open-hours/{hour_id}/{verb}").status_code == 405


def test_htmx_gets_the_part_that_changes(app: Flask, pair: Pair, hour_id: int, watch: Watch) -> None:
    (member,) = at_six(app, watch, pair.member_id)
    page = member.get(f"/open-hours/{hour_id}/come", headers={"HX-Request": "true"})
    assert (page.status_code, "<html" in page.text) == (200, False)


@pytest.mark.parametrize(
    "form", [{"day": "0001-01-01", "starts": "00:00", "ends": "01:00"}, {"day": "9999-12-31", "ends": "17:00"}]
)
def test_a_day_where_the_calendar_ends_is_refused_beside_its_field(
    app: Flask, watch: Watch, now: datetime, form: dict[str, str]
) -> None:
    with app.app_context():
        peer_id = add_peer(now, zone="Europe/Berlin")
    page = signed_in(app, peer_id, now).post("/open-hours", data=FORM | form)
    assert page.status_code == 422
    assert "Please choose a day within the next two months." in page.text
