"""Whose pages these are: strangers get 404, others 403, and looking never acts."""

from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from portal.domain.account import Role
from portal.domain.booking import BookingState
from tests.booking_cast import TUESDAY_ELEVEN, TUESDAY_TEN, Pair, booking_row, signed_in
from tests.services.outbox import add_person
from tests.web.test_booking.part import form_for


def paths(pair: Pair, booking_id: int) -> list[tuple[str, str]]:
    check = f"/book/{pair.walk_id}/check?starts_at=2026-03-03T16:00Z"
    gets = [
        f"/book/{pair.walk_id}",
        check,
        *(f"/chat/{booking_id}{end}" for end in ("", "/move", "/cancel", "/not-made", "/invite.ics")),
        f"/chat/{booking_id}/move/check?starts_at=2026-03-03T16:00Z",
    ]
    posts = [
        f"/book/{pair.walk_id}",
        *(f"/chat/{booking_id}/{deed}" for deed in ("move", "cancel", "undo", "not-made")),
    ]
    return [("GET", path) for path in gets] + [("POST", path) for path in posts]


def statuses(client: FlaskClient, pair: Pair, booking_id: int) -> set[int]:
    form = form_for(TUESDAY_ELEVEN, revision="0")
    return {
        client.open(path, method=method, data=form if method == "POST" else None).status_code
        for method, path in paths(pair, booking_id)
    }


def test_a_stranger_finds_nothing(stranger: FlaskClient, pair: Pair, booking_id: int) -> None:
    assert statuses(stranger, pair, booking_id) == {404}


def test_coordinators_have_no_business_here(app: Flask, pair: Pair, booking_id: int, now: datetime) -> None:
    with app.app_context():
        coordinator = add_person("Cora", now, Role.COORDINATOR)
    assert statuses(signed_in(app, coordinator, now), pair, booking_id) == {403}


def test_nobody_in_particular_is_sent_to_sign_in(client: FlaskClient, pair: Pair, booking_id: int) -> None:
    assert statuses(client, pair, booking_id) == {303}
    assert "/sign-in" in client.get(f"/chat/{booking_id}").location


def test_looking_never_acts(app: Flask, member: FlaskClient, pair: Pair, booking_id: int) -> None:
    for method, path in paths(pair, booking_id):
        if method == "GET":
            member.get(path)
    with app.app_context():
        booking = booking_row(booking_id)
    assert (booking.state, booking.starts_at, booking.revision) == (BookingState.BOOKED, TUESDAY_TEN, 0)
