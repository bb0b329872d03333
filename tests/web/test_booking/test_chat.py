"""The page of a chat: when, with whom, how, and what it says of letters."""

from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from portal.services.account import SafeAnswers, set_reach, set_safe_contact
from tests.booking_cast import TUESDAY_TEN, Pair, add_pair, add_peer, signed_in
from tests.web.test_booking.part import form_for


def test_a_chat_tells_when_with_whom_and_how(member: FlaskClient, peer: FlaskClient, booking_id: int) -> None:
    page = member.get(f"/chat/{booking_id}")
    assert page.status_code == 200
    assert "<title>Coffee ·" in page.text
    for words in ("Tuesday 3 March, 4:00 pm", "10:00 am for Maya", "Coffee in public", "Juniper Café", "30 minutes"):
        assert words in page.text
    assert "Tuesday 3 March, 10:00 am" in peer.get(f"/chat/{booking_id}").text


def test_a_chat_goes_into_ones_own_calendar(member: FlaskClient, booking_id: int) -> None:
    entry = member.get(f"/chat/{booking_id}/invite.ics")
    assert entry.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    lines = entry.text.splitlines()
    for line in ("METHOD:PUBLISH", "DTSTART:20260303T150000Z", "DTEND:20260303T153000Z", "SUMMARY:Coffee"):
        assert line in lines
    assert "ATTENDEE" not in entry.text
    assert "Maya" not in entry.text


def test_nobody_is_said_to_get_a_letter_who_may_not_be_written_to(
    app: Flask, member: FlaskClient, pair: Pair, now: datetime
) -> None:
    with app.app_context():
        for person_id in (pair.member_id, pair.peer_id):
            set_safe_contact(person_id, SafeAnswers(may_email=False), now=now)
    check = f"/book/{pair.walk_id}/check?starts_at=2026-03-03T15:00Z"
    assert "You get a letter" not in member.get(check).text
    chat = member.post(f"/book/{pair.walk_id}", data=form_for(TUESDAY_TEN)).location
    page = member.get(chat).text
    assert ("Booked. You can see it here at any time." in page, "An invitation" in page) == (True, False)
    assert "gets a letter" not in member.get(f"{chat}/move/check?starts_at=2026-03-03T16:00Z").text
    cancelling = member.get(f"{chat}/cancel").text
    assert ("gets a short letter" in cancelling, "Maya hears that the chat is off." in cancelling) == (False, True)
    member.post(f"{chat}/cancel", data={"revision": "0"})
    assert "Maya hears of it. No reason is given." in member.get(chat).text


def test_a_call_by_video_says_how_it_comes_about(app: Flask, now: datetime) -> None:
    with app.app_context():
        peer_id = add_peer(now, about={"formats": ["video"]})
        pair = add_pair(now, peer_id=peer_id)
    member = signed_in(app, pair.member_id, now)
    check = member.get(f"/book/{pair.walk_id}/check?starts_at=2026-03-03T15:00Z").text
    assert ("Neither of you has said yet how to be reached." in check, 'name="place"' in check) == (True, False)
    form = {"starts_at": "2026-03-03T15:00Z", "way": "video"}
    chat = member.post(f"/book/{pair.walk_id}", data=form).location
    page = member.get(chat).text
    assert "You two agree how to call. Maya has not said yet how to be reached." in page
    assert 'href="/account/reach"' in page
    with app.app_context():
        set_reach(peer_id, "maya@call.example", now=now)
    assert "You two agree how to call: write to Maya before." in member.get(chat).text
    assert "Neither of you" not in member.get(f"/book/{pair.walk_id}/check?starts_at=2026-03-03T15:00Z").text
